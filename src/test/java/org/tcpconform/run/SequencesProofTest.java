package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Feature;
import org.tcpconform.suite.rfc1337.S3_Assassination;
import org.tcpconform.suite.rfc2018.S4_Sack;
import org.tcpconform.suite.rfc3042.S2_LimitedTransmit;
import org.tcpconform.suite.rfc5681.S3_1_SlowStart;
import org.tcpconform.suite.rfc5961.S3_BlindReset;
import org.tcpconform.suite.rfc5961.S4_BlindSyn;
import org.tcpconform.suite.rfc5961.S5_BlindData;
import org.tcpconform.suite.rfc5961.S7_Throttling;
import org.tcpconform.suite.rfc6191.S2_TimeWait;
import org.tcpconform.suite.rfc7323.S2_WindowScale;
import org.tcpconform.suite.rfc7323.S3_Timestamps;
import org.tcpconform.suite.rfc9293.S3_10_7_4_Acknowledgment;
import org.tcpconform.suite.rfc9293.S3_10_7_4_Fin;
import org.tcpconform.suite.rfc9293.S3_10_7_4_Reassembly;
import org.tcpconform.suite.rfc9293.S3_10_7_4_Text;
import org.tcpconform.suite.rfc9293.S3_4_ReceiveWindow;
import org.tcpconform.suite.rfc9293.S3_5_1_Restart;
import org.tcpconform.suite.rfc9293.S3_5_3_Reset;
import org.tcpconform.suite.rfc9293.S3_6_1_TimeWait;
import org.tcpconform.suite.rfc9293.S3_6_Closing;
import org.tcpconform.suite.rfc9293.S3_8_6_3_DelayedAck;
import org.tcpconform.target.Presence;
import org.tcpconform.target.Profile;
import org.tcpconform.target.Target;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.Flaw;
import org.tcpconform.testkit.MiniStack;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Cases of several segments pass on a target that keeps the rules, those with timers too, and a broken rule fails its own. */
public class SequencesProofTest {
    private static final List<Class<?>> CLASSES = List.of(
            S3_Assassination.class,
            S4_Sack.class,
            S2_LimitedTransmit.class,
            S3_1_SlowStart.class,
            S3_BlindReset.class,
            S4_BlindSyn.class,
            S5_BlindData.class,
            S7_Throttling.class,
            S2_TimeWait.class,
            S2_WindowScale.class,
            S3_Timestamps.class,
            S3_10_7_4_Acknowledgment.class,
            S3_10_7_4_Fin.class,
            S3_10_7_4_Reassembly.class,
            S3_10_7_4_Text.class,
            S3_4_ReceiveWindow.class,
            S3_5_1_Restart.class,
            S3_5_3_Reset.class,
            S3_6_1_TimeWait.class,
            S3_6_Closing.class,
            S3_8_6_3_DelayedAck.class);

    private static final String[] CASES = {
        "AK-*", "DT-04*", "DT-19*", "FN-05*", "FN-14*", "FN-41*", "OO-08*", "RS-*", "SK-13*", "SK-19*", "SK-20*",
        "SQ-*", "SY-*", "TS-18*", "TW-*"
    };

    /** Of those above the ones that fit {@code match}. */
    private static List<CaseDescriptor> cases(Set<Family> families, String match) {
        Set<String> chosen =
                all(families, match).stream().map(CaseDescriptor::id).collect(Collectors.toSet());
        return all(families, CASES).stream()
                .filter(c -> chosen.contains(c.id()))
                .toList();
    }

    private static List<CaseDescriptor> all(Set<Family> families, String... match) {
        return CLASSES.stream()
                .flatMap(c -> Runs.cases(c, families, match).stream())
                .toList();
    }

    private static Map<String, CaseResult> run(MiniStack.Profile profile, List<CaseDescriptor> cases, Flaw... flaws) {
        boolean challenges = profile == MiniStack.Profile.RFC5961;
        Presence presence = challenges ? Presence.PRESENT : Presence.ABSENT;
        try (Bench bench = Bench.open()) {
            bench.stack().profile(profile).with(flaws).supporting(MiniStack.Feature.values());
            Target target = bench.target()
                    .withFeatures(
                            Map.of(Feature.BLIND_RESET, presence, Feature.BLIND_DATA, presence),
                            Profile.named(challenges ? "P5961D" : "P793"));
            return Runs.byId(Runs.runner(bench, target, 1, Runs.JOBS).run("test", cases));
        }
    }

