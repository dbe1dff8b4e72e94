package org.tcpconform.peer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import org.tcpconform.target.Timing;

/**
 * What a run has seen of the network between us and the target, before its cases and in them. The cases that run side by
 * side share it.
 */
public final class Network {
    /** So many frames that were lost, doubled or damaged are no accident, */
    private static final int NO_ACCIDENT = 2;
    /** unless they are so few among round trips: a machine that is busy for a moment is late once in a while. */
    private static final int RARE = 500;
    /** So many, of 120 round trips over each version of IP, are no chance that spares most attempts. */
    private static final int NO_CHANCE = 60;
    /** So many of the latest round trips show how it is now. */
    private static final int LATEST = 16;

    private final Timing before;
    private final Deque<Duration> latest = new ArrayDeque<>();
    private int harmed;
    private int roundTrips;

    /** @param timing what was measured before the first case */
    public Network(Timing timing) {
        this.before = timing;
    }

    /** A frame was lost, or came damaged and did not when it was sent again. */
    public synchronized void harmed() {
        harmed++;
    }

    /**
     * A SYN was answered.
     *
     * @param delay how long it took, by capture stamps
     * @param mostNanos longer it cannot have taken: where the clock of the stamps was set meanwhile they tell any time
     */
    synchronized void roundTrip(Duration delay, long mostNanos) {
        if (delay.isNegative() || delay.toNanos() > mostNanos) {
            return;
        }
        roundTrips++;
        latest.addLast(delay);
        if (latest.size() > LATEST) {
            latest.removeFirst();
        }
    }

    /** Whether it loses, doubles or damages frames, so that what did not come may have been sent. */
    public synchronized boolean isHarmful() {
        int all = before.harmed() + harmed;
        return before.harmed() >= NO_ACCIDENT || all >= NO_ACCIDENT && all * RARE >= roundTrips;
    }

    /** Whether it does so to so many frames that any attempt may fail, and all alike, as where each frame comes twice. */
    public boolean isRuinous() {
        return before.harmed() >= NO_CHANCE;
    }

    /** Whether frames may overtake one another, and the times at which they come tell nothing. */
    public boolean isRestless() {
        return before.isRestless();
    }

    /** Whether an attempt may fail though the target keeps the rule. */
    public boolean isBad() {
        return isRestless() || isHarmful();
    }

    /** How long to wait, by the longest round trip before the run, and the latest ones. */
    public synchronized Timing timing() {
        if (latest.size() < LATEST) {
            return before;
        }
        // not the longest: there a SYN,ACK may have been lost, and sent again by the target's timer
        Duration now = latest.stream().sorted().toList().get(LATEST * 3 / 4);
        return now.compareTo(before.rtt()) > 0 ? before.withRoundTrip(now) : before;
    }

    /**
     * How long after a segment the next one is sent, where the one before is not answered: so that it does not overtake it,
     * and what the first one draws does not pass for an answer to the second. Zero where the target is near, whose answers
     * come before we get to the next segment.
     */
    synchronized Duration pace() {
        return isRestless() || !before.isNear() || hasQueue() ? timing().rtt() : Duration.ZERO;
    }

    private boolean hasQueue() {
        return latest.size() == LATEST && !Timing.isNear(Collections.min(latest));
    }
}
