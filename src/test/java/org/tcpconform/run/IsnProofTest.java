package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tcpconform.requirement.Family;
import org.tcpconform.suite.rfc9293.S3_4_1_InitialSequenceNumber;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.Flaw;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Each bad choice of initial sequence numbers fails its own cases alone, and with the right code. */
public class IsnProofTest {
    private static final int SAMPLES = 400;
    private static final List<String> ALL = List.of("IS-01", "IS-02", "IS-03", "IS-04", "IS-07");

    /** The flaw, null for none, the code of the failures, and the cases that fail. */
    @DataProvider(parallel = true)
    public static Object[][] flaws() {
        return new Object[][] {
            {null, "", List.of()},
            {Flaw.CONSTANT_ISN, "isn-", ALL},
            {Flaw.ISN_COUNTS_CONNECTIONS, "isn-", ALL},
            {Flaw.ISN_OF_CLOCK_ALONE, "isn-predictable", List.of("IS-03", "IS-04", "IS-07")},
            {Flaw.ISN_LINEAR_IN_PORT, "isn-predictable", List.of("IS-03", "IS-04")},
            {Flaw.ISN_WITHOUT_CLOCK, "isn-not-advancing", List.of("IS-01", "IS-02")},
            {Flaw.ISN_OF_FEW, "isn-", List.of("IS-01", "IS-02", "IS-03", "IS-07")},
            {Flaw.ISN_CONGRUENTIAL, "isn-", List.of("IS-01", "IS-02", "IS-03", "IS-04")},
            {Flaw.OTHER_ISN_IN_REPEATED_SYN_ACK, "wrong-seq", List.of("IS-06")},
        };
    }

    @Test(dataProvider = "flaws")
    public void flawFailsItsCasesAlone(Flaw flaw, String code, List<String> failing) {
        try (Bench bench = Bench.open()) {
            if (flaw != null) {
                bench.stack().with(flaw);
            }
            Set<Family> ipv4 = EnumSet.of(Family.IPV4);
            // one after the other: what counts connections counts those of all cases
            Map<String, CaseResult> results = Runs.byId(Runs.runner(bench, bench.target(), 1, 1)
                    .isnSamples(SAMPLES)
                    .run("test", Runs.cases(S3_4_1_InitialSequenceNumber.class, ipv4)));
            assertThat(results).hasSizeGreaterThan(ALL.size());
            results.forEach((id, result) -> {
                boolean fails = failing.stream().anyMatch(id::startsWith);
                assertThat(result.verdict())
                        .as("%s %s %s", id, flaw, result.failure())
                        .isEqualTo(fails ? Verdict.FAIL : Verdict.PASS);
                if (fails) {
                    assertThat(result.failure().code()).as(id).startsWith(code);
                }
            });
        }
    }
}
