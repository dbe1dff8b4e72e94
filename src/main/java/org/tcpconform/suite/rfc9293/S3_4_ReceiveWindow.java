package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.DISCARD;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.SND_UNA;
import static org.tcpconform.suite.rfc2018.Blocks.block;
import static org.tcpconform.suite.rfc9293.Closing.ACK_OF_ALL;

import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Segment;
import org.tcpconform.suite.rfc2018.Blocks;
import org.testng.annotations.Test;

/** RFC 9293, 3.4 and 3.10.7.4, first check: segments across the right edge of the window, and at one that is closed. */
public class S3_4_ReceiveWindow {
    private static final int BEYOND = 10;
    private static final Segment EMPTY_ACK = ack().seq(SND_NXT).ack(RCV_NXT).noData();

    // ---- across the right edge

    @Test
    @Case(
            id = "SQ-09-AHEAD",
            title =
                    "keeps what is within its window of a segment across the right edge, above a gap, or drops all of it",
            needs = DISCARD,
            observes = true,
            tags = {"data", "window"})
    @Requirement({"RFC9293-3.10.7.4-5", "RFC9293-3.4-5"})
    public void acrossTheEdgeAhead(Peer peer) {
        Blocks.establish(peer);
        Blocks blocks = Blocks.from(peer);
        int edge = peer.value(RCV_WND);
        peer.send(data(2 * BEYOND).seq(RCV_NXT.plus(edge - BEYOND)));
        int choice = peer.expectAck(
                        blocks.in(EMPTY_ACK, block(edge - BEYOND, edge)),
                        blocks.in(EMPTY_ACK),
                        blocks.in(EMPTY_ACK, block(edge - BEYOND, edge + BEYOND)))
                .choice();
        peer.observed(
                switch (choice) {
                    case 0 -> "keeps what is within its window";
                    case 1 -> "keeps nothing of a segment that reaches beyond its window";
                    default -> "keeps also what is beyond the window that it has offered";
                });
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "SQ-09",
            segments = UnreadData.SEGMENTS,
            octets = UnreadData.OCTETS,
            title = "takes what is within its window of data across the right edge, or drops all of it with an ACK",
            needs = ECHO,
            observes = true,
            tags = {"data", "window", "unread"})
    @Requirement({"RFC9293-3.10.7.4-5", "RFC9293-3.4-5"})
    public void acrossTheEdge(Peer peer) {
        int at = UnreadData.leave(peer, 500);
        int window = peer.value(RCV_WND);
        byte[] octets = Text.octets(at, at + window + BEYOND);
        // acknowledges no probe: what that leaves room for is read, and the window grows by as much
        peer.send(data(0).payload(octets).seq(RCV_NXT).ack(SND_UNA).window(0));
        Answer answer = peer.expectAck(
                ack().ack(RCV_NXT.plus(window)).noData(),
                EMPTY_ACK,
                ack().ack(RCV_NXT.plus(window + BEYOND)).noData());
        int taken = answer.segment().ack() - peer.value(RCV_NXT);
        peer.observed("of " + octets.length + " octets for a window of " + window + " it takes " + taken);
        peer.advanceTo(RCV_NXT.plus(taken));
        peer.send(ack());
        Text.isSentBack(peer, Text.octets(0, at + taken));
    }

    // ---- a window of zero

    private static final Segment SENDS_ON = ack().ack(RCV_NXT).where("has data", s -> s.payload().length > 1);

    @Test
    @Case(
            id = "SQ-10",
            segments = UnreadData.SEGMENTS,
            octets = UnreadData.OCTETS,
            title = "takes an ACK of SEQ RCV.NXT while its own window is closed: sends into the window that it opens",
            needs = ECHO,
            seconds = 6,
            tags = {"window", "unread", "timer"})
    @Requirement({"RFC9293-3.4-2", "RFC9293-3.10.7.4-4"})
    public void acknowledgmentAtTheClosedWindow(Peer peer) {
        int taken = UnreadData.leave(peer, 0);
        peer.send(ack());
        peer.expectAck(SENDS_ON);
        Text.isSentBack(peer, Text.octets(0, taken));
    }

