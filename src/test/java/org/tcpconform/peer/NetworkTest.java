package org.tcpconform.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tcpconform.target.Timing;
import org.testng.annotations.Test;

public class NetworkTest {
    private static List<Duration> micros(int... values) {
        List<Duration> samples = new ArrayList<>();
        for (int value : values) {
            samples.addAll(Collections.nCopies(20, Duration.ofNanos(value * 1_000L)));
        }
        return samples;
    }

    @Test
    public void quietNetworkAsksForNothing() {
        List<Duration> samples = micros(50, 60, 70, 80, 90);
        // a machine that was busy for a moment
        samples.add(Duration.ofMillis(40));
        Network network = new Network(Timing.of(samples, 1));
        assertThat(network.isBad()).isFalse();
        assertThat(network.pace()).isZero();
        assertThat(network.timing().rtt()).isEqualTo(Duration.ofMillis(40));
        assertThat(network.timing().least()).isEqualTo(Duration.ofNanos(50_000));
    }

    @Test
    public void restlessNetworkHasSegmentsWaitForTheLongestRoundTrip() {
        Network network = new Network(Timing.of(micros(20_000, 30_000, 45_000), 0));
        assertThat(network.isRestless()).isTrue();
        assertThat(network.isHarmful()).isFalse();
        assertThat(network.isBad()).isTrue();
        assertThat(network.pace()).isEqualTo(Duration.ofMillis(45));
    }

    @Test
    public void slowTargetOnAPlainLinkIsNoRestlessNetwork() {
        Timing timing = Timing.of(micros(800, 9_000, 30_000), 0).withoutSpread();
        assertThat(new Network(timing).isBad()).isFalse();
        assertThat(timing.rtt()).isEqualTo(Duration.ofMillis(30));
    }

    @Test
    public void farButEvenNetworkHasSegmentsWaitAndIsNotBad() {
        Network network = new Network(Timing.of(micros(100_000, 101_000), 0));
        assertThat(network.isBad()).isFalse();
        assertThat(network.pace()).isEqualTo(Duration.ofMillis(101));
    }

    @Test
    public void harmInTheRunCounts() {
        Network network = new Network(new Timing(Duration.ofMillis(1)));
        network.harmed();
        assertThat(network.isHarmful()).as("an accident").isFalse();
        network.harmed();
        assertThat(network.isHarmful()).isTrue();
        assertThat(network.isRestless()).isFalse();
    }

    @Test
    public void harmThatIsRareInTheRunIsAnAccident() {
        Network network = new Network(new Timing(Duration.ofMillis(1)));
        for (int i = 0; i < 2_000; i++) {
            network.roundTrip(Duration.ofNanos(100_000), Long.MAX_VALUE);
        }
        for (int i = 0; i < 3; i++) {
            network.harmed();
            assertThat(network.isHarmful()).isFalse();
        }
        network.harmed();
        assertThat(network.isHarmful()).isTrue();
        assertThat(new Network(Timing.of(micros(50), 2)).isHarmful())
                .as("before the run")
                .isTrue();
    }

    @Test
    public void queuesThatFillInTheRunMakeWaitsLonger() {
        Network network = new Network(new Timing(Duration.ofMillis(1)));
        for (int i = 0; i < 16; i++) {
            assertThat(network.pace()).isZero();
            // one of them a SYN,ACK that was lost and sent again
            network.roundTrip(Duration.ofMillis(i == 0 ? 1_000 : 60 + i), Long.MAX_VALUE);
        }
        assertThat(network.timing().rtt()).isBetween(Duration.ofMillis(60), Duration.ofMillis(80));
        assertThat(network.pace()).isEqualTo(network.timing().rtt());
    }
}
