package org.tcpconform.report;

import freemarker.template.TemplateScalarModel;
import io.qameta.allure.Aggregator2;
import io.qameta.allure.ConfigurationBuilder;
import io.qameta.allure.Context;
import io.qameta.allure.Extension;
import io.qameta.allure.Reader;
import io.qameta.allure.ReportGenerationException;
import io.qameta.allure.ReportStorage;
import io.qameta.allure.context.FreemarkerContext;
import io.qameta.allure.core.Configuration;
import io.qameta.allure.core.InMemoryReportStorage;
import io.qameta.allure.core.LaunchResults;
import io.qameta.allure.core.Plugin;
import io.qameta.allure.core.ReportWebGenerator;
import io.qameta.allure.core.ResultsVisitor;
import io.qameta.allure.core.TestsResultsPlugin;
import io.qameta.allure.entity.Attachment;
import io.qameta.allure.entity.StageResult;
import io.qameta.allure.entity.Step;
import io.qameta.allure.entity.TestResult;
import io.qameta.allure.ga.GaPlugin;
import io.qameta.allure.influxdb.InfluxDbExportPlugin;
import io.qameta.allure.mail.MailPlugin;
import io.qameta.allure.plugin.DefaultPluginLoader;
import io.qameta.allure.prometheus.PrometheusExportPlugin;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tcpconform.run.CaseResult;

/**
 * Makes the Allure report: one HTML file that needs nothing else and asks nobody.
 *
 * <p>As it comes, Allure tells Google of each report that is made, and each report tells Google when it is read. An
 * environment variable turns that off, but a process cannot set its own. So the part that sends is not loaded here, and
 * the page is made from a template of our own that has no tracker in it.
 */
public final class AllureHtml {
    private static final Logger LOG = LoggerFactory.getLogger(AllureHtml.class);

    static final String INDEX = "index.html";

    private static final String PLUGINS = "allure-plugins/";

    /** The tabs by behaviour and by package come with Allure's command line only; the build takes them from there. */
    private static final List<String> PLUGIN_FILES = List.of(
            "behaviors-plugin/allure-plugin.yml",
            "behaviors-plugin/behaviors-plugin.jar",
            "behaviors-plugin/static/index.js",
            "packages-plugin/allure-plugin.yml",
            "packages-plugin/packages-plugin.jar",
            "packages-plugin/static/index.js");

    private AllureHtml() {}

