package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.CLOSES_FIRST;
import static org.tcpconform.requirement.Stimulus.CLOSES_ON_FIN;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.requirement.Stimulus.KEEPS_HALF_OPEN;
import static org.tcpconform.segment.Flag.ACK;
import static org.tcpconform.segment.Flag.FIN;
import static org.tcpconform.segment.Flag.PSH;
import static org.tcpconform.segment.Flag.SYN;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.SND_UNA;
import static org.tcpconform.segment.Seq.at;
import static org.tcpconform.suite.rfc9293.Closing.ACK_OF_ALL;
import static org.tcpconform.suite.rfc9293.Closing.RETRANSMISSION;
import static org.tcpconform.suite.rfc9293.Closing.finAgain;

import java.util.Comparator;
import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.verdict.Series;
import org.testng.annotations.Test;

/**
 * RFC 9293, 3.6: closing a connection, as the figures there show it, from both sides and at once, and half-closed
 * connections.
 */
public class S3_6_Closing {
    private static final int OCTETS = 5;
    private static final int SAMPLES = 5;

    // ---- the target closes first

    @Test
    @Case(
            id = "FN-04",
            title = "sends FIN,ACK right behind its last octet when its user closes, and nothing beyond it",
            needs = CLOSES_FIRST,
            tags = "teardown")
    @Requirement("RFC9293-3.10.4-1")
    public void finFollowsTheData(Peer peer) {
        peer.establish();
        int start = peer.value(SND_UNA);
        peer.awaitFin();
        peer.prove(TcpState.FIN_WAIT_1);
        peer.judge("data without a gap, then FIN, and nothing beyond it", () -> followsTheData(peer, start));
    }

    private static void followsTheData(Peer peer, int start) {
        WireSegment fin = fins(peer).get(0).segment();
        if (fin.ack() != peer.value(RCV_NXT)) {
            throw peer.broken("wrong-ack", "the FIN acknowledges what we did not send");
        }
        int next = start;
        List<Answer> sent = peer.received(s -> s.length() > 0 && !s.has(SYN)).stream()
                .sorted(Comparator.comparingInt(a -> a.segment().seq() - start))
                .toList();
        for (Answer one : sent) {
            if (one.segment().seq() - next > 0) {
                throw peer.broken("gap", "there is a gap before the FIN in the target's sequence numbers");
            }
            next = Math.max(one.segment().end() - start, next - start) + start;
        }
        if (next != fin.end()) {
            throw peer.broken("data-after-fin", "the target sent more beyond its FIN");
        }
    }

    @Test
    @Case(
            id = "FN-16",
            title =
                    "closes first in four segments: answers the FIN that follows the ACK of its own with ACK (Figure 12)",
            needs = CLOSES_FIRST,
            tags = {"teardown", "time-wait"})
    @Requirement("RFC9293-3.10.7.4-33")
    public void closesFirstInFourSegments(Peer peer) {
        peer.reach(TcpState.FIN_WAIT_2);
        peer.expectSilence();
        peer.send(finAck());
        peer.expectAck(ACK_OF_ALL);
        peer.prove(TcpState.TIME_WAIT);
    }

    @Test
    @Case(
            id = "FN-10",
            title = "closes first in three segments: answers a FIN that acknowledges its own with ACK",
            needs = CLOSES_FIRST,
            tags = {"teardown", "time-wait"})
    @Requirement("RFC9293-3.10.7.4-32")
    public void closesFirstInThreeSegments(Peer peer) {
        peer.reach(TcpState.FIN_WAIT_1);
        peer.send(finAck());
        peer.expectAck(ACK_OF_ALL);
        peer.prove(TcpState.TIME_WAIT);
    }

    // ---- the target closes after its peer

