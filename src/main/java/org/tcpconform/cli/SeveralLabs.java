package org.tcpconform.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.tcpconform.lab.LabCatalogue;
import org.tcpconform.lab.LabException;
import org.tcpconform.lab.LabRegistry;
import org.tcpconform.lab.Rootless;
import org.tcpconform.report.ReportException;
import org.tcpconform.report.Reports;
import org.tcpconform.report.ResultsFolder;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Verdict;

/**
 * {@code run} of several labs: one after the other, each in a process of its own, so that one that does not start, or
 * whose run goes wrong in whatever way, costs the others nothing.
 */
final class SeveralLabs {
    /** Longer than the runs themselves take to write what there is after a signal. */
    private static final int SECONDS_TO_FINISH = 60;

    /** Options that each run gets with values of its own. */
    private static final List<String> OWN_OPTIONS = List.of("--lab", "--out");

    private final List<String> names;
    private final Path named;
    private volatile Process running;
    private volatile boolean interrupted;

    private record Ended(String lab, Path folder, int code) {}

    private SeveralLabs(List<String> names, Path named) {
        this.names = names;
        this.named = named;
    }

    /**
     * The labs that the options name.
     *
     * @throws UsageException if an option says what can be said of one target only
     * @throws org.tcpconform.lab.LabFileException if there is no lab of a name
     * @throws ReportException if the results of one could not be written where they are to be
     */
    static SeveralLabs of(RunSettings settings) {
        LabCatalogue catalogue = new LabCatalogue(Tool.tools());
        LabRegistry up = new LabRegistry();
        List<String> known = catalogue.names();
        List<String> names = settings.labs(known);
        names.stream()
                .filter(name -> !known.contains(name) && up.find(name).isEmpty())
                .forEach(catalogue::find);
        Path named = settings.out().orElse(null);
        if (named == null) {
            ResultsFolder.check(null, Tool.results());
        } else {
            names.forEach(name -> ResultsFolder.check(named.resolve(name), named));
        }
        return new SeveralLabs(names, named);
    }

    /** Runs all and prints a table; the worst of their exit codes. */
    ExitCode run(Arguments arguments, PrintStream out) {
        Path parent = named == null ? ResultsFolder.createForSeveral(Tool.results(), "labs") : named;
        List<Ended> ended = new ArrayList<>();
        Thread hook = new Thread(this::interrupt, "interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            for (Iterator<String> rest = names.iterator(); rest.hasNext() && !interrupted; ) {
                String lab = rest.next();
                out.printf("%n==== lab %s, %d of %d%n%n", lab, ended.size() + 1, names.size());
                out.flush();
                Path folder = parent.resolve(lab);
                ended.add(new Ended(lab, folder, start(arguments.raw(), lab, folder)));
            }
        } finally {
            RunCommand.removeHook(hook);
        }
        out.printf("%n==== %d of %d labs%n%n", ended.size(), names.size());
        table(ended).forEach(out::println);
        out.println("results     " + parent);
        return ExitCode.worst(ended.stream().map(e -> ExitCode.of(e.code())).toList());
    }

    /** Runs one to its end and gives its exit code. */
    private int start(String[] raw, String lab, Path folder) {
        List<String> own = new ArrayList<>();
        for (Iterator<String> words = List.of(raw).iterator(); words.hasNext(); ) {
            String word = words.next();
            if (OWN_OPTIONS.contains(word)) {
                words.next();
            } else if (OWN_OPTIONS.stream().noneMatch(option -> word.startsWith(option + "="))) {
                own.add(word);
            }
        }
        own.addAll(List.of("--lab", lab, "--out", folder.toString()));
        // whatever happens to this process, the run ends in order and leaves its results
        List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "TERM", "--"));
        command.addAll(Rootless.ownCommandLine(raw, own));
        try {
            running = new ProcessBuilder(command).inheritIO().start();
            return running.waitFor();
        } catch (IOException e) {
            throw new LabException("setpriv cannot be run; tools/setup installs it (" + e.getMessage() + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            interrupt();
            return ExitCode.ENVIRONMENT.code();
        }
    }

    /** Ends the run that goes on and waits until it has written what there is; no other begins. */
    private void interrupt() {
        interrupted = true;
        Process last = running;
        if (last != null) {
            last.destroy();
            try {
                last.waitFor(SECONDS_TO_FINISH, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static List<String> table(List<Ended> ended) {
        int width = ended.stream().mapToInt(e -> e.lab().length()).max().orElse(0);
        String form = "%-" + Math.max(3, width) + "s %6s %7s %7s %9s %13s %15s %6s  %s";
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                form,
                "lab",
                "cases",
                "passed",
                "failed",
                "expected",
                "inconclusive",
                "not applicable",
                "error",
                "exit code"));
        for (Ended e : ended) {
            lines.add(String.format(Locale.ROOT, form, row(e)));
        }
        return lines;
    }

    /** The figures of a run; "expected" counts what did not pass and need not have. */
    private static Object[] row(Ended e) {
        Object[] row = {e.lab(), "-", "-", "-", "-", "-", "-", "-", e.code() + " " + meaning(e.code())};
        if (Files.isDirectory(e.folder())) {
            try {
                RunResult run = Reports.read(e.folder());
                Map<Verdict, Integer> counts = run.counts();
                row[1] = run.cases().size();
                row[2] = counts.get(Verdict.PASS);
                row[3] = counts.get(Verdict.FAIL);
                row[4] = run.cases().stream().filter(c -> c.expected()).count();
                row[5] = counts.get(Verdict.INCONCLUSIVE);
                row[6] = counts.get(Verdict.NOT_APPLICABLE);
                row[7] = counts.get(Verdict.ERROR);
            } catch (ReportException none) {
                row[8] += "; " + none.getMessage();
            }
        }
        return row;
    }

    private static String meaning(int code) {
        ExitCode known = ExitCode.of(code);
        return known.code() == code ? known.meaning() : "ended by a signal, or a fault";
    }
}
