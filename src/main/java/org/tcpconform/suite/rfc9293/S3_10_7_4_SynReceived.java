package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Flag.ACK;
import static org.tcpconform.segment.Flag.FIN;
import static org.tcpconform.segment.Flag.PSH;
import static org.tcpconform.segment.Flag.RST;
import static org.tcpconform.segment.Flag.URG;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.rstAck;
import static org.tcpconform.segment.Segment.segment;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.SEG_SEQ;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.SND_UNA;
import static org.tcpconform.segment.Seq.ZERO;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

/** RFC 9293, 3.10.7.4: a segment arrives in SYN-RECEIVED, which the target reached from LISTEN. */
public class S3_10_7_4_SynReceived {
    /** The answer to what is not acceptable, and the challenge ACK of RFC 5961. */
    private static final Segment EMPTY_ACK = ack().seq(SND_NXT).ack(RCV_NXT).noData();
    /** An acknowledgment, too, and what most stacks answer instead while their SYN is not acknowledged. */
    private static final Segment SYN_ACK_AGAIN = synAck().seq(ISS).ack(RCV_NXT);

    /** A segment to send. */
    record Probe(String id, String what, Segment segment) implements Row {}

    /** The target is in SYN-RECEIVED, with a window whose edges can be told apart. */
    private static void open(Peer peer) {
        peer.reach(TcpState.SYN_RECEIVED);
        int window = peer.value(RCV_WND);
        if (window < 2) {
            throw new NotApplicable("the SYN,ACK offers a window of " + window + ", which has no inside");
        }
    }

    // ---- the ACK field

    static List<Probe> unsentAcknowledgments() {
        return List.of(
                new Probe("ISS+2", "ISS+2", ack().ack(SND_NXT.plus(1))),
                new Probe("ISS+100000", "ISS+100000", ack().ack(ISS.plus(100_000))),
                new Probe("DATA", "ISS+2, with data", data(7).seq(RCV_NXT).ack(SND_NXT.plus(1))));
    }

    static List<Probe> oldAcknowledgments() {
        return List.of(
                new Probe("ISS", "ISS", ack().ack(ISS)),
                new Probe("ISS-1", "ISS-1", ack().ack(ISS.minus(1))),
                new Probe("DATA", "ISS, with data", data(7).seq(RCV_NXT).ack(ISS)));
    }

    @Test
    @Case(
            id = "SR-01",
            title = "refuses an ACK of {} with RST of SEQ SEG.ACK, without ACK, and stays in SYN-RECEIVED",
            rows = "oldAcknowledgments",
            tags = {"syn-received", "handshake"})
    @Requirement({"RFC9293-3.10.7.4-SR-2", "RFC9293-3.5.2-3"})
    public void oldAcknowledgmentIsRefused(Peer peer, Probe probe) {
        open(peer);
        peer.send(probe.segment());
        peer.expect(rst().seq(SEG_ACK));
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "SR-02",
            title = "refuses an ACK of {} with RST of SEQ SEG.ACK, without ACK, and stays in SYN-RECEIVED",
            rows = "unsentAcknowledgments",
            observes = true,
            tags = {"syn-received", "handshake"})
    @Requirement({"RFC9293-3.10.7.4-SR-2", "RFC9293-3.5.2-3"})
    public void unsentAcknowledgmentIsRefused(Peer peer, Probe probe) {
        open(peer);
        peer.send(probe.segment());
        // the test of RFC 5961, 5.2 comes before the one of the state
        Answer answer = peer.expect(rst().seq(SEG_ACK), EMPTY_ACK);
        if (answer.choice() == 1) {
            peer.observed("the range of the ACK field is tested first, as RFC 5961, 5.2 permits");
        }
        peer.prove(TcpState.SYN_RECEIVED);
    }

    // ---- RST

