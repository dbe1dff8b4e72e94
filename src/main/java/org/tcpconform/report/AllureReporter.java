package org.tcpconform.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.qameta.allure.Allure;
import io.qameta.allure.AllureLifecycle;
import io.qameta.allure.AllureResultsWriter;
import io.qameta.allure.model.Attachment;
import io.qameta.allure.model.Parameter;
import io.qameta.allure.model.Stage;
import io.qameta.allure.model.Status;
import io.qameta.allure.model.TestResult;
import io.qameta.allure.model.TestResultContainer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunListener;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Series;

/**
 * Makes the results that allure-testng writes speak of cases instead of Java methods.
 *
 * <p>allure-testng begins a result when TestNG starts a method and writes it when the method is over, with message and
 * status taken from what was thrown. So this class stands at the very end, where results are written: what
 * {@link #ended} has learnt of a case replaces what allure-testng believes, whatever was thrown. A case that ends
 * outside of TestNG is written at once. Nothing that fails here reaches the case: after the first failure nothing more is
 * tried, so that a disk that is nearly full keeps its last room for verdicts, and {@link Reports#writeAll} makes up for it.
 */
public final class AllureReporter implements RunListener {
    /** Larger captures stay beside the report: embedded, they would make a single file that no browser opens. */
    static final long LARGEST_ATTACHMENT = 512 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(AllureReporter.class);
    private static final JsonMapper MAPPER = mapper();

    private final ResultsFolder folder;
    private final Map<String, CaseResult> current = new ConcurrentHashMap<>();
    private final Map<String, CaseResult> amended = new ConcurrentHashMap<>();
    private final AtomicReference<ReportException> trouble = new AtomicReference<>();
    private volatile AllureLifecycle lifecycle;
    private volatile String suite = "";
    private volatile String target = "";

    public AllureReporter(ResultsFolder folder) {
        this.folder = folder;
    }

    /** Takes over what Allure writes in this JVM. To be called before TestNG is created, which loads allure-testng. */
    public AllureReporter install() {
        // else allure-testng asks the resolver for this machine's name, which may take seconds, and puts it in the
        // report
        System.setProperty("allure.hostName", "tcpconform");
        lifecycle = new AllureLifecycle(new Writer());
        Allure.setLifecycle(lifecycle);
        return this;
    }

    @Override
    public void started(RunPlan plan, int cases) {
        suite = plan.suite();
        target = plan.target().name();
    }

    @Override
    public void ended(CaseResult result) {
        if (trouble.get() != null) {
            return;
        }
        try {
            Optional<String> uuid = lifecycle == null ? Optional.empty() : lifecycle.getCurrentTestCase();
            if (uuid.isPresent()) {
                current.put(uuid.get(), result);
            } else {
                write(new TestResult(), result);
            }
        } catch (ReportException e) {
            note(e);
        }
    }

    @Override
    public void amended(CaseResult before, CaseResult result) {
        amended.put(result.id(), result);
    }

    @Override
    public void finished(RunResult run) {
        if (trouble.get() != null) {
            return;
        }
        try {
            // only now, when allure-testng writes no more
            amended.values().forEach(c -> write(read(file(c)), c));
        } catch (ReportException e) {
            note(e);
        }
    }

    /** The first thing that could not be written, if any. */
    public Optional<ReportException> trouble() {
        return Optional.ofNullable(trouble.get());
    }

    /**
     * Completes the results of a run: the cases that Allure has not seen, captures that came late, and the facts of the
     * run. Keeps what is there.
     */
    static void complete(ResultsFolder folder, RunResult run) {
        AllureReporter reporter = of(folder, run);
        for (CaseResult c : run.cases()) {
            Path file = reporter.file(c);
            boolean ladder = c.steps().isEmpty() || Files.exists(folder.ladder(c.id()));
            if (!Files.exists(file)) {
                reporter.write(new TestResult(), c);
            } else if (!ladder || reporter.isCaptureMissing(c)) {
                reporter.write(read(file), c);
            }
        }
        AllureFacts.write(folder, run);
    }

    /** Writes all results of a run anew; what only allure-testng knew, such as the Java class, is kept where it is there. */
    static void rewrite(ResultsFolder folder, RunResult run) {
        AllureReporter reporter = of(folder, run);
        for (CaseResult c : run.cases()) {
            Path file = reporter.file(c);
            reporter.write(Files.exists(file) ? read(file) : new TestResult(), c);
        }
        AllureFacts.write(folder, run);
    }

    private static AllureReporter of(ResultsFolder folder, RunResult run) {
        AllureReporter reporter = new AllureReporter(folder);
        reporter.suite = run.suite();
        reporter.target = run.target().name();
        return reporter;
    }

    private void write(TestResult begun, CaseResult c) {
        TestResult filled = AllureCase.fill(begun, c, suite, target, attachments(c));
        ResultsFolder.writeWhole(file(c), out -> MAPPER.writeValue(out, filled));
    }

