package org.tcpconform.segment;

/** One way to make what was received another than it was. */
public interface Alteration {
    /** What is done, such as {@code ACK + 1}; unique. */
    String name();
}
