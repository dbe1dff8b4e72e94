package org.tcpconform.wire;

import java.util.List;

/**
 * Stands between link and dispatcher and may change what is received, to prove that a case can fail. Our own frames do
 * not pass through it.
 */
@FunctionalInterface
public interface Mutator {
    /** Leaves all as it is. */
    Mutator NONE = List::of;

    /** What the dispatcher gets in place of {@code frame}: nothing, the frame, another one, or several. */
    List<Captured> mutate(Captured frame);
}
