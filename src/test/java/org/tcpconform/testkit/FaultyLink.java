package org.tcpconform.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.wire.Link;
import org.tcpconform.wire.LinkDownException;

/** A link on which the machine is at fault: its capture loses frames, its clock is set, its interface goes down. */
public final class FaultyLink implements Link {
    private final Link link;
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong shiftNanos = new AtomicLong();
    private final AtomicInteger captured = new AtomicInteger();
    private volatile Outage outage;
    private volatile IntConsumer each = number -> {};

    public FaultyLink(Link link) {
        this.link = link;
    }

    /** Sets what happens before a frame is captured; is told how many were before it. */
    public void beforeEach(IntConsumer fault) {
        captured.set(0);
        this.each = fault;
    }

    /** The capture has lost a frame. */
    public void lose() {
        lost.incrementAndGet();
    }

    /** The clock of the stamps is set. */
    public void setClock(Duration by) {
        shiftNanos.addAndGet(by.toNanos());
    }

    /** The interface goes down. */
    public void down(Outage what) {
        outage = what;
    }

    /** The interface comes back. */
    public void up() {
        outage = null;
    }

    @Override
    public LinkLayer layer() {
        return link.layer();
    }

    @Override
    public void send(byte[] frame) {
        if (outage != null) {
            failures.incrementAndGet();
            throw new LinkDownException("Network is down", null);
        }
        link.send(frame);
    }

    @Override
    public void start(Receiver receiver) {
        link.start((timeNanos, frame) -> {
            each.accept(captured.getAndIncrement());
            if (outage == null) {
                receiver.frame(timeNanos + shiftNanos.get(), frame);
            }
        });
    }

    @Override
    public long dropped() {
        return lost.get();
    }

    @Override
    public long failures() {
        return failures.get();
    }

    @Override
    public Optional<Outage> outage() {
        return Optional.ofNullable(outage);
    }

    @Override
    public long clock() {
        return link.clock() + shiftNanos.get();
    }

    @Override
    public void close() {
        link.close();
    }
}
