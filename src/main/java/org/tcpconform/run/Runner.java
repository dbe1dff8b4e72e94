package org.tcpconform.run;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.Network;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.Surroundings;
import org.tcpconform.peer.Tampering;
import org.tcpconform.peer.WholeRun;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.FrameRule;
import org.tcpconform.target.Target;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.FailureCode;
import org.tcpconform.verdict.Verdict;
import org.tcpconform.wire.CaptureFile;
import org.tcpconform.wire.Station;
import org.testng.IAnnotationTransformer;
import org.testng.IHookCallBack;
import org.testng.IHookable;
import org.testng.IMethodInstance;
import org.testng.IMethodInterceptor;
import org.testng.ISuite;
import org.testng.ISuiteListener;
import org.testng.ITestContext;
import org.testng.ITestNGListener;
import org.testng.ITestNGMethod;
import org.testng.ITestResult;
import org.testng.SkipException;
import org.testng.TestNG;
import org.testng.annotations.DataProvider;
import org.testng.annotations.ITestAnnotation;
import org.testng.xml.XmlClass;
import org.testng.xml.XmlInclude;
import org.testng.xml.XmlSuite;
import org.testng.xml.XmlTest;

/**
 * Turns chosen cases into verdicts, through TestNG: side by side as far as they do not disturb each other, a failure
 * confirmed on fresh connections, a dead target noticed.
 */
public final class Runner {
    private static final Logger LOG = LoggerFactory.getLogger(Runner.class);
    /** How often a case is tried at the most on a quiet network; once more for the cases of the whole run. */
    public static final int MOST_ATTEMPTS = Decision.ATTEMPTS_WITH_UNJUDGED + 1;

    /** How many times a case's budget is sent there at the most, all attempts and what is sent again together. */
    public static final int MORE_ON_BAD_NETWORK = (Decision.MOST + 1) * Peer.TRIES;

    /** A case that takes so long does little but wait. */
    public static final int LONG_SECONDS = 25;

    private static final int LONGEST_QUEUEING_SECONDS = 5;
    /** Failure codes of cases that the end of a run, or of the target, kept from a verdict of their own. */
    private static final Set<String> UNREACHED = Set.of("run-ended", "target-gone", "link-down", "disturbed");

    private static final String SUITE_ATTRIBUTE = "tcpconform.runner";

    private final Station station;
    private final Target target;
    private final long seed;
    private final int jobs;
    private final Evidence evidence;
    private final RunListener listener;
    private final Map<Family, Surroundings> surroundings = new LinkedHashMap<>();
    private final Canary canary;
    private Lifeline lifeline;
    private final Collection<CaseResult> results = new ConcurrentLinkedQueue<>();
    private final AtomicReference<String> aborted = new AtomicReference<>();
    private final Map<Method, List<CaseDescriptor>> chosen = new LinkedHashMap<>();
    /** Cases of the whole run that nobody has chosen: they run where their rule was seen broken. */
    private final Set<CaseDescriptor> standby = new HashSet<>();

    /** Counts the methods of long cases whose rows are not queued yet. */
    private CountDownLatch longOnes;

    private final Map<Peer, Prepared> prepared = new IdentityHashMap<>();
    private final AttemptGuard guard;

    private record Prepared(CaseDescriptor descriptor, CaseLog log) {}

    /**
     * @param station we on the link
     * @param target what is judged
     * @param seed decides all random choices
     * @param jobs how many cases run side by side
     * @param captures folder for the captures; null for none
     * @param resultsRoot folder that capture names are relative to; null where captures is
     * @param listener hears what happens
     */
    public Runner(
            Station station,
            Target target,
            long seed,
            int jobs,
            Path captures,
            Path resultsRoot,
            RunListener listener) {
        this.station = station;
        this.target = target;
        this.seed = seed;
        this.jobs = jobs;
        this.guard = new AttemptGuard(station, jobs);
        this.evidence = new Evidence(resultsRoot, captures, station.layer(), this::abort);
        this.listener = listener;
        Network network = new Network(target.timing());
        target.families().forEach(f -> surroundings.put(f, new Surroundings(station, target, f, network)));
        this.canary = new Canary(surroundings, seed);
        this.lifeline = lifeline(null);
    }

