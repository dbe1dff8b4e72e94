package org.tcpconform.suite.rfc3042;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.SND_NXT;

import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Seq;
import org.testng.annotations.Test;

/** RFC 3042, 2: what the first duplicate acknowledgments bring forth, while the congestion window is full. */
public class S2_LimitedTransmit {
    private static final Option NOP = new Option.Nop();
    private static final int MSS = 1_000;

    /** Lets the target send its first window; the window that we offer is larger. */
    private static void fillCongestionWindow(Peer peer) {
        Answer synAck = peer.openTo(new Option.Mss(MSS), NOP, NOP, new Option.SackPermitted());
        peer.negotiated(synAck, Option.SackPermitted.class, Feature.SACK);
        peer.send(ack());
        peer.expectAck(ack().where("has data", s -> s.payload().length > 0));
        peer.expectSilence(ack());
    }

    @Test
    @Case(
            id = "SK-19",
            title = "sends one new segment on the first duplicate ACK that reports another segment received",
            needs = BULK,
            tags = {"options", "sack", "bulk"})
    @Requirement({"RFC3042-2-1", "RFC5681-3.2-4"})
    public void firstDuplicate(Peer peer) {
        fillCongestionWindow(peer);
        int first = peer.value(ISS) + 1;
        Seq next = Seq.at(peer.value(SND_NXT));
        peer.send(ack().ack(ISS.plus(1)).options(NOP, NOP, new Option.Sack(List.of(first + MSS, first + 2 * MSS))));
        peer.expect(ack().seq(next).where("has data", s -> s.payload().length > 0));
        // what is missing may be sent again, nothing else
        peer.expectSilence();
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "SK-19-NO-NEWS",
            title = "sends nothing new on duplicate ACKs that report no other segment received",
            needs = BULK,
            tags = {"options", "sack", "bulk"})
    @Requirement("RFC3042-2-3")
    public void withoutNews(Peer peer) {
        fillCongestionWindow(peer);
        peer.send(ack().ack(ISS.plus(1)));
        peer.send(ack().ack(ISS.plus(1)));
        peer.expectSilence();
        peer.prove(TcpState.ESTABLISHED);
    }
}
