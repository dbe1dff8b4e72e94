package org.tcpconform.suite.rfc6191;

import static org.tcpconform.requirement.Stimulus.CLOSES_FIRST;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SND_NXT;

import java.util.List;
import java.util.Optional;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.suite.rfc9293.OldConnection;
import org.testng.annotations.Test;

/**
 * RFC 6191, 2: which SYN opens a new connection from TIME-WAIT. The last number seen is that of our FIN, the last
 * timestamp the one that came with it.
 */
public class S2_TimeWait {
    private static final Option NOP = new Option.Nop();
    private static final Option MSS = new Option.Mss(Peer.MSS);
    /** TSval of the old connection's SYN; our clock ticks once a millisecond from there. */
    private static final int FIRST = 500_000_000;
    /** TSval of our FIN, later than any before it. */
    private static final int LAST = FIRST + 60_000;

    private static final int FAR = 100_000;
    /** Of the number space. */
    private static final int QUARTER = 1 << 30;

    /**
     * A SYN in TIME-WAIT.
     *
     * @param old whether the old connection had Timestamps
     * @param stamp how much later its TSval is than the last one; null for a SYN without Timestamps
     * @param seq how far its SEQ is behind the number of our FIN
     */
    record Syn(String id, boolean old, Integer stamp, int seq, String requirement) implements Row {
        @Override
        public String what() {
            String stamped = stamp == null
                    ? "without Timestamps"
                    : old ? "of the last TSval" + signed(stamp) : "with Timestamps";
            return "a SYN " + stamped + " and of the last SEQ" + signed(seq) + " after a connection "
                    + (old ? "with" : "without") + " Timestamps";
        }

        private static String signed(int n) {
            return n == 0 ? "" : String.format("%+d", n);
        }

        @Override
        public List<String> requirements() {
            return List.of("RFC6191-2-" + requirement, "RFC9293-SHLD-4");
        }

        Option[] options() {
            return stamp == null
                    ? new Option[] {MSS}
                    : new Option[] {MSS, NOP, NOP, new Option.Timestamps(LAST + stamp, 0)};
        }
    }

    static List<Syn> honoured() {
        return List.of(
                new Syn("01-NEXT", false, null, 1, "6"),
                new Syn("01-SECOND", false, null, 2, "6"),
                new Syn("01-FAR", false, null, FAR, "6"),
                new Syn("01-QUARTER", false, null, QUARTER, "6"),
                new Syn("03-NEWER-FAR", true, 1_000, FAR, "1"),
                new Syn("03-NEWER-BELOW", true, 1_000, -FAR, "1"),
                new Syn("03-NEWER-SAME", true, 1_000, 0, "1"),
                new Syn("03-NEWER-BY-1-BELOW", true, 1, -FAR, "1"),
                new Syn("04-NEXT", true, 0, 1, "2"),
                new Syn("04-SECOND", true, 0, 2, "2"),
                new Syn("04-FAR", true, 0, FAR, "2"),
                new Syn("06-FAR", true, null, FAR, "3"),
                new Syn("07-FAR", false, 0, FAR, "5"),
                new Syn("07-BELOW", false, 0, -FAR, "5"));
    }

    @Test
    @Case(
            id = "TW",
            title = "opens a new connection from TIME-WAIT on {}",
            needs = CLOSES_FIRST,
            rows = "honoured",
            tags = {"time-wait", "rfc6191"})
    @Requirement("RFC6191-2-1")
    public void newConnection(Peer peer, Syn syn) {
        OldConnection old = inTimeWait(peer, syn);
        peer.expect(old.reopened());
        peer.send(ack());
        peer.prove(TcpState.ESTABLISHED);
    }

    static List<Syn> dropped() {
        return List.of(
                new Syn("02-SAME", false, null, 0, "7"),
                new Syn("02-BELOW", false, null, -FAR, "7"),
                new Syn("02-QUARTER", false, null, -QUARTER, "7"),
                new Syn("05-SAME", true, 0, 0, "4"),
                new Syn("05-BELOW", true, 0, -FAR, "4"),
                new Syn("05-OLDER-BELOW", true, -1_000, -FAR, "4"),
                new Syn("05-OLDER-BY-1-BELOW", true, -1, -FAR, "4"),
                new Syn("06-SAME", true, null, 0, "4"),
                new Syn("06-BELOW", true, null, -FAR, "4"));
    }

