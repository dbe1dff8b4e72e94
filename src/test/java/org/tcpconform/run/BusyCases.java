package org.tcpconform.run;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.tcpconform.peer.Peer;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.testng.annotations.Test;

/** Cases that count how many of them run at the same time. */
public class BusyCases {
    static final AtomicInteger RUNNING = new AtomicInteger();
    static final AtomicInteger MOST = new AtomicInteger();
    static final AtomicInteger MOST_BESIDE_EXCLUSIVE = new AtomicInteger();
    static final AtomicInteger MOST_BESIDE_FOREIGN = new AtomicInteger();

    static void reset() {
        RUNNING.set(0);
        MOST.set(0);
        MOST_BESIDE_EXCLUSIVE.set(0);
        MOST_BESIDE_FOREIGN.set(0);
    }

    /** A row. */
    record Number(String id) implements Row {}

    static List<Number> numbers() {
        return IntStream.range(0, 12)
                .mapToObj(i -> new Number(String.valueOf(i)))
                .toList();
    }

    static List<Number> few() {
        return numbers().subList(0, 3);
    }

    private static void work(AtomicInteger most) {
        most.accumulateAndGet(RUNNING.incrementAndGet(), Math::max);
        LockSupport.parkNanos(Duration.ofMillis(25).toNanos());
        RUNNING.decrementAndGet();
    }

    @Test
    @Case(id = "BU-ONE", title = "works on {}", rows = "numbers")
    @Requirement("RFC9293-3.10.7.1-1")
    public void one(Peer peer, Number number) {
        work(MOST);
    }

    @Test
    @Case(id = "BU-TWO", title = "works on {}", rows = "numbers")
    @Requirement("RFC9293-3.10.7.1-1")
    public void two(Peer peer, Number number) {
        work(MOST);
    }

    @Test
    @Case(id = "BU-SINGLE", title = "works")
    @Requirement("RFC9293-3.10.7.1-1")
    public void single(Peer peer) {
        work(MOST);
    }

    @Test
    @Case(id = "BU-FOREIGN", title = "works from another address on {}", rows = "numbers", foreignAddresses = true)
    @Requirement("RFC9293-3.10.7.1-1")
    public void foreign(Peer peer, Number number) {
        work(MOST_BESIDE_FOREIGN);
    }

    @Test
    @Case(id = "BU-ALONE", title = "works alone on {}", rows = "few", exclusive = true)
    @Requirement("RFC9293-3.10.7.1-1")
    public void alone(Peer peer, Number number) {
        work(MOST_BESIDE_EXCLUSIVE);
    }

    @Test
    @Case(id = "BU-ALONE-TOO", title = "works alone", exclusive = true)
    @Requirement("RFC9293-3.10.7.1-1")
    public void aloneToo(Peer peer) {
        work(MOST_BESIDE_EXCLUSIVE);
    }
}
