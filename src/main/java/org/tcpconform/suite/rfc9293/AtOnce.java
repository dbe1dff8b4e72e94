package org.tcpconform.suite.rfc9293;

import java.time.Duration;
import java.util.function.Supplier;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;

/**
 * Tells an acknowledgment that comes at once from one that waits for a timer. A timer that runs freely may end at any
 * moment after a segment, but not twice in a row at once; and a busy machine delays much, but not all.
 */
final class AtOnce {
    private static final Duration AT_ONCE = Duration.ofMillis(30);
    private static final int TRIES = 6;

    private AtOnce() {}

    /**
     * Demands that what is sent is acknowledged without waiting for a timer: two times in a row, of six.
     *
     * @param code the failure code where it is not
     * @param what what is sent, such as {@code a segment above a gap}
     * @param exchange sends it once, and returns the acknowledgment
     */
    static void isAcknowledged(Peer peer, String code, String what, Supplier<Answer> exchange) {
        int inARow = 0;
        Duration delay = Duration.ZERO;
        for (int i = 0; i < TRIES; i++) {
            delay = exchange.get().delay();
            inARow = delay.compareTo(AT_ONCE.plus(peer.timing().least())) < 0 ? inARow + 1 : 0;
            if (inARow == 2) {
                return;
            }
        }
        throw peer.broken(
                code,
                what + " was not acknowledged at once, but " + delay.toMillis() + " ms later, and never twice in a row"
                        + " at once");
    }
}
