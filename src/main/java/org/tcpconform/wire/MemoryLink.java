package org.tcpconform.wire;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.tcpconform.segment.LinkLayer;

/**
 * A link in memory, for unit tests: what is sent goes to a function that plays the target, and what that gives back is
 * captured. Our own frames are captured too, before any answer to them, as on a real interface.
 */
public final class MemoryLink implements Link {
    private final LinkLayer layer;
    private final ExecutorService capture = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            r -> {
                Thread thread = new Thread(r, "capture-memory");
                thread.setDaemon(true);
                return thread;
            },
            // what is sent after the end is lost, as on a wire that was unplugged
            new ThreadPoolExecutor.DiscardPolicy());
    private volatile Receiver receiver;
    private volatile Consumer<byte[]> target = frame -> {};

    public MemoryLink(LinkLayer layer) {
        this.layer = layer;
    }

    /** Sets what gets each frame that is sent; called on the capture thread. */
    public void target(Consumer<byte[]> player) {
        this.target = player;
    }

    /** Lets a frame arrive from the target. */
    public void arrive(byte[] frame) {
        capture.execute(() -> deliver(frame));
    }

    private void deliver(byte[] frame) {
        Receiver to = receiver;
        if (to != null) {
            to.frame(Captured.now(), frame.clone());
        }
    }

    @Override
    public LinkLayer layer() {
        return layer;
    }

    @Override
    public void send(byte[] frame) {
        byte[] copy = frame.clone();
        capture.execute(() -> {
            deliver(copy);
            target.accept(copy);
        });
    }

    @Override
    public void start(Receiver to) {
        this.receiver = to;
    }

    @Override
    public long dropped() {
        return 0;
    }

    @Override
    public void close() {
        capture.shutdownNow();
    }
}