    @Test
    public void targetThatChallengesPasses() {
        Map<String, CaseResult> results = run(MiniStack.Profile.RFC5961, all(EnumSet.allOf(Family.class), CASES));
        assertThat(Runs.notPassed(results)).isEmpty();
    }

    @Test
    public void targetThatResetsPasses() {
        Map<String, CaseResult> results = run(MiniStack.Profile.RFC793, all(EnumSet.of(Family.IPV4), CASES));
        assertThat(results.values())
                .as("%s", Runs.notPassed(results))
                .allSatisfy(r -> assertThat(r.verdict())
                        .as(r.id())
                        .isEqualTo(
                                r.requirements().get(0).startsWith("RFC5961-")
                                        ? Verdict.NOT_APPLICABLE
                                        : Verdict.PASS));
    }

    /** The flaw, which cases are run, the code of the failures ({@code *} for any), and patterns of those that fail. */
    @DataProvider(parallel = true)
    public static Object[][] flaws() {
        return new Object[][] {
            {Flaw.NUMBERS_DO_NOT_WRAP, "SQ-14*", "*", List.of("SQ-14-WRAP-(INSIDE|GAP)")},
            {Flaw.DROPS_FRAGMENTS, "DT-19*", "no-answer", List.of("DT-19")},
            {Flaw.ACKS_EVERY_TENTH, "DT-04", "stretch-ack", List.of("DT-04")},
            {Flaw.ACK_OFF_BY_ONE, "SQ-15", "wrong-ack", List.of("SQ-15")},
            {Flaw.IGNORES_RST_WITH_DATA, "RS-*", "wrong-state", List.of("RS-07-.*")},
            {Flaw.SYN_BEFORE_RST, "RS-*", "answered", List.of("RS-09-(FIN-WAIT-2-|CLOSE-WAIT-)?(SYN.*|ALL)")},
            {Flaw.TAKES_ANY_RST, "RS-*", "wrong-state", List.of("RS-.*(OUTSIDE|EDGE|BEYOND).*")},
            {
                Flaw.IGNORES_RST,
                "RS-*",
                "*",
                List.of("RS-0.-(?!OUTSIDE-[A-Z]|EDGE).*", "RS-06", "RS-19", "RS-20", "RS-22-(MIDDLE|RIGHT)")
            },
            {Flaw.IGNORES_RST, "SY-*", "wrong-flags", List.of("SY-13.*")},
            {
                Flaw.NO_CHALLENGE_ACK,
                "SY-*",
                "no-answer",
                List.of("SY-1[12].*", "SY-13-CHALLENGE-(LEFT|MIDDLE)", "SY-15-INSIDE")
            },
            {Flaw.ANSWERS_TWICE, "SQ-23*", "too-many-acks", List.of("SQ-23-.*")},
            {Flaw.NO_DUPLICATE_ACK, "SQ-23*", "no-answer", List.of("SQ-23-.*")},
            {Flaw.TAKES_ANY_WINDOW, "AK-*", "answered", List.of("AK-09-.*")},
            {Flaw.NO_WINDOW_UPDATE, "AK-*", "wrong-demand", List.of("AK-09-.*", "AK-10-.*")},
            {Flaw.SENDS_BY_FUTURE_ACK, "AK-*", "answered", List.of("AK-09-FUTURE", "AK-20")},
            {Flaw.TAKES_FUTURE_ACK, "AK-*", "*", List.of("AK-09-FUTURE", "AK-20")},
            {Flaw.LARGEST_WINDOW_NOT_SCALED, "AK-*", "wrong-ack", List.of("AK-05-SCALED")},
            {Flaw.RESENDS_ACKNOWLEDGED, "AK-*", "acknowledged-data-sent-again", List.of("AK-06-.*")},
            {Flaw.NO_RETRANSMISSION, "AK-*", "no-answer", List.of("AK-06-.*")},
            {Flaw.DEAF_AT_CLOSED_WINDOW, "SQ-1*", "*", List.of("SQ-10.*", "SQ-11-.*", "SQ-12")},
            {Flaw.TAKES_TEXT_AT_CLOSED_WINDOW, "SQ-1*", "wrong-ack", List.of("SQ-11-.*")},
            {Flaw.CLOSE_DROPS_QUEUE, "FN-*", "*", List.of("FN-05.*", "FN-14", "FN-41")},
            {Flaw.NO_RETRANSMISSION, "FN-*", "no-answer", List.of("FN-14")},
            {Flaw.NO_ACK_OF_FIN, "SQ-25", "no-answer", List.of("SQ-25")},
            {Flaw.NO_RETRANSMISSION, "SK-*", "no-answer", List.of("SK-13-.*", "SK-20")},
            {Flaw.RESENDS_ACKNOWLEDGED, "SK-20", "acknowledged-data-sent-again", List.of("SK-20")},
            {Flaw.NO_LIMITED_TRANSMIT, "SK-19*", "no-limited-transmit", List.of("SK-19")},
            {Flaw.COUNTS_ACKS, "AK-*", "ack-division", List.of("AK-19")},
            {Flaw.LIMITED_TRANSMIT_WITHOUT_NEWS, "SK-19*", "transmit-without-news", List.of("SK-19-NO-NEWS")},
            {
                Flaw.REOPENS_ON_ANY_SYN,
                "TW-*",
                "wrong-flags",
                List.of("TW-02-.*", "TW-05-(SAME|BELOW|.*-BELOW)", "TW-06-(SAME|BELOW)")
            },
            {Flaw.NEVER_REOPENS, "TW-*", "no-answer", List.of(HONOURED)},
            {Flaw.REOPENS_BELOW, "TW-*", "wrong-demand", List.of(HONOURED, "TW-08-SYN-FIN", "TW-11.*")},
            {Flaw.REOPENS_BY_SEQ_ALONE, "TW-*", "no-answer", List.of("TW-03-.*(SAME|BELOW)", "TW-07-BELOW")},
            {Flaw.SYN_FIN_ENDS_TIME_WAIT, "TW-*", "unexpected-reset", List.of("TW-08-SYN-FIN")},
            {Flaw.IGNORES_CHECKSUM, "TW-*", "answered", List.of("TW-13-CHECKSUM")},
        };
    }

