package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.tcpconform.requirement.Feature;
import org.tcpconform.target.Presence;
import org.tcpconform.target.Profile.Choice;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.MiniStack;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Which of the permitted rule sets a target in memory follows is found. */
public class ProberTest {
    @DataProvider
    public static Object[][] profiles() {
        return new Object[][] {
            {MiniStack.Profile.RFC793, Choice.RFC793, Presence.ABSENT, "P793"},
            {MiniStack.Profile.RFC5961, Choice.RFC5961, Presence.PRESENT, "P5961"},
        };
    }

    @Test(dataProvider = "profiles")
    public void profileIsFound(MiniStack.Profile followed, Choice choice, Presence challenge, String name) {
        try (Bench bench = Bench.open()) {
            bench.stack().profile(followed);
            Prober.Found found = new Prober(bench.station(), bench.target(), 1).probe();
            assertThat(found.profile().reset()).isEqualTo(choice);
            assertThat(found.profile().syn()).isEqualTo(choice);
            assertThat(found.profile().name()).startsWith(name);
            assertThat(found.presence().get(Feature.BLIND_RESET)).isEqualTo(challenge);
            assertThat(found.presence().get(Feature.FAST_OPEN)).isEqualTo(Presence.ABSENT);
        }
    }
}
