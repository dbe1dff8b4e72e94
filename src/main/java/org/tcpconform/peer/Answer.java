package org.tcpconform.peer;

import java.time.Duration;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.WireSegment;

/**
 * A segment that met an expectation.
 *
 * @param segment the segment
 * @param frame the frame around it
 * @param timeNanos its capture time since the epoch, in nanoseconds
 * @param delay time from our last segment before it to it, by capture stamps
 * @param choice which of the acceptable templates it met, counted from 0
 */
public record Answer(WireSegment segment, Frame.Tcp frame, long timeNanos, Duration delay, int choice) {}
