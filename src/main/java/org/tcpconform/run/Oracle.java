package org.tcpconform.run;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.Surroundings;
import org.tcpconform.peer.Tampering;
import org.tcpconform.peer.WholeRun;
import org.tcpconform.requirement.Family;
import org.tcpconform.segment.Alteration;
import org.tcpconform.target.Target;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Verdict;
import org.tcpconform.wire.Station;

/**
 * Proves that cases fail when they should. Each case is run once to record on what its PASS rests; then once for each
 * change of what came that contradicts its templates, the silences that it demands, or its probes, and must not pass.
 */
public final class Oracle {
    private static final Logger LOG = LoggerFactory.getLogger(Oracle.class);
    /** A case must pass before anything can be proved of it; and what survives must do so as often. */
    private static final int TRIES = 3;

    private final Station station;
    private final Target target;
    private final long seed;
    private final int jobs;
    private final int sample;
    private final boolean open;
    private final Evidence evidence;
    private final Survivors known;
    private final Map<Family, Surroundings> surroundings = new LinkedHashMap<>();
    private final AttemptGuard guard;
    private final OthersFrames others;
    private final AtomicInteger recorded = new AtomicInteger();
    private final AtomicInteger planned = new AtomicInteger();
    private final AtomicInteger tried = new AtomicInteger();
    private final AtomicInteger survived = new AtomicInteger();
    private volatile String aborted;

    /**
     * @param station we on the link
     * @param target what the cases run against
     * @param seed decides all random choices, and the sample
     * @param jobs how many attempts run side by side
     * @param sample how many mutants to draw; 0 for all
     * @param open whether to try also what the templates leave open
     * @param root folder of the report; captures of survivors go below it; null for none
     * @param known survivors with a reason
     */
    public Oracle(
            Station station, Target target, long seed, int jobs, int sample, boolean open, Path root, Survivors known) {
        this.station = station;
        this.target = target;
        this.seed = seed;
        this.jobs = jobs;
        this.guard = new AttemptGuard(station, jobs);
        this.others = new OthersFrames(station.layer());
        this.sample = sample;
        this.open = open;
        this.evidence =
                new Evidence(root, root == null ? null : root.resolve("captures"), station.layer(), this::abort);
        this.known = known;
        target.families().forEach(f -> surroundings.put(f, new Surroundings(station, target, f)));
    }

    /** How far it has come. */
    public record Progress(int recorded, int tried, int planned, int survived) {}

    public Progress progress() {
        return new Progress(recorded.get(), tried.get(), planned.get(), survived.get());
    }

    /** Ends it: what has not begun will not. */
    public void abort(String why) {
        aborted = why;
    }

    /** Why it ended early; null where it did not. */
    public String aborted() {
        return aborted;
    }

    /** One change of what came at one point. */
    private record Mutant(int point, Tampering.Kind asks, Alteration mutation, boolean contradicting) {
        /** A number of its own, which stays the same from run to run. */
        int number() {
            return 31 * point + mutation.name().hashCode();
        }
    }

    /** How a mutant fared; the finding is kept only where it is told: there are very many of these. */
    private record Fate(Mutant mutant, boolean carriedOut, Verdict verdict, Failure failure, String capture) {
        boolean killed() {
            return carriedOut && OracleResult.isKill(verdict);
        }

        boolean weak() {
            return killed() && verdict != Verdict.FAIL;
        }
    }

    /** A case and what has been found of it so far. */
    private static final class Subject {
        final CaseDescriptor descriptor;
        final int mostMutants;
        final ConcurrentLinkedQueue<Fate> fates = new ConcurrentLinkedQueue<>();
        List<Tampering.Point> points = List.of();
        Verdict verdict;
        String notTried;
        boolean byItself;

        Subject(CaseDescriptor descriptor, int mostMutants) {
            this.descriptor = descriptor;
            this.mostMutants = mostMutants;
        }

        boolean alone() {
            return descriptor.annotation().exclusive();
        }

        boolean judgesRun() {
            return descriptor.annotation().wholeRun();
        }
    }

