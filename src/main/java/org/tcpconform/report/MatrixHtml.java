package org.tcpconform.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.zip.GZIPOutputStream;
import org.tcpconform.verdict.Verdict;

/**
 * {@code matrix.html}: the matrix as one page. What the tables show is the document of {@code matrix.json}. What opens
 * behind a cell lies in the page too, in packets that are unpacked when they are looked at: findings of all cases, and the
 * ladders of those that some target did not pass, as far as the page stays handy.
 */
final class MatrixHtml {
    /** Size of a packet before it is packed, in characters: unpacked within a few milliseconds. */
    private static final int PACKET = 400_000;
    /** All ladders before they are packed, in octets; about a tenth of it in the page. */
    private static final long MOST_LADDERS = 40_000_000;

    private static final JsonMapper COMPACT = ResultsJson.MAPPER
            .rebuild()
            .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, null))
            .build();

    private static final List<String> NOT_PASSED =
            List.of(Verdict.FAIL.name(), Verdict.INCONCLUSIVE.name(), Verdict.ERROR.name());

    private final Matrix matrix;
    private final List<MatrixColumn> columns;

    private MatrixHtml(Matrix matrix, List<MatrixColumn> columns) {
        this.matrix = matrix;
        this.columns = columns;
    }

    /** The page of a matrix that was made of these columns. */
    static String page(Matrix matrix, List<MatrixColumn> columns) {
        return new MatrixHtml(matrix, columns).page();
    }

    /** What is shown of a cell when it is opened; names are short since there are thousands. */
    private record Opened(
            String code,
            String finding,
            String text,
            List<String> remarks,
            String reason,
            String decidingCase,
            String capture,
            String ladder,
            String svg,
            String page) {}

    private String page() {
        Map<String, Object> model = new LinkedHashMap<>();
        ResultsJson.MAPPER
                .convertValue(matrix, new TypeReference<Map<String, Object>>() {})
                .forEach((key, value) -> model.put(key, HtmlPage.legal(value)));
        Packets packets = new Packets();
        Map<String, Integer> packetOf = new LinkedHashMap<>();
        matrix.requirements().forEach(r -> packetOf.put(r.id(), packets.add(r.id(), opened(r))));
        Set<String> drawn = drawn();
        matrix.cases().forEach(r -> packetOf.put(r.id(), packets.add(r.id(), opened(r, drawn))));
        model.put("packetOf", packetOf);
        model.put("packets", packets.finish());
        model.put("shares", shares());
        model.put(
                "groups",
                Map.of("requirements", groups(matrix.requirements(), false), "cases", groups(matrix.cases(), true)));
        model.put(
                "rfcs",
                matrix.requirements().stream().map(Matrix.Row::rfc).distinct().toList());
        model.put("letters", letters());
        model.put(
                "options",
                matrix.meanings().levels().keySet().stream()
                        .filter(Compliance::isOption)
                        .toList());
        return HtmlPage.render(
                "matrix.html.ftl",
                model,
                HtmlPage.resource("compliance.css") + HtmlPage.resource("matrix.css"),
                HtmlPage.resource("matrix.js"));
    }

    /** For each target, by level, what it kept of what was judged. */
    private List<Map<String, Object>> shares() {
        return matrix.targets().stream()
                .map(t -> {
                    Map<String, Object> byLevel = new LinkedHashMap<>();
                    t.levels().forEach(tally -> {
                        Matrix.Share share = Matrix.Share.of(tally);
                        byLevel.put(
                                tally.name(),
                                Map.of(
                                        "passed", share.passed(),
                                        "judged", share.judged(),
                                        "known",
                                                Map.of(
                                                        "name", tally.name(),
                                                        "total", share.known().total(),
                                                        "outcomes",
                                                                share.known().outcomes())));
                    });
                    return byLevel;
                })
                .toList();
    }

    /** What stands in a cell, by outcome or verdict. */
    private static Map<String, String> letters() {
        Map<String, String> letters = new LinkedHashMap<>();
        HtmlPage.LETTERS.forEach((outcome, letter) -> letters.put(outcome.name(), letter));
        letters.put(Verdict.ERROR.name(), "E");
        return letters;
    }

    /** Headings of the rows, by the index of the first row below each. */
    private static Map<String, String> groups(List<Matrix.Row> rows, boolean bySection) {
        Map<String, String> headings = new LinkedHashMap<>();
        String before = "";
        for (int i = 0; i < rows.size(); i++) {
            Matrix.Row r = rows.get(i);
            String heading = bySection
                    ? "RFC " + r.rfc() + ", " + Sections.named(r.rfc(), r.section())
                    : "RFC " + r.rfc() + " " + Sections.title(r.rfc());
            if (!heading.equals(before)) {
                headings.put(Integer.toString(i), Text.legal(heading.strip()));
                before = heading;
            }
        }
        return headings;
    }

    private List<Opened> opened(Matrix.Row requirement) {
        return requirement.cells().stream()
                .map(c -> c == null
                        ? null
                        : new Opened(null, c.finding(), null, null, null, c.decidingCase(), null, null, null, null))
                .toList();
    }

    private List<Opened> opened(Matrix.Row row, Set<String> drawn) {
        List<Opened> all = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Matrix.Cell c = row.cells().get(i);
            MatrixColumn column = columns.get(i);
            if (c == null) {
                all.add(null);
                continue;
            }
            MatrixColumn.Detail d = column.details().get(row.id());
            all.add(new Opened(
                    c.code(),
                    c.finding(),
                    d.text(),
                    d.remarks(),
                    d.reason(),
                    null,
                    c.capture() == null ? null : Text.link(c.capture()),
                    c.ladder() == null ? null : Text.link(c.ladder()),
                    drawn.contains(key(row, i)) ? svg(column.folder().root().resolve(c.ladder())) : null,
                    d.page()));
        }
        return all;
    }

    private static String key(Matrix.Row row, int column) {
        return column + " " + row.id();
    }

    /** The cells whose ladders are in the page: first of what did not pass, then of what passed beside it. */
    private Set<String> drawn() {
        Set<String> drawn = new HashSet<>();
        long[] left = {MOST_LADDERS};
        List<BiPredicate<Matrix.Row, Matrix.Cell>> turns =
                List.of((row, cell) -> NOT_PASSED.contains(cell.outcome()), (row, cell) -> row.has(NOT_PASSED));
        turns.forEach(turn -> matrix.cases().forEach(row -> {
            for (int i = 0; i < columns.size(); i++) {
                Matrix.Cell cell = row.cells().get(i);
                if (cell != null && cell.ladder() != null && turn.test(row, cell) && !drawn.contains(key(row, i))) {
                    long size = columns.get(i)
                            .folder()
                            .root()
                            .resolve(cell.ladder())
                            .toFile()
                            .length();
                    if (size <= left[0]) {
                        left[0] -= size;
                        drawn.add(key(row, i));
                    }
                }
            }
        }));
        return drawn;
    }

    private static String svg(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw ReportException.reading(file, e);
        }
    }

    /** Packs what opens behind cells: JSON objects of some rows each, by gzip and base64. */
    private static final class Packets {
        private final List<String> done = new ArrayList<>();
        private final StringBuilder open = new StringBuilder();

        /** Adds a row; the number of the packet that it is in. */
        int add(String id, List<Opened> cells) {
            Object legal = HtmlPage.legal(COMPACT.convertValue(cells, new TypeReference<List<Object>>() {}));
            try {
                open.append(open.isEmpty() ? "{" : ",")
                        .append(COMPACT.writeValueAsString(id))
                        .append(':')
                        .append(COMPACT.writeValueAsString(legal));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
            int number = done.size();
            if (open.length() >= PACKET) {
                close();
            }
            return number;
        }

        List<String> finish() {
            if (!open.isEmpty()) {
                close();
            }
            return done;
        }

        private void close() {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(open.append('}').toString().getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            done.add(Base64.getEncoder().encodeToString(packed.toByteArray()));
            open.setLength(0);
        }
    }
}
