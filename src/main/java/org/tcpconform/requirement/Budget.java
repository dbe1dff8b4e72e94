package org.tcpconform.requirement;

import java.util.Arrays;

/**
 * The most that one attempt of a case may send, whatever the target does. It is no estimate: what would go beyond is not
 * sent.
 *
 * @param segments TCP segments, without the resets that end what is still open
 * @param octets octets of their frames
 * @param connections connections begun
 * @param halfOpen connections that may be half-open at once: ports that connections are begun from
 */
public record Budget(int segments, long octets, int connections, int halfOpen) {
    /** For what is no case. */
    public static final Budget UNLIMITED =
            new Budget(Integer.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    /** Samples of a case of suite isn that its budget is for. */
    public static final int ISN_SAMPLES = 2_000;

    private static final int FOR_BULK = 8;

    /** The budget of a case where its statistics look at {@code isnSamples} samples. */
    public static Budget of(Case annotation, int isnSamples) {
        int times = annotation.perSample() ? Math.max(1, (isnSamples + ISN_SAMPLES - 1) / ISN_SAMPLES) : 1;
        // how often what it sends without end is acknowledged, is for the target to choose
        int acknowledging = Arrays.asList(annotation.needs()).contains(Stimulus.BULK) ? FOR_BULK : 1;
        return new Budget(
                annotation.segments() * times * acknowledging,
                annotation.octets() * times * acknowledging,
                annotation.connections() * times,
                annotation.halfOpen());
    }
}
