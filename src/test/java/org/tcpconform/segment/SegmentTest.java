package org.tcpconform.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.tcpconform.segment.Segment.Difference;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class SegmentTest {
    private static int value(Variable variable) {
        return switch (variable) {
            case SND_NXT -> 500;
            case RCV_NXT -> 0xffff_ffff;
            case RCV_WND -> 100;
            default -> 0;
        };
    }

    private static WireSegment wire(Segment template) {
        return template.resolve(SegmentTest::value, 20_000, 7, List.of(new Option.Mss(1_460)), 1_000);
    }

    private static List<String> differences(Segment expected, Segment actual) {
        return expected.differences(wire(actual), SegmentTest::value).stream()
                .map(Objects::toString)
                .toList();
    }

    // ---- sending: unset is the usual value, set is exact

    @Test
    public void unsetIsTheUsualValue() {
        WireSegment s = wire(Segment.ack());
        assertThat(s.sourcePort()).isEqualTo(20_000);
        assertThat(s.destinationPort()).isEqualTo(7);
        assertThat(s.seq()).as("what the target expects next").isEqualTo(0xffff_ffff);
        assertThat(s.ack()).as("all that the target has sent").isEqualTo(500);
        assertThat(s.dataOffset()).isEqualTo(6);
        assertThat(s.reserved()).isZero();
        assertThat(s.window()).isEqualTo(1_000);
        assertThat(s.checksum()).isEqualTo(-1);
        assertThat(s.urgentPointer()).isZero();
        assertThat(s.options()).containsExactly(new Option.Mss(1_460));
        assertThat(s.payload()).isEmpty();
        assertThat(wire(Segment.syn()).ack()).as("no ACK, no number").isZero();
    }

    @Test
    public void setIsTakenExactlyEvenWhereItIsWrong() {
        WireSegment s = wire(Segment.syn()
                .seq(Seq.at(1))
                .ack(Seq.at(2))
                .window(3)
                .urgentPointer(4)
                .dataOffset(15)
                .reserved(6)
                .checksum(7)
                .payload(8)
                .options()
                .sourcePort(9)
                .destinationPort(10));
        assertThat(s.seq()).isEqualTo(1);
        assertThat(s.ack()).as("set without ACK").isEqualTo(2);
        assertThat(s.window()).isEqualTo(3);
        assertThat(s.urgentPointer()).isEqualTo(4);
        assertThat(s.dataOffset()).isEqualTo(15);
        assertThat(s.reserved()).isEqualTo(6);
        assertThat(s.checksum()).isEqualTo(7);
        assertThat(s.payload()).hasSize(8);
        assertThat(s.options()).isEmpty();
        assertThat(s.sourcePort()).isEqualTo(9);
        assertThat(s.destinationPort()).isEqualTo(10);
    }

    @Test
    public void lengthCountsSynAndFin() {
        assertThat(wire(Segment.segment(Flag.SYN, Flag.FIN).payload(7)).length())
                .isEqualTo(9);
        assertThat(wire(Segment.data(3)).end()).as("modulo 2^32").isEqualTo(2);
    }

    @Test
    public void templatesDoNotChange() {
        Segment template = Segment.ack();
        template.seq(Seq.ZERO).plus(Flag.FIN).payload(3);
        assertThat(template).isEqualTo(Segment.ack());
        byte[] data = {1, 2, 3};
        Segment copied = template.payload(data);
        data[0] = 9;
        assertThat(wire(copied).payload()).containsExactly(1, 2, 3);
    }

    // ---- expecting: unset is any, set is exact, and each difference is told

    @Test
    public void unsetMeetsAny() {
        assertThat(differences(
                        Segment.ack(), Segment.data(9).window(5).seq(Seq.at(77)).reserved(3)))
                .isEmpty();
    }

    @DataProvider
    public static Object[][] differing() {
        return new Object[][] {
            {Segment.rst(), Segment.rstAck(), "flags: expected RST, came RST,ACK"},
            {Segment.segment(), Segment.ack(), "flags: expected none, came ACK"},
            {Segment.ack(), Segment.ack().plus(Flag.ECE), "flags: expected ACK, came ECE,ACK"},
            {
                Segment.ack().seq(Seq.SND_NXT),
                Segment.ack().seq(Seq.at(501)),
                "SEQ: expected SND.NXT = 500 (0x1f4), came 501 (0x1f5) (off by 1)"
            },
            {
                Segment.ack().ack(Seq.RCV_NXT.plus(1)),
                Segment.ack().ack(Seq.at(-1)),
                "ACK: expected RCV.NXT+1 = 0 (0x0), came 4294967295 (0xffffffff) (off by -1)"
            },
            {
                Segment.ack().seq(Seq.SND_NXT),
                Segment.ack().seq(Seq.at(0x7fff_ffff)),
                "SEQ: expected SND.NXT = 500 (0x1f4), came 2147483647 (0x7fffffff)"
            },
            {Segment.ack().window(0), Segment.ack().window(16), "window: expected 0 (0x0), came 16 (0x10)"},
            {Segment.ack().urgentPointer(1), Segment.ack(), "urgent pointer: expected 1 (0x1), came 0 (0x0)"},
            {Segment.ack().reserved(0), Segment.ack().reserved(8), "reserved bits: expected 0 (0x0), came 8 (0x8)"},
            {Segment.ack().dataOffset(6), Segment.ack().options(), "data offset: expected 6 (0x6), came 5 (0x5)"},
            {Segment.ack().noData(), Segment.ack().payload(2), "data: expected 0 octets, came 2 octets"},
            {
                Segment.ack().payload(2),
                Segment.ack().payload(new byte[2]),
                "data: expected the same octets, came other octets"
            },
            {Segment.ack().options(), Segment.ack(), "options: expected [], came [mss 1460]"},
        };
    }

    @Test(dataProvider = "differing")
    public void differenceIsTold(Segment expected, Segment actual, String difference) {
        assertThat(differences(expected, actual)).containsExactly(difference);
    }

    @Test
    public void unmetDemandIsTold() {
        Segment expected = Segment.ack()
                .with(Option.Timestamps.class)
                .without(Option.Mss.class)
                .where("is empty", s -> s.payload().length == 0);
        assertThat(expected.differences(wire(Segment.ack()), SegmentTest::value))
                .extracting(Difference::expected)
                .containsExactly("has Timestamps", "has no Mss");
    }

    @Test
    public void allDifferencesAreTold() {
        assertThat(Segment.rst().seq(Seq.ZERO).window(0).differences(wire(Segment.ack()), SegmentTest::value))
                .extracting(Difference::field)
                .containsExactly("flags", "SEQ", "window");
    }

    @Test
    public void pushIsNoDifferenceAndOthersMayBeIgnored() {
        assertThat(differences(Segment.ack().payload(1), Segment.data(1))).isEmpty();
        assertThat(differences(Segment.data(1), Segment.ack().payload(1))).isEmpty();
        assertThat(differences(Segment.rst().ignoring(Flag.ACK), Segment.rstAck()))
                .isEmpty();
        assertThat(differences(Segment.ack().ignoring(Flag.FIN), Segment.finAck()))
                .isEmpty();
    }

    @Test
    public void acknowledgmentWithoutAckMeansNothing() {
        Segment expected = Segment.rst().ignoring(Flag.ACK).ack(Seq.at(5));
        assertThat(differences(expected, Segment.rst().ack(Seq.at(6)))).isEmpty();
        assertThat(differences(expected, Segment.rstAck().ack(Seq.at(6)))).hasSize(1);
    }

    // ---- as text, and equality

    @Test
    public void textIsThatOfTheRfc() {
        assertThat(Segment.rstAck().seq(Seq.ZERO).ack(Seq.SEG_SEQ.plus(Seq.SEG_LEN)))
                .hasToString("<SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>");
        assertThat(Segment.segment()).hasToString("<CTL=none>");
        assertThat(Segment.data(3).window(5).options(new Option.Nop()).where("is odd", s -> true))
                .hasToString("<CTL=PSH,ACK><WND=5> with 3 octets of data options [nop], is odd");
    }

    @Test
    public void equalTemplatesHaveEqualFields() {
        assertThat(Segment.data(3)).isEqualTo(Segment.data(3)).hasSameHashCodeAs(Segment.data(3));
        assertThat(Segment.data(3)).isNotEqualTo(Segment.ack().plus(Flag.PSH).payload(new byte[3]));
        assertThat(Segment.ack().checksum(1)).isNotEqualTo(Segment.ack().checksum(2));
        assertThat(Segment.ack().checksumOffBy(1)).isNotEqualTo(Segment.ack().checksumOffBy(2));
        assertThat(Segment.ack().sourcePort(1)).isNotEqualTo(Segment.ack().sourcePort(2));
        assertThat(Segment.ack().seq(Seq.ISS)).isEqualTo(Segment.ack().seq(Seq.ISS.plus(0)));
    }
}
