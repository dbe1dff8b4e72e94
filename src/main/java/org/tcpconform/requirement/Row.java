package org.tcpconform.requirement;

/** One row of a case's table. Implemented by the case's own record. */
public interface Row {
    /** What makes this row's id differ: upper-case words and digits with hyphens, such as {@code LEFT-EDGE}. */
    String id();

    /** Whether the row makes sense over this version of IP. */
    default boolean appliesTo(Family family) {
        return true;
    }

    /** What this row is about, put in place of {@code {}} in the case's title. */
    default String what() {
        return id();
    }
}
