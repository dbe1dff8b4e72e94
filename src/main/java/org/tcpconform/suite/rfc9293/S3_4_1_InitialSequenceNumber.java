package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.suite.rfc9293.Closing.RETRANSMISSION;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.peer.Volley;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.Series;
import org.testng.annotations.Test;

/**
 * RFC 9293, 3.4.1, and RFC 6528: how the target chooses its initial sequence numbers (ISN).
 *
 * <p>Of one pair of sockets they follow a clock. From one pair to another they differ by a pseudorandom function of the
 * pair, so that they, and all that is computed from them below, are evenly distributed and independent whatever the
 * clock does: then a case fails with a probability of at most {@link Chance#RISK} for each attempt.
 */
public class S3_4_1_InitialSequenceNumber {
    /** Enough for what is grossly wrong. */
    private static final int FEW = 100;
    /** How many pairs of sockets are open to us at a time. */
    private static final int PORTS = 500;

    private static final int TRIES = 3;

    /** Within this time the coarsest clock that is known, of two ticks a second, has ticked. */
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** Where all other samples took longer, a clock with ticks so coarse could seem to take equal steps. */
    private static final double LONGEST_SECONDS = 20;

    /** An ISN, the SEQ of our SYN, and when it came by the capture. */
    private record Sample(Volley.Answer answer, int irs, long nanos) {
        int isn() {
            return answer.synAck().map(WireSegment::seq).orElse(0);
        }
    }

    // ---- one pair of sockets

    @Test
    @Case(
            id = "IS-01",
            segments = 700,
            octets = 70_000,
            connections = 320,
            halfOpen = 520,
            title = "moves its initial sequence number forward, as a clock, between SYNs of one pair of sockets",
            tags = {"handshake", "isn"})
    @Requirement("RFC9293-MUST-8")
    public void advancesOnOneTuple(Peer peer) {
        clock(peer, FEW, false);
    }

    @Test
    @Case(
            id = "IS-02",
            segments = 10_000,
            octets = 800_000,
            connections = 4_000,
            halfOpen = 520,
            perSample = true,
            title = "moves its initial sequence number forward, as a clock, between connections of one pair of sockets",
            seconds = 30,
            tags = {"handshake", "isn", "long"})
    @Requirement("RFC9293-MUST-8")
    public void advancesBetweenConnections(Peer peer) {
        clock(peer, peer.isnSamples(), true);
    }

    /**
     * Judges that the ISN of one pair of sockets follows a clock: it goes forward, save once where the secret is changed
     * (RFC 6528, 3), and, across a pause in the middle, further than from one sample to the next. A clock may be fast,
     * uneven or coarse (RFC 9293, 3.4.1: "neither assumed to be realtime nor precise"). No chance is in it.
     */
    private static void clock(Peer peer, int count, boolean whole) {
        List<Sample> samples = new ArrayList<>();
        try (Volley one = peer.volley(1)) {
            for (int i = 0; i < count; i++) {
                if (i == count / 2) {
                    peer.pass(PAUSE);
                }
                samples.add(sample(one, 0, whole));
            }
        }
        double[] seconds = samples.stream()
                .mapToDouble(s -> (s.nanos() - samples.get(0).nanos()) / 1e9)
                .toArray();
        int[] steps = steps(numbers(samples));
        double[] sums = new double[count];
        for (int i = 1; i < count; i++) {
            sums[i] = sums[i - 1] + steps[i - 1];
        }
        peer.measured(new Series(
                "ISN on one pair of sockets", Series.Shape.SCATTER, "ISN - first ISN", "seconds", seconds, sums));

        peer.judge("numbers that move forward with time", () -> advances(peer, came(samples)));
        if (Arrays.stream(steps).noneMatch(step -> step < 0)) {
            rate(peer, seconds, sums);
        }
    }

