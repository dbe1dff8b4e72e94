package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Which verdict follows from several attempts, and when another attempt is needed. */
public class DecideTest {
    /** F: a wrong field; G: another wrong field; N: no answer; L: no sign of life. */
    private static final Map<Character, Attempt> ATTEMPTS = Map.of(
            'P', attempt(Verdict.PASS, null),
            'F', attempt(Verdict.FAIL, "wrong-ack"),
            'G', attempt(Verdict.FAIL, "wrong-seq"),
            'N', attempt(Verdict.FAIL, "no-answer"),
            'L', attempt(Verdict.FAIL, "no-sign-of-life"),
            'I', attempt(Verdict.INCONCLUSIVE, "preamble"),
            'A', attempt(Verdict.NOT_APPLICABLE, "not-offered"),
            'E', attempt(Verdict.ERROR, "harness-fault"));

    private static Attempt attempt(Verdict verdict, String code) {
        CaseLog log = new CaseLog(null, new Random(1));
        return new Attempt(log, verdict, code == null ? null : Failure.of(code, "a " + code));
    }

    @DataProvider
    public static Object[][] decisions() {
        return new Object[][] {
            {"P", "PASS", null},
            {"A", "NOT_APPLICABLE", "not-offered"},
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
            {"FII", "INCONCLUSIVE", "not-reproducible"},
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
            {"NNI", "INCONCLUSIVE", "not-reproducible"},
            {"NLN", "INCONCLUSIVE", "not-reproducible"},
            {"NNF", "INCONCLUSIVE", "not-reproducible"},
            // what could not be judged
            {"II", null, null},
            {"III", "INCONCLUSIVE", "preamble"},
            {"IP", "PASS", null},
            {"IIP", "PASS", null},
            {"IIF", "INCONCLUSIVE", "not-reproducible"},
        };
    }

    @Test(dataProvider = "decisions")
    public void decides(String attempts, String verdict, String code) {
        List<Attempt> list = new ArrayList<>();
        for (char c : attempts.toCharArray()) {
            list.add(ATTEMPTS.get(c));
        }
        Attempt decided = Runner.decide(list);
        if (verdict == null) {
            assertThat(decided).as("another attempt is needed").isNull();
            return;
        }
        assertThat(decided.verdict()).hasToString(verdict);
        assertThat(decided.failure() == null ? null : decided.failure().code()).isEqualTo(code);
        if ("not-reproducible".equals(code)) {
            long failed = Arrays.stream(attempts.split(""))
                    .filter(a -> "FGNL".contains(a))
                    .count();
            assertThat(decided.failure().summary())
                    .startsWith("failed in " + failed + " of " + attempts.length() + " attempts: a ");
        }
    }
}
