package org.tcpconform.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.Conformance;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Verdict;

/**
 * A run as far as a matrix needs it; what is not needed, most of all the steps of the cases, is let go, since several runs
 * would not fit into memory.
 *
 * @param folder where the evidence is
 * @param target what heads the column
 * @param requirements by id, in the order of the catalogue
 * @param cases by id
 * @param details by id of the case
 */
record MatrixColumn(
        ResultsFolder folder,
        Matrix.Target target,
        Map<String, Entry> requirements,
        Map<String, Entry> cases,
        Map<String, Detail> details) {

    /** A row with the cell of this column alone. */
    record Entry(
            String id,
            int rfc,
            String section,
            String level,
            String text,
            String family,
            List<String> related,
            Matrix.Cell cell) {
        Matrix.Row row(boolean differs, List<Matrix.Cell> cells) {
            return new Matrix.Row(id, rfc, section, level, text, family, related, differs, cells);
        }
    }

    /**
     * What is shown of a case when its cell is opened.
     *
     * @param text the whole finding; may be empty
     * @param remarks what was observed where the rule leaves a choice
     * @param reason why the outcome was expected; empty where it was not
     * @param page the case's place in the Allure report, relative to the folder
     */
    record Detail(String text, List<String> remarks, String reason, String page) {}

    /**
     * Reads a run.
     *
     * @param name what to call the target; null for the name that the run has
     * @param matrix folder that links are relative to
     * @throws ReportException if the folder is none of a run, or its results are damaged or were altered
     */
    static MatrixColumn read(Path dir, Path matrix) {
        ResultsFolder folder = Reports.unaltered(dir, ResultsFolder.RESULTS::equals);
        RunResult run = Reports.read(folder);
        Compliance compliance = Compliance.of(run, Reports.expectedDeviations(run), folder);
        Map<String, Entry> requirements = new LinkedHashMap<>();
        compliance.requirements().forEach(r -> requirements.put(r.id(), requirement(r)));
        Map<String, Entry> cases = new LinkedHashMap<>();
        Map<String, Detail> details = new LinkedHashMap<>();
        for (CaseResult c : run.cases()) {
            cases.put(c.id(), entry(c, folder));
            details.put(
                    c.id(),
                    new Detail(
                            c.verdict() == Verdict.PASS ? "" : Text.finding(c),
                            c.remarks(),
                            c.expected() ? c.expectation().reason() : "",
                            AllureHtml.path(c)));
        }
        return new MatrixColumn(folder, target(run, compliance, link(matrix, folder)), requirements, cases, details);
    }

    /** The same under another name. */
    MatrixColumn named(String name) {
        Matrix.Target t = target;
        return new MatrixColumn(
                folder,
                new Matrix.Target(
                        name,
                        t.description(),
                        t.folder(),
                        t.tool(),
                        t.suite(),
                        t.seed(),
                        t.started(),
                        t.aborted(),
                        t.profile(),
                        t.features(),
                        t.verdicts(),
                        t.levels()),
                requirements,
                cases,
                details);
    }

    private static Matrix.Target target(RunResult run, Compliance compliance, String link) {
        return new Matrix.Target(
                run.target().name(),
                Text.orEmpty(run.target().description()),
                link,
                run.tool(),
                Text.orEmpty(run.suite()),
                run.seed(),
                compliance.run().started(),
                run.aborted(),
                compliance.profile() == null ? null : compliance.profile().name(),
                run.conformance().features().stream()
                        .collect(Collectors.toMap(
                                Conformance.FeatureFound::name,
                                f -> Text.orEmpty(f.presence()),
                                (a, b) -> a,
                                LinkedHashMap::new)),
                compliance.summary().verdicts(),
                compliance.summary().byLevel());
    }

    private static Entry requirement(Compliance.Line r) {
        return new Entry(
                r.id(),
                r.rfc(),
                r.section(),
                r.label(),
                r.text(),
                null,
                r.cases().stream().map(Compliance.CaseLine::id).toList(),
                new Matrix.Cell(
                        r.outcome().name(),
                        null,
                        r.expected(),
                        r.finding(),
                        r.decidingCase(),
                        r.capture(),
                        r.ladder()));
    }

    private static Entry entry(CaseResult c, ResultsFolder folder) {
        boolean passed = c.verdict() == Verdict.PASS;
        return new Entry(
                c.id(),
                c.rfc(),
                c.section(),
                c.level().label(c.keyword()),
                c.title(),
                c.family(),
                c.requirements(),
                new Matrix.Cell(
                        c.verdict().name(),
                        passed ? null : Text.failure(c).code(),
                        c.expected(),
                        passed ? "" : Text.failure(c).summary(),
                        null,
                        folder.capture(c).orElse(null),
                        folder.ladder(c).orElse(null)));
    }

    /** The way from a folder to a results folder, as a link. */
    private static String link(Path from, ResultsFolder to) {
        Path way = real(from).relativize(real(to.root()));
        String text = way.toString().isEmpty() ? "." : way.toString();
        return Text.link(text);
    }

    /** Where a folder really is, if it was named by a link such as {@code latest}. */
    static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw ReportException.reading(folder, e);
        }
    }

    /** Gives columns names that differ: to those that share one, the name of their folder is added, else a number. */
    static List<MatrixColumn> distinct(List<MatrixColumn> columns) {
        Map<String, Long> shared =
                columns.stream().collect(Collectors.groupingBy(c -> c.target().name(), Collectors.counting()));
        Function<MatrixColumn, String> name = c -> shared.get(c.target().name()) == 1
                ? c.target().name()
                : c.target().name() + " (" + real(c.folder().root()).getFileName() + ")";
        Map<String, Integer> used = new LinkedHashMap<>();
        return columns.stream()
                .map(c -> {
                    int n = used.merge(name.apply(c), 1, Integer::sum);
                    return c.named(name.apply(c) + (n == 1 ? "" : " " + n));
                })
                .toList();
    }
}
