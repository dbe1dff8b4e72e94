package org.tcpconform.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.testng.annotations.Test;

/** However many send, no more leaves than the rate permits; and what is within it does not wait. */
public class PaceTest {
    private static final int RATE = 2_000;
    private static final int THREADS = 8;
    private static final int EACH = 100;

    @Test
    public void noMoreThanTheRateAndOneBurst() throws Exception {
        Pace pace = new Pace(RATE);
        ConcurrentSkipListSet<Long> left = new ConcurrentSkipListSet<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        long begun = System.nanoTime();
        try {
            Callable<Void> sender = () -> {
                for (int i = 0; i < EACH; i++) {
                    pace.await();
                    // after it left: a thread that is held up here makes a window seem emptier, never fuller
                    left.add(System.nanoTime());
                }
                return null;
            };
            List<Future<Void>> ends =
                    threads.invokeAll(new ArrayList<>(java.util.Collections.nCopies(THREADS, sender)));
            for (Future<Void> end : ends) {
                end.get();
            }
        } finally {
            threads.shutdownNow();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        assertThat(THREADS * EACH).isLessThanOrEqualTo((int) Math.ceil(Pace.BURST + seconds * RATE));
        List<Long> times = new ArrayList<>(left);
        for (int i = 0; i < times.size(); i++) {
            double since = (times.get(i) - begun) / 1e9;
            assertThat(i + 1).as("by %s s", since).isLessThanOrEqualTo((int) Math.ceil(Pace.BURST + since * RATE));
        }
    }

    @Test
    public void roomIsWaitedForAndNotTaken() {
        Pace pace = new Pace(Pace.LEAST);
        long begun = System.nanoTime();
        for (int i = 0; i < 1_000; i++) {
            pace.awaitRoom();
        }
        for (int i = 0; i < Pace.BURST; i++) {
            pace.await();
        }
        assertThat(System.nanoTime() - begun).as("nanoseconds").isLessThan(3_000_000_000L);
    }

    @Test
    public void aWaitEndsWhenItIsInterrupted() {
        Pace pace = new Pace(Pace.LEAST);
        for (int i = 0; i < Pace.BURST; i++) {
            pace.await();
        }
        long begun = System.nanoTime();
        Thread.currentThread().interrupt();
        pace.awaitRoom();
        // room for half a burst would have taken more than three seconds
        assertThat(System.nanoTime() - begun).as("nanoseconds").isLessThan(2_000_000_000L);
        assertThat(Thread.interrupted()).isTrue();
    }
}
