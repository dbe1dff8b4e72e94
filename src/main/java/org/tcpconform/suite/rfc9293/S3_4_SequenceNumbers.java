package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.segment.Seq.ISS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;
import org.testng.annotations.Test;

/**
 * RFC 9293, 3.4: the target's own sequence numbers pass the end of the number space. They cannot be chosen, but where they
 * follow a clock it can be foreseen when those of a pair of sockets come close (RFC 6528, 3).
 */
public class S3_4_SequenceNumbers {
    /** How many pairs of sockets there are to choose among, so that one of them soon comes close. */
    private static final int PAIRS = 100;

    /** Between two looks at the clock of one pair. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int BEFORE = 300_000;
    /** So many octets may the foresight be off; as many are taken in after the boundary at least. */
    private static final int TOLERANCE = 250_000;

    /** A boundary that the numbers of a stream pass. */
    record Boundary(String id, String what, long number) implements Row {}

    static List<Boundary> boundaries() {
        return List.of(
                new Boundary("WRAP", "2^32", 0),
                // where arithmetic with a sign would go wrong
                new Boundary("SIGN", "2^31", 0x8000_0000L));
    }

    /** A pair of sockets: its ISN, and when it was. */
    private record Sample(Peer peer, int isn, long nanos) {
        static Sample of(Peer peer) {
            peer.fresh();
            Answer synAck = peer.openTo();
            peer.abort();
            return new Sample(peer, peer.value(ISS), synAck.timeNanos());
        }

        /** How long from {@code now} until the ISN is {@code isn}, this time or the next. */
        double nanosUntil(int isn, double perNano, long now) {
            double around = 0x1p32 / perNano;
            return (Integer.toUnsignedLong(isn - this.isn) / perNano + nanos - now + around) % around;
        }
    }

    @Test
    @Case(
            id = "SQ-14-OWN",
            title = "goes on sending, and takes acknowledgments, where its own numbers pass {}",
            needs = BULK,
            rows = "boundaries",
            seconds = 75,
            segments = 5 * PAIRS,
            octets = 100_000,
            connections = PAIRS + 8,
            halfOpen = PAIRS,
            tags = {"data", "bulk", "long"})
    @Requirement("RFC9293-3.4-1")
    public void ownNumbersWrap(Peer peer, Boundary boundary) {
        int start = (int) boundary.number() - BEFORE;
        Peer near = closeTo(peer, start);
        near.establish();
        int left = (int) boundary.number() - near.value(ISS);
        if (left < BEFORE - TOLERANCE || left > BEFORE + TOLERANCE) {
            throw new Inconclusive(Failure.of(
                    "state-not-reached",
                    "the initial sequence number was to be " + Integer.toUnsignedLong(start) + " and is "
                            + Integer.toUnsignedLong(near.value(ISS))));
        }
        int wanted = left + TOLERANCE;
        int came = near.receive(wanted).length;
        if (came < wanted) {
            throw near.broken(
                    "stalled",
                    "after " + came + " octets, the boundary being at " + left + ", the target sent no more, or left"
                            + " some out");
        }
        near.prove(TcpState.ESTABLISHED);
    }

    /** Waits until the ISN of some pair of sockets is about {@code isn}. */
    private static Peer closeTo(Peer peer, int isn) {
        List<Sample> samples = new ArrayList<>(List.of(Sample.of(peer)));
        peer.pass(PAUSE);
        Sample again = Sample.of(peer);
        double perNano = Integer.toUnsignedLong(again.isn() - samples.get(0).isn())
                / (double) (again.nanos() - samples.get(0).nanos());
        while (samples.size() < PAIRS) {
            samples.add(Sample.of(peer.another()));
        }
        long now = samples.get(PAIRS - 1).nanos();
        Sample next = samples.stream()
                .min(Comparator.comparingDouble(s -> s.nanosUntil(isn, perNano, now)))
                .orElseThrow();
        Duration wait = Duration.ofNanos((long) next.nanosUntil(isn, perNano, now));
        if (perNano == 0 || wait.compareTo(LONGEST) > 0) {
            throw new Inconclusive(Failure.of(
                    "state-not-reached",
                    "no initial sequence number comes close enough within " + LONGEST.toSeconds() + " s"));
        }
        peer.pass(wait);
        next.peer().fresh();
        return next.peer();
    }
}
