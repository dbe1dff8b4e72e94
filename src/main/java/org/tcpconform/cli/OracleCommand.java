package org.tcpconform.cli;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.commons.cli.Options;
import org.tcpconform.report.OracleReport;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.run.CaseDescriptor;
import org.tcpconform.run.ExpectationsException;
import org.tcpconform.run.Oracle;
import org.tcpconform.run.OracleResult;
import org.tcpconform.run.Survivors;
import org.tcpconform.target.Approach;
import org.tcpconform.target.Target;
import org.tcpconform.verdict.Verdict;

/** {@code oracle}: proves that the cases fail when they should. */
final class OracleCommand implements Command {
    /** How many attempts run side by side where nobody says: they do little but wait. */
    private static final int JOBS = 64;
    /** Decides all random choices where nobody says. */
    private static final long SEED = 1;

    private static final int SECONDS_BETWEEN_LINES = 10;
    /** So many survivors are told on the console; the report has all. */
    private static final int MOST_TOLD = 20;

    private static final List<RunOption> OPTIONS = options(List.of(
            RunOption.line("jobs", "N", "attempts side by side, 1 to 512 (default: " + JOBS + ")"),
            RunOption.line("seed", "N", "decides all random choices, and the sample (default: " + SEED + ")"),
            RunOption.line("lab", "NAME", "a ready-made target (default without --target: linux)"),
            RunOption.line("sample", "N", "only so many mutants, drawn by the seed"),
            RunOption.line(
                    "open", null, "try also what the templates leave open, and tell what is judged all the same"),
            RunOption.line(
                    "survivors",
                    "FILE",
                    "mutants that rightly go unnoticed, and why (default: suites/oracle-survivors.yaml; none: no file)"),
            RunOption.line("out", "DIR", "folder for oracle.html, oracle.json and captures (default: oracle)")));

    private static List<RunOption> options(List<RunOption> own) {
        List<RunOption> all = new ArrayList<>(own);
        all.addAll(RunOption.of("oracle"));
        return List.copyOf(all);
    }

    @Override
    public String name() {
        return "oracle";
    }

    @Override
    public String summary() {
        return "prove that the cases fail when they should: change what they receive, and let none pass";
    }

    @Override
    public String arguments() {
        return "[--match GLOB] [--lab NAME] [option]…";
    }

    @Override
    public Options options() {
        return RunOption.options(OPTIONS);
    }

    @Override
    public List<String[]> examples() {
        return List.of(
                new String[] {"tcpconform oracle --suite smoke", "all mutants of suite smoke, in the lab"},
                new String[] {"tcpconform oracle --match 'HP-*' --open", "and what these leave open"},
                new String[] {"tcpconform oracle --sample 500 --seed 7", "some mutants of as many cases"});
    }

    @Override
    public String notes() {
        return "Exit code 0 if every mutant that contradicts a MUST was noticed, 99 % of all, and each survivor has a\n"
                + "reason in the file of survivors; 1 if not.\n";
    }

    @Override
    public ExitCode execute(Arguments arguments, PrintStream out) {
        arguments.atMost(0);
        RunSettings settings = new RunSettings(arguments, OPTIONS);
        settings.requireSelected();
        List<CaseDescriptor> cases = settings.permittedCases();
        if (settings.asksForSeveralLabs()) {
            throw new UsageException("oracle takes one lab, not several");
        }
        RunCommand.check(settings);
        settings.sample();
        Survivors survivors = survivors(settings);
        Path folder = settings.out().orElse(Path.of("oracle"));
        OracleReport.check(folder);
        return RunCommand.withTarget(
                settings,
                arguments,
                out,
                (request, name, description, ports, endurance) ->
                        prove(settings, cases, survivors, folder, request, name, description, ports, endurance, out));
    }

