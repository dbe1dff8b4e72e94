package org.tcpconform.wire;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast we send: no more than so many segments a second, and besides no more than {@link #BURST} at one go after a
 * pause. Who sends faster waits for its turn. A connection is begun only where there is room for what it sends at one go,
 * so that it is the beginning that waits, and hardly what is under way. Safe for use by several threads.
 */
public final class Pace {
    /** More than a run sends in any second, with as many cases side by side as a lab takes. */
    public static final int USUAL = 20_000;

    public static final int LEAST = 10;
    public static final int MOST = 1_000_000;

    /** Segments that may leave at one go. */
    public static final int BURST = 64;

    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final int rate;
    /** How many may leave at once; guarded by this, as is the next. */
    private double room = BURST;

    private long filledNanos = System.nanoTime();

    /**
     * @param rate segments in a second
     */
    public Pace(int rate) {
        this.rate = rate;
    }

    public int rate() {
        return rate;
    }

    /** Waits until a segment may leave; an interrupt ends the wait, and stays. */
    void await() {
        await(1, 1);
    }

    /** Waits until there is room for what a connection sends at one go, and takes none. */
    void awaitRoom() {
        await(BURST / 2.0, 0);
    }

    private void await(double needed, double taken) {
        for (long left = take(needed, taken); left > 0; left = take(needed, taken)) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                // whoever is told to stop notices where it waits for an answer, and must not be kept from ending what
                // it began
                return;
            }
        }
    }

    /** Takes what is to be taken where there is room; else how long it is until there may be, in nanoseconds. */
    private synchronized long take(double needed, double taken) {
        long now = System.nanoTime();
        room = Math.min(BURST, room + (now - filledNanos) * rate / SECOND);
        filledNanos = now;
        if (room >= needed) {
            room -= taken;
            return 0;
        }
        return (long) Math.ceil((needed - room) * SECOND / rate);
    }
}
