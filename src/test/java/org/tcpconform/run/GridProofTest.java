package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Feature;
import org.tcpconform.suite.rfc9293.S3_10_7_4_SegmentArrives;
import org.tcpconform.target.Presence;
import org.tcpconform.target.Profile;
import org.tcpconform.target.Target;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.Flaw;
import org.tcpconform.testkit.MiniStack;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** All cells of SEGMENT ARRIVES pass on a target that keeps the rules, and a broken rule fails its own. */
public class GridProofTest {
    private static final Class<?> CASES = S3_10_7_4_SegmentArrives.class;
    /** What a cell does over one version of IP it does over the other. */
    private static final Set<Family> IPV4 = EnumSet.of(Family.IPV4);

    /** Nearly all that a cell does is to wait. */
    private static final int JOBS = 128;

    @DataProvider
    public static Object[][] profiles() {
        return new Object[][] {
            {MiniStack.Profile.RFC5961, "P5961D"},
            {MiniStack.Profile.RFC793, "P793"},
            {MiniStack.Profile.RFC5961, "P9293"},
        };
    }

    @Test(dataProvider = "profiles")
    public void conformingTargetPasses(MiniStack.Profile profile, String demanded) {
        Map<String, CaseResult> results = run(profile, Profile.named(demanded), Runs.cases(CASES, IPV4));
        assertThat(results).hasSizeGreaterThan(980);
        assertThat(results.values())
                .as("%s", Runs.notPassed(results))
                .allSatisfy(r -> assertThat(r.verdict())
                        .as(r.id())
                        .isEqualTo(
                                demanded.equals("P793") && r.requirements().contains("RFC5961-5.2-2")
                                        ? Verdict.NOT_APPLICABLE
                                        : Verdict.PASS));
    }

    private static Map<String, CaseResult> run(
            MiniStack.Profile profile, Profile demanded, List<CaseDescriptor> cases, Flaw... flaws) {
        try (Bench bench = Bench.open()) {
            bench.stack().profile(profile).with(flaws);
            Target target = bench.target()
                    .withFeatures(
                            Map.of(Feature.BLIND_DATA, demanded.dataCheck(), Feature.BLIND_RESET, Presence.UNKNOWN),
                            demanded);
            return Runs.byId(Runs.runner(bench, target, 1, JOBS).run("test", cases));
        }
    }

    private static final String[] IN_WINDOW = {"LEFT", "MIDDLE", "RIGHT"};
    private static final String[] OUTSIDE = {"LEFT-1", "RIGHT+1"};

    /** Ids without the state: each event at each SEQ and each ACK. */
    private static Set<String> each(List<String> events, String[] seqs, String... acks) {
        return events.stream()
                .flatMap(event -> Stream.of(seqs).map(seq -> event + "-" + seq))
                .flatMap(
                        id -> acks.length == 0 ? Stream.of(id) : Stream.of(acks).map(ack -> id + "-" + ack))
                .collect(Collectors.toSet());
    }

    private static Set<String> both(Set<String> one, Set<String> other) {
        return Stream.concat(one.stream(), other.stream()).collect(Collectors.toSet());
    }

