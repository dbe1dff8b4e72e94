package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tcpconform.lab.Rootless;
import org.tcpconform.report.OracleReportTest;
import org.testng.SkipException;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** The oracle against the lab's Linux: a sample of mutants that is another with each commit, and what it refuses. */
public class OracleSampleTest {
    private static final int SAMPLE = 600;
    /** Where there is no repository, as in a release. */
    private static final long FALL_BACK = 9_293;

    private Path dir;

    @BeforeClass
    public void makeFolder() throws IOException {
        if (Rootless.needed()) {
            throw new SkipException("needs root (CAP_SYS_ADMIN, CAP_NET_ADMIN) to make network namespaces");
        }
        dir = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "oracle-sample-");
    }

    private static long seedOfTheCommit() throws InterruptedException {
        try {
            Process git = new ProcessBuilder("git", "rev-parse", "HEAD")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            git.getOutputStream().close();
            String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return git.waitFor() == 0 ? Long.parseLong(commit.substring(0, 8), 16) : FALL_BACK;
        } catch (IOException e) {
            return FALL_BACK;
        }
    }

    private Outcome oracle(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "oracle"));
        command.addAll(List.of(arguments));
        Path err = dir.resolve("err");
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out, Files.readString(err));
    }

    @Test
    public void noMutantOfTheSampleSurvivesUnjustified() throws Exception {
        Path out = dir.resolve("out");
        Outcome outcome = oracle(
                "--sample",
                Integer.toString(SAMPLE),
                "--seed",
                Long.toString(seedOfTheCommit()),
                "--skip",
                "timer",
                "--out",
                out.toString());
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        String json = Files.readString(out.resolve("oracle.json"));
        assertThat(OracleReportTest.problems(json)).isEmpty();
        JsonNode oracle = new ObjectMapper().readTree(json);
        assertThat(oracle.get("mutants").asInt()).isBetween(SAMPLE / 2, SAMPLE);
        assertThat(oracle.get("killed").asInt()).isPositive();
        assertThat(out.resolve("oracle.html")).content().contains("mutants were killed");
    }

    @Test
    public void whatItCannotUseIsRefusedFirst() throws IOException {
        Files.writeString(Files.createDirectories(dir.resolve("foreign")).resolve("letter.txt"), "mine");
        Outcome foreign = Outcome.of("oracle", "--out", dir.resolve("foreign").toString());
        assertThat(foreign.code()).isEqualTo(ExitCode.USAGE.code());
        assertThat(foreign.err()).contains("something else than a report of the oracle");
        Outcome absent =
                Outcome.of("oracle", "--survivors", dir.resolve("absent.yaml").toString());
        assertThat(absent.code()).isEqualTo(ExitCode.USAGE.code());
        assertThat(absent.err()).contains("there is no such file");
        Outcome several = Outcome.of("oracle", "--lab", "all");
        assertThat(several.code()).isEqualTo(ExitCode.USAGE.code());
        assertThat(several.err()).contains("takes one lab");
        assertThat(Outcome.of("oracle", "--match", "NOTHING-*").code()).isEqualTo(ExitCode.NOTHING_SELECTED.code());
    }
}
