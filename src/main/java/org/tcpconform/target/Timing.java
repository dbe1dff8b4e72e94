package org.tcpconform.target;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * How long to wait, from the round-trip times that were measured and the floors that the RFCs give.
 *
 * @param rtt round-trip time, the largest of several samples
 * @param least round-trip time, the smallest of them
 * @param spread by how much they differ, but for a few; zero where frames are sure not to overtake one another
 * @param harmed how many of the samples were lost, came twice, or damaged
 * @param octetsPerSecond what the narrowest link on the way takes; zero where that is not known, or much
 */
public record Timing(Duration rtt, Duration least, Duration spread, int harmed, long octetsPerSecond) {
    private static final Duration DELAYED_ACK = Duration.ofMillis(500);
    private static final Duration SILENCE_FLOOR = Duration.ofMillis(250);
    private static final Duration BEFORE_SYN_ACK_TIMER = Duration.ofMillis(800);
    private static final Duration TOGETHER_FLOOR = Duration.ofMillis(50);
    private static final Duration SETTLING_FLOOR = Duration.ofMillis(10);
    private static final Duration ANSWER_FLOOR = Duration.ofMillis(1_000);
    private static final Duration APPLICATION = Duration.ofSeconds(3);

    /** Below this what differs is the machines' doing, and not the network's. */
    private static final Duration QUIET = Duration.ofMillis(4);
    /** What is as far away has not answered when the next segment leaves. */
    private static final Duration FAR = Duration.ofMillis(10);
    /** A share of all samples, at either end, that tells nothing. */
    private static final int OUTLIERS = 20;

    /** A network that has nothing the matter. */
    public Timing(Duration rtt) {
        this(rtt, Duration.ZERO, Duration.ZERO, 0);
    }

    /** A network of which no link is known to be slow. */
    public Timing(Duration rtt, Duration least, Duration spread, int harmed) {
        this(rtt, least, spread, harmed, 0);
    }

    /**
     * What follows from samples.
     *
     * @param samples round-trip times; at least one
     * @param harmed how many more were lost, or among these came twice or damaged
     */
    public static Timing of(Collection<Duration> samples, int harmed) {
        List<Duration> sorted = samples.stream().sorted().toList();
        int last = sorted.size() - 1;
        int cut = sorted.size() / OUTLIERS;
        Duration spread = sorted.get(last - cut).minus(sorted.get(cut));
        return new Timing(
                sorted.get(last), sorted.get(0), spread.compareTo(QUIET) < 0 ? Duration.ZERO : spread, harmed);
    }

    /** Whether the times at which frames come, and their order, tell nothing of the target. */
    public boolean isRestless() {
        return !spread.isZero();
    }

    /** Whether answers come before we get to the next segment. */
    public boolean isNear() {
        return isNear(least);
    }

    public static boolean isNear(Duration roundTrip) {
        return roundTrip.compareTo(FAR) <= 0;
    }

    /** As it is where frames differ by as much, or more, in how long they take. */
    public Timing withSpread(Duration other) {
        return new Timing(rtt, least, spread.compareTo(other) < 0 ? other : spread, harmed, octetsPerSecond);
    }

    /** As it is where the narrowest link on the way takes no more. */
    public Timing withRate(long octets) {
        return new Timing(rtt, least, spread, harmed, octets);
    }

    /** As it is where frames are sure not to overtake one another, by however much they differ. */
    public Timing withoutSpread() {
        return new Timing(rtt, least, Duration.ZERO, harmed, octetsPerSecond);
    }

    /** As it is when round trips take so long at the most. */
    public Timing withRoundTrip(Duration longest) {
        return new Timing(longest, least, spread, harmed, octetsPerSecond);
    }

    /** What to allow for the way there and back: where it is long, a smaller share of it will do. */
    private Duration away() {
        return isNear(rtt) ? rtt.multipliedBy(4) : FAR.multipliedBy(4).plus(rtt);
    }

    /**
     * How long to wait for a segment that no rule lets the target delay. Far longer than any answer takes, since it
     * guards against loss and a busy machine; what a rule says of time is judged from capture stamps instead.
     */
    public Duration answer() {
        return ANSWER_FLOOR.plus(away());
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
     * How long a target may need to hand a connection over to TIME-WAIT, or to forget it, or to return from a close that has
     * sent a FIN, until when what comes may be queued, and an ACK be joined to the one before. It may have answered already, but
     * what comes in that moment may be lost with the connection, as it may be lost on the way.
     */
    public Duration settling() {
        return SETTLING_FLOOR.plus(away());
    }

    /**
     * Within what time all has come that the target sends together, such as a flight of data, unless the link is slow; no
     * timer of its own runs as early.
     */
    public Duration together() {
        return TOGETHER_FLOOR.plus(rtt);
    }

    /** How long to watch for an answer that must not come, before the sign of life is asked for. */
    public Duration silence() {
        return SILENCE_FLOOR.plus(away());
    }
}
