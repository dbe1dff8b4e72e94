package org.tcpconform.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.Conformance;
import org.tcpconform.run.Requirements;
import org.tcpconform.run.RunListener;
import org.tcpconform.run.RunResult;

/**
 * Keeps each verdict on disk from the moment it is known: {@code cases.jsonl}, one JSON object a line, the plan of the run
 * first. A process that is killed loses no verdict; a last line that was cut short is not counted. Once
 * {@code results.json} is written the journal has no further use and goes.
 */
public final class Journal implements RunListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final String HEAD = "{\"tcpconform\":\"" + RunResult.SCHEMA + "\"}\n";
    private static final String HEAD_START = "{\"tcpconform\":";

    private final Path file;
    private final FileChannel channel;
    private ReportException trouble;

    /**
     * Starts the journal of a run, so that a place that cannot be written to is noticed before the first segment.
     *
     * @throws ReportException if it cannot be written
     */
    public Journal(ResultsFolder folder) {
        this(folder, StandardOpenOption.TRUNCATE_EXISTING);
        try {
            writeFully(HEAD.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            close();
            throw ReportException.writing(file, e);
        }
    }

    private Journal(ResultsFolder folder, StandardOpenOption how) {
        file = folder.journal();
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, how, StandardOpenOption.WRITE);
            // for others to know that somebody writes here; the kernel lets go of it, however this process ends
            lock(channel);
        } catch (IOException e) {
            throw ReportException.writing(file, e);
        }
    }

    /**
     * The journal of a run that goes on: what was found before is in it already, and a case that runs again replaces what
     * was found.
     *
     * @param dir folder of the run
     * @param latest where the link {@code latest} is
     * @param earlier the run as far as it came
     * @throws ReportException if it cannot be written, or the run is not over
     */
    public static Opened reopen(Path dir, Path latest, RunResult earlier) {
        ResultsFolder before = ResultsFolder.open(dir);
        refuseHeld(before.root());
        before.write(ResultsFolder.JOURNAL, out -> {
            out.write(HEAD.getBytes(StandardCharsets.UTF_8));
            RunPlan plan = new RunPlan(
                    earlier.tool(),
                    earlier.target(),
                    earlier.suite(),
                    earlier.seed(),
                    earlier.jobs(),
                    earlier.conformance().profile(),
                    earlier.conformance().features(),
                    earlier.expectations());
            out.write(
                    line(planned(plan, earlier.startedMillis(), earlier.cases().size())));
            for (CaseResult c : earlier.cases()) {
                out.write(line(found(c)));
            }
        });
        ResultsFolder folder = ResultsFolder.reopen(dir, latest);
        return new Opened(folder, new Journal(folder, StandardOpenOption.APPEND));
    }

    /** The journal of a run that begins. */
    public static Opened open(ResultsFolder folder) {
        return new Opened(folder, new Journal(folder));
    }

    /** A folder that a run writes to, and its journal. */
    public record Opened(ResultsFolder folder, Journal journal) {}

    /**
     * Makes sure that no other run writes to a folder.
     *
     * @throws ReportException if one does
     */
    static void refuseHeld(Path root) {
        Path journal = root.resolve(ResultsFolder.JOURNAL);
        if (!Files.isRegularFile(journal)) {
            return;
        }
        boolean held;
        try (FileChannel channel = FileChannel.open(journal, StandardOpenOption.WRITE)) {
            held = !lock(channel);
        } catch (IOException e) {
            throw ReportException.writing(journal, e);
        }
        if (held) {
            throw ReportException.of(
                    root, "another run writes to it", "wait for its end, or choose another place with --out");
        }
    }

    /** Whether nobody else holds the file; also where the file system knows no locks. */
    private static boolean lock(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            LOG.debug("no lock", e);
            return true;
        }
    }

    @Override
    public void started(RunPlan plan, int cases) {
        append(planned(plan, System.currentTimeMillis(), cases));
    }

    private static ObjectNode planned(RunPlan plan, long startedMillis, int cases) {
        ObjectNode line = ResultsJson.MAPPER.createObjectNode();
        line.put("startedMillis", startedMillis);
        line.put("planned", cases);
        line.set("plan", ResultsJson.MAPPER.valueToTree(plan));
        return line;
    }

    @Override
    public void ended(CaseResult result) {
        append(found(result));
    }

    @Override
    public void amended(CaseResult before, CaseResult result) {
        append(found(result));
    }

    private static ObjectNode found(CaseResult result) {
        ObjectNode line = ResultsJson.MAPPER.createObjectNode();
        line.set("case", ResultsJson.MAPPER.valueToTree(ResultsJson.writable(result)));
        return line;
    }

    /** The first thing that could not be written, if any. A case is never disturbed by it. */
    public synchronized Optional<ReportException> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public synchronized void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing {}", file, e);
        }
    }

    private synchronized void append(JsonNode line) {
        long before = -1;
        try {
            byte[] bytes = line(line);
            before = channel.position();
            writeFully(bytes);
        } catch (IOException e) {
            if (trouble == null) {
                trouble = ReportException.writing(file, e);
                LOG.debug("{}", trouble.getMessage());
            }
            cutTo(before);
        }
    }

    private static byte[] line(JsonNode object) throws IOException {
        return (ResultsJson.MAPPER.writeValueAsString(object) + '\n').getBytes(StandardCharsets.UTF_8);
    }

    /** Takes back a line that was written in part, so that the next one starts on a line of its own. */
    private void cutTo(long length) {
        try {
            if (length >= 0 && channel.isOpen()) {
                channel.truncate(length);
                channel.position(length);
            }
        } catch (IOException e) {
            LOG.debug("truncating {}", file, e);
        }
    }

    private void writeFully(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    static boolean isOurs(Path file) {
        return Files.isRegularFile(file) && ResultsJson.head(file).startsWith(HEAD_START);
    }

    /** The run as far as it came, marked as cut short. */
    public static RunResult read(Path file) {
        List<String> lines;
        try {
            // bytes that a cut has left incomplete must not stop the reading of what is whole
            lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw ReportException.reading(file, e);
        }
        RunPlan plan = null;
        long started = 0;
        int planned = 0;
        // of a case that ran again the last verdict counts
        Map<String, CaseResult> cases = new TreeMap<>();
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line;
            try {
                line = ResultsJson.MAPPER.readTree(lines.get(i));
                if (line.has("plan")) {
                    plan = ResultsJson.MAPPER.treeToValue(line.get("plan"), RunPlan.class);
                    // a run that went on began when its first part did
                    started = started == 0 ? line.path("startedMillis").asLong() : started;
                    planned = line.path("planned").asInt();
                } else if (line.has("case")) {
                    CaseResult found = ResultsJson.checked(
                            file,
                            "line " + (i + 1),
                            ResultsJson.MAPPER.treeToValue(line.get("case"), CaseResult.class));
                    cases.put(found.id(), found);
                }
            } catch (JsonProcessingException e) {
                if (i < lines.size() - 1) {
                    LOG.warn("{}: line {} is not whole and was left out", file, i + 1);
                }
            }
        }
        if (plan == null) {
            throw ReportException.of(
                    file, "holds no run: it was cut short before the first case", "run again to get results");
        }
        List<CaseResult> ordered = List.copyOf(cases.values());
        double duration = ordered.stream()
                        .mapToDouble(c -> c.startedMillis() + c.durationMs())
                        .max()
                        .orElse(started)
                - started;
        return new RunResult(
                RunResult.SCHEMA,
                plan.tool(),
                plan.target(),
                plan.suite(),
                plan.seed(),
                plan.jobs(),
                started,
                Math.max(0, duration),
                Map.of(),
                List.of(),
                "the run was cut short after " + cases.size() + " of " + planned + " cases",
                new Conformance(plan.profile(), plan.features(), Requirements.judge(ordered)),
                ordered,
                plan.expectations());
    }
}