    /** Where in the target's window a reset lies. */
    enum Edge {
        BEFORE("RCV.NXT-1", RCV_NXT.minus(1)),
        LEFT("RCV.NXT", RCV_NXT),
        RIGHT("RCV.NXT+RCV.WND-1", RCV_NXT.plus(RCV_WND).minus(1)),
        BEYOND("RCV.NXT+RCV.WND", RCV_NXT.plus(RCV_WND));

        private final String rfcName;
        private final Seq seq;

        Edge(String rfcName, Seq seq) {
            this.rfcName = rfcName;
            this.seq = seq;
        }
    }

    /** A reset at one of the edges. */
    record Reset(String id, String what, Edge edge, Segment segment) implements Row {}

    private static void isDropped(Peer peer, Segment reset) {
        peer.send(reset);
        peer.expectSilence();
        peer.prove(TcpState.SYN_RECEIVED);
    }

    private static void returnsToListen(Peer peer, Segment reset) {
        peer.send(reset);
        peer.expectSilence();
        peer.prove(TcpState.LISTEN);
    }

    /** In the window, but not at its left edge: RFC 9293 leaves it to the target whether it follows RFC 5961. */
    private static void returnsToListenOrChallenges(Peer peer, Segment reset) {
        peer.send(reset);
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
            id = "SR-03",
            title = "returns silently to LISTEN on a RST of SEQ RCV.NXT",
            tags = {"syn-received", "reset"})
    @Requirement({"RFC9293-3.10.7.4-7", "RFC9293-3.5.3-1"})
    public void resetReturnsToListen(Peer peer) {
        open(peer);
        returnsToListen(peer, rst().seq(RCV_NXT));
    }

    @Test
    @Case(
            id = "SR-04",
            title = "drops a RST of SEQ RCV.NXT-1 silently, and the handshake completes",
            tags = {"syn-received", "reset"})
    @Requirement({"RFC9293-3.10.7.4-2", "RFC9293-3.5.3-1", "RFC9293-3.4-3"})
    public void resetBeforeTheWindowIsDropped(Peer peer) {
        open(peer);
        isDropped(peer, rst().seq(RCV_NXT.minus(1)));
    }

    static List<Probe> resetsInside() {
        return List.of(
                new Probe("INSIDE", "RCV.NXT+1", rst().seq(RCV_NXT.plus(1))),
                new Probe("RIGHT", "RCV.NXT+RCV.WND-1", rst().seq(Edge.RIGHT.seq)));
    }

    @Test
    @Case(
            id = "SR-05",
            title = "returns silently to LISTEN on a RST of SEQ {}, or challenges it and stays in SYN-RECEIVED",
            rows = "resetsInside",
            observes = true,
            tags = {"syn-received", "reset"})
    @Requirement({"RFC9293-3.10.7.4-7", "RFC9293-3.5.3-1"})
    public void resetInsideTheWindow(Peer peer, Probe probe) {
        open(peer);
        returnsToListenOrChallenges(peer, probe.segment());
    }

    static List<Probe> resetsBeyond() {
        return List.of(
                new Probe("BEYOND", "RCV.NXT+RCV.WND", rst().seq(Edge.BEYOND.seq)),
                new Probe("BEYOND+1", "RCV.NXT+RCV.WND+1", rst().seq(Edge.BEYOND.seq.plus(1))));
    }

    @Test
    @Case(
            id = "SR-06",
            title = "drops a RST of SEQ {} silently, and the handshake completes",
            rows = "resetsBeyond",
            tags = {"syn-received", "reset"})
    @Requirement({"RFC9293-3.10.7.4-2", "RFC9293-3.5.3-1", "RFC9293-3.4-3"})
    public void resetBeyondTheWindowIsDropped(Peer peer, Probe probe) {
        open(peer);
        isDropped(peer, probe.segment());
    }

