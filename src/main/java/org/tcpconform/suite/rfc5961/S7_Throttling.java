package org.tcpconform.suite.rfc5961;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;

import java.util.List;
import java.util.function.IntFunction;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Segment;
import org.tcpconform.target.Profile.Choice;
import org.testng.annotations.Test;

/**
 * RFC 5961, 7: how often a target answers bursts. The limit is the target's own to choose; that it answers at all, and
 * no segment twice, is not.
 */
public class S7_Throttling {
    private static final int BURST = 20;

    @Test
    @Case(
            id = "RS-20",
            title = "answers 20 RSTs in the window with one challenge ACK at least and one for each at most",
            observes = true,
            tags = {"reset", "rfc5961", "burst"})
    @Requirement({"RFC5961-7-1", "RFC5961-3.2-4"})
    public void resets(Peer peer) {
        Segment inWindow = rst().seq(RCV_NXT.plus(1));
        one(peer.another(), inWindow, peer.profile().reset());
        burst(peer, i -> inWindow);
    }

    /** What a burst is made of. */
    record Burst(String id, String what, IntFunction<Segment> segment) implements Row {}

    static List<Burst> syns() {
        return List.of(
                new Burst("INSIDE", "SYNs in the window", i -> syn().seq(RCV_NXT.plus(1 + i))),
                new Burst(
                        "OUTSIDE",
                        "SYNs outside the window",
                        i -> syn().seq(RCV_NXT.plus(RCV_WND).plus(1_000 + i))));
    }

    @Test
    @Case(
            id = "SY-15",
            connections = 48,
            title = "answers 20 {} with one challenge ACK at least and one for each at most",
            rows = "syns",
            observes = true,
            tags = {"syn", "rfc5961", "burst"})
    @Requirement({"RFC5961-7-1", "RFC5961-4.2-2"})
    public void syns(Peer peer, Burst burst) {
        one(peer.another(), burst.segment().apply(0), peer.profile().syn());
        burst(peer, burst.segment());
    }

    /** Whether there is a challenge at all. */
    private static void one(Peer peer, Segment segment, Choice rule) {
        peer.establish();
        Challenge.to(peer, segment, rule);
    }

    static List<Burst> outside() {
        return List.of(
                new Burst(
                        "ACK",
                        "ACKs beyond the window",
                        i -> ack().seq(RCV_NXT.plus(RCV_WND).plus(1_000 + i))),
                new Burst(
                        "DATA",
                        "octets beyond the window",
                        i -> data(1).seq(RCV_NXT.plus(RCV_WND).plus(1_000 + i))),
                new Burst("OLD", "old octets", i -> data(1).seq(RCV_NXT.minus(1 + i))));
    }

    @Test
    @Case(
            id = "SQ-23",
            title = "answers 20 {} with one ACK at least and one for each at most",
            rows = "outside",
            observes = true,
            tags = {"data", "burst"})
    @Requirement({"RFC9293-3.10.7.4-1", "RFC5681-4.2-3"})
    public void unacceptable(Peer peer, Burst burst) {
        burst(peer, burst.segment());
    }

    private static void burst(Peer peer, IntFunction<Segment> segment) {
        peer.establish();
        peer.atOnce(() -> {
            for (int i = 0; i < BURST; i++) {
                peer.send(segment.apply(i));
            }
        });
        peer.expectSilence(Challenge.ACK);
        peer.judge("one answer at least, and no more than segments", () -> {
            int answers = answers(peer);
            if (answers == 0) {
                throw peer.broken("no-answer", "none of " + BURST + " segments was answered");
            }
            if (answers > BURST) {
                throw peer.broken("too-many-acks", BURST + " segments drew " + answers + " answers");
            }
        });
        int answers = answers(peer);
        peer.observed(BURST + " segments in a burst draw " + answers + (answers == 1 ? " ACK" : " ACKs"));
        peer.prove(TcpState.ESTABLISHED);
    }

    private static int answers(Peer peer) {
        return peer.received(s -> s.length() == 0).size();
    }
}
