package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.Network;
import org.tcpconform.peer.Surroundings;
import org.tcpconform.target.Timing;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Which verdict follows from several attempts, and when another attempt is needed. */
public class DecideTest {
    /**
     * S: passed, where nothing came; R: passed once it was asked again; A: not applicable; B: the same, told by a silence; F:
     * a wrong field; H: the same, where an answer was lost; G: another wrong field; N: no answer; L: no sign of life; W: a
     * network too slow.
     */
    private static List<Attempt> attempts(String letters, Timing timing) {
        Surroundings around = new Surroundings(null, null, null, 0, null, new Network(timing));
        List<Attempt> attempts = new ArrayList<>();
        for (char letter : letters.toCharArray()) {
            CaseLog log = new CaseLog(around, new Random(1));
            attempts.add(
                    switch (letter) {
                        case 'P' -> attempt(log, Verdict.PASS, null);
                        case 'S' -> {
                            log.absence();
                            yield attempt(log, Verdict.PASS, null);
                        }
                        case 'R' -> {
                            log.expecting();
                            log.sentAgain(true);
                            yield attempt(log, Verdict.PASS, null);
                        }
                        case 'F' -> attempt(log, Verdict.FAIL, "wrong-ack");
                        case 'H' -> {
                            log.expecting();
                            log.sentAgain(true);
                            yield attempt(log, Verdict.FAIL, "wrong-ack");
                        }
                        case 'G' -> attempt(log, Verdict.FAIL, "wrong-seq");
                        case 'N' -> attempt(log, Verdict.FAIL, "no-answer");
                        case 'L' -> attempt(log, Verdict.FAIL, "no-sign-of-life");
                        case 'I' -> attempt(log, Verdict.INCONCLUSIVE, "preamble");
                        case 'W' -> attempt(log, Verdict.INCONCLUSIVE, "slow-network");
                        case 'B' -> {
                            log.absence();
                            yield attempt(log, Verdict.NOT_APPLICABLE, "not-offered");
                        }
                        case 'A' -> attempt(log, Verdict.NOT_APPLICABLE, "not-offered");
                        default -> attempt(log, Verdict.ERROR, "harness-fault");
                    });
        }
        return attempts;
    }

    private static Attempt attempt(CaseLog log, Verdict verdict, String code) {
        return new Attempt(log, verdict, code == null ? null : Failure.of(code, "a " + code));
    }

    private static final Timing QUIET = new Timing(Duration.ofMillis(1));
    private static final Timing LOSES = new Timing(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO, 9);
    private static final Timing RESTLESS =
            new Timing(Duration.ofMillis(60), Duration.ofMillis(20), Duration.ofMillis(30), 0);

    @DataProvider
    public static Object[][] decisions() {
        return new Object[][] {
            {"P", "PASS", null},
            {"S", "PASS", null},
            {"A", "NOT_APPLICABLE", "not-offered"},
            // where the SYN may have been lost that nothing answered
            {"B", null, null},
            {"BB", "NOT_APPLICABLE", "not-offered"},
            {"BP", "PASS", null},
            {"BFF", "FAIL", "wrong-ack"},
            {"E", "ERROR", "harness-fault"},
            {"F", null, null},
            {"N", null, null},
            {"I", null, null},
            // a failure that is confirmed
            {"FF", "FAIL", "wrong-ack"},
            {"FPF", "FAIL", "wrong-ack"},
            {"FIF", "FAIL", "wrong-ack"},
            {"FGF", "FAIL", "wrong-ack"},
            {"IFF", "FAIL", "wrong-ack"},
            {"NFF", "FAIL", "wrong-ack"},
            // a failure that is not
            {"FP", null, null},
            {"FI", null, null},
            {"FG", null, null},
            {"FPP", "INCONCLUSIVE", "not-reproducible"},
            {"FPI", "INCONCLUSIVE", "not-reproducible"},
            {"FII", null, null},
            {"FIIII", "INCONCLUSIVE", "not-reproducible"},
            {"FPG", "INCONCLUSIVE", "not-reproducible"},
            {"PF", null, null},
            {"FE", "ERROR", "harness-fault"},
            {"FA", "NOT_APPLICABLE", "not-offered"},
            // what did not come may have been lost
            {"NN", null, null},
            {"NNN", null, null},
            {"NNNN", "FAIL", "no-answer"},
            // a probe is sent several times within an attempt
            {"LL", "FAIL", "no-sign-of-life"},
            {"NP", null, null},
            {"NPN", "INCONCLUSIVE", "not-reproducible"},
            {"NNP", "INCONCLUSIVE", "not-reproducible"},
            {"NNNP", "INCONCLUSIVE", "not-reproducible"},
            {"NNI", null, null},
            {"NNINN", "FAIL", "no-answer"},
            {"NNIIN", "INCONCLUSIVE", "not-reproducible"},
            {"NNIP", "INCONCLUSIVE", "not-reproducible"},
            {"NLNP", "INCONCLUSIVE", "not-reproducible"},
            {"NNFP", "INCONCLUSIVE", "not-reproducible"},
            {"NNFI", null, null},
            // always, though not always alike
            {"NLN", null, null},
            {"NNF", null, null},
            {"NNFN", "FAIL", "no-answer"},
            {"FNGN", "FAIL", "wrong-ack"},
            {"NLNF", "FAIL", "wrong-ack"},
            // what could not be judged
            {"II", null, null},
            {"III", "INCONCLUSIVE", "preamble"},
            {"IP", "PASS", null},
            {"IIP", "PASS", null},
            {"IIF", null, null},
            {"IIFF", "FAIL", "wrong-ack"},
        };
    }

