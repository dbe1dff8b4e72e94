package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tcpconform.requirement.Family;
import org.tcpconform.suite.rfc4987.S3_6_SynCookies;
import org.tcpconform.suite.rfc4987.S3_Backlog;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.Flaw;
import org.tcpconform.testkit.MiniStack;
import org.tcpconform.verdict.Verdict;
import org.tcpconform.wire.Pace;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What a full backlog does is told apart, and each broken rule of SYN cookies fails its own cases alone. */
public class FloodProofTest {
    private static final int BACKLOG = 100;

    private static Map<String, CaseResult> run(Bench bench, String... match) {
        List<CaseDescriptor> cases = Stream.of(S3_Backlog.class, S3_6_SynCookies.class)
                .flatMap(type -> Runs.cases(type, EnumSet.of(Family.IPV4), match).stream())
                .filter(c -> !c.tags().contains("long"))
                .toList();
        return Runs.run(bench, cases);
    }

    private static final String[] SOME = {"FL-01", "FL-02", "FL-05"};
    private static final String[] OF_COOKIES = {
        "FL-03-NONE", "FL-03-256", "FL-03-1460", "FL-04*", "FL-05", "WS-15-PLAIN", "WS-15-TIMESTAMPS"
    };

    /** Whether there are cookies, the cases that are run, the verdict of those that need cookies, and what is recorded. */
    @DataProvider(parallel = true)
    public static Object[][] backlogs() {
        return new Object[][] {
            {
                true,
                new String[] {},
                Verdict.PASS,
                "the target answers by a SYN cookie, and a whole handshake gets through"
            },
            {false, SOME, Verdict.NOT_APPLICABLE, "the target drops SYNs, and a whole handshake does not get through"},
        };
    }

    @Test(dataProvider = "backlogs")
    public void fullBacklogIsNoFault(boolean cookies, String[] match, Verdict ofCookies, String recorded) {
        try (Bench bench = Bench.open()) {
            bench.stack().backlog(BACKLOG, cookies).supporting(MiniStack.Feature.values());
            Map<String, CaseResult> results = run(bench, match);
            results.forEach((id, result) -> assertThat(result.verdict())
                    .as("%s %s", id, result.failure())
                    .isEqualTo(result.tags().contains("cookies") ? ofCookies : Verdict.PASS));
            assertThat(results.get("FL-02-v4").remarks()).anyMatch(r -> r.endsWith(recorded));
            assertThat(results.get("FL-01-v4").remarks())
                    .anyMatch(r -> r.startsWith("between 0 and 128 half-open connections fill the backlog"));
            Bench.await(() ->
                    assertThat(bench.stack().connections()).as("left behind").isZero());
        }
    }

    @Test
    public void floodThatMustBeSlowIsNotJudged() {
        try (Bench bench = Bench.open()) {
            bench.station().pace(new Pace(400));
            assertThat(run(bench, "FL-01", "FL-10").values())
                    .isNotEmpty()
                    .allMatch(r -> r.verdict() == Verdict.INCONCLUSIVE
                            && r.failure().code().equals("rate-capped"));
        }
    }

    /** The flaw, the code of the failures, and patterns of the cases that fail. */
    @DataProvider(parallel = true)
    public static Object[][] flaws() {
        return new Object[][] {
            {Flaw.COOKIE_FORGETS_MSS, "mss-too-large", List.of("FL-03-(?!1460|9000).*")},
            {Flaw.TAKES_ANY_COOKIE, "*", List.of("FL-04-.*")},
            {Flaw.COOKIE_WITHOUT_DATA, "no-answer", List.of("FL-05.*")},
            {Flaw.COOKIE_FORGETS_SHIFT, "window-not-scaled", List.of("WS-15-.*")},
        };
    }

    @Test(dataProvider = "flaws")
    public void flawFailsItsCasesAlone(Flaw flaw, String code, List<String> failing) {
        try (Bench bench = Bench.open()) {
            bench.stack().backlog(BACKLOG, true).with(flaw).supporting(MiniStack.Feature.values());
            run(bench, OF_COOKIES).forEach((id, result) -> {
                boolean fails = failing.stream().anyMatch(id::matches);
                assertThat(result.verdict())
                        .as("%s %s %s", id, flaw, result.failure())
                        .isEqualTo(fails ? Verdict.FAIL : Verdict.PASS);
                if (fails && !code.equals("*")) {
                    assertThat(result.failure().code()).as(id).isEqualTo(code);
                }
            });
        }
    }
}
