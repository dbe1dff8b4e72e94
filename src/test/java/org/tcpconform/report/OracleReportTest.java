package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tcpconform.run.OracleResult;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.Test;

/** The oracle's report says what was found, and lets no text of the wire become markup. */
public class OracleReportTest {
    private static final String HOSTILE = "<script>alert(1)</script>";

    private static OracleResult result(OracleResult.Trial... trials) {
        return OracleResult.of(
                new RunResult.Tool("tcpconform", "0", "c0ffee"),
                new RunResult.Target(HOSTILE, "", List.of(), Map.of()),
                "default",
                1,
                0,
                0,
                1_000,
                null,
                List.of(trials),
                List.of());
    }

    private static OracleResult.Trial trial(String id, int mutants, OracleResult.Survivor... survivors) {
        return new OracleResult.Trial(
                id,
                "answers",
                List.of("RFC9293-MUST-2"),
                "MUST",
                "PASS",
                null,
                1,
                false,
                List.of(new OracleResult.Point(
                        1,
                        "answer",
                        "<SEQ=0>",
                        HOSTILE,
                        mutants,
                        mutants - survivors.length,
                        List.of("window + 1"),
                        List.of())),
                mutants,
                mutants - survivors.length,
                verdicts(mutants, survivors.length),
                mutants - survivors.length == 0
                        ? List.of()
                        : List.of(new OracleResult.Weak(1, "TSval + 1", "INCONCLUSIVE", "preamble")),
                List.of(survivors),
                List.of());
    }

    /** One is noticed by INCONCLUSIVE alone, and survivors end in ERROR. */
    private static Map<Verdict, Integer> verdicts(int mutants, int survivors) {
        int killed = mutants - survivors;
        int weak = Math.min(killed, 1);
        return new EnumMap<>(Map.of(
                Verdict.PASS,
                0,
                Verdict.FAIL,
                killed - weak,
                Verdict.INCONCLUSIVE,
                weak,
                Verdict.NOT_APPLICABLE,
                0,
                Verdict.ERROR,
                survivors));
    }

    @Test
    public void survivorIsShownWithItsCaptureAndNothingIsMarkup() {
        String page = OracleReport.page(result(
                trial("AA-01-v4", 7, new OracleResult.Survivor(1, "lost", "ERROR", HOSTILE, "captures/a.pcap", null)),
                trial("AA-02-v4", 5)));
        assertThat(page)
                .contains("11 of 12 mutants were killed; 1 survived, of which 1 without a reason")
                .contains("By FAIL 9, by INCONCLUSIVE 2, by NOT_APPLICABLE 0")
                .contains("1 ended in ERROR")
                .contains("1: TSval + 1 (INCONCLUSIVE, preamble)")
                .contains("<a href=\"captures/a.pcap\">lost</a>")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain(HOSTILE)
                .contains("window + 1");
    }

    @Test
    public void jsonKeepsItsSchema() throws IOException {
        String json = json(
                trial(
                        "AA-01-v4",
                        7,
                        new OracleResult.Survivor(1, "lost", "ERROR", HOSTILE, "captures/a.pcap", null),
                        new OracleResult.Survivor(1, "PSH inverted", "ERROR", "", null, "it may")),
                trial("AA-02-v6", 0));
        assertThat(problems(json)).isEmpty();
        for (String[] change : new String[][] {
            {"\"schema\":\"1.1\"", "\"schema\":\"2.0\""},
            {"\"INCONCLUSIVE\":", "\"UNSURE\":"},
            {"\"verdict\":\"ERROR\"", "\"verdict\":\"FAIL\""},
            {"\"killed\":5", "\"killed\":-5"},
            {"\"weak\":", "\"feeble\":"},
            {"\"byItself\":false", "\"byItself\":null"}
        }) {
            String bad = json.replaceFirst(Pattern.quote(change[0]), Matcher.quoteReplacement(change[1]));
            assertThat(bad).as(change[0]).isNotEqualTo(json);
            assertThat(problems(bad)).as(change[1]).isNotEmpty();
        }
    }

    private static String json(OracleResult.Trial... trials) throws IOException {
        return ResultsJson.MAPPER
                .readTree(ComplianceFiles.PRETTY.writeValueAsBytes(result(trials)))
                .toString();
    }

    /** What of a document does not keep the schema. */
    public static Set<ValidationMessage> problems(String document) throws IOException {
        try (InputStream schema = OracleReport.class.getResourceAsStream("oracle.schema.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(schema)
                    .validate(ResultsJson.MAPPER.readTree(document));
        }
    }

    @Test
    public void jsonHasTheTotals() throws IOException {
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "oracle-report-");
        OracleReport.use(folder);
        OracleReport.write(result(trial("AA-01-v4", 7), trial("AA-02-v4", 5)), folder);
        OracleReport.check(folder);
        JsonNode json = ResultsJson.MAPPER.readTree(Files.readAllBytes(folder.resolve("oracle.json")));
        assertThat(json.get("mutants").asInt()).isEqualTo(12);
        assertThat(json.get("killed").asInt()).isEqualTo(12);
        assertThat(json.get("verdicts").get("FAIL").asInt()).isEqualTo(10);
        assertThat(json.get("verdicts").get("INCONCLUSIVE").asInt()).isEqualTo(2);
        assertThat(json.get("levels").get("MUST").get("verdicts")).isEqualTo(json.get("verdicts"));
        assertThat(json.get("cases").get(1).get("mutants").asInt()).isEqualTo(5);
        assertThat(json.get("requirements").get("RFC9293-MUST-2").get("killed").asInt())
                .isEqualTo(12);
        assertThat(OracleReport.page(result(trial("AA-01-v4", 7)))).contains("None.");
        Files.delete(folder.resolve("oracle.json"));
        Files.delete(folder.resolve("oracle.html"));
        Files.delete(folder);
    }
}