    /** The flaw, which cells are run, and those of them that fail; the others pass. */
    @DataProvider(parallel = true)
    public static Object[][] flaws() {
        String[] allAcks = {"OLD", "UNA-1", "UNA", "NXT", "NXT+1"};
        return new Object[][] {
            {
                Flaw.ESTABLISHES_BY_ACK_OF_ISS,
                "SEG-SYN-RECEIVED-*-UNA",
                each(List.of("ACK", "ACK-DATA", "URG", "FIN-ACK"), IN_WINDOW, "UNA")
            },
            {
                Flaw.ESTABLISHES_OUTSIDE_WINDOW,
                "SEG-SYN-RECEIVED-*-NXT",
                each(List.of("SYN-ACK", "ACK", "ACK-DATA", "URG", "FIN-ACK"), OUTSIDE, "NXT")
            },
            {Flaw.DEFERS_ACCEPT, "SEG-SYN-RECEIVED-*-LEFT-NXT", Set.of("ACK-LEFT-NXT")},
            {
                Flaw.DROPS_SYN_IN_WINDOW,
                "SEG-SYN-RECEIVED-SYN-*",
                both(each(List.of("SYN"), IN_WINDOW), each(List.of("SYN-ACK"), IN_WINDOW, allAcks))
            },
            {
                Flaw.NO_RST,
                "SEG-SYN-RECEIVED-ACK-*",
                each(List.of("ACK", "ACK-DATA"), IN_WINDOW, "OLD", "UNA-1", "UNA", "NXT+1")
            },
            {
                Flaw.IGNORES_RST,
                "SEG-SYN-RECEIVED-RST-*",
                both(each(List.of("RST"), IN_WINDOW), each(List.of("RST-ACK"), IN_WINDOW, allAcks))
            },
            {
                Flaw.TAKES_ANY_RST,
                "SEG-SYN-RECEIVED-RST-*",
                both(each(List.of("RST"), OUTSIDE), each(List.of("RST-ACK"), OUTSIDE, allAcks))
            },
            {Flaw.NO_DUPLICATE_ACK, "SEG-SYN-RECEIVED-SYN-LEFT*", Set.of("SYN-LEFT-1")},
            {Flaw.TAKES_TEXT_WITHOUT_ACK, "SEG-SYN-RECEIVED-DATA-*", Set.of("DATA-LEFT")},
            {Flaw.TAKES_TEXT_WITHOUT_ACK, "SEG-SYN-RECEIVED-FIN-LEFT", Set.of("FIN-LEFT")},
            {
                Flaw.ACK_OFF_BY_ONE,
                "SEG-SYN-RECEIVED-*-LEFT-NXT",
                Set.of("ACK-LEFT-NXT", "ACK-DATA-LEFT-NXT", "URG-LEFT-NXT", "FIN-ACK-LEFT-NXT")
            },
            {
                Flaw.NO_DUPLICATE_ACK,
                "SEG-CLOSE-WAIT-*-LEFT-1*",
                Set.of(
                        "SYN-LEFT-1",
                        "SYN-ACK-LEFT-1-NXT",
                        "SYN-ACK-LEFT-1-NXT+1",
                        "ACK-LEFT-1-OLD",
                        "ACK-LEFT-1-UNA-1",
                        "ACK-LEFT-1-UNA",
                        "ACK-LEFT-1-NXT+1",
                        "ACK-DATA-LEFT-1-OLD",
                        "ACK-DATA-LEFT-1-UNA-1",
                        "ACK-DATA-LEFT-1-UNA",
                        "ACK-DATA-LEFT-1-NXT+1",
                        "URG-LEFT-1-UNA",
                        "FIN-ACK-LEFT-1-OLD",
                        "FIN-ACK-LEFT-1-UNA-1",
                        "FIN-ACK-LEFT-1-UNA",
                        "FIN-ACK-LEFT-1-NXT+1",
                        "FIN-LEFT-1",
                        "DATA-LEFT-1",
                        // what is dropped in silence before it cannot be told: RST-LEFT-1, for one, is masked
                        "NONE-LEFT-1")
            },
            {
                Flaw.RESETS_ON_UNACCEPTABLE,
                "SEG-ESTABLISHED-FIN-*",
                Set.of(
                        "FIN-LEFT-1",
                        "FIN-RIGHT+1",
                        "FIN-ACK-LEFT-1-OLD",
                        "FIN-ACK-LEFT-1-UNA-1",
                        "FIN-ACK-LEFT-1-UNA",
                        "FIN-ACK-LEFT-1-NXT+1",
                        "FIN-ACK-RIGHT+1-OLD",
                        "FIN-ACK-RIGHT+1-UNA-1",
                        "FIN-ACK-RIGHT+1-UNA",
                        "FIN-ACK-RIGHT+1-NXT+1",
                        // the proofs of these states probe with old data
                        "FIN-LEFT",
                        "FIN-MIDDLE",
                        "FIN-RIGHT",
                        "FIN-ACK-LEFT-OLD",
                        "FIN-ACK-LEFT-UNA-1",
                        "FIN-ACK-LEFT-UNA",
                        "FIN-ACK-LEFT-NXT+1",
                        "FIN-ACK-MIDDLE-OLD",
                        "FIN-ACK-MIDDLE-UNA-1",
                        "FIN-ACK-MIDDLE-UNA",
                        "FIN-ACK-MIDDLE-NXT+1",
                        "FIN-ACK-RIGHT-OLD",
                        "FIN-ACK-RIGHT-UNA-1",
                        "FIN-ACK-RIGHT-UNA",
                        "FIN-ACK-RIGHT-NXT+1")
            },
            {
                Flaw.TAKES_ANY_RST,
                "SEG-FIN-WAIT-2-RST-*",
                Set.of(
                        "RST-LEFT-1",
                        "RST-RIGHT+1",
                        "RST-ACK-LEFT-1-NXT",
                        "RST-ACK-LEFT-1-NXT+1",
                        "RST-ACK-RIGHT+1-NXT",
                        "RST-ACK-RIGHT+1-NXT+1")
            },
            {
                Flaw.IGNORES_RST,
                "SEG-LAST-ACK-RST-*",
                Set.of(
                        "RST-LEFT",
                        "RST-MIDDLE",
                        "RST-RIGHT",
                        "RST-ACK-LEFT-NXT",
                        "RST-ACK-LEFT-NXT+1",
                        "RST-ACK-MIDDLE-NXT",
                        "RST-ACK-MIDDLE-NXT+1",
                        "RST-ACK-RIGHT-NXT",
                        "RST-ACK-RIGHT-NXT+1")
            },
            {
                Flaw.NO_CHALLENGE_ACK,
                "SEG-CLOSING-SYN-*",
                Set.of(
                        "SYN-LEFT",
                        "SYN-MIDDLE",
                        "SYN-RIGHT",
                        "SYN-ACK-LEFT-NXT",
                        "SYN-ACK-LEFT-NXT+1",
                        "SYN-ACK-MIDDLE-NXT",
                        "SYN-ACK-MIDDLE-NXT+1",
                        "SYN-ACK-RIGHT-NXT",
                        "SYN-ACK-RIGHT-NXT+1")
            },
            {Flaw.TAKES_TEXT_WITHOUT_ACK, "SEG-ESTABLISHED-DATA-*", Set.of("DATA-LEFT", "DATA-MIDDLE", "DATA-RIGHT")},
            {Flaw.TAKES_TEXT_WITHOUT_ACK, "SEG-FIN-WAIT-2-FIN-LEFT", Set.of("FIN-LEFT")},
            {
                Flaw.TAKES_FUTURE_ACK,
                "SEG-ESTABLISHED-*-NXT+1",
                Set.of(
                        "ACK-LEFT-NXT+1",
                        "ACK-MIDDLE-NXT+1",
                        "ACK-RIGHT-NXT+1",
                        "ACK-DATA-LEFT-NXT+1",
                        "FIN-ACK-LEFT-NXT+1")
            },
            {Flaw.NO_ACK_OF_DATA, "SEG-FIN-WAIT-2-*-LEFT-UNA", Set.of("ACK-DATA-LEFT-UNA", "URG-LEFT-UNA")},
            {Flaw.ACK_OFF_BY_ONE, "SEG-ESTABLISHED-NONE-*+1", Set.of("NONE-RIGHT+1")},
            {Flaw.NO_ACK_OF_FIN, "SEG-FIN-WAIT-2-FIN-ACK-LEFT-UNA", Set.of("FIN-ACK-LEFT-UNA")},
            {
                Flaw.NO_TIME_WAIT,
                "SEG-CLOSING-ACK-*-NXT",
                Set.of(
                        "ACK-LEFT-NXT",
                        "ACK-MIDDLE-NXT",
                        "ACK-RIGHT-NXT",
                        "ACK-DATA-LEFT-NXT",
                        "ACK-DATA-MIDDLE-NXT",
                        "ACK-DATA-RIGHT-NXT")
            },
            {
                Flaw.NO_RETRANSMISSION,
                "SEG-FIN-WAIT-1-NONE-*",
                Set.of("NONE-LEFT-1", "NONE-LEFT", "NONE-MIDDLE", "NONE-RIGHT", "NONE-RIGHT+1")
            },
        };
    }

