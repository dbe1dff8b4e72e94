package org.tcpconform.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.Network;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.Surroundings;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.Ip;
import org.tcpconform.segment.MacAddress;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.target.Approach;
import org.tcpconform.target.EnvironmentException;
import org.tcpconform.target.Target;
import org.tcpconform.target.Timing;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NonConformity;
import org.tcpconform.wire.Captured;
import org.tcpconform.wire.Station;

/**
 * Makes sure, before the first case, that what will be judged is the target and not the network: that its ports answer
 * as they are said to, that what arrives is whole, that nobody else answers for us. Measures the round-trip time.
 */
public final class Preflight {
    /** Ports to look for a listener on, where none is named. */
    private static final List<Integer> LIKELY_OPEN = List.of(7, 80, 22, 443, 9, 13, 8080, 23, 21, 53, 25, 5000);
    /** Ports to look for no listener on, where none is named. */
    private static final List<Integer> LIKELY_CLOSED = List.of(4, 1, 6, 61_101, 47_123);

    /** So many round trips over each version of IP show what a network does to one frame in a hundred, */
    private static final int SAMPLES = 120;
    /** so many of them at once, */
    private static final int SAMPLES_AT_ONCE = 8;
    /** and so many before, to know how long to wait for the others. */
    private static final int FIRST_SAMPLES = 5;

    /** So often is measured by how much longer a large segment is on its way, */
    private static final int LARGE_SAMPLES = 8;
    /** of so many octets, */
    private static final int LARGE = 1_400;
    /** unless that is too little to tell. */
    private static final Duration FAST = Duration.ofMillis(2);
    /** One case may put so many octets into the queue of the narrowest link; those that fill a window take turns. */
    private static final int QUEUED = 16_384;

    private static final Duration LATE_TWIN = Duration.ofMillis(1);
    private static final Duration LONGEST_ROUND_TRIP = Duration.ofMillis(900);
    private static final int TRIES = 3;

    private final Station station;
    private final Random random;
    private final List<RunResult.Check> checks = new ArrayList<>();
    /** What the narrowest link takes; 0 where that is not known, or much. */
    private long octetsPerSecond;

    private boolean plainLink;

    private enum Port {
        OPEN("accepts connections"),
        CLOSED("refuses connections"),
        FILTERED("does not answer"),
        UNREADABLE("answers with wrong checksums");

        private final String words;

        Port(String words) {
            this.words = words;
        }
    }

    private record Seen(Port port, Duration delay, String detail) {}

    public Preflight(Station station, long seed) {
        this.station = station;
        this.random = new Random(~seed);
    }

    /**
     * Says whether nothing but a link of this machine is known to lie between us and the target. Frames do not overtake one
     * another there, and it is not narrow: by whatever round trips differ, it is the target that took its time.
     */
    public Preflight onPlainLink(boolean known) {
        plainLink = known;
        return this;
    }

    /** What was found, in the order of looking. */
    public List<RunResult.Check> checks() {
        return List.copyOf(checks);
    }

    /**
     * Checks the target over each version of IP that it has.
     *
     * @param target as described; its open and closed port may be missing
     * @return the target with both ports and measured times
     * @throws EnvironmentException with the one thing that is to be done, if it cannot be judged like this
     */
    public Target check(Target target) {
        Target known = target;
        List<Sample> samples = new ArrayList<>();
        try {
            for (Family family : target.families()) {
                known = withOpenPort(known, family);
                known = withClosedPort(known, family);
                samples.addAll(roundTrips(known, family));
            }
        } catch (EnvironmentException e) {
            // the answers may have gone to the other one: then that is the thing to be done about
            refuseImpostor();
            throw e;
        }
        refuseImpostor();
        checks.add(new RunResult.Check("our address is ours alone", true, "nobody else claims it or has sent from it"));
        Timing measured = timing(samples);
        Timing timing = plainLink ? measured.withoutSpread() : measured;
        long lost = samples.stream().filter(s -> s.delay == null).count();
        checks.add(new RunResult.Check(
                "round-trip time",
                true,
                micros(timing.rtt()) + " at the most, " + micros(timing.least()) + " at the least"));
        checks.add(new RunResult.Check(
                "network",
                !timing.isRestless() && !new Network(timing).isHarmful(),
                "of " + samples.size() + " round trips " + lost + " were lost, " + (timing.harmed() - lost)
                        + " came twice or damaged; they differ by " + micros(measured.spread())));
        known = known.withTiming(timing);
        return plainLink ? known : known.withTiming(onSlowLink(known));
    }