    /** Tries the cases, and gives what was found of each in order of id. */
    public List<OracleResult.Trial> run(List<CaseDescriptor> cases) {
        List<Subject> subjects = subjects(cases);
        Tasks all = new Tasks();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                jobs, jobs, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Executors.defaultThreadFactory());
        try {
            subjects.stream()
                    .filter(s -> !s.alone() && !s.judgesRun())
                    .forEach(s -> all.submit(
                            pool, () -> record(s).forEach(m -> all.submit(pool, () -> s.fates.add(fate(s, m))))));
            all.await();
            Stream.concat(
                            subjects.stream().filter(s -> s.alone() && !s.judgesRun()),
                            // what the others have received
                            subjects.stream().filter(Subject::judgesRun))
                    .forEach(s -> record(s).forEach(m -> s.fates.add(fate(s, m))));
        } finally {
            pool.shutdownNow();
            guard.close();
        }
        return subjects.stream()
                .map(this::trial)
                .sorted(Comparator.comparing(OracleResult.Trial::id))
                .toList();
    }

    /** Tasks of a pool that bring forth others: waits until none is left. */
    private final class Tasks {
        private final AtomicInteger left = new AtomicInteger(1);
        private final CountDownLatch none = new CountDownLatch(1);

        void submit(ThreadPoolExecutor pool, Runnable task) {
            left.incrementAndGet();
            pool.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.error("the oracle ends", e);
                    abort("a fault of the harness: " + e);
                } finally {
                    done();
                }
            });
        }

        private void done() {
            if (left.decrementAndGet() == 0) {
                none.countDown();
            }
        }

        void await() {
            done();
            try {
                none.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                abort("interrupted");
            }
        }
    }

    /** All cases; of a sample as many as there are mutants to draw, and as few mutants of each as that takes. */
    private List<Subject> subjects(List<CaseDescriptor> cases) {
        if (sample == 0) {
            return cases.stream().map(c -> new Subject(c, Integer.MAX_VALUE)).toList();
        }
        List<CaseDescriptor> drawn = new ArrayList<>(cases);
        Collections.shuffle(drawn, new Random(seed));
        List<CaseDescriptor> some = drawn.subList(0, Math.min(sample, drawn.size()));
        return some.stream()
                .map(c -> new Subject(c, (sample + some.size() - 1) / some.size()))
                .toList();
    }

    /** Runs a case until it passes; gives the mutants that are to be tried. */
    private List<Mutant> record(Subject s) {
        s.notTried = notTried(s.descriptor);
        if (s.notTried == null && s.judgesRun()) {
            recordRun(s);
        } else if (s.notTried == null) {
            recordOne(s);
        }
        recorded.incrementAndGet();
        List<Mutant> mutants = new ArrayList<>();
        if (s.notTried == null) {
            s.points.forEach(p ->
                    p.contradicting().forEach(m -> mutants.add(new Mutant(p.number(), p.kind(), m, true))));
            s.byItself = mutants.isEmpty();
            // where no template says what contradicts, what the case notices shows that it can fail
            s.points.stream()
                    .filter(p -> s.byItself || open && p.kind() != Tampering.Kind.PREAMBLE)
                    .forEach(p -> p.open().forEach(m -> mutants.add(new Mutant(p.number(), p.kind(), m, false))));
            if (mutants.isEmpty()) {
                s.byItself = false;
                s.notTried = "it looks at what came by itself, and not by a template, silence or probe";
            }
        }
        if (mutants.size() > s.mostMutants) {
            Collections.shuffle(mutants, s.descriptor.random(seed, 0));
            mutants.subList(s.mostMutants, mutants.size()).clear();
        }
        planned.addAndGet(mutants.size());
        return mutants;
    }

    private String notTried(CaseDescriptor c) {
        if (aborted != null) {
            return aborted;
        }
        return c.absentFeature(target).isPresent() ? "the target lacks the feature" : null;
    }

    private void recordOne(Subject s) {
        for (int i = 1; s.verdict != Verdict.PASS && i <= TRIES; i++) {
            Tampering recording = Tampering.recording();
            Attempt attempt = attempt(s.descriptor, surroundings.get(s.descriptor.family()), recording, i);
            s.points = recording.points();
            ended(s, attempt);
            if (s.verdict == Verdict.PASS) {
                others.keep(s.descriptor, attempt.log());
            }
        }
    }

    /** The same of a case that judges what others have received. */
    private void recordRun(Subject s) {
        s.points = others.point(s.descriptor).stream().toList();
        if (s.points.isEmpty()) {
            s.notTried = "no case passed whose segments it could judge";
            return;
        }
        Surroundings around = surroundings.get(s.descriptor.family());
        WholeRun run = others.run(s.descriptor, address(s));
        ended(s, attempt(s.descriptor, around.withWholeRun(run), Tampering.NONE, 1));
    }

    private static void ended(Subject s, Attempt attempt) {
        s.verdict = attempt.verdict();
        s.notTried = s.verdict == Verdict.PASS
                ? null
                : "it does not pass: " + s.verdict + " (" + attempt.failure().summary() + ")";
    }

    private InetAddress address(Subject s) {
        return target.routes().get(s.descriptor.family()).target();
    }

    private Attempt attempt(CaseDescriptor c, Surroundings around, Tampering tampering, int number) {
        CaseLog log = c.log(around, seed, number, tampering);
        try {
            Object instance =
                    c.method().getDeclaringClass().getDeclaredConstructor().newInstance();
            return guard.run(c, instance, log, log.peer(c.annotation().needs()[0]));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "no case can be made of " + c.method().getDeclaringClass(), e);
        }
    }

    /** Runs a case under a mutant; where it passes, again. */
    private Fate fate(Subject s, Mutant mutant) {
        Fate fate = new Fate(mutant, false, null, null, null);
        for (int i = 1; i <= TRIES && aborted == null; i++) {
            int number = 31 * mutant.number() + i;
            Surroundings around = surroundings.get(s.descriptor.family());
            Tampering tampering = s.judgesRun()
                    ? Tampering.NONE
                    : Tampering.at(mutant.point(), mutant.asks(), mutant.mutation(), mutant.contradicting());
            Optional<WholeRun> run = s.judgesRun()
                    ? others.run(s.descriptor, mutant.mutation(), mutant.contradicting(), number, address(s))
                    : Optional.empty();
            Attempt attempt =
                    attempt(s.descriptor, run.map(around::withWholeRun).orElse(around), tampering, number);
            boolean last = i == TRIES || !mutant.contradicting();
            if ((tampering.applied() || run.isPresent()) && !attempt.isDisturbed()) {
                boolean killed = OracleResult.isKill(attempt.verdict());
                fate = new Fate(
                        mutant,
                        true,
                        attempt.verdict(),
                        attempt.verdict() == Verdict.FAIL ? null : withoutText(attempt.failure()),
                        killed || !last || !mutant.contradicting() ? null : capture(s.descriptor, mutant, attempt));
                if (killed) {
                    break;
                }
            }
            if (last && fate.carriedOut()) {
                break;
            }
        }
        tried.incrementAndGet();
        if (mutant.contradicting() && fate.carriedOut() && !fate.killed()) {
            survived.incrementAndGet();
        }
        return fate;
    }

    private static Failure withoutText(Failure failure) {
        return failure == null ? null : Failure.of(failure.code(), failure.summary());
    }

    private String capture(CaseDescriptor c, Mutant mutant, Attempt attempt) {
        return evidence.keep(
                c.id() + "-" + mutant.point() + "-" + mutant.mutation().name().replaceAll("[^A-Za-z0-9+]+", "-"),
                attempt.log().frames());
    }

    private OracleResult.Trial trial(Subject s) {
        CaseDescriptor c = s.descriptor;
        List<Fate> carriedOut = s.fates.stream()
                .filter(f -> f.carriedOut() && f.mutant().contradicting())
                .sorted(Comparator.comparingInt((Fate f) -> f.mutant().point())
                        .thenComparing(f -> f.mutant().mutation().name()))
                .toList();
        OracleResult.Tally all = OracleResult.Tally.of(carriedOut.stream().map(Fate::verdict));
        List<OracleResult.Point> points = s.points.stream()
                .filter(p -> s.byItself || p.kind() != Tampering.Kind.PREAMBLE)
                .map(p -> new OracleResult.Point(
                        p.number(),
                        p.kind().label(),
                        p.expected(),
                        p.came(),
                        (int) at(carriedOut, p).count(),
                        (int) at(carriedOut, p).filter(Fate::killed).count(),
                        p.open().stream().map(Alteration::name).toList(),
                        s.fates.stream()
                                .filter(f -> f.mutant().point() == p.number()
                                        && !f.mutant().contradicting()
                                        && f.killed())
                                .map(f -> f.mutant().mutation().name())
                                .sorted()
                                .toList()))
                .toList();
        return new OracleResult.Trial(
                c.id(),
                c.title(),
                c.rules().stream().map(r -> r.id()).toList(),
                c.level().label(c.keyword()),
                s.verdict == null ? "" : s.verdict.name(),
                s.notTried,
                (int) s.points.stream()
                        .filter(p -> p.kind() == Tampering.Kind.PREAMBLE)
                        .count(),
                s.byItself,
                points,
                all.mutants(),
                all.killed(),
                all.verdicts(),
                carriedOut.stream()
                        .filter(Fate::weak)
                        .map(f -> new OracleResult.Weak(
                                f.mutant().point(),
                                f.mutant().mutation().name(),
                                f.verdict().name(),
                                f.failure() == null ? "" : f.failure().code()))
                        .toList(),
                carriedOut.stream()
                        .filter(f -> !f.killed())
                        .map(f -> new OracleResult.Survivor(
                                f.mutant().point(),
                                f.mutant().mutation().name(),
                                f.verdict().name(),
                                f.failure() == null ? "" : f.failure().summary(),
                                f.capture(),
                                known.reason(c.id(), f.mutant().mutation().name())
                                        .orElse(null)))
                        .toList(),
                s.fates.stream()
                        .filter(f -> !f.carriedOut() && f.mutant().contradicting())
                        .map(f -> f.mutant().point() + ": "
                                + f.mutant().mutation().name())
                        .sorted()
                        .toList());
    }

    private static Stream<Fate> at(List<Fate> fates, Tampering.Point point) {
        return fates.stream().filter(f -> f.mutant().point() == point.number());
    }
}
