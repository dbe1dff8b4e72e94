package org.tcpconform.suite.rfc5961;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.at;

import java.util.ArrayList;
import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.target.Profile.Choice;
import org.testng.annotations.Test;

/** RFC 5961, 4: a SYN in a synchronized connection is challenged, or resets it by the rule of RFC 793. */
public class S4_BlindSyn {
    private static final int OCTETS = 7;

    /** A SYN that brings something else. */
    record Syn(String id, String what, Segment segment) implements Row {}

    static List<Syn> inWindow() {
        return List.of(
                new Syn("11", "a SYN,FIN of SEQ RCV.NXT", syn().plus(Flag.FIN).seq(RCV_NXT)),
                new Syn(
                        "11-MIDDLE",
                        "a SYN,FIN in the window",
                        syn().plus(Flag.FIN).seq(RCV_NXT.plus(100))),
                new Syn(
                        "12",
                        "a SYN with data of SEQ RCV.NXT",
                        syn().payload(OCTETS).seq(RCV_NXT)),
                new Syn(
                        "12-MIDDLE",
                        "a SYN with data in the window",
                        syn().payload(OCTETS).seq(RCV_NXT.plus(100))),
                new Syn(
                        "12-FIN",
                        "a SYN,FIN with data of SEQ RCV.NXT",
                        syn().plus(Flag.FIN).payload(OCTETS).seq(RCV_NXT)));
    }

    @Test
    @Case(
            id = "SY",
            title = "takes neither data nor FIN of {}: challenges it, or resets the connection as RFC 793 has it",
            rows = "inWindow",
            observes = true,
            tags = {"syn", "rfc5961"})
    @Requirement("RFC9293-3.10.7.4-12")
    public void synWithMore(Peer peer, Syn syn) {
        peer.establish();
        peer.send(syn.segment());
        List<Segment> permitted = new ArrayList<>();
        Choice rule = peer.profile().syn();
        if (rule != Choice.RFC793) {
            permitted.add(Challenge.ACK);
        }
        if (rule != Choice.RFC5961) {
            // no format is printed (RFC 9293, 3.10.7.4, fourth): that of 3.5.2, or the connection's own numbers
            permitted.add(rst().ignoring(Flag.ACK).seq(SEG_ACK));
            permitted.add(rst().ignoring(Flag.ACK).seq(SND_NXT));
        }
        boolean reset = peer.expect(permitted.toArray(Segment[]::new)).segment().has(Flag.RST);
        peer.observed(reset ? "resets the connection" : "challenges the SYN");
        peer.prove(reset ? TcpState.CLOSED : TcpState.ESTABLISHED);
    }

    /** Where the SYN of a peer that has restarted lies. */
    record Restart(String id, String what, Seq seq) implements Row {}

    static List<Restart> restarts() {
        return List.of(
                new Restart("LEFT", "at RCV.NXT", RCV_NXT),
                new Restart("MIDDLE", "in the window", RCV_NXT.plus(1_000)),
                new Restart(
                        "OUTSIDE", "outside the window", RCV_NXT.plus(RCV_WND).plus(100_000)));
    }

    @Test
    @Case(
            id = "SY-13-CHALLENGE",
            title = "ends the connection by the RST that answers its challenge of a SYN {}, and then takes that SYN",
            rows = "restarts",
            tags = {"syn", "reset", "rfc5961"})
    @Requirement({"RFC5961-4.2-3", "RFC5961-4.2-2", "RFC5961-4.2-1"})
    public void restart(Peer peer, Restart restart) {
        peer.establish();
        Segment syn = syn().seq(at(peer.value(restart.seq())));
        Answer challenge = Challenge.to(peer, syn, peer.profile().syn());
        peer.send(rst().seq(at(challenge.segment().ack())));
        peer.expectSilence();
        peer.fresh();
        peer.send(syn);
        peer.expect(synAck().ack(IRS.plus(1)));
        peer.send(ack());
        peer.prove(TcpState.ESTABLISHED);
    }
}