    @Test(dataProvider = "flaws")
    public void brokenRuleFailsItsCells(Flaw flaw, String chosen, Set<String> failing) {
        Map<String, CaseResult> results =
                run(MiniStack.Profile.RFC5961, Profile.named("P5961D"), Runs.cases(CASES, IPV4, chosen), flaw);
        Set<String> failed = results.values().stream()
                .filter(r -> r.verdict() == Verdict.FAIL)
                .map(r -> r.id().replaceFirst(
                                "^SEG-(SYN-RECEIVED|ESTABLISHED|FIN-WAIT-[12]|CLOSE-WAIT|CLOSING|LAST-ACK|TIME-WAIT)-",
                                "")
                        .replaceFirst("-v4$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(failed).as("%s", Runs.notPassed(results)).isEqualTo(new TreeSet<>(failing));
    }

    /** A state is told by the answer to what is old; where there is none, it shows all the same that a connection is gone. */
    @Test
    public void whatIsToldByOldSegmentsIsMaskedWhereNoneIsAnswered() {
        Map<String, CaseResult> results = run(
                MiniStack.Profile.RFC5961,
                Profile.named("P5961D"),
                Runs.cases(CASES, IPV4, "SEG-ESTABLISHED-NONE-MIDDLE", "SEG-ESTABLISHED-RST-RIGHT+1"),
                Flaw.NO_DUPLICATE_ACK,
                Flaw.TAKES_ANY_RST,
                Flaw.NO_RST);
        assertThat(results.values())
                .as("%s", Runs.notPassed(results))
                .extracting(r -> r.id() + " " + r.verdict() + " " + r.failure().code())
                .containsExactlyInAnyOrder(
                        "SEG-ESTABLISHED-NONE-MIDDLE-v4 INCONCLUSIVE masked",
                        "SEG-ESTABLISHED-RST-RIGHT+1-v4 FAIL no-sign-of-life");
    }
}
