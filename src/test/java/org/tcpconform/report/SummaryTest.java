package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.Test;

/** What a build server shows: the summary, what changed, and the annotations. */
public class SummaryTest {
    // ---- summary.md

    @Test
    public void runWithoutExpectations() {
        String page = Summary.of(Samples.run(Samples.mixture()), false, null);
        assertThat(page)
                .startsWith("## TCP conformance of linux: harness fault\n")
                .contains("| cases | PASS | FAIL | INCONCLUSIVE | NOT APPLICABLE | ERROR |\n")
                .contains("| 13 | 6 | 2 | 1 | 3 | 1 |\n")
                .contains("### What did not pass\n")
                .contains("| HP-07-v4 | FAIL of rule | yes | ")
                .contains("| HO-02-v4 | FAIL of SHOULD | no | ")
                .contains("`no-answer` the second connection got no SYN-ACK within 1.2 s |\n")
                .contains("| SR-02-v4 | INCONCLUSIVE | no |")
                .contains("### Requirements\n")
                .doesNotContain("<details>", "UR-01-v4");
        RunResult two = Samples.run(List.of(Samples.wrongAck("HP-07-v4"), Samples.twoConnections("HO-02-v4")));
        assertThat(Summary.of(two, false, null)).startsWith("## TCP conformance of linux: failed by 1 result\n");
        assertThat(Summary.of(two, true, null)).startsWith("## TCP conformance of linux: failed by 2 results\n");
        assertThat(Summary.of(Samples.run(List.of()), false, null)).startsWith("## TCP conformance of linux: passed\n");
    }

    @Test
    public void whatIsExpectedIsFoldedAway() {
        String page = Summary.of(Samples.governed(), false, null);
        assertThat(page)
                .startsWith("## TCP conformance of linux: failed by 3 results\n")
                .contains("| 5 | 1 | 2 (1 expected) | 0 | 2 (1 expected) | 0 |\n")
                .contains("### Not as expected\n")
                .contains(
                        "| HP-01-v4 | PASS | yes | MUST answer a SYN with SYN-ACK of its sequence number plus one | now"
                                + " passes, though FAIL is expected: remove the line suites/linux.yaml:9 |\n")
                .contains("<details><summary>2 expected deviations</summary>\n\n| case |")
                .contains("| HP-07-v4 | FAIL of rule `wrong-field` | our stack \\| is old | RFC 9293 |\n")
                .contains("- suites/linux.yaml:4: the expectation of X has expired on 2027-01-30\n");
        String unexpected = page.substring(page.indexOf("### Not"), page.indexOf("<details>"));
        assertThat(unexpected).doesNotContain("HP-07-v4").contains("HO-02-v4", "not in the expectations");
    }

    @Test
    public void everyRequirementIsCountedOnce() {
        RunResult run = Samples.run(Samples.mixture());
        String page = Summary.of(run, false, null);
        int sum = page.substring(page.indexOf("### Requirements"))
                .lines()
                .filter(l -> l.matches("\\| \\S.* \\| \\d.*"))
                .mapToInt(l -> java.util.Arrays.stream(l.split("\\|"))
                        .map(String::strip)
                        .filter(cell -> cell.matches("\\d+"))
                        .mapToInt(Integer::parseInt)
                        .sum())
                .sum();
        assertThat(sum).isEqualTo(run.conformance().requirements().size());
    }

    @Test
    public void textStaysText() {
        assertThat(Summary.text("a|b <b>\n`c` [d](e) tcp_check_req() _x_ @someone #1 \\"))
                .isEqualTo(
                        "a\\|b &lt;b&gt; \\`c\\` \\[d\\](e) tcp_check_req() \\_x\\_ @<!-- -->someone #<!-- -->1 \\\\");
        assertThat(Summary.text("https://x.example www.x.example"))
                .isEqualTo("https:<!-- -->//x.example www<!-- -->.x.example");
        String page = Summary.of(Samples.run(List.of(Samples.hostile("XX-01-v4"))), false, null);
        assertThat(page).doesNotContain("<script", "<img", "\u0000", "\u001b", "\u202e");
        assertThat(page.lines().filter(l -> l.startsWith("| XX-01-v4"))).hasSize(1);
    }

