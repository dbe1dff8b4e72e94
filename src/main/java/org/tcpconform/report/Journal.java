package org.tcpconform.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        file = folder.journal();
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            try {
                writeFully(HEAD.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw ReportException.writing(file, e);
        }
    }

    @Override
    public void started(RunPlan plan, int cases) {
        ObjectNode line = ResultsJson.MAPPER.createObjectNode();
        line.put("startedMillis", System.currentTimeMillis());
        line.put("planned", cases);
        line.set("plan", ResultsJson.MAPPER.valueToTree(plan));
        append(line);
    }

    @Override
    public void ended(CaseResult result) {
        ObjectNode line = ResultsJson.MAPPER.createObjectNode();
        line.set("case", ResultsJson.MAPPER.valueToTree(ResultsJson.writable(result)));
        append(line);
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
            byte[] json = ResultsJson.MAPPER.writeValueAsBytes(line);
            byte[] bytes = new byte[json.length + 1];
            System.arraycopy(json, 0, bytes, 0, json.length);
            bytes[json.length] = '\n';
            before = channel.position();
            writeFully(bytes);
        } catch (IOException e) {
            if (trouble == null) {
                trouble = ReportException.writing(file, e);
                LOG.warn("{}", trouble.getMessage());
            }
            cutTo(before);
        }
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
        List<CaseResult> cases = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line;
            try {
                line = ResultsJson.MAPPER.readTree(lines.get(i));
                if (line.has("plan")) {
                    plan = ResultsJson.MAPPER.treeToValue(line.get("plan"), RunPlan.class);
                    started = line.path("startedMillis").asLong();
                    planned = line.path("planned").asInt();
                } else if (line.has("case")) {
                    cases.add(ResultsJson.checked(
                            file,
                            "line " + (i + 1),
                            ResultsJson.MAPPER.treeToValue(line.get("case"), CaseResult.class)));
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
        cases.sort(Comparator.comparing(CaseResult::id));
        double duration = cases.stream()
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
                new Conformance(plan.profile(), plan.features(), Requirements.judge(cases)),
                cases,
                plan.expectations());
    }
}
