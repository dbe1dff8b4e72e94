package org.tcpconform.peer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.wire.Captured;

/**
 * What one connection sent and heard, in the order of the capture, and how far its peer has looked at it. Frames come from
 * the capture thread, all else from the thread of the case.
 */
final class Inbox {
    /** How long our own segment may take to be seen on the wire. */
    private static final Duration OWN_SEGMENT = Duration.ofSeconds(5);

    /** A place among the frames; it stays before the same frame when others are shown in place of earlier ones. */
    static final class Place {
        private int index;

        private Place() {}

        int index() {
            return index;
        }

        void index(int to) {
            index = to;
        }
    }

    private final Peer peer;
    private final Transcript transcript;
    private final List<Captured> frames = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    /** Where the next expectation begins to look. */
    private final Place cursor = place();
    /** Where the cursor was when our last segment was sent: its own copy, and all answers, come later. */
    private final Place mark = place();

    private WireSegment lastSent;

    Inbox(Peer peer, Transcript transcript) {
        this.peer = peer;
        this.transcript = transcript;
    }

    void captured(Captured frame) {
        transcript.captured(peer, frames, frame);
    }

    /** A new place, before the first frame. */
    Place place() {
        Place place = new Place();
        places.add(place);
        return place;
    }

    /** Frees the frames. */
    void forget() {
        transcript.forget(frames);
    }

    // ---- looking

    int size() {
        return transcript.size(frames);
    }

    /** All frames so far. */
    List<Captured> all() {
        return transcript.first(frames, size());
    }

    /** The frame at {@code index}; null if it has not come. */
    Captured at(int index) {
        return await(index, System.nanoTime());
    }

    /** As {@link #at}, of what may come until then. */
    private Captured await(int index, long deadlineNanos) {
        return transcript.await(frames, index, deadlineNanos);
    }

    /** The frame at the cursor; null if none has come by the deadline. */
    Captured next(long deadlineNanos) {
        return await(cursor(), deadlineNanos);
    }

    int cursor() {
        return cursor.index();
    }

    void cursor(int to) {
        cursor.index(to);
    }

    /** The frame at the cursor has been looked at. */
    void advance() {
        cursor.index(cursor() + 1);
    }

    /** The frames that have been looked at. */
    List<Captured> read() {
        return transcript.first(frames, cursor());
    }

    /** Those of them that came since our last segment was sent. */
    List<Captured> readSinceSent() {
        return read().subList(mark.index(), cursor());
    }

    /** The last among those for which {@code test} holds. */
    Optional<Captured> lastRead(Predicate<Captured> test) {
        return last(cursor(), test);
    }

    /** The last of all for which {@code test} holds. */
    Optional<Captured> last(Predicate<Captured> test) {
        return last(size(), test);
    }

    private Optional<Captured> last(int end, Predicate<Captured> test) {
        for (int i = end - 1; i >= 0; i--) {
            Captured c = at(i);
            if (test.test(c)) {
                return Optional.of(c);
            }
        }
        return Optional.empty();
    }

    /** Lets time pass; what comes is kept. */
    void pass(Duration time) {
        await(Integer.MAX_VALUE, System.nanoTime() + time.toNanos());
    }

    // ---- our last segment

    /** A segment is about to be sent: what came before it is no answer to it. */
    void sending(WireSegment segment) {
        lastSent = segment;
        mark.index(cursor());
    }

    /** What we sent last; null before. */
    WireSegment lastSent() {
        return lastSent;
    }

    /** Takes another for the last one. */
    void lastSent(WireSegment segment) {
        lastSent = segment;
    }

    /** Whether a frame is our last segment, on the wire. */
    boolean isLastSent(Captured frame) {
        return lastSent != null
                && frame.outgoing()
                && frame.frame() instanceof Frame.Tcp tcp
                && tcp.segment().seq() == lastSent.seq()
                && tcp.segment().ack() == lastSent.ack()
                && tcp.segment().flags() == lastSent.flags();
    }

    /** Whether our last segment is among what has been looked at; where there is none nothing is missing. */
    boolean hasReadLastSent() {
        boolean has = lastSent == null;
        for (int i = mark.index(); i < cursor() && !has; i++) {
            has = isLastSent(at(i));
        }
        return has;
    }

    /** Waits until our last segment is on the wire: however busy this machine is, no wait begins before. */
    void awaitLastSent() {
        long limit = System.nanoTime() + OWN_SEGMENT.toNanos();
        boolean seen = lastSent == null;
        for (int i = mark.index(); !seen; i++) {
            Captured frame = await(i, limit);
            seen = frame == null || isLastSent(frame);
        }
    }

    // ---- what the oracle shows

    /** Shows another frame in place of the one at {@code index}; none at all where {@code shown} is null. */
    void replace(int index, Captured shown) {
        transcript.replace(frames, index, shown);
        if (shown == null) {
            places.stream().filter(p -> index < p.index()).forEach(p -> p.index(p.index() - 1));
        }
    }

    /** Shows a frame that has not come, as the next at the cursor. */
    void insert(Captured shown) {
        transcript.insert(peer, frames, cursor(), shown);
    }

    /**
     * Shows others in place of the first frames.
     *
     * @param first those that are there
     * @param shown for each of them those in its place
     * @param keep whether for good; else no evidence is made of them
     * @return undoes it
     */
    Runnable show(List<Captured> first, List<List<Captured>> shown, boolean keep) {
        List<Integer> before = places.stream().map(Place::index).toList();
        transcript.exchange(peer, frames, shown, keep);
        places.forEach(p -> p.index(moved(p.index(), shown)));
        return () -> {
            transcript.restore(frames, moved(shown.size(), shown), first);
            for (int i = 0; i < before.size(); i++) {
                places.get(i).index(before.get(i));
            }
        };
    }

    /** Where a place is once others are shown. */
    private static int moved(int index, List<List<Captured>> shown) {
        int most = Math.min(index, shown.size());
        return index
                - most
                + shown.subList(0, most).stream().mapToInt(List::size).sum();
    }
}