    @Test
    public void longRunKeepsWithinWhatGitHubTakes() {
        List<CaseResult> cases = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            cases.add(Samples.wrongAck("HP-" + i + "-v4"));
        }
        String page = Summary.of(Samples.run(cases), false, null);
        assertThat(page.length()).isLessThan(512 * 1024);
        assertThat(page).contains("and 4800 more; all are in `junit.xml`");
    }

    // ---- what changed

    private static CaseResult failing(String id, String code) {
        return new Samples.Builder(id).verdict(Verdict.FAIL, code, "broken", "").build();
    }

    private static Changes changes() {
        RunResult before = Samples.run(List.of(
                Samples.passing("HP-01-v4"),
                failing("HP-02-v4", "gap"),
                failing("HP-03-v4", "gap"),
                failing("X-v4", "gap")));
        RunResult after = Samples.run(List.of(
                failing("HP-01-v4", "gap"),
                Samples.passing("HP-02-v4"),
                failing("HP-03-v4", "no-answer"),
                Samples.notApplicable("Y-v4", "no")));
        return Changes.between("results/before", before, after);
    }

    @Test
    public void changesAreOfSixKinds() {
        Changes changes = changes();
        assertThat(changes.failing())
                .containsExactly("HP-01-v4: PASS, now FAIL [gap]", "HP-03-v4: FAIL [gap], now FAIL [no-answer]");
        assertThat(changes.passing()).containsExactly("HP-02-v4: FAIL [gap], now PASS");
        assertThat(changes.added()).containsExactly("Y-v4: NOT APPLICABLE [not-applicable]");
        assertThat(changes.removed()).containsExactly("X-v4: was FAIL [gap]");
        assertThat(changes.otherwise()).isEmpty();
        Changes other = Changes.between(
                "a",
                Samples.run(List.of(Samples.passing("HP-01-v4"))),
                Samples.run(List.of(Samples.notApplicable("HP-01-v4", "x"), Samples.wrongAck("HP-07-v4"))));
        assertThat(other.otherwise()).containsExactly("HP-01-v4: PASS, now NOT APPLICABLE [not-applicable]");
        assertThat(other.requirements()).contains("RFC9293-3.10.7.2-3 (rule): passed, now failed");
        assertThat(changes.text())
                .startsWith("Since results/before: 2 newly failing, 1 newly passing, 1 added, 1 removed");
    }

    @Test
    public void nothingChangedSaysSo() {
        RunResult run = Samples.run(Samples.mixture());
        Changes none = Changes.between("results/before", run, run);
        assertThat(none.text()).isEqualTo("Since results/before: no verdict changed\n");
        assertThat(Summary.of(run, false, none)).contains("### Since results/before\n\nNo verdict changed.\n");
    }

    @Test
    public void summaryTellsWhatChanged() throws IOException {
        Path dir = Files.createTempDirectory("since-");
        try {
            ResultsFolder before = ResultsFolder.use(dir.resolve("before"));
            ResultsFolder after = ResultsFolder.use(dir.resolve("after"));
            Reports.writeAll(Samples.run(List.of(Samples.passing("HP-01-v4"))), before, false);
            Reports.writeAll(Samples.run(List.of(failing("HP-01-v4", "gap"))), after, false);
            assertThat(after.summary()).content().doesNotContain("### Since");
            Changes changes = Reports.changes(before.root(), after.root());
            Reports.again(after.root(), false, false, changes);
            assertThat(after.summary())
                    .content()
                    .contains("**1 newly failing**\n\n- HP-01-v4: PASS, now FAIL \\[gap\\]\n");
        } finally {
            ResultsFolder.delete(dir);
        }
    }

    // ---- GitHub Actions

    private static String told(RunResult run, Map<String, String> environment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(new GitHubActions(environment)
                        .tell(run, false, new PrintStream(bytes, true, StandardCharsets.UTF_8)))
                .isEmpty();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    public void nothingIsToldElsewhere() {
        assertThat(told(Samples.run(Samples.mixture()), Map.of())).isEmpty();
        assertThat(told(Samples.run(Samples.mixture()), Map.of("GITHUB_ACTIONS", "false")))
                .isEmpty();
    }

    @Test
    public void unexpectedResultsAreAnnotations() {
        String told = told(Samples.governed(), Map.of("GITHUB_ACTIONS", "true"));
        assertThat(told.lines().findFirst()).hasValue("::group::tcpconform: 3 results to look at");
        assertThat(told)
                .endsWith("::endgroup::\n")
                .contains(
                        "::error file=suites/linux.yaml,line=9,title=PASS HP-01-v4::MUST answer a SYN with SYN-ACK of its"
                                + " sequence number plus one%0Anow passes, though FAIL is expected: remove the line"
                                + " suites/linux.yaml:9\n")
                .contains("::error title=FAIL of SHOULD HO-02-v4::")
                .contains(
                        "::warning file=suites/linux.yaml,line=4,title=tcpconform%3A expectations::the expectation of X")
                .doesNotContain("HP-07-v4");
        String plain = told(Samples.run(Samples.mixture()), Map.of("GITHUB_ACTIONS", "true"));
        assertThat(plain)
                .contains("::error title=FAIL of rule HP-07-v4::")
                .contains("::warning title=FAIL of SHOULD HO-02-v4::")
                .contains("::warning title=INCONCLUSIVE SR-02-v4::")
                .contains("::error title=ERROR LI-09-v4::");
        assertThat(told(Samples.run(List.of(Samples.passing("HP-01-v4"))), Map.of("GITHUB_ACTIONS", "true")))
                .isEmpty();
    }

    @Test
    public void annotationsAreEscapedByTheRules() {
        assertThat(GitHubActions.data("100 %\r\n::error::x")).isEqualTo("100 %25\\x0d%0A::error::x");
        assertThat(GitHubActions.property("a: b, c%")).isEqualTo("a%3A b%2C c%25");
        String told = told(Samples.run(List.of(Samples.hostile("XX-01-v4"))), Map.of("GITHUB_ACTIONS", "true"));
        assertThat(told.lines()).hasSize(3).allMatch(l -> l.startsWith("::"));
    }

    @Test
    public void filesAreNamedAsInTheRepository() {
        Path workspace = Path.of("").toAbsolutePath();
        RunResult run = Samples.governed(workspace.resolve("suites/linux.yaml").toString());
        assertThat(told(run, Map.of("GITHUB_ACTIONS", "true", "GITHUB_WORKSPACE", workspace.toString())))
                .contains("::error file=suites/linux.yaml,line=9,");
    }

    @Test
    public void summaryIsAddedToThatOfTheJob() throws IOException {
        Path file = Files.createTempFile("summary-", ".md");
        try {
            Files.writeString(file, "before\n");
            RunResult run = Samples.run(Samples.mixture());
            told(run, Map.of("GITHUB_STEP_SUMMARY", file.toString()));
            assertThat(file).hasContent("before\n" + Summary.of(run, false, null));
            assertThat(new GitHubActions(Map.of(
                                    "GITHUB_STEP_SUMMARY", file.resolve("x").toString()))
                            .tell(run, false, System.out)
                            .orElseThrow())
                    .startsWith("the summary of the job could not be written: ");
        } finally {
            Files.delete(file);
        }
    }
}
