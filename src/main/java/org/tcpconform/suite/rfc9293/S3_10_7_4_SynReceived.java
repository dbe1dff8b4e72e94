package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Flag.ACK;
import static org.tcpconform.segment.Flag.FIN;
import static org.tcpconform.segment.Flag.PSH;
import static org.tcpconform.segment.Flag.URG;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.segment;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.SND_NXT;

import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.verdict.NotApplicable;
import org.testng.annotations.Test;

/**
 * RFC 9293, 3.10.7.4: a segment arrives in SYN-RECEIVED, which the target reached from LISTEN. What lies at the edges of
 * the window and of the ACK field is in the table {@code segment-arrives.md}; here is what lies beside them.
 */
public class S3_10_7_4_SynReceived {
    /** The answer to what is not acceptable, and the challenge ACK of RFC 5961. */
    private static final Segment EMPTY_ACK = ack().seq(SND_NXT).ack(RCV_NXT).noData();
    /** An acknowledgment, too, and what most stacks answer instead while their SYN is not acknowledged. */
    private static final Segment SYN_ACK_AGAIN = synAck().seq(ISS).ack(RCV_NXT);
    /** The second number beyond the window. */
    private static final Seq BEYOND = RCV_NXT.plus(RCV_WND).plus(1);

    /** The target is in SYN-RECEIVED, with a window whose edges can be told apart. */
    private static void open(Peer peer) {
        peer.reach(TcpState.SYN_RECEIVED);
        int window = peer.value(RCV_WND);
        if (window < 2) {
            throw new NotApplicable("the SYN,ACK offers a window of " + window + ", which has no inside");
        }
    }

    @Test
    @Case(
            id = "SR-02",
            title = "refuses an ACK of ISS+100000 with RST of SEQ SEG.ACK, without ACK, and stays in SYN-RECEIVED",
            observes = true,
            tags = {"syn-received", "handshake"})
    @Requirement({"RFC9293-3.10.7.4-SR-2", "RFC9293-3.5.2-3"})
    public void farAcknowledgmentIsRefused(Peer peer) {
        open(peer);
        peer.send(ack().ack(ISS.plus(100_000)));
        // the test of RFC 5961, 5.2 comes before the one of the state
        Answer answer = peer.expect(rst().seq(SEG_ACK), EMPTY_ACK);
        if (answer.choice() == 1) {
            peer.observed("the range of the ACK field is tested first, as RFC 5961, 5.2 permits");
        }
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "SR-05",
            title = "returns silently to LISTEN on a RST of SEQ RCV.NXT+1, or challenges it and stays in SYN-RECEIVED",
            observes = true,
            tags = {"syn-received", "reset"})
    @Requirement({"RFC9293-3.10.7.4-7", "RFC9293-3.5.3-1"})
    public void resetNextToLeftEdge(Peer peer) {
        open(peer);
        peer.send(rst().seq(RCV_NXT.plus(1)));
        if (peer.expectOrSilence(EMPTY_ACK).isPresent()) {
            peer.observed("a RST in the window, not at RCV.NXT, is challenged (RFC 5961, 3.2)");
            peer.prove(TcpState.SYN_RECEIVED);
        } else {
            peer.observed("a RST anywhere in the window ends SYN-RECEIVED (without RFC 5961)");
            peer.prove(TcpState.LISTEN);
        }
    }

    @Test
    @Case(
            id = "SR-06",
            title = "drops a RST of SEQ RCV.NXT+RCV.WND+1 silently, and the handshake completes",
            tags = {"syn-received", "reset"})
    @Requirement({"RFC9293-3.10.7.4-2", "RFC9293-3.5.3-1", "RFC9293-3.4-3"})
    public void resetBeyondTheWindowIsDropped(Peer peer) {
        open(peer);
        peer.send(rst().seq(BEYOND));
        peer.expectSilence();
        peer.prove(TcpState.SYN_RECEIVED);
    }

    /** A segment to send. */
    record Probe(String id, String what, Segment segment) implements Row {}

    static List<Probe> outside() {
        return List.of(
                new Probe("10", "a SYN of SEQ IRS-1", syn().seq(IRS.minus(1))),
                new Probe("12", "an ACK of SEQ RCV.NXT+RCV.WND+1", ack().seq(BEYOND)));
    }

    @Test
    @Case(
            id = "SR",
            title = "answers {} with an ACK (or its SYN,ACK again), drops it and stays in SYN-RECEIVED",
            rows = "outside",
            observes = true,
            tags = "syn-received")
    @Requirement("RFC9293-3.10.7.4-1")
    public void outsideTheWindow(Peer peer, Probe probe) {
        open(peer);
        peer.send(probe.segment());
        Answer answer = peer.expectBeforeTimer(EMPTY_ACK, SYN_ACK_AGAIN);
        if (answer.choice() == 1) {
            peer.observed("the SYN,ACK is sent again instead of an ACK");
        }
        // in ESTABLISHED an ACK of the ISS would be an old one and not refused
        peer.send(ack().ack(ISS));
        peer.expect(rst().seq(SEG_ACK).ignoring(ACK));
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "SR-15",
            title = "drops FIN,PSH,URG without ACK silently in SYN-RECEIVED, and the handshake completes",
            tags = "syn-received")
    @Requirement("RFC9293-3.10.7.4-16")
    public void manyFlagsWithoutAckAreDropped(Peer peer) {
        open(peer);
        peer.send(segment(FIN, PSH, URG).seq(RCV_NXT));
        peer.expectSilence();
        peer.prove(TcpState.SYN_RECEIVED);
        // a FIN that was taken in would have passed for the first octet; it cannot pass for a second
        peer.prove(TcpState.ESTABLISHED);
    }
}
