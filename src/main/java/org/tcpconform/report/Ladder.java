package org.tcpconform.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tcpconform.report.Svg.Anchor;
import org.tcpconform.run.CaseResult;
import org.tcpconform.verdict.Step;
import org.tcpconform.verdict.Verdict;

/**
 * A case as a ladder diagram: time runs down, the tester stands left and the target right, each segment is an arrow with
 * its text in packetdrill notation above it. The segment that the verdict turns on is red. States of the target are
 * named beside its line where they change.
 */
public final class Ladder {
    private static final double MARGIN = 16;
    private static final double AXIS_X = 84;
    private static final double TESTER_X = 118;
    private static final double SLOPE = 9;

    /** Width of one column in the label font; a little more than the widest of the usual fixed-width fonts. */
    private static final double LABEL_COLUMN = 6.9;

    private static final double LABEL_LINE = 14;
    private static final int LABEL_COLUMNS = 80;

    private static final double REMARK_SIZE = 11;
    private static final double REMARK_LINE = 14.5;
    private static final double TITLE_SIZE = 12;
    private static final double STATE_LINE = 13;
    private static final double BADGE = 7.5;

    private static final int LONGEST_STATE = 20;
    private static final double NARROWEST_LANE = 430;
    private static final long GAP_NANOS = 100_000_000;

    private static final int MOST_STEPS = 160;
    private static final int HEAD_STEPS = 80;
    private static final int TAIL_STEPS = 50;
    private static final int AROUND_OFFENDER = 20;
    private static final int MOST_OFFENDERS = 5;

    /** Hues that stay apart for colour-blind readers; the number beside them says the same. Red is for the offender. */
    private static final String[] HUES = {"#0550ae", "#8250df", "#116329", "#953800", "#0a6b7c", "#99286e"};

    private final Svg svg = new Svg();
    private final CaseResult c;
    private final boolean several;
    private final long zero;
    private final double lane;
    private final double targetX;
    private final double labelX;
    private final double width;
    private final List<double[]> gaps = new ArrayList<>();
    private final Map<Integer, String> states = new HashMap<>();
    private final Map<Integer, Double> arrowEnds = new HashMap<>();
    private final SortedSet<Double> stateLines = new TreeSet<>();
    private double y;

    private Ladder(CaseResult c, List<Step> steps) {
        this.c = c;
        several = steps.stream()
                        .mapToInt(Step::connection)
                        .filter(n -> n > 0)
                        .distinct()
                        .count()
                > 1;
        zero = c.steps().stream()
                .filter(Ladder::isFrame)
                .mapToLong(Step::timeNanos)
                .findFirst()
                .orElse(c.steps().isEmpty() ? 0 : c.steps().get(0).timeNanos());
        double indent = several ? 34 : 16;
        int columns = steps.stream()
                .filter(Ladder::isFrame)
                .flatMap(s -> label(s).stream())
                .mapToInt(Text::columns)
                .max()
                .orElse(0);
        lane = Math.max(NARROWEST_LANE, columns * LABEL_COLUMN + indent + 16);
        targetX = TESTER_X + lane;
        labelX = TESTER_X + indent;
        int longestState =
                steps.stream().mapToInt(s -> Text.columns(s.state())).max().orElse(0);
        width = targetX + Math.max(46, 18 + (longestState + (several ? 2 : 0)) * LABEL_COLUMN) + MARGIN;
    }

    /** The diagram as an SVG document. */
    public static String svg(CaseResult result) {
        List<Step> steps = shown(result.steps());
        return new Ladder(result, steps).draw(steps);
    }

    private String draw(List<Step> steps) {
        heading();
        double top = y;
        y += 26;
        Step before = null;
        for (Step step : steps) {
            if (isFrame(step)) {
                if (before != null) {
                    gap(step.timeNanos() - before.timeNanos());
                }
                before = step;
                arrow(step);
            } else {
                remark(step);
            }
        }
        if (steps.isEmpty()) {
            svg.text(
                    TESTER_X + lane / 2,
                    y + 14,
                    Anchor.MIDDLE,
                    Svg.fill(Svg.SOFT) + " font-style=\"italic\"",
                    "no segment was exchanged");
            y += 30;
        }
        y += 8;
        Svg frame = new Svg();
        columns(frame, top);
        double height = y + MARGIN;
        // the lifelines come first, so that arrows and text lie over them
        return Svg.document(width, height, c.id() + " " + c.title(), frame.append(svg));
    }

