package org.tcpconform.suite.rfc7323;

import org.tcpconform.peer.Peer;
import org.tcpconform.segment.Segment;

/** Windows that we offer to a target that has much to send (RFC 7323, 2). */
public final class Windows {
    private Windows() {}

    /** Makes the target send, within windows of that field, so much that it fills them. */
    public static void fills(Peer peer, Segment acknowledgment, int field, int scaled) {
        peer.send(acknowledgment.window(field));
        peer.receive(Math.max(20 * Peer.MSS, scaled * 6), acknowledgment.window(field));
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
        peer.observed("at most " + inFlight + " octets were in flight of a window of " + scaled);
    }
}