    private static void advances(Peer peer, List<Sample> samples) {
        int[] steps = steps(numbers(samples));
        long back = Arrays.stream(steps).filter(step -> step < 0).count();
        long still = Arrays.stream(steps).filter(step -> step == 0).count();
        String seen =
                "of " + steps.length + " steps on one pair of sockets " + back + " went back and " + still + " were 0";
        if (back > 1 || still == steps.length) {
            throw peer.broken("isn-not-advancing", seen + ": a clock would have moved it forward");
        }
        double others =
                (samples.get(samples.size() - 1).nanos() - samples.get(0).nanos()) / 1e9 - PAUSE.toMillis() / 1e3;
        if (Arrays.stream(steps).distinct().count() == 1 && others < LONGEST_SECONDS) {
            throw peer.broken(
                    "isn-not-advancing",
                    "the initial sequence number moved by " + steps[0] + " for each connection of one pair of sockets,"
                            + " and by no more across a pause of " + PAUSE.toSeconds() + " s: it follows no clock");
        }
        peer.observed(seen);
    }

    /** Measures how fast the clock is, by least squares, and how far off an even clock the numbers are. */
    private static void rate(Peer peer, double[] seconds, double[] sums) {
        double meanX = Arrays.stream(seconds).average().orElseThrow();
        double meanY = Arrays.stream(sums).average().orElseThrow();
        double covariance = 0;
        double variance = 0;
        for (int i = 0; i < sums.length; i++) {
            covariance += (seconds[i] - meanX) * (sums[i] - meanY);
            variance += (seconds[i] - meanX) * (seconds[i] - meanX);
        }
        double perSecond = covariance / variance;
        double[] off = IntStream.range(0, sums.length)
                .mapToDouble(i -> (sums[i] - meanY - perSecond * (seconds[i] - meanX)) / perSecond * 1e6)
                .toArray();
        peer.measured(new Series(
                "ISN off an even clock, on one pair of sockets", Series.Shape.SCATTER, "µs", "seconds", seconds, off));
        peer.observed(String.format(
                Locale.ROOT,
                "the ISN of one pair of sockets advances by %,.0f a second, 1 in %.3g ns, and comes round in %,.0f s; it"
                        + " is up to %,.0f µs off an even clock",
                perSecond,
                1e9 / perSecond,
                0x1p32 / perSecond,
                Arrays.stream(off).map(Math::abs).max().orElseThrow()));
    }

    // ---- many pairs of sockets

    @Test
    @Case(
            id = "IS-03",
            segments = 700,
            octets = 70_000,
            connections = 320,
            halfOpen = 520,
            title = "chooses initial sequence numbers that those of other pairs of sockets do not tell",
            tags = {"handshake", "isn"})
    @Requirement({"RFC9293-SHLD-1", "RFC9293-MUST-9", "RFC6528-3-1", "RFC6528-3-2"})
    public void unpredictableOverTuples(Peer peer) {
        List<Sample> samples = overTuples(peer, FEW);
        isNotPredictable(peer, samples);
        isNotRepeated(peer, samples);
    }

    @Test
    @Case(
            id = "IS-04",
            segments = 10_000,
            octets = 800_000,
            connections = 4_000,
            halfOpen = 520,
            perSample = true,
            title =
                    "chooses initial sequence numbers that no simple rule predicts from those of other pairs of sockets",
            seconds = 30,
            tags = {"handshake", "isn", "long"})
    @Requirement({"RFC6528-3-1", "RFC6528-3-2", "RFC9293-SHLD-1", "RFC9293-MUST-9"})
    public void noSimplePredictor(Peer peer) {
        List<Sample> samples = overTuples(peer, peer.isnSamples());
        double[] numbers = unsigned(numbers(samples));
        peer.measured(new Series(
                "ISN after ISN over pairs of sockets",
                Series.Shape.SCATTER,
                "next ISN",
                "ISN",
                Arrays.copyOf(numbers, numbers.length - 1),
                Arrays.copyOfRange(numbers, 1, numbers.length)));
        isNotPredictable(peer, samples);
    }

