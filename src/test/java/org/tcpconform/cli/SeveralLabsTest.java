package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tcpconform.report.Reports;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Labs one after the other: each has its results, whatever becomes of another. */
public class SeveralLabsTest {
    private Path home;

    /** A home with the suites of this one, lab {@code linux}, and a lab whose program ends at once. */
    @BeforeClass
    public void prepare() throws IOException {
        World.get();
        home = Files.createTempDirectory(Files.createDirectories(World.HOME.resolve("target")), "several-");
        Files.createSymbolicLink(home.resolve("suites"), World.HOME.resolve("suites"));
        Path labs = Files.createDirectories(home.resolve("tools/lab"));
        Files.createSymbolicLink(labs.resolve("linux"), World.HOME.resolve("tools/lab/linux"));
        String linux = Files.readString(World.HOME.resolve("tools/lab/linux/lab.yaml"));
        Path broken = Files.createDirectory(labs.resolve("broken"));
        Files.writeString(
                broken.resolve("lab.yaml"),
                linux.replaceFirst("(?m)^name: linux.*", "name: broken")
                        .replaceFirst("(?s)\nstart:.*?\n\n", "\nstart: [sh, -c, \"echo no such device; exit 1\"]\n\n"));
    }

    @AfterClass(alwaysRun = true)
    public void clean() throws IOException {
        if (home != null) {
            World.delete(home);
        }
    }

    private Outcome run(String... words) throws Exception {
        List<String> command = World.jvm(Map.of("tcpconform.home", home.toString()));
        command.addAll(List.of(words));
        return new World.Child(command).end();
    }

    @Test
    public void aLabThatDoesNotStartCostsTheOthersNothing() throws Exception {
        Path out = home.resolve("out");
        Outcome outcome =
                run("run", "--lab", "all", "--suite", "smoke", "--match", "HP-01", "--seed=1", "--out=" + out);
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.ENVIRONMENT.code());
        assertThat(outcome.err())
                .startsWith("tcpconform: lab 'broken' did not start: its process ended: no such device");
        assertThat(outcome.out())
                .contains("==== lab broken, 1 of 2", "==== lab linux, 2 of 2", "==== 2 of 2 labs", ", seed 1")
                .containsPattern("(?m)^broken +(- +){7}3 the machine, network or target does not permit the run$")
                .containsPattern("(?m)^linux +2 +2 +0 +0 +0 +0 +0  0 all that gates passed$");
        assertThat(out.resolve("broken")).doesNotExist();
        assertThat(Reports.read(out.resolve("linux")).counts().get(Verdict.PASS))
                .isEqualTo(2);
        assertThat(Reports.read(out.resolve("linux")).expectations().files())
                .as("the expectations of that lab")
                .hasSize(1);
    }

    @Test
    public void withoutAFolderTheyGetOneTogether() throws Exception {
        Outcome outcome = run("run", "--lab", "linux,linux", "--suite", "smoke", "--match", "HP-01");
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(outcome.out()).contains("==== lab linux, 1 of 1");
        String named = outcome.out().lines().reduce((a, b) -> b).orElseThrow();
        assertThat(named).matches("results     \\S+/results/\\d{8}-\\d{6}-labs");
        assertThat(Path.of(named.substring(12)).resolve("linux/results.json")).exists();
    }

    @Test
    public void aSignalEndsTheOneThatRunsAndBeginsNoOther() throws Exception {
        Path out = home.resolve("signal");
        List<String> command = World.jvm(Map.of("tcpconform.home", home.toString()));
        command.addAll(List.of("run", "--lab", "linux,broken", "--jobs", "1", "--match", "CL-*", "--match", "HP-*"));
        command.addAll(List.of("--out", out.toString()));
        try (World.Child child = new World.Child(command)) {
            Path journal = out.resolve("linux/cases.jsonl");
            World.await("a case has a verdict", () -> {
                try {
                    return !child.alive()
                            || Files.exists(journal)
                                    && Files.readAllLines(journal).size() > 3;
                } catch (IOException e) {
                    return false;
                }
            });
            child.signal("TERM");
            Outcome outcome = child.end();
            assertThat(outcome.code()).as(outcome.toString()).isEqualTo(143);
            assertThat(outcome.out()).doesNotContain("==== lab broken");
            World.await("nothing is left", () -> child.family() == 0);
        }
        assertThat(Reports.read(out.resolve("linux")).aborted()).isEqualTo("interrupted by a signal");
    }

    @DataProvider
    public Object[][] mistakes() {
        return new Object[][] {
            {"--lab linux,linx", "no lab 'linx'; did you mean 'linux'?"},
            {"--lab all --name mine", "--name is of one target: give one lab with it"},
            {"--lab all --target 192.0.2.1", "--target and --lab exclude each other"},
            {"--lab all --out pom.xml", "pom.xml"},
        };
    }

    @Test(dataProvider = "mistakes")
    public void mistakesAreToldBeforeAnythingStarts(String options, String expected) {
        Outcome.of(("run " + options).split(" ")).refusedWith(ExitCode.USAGE, expected);
    }

    @Test
    public void theWorstCodeCounts() {
        assertThat(ExitCode.worst(List.of(ExitCode.values()))).isEqualTo(ExitCode.HARNESS_FAULT);
        assertThat(ExitCode.worst(List.of(ExitCode.FAILED, ExitCode.NOTHING_SELECTED, ExitCode.PASSED)))
                .isEqualTo(ExitCode.FAILED);
        assertThat(ExitCode.worst(List.of())).isEqualTo(ExitCode.PASSED);
        assertThat(ExitCode.of(137)).isEqualTo(ExitCode.HARNESS_FAULT);
    }
}
