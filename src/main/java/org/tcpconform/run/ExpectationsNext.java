package org.tcpconform.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tcpconform.run.ExpectationsFile.Entry;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Verdict;

/** Writes the expectations that follow from a run. */
final class ExpectationsNext {
    /** Begins each comment of ours, so that the next run leaves it out again. */
    private static final String OURS = "# tcpconform: ";

    /** What comes by chance and may be gone in the next run: nothing to expect. */
    private static final Set<String> BY_CHANCE = Set.of("not-reproducible", "not-sent", "run-ended", "target-gone");

    private final String target;
    private final List<ExpectationsFile> files;
    private final Map<String, Entry> byCase;
    private final Map<String, CaseResult> results = new TreeMap<>();
    private final StringBuilder out = new StringBuilder();

    ExpectationsNext(
            String target, List<ExpectationsFile> files, Map<String, Entry> byCase, Collection<CaseResult> results) {
        this.target = target;
        this.files = files;
        this.byCase = byCase;
        results.forEach(c -> this.results.put(c.id(), c));
    }

    String text() {
        ours("what a run against " + target
                + " leaves of its expectations, to be reviewed. A reason that is empty must");
        ours("be filled in by something that can be looked up: until then the file is refused.");
        for (ExpectationsFile file : files) {
            if (files.size() > 1) {
                ours("of " + file.name());
            }
            kept(file);
        }
        fresh();
        return out.toString();
    }

    private void ours(String text) {
        text.lines().forEach(line -> out.append((OURS + line).stripTrailing()).append('\n'));
    }

    // ---- what was there

    private void kept(ExpectationsFile file) {
        List<Integer> begins = begins(file);
        if (begins == null) {
            if (file.included() != null) {
                out.append("- " + ExpectationsFile.INCLUDE + ": ")
                        .append(scalar(file.include()))
                        .append('\n');
            }
            file.entries().forEach(e -> entry(e, canonical(e, e.ids())));
            return;
        }
        int first = begins.isEmpty() ? file.text().size() : begins.get(0);
        lines(file.text().subList(0, first));
        for (int i = 0; i < begins.size(); i++) {
            int end = i + 1 < begins.size() ? begins.get(i + 1) : file.text().size();
            entry(file.entries().get(i), String.join("\n", file.text().subList(begins.get(i), end)) + "\n");
        }
        if (!out.isEmpty() && out.charAt(out.length() - 1) != '\n') {
            out.append('\n');
        }
    }

    private void lines(List<String> lines) {
        lines.stream()
                .filter(line -> !line.startsWith(OURS.strip()))
                .forEach(line -> out.append(line).append('\n'));
    }

    /** Index of the line at which each entry begins, comments before it included; null where they are not on lines. */
    private static List<Integer> begins(ExpectationsFile file) {
        List<Integer> begins = new ArrayList<>();
        int last = -1;
        for (Entry e : file.entries()) {
            int line = e.line() - 1;
            if (line <= last || !file.text().get(line).stripLeading().startsWith("- ")) {
                return null;
            }
            int begin = line;
            while (begin - 1 > last && file.text().get(begin - 1).stripLeading().startsWith("#")) {
                begin--;
            }
            begins.add(begin);
            last = line;
        }
        return begins;
    }

    private void entry(Entry e, String text) {
        List<CaseResult> cases =
                results.values().stream().filter(c -> byCase.get(c.id()) == e).toList();
        List<CaseResult> broken = cases.stream().filter(c -> broken(e, c)).toList();
        if (broken.isEmpty()) {
            lines(text.lines().toList());
            return;
        }
        broken.forEach(c -> ours(
                c.verdict() == Verdict.PASS
                        ? c.id() + " now passes"
                        : c.id() + " is " + ExpectationsFile.word(c.verdict()) + " [" + code(c)
                                + "] otherwise than expected: see below"));
        ours(text);
        // what it says of others still stands, also of those that did not run
        List<String> gone = broken.stream().map(CaseResult::id).toList();
        byCase.forEach((id, of) -> {
            if (of == e && !gone.contains(id)) {
                out.append(canonical(e, List.of(id)));
            }
        });
    }