    /**
     * Makes {@code index.html}.
     *
     * @param allureResults folder with Allure's results
     * @param outDir where the page goes
     * @param name heading of the report
     * @return the page
     */
    public static Path generate(Path allureResults, Path outDir, String name) {
        Path index = outDir.resolve(INDEX);
        // beside the page, so that a full disk is the one that the message speaks of
        Path work = outDir.resolve(".work");
        try {
            Files.createDirectories(outDir);
            ResultsFolder.delete(work);
            List<Plugin> plugins = plugins(work);
            try {
                Path made = work.resolve("report");
                write(configuration(plugins, name), allureResults, made);
                Files.move(
                        made.resolve(INDEX),
                        index,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
                return index;
            } finally {
                close(plugins);
            }
        } catch (IOException e) {
            throw ReportException.writing(index, e);
        } catch (UncheckedIOException e) {
            throw ReportException.writing(index, e.getCause());
        } catch (ReportGenerationException e) {
            throw ReportException.writing(
                    index, e.getCause() instanceof IOException io ? io : new IOException(e.getMessage(), e));
        } finally {
            ResultsFolder.delete(work);
        }
    }

    /** What Allure's own generator does, except that it guesses the type of each attachment, which takes most of its time. */
    private static void write(Configuration configuration, Path allureResults, Path outDir) {
        Results results = new Results();
        configuration
                .getExtensions(Reader.class)
                .forEach(reader -> reader.readResults(configuration, results, allureResults));
        InMemoryReportStorage storage = new Storage();
        configuration
                .getExtensions(Aggregator2.class)
                .forEach(aggregator -> aggregator.aggregate(configuration, List.of(results), storage));
        new ReportWebGenerator().generate(configuration, storage, outDir);
    }

    /** The address of a case inside of the page, the same in every run; for links from other reports. */
    public static String fragment(CaseResult c) {
        return "#testresult/" + uid(AllureCase.historyId(c));
    }

    /** The place of a case in the report, relative to the results folder. */
    static String path(CaseResult c) {
        return ResultsFolder.ALLURE_REPORT + "/" + INDEX + fragment(c);
    }

    private static String uid(String historyId) {
        return historyId.substring(0, 16);
    }

    /** Collects what Allure reads; several threads do. */
    private static final class Results implements ResultsVisitor, LaunchResults {
        private static final Map<String, String> TYPES =
                Map.of("svg", "image/svg+xml", "pcap", "application/vnd.tcpdump.pcap", "txt", "text/plain");

        private final Map<String, TestResult> results = new ConcurrentHashMap<>();
        private final Map<Path, Attachment> attachments = new ConcurrentHashMap<>();
        private final Map<String, Object> extras = new ConcurrentHashMap<>();

        @Override
        public void visitTestResult(TestResult result) {
            if (result.getHistoryId() != null) {
                String uid = uid(result.getHistoryId());
                if (results.putIfAbsent(uid, result) == null) {
                    result.setUid(uid);
                    return;
                }
            }
            results.put(result.getUid(), result);
        }

        @Override
        public Attachment visitAttachmentFile(Path file) {
            return attachments.computeIfAbsent(file, f -> {
                String name = f.getFileName().toString();
                String extension = name.substring(name.lastIndexOf('.') + 1);
                String uid = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .replace("-", "")
                        .substring(0, 16);
                return new Attachment()
                        .setUid(uid)
                        .setName(name)
                        .setSource(uid + "." + extension)
                        .setType(TYPES.getOrDefault(extension, "application/octet-stream"))
                        .setSize(f.toFile().length());
            });
        }

        @Override
        public void visitExtra(String name, Object object) {
            extras.put(name, object);
        }

        @Override
        public void error(String message, Exception e) {
            LOG.warn("{}", message, e);
        }

        @Override
        public void error(String message) {
            LOG.warn("{}", message);
        }

        @Override
        public Set<TestResult> getAllResults() {
            return distinct(results.values().stream());
        }

        @Override
        public Set<TestResult> getResults() {
            return distinct(results.values().stream().filter(r -> !r.isHidden()));
        }

        /** A set that takes over what is distinct already: telling results apart by all that is in them takes long. */
        private static Set<TestResult> distinct(Stream<TestResult> results) {
            List<TestResult> list = results.toList();
            return new AbstractSet<>() {
                @Override
                public Iterator<TestResult> iterator() {
                    return list.iterator();
                }

                @Override
                public int size() {
                    return list.size();
                }
            };
        }

        @Override
        public Map<Path, Attachment> getAttachments() {
            return attachments;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> Optional<T> getExtra(String name) {
            return Optional.ofNullable((T) extras.get(name));
        }
    }

    /** Reads attachments when the page is written, one after the other: all of them together take much memory. */
    private static final class Storage extends InMemoryReportStorage {
        private final Map<String, Path> files = new ConcurrentHashMap<>();

        @Override
        public void addDataFile(String name, Path file) {
            files.put(name, file);
        }

        /** The template engine takes a model of its own where a string is due. */
        @Override
        @SuppressWarnings({"rawtypes", "unchecked"})
        public Map<String, String> getReportDataFiles() {
            Map all = new HashMap(super.getReportDataFiles());
            files.forEach((name, file) -> all.put(name, (TemplateScalarModel) () -> base64(file)));
            return all;
        }

        private static String base64(Path file) {
            try {
                return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Configuration configuration(List<Plugin> plugins, String name) {
        Configuration usual = ConfigurationBuilder.bundled().build();
        List<Extension> extensions = new ArrayList<>();
        extensions.add(new OwnPage());
        for (Extension extension : usual.getExtensions()) {
            boolean sends = extension instanceof GaPlugin;
            boolean unread = extension instanceof MailPlugin
                    || extension instanceof InfluxDbExportPlugin
                    || extension instanceof PrometheusExportPlugin;
            if (extension instanceof TestsResultsPlugin) {
                extensions.add(new Escaped());
            }
            if (!sends && !unread && !(extension instanceof FreemarkerContext)) {
                extensions.add(extension);
            }
        }
        plugins.forEach(plugin -> extensions.addAll(plugin.getExtensions()));
        return new OwnConfiguration(usual.getVersion(), UUID.randomUUID().toString(), name, extensions, plugins);
    }

    private record OwnConfiguration(
            String version, String uuid, String reportName, List<Extension> extensions, List<Plugin> plugins)
            implements Configuration {
        @Override
        public String getUuid() {
            return uuid;
        }

        @Override
        public String getVersion() {
            return version;
        }

        @Override
        public String getReportName() {
            return reportName;
        }

        @Override
        public String getReportLanguage() {
            return "en";
        }

        @Override
        public List<Plugin> getPlugins() {
            return plugins;
        }

        @Override
        public List<Extension> getExtensions() {
            return extensions;
        }

        @Override
        public <S, T extends Context<S>> Optional<T> getContext(Class<T> type) {
            return getExtensions(type).stream().findFirst();
        }
    }

    /**
     * Escapes what the page would put into itself as HTML: Allure colours message and trace by their ANSI codes, and takes
     * the rest as it is, so {@code <mss 1460>} would vanish and a script from the wire would run. Stands directly before
     * the part that writes the results into the page, after those that group by message.
     */
    private static final class Escaped implements Aggregator2 {
        @Override
        public void aggregate(Configuration configuration, List<LaunchResults> launches, ReportStorage storage) {
            for (LaunchResults launch : launches) {
                for (TestResult result : launch.getAllResults()) {
                    result.setStatusMessage(escape(result.getStatusMessage()));
                    result.setStatusTrace(escape(result.getStatusTrace()));
                    if (result.getTestStage() != null) {
                        // the page shows it above the steps already
                        result.getTestStage().setStatusMessage(null);
                        result.getTestStage().setStatusTrace(null);
                    }
                    stage(result.getTestStage());
                    result.getBeforeStages().forEach(Escaped::stage);
                    result.getAfterStages().forEach(Escaped::stage);
                }
            }
        }

        private static void stage(StageResult stage) {
            if (stage != null) {
                stage.setStatusMessage(escape(stage.getStatusMessage()));
                stage.setStatusTrace(escape(stage.getStatusTrace()));
                stage.getSteps().forEach(Escaped::step);
            }
        }

        private static void step(Step step) {
            step.setStatusMessage(escape(step.getStatusMessage()));
            step.setStatusTrace(escape(step.getStatusTrace()));
            step.getSteps().forEach(Escaped::step);
        }

        private static String escape(String text) {
            return text == null ? null : Text.escape(text);
        }
    }

    /** Allure's template engine, looking for its page beside this class. */
    private static final class OwnPage extends FreemarkerContext {
        private final freemarker.template.Configuration engine =
                new freemarker.template.Configuration(freemarker.template.Configuration.VERSION_2_3_32);

        OwnPage() {
            engine.setClassForTemplateLoading(AllureHtml.class, "");
            engine.setLocalizedLookup(false);
            engine.setDefaultEncoding("UTF-8");
        }

        @Override
        public freemarker.template.Configuration getValue() {
            return engine;
        }
    }

    private static List<Plugin> plugins(Path work) throws IOException {
        List<Plugin> plugins = new ArrayList<>();
        for (String name : PLUGIN_FILES) {
            Path file = work.resolve("plugins").resolve(name);
            Files.createDirectories(file.getParent());
            try (InputStream in = AllureHtml.class.getResourceAsStream(PLUGINS + name)) {
                if (in == null) {
                    throw new IOException("the program lacks its part " + PLUGINS + name + "; build it again");
                }
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        for (String name : List.of("behaviors-plugin", "packages-plugin")) {
            new DefaultPluginLoader()
                    .loadPlugin(
                            AllureHtml.class.getClassLoader(),
                            work.resolve("plugins").resolve(name))
                    .ifPresent(plugins::add);
        }
        return plugins;
    }

    private static void close(List<Plugin> plugins) throws IOException {
        for (Plugin plugin : plugins) {
            for (Extension extension : plugin.getExtensions()) {
                if (extension.getClass().getClassLoader() instanceof URLClassLoader loader) {
                    loader.close();
                }
            }
        }
    }
}
