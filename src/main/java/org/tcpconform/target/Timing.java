package org.tcpconform.target;

import java.time.Duration;

/**
 * How long to wait, from the round-trip time that was measured and the floors that the RFCs give.
 *
 * @param rtt round-trip time, the largest of several samples
 */
public record Timing(Duration rtt) {
    private static final Duration DELAYED_ACK = Duration.ofMillis(500);
    private static final Duration SILENCE_FLOOR = Duration.ofMillis(250);
    private static final Duration BEFORE_SYN_ACK_TIMER = Duration.ofMillis(800);
    private static final Duration SETTLING_FLOOR = Duration.ofMillis(10);
    private static final Duration ANSWER_FLOOR = Duration.ofMillis(1_000);
    private static final Duration APPLICATION = Duration.ofSeconds(3);

    /**
     * How long to wait for a segment that no rule lets the target delay. Far longer than any answer takes, since it
     * guards against loss and a busy machine; what a rule says of time is judged from capture stamps instead.
     */
    public Duration answer() {
        return ANSWER_FLOOR.plus(rtt.multipliedBy(4));
    }

    /** How long an acknowledgment may be delayed (RFC 9293, SHLD-18, MUST-58: less than 0.5 s), and a margin. */
    public Duration delayedAck() {
        return DELAYED_ACK.plus(answer());
    }

    /**
     * How long an application may pause in the midst of what it has to send. No rule of TCP is about that, and on a busy
     * machine it waits for its turn longer than the kernel does.
     */
    public Duration application() {
        return APPLICATION.plus(delayedAck());
    }

    /**
     * How long to wait for an answer that could be mistaken for a SYN,ACK that the target's timer sends again, which it
     * does after 1 s at the soonest (RFC 6298, 2.1).
     */
    public Duration beforeSynAckTimer() {
        return BEFORE_SYN_ACK_TIMER;
    }

    /**
     * How long a target may need to hand a connection over to TIME-WAIT, or to forget it. It may have answered already, but
     * what comes in that moment may be lost with the connection, as it may be lost on the way.
     */
    public Duration settling() {
        return SETTLING_FLOOR.plus(rtt.multipliedBy(4));
    }

    /** How long to watch for an answer that must not come, before the sign of life is asked for. */
    public Duration silence() {
        return SILENCE_FLOOR.plus(rtt.multipliedBy(4));
    }
}