    @Test
    @Case(
            id = "IS-07",
            segments = 10_000,
            octets = 800_000,
            connections = 4_000,
            halfOpen = 520,
            perSample = true,
            title = "takes initial sequence numbers from the whole of the 32-bit range, and repeats none",
            seconds = 30,
            tags = {"handshake", "isn", "long"})
    @Requirement({"RFC9293-SHLD-1", "RFC6528-3-1"})
    public void wholeRange(Peer peer) {
        List<Sample> samples = overTuples(peer, peer.isnSamples());
        int[] numbers = numbers(samples);
        peer.measured(
                new Series("ISNs over pairs of sockets", Series.Shape.HISTOGRAM, "", new double[0], unsigned(numbers)));
        isNotRepeated(peer, samples);
        int parts = Chance.parts(numbers.length);
        int empty = Chance.empty(numbers, parts);
        String seen = "of " + parts + " equal parts of the number space " + empty + " hold none of " + numbers.length
                + " initial sequence numbers";
        peer.observed(seen);
        if (empty > 0) {
            throw peer.broken("isn-predictable", seen + ": there are fewer to guess among than 2^32");
        }
        int changing = 0;
        for (int number : numbers) {
            changing |= number ^ numbers[0];
        }
        peer.observed(Integer.bitCount(changing) + " of the 32 bits change");
    }

    /** Samples of one pair of sockets after another. */
    private static List<Sample> overTuples(Peer peer, int count) {
        List<Sample> samples = new ArrayList<>();
        while (samples.size() < count) {
            int ports = Math.min(PORTS, count - samples.size());
            try (Volley some = peer.volley(ports)) {
                for (int i = 0; i < ports; i++) {
                    samples.add(sample(some, i, false));
                }
            }
        }
        double[] index = IntStream.range(0, count).asDoubleStream().toArray();
        peer.measured(new Series(
                "ISN over pairs of sockets", Series.Shape.SCATTER, "ISN", index, unsigned(numbers(samples))));
        return samples;
    }

    /** Numbers that are computed from the ISNs and would lie close together, were they told by a simple rule. */
    private record View(String what, int[] numbers) {}

    /** Of even and independent ISNs, the numbers of each view are even and independent of each other, too. */
    private static List<View> views(List<Sample> samples) {
        int[] numbers = numbers(samples);
        int[] steps = steps(numbers);
        return List.of(
                new View("initial sequence numbers", numbers),
                new View("steps from one initial sequence number to the next", steps),
                new View("changes of the step from one initial sequence number to the next", steps(steps)),
                new View("distances of initial sequence numbers from our own", each(samples, s -> s.isn() - s.irs())),
                new View("factors from one step to the next", factors(steps)));
    }

    /** What each odd number is multiplied by, modulo 2^32, to give the one after it: one factor in a congruential generator. */
    private static int[] factors(int[] steps) {
        return IntStream.range(1, steps.length)
                .filter(i -> steps[i - 1] % 2 != 0)
                .map(i -> steps[i] * inverse(steps[i - 1]))
                .toArray();
    }