    @Test
    @Case(
            id = "FN-22",
            title = "acknowledges our FIN, and sends its own when its user closes in turn (Figure 12)",
            needs = CLOSES_ON_FIN,
            tags = "teardown")
    @Requirement("RFC9293-3.10.4-2")
    public void closesSecond(Peer peer) {
        peer.establish();
        peer.send(finAck());
        peer.expectAck(finAck().seq(SND_NXT).ack(RCV_NXT));
        boolean apart = !peer.received(s -> s.flags() == ACK.bit() && s.ack() == peer.value(RCV_NXT))
                .isEmpty();
        peer.observed(
                apart
                        ? "acknowledges our FIN before it sends its own: the close takes four segments"
                        : "acknowledges our FIN with its own: the close takes three segments");
        peer.prove(TcpState.LAST_ACK);
    }

    @Test
    @Case(
            id = "FN-06",
            title = "sends its FIN without delay when its user closes and nothing is outstanding",
            needs = CLOSES_ON_FIN,
            observes = true,
            tags = "teardown")
    @Requirement("RFC9293-3.10.4-2")
    public void finIsPrompt(Peer peer) {
        double[] delays = new double[SAMPLES];
        double least = Double.MAX_VALUE;
        for (int i = 0; i < SAMPLES; i++) {
            Peer one = i == 0 ? peer : peer.another();
            one.establish();
            one.send(finAck());
            delays[i] = one.expectAck(finAck().ack(RCV_NXT)).delay().toNanos() / 1e6;
            least = Math.min(least, delays[i]);
            one.send(ack());
        }
        peer.measured(
                new Series("time from our FIN to the target's", Series.Shape.HISTOGRAM, "ms", new double[0], delays));
        peer.observed(String.format(java.util.Locale.ROOT, "its FIN comes %.1f ms after ours at the earliest", least));
    }

    @Test
    @Case(
            id = "FN-29",
            title =
                    "forgets the connection once its FIN is acknowledged: silence, then RST to what comes later (Figure 12)",
            needs = CLOSES_ON_FIN,
            tags = "teardown")
    @Requirement("RFC9293-3.10.7.4-25")
    public void lastAckCloses(Peer peer) {
        peer.reach(TcpState.LAST_ACK);
        peer.send(ack());
        peer.expectSilence();
        peer.send(ack());
        peer.expect(rst().ignoring(ACK).seq(SEG_ACK));
    }

    // ---- both close at once

    @Test
    @Case(
            id = "FN-11",
            title = "answers a FIN that crosses its own with ACK and waits for the ACK of its own (Figure 13)",
            needs = CLOSES_FIRST,
            tags = {"teardown", "simultaneous-close"})
    @Requirement("RFC9293-3.10.7.4-32")
    public void finsCross(Peer peer) {
        peer.reach(TcpState.FIN_WAIT_1);
        peer.send(finAck().ack(SND_NXT.minus(1)));
        if (peer.expectAck(ACK_OF_ALL, finAgain(peer)).choice() == 1) {
            peer.observed("acknowledges our FIN with its own once more");
        }
        peer.prove(TcpState.CLOSING);
    }

    @Test
    @Case(
            id = "FN-25",
            title = "goes from CLOSING to TIME-WAIT, in silence, once its FIN is acknowledged (Figure 13)",
            needs = CLOSES_FIRST,
            tags = {"teardown", "simultaneous-close", "time-wait"})
    @Requirement("RFC9293-3.10.7.4-24")
    public void simultaneousCloseEnds(Peer peer) {
        peer.reach(TcpState.CLOSING);
        peer.send(ack());
        peer.expectSilence();
        peer.prove(TcpState.TIME_WAIT);
    }

    @Test
    @Case(
            id = "FN-39",
            title = "repeats its FIN, and its ACK of ours, until a simultaneous close whose ACKs were lost is complete",
            needs = CLOSES_FIRST,
            seconds = 6,
            tags = {"teardown", "simultaneous-close", "time-wait", "timer"})
    @Requirement("RFC9293-3.10.7.4-24")
    public void simultaneousCloseSurvivesLoss(Peer peer) {
        peer.reach(TcpState.CLOSING);
        peer.preliminary(() -> {
            peer.expectWithin(RETRANSMISSION, finAgain(peer));
            Closing.expectAckOf(peer, finAck().seq(RCV_NXT.minus(1)).ack(SND_NXT.minus(1)));
        });
        peer.send(ack());
        peer.expectSilence();
        peer.prove(TcpState.TIME_WAIT);
    }

