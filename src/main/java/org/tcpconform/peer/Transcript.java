package org.tcpconform.peer;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.tcpconform.verdict.Step;
import org.tcpconform.wire.Captured;

/**
 * All that one case sent, saw and demanded, in the order of the capture: its evidence. Frames come from the capture
 * thread, remarks from the thread of the case.
 */
final class Transcript {
    /** Who wakes up so late was kept from running, as by a collection of garbage. */
    private static final long STOOD_STILL = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long CATCHING_UP = TimeUnit.MILLISECONDS.toNanos(200);

    /** A frame of a connection, or a remark on it. */
    private record Entry(Peer peer, Captured frame, Step.Kind kind, String text, String state) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final List<Entry> entries = new ArrayList<>();
    private Captured offending;

    void captured(Peer peer, List<Captured> inbox, Captured frame) {
        lock.lock();
        try {
            inbox.add(frame);
            entries.add(new Entry(peer, frame, null, null, ""));
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Shows another frame in place of one of {@code inbox}; none at all where {@code shown} is null. */
    void replace(List<Captured> inbox, int index, Captured shown) {
        lock.lock();
        try {
            Captured frame = inbox.get(index);
            for (int i = entries.size() - 1; i >= 0; i--) {
                Entry entry = entries.get(i);
                if (entry.frame() == frame) {
                    entries.remove(i);
                    if (shown != null) {
                        entries.add(i, new Entry(entry.peer(), shown, null, null, ""));
                    }
                    break;
                }
            }
            inbox.remove(index);
            if (shown != null) {
                inbox.add(index, shown);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Shows a frame that has not come, as the next of {@code inbox} at {@code index}. */
    void insert(Peer peer, List<Captured> inbox, int index, Captured shown) {
        lock.lock();
        try {
            inbox.add(index, shown);
            entries.add(new Entry(peer, shown, null, null, ""));
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Shows others in place of the first frames of {@code inbox}.
     *
     * @param shown for each of them those in its place
     * @param evident whether that is what the case has seen; else it only tries what it would make of them
     */
    void exchange(Peer peer, List<Captured> inbox, List<List<Captured>> shown, boolean evident) {
        lock.lock();
        try {
            List<Captured> first = inbox.subList(0, shown.size());
            for (int i = 0; evident && i < shown.size(); i++) {
                Captured frame = first.get(i);
                List<Entry> others = shown.get(i).stream()
                        .map(c -> new Entry(peer, c, null, null, ""))
                        .toList();
                for (int at = 0; at < entries.size(); at++) {
                    if (entries.get(at).frame() == frame) {
                        entries.remove(at);
                        entries.addAll(at, others);
                        break;
                    }
                }
            }
            List<Captured> all = shown.stream().flatMap(List::stream).toList();
            first.clear();
            inbox.addAll(0, all);
        } finally {
            lock.unlock();
        }
    }

    /** Puts frames back in place of the first {@code count} of {@code inbox}. */
    void restore(List<Captured> inbox, int count, List<Captured> frames) {
        lock.lock();
        try {
            inbox.subList(0, count).clear();
            inbox.addAll(0, frames);
        } finally {
            lock.unlock();
        }
    }

    void remark(Peer peer, Step.Kind kind, String text, String state) {
        lock.lock();
        try {
            entries.add(new Entry(peer, null, kind, text, state));
        } finally {
            lock.unlock();
        }
    }

    /** Marks the segment that the verdict turns on. */
    void offending(Captured frame) {
        offending = frame;
    }

    /** The next frame of {@code inbox} at {@code index}; null if none has come by the deadline. */
    Captured await(List<Captured> inbox, int index, long deadlineNanos) {
        lock.lock();
        try {
            boolean slept = false;
            for (long deadline = deadlineNanos; inbox.size() <= index; ) {
                long left = deadline - System.nanoTime();
                if (left <= 0 && slept && -left > STOOD_STILL) {
                    // so did whoever hands over what had come by the deadline
                    deadline = System.nanoTime() + CATCHING_UP;
                    slept = false;
                    continue;
                }
                if (left <= 0) {
                    return null;
                }
                grown.await(left, TimeUnit.NANOSECONDS);
                slept = deadline == deadlineNanos;
            }
            return inbox.get(index);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HangGuard();
        } finally {
            lock.unlock();
        }
    }

    /** Frees what no report will show of one connection. */
    void forget(List<Captured> inbox) {
        lock.lock();
        try {
            inbox.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Frees what no report will show of the steps. */
    void forget() {
        lock.lock();
        try {
            entries.clear();
        } finally {
            lock.unlock();
        }
    }

    List<Captured> frames() {
        lock.lock();
        try {
            return entries.stream()
                    .map(Entry::frame)
                    .filter(java.util.Objects::nonNull)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    int size(List<Captured> inbox) {
        lock.lock();
        try {
            return inbox.size();
        } finally {
            lock.unlock();
        }
    }

    /** The first {@code count} frames of {@code inbox}. */
    List<Captured> first(List<Captured> inbox, int count) {
        lock.lock();
        try {
            return List.copyOf(inbox.subList(0, count));
        } finally {
            lock.unlock();
        }
    }

    List<Step> steps() {
        lock.lock();
        try {
            Map<Peer, Lines> lines = new IdentityHashMap<>();
            for (Entry entry : entries) {
                lines.computeIfAbsent(
                        entry.peer(),
                        peer -> Lines.of(entries.stream()
                                .filter(e -> e.peer() == peer && e.frame() != null)
                                .map(Entry::frame)
                                .toList()));
            }
            List<Step> steps = new ArrayList<>();
            long time = entries.stream()
                    .filter(e -> e.frame() != null)
                    .mapToLong(e -> e.frame().timeNanos())
                    .min()
                    .orElse(0);
            for (Entry entry : entries) {
                Captured frame = entry.frame();
                if (frame == null) {
                    steps.add(new Step(
                            time,
                            entry.kind(),
                            entry.text(),
                            "",
                            entry.state(),
                            entry.peer().number(),
                            false));
                    continue;
                }
                time = frame.timeNanos();
                steps.add(new Step(
                        time,
                        frame.outgoing() ? Step.Kind.SENT : Step.Kind.RECEIVED,
                        lines.get(entry.peer()).of(frame),
                        "",
                        "",
                        entry.peer().number(),
                        frame == offending));
            }
            return steps;
        } finally {
            lock.unlock();
        }
    }
}
