package org.tcpconform.segment;

/** One way to make what was received another than it was. */
public sealed interface Alteration permits Mutation, SeriesMutation {
    /** What is done, such as {@code ACK + 1}; unique. */
    String name();
}
