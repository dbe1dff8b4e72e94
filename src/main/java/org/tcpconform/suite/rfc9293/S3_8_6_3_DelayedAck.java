package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.DISCARD;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.segment.Flag.ACK;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.segment;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SND_UNA;

import java.time.Duration;
import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Segment;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;
import org.testng.annotations.Test;

/** RFC 9293, 3.8.6.3, and RFC 5681, 4.2: when data is acknowledged. All times are between capture stamps. */
public class S3_8_6_3_DelayedAck {
    private static final int PAIRS = 5;
    /** So far apart come the pairs of a stream in the second try, and further in later ones: far less than any timer. */
    private static final Duration APART = Duration.ofMillis(1);
    /** Timers of delayed acknowledgments take 40 ms at the least. */
    private static final Duration BEFORE_ANY_TIMER = Duration.ofMillis(20);

    private static final Duration MOST = Duration.ofMillis(500);
    /** No acknowledgment that waits for nothing takes so long, save on a busy machine. */
    private static final Duration DELAYED = Duration.ofMillis(10);

    /** More than a target acknowledges at once in the beginning of a connection, before it delays. */
    private static final int WARM = 40;

    /** A segment as in the middle of a stream: more follows, says the missing PSH. */
    private static Segment midStream(int octets) {
        return segment(ACK).payload(octets);
    }

    /** After so many segments, each so large. */
    record Moment(String id, String what, int before, boolean full) implements Row {}

    static List<Moment> moments() {
        return List.of(
                new Moment("02-FULL", "one full-sized segment", 0, true),
                new Moment("02-ONE", "one octet", 0, false),
                new Moment("02-WARM-FULL", "one full-sized segment after 40 others", WARM, true),
                new Moment("02-WARM-ONE", "one octet after 40 segments", WARM, false));
    }

    @Test
    @Case(
            id = "DT",
            segments = 96,
            octets = 120_000,
            title = "acknowledges {} in less than half a second, though no other follows",
            needs = DISCARD,
            rows = "moments",
            seconds = 25,
            tags = {"data", "long"})
    @Requirement({"RFC9293-MUST-40", "RFC5681-4.2-2"})
    public void acknowledgmentIsNotTooLate(Peer peer, Moment moment) {
        Answer synAck = peer.openTo();
        int mss = Sizes.receiveMss(peer, synAck);
        peer.send(ack());
        for (int i = 0; i < moment.before(); i++) {
            peer.send(midStream(mss));
            peer.expectAck(ack().ack(RCV_NXT));
        }
        peer.send(moment.full() ? midStream(mss) : data(1));
        isNotTooLate(peer);
    }

    @Test
    @Case(
            id = "DT-02-NAGLE",
            title = "acknowledges data in less than half a second, though what it sends waits for our acknowledgment",
            needs = ECHO,
            tags = "data")
    @Requirement({"RFC9293-MUST-40", "RFC5681-4.2-2"})
    public void acknowledgmentDoesNotWaitForOurs(Peer peer) {
        peer.establish();
        peer.send(data(1));
        peer.expectAck(data(1).ack(RCV_NXT));
        // ours of that octet does not come, so that Nagle's algorithm keeps the next one back
        peer.send(data(1).ack(SND_UNA));
        isNotTooLate(peer);
    }

    private static void isNotTooLate(Peer peer) {
        Duration delay = peer.expectAck(ack().ack(RCV_NXT)).delay();
        if (delay.compareTo(MOST) >= 0) {
            throw peer.broken(
                    "late-ack", "the acknowledgment came " + delay.toMillis() + " ms after the data, 500 are too many");
        }
        peer.observed("acknowledged after " + delay.toMillis() + " ms");
    }

    @Test
    @Case(
            id = "DT-03",
            octets = 16_000,
            title = "acknowledges two full-sized segments without waiting for a timer",
            needs = DISCARD,
            tags = "data")
    @Requirement({"RFC9293-SHLD-19", "RFC5681-4.2-1"})
    public void everySecondSegmentIsAcknowledged(Peer peer) {
        Answer synAck = peer.openTo();
        int mss = Sizes.receiveMss(peer, synAck);
        peer.send(ack());
        AtOnce.isAcknowledged(peer, "stretch-ack", "the second of two full-sized segments", () -> {
            peer.atOnce(() -> {
                peer.send(midStream(mss));
                peer.send(midStream(mss));
            });
            // an acknowledgment of the first alone will do, since then the second is the first that waits
            Answer answer = peer.expectAck(ack().ack(RCV_NXT), ack().ack(RCV_NXT.minus(mss)));
            if (answer.choice() == 1) {
                peer.expectAck(ack().ack(RCV_NXT));
            }
            return answer;
        });
    }