    private Path file(CaseResult c) {
        return folder.allureResults().resolve(AllureCase.uuid(c) + "-result.json");
    }

    private List<Attachment> attachments(CaseResult c) {
        List<Attachment> attachments = new ArrayList<>();
        if (!c.steps().isEmpty()) {
            Path ladder = folder.ladder(c.id());
            ResultsFolder.writeWhole(ladder, bytes(Ladder.svg(c)));
            attachFile(attachments, c, "Ladder", "image/svg+xml", ".svg", ladder);
        }
        for (Series series : c.series()) {
            attach(attachments, c, series.name(), "image/svg+xml", ".svg", bytes(Plot.svg(series)));
        }
        if (hasCapture(c)) {
            Path capture = folder.root().resolve(c.capture());
            attachFile(
                    attachments, c, capture.getFileName().toString(), "application/vnd.tcpdump.pcap", ".pcap", capture);
        }
        return attachments;
    }

    private void attach(
            List<Attachment> to,
            CaseResult c,
            String name,
            String type,
            String extension,
            ResultsFolder.Content content) {
        String source = AllureCase.attachmentFile(c, name, extension);
        ResultsFolder.writeWhole(folder.allureResults().resolve(source), content);
        to.add(new Attachment().setName(Text.legal(name)).setType(type).setSource(source));
    }

    /** Attaches a file of the results folder: as a second name of it where the file system can, else as a copy. */
    private void attachFile(List<Attachment> to, CaseResult c, String name, String type, String extension, Path file) {
        String source = AllureCase.attachmentFile(c, name, extension);
        Path link = folder.allureResults().resolve(source);
        try {
            Files.createDirectories(link.getParent());
            Files.deleteIfExists(link);
            Files.createLink(link, file);
        } catch (IOException | UnsupportedOperationException e) {
            ResultsFolder.writeWhole(link, out -> Files.copy(file, out));
        }
        to.add(new Attachment().setName(Text.legal(name)).setType(type).setSource(source));
    }

    private boolean hasCapture(CaseResult c) {
        if (c.capture() == null) {
            return false;
        }
        Path capture = folder.root().resolve(c.capture());
        try {
            return Files.isRegularFile(capture) && Files.size(capture) <= LARGEST_ATTACHMENT;
        } catch (IOException e) {
            LOG.debug("{} is not attached", capture, e);
            return false;
        }
    }

    private boolean isCaptureMissing(CaseResult c) {
        return hasCapture(c)
                && !Files.exists(folder.allureResults()
                        .resolve(AllureCase.attachmentFile(
                                c,
                                folder.root().resolve(c.capture()).getFileName().toString(),
                                ".pcap")));
    }

    private static TestResult read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return MAPPER.readValue(in, TestResult.class);
        } catch (IOException e) {
            LOG.debug("{} is written anew", file, e);
            return new TestResult();
        }
    }

    private static ResultsFolder.Content bytes(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private void note(ReportException e) {
        if (trouble.compareAndSet(null, e)) {
            LOG.debug("{}", e.getMessage());
        }
    }

    /** Where allure-testng hands over what it has. */
    private final class Writer implements AllureResultsWriter {
        @Override
        public void write(TestResult result) {
            CaseResult c = current.remove(result.getUuid());
            if (trouble.get() != null) {
                return;
            }
            try {
                if (c == null) {
                    // not a case: a fault of TestNG or of the harness, shown as Allure sees it
                    Path file = folder.allureResults().resolve(result.getUuid() + "-result.json");
                    ResultsFolder.writeWhole(file, out -> MAPPER.writeValue(out, result));
                } else {
                    AllureReporter.this.write(result, c);
                }
            } catch (ReportException e) {
                note(e);
            }
        }

        @Override
        public void write(TestResultContainer container) {
            // holds the set-up of Java classes, which says nothing about a target
        }

        @Override
        public void write(String source, InputStream attachment) {
            try {
                ResultsFolder.writeWhole(folder.allureResults().resolve(source), (OutputStream out) -> {
                    try (attachment) {
                        attachment.transferTo(out);
                    }
                });
            } catch (ReportException e) {
                note(e);
            }
        }
    }

    private static JsonMapper mapper() {
        SimpleModule lowerCase = new SimpleModule()
                .addSerializer(Status.class, lowerCase())
                .addSerializer(Stage.class, lowerCase())
                .addSerializer(Parameter.Mode.class, lowerCase());
        return JsonMapper.builder()
                .addModule(lowerCase)
                .serializationInclusion(JsonInclude.Include.NON_EMPTY)
                .enable(com.fasterxml.jackson.databind.MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .disable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    private static <E extends Enum<E>> JsonSerializer<E> lowerCase() {
        return new JsonSerializer<>() {
            @Override
            public void serialize(E value, JsonGenerator json, SerializerProvider provider) throws IOException {
                json.writeString(value.name().toLowerCase(Locale.ROOT));
            }
        };
    }
}
