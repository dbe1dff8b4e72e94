package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.CLOSES_FIRST;
import static org.tcpconform.requirement.Stimulus.KEEPS_HALF_OPEN;
import static org.tcpconform.segment.Flag.FIN;
import static org.tcpconform.segment.Flag.PSH;
import static org.tcpconform.segment.Flag.SYN;
import static org.tcpconform.segment.Flag.URG;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.rstAck;
import static org.tcpconform.segment.Seq.RCV_NXT;

import java.util.List;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Segment;
import org.testng.annotations.Test;

/** RFC 9293, 3.5.3: a RST that has data or other control bits is a RST all the same. */
public class S3_5_3_Reset {
    private static final int OCTETS = 20;

    /** A RST of SEQ RCV.NXT that has more than it needs. */
    record Reset(String id, String what, Segment segment) implements Row {}

    static List<Reset> withData() {
        return List.of(
                new Reset("RST", "a RST with data", rst().payload(OCTETS)),
                new Reset("ACK", "a RST,ACK with data", rstAck().payload(OCTETS)),
                new Reset("PSH", "a RST,PSH,ACK with data", rstAck().plus(PSH).payload(OCTETS)));
    }

    static List<Reset> withBits() {
        return List.of(
                new Reset("SYN", "a SYN,RST", rst().plus(SYN)),
                new Reset("SYN-ACK", "a SYN,RST,ACK", rstAck().plus(SYN)),
                new Reset("FIN", "a FIN,RST", rst().plus(FIN)),
                new Reset("FIN-ACK", "a FIN,RST,ACK", rstAck().plus(FIN)),
                new Reset("URG", "a RST,URG,ACK", rstAck().plus(URG).urgentPointer(1)),
                new Reset("ALL", "a RST with all other control bits", rstAck().plus(SYN, FIN, PSH, URG)));
    }

    @Test
    @Case(
            id = "RS-07",
            title = "ends the connection silently on {} of SEQ RCV.NXT in ESTABLISHED",
            rows = "withData",
            tags = {"reset", "data"})
    @Requirement({"RFC9293-SHLD-2", "RFC9293-3.10.7.4-9"})
    public void dataInReset(Peer peer, Reset reset) {
        peer.reach(TcpState.ESTABLISHED);
        ends(peer, reset);
    }

    @Test
    @Case(id = "RS-09", title = "takes {} of SEQ RCV.NXT for a RST in ESTABLISHED", rows = "withBits", tags = "reset")
    @Requirement("RFC9293-3.10.7.4-9")
    public void bitsBesideReset(Peer peer, Reset reset) {
        peer.reach(TcpState.ESTABLISHED);
        ends(peer, reset);
    }

    @Test
    @Case(
            id = "RS-09-FIN-WAIT-2",
            title = "takes {} of SEQ RCV.NXT for a RST in FIN-WAIT-2",
            needs = CLOSES_FIRST,
            rows = "withBits",
            tags = {"reset", "teardown"})
    @Requirement("RFC9293-3.10.7.4-9")
    public void bitsBesideResetInFinWait2(Peer peer, Reset reset) {
        peer.reach(TcpState.FIN_WAIT_2);
        ends(peer, reset);
    }

    @Test
    @Case(
            id = "RS-09-CLOSE-WAIT",
            title = "takes {} of SEQ RCV.NXT for a RST in CLOSE-WAIT",
            needs = KEEPS_HALF_OPEN,
            rows = "withBits",
            tags = {"reset", "teardown"})
    @Requirement("RFC9293-3.10.7.4-9")
    public void bitsBesideResetInCloseWait(Peer peer, Reset reset) {
        peer.reach(TcpState.CLOSE_WAIT);
        ends(peer, reset);
    }

    private static void ends(Peer peer, Reset reset) {
        peer.send(reset.segment());
        peer.expectSilence();
        peer.prove(TcpState.CLOSED);
    }

    @Test
    @Case(
            id = "RS-09-OUTSIDE",
            title = "drops {} of SEQ RCV.NXT-100 silently in ESTABLISHED",
            rows = "withBits",
            tags = "reset")
    @Requirement({"RFC9293-3.10.7.4-2", "RFC9293-3.5.2-2"})
    public void outsideTheWindow(Peer peer, Reset reset) {
        isDropped(peer, reset.segment().seq(RCV_NXT.minus(100)));
    }

    @Test
    @Case(
            id = "RS-09-EDGE",
            title = "drops a FIN,RST of SEQ RCV.NXT-1 silently in ESTABLISHED, since its last number is RCV.NXT-1",
            tags = "reset")
    @Requirement({"RFC9293-3.10.7.4-2", "RFC9293-3.4-5", "RFC9293-3.4-6"})
    public void justOutsideTheWindow(Peer peer) {
        isDropped(peer, rst().plus(FIN).seq(RCV_NXT.minus(1)));
    }

    private static void isDropped(Peer peer, Segment segment) {
        peer.establish();
        peer.send(segment);
        peer.expectSilence();
        peer.prove(TcpState.ESTABLISHED);
    }
}
