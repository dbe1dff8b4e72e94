package org.tcpconform.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.tcpconform.bench.Reaction.Tester;

/** All benchmarks, as {@code tools/bench} starts them: prints a table, writes {@code target/bench.json}. */
public final class Bench {
    private static final List<String> PARTS =
            List.of("reaction", "hotpath", "start", "growth", "jobs", "suites", "profile");
    private static final int ROUNDS = 5;
    private static final int STARTS = 3;
    private static final List<Integer> JOBS = List.of(1, 8, 32, 128);
    /** Cases that wait now and then, and for no timer. */
    private static final List<String> SOME = List.of("--match", "HD-*", "--match", "OP-*", "--skip", "timer");

    private static final List<Integer> GENERATED = List.of(100, 1_000, 10_000);
    private static final int WARM = 3_000;
    /** Smaller runs are repeated until they have so many cases together. */
    private static final int FEW_CASES = 2_000;

    private static final int FEW = 8;
    private static final int MANY = 136;

    private final Path home;
    private final Map<String, Object> json = new LinkedHashMap<>();

    private Bench(Path home) {
        this.home = home;
    }

    public static void main(String[] args) throws Exception {
        List<String> parts = args.length == 0 ? PARTS : List.of(args);
        if (!PARTS.containsAll(parts)) {
            System.err.println("tools/bench [PART]…: parts are " + String.join(", ", PARTS));
            System.exit(2);
        }
        new Bench(Path.of(System.getProperty("tcpconform.home"))).run(parts);
    }

