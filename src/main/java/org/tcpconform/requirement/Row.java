package org.tcpconform.requirement;

/** One row of a case's table. Implemented by the case's own record. */
public interface Row {
    /** What makes this row's id differ: upper-case words and digits with hyphens, such as {@code LEFT-EDGE}. */
    String id();
}