    private void heading() {
        y = MARGIN + 14;
        svg.text(MARGIN, y, Anchor.START, Svg.fill(Svg.INK) + " font-size=\"15\" font-weight=\"600\"", c.id());
        String verdict = Text.heading(c);
        double chip = verdict.length() * 7.6 + 18;
        svg.rect(width - MARGIN - chip, y - 15, chip, 21, Svg.fill(hue(c.verdict())) + " rx=\"10\"");
        svg.text(
                width - MARGIN - chip / 2,
                y,
                Anchor.MIDDLE,
                Svg.fill(Svg.GROUND) + " font-size=\"11\" font-weight=\"600\"",
                verdict);
        y += 4;
        for (String line : Svg.wrap(c.title(), width - 2 * MARGIN, TITLE_SIZE, false)) {
            y += 17;
            svg.text(MARGIN, y, Anchor.START, Svg.fill(Svg.INK), line);
        }
        String source = String.join("   ", List.of(Text.section(c), String.join(", ", c.requirements()), c.family()))
                .strip();
        for (String line : Svg.wrap(source, width - 2 * MARGIN, REMARK_SIZE, false)) {
            y += 16;
            svg.text(MARGIN, y, Anchor.START, Svg.fill(Svg.SOFT) + " font-size=\"11\"", line);
        }
        y += 16;
    }

    private static String hue(Verdict verdict) {
        return switch (verdict) {
            case PASS -> "#1a7f37";
            case FAIL -> Svg.RED;
            case INCONCLUSIVE -> "#9a6700";
            case NOT_APPLICABLE -> Svg.SOFT;
            case ERROR -> "#8250df";
        };
    }

    private void columns(Svg frame, double top) {
        for (double[] column : new double[][] {{TESTER_X, 64}, {targetX, 64}}) {
            String name = column[0] == TESTER_X ? "tester" : "target";
            frame.rect(
                    column[0] - column[1] / 2,
                    top,
                    column[1],
                    22,
                    Svg.fill("#f0f3f6") + " rx=\"4\" " + Svg.stroke(Svg.LINE, 1));
            frame.text(
                    column[0],
                    top + 15,
                    Anchor.MIDDLE,
                    Svg.fill(Svg.INK) + " font-size=\"11.5\" font-weight=\"600\"",
                    name);
        }
        frame.text(AXIS_X - 10, top + 15, Anchor.END, Svg.fill(Svg.SOFT) + " font-size=\"11\"", "ms");
        double from = top + 22;
        for (double[] gap : gaps) {
            lifelines(frame, from, gap[0], "");
            lifelines(frame, gap[0], gap[1], " stroke-dasharray=\"2 4\"");
            from = gap[1];
        }
        lifelines(frame, from, y, "");
    }

    private void lifelines(Svg frame, double from, double to, String dashes) {
        frame.line(AXIS_X, from, AXIS_X, to, Svg.stroke("#dde2e7", 1) + dashes);
        frame.line(TESTER_X, from, TESTER_X, to, Svg.stroke("#8c959f", 1.5) + dashes);
        frame.line(targetX, from, targetX, to, Svg.stroke("#8c959f", 1.5) + dashes);
    }

    private void gap(long nanos) {
        if (nanos < GAP_NANOS) {
            return;
        }
        gaps.add(new double[] {y - 2, y + 22});
        svg.text(
                TESTER_X + lane / 2,
                y + 14,
                Anchor.MIDDLE,
                Svg.fill(Svg.SOFT) + " font-size=\"11\" font-style=\"italic\"",
                String.format(Locale.ROOT, "%.3f s later", nanos / 1e9));
        y += 24;
    }

