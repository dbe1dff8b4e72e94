package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.CLOSES_FIRST;
import static org.tcpconform.requirement.Stimulus.DISCARD;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.segment.Flag.FIN;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SEG_SEQ;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.at;
import static org.tcpconform.suite.rfc9293.Closing.RETRANSMISSION;

import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.verdict.Series;
import org.testng.annotations.Test;

/** RFC 9293, 3.5: establishing a connection, with the target as the side that listens. */
public class S3_5_Handshake {
    /** {@code <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>}, where only the SYN has been taken in (RFC 9293, 3.10.7.2). */
    private static final Segment SYN_ACK = synAck().ack(IRS.plus(1));
    /** The same SYN-ACK once more. */
    private static final Segment SYN_ACK_AGAIN = synAck().seq(ISS).ack(IRS.plus(1));
    /** {@code <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>}, the answer to what is not acceptable (RFC 9293, 3.10.7.4, first). */
    private static final Segment EMPTY_ACK =
            ack().seq(ISS.plus(1)).ack(IRS.plus(1)).noData();

    @Test
    @Case(
            id = "HP-01",
            title = "answers a SYN with SYN,ACK of its SEQ plus one, without data",
            tags = {"handshake", "smoke"})
    @Requirement({"RFC9293-3.10.7.2-3", "RFC9293-3.4-6"})
    public void synIsAnswered(Peer peer) {
        peer.send(syn());
        peer.expect(SYN_ACK.noData());
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "HP-02",
            title = "is in ESTABLISHED after the ACK of its SYN: keeps silent to it and acknowledges data",
            tags = {"handshake", "smoke"})
    @Requirement("RFC9293-3.10.7.4-SR-1")
    public void thirdSegmentEstablishes(Peer peer) {
        peer.openTo();
        peer.send(ack());
        peer.expectSilence();
        peer.send(data(10));
        peer.expectAck(ack().ack(RCV_NXT));
    }

    @Test
    @Case(id = "HP-03", title = "takes data that comes with the ACK of its SYN", tags = "handshake")
    @Requirement("RFC9293-3.10.7.4-28")
    public void thirdSegmentMayCarryData(Peer peer) {
        peer.openTo();
        peer.send(data(10));
        peer.expectAck(ack().ack(RCV_NXT));
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "HP-04",
            title = "takes a FIN that comes with the ACK of its SYN, and acknowledges it",
            needs = DISCARD,
            tags = "handshake")
    @Requirement("RFC9293-3.10.7.4-31")
    public void thirdSegmentMayCarryFin(Peer peer) {
        peer.openTo();
        peer.send(finAck());
        // the ACK may ride on the target's own FIN
        peer.expectAck(ack().ack(RCV_NXT).ignoring(FIN));
    }

    @Test
    @Case(
            id = "HP-05",
            title = "is in ESTABLISHED by a data segment with ACK where the ACK of its SYN was lost",
            tags = "handshake")
    @Requirement("RFC9293-3.10.7.4-SR-1")
    public void dataInPlaceOfLostAck(Peer peer) {
        peer.openTo();
        // the ACK of the handshake is not sent at all
        peer.send(data(10));
        peer.expectAck(ack().ack(RCV_NXT));
        peer.send(data(10));
        peer.expectAck(ack().ack(RCV_NXT));
    }

    @Test
    @Case(
            id = "HP-06",
            title = "answers a SYN with data by SYN,ACK of the SYN, and takes the data once the connection is open",
            needs = ECHO,
            tags = "handshake")
    @Requirement("RFC9293-3.10.7.2-3")
    public void dataOnSyn(Peer peer) {
        byte[] text = "data on the SYN".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        peer.send(syn().payload(text));
        // the SYN alone (queued or dropped data), or SYN and data at once (RFC 9293, 3.5 permits to hold it)
        Answer answer = peer.expect(
                SYN_ACK.noData(), synAck().ack(IRS.plus(1 + text.length)).noData());
        peer.send(ack().seq(IRS.plus(1)));
        // kept or dropped, data sent again must be taken; the echo shows that it came through whole and once
        peer.send(segmentOf(text).seq(IRS.plus(1)));
        peer.advanceTo(IRS.plus(1 + text.length));
        Text.isSentBack(peer, text);
        peer.judge("the echo acknowledges the data", () -> {
            if (peer.received(s -> s.payload().length > 0).stream()
                    .limit(1)
                    .anyMatch(echo -> echo.segment().ack() != peer.value(RCV_NXT))) {
                throw peer.broken("wrong-ack", "the echo does not acknowledge the data that it answers");
            }
        });
        peer.observed(
                answer.choice() == 1
                        ? "data on a SYN is acknowledged by the SYN,ACK"
                        : "data on a SYN is not acknowledged by the SYN,ACK");
    }

