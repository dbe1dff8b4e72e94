package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tcpconform.lab.Rootless;
import org.testng.SkipException;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** The lab's Linux under its expectations: what makes a run of it green, and what red. */
public class LinuxGateTest {
    private static final Path OF_LINUX = Path.of("suites/expectations/linux.yaml");

    /** A few cases of which some fail on any Linux. */
    private static final List<String> SELECTION =
            List.of("--ipv4", "--match", "CL-0*", "--match", "CL-15", "--match", "LI-21*");

    private Path dir;

    @BeforeClass
    public void makeFolder() throws IOException {
        if (Rootless.needed()) {
            throw new SkipException("needs root (CAP_SYS_ADMIN, CAP_NET_ADMIN) to make network namespaces");
        }
        dir = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "gate-");
    }

    private Outcome run(Map<String, String> environment, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "run",
                "--lab",
                "linux",
                "--out",
                dir.resolve("out").toString()));
        command.addAll(SELECTION);
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeAll(List.of("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"));
        builder.environment().putAll(environment);
        Path err = dir.resolve("err");
        Process process = builder.redirectError(err.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out, Files.readString(err));
    }

    private Path edited(String from, String to) throws IOException {
        String text = Files.readString(OF_LINUX);
        String changed = text.replaceFirst(from, to);
        assertThat(changed).isNotEqualTo(text);
        return Files.writeString(dir.resolve("edited.yaml"), changed);
    }

    @Test
    public void greenWithItsExpectations() throws Exception {
        Outcome outcome = run(Map.of("CI", "true"));
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(outcome.out())
                .contains("1 failed as expected (0 MUST, 0 rule, 1 SHOULD)", "2 not applicable (2 expected)")
                .doesNotContain("::group::");
        assertThat(Files.readString(dir.resolve("out/expectations-next.yaml"))
                        .lines()
                        .filter(l -> !l.startsWith("# tcpconform:")))
                .as("nothing to change")
                .containsExactlyElementsOf(Files.readAllLines(OF_LINUX));
    }

    @Test
    public void redWhereALineIsMissing() throws Exception {
        Path file = edited("(?s)- id: CL-15.*?\n\n", "");
        Path summary = dir.resolve("summary.md");
        Outcome outcome = run(
                Map.of("GITHUB_ACTIONS", "true", "GITHUB_STEP_SUMMARY", summary.toString()),
                "--expectations",
                file.toString());
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("not in the expectations", "::error title=FAIL of SHOULD CL-15-v4::", "::endgroup::");
        assertThat(summary).content().contains("failed by 1 result", "| CL-15-v4 | FAIL of SHOULD | yes |");
        assertThat(dir.resolve("out/expectations-next.yaml"))
                .content()
                .contains("- id: CL-15-v4\n  expect: fail\n  match: wrong-demand\n  reason:\n");
    }

    @Test
    public void redWhereALineIsMissingForWhatIsNotApplicable() throws Exception {
        Outcome outcome = run(
                Map.of(),
                "--expectations",
                edited("- id: LI-21-\\*", "- id: LI-21-LOOSE").toString());
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.out()).contains("NOT APPLICABLE  LI-21-STRICT-v4").doesNotContain("APPLICABLE  LI-21-LOOSE");
    }

    @Test
    public void redWhereALineIsWrong() throws Exception {
        Path file =
                edited("(?m)^- id: CL-15$", "- id: CL-01\n  expect: fail\n  reason: it is said to be\n\n- id: CL-15");
        Outcome outcome = run(Map.of(), "--expectations", file.toString());
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.out()).contains("now passes, though FAIL is expected: remove the line " + file);
    }

    @Test
    public void redWhereTheCauseIsAnother() throws Exception {
        Outcome outcome = run(
                Map.of(),
                "--expectations",
                edited("match: wrong-demand", "match: no-answer").toString());
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.out()).contains("otherwise than expected by ");
    }

    @Test
    public void withoutThemAsEver() throws Exception {
        Outcome outcome = run(Map.of(), "--expectations", "none");
        assertThat(outcome.code()).as("a SHOULD does not gate: " + outcome).isZero();
        assertThat(outcome.out())
                .contains("1 failed (0 MUST, 0 rule, 1 SHOULD)")
                .doesNotContain("expected by");
    }
}
