package org.tcpconform.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class NotationTest {
    private static final int ISS = 0x8000_0000;
    private static final int IRS = 0xffff_ff00;

    private static int value(Variable variable) {
        return variable == Variable.ISS ? ISS : variable == Variable.IRS ? IRS : 0;
    }

    private static WireSegment segment(int seq, int ack, int flags, int window, int urgent, byte[] area, int data) {
        return new WireSegment(1, 2, seq, ack, 5 + area.length / 4, 0, flags, window, 0, urgent, area, new byte[data]);
    }

    @Test
    public void printed() {
        byte[] area = Option.encode(List.of(new Option.Mss(1_460), new Option.Nop(), new Option.WindowScale(7)));
        assertThat(Notation.print(segment(ISS, IRS + 1, Flag.bits(Flag.SYN, Flag.ACK), 65_535, 0, area, 0), ISS, IRS))
                .isEqualTo("S. 0:0(0) ack 1 win 65535 <mss 1460,nop,wscale 7>");
        assertThat(Notation.print(segment(IRS + 1, 9, Flag.bits(Flag.PSH), 0, 0, new byte[0], 10), IRS, ISS))
                .as("without ACK the acknowledgment number is not shown")
                .isEqualTo("P 1:11(10) win 0");
        assertThat(Notation.print(
                        segment(5, ISS + 3, Flag.bits(Flag.URG, Flag.ACK, Flag.ECE, Flag.CWR), 1, 7, new byte[0], 0),
                        0,
                        ISS))
                .isEqualTo("UEW. 5:5(0) ack 3 win 1 urg 7");
        assertThat(Notation.print(segment(1, 0, 0, 1, 0, new byte[0], 0), 0, 0)).isEqualTo("- 1:1(0) win 1");
        byte[] sack = Option.encode(List.of(new Option.Sack(List.of(IRS + 10, IRS + 20))));
        assertThat(Notation.print(segment(0, IRS + 1, Flag.ACK.bit(), 1, 0, sack, 0), 0, IRS))
                .isEqualTo(". 0:0(0) ack 1 win 1 <sack 10:20,eol>");
    }

    @DataProvider
    public static Object[][] directions() {
        return new Object[][] {{">"}, {"<"}, {""}};
    }

    /** A line that was printed, read again, is met by the segment that it was printed of. */
    @Test(dataProvider = "directions")
    public void printedIsRead(String direction) {
        boolean fromTarget = direction.equals(">");
        int seqBase = fromTarget ? ISS : IRS;
        int ackBase = fromTarget ? IRS : ISS;
        Randomly random = new Randomly(direction.length());
        for (int i = 0; i < 5_000; i++) {
            WireSegment s = random.segment(false);
            // numbers inside SACK blocks are read as they stand, not against a variable
            boolean sack = s.option(Option.Sack.class).isPresent();
            String line = direction + " " + Notation.print(s, seqBase, sack ? 0 : ackBase);
            Segment template = Notation.parse(line);
            int zero = sack ? 0 : ackBase;
            assertThat(template
                            .differences(s, v -> {
                                boolean acks = v == (fromTarget ? Variable.IRS : Variable.ISS);
                                return acks ? zero : value(v);
                            })
                            .stream()
                            // what an octet of data is, and PSH, the notation does not say
                            .filter(d -> !d.expected().equals("the same octets")))
                    .as(line)
                    .isEmpty();
        }
    }

    @Test
    public void whatALineDoesNotSayIsUnset() {
        Segment template = Notation.parse("> S.");
        assertThat(template.setsSeq()).isFalse();
        assertThat(template.setsAck()).isFalse();
        assertThat(template.setsWindow()).isFalse();
        assertThat(template.setsOptions()).isFalse();
        assertThat(Notation.parse("> S. 0:0(0) ack 1 <...>").setsOptions()).isFalse();
        assertThat(Notation.parse("> . 1:1(0) ack 1 <>").setsOptions()).isTrue();
    }

    @Test
    public void numbersCountFromTheSidesOwnSyn() {
        assertThat(Notation.parse("> . 5:5(0) ack 7")).hasToString("<SEQ=ISS+5><ACK=IRS+7><CTL=ACK> without data");
        assertThat(Notation.parse("< . 5:5(0) ack 7")).hasToString("<SEQ=IRS+5><ACK=ISS+7><CTL=ACK> without data");
        assertThat(Notation.parse(". 5:5(0) ack 7")).isEqualTo(Notation.parse("< . 5:5(0) ack 7"));
    }

    @DataProvider
    public static Object[][] broken() {
        return new Object[][] {
            {""},
            {"S. 0:0"},
            {"> X. 0:0(0)"},
            {"S. 0:0(0) ack"},
            {"S. 0:0(0) ack -1"},
            {"S. 0:0(0) win 1 ack 1"},
            {"S. 0:0(0) win 65536"},
            {". 1:1(0) urg 65536"},
            {". 1:11(9)"},
            {". 1:1(99999999999)"},
            {". 1:1(0) win 1 <mss>"},
            {". 1:1(0) win 1 <mss many>"},
            {". 1:1(0) win 1 <wscale>"},
            {". 1:1(0) win 1 <TS val 1>"},
            {". 1:1(0) win 1 <TS val 1 ecr x>"},
            {". 1:1(0) win 1 <sack 1>"},
            {". 1:1(0) win 1 <sack 1:2:3>"},
            {". 1:1(0) win 1 <raw>"},
            {". 1:1(0) win 1 <raw xy>"},
            {". 1:1(0) win 1 <md5>"},
            {". 1:1(0) win 1 <nop"},
            {"> > . 1:1(0)"},
        };
    }

    @Test(dataProvider = "broken")
    public void whatIsNotInTheNotationIsRefused(String line) {
        assertThatThrownBy(() -> Notation.parse(line)).isInstanceOf(IllegalArgumentException.class);
    }
}