    // ---- half-closed connections (3.6.1)

    @Test
    @Case(
            id = "FN-01-HALF-OPEN",
            title = "acknowledges our FIN and sends none of its own as long as its user has not closed",
            needs = KEEPS_HALF_OPEN,
            tags = {"teardown", "half-close"})
    @Requirement("RFC9293-3.10.7.4-31")
    public void finIsNotAnsweredWithFin(Peer peer) {
        peer.establish();
        peer.send(finAck());
        peer.expectAck(ACK_OF_ALL);
        peer.expectSilence();
        peer.prove(TcpState.CLOSE_WAIT);
    }

    @Test
    @Case(
            id = "FN-21",
            title = "sends what its user still has to send after our FIN, then its own FIN",
            needs = ECHO,
            tags = {"teardown", "half-close"})
    @Requirement({"RFC9293-3.10.4-2", "RFC9293-3.6.1-1"})
    public void sendsAfterOurFin(Peer peer) {
        peer.establish();
        peer.send(data(OCTETS).plus(FIN));
        Answer echo = peer.expectAck(data(OCTETS).ignoring(FIN).seq(SND_NXT).ack(RCV_NXT));
        peer.option("RFC9293-3.6.1-1", true, "sends data after our FIN");
        peer.awaitFin();
        peer.judge("FIN behind the data", () -> {
            if (fins(peer).get(0).segment().end() != echo.segment().seq() + OCTETS + 1) {
                throw peer.broken("wrong-seq", "the FIN does not follow the data");
            }
        });
        peer.prove(TcpState.LAST_ACK);
    }

    @Test
    @Case(
            id = "FN-21-RETRANSMIT",
            title = "sends data again that it sent after our FIN and that is not acknowledged",
            needs = ECHO,
            seconds = 6,
            tags = {"teardown", "half-close", "timer"})
    @Requirement("RFC9293-3.10.8-2")
    public void retransmitsAfterOurFin(Peer peer) {
        peer.establish();
        peer.send(data(OCTETS).plus(FIN));
        Segment echo = data(OCTETS).ignoring(FIN).ack(RCV_NXT).seq(at(peer.value(SND_NXT)));
        peer.expectAck(echo);
        peer.expectWithin(RETRANSMISSION, echo);
    }

    // ---- a close while data is queued

    @Test
    @Case(
            id = "FN-05",
            title = "sends all that its user has left, as our window permits, and its FIN behind the last octet",
            needs = CLOSES_FIRST,
            seconds = 9,
            tags = {"teardown", "window", "timer"})
    @Requirement("RFC9293-3.10.4-1")
    public void finWaitsForQueuedData(Peer peer) {
        // how much it has to send shows where the window is open
        Peer open = peer.another();
        open.establish();
        int whole = open.awaitFin().segment().end() - 1 - open.value(ISS) - 1;
        openWindow(peer, WINDOW);
        int first = peer.value(SND_UNA);
        int octets = 0;
        // each time it may wait for a timer, since the window is small or no multiple of its segments
        for (int waits = 0; octets < whole && waits < PATIENCE; waits++) {
            int came = peer.receive(whole - octets, ack().window(WINDOW)).length;
            octets += came;
            waits = came > 0 ? -1 : waits;
        }
        if (octets < whole) {
            throw peer.broken(
                    "too-little",
                    "of " + whole + " octets " + octets + " came where the window was open for " + WINDOW
                            + " at a time");
        }
        finBehind(peer, first + octets);
    }

