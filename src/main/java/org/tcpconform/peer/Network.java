package org.tcpconform.peer;

import java.util.concurrent.atomic.AtomicInteger;
import org.tcpconform.target.Timing;

/** What a run has seen of the network between us and the target, before its cases and in them. */
public final class Network {
    /** So many frames that were lost, doubled or damaged are no accident. */
    private static final int NO_ACCIDENT = 2;

    private final boolean restless;
    private final AtomicInteger harmed;

    /** @param timing what was measured before the first case */
    public Network(Timing timing) {
        this.restless = timing.isRestless();
        this.harmed = new AtomicInteger(timing.harmed());
    }

    /** A frame was lost, or came damaged. */
    public void harmed() {
        harmed.incrementAndGet();
    }

    /** Whether it loses, doubles or damages frames, so that what did not come may have been sent. */
    public boolean isHarmful() {
        return harmed.get() >= NO_ACCIDENT;
    }

    /** Whether frames may overtake one another, and the times at which they come tell nothing. */
    public boolean isRestless() {
        return restless;
    }

    /** Whether an attempt may fail though the target keeps the rule. */
    public boolean isBad() {
        return restless || isHarmful();
    }
}