    private Lifeline lifeline(Revival revival) {
        return new Lifeline(canary, station, revival, jobs, listener::noted, this::abort);
    }

    /** Has the target brought back where a case ends it; without this the run ends there. To be called before the run. */
    public Runner reviving(Revival revival) {
        lifeline = lifeline(revival);
        return this;
    }

    /** How often the target was brought back. */
    public int restarts() {
        return lifeline.restarts();
    }

    /**
     * Takes over what an earlier part of the same run has found: of the cases given, those that have a verdict and whose
     * capture is there will not run again. What holds over the whole run is judged again, by both parts. To be called
     * before the run, which gives their results as well.
     *
     * @return the results that were taken over
     */
    public List<CaseResult> takeOver(List<CaseDescriptor> cases, List<CaseResult> earlier) {
        Map<String, CaseResult> byId = new HashMap<>();
        earlier.forEach(result -> byId.put(result.id(), result));
        List<CaseResult> taken = cases.stream()
                .filter(c -> !c.annotation().wholeRun() && byId.containsKey(c.id()) && isProved(c, byId.get(c.id())))
                .map(c -> byId.get(c.id()))
                .toList();
        results.addAll(taken);
        return taken;
    }

    private boolean isProved(CaseDescriptor c, CaseResult earlier) {
        if (earlier.failure() != null && UNREACHED.contains(earlier.failure().code())) {
            return false;
        }
        if (earlier.capture() == null) {
            // nothing was sent, or the evidence could not be written
            return earlier.steps().isEmpty();
        }
        try {
            return wholeRun(c)
                    .recall(
                            c.id(),
                            CaptureFile.read(
                                    evidence.file(c.id()),
                                    target.routes().get(c.family()).target()));
        } catch (IOException e) {
            LOG.debug("{} runs again", c.id(), e);
            return false;
        }
    }

    /** Sets how many initial sequence numbers the cases look at that judge them statistically. */
    public Runner isnSamples(int samples) {
        surroundings.replaceAll((family, around) -> around.withIsnSamples(samples));
        return this;
    }

    /** Why the run ended before all cases ran; null where it did not. */
    public String aborted() {
        return aborted.get();
    }

    /** Ends the run: cases that have not begun will not, those that run are broken off. */
    public void abort(String why) {
        if (aborted.compareAndSet(null, why)) {
            lifeline.end();
        }
    }

    /** Runs the cases and gives their results in order of id. */
    public List<CaseResult> run(String suiteName, List<CaseDescriptor> cases) {
        return run(suiteName, cases, List.of());
    }

    /**
     * As {@link #run(String, List)}, with an eye on all cases of the whole run.
     *
     * @param wholeRun cases of the whole run, which have a result where their rule was seen broken, chosen or not
     */
    public List<CaseResult> run(String suiteName, List<CaseDescriptor> cases, List<CaseDescriptor> wholeRun) {
        Set<String> taken = results.stream().map(CaseResult::id).collect(Collectors.toSet());
        Set<CaseDescriptor> all = new LinkedHashSet<>(cases);
        wholeRun.stream().filter(all::add).forEach(standby::add);
        all.removeIf(c -> taken.contains(c.id()));
        all.forEach(
                c -> chosen.computeIfAbsent(c.method(), m -> new ArrayList<>()).add(c));
        longOnes = new CountDownLatch((int) chosen.values().stream()
                .filter(rows -> isLong(rows.get(0).annotation()))
                .count());
        // a case is run through its method and not through TestNG's callback, since it may need several attempts
        System.setProperty("testng.ignore.callback.skip", "true");
        TestNG testng = new TestNG(false);
        testng.setUseDefaultListeners(false);
        testng.setVerbose(0);
        testng.setXmlSuites(List.of(suite(suiteName)));
        testng.addListener((ITestNGListener) new Glue());
        if (!chosen.isEmpty()) {
            testng.run();
            lifeline.afterwards(surroundings.keySet());
        }
        guard.close();
        List<CaseResult> ordered = new ArrayList<>(results);
        if (ordered.size() < cases.size() && aborted.get() == null) {
            throw new IllegalStateException(
                    "of " + cases.size() + " chosen cases only " + ordered.size() + " have a result");
        }
        ordered.sort(Comparator.comparing(CaseResult::id));
        return ordered;
    }

