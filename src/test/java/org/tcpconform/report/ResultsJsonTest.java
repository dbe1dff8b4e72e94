package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Series;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class ResultsJsonTest {
    private Path dir;

    @BeforeMethod
    public void makeDir() throws IOException {
        dir = Files.createTempDirectory("results-json-");
    }

    @AfterMethod
    public void deleteDir() {
        ResultsFolder.delete(dir);
    }

    @Test
    public void whatIsReadIsWhatWasWritten() throws IOException {
        RunResult run = Samples.run(Samples.mixture());
        assertThat(ResultsJson.read(file(json(run)))).usingRecursiveComparison().isEqualTo(run);
    }

    @Test
    public void expectationsAreKept() throws IOException {
        RunResult run = Samples.governed();
        assertThat(ResultsJson.read(file(json(run)))).usingRecursiveComparison().isEqualTo(run);
        assertThat(problems(json(run))).isEmpty();
        assertThat(problems(json(run).replaceFirst("\"UNEXPECTED_PASS\"", "\"FINE\"")))
                .isNotEmpty();
        assertThat(ResultsJson.MAPPER
                        .readTree(json(run))
                        .at("/summary/expected")
                        .intValue())
                .isEqualTo(2);
    }

    /** What an earlier version wrote knew of no expectations. */
    @Test
    public void resultsWithoutExpectationsAreRead() throws IOException {
        String old = json(Samples.run(Samples.mixture()))
                .replaceAll(",\\s*\"expectation\" : null", "")
                .replaceFirst("\"expectations\" : null,\\s*", "");
        assertThat(old).doesNotContain("expectation");
        assertThat(ResultsJson.read(file(old))).usingRecursiveComparison().isEqualTo(Samples.run(Samples.mixture()));
    }

    @Test
    public void namesOutsideOfAsciiSurvive() throws IOException {
        RunResult run = Samples.run(List.of(new Samples.Builder("Ü-01-v4")
                .title("Größe ≤ 1 µs 窓 \ud83d\ude00")
                .build()));
        assertThat(ResultsJson.read(file(json(run)))).usingRecursiveComparison().isEqualTo(run);
    }

    @Test
    public void outputKeepsTheSchema() throws IOException {
        List<CaseResult> cases = Samples.mixture();
        cases.add(Samples.hostile("XX-01-v4"));
        assertThat(problems(json(Samples.run(cases)))).isEmpty();
    }

    @Test
    public void schemaRejectsWhatIsWrong() throws IOException {
        String good = json(Samples.run(Samples.mixture()));
        assertThat(problems(good.replaceFirst("\"verdict\" : \"PASS\",", "\"verdict\" : \"GOOD\",")))
                .isNotEmpty();
        assertThat(problems(good.replaceFirst("\"schema\" : \"1.0\"", "\"schema\" : \"2.0\"")))
                .isNotEmpty();
        assertThat(problems(good.replaceFirst("\"verdict\" : \"FAIL\"", "\"verdict\" : \"PASS\"")))
                .isNotEmpty();
        assertThat(problems(good.replaceFirst("\"attempts\" : \\d+,", ""))).isNotEmpty();
    }

    @Test
    public void sameRunGivesTheSameBytes() throws IOException {
        assertThat(json(Samples.run(Samples.mixture()))).isEqualTo(json(Samples.run(Samples.mixture())));
    }

    @Test
    public void summaryCountsTheCases() throws IOException {
        JsonNode summary = ResultsJson.MAPPER
                .readTree(json(Samples.run(Samples.mixture())))
                .path("summary");
        assertThat(summary.toString())
                .isEqualTo("{\"cases\":13,\"verdicts\":{\"PASS\":6,\"FAIL\":2,\"INCONCLUSIVE\":1,\"NOT_APPLICABLE\":3,"
                        + "\"ERROR\":1},\"failedByLevel\":{\"MUST\":0,\"rule\":1,\"SHOULD\":1},\"expected\":0}");
    }

    @Test
    public void numbersThatJsonCannotHoldAreLeftOut() throws IOException {
        CaseResult c = new Samples.Builder("IS-01-v4")
                .took(Double.NaN)
                .series(new Series(
                        "s", Series.Shape.SCATTER, "", new double[] {1, 2, Double.NEGATIVE_INFINITY, 4}, new double[] {
                            Double.NaN, 20, 30, 40
                        }))
                .build();
        String json = json(Samples.run(List.of(c)));
        assertThat(problems(json)).isEmpty();
        CaseResult read = ResultsJson.read(file(json)).cases().get(0);
        assertThat(read.durationMs()).isZero();
        assertThat(read.series().get(0).x()).containsExactly(2, 4);
        assertThat(read.series().get(0).y()).containsExactly(20, 40);
    }

    @Test
    public void unknownKeysAreLeftAlone() throws IOException {
        String json = json(Samples.run(Samples.mixture()));
        Path file = file(json.replaceFirst("\"suite\" :", "\"later\" : {\"a\" : [1]}, \"suite\" :"));
        assertThat(ResultsJson.read(file).cases()).hasSize(13);
    }

    @Test
    public void absentFileIsNamed() {
        Path file = dir.resolve("results.json");
        assertThatThrownBy(() -> ResultsJson.read(file))
                .isInstanceOf(ReportException.class)
                .hasMessage(
                        file + " cannot be read: there is no such file or folder; name the folder of an earlier run");
    }

    @Test
    public void cutFileSaysWhere() throws IOException {
        String json = json(Samples.run(Samples.mixture()));
        Path file = file(json.substring(0, json.length() / 2));
        assertThatThrownBy(() -> ResultsJson.read(file))
                .isInstanceOf(ReportException.class)
                .hasMessageStartingWith(file + ": line ")
                .hasMessageEndingWith("; expected the results.json of a run (layout 1.0)");
    }

    @Test
    public void wrongWordSaysWhereAndWhatIsAllowed() throws IOException {
        String json = json(Samples.run(Samples.mixture()));
        String verdict = "\"verdict\" : \"PASS\",";
        Path file = file(json.replaceFirst(verdict, verdict.replace("PASS", "GOOD")));
        int line = (int) json.substring(0, json.indexOf(verdict)).lines().count();
        assertThatThrownBy(() -> ResultsJson.read(file))
                .hasMessageStartingWith(file + ": line " + line)
                .hasMessageContaining("cases[1].verdict: \"GOOD\" is not one of PASS, FAIL, INCONCLUSIVE");
    }

    @Test
    public void wrongTypeSaysWhatIsExpected() throws IOException {
        assertThatThrownBy(() -> ResultsJson.read(file("{\"schema\":\"1.0\",\n\"cases\": 7}")))
                .hasMessageContaining("line 2")
                .hasMessageContaining("cases: expected a list");
    }

    @Test
    public void otherJsonIsRefused() throws IOException {
        assertThatThrownBy(() -> ResultsJson.read(file("{\"name\": \"x\"}"))).hasMessageContaining("no \"schema\"");
        assertThatThrownBy(() -> ResultsJson.read(file("hello")))
                .hasMessageContaining("line 1")
                .hasMessageContaining("not JSON");
        assertThatThrownBy(() -> ResultsJson.read(file(""))).isInstanceOf(ReportException.class);
        assertThatThrownBy(() -> ResultsJson.read(file("{\"schema\":\"1.0\",\"cases\":[{\"id\":\"A\"}]}")))
                .hasMessageContaining("has no \"title\" in cases[0] (A)");
    }

    @Test
    public void laterLayoutIsRefusedInItsOwnWords() throws IOException {
        assertThatThrownBy(() -> ResultsJson.read(file("{\"schema\":\"2.3\",\"cases\":[]}")))
                .hasMessageContaining("has layout 2.3, this version reads 1.x");
    }

    private static String json(RunResult run) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ResultsJson.write(run, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(dir.resolve("results.json"), content);
    }

    private static Set<ValidationMessage> problems(String json) throws IOException {
        try (InputStream in = ResultsJson.class.getResourceAsStream("results.schema.json")) {
            JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(in);
            return schema.validate(ResultsJson.MAPPER.readTree(json));
        }
    }
}