    private static Survivors survivors(RunSettings settings) {
        Path usual = Tool.suites().resolve("oracle-survivors.yaml");
        String named = settings.survivors().orElse(Files.isRegularFile(usual) ? usual.toString() : "none");
        try {
            return named.equals("none") ? Survivors.NONE : Survivors.read(Path.of(named));
        } catch (ExpectationsException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static ExitCode prove(
            RunSettings settings,
            List<CaseDescriptor> cases,
            Survivors survivors,
            Path folder,
            Approach.Request request,
            String name,
            String description,
            Map<Stimulus, Integer> ports,
            RunCommand.Endurance endurance,
            PrintStream out) {
        long startedMillis = System.currentTimeMillis();
        long started = System.nanoTime();
        long seed = settings.seed().orElse(SEED);
        try (Approach approach = Approach.open(request, seed)) {
            RunCommand.Subject subject =
                    RunCommand.Subject.of(settings, cases, approach, seed, name, description, ports);
            Target target = subject.target();
            List<CaseDescriptor> possible = subject.possible();
            int jobs = endurance.jobs(settings.jobs(JOBS), subject.preflight(), target);
            OracleReport.use(folder);
            Oracle oracle = new Oracle(
                    approach.station(), target, seed, jobs, settings.sample(), settings.open(), folder, survivors);
            out.println(Tool.identity().name() + " " + Tool.identity().version() + ": oracle of " + possible.size()
                    + " cases of suite " + settings.suiteName() + " against " + name + ", " + jobs + " jobs, seed "
                    + seed);
            CountDownLatch done = new CountDownLatch(1);
            Thread hook = new Thread(() -> RunCommand.interrupted(oracle::abort, done), "interrupted");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                List<OracleResult.Trial> trials = watched(oracle, possible, out);
                OracleResult result = OracleResult.of(
                        Tool.identity(),
                        RunFacts.identity(target),
                        settings.suiteName(),
                        seed,
                        settings.sample(),
                        startedMillis,
                        (System.nanoTime() - started) / 1e6,
                        oracle.aborted(),
                        trials,
                        survivors.needless(trials));
                tell(result, out);
                OracleReport.write(result, folder).forEach((what, path) -> out.printf("%-11s %s%n", what, path));
                return oracle.aborted() != null
                        ? ExitCode.ENVIRONMENT
                        : result.proven() ? ExitCode.PASSED : ExitCode.FAILED;
            } finally {
                done.countDown();
                RunCommand.removeHook(hook);
            }
        }
    }

    private static List<OracleResult.Trial> watched(Oracle oracle, List<CaseDescriptor> cases, PrintStream out) {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(r -> {
            Thread thread = new Thread(r, "progress");
            thread.setDaemon(true);
            return thread;
        });
        clock.scheduleAtFixedRate(
                () -> out.println(words(oracle.progress())),
                SECONDS_BETWEEN_LINES,
                SECONDS_BETWEEN_LINES,
                TimeUnit.SECONDS);
        try {
            return oracle.run(cases);
        } finally {
            clock.shutdownNow();
        }
    }

    private static String words(Oracle.Progress p) {
        return "  " + p.recorded() + " cases recorded, " + p.tried() + " of " + p.planned() + " mutants tried, "
                + p.survived() + " survived";
    }

    private static void tell(OracleResult result, PrintStream out) {
        int told = 0;
        for (OracleResult.Trial c : result.cases()) {
            for (OracleResult.Survivor s : c.survivors()) {
                if (s.reason() == null && told++ < MOST_TOLD) {
                    out.println("SURVIVED  " + c.id() + "  point " + s.point() + ": " + s.mutant() + "  [" + s.verdict()
                            + "] " + s.finding());
                }
            }
        }
        if (told > MOST_TOLD) {
            out.println("          and " + (told - MOST_TOLD) + " more");
        }
        result.needless().forEach(line -> out.println("needless in the file of survivors: " + line));
        out.printf(
                Locale.ROOT,
                "%d mutants, %d killed (%.2f %%), %d survived, of them %d without a reason; %d cases not tried; %.0f s%n",
                result.mutants(),
                result.killed(),
                result.mutants() == 0 ? 0 : 100.0 * result.killed() / result.mutants(),
                result.mutants() - result.killed(),
                result.unjustified(),
                result.cases().stream().filter(c -> c.notTried() != null).count(),
                result.durationMs() / 1_000);
        result.levels()
                .forEach((level, tally) -> out.println("  " + level + ": " + tally.killed() + " of " + tally.mutants()
                        + " killed" + byVerdict(tally)));
    }

    /** By which verdicts, with the share of those that make no run fail. */
    private static String byVerdict(OracleResult.Tally tally) {
        return tally.verdicts().entrySet().stream()
                .filter(e -> OracleResult.isKill(e.getKey()) && e.getValue() > 0)
                .map(e -> e.getKey() + " " + e.getValue()
                        + (e.getKey() == Verdict.FAIL
                                ? ""
                                : String.format(Locale.ROOT, " (%.1f %%)", 100.0 * e.getValue() / tally.mutants())))
                .reduce((a, b) -> a + ", " + b)
                .map(": "::concat)
                .orElse("");
    }
}
