package org.tcpconform.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One {@code tools/tcpconform run}, as a user starts it.
 *
 * @param firstSegment from before the command to the first captured segment of a case; those of the preflight, which were
 *     on the wire before, are in no file
 * @param wall from before the command to its end, reports included
 * @param cases number of cases
 * @param times of what {@code wall} consists
 */
record Launch(Duration firstSegment, Duration wall, int cases, Cost times) {
    /**
     * Seconds of a run.
     *
     * @param run from the beginning of its first case to its last verdict
     * @param sum of all cases, each by itself
     * @param longest of the longest case
     */
    record Cost(double run, double sum, double longest) {
        static Cost of(JsonNode results) {
            double sum = 0;
            double longest = 0;
            double first = Double.MAX_VALUE;
            double last = 0;
            for (JsonNode c : results.get("cases")) {
                double seconds = c.get("durationMs").asDouble() / 1e3;
                sum += seconds;
                longest = Math.max(longest, seconds);
                double begun = c.get("startedMillis").asDouble() / 1e3;
                first = Math.min(first, begun);
                last = Math.max(last, begun + seconds);
            }
            return new Cost(last - first, sum, longest);
        }
    }

    private static final int LIMIT_MINUTES = 10;
    /** A target that fails is no reason to stop: exit codes 0 and 1. */
    private static final int LAST_VERDICT = 1;

    static Launch run(Path home, Path results, List<String> arguments) throws IOException, InterruptedException {
        return run(home, results, arguments, Map.of());
    }

    static Launch run(Path home, Path results, List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("tools/tcpconform").toString(), "run"));
        command.addAll(arguments);
        command.addAll(List.of("--out", results.toString()));
        Path log = Path.of(results + ".log");
        Files.createDirectories(log.getParent());
        Instant before = Instant.now();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
        Duration wall = Duration.between(before, Instant.now());
        process.destroy();
        if (!ended || process.exitValue() > LAST_VERDICT) {
            throw new IllegalStateException(String.join(" ", command) + " failed: " + log);
        }
        JsonNode read =
                new ObjectMapper().readTree(results.resolve("results.json").toFile());
        return new Launch(
                Duration.between(before, firstStamp(results.resolve("captures"))),
                wall,
                read.get("cases").size(),
                Cost.of(read));
    }

    private static Instant firstStamp(Path captures) throws IOException {
        Instant first = Instant.MAX;
        try (Stream<Path> files = Files.list(captures)) {
            for (Path file : files.toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    // file header (24 octets), then the first frame's: seconds and microseconds
                    ByteBuffer head = ByteBuffer.wrap(in.readNBytes(32)).order(ByteOrder.nativeOrder());
                    Instant stamp = Instant.ofEpochSecond(head.getInt(24), head.getInt(28) * 1_000L);
                    first = stamp.isBefore(first) ? stamp : first;
                }
            }
        }
        return first;
    }
}
