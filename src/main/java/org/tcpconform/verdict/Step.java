package org.tcpconform.verdict;

/**
 * One line of what happened in a case, in the order of the capture.
 *
 * @param timeNanos capture time since the epoch, in nanoseconds; for lines without a frame, the time of the frame before
 * @param kind what the line is
 * @param text a segment in packetdrill notation, or a sentence
 * @param detail what was expected, or why it matters; may be empty
 * @param state the target's state by RFC 9293, 3.3.2 as far as the peer knows it; may be empty
 * @param connection which connection of the case it belongs to, counted from 1; 0 where it belongs to none
 * @param offending whether this is the segment that the verdict turns on
 */
public record Step(
        long timeNanos, Kind kind, String text, String detail, String state, int connection, boolean offending) {
    /** What a line of a case is. */
    public enum Kind {
        /** A segment from us to the target. */
        SENT,
        /** A segment from the target. */
        RECEIVED,
        /** An expectation that was met. */
        EXPECTED,
        /** An expectation that was not met. */
        MISMATCH,
        /** A silence that was kept as demanded. */
        SILENCE,
        /** A remark. */
        NOTE
    }
}
