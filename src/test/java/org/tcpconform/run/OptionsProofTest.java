package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tcpconform.requirement.Family;
import org.tcpconform.suite.rfc2018.S4_Sack;
import org.tcpconform.suite.rfc2883.S4_DuplicateSegments;
import org.tcpconform.suite.rfc7323.S2_WindowScale;
import org.tcpconform.suite.rfc7323.S3_Timestamps;
import org.tcpconform.suite.rfc7323.S5_Paws;
import org.tcpconform.suite.rfc9293.S3_10_7_4_Reassembly;
import org.tcpconform.suite.rfc9293.S3_1_Checksum;
import org.tcpconform.suite.rfc9293.S3_2_Options;
import org.tcpconform.suite.rfc9293.S3_7_1_Mss;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.Flaw;
import org.tcpconform.testkit.MiniStack;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Each broken rule of checksum, options and reassembly fails its own cases, with the right code, and no others of them. */
public class OptionsProofTest {
    /** The flaw, the class whose cases are run, the code of the failures, and patterns of the cases that fail. */
    @DataProvider(parallel = true)
    public static Object[][] flaws() {
        return new Object[][] {
            {Flaw.IGNORES_CHECKSUM, S3_1_Checksum.class, "*", List.of("CK-0[2-7].*", "CK-10.*")},
            {Flaw.TAKES_CHECKSUM_ZERO, S3_1_Checksum.class, "*", List.of("CK-.*ZERO")},
            {
                Flaw.STOPS_AT_UNKNOWN_OPTION,
                S3_2_Options.class,
                "mss-too-large",
                List.of("OP-02-5", "OP-03-[0-9].*", "OP-05-.*")
            },
            {
                Flaw.NEEDS_ALIGNED_OPTIONS,
                S3_2_Options.class,
                "mss-too-large",
                List.of("OP-02-[1-5]", "OP-03-[0-9]*-LENGTH-[23]", "OP-05-.*(EXID-32|NO-EXID)")
            },
            {Flaw.READS_BEHIND_END, S3_2_Options.class, "mss-too-large", List.of("OP-12-(MSS|NOP-MSS)")},
            {
                Flaw.IGNORES_MSS,
                S3_7_1_Mss.class,
                "mss-too-large",
                List.of("MS-01-(?!1460).*", "MS-03", "MS-06-.*", "MS-07-.*")
            },
            {Flaw.OPTIONS_BEYOND_MSS, S3_7_1_Mss.class, "mss-too-large", List.of("MS-0[67]-.*")},
            {
                Flaw.IGNORES_SHIFT,
                S2_WindowScale.class,
                "window-not-scaled",
                List.of("WS-03-[1-9].*", "WS-04-.*", "WS-08-[0-9].*")
            },
            {Flaw.SHIFTS_ABOVE_14, S2_WindowScale.class, "beyond-window", List.of("WS-04-.*")},
            {Flaw.NO_PAWS, S5_Paws.class, "*", List.of("PW-01-.*", "PW-06-.*", "PW-07.*", "PW-13")},
            {Flaw.ACKS_OLD_TWICE, S5_Paws.class, "*", List.of("PW-08", "PW-15")},
            {Flaw.ECHOES_ANY_TIMESTAMP, S3_Timestamps.class, "wrong-demand", List.of("TS-11", "TS-12", "TS-13")},
            {Flaw.TAKES_MISSING_TIMESTAMPS, S3_Timestamps.class, "answered", List.of("TS-07", "TS-08-.*")},
            {Flaw.ONE_CLOCK, S3_Timestamps.class, "one-offset", List.of("TS-15")},
            {
                Flaw.NEWEST_BLOCK_LAST,
                S4_Sack.class,
                "wrong-demand",
                List.of("SK-03", "SK-04-.*", "SK-06", "SK-07", "SK-18")
            },
            {Flaw.BLOCK_EDGE_OFF_BY_ONE, S4_DuplicateSegments.class, "wrong-demand", List.of("SK-.*")},
            {
                Flaw.DROPS_OUT_OF_ORDER,
                S3_10_7_4_Reassembly.class,
                "wrong-ack",
                List.of("OO-03", "OO-04-(?!12345).*", "OO-05-0-(1[0-9]|3[0-9])", "OO-05-HELD-.*", "OO-06", "OO-08")
            },
        };
    }

    @Test(dataProvider = "flaws")
    public void flawFailsItsCasesAlone(Flaw flaw, Class<?> type, String code, List<String> failing) {
        try (Bench bench = Bench.open()) {
            bench.stack().with(flaw).supporting(MiniStack.Feature.values());
            List<CaseDescriptor> cases = Runs.cases(type, EnumSet.of(Family.IPV4)).stream()
                    .filter(c -> Stream.of(c.annotation().tags()).noneMatch("long"::equals))
                    .toList();
            Map<String, CaseResult> results = Runs.run(bench, cases);
            results.forEach((id, result) -> {
                boolean fails = failing.stream().anyMatch(p -> id.matches(p + "-v4"));
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