    @Test(dataProvider = "decisions")
    public void decides(String attempts, String verdict, String code) {
        check(attempts, QUIET, verdict, code);
    }

    @DataProvider
    public static Object[][] decisionsOnBadNetworks() {
        return new Object[][] {
            {"A", LOSES, null, null},
            {"AAAAA", LOSES, "NOT_APPLICABLE", "not-offered"},
            {"AFA", LOSES, null, null},
            {"AP", LOSES, "PASS", null},
            {"E", LOSES, "ERROR", "harness-fault"},
            // a right answer is not the network's doing; a silence may be
            {"P", LOSES, "PASS", null},
            {"S", LOSES, null, null},
            {"SSSS", LOSES, null, null},
            {"SSSSS", LOSES, "PASS", null},
            {"S", RESTLESS, "PASS", null},
            // each answer must come once at least to what was sent once
            {"R", LOSES, null, null},
            {"RP", LOSES, "PASS", null},
            {"RRRRRRRRRRR", LOSES, null, null},
            {"RRRRRRRRRRRR", LOSES, "INCONCLUSIVE", "not-reproducible"},
            // more must pass than fail
            {"FP", LOSES, null, null},
            {"FPP", LOSES, "PASS", null},
            {"FP", RESTLESS, null, null},
            {"FFPPP", RESTLESS, "PASS", null},
            {"FSSSSS", LOSES, null, null},
            {"FSSSSSS", LOSES, "PASS", null},
            // many must fail alike, and none pass
            {"FFFF", RESTLESS, null, null},
            {"FFFFF", RESTLESS, "FAIL", "wrong-ack"},
            {"FFFFF", LOSES, "FAIL", "wrong-ack"},
            {"FFFPFF", LOSES, null, null},
            {"FNIFGFFF", LOSES, "FAIL", "wrong-ack"},
            // two of them without a loss: what is sent again may draw another answer
            {"HHHHF", LOSES, null, null},
            {"HHHFF", LOSES, "FAIL", "wrong-ack"},
            {"HHFHHHHF", LOSES, "FAIL", "wrong-ack"},
            {"HHFHHHHHHHHH", LOSES, "INCONCLUSIVE", "not-reproducible"},
            {"NNNNN", RESTLESS, "FAIL", "no-answer"},
            {"NNNNN", LOSES, null, null},
            {"NNNNNN", LOSES, "FAIL", "no-answer"},
            {"NNNP", LOSES, "PASS", null},
            // a silence among many answers may be one that was lost
            {"SFFFFF", LOSES, null, null},
            {"SFFFFFFF", LOSES, "FAIL", "wrong-ack"},
            {"SSFFFFFFF", LOSES, null, null},
            {"SSFFFFFFFFF", LOSES, "FAIL", "wrong-ack"},
            {"SFSFSFSFSFSF", LOSES, "INCONCLUSIVE", "not-reproducible"},
            {"FPFFFFFFFFFF", LOSES, "INCONCLUSIVE", "not-reproducible"},
            // what could not be judged
            {"IIII", LOSES, null, null},
            {"IIIII", LOSES, "INCONCLUSIVE", "preamble"},
            {"IIIIP", LOSES, "PASS", null},
            {"IIIIF", LOSES, null, null},
            // what no other attempt will judge
            {"W", RESTLESS, "INCONCLUSIVE", "slow-network"},
            {"IW", RESTLESS, "INCONCLUSIVE", "slow-network"},
            {"WI", RESTLESS, null, null},
            {"FW", RESTLESS, null, null},
        };
    }

    @Test(dataProvider = "decisionsOnBadNetworks")
    public void decidesOnBadNetworks(String attempts, Timing timing, String verdict, String code) {
        check(attempts, timing, verdict, code);
    }

    private static void check(String attempts, Timing timing, String verdict, String code) {
        Attempt decided = Decision.of(attempts(attempts, timing));
        if (verdict == null) {
            assertThat(decided).as("another attempt is needed").isNull();
            return;
        }
        assertThat(decided.verdict()).hasToString(verdict);
        assertThat(decided.failure() == null ? null : decided.failure().code()).isEqualTo(code);
        long failed = Arrays.stream(attempts.split(""))
                .filter(a -> "FGHNL".contains(a))
                .count();
        long lost = attempts.chars().filter(a -> a == 'H').count();
        if ("not-reproducible".equals(code) && failed > 0) {
            assertThat(decided.failure().summary())
                    .startsWith("failed in " + failed + " of " + attempts.length() + " attempts"
                            + (lost > 0 ? ", of which " + lost + " lost an answer" : "") + ": a ");
        }
    }
}
