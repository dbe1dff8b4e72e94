package org.tcpconform.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class RfcNotationTest {
    @DataProvider
    public static Object[][] segments() {
        return new Object[][] {
            {
                "<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>",
                Segment.ack().seq(Seq.SND_NXT).ack(Seq.RCV_NXT)
            },
            {"<SEQ=SEG.ACK><CTL=RST>", Segment.rst().seq(Seq.SEG_ACK)},
            {
                "<SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>",
                Segment.rstAck().seq(Seq.ZERO).ack(Seq.SEG_SEQ.plus(Seq.SEG_LEN))
            },
            {"<SEQ=ISS><ACK=IRS+1><CTL=SYN,ACK>", Segment.synAck().seq(Seq.ISS).ack(Seq.IRS.plus(1))},
            {"<CTL=URG,ACK><UP=1>", Segment.segment(Flag.URG, Flag.ACK).urgentPointer(1)},
            {"<CTL=none>", Segment.segment()},
        };
    }

    @Test(dataProvider = "segments")
    public void segmentIsRead(String text, Segment segment) {
        assertThat(RfcNotation.segment(text)).isEqualTo(segment);
    }

    @Test
    public void numberIsRead() {
        assertThat(RfcNotation.number("RCV.NXT+RCV.WND-1"))
                .hasToString(Seq.RCV_NXT.plus(Seq.RCV_WND).minus(1).toString());
        assertThat(RfcNotation.number("SND.UNA-1073741824")).hasToString("SND.UNA-1073741824");
        assertThat(RfcNotation.number("RCV.NXT+100").resolve(v -> 7)).isEqualTo(107);
    }

    @DataProvider
    public static Object[][] mistakes() {
        return new Object[][] {
            {"<SEQ=SND.NXT>ACK"}, {"SEQ=SND.NXT"}, {"<LEN=1>"}, {"<CTL=SIN>"}, {"<SEQ=SND.MAX>"}, {"<SEQ=1-RCV.WND>"},
        };
    }

    @Test(dataProvider = "mistakes")
    public void mistakeIsFound(String text) {
        assertThatThrownBy(() -> RfcNotation.segment(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