    private static Segment segmentOf(byte[] text) {
        return data(0).payload(text);
    }

    /** An initial sequence number of ours. */
    record Isn(String id, String what, Seq seq) implements Row {}

    static List<Isn> sequenceNumbers() {
        return List.of(
                new Isn("07", "0xffffffff, so that it wraps", at(0xffff_ffffL)),
                new Isn("08", "0", at(0)),
                new Isn("09", "0x12345678", at(0x1234_5678L)),
                new Isn("09-SIGN", "0x7fffffff, at the change of sign", at(0x7fff_ffffL)));
    }

    @Test
    @Case(
            id = "HP",
            title = "acknowledges exactly the SEQ plus one of a SYN of SEQ {}, and takes the data behind it",
            rows = "sequenceNumbers",
            tags = "handshake")
    @Requirement({"RFC9293-3.10.7.2-3", "RFC9293-3.4-1"})
    public void anySequenceNumber(Peer peer, Isn isn) {
        peer.send(syn().seq(isn.seq()));
        peer.expect(synAck().ack(SEG_SEQ.plus(1)));
        peer.send(ack());
        peer.send(data(10));
        peer.expectAck(ack().ack(isn.seq().plus(11)));
    }

    @Test
    @Case(
            id = "HP-10",
            title = "answers its SYN once more with an ACK, or the SYN,ACK again, and keeps SYN-RECEIVED",
            tags = "handshake")
    @Requirement("RFC9293-3.10.7.4-14")
    public void repeatedSyn(Peer peer) {
        peer.openTo();
        peer.send(syn().seq(IRS));
        Answer answer = peer.expectBeforeTimer(EMPTY_ACK, SYN_ACK_AGAIN);
        peer.observed(
                answer.choice() == 0
                        ? "a repeated SYN in SYN-RECEIVED is answered with an ACK"
                        : "a repeated SYN in SYN-RECEIVED is answered with the SYN,ACK again");
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "HP-11",
            title = "answers SYNs from three ports to one listener with three SYN,ACKs, each for itself",
            tags = "handshake")
    @Requirement("RFC9293-MUST-42")
    public void severalPeersOfOneListener(Peer peer) {
        List<Peer> peers = List.of(peer, peer.another(), peer.another());
        peers.forEach(p -> p.send(syn()));
        peers.forEach(p -> p.expect(SYN_ACK));
        peers.forEach(p -> p.prove(TcpState.SYN_RECEIVED));
    }

    @Test
    @Case(
            id = "HP-12",
            title = "answers SYNs to three listeners with three SYN,ACKs, each for itself",
            needs = {ECHO, DISCARD, CLOSES_FIRST},
            tags = "handshake")
    @Requirement("RFC9293-3.10.7.2-3")
    public void severalListeners(Peer peer) {
        List<Peer> peers = List.of(peer, peer.another(DISCARD), peer.another(CLOSES_FIRST));
        peers.forEach(p -> p.send(syn()));
        peers.forEach(p -> p.expect(SYN_ACK));
        peers.forEach(p -> p.prove(TcpState.SYN_RECEIVED));
    }

    @Test
    @Case(
            id = "HP-13",
            title = "sends at once where the SYN offered no window and the ACK of the handshake does",
            needs = CLOSES_FIRST,
            tags = "handshake")
    @Requirement("RFC9293-3.10.7.4-SR-1")
    public void windowOfTheThirdSegmentCounts(Peer peer) {
        peer.send(syn().window(0));
        peer.expect(SYN_ACK);
        peer.send(ack().window(4096));
        Answer answer = peer.expect(ack().ignoring(FIN).where("carries data", s -> s.payload().length > 1));
        peer.observed("the first data came " + answer.delay().toMillis() + " ms after the window opened");
    }