    private XmlSuite suite(String name) {
        XmlSuite suite = new XmlSuite();
        suite.setName(name);
        suite.setParallel(XmlSuite.ParallelMode.METHODS);
        suite.setThreadCount(jobs);
        suite.setDataProviderThreadCount(jobs);
        suite.setShareThreadPoolForDataProviders(true);
        for (Stage stage : Stage.values()) {
            XmlTest test = test(suite, stage);
            if (stage != Stage.SIDE_BY_SIDE) {
                test.setParallel(XmlSuite.ParallelMode.NONE);
            }
        }
        suite.getTests().removeIf(t -> t.getXmlClasses().isEmpty());
        return suite;
    }

    /** When a case runs, the stages one after the other. */
    private enum Stage {
        SIDE_BY_SIDE,
        ALONE,
        AT_THE_END
    }

    private Stage stage(Case annotation) {
        // a target that takes together what it reads together may take the address of one segment for that of others
        boolean alone = annotation.exclusive() || station.isLockstep() && annotation.foreignAddresses();
        return annotation.wholeRun() ? Stage.AT_THE_END : alone ? Stage.ALONE : Stage.SIDE_BY_SIDE;
    }

    private XmlTest test(XmlSuite suite, Stage stage) {
        XmlTest test = new XmlTest(suite);
        test.setName(stage.name());
        test.setPreserveOrder(false);
        Map<Class<?>, XmlClass> classes = new LinkedHashMap<>();
        chosen.forEach((method, cases) -> {
            if (stage(cases.get(0).annotation()) == stage) {
                classes.computeIfAbsent(method.getDeclaringClass(), XmlClass::new)
                        .getIncludedMethods()
                        .add(new XmlInclude(method.getName()));
            }
        });
        test.setXmlClasses(new ArrayList<>(classes.values()));
        return test;
    }

    /** What TestNG calls. Public, as TestNG asks; of use to nobody else. */
    public static final class Rows {
        private Rows() {}

        @DataProvider(name = "side by side", parallel = true)
        public static Object[][] sideBySide(ITestNGMethod method, ITestContext context) {
            return rows(method, context);
        }

        @DataProvider(name = "one by one")
        public static Object[][] oneByOne(ITestNGMethod method, ITestContext context) {
            return rows(method, context);
        }

        private static Object[][] rows(ITestNGMethod method, ITestContext context) {
            Runner runner = (Runner) context.getSuite().getAttribute(SUITE_ATTRIBUTE);
            return runner.rows(method.getConstructorOrMethod().getMethod());
        }
    }

    private Object[][] rows(Method method) {
        awaitLongOnes(chosen.get(method).get(0).annotation());
        // asked for when its stage begins, so that it is known by then what the others have seen
        List<CaseDescriptor> cases = chosen.get(method).stream()
                .filter(c ->
                        !standby.contains(c) || wholeRun(c).isBroken(c.rule().id()))
                .toList();
        Object[][] rows = new Object[cases.size()][];
        for (int i = 0; i < rows.length; i++) {
            CaseDescriptor c = cases.get(i);
            CaseLog log = log(c, 1);
            Peer peer = log.peer(c.annotation().needs()[0]);
            synchronized (prepared) {
                prepared.put(peer, new Prepared(c, log));
            }
            rows[i] = c.row() == null ? new Object[] {peer} : new Object[] {peer, c.row()};
        }
        return rows;
    }