    private void refuseImpostor() {
        Optional<MacAddress> impostor = station.impostor();
        if (impostor.isPresent()) {
            checks.add(new RunResult.Check("our address is ours alone", false, impostor.get() + " uses it too"));
            throw Approach.impostor(impostor.get());
        }
    }

    private Target withOpenPort(Target target, Family family) {
        Optional<Integer> named = target.port(Stimulus.OPEN_PORT);
        if (named.isPresent()) {
            Seen seen = look(target, family, named.get());
            if (seen.port() != Port.OPEN) {
                throw fail(
                        name("open port " + named.get(), family),
                        seen.port().words + seen.detail(),
                        "port " + named.get() + " of " + address(target, family) + " " + seen.port().words
                                + seen.detail() + ": "
                                + stray(target, family, seen.port()).orElse(advice(seen.port(), "open")));
            }
            checks.add(new RunResult.Check(
                    name("open port " + named.get(), family), true, "SYN-ACK after " + micros(seen.delay())));
            return target;
        }
        Port worst = Port.CLOSED;
        // side by side: ports that keep silent would take several seconds each
        ExecutorService lookers = Executors.newFixedThreadPool(LIKELY_OPEN.size());
        try {
            Map<Integer, Future<Seen>> looks = new LinkedHashMap<>();
            LIKELY_OPEN.forEach(port -> looks.put(port, lookers.submit(() -> look(target, family, port))));
            for (int port : LIKELY_OPEN) {
                Seen seen = got(looks.get(port));
                if (seen.port() == Port.OPEN) {
                    checks.add(new RunResult.Check(
                            name("open port", family),
                            true,
                            "found port " + port + ", SYN-ACK after " + micros(seen.delay())));
                    return target.withPort(Stimulus.OPEN_PORT, port);
                }
                worst = seen.port() == Port.CLOSED ? worst : seen.port();
            }
        } finally {
            lookers.shutdownNow();
        }
        throw fail(
                name("open port", family),
                "none found",
                "no port of " + address(target, family) + " was found to accept connections (tried "
                        + LIKELY_OPEN.stream()
                                .map(String::valueOf)
                                .reduce((a, b) -> a + ", " + b)
                                .orElse("")
                        + (worst == Port.CLOSED ? "" : "; at least one " + worst.words)
                        + "): " + stray(target, family, worst).orElse("name one with --open-port"));
    }

    /** Where nothing is heard, since our address is none that the target sends to: what to do about that. */
    private static Optional<String> stray(Target target, Family family, Port port) {
        return port == Port.FILTERED ? target.routes().get(family).outside() : Optional.empty();
    }

