package org.tcpconform.run;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.tcpconform.requirement.Family;
import org.tcpconform.target.Target;
import org.tcpconform.testkit.Bench;
import org.tcpconform.verdict.Verdict;

/** A run against a target in memory, and its results by id. */
final class Runs {
    /** More than there are cores: most cases wait. */
    static final int JOBS = 32;

    private Runs() {}

    static List<CaseDescriptor> cases(Class<?> type, Set<Family> families, String... match) {
        return new Selection(List.of(match), List.of(), null, families, true).choose(CaseDescriptor.of(type));
    }

    static List<CaseDescriptor> cases(Class<?> type, String... match) {
        return cases(type, EnumSet.allOf(Family.class), match);
    }

    static Runner runner(Bench bench, Target target, long seed, int jobs) {
        return new Runner(bench.station(), target, seed, jobs, null, null, new RunListener() {});
    }

    static Map<String, CaseResult> run(Bench bench, List<CaseDescriptor> cases) {
        return byId(runner(bench, bench.target(), 1, JOBS).run("test", cases));
    }

    static Map<String, CaseResult> byId(List<CaseResult> results) {
        return results.stream().collect(Collectors.toMap(CaseResult::id, r -> r));
    }

    /** One line for each case with a verdict other than PASS, for the message of a test that fails. */
    static List<String> notPassed(Map<String, CaseResult> results) {
        List<String> lines = new ArrayList<>();
        results.values().stream()
                .filter(r -> r.verdict() != Verdict.PASS)
                .forEach(r -> lines.add(
                        r.id() + " " + r.verdict() + " [" + r.failure().code() + "] "
                                + r.failure().summary() + "\n" + r.failure().text()));
        return lines;
    }
}
