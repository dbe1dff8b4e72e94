package org.tcpconform.suite.rfc7323;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.requirement.Stimulus.DISCARD;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.suite.rfc7323.Windows.fills;

import java.util.List;
import java.util.Optional;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.target.Profile.Choice;
import org.testng.annotations.Test;

/** RFC 7323, 2: the Window Scale option, and what a scaled window means. */
public class S2_WindowScale {
    private static final Option NOP = new Option.Nop();
    private static final Option MSS = new Option.Mss(Peer.MSS);

    private static int open(Peer peer, int shift) {
        Answer synAck = peer.openTo(MSS, NOP, new Option.WindowScale(shift));
        return peer.negotiated(synAck, Option.WindowScale.class, Feature.WINDOW_SCALE)
                .shift();
    }

    /** A shift that we offer, and a window field. */
    record Scale(String id, int shift, int field) implements Row {
        static Scale of(int shift, int field) {
            return new Scale(shift + "-WINDOW-" + field, shift, field);
        }

        int scaled() {
            return field << Math.min(shift, 14);
        }

        @Override
        public String what() {
            return field + " shifted by " + shift;
        }
    }

    static List<Scale> scales() {
        return List.of(
                Scale.of(0, 3_000),
                Scale.of(1, 1_500),
                Scale.of(7, 12),
                Scale.of(7, 40),
                Scale.of(7, 512),
                Scale.of(13, 1),
                Scale.of(14, 1));
    }

    @Test
    @Case(
            id = "WS-03",
            title = "scales the windows that it is offered: fills, and never exceeds, a window of {}",
            needs = BULK,
            rows = "scales",
            tags = {"options", "bulk", "window-scale"})
    @Requirement({"RFC7323-2.3-4", "RFC7323-2.3-3", "RFC7323-2.4-4", "RFC5681-2-1"})
    public void windowIsScaled(Peer peer, Scale scale) {
        open(peer, scale.shift());
        fills(peer, ack(), scale.field(), scale.scaled());
    }

    static List<Scale> tooLarge() {
        return List.of(Scale.of(15, 1), Scale.of(16, 1), Scale.of(255, 1));
    }

    @Test
    @Case(
            id = "WS-04",
            title = "takes a shift above 14 for 14: does not exceed a window of {} as such",
            needs = BULK,
            rows = "tooLarge",
            tags = {"options", "bulk", "window-scale"})
    @Requirement({"RFC7323-2.3-6", "RFC7323-2.4-4"})
    public void shiftIsLimited(Peer peer, Scale scale) {
        open(peer, scale.shift());
        fills(peer, ack(), scale.field(), scale.scaled());
    }

    @Test
    @Case(
            id = "WS-02-UNSCALED",
            title = "does not scale the window of a peer that has not offered to",
            needs = BULK,
            tags = {"options", "bulk", "window-scale"})
    @Requirement({"RFC7323-2.2-3", "RFC5681-2-1"})
    public void windowIsNotScaled(Peer peer) {
        peer.openTo();
        fills(peer, ack(), 3_000, 3_000);
    }

    static List<Scale> late() {
        return List.of(Scale.of(0, 40), Scale.of(9, 40), Scale.of(14, 40));
    }

    @Test
    @Case(
            id = "WS-08",
            title = "ignores Window Scale in segments without SYN: {} does not replace a shift of 7",
            needs = BULK,
            rows = "late",
            tags = {"options", "bulk", "window-scale"})
    @Requirement({"RFC7323-2.2-5", "RFC7323-2.4-4"})
    public void scaleWithoutSyn(Peer peer, Scale late) {
        open(peer, 7);
        Segment acknowledgment = ack().options(NOP, new Option.WindowScale(late.shift()));
        fills(peer, acknowledgment, late.field(), late.field() << 7);
    }

    @Test
    @Case(
            id = "WS-08-NOT-OFFERED",
            title = "ignores Window Scale in a segment without SYN where the SYN had none",
            needs = BULK,
            tags = {"options", "bulk", "window-scale"})
    @Requirement({"RFC7323-2.2-5", "RFC7323-2.2-3"})
    public void scaleWithoutSynNotOffered(Peer peer) {
        peer.openTo();
        fills(peer, ack().options(NOP, new Option.WindowScale(7)), 3_000, 3_000);
    }

    @Test
    @Case(
            id = "WS-12",
            title = "answers Window Scale of shift 0 with Window Scale",
            tags = {"options", "handshake", "window-scale"})
    @Requirement({"RFC7323-2.3-1", "RFC7323-2.2-7"})
    public void shiftOfZeroIsAnswered(Peer peer) {
        peer.observed("window scale " + open(peer, 0));
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "WS-14",
            title = "sends the same Window Scale when it sends its SYN,ACK again",
            tags = {"options", "timer", "handshake", "window-scale"})
    @Requirement("RFC7323-2.3-2")
    public void scaleOfRepeatedSynAck(Peer peer) {
        Answer first = peer.openTo(MSS, NOP, new Option.WindowScale(7));
        Option scale = peer.negotiated(first, Option.WindowScale.class, Feature.WINDOW_SCALE);
        peer.retransmissions(first, 1, synAck().seq(ISS).ack(IRS.plus(1)));
        peer.judge("each SYN,ACK has " + scale, () -> {
            if (peer.received(s -> s.has(Flag.SYN)).stream()
                    .anyMatch(a -> !a.segment().option(Option.WindowScale.class).equals(Optional.of(scale)))) {
                throw peer.broken("wrong-options", "a SYN,ACK that was sent again lacks " + scale);
            }
        });
        peer.prove(TcpState.SYN_RECEIVED);
    }

