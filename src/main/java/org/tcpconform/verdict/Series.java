package org.tcpconform.verdict;

/**
 * Numbers that a case measured and a report draws.
 *
 * @param name what was measured, such as {@code handshake latency}
 * @param shape how it wants to be drawn
 * @param unit unit of y, such as {@code µs}
 * @param xLabel what x is and its unit, such as {@code ms since the first connection}; may be empty
 * @param x abscissa, of the length of y; empty for a histogram
 * @param y the values
 */
public record Series(String name, Shape shape, String unit, String xLabel, double[] x, double[] y) {
    public Series(String name, Shape shape, String unit, double[] x, double[] y) {
        this(name, shape, unit, "", x, y);
    }

    /** How a series is drawn. */
    public enum Shape {
        HISTOGRAM,
        SCATTER
    }
}