    private static final String HONOURED = "TW-0(1|3|4|7)-.*|TW-06-FAR";

    @Test(dataProvider = "flaws")
    public void brokenRuleFailsItsCases(Flaw flaw, String chosen, String code, List<String> failing) {
        List<CaseDescriptor> cases = cases(EnumSet.of(Family.IPV4), chosen);
        Map<String, CaseResult> results = run(MiniStack.Profile.RFC5961, cases, flaw);
        results.values().stream()
                .filter(r -> r.verdict() == Verdict.FAIL)
                .forEach(r -> assertThat(r.failure().code())
                        .as("%s %s", flaw, r.id())
                        .isEqualTo(code.equals("*") ? r.failure().code() : code));
        assertThat(ids(results, r -> r.verdict() == Verdict.FAIL))
                .as("%s %s", flaw, Runs.notPassed(results))
                .isEqualTo(ids(results, r -> failing.stream().anyMatch(p -> r.id().matches("(" + p + ")-v4"))));
    }

    /** Who acknowledges a probe sends news, with which every target takes the window. */
    @Test
    public void windowUpdateIsNoneWhereItAcknowledgesAProbe() {
        Map<String, CaseResult> results = run(
                MiniStack.Profile.RFC5961,
                cases(EnumSet.of(Family.IPV4), "AK-10*"),
                Flaw.NO_WINDOW_UPDATE,
                Flaw.PROBES_AT_ONCE);
        assertThat(results.values())
                .isNotEmpty()
                .allSatisfy(r -> assertThat(r.verdict()).as(r.id()).isEqualTo(Verdict.FAIL));
        results = run(MiniStack.Profile.RFC5961, cases(EnumSet.of(Family.IPV4), "AK-*"), Flaw.PROBES_AT_ONCE);
        assertThat(Runs.notPassed(results)).isEmpty();
    }

    private static Set<String> ids(Map<String, CaseResult> results, Predicate<CaseResult> which) {
        return results.values().stream()
                .filter(which)
                .map(CaseResult::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
