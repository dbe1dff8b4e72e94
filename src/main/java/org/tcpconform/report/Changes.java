package org.tcpconform.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RequirementResult;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Verdict;

/**
 * What is different between two runs.
 *
 * @param since what the earlier run is called
 * @param failing cases that fail and did not before, or fail for another cause
 * @param passing cases that pass and did not before
 * @param otherwise cases whose verdict changed in another way
 * @param added cases that only the later run has
 * @param removed cases that only the earlier run has
 * @param requirements requirements whose outcome changed
 */
public record Changes(
        String since,
        List<String> failing,
        List<String> passing,
        List<String> otherwise,
        List<String> added,
        List<String> removed,
        List<String> requirements) {

    /** What changed from one run to another. */
    static Changes between(String since, RunResult before, RunResult after) {
        Map<String, CaseResult> old = byId(before.cases(), CaseResult::id);
        Map<String, CaseResult> now = byId(after.cases(), CaseResult::id);
        List<String> failing = new ArrayList<>();
        List<String> passing = new ArrayList<>();
        List<String> otherwise = new ArrayList<>();
        List<String> added = new ArrayList<>();
        for (CaseResult c : after.cases()) {
            CaseResult earlier = old.get(c.id());
            if (earlier == null) {
                added.add(c.id() + ": " + words(c));
            } else if (!words(c).equals(words(earlier))) {
                List<String> list =
                        c.verdict() == Verdict.FAIL ? failing : c.verdict() == Verdict.PASS ? passing : otherwise;
                list.add(c.id() + ": " + words(earlier) + ", now " + words(c));
            }
        }
        List<String> removed = before.cases().stream()
                .filter(c -> !now.containsKey(c.id()))
                .map(c -> c.id() + ": was " + words(c))
                .toList();
        return new Changes(since, failing, passing, otherwise, added, removed, requirements(before, after));
    }

    private static List<String> requirements(RunResult before, RunResult after) {
        if (before.conformance() == null || after.conformance() == null) {
            return List.of();
        }
        Map<String, RequirementResult> old = byId(before.conformance().requirements(), RequirementResult::id);
        return after.conformance().requirements().stream()
                .filter(r -> old.containsKey(r.id()) && old.get(r.id()).outcome() != r.outcome())
                .map(r -> r.id() + " (" + r.label() + "): "
                        + old.get(r.id()).outcome().word() + ", now "
                        + r.outcome().word())
                .toList();
    }

    private static <T> Map<String, T> byId(List<T> list, Function<T, String> id) {
        return list.stream().collect(Collectors.toMap(id, Function.identity(), (a, b) -> a));
    }

    /** {@code FAIL [no-answer]}. */
    private static String words(CaseResult c) {
        return c.verdict() == Verdict.PASS
                ? "PASS"
                : c.verdict().name().replace('_', ' ') + " [" + Text.failure(c).code() + "]";
    }

    /** A kind of change, and what is of that kind. */
    record Part(String title, List<String> lines) {}

    /** The kinds that there are, worst first; empty where nothing changed. */
    List<Part> parts() {
        return List.of(
                        new Part("newly failing", failing),
                        new Part("newly passing", passing),
                        new Part("changed otherwise", otherwise),
                        new Part("added", added),
                        new Part("removed", removed),
                        new Part("requirements changed", requirements))
                .stream()
                .filter(p -> !p.lines().isEmpty())
                .toList();
    }

    /** For a console. */
    public String text() {
        StringBuilder out =
                new StringBuilder("Since ").append(Text.printable(since)).append(": ");
        if (parts().isEmpty()) {
            return out.append("no verdict changed\n").toString();
        }
        out.append(parts().stream().map(p -> p.lines().size() + " " + p.title()).collect(Collectors.joining(", ")))
                .append('\n');
        for (Part part : parts()) {
            out.append("  ").append(part.title()).append('\n');
            part.lines()
                    .forEach(line ->
                            out.append("    ").append(Text.printable(line)).append('\n'));
        }
        return out.toString();
    }
}
