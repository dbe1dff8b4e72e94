package org.tcpconform.peer;

import java.util.concurrent.locks.LockSupport;

/** Lets time pass, by the clock of {@link System#nanoTime}. */
final class Waiting {
    private Waiting() {}

    /** @throws HangGuard if interrupted */
    static void until(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.currentThread().isInterrupted()) {
                throw new HangGuard();
            }
        }
    }
}
