package org.tcpconform.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tcpconform.bench.ImpairmentFigures.Network;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.Test;

public class ImpairmentFiguresTest {
    private static final RunResult QUIET = run(7, "A PASS", "B PASS", "C PASS", "D PASS", "E FAIL", "F FAIL");

    @Test
    public void sameVerdictsHold() {
        ImpairmentFigures figures = ImpairmentFigures.of(Network.USUAL, QUIET, QUIET);
        assertThat(figures.share()).isEqualTo(100);
        assertThat(figures.deviations()).isEqualTo(Map.of(Verdict.FAIL, 2));
        assertThat(figures.hold()).isTrue();
    }

    @Test
    public void failuresOfWhatPassesWithoutAreNamed() {
        ImpairmentFigures figures = ImpairmentFigures.of(
                Network.LOSS, QUIET, run(7, "A PASS", "B FAIL", "C ERROR", "D INCONCLUSIVE", "E FAIL", "F FAIL"));
        assertThat(figures.share()).isEqualTo(25);
        assertThat(figures.wrong()).containsExactly("B (code-of-B)", "C (code-of-C)");
        assertThat(figures.unjudged()).containsExactly("D (code-of-D)");
        assertThat(figures.hold()).isFalse();
    }

    @Test
    public void whatFailsWithoutMayStayUnjudgedButNotPass() {
        ImpairmentFigures unjudged = ImpairmentFigures.of(
                Network.LOSS, QUIET, run(7, "A PASS", "B PASS", "C PASS", "D PASS", "E FAIL", "F INCONCLUSIVE"));
        assertThat(unjudged.deviations()).isEqualTo(Map.of(Verdict.FAIL, 1, Verdict.INCONCLUSIVE, 1));
        assertThat(unjudged.hold()).isTrue();
        ImpairmentFigures passed = ImpairmentFigures.of(
                Network.LOSS, QUIET, run(7, "A PASS", "B PASS", "C PASS", "D PASS", "E PASS", "F FAIL"));
        assertThat(passed.passed()).containsExactly("E");
        assertThat(passed.hold()).isFalse();
    }

    @Test
    public void soManyHaveToPassOnlyWhereMostDo() {
        RunResult one = run(7, "A PASS", "B PASS", "C PASS", "D INCONCLUSIVE", "E FAIL", "F FAIL");
        assertThat(ImpairmentFigures.of(Network.LOSS, QUIET, one).hold()).isTrue();
        assertThat(ImpairmentFigures.of(Network.USUAL, QUIET, one).hold()).isFalse();
    }

    @Test
    public void aCaseOfOneRunOnlyIsNamed() {
        ImpairmentFigures figures = ImpairmentFigures.of(
                Network.LOSS, QUIET, run(7, "A PASS", "B PASS", "C PASS", "E FAIL", "F FAIL", "G FAIL"));
        assertThat(figures.alone()).containsExactly("D", "G");
        assertThat(figures.share()).isEqualTo(100);
        assertThat(figures.hold()).isFalse();
    }

    @Test
    public void theQuietNetworkHasNoErrors() {
        RunResult broken = run(7, "A PASS", "B ERROR");
        assertThat(ImpairmentFigures.of(Network.QUIET, QUIET, QUIET).hold()).isTrue();
        assertThat(ImpairmentFigures.of(Network.QUIET, broken, broken).hold()).isFalse();
    }

    @Test
    public void thePageHasARowForEachAndNamesWhatIsNotAsWithout() {
        RunResult loss = run(8, "A PASS", "B FAIL", "C PASS", "D INCONCLUSIVE", "E PASS", "G PASS");
        List<String> page = ImpairmentFigures.page(
                List.of(
                        ImpairmentFigures.of(Network.QUIET, QUIET, QUIET),
                        ImpairmentFigures.of(Network.LOSS, QUIET, loss)),
                "Linux 6.1",
                4);
        assertThat(page)
                .startsWith("# Verdicts under bad networks")
                .anyMatch(line -> line.endsWith("seeds 7, 8, Linux 6.1,"))
                .anyMatch(line -> line.contains("up to 4 of the others at once"))
                .contains("| quiet | 4 | 2 | 0 | 0 | 0 | 100.00 % | 0 | 2 | 0 | 0 | 9 | 0.5 | 2.0 |")
                .contains("| loss 5% | 4 | 1 | 1 | 0 | 0 | 50.00 % | 1 | 0 | 0 | 1 | 9 | 0.5 | 2.0 |")
                .endsWith(
                        "",
                        "## loss 5%",
                        "",
                        "- FAIL or ERROR: B (code-of-B)",
                        "- PASS, though it fails without: E",
                        "- not judged: D (code-of-D)",
                        "- in one of the two runs only: F, G")
                .doesNotContain("## quiet");
        assertThat(page.stream().filter(line -> line.startsWith("|")))
                .extracting(line -> line.chars().filter(c -> c == '|').count())
                .containsOnly(15L);
    }

    /** Of words such as {@code "A PASS"}. */
    private static RunResult run(long seed, String... verdicts) {
        List<CaseResult> cases = Arrays.stream(verdicts)
                .map(words -> words.split(" "))
                .map(words -> result(words[0], Verdict.valueOf(words[1])))
                .toList();
        return new RunResult(
                RunResult.SCHEMA, null, null, "default", seed, 9, 0, 120_000, Map.of(), List.of(), null, null, cases);
    }

    private static CaseResult result(String id, Verdict verdict) {
        return new CaseResult(
                id,
                "does it",
                List.of(),
                Level.MUST,
                true,
                9293,
                "3.1",
                "IPv4",
                List.of(),
                verdict,
                verdict == Verdict.PASS ? null : Failure.of("code-of-" + id, "it did not"),
                List.of(),
                List.of(),
                1,
                0,
                500,
                null,
                List.of(),
                List.of(),
                List.of());
    }
}
