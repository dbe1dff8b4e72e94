package org.tcpconform.cli;

import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.commons.cli.Options;
import org.tcpconform.lab.Lab;
import org.tcpconform.lab.LabCatalogue;
import org.tcpconform.lab.LabDescriptor;
import org.tcpconform.lab.LabException;
import org.tcpconform.lab.LabFileException;
import org.tcpconform.lab.LabOptions;
import org.tcpconform.lab.LabRecord;
import org.tcpconform.lab.LabRegistry;
import org.tcpconform.lab.NetworkNamespace;
import org.tcpconform.lab.Rootless;
import org.tcpconform.report.AllureReporter;
import org.tcpconform.report.ConsoleReporter;
import org.tcpconform.report.GitHubActions;
import org.tcpconform.report.Journal;
import org.tcpconform.report.ReportException;
import org.tcpconform.report.Reports;
import org.tcpconform.report.ResultsFolder;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.run.CaseDescriptor;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.Conformance;
import org.tcpconform.run.Expectations;
import org.tcpconform.run.ExpectationsException;
import org.tcpconform.run.Gate;
import org.tcpconform.run.Preflight;
import org.tcpconform.run.Prober;
import org.tcpconform.run.Requirements;
import org.tcpconform.run.Revival;
import org.tcpconform.run.RunListener;
import org.tcpconform.run.RunResult;
import org.tcpconform.run.Runner;
import org.tcpconform.target.AddressException;
import org.tcpconform.target.Approach;
import org.tcpconform.target.EnvironmentException;
import org.tcpconform.target.Target;
import org.tcpconform.verdict.Verdict;
import org.tcpconform.wire.LinkException;

/** {@code run}: judges a target. */
final class RunCommand implements Command {
    private static final int SECONDS_TO_FINISH = 30;

    @Override
    public String name() {
        return "run";
    }

    @Override
    public String summary() {
        return "judge a target and write the reports";
    }

    @Override
    public String arguments() {
        return "[--target ADDRESS | --lab NAME] [option]…";
    }

    @Override
    public Options options() {
        return RunOption.options(RunOption.ALL);
    }

    @Override
    public List<String[]> examples() {
        return List.of(
                new String[] {"tcpconform run", "judge this machine's own Linux in a lab"},
                new String[] {
                    "tcpconform run --target 192.0.2.10 --interface eth1 --open-port 80", "judge a device on eth1"
                },
                new String[] {"tcpconform run --suite handshake --match 'HP-*' --ipv4", "some cases only"},
                new String[] {"tcpconform run --init > board.yaml", "begin a target file"},
                new String[] {"tcpconform run --config board.yaml --strict", "gate on SHOULD as well"},
                new String[] {"tcpconform run --resume out", "go on with a run that was cut short"},
                new String[] {"tcpconform run --lab all --out out", "all labs, each into a folder of its own"});
    }

    @Override
    public String notes() {
        StringBuilder out = new StringBuilder("Exit codes:\n");
        for (ExitCode code : ExitCode.values()) {
            out.append("  ")
                    .append(code.code())
                    .append("  ")
                    .append(code.meaning())
                    .append('\n');
        }
        return out.append("Of several labs the worst counts, in the order 5, 3, 2, 1, 4, 0.\n")
                .toString();
    }

    @Override
    public ExitCode execute(Arguments arguments, PrintStream out) {
        arguments.atMost(0);
        arguments.alone("init");
        if (arguments.has("init")) {
            out.print(RunOption.template());
            return ExitCode.PASSED;
        }
        RunSettings settings = new RunSettings(arguments, RunOption.ALL);
        settings.requireSelected();
        check(settings);
        List<CaseDescriptor> cases = settings.permittedCases();
        Known known = known(settings);
        if (arguments.has("dry-run") && settings.resumed().isPresent()) {
            throw new UsageException("--dry-run and --resume exclude each other: give one");
        }
        if (arguments.has("dry-run")) {
            DryRun.tell(settings, cases, out);
            return ExitCode.PASSED;
        }
        if (settings.lab().isEmpty()) {
            settings.targetAddresses();
        }
        if (settings.asksForSeveralLabs()) {
            return SeveralLabs.of(settings).run(arguments, out);
        }
        settings.sources();
        if (settings.resumed().isPresent()) {
            Optional<ExitCode> over = Resumption.over(settings, out);
            if (over.isPresent()) {
                return over.get();
            }
        } else {
            ResultsFolder.check(settings.out().orElse(null), Tool.results());
        }
        return withTarget(
                settings,
                arguments,
                out,
                (request, name, description, ports, endurance) ->
                        judge(settings, cases, known, request, name, description, ports, endurance, out));
    }

