package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.tcpconform.requirement.Family;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.suite.rfc9293.S3_10_7_1_Closed;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.Flaw;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Each broken rule of a closed port fails its own cases alone, and with the right code. */
public class ClosedPortProofTest {
    private static final Class<?> CASES = S3_10_7_1_Closed.class;
    private static final Set<Family> IPV4 = EnumSet.of(Family.IPV4);

    @Test
    public void groupsDoNotApplyWithoutEthernet() {
        try (Bench bench = Bench.open(LinkLayer.RAW_IP, 1)) {
            Map<String, CaseResult> results = Runs.run(bench, Runs.cases(CASES, "CL-0*", "CL-19*"));
            assertThat(results.values())
                    .allSatisfy(r -> assertThat(r.verdict())
                            .as(r.id())
                            .isEqualTo(r.id().startsWith("CL-19") ? Verdict.NOT_APPLICABLE : Verdict.PASS));
        }
    }

    private static final String[] WITHOUT_ACK = {
        "01", "02", "03", "03-DATA", "04", "05", "12", "14", "13", "15", "16", "16-RESERVED"
    };
    private static final String[] WITH_ACK = {"06", "07", "08", "09", "09-DATA"};

    private static List<String> without(String one) {
        return java.util.Arrays.stream(WITHOUT_ACK)
                .filter(id -> !id.equals(one))
                .toList();
    }

    /** The flaw, the code of the failures, the ids of the cases that fail, and the cases that are run. */
    @DataProvider(parallel = true)
    public static Object[][] flaws() {
        return new Object[][] {
            // a null scan has no length, so that SEG.SEQ is right there
            {Flaw.RST_WRONG_ACK, "wrong-ack", without("12"), "*"},
            {Flaw.RST_WRONG_SEQ, "wrong-seq", List.of(WITHOUT_ACK), "*"},
            {Flaw.RST_IGNORES_ACK, "wrong-seq", List.of(WITH_ACK), "*"},
            {Flaw.RST_ALWAYS_WITH_ACK, "wrong-flags", List.of(WITH_ACK), "*"},
            {Flaw.RST_ACK_DOES_NOT_WRAP, "wrong-ack", List.of("13"), "*"},
            {Flaw.RST_WITHOUT_TIMESTAMPS, "wrong-demand", List.of("15"), "*"},
            {Flaw.RST_WITH_RESERVED_BIT, "wrong-reserved-bits", List.of("16-RESERVED"), "*"},
            {Flaw.RST_WITH_WRONG_CHECKSUM, "bad-checksum", List.of("16"), "CL-16"},
            {Flaw.NO_RST, "no-answer", List.of("01", "06"), "CL-0[16]"},
            {Flaw.NO_RST_TO_ODD_FLAGS, "no-answer", List.of("04", "05", "12", "14"), "*"},
            {Flaw.RST_TO_RST, "answered", List.of("10", "10-DATA", "11", "11-DATA"), "*"},
            {Flaw.IGNORES_CHECKSUM, "answered", List.of("17"), "*"},
            {Flaw.IGNORES_IP_CHECKSUM, "answered", List.of("18"), "*"},
            {
                Flaw.ANSWERS_GROUPS,
                "answered",
                List.of("19-MULTICAST", "19-LIMITED-BROADCAST", "19-SUBNET-BROADCAST", "19-BROADCAST-FRAME"),
                "*"
            },
        };
    }

    @Test(dataProvider = "flaws")
    public void flawFailsItsCasesAlone(Flaw flaw, String code, List<String> failing, String chosen) {
        try (Bench bench = Bench.open()) {
            bench.stack().with(flaw);
            List<CaseDescriptor> cases = Runs.cases(CASES, IPV4).stream()
                    .filter(c -> chosen.equals("*") || c.id().matches(chosen + "-v4"))
                    .toList();
            Map<String, CaseResult> results = Runs.run(bench, cases);
            Set<String> failed = results.values().stream()
                    .filter(r -> r.verdict() != Verdict.PASS)
                    .map(CaseResult::id)
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> expected =
                    failing.stream().map(id -> "CL-" + id + "-v4").collect(Collectors.toCollection(TreeSet::new));
            assertThat(failed).as("%s", Runs.notPassed(results)).isEqualTo(expected);
            for (String id : expected) {
                assertThat(results.get(id).verdict()).as(id).isEqualTo(Verdict.FAIL);
                assertThat(results.get(id).failure().code()).as(id).isEqualTo(code);
            }
        }
    }
}
