package org.tcpconform.wire;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.tcpconform.segment.Frame;

/**
 * One captured frame of a flow.
 *
 * @param timeNanos capture time since the epoch, in nanoseconds
 * @param outgoing whether we sent it
 * @param frame what it holds: a {@link Frame.Tcp} or {@link Frame.IcmpError}
 * @param bytes the frame as on the wire
 */
public record Captured(long timeNanos, boolean outgoing, Frame frame, byte[] bytes) {
    /** The stamp of a frame that is captured now, where no kernel gives one. */
    static long now() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }
}