    @Test
    @Case(
            id = "HP-14",
            title = "keeps silent to the ACK of its SYN sent once more, and stays in ESTABLISHED",
            tags = "handshake")
    @Requirement("RFC9293-3.10.7.4-18")
    public void repeatedThirdSegment(Peer peer) {
        peer.establish();
        peer.send(ack());
        peer.expectSilence();
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "HP-15",
            title = "sends the SYN,ACK again while it is not acknowledged",
            seconds = 6,
            tags = {"handshake", "timer"})
    @Requirement("RFC9293-3.10.8-3")
    public void synAckIsRetransmitted(Peer peer) {
        Answer first = peer.openTo();
        Answer again = peer.expectWithin(RETRANSMISSION, SYN_ACK_AGAIN);
        if (!kinds(again).equals(kinds(first))) {
            peer.observed("the SYN,ACK that is sent again has other options than the first");
        }
    }

    private static List<Integer> kinds(Answer answer) {
        return answer.segment().options().stream().map(Option::kind).toList();
    }

    @Test
    @Case(
            id = "HP-15-BACKOFF",
            title = "sends the SYN,ACK again at growing intervals",
            seconds = 9,
            tags = {"handshake", "long"})
    @Requirement("RFC6298-5-4")
    public void synAckTimerBacksOff(Peer peer) {
        Answer first = peer.openTo();
        peer.retransmissions(first, 3, SYN_ACK_AGAIN);
    }

    @Test
    @Case(
            id = "HP-18",
            title = "answers another SYN outside the window with an ACK, or the SYN,ACK again, and keeps SYN-RECEIVED",
            tags = "handshake")
    @Requirement("RFC9293-3.10.7.4-1")
    public void otherSynOutsideWindow(Peer peer) {
        peer.openTo();
        peer.send(syn().seq(RCV_NXT.plus(RCV_WND).plus(1000)));
        peer.expectBeforeTimer(EMPTY_ACK, SYN_ACK_AGAIN);
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "HP-20",
            title = "keeps silent to a window update between handshake and data, and stays in ESTABLISHED",
            tags = "handshake")
    @Requirement("RFC9293-3.10.7.4-18")
    public void windowUpdate(Peer peer) {
        peer.establish();
        peer.send(ack().window(32_768));
        peer.expectSilence();
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "HP-02-CLOSE",
            title = "goes through a whole connection: handshake, data both ways, and a close that the peer begins",
            needs = ECHO,
            tags = {"handshake", "teardown", "smoke"})
    @Requirement("RFC9293-3.10.7.4-25")
    public void wholeConnection(Peer peer) {
        peer.establish();
        peer.preliminary(() -> {
            peer.send(data(10));
            peer.expectAck(ack().ack(RCV_NXT).payload(10));
            peer.send(finAck());
            peer.expectAck(finAck().seq(SND_NXT).ack(RCV_NXT));
        });
        peer.send(ack());
        peer.expectSilence();
        peer.prove(TcpState.CLOSED);
    }

    private static final int LATENCY_SAMPLES = 50;

    @Test
    @Case(
            id = "HP-01-LATENCY",
            segments = 160,
            octets = 16_000,
            connections = 80,
            title = "answers SYNs in a time that is recorded",
            tags = "handshake",
            observes = true)
    @Requirement("RFC9293-3.10.7.2-3")
    public void handshakeLatency(Peer peer) {
        double[] micros = new double[LATENCY_SAMPLES];
        for (int i = 0; i < micros.length; i++) {
            peer.fresh();
            peer.send(syn());
            micros[i] = peer.expect(SYN_ACK).delay().toNanos() / 1e3;
            peer.abort();
        }
        peer.measured(new Series("SYN to SYN,ACK", Series.Shape.HISTOGRAM, "µs", new double[0], micros));
        java.util.Arrays.sort(micros);
        peer.observed(String.format(
                java.util.Locale.ROOT,
                "SYN to SYN,ACK: median %.0f µs, p99 %.0f µs, over %d handshakes",
                micros[micros.length / 2],
                micros[(int) Math.ceil(micros.length * 0.99) - 1],
                micros.length));
    }
}
