package org.tcpconform.run;

import static org.tcpconform.requirement.Stimulus.CLOSED_PORT;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.rstAck;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SND_NXT;

import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.segment.Option;
import org.tcpconform.verdict.NonConformity;
import org.testng.annotations.Test;

/** Cases that judge well, badly, and not by templates, for the oracle to find out. */
public class LaxCases {
    @Test
    @Case(id = "LX-STRICT", title = "judges all", needs = CLOSED_PORT, families = Family.IPV4)
    @Requirement("RFC9293-3.10.7.1-1")
    public void strict(Peer peer) {
        peer.send(syn());
        peer.expect(rstAck().seq(org.tcpconform.segment.Seq.at(0)).ack(org.tcpconform.segment.Seq.SEG_SEQ.plus(1)));
    }

    @Test
    @Case(id = "LX-QUIET", title = "judges a silence and the state", needs = ECHO, families = Family.IPV6)
    @Requirement("RFC9293-3.10.7.4-18")
    public void quiet(Peer peer) {
        peer.establish();
        peer.send(ack());
        peer.expectSilence();
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(id = "LX-LAX", title = "takes anything for an answer", needs = CLOSED_PORT, families = Family.IPV4)
    @Requirement("RFC9293-3.10.7.1-1")
    public void lax(Peer peer) {
        peer.send(syn());
        try {
            peer.expect(rstAck());
        } catch (NonConformity e) {
            peer.observed("something else");
        }
    }

    @Test
    @Case(id = "LX-DEAF", title = "does not care for noise in a silence", needs = CLOSED_PORT, families = Family.IPV4)
    @Requirement("RFC9293-3.10.7.1-3")
    public void deaf(Peer peer) {
        peer.send(rst());
        try {
            peer.expectSilence();
        } catch (NonConformity e) {
            peer.observed("noise");
        }
        peer.prove(TcpState.CLOSED);
    }

    @Test
    @Case(id = "LX-FAULT", title = "does not bear an answer without MSS", needs = ECHO, families = Family.IPV4)
    @Requirement("RFC9293-3.10.7.1-1")
    public void fault(Peer peer) {
        peer.send(syn());
        peer.expect(org.tcpconform.segment.Segment.synAck()
                .where(
                        "offers 536 at least",
                        s -> s.option(Option.Mss.class).orElseThrow().value() >= 536));
    }

    @Test
    @Case(id = "LX-ITSELF", title = "looks at the segment itself", needs = ECHO, families = Family.IPV4)
    @Requirement("RFC9293-3.10.7.4-28")
    public void byItself(Peer peer) {
        Answer synAck = peer.openTo();
        if (synAck.segment().urgentPointer() != 0) {
            throw peer.broken("wrong-urgent-pointer", "the answer has an urgent pointer");
        }
    }

    @Test
    @Case(id = "LX-RULE", title = "judges all that came by a rule", needs = ECHO, families = Family.IPV4)
    @Requirement("RFC9293-3.10.7.4-28")
    public void rule(Peer peer) {
        peer.establish();
        peer.send(data(20));
        peer.receive(20);
        peer.judge("sends 20 octets back", () -> {
            if (peer.takenIn().length != 20) {
                throw peer.broken("wrong-data", peer.takenIn().length + " octets came back");
            }
        });
        peer.judge("does not set PSH nowhere", () -> {
            if (peer.received(s -> s.has(org.tcpconform.segment.Flag.PSH)).isEmpty()) {
                throw peer.broken("no-push", "no segment has PSH");
            }
        });
    }

    @Test
    @Case(id = "LX-RULE-LAX", title = "does not heed its rule", needs = ECHO, families = Family.IPV4)
    @Requirement("RFC9293-3.10.7.4-28")
    public void unheeded(Peer peer) {
        peer.openTo();
        try {
            peer.judge("no data", () -> {
                if (!peer.received(s -> s.payload().length > 0).isEmpty()) {
                    throw peer.broken("wrong-data", "there is data");
                }
            });
        } catch (NonConformity e) {
            peer.observed("data");
        }
    }

    @Test
    @Case(id = "LX-FAILS", title = "does not pass", needs = CLOSED_PORT, families = Family.IPV4)
    @Requirement("RFC9293-3.10.7.1-1")
    public void fails(Peer peer) {
        peer.send(syn());
        peer.expect(ack());
    }

    @Test
    @Case(id = "LX-AGAIN", title = "sends again until it is answered", needs = ECHO, families = Family.IPV4)
    @Requirement("RFC9293-3.10.7.4-28")
    public void again(Peer peer) {
        peer.establish();
        peer.send(data(1));
        peer.expectAck(ack().seq(SND_NXT).ack(RCV_NXT).ignoring(org.tcpconform.segment.Flag.FIN));
    }
}
