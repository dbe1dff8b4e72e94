package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tcpconform.report.Reports;
import org.tcpconform.report.ResultsFolder;
import org.tcpconform.run.Conformance;
import org.tcpconform.run.Requirements;
import org.tcpconform.run.RunResult;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class ReportCommandTest {
    private Path dir;
    private Path out;
    private String said;

    @BeforeMethod
    public void finishRun() throws IOException {
        dir = Files.createTempDirectory("report-command-");
        out = dir.resolve("out");
        Reports.writeAll(
                new RunResult(
                        RunResult.SCHEMA,
                        new RunResult.Tool("tcpconform", "0.1.0", "c70d470"),
                        new RunResult.Target("board", "", List.of("192.0.2.1"), Map.of()),
                        "default",
                        1,
                        1,
                        1_790_000_000_000L,
                        10,
                        Map.of(),
                        List.of(),
                        null,
                        new Conformance(null, List.of(), Requirements.judge(List.of())),
                        List.of()),
                ResultsFolder.use(out),
                false);
    }

    @AfterMethod(alwaysRun = true)
    public void deleteDir() throws IOException {
        try (var files = Files.walk(dir)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    private int code(String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int code = Main.run(arguments, stream, stream).code();
        said = bytes.toString(StandardCharsets.UTF_8);
        return code;
    }

    @Test
    public void checkOfAnUntouchedFolderIsZero() {
        assertThat(code("report", "--check", out.toString())).isZero();
        assertThat(said)
                .containsPattern("^[1-9][0-9]* files are as SHA256SUMS says; its own SHA-256 is [0-9a-f]{64}\n$");
    }

    @Test
    public void checkOfAlteredEvidenceIsOneAndSaysWhich() throws IOException {
        Files.writeString(out.resolve("compliance.csv"), "id\r\n");
        Files.delete(out.resolve("junit.xml"));
        Files.writeString(out.resolve("captures/new.pcap"), "");
        assertThat(code("report", out.toString(), "--check")).isEqualTo(1);
        assertThat(said)
                .isEqualTo("added: captures/new.pcap\naltered: compliance.csv\nmissing: junit.xml\n"
                        + "the files are not as the run left them: 3 differences from SHA256SUMS\n");
    }

    @Test
    public void checkWithoutSumsIsTwo() throws IOException {
        Files.delete(out.resolve("SHA256SUMS"));
        assertThat(code("report", "--check", out.toString())).isEqualTo(2);
        assertThat(said).contains("holds no SHA256SUMS");
        assertThat(code("report", "--check", dir.resolve("nowhere").toString())).isEqualTo(2);
        assertThat(code("report", "--check")).isEqualTo(2);
    }

    @Test
    public void reportOfAlteredEvidenceIsRefused() throws IOException {
        Files.writeString(out.resolve("results.json"), Files.readString(out.resolve("results.json")) + "\n");
        assertThat(code("report", out.toString())).isEqualTo(2);
        assertThat(said)
                .contains("the evidence is not as the run left it: altered: results.json; no report is made of it");
    }

    @Test
    public void reportSaysWhereItIsAndHowItIsSealed() {
        assertThat(code("report", out.toString())).isZero();
        assertThat(said)
                .contains("compliance  " + out.resolve("compliance.html"))
                .containsPattern("SHA-256 of these sums \\(keep it elsewhere\\): [0-9a-f]{64}\n");
    }
}
