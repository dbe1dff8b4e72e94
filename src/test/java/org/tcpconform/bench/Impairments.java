package org.tcpconform.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.tcpconform.report.Reports;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Verdict;

/**
 * What bad networks make of verdicts: runs suite {@code default} in the lab {@code linux} without and with each of them, and
 * compares case by case. Started by {@code tools/impairments}.
 */
public final class Impairments {
    private static final Path FOLDER = Path.of("target", "impairments");
    private static final int AT_ONCE = 4;
    private static final String SEED = "424242";

    /** A network; so many in a hundred of the cases that pass without must pass under it. */
    private enum Network {
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

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The figures of one network, of the cases that pass on the quiet one, and of those that fail there.
     *
     * @param share of the cases that pass on the quiet network, those that pass here, in a hundred
     * @param wrong those of them that end in FAIL or ERROR here
     * @param unjudged those of them that end otherwise
     * @param deviations how those end that fail on the quiet network
     */
    public record Figures(
            String network,
            String impairment,
            double seconds,
            Map<Verdict, Integer> verdicts,
            double share,
            List<String> wrong,
            List<String> unjudged,
            Map<Verdict, Integer> deviations) {}

    private Impairments() {}

    /** For no run, but the page of those that were. */
    private static final String REPORT = "report";

    public static void main(String[] names) throws IOException, InterruptedException, ExecutionException {
        List<String> known = Arrays.stream(Network.values()).map(Network::label).toList();
        boolean report = List.of(names).equals(List.of(REPORT));
        if (!report && !known.containsAll(List.of(names))) {
            System.err.println("tcpconform: networks are " + String.join(", ", known));
            System.exit(2);
        }
        List<Network> missing = report
                ? Arrays.stream(Network.values())
                        .filter(n -> Files.notExists(FOLDER.resolve(n.label()).resolve("results.json")))
                        .toList()
                : List.of();
        missing.forEach(n -> System.err.println("tcpconform: no results.json in " + FOLDER.resolve(n.label())
                + "; run tools/impairments" + (n == Network.QUIET ? "" : " " + n.label())));
        if (missing.contains(Network.QUIET)) {
            System.exit(2);
        }
        RunResult quiet = result(Network.QUIET, report);
        List<Figures> all = new ArrayList<>(List.of(figures(Network.QUIET, quiet, quiet)));
        // little but waiting is done in each
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        Map<Network, Future<RunResult>> runs = new LinkedHashMap<>();
        for (Network network : Network.values()) {
            if (network != Network.QUIET
                    && !missing.contains(network)
                    && (names.length == 0 || report || List.of(names).contains(network.label()))) {
                runs.put(network, pool.submit(() -> result(network, report)));
            }
        }
        pool.shutdown();
        boolean holds = quiet.counts().get(Verdict.ERROR) == 0;
        for (Map.Entry<Network, Future<RunResult>> run : runs.entrySet()) {
            Figures figures = figures(run.getKey(), quiet, run.getValue().get());
            all.add(figures);
            holds &= figures.wrong().isEmpty()
                    && figures.share() >= run.getKey().least
                    && figures.deviations().getOrDefault(Verdict.PASS, 0) == 0;
        }
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(FOLDER.resolve("impairments.json").toFile(), all);
        page(all, quiet).forEach(System.out::println);
        System.exit(!holds ? 1 : missing.isEmpty() ? 0 : 2);
    }

    private static RunResult result(Network network, boolean before) throws IOException, InterruptedException {
        return before ? Reports.read(FOLDER.resolve(network.label())) : run(network);
    }

    private static RunResult run(Network network) throws IOException, InterruptedException {
        Path folder = FOLDER.resolve(network.label());
        List<String> command = new ArrayList<>(List.of("tools/tcpconform", "run", "--lab", "linux", "--seed", SEED));
        if (!network.impairment.isEmpty()) {
            command.addAll(List.of("--impair", network.impairment));
        }
        command.addAll(List.of("--out", folder.toString()));
        System.err.println(command.stream()
                .map(word -> word.contains(" ") ? '"' + word + '"' : word)
                .collect(Collectors.joining(" ")));
        File log = FOLDER.resolve(network.label() + ".log").toFile();
        FOLDER.toFile().mkdirs();
        int code = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start()
                .waitFor();
        if (code > 1 && code != 5) {
            throw new IOException("exit code " + code + "; see " + log);
        }
        return Reports.read(folder);
    }

