package org.tcpconform.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.tcpconform.report.Svg.Anchor;
import org.tcpconform.verdict.Series;

/** Draws what a case measured: a histogram with its median and p99, or a scatter plot. */
public final class Plot {
    private static final double WIDTH = 640;
    private static final double HEIGHT = 360;
    private static final double LEFT = 74;
    private static final double RIGHT = 24;
    private static final double TOP = 90;
    private static final double BOTTOM = 52;

    private static final String MARK = "#0550ae";
    private static final String MARK_2 = "#953800";
    private static final String BAR = "#a8c7f0";
    private static final String GRID = "#e6eaee";

    private static final int FEWEST_BINS = 8;
    private static final int MOST_BINS = 48;
    private static final int MOST_POINTS = 4000;

    /** Where the greatest value lies this many times as far out as p95, what is far out has a bar of its own at the right. */
    private static final double FAR = 3;

    private static final double MORE = 50;
    private static final int LONGEST_LABEL = 44;

    private final Svg svg = new Svg();
    private final Series series;

    private Plot(Series series) {
        this.series = series;
    }

    /** The plot as an SVG document. */
    public static String svg(Series series) {
        Plot plot = new Plot(series);
        plot.draw();
        return Svg.document(WIDTH, HEIGHT, series.name(), plot.svg);
    }

    private void draw() {
        svg.text(16, 28, Anchor.START, Svg.fill(Svg.INK) + " font-size=\"15\" font-weight=\"600\"", title());
        if (series.y().length == 0) {
            svg.text(WIDTH / 2, HEIGHT / 2, Anchor.MIDDLE, Svg.fill(Svg.SOFT) + " font-style=\"italic\"", "no values");
        } else if (series.shape() == Series.Shape.HISTOGRAM) {
            histogram();
        } else {
            scatter();
        }
    }

    private String title() {
        return Text.shorten(series.name().isEmpty() ? "measured values" : series.name(), 60);
    }

    private void histogram() {
        double[] sorted = series.y().clone();
        Arrays.sort(sorted);
        double median = median(sorted);
        double p99 = percentile(sorted, 0.99);
        double least = sorted[0];
        double greatest = sorted[sorted.length - 1];
        double bulk = percentile(sorted, 0.95) - least;
        boolean far = bulk > 0 && greatest - least > FAR * bulk;
        double shownTo = far ? least + bulk * 1.5 : greatest;

        Axis x = Axis.over(least, shownTo, 8);
        int bins = bins(sorted, shownTo - least);
        // over the values and not the whole axis, or the last bin would lack what lies beyond the greatest
        double first = shownTo > least ? least : x.from;
        double binWidth = ((shownTo > least ? shownTo : x.to) - first) / bins;
        int[] counts = new int[bins];
        int beyond = 0;
        for (double value : sorted) {
            if (far && value > shownTo) {
                beyond++;
            } else {
                counts[Math.min(bins - 1, Math.max(0, (int) ((value - first) / binWidth)))]++;
            }
        }
        double extra = far ? MORE : 0;
        Axis y = Axis.counting(Math.max(beyond, Arrays.stream(counts).max().orElse(1)));
        Frame frame = new Frame(x, y, WIDTH - RIGHT - extra);

        statistics("n " + sorted.length + "    median " + value(median) + "    p99 " + value(p99) + "    least "
                + value(least) + "    greatest " + value(greatest));
        frame.grid(true);
        for (int i = 0; i < bins; i++) {
            if (counts[i] > 0) {
                double x1 = frame.x(first + i * binWidth);
                double x2 = frame.x(first + (i + 1) * binWidth);
                svg.rect(
                        x1 + 0.5,
                        frame.y(counts[i]),
                        Math.max(1, x2 - x1 - 1),
                        frame.bottom() - frame.y(counts[i]),
                        Svg.fill(BAR));
            }
        }
        if (beyond > 0) {
            double x1 = WIDTH - RIGHT - 20;
            svg.rect(x1, frame.y(beyond), 18, frame.bottom() - frame.y(beyond), Svg.fill("#d0d7de"));
            svg.text(x1 - 3, frame.bottom() - 4, Anchor.END, small(), Integer.toString(beyond));
            svg.text(x1 + 9, frame.bottom() + 17, Anchor.MIDDLE, small(), "more");
        }
        mark(frame, median, "median " + value(median), MARK, 66);
        mark(frame, p99, "p99 " + value(p99), MARK_2, 81);
        frame.axes("count", x.label(series.unit()));
    }

