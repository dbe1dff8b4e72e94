package org.tcpconform.wire;

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
     * @throws LinkException if it cannot be sent
     */
    void send(byte[] frame);

    /** Starts the capture; called once. */
    void start(Receiver receiver);

    /** Frames that the capture has lost so far, for want of buffer. */
    long dropped();

    @Override
    void close();
}