    /** Lets the methods that wait long queue first: all are asked for their rows at once. */
    private void awaitLongOnes(Case annotation) {
        if (isLong(annotation)) {
            longOnes.countDown();
            return;
        }
        try {
            if (!longOnes.await(LONGEST_QUEUEING_SECONDS, TimeUnit.SECONDS)) {
                LOG.debug("cases that wait long have not been queued first");
                while (longOnes.getCount() > 0) {
                    longOnes.countDown();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isLong(Case annotation) {
        return annotation.seconds() >= LONG_SECONDS && stage(annotation) == Stage.SIDE_BY_SIDE;
    }

    private WholeRun wholeRun(CaseDescriptor c) {
        return surroundings.get(c.family()).wholeRun();
    }

    private CaseLog log(CaseDescriptor c, int attempt) {
        return c.log(surroundings.get(c.family()), seed, attempt, Tampering.NONE);
    }

    private final class Glue implements IHookable, IAnnotationTransformer, IMethodInterceptor, ISuiteListener {
        @Override
        public void onStart(ISuite suite) {
            suite.setAttribute(SUITE_ATTRIBUTE, Runner.this);
        }

        @Override
        @SuppressWarnings("rawtypes")
        public void transform(ITestAnnotation annotation, Class type, Constructor constructor, Method method) {
            if (method != null && chosen.containsKey(method)) {
                annotation.setDataProviderClass(Rows.class);
                annotation.setDataProvider(
                        stage(chosen.get(method).get(0).annotation()) == Stage.SIDE_BY_SIDE
                                ? "side by side"
                                : "one by one");
            }
        }

        /** Longest first, so that the wall time is not that of a long case that began last. */
        @Override
        public List<IMethodInstance> intercept(List<IMethodInstance> methods, ITestContext context) {
            List<IMethodInstance> ordered = new ArrayList<>(methods);
            ordered.sort(Comparator.comparingInt((IMethodInstance m) -> -seconds(m)));
            return ordered;
        }

        private int seconds(IMethodInstance instance) {
            List<CaseDescriptor> cases =
                    chosen.get(instance.getMethod().getConstructorOrMethod().getMethod());
            return cases == null ? 0 : cases.get(0).annotation().seconds();
        }

        @Override
        public void run(IHookCallBack callBack, ITestResult result) {
            Prepared first;
            Peer peer = (Peer) callBack.getParameters()[0];
            synchronized (prepared) {
                first = prepared.remove(peer);
            }
            execute(first, peer, result.getInstance());
            result.setStatus(ITestResult.SUCCESS);
        }
    }

    private void execute(Prepared first, Peer peer, Object instance) {
        Run run = new Run(first.descriptor(), instance);
        CaseDescriptor c = run.c;
        lifeline.begin(run);
        listener.begun(c.id());
        Attempt deciding = applicable(c, first.log());
        if (deciding == null) {
            try {
                deciding = attempt(run, first.log(), peer);
            } catch (RuntimeException e) {
                // whatever happens, every case that was chosen has a result
                LOG.error("{}", c.id(), e);
                deciding = new Attempt(first.log(), Verdict.ERROR, Failure.of("harness-fault", e.toString()));
            }
        } else {
            first.log().close();
        }
        lifeline.finish(c.id());
        CaseResult result = run.result(deciding);
        results.add(result);
        listener.ended(result);
        // TestNG keeps the peer of the first attempt, and with it all that it has heard, until the end of the run
        first.log().forget();
        run.attempts.forEach(a -> a.log().forget());
        if (!run.attempts.isEmpty() && !c.annotation().wholeRun()) {
            lifeline.told(run);
        }
        raise(result);
    }

    /** A case on its way to a verdict, and when it has one. */
    private final class Run implements Lifeline.Suspect {
        private final CaseDescriptor c;
        private final Object instance;
        private final long startedMillis = System.currentTimeMillis();
        private final long started = System.nanoTime();
        private final List<Attempt> attempts = new ArrayList<>();
        private int tries;
        /** What it came to when it ran alone. */
        private Attempt alone;
        /** Null while it has none. */
        private CaseResult result;

        private Run(CaseDescriptor c, Object instance) {
            this.c = c;
            this.instance = instance;
        }

        private CaseResult result(Attempt deciding) {
            result = Runner.this.result(c, deciding, attempts, startedMillis, (System.nanoTime() - started) / 1e6);
            return result;
        }

        @Override
        public String id() {
            return c.id();
        }

        @Override
        public Family family() {
            return c.family();
        }

        @Override
        public boolean isLike(Lifeline.Suspect other) {
            return other instanceof Run run && run.c.method().equals(c.method());
        }

        @Override
        public boolean kills(Duration watch) {
            attempts.clear();
            boolean died = false;
            alone = null;
            while (alone == null) {
                Attempt attempt = anew(c, instance, ++tries);
                attempts.add(attempt);
                look(c, attempt);
                died = !lifeline.outlives(Duration.ZERO, c.family());
                alone = aborted.get() != null
                        ? brokenOff(attempt)
                        : died ? deadly(attempt, "during") : Decision.of(attempts);
            }
            if (!died && aborted.get() == null && !lifeline.outlives(watch, c.family())) {
                died = true;
                alone = deadly(alone, "shortly after");
            }
            return died;
        }

        @Override
        public void convict() {
            if (alone.failure() == null || !alone.failure().is(FailureCode.TARGET_DIED)) {
                // it was the only one that ran, and the target died of it when nobody looked
                alone = deadly(alone, "shortly after");
            }
            if (result != null) {
                CaseResult before = result;
                results.remove(before);
                results.add(result(alone));
                listener.amended(before, result);
            }
        }
    }

    /** A verdict without an attempt: the target lacks what the case needs, or the run has ended. Null otherwise. */
    private Attempt applicable(CaseDescriptor c, CaseLog log) {
        String why = aborted.get();
        if (why != null) {
            return new Attempt(log, Verdict.INCONCLUSIVE, Failure.of("run-ended", "not run: " + why));
        }
        for (Stimulus need : c.annotation().needs()) {
            if (target.port(need).isEmpty() && !c.annotation().wholeRun()) {
                return new Attempt(
                        log,
                        Verdict.NOT_APPLICABLE,
                        Failure.of(
                                "not-offered",
                                "the target offers no " + need.label() + ": " + need.meaning()
                                        + " (name one with --service " + need.label() + "=PORT)"));
            }
        }
        return c.absentFeature(target)
                .map(f -> new Attempt(
                        log,
                        Verdict.NOT_APPLICABLE,
                        Failure.of(
                                "feature-absent",
                                "the target does not have " + f.label() + " (" + f.meaning() + ", " + f.source()
                                        + ")")))
                .orElse(null);
    }

    /** Runs a case until it has a verdict; the attempts that count are added to its own. */
    private Attempt attempt(Run run, CaseLog firstLog, Peer firstPeer) {
        CaseDescriptor c = run.c;
        Object instance = run.instance;
        List<Attempt> attempts = run.attempts;
        int disturbed = 0;
        boolean damaged = false;
        while (true) {
            run.tries++;
            Attempt attempt =
                    run.tries == 1 ? guard.run(c, instance, firstLog, firstPeer) : anew(c, instance, run.tries);
            attempts.add(attempt);
            damaged = damaged(attempt, damaged);
            Decision.forget(attempts);
            Set<FrameRule> broken = look(c, attempt);
            if (attempt.verdict() != Verdict.PASS && aborted.get() != null) {
                return brokenOff(attempt);
            }
            if (lifeline.isOut() || suspicious(attempt) && lifeline.isGone(c)) {
                Lifeline.Next next = lifeline.next(c);
                if (next == Lifeline.Next.TRIED) {
                    return run.alone;
                }
                if (next == Lifeline.Next.UNEXPLAINED) {
                    return new Attempt(
                            run.alone.log(), Verdict.INCONCLUSIVE, Failure.of("target-gone", lifeline.unexplained()));
                }
                if (next == Lifeline.Next.GIVE_UP) {
                    return new Attempt(
                            attempt.log(),
                            Verdict.INCONCLUSIVE,
                            Failure.of("target-gone", "the target stopped answering several times, and came back"));
                }
                if (next == Lifeline.Next.END) {
                    return lifeline.isOut()
                            ? new Attempt(attempt.log(), Verdict.INCONCLUSIVE, Failure.of("target-gone", aborted.get()))
                            : brokenOff(attempt);
                }
                attempts.clear();
            } else if (attempt.isDisturbed() && ++disturbed < Decision.ATTEMPTS) {
                attempts.remove(attempt);
            } else if (attempt.isDisturbed()) {
                return attempt;
            } else {
                Attempt deciding = Decision.of(attempts);
                if (deciding != null) {
                    if (!broken.isEmpty()) {
                        // once more, for the whole run alone: do segments break the rule every time?
                        Attempt again = anew(c, instance, attempts.size() + 1);
                        damaged(again, damaged);
                        look(c, again);
                    }
                    return deciding;
                }
            }
        }
    }

    /** Whether frames came damaged; the network is to blame where they did in the attempt before and do no more. */
    private static boolean damaged(Attempt attempt, boolean before) {
        boolean now = !attempt.log().damage().isEmpty();
        if (before && !now) {
            attempt.log().network().harmed();
        }
        return now;
    }

    private static Attempt deadly(Attempt attempt, String when) {
        return new Attempt(
                attempt.log(),
                Verdict.FAIL,
                new Failure(
                        "target-died",
                        "the target died: it stopped answering " + when
                                + " this case when that was run alone, as before",
                        attempt.failure() == null ? "" : attempt.failure().text()));
    }

    private Attempt brokenOff(Attempt attempt) {
        return new Attempt(
                attempt.log(), Verdict.INCONCLUSIVE, Failure.of("run-ended", "broken off: " + aborted.get()));
    }

    /** One more attempt, on fresh connections. */
    private Attempt anew(CaseDescriptor c, Object instance, int number) {
        CaseLog log = log(c, number);
        return guard.run(c, instance, log, log.peer(c.annotation().needs()[0]));
    }

    /** Holds what came against the rules of all segments; gives those that were broken. */
    private Set<FrameRule> look(CaseDescriptor c, Attempt attempt) {
        return c.annotation().wholeRun() ? Set.of() : wholeRun(c).look(c.id(), attempt.log());
    }

    /**
     * Whether the target may be gone: each time something went wrong. Not only where nothing came, since the host of a
     * program that has died may still answer for it, by resets. And where silence showed that a feature is absent.
     */
    private static boolean suspicious(Attempt attempt) {
        return attempt.verdict() == Verdict.INCONCLUSIVE
                || attempt.verdict() == Verdict.FAIL
                || attempt.verdict() == Verdict.NOT_APPLICABLE && attempt.log().restsOnSilence();
    }

    private CaseResult result(
            CaseDescriptor c, Attempt deciding, List<Attempt> attempts, long startedMillis, double durationMs) {
        CaseLog log = deciding.log();
        return new CaseResult(
                c.id(),
                c.title(),
                c.rules().stream().map(r -> r.id()).toList(),
                c.level(),
                c.keyword(),
                c.rule().rfc(),
                c.rule().firstSection(),
                c.family().label(),
                c.tags(),
                deciding.verdict(),
                finding(c, deciding),
                log.remarks(),
                log.unused(),
                attempts.size(),
                startedMillis,
                durationMs,
                evidence.keep(c.id(), log.frames()),
                log.ports(),
                log.steps(),
                log.series());
    }

    /** The failure with the requirement before and the name of the capture behind it, ready to be pasted. */
    private Failure finding(CaseDescriptor c, Attempt deciding) {
        Failure failure = deciding.failure();
        if (failure == null || failure.text().isEmpty()) {
            return failure;
        }
        String text = "  rule:     " + c.rule().id() + " (RFC " + c.rule().rfc() + ", "
                + c.rule().section() + ", "
                + c.rule().label() + "): " + c.rule().text() + "\n  finding:  [" + failure.code() + "] "
                + failure.summary() + "\n" + failure.text()
                + (evidence.folder() == null ? "" : "  capture:  captures/" + c.id() + ".pcap");
        return new Failure(failure.code(), failure.summary(), text);
    }

    /** Tells TestNG, and through it Allure, how the case ended. */
    private static void raise(CaseResult result) {
        if (result.verdict() == Verdict.PASS) {
            return;
        }
        Failure failure = result.failure();
        String message = result.verdict() + " [" + failure.code() + "] " + failure.summary()
                + (failure.text().isEmpty() ? "" : "\n" + failure.text());
        switch (result.verdict()) {
            case FAIL -> throw new AssertionError(result.level().label(result.keyword()) + " " + message);
            case NOT_APPLICABLE -> throw new SkipException(failure.summary());
            default -> throw new IllegalStateException(message);
        }
    }
}