    /** A dashed line at a value, named above the plot; the name stays inside the picture. */
    private void mark(Frame frame, double at, String name, String hue, double textY) {
        double px = at > frame.x.to ? WIDTH - RIGHT - 11 : frame.x(at);
        svg.line(px, textY + 3, px, frame.bottom(), Svg.stroke(hue, 1.5) + " stroke-dasharray=\"4 3\"");
        boolean left = px > WIDTH * 0.7;
        svg.text(
                px + (left ? -5 : 5),
                textY,
                left ? Anchor.END : Anchor.START,
                Svg.fill(hue) + " font-size=\"11\" font-weight=\"600\"",
                name);
    }

    private void scatter() {
        int n = series.y().length;
        double[] xs = series.x().length == n
                ? series.x()
                : IntStream.range(0, n).asDoubleStream().toArray();
        Axis x = Axis.over(min(xs), max(xs), 8);
        Axis y = Axis.over(min(series.y()), max(series.y()), 6);
        Frame frame = new Frame(x, y, WIDTH - RIGHT);
        statistics("n " + n + "    least " + figure(min(series.y())) + "    greatest " + figure(max(series.y())));
        frame.grid(false);
        int stride = Math.max(1, (n + MOST_POINTS - 1) / MOST_POINTS);
        svg.open(Svg.fill(MARK) + " fill-opacity=\"0.55\"");
        for (int i = 0; i < n; i += stride) {
            svg.circle(frame.x(xs[i]), frame.y(series.y()[i]), n > 500 ? 1.8 : 2.6, "");
        }
        svg.close();
        String xLabel = series.xLabel() == null || series.xLabel().isEmpty() ? "number of the sample" : series.xLabel();
        frame.axes(y.label(series.unit()), x.label(xLabel));
    }

    private void statistics(String text) {
        svg.text(16, 47, Anchor.START, small(), text);
    }

    private static String small() {
        return Svg.fill(Svg.SOFT) + " font-size=\"11\"";
    }

    /** A value with three significant digits and its unit. */
    private String value(double v) {
        return figure(v) + (series.unit().isEmpty() ? "" : " " + Text.shorten(series.unit(), 12));
    }

    static String figure(double v) {
        if (v == 0) {
            return "0";
        }
        if (Math.abs(v) >= 100) {
            return String.format(Locale.ROOT, "%,.0f", v);
        }
        return new BigDecimal(v).round(new MathContext(3)).stripTrailingZeros().toPlainString();
    }

    /** Freedman and Diaconis' rule, within what a picture of this size can show. */
    private static int bins(double[] sorted, double span) {
        double quartiles = percentile(sorted, 0.75) - percentile(sorted, 0.25);
        double wide = 2 * quartiles / Math.cbrt(sorted.length);
        int wanted = wide > 0 ? (int) Math.min(MOST_BINS, Math.ceil(span / wide)) : MOST_BINS / 2;
        return Math.max(FEWEST_BINS, wanted);
    }