    static List<Reset> resetsWithAck() {
        record Acknowledgment(String rfcName, Seq value) {}
        List<Acknowledgment> acks = List.of(
                new Acknowledgment("ISS-1", SND_UNA.minus(1)),
                new Acknowledgment("ISS", SND_UNA),
                new Acknowledgment("ISS+1", SND_NXT),
                new Acknowledgment("ISS+2", SND_NXT.plus(1)));
        List<Reset> rows = new ArrayList<>();
        for (Edge edge : Edge.values()) {
            for (Acknowledgment ack : acks) {
                rows.add(new Reset(
                        edge + "-ACK-" + ack.rfcName(),
                        "SEQ " + edge.rfcName + " and ACK " + ack.rfcName(),
                        edge,
                        rstAck().seq(edge.seq).ack(ack.value())));
            }
        }
        return rows;
    }

    @Test
    @Case(
            id = "SR-07",
            title = "judges a RST,ACK of {} by its SEQ alone",
            rows = "resetsWithAck",
            observes = true,
            tags = {"syn-received", "reset"})
    @Requirement("RFC9293-3.5.3-1")
    public void acknowledgmentOfResetDoesNotMatter(Peer peer, Reset reset) {
        open(peer);
        switch (reset.edge()) {
            case LEFT -> returnsToListen(peer, reset.segment());
            case RIGHT -> returnsToListenOrChallenges(peer, reset.segment());
            case BEFORE, BEYOND -> isDropped(peer, reset.segment());
        }
    }

    // ---- SYN

    /** The resets that RFC 793 has for a SYN in the window; it prints no format (RFC 9293, 3.5.2), and stacks differ. */
    private static final Segment RESET_WITHOUT_ACK = rstAck().seq(ZERO).ack(SEG_SEQ.plus(1));

    private static final Segment RESET_OF_CONNECTION = rst().seq(SND_NXT).ignoring(ACK);

    /** A SYN or SYN,ACK in the window: the connection ends one way or the other, unless it is challenged. */
    private static void judgeSynInside(Peer peer, Segment syn, Segment... more) {
        List<Segment> permitted = new ArrayList<>(List.of(EMPTY_ACK, RESET_OF_CONNECTION));
        permitted.addAll(List.of(more));
        peer.send(syn);
        Optional<Answer> answer = peer.expectOrSilence(permitted.toArray(Segment[]::new));
        if (answer.isEmpty()) {
            peer.observed("a SYN in the window returns the target to LISTEN (RFC 9293)");
        } else if (answer.get().choice() == 0) {
            peer.observed("a SYN in the window is challenged, as RFC 5961, 4.2 has it for later states");
            peer.prove(TcpState.SYN_RECEIVED);
            return;
        } else if (answer.get().segment().has(RST)) {
            peer.observed("a SYN in the window is reset (RFC 793)");
        } else {
            peer.observed("a SYN in the window opens a connection anew, as if it had come in LISTEN");
            peer.send(rst().seq(SEG_SEQ.plus(1)));
        }
        peer.prove(TcpState.LISTEN);
    }

    static List<Probe> synsInside() {
        return List.of(
                new Probe("LEFT", "RCV.NXT", syn().seq(RCV_NXT)),
                new Probe("RIGHT", "RCV.NXT+RCV.WND-1", syn().seq(Edge.RIGHT.seq)));
    }

    @Test
    @Case(
            id = "SR-08",
            title = "ends SYN-RECEIVED on a SYN of SEQ {}, or challenges it",
            rows = "synsInside",
            observes = true,
            tags = "syn-received")
    @Requirement("RFC9293-3.10.7.4-13")
    public void synInsideTheWindow(Peer peer, Probe probe) {
        open(peer);
        judgeSynInside(peer, probe.segment(), RESET_WITHOUT_ACK, synAck().ack(SEG_SEQ.plus(1)));
    }

    static List<Probe> synAcksInside() {
        return List.of(
                new Probe("LEFT", "RCV.NXT", synAck().seq(RCV_NXT)),
                new Probe("RIGHT", "RCV.NXT+RCV.WND-1", synAck().seq(Edge.RIGHT.seq)));
    }

