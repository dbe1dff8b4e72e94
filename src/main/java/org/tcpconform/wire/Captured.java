package org.tcpconform.wire;

import org.tcpconform.segment.Frame;

/**
 * One captured frame of a flow.
 *
 * @param timeNanos capture time since the epoch, in nanoseconds
 * @param outgoing whether we sent it
 * @param frame what it holds: a {@link Frame.Tcp} or {@link Frame.IcmpError}
 * @param bytes the frame as on the wire
 */
public record Captured(long timeNanos, boolean outgoing, Frame frame, byte[] bytes) {}
