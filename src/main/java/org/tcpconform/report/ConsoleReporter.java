package org.tcpconform.report;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.Gate;
import org.tcpconform.run.RunListener;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Outcome;
import org.tcpconform.verdict.Verdict;

/**
 * What a person sees while a run goes on and when it ends. On a terminal there is a line of progress below what is
 * printed for good; elsewhere, as in the log of a build server, there are plain lines only, and not one escape code.
 */
public final class ConsoleReporter implements RunListener, AutoCloseable {
    private static final long REDRAW_MILLIS = 100;
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int IDS_SHOWN = 4;
    private static final int LONGEST_BAR = 24;
    /** A reason may be a paragraph; the reports have it in full. */
    private static final int LONGEST_REASON = 120;

    private static final int SLOW_ENOUGH_MILLIS = 1000;
    private static final int LEVELS_SHOWN = 3;

    private static final String ERASE = "\r\u001b[2K";
    private static final String RESET = "\u001b[0m";

    private enum Colour {
        RED("\u001b[31m"),
        GREEN("\u001b[32m"),
        YELLOW("\u001b[33m"),
        FAINT("\u001b[2m"),
        BOLD("\u001b[1m");

        private final String code;

        Colour(String code) {
            this.code = code;
        }
    }

    private final PrintStream out;
    private final boolean terminal;
    private final boolean colour;
    private final int width;
    private final LongSupplier nanoTime;
    private final Map<String, Long> running = new LinkedHashMap<>();
    /** Cases whose findings were printed in full when they happened. */
    private final Set<String> shown = new HashSet<>();

    private final Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    private ScheduledExecutorService timer;
    private int planned;
    private int done;
    private int decile;
    private long progressPrinted;
    private Gate gate = new Gate(false, false, false);
    private boolean live;
    private String drawn;

    /**
     * The console of this process; colours only on a terminal, and none where {@code NO_COLOR} is set.
     *
     * @param terminal whether {@code out} is a terminal that knows escape codes
     * @param width columns of that terminal
     * @param nanoTime a clock such as {@link System#nanoTime}
     */
    public ConsoleReporter(PrintStream out, boolean terminal, int width, LongSupplier nanoTime) {
        this(out, terminal, terminal && wantsColour(System.getenv()), width, nanoTime);
    }

    ConsoleReporter(PrintStream out, boolean terminal, boolean colour, int width, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.colour = colour;
        this.width = Math.max(20, width);
        this.nanoTime = nanoTime;
    }

    /** By the convention of no-color.org, and not on a terminal that calls itself dumb. */
    static boolean wantsColour(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(environment.get("TERM"));
    }

