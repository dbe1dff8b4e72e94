package org.tcpconform.wire;

import java.time.Duration;
import java.util.Optional;

/**
 * What has come between us and the truth so far: two of these tell whether what was seen between them can be trusted.
 *
 * @param lost frames that the capture has lost
 * @param failures how often sending or capturing has failed
 * @param offsetNanos how far the clock of the capture stamps is ahead of {@link System#nanoTime}, which nobody sets
 */
public record Disturbances(long lost, long failures, long offsetNanos) {
    /** A clock that is disciplined without being set keeps well below; what is judged by stamps allows for more. */
    private static final Duration STEP = Duration.ofMillis(10);

    private static final long EXACT_NANOS = 1_000_000;
    private static final int READINGS = 5;

    /** What it is now. */
    static Disturbances of(Link link) {
        return new Disturbances(link.dropped(), link.failures(), offset(link));
    }

    /** The reading that was the least delayed between one clock and the other. */
    private static long offset(Link link) {
        long narrowest = Long.MAX_VALUE;
        long offset = 0;
        for (int i = 0; i < READINGS && narrowest > EXACT_NANOS; i++) {
            long before = System.nanoTime();
            long stamp = link.clock();
            long width = System.nanoTime() - before;
            if (width < narrowest) {
                narrowest = width;
                offset = stamp - before - width / 2;
            }
        }
        return offset;
    }

    /** What happened since, in words; empty where nothing did. */
    public Optional<String> since(Disturbances before) {
        if (lost > before.lost) {
            return Optional.of("the capture lost " + (lost - before.lost) + " frames");
        }
        if (failures > before.failures) {
            return Optional.of("the interface failed");
        }
        Duration step = Duration.ofNanos(offsetNanos - before.offsetNanos);
        return step.abs().compareTo(STEP) <= 0
                ? Optional.empty()
                : Optional.of("the clock of the capture stamps was set "
                        + (step.isNegative() ? "back" : "forward")
                        + " by " + step.abs().toMillis() + " ms");
    }
}
