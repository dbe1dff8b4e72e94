package org.tcpconform.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Verdict;

/** Writes all files of a run, and writes them again from what an earlier run left. */
public final class Reports {
    private static final int PROBLEMS_SHOWN = 5;
    private static final String HTML = ".html";

    private Reports() {}

    /**
     * What was written.
     *
     * @param files paths by what they are, in the order to show them
     * @param warnings what could not be done, though the reports are whole without it
     * @param seal hash of {@code SHA256SUMS}, by which its own alteration is noticed; empty where there is none
     */
    public record Written(Map<String, Path> files, List<String> warnings, String seal) {}

    /**
     * Writes everything: first what a machine needs to know the verdicts, last what takes longest.
     *
     * @param strict whether a FAIL of SHOULD makes the run fail
     * @throws ReportException at the first file that cannot be written; those before it are whole, and the verdicts are
     *     at least in the journal
     */
    public static Written writeAll(RunResult run, ResultsFolder folder, boolean strict) {
        writeResults(run, folder);
        return sealed(derived(run, folder, strict, null, AllureReporter::complete), folder);
    }

    /** Writes the expectations that follow from a run; says in a sentence why they could not be, for they can wait. */
    public static Optional<String> writeExpectations(String text, ResultsFolder folder) {
        try {
            folder.write(ResultsFolder.EXPECTATIONS, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
            return Optional.empty();
        } catch (ReportException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * What changed from an earlier run to another.
     *
     * @param earlier folder of the earlier run
     * @param dir folder of the other
     */
    public static Changes changes(Path earlier, Path dir) {
        return Changes.between(earlier.toString(), read(earlier), read(dir));
    }

    /**
     * The run of a folder, as far as it came.
     *
     * @param dir the folder
     * @throws ReportException if it is none of a run, or its results are damaged
     */
    public static RunResult read(Path dir) {
        return read(ResultsFolder.open(dir));
    }

    /**
     * As {@link #read(Path)}, of a run that can be gone on with.
     *
     * @throws ReportException also if it has not ended, or its evidence is not as it was left
     */
    public static RunResult readEnded(Path dir) {
        ResultsFolder folder = unaltered(dir, Reports::isEvidence);
        Journal.refuseHeld(folder.root());
        return read(folder);
    }

    private static boolean isEvidence(String name) {
        return name.equals(ResultsFolder.RESULTS) || name.startsWith(ResultsFolder.CAPTURES + "/");
    }

    static RunResult read(ResultsFolder folder) {
        return Files.isRegularFile(folder.resultsJson())
                ? ResultsJson.read(folder.resultsJson())
                : Journal.read(folder.journal());
    }

    /** Writes the sums, after all else. */
    private static Written sealed(Written written, ResultsFolder folder) {
        Map<String, Path> files = new LinkedHashMap<>(written.files());
        String seal = Sums.write(folder);
        files.put("sums", folder.sums());
        return new Written(files, written.warnings(), seal);
    }

    /**
     * Puts runs beside each other: the page, and JSON, CSV and Markdown beside it under the same name.
     *
     * @param dirs folders of runs, one for each column; one that is named twice is one column
     * @param page the file to write, which ends in {@code .html}
     * @param tool this tool
     * @return what was written, by what it is
     * @throws ReportException if a folder is none of a run, or its results are damaged or altered, or a file cannot be
     *     written
     */
    public static Map<String, Path> compare(List<Path> dirs, Path page, RunResult.Tool tool) {
        String file = page.getFileName().toString();
        if (!file.endsWith(HTML) || file.equals(HTML) || Files.isDirectory(page)) {
            throw ReportException.of(page, "is no name of a page", "name a file such as matrix.html with --out");
        }
        Path folder = page.toAbsolutePath().getParent();
        if (ResultsFolder.holdsRun(folder)) {
            throw ReportException.of(
                    page,
                    "would be among the files of a run, which its sums would not bear",
                    "choose another place with --out");
        }
        ResultsFolder.makeFolder(folder);
        List<MatrixColumn> columns = MatrixColumn.distinct(dirs.stream()
                .collect(Collectors.toMap(MatrixColumn::real, dir -> dir, (a, b) -> a, LinkedHashMap::new))
                .values()
                .stream()
                .map(dir -> MatrixColumn.read(dir, folder))
                .toList());
        Matrix matrix =
                Matrix.of(tool, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), columns);
        Path stem = page.resolveSibling(file.substring(0, file.length() - HTML.length()));
        Map<String, Path> files = new LinkedHashMap<>();
        String html = MatrixHtml.page(matrix, columns);
        files.put("matrix", page);
        ResultsFolder.writeWhole(page, out -> out.write(html.getBytes(StandardCharsets.UTF_8)));
        files.put("JSON", beside(stem, ".json", out -> MatrixFiles.json(matrix, out)));
        files.put("CSV", beside(stem, ".csv", out -> MatrixFiles.csv(matrix, out)));
        files.put(
                "Markdown",
                beside(
                        stem,
                        ".md",
                        out -> out.write(MatrixFiles.markdown(matrix).getBytes(StandardCharsets.UTF_8))));
        return files;
    }

    private static Path beside(Path stem, String ending, ResultsFolder.Content content) {
        Path file = stem.resolveSibling(stem.getFileName() + ending);
        ResultsFolder.writeWhole(file, content);
        return file;
    }

    /**
     * Compares what is in the folder of a run with its {@code SHA256SUMS}.
     *
     * @throws ReportException if it has none
     */
    public static Sums.Checked check(Path dir) {
        return Sums.check(ResultsFolder.existing(dir));
    }

    /**
     * Writes the results, which replace the journal. Where the disk is full, what can be made again from the results gives
     * way to them.
     */
    private static void writeResults(RunResult run, ResultsFolder folder) {
        try {
            folder.write(ResultsFolder.RESULTS, out -> ResultsJson.write(run, out));
        } catch (ReportException full) {
            ResultsFolder.discard(folder.root(), List.of(ResultsFolder.ALLURE_RESULTS));
            folder.write(ResultsFolder.RESULTS, out -> ResultsJson.write(run, out));
        }
        try {
            Files.deleteIfExists(folder.journal());
        } catch (IOException e) {
            throw ReportException.writing(folder.journal(), e);
        }
    }

    /** All reports of an earlier run again, but not the PDF. */
    public static Written again(Path dir, boolean strict) {
        return again(dir, strict, false, null);
    }

    /**
     * Writes all reports of an earlier run again from its evidence, which is {@code results.json} and the captures; of a
     * run that was cut short also {@code results.json}. The sums are written anew where the old ones show the evidence
     * unaltered; where there were none they are not, since nobody could say what they are worth.
     *
     * @param dir the run's folder
     * @param pdf whether to print {@code compliance.pdf} as well
     * @param changes what the summary says that changed since another run; null for nothing
     * @throws ReportException if the evidence is not as the run left it, or a file cannot be read or written
     */
    public static Written again(Path dir, boolean strict, boolean pdf, Changes changes) {
        ResultsFolder folder = unaltered(dir, Reports::isEvidence);
        boolean wasSealed = Sums.areIn(folder);
        boolean whole = Files.isRegularFile(folder.resultsJson());
        RunResult run = read(folder);
        if (!whole) {
            writeResults(run, folder);
        }
        if (pdf) {
            ResultsFolder.delete(folder.root().resolve(ResultsFolder.COMPLIANCE_PDF));
        }
        Written written = derived(run, folder, strict, changes, AllureReporter::rewrite);
        if (run.aborted() != null) {
            written.warnings().add(0, run.aborted());
        }
        if (pdf) {
            written.files().put("PDF", Pdf.print(compliance(run, folder), folder));
        }
        if (whole && !wasSealed) {
            written.warnings()
                    .add("the run left no " + ResultsFolder.SUMS
                            + ", so nothing vouches for its evidence and none is written now");
            return written;
        }
        return sealed(written, folder);
    }

    /**
     * The folder of a run whose evidence is as the run left it, or that has nothing to tell by.
     *
     * @param evidence which of its files that are, by path relative to the folder
     */
    static ResultsFolder unaltered(Path dir, Predicate<String> evidence) {
        ResultsFolder folder = ResultsFolder.existing(dir);
        if (Sums.areIn(folder)) {
            List<String> problems = Sums.check(folder, evidence).problems();
            if (!problems.isEmpty()) {
                throw ReportException.of(
                        folder.root(),
                        "the evidence is not as the run left it: "
                                + problems.stream().limit(PROBLEMS_SHOWN).collect(Collectors.joining(", "))
                                + (problems.size() > PROBLEMS_SHOWN
                                        ? " and " + (problems.size() - PROBLEMS_SHOWN) + " more"
                                        : ""),
                        "no report is made of it; see all with tcpconform report --check " + folder.root());
            }
        }
        return ResultsFolder.open(dir);
    }

    private static Compliance compliance(RunResult run, ResultsFolder folder) {
        return Compliance.of(run, expectedDeviations(run), folder);
    }

    /** The failures that were expected, with the reasons. */
    static List<Compliance.Deviation> expectedDeviations(RunResult run) {
        return run.cases().stream()
                .filter(c -> c.verdict() == Verdict.FAIL && c.expected())
                .map(c -> new Compliance.Deviation(
                        c.id(), c.expectation().reason(), c.expectation().reference()))
                .toList();
    }

    private static Written derived(
            RunResult run,
            ResultsFolder folder,
            boolean strict,
            Changes changes,
            BiConsumer<ResultsFolder, RunResult> allureResults) {
        List<String> warnings = new ArrayList<>();
        folder.write(ResultsFolder.JUNIT, out -> JUnitXml.write(run, strict, out));
        String summary = Summary.of(run, strict, changes);
        folder.write(ResultsFolder.SUMMARY, out -> out.write(summary.getBytes(StandardCharsets.UTF_8)));
        allureResults.accept(folder, run);
        compliance(run, folder, warnings);
        Path html = AllureHtml.generate(folder.allureResults(), folder.allureReport(), title(run));
        folder.link().ifPresent(warnings::add);

        Map<String, Path> files = new LinkedHashMap<>();
        files.put("compliance", folder.root().resolve(ResultsFolder.COMPLIANCE_HTML));
        files.put("report", html);
        files.put("results", folder.resultsJson());
        files.put("JUnit", folder.junitXml());
        files.put("summary", folder.summary());
        if (Files.isRegularFile(folder.expectations())) {
            files.put("expected", folder.expectations());
        }
        files.put("captures", folder.captures());
        return new Written(files, warnings, "");
    }

    /** Writes the compliance report; a print of an earlier page that has since become another is no longer one of it. */
    private static void compliance(RunResult run, ResultsFolder folder, List<String> warnings) {
        Compliance compliance = compliance(run, folder);
        Path pdf = folder.root().resolve(ResultsFolder.COMPLIANCE_PDF);
        try {
            Path page = folder.root().resolve(ResultsFolder.COMPLIANCE_HTML);
            byte[] html = ComplianceHtml.page(compliance, false).getBytes(StandardCharsets.UTF_8);
            if (Files.exists(pdf) && !(Files.exists(page) && Arrays.equals(html, Files.readAllBytes(page)))) {
                Files.delete(pdf);
                warnings.add(
                        ResultsFolder.COMPLIANCE_PDF + " was of an earlier page and is gone; --pdf prints it anew");
            }
            folder.write(ResultsFolder.COMPLIANCE_HTML, out -> out.write(html));
        } catch (IOException e) {
            throw ReportException.writing(pdf, e);
        }
        folder.write(ResultsFolder.COMPLIANCE_JSON, out -> ComplianceFiles.json(compliance, out));
        folder.write(ResultsFolder.COMPLIANCE_CSV, out -> ComplianceFiles.csv(compliance, out));
    }

    private static String title(RunResult run) {
        return Text.legal("TCP conformance of " + run.target().name() + ", suite " + run.suite());
    }
}
