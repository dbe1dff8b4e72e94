package org.tcpconform.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.tcpconform.bench.ImpairmentFigures.Network;
import org.tcpconform.report.ReportException;
import org.tcpconform.report.Reports;
import org.tcpconform.run.RunResult;

/**
 * What bad networks make of verdicts: runs suite {@code default} in the lab {@code linux} without and with each of them, and
 * compares case by case. Started by {@code tools/impairments}.
 */
public final class Impairments {
    private static final Path FOLDER = Path.of("target", "impairments");
    /** Little but waiting is done in each. */
    private static final int AT_ONCE = 4;

    private static final String SEED = "424242";

    /** For no run, but the page of those that were. */
    private static final String REPORT = "report";

    private Impairments() {}

    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        CommandLine line = parsed(args);
        String seed = line.getOptionValue("seed", SEED);
        boolean report = line.getArgList().equals(List.of(REPORT));
        List<String> names = report ? List.of() : line.getArgList();
        RunResult quiet = result(Network.QUIET, report, seed);
        if (quiet == null) {
            System.exit(report ? 2 : 3);
        }
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        Map<Network, Future<RunResult>> runs = new EnumMap<>(Network.class);
        for (Network network : Network.values()) {
            if (network != Network.QUIET && (names.isEmpty() || names.contains(network.label()))) {
                runs.put(network, pool.submit(() -> result(network, report, seed)));
            }
        }
        pool.shutdown();
        List<ImpairmentFigures> all = new ArrayList<>(List.of(ImpairmentFigures.of(Network.QUIET, quiet, quiet)));
        for (Map.Entry<Network, Future<RunResult>> run : runs.entrySet()) {
            RunResult result = run.getValue().get();
            if (result != null) {
                all.add(ImpairmentFigures.of(run.getKey(), quiet, result));
            }
        }
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(FOLDER.resolve("impairments.json").toFile(), all);
        ImpairmentFigures.page(all, quiet.environment().get("system"), AT_ONCE).forEach(System.out::println);
        boolean hold = all.stream().allMatch(ImpairmentFigures::hold);
        System.exit(!hold ? 1 : all.size() > runs.size() ? 0 : report ? 2 : 3);
    }

    private static CommandLine parsed(String[] args) {
        List<String> known = Arrays.stream(Network.values()).map(Network::label).toList();
        try {
            CommandLine line =
                    new DefaultParser().parse(new Options().addOption(null, "seed", true, "seed of all runs"), args);
            Long.parseLong(line.getOptionValue("seed", SEED));
            if (known.containsAll(line.getArgList()) || line.getArgList().equals(List.of(REPORT))) {
                return line;
            }
            complain("networks are " + String.join(", ", known) + "; or " + REPORT + ", alone");
        } catch (ParseException e) {
            complain(e.getMessage());
        } catch (NumberFormatException e) {
            complain("--seed takes a whole number");
        }
        System.exit(2);
        return null;
    }

    private static void complain(String message) {
        System.err.println("tcpconform: " + message);
    }

    /** The results of one network, of a run before or a new one; null where there are none, which was said. */
    private static RunResult result(Network network, boolean before, String seed)
            throws IOException, InterruptedException {
        Path folder = FOLDER.resolve(network.label());
        try {
            return before || run(network, folder, seed) ? Reports.read(folder) : null;
        } catch (ReportException e) {
            complain(e.getMessage() + ": run tools/impairments"
                    + (network == Network.QUIET ? "" : " " + network.label()));
            return null;
        }
    }

    private static boolean run(Network network, Path folder, String seed) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tools/tcpconform", "run", "--lab", "linux", "--seed", seed));
        if (!network.impairment().isEmpty()) {
            command.addAll(List.of("--impair", network.impairment()));
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
        boolean ended = code <= 1 || code == 5;
        if (!ended) {
            complain("the run of " + network.label() + " ended with exit code " + code + "; see " + log);
        }
        return ended;
    }
}