    private static <T> T got(Future<T> look) {
        try {
            return look.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvironmentException("interrupted while looking at the target", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Target withClosedPort(Target target, Family family) {
        Optional<Integer> named = target.port(Stimulus.CLOSED_PORT);
        if (named.isPresent()) {
            Seen seen = look(target, family, named.get());
            if (seen.port() == Port.OPEN || seen.port() == Port.UNREADABLE) {
                throw fail(
                        name("closed port " + named.get(), family),
                        seen.port().words,
                        "port " + named.get() + " of " + address(target, family) + " " + seen.port().words
                                + ": name a port without listener with --closed-port");
            }
            checks.add(new RunResult.Check(
                    name("closed port " + named.get(), family),
                    seen.port() == Port.CLOSED,
                    seen.port() == Port.CLOSED
                            ? "RST after " + micros(seen.delay())
                            : "silent: a firewall, or a target that does not reset"));
            return target;
        }
        for (int port : LIKELY_CLOSED) {
            Seen seen = look(target, family, port);
            if (seen.port() == Port.CLOSED) {
                checks.add(new RunResult.Check(
                        name("closed port", family),
                        true,
                        "found port " + port + ", RST after " + micros(seen.delay())));
                return target.withPort(Stimulus.CLOSED_PORT, port);
            }
        }
        checks.add(new RunResult.Check(
                name("closed port", family),
                false,
                "none found that resets; the cases of CLOSED do not apply unless --closed-port names one"));
        return target;
    }

    /**
     * One round trip of a SYN and what answers it.
     *
     * @param delay how long it took; null where no answer came
     * @param harmed whether the answer came twice, or damaged
     */
    private record Sample(Duration delay, boolean harmed) {}

    private static Timing timing(List<Sample> samples) {
        List<Duration> delays =
                samples.stream().map(Sample::delay).filter(Objects::nonNull).toList();
        int harmed =
                (int) samples.stream().filter(s -> s.delay == null || s.harmed).count();
        return delays.isEmpty() ? new Timing(Duration.ZERO) : Timing.of(delays, harmed);
    }

    private List<Sample> roundTrips(Target target, Family family) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < FIRST_SAMPLES; i++) {
            samples.add(roundTrip(target, family, LONGEST_ROUND_TRIP));
        }
        Duration patience = min(LONGEST_ROUND_TRIP, timing(samples).silence());
        // side by side, since what is far away, or lost, takes its time
        List<Callable<Sample>> others =
                Collections.nCopies(SAMPLES - FIRST_SAMPLES, () -> roundTrip(target, family, patience));
        ExecutorService pool = Executors.newFixedThreadPool(SAMPLES_AT_ONCE);
        try {
            others.stream().map(pool::submit).toList().forEach(sample -> samples.add(got(sample)));
        } finally {
            pool.shutdownNow();
        }
        return samples;
    }

    /** How many cases may run side by side, of those wanted, so that what they put into the queue of a slow link is soon through. */
    public int jobs(int wanted) {
        return octetsPerSecond == 0 ? wanted : (int) Math.min(wanted, Math.max(1, 2 * octetsPerSecond / QUEUED));
    }

    /** The times where a slow link is on the way: what comes before a segment delays it. */
    private Timing onSlowLink(Target target) {
        Timing timing = target.timing();
        Duration longer = largeSegment(target).minus(timing.least());
        // what is large must be told from what is late
        if (longer.compareTo(FAST) < 0 || longer.multipliedBy(2).compareTo(timing.spread()) < 0) {
            return timing;
        }
        octetsPerSecond = LARGE * 1_000_000_000L / longer.toNanos();
        checks.add(new RunResult.Check("slow link", false, octetsPerSecond * 8 / 1_000 + " kbit/s"));
        return timing.withSpread(longer).withRate(octetsPerSecond);
    }

    /** The shortest time until the answer to a large segment; zero where none came. */
    private Duration largeSegment(Target target) {
        Family family = target.families().iterator().next();
        List<Duration> delays = new ArrayList<>();
        try (CaseLog log = new CaseLog(new Surroundings(station, target, family), random)) {
            Peer peer = log.peer(Stimulus.OPEN_PORT);
            peer.establish();
            for (int i = 0; i < LARGE_SAMPLES; i++) {
                // old, so that it is answered at once
                peer.send(Segment.data(LARGE).seq(Seq.RCV_NXT.minus(LARGE)));
                peer.answer(Segment.ack().ack(Seq.RCV_NXT).ignoring(Flag.FIN))
                        .map(Answer::delay)
                        .ifPresent(delays::add);
            }
        } catch (Inconclusive e) {
            // the cases will say so
            return Duration.ZERO;
        }
        return delays.stream().min(Duration::compareTo).orElse(Duration.ZERO);
    }

    private Sample roundTrip(Target target, Family family, Duration patience) {
        try (CaseLog log = new CaseLog(new Surroundings(station, target, family), random)) {
            Peer peer = log.peer(Stimulus.OPEN_PORT);
            long began = System.nanoTime();
            peer.send(Segment.syn());
            Optional<Answer> came =
                    peer.answerWithin(patience, Segment.synAck(), Segment.rst().ignoring(Flag.ACK));
            Duration most = Duration.ofNanos(System.nanoTime() - began);
            // where the clock of the stamps was set meanwhile they tell any time
            Optional<Answer> answer = came.filter(a -> a.delay().compareTo(most) <= 0);
            // where our SYN came twice, or the answer did, the twin follows
            answer.ifPresent(a -> peer.pass(LATE_TWIN.plus(a.delay().dividedBy(2))));
            boolean twice = peer.received(s -> true).size() > 1;
            return new Sample(
                    answer.map(Answer::delay).orElse(null),
                    twice || !log.damage().isEmpty());
        }
    }

    /**
     * How many connections the target bears at once, up to some number: opens so many, sends an octet on each, and counts
     * those where it is acknowledged. A target of few slots refuses or ignores a SYN, or drops another connection for it.
     *
     * @param target with a known open port and measured times
     * @param wanted how many to try
     */
    public int connections(Target target, int wanted) {
        Family family = target.families().iterator().next();
        try (CaseLog log = new CaseLog(new Surroundings(station, target, family), random)) {
            List<Peer> open = new ArrayList<>();
            // again only where frames are lost: else whoever does not get an answer has no room
            int tries = new Network(target.timing()).isHarmful() ? TRIES : 1;
            for (int i = 0; i < tries && open.size() < wanted; i++) {
                open.addAll(opened(log, wanted - open.size()));
            }
            checks.add(new RunResult.Check(
                    name("connections at once", family), open.size() == wanted, open.size() + " of " + wanted));
            return open.size();
        }
    }

    /** Connections of {@code wanted} on which all was answered. */
    private static List<Peer> opened(CaseLog log, int wanted) {
        List<Peer> open = Stream.generate(() -> log.peer(Stimulus.OPEN_PORT))
                .limit(wanted)
                .toList();
        for (Step step : Step.values()) {
            List<Peer> asked = open;
            asked.stream()
                    .findFirst()
                    .ifPresent(first -> first.atOnce(() -> asked.forEach(peer -> step.sent.forEach(peer::send))));
            // one for all: what is not answered must not be waited for again and again
            Duration patience =
                    asked.isEmpty() ? Duration.ZERO : asked.get(0).timing().answer();
            long deadline = System.nanoTime() + patience.toNanos();
            open = asked.stream()
                    .filter(peer -> answers(peer, step, Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))))
                    .toList();
        }
        return open;
    }

    /** What is sent on each connection, and how the target answers. */
    private enum Step {
        OPEN(List.of(Segment.syn()), Segment.synAck().ack(Seq.IRS.plus(1))),
        USE(
                List.of(Segment.ack(), Segment.data(1)),
                Segment.ack().ack(Seq.RCV_NXT).ignoring(Flag.FIN));

        private final List<Segment> sent;
        private final Segment answer;

        Step(List<Segment> sent, Segment answer) {
            this.sent = sent;
            this.answer = answer;
        }
    }

    private static boolean answers(Peer peer, Step step, Duration patience) {
        try {
            peer.expectWithin(patience, step.answer);
            return true;
        } catch (NonConformity e) {
            return false;
        }
    }

    /** What a port does with a SYN. */
    private Seen look(Target target, Family family, int port) {
        Target aimed = target.withPort(Stimulus.OPEN_PORT, port);
        Seen seen = new Seen(Port.FILTERED, Duration.ZERO, "");
        for (int i = 0; i < TRIES && seen.port() == Port.FILTERED; i++) {
            try (CaseLog log = new CaseLog(new Surroundings(station, aimed, family), random)) {
                Peer peer = log.peer(Stimulus.OPEN_PORT);
                try {
                    peer.send(Segment.syn());
                    Answer answer = peer.expectWithin(
                            Duration.ofMillis(i == 0 ? 500 : 1_500),
                            Segment.synAck(),
                            Segment.rst().ignoring(Flag.ACK));
                    seen = new Seen(answer.choice() == 0 ? Port.OPEN : Port.CLOSED, answer.delay(), "");
                } catch (NonConformity e) {
                    Seen again = unanswered(log);
                    // routers limit their ICMP: what the first try was told may not be said again
                    seen = again.detail().isEmpty() && again.port() == seen.port() ? seen : again;
                }
            }
        }
        return seen;
    }

    private static Seen unanswered(CaseLog log) {
        for (Captured frame : log.frames()) {
            if (!frame.outgoing() && frame.frame() instanceof Frame.IcmpError error) {
                return new Seen(Port.FILTERED, Duration.ZERO, ", but " + error.words() + " came");
            }
            if (!frame.outgoing() && frame.frame() instanceof Frame.Tcp tcp && !tcp.checksumRight()) {
                return new Seen(Port.UNREADABLE, Duration.ZERO, "");
            }
        }
        return new Seen(Port.FILTERED, Duration.ZERO, "");
    }

    private static String advice(Port port, String wanted) {
        return switch (port) {
            case CLOSED -> "nothing listens there; name a port that does with --" + wanted + "-port";
            case FILTERED ->
                "a firewall between us, a wrong address, or a target that is not up; name another port with" + " --"
                        + wanted + "-port";
            case UNREADABLE ->
                "checksum offload where the target sends or we capture; switch it off on both ends:"
                        + " ethtool -K INTERFACE tx off rx off gro off";
            case OPEN -> "";
        };
    }

    private EnvironmentException fail(String check, String detail, String message) {
        checks.add(new RunResult.Check(check, false, detail));
        return new EnvironmentException(message);
    }

    private static String name(String what, Family family) {
        return what + ", " + family.label();
    }

    private static String address(Target target, Family family) {
        return Ip.text(target.routes().get(family).target());
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static String micros(Duration duration) {
        return String.format(Locale.ROOT, "%.3f ms", duration.toNanos() / 1e6);
    }
}
