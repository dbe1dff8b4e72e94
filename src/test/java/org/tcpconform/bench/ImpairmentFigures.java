package org.tcpconform.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Verdict;

/**
 * What one bad network made of verdicts, held against the same cases on the quiet one.
 *
 * @param median of the times that the cases took, with all attempts, in seconds
 * @param seconds wall time of the run
 * @param share of the cases that pass on the quiet network, those that pass here, in a hundred
 * @param wrong those of them that end in FAIL or ERROR here, each with its code
 * @param unjudged those of them that end otherwise
 * @param deviations how those end that fail on the quiet network
 * @param passed those of them that pass here
 * @param alone cases that are in one of the two runs, and so in none of the figures but {@code verdicts}
 */
public record ImpairmentFigures(
        Network network,
        long seed,
        int jobs,
        double median,
        double seconds,
        Map<Verdict, Integer> verdicts,
        double share,
        List<String> wrong,
        List<String> unjudged,
        Map<Verdict, Integer> deviations,
        List<String> passed,
        Set<String> alone) {

    /** A network; so many in a hundred of the cases that pass without must pass under it. */
    public enum Network {
        QUIET("", 100),
        RATE("rate 1mbit", 0),
        LOSS("loss 5%", 0),
        DELAY("delay 100ms 50ms", 0),
        DUPLICATE("duplicate 2%", 0),
        REORDER("reorder 10%", 0),
        CORRUPT("corrupt 1%", 0),
        USUAL("loss 1%, delay 20ms 20ms", 98);

        private final String impairment;
        private final int least;

        Network(String impairment, int least) {
            this.impairment = impairment;
            this.least = least;
        }

        /** As {@code run --impair} takes it; empty for none. */
        String impairment() {
            return impairment;
        }

        /** By which the command line and folders name it. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        private String title() {
            return impairment.isEmpty() ? label() : impairment;
        }
    }

    static ImpairmentFigures of(Network network, RunResult quiet, RunResult run) {
        Map<String, Verdict> before = verdictsById(quiet);
        List<CaseResult> passing = run.cases().stream()
                .filter(c -> before.get(c.id()) == Verdict.PASS)
                .toList();
        Map<Boolean, List<String>> others = passing.stream()
                .filter(c -> c.verdict() != Verdict.PASS)
                .collect(Collectors.partitioningBy(
                        c -> c.verdict() == Verdict.FAIL || c.verdict() == Verdict.ERROR,
                        Collectors.mapping(c -> c.id() + " (" + c.failure().code() + ")", Collectors.toList())));
        List<CaseResult> failing = run.cases().stream()
                .filter(c -> before.get(c.id()) == Verdict.FAIL)
                .toList();
        Map<Verdict, Integer> deviations = new LinkedHashMap<>();
        failing.forEach(c -> deviations.merge(c.verdict(), 1, Integer::sum));
        Set<String> alone = new TreeSet<>(before.keySet());
        Set<String> here = verdictsById(run).keySet();
        alone.removeAll(here);
        here.stream().filter(id -> !before.containsKey(id)).forEach(alone::add);
        long passed = passing.stream().filter(c -> c.verdict() == Verdict.PASS).count();
        return new ImpairmentFigures(
                network,
                run.seed(),
                run.jobs(),
                Times.of(run.cases().stream().map(c -> c.durationMs() / 1e3).toList())
                        .median(),
                run.durationMs() / 1e3,
                run.counts(),
                passing.isEmpty() ? 0 : 100.0 * passed / passing.size(),
                others.get(true),
                others.get(false),
                deviations,
                failing.stream()
                        .filter(c -> c.verdict() == Verdict.PASS)
                        .map(CaseResult::id)
                        .toList(),
                alone);
    }

    private static Map<String, Verdict> verdictsById(RunResult run) {
        return run.cases().stream().collect(Collectors.toMap(CaseResult::id, CaseResult::verdict));
    }

    /** Whether the network made no verdict wrong, left enough of them, and all cases were compared. */
    boolean hold() {
        return wrong.isEmpty()
                && passed.isEmpty()
                && alone.isEmpty()
                && share >= network.least
                && (network != Network.QUIET || verdicts.get(Verdict.ERROR) == 0);
    }

    /**
     * The page, line by line.
     *
     * @param all the quiet network first
     * @param system what it ran on
     */
    static List<String> page(List<ImpairmentFigures> all, String system, int atOnce) {
        String seeds = all.stream()
                .map(f -> Long.toString(f.seed))
                .distinct()
                .collect(Collectors.joining(
                        ", ", all.stream().mapToLong(f -> f.seed).distinct().count() > 1 ? "seeds " : "seed ", ""));
        List<String> lines = new ArrayList<>(List.of(
                "# Verdicts under bad networks",
                "",
                "Made by `tools/impairments > src/site/markdown/impairments.md`: suite `default` in the lab `linux`, "
                        + seeds + ", " + system + ",",
                "the quiet network first, then up to " + atOnce
                        + " of the others at once. Each impairs both directions, each"
                        + " frame for itself (`run --impair`).",
                "",
                "No case that passes on the quiet network may end in FAIL or ERROR, no case that fails there may pass; with"
                        + " 1 % loss and",
                "20 ms ± 20 ms at least 98 % of those that pass must pass.",
                "",
                "| network | PASS | FAIL | INCONCLUSIVE | NOT_APPLICABLE | ERROR | of those that pass without: PASS | FAIL or"
                        + " ERROR | of those that fail without: FAIL | INCONCLUSIVE | PASS | jobs | a case, median s |"
                        + " minutes |",
                "| --- " + "| --: ".repeat(13) + "|"));
        all.forEach(f -> lines.add(f.row()));
        all.forEach(f -> lines.addAll(f.remarks()));
        return lines;
    }

    private String row() {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %d | %d | %.2f %% | %d | %d | %d | %d | %d | %.1f | %.1f |",
                network.title(),
                verdicts.get(Verdict.PASS),
                verdicts.get(Verdict.FAIL),
                verdicts.get(Verdict.INCONCLUSIVE),
                verdicts.get(Verdict.NOT_APPLICABLE),
                verdicts.get(Verdict.ERROR),
                share,
                wrong.size(),
                deviations.getOrDefault(Verdict.FAIL, 0),
                deviations.getOrDefault(Verdict.INCONCLUSIVE, 0),
                deviations.getOrDefault(Verdict.PASS, 0),
                jobs,
                median,
                seconds / 60);
    }

    private List<String> remarks() {
        List<String> lines = Stream.of(
                        remark("FAIL or ERROR", wrong),
                        remark("PASS, though it fails without", passed),
                        remark("not judged", unjudged),
                        remark("in one of the two runs only", alone))
                .filter(line -> !line.isEmpty())
                .collect(Collectors.toCollection(ArrayList::new));
        if (!lines.isEmpty()) {
            lines.addAll(0, List.of("", "## " + network.title(), ""));
        }
        return lines;
    }

    private static String remark(String what, Collection<String> ids) {
        return ids.isEmpty() ? "" : "- " + what + ": " + String.join(", ", ids);
    }
}
