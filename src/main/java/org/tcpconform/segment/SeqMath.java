package org.tcpconform.segment;

/** Arithmetic on sequence numbers, modulo 2^32 (RFC 9293, 3.4). */
public final class SeqMath {
    private SeqMath() {}

    /** Whether {@code a} comes before {@code b}: a &lt; b within half of the number space. */
    public static boolean lt(int a, int b) {
        return a - b < 0;
    }

    /** Whether {@code a} is at or before {@code b}. */
    public static boolean le(int a, int b) {
        return a - b <= 0;
    }

    /** The later of two sequence numbers. */
    public static int max(int a, int b) {
        return lt(a, b) ? b : a;
    }
}
