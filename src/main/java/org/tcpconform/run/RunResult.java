package org.tcpconform.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tcpconform.verdict.Verdict;

/**
 * The outcome of a whole run: the content of {@code results.json}.
 *
 * @param schema version of this layout
 * @param tool name and version of the tool, and the commit it was built from
 * @param target identity of what was judged, as far as known
 * @param suite name of the suite
 * @param seed seed of all random choices
 * @param jobs how many cases ran side by side
 * @param startedMillis start since the epoch, in milliseconds
 * @param durationMs wall time, in milliseconds
 * @param environment facts about the machine and network: interface, RTT, JDK, libpcap, kernel, in display order
 * @param preflight findings before the first case
 * @param aborted why the run ended before all cases ran; null where it did not
 * @param conformance profile, features and outcomes of requirements
 * @param cases one for each case, in order of id
 * @param expectations by which expectations the verdicts were held against what is known; null for none
 */
public record RunResult(
        String schema,
        Tool tool,
        Target target,
        String suite,
        long seed,
        int jobs,
        long startedMillis,
        double durationMs,
        Map<String, String> environment,
        List<Check> preflight,
        String aborted,
        Conformance conformance,
        List<CaseResult> cases,
        Expected expectations) {
    public static final String SCHEMA = "1.0";

    /** A run without expectations. */
    public RunResult(
            String schema,
            Tool tool,
            Target target,
            String suite,
            long seed,
            int jobs,
            long startedMillis,
            double durationMs,
            Map<String, String> environment,
            List<Check> preflight,
            String aborted,
            Conformance conformance,
            List<CaseResult> cases) {
        this(
                schema,
                tool,
                target,
                suite,
                seed,
                jobs,
                startedMillis,
                durationMs,
                environment,
                preflight,
                aborted,
                conformance,
                cases,
                null);
    }

    /**
     * The expectations of a run.
     *
     * @param files the files, as they were named
     * @param strict whether an expectation that no longer holds makes the run fail even where nothing got worse
     * @param remarks what there is to say of lines, such as that one has expired
     */
    public record Expected(List<String> files, boolean strict, List<String> remarks) {}

    /** The tool. */
    public record Tool(String name, String version, String commit) {}

    /** The target: a name for people, its addresses, and its ports by role. */
    public record Target(String name, String description, List<String> addresses, Map<String, Integer> ports) {}

    /** One preflight finding; {@code detail} says what was seen. */
    public record Check(String name, boolean ok, String detail) {}

    /** How many cases have each verdict; every verdict has an entry. */
    public Map<Verdict, Integer> counts() {
        Map<Verdict, Integer> counts = new LinkedHashMap<>();
        for (Verdict verdict : Verdict.values()) {
            counts.put(verdict, 0);
        }
        cases.forEach(c -> counts.merge(c.verdict(), 1, Integer::sum));
        return counts;
    }
}
