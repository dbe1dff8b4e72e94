package org.tcpconform.report;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.Gate;
import org.tcpconform.run.RequirementResult;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Outcome;
import org.tcpconform.verdict.Verdict;

/**
 * {@code summary.md}: the run on one page of Markdown, as GitHub and GitLab show it, for a job's summary or a comment on a
 * merge request. What is as expected is folded away.
 */
final class Summary {
    /** Longer tables than this help nobody, and GitHub takes no more than a mebibyte. */
    private static final int ROWS = 200;

    private static final int LONGEST_FINDING = 200;

    private final StringBuilder out = new StringBuilder();
    private final RunResult run;
    private final Gate gate;

    private Summary(RunResult run, boolean strict) {
        this.run = run;
        this.gate = Gate.of(run, strict);
    }

    /**
     * The page.
     *
     * @param strict whether a FAIL of SHOULD makes the run fail
     * @param changes what changed since another run; null for nothing to compare with
     */
    static String of(RunResult run, boolean strict, Changes changes) {
        return new Summary(run, strict).page(changes);
    }

    private String page(Changes changes) {
        List<CaseResult> red = gate.red(run.cases());
        boolean errors = run.cases().stream().anyMatch(c -> c.verdict() == Verdict.ERROR);
        String result = errors
                ? "harness fault"
                : run.aborted() != null
                        ? "ended early"
                        : red.isEmpty() ? "passed" : "failed by " + Text.plural(red.size(), "result", "results");
        line("## TCP conformance of " + text(run.target().name()) + ": " + result);
        line("");
        String description = run.target().description();
        line((description == null || description.isEmpty() ? "" : text(description) + ". ") + "Suite "
                + text(run.suite()) + ", seed " + run.seed() + ", "
                + text(run.tool().name() + " " + run.tool().version()) + ", " + Text.duration(run.durationMs()) + ".");
        line("");
        if (run.aborted() != null) {
            line("**The run ended early:** " + text(run.aborted()));
            line("");
        }
        counts();
        unexpected();
        if (changes != null) {
            changes(changes);
        }
        expected();
        remarks();
        requirements();
        return out.toString();
    }

    private void counts() {
        List<String> names = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        Map<Verdict, Integer> expected = new EnumMap<>(Verdict.class);
        run.cases().stream().filter(CaseResult::expected).forEach(c -> expected.merge(c.verdict(), 1, Integer::sum));
        run.counts().forEach((verdict, n) -> {
            names.add(verdict.name().replace('_', ' '));
            int known = expected.getOrDefault(verdict, 0);
            numbers.add(n + (known == 0 ? "" : " (" + known + " expected)"));
        });
        row(names, numbers);
    }

    private void row(List<String> names, List<String> numbers) {
        line("| cases | " + String.join(" | ", names) + " |");
        line("| ---: |" + " ---: |".repeat(names.size()));
        line("| " + run.cases().size() + " | " + String.join(" | ", numbers) + " |");
        line("");
    }

    private void unexpected() {
        List<CaseResult> notable = run.cases().stream().filter(gate::notable).toList();
        if (notable.isEmpty()) {
            return;
        }
        line("### " + (gate.governed() ? "Not as expected" : "What did not pass"));
        line("");
        line("| case | result | gates | what the target should do | finding |");
        line("| --- | --- | :---: | --- | --- |");
        notable.stream().limit(ROWS).forEach(c -> {
            String remark = gate.remark(c);
            String finding = c.verdict() == Verdict.PASS
                    ? ""
                    : "`" + Text.failure(c).code() + "` " + text(Text.failure(c).summary());
            line("| " + text(c.id()) + " | " + text(Text.heading(c)) + " | " + (gate.red(c) ? "yes" : "no") + " | "
                    + text(c.title()) + " | " + finding
                    + (remark.isEmpty() ? "" : (finding.isEmpty() ? "" : "; ") + text(remark)) + " |");
        });
        more(notable.size());
        line("");
    }