    private static Figures figures(Network network, RunResult quiet, RunResult run) {
        Map<String, Verdict> before =
                quiet.cases().stream().collect(Collectors.toMap(CaseResult::id, CaseResult::verdict));
        List<CaseResult> passing = run.cases().stream()
                .filter(c -> before.get(c.id()) == Verdict.PASS)
                .toList();
        List<CaseResult> others =
                passing.stream().filter(c -> c.verdict() != Verdict.PASS).toList();
        Map<Boolean, List<String>> ids = others.stream()
                .collect(Collectors.partitioningBy(
                        c -> c.verdict() == Verdict.FAIL || c.verdict() == Verdict.ERROR,
                        Collectors.mapping(c -> c.id() + " (" + c.failure().code() + ")", Collectors.toList())));
        Map<Verdict, Integer> deviations = new LinkedHashMap<>();
        run.cases().stream()
                .filter(c -> before.get(c.id()) == Verdict.FAIL)
                .forEach(c -> deviations.merge(c.verdict(), 1, Integer::sum));
        return new Figures(
                network.label(),
                network.impairment,
                run.durationMs() / 1e3,
                run.counts(),
                100.0 * (passing.size() - others.size()) / passing.size(),
                ids.get(true),
                ids.get(false),
                deviations);
    }

    private static List<String> page(List<Figures> all, RunResult quiet) {
        List<String> lines = new ArrayList<>(List.of(
                "# Verdicts under bad networks",
                "",
                "Made by `tools/impairments > src/site/markdown/impairments.md`: suite `default` in the lab `linux`, seed "
                        + SEED + ", " + quiet.jobs() + " jobs, up to " + AT_ONCE + " networks at once,",
                quiet.environment().get("system") + ". Each network impairs both directions, each frame for itself"
                        + " (`run --impair`).",
                "",
                "No case that passes on the quiet network may end in FAIL or ERROR, no case that fails there may pass; with"
                        + " 1 % loss and",
                "20 ms ± 20 ms at least 98 % of those that pass must pass.",
                "",
                "| network | PASS | FAIL | INCONCLUSIVE | NOT_APPLICABLE | ERROR | of those that pass without: PASS | FAIL or"
                        + " ERROR | of those that fail without: FAIL | INCONCLUSIVE | PASS | minutes |",
                "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |"));
        for (Figures f : all) {
            lines.add(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %d | %d | %d | %.2f %% | %d | %d | %d | %d | %.1f |",
                    f.impairment().isEmpty() ? "quiet" : f.impairment(),
                    f.verdicts().get(Verdict.PASS),
                    f.verdicts().get(Verdict.FAIL),
                    f.verdicts().get(Verdict.INCONCLUSIVE),
                    f.verdicts().get(Verdict.NOT_APPLICABLE),
                    f.verdicts().get(Verdict.ERROR),
                    f.share(),
                    f.wrong().size(),
                    f.deviations().getOrDefault(Verdict.FAIL, 0),
                    f.deviations().getOrDefault(Verdict.INCONCLUSIVE, 0),
                    f.deviations().getOrDefault(Verdict.PASS, 0),
                    f.seconds() / 60));
        }
        for (Figures f : all) {
            if (!f.wrong().isEmpty() || !f.unjudged().isEmpty()) {
                lines.addAll(List.of("", "## " + f.impairment(), ""));
                f.wrong().forEach(id -> lines.add("- FAIL or ERROR: " + id));
                if (!f.unjudged().isEmpty()) {
                    lines.add("- not judged: " + String.join(", ", f.unjudged()));
                }
            }
        }
        return lines;
    }
}
