package org.tcpconform.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tcpconform.run.CaseResult;
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
        folder.write(ResultsFolder.RESULTS, out -> ResultsJson.write(run, out));
        try {
            Files.deleteIfExists(folder.journal());
        } catch (IOException e) {
            throw ReportException.writing(folder.journal(), e);
        }
        return derived(run, folder, strict, new ArrayList<>());
    }

    /**
     * Writes JUnit, ladders and the Allure report of an earlier run again; of a run that was cut short also
     * {@code results.json}.
     *
     * @param dir the run's folder
     */
    public static Written again(Path dir, boolean strict) {
        ResultsFolder folder = ResultsFolder.open(dir);
        if (Files.isRegularFile(folder.resultsJson())) {
            return derived(ResultsJson.read(folder.resultsJson()), folder, strict, new ArrayList<>());
        }
        RunResult run = Journal.read(folder.journal());
        folder.write(ResultsFolder.RESULTS, out -> ResultsJson.write(run, out));
        List<String> warnings = new ArrayList<>();
        warnings.add(run.aborted());
        return derived(run, folder, strict, warnings);
    }

    private static Written derived(RunResult run, ResultsFolder folder, boolean strict, List<String> warnings) {
        folder.write(ResultsFolder.JUNIT, out -> JUnitXml.write(run, strict, out));
        for (CaseResult c : run.cases()) {
            if (!c.steps().isEmpty()) {
                String name = ResultsFolder.LADDERS + "/" + ResultsFolder.safeName(c.id()) + ".svg";
                folder.write(name, out -> out.write(Ladder.svg(c).getBytes(StandardCharsets.UTF_8)));
            }
        }
        AllureReporter.complete(folder, run);
        Path html = AllureHtml.generate(folder.allureResults(), folder.allureReport(), title(run));
        folder.link().ifPresent(warnings::add);

        Map<String, Path> files = new LinkedHashMap<>();
        files.put("report", html);
        files.put("results", folder.resultsJson());
        files.put("JUnit", folder.junitXml());
        files.put("captures", folder.captures());
        return new Written(files, List.copyOf(warnings));
    }

    private static String title(RunResult run) {
        return "TCP conformance of " + run.target().name() + ", suite " + run.suite();
    }
}