    @Override
    public synchronized void started(RunPlan plan, int cases) {
        planned = cases;
        RunResult.Expected expected = plan.expectations();
        gate = new Gate(false, expected != null, expected != null && expected.strict());
        progressPrinted = nanoTime.getAsLong();
        RunResult.Target target = plan.target();
        String addresses = target.addresses().isEmpty() ? "" : " (" + String.join(", ", target.addresses()) + ")";
        print(paint(Colour.BOLD, plan.tool().name() + " " + plan.tool().version()) + ": "
                + Text.plural(cases, "case", "cases") + " of suite " + plan.suite() + " against "
                + Text.printable(target.name() + addresses) + ", " + Text.plural(plan.jobs(), "job", "jobs") + ", seed "
                + plan.seed() + "\n");
        live = terminal;
        if (live && timer == null) {
            timer = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "console");
                thread.setDaemon(true);
                return thread;
            });
            timer.scheduleWithFixedDelay(this::redraw, 0, REDRAW_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void takenOver(List<CaseResult> results) {
        results.forEach(c -> counts.merge(c.verdict(), 1, Integer::sum));
        done += results.size();
        print(Text.plural(results.size(), "verdict is", "verdicts are")
                + " taken over from the part that ran before\n");
    }

    @Override
    public synchronized void begun(String caseId) {
        running.put(caseId, nanoTime.getAsLong());
    }

    @Override
    public synchronized void ended(CaseResult result) {
        running.remove(result.id());
        counts.merge(result.verdict(), 1, Integer::sum);
        done++;
        show(result);
        if (!terminal && planned > 0) {
            int reached = (int) (10L * done / planned);
            if (reached > decile && nanoTime.getAsLong() - progressPrinted >= PROGRESS_NANOS) {
                decile = reached;
                progressPrinted = nanoTime.getAsLong();
                print(progress() + "\n");
            }
        }
    }

    @Override
    public synchronized void amended(CaseResult before, CaseResult result) {
        counts.computeIfPresent(before.verdict(), (verdict, n) -> n == 1 ? null : n - 1);
        counts.merge(result.verdict(), 1, Integer::sum);
        show(result);
    }

    private void show(CaseResult result) {
        if (gate.notable(result)) {
            shown.add(result.id());
            print("\n" + block(result) + "\n");
        }
    }

    @Override
    public synchronized void noted(String line) {
        print(paint(Colour.YELLOW, "note: ") + Text.printable(line) + "\n");
    }

    @Override
    public synchronized void finished(RunResult result) {
        stopTimer();
        StringBuilder text = new StringBuilder();
        gate = Gate.of(result, false);
        List<CaseResult> bad = result.cases().stream().filter(gate::notable).toList();
        if (!bad.isEmpty()) {
            text.append('\n')
                    .append(paint(Colour.BOLD, gate.governed() ? "Not as expected" : "What did not pass"))
                    .append("\n\n");
            // such as what was taken over from the part of a run that came before
            bad.stream()
                    .filter(c -> !shown.contains(c.id()))
                    .forEach(c -> text.append(block(c)).append('\n'));
            List<CaseResult> known =
                    bad.stream().filter(c -> shown.contains(c.id())).toList();
            known.forEach(
                    c -> text.append(headline(c)).append('\n').append(c.verdict() == Verdict.PASS ? "" : cause(c)));
            if (!known.isEmpty()) {
                text.append("(In full above, in junit.xml and in the report.)\n\n");
            }
        }
        text.append(
                notApplicable(result.cases().stream().filter(c -> !c.expected()).toList()));
        text.append(expected(result));
        if (result.aborted() != null) {
            text.append(paint(Colour.YELLOW, "The run ended early: "))
                    .append(Text.printable(result.aborted()))
                    .append("\n");
        }
        text.append(summary(result)).append('\n');
        requirements(result).forEach(line -> text.append(line).append('\n'));
        print(text.toString());
    }

    /** The figures of the compliance report for what binds most: one line for each of MUST, rule and SHOULD. */
    static List<String> requirements(RunResult result) {
        if (result.conformance() == null) {
            return List.of();
        }
        return Compliance.byLevel(result.conformance().requirements()).stream()
                .limit(LEVELS_SHOWN)
                .map(level -> String.format(Locale.ROOT, "%-6s %3d requirements: ", level.name(), level.total())
                        + Stream.of(Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE)
                                .map(outcome -> level.count(outcome) + " " + outcome.word())
                                .collect(Collectors.joining(", "))
                        + ", " + level.count(Outcome.NOT_TESTED) + " " + Outcome.NOT_TESTED.word())
                .toList();
    }

    /** The reports of a run, by path; printed after the summary. */
    public synchronized void written(Reports.Written reports) {
        StringBuilder text = new StringBuilder();
        int longest =
                reports.files().keySet().stream().mapToInt(String::length).max().orElse(0);
        reports.files()
                .forEach((what, path) -> text.append(what)
                        .append(" ".repeat(longest - what.length() + 2))
                        .append(path)
                        .append('\n'));
        if (!reports.seal().isEmpty()) {
            text.append("SHA-256 of these sums (keep it elsewhere): ")
                    .append(reports.seal())
                    .append('\n');
        }
        reports.warnings()
                .forEach(warning -> text.append(paint(Colour.YELLOW, "note: "))
                        .append(Text.printable(warning))
                        .append('\n'));
        print(text.toString());
    }

    /** Takes the line of progress away; for the end of a run that broke off without {@link #finished}. */
    @Override
    public synchronized void close() {
        stopTimer();
        erase();
        out.flush();
    }

    /** Draws the line of progress anew; called by the timer. */
    synchronized void redraw() {
        if (live && planned > 0) {
            String line = paintedProgress();
            if (!line.equals(drawn)) {
                out.print((drawn == null ? "" : ERASE) + line);
                out.flush();
                drawn = line;
            }
        }
    }

    /** {@code 240 cases: 231 passed, 6 failed (0 MUST, 2 rule, 4 SHOULD), …}: the last line, fit to be searched for. */
    static String summary(RunResult result) {
        Map<Verdict, Integer> counts = result.counts();
        List<CaseResult> expected =
                result.cases().stream().filter(CaseResult::expected).toList();
        List<CaseResult> others =
                result.cases().stream().filter(c -> !c.expected()).toList();
        return Text.plural(result.cases().size(), "case", "cases") + ": " + counts.get(Verdict.PASS) + " passed, "
                + failed(others, "failed")
                + (expected.isEmpty() ? "" : ", " + failed(expected, "failed as expected")) + ", "
                + count(counts, expected, Verdict.INCONCLUSIVE) + ", "
                + count(counts, expected, Verdict.NOT_APPLICABLE) + ", "
                + Text.plural(counts.get(Verdict.ERROR), "error", "errors") + " in "
                + Text.duration(result.durationMs());
    }

    private static String failed(List<CaseResult> cases, String word) {
        long failed = cases.stream().filter(c -> c.verdict() == Verdict.FAIL).count();
        String levels = failed == 0
                ? ""
                : Text.failedByLevel(cases).entrySet().stream()
                        .map(e -> e.getValue() + " " + e.getKey())
                        .collect(Collectors.joining(", ", " (", ")"));
        return failed + " " + word + levels;
    }

    private static String count(Map<Verdict, Integer> counts, List<CaseResult> expected, Verdict verdict) {
        long known = expected.stream().filter(c -> c.verdict() == verdict).count();
        return counts.get(verdict) + " " + verdict.word() + (known == 0 ? "" : " (" + known + " expected)");
    }

    /** What is known and why: one line for each reason. What there is to say of the files themselves comes first. */
    private String expected(RunResult result) {
        StringBuilder text = new StringBuilder();
        if (result.expectations() != null) {
            result.expectations()
                    .remarks()
                    .forEach(remark -> text.append(paint(Colour.YELLOW, "note: "))
                            .append(Text.printable(remark))
                            .append('\n'));
        }
        List<CaseResult> expected =
                result.cases().stream().filter(CaseResult::expected).toList();
        if (!expected.isEmpty()) {
            text.append(paint(
                            Colour.BOLD,
                            "As expected by "
                                    + String.join(", ", result.expectations().files())))
                    .append('\n');
            byReason(
                    text,
                    expected,
                    c -> Text.heading(c) + ": " + c.expectation().reason());
        }
        return text.isEmpty() ? "" : text.append('\n').toString();
    }

    /** A finding as it can be pasted into a bug report. */
    private String block(CaseResult c) {
        Failure failure = Text.failure(c);
        StringBuilder text = new StringBuilder(headline(c)).append('\n');
        if (c.verdict() == Verdict.PASS) {
            return text.toString();
        }
        if (!failure.text().contains(failure.summary())) {
            text.append(cause(c));
        }
        if (failure.text().isEmpty()) {
            if (c.capture() != null) {
                text.append("  capture: ").append(c.capture()).append('\n');
            }
        } else {
            Text.printable(Text.finding(c))
                    .lines()
                    .forEach(line ->
                            text.append(line.isEmpty() ? "" : "  " + line).append('\n'));
        }
        return text.toString();
    }

    private String headline(CaseResult c) {
        Colour hue = c.verdict() == Verdict.FAIL ? Colour.RED : Colour.YELLOW;
        String section = Text.section(c);
        return paint(hue, Text.heading(c)) + "  " + paint(Colour.BOLD, c.id()) + "  " + Text.printable(c.title())
                + (section.isEmpty() ? "" : "  [" + section + "]")
                + (gate.remark(c).isEmpty() ? "" : "\n  " + paint(Colour.YELLOW, Text.printable(gate.remark(c))));
    }

    private static String cause(CaseResult c) {
        Failure failure = Text.failure(c);
        return "  " + failure.code() + ": " + Text.printable(failure.summary()) + "\n";
    }

    /** What was not tested and why: one line for each reason. */
    private String notApplicable(List<CaseResult> cases) {
        List<CaseResult> left = cases.stream()
                .filter(c -> c.verdict() == Verdict.NOT_APPLICABLE)
                .toList();
        if (left.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(paint(Colour.BOLD, "Not applicable")).append('\n');
        byReason(text, left, c -> Text.failure(c).summary());
        return text.append('\n').toString();
    }

    private void byReason(StringBuilder text, List<CaseResult> cases, Function<CaseResult, String> reason) {
        Map<String, List<String>> byReason = cases.stream()
                .collect(Collectors.groupingBy(
                        c -> Text.printable(reason.apply(c)),
                        TreeMap::new,
                        Collectors.mapping(CaseResult::id, Collectors.toList())));
        byReason.entrySet().stream()
                .sorted(Comparator.comparingInt(e -> -e.getValue().size()))
                .forEach(e -> {
                    List<String> ids = e.getValue();
                    String shown = ids.stream().limit(IDS_SHOWN).collect(Collectors.joining(", "));
                    text.append("  ")
                            .append(Text.plural(ids.size(), "case", "cases"))
                            .append(": ")
                            .append(e.getKey())
                            .append(paint(
                                    Colour.FAINT,
                                    " (" + shown
                                            + (ids.size() > IDS_SHOWN
                                                    ? " and " + (ids.size() - IDS_SHOWN) + " more"
                                                    : "")
                                            + ")"))
                            .append('\n');
                });
    }

    private String progress() {
        return done + "/" + planned + " (" + 100L * done / Math.max(1, planned) + " %): " + countsText();
    }

    private String countsText() {
        return String.join(", ", countWords(false));
    }

    private List<String> countWords(boolean painted) {
        List<String> words = new ArrayList<>();
        for (Verdict verdict : Verdict.values()) {
            int n = counts.getOrDefault(verdict, 0);
            if (n > 0 || verdict == Verdict.PASS) {
                String text = verdict == Verdict.ERROR ? Text.plural(n, "error", "errors") : n + " " + verdict.word();
                words.add(painted ? paint(hue(verdict), text) : text);
            }
        }
        return words;
    }

    private static Colour hue(Verdict verdict) {
        return switch (verdict) {
            case PASS -> Colour.GREEN;
            case FAIL -> Colour.RED;
            case INCONCLUSIVE, ERROR -> Colour.YELLOW;
            case NOT_APPLICABLE -> Colour.FAINT;
        };
    }

    /** The line of progress, never as wide as the terminal: else it would wrap and could not be erased. */
    private String paintedProgress() {
        int room = width - 1;
        String numbers = done + "/" + planned + "  ";
        String words = countsText();
        String slowest = slowest();
        int bar = Math.min(LONGEST_BAR, room - numbers.length() - words.length() - slowest.length() - 3);
        if (bar < 5) {
            slowest = "";
            bar = Math.min(LONGEST_BAR, room - numbers.length() - words.length() - 3);
        }
        String plain = numbers + words + slowest;
        if (bar < 5) {
            return plain.length() > room ? plain.substring(0, room) : plain;
        }
        int filled = (int) ((long) bar * Math.min(done, planned) / planned);
        return "[" + "#".repeat(filled) + "-".repeat(bar - filled) + "] " + numbers
                + String.join(", ", countWords(true)) + paint(Colour.FAINT, slowest);
    }

    private String slowest() {
        long now = nanoTime.getAsLong();
        return running.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .map(e -> Map.entry(e.getKey(), (now - e.getValue()) / 1_000_000))
                .filter(e -> e.getValue() >= SLOW_ENOUGH_MILLIS)
                .map(e -> "  " + e.getKey() + " " + Text.duration(e.getValue()))
                .orElse("");
    }

    /** Prints for good: the line of progress goes and is drawn below again. */
    private void print(String text) {
        erase();
        out.print(text);
        redraw();
        out.flush();
    }

    private void erase() {
        if (drawn != null) {
            out.print(ERASE);
            drawn = null;
        }
    }

    private void stopTimer() {
        live = false;
        if (timer != null) {
            timer.shutdownNow();
            timer = null;
        }
    }

    private String paint(Colour hue, String text) {
        return colour && !text.isEmpty() ? hue.code + text + RESET : text;
    }
}
