package org.tcpconform.run;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.Peer;
import org.tcpconform.wire.Disturbances;
import org.tcpconform.wire.Station;

/** Runs attempts, no more at once than there is memory for, and stops those that take far too long. */
final class AttemptGuard implements AutoCloseable {
    /** How many times its declared duration, and how many seconds more, an attempt may take. */
    private static final int HANG_FACTOR = 3;

    private static final int HANG_SECONDS = 30;
    /** A segment waits for the one before it, and is sent again where it was lost. */
    private static final int BAD_NETWORK_FACTOR = 4;

    private static final int FAR_NETWORK_MILLIS = 50;

    /** So many segments may be sent by all attempts that run at once, as their budgets say: each is kept as evidence. */
    private static final int SEGMENTS_AT_ONCE = 160_000;

    /** A case that may send so many octets and more, or acknowledge as many, keeps a slow link busy: no two run at once. */
    private static final int MANY_OCTETS = 500_000;

    private final Station station;
    private final int jobs;
    private final Semaphore segments = new Semaphore(SEGMENTS_AT_ONCE);
    private final Semaphore slowLink = new Semaphore(1);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, r -> {
        Thread thread = new Thread(r, "hang-guard");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param station whose disturbances spoil an attempt
     * @param jobs how many attempts run side by side
     */
    AttemptGuard(Station station, int jobs) {
        this.station = station;
        this.jobs = jobs;
        timer.setRemoveOnCancelPolicy(true);
    }

    Attempt run(CaseDescriptor c, Object instance, CaseLog log, Peer peer) {
        boolean slow = log.network().timing().octetsPerSecond() > 0;
        int link = slow && log.budget().octets() >= MANY_OCTETS ? 1 : 0;
        int share = Math.min(log.budget().segments(), SEGMENTS_AT_ONCE);
        slowLink.acquireUninterruptibly(link);
        segments.acquireUninterruptibly(share);
        try {
            return guarded(c, instance, log, peer);
        } finally {
            segments.release(share);
            slowLink.release(link);
        }
    }

    private Attempt guarded(CaseDescriptor c, Object instance, CaseLog log, Peer peer) {
        long limit = (long) c.annotation().seconds() * HANG_FACTOR
                + HANG_SECONDS
                + log.budget().segments() * (long) jobs / station.pace().rate()
                // each may be answered before the next is sent, however slow the target is
                + log.network()
                        .timing()
                        .rtt()
                        .multipliedBy(log.budget().segments())
                        .toSeconds();
        if (log.network().isBad()) {
            limit *= BAD_NETWORK_FACTOR + log.network().timing().rtt().toMillis() / FAR_NETWORK_MILLIS;
        }
        Disturbances before = station.disturbances();
        ScheduledFuture<?> guard = timer.schedule(Thread.currentThread()::interrupt, limit, TimeUnit.SECONDS);
        try {
            Attempt attempt = Attempt.run(c, instance, log, peer);
            return station.disturbances().since(before).map(attempt::disturbed).orElse(attempt);
        } finally {
            guard.cancel(false);
            // an interrupt that came too late must not hit what follows; whatever else it meant is told otherwise
            Thread.interrupted();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