    private static boolean broken(Entry e, CaseResult c) {
        if (e.expect() == Verdict.PASS) {
            return isNews(c);
        }
        return c.expectation() != null
                && (c.expectation().state() == Expectation.State.UNEXPECTED_PASS
                        || c.expectation().state() == Expectation.State.OTHERWISE);
    }

    private static boolean isNews(CaseResult c) {
        boolean known = c.expectation() != null && c.expectation().state() != Expectation.State.OTHERWISE;
        return !known && !BY_CHANCE.contains(code(c)) && c.verdict() != Verdict.PASS && c.verdict() != Verdict.ERROR;
    }

    private static String code(CaseResult c) {
        return c.failure() == null ? "unknown" : c.failure().code();
    }

    private static String canonical(Entry e, List<String> ids) {
        StringBuilder text = new StringBuilder("- id: ")
                .append(
                        ids.size() == 1
                                ? scalar(ids.get(0))
                                : ids.stream()
                                        .map(ExpectationsNext::scalar)
                                        .collect(Collectors.joining(", ", "[", "]")))
                .append('\n');
        text.append("  expect: ").append(ExpectationsFile.word(e.expect())).append('\n');
        if (!e.match().isEmpty()) {
            text.append("  match: ")
                    .append(e.match().size() == 1 ? e.match().get(0) : e.match().toString())
                    .append('\n');
        }
        if (e.unsteady()) {
            text.append("  unsteady: true\n");
        }
        text.append("  reason: ").append(scalar(e.reason())).append('\n');
        if (!e.reference().isEmpty()) {
            text.append("  reference: ").append(scalar(e.reference())).append('\n');
        }
        if (!e.applies().isEmpty()) {
            text.append("  applies: ")
                    .append(new TreeMap<>(e.applies())
                            .entrySet().stream()
                                    .map(c -> c.getKey() + ": " + scalar(c.getValue()))
                                    .collect(Collectors.joining(", ", "{", "}")))
                    .append('\n');
        }
        if (e.expires() != null) {
            text.append("  expires: ").append(e.expires()).append('\n');
        }
        return text.toString();
    }

    /** A value that YAML reads as this text, whatever is in it. */
    private static String scalar(String text) {
        if (text.matches("[A-Za-z][A-Za-z0-9.+-]*") && !text.matches("(?i)null|true|false|yes|no|on|off|[yn]")) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append((char) c);
                case '\n' -> quoted.append("\\n");
                default -> {
                    if (c < ' ' || c == 0x7F) {
                        quoted.append(String.format("\\x%02x", c));
                    } else {
                        quoted.append((char) c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    // ---- what is new

    private void fresh() {
        Map<List<String>, List<CaseResult>> alike = new LinkedHashMap<>();
        for (CaseResult c : results.values()) {
            if (isNews(c) || passesUnlikeIncluded(c)) {
                List<String> key = List.of(
                        ExpectationsFile.withoutFamily(c.id()), c.verdict().name(), code(c));
                alike.computeIfAbsent(key, k -> new ArrayList<>()).add(c);
            }
        }
        alike.forEach((key, cases) -> {
            CaseResult c = cases.get(0);
            Failure failure = c.failure();
            if (!out.toString().endsWith("\n\n")) {
                out.append('\n');
            }
            ours(c.level().label(c.keyword()) + ": " + oneLine(c.title()));
            ours(failure == null ? c.verdict().word() : oneLine(failure.summary()));
            // one line for both versions of IP where they agree
            out.append("- id: ")
                    .append(scalar(cases.size() > 1 ? key.get(0) : c.id()))
                    .append('\n');
            out.append("  expect: ").append(ExpectationsFile.word(c.verdict())).append('\n');
            if (failure != null) {
                out.append("  match: ").append(failure.code()).append('\n');
            }
            out.append("  reason:\n  #reference:\n");
        });
    }

    /** What an included file expects is not ours to strike out: a line of our own takes it back. */
    private boolean passesUnlikeIncluded(CaseResult c) {
        return c.expectation() != null
                && c.expectation().state() == Expectation.State.UNEXPECTED_PASS
                && files.stream().noneMatch(f -> f.entries().contains(byCase.get(c.id())));
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    }
}