    private void arrow(Step step) {
        boolean sent = step.kind() == Step.Kind.SENT;
        String hue = step.offending() ? Svg.RED : HUES[Math.floorMod(Math.max(1, step.connection()) - 1, HUES.length)];
        List<String> label = label(step);
        y += 6;
        if (several && step.connection() > 0) {
            badge(TESTER_X + 18, y + LABEL_LINE - 4, step.connection(), hue);
        }
        String weight = step.offending() ? " font-weight=\"700\"" : "";
        svg.open("font-family=\"" + Svg.MONO + "\" font-size=\"11\" " + Svg.fill(step.offending() ? Svg.RED : Svg.INK)
                + weight);
        for (String line : label) {
            y += LABEL_LINE;
            svg.text(labelX, y, Anchor.START, "", line);
        }
        svg.close();
        double start = y + 6;
        double end = start + SLOPE;
        double from = sent ? TESTER_X : targetX;
        double to = sent ? targetX : TESTER_X;
        head(from, start, to, end, hue, step.offending() ? 2.6 : 1.4);
        time(step, sent ? start : end, hue);
        arrowEnds.put(step.connection(), sent ? end : start);
        state(step, sent ? end : start);
        y = end + 4;
        if (!step.detail().isEmpty()) {
            String colour = step.offending() ? Svg.RED : Svg.SOFT;
            for (String line : Svg.wrap(step.detail(), targetX - labelX - 10, REMARK_SIZE, false)) {
                y += REMARK_LINE;
                svg.text(labelX, y, Anchor.START, Svg.fill(colour) + " font-size=\"11\"", line);
            }
            y += 5;
        }
    }

    private void head(double x1, double y1, double x2, double y2, String hue, double thick) {
        double length = Math.hypot(x2 - x1, y2 - y1);
        double ux = (x2 - x1) / length;
        double uy = (y2 - y1) / length;
        double size = thick > 2 ? 12 : 9;
        double bx = x2 - ux * size;
        double by = y2 - uy * size;
        svg.line(x1, y1, bx, by, Svg.stroke(hue, thick));
        double half = size * 0.42;
        svg.path(
                "M" + Svg.number(x2) + " " + Svg.number(y2) + "L" + Svg.number(bx - uy * half) + " "
                        + Svg.number(by + ux * half) + "L" + Svg.number(bx + uy * half) + " "
                        + Svg.number(by - ux * half) + "Z",
                Svg.fill(hue));
    }

    private void time(Step step, double at, String hue) {
        svg.line(AXIS_X - 4, at, AXIS_X, at, Svg.stroke("#8c959f", 1));
        svg.text(
                AXIS_X - 10,
                at + 4,
                Anchor.END,
                Svg.fill(step.offending() ? hue : Svg.SOFT) + " font-size=\"11\"",
                millis(step.timeNanos() - zero));
    }

    private void state(Step step, double at) {
        if (step.state().isEmpty() || step.state().equals(states.put(step.connection(), step.state()))) {
            return;
        }
        String number = several && step.connection() > 0 ? step.connection() + " " : "";
        double free = at;
        for (double taken : stateLines) {
            free = Math.abs(taken - free) < STATE_LINE ? taken + STATE_LINE : free;
        }
        stateLines.add(free);
        svg.line(targetX, at, targetX + 6, free, Svg.stroke("#8c959f", 1));
        svg.text(
                targetX + 10,
                free + 4,
                Anchor.START,
                "font-family=\"" + Svg.MONO + "\" font-size=\"11\" font-weight=\"600\" "
                        + Svg.fill(HUES[Math.floorMod(Math.max(1, step.connection()) - 1, HUES.length)]),
                number + Text.shorten(step.state(), LONGEST_STATE));
    }

    /** A line without a segment: what was expected, a silence, a remark. */
    private void remark(Step step) {
        if (saysOnlyTheState(step)) {
            // the name beside the target's line says the same, at the segment that brought it about
            state(step, arrowEnds.getOrDefault(step.connection(), y + 8));
            return;
        }
        boolean bad = step.kind() == Step.Kind.MISMATCH;
        double room = targetX - labelX - 18 - 14;
        List<String> lines = new ArrayList<>(Svg.wrap(step.text(), room, REMARK_SIZE, bad));
        int own = lines.size();
        if (!step.detail().isEmpty()) {
            lines.addAll(Svg.wrap(step.detail(), room, REMARK_SIZE, false));
        }
        double height = lines.size() * REMARK_LINE + 8;
        y += 5;
        if (bad) {
            svg.rect(TESTER_X + 8, y, lane - 16, height, Svg.fill("#ffebe9") + " rx=\"4\" " + Svg.stroke("#ff8182", 1));
        }
        double middle = y + 4 + REMARK_LINE / 2;
        icon(step.kind(), labelX + 5, middle);
        if (several && step.connection() > 0) {
            badge(TESTER_X + 18, middle, step.connection(), hueOf(step));
        }
        for (int i = 0; i < lines.size(); i++) {
            String style = bad ? Svg.fill(Svg.RED) + (i < own ? " font-weight=\"600\"" : "") : Svg.fill(Svg.SOFT);
            svg.text(
                    labelX + 18,
                    y + 4 + (i + 1) * REMARK_LINE - 3.5,
                    Anchor.START,
                    style + " font-size=\"11\"",
                    lines.get(i));
        }
        state(step, middle);
        y += height + 3;
    }

