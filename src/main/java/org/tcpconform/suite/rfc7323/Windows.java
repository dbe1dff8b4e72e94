package org.tcpconform.suite.rfc7323;

import org.tcpconform.peer.Peer;
import org.tcpconform.segment.Segment;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;

/** Windows that we offer to a target that has much to send (RFC 7323, 2). */
public final class Windows {
    private Windows() {}

    /** A congestion window that a timeout has made small needs so many times as long until it no longer counts. */
    private static final int ROUNDS = 4;

    /**
     * Makes the target send, within windows of that field, so much that it fills them.
     *
     * @throws Inconclusive if it never does, so that it could not be seen to exceed them either
     */
    public static void fills(Peer peer, Segment acknowledgment, int field, int scaled) {
        peer.send(acknowledgment.window(field));
        int nearlyFull = scaled - 2 * Peer.MSS;
        int beyond;
        int inFlight;
        int round = 0;
        do {
            peer.receive(Math.max(20 * Peer.MSS, scaled * 6), acknowledgment.window(field));
            beyond = peer.beyondWindow();
            inFlight = peer.mostInFlight();
            round++;
        } while (round < ROUNDS && beyond <= 0 && inFlight > (scaled > field ? field : 0) && inFlight < nearlyFull);
        if (beyond > 0) {
            throw peer.broken(
                    "beyond-window",
                    "the target sent " + beyond + " octets beyond the window, which is " + scaled
                            + " octets once scaled");
        }
        if (scaled > field && inFlight <= field) {
            throw peer.broken(
                    "window-not-scaled",
                    "never were more than " + inFlight + " octets in flight, as if the window were not scaled to "
                            + scaled);
        }
        if (inFlight < nearlyFull) {
            throw new Inconclusive(Failure.of(
                    "nothing-seen",
                    "never were more than " + inFlight
                            + " octets in flight, too few to tell what is made of a window of " + scaled));
        }
        peer.observed("at most " + inFlight + " octets were in flight of a window of " + scaled);
    }
}
