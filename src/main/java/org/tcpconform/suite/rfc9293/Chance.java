package org.tcpconform.suite.rfc9293;

import java.util.Arrays;

/**
 * What chance does to numbers of 32 bits that are evenly distributed and independent of each other, so that no verdict
 * rests on a number that somebody picked. Each test here finds such numbers at fault with a probability of at most
 * {@link #RISK}, whatever their count; the bounds are proved, not estimated.
 */
final class Chance {
    /** With this probability at the most a test finds even numbers at fault; a FAIL needs it twice in a row. */
    static final double RISK = 1e-12;

    private static final double ALL = 0x1p32;
    private static final int PARTS = 256;

    private Chance() {}

    /**
     * From which count on hits are too many for chance. Of {@code n} independent draws, each a hit with a probability of
     * at most {@code p}, {@code k} or more are hits with a probability of at most exp(-n D), where D is the relative
     * entropy of k/n to p (Chernoff's bound).
     *
     * @return the least such count for which the bound is at most {@code risk}; n+1 where there is none
     */
    static int tooMany(int n, double p, double risk) {
        int k = (int) (n * p) + 1;
        while (k <= n && n * entropy((double) k / n, p) < -Math.log(risk)) {
            k++;
        }
        return k;
    }

    private static double entropy(double q, double p) {
        return q * Math.log(q / p) + (q == 1 ? 0 : (1 - q) * Math.log((1 - q) / (1 - p)));
    }

    /** The most values that lie together within two neighbouring parts of the 256 that the number space is cut into. */
    static int crowd(int[] values) {
        int[] counts = new int[PARTS];
        for (int value : values) {
            counts[value >>> 24]++;
        }
        int most = 0;
        for (int i = 0; i < PARTS; i++) {
            most = Math.max(most, counts[i] + counts[(i + 1) % PARTS]);
        }
        return most;
    }

    /**
     * From which count on {@link #crowd} is none of chance: any of the 256 pairs of parts may hold it.
     *
     * @param n number of values
     * @param looks how many lists of values are looked at, which share the risk
     */
    static int tooCrowded(int n, int looks) {
        return tooMany(n, 2.0 / PARTS, RISK / PARTS / looks);
    }

    /** How many values have come before. */
    static int repeats(int[] values) {
        return values.length - (int) Arrays.stream(values).distinct().count();
    }

    /** From which count on {@link #repeats} is none of chance: each value hits one of fewer than n others. */
    static int tooManyRepeats(int n) {
        return tooMany(n, n / ALL, RISK);
    }

    /**
     * Into how many equal parts, a power of two, the number space can be cut so that none stays empty by chance: a given
     * one does with a probability of (1-1/parts)^n.
     */
    static int parts(int n) {
        int parts = 2;
        while (2 * parts * Math.pow(1 - 0.5 / parts, n) <= RISK) {
            parts *= 2;
        }
        return parts;
    }

    /** How many of so many equal parts of the number space hold no value. */
    static int empty(int[] values, int parts) {
        return parts
                - (int) Arrays.stream(values)
                        .map(v -> v >>> 32 - Integer.numberOfTrailingZeros(parts))
                        .distinct()
                        .count();
    }
}