    private void run(List<String> parts) throws Exception {
        json.put("time", Instant.now().toString());
        json.put("java", System.getProperty("java.runtime.version"));
        json.put("system", System.getProperty("os.version"));
        json.put("processors", Runtime.getRuntime().availableProcessors());
        for (String part : PARTS) {
            if (parts.contains(part)) {
                String before = load();
                json.put(
                        part,
                        switch (part) {
                            case "reaction" -> reaction();
                            case "hotpath" -> hotPath();
                            case "growth" -> growth();
                            case "jobs" -> jobs();
                            case "suites" -> suites();
                            case "profile" -> profile();
                            default -> start();
                        });
                json.put(part + ", load average before and after", List.of(before, load()));
                line("  load average %s before, %s after, %d processors", before, load(), json.get("processors"));
            }
        }
        Path file = home.resolve("target/bench.json");
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), json);
        line("written to %s", file);
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    private Map<String, Object> reaction() throws Exception {
        // a thread of its own, since it stays in the lab's namespace
        Map<Tester, Times> times = inThread(() -> new Reaction(home, ROUNDS).run());
        line("reaction: from a segment of the target to our next one, in µs by capture stamps, one case at a time");
        line("  %-38s %6s %9s %9s %9s %9s %9s", "", "n", "min", "median", "p90", "p99", "max");
        Map<String, Object> all = new LinkedHashMap<>();
        times.forEach((tester, t) -> {
            line(
                    "  %-38s %6d %9.1f %9.1f %9.1f %9.1f %9.1f",
                    tester.words,
                    t.count(),
                    t.quantile(0),
                    t.median(),
                    t.quantile(0.9),
                    t.quantile(0.99),
                    t.quantile(1));
            all.put(tester.words, t.json());
        });
        for (Tester scapy : List.of(Tester.SCAPY_SOCKET, Tester.SCAPY_SRP1)) {
            double ratio =
                    times.get(scapy).median() / times.get(Tester.TCPCONFORM).median();
            line("  %s takes %.0f times as long (medians)", scapy.words, ratio);
            all.put("ratio of medians, " + scapy.words, ratio);
        }
        return all;
    }

    private static <T> T inThread(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "lab");
        thread.start();
        return task.get();
    }

    private Map<String, Object> hotPath() throws RunnerException {
        Options options = new OptionsBuilder()
                .include(HotPath.class.getName())
                .jvmArgs(System.getProperty("tcpconform.bench.options").split(" "))
                .verbosity(VerboseMode.SILENT)
                .build();
        Collection<RunResult> results = new Runner(options).run();
        line("hot path: one segment, without the kernel, in µs (JMH, error of 99.9 %%)");
        Map<String, Object> all = new LinkedHashMap<>();
        for (RunResult result : results) {
            Result<?> primary = result.getPrimaryResult();
            double micros = primary.getScore() / 1e3;
            double error = primary.getScoreError() / 1e3;
            line("  %-10s %8.2f ± %.2f", primary.getLabel(), micros, error);
            all.put(primary.getLabel(), Map.of("micros", micros, "error", error));
        }
        return all;
    }

    /** Builds and archives, where that is due; the folder for what is run. */
    private Path built() throws IOException, InterruptedException {
        Path folder = home.resolve("target/bench");
        Launch.run(home, folder.resolve("first"), List.of("--suite", "smoke"));
        return folder;
    }

    private Map<String, Object> start() throws IOException, InterruptedException {
        Path folder = built();
        List<Launch> smoke = new ArrayList<>();
        for (int i = 1; i <= STARTS; i++) {
            smoke.add(Launch.run(home, folder.resolve("smoke-" + i), List.of("--suite", "smoke")));
        }
        Map<String, Object> all = new LinkedHashMap<>();
        double first = seconds(smoke.stream().map(Launch::firstSegment).toList());
        line("start: first segment of a case %.2f s after the command (median of %d)", first, STARTS);
        all.put("first segment", first);
        wall(all, "smoke", smoke);
        wall(
                all,
                "default without timers",
                List.of(Launch.run(home, folder.resolve("quick"), List.of("--skip", "timer"))));
        wall(all, "default", List.of(Launch.run(home, folder.resolve("default"), List.of())));
        return all;
    }

    /** Flat, where the cost of a case does not depend on how many there are. */
    private Map<String, Object> growth() throws Exception {
        Path folder = home.resolve("target/bench/generated");
        Growth.run(WARM, folder);
        line("growth: runs of generated cases, each with its capture, on a target in memory, 32 jobs (medians)");
        Map<String, Object> all = new LinkedHashMap<>();
        double least = Double.MAX_VALUE;
        double most = 0;
        for (int count : GENERATED) {
            List<Growth.Run> runs = new ArrayList<>();
            for (int i = 0; i < 1 + FEW_CASES / count; i++) {
                runs.add(Growth.run(count, folder));
            }
            double wall = median(runs, Growth.Run::microsForEach);
            double cpu = median(runs, Growth.Run::cpuMicrosForEach);
            line("  %6d cases %8.0f µs of a processor, %8.0f µs of time for each", count, cpu, wall);
            all.put(count + " cases", Map.of("processor micros for each", cpu, "micros for each", wall));
            least = Math.min(least, cpu);
            most = Math.max(most, cpu);
        }
        line("  the dearest costs %.2f times the cheapest", most / least);
        all.put("ratio", most / least);
        long few = Growth.heapOf(FEW);
        double each = (Growth.heapOf(MANY) - few) / 1024.0 / (MANY - FEW);
        line("memory: %.1f KiB of the heap for each case that runs beside others", each);
        all.put("KiB for each concurrent case", each);
        return all;
    }

    private static double median(List<Growth.Run> runs, ToDoubleFunction<Growth.Run> figure) {
        return new Times(runs.stream().mapToDouble(figure).sorted().toArray()).median();
    }

    private Map<String, Object> jobs() throws IOException, InterruptedException {
        Map<String, Object> all = new LinkedHashMap<>();
        line("jobs: cases in a second against the lab's Linux, without start and reports (%s)", String.join(" ", SOME));
        for (int jobs : JOBS) {
            List<String> arguments = new ArrayList<>(SOME);
            arguments.addAll(List.of("--jobs", Integer.toString(jobs)));
            Launch launch = Launch.run(home, home.resolve("target/bench/jobs-" + jobs), arguments);
            double rate = launch.cases() / launch.times().run();
            line(
                    "  %4d jobs %8.1f cases/s, %4d cases in %6.2f s",
                    jobs, rate, launch.cases(), launch.times().run());
            all.put(jobs + " jobs, cases in a second", rate);
        }
        return all;
    }

    private Map<String, Object> suites() throws IOException, InterruptedException {
        Map<String, Object> all = new LinkedHashMap<>();
        line("suites: seconds against the lab's Linux, as many jobs as by default");
        line(
                "  %-8s %6s %9s %9s %14s %9s %12s",
                "", "cases", "command", "run", "sum of cases", "longest", "run - longest");
        for (String suite : List.of("default", "full")) {
            Launch launch = Launch.run(home, home.resolve("target/bench/suite-" + suite), List.of("--suite", suite));
            Launch.Cost times = launch.times();
            double wall = launch.wall().toMillis() / 1e3;
            line(
                    "  %-8s %6d %9.1f %9.1f %14.1f %9.1f %12.1f",
                    suite,
                    launch.cases(),
                    wall,
                    times.run(),
                    times.sum(),
                    times.longest(),
                    times.run() - times.longest());
            all.put(suite, Map.of("command", wall, "run", times.run(), "sum", times.sum(), "longest", times.longest()));
        }
        return all;
    }

    /** Where the processor's time of {@code default} goes. */
    private Map<String, Object> profile() throws IOException, InterruptedException {
        Path folder = built();
        Path recordings = Files.createTempDirectory(folder, "profile-");
        Map<String, String> recorded =
                Map.of("JAVA_TOOL_OPTIONS", "-XX:StartFlightRecording=settings=profile,filename=" + recordings + "/");
        for (int i = 1; i <= STARTS; i++) {
            Launch.run(home, folder.resolve("profile-" + i), List.of(), recorded);
        }
        Profile profile = new Profile();
        profile.read(recordings);
        line("profile: %d samples of the threads that ran, in %d runs of default", profile.samples(), STARTS);
        Map<String, Object> all = new LinkedHashMap<>();
        for (Map.Entry<Profile.Part, Double> share : profile.shares()) {
            line("  %5.1f %%  %s", share.getValue(), share.getKey().words);
            all.put(share.getKey().words, share.getValue());
        }
        return all;
    }

    private static void wall(Map<String, Object> all, String suite, List<Launch> launches) {
        double wall = seconds(launches.stream().map(Launch::wall).toList());
        int cases = launches.get(0).cases();
        line("  %-24s %7.2f s wall, %d cases", suite, wall, cases);
        all.put(suite, Map.of("wall", wall, "cases", cases));
    }

    private static double seconds(List<Duration> durations) {
        return new Times(durations.stream()
                        .mapToDouble(d -> d.toNanos() / 1e9)
                        .sorted()
                        .toArray())
                .median();
    }

    private static void line(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