    private void more(int size) {
        if (size > ROWS) {
            line("");
            line("and " + (size - ROWS) + " more; all are in `junit.xml` and in the report.");
        }
    }

    private void changes(Changes changes) {
        line("### Since " + text(changes.since()));
        line("");
        if (changes.parts().isEmpty()) {
            line("No verdict changed.");
            line("");
        }
        for (Changes.Part part : changes.parts()) {
            line("**" + part.lines().size() + " " + part.title() + "**");
            line("");
            part.lines().stream().limit(ROWS).forEach(l -> line("- " + text(l)));
            more(part.lines().size());
            line("");
        }
    }

    private void expected() {
        List<CaseResult> known =
                run.cases().stream().filter(CaseResult::expected).toList();
        if (known.isEmpty()) {
            return;
        }
        line("<details><summary>" + Text.plural(known.size(), "expected deviation", "expected deviations")
                + "</summary>");
        line("");
        line("| case | result | why it is known | reference |");
        line("| --- | --- | --- | --- |");
        known.stream()
                .limit(ROWS)
                .forEach(c -> line("| " + text(c.id()) + " | " + text(Text.heading(c)) + " `"
                        + Text.failure(c).code() + "` | "
                        + text(c.expectation().reason(), Integer.MAX_VALUE) + " | "
                        + text(c.expectation().reference(), Integer.MAX_VALUE) + " |"));
        more(known.size());
        line("");
        line("</details>");
        line("");
    }

    private void remarks() {
        if (run.expectations() != null && !run.expectations().remarks().isEmpty()) {
            run.expectations().remarks().forEach(r -> line("- " + text(r)));
            line("");
        }
    }

    /** Requirements by the word for their level, and what they were found to be. */
    private void requirements() {
        if (run.conformance() == null || run.conformance().requirements().isEmpty()) {
            return;
        }
        Map<String, Map<Outcome, Integer>> byLabel = new LinkedHashMap<>();
        for (String label : List.of("MUST", "MUST NOT", "rule", "SHOULD", "SHOULD NOT", "advice", "MAY", "option")) {
            byLabel.put(label, new EnumMap<>(Outcome.class));
        }
        for (RequirementResult r : run.conformance().requirements()) {
            byLabel.computeIfAbsent(r.label(), l -> new EnumMap<>(Outcome.class))
                    .merge(r.outcome(), 1, Integer::sum);
        }
        byLabel.values().removeIf(Map::isEmpty);
        List<Outcome> outcomes = List.of(Outcome.values());
        line("### Requirements");
        line("");
        line(outcomes.stream().map(Outcome::word).collect(Collectors.joining(" | ", "| level | ", " |")));
        line("| --- |" + " ---: |".repeat(outcomes.size()));
        byLabel.forEach((label, counts) -> line(outcomes.stream()
                .map(o -> Integer.toString(counts.getOrDefault(o, 0)))
                .collect(Collectors.joining(" | ", "| " + label + " | ", " |"))));
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    /** Text that Markdown leaves alone, in a table as well, of a length that a table bears. */
    static String text(String text) {
        return text(text, LONGEST_FINDING);
    }

    private static String text(String text, int longest) {
        String line = Text.shorten(Text.legal(text).replaceAll("\\s+", " ").strip(), longest);
        StringBuilder safe = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean within = i > 0
                    && Character.isLetterOrDigit(line.charAt(i - 1))
                    && i + 1 < line.length()
                    && Character.isLetterOrDigit(line.charAt(i + 1));
            switch (c) {
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '&' -> safe.append("&amp;");
                case '|', '\\', '`', '*', '[', ']', '~', '$' ->
                    safe.append('\\').append(c);
                case '_' -> safe.append(within ? "_" : "\\_");
                // a name behind it would be called, a number linked, whatever stands before it
                case '@', '#' -> safe.append(c).append("<!-- -->");
                default -> safe.append(c);
            }
        }
        // else what looks like an address becomes a link
        return safe.toString().replace("://", ":<!-- -->//").replace("www.", "www<!-- -->.");
    }
}
