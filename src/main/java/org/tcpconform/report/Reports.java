package org.tcpconform.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.tcpconform.run.RunResult;

/** Writes all files of a run, and writes them again from what an earlier run left. */
public final class Reports {
    private Reports() {}

    /**
     * What was written.
     *
     * @param files paths by what they are, in the order to show them
     * @param warnings what could not be done, though the reports are whole without it
     */
    public record Written(Map<String, Path> files, List<String> warnings) {}

    /**
     * Writes everything: first what a machine needs to know the verdicts, last what takes longest.
     *
     * @param strict whether a FAIL of SHOULD makes the run fail
     * @throws ReportException at the first file that cannot be written; those before it are whole, and the verdicts are
     *     at least in the journal
     */
    public static Written writeAll(RunResult run, ResultsFolder folder, boolean strict) {
        writeResults(run, folder);
        return derived(run, folder, strict, null, AllureReporter::complete);
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
        return Changes.between(earlier.toString(), read(ResultsFolder.open(earlier)), read(ResultsFolder.open(dir)));
    }

    private static RunResult read(ResultsFolder folder) {
        return Files.isRegularFile(folder.resultsJson())
                ? ResultsJson.read(folder.resultsJson())
                : Journal.read(folder.journal());
    }

    /**
     * Writes the results, which replace the journal. Where the disk is full, what can be made again from the results gives
     * way to them.
     */
    private static void writeResults(RunResult run, ResultsFolder folder) {
        try {
            folder.write(ResultsFolder.RESULTS, out -> ResultsJson.write(run, out));
        } catch (ReportException full) {
            ResultsFolder.delete(folder.allureResults());
            folder.write(ResultsFolder.RESULTS, out -> ResultsJson.write(run, out));
        }
        try {
            Files.deleteIfExists(folder.journal());
        } catch (IOException e) {
            throw ReportException.writing(folder.journal(), e);
        }
    }

    /** All reports of an earlier run again, compared with no other. */
    public static Written again(Path dir, boolean strict) {
        return again(dir, strict, null);
    }

    /**
     * Writes JUnit, the summary, ladders and the Allure report of an earlier run again; of a run that was cut short also
     * {@code results.json}.
     *
     * @param dir the run's folder
     * @param changes what the summary says that changed since another run; null for nothing
     */
    public static Written again(Path dir, boolean strict, Changes changes) {
        ResultsFolder folder = ResultsFolder.open(dir);
        RunResult run = read(folder);
        if (!Files.isRegularFile(folder.resultsJson())) {
            writeResults(run, folder);
        }
        Written written = derived(run, folder, strict, changes, AllureReporter::rewrite);
        if (run.aborted() != null) {
            written.warnings().add(0, run.aborted());
        }
        return written;
    }

    private static Written derived(
            RunResult run,
            ResultsFolder folder,
            boolean strict,
            Changes changes,
            BiConsumer<ResultsFolder, RunResult> allureResults) {
        folder.write(ResultsFolder.JUNIT, out -> JUnitXml.write(run, strict, out));
        String summary = Summary.of(run, strict, changes);
        folder.write(ResultsFolder.SUMMARY, out -> out.write(summary.getBytes(StandardCharsets.UTF_8)));
        allureResults.accept(folder, run);
        Path html = AllureHtml.generate(folder.allureResults(), folder.allureReport(), title(run));
        List<String> warnings = new ArrayList<>();
        folder.link().ifPresent(warnings::add);

        Map<String, Path> files = new LinkedHashMap<>();
        files.put("report", html);
        files.put("results", folder.resultsJson());
        files.put("JUnit", folder.junitXml());
        files.put("summary", folder.summary());
        if (Files.isRegularFile(folder.expectations())) {
            files.put("expected", folder.expectations());
        }
        files.put("captures", folder.captures());
        return new Written(files, warnings);
    }

    private static String title(RunResult run) {
        return "TCP conformance of " + run.target().name() + ", suite " + run.suite();
    }
}