    private static boolean saysOnlyTheState(Step step) {
        return step.kind() == Step.Kind.NOTE
                && !step.state().isEmpty()
                && step.detail().isEmpty()
                && step.text().equals("target is in " + step.state());
    }

    private static String hueOf(Step step) {
        return step.kind() == Step.Kind.MISMATCH
                ? Svg.RED
                : HUES[Math.floorMod(Math.max(1, step.connection()) - 1, HUES.length)];
    }

    private void icon(Step.Kind kind, double x, double at) {
        switch (kind) {
            case EXPECTED ->
                svg.path(
                        "M" + Svg.number(x - 4) + " " + Svg.number(at) + "l3 3.5l6 -7",
                        "fill=\"none\" " + Svg.stroke("#1a7f37", 2));
            case MISMATCH ->
                svg.path(
                        "M" + Svg.number(x - 4) + " " + Svg.number(at - 4) + "l8 8m0 -8l-8 8",
                        "fill=\"none\" " + Svg.stroke(Svg.RED, 2));
            case SILENCE -> {
                for (int i = -1; i <= 1; i++) {
                    svg.circle(x + i * 5, at, 1.6, Svg.fill("#1a7f37"));
                }
            }
            default -> svg.circle(x, at, 2.4, Svg.fill(Svg.SOFT));
        }
    }

    private void badge(double x, double at, int number, String hue) {
        svg.circle(x, at, BADGE, Svg.fill(hue));
        svg.text(
                x,
                at + 3.5,
                Anchor.MIDDLE,
                Svg.fill(Svg.GROUND) + " font-size=\"" + (number > 9 ? "8.5" : "10") + "\" font-weight=\"700\"",
                number > 99 ? "…" : Integer.toString(number));
    }

    /** A segment without the direction sign of the notation: the arrow shows it. */
    private static List<String> label(Step step) {
        String text = step.text().strip();
        return Text.wrap(
                text.startsWith("< ") || text.startsWith("> ")
                        ? text.substring(2).strip()
                        : text,
                LABEL_COLUMNS);
    }

    private static boolean isFrame(Step step) {
        return step.kind() == Step.Kind.SENT || step.kind() == Step.Kind.RECEIVED;
    }

    /** Three decimals, which is the microsecond of the capture, as long as they fit. */
    static String millis(long nanos) {
        // a report has tens of thousands of them, and a formatter costs as much as all else of a line
        BigDecimal millis = BigDecimal.valueOf(nanos, 6);
        boolean isShort = Math.abs(nanos) < 99_999_000_000L;
        return millis.setScale(isShort ? 3 : 0, RoundingMode.HALF_UP).toPlainString();
    }

    /** A flood has more steps than anybody reads: its beginning, its end and what lies around the offender. */
    static List<Step> shown(List<Step> steps) {
        if (steps.size() <= MOST_STEPS) {
            return steps;
        }
        boolean[] kept = new boolean[steps.size()];
        int offenders = 0;
        for (int i = 0; i < steps.size(); i++) {
            if (i < HEAD_STEPS || i >= steps.size() - TAIL_STEPS) {
                kept[i] = true;
            }
            if (offenders < MOST_OFFENDERS
                    && (steps.get(i).offending() || steps.get(i).kind() == Step.Kind.MISMATCH)) {
                offenders++;
                int to = Math.min(steps.size() - 1, i + AROUND_OFFENDER);
                for (int k = Math.max(0, i - AROUND_OFFENDER); k <= to; k++) {
                    kept[k] = true;
                }
            }
        }
        List<Step> shown = new ArrayList<>();
        int left = 0;
        for (int i = 0; i < steps.size(); i++) {
            if (kept[i]) {
                if (left > 0) {
                    shown.add(new Step(
                            steps.get(i).timeNanos(),
                            Step.Kind.NOTE,
                            left + " lines are left out here; the capture and results.json have them all",
                            "",
                            "",
                            0,
                            false));
                    left = 0;
                }
                shown.add(steps.get(i));
            } else {
                left++;
            }
        }
        return shown;
    }
}
