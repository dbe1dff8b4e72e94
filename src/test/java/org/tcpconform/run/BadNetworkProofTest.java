package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.tcpconform.requirement.Family;
import org.tcpconform.suite.rfc7323.S2_WindowScale;
import org.tcpconform.suite.rfc9293.S3_10_7_1_Closed;
import org.tcpconform.suite.rfc9293.S3_4_ReceiveWindow;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.Flaw;
import org.tcpconform.testkit.MiniStack;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/**
 * A bad network makes no FAIL of a kept rule, and no PASS of a broken one. A sample: {@code tools/impairments} runs all cases
 * under each network.
 */
public class BadNetworkProofTest {
    /** Nearly all that a case does is to wait. */
    private static final int JOBS = 64;
    /** Every so many of these cases are run: they fill no window, which takes long where segments are lost. */
    private static final int SAMPLE = 7;

    private static final List<String> SHORT = List.of("CL-*", "LI-*", "HD-*", "OO-*", "RS-*", "SY-*", "SEG-*", "PW-*");

    private static final Set<Family> IPV4 = EnumSet.of(Family.IPV4);

    @DataProvider(parallel = true)
    public static Object[][] networks() {
        return new Object[][] {{"loss 5%, duplicate 2%, corrupt 1%"}, {"loss 1%, delay 20ms 20ms, reorder 10%"}};
    }

    @Test(dataProvider = "networks")
    public void keptRulesDoNotFail(String network) {
        List<CaseDescriptor> all = SuiteFile.load("default", Bench.suites())
                .cases(new Selection(SHORT, List.of("timer", "long", "bulk"), null, IPV4, false));
        List<CaseDescriptor> sample = new ArrayList<>();
        for (int i = 0; i < all.size(); i += SAMPLE) {
            sample.add(all.get(i));
        }
        Map<String, CaseResult> results = run(network, sample);
        assertThat(sample.size()).isGreaterThan(50);
        assertThat(results.values())
                .as("%s", Runs.notPassed(results))
                .extracting(CaseResult::verdict)
                .doesNotContain(Verdict.FAIL, Verdict.ERROR)
                .filteredOn(v -> v == Verdict.PASS)
                .hasSizeGreaterThan(sample.size() * 9 / 10);
    }

    @Test(dataProvider = "networks")
    public void brokenRulesDoNotPass(String network) {
        List<CaseDescriptor> cases = Runs.cases(S3_10_7_1_Closed.class, IPV4);
        Flaw[] flaws = {Flaw.RST_TO_RST, Flaw.NO_RST_TO_ODD_FLAGS, Flaw.RST_WRONG_SEQ};
        Map<String, CaseResult> quiet;
        try (Bench bench = Bench.open()) {
            bench.stack().supporting(MiniStack.Feature.values()).with(flaws);
            quiet = Runs.run(bench, cases);
        }
        Set<String> broken = failing(quiet);
        Map<String, CaseResult> results = run(network, cases, flaws);
        assertThat(broken).hasSizeGreaterThan(3);
        assertThat(results.values())
                .filteredOn(r -> quiet.get(r.id()).verdict() == Verdict.PASS)
                .as("%s %s", Runs.notPassed(quiet), Runs.notPassed(results))
                .extracting(CaseResult::verdict)
                .doesNotContain(Verdict.FAIL, Verdict.ERROR);
        assertThat(results.values())
                .filteredOn(r -> broken.contains(r.id()))
                .extracting(CaseResult::verdict)
                .contains(Verdict.FAIL)
                .doesNotContain(Verdict.PASS);
    }

    @DataProvider(parallel = true)
    public static Object[][] answersThatAreNotDue() {
        return new Object[][] {
            {"loss 5%", "FAIL", "answered"},
            {"loss 1%, delay 20ms 20ms", "INCONCLUSIVE", "restless-network"},
        };
    }

    /** Where nothing overtakes, what the target answers time and again is no answer to an earlier segment. */
    @Test(dataProvider = "answersThatAreNotDue")
    public void anAnswerThatIsNotDueIsJudgedWhereNothingOvertakes(String network, String verdict, String code) {
        Map<String, CaseResult> results =
                run(network, Runs.cases(S3_10_7_1_Closed.class, IPV4, "CL-10", "CL-11"), Flaw.RST_TO_RST);
        assertThat(results.values()).hasSize(2).allSatisfy(result -> {
            assertThat(result.verdict()).hasToString(verdict);
            assertThat(result.failure().code()).isEqualTo(code);
        });
    }

    @Test
    public void moreThanASlowLinkTakesIsSaidOnce() {
        Map<String, CaseResult> results = run("rate 80kbit", Runs.cases(S3_4_ReceiveWindow.class, IPV4, "SQ-12"));
        CaseResult result = results.get("SQ-12-v4");
        assertThat(result.failure()).as("%s", result.verdict()).isNotNull();
        assertThat(result.failure().code()).isEqualTo("slow-network");
        assertThat(result.failure().summary()).contains("kbit/s the target has taken");
        assertThat(result.attempts()).isOne();
    }

    @Test
    public void aWindowIsFilledOverASlowLinkOrNotAtAll() {
        Map<String, CaseResult> results =
                run("rate 1mbit", Runs.cases(S2_WindowScale.class, IPV4, "WS-03-1-WINDOW-1500", "WS-03-7-WINDOW-512"));
        assertThat(results.get("WS-03-1-WINDOW-1500-v4"))
                .as("%s", Runs.notPassed(results))
                .returns(Verdict.PASS, CaseResult::verdict)
                .returns(1, CaseResult::attempts);
        CaseResult large = results.get("WS-03-7-WINDOW-512-v4");
        // on a busy machine the link may pass for a faster one
        assertThat(large.failure() == null ? "" : large.failure().code()).isIn("slow-network", "");
        assertThat(large.attempts()).isOne();
    }

    private static Set<String> failing(Map<String, CaseResult> results) {
        return results.values().stream()
                .filter(r -> r.verdict() == Verdict.FAIL)
                .map(CaseResult::id)
                .collect(Collectors.toSet());
    }

    private static Map<String, CaseResult> run(String network, List<CaseDescriptor> cases, Flaw... flaws) {
        try (Bench bench = Bench.behind(network, 1)) {
            bench.stack().supporting(MiniStack.Feature.values()).with(flaws);
            return Runs.byId(Runs.runner(bench, bench.target(), 1, JOBS).run("test", cases));
        }
    }
}