    @Test
    @Case(
            id = "SQ-10-BEYOND",
            segments = UnreadData.SEGMENTS,
            octets = UnreadData.OCTETS,
            title = "answers an ACK of SEQ RCV.NXT+1 while its window is closed with an ACK, and does not take it",
            needs = ECHO,
            seconds = 6,
            tags = {"window", "unread", "timer"})
    @Requirement({"RFC9293-3.4-2", "RFC9293-3.10.7.4-1"})
    public void acknowledgmentBeyondTheClosedWindow(Peer peer) {
        UnreadData.leave(peer, 0);
        peer.send(ack().seq(RCV_NXT.plus(1)));
        peer.expect(EMPTY_ACK);
        peer.expectSilence(UnreadData.PROBE);
        peer.send(ack());
        peer.expectAck(SENDS_ON);
    }

    /** Something that takes room. */
    record Roomy(String id, String what, Segment segment) implements Row {}

    static List<Roomy> roomy() {
        return List.of(
                new Roomy("OCTET", "an octet", data(1)),
                new Roomy("DATA", "data", data(100)),
                new Roomy("FIN", "a FIN", finAck()));
    }

    @Test
    @Case(
            id = "SQ-11",
            segments = UnreadData.SEGMENTS,
            octets = UnreadData.OCTETS,
            title = "answers {} of SEQ RCV.NXT while its window is closed with an ACK, and does not take it",
            needs = ECHO,
            rows = "roomy",
            seconds = 6,
            tags = {"window", "unread", "timer"})
    @Requirement({"RFC9293-3.4-4", "RFC9293-3.8.6.1-1", "RFC9293-3.10.7.4-1"})
    public void textAtTheClosedWindow(Peer peer, Roomy text) {
        int taken = UnreadData.leave(peer, 0);
        peer.send(text.segment().seq(RCV_NXT).ack(SND_UNA).window(0));
        Answer answer = peer.expect(EMPTY_ACK);
        peer.observed("the ACK has a window of " + answer.segment().window());
        // nothing of it is delivered
        peer.send(ack());
        Text.isSentBack(peer, Text.octets(0, taken));
        peer.send(data(1));
        peer.expectAck(ack().ack(RCV_NXT));
    }

    @Test
    @Case(
            id = "SQ-12",
            segments = UnreadData.SEGMENTS,
            octets = UnreadData.OCTETS,
            title = "obeys a RST of SEQ RCV.NXT while its window is closed",
            needs = ECHO,
            seconds = 6,
            tags = {"window", "unread", "reset", "timer"})
    @Requirement({"RFC9293-MUST-66", "RFC9293-3.10.7.4-4"})
    public void resetAtTheClosedWindow(Peer peer) {
        UnreadData.leave(peer, 0);
        peer.send(rst());
        // one that was on its way already
        peer.expectSilence(UnreadData.TIMED_PROBES);
        peer.prove(TcpState.CLOSED);
    }

    @Test
    @Case(
            id = "SQ-12-BEYOND",
            segments = UnreadData.SEGMENTS,
            octets = UnreadData.OCTETS,
            title = "drops a RST of SEQ RCV.NXT+1 while its window is closed",
            needs = ECHO,
            seconds = 6,
            tags = {"window", "unread", "reset", "timer"})
    @Requirement({"RFC9293-3.10.7.4-2", "RFC9293-3.4-2"})
    public void resetBeyondTheClosedWindow(Peer peer) {
        UnreadData.leave(peer, 0);
        peer.send(rst().seq(RCV_NXT.plus(1)));
        peer.expectSilence(UnreadData.PROBE);
        peer.send(data(1).seq(RCV_NXT.minus(1)).window(0));
        peer.expectAck(ACK_OF_ALL);
    }
}