    @Test
    @Case(
            id = "SR-09",
            title = "ends SYN-RECEIVED on a SYN,ACK of SEQ {}, or challenges it",
            rows = "synAcksInside",
            observes = true,
            tags = "syn-received")
    @Requirement("RFC9293-3.10.7.4-13")
    public void synAckInsideTheWindow(Peer peer, Probe probe) {
        open(peer);
        judgeSynInside(peer, probe.segment());
    }

    // ---- outside the window

    /**
     * The target has not gone on to ESTABLISHED, where an ACK of its ISS would be an old one and not refused; and it is
     * still there, so that the right ACK establishes.
     */
    private static void proveNotEstablished(Peer peer) {
        peer.send(ack().ack(ISS));
        peer.expect(rst().seq(SEG_ACK).ignoring(ACK));
        peer.prove(TcpState.SYN_RECEIVED);
    }

    static List<Probe> outside() {
        Seq beyond = Edge.BEYOND.seq;
        return List.of(
                new Probe("10-BEFORE", "a SYN of SEQ IRS-1", syn().seq(IRS.minus(1))),
                new Probe("10-BEYOND", "a SYN of SEQ RCV.NXT+RCV.WND", syn().seq(beyond)),
                new Probe("11-BEFORE", "a SYN,ACK of SEQ IRS-1", synAck().seq(IRS.minus(1))),
                new Probe("11-BEYOND", "a SYN,ACK of SEQ RCV.NXT+RCV.WND", synAck().seq(beyond)),
                new Probe("12-BEFORE", "an ACK of SEQ RCV.NXT-1", ack().seq(RCV_NXT.minus(1))),
                new Probe("12-BEYOND", "an ACK of SEQ RCV.NXT+RCV.WND", ack().seq(beyond)),
                new Probe("12-BEYOND+1", "an ACK of SEQ RCV.NXT+RCV.WND+1", ack().seq(beyond.plus(1))),
                new Probe("13-BEFORE", "a FIN,ACK of SEQ RCV.NXT-1", finAck().seq(RCV_NXT.minus(1))),
                new Probe("13-BEYOND", "a FIN,ACK of SEQ RCV.NXT+RCV.WND", finAck().seq(beyond)),
                new Probe("14-BEFORE", "data up to RCV.NXT-1", data(7).seq(RCV_NXT.minus(7))),
                new Probe("14-BEYOND", "data from RCV.NXT+RCV.WND", data(7).seq(beyond)),
                new Probe("16", "a SYN,ACK of SEQ IRS in place of the ACK", synAck().seq(IRS)));
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
        proveNotEstablished(peer);
    }

    // ---- no ACK

    static List<Probe> withoutAck() {
        return List.of(
                new Probe("NULL", "a segment without any flag", segment().seq(RCV_NXT)),
                new Probe("DATA", "data without ACK", segment(PSH).payload(7).seq(RCV_NXT)),
                new Probe("FIN", "a FIN without ACK", segment(FIN).seq(RCV_NXT)),
                new Probe(
                        "XMAS",
                        "FIN,PSH,URG without ACK",
                        segment(FIN, PSH, URG).seq(RCV_NXT)));
    }

    @Test
    @Case(
            id = "SR-15",
            title = "drops {} silently in SYN-RECEIVED, and the handshake completes",
            rows = "withoutAck",
            tags = "syn-received")
    @Requirement("RFC9293-3.10.7.4-16")
    public void withoutAckIsDropped(Peer peer, Probe probe) {
        open(peer);
        peer.send(probe.segment());
        peer.expectSilence();
        peer.prove(TcpState.SYN_RECEIVED);
        // a FIN that was taken in would have passed for the first octet; it cannot pass for a second
        peer.prove(TcpState.ESTABLISHED);
    }
}
