package org.tcpconform.report;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tcpconform.run.OracleResult;

/** {@code oracle.json} and {@code oracle.html}: which mutants of what was received the cases noticed. */
public final class OracleReport {
    private static final String JSON = "oracle.json";
    private static final String HTML = "oracle.html";
    private static final String CAPTURES = "captures";
    private static final Pattern CAPTURE = Pattern.compile(".+\\.pcap");

    private OracleReport() {}

    /**
     * Whether the folder can be used: it may be absent or empty, or hold an earlier report.
     *
     * @throws ReportException if not
     */
    public static void check(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent() && !Files.isRegularFile(folder.resolve(JSON))) {
                throw ReportException.of(
                        folder, "holds something else than a report of the oracle", "choose another place with --out");
            }
        } catch (IOException e) {
            throw ReportException.writing(folder, e);
        }
    }

    /** Makes the folder, or takes the earlier report out of it. */
    public static void use(Path folder) {
        check(folder);
        try {
            Files.createDirectories(folder);
            if (Files.isDirectory(folder.resolve(CAPTURES))) {
                ResultsFolder.discardIn(folder.resolve(CAPTURES), CAPTURE, capture -> true);
            }
            Files.deleteIfExists(folder.resolve(HTML));
            // what marks the folder as ours stays till it is written anew
            Files.writeString(folder.resolve(JSON), "{}\n");
        } catch (IOException e) {
            throw ReportException.writing(folder, e);
        }
    }

    /**
     * Writes both.
     *
     * @return what was written, by a word for it
     */
    public static Map<String, Path> write(OracleResult result, Path folder) {
        Path json = folder.resolve(JSON);
        Path html = folder.resolve(HTML);
        try {
            Files.write(json, ComplianceFiles.PRETTY.writeValueAsBytes(result));
            Files.writeString(html, page(result));
        } catch (IOException e) {
            throw ReportException.writing(folder, e);
        }
        Map<String, Path> written = new LinkedHashMap<>();
        written.put("page", html);
        written.put("for programs", json);
        return written;
    }

    static String page(OracleResult result) {
        Map<String, Object> model = new LinkedHashMap<>();
        ResultsJson.MAPPER
                .convertValue(result, new TypeReference<Map<String, Object>>() {})
                .forEach((key, value) -> model.put(key, HtmlPage.legal(value)));
        model.put("duration", Text.duration(result.durationMs()));
        model.put("unjustified", result.unjustified());
        model.put("proven", result.proven());
        model.put("survivors", result.mutants() - result.killed());
        model.put(
                "notTried",
                result.cases().stream().filter(c -> c.notTried() != null).count());
        model.putIfAbsent("needless", List.of());
        return HtmlPage.render(
                "oracle.html.ftl", model, HtmlPage.resource("oracle.css"), HtmlPage.resource("oracle.js"));
    }
}
