package org.tcpconform.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunListener;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Series;

/**
 * Reports of invented cases, to be looked at by a person: {@code Gallery pictures DIR} draws ladders and plots,
 * {@code Gallery report DIR [CASES]} makes a whole results folder and says what that took.
 */
public final class Gallery {
    private Gallery() {}

    public static void main(String[] args) throws IOException {
        Path dir = Files.createDirectories(Path.of(args[1]));
        switch (args[0]) {
            case "pictures" -> pictures(dir);
            case "report" -> report(dir, args.length > 2 ? Integer.parseInt(args[2]) : 0);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void pictures(Path dir) throws IOException {
        List<CaseResult> cases = Samples.mixture();
        cases.add(Samples.hostile("XX-01-v4"));
        for (CaseResult c : cases) {
            Files.writeString(dir.resolve(c.id() + ".svg"), Ladder.svg(c));
            for (Series s : c.series()) {
                Files.writeString(dir.resolve(c.id() + "-" + ResultsFolder.safeName(s.name()) + ".svg"), Plot.svg(s));
            }
        }
    }

    private static void report(Path dir, int size) throws IOException {
        List<CaseResult> cases = size > 0 ? Samples.run(size).cases() : Samples.mixture();
        if (size == 0) {
            cases.add(Samples.hostile("XX-01-v4"));
        }
        RunResult run = Samples.run(cases);
        ResultsFolder folder = ResultsFolder.create(dir, "linux");
        ConsoleReporter console = new ConsoleReporter(System.out, false, 100, System::nanoTime);
        AllureReporter allure = new AllureReporter(folder).install();
        Journal journal = new Journal(folder);
        RunListener listeners = RunListener.all(List.of(journal, allure));
        listeners.started(Samples.plan(), cases.size());
        for (CaseResult c : cases) {
            if (c.capture() != null) {
                Files.write(folder.root().resolve(c.capture()), new byte[900]);
            }
        }
        long start = System.nanoTime();
        PlayedCases.run(cases, listeners);
        journal.close();
        long played = System.nanoTime();
        Reports.Written written = Reports.writeAll(run, folder, false);
        long done = System.nanoTime();
        if (size == 0) {
            console.finished(run);
        }
        console.written(written);
        long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                .mapToLong((MemoryPoolMXBean pool) -> pool.getPeakUsage().getUsed())
                .sum();
        System.out.printf(
                "%d cases: %d ms while running, %d ms for all reports, page %.1f MB, peak of memory %d MB%n",
                cases.size(),
                (played - start) / 1_000_000,
                (done - played) / 1_000_000,
                Files.size(written.files().get("report")) / 1e6,
                peak >> 20);
    }
}