    @Test
    @Case(
            id = "TW",
            title = "drops {}, or answers it with an ACK, and stays in TIME-WAIT",
            needs = CLOSES_FIRST,
            rows = "dropped",
            observes = true,
            tags = {"time-wait", "rfc6191"})
    @Requirement("RFC6191-2-7")
    public void staysInTimeWait(Peer peer, Syn syn) {
        OldConnection old = inTimeWait(peer, syn);
        // silence by RFC 6191; ACK by the tests that come first where it is not followed, or by RFC 5961 and PAWS
        boolean answered = peer.expectOrSilence(old.acknowledged()).isPresent();
        peer.observed(answered ? "answers the SYN with an ACK" : "drops the SYN silently");
        proveInTimeWait(peer, old, syn);
    }

    @Test
    @Case(
            id = "TW-05-OLDER-FAR",
            title = "drops a SYN of an older TSval and a higher SEQ in TIME-WAIT, or opens a new connection by its SEQ",
            needs = CLOSES_FIRST,
            observes = true,
            tags = {"time-wait", "rfc6191"})
    @Requirement({"RFC6191-2-4", "RFC9293-MAY-2"})
    public void olderTimestampAndHigherNumber(Peer peer) {
        Syn syn = new Syn("", true, -1_000, FAR, "4");
        OldConnection old = inTimeWait(peer, syn);
        Optional<Answer> answer = peer.expectOrSilence(old.acknowledged(), old.reopened());
        boolean reopened = answer.filter(a -> a.choice() == 1).isPresent();
        peer.observed(
                reopened
                        ? "opens a new connection by SEQ alone (MAY-2), where RFC 6191 drops the SYN"
                        : answer.isPresent() ? "answers the SYN with an ACK" : "drops the SYN silently");
        if (reopened) {
            peer.send(ack());
            peer.prove(TcpState.ESTABLISHED);
        } else {
            proveInTimeWait(peer, old, syn);
        }
    }

    private static void proveInTimeWait(Peer peer, OldConnection old, Syn syn) {
        old.proveInTimeWait(peer, syn.old() ? new Option[] {NOP, NOP, peer.stamp(LAST)} : new Option[0]);
    }

    /** Brings the target into TIME-WAIT, and sends the SYN of a new connection. */
    private static OldConnection inTimeWait(Peer peer, Syn syn) {
        peer.preliminary(() -> {
            if (syn.old()) {
                openWithTimestamps(peer);
                peer.send(ack());
            } else {
                if (syn.stamp() != null) {
                    // whether the new connection would have them
                    openWithTimestamps(peer.another());
                }
                peer.establish();
            }
            peer.awaitFin();
            peer.send(ack());
            Segment fin = finAck();
            peer.send(syn.old() ? fin.options(NOP, NOP, peer.stamp(LAST)) : fin);
            peer.expectAck(ack().seq(SND_NXT).ack(RCV_NXT).noData());
        });
        OldConnection old = OldConnection.of(peer);
        peer.send(syn().seq(old.afterFin(syn.seq())).options(syn.options()));
        return old;
    }

    private static void openWithTimestamps(Peer peer) {
        Answer synAck = peer.openTo(MSS, NOP, NOP, new Option.Timestamps(FIRST, 0));
        peer.negotiated(synAck, Option.Timestamps.class, Feature.TIMESTAMPS);
    }

    @Test
    @Case(
            id = "TW-08-ESTABLISHED",
            title = "does not take a SYN of a newer TSval for a new connection in ESTABLISHED",
            tags = {"time-wait", "rfc6191", "syn"})
    @Requirement("RFC6191-2-8")
    public void otherStates(Peer peer) {
        openWithTimestamps(peer);
        peer.send(ack());
        peer.send(data(10));
        peer.expectAck(ack().ack(RCV_NXT));
        // outside the window, so that it is answered alike with and without RFC 5961
        peer.send(syn().seq(RCV_NXT.plus(RCV_WND).plus(FAR)).options(MSS, NOP, NOP, new Option.Timestamps(LAST, 0)));
        peer.expect(ack().ack(RCV_NXT).noData());
        peer.prove(TcpState.ESTABLISHED);
    }
}
