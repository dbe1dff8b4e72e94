package org.tcpconform.peer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.tcpconform.wire.Captured;

/** The first and the last frames of very many, as evidence that does not grow. The capture thread writes. */
final class Excerpt {
    /** So many at either end. */
    static final int EACH = 1_000;

    private final List<Captured> first = new ArrayList<>();
    private final Deque<Captured> last = new ArrayDeque<>();
    private long leftOut;

    synchronized void add(Captured frame) {
        if (first.size() < EACH) {
            first.add(frame);
            return;
        }
        last.add(frame);
        if (last.size() > EACH) {
            last.remove();
            leftOut++;
        }
    }

    synchronized List<Captured> frames() {
        List<Captured> all = new ArrayList<>(first);
        all.addAll(last);
        return all;
    }

    /** Frames between the first and the last ones. */
    synchronized long leftOut() {
        return leftOut;
    }
}
