package org.tcpconform.wire;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.MacAddress;

/**
 * A link with a bad network behind it. What we send is captured at once, as on our own interface, and impaired only
 * then; what arrives is captured when it has come through.
 */
public final class ImpairedLink implements Link {
    private static final long OVERTAKEN_NANOS = 10_000_000;
    private static final long NANOS = 1_000_000_000L;

    private final Link link;
    private final byte[] mac;
    private final Impairment impairment;
    private final Random random;
    private final ScheduledThreadPoolExecutor capture;
    private final Direction out = new Direction();
    private final Direction in = new Direction();
    private Receiver receiver;

    /** One way through the network. */
    private final class Direction {
        /** When the narrowest link is free again; guarded by this. */
        private long free = System.nanoTime();

        /** How long from now until the last bit of a frame is through. */
        private long queued(int octets) {
            if (impairment.bitsPerSecond() == 0) {
                return 0;
            }
            long now = System.nanoTime();
            free = Math.max(free, now) + octets * 8L * NANOS / impairment.bitsPerSecond();
            return free - now;
        }

        synchronized void carry(byte[] frame, BiConsumer<Long, byte[]> end) {
            if (happens(impairment.loss())) {
                return;
            }
            int copies = happens(impairment.duplicate()) ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                byte[] copy = frame.clone();
                if (happens(impairment.corrupt())) {
                    flipOneBit(copy);
                }
                double jitter =
                        (random.nextDouble() * 2 - 1) * impairment.jitter().toNanos();
                long delay = queued(frame.length)
                        + impairment.delay().toNanos()
                        + (long) jitter
                        + (happens(impairment.reorder()) ? OVERTAKEN_NANOS : 0);
                schedule(delay, () -> end.accept(delay, copy));
            }
        }
    }

    /**
     * @param link what is impaired; started and closed with this one
     * @param mac our Ethernet address, by which our own frames are known
     * @param seed decides what happens to which frame
     */
    public ImpairedLink(Link link, MacAddress mac, Impairment impairment, long seed) {
        this.link = link;
        this.mac = mac.octets();
        this.impairment = impairment;
        this.random = new Random(seed);
        this.capture = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "capture-impaired");
            thread.setDaemon(true);
            return thread;
        });
        // what is under way at the end is lost
        capture.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private boolean happens(double share) {
        return share > 0 && random.nextDouble() < share;
    }

    /** Not in the Ethernet header: then it would be a frame for somebody else. */
    private void flipOneBit(byte[] frame) {
        int first = layer() == LinkLayer.ETHERNET ? 14 : 0;
        if (frame.length > first) {
            frame[first + random.nextInt(frame.length - first)] ^= (byte) (1 << random.nextInt(8));
        }
    }

    private void schedule(long delayNanos, Runnable task) {
        try {
            capture.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // closed meanwhile
        }
    }

    @Override
    public LinkLayer layer() {
        return link.layer();
    }

    @Override
    public void send(byte[] frame) {
        long time = Captured.now();
        byte[] seen = frame.clone();
        schedule(0, () -> receiver.frame(time, seen));
        out.carry(frame, (delay, copy) -> link.send(copy));
    }

    @Override
    public void start(Receiver to) {
        this.receiver = to;
        link.start((time, frame) -> {
            if (!isOurs(frame)) {
                in.carry(frame, (delay, copy) -> to.frame(time + delay, copy));
            }
        });
    }

    /** What we have sent was captured when it was sent. */
    private boolean isOurs(byte[] frame) {
        return layer() == LinkLayer.ETHERNET && frame.length >= 12 && Arrays.equals(frame, 6, 12, mac, 0, 6);
    }

    @Override
    public long dropped() {
        return link.dropped();
    }

    @Override
    public long failures() {
        return link.failures();
    }

    @Override
    public Optional<Outage> outage() {
        return link.outage();
    }

    @Override
    public void close() {
        capture.shutdownNow();
        link.close();
    }
}
