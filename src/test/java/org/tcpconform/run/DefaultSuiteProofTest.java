package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tcpconform.requirement.Family;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.Flaw;
import org.tcpconform.testkit.MiniStack;
import org.tcpconform.verdict.Verdict;
import org.tcpconform.wire.Pace;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/**
 * No case of the default suite fails on a target that keeps the rules. Where one does, it or the target in memory is
 * wrong: the RFC decides. Cases that wait for timers are left out.
 */
public class DefaultSuiteProofTest {
    private static void nothingFails(Map<String, CaseResult> results) {
        assertThat(results.values())
                .as("%s", Runs.notPassed(results))
                .extracting(CaseResult::verdict)
                .contains(Verdict.PASS)
                .isSubsetOf(Verdict.PASS, Verdict.NOT_APPLICABLE);
    }

    /** Cases of which some measure time and some send at one go; each waits now and then for its turn. */
    @Test
    public void slowRateFailsNothing() {
        try (Bench bench = Bench.open()) {
            bench.stack().supporting(MiniStack.Feature.values());
            bench.station().pace(new Pace(200));
            List<CaseDescriptor> cases = SuiteFile.load("default", Bench.suites())
                    .cases(new Selection(
                            List.of("HP-*", "DT*", "OO-05*", "AK-0*"),
                            List.of("timer", "long"),
                            null,
                            EnumSet.of(Family.IPV4),
                            false));
            Map<String, CaseResult> results =
                    Runs.byId(Runs.runner(bench, bench.target(), 1, 3).run("test", cases));
            nothingFails(results);
        }
    }

    @DataProvider
    public static Object[][] profiles() {
        return new Object[][] {
            {MiniStack.Profile.RFC5961, EnumSet.allOf(MiniStack.Feature.class), EnumSet.allOf(Family.class)},
            {MiniStack.Profile.RFC793, EnumSet.noneOf(MiniStack.Feature.class), EnumSet.of(Family.IPV4)},
        };
    }

    @Test(dataProvider = "profiles")
    public void conformingTargetPasses(
            MiniStack.Profile profile, Set<MiniStack.Feature> features, Set<Family> families) {
        try (Bench bench = Bench.open()) {
            bench.stack().profile(profile).supporting(features.toArray(MiniStack.Feature[]::new));
            List<CaseDescriptor> cases = SuiteFile.load("default", Bench.suites())
                    .cases(new Selection(List.of(), List.of("timer", "long"), null, families, false));
            Map<String, CaseResult> results = Runs.run(bench, cases);
            nothingFails(results);
        }
    }

    @DataProvider
    public static Object[][] harmless() {
        return new Object[][] {
            {Flaw.PROBES_AT_ONCE, List.of("AK-*", "PW-*", "TS-*")},
            {Flaw.ANSWERS_FOR_ENDED, List.of("CK-08", "DT-12", "FN-*", "HD-03", "OP-13", "OP-17*", "OP-21", "RS-*")},
        };
    }

    /** What a target may do, or cannot help while it is busy. */
    @Test(dataProvider = "harmless")
    public void harmlessHabitFailsNothing(Flaw habit, List<String> chosen) {
        try (Bench bench = Bench.open()) {
            bench.stack().supporting(MiniStack.Feature.values()).with(habit);
            List<CaseDescriptor> cases = SuiteFile.load("default", Bench.suites())
                    .cases(new Selection(chosen, List.of("timer", "long"), null, EnumSet.of(Family.IPV4), false));
            Map<String, CaseResult> results = Runs.run(bench, cases);
            nothingFails(results);
        }
    }
}
