package org.tcpconform.wire;

import java.util.Optional;
import org.tcpconform.segment.LinkLayer;

/** Where frames go out and come in. Safe for use by several threads. */
public interface Link extends AutoCloseable {
    /** Takes captured frames, our own included, one after the other on the link's capture thread. */
    @FunctionalInterface
    interface Receiver {
        /**
         * @param timeNanos capture time since the epoch, in nanoseconds
         * @param frame the frame as on the wire; owned by the receiver
         */
        void frame(long timeNanos, byte[] frame);
    }

    LinkLayer layer();

    /**
     * Sends one frame just as it is.
     *
     * @throws LinkDownException if nothing can be sent now
     * @throws LinkException if this frame cannot be sent
     */
    void send(byte[] frame);

    /** Starts the capture; called once. */
    void start(Receiver receiver);

    /** Frames that the capture has lost so far, for want of buffer. */
    long dropped();

    /** How often sending or capturing has failed so far, whatever was sent. */
    default long failures() {
        return 0;
    }

    /**
     * Why nothing comes over the link.
     *
     * @param what one line
     * @param passing whether it may come back
     */
    record Outage(String what, boolean passing) {}

    /** Whether nothing comes over the link now, as far as the interface tells. */
    default Optional<Outage> outage() {
        return Optional.empty();
    }

    /** What a frame would be stamped with that is captured now: nanoseconds since the epoch. */
    default long clock() {
        return Captured.now();
    }

    @Override
    void close();
}