    private static double median(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** The nearest rank: a value that was measured, not one between two. */
    static double percentile(double[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    private static double min(double[] values) {
        return Arrays.stream(values).min().orElse(0);
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElse(1);
    }

    /** A linear axis from one round number to another. */
    private record Axis(double from, double to, double step, int power) {
        static Axis over(double least, double greatest, int ticks) {
            double low = least;
            double high = greatest;
            if (high - low < Math.max(Math.abs(high), 1e-9) * 1e-9) {
                double pad = Math.max(Math.abs(high) * 0.1, 0.5);
                low -= low == 0 ? 0 : pad;
                high += pad;
            }
            double step = round((high - low) / ticks);
            double from = Math.floor(low / step) * step;
            double to = Math.ceil(high / step) * step;
            double top = Math.max(Math.abs(from), Math.abs(to));
            int power = top >= 1e5 ? (int) Math.floor(Math.log10(top) / 3) * 3 : 0;
            return new Axis(from, to, step, power);
        }

        static Axis counting(int greatest) {
            double step = Math.max(1, round(greatest / 5.0));
            return new Axis(0, Math.ceil(greatest / step) * step, step, 0);
        }

        private static double round(double rough) {
            double magnitude = Math.pow(10, Math.floor(Math.log10(rough)));
            double lead = rough / magnitude;
            return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * magnitude;
        }

        int ticks() {
            return (int) Math.round((to - from) / step);
        }

        String tick(int i) {
            double scale = Math.pow(10, power);
            return BigDecimal.valueOf((from + i * step) / scale)
                    .round(new MathContext(6))
                    .stripTrailingZeros()
                    .toPlainString();
        }

        /** The axis' name, with the power of ten that was taken out of its numbers. */
        String label(String unit) {
            String times = power == 0 ? "" : "×10" + superscript(power);
            return times.isEmpty() ? unit : unit.isEmpty() ? times : unit + "  (" + times + ")";
        }

        private static String superscript(int n) {
            StringBuilder out = new StringBuilder();
            for (char digit : Integer.toString(n).toCharArray()) {
                out.append("⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0'));
            }
            return out.toString();
        }
    }

    /** The rectangle that values are drawn in. */
    private final class Frame {
        private final Axis x;
        private final Axis y;
        private final double right;

        Frame(Axis x, Axis y, double right) {
            this.x = x;
            this.y = y;
            this.right = right;
        }

        double x(double v) {
            return LEFT + (v - x.from) / (x.to - x.from) * (right - LEFT);
        }

        double y(double v) {
            return bottom() - (v - y.from) / (y.to - y.from) * (bottom() - TOP);
        }

        double bottom() {
            return HEIGHT - BOTTOM;
        }

        void grid(boolean horizontalOnly) {
            for (int i = 0; i <= y.ticks(); i++) {
                double at = y(y.from + i * y.step);
                svg.line(LEFT, at, right, at, Svg.stroke(GRID, 1));
                svg.text(LEFT - 7, at + 4, Anchor.END, small(), y.tick(i));
            }
            for (int i = 0; i <= x.ticks(); i++) {
                double at = x(x.from + i * x.step);
                if (!horizontalOnly) {
                    svg.line(at, TOP, at, bottom(), Svg.stroke(GRID, 1));
                }
                svg.line(at, bottom(), at, bottom() + 4, Svg.stroke("#8c959f", 1));
                svg.text(at, bottom() + 17, Anchor.MIDDLE, small(), x.tick(i));
            }
        }

        void axes(String yLabel, String xLabel) {
            svg.line(LEFT, bottom(), right, bottom(), Svg.stroke("#8c959f", 1));
            svg.line(LEFT, TOP, LEFT, bottom(), Svg.stroke("#8c959f", 1));
            svg.text((LEFT + right) / 2, HEIGHT - 14, Anchor.MIDDLE, small(), Text.shorten(xLabel, 2 * LONGEST_LABEL));
            double middle = (TOP + bottom()) / 2;
            svg.text(
                    18,
                    middle,
                    Anchor.MIDDLE,
                    small() + " transform=\"rotate(-90 18 " + Svg.number(middle) + ")\"",
                    Text.shorten(yLabel, LONGEST_LABEL));
        }
    }
}
