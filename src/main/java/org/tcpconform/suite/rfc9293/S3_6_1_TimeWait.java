package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.CLOSES_FIRST;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.SND_NXT;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Segment;
import org.tcpconform.target.Profile.Choice;
import org.tcpconform.verdict.NotApplicable;
import org.testng.annotations.Test;

/** RFC 9293, 3.6.1: TIME-WAIT, and the new connection that a SYN may open from it (MAY-2). Nothing has Timestamps. */
public class S3_6_1_TimeWait {
    private static final int FAR = 100_000;

    private static OldConnection old(Peer peer) {
        peer.reach(TcpState.TIME_WAIT);
        return OldConnection.of(peer);
    }

    /**
     * Whether the SYN that was sent opens a new connection; every other answer that some RFC has for a SYN in TIME-WAIT is one
     * to keep it. Where nothing answers it is sent again, as by whoever opens a connection.
     */
    private static boolean opens(Peer peer, OldConnection old) {
        List<Segment> permitted = new ArrayList<>(List.of(old.reopened(), old.acknowledged()));
        if (peer.profile().syn() != Choice.RFC5961) {
            permitted.add(OldConnection.reset());
        }
        Optional<Answer> answer = peer.expectOrSilence(permitted.toArray(Segment[]::new));
        if (answer.isEmpty()) {
            peer.send(syn().seq(old.afterFin(FAR)));
            answer = peer.expectOrSilence(permitted.toArray(Segment[]::new));
        }
        return answer.filter(a -> a.choice() == 0).isPresent();
    }

    @Test
    @Case(
            id = "TW-11",
            title = "begins the connection that it opens from TIME-WAIT above all numbers of the old one, and it works",
            needs = CLOSES_FIRST,
            observes = true,
            tags = {"time-wait", "isn"})
    @Requirement("RFC9293-MAY-2")
    public void newConnection(Peer peer) {
        OldConnection old = old(peer);
        peer.send(syn().seq(old.afterFin(FAR)));
        boolean opened = opens(peer, old);
        peer.option("RFC9293-MAY-2", opened, (opened ? "opens a" : "opens no") + " new connection from TIME-WAIT");
        if (!opened) {
            // by RFC 793 a SYN in the window has ended the old one
            peer.another().prove(TcpState.LISTEN);
            return;
        }
        peer.send(ack());
        peer.awaitFin();
        peer.send(finAck());
        peer.expectAck(ack().seq(SND_NXT).ack(RCV_NXT));
        peer.prove(TcpState.TIME_WAIT);
    }

    @Test
    @Case(
            id = "TW-11-OLD-DUPLICATE",
            title =
                    "returns to TIME-WAIT, or does not, where the SYN that opened a new connection was an old duplicate",
            needs = CLOSES_FIRST,
            observes = true,
            tags = {"time-wait", "isn"})
    @Requirement("RFC9293-MAY-2")
    public void oldDuplicate(Peer peer) {
        OldConnection old = old(peer);
        peer.send(syn().seq(old.afterFin(FAR)));
        if (!opens(peer, old)) {
            throw new NotApplicable("the target opens no new connection from TIME-WAIT");
        }
        // what the peer of the old connection answers to a SYN,ACK that it did not ask for
        peer.send(rst());
        peer.expectSilence();
        peer.send(finAck().seq(old.afterFin(0)).ack(SND_NXT));
        boolean returned =
                peer.expectAck(old.acknowledged(), rst().ignoring(Flag.ACK).seq(SEG_ACK))
                                .choice()
                        == 0;
        peer.observed(
                returned
                        ? "returns to TIME-WAIT when the SYN turns out to be an old duplicate (MAY-2, condition 2)"
                        : "forgets the old connection when the SYN turns out to be an old duplicate, against MAY-2, condition 2");
    }

    /** A segment with SYN that opens nothing. */
    record Odd(String id, String what, Segment segment, int after) implements Row {}

    static List<Odd> odd() {
        return List.of(
                new Odd("13-CHECKSUM", "a SYN with a wrong checksum", syn().checksumOffBy(0x0101), FAR),
                new Odd("13-RST", "a SYN,RST outside the window", syn().plus(Flag.RST), 1_000_000),
                new Odd("13-RST-BELOW", "a SYN,RST of the SEQ of our FIN", syn().plus(Flag.RST), 0));
    }

    @Test
    @Case(
            id = "TW",
            title = "drops {} silently in TIME-WAIT, and stays there",
            needs = CLOSES_FIRST,
            rows = "odd",
            tags = "time-wait")
    @Requirement({"RFC9293-MUST-13", "RFC9293-3.10.7.4-2", "RFC9293-MUST-3"})
    public void oddSynIsDropped(Peer peer, Odd odd) {
        peer.reach(TcpState.TIME_WAIT);
        peer.send(odd.segment().seq(RCV_NXT.plus(odd.after() - 1)));
        peer.expectSilence();
        peer.prove(TcpState.TIME_WAIT);
    }

    @Test
    @Case(
            id = "TW-08-SYN-FIN",
            title = "opens a new connection from TIME-WAIT on a SYN,FIN, or stays in TIME-WAIT",
            needs = CLOSES_FIRST,
            observes = true,
            tags = {"time-wait", "syn"})
    @Requirement({"RFC9293-MUST-13", "RFC9293-3.10.7.4-15"})
    public void synWithFin(Peer peer) {
        OldConnection old = old(peer);
        peer.send(syn().plus(Flag.FIN).seq(old.afterFin(1_000_000)));
        // beyond the window, so that no rule set resets
        Optional<Answer> answer = peer.expectOrSilence(old.reopened(), old.acknowledged());
        if (answer.filter(a -> a.choice() == 0).isPresent()) {
            peer.observed("opens a new connection on a SYN,FIN");
            peer.send(ack());
            peer.expectAck(
                    ack().ack(RCV_NXT).ignoring(Flag.FIN),
                    ack().ack(RCV_NXT.plus(1)).ignoring(Flag.FIN));
            return;
        }
        peer.observed(answer.isPresent() ? "answers a SYN,FIN with an ACK" : "drops a SYN,FIN silently");
        old.proveInTimeWait(peer);
    }

    private static final int MANY = 1_000;

    @Test
    @Case(
            id = "TW-12",
            segments = 16_000,
            octets = 1_600_000,
            connections = 1_100,
            halfOpen = 1_100,
            title = "still takes connections after " + MANY + " that ended in TIME-WAIT",
            needs = CLOSES_FIRST,
            observes = true,
            exclusive = true,
            intrusive = true,
            seconds = 60,
            tags = {"time-wait", "intrusive"})
    @Requirement("RFC9293-3.10.7.2-3")
    public void manyInTimeWait(Peer peer) {
        List<Peer> waiting = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Peer one = peer.another();
            one.reach(TcpState.TIME_WAIT);
            waiting.add(one);
        }
        peer.establish();
        peer.send(data(10));
        peer.expectAck(ack().ack(RCV_NXT).ignoring(Flag.FIN));
        // some of each age are asked
        int asked = 0;
        int left = 0;
        for (int i = 0; i < MANY; i += 10) {
            Peer one = waiting.get(i);
            one.send(finAck().seq(RCV_NXT.minus(1)).ack(SND_NXT));
            asked++;
            left += one.expectAck(ack().seq(SND_NXT).ack(RCV_NXT), rst().ignoring(Flag.ACK))
                                    .choice()
                            == 0
                    ? 1
                    : 0;
        }
        peer.observed(left + " of " + asked + " connections asked were still in TIME-WAIT");
    }
}
