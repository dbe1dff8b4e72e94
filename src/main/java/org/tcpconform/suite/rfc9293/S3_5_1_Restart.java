package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.at;

import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Segment;
import org.testng.annotations.Test;

/** RFC 9293, 3.5.1: we have restarted, and the target still has the old connection. */
public class S3_5_1_Restart {
    @Test
    @Case(
            id = "SY-13",
            title = "answers the SYN of a peer that has restarted by the old numbers, obeys the RST to that,"
                    + " and takes the SYN then (Figure 9)",
            tags = {"syn", "reset", "half-open"})
    @Requirement({"RFC9293-3.10.7.4-1", "RFC9293-3.10.7.4-9", "RFC9293-3.10.7.2-3"})
    public void peerOpensAnew(Peer peer) {
        peer.establish();
        peer.send(data(10));
        peer.expectAck(ack().ack(RCV_NXT).ignoring(Flag.FIN));
        // far outside the window: alike with and without RFC 5961
        Segment syn = syn().seq(at(peer.value(RCV_NXT.plus(RCV_WND).plus(1_000_000))));
        peer.send(syn);
        Answer answer = peer.expect(ack().seq(SND_NXT).ack(RCV_NXT).noData());
        peer.send(rst().seq(at(answer.segment().ack())));
        // what the service sends back may have been under way
        peer.expectSilence(ack().hasData());
        peer.fresh();
        peer.send(syn);
        peer.expect(synAck().ack(IRS.plus(1)));
        peer.send(ack());
        peer.prove(TcpState.ESTABLISHED);
    }
}
