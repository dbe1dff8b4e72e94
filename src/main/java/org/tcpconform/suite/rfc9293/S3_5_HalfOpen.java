package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Seq.RCV_NXT;

import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.segment.Flag;
import org.testng.annotations.Test;

/** RFC 9293, 3.9.1.1: a port with a half-open connection goes on listening. Many of them: {@code suite.rfc4987}. */
public class S3_5_HalfOpen {
    @Test
    @Case(
            id = "FL-02-ONE",
            title = "accepts a connection to a port while another to it is half-open",
            tags = "handshake")
    @Requirement("RFC9293-MUST-42")
    public void halfOpenConnectionKeepsNobodyOut(Peer peer) {
        peer.openTo();
        Peer other = peer.another();
        other.establish();
        other.send(data(10));
        other.expectAck(ack().ack(RCV_NXT).ignoring(Flag.FIN));
        peer.prove(TcpState.SYN_RECEIVED);
    }
}
