package org.tcpconform.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What is done to the octets of a segment last: wrong checksums are wrong, and a made one is right. */
public class FinishTest {
    private static final int ROUNDS = 500;

    @DataProvider
    public static Object[][] mistakes() {
        List<Object[]> rows = new ArrayList<>();
        for (WrongChecksum mistake : WrongChecksum.values()) {
            rows.add(new Object[] {mistake, true});
            rows.add(new Object[] {mistake, false});
        }
        return rows.toArray(Object[][]::new);
    }

    private static void each(boolean v4, Finish finish, int octets, Consumer<Frame.Tcp> demand) {
        Randomly random = new Randomly(v4 ? 4 : 6);
        for (int i = 0; i < ROUNDS; i++) {
            Segment segment = Segment.data(octets)
                    .seq(Seq.at(random.below(Integer.MAX_VALUE)))
                    .options(new Option.Nop(), new Option.Nop(), new Option.Nop(), new Option.Nop());
            WireSegment wire = segment.resolve(v -> 0, 1 + random.below(65_535), 7, List.of(), 1_000);
            byte[] packet = PacketBuilder.build(Ip.between(random.address(v4), random.address(v4)), wire, finish);
            Frame.Tcp tcp = (Frame.Tcp) FrameDecoder.decode(packet, LinkLayer.RAW_IP);
            assertThat(tcp.segment().seq()).isEqualTo(wire.seq());
            assertThat(tcp.segment().optionArea()).containsExactly(wire.optionArea());
            demand.accept(tcp);
        }
    }

    @Test(dataProvider = "mistakes")
    public void mistakeDoesNotVerify(WrongChecksum mistake, boolean v4) {
        assertThat(mistake.spoils()).isTrue();
        each(v4, mistake, 10, tcp -> assertThat(tcp.checksumRight()).isFalse());
        // short of data, so that there is little to leave out
        each(v4, mistake, 0, tcp -> assertThat(tcp.checksumRight()).isFalse());
    }

    @DataProvider
    public static Object[][] families() {
        return new Object[][] {{true}, {false}};
    }

    @Test(dataProvider = "families")
    public void madeChecksumVerifies(boolean v4) {
        for (int value : new int[] {0, 0xffff, 1, 0x8000}) {
            Finish made = new Finish.ChecksumMade(value);
            assertThat(made.spoils()).isFalse();
            each(v4, made, 10, tcp -> {
                assertThat(tcp.checksumRight()).isTrue();
                assertThat(tcp.segment().checksum()).isEqualTo(value);
                assertThat(tcp.segment().payload()).hasSize(10);
            });
        }
    }

    @Test
    public void cutSegmentHasNoHeader() {
        WireSegment wire = Segment.data(3).seq(Seq.at(1)).resolve(v -> 0, 1, 7, List.of(), 1_000);
        Randomly random = new Randomly(1);
        for (int octets = 1; octets < 20; octets++) {
            byte[] packet = PacketBuilder.build(
                    Ip.between(random.address(true), random.address(true)), wire, new Finish.Cut(octets));
            assertThat(packet).hasSize(20 + octets);
            assertThat(FrameDecoder.decode(packet, LinkLayer.RAW_IP)).isInstanceOf(Frame.Other.class);
        }
    }

    @Test
    public void onlySpoiltSegmentsAreOutOfOrder() {
        assertThat(Segment.ack().finish(WrongChecksum.ZERO).setsChecksum()).isTrue();
        assertThat(Segment.ack().checksumOffBy(1).setsChecksum()).isTrue();
        assertThat(Segment.data(2).finish(new Finish.ChecksumMade(0)).setsChecksum())
                .isFalse();
    }
}
