package org.tcpconform.requirement;

import java.util.List;

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

    /** Ids of the requirements that this row judges, the main one first; empty where they are those of the method. */
    default List<String> requirements() {
        return List.of();
    }

    /** Words to select by, besides those of the method. */
    default List<String> tags() {
        return List.of();
    }
}
