package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tcpconform.run.OracleResult;
import org.tcpconform.run.RunResult;
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
                List.of(survivors),
                List.of());
    }

    @Test
    public void survivorIsShownWithItsCaptureAndNothingIsMarkup() {
        String page = OracleReport.page(result(
                trial("AA-01-v4", 7, new OracleResult.Survivor(1, "lost", "ERROR", HOSTILE, "captures/a.pcap", null)),
                trial("AA-02-v4", 5)));
        assertThat(page)
                .contains("11 of 12 mutants were killed; 1 survived, of which 1 without a reason")
                .contains("<a href=\"captures/a.pcap\">lost</a>")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain(HOSTILE)
                .contains("window + 1");
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
        assertThat(json.get("cases").get(1).get("mutants").asInt()).isEqualTo(5);
        assertThat(json.get("requirements").get("RFC9293-MUST-2").get("killed").asInt())
                .isEqualTo(12);
        assertThat(OracleReport.page(result(trial("AA-01-v4", 7)))).contains("None.");
        Files.delete(folder.resolve("oracle.json"));
        Files.delete(folder.resolve("oracle.html"));
        Files.delete(folder);
    }
}
