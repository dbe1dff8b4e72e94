package org.tcpconform.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.WireSegment;
import org.testng.annotations.Test;

public class TimesTest {
    private static final int TARGET_PORT = 9;

    @Test
    public void quantilesAreValuesThatCame() {
        Times times =
                Times.of(IntStream.rangeClosed(1, 200).asDoubleStream().boxed().toList());
        assertThat(times.quantile(0)).isEqualTo(1);
        assertThat(times.median()).isEqualTo(100);
        assertThat(times.quantile(0.99)).isEqualTo(198);
        assertThat(times.quantile(1)).isEqualTo(200);
        assertThat(Times.of(List.of()).median()).isNaN();
    }

    @Test
    public void reactionIsFromTheTargetsLastSegmentToOurNext() {
        Times times = Times.reactions(List.of(
                sent(0, 1, Flag.SYN),
                came(100_000, 1, Flag.SYN, Flag.ACK),
                // another connection in between changes nothing
                sent(110_000, 2, Flag.SYN),
                sent(130_000, 1, Flag.ACK),
                // nothing came before this one
                sent(140_000, 1, Flag.ACK, Flag.PSH),
                came(150_000, 1, Flag.ACK),
                came(160_000, 1, Flag.ACK),
                sent(180_000, 1, Flag.ACK, Flag.PSH),
                came(200_000, 1, Flag.ACK),
                sent(900_000, 1, Flag.RST)));
        assertThat(times.sorted()).containsExactly(20, 30);
    }

    private static Judge.Seen sent(long nanos, int connection, Flag... flags) {
        return new Judge.Seen(nanos, true, tcp(connection, TARGET_PORT, flags));
    }

    private static Judge.Seen came(long nanos, int connection, Flag... flags) {
        return new Judge.Seen(nanos, false, tcp(TARGET_PORT, connection, flags));
    }

    private static Frame.Tcp tcp(int from, int to, Flag... flags) {
        InetAddress any = InetAddress.getLoopbackAddress();
        WireSegment segment =
                new WireSegment(from, to, 0, 0, 5, 0, Flag.bits(flags), 0, 0, 0, new byte[0], new byte[0]);
        return new Frame.Tcp(any, any, 64, 0, 0, true, new byte[0], segment, true, true);
    }
}
