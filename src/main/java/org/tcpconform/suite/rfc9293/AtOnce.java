package org.tcpconform.suite.rfc9293;

import java.time.Duration;
import java.util.function.Supplier;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.segment.Flag;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;

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
     * <p>A target that takes as long for its SYN-ACK, which waits for no timer, is too slow to tell.
     *
     * @param code the failure code where it is not
     * @param what what is sent, such as {@code a segment above a gap}
     * @param exchange sends it once, and returns the acknowledgment
     */
    static void isAcknowledged(Peer peer, String code, String what, Supplier<Answer> exchange) {
        Duration atOnce = AT_ONCE.plus(peer.timing().least());
        Duration slow = AT_ONCE.plus(synAck(peer));
        int inARow = 0;
        boolean tooSlow = false;
        Duration delay = Duration.ZERO;
        for (int i = 0; i < TRIES; i++) {
            delay = exchange.get().delay();
            inARow = delay.compareTo(atOnce) < 0 ? inARow + 1 : 0;
            tooSlow |= delay.compareTo(slow) < 0;
            if (inARow == 2) {
                return;
            }
        }
        String summary = what + " was not acknowledged at once, but " + delay.toMillis()
                + " ms later, and never twice in a row at once";
        if (tooSlow && slow.compareTo(atOnce) > 0) {
            throw new Inconclusive(Failure.of(
                    "too-slow",
                    summary + ", as the SYN-ACK took " + synAck(peer).toMillis() + " ms"));
        }
        throw peer.broken(code, summary);
    }

    private static Duration synAck(Peer peer) {
        return peer.received(s -> s.has(Flag.SYN)).stream()
                .map(Answer::delay)
                .findFirst()
                .orElse(Duration.ZERO);
    }
}
