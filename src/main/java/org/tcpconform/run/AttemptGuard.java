package org.tcpconform.run;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.Peer;
import org.tcpconform.wire.Disturbances;
import org.tcpconform.wire.Station;

/** Runs attempts, and stops those that take far too long. */
final class AttemptGuard implements AutoCloseable {
    /** How many times its declared duration, and how many seconds more, an attempt may take. */
    private static final int HANG_FACTOR = 3;

    private static final int HANG_SECONDS = 30;
    /** A segment waits for the one before it, and is sent again where it was lost. */
    private static final int BAD_NETWORK_FACTOR = 4;

    private static final int FAR_NETWORK_MILLIS = 50;

    private final Station station;
    private final int jobs;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(r -> {
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
    }

    Attempt run(CaseDescriptor c, Object instance, CaseLog log, Peer peer) {
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
