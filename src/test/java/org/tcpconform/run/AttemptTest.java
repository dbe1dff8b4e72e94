package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.tcpconform.peer.Network;
import org.tcpconform.target.Timing;
import org.tcpconform.verdict.Failure;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Which failures a network may have brought about, so that they count nowhere. */
public class AttemptTest {
    private static final Timing QUIET = new Timing(Duration.ofMillis(1));
    private static final Timing LOSES = new Timing(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO, 9);
    private static final Timing OVERTAKES =
            new Timing(Duration.ofMillis(60), Duration.ofMillis(20), Duration.ofMillis(30), 0);
    private static final Timing BOTH =
            new Timing(Duration.ofMillis(60), Duration.ofMillis(20), Duration.ofMillis(30), 9);

    private static final Timing DOUBLES_ALL =
            new Timing(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO, 120);

    @DataProvider
    public static Object[][] failures() {
        return new Object[][] {
            // code, where segments are only lost, where they overtake one another
            {"wrong-ack", false, false},
            {"no-answer", false, false},
            {"answered", false, true},
            {"wrong-data", false, true},
            {"ack-went-back", false, true},
            {"no-back-off", false, true},
            {"beyond-window", false, true},
            {"too-little", true, true},
            {"stretch-ack", true, true},
            {"late-ack", true, true},
            {"wrong-echo", false, false},
            {"later-echo", true, true},
            {"ack-division", true, true},
            {"acknowledged-data-sent-again", true, true},
            {"transmit-without-news", true, true},
            {"no-limited-transmit", true, true},
            {"too-many-acks", true, true},
        };
    }

    @Test(dataProvider = "failures")
    public void isOfTheNetwork(String code, boolean lost, boolean overtaken) {
        assertThat(isOfTheNetwork(QUIET, code)).isFalse();
        assertThat(isOfTheNetwork(LOSES, code)).isEqualTo(lost);
        assertThat(isOfTheNetwork(OVERTAKES, code)).isEqualTo(overtaken);
        assertThat(isOfTheNetwork(BOTH, code)).isEqualTo(overtaken);
        assertThat(isOfTheNetwork(DOUBLES_ALL, code)).isTrue();
    }

    private static boolean isOfTheNetwork(Timing timing, String code) {
        return Attempt.isOfTheNetwork(new Network(timing), Failure.of(code, "a " + code));
    }
}