    /** The inverse of an odd number modulo 2^32, by Newton's method: each round doubles the bits that are right. */
    private static int inverse(int odd) {
        int inverse = odd;
        for (int bits = 3; bits < 32; bits *= 2) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    private static void isNotPredictable(Peer peer, List<Sample> samples) {
        peer.judge("numbers that others do not tell", () -> areFarApart(peer, came(samples)));
    }

    private static void areFarApart(Peer peer, List<Sample> samples) {
        List<View> views = views(samples);
        for (View view : views) {
            int count = view.numbers().length;
            int crowd = Chance.crowd(view.numbers());
            int limit = Chance.tooCrowded(count, views.size());
            String seen = "of " + count + " " + view.what() + " " + crowd + " lie within 2^25, where " + limit
                    + " are no chance";
            peer.observed(seen);
            if (crowd >= limit) {
                throw peer.broken("isn-predictable", seen + ": one pair of sockets tells of another");
            }
        }
    }

    private static void isNotRepeated(Peer peer, List<Sample> samples) {
        peer.judge("numbers that do not come again", () -> areMany(peer, came(samples)));
    }

    private static void areMany(Peer peer, List<Sample> samples) {
        int repeats = Chance.repeats(numbers(samples));
        int limit = Chance.tooManyRepeats(samples.size());
        String seen = "of " + samples.size() + " initial sequence numbers " + repeats + " have come before, where "
                + limit + " are no chance";
        peer.observed(seen);
        if (repeats >= limit) {
            throw peer.broken("isn-predictable", seen + ": the target has few to choose from");
        }
    }

    // ---- one connection

    @Test
    @Case(
            id = "IS-06",
            title =
                    "keeps to one initial sequence number in all SYN,ACKs of a connection, sent again by timer or for a SYN",
            seconds = 9,
            tags = {"handshake", "isn", "timer"})
    @Requirement("RFC9293-3.10.8-3")
    public void oneNumberForOneConnection(Peer peer) {
        peer.openTo();
        for (int i = 0; i < 2; i++) {
            // outside the window, as our SYN takes the number before it: an ACK would do as well
            peer.send(syn().seq(IRS));
            peer.expectWithin(RETRANSMISSION, synAck().seq(ISS).ack(IRS.plus(1)), ack().seq(ISS.plus(1)));
        }
        peer.expectWithin(RETRANSMISSION, synAck().seq(ISS).ack(IRS.plus(1)));
        int iss = peer.value(ISS);
        peer.judge("one initial sequence number", () -> {
            List<Answer> synAcks = peer.received(s -> s.has(Flag.SYN));
            long others = synAcks.stream().filter(a -> a.segment().seq() != iss).count();
            if (others > 0) {
                throw peer.broken(
                        "wrong-seq",
                        "of " + synAcks.size() + " SYN,ACKs of one connection " + others
                                + " have another initial sequence number than the first");
            }
            peer.observed(synAcks.size() + " SYN,ACKs have one initial sequence number");
        });
        peer.prove(TcpState.SYN_RECEIVED);
    }

    // ---- samples

    private static Sample sample(Volley volley, int port, boolean whole) {
        for (int i = 0; i < TRIES; i++) {
            List<Volley.Opening> one = volley.open(port, 1);
            Volley.Opening opening = one.get(0);
            Optional<Volley.Answer> answer = opening.answer();
            if (whole) {
                volley.accept(one);
            }
            volley.reset(one);
            if (answer.isPresent()) {
                return new Sample(answer.get(), opening.irs(), opening.answeredNanos());
            }
        }
        throw new Inconclusive(Failure.of(
                "preamble", TRIES + " SYNs of one pair of sockets, after so many others, were not answered"));
    }

    /**
     * Those that are there, looked at anew.
     *
     * @throws Inconclusive if most are not
     */
    private static List<Sample> came(List<Sample> samples) {
        List<Sample> came =
                samples.stream().filter(s -> s.answer().synAck().isPresent()).toList();
        if (came.size() <= samples.size() / 2) {
            throw new Inconclusive(Failure.of(
                    "nothing-seen", "only " + came.size() + " of " + samples.size() + " SYNs were answered"));
        }
        return came;
    }

    private static int[] numbers(List<Sample> samples) {
        return each(samples, Sample::isn);
    }

    private static int[] each(List<Sample> samples, ToIntFunction<Sample> number) {
        return samples.stream().mapToInt(number).toArray();
    }

    private static int[] steps(int[] numbers) {
        return IntStream.range(1, numbers.length)
                .map(i -> numbers[i] - numbers[i - 1])
                .toArray();
    }

    private static double[] unsigned(int[] numbers) {
        return Arrays.stream(numbers).mapToDouble(Integer::toUnsignedLong).toArray();
    }
}
