package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Seq.RCV_NXT;

import org.tcpconform.peer.Peer;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Segment;
import org.testng.annotations.Test;

/** Many half-open connections at once (RFC 4987), bounded in number and ended by resets. */
public class S3_5_HalfOpen {
    private static final int HALF_OPEN = 512;

    @Test
    @Case(
            id = "FL-02",
            title = "lets a whole handshake through while hundreds of others are half-open",
            tags = {"handshake", "flood"},
            exclusive = true,
            intrusive = true,
            seconds = 20)
    @Requirement("RFC9293-MUST-42")
    public void legitimateHandshakeGetsThrough(Peer peer) {
        int answered = 0;
        for (int i = 0; i < HALF_OPEN; i++) {
            Peer other = peer.another();
            other.send(syn());
            answered += other.answered(Segment.synAck()) ? 1 : 0;
        }
        peer.observed(answered + " of " + HALF_OPEN + " half-open connections were answered");
        peer.establish();
        peer.send(data(10));
        peer.expectAck(ack().ack(RCV_NXT).ignoring(Flag.FIN));
    }
}
