package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.tcpconform.requirement.Family;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.suite.rfc9293.S3_10_7_1_Closed;
import org.tcpconform.suite.rfc9293.S3_10_7_4_Fin;
import org.tcpconform.suite.rfc9293.S3_10_7_4_Text;
import org.tcpconform.suite.rfc9293.S3_1_EverySegment;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.Flaw;
import org.tcpconform.testkit.Frames;
import org.tcpconform.testkit.MiniStack;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What a target breaks in any segment of any case is told, once for the whole run. */
public class EverySegmentTest {
    private static final List<CaseDescriptor> OTHERS = Stream.of(
                    Runs.cases(S3_10_7_1_Closed.class, EnumSet.of(Family.IPV4), "CL-0*"),
                    Runs.cases(S3_10_7_4_Text.class, EnumSet.of(Family.IPV4), "DT-01*", "DT-13"),
                    Runs.cases(S3_10_7_4_Fin.class, EnumSet.of(Family.IPV4), "FN-0*", "FN-17*"))
            .flatMap(List::stream)
            .toList();
    private static final List<CaseDescriptor> WHOLE_RUN = Runs.cases(S3_1_EverySegment.class, EnumSet.of(Family.IPV4));

    private static Map<String, CaseResult> run(Bench bench, List<CaseDescriptor> chosen) {
        return Runs.byId(Runs.runner(bench, bench.target(), 1, Runs.JOBS).run("test", chosen, WHOLE_RUN));
    }

    private static Map<String, CaseResult> run(Bench bench) {
        return run(bench, Stream.concat(OTHERS.stream(), WHOLE_RUN.stream()).toList());
    }

    /** The flaw, the case of the whole run that it fails, and the verdict of the others that it meets. */
    @DataProvider(parallel = true)
    public static Object[][] flaws() {
        return new Object[][] {
            {Flaw.FOURTH_CHECKSUM_WRONG, "CK-08-RUN-v4", "bad-checksum"},
            {Flaw.RST_WITH_WRONG_CHECKSUM, "CK-08-RUN-v4", "bad-checksum"},
            {Flaw.RST_WITH_WRONG_IP_CHECKSUM, "CK-08-IP-RUN-v4", "bad-ip-checksum"},
            {Flaw.RST_WITH_RESERVED_BIT, "HD-03-RUN-v4", "reserved-bits"},
            {Flaw.GARBAGE_BEHIND_END, "OP-13-RUN-v4", "bad-padding"},
            {Flaw.OPTION_BEYOND_HEADER, "OP-21-RUN-v4", "bad-header"},
            {Flaw.RST_WITH_OFFSET_BEYOND, "OP-21-RUN-v4", "bad-header"},
        };
    }

    @Test(dataProvider = "flaws")
    public void breachFailsOneCaseOfTheWholeRunAlone(Flaw flaw, String failing, String code) {
        try (Bench bench = Bench.open()) {
            bench.stack().with(flaw);
            Map<String, CaseResult> results = run(bench);
            assertThat(results.values().stream()
                            .filter(r -> r.verdict() == Verdict.FAIL)
                            .map(CaseResult::id))
                    .as("%s", Runs.notPassed(results))
                    .containsExactly(failing);
            CaseResult failed = results.get(failing);
            assertThat(failed.failure().code()).isEqualTo(code);
            assertThat(failed.failure().text()).contains("  cases:    ", "  came:     ", "-v4: > ");
            // what is damaged is no answer: then the rule of the case was not judged
            assertThat(results.values().stream()
                            .filter(r -> r.verdict() == Verdict.INCONCLUSIVE)
                            .map(r -> r.failure().code()))
                    .isSubsetOf("damaged-answer", "preamble");
            assertThat(results.values().stream().flatMap(r -> r.remarks().stream()))
                    .anyMatch(remark -> remark.contains("judged over the whole run"));
        }
    }

    @Test
    public void breachIsToldAlsoWhereNobodyAsked() {
        try (Bench bench = Bench.open()) {
            bench.stack().with(Flaw.RST_WITH_RESERVED_BIT);
            Map<String, CaseResult> results = run(bench, OTHERS);
            assertThat(results).hasSize(OTHERS.size() + 1);
            assertThat(results.get("HD-03-RUN-v4").verdict()).isEqualTo(Verdict.FAIL);
        }
    }

    @Test
    public void targetThatKeepsTheRulesPasses() {
        try (Bench bench = Bench.open()) {
            bench.stack().supporting(MiniStack.Feature.values());
            Map<String, CaseResult> results = run(bench);
            assertThat(Runs.notPassed(results)).isEmpty();
            assertThat(results.get("CK-08-RUN-v4").remarks())
                    .singleElement()
                    .asString()
                    .matches("all \\d\\d+ segments that the target sent in " + OTHERS.size() + " cases");
            assertThat(run(bench, OTHERS)).hasSize(OTHERS.size());
        }
    }

    @Test
    public void withoutAnySegmentNothingIsJudged() {
        try (Bench bench = Bench.open()) {
            assertThat(run(bench, WHOLE_RUN).values())
                    .allMatch(r -> r.verdict() == Verdict.INCONCLUSIVE
                            && r.failure().code().equals("nothing-seen"));
        }
    }

    private static Map<String, CaseResult> changing(UnaryOperator<WireSegment> change) {
        try (Bench bench = Bench.open()) {
            bench.stack().sending(change);
            return run(bench);
        }
    }

    @Test
    public void whatTheNetworkDamagesFailsNothing() {
        AtomicInteger resets = new AtomicInteger();
        Map<String, CaseResult> results =
                changing(s -> s.has(Flag.RST) && resets.incrementAndGet() == 5 ? Frames.withChecksum(s, 0x1234) : s);
        assertThat(results.get("CK-08-RUN-v4").failure().code()).isEqualTo("not-reproducible");
        assertThat(results.values().stream().filter(r -> r.verdict() != Verdict.PASS))
                .extracting(CaseResult::id)
                .containsExactly("CK-08-RUN-v4");
    }

    /** Captured before the network interface has completed the sum, or merged out of several after it. */
    @Test
    public void checksumLeftToHardwareFailsNothing() {
        Map<String, CaseResult> results = changing(s ->
                s.payload().length > 0 ? Frames.withChecksum(s, pseudoHeader(20 + s.payload().length)) : s);
        assertThat(results.get("CK-08-RUN-v4").failure().code()).isEqualTo("checksum-offload");
        assertThat(results.values()).noneMatch(r -> r.verdict() == Verdict.FAIL);
    }

    private static int pseudoHeader(int length) {
        ByteBuffer in = ByteBuffer.allocate(12)
                .put(Bench.TARGET_IPV4.getAddress())
                .put(Bench.OUR_IPV4.getAddress())
                .putShort((short) 6)
                .putShort((short) length)
                .flip();
        int sum = 0;
        while (in.hasRemaining()) {
            sum += in.getShort() & 0xffff;
        }
        return (sum & 0xffff) + (sum >> 16);
    }
}