    @Test
    @Case(
            id = "FN-05-LAST-ACK",
            title = "sends all that its user has left after our FIN, as our window permits,"
                    + " and its FIN behind the last octet",
            needs = ECHO,
            tags = {"teardown", "window", "half-close"})
    @Requirement({"RFC9293-3.10.4-2", "RFC9293-3.6.1-1"})
    public void finWaitsForQueuedDataAfterOurs(Peer peer) {
        int window = 1_000;
        int octets = 4_000;
        openWindow(peer, window);
        int first = peer.value(SND_UNA);
        for (int at = 0; at < octets; at += window) {
            peer.send(data(0).payload(Text.octets(at, at + window)).ack(SND_UNA).window(window));
        }
        peer.send(finAck().ack(SND_UNA).window(window));
        peer.expectAck(ack().ack(RCV_NXT));
        Text.isSentBack(peer, Text.octets(0, octets), ack().window(window));
        finBehind(peer, first + octets);
    }

    private static final int WINDOW = 3;

    /** How often nothing may come in the time of a delayed acknowledgment. */
    private static final int PATIENCE = 4;

    private static void openWindow(Peer peer, int window) {
        peer.preliminary(() -> {
            peer.send(syn().window(window));
            peer.expect(synAck().ack(IRS.plus(1)));
            peer.send(ack().window(window));
        });
    }

    /** The FIN comes, and none has come before the data was out. */
    private static void finBehind(Peer peer, int end) {
        if (peer.received(s -> s.has(FIN)).isEmpty()) {
            peer.expectAck(finAck().ignoring(PSH).where("is the first", s -> s.has(FIN)));
        }
        peer.judge("each FIN behind the last octet", () -> {
            for (Answer fin : fins(peer)) {
                if (fin.segment().end() != end + 1) {
                    throw peer.broken("wrong-seq", "a FIN does not follow the last octet of the data");
                }
            }
        });
    }

    /**
     * The FINs that came, looked at anew.
     *
     * @throws NonConformity if none did
     */
    private static List<Answer> fins(Peer peer) {
        List<Answer> fins = peer.received(s -> s.has(FIN));
        if (fins.isEmpty()) {
            throw peer.broken("no-answer", "no FIN came");
        }
        return fins;
    }

    @Test
    @Case(
            id = "FN-14",
            title = "goes on probing a closed window after its user has closed, and sends data and FIN once it opens",
            needs = CLOSES_FIRST,
            seconds = 9,
            tags = {"teardown", "window", "timer"})
    @Requirement("RFC9293-MUST-36")
    public void probesAfterClose(Peer peer) {
        openWindow(peer, 0);
        // of no octet, below what is acknowledged, or of the first one
        Segment probe = ack().ack(RCV_NXT)
                .where("is a probe", s -> s.payload().length <= 1 && s.seq() - peer.value(SND_UNA) <= 0);
        for (int i = 0; i < 2; i++) {
            peer.expectWithin(RETRANSMISSION, probe);
            peer.send(ack().ack(SND_UNA).window(0));
        }
        peer.send(ack().ack(SND_UNA));
        peer.awaitFin();
        peer.prove(TcpState.FIN_WAIT_1);
    }

    @Test
    @Case(
            id = "FN-41",
            segments = UnreadData.SEGMENTS,
            octets = UnreadData.OCTETS,
            title = "delivers what its user has not read yet when our FIN comes, before it closes",
            needs = ECHO,
            seconds = 6,
            tags = {"teardown", "window", "unread", "timer"})
    @Requirement({"RFC9293-3.10.7.4-31", "RFC9293-3.10.7.4-28"})
    public void finBehindUnreadData(Peer peer) {
        int octets = UnreadData.leave(peer, 20_000);
        int end = peer.value(SND_UNA) + octets;
        peer.send(finAck().window(0));
        peer.expectAck(ack().ack(RCV_NXT));
        peer.send(ack());
        Text.isSentBack(peer, Text.octets(0, octets));
        finBehind(peer, end);
    }
}