    /** What is done with a target that is there. */
    interface Use {
        ExitCode of(
                Approach.Request request,
                String name,
                String description,
                Map<Stimulus, Integer> ports,
                Endurance endurance);
    }

    /** Uses the target that the options name; a lab is started before and ended afterwards. */
    static ExitCode withTarget(RunSettings settings, Arguments arguments, PrintStream out, Use use) {
        return settings.lab().isPresent() ? inLab(settings, arguments, out, use) : onTarget(settings, use);
    }

    /** What is known not to pass, and the ids of all cases, to hold that against. */
    private record Known(Expectations expectations, Set<String> ids) {
        Expectations of(String name, String description) {
            try {
                return expectations.of(name, description, ids);
            } catch (ExpectationsException e) {
                throw new UsageException(e.getMessage());
            }
        }
    }

    private static Known known(RunSettings settings) {
        List<Path> files = settings.expectations();
        if (files.isEmpty()) {
            return new Known(Expectations.NONE, Set.of());
        }
        try {
            Expectations read =
                    Expectations.read(files, settings.strictExpectations().orElse("true".equals(System.getenv("CI"))));
            Set<String> some = settings.caseIds(false);
            Set<String> ids = read.areAllAmong(some) ? some : settings.caseIds(true);
            return new Known(read.checked(ids, LocalDate.now()), ids);
        } catch (ExpectationsException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /** Looks at all values before anything is started; asks nobody, so not at names. */
    static void check(RunSettings settings) {
        settings.ports();
        settings.sourceMode();
        settings.jobs();
        settings.impairment();
        settings.isnSamples();
        settings.rate();
        settings.permissions();
        settings.maxConnections();
        settings.seed();
        settings.vlan();
        settings.features();
        settings.profile();
        settings.out();
    }

    private static ExitCode inLab(RunSettings settings, Arguments arguments, PrintStream out, Use use) {
        String name = settings.lab().orElseThrow();
        Optional<LabRecord> up = new LabRegistry().find(name);
        // before anything is made or started: a name that does not exist is noticed here
        LabDescriptor descriptor = up.isPresent() ? null : new LabCatalogue(Tool.tools()).find(name);
        LabOptions options = LabOptions.defaults().withProgress(out::println);
        if (descriptor != null) {
            Lab.prepare(descriptor, options);
        }
        if (Rootless.needed()) {
            int code = up.isPresent()
                    ? Rootless.reexecInto(up.get().pid(), arguments.raw())
                    : Rootless.reexec(arguments.raw());
            // only where this process could not be replaced
            return code == ExitCode.ENVIRONMENT.code() ? ExitCode.ENVIRONMENT : ExitCode.HARNESS_FAULT;
        }
        if (up.isPresent()) {
            NetworkNamespace.enter(up.get().pid());
        } else {
            NetworkNamespace.enterFresh();
        }
        try (Lab lab = up.isPresent() ? Lab.join(up.get()) : Lab.start(descriptor, options)) {
            Map<Stimulus, Integer> ports = new EnumMap<>(Stimulus.class);
            lab.services().forEach((service, port) -> Stimulus.named(service).ifPresent(s -> ports.put(s, port)));
            ports.put(Stimulus.OPEN_PORT, lab.services().values().iterator().next());
            ports.put(Stimulus.CLOSED_PORT, lab.closedPort());
            ports.putAll(settings.ports());
            List<InetAddress> addresses = lab.targetAddresses().stream()
                    .filter(a -> settings.families().contains(org.tcpconform.requirement.Family.of(a)))
                    .toList();
            List<InetAddress> sources = settings.sources().isEmpty() ? lab.sourceAddresses() : settings.sources();
            return use.of(
                    settings.approach(addresses, lab.interfaceName(), sources, lab.lockstep()),
                    settings.name().orElse(name),
                    settings.description().orElse(lab.description()),
                    ports,
                    new Endurance(
                            settings.maxConnections().orElse(lab.maxConnections()),
                            settings.restartCommand().orElse(lab.canRestart() ? lab::restart : null)));
        }
    }

    private static ExitCode onTarget(RunSettings settings, Use use) {
        String name = settings.name().orElse(settings.target().orElseThrow());
        return use.of(
                settings.approach(),
                name,
                settings.description().orElse(""),
                settings.ports(),
                new Endurance(
                        settings.maxConnections().orElse(0),
                        settings.restartCommand().orElse(null)));
    }

    /**
     * The target as it was found to be.
     *
     * @param preflight what was looked at before
     * @param found what it was seen to do
     * @param target the target with its features and rule set
     * @param possible the cases over versions of IP that it has; at least one
     */
    record Subject(Preflight preflight, Prober.Found found, Target target, List<CaseDescriptor> possible) {
        /** @throws Stop if there is no case for it */
        static Subject of(
                RunSettings settings,
                List<CaseDescriptor> cases,
                Approach approach,
                long seed,
                String name,
                String description,
                Map<Stimulus, Integer> ports) {
            Preflight preflight = new Preflight(approach.station(), seed).onPlainLink(settings.isOnPlainLink());
            Target checked =
                    preflight.check(Target.at(name, description, approach.routes(), ports, settings.features()));
            Prober.Found found = new Prober(approach.station(), checked, seed).probe();
            Target target =
                    checked.withFeatures(found.presence(), settings.profile().orElse(found.profile()));
            List<CaseDescriptor> possible = cases.stream()
                    .filter(c -> target.families().contains(c.family()))
                    .toList();
            if (possible.isEmpty()) {
                throw new Stop(
                        ExitCode.NOTHING_SELECTED,
                        "none of the selected cases is over a version of IP that the target has");
            }
            return new Subject(preflight, found, target, possible);
        }
    }

    /**
     * What the target bears.
     *
     * @param connections at once; 0 where that is to be tried
     * @param revival brings it back where it no longer answers; null where nothing does
     */
    record Endurance(int connections, Revival revival) {
        /** A case may have a second connection. */
        private static final int PER_CASE = 2;

        /** How many cases may run side by side, of those wanted. */
        int jobs(int wanted, Preflight preflight, Target target) {
            int bears = connections > 0 ? connections : preflight.connections(target, wanted);
            // where none was borne the trial says nothing
            return bears == 0 || connections == 0 && bears == wanted
                    ? wanted
                    : Math.min(wanted, Math.max(1, bears / PER_CASE));
        }
    }

    private ExitCode judge(
            RunSettings settings,
            List<CaseDescriptor> cases,
            Known known,
            Approach.Request request,
            String name,
            String description,
            Map<Stimulus, Integer> ports,
            Endurance endurance,
            PrintStream out) {
        Expectations expectations = known.of(name, description);
        long started = System.nanoTime();
        long startedMillis = System.currentTimeMillis();
        long seed = settings.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong(1_000_000_000));
        Optional<RunResult> earlier = settings.earlier();
        try (Approach approach = Approach.open(request, seed, Resumption.usedPorts(earlier))) {
            Subject subject = Subject.of(settings, cases, approach, seed, name, description, ports);
            Preflight preflight = subject.preflight();
            Target target = subject.target();
            Prober.Found found = subject.found();
            List<CaseDescriptor> possible = subject.possible();
            int bearable = preflight.jobs(settings.jobs());
            int jobs = endurance.jobs(bearable, preflight, target);
            RunResult.Target identity = RunFacts.identity(target);
            Conformance.ProfileFound profile = new Conformance.ProfileFound(
                    target.profile().name(), settings.profile().isPresent(), found.probes());
            List<Conformance.FeatureFound> features = RunFacts.features(target, found);
            earlier.ifPresent(before -> Resumption.sameTarget(before, identity, profile, features));
            // only now: a target that cannot be judged costs nobody the results of an earlier run
            Journal.Opened opened = earlier.map(
                            before -> Journal.reopen(settings.resumed().orElseThrow(), Tool.results(), before))
                    .orElseGet(() -> Journal.open(settings.out()
                            .map(ResultsFolder::use)
                            .orElseGet(() -> ResultsFolder.create(Tool.results(), name))));
            ResultsFolder folder = opened.folder();
            AllureReporter allure = new AllureReporter(folder).install();
            System.setProperty(
                    "allure.results.directory", folder.allureResults().toString());
            try (Journal journal = opened.journal();
                    ConsoleReporter console = console(out)) {
                RunListener listener = expectations.marking(RunListener.all(List.of(console, journal, allure)));
                Runner runner = new Runner(
                                approach.station(), target, seed, jobs, folder.captures(), folder.root(), listener)
                        .isnSamples(settings.isnSamples())
                        .reviving(endurance.revival());
                CountDownLatch done = new CountDownLatch(1);
                Thread hook = new Thread(() -> interrupted(runner::abort, done), "interrupted");
                Runtime.getRuntime().addShutdownHook(hook);
                try {
                    if (earlier.isEmpty()) {
                        folder.writeOptions(settings.toKeep(seed));
                    }
                    listener.started(
                            new RunListener.RunPlan(
                                    Tool.identity(),
                                    identity,
                                    settings.suiteName(),
                                    seed,
                                    jobs,
                                    profile,
                                    features,
                                    expectations.summary()),
                            possible.size());
                    if (folder.replacesEarlier()) {
                        listener.noted("results of an earlier run in " + folder + " are replaced");
                    }
                    if (!settings.leftOut().isEmpty()) {
                        listener.noted("left out: " + DryRun.leftOut(settings));
                    }
                    if (bearable < settings.jobs()) {
                        listener.noted("the network is too slow for " + settings.jobs() + " cases side by side: "
                                + bearable + " run instead");
                    }
                    if (jobs < bearable) {
                        listener.noted("the target does not bear " + bearable + " cases side by side: " + jobs
                                + " run instead");
                    }
                    List<CaseResult> taken = runner.takeOver(
                            possible, earlier.map(RunResult::cases).orElse(List.of()));
                    if (earlier.isPresent()) {
                        listener.takenOver(taken);
                    }
                    List<CaseResult> results =
                            runner
                                    .run(settings.suiteName(), possible, settings.wholeRunCases(target.families()))
                                    .stream()
                                    .map(expectations::mark)
                                    .toList();
                    RunResult run = new RunResult(
                            RunResult.SCHEMA,
                            Tool.identity(),
                            identity,
                            settings.suiteName(),
                            seed,
                            jobs,
                            earlier.map(RunResult::startedMillis).orElse(startedMillis),
                            earlier.map(RunResult::durationMs).orElse(0.0) + (System.nanoTime() - started) / 1e6,
                            RunFacts.environment(
                                    approach, target, runner.restarts(), settings.impairment(), earlier, taken),
                            preflight.checks(),
                            runner.aborted(),
                            new Conformance(profile, features, Requirements.judge(results)),
                            results,
                            expectations.summary());
                    listener.finished(run);
                    Optional<String> unwritten = Reports.writeExpectations(expectations.next(name, results), folder);
                    Reports.Written written = Reports.writeAll(run, folder, settings.strict());
                    unwritten.ifPresent(written.warnings()::add);
                    Stream.of(journal.trouble(), allure.trouble())
                            .flatMap(Optional::stream)
                            .forEach(trouble -> written.warnings().add(trouble.getMessage()));
                    if (run.aborted() != null) {
                        written.warnings().add(goesOn(folder));
                    }
                    new GitHubActions(System.getenv())
                            .tell(run, settings.strict(), out)
                            .ifPresent(written.warnings()::add);
                    console.written(written);
                    return code(run, settings.strict());
                } catch (ReportException e) {
                    throw new Stop(code(e), e.getMessage() + kept(folder));
                } finally {
                    done.countDown();
                    removeHook(hook);
                }
            }
        }
    }

    private static String goesOn(ResultsFolder folder) {
        return "`tcpconform run --resume " + folder.root() + "` goes on where this run ended";
    }

    /** Where the verdicts of a run are whose reports could not be written. */
    private static String kept(ResultsFolder folder) {
        String again = "; `tcpconform report " + folder.root() + "` makes the reports from them, and " + goesOn(folder);
        if (Files.isRegularFile(folder.resultsJson())) {
            return ". The verdicts are kept in " + folder.resultsJson() + again;
        }
        try {
            int verdicts = Journal.read(folder.journal()).cases().size();
            return ". The verdicts so far (" + verdicts + ") are kept in " + folder.journal() + again;
        } catch (ReportException e) {
            return "";
        }
    }

    static void interrupted(Consumer<String> abort, CountDownLatch done) {
        abort.accept("interrupted by a signal");
        try {
            // the main thread writes what there is
            done.await(SECONDS_TO_FINISH, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is going down already
        }
    }

    private static ConsoleReporter console(PrintStream out) {
        boolean terminal = !"dumb".equals(System.getenv("TERM")) && Main.isTerminal();
        return new ConsoleReporter(out, terminal, Main.columns(), System::nanoTime);
    }

    static ExitCode code(RunResult run, boolean strict) {
        if (run.cases().stream().anyMatch(c -> c.verdict() == Verdict.ERROR)) {
            return ExitCode.HARNESS_FAULT;
        }
        if (run.aborted() != null) {
            return ExitCode.ENVIRONMENT;
        }
        return Gate.of(run, strict).red(run.cases()).isEmpty() ? ExitCode.PASSED : ExitCode.FAILED;
    }

    /** What the rooms below throw, as exit codes. */
    static ExitCode code(RuntimeException e) {
        if (e instanceof Stop stop) {
            return stop.code();
        }
        if (e instanceof ReportException full && full.isDiskFull()) {
            return ExitCode.ENVIRONMENT;
        }
        if (e instanceof UsageException
                || e instanceof ReportException
                || e instanceof LabFileException
                || e instanceof AddressException) {
            return ExitCode.USAGE;
        }
        if (e instanceof EnvironmentException || e instanceof LinkException || e instanceof LabException) {
            return ExitCode.ENVIRONMENT;
        }
        return ExitCode.HARNESS_FAULT;
    }
}
