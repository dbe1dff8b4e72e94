package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.SND_UNA;

import java.time.Duration;
import org.tcpconform.peer.Peer;
import org.tcpconform.segment.Segment;
import org.tcpconform.target.Timing;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NotApplicable;

/**
 * A service that sends back what it gets, to which we offer no window: it can send nothing back, in time it reads no
 * more, and the target's window closes.
 */
final class UnreadData {
    /** A service that has taken so many octets does not wait for us to take what it sends back. */
    private static final int MOST = 4_000_000;

    /** Nor does one that has taken so many segments, by however little its window opens each time. */
    private static final int MOST_SEGMENTS = 7_000;

    private static final Duration LONGEST = Duration.ofSeconds(60);
    /** After so long it is known what a slow link takes. */
    private static final Duration FIRST = Duration.ofSeconds(5);
    /** How often a window that was closed may open again. */
    private static final int MOST_ROUNDS = 20;
    /** Fits the smallest MSS that Ethernet has room for, over either version of IP. */
    private static final int SEGMENT = 1_400;
    /** Even, so that no acknowledgment is delayed. */
    private static final int SEGMENTS_AT_ONCE = 8;
    /** So that a target that is far away has taken as much in no more round trips than a case has time for. */
    private static final int SEGMENTS_TO_FAR = 64;
    /** The most segments that such a case sends. */
    static final int SEGMENTS = 8_000;
    /** The most octets in their frames. */
    static final long OCTETS = 6_000_000;
    /** What the target may send into a window of zero: a probe, or an acknowledgment (RFC 9293, 3.8.6.1). */
    static final Segment PROBE = ack().where("has one octet at the most", s -> s.payload().length <= 1);

    /** What the target's timer may send into a window of zero (RFC 9293, 3.8.6.1), and no answer to ours looks like. */
    static final Segment[] TIMED_PROBES = {
        ack().seq(SND_NXT.minus(1)).noData(), ack().where("has one octet", s -> s.payload().length == 1)
    };

    private UnreadData() {}

    /**
     * Sends to a new connection until the target's window is {@code window} octets or less, and stays so.
     *
     * @return how many octets of {@link Text} the target has taken
     * @throws NotApplicable if the window does not close
     * @throws Inconclusive if that takes too long to be known
     */
    static int leave(Peer peer, int window) {
        Sent sent = new Sent();
        peer.preliminary(() -> {
            peer.send(syn().window(0));
            long began = peer.expect(synAck().ack(IRS.plus(1))).timeNanos();
            peer.send(ack().window(0));
            for (int round = 0; peer.value(RCV_WND) > window; round++) {
                if (round == MOST_ROUNDS) {
                    throw new NotApplicable("the target's window, once closed, opens again and again");
                }
                while (peer.value(RCV_WND) > window) {
                    fill(peer, began, sent, window);
                }
                // the service may still be reading, and must not get room for an answer by an acknowledged probe
                peer.send(data(1).seq(RCV_NXT.minus(1)).ack(SND_UNA).window(0));
                peer.expectSilence(PROBE);
            }
        });
        return sent.octets;
    }

    private static final class Sent {
        private int octets;
        private int segments;
    }

    private static void fill(Peer peer, long began, Sent sent, int window) {
        boolean far = !peer.timing().isNear();
        int atOnce = far ? segmentsToFar(peer.timing()) : SEGMENTS_AT_ONCE;
        Duration longest =
                far ? LONGEST.plus(peer.timing().rtt().multipliedBy(MOST / SEGMENT / SEGMENTS_TO_FAR)) : LONGEST;
        peer.atOnce(() -> {
            for (int i = 0; i < atOnce && peer.value(RCV_WND) > window; i++) {
                int size = Math.min(peer.value(RCV_WND) - window, SEGMENT);
                peer.send(data(0).payload(Text.octets(sent.octets, sent.octets + size))
                        .window(0));
                sent.octets += size;
                sent.segments++;
            }
        });
        long now = peer.expectAck(ack().ack(RCV_NXT)).timeNanos();
        requireRate(peer, sent.octets, Duration.ofNanos(now - began));
        if (now - began > longest.toNanos()) {
            throw new Inconclusive(Failure.of(
                    "state-not-reached", "the target's window did not close within " + longest.toSeconds() + " s"));
        }
        if (sent.octets > MOST || sent.segments > MOST_SEGMENTS) {
            throw new NotApplicable("the service takes more than " + MOST + " octets or " + MOST_SEGMENTS
                    + " segments though it can send nothing back, so that the target's window does not close");
        }
    }

    /** No more than a slow link takes in half a second: who waits behind them must not take the target for dead. */
    private static int segmentsToFar(Timing timing) {
        long soon = timing.octetsPerSecond() / SEGMENT / 2;
        return timing.octetsPerSecond() == 0
                ? SEGMENTS_TO_FAR
                : (int) Math.max(SEGMENTS_AT_ONCE, Math.min(soon, SEGMENTS_TO_FAR));
    }

    /** Demands that {@link #MOST} octets may be sent over a slow link, and come back, within {@link #LONGEST}. */
    private static void requireRate(Peer peer, int octets, Duration time) {
        long permitted = peer.timing().octetsPerSecond();
        long needed = MOST / (LONGEST.toSeconds() / 2);
        if (permitted > 0 && time.compareTo(FIRST) > 0 && octets * 1_000L / time.toMillis() < needed) {
            throw peer.slowLink("the target has taken " + octets + " octets in " + time.toSeconds()
                    + " s, and its window is not closed");
        }
    }
}