    static List<BrokenOption> broken() {
        return List.of(
                new BrokenOption("2", 2, "03020101"),
                new BrokenOption("4", 4, "03040707"),
                new BrokenOption("6", 6, "0306070000000101"));
    }

    @Test
    @Case(
            id = "WS-11",
            title = "does not take Window Scale of {} for an offer: its SYN,ACK, if any, has none",
            rows = "broken",
            tags = {"options", "handshake", "window-scale"})
    @Requirement({"RFC9293-MUST-7", "RFC7323-2.2-4"})
    public void wrongLength(Peer peer, BrokenOption broken) {
        broken.isNoOffer(peer, Option.WindowScale.class);
    }

    @Test
    @Case(
            id = "WS-10",
            title = "takes data at the right edge of a window that it offered, though it has got some since",
            needs = DISCARD,
            tags = {"options", "data", "window-scale"})
    @Requirement({"RFC7323-2.4-2", "RFC7323-2.4-3"})
    public void oldWindowIsHonoured(Peer peer) {
        Answer synAck = peer.openTo(MSS, NOP, NOP, new Option.SackPermitted(), NOP, new Option.WindowScale(7));
        peer.negotiated(synAck, Option.WindowScale.class, Feature.WINDOW_SCALE);
        peer.negotiated(synAck, Option.SackPermitted.class, Feature.SACK);
        peer.send(ack());
        // of fewer octets than one unit of the window field
        for (int i = 0; i < 5; i++) {
            peer.send(data(3));
            peer.expectAck(ack().ack(RCV_NXT));
        }
        int last = peer.value(RCV_NXT) + peer.value(RCV_WND) - 1;
        peer.send(data(1).seq(RCV_NXT.plus(RCV_WND).minus(1)));
        peer.expectAck(ack().seq(SND_NXT)
                .ack(RCV_NXT)
                .where(
                        "reports the octet as received",
                        s -> s.option(Option.Sack.class)
                                .filter(sack -> sack.edges().equals(List.of(last, last + 1)))
                                .isPresent()));
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "WS-13",
            title = "sends new data only within the window that it was offered last, open, closed and open again",
            needs = BULK,
            tags = {"options", "bulk", "window-scale"})
    @Requirement({"RFC7323-2.4-4", "RFC7323-2.4-1", "RFC5681-2-1"})
    public void windowCloses(Peer peer) {
        open(peer, 7);
        for (int field : new int[] {8, 4, 0, 6, 1, 0, 8}) {
            // acknowledges all that came, so that no window ends before one before it
            peer.send(ack().window(field));
            peer.expectSilence(ack());
        }
        peer.judge("nothing beyond a window that was offered", () -> {
            int beyond = peer.beyondWindow();
            if (beyond > 1) {
                throw peer.broken(
                        "beyond-window", "the target sent " + beyond + " octets beyond a window that was offered");
            }
        });
        peer.prove(TcpState.ESTABLISHED);
    }

    // ---- the target's own windows

    /** A RST in the window as it is once scaled. */
    record Reset(String id, String what, Seq seq) implements Row {}

    static List<Reset> insideOnceScaled() {
        return List.of(
                new Reset("MIDDLE", "RCV.NXT+1", RCV_NXT.plus(1)),
                new Reset("RIGHT", "RCV.NXT+RCV.WND-1", RCV_NXT.plus(RCV_WND).minus(1)));
    }

    @Test
    @Case(
            id = "RS-22",
            title = "judges a RST of SEQ {} by its window once scaled: challenges it, or ends the connection",
            needs = DISCARD,
            rows = "insideOnceScaled",
            observes = true,
            tags = {"options", "reset", "window-scale"})
    @Requirement({"RFC7323-2.3-5", "RFC9293-3.10.7.4-6"})
    public void resetInTheScaledWindow(Peer peer, Reset reset) {
        openToScaled(peer);
        peer.send(rst().seq(reset.seq()));
        Choice rule = peer.profile().reset();
        boolean challenged = rule == Choice.RFC5961
                || rule == Choice.UNKNOWN && peer.expectOrSilence(CHALLENGE).isPresent();
        if (rule == Choice.RFC5961) {
            peer.expect(CHALLENGE);
        } else if (rule == Choice.RFC793) {
            peer.expectSilence();
        }
        peer.observed(challenged ? "challenges the RST" : "ends the connection");
        peer.prove(challenged ? TcpState.ESTABLISHED : TcpState.CLOSED);
    }

    @Test
    @Case(
            id = "RS-22-BEYOND",
            title = "drops a RST beyond its window once scaled",
            needs = DISCARD,
            tags = {"options", "reset", "window-scale"})
    @Requirement({"RFC7323-2.3-5", "RFC9293-3.10.7.4-2"})
    public void resetBeyondTheScaledWindow(Peer peer) {
        int shift = openToScaled(peer);
        // the window may be larger than what the field can say, by less than one unit (RFC 7323, 2.4)
        peer.send(rst().seq(RCV_NXT.plus(RCV_WND).plus(1L << shift)));
        peer.expectSilence();
        peer.prove(TcpState.ESTABLISHED);
    }

    private static final Segment CHALLENGE = ack().seq(SND_NXT).ack(RCV_NXT).noData();

    /** Opens a connection of which a window has come that is scaled, unlike that of the SYN,ACK. */
    private static int openToScaled(Peer peer) {
        int shift = open(peer, 7);
        peer.send(ack());
        peer.send(data(10));
        peer.expectAck(ack().ack(RCV_NXT));
        return shift;
    }
}
