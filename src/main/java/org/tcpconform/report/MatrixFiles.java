package org.tcpconform.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tcpconform.verdict.Outcome;

/** {@code matrix.json}, {@code matrix.csv} and {@code matrix.md}. */
final class MatrixFiles {
    private static final String NOT_RUN = "";

    private MatrixFiles() {}

    static void json(Matrix matrix, OutputStream out) throws IOException {
        ComplianceFiles.PRETTY.writeValue(out, matrix);
    }

    /** One line for each requirement and each case (RFC 4180): what it is, its outcomes, its findings. */
    static void csv(Matrix matrix, OutputStream out) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        List<String> names = matrix.targets().stream().map(Matrix.Target::name).toList();
        ComplianceFiles.line(
                writer,
                Stream.of(
                                Stream.of("kind", "id", "rfc", "section", "level", "text", "differs"),
                                names.stream(),
                                names.stream().map(name -> name + ": finding"))
                        .flatMap(part -> part));
        lines(writer, "requirement", matrix.requirements());
        lines(writer, "case", matrix.cases());
        writer.flush();
    }

    private static void lines(Writer writer, String kind, List<Matrix.Row> rows) throws IOException {
        for (Matrix.Row r : rows) {
            ComplianceFiles.line(
                    writer,
                    Stream.of(
                                    Stream.of(
                                            kind,
                                            r.id(),
                                            Integer.toString(r.rfc()),
                                            r.section(),
                                            r.level(),
                                            r.text(),
                                            Boolean.toString(r.differs())),
                                    r.cells().stream().map(c -> c == null ? NOT_RUN : c.outcome()),
                                    r.cells().stream().map(c -> c == null ? NOT_RUN : c.finding()))
                            .flatMap(part -> part));
        }
    }

    /** The shares by level, and the requirements that a target breaks, for a page or a comment. */
    static String markdown(Matrix matrix) {
        List<Matrix.Target> targets = matrix.targets();
        List<String> levels = matrix.targets().stream()
                .flatMap(t -> t.levels().stream())
                .map(Compliance.Tally::name)
                .filter(level -> !Compliance.isOption(level))
                .distinct()
                .toList();
        StringBuilder out = new StringBuilder("# State of TCP conformance\n\n");
        out.append("Made ")
                .append(matrix.made(), 0, 10)
                .append(" by ")
                .append(Summary.text(matrix.tool().name() + " " + matrix.tool().version()))
                .append(". Kept requirements of those that were judged, by how much they bind.\n\n");
        row(out, Stream.concat(Stream.of("target", "suite", "run"), levels.stream()));
        row(out, Stream.concat(Stream.of("---", "---", "---"), levels.stream().map(l -> "---:")));
        for (Matrix.Target t : targets) {
            row(
                    out,
                    Stream.concat(
                            Stream.of(
                                    Summary.text(t.name())
                                            + (t.description().isEmpty() ? "" : ": " + Summary.text(t.description())),
                                    Summary.text(t.suite()),
                                    t.started().substring(0, 10) + (t.aborted() == null ? "" : " (ended early)")),
                            levels.stream()
                                    .map(level -> t.levels().stream()
                                            .filter(tally -> tally.name().equals(level))
                                            .map(tally -> Matrix.Share.of(tally).words())
                                            .findFirst()
                                            .orElse(""))));
        }
        List<Matrix.Row> broken =
                matrix.requirements().stream().filter(Matrix.Row::broken).toList();
        out.append("\n## Requirements that a target breaks\n\n");
        if (broken.isEmpty()) {
            return out.append("None was seen broken.\n").toString();
        }
        row(
                out,
                Stream.concat(
                        Stream.of("requirement", "level", "text"),
                        targets.stream().map(t -> Summary.text(t.name()))));
        row(out, Stream.generate(() -> "---").limit(3L + targets.size()));
        for (Matrix.Row r : broken) {
            row(
                    out,
                    Stream.concat(
                            Stream.of(Summary.text(r.id()), r.level(), Summary.text(r.text())),
                            r.cells().stream().map(MatrixFiles::word)));
        }
        return out.toString();
    }

    /** The outcome as a word, strong where it is a FAIL. */
    private static String word(Matrix.Cell cell) {
        if (cell == null) {
            return NOT_RUN;
        }
        String word = Outcome.valueOf(cell.outcome()).word();
        return cell.outcome().equals(Outcome.FAIL.name()) ? "**" + word + "**" : word;
    }

    private static void row(StringBuilder out, Stream<String> cells) {
        out.append(cells.map(cell -> Objects.requireNonNullElse(cell, ""))
                        .collect(Collectors.joining(" | ", "| ", " |")))
                .append('\n');
    }
}