    @Test
    @Case(
            id = "DT-04",
            segments = 180,
            octets = 200_000,
            title = "acknowledges every second of ten full-sized segments in a row, in one of ten tries at least",
            needs = DISCARD,
            exclusive = true,
            tags = "data")
    @Requirement({"RFC9293-SHLD-19", "RFC5681-4.2-1"})
    public void acknowledgmentsOfAStream(Peer peer) {
        Answer synAck = peer.openTo();
        int mss = Sizes.receiveMss(peer, synAck);
        peer.send(ack());
        // the best of several, ever further apart, since a busy target finds many at once, and an acknowledgment may be
        // lost
        int fewest = Integer.MAX_VALUE;
        for (int i = 0; i < 10 && fewest > 2; i++) {
            int first = peer.value(RCV_NXT);
            Duration apart = APART.multipliedBy(i);
            peer.atOnce(() -> {
                for (int pair = 0; pair < 5; pair++) {
                    peer.pass(apart);
                    peer.send(midStream(mss));
                    peer.send(midStream(mss));
                }
            });
            peer.expectAck(ack().ack(RCV_NXT));
            fewest = Math.min(fewest, mostAtOnce(peer, first) / mss);
        }
        if (fewest > 2 && acknowledgesTwoAtOnce(peer, mss)) {
            throw new Inconclusive(Failure.of(
                    "too-slow",
                    "two full-sized segments are acknowledged at once, but of ten the target finds many together"));
        }
        if (fewest > 2) {
            throw peer.broken(
                    "stretch-ack",
                    "of ten full-sized segments in a row, " + fewest
                            + " or more were acknowledged at once, in ten tries");
        }
        peer.observed("of ten full-sized segments in a row, " + fewest + " were acknowledged at once");
    }

    /** Whether two full-sized segments are acknowledged before any timer can have run, in one of some tries. */
    private static boolean acknowledgesTwoAtOnce(Peer peer, int mss) {
        for (int i = 0; i < PAIRS; i++) {
            peer.atOnce(() -> {
                peer.send(midStream(mss));
                peer.send(midStream(mss));
            });
            Answer answer = peer.expectAck(ack().ack(RCV_NXT));
            if (answer.delay().compareTo(BEFORE_ANY_TIMER) < 0) {
                return true;
            }
        }
        return false;
    }

    /** The most octets after {@code first} that one acknowledgment has taken in. */
    private static int mostAtOnce(Peer peer, int first) {
        int most = 0;
        int before = 0;
        for (int acknowledged : peer.received(s -> s.length() == 0).stream()
                .mapToInt(a -> Math.max(0, a.segment().ack() - first))
                .sorted()
                .toArray()) {
            most = Math.max(most, acknowledged - before);
            before = acknowledged;
        }
        return most;
    }

    @Test
    @Case(
            id = "DT-05",
            octets = 80_000,
            title = "delays an acknowledgment in the hope of aggregating, at the latest after 40 segments",
            needs = DISCARD,
            seconds = 25,
            tags = {"data", "long"})
    @Requirement({"RFC9293-SHLD-18", "RFC5681-4.2-1"})
    public void acknowledgmentsAreDelayed(Peer peer) {
        Answer synAck = peer.openTo();
        int mss = Sizes.receiveMss(peer, synAck);
        peer.send(ack());
        for (int i = 1; i <= WARM; i++) {
            peer.send(midStream(mss));
            Duration delay = peer.expectAck(ack().ack(RCV_NXT)).delay();
            if (delay.compareTo(DELAYED) > 0) {
                peer.observed("the acknowledgment of segment " + i + " was delayed by " + delay.toMillis() + " ms");
                return;
            }
        }
        throw peer.broken(
                "no-delayed-ack", "each of " + WARM + " segments was acknowledged at once, although none followed");
    }

    @Test
    @Case(
            id = "DT-06",
            title = "sends no more than one acknowledgment of a segment, window updates excepted",
            needs = DISCARD,
            tags = "data")
    @Requirement("RFC5681-4.2-3")
    public void oneAcknowledgmentOfASegment(Peer peer) {
        peer.establish();
        peer.send(data(10));
        Answer first = peer.expectAck(ack().ack(RCV_NXT).noData());
        int window = first.segment().window();
        peer.expectSilence(ack().ack(RCV_NXT).noData().where("offers another window", s -> s.window() != window));
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "DT-07",
            segments = 160,
            octets = 16_000,
            title = "acknowledges a request with the reply to it, or before",
            needs = ECHO,
            observes = true,
            tags = "data")
    @Requirement("RFC9293-MUST-58")
    public void acknowledgmentRidesOnTheReply(Peer peer) {
        peer.establish();
        int alone = 0;
        for (int i = 0; i < WARM; i++) {
            peer.send(data(10));
            Answer answer = peer.expectAck(ack().ack(RCV_NXT));
            alone += answer.segment().payload().length == 0 ? 1 : 0;
            peer.receive(10);
        }
        peer.observed("of " + WARM + " requests " + (WARM - alone) + " were acknowledged by the reply alone");
    }
}
