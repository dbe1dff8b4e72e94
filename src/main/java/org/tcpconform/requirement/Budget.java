package org.tcpconform.requirement;

import java.util.List;

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

    /** What a frame has besides data at the most: Ethernet with a VLAN, IP, and TCP with all the options there can be. */
    public static final int LONGEST_HEADERS = 138;

    /** Where the target sends without end: one for each segment that comes, of as many as a case takes in. */
    private static final int ACKNOWLEDGMENTS = 4_000;

    /** Samples of a case of suite isn that its budget is for. */
    public static final int ISN_SAMPLES = 2_000;

    /** So many times as much may be sent, though not from more ports. */
    public Budget times(int times) {
        return equals(UNLIMITED) ? this : new Budget(segments * times, octets * times, connections * times, halfOpen);
    }

    /** The budget of a case where its statistics look at {@code isnSamples} samples. */
    public static Budget of(Case annotation, int isnSamples) {
        int acknowledgments = List.of(annotation.needs()).contains(Stimulus.BULK) ? ACKNOWLEDGMENTS : 0;
        int times = annotation.perSample() ? Math.max(1, (isnSamples + ISN_SAMPLES - 1) / ISN_SAMPLES) : 1;
        return new Budget(
                        annotation.segments() + acknowledgments,
                        annotation.octets() + acknowledgments * (long) LONGEST_HEADERS,
                        annotation.connections(),
                        annotation.halfOpen())
                .times(times);
    }
}
