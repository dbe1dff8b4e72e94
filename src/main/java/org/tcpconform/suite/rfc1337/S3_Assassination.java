package org.tcpconform.suite.rfc1337;

import static org.tcpconform.requirement.Stimulus.CLOSES_FIRST;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.SND_NXT;

import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Segment;
import org.testng.annotations.Test;

/** RFC 1337: an old duplicate draws an ACK in TIME-WAIT, and the RST that answers it may end TIME-WAIT too early. */
public class S3_Assassination {
    private static final Segment ACK = Segment.ack().seq(SND_NXT).ack(RCV_NXT).noData();

    @Test
    @Case(
            id = "TW-09",
            title =
                    "answers an old duplicate in TIME-WAIT with an ACK, and obeys or ignores (fix F1) the RST that follows",
            needs = CLOSES_FIRST,
            observes = true,
            tags = {"time-wait", "reset", "rfc1337"})
    @Requirement({"RFC1337-3-1", "RFC9293-3.10.7.4-10"})
    public void assassination(Peer peer) {
        peer.reach(TcpState.TIME_WAIT);
        peer.send(Segment.data(1).seq(RCV_NXT.minus(1)));
        peer.expect(ACK);
        peer.send(rst().seq(RCV_NXT));
        peer.expectSilence();
        peer.send(finAck().seq(RCV_NXT.minus(1)).ack(SND_NXT));
        boolean ignored =
                peer.expectAck(ACK, rst().ignoring(Flag.ACK).seq(SEG_ACK)).choice() == 0;
        peer.observed(
                ignored
                        ? "TIME-WAIT survives the RST (RFC 1337, F1)"
                        : "TIME-WAIT ends by the RST (RFC 793, RFC 9293)");
    }
}
