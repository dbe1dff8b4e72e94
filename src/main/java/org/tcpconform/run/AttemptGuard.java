package org.tcpconform.run;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.Peer;

/** Runs attempts, and stops those that take far too long. */
final class AttemptGuard implements AutoCloseable {
    /** How many times its declared duration, and how many seconds more, an attempt may take. */
    private static final int HANG_FACTOR = 3;

    private static final int HANG_SECONDS = 30;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(r -> {
        Thread thread = new Thread(r, "hang-guard");
        thread.setDaemon(true);
        return thread;
    });

    Attempt run(CaseDescriptor c, Object instance, CaseLog log, Peer peer) {
        long limit = (long) c.annotation().seconds() * HANG_FACTOR + HANG_SECONDS;
        ScheduledFuture<?> guard = timer.schedule(Thread.currentThread()::interrupt, limit, TimeUnit.SECONDS);
        try {
            return Attempt.run(c, instance, log, peer);
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
