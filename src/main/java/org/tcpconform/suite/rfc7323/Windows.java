package org.tcpconform.suite.rfc7323;

import java.time.Duration;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;

/** Windows that we offer to a target that has much to send (RFC 7323, 2). */
public final class Windows {
    /**
     * What may come where the target's data has to wait, since the window is closed: a probe, or an acknowledgment (RFC 9293,
     * 3.8.6.1).
     */
    public static final Segment PROBE =
            Segment.ack().ack(Seq.RCV_NXT).where("has one octet at the most", s -> s.payload().length <= 1);

    private Windows() {}

    /** A congestion window that begins small, or that a timeout has made so, grows by a segment for each of our ACKs. */
    private static final int ROUNDS = 8;

    private static final Duration LONGEST = Duration.ofSeconds(1);
    /** A slow link must take what all rounds may need within this time. */
    private static final int MOST_SECONDS = 15;

    /**
     * Makes the target send, within windows of that field, so much that it fills them, and then as much again: only who
     * could have sent more is seen to keep within.
     *
     * @throws Inconclusive if it never fills them, so that it could not be seen to exceed them either, or a slow link
     *     takes too long
     */
    public static void fills(Peer peer, Segment acknowledgment, int field, int scaled) {
        int octets = Math.max(20 * Peer.MSS, scaled * 6);
        requireRate(peer, ROUNDS * (long) octets, scaled);
        peer.send(acknowledgment.window(field));
        int nearlyFull = scaled - 2 * Peer.MSS;
        // a field that is not scaled may have room for a segment, too
        int telling = scaled > field ? Math.max(nearlyFull, field + 1) : nearlyFull;
        int beyond;
        int before;
        int inFlight = 0;
        int round = 0;
        boolean held = false;
        do {
            before = inFlight;
            peer.receive(octets, acknowledgment.window(field));
            if (peer.mostInFlight() < telling) {
                awaitFlight(peer);
                held = true;
            }
            beyond = peer.beyondWindow();
            inFlight = peer.mostInFlight();
            round++;
        } while (round < ROUNDS && beyond <= 0 && inFlight > (scaled > field ? field : 0) && before < nearlyFull);
        peer.judge(
                "nothing beyond the window of " + scaled + ", which is made use of", () -> isKept(peer, field, scaled));
        if (held) {
            peer.prove(TcpState.ESTABLISHED);
        }
        if (before < nearlyFull) {
            throw new Inconclusive(Failure.of(
                    "nothing-seen",
                    "never were more than " + inFlight
                            + " octets in flight, too few to tell what is made of a window of " + scaled));
        }
        peer.observed("at most " + inFlight + " octets were in flight of a window of " + scaled);
    }

    private static void requireRate(Peer peer, long octets, int scaled) {
        long permitted = peer.timing().octetsPerSecond();
        if (permitted > 0 && octets > permitted * MOST_SECONDS) {
            throw peer.slowLink("it takes too long to fill a window of " + scaled + " octets");
        }
    }

    /**
     * Acknowledges nothing until nothing more comes: over a slow link segments come one by one, so that who acknowledges
     * each has never more than one in flight.
     */
    private static void awaitFlight(Peer peer) {
        int begun = peer.mostInFlight();
        int before;
        Duration age = peer.timing().together();
        do {
            before = peer.mostInFlight();
            peer.expectQuiet(age, Segment.ack());
            age = age.multipliedBy(2);
        } while ((peer.mostInFlight() > before || before == begun) && age.compareTo(LONGEST) < 0);
    }

    private static void isKept(Peer peer, int field, int scaled) {
        int beyond = peer.beyondWindow();
        if (beyond > 0) {
            throw peer.broken(
                    "beyond-window",
                    "the target sent " + beyond + " octets beyond the window, which is " + scaled
                            + " octets once scaled");
        }
        int inFlight = peer.mostInFlight();
        if (scaled > field && inFlight <= field) {
            throw peer.broken(
                    "window-not-scaled",
                    "never were more than " + inFlight + " octets in flight, as if the window were not scaled to "
                            + scaled);
        }
    }
}
