package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qameta.allure.Allure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

public class AllureReporterTest {
    private Path parent;
    private ResultsFolder folder;
    private List<CaseResult> cases;
    private Path page;
    private String html;
    private final Map<String, JsonNode> results = new TreeMap<>();

    @BeforeClass
    public void run() throws IOException {
        parent = Files.createTempDirectory("report-test-");
        folder = ResultsFolder.create(parent, "linux");
        cases = Samples.mixture();
        cases.add(Samples.hostile("XX-01-v4"));
        Files.write(folder.captures().resolve("HP-07-v4.pcap"), new byte[] {(byte) 0xd4, (byte) 0xc3, (byte) 0xb2, 1});

        AllureReporter reporter = new AllureReporter(folder).install();
        reporter.started(Samples.plan(), cases.size());
        // one passes at first, and is found out later, when allure-testng has written it
        CaseResult before = Samples.passing("HP-07-v4");
        PlayedCases.run(
                cases.stream().map(c -> c.id().equals(before.id()) ? before : c).toList(), reporter);
        cases.stream().filter(c -> c.id().equals(before.id())).forEach(c -> reporter.amended(before, c));

        RunResult result = Samples.run(cases);
        reporter.finished(result);
        assertThat(reporter.trouble()).isEmpty();
        Reports.Written written = Reports.writeAll(result, folder, false);
        page = written.files().get("report");
        html = Files.readString(page);
        try (Stream<Path> files = Files.list(folder.allureResults())) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith("-result.json")).toList()) {
                JsonNode json = ResultsJson.MAPPER.readTree(Files.readString(file));
                results.put(json.path("testCaseId").asText(), json);
            }
        }
    }

    @AfterClass
    public void restore() {
        Allure.setLifecycle(null);
        ResultsFolder.delete(parent);
    }

    @Test
    public void everyCaseHasOneResult() {
        assertThat(results.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        cases.stream().map(CaseResult::id).toList());
    }

    @Test
    public void whatWasThrownDoesNotShow() {
        results.forEach((id, json) ->
                assertThat(json.toString()).as(id).doesNotContain("of the exception", "noise", "CaseResult["));
    }

    @Test
    public void statusIsThatOfTheVerdict() {
        Map<Verdict, String> expected = Map.of(
                Verdict.PASS, "passed",
                Verdict.FAIL, "failed",
                Verdict.INCONCLUSIVE, "broken",
                Verdict.ERROR, "broken",
                Verdict.NOT_APPLICABLE, "skipped");
        for (CaseResult c : cases) {
            assertThat(results.get(c.id()).path("status").asText()).as(c.id()).isEqualTo(expected.get(c.verdict()));
        }
    }

    @Test
    public void resultSpeaksOfTheCase() {
        JsonNode json = results.get("HP-07-v4");
        assertThat(json.path("name").asText())
                .isEqualTo("HP-07-v4 MUST answer a SYN with SYN-ACK of its sequence number plus one");
        assertThat(json.path("fullName").asText()).isEqualTo("RFC9293.3.10.7.2.HP-07-v4");
        assertThat(labels(json, "epic")).containsExactly("RFC 9293");
        assertThat(labels(json, "feature")).containsExactly("3.10.7.2 LISTEN STATE");
        assertThat(labels(json, "story")).containsExactly("RFC9293-3.10.7.2-3");
        assertThat(labels(json, "severity")).containsExactly("normal");
        assertThat(labels(json, "tag")).containsExactly("handshake", "IPv4", "rule");
        assertThat(labels(json, "host")).containsExactly("linux");
        assertThat(labels(json, "package")).containsExactly(PlayedCases.class.getName());
        assertThat(json.path("parameters")).isEmpty();
        assertThat(json.path("statusDetails").path("message").asText())
                .isEqualTo("FAIL of rule [wrong-field]: the SYN-ACK acknowledges 0 instead of 1");
        assertThat(json.path("statusDetails").path("trace").asText()).contains("acceptable answers");
    }

    @Test
    public void severityComesFromTheLevel() {
        assertThat(labels(results.get("LI-03-v6"), "severity")).containsExactly("critical");
        assertThat(labels(results.get("HP-01-v4"), "severity")).containsExactly("normal");
        assertThat(labels(results.get("HO-02-v4"), "severity")).containsExactly("minor");
        assertThat(labels(results.get("MY-01-v4"), "severity")).containsExactly("trivial");
    }

    @Test
    public void stepsAreTheSegmentsWithTheirTimes() {
        JsonNode steps = results.get("HP-07-v4").path("steps");
        assertThat(steps.get(0).path("name").asText())
                .isEqualTo("0.000 ms  < S 0:0(0) win 65535 <mss 1460,sackOK,nop,nop,nop,wscale 7>");
        assertThat(steps.get(1).path("name").asText()).startsWith("0.173 ms  > S. 0:0(0) ack 0");
        assertThat(steps.get(1).path("status").asText()).isEqualTo("failed");
        assertThat(steps.get(2).path("status").asText()).isEqualTo("failed");
        assertThat(steps.get(3).path("status").asText()).isEqualTo("passed");
        assertThat(steps.get(3).path("stop").asLong()
                        - steps.get(3).path("start").asLong())
                .isEqualTo(1003);
    }

    @Test
    public void attachmentsAreInPlace() throws IOException {
        for (JsonNode json : results.values()) {
            for (JsonNode attachment : json.path("attachments")) {
                Path file =
                        folder.allureResults().resolve(attachment.path("source").asText());
                assertThat(file).exists();
            }
        }
        JsonNode failed = results.get("HP-07-v4").path("attachments");
        assertThat(failed.findValuesAsText("name")).containsExactly("Ladder", "HP-07-v4.pcap");
        assertThat(Files.readAllBytes(folder.allureResults()
                        .resolve(failed.get(1).path("source").asText())))
                .hasSize(4);
        assertThat(results.get("IS-01-v4").path("attachments").findValuesAsText("name"))
                .containsExactly("Ladder", "handshake latency", "initial sequence number");
    }

    @Test
    public void identityIsTheSameInAnotherRun() {
        JsonNode json = results.get("HP-01-v4");
        assertThat(json.path("historyId").asText()).isEqualTo("0cdcb8508f5832f9b845306879957028");
    }

    @Test
    public void categoriesHoldWhatDidNotPass() throws IOException {
        JsonNode categories = embedded("data/categories.json");
        assertThat(categories.path("children").findValuesAsText("name"))
                .contains("FAIL of rule", "FAIL of SHOULD", "INCONCLUSIVE", "ERROR", "NOT APPLICABLE")
                .doesNotContain("Product defects", "Test defects");
    }

    @Test
    public void behavioursGoFromRfcToSectionToRequirement() throws IOException {
        JsonNode rfc = child(embedded("data/behaviors.json"), "RFC 9293");
        JsonNode section = child(rfc, "3.10.7.2 LISTEN STATE");
        assertThat(child(section, "RFC9293-3.10.7.2-3").path("children")).isNotEmpty();
        assertThat(embedded("data/packages.json").path("children")).isNotEmpty();
    }

    @Test
    public void pageAsksNobody() {
        assertThat(html).doesNotContain("googletagmanager", "google-analytics", "gtag");
        Matcher reference = Pattern.compile("(?:src|href|url|action)\\s*[=(]\\s*[\"']?([^\"'\\s>)]{1,40})")
                .matcher(html);
        while (reference.find()) {
            assertThat(reference.group(1)).startsWith("data:");
        }
        assertThat(html).doesNotContain("<script>alert", "onerror=");
    }

    @Test
    public void descriptionIsEscaped() {
        String description = results.get("XX-01-v4").path("descriptionHtml").asText();
        assertThat(description).doesNotContain("<script", "<img").contains("&lt;script&gt;");
    }

    private static List<String> labels(JsonNode json, String name) {
        return Stream.iterate(0, i -> i < json.path("labels").size(), i -> i + 1)
                .map(i -> json.path("labels").get(i))
                .filter(label -> label.path("name").asText().equals(name))
                .map(label -> label.path("value").asText())
                .toList();
    }

    private static JsonNode child(JsonNode tree, String name) {
        for (JsonNode node : tree.path("children")) {
            if (node.path("name").asText().equals(name)) {
                return node;
            }
        }
        throw new AssertionError("no " + name + " in " + tree.path("children").findValuesAsText("name"));
    }

    private JsonNode embedded(String name) throws IOException {
        Matcher data = Pattern.compile("d\\('" + Pattern.quote(name.replace("/", "\\/")) + "','([^']*)'\\)|d\\('"
                        + Pattern.quote(name) + "','([^']*)'\\)")
                .matcher(html);
        assertThat(data.find()).as(name).isTrue();
        String base64 = data.group(1) == null ? data.group(2) : data.group(1);
        return ResultsJson.MAPPER.readTree(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
    }
}
