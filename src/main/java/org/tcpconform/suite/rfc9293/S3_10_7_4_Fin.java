package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.CLOSES_FIRST;
import static org.tcpconform.requirement.Stimulus.CLOSES_ON_FIN;
import static org.tcpconform.requirement.Stimulus.KEEPS_HALF_OPEN;
import static org.tcpconform.segment.Flag.ACK;
import static org.tcpconform.segment.Flag.FIN;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.segment;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.SND_UNA;
import static org.tcpconform.suite.rfc9293.Closing.ACK_OF_ALL;

import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Segment;
import org.testng.annotations.Test;

/** RFC 9293, 3.10.7.4: a segment with FIN arrives for a connection, for the first time or again. */
public class S3_10_7_4_Fin {
    /** An acknowledgment of all that we sent on a segment that the target's user had it send. */
    private static final Segment ACK_ON_A_SEGMENT =
            ack().ignoring(FIN).ack(RCV_NXT).where("brings data or FIN", s -> s.length() > 0);

    private static final int OCTETS = 5;

    // ---- the first FIN

    @Test
    @Case(
            id = "FN-01",
            title = "acknowledges a FIN in ESTABLISHED with its sequence number plus one",
            tags = "teardown")
    @Requirement({"RFC9293-3.10.7.4-31", "RFC9293-3.4-6"})
    public void finIsAcknowledged(Peer peer) {
        peer.establish();
        peer.send(finAck());
        peer.expectAck(ACK_OF_ALL, ACK_ON_A_SEGMENT);
    }

    @Test
    @Case(id = "FN-02", title = "drops a FIN without ACK in ESTABLISHED, and takes no notice of it", tags = "teardown")
    @Requirement("RFC9293-3.10.7.4-16")
    public void finWithoutAckIsDropped(Peer peer) {
        peer.establish();
        peer.send(segment(FIN).seq(RCV_NXT));
        peer.expectSilence(ACK_ON_A_SEGMENT);
        peer.prove(TcpState.ESTABLISHED);
    }

    /** What comes behind a hole of {@link #OCTETS} octets. */
    record Early(String id, String what, int octets) implements Row {
        Segment segment() {
            return finAck().payload(octets);
        }

        int length() {
            return octets + 1;
        }
    }

    static List<Early> early() {
        return List.of(new Early("FIN", "a FIN", 0), new Early("DATA-AND-FIN", "data and FIN", 3));
    }

    @Test
    @Case(
            id = "FN-40",
            title = "does not act on {} with octets missing before it until they have come",
            rows = "early",
            tags = {"teardown", "reordering"})
    @Requirement({"RFC9293-3.10.7.4-35", "RFC9293-MAY-13", "RFC1122-4.2.2.21-1"})
    public void finWaitsForWhatIsBefore(Peer peer, Early early) {
        peer.establish();
        peer.send(early.segment().seq(RCV_NXT.plus(OCTETS)));
        boolean answered = peer.expectSilence(ack().noData().ack(RCV_NXT), ACK_ON_A_SEGMENT).stream()
                .anyMatch(a -> a.choice() == 0);
        for (String option : List.of("RFC9293-MAY-13", "RFC1122-4.2.2.21-1")) {
            peer.option(
                    option,
                    answered,
                    (answered ? "answers" : "does not answer") + " a segment ahead of a hole with ACK");
        }
        peer.send(data(OCTETS));
        boolean held = peer.expectAck(
                                ack().ignoring(FIN).ack(RCV_NXT.plus(early.length())),
                                ack().ignoring(FIN).ack(RCV_NXT))
                        .choice()
                == 0;
        peer.observed(held ? "keeps it and acts on it once the hole is filled" : "does not keep it (SHLD-31)");
        peer.send(early.segment().ack(SND_UNA));
        peer.expectAck(ACK_OF_ALL, ACK_ON_A_SEGMENT);
    }

    // ---- data with the FIN, after the target has closed its side

    @Test
    @Case(
            id = "FN-12",
            title = "acknowledges both data and FIN that come together in FIN-WAIT-1,"
                    + " or resets as a half-duplex close may",
            needs = CLOSES_FIRST,
            tags = {"teardown", "half-close", "time-wait"})
    @Requirement({"RFC9293-3.10.7.4-32", "RFC9293-MAY-1"})
    public void finWait1TakesDataAndFin(Peer peer) {
        takesDataAndFin(peer, TcpState.FIN_WAIT_1);
    }

    @Test
    @Case(
            id = "FN-17",
            title = "acknowledges both data and FIN that come together in FIN-WAIT-2,"
                    + " or resets as a half-duplex close may",
            needs = CLOSES_FIRST,
            tags = {"teardown", "half-close", "time-wait"})
    @Requirement({"RFC9293-3.10.7.4-33", "RFC9293-MAY-1"})
    public void finWait2TakesDataAndFin(Peer peer) {
        takesDataAndFin(peer, TcpState.FIN_WAIT_2);
    }

    private static void takesDataAndFin(Peer peer, TcpState state) {
        peer.reach(state);
        peer.send(finAck().payload(OCTETS));
        Answer answer = peer.expectAck(ACK_OF_ALL, rst().ignoring(ACK).seq(SEG_ACK));
        if (answer.choice() == 0) {
            peer.option("RFC9293-MAY-1", false, "takes the data after its FIN");
            peer.prove(TcpState.TIME_WAIT);
        } else {
            peer.option("RFC9293-MAY-1", true, "resets, since its user closed both ways (MAY-1, SHLD-3)");
            peer.prove(TcpState.CLOSED);
        }
    }

    // ---- the same FIN again

    @Test
    @Case(id = "FN-03", title = "acknowledges a FIN that comes again, with the same number", tags = "teardown")
    @Requirement({"RFC9293-3.10.7.4-34", "RFC9293-3.10.7.4-1"})
    public void repeatedFinIsAcknowledged(Peer peer) {
        peer.establish();
        peer.send(finAck());
        peer.expectAck(ACK_OF_ALL, ACK_ON_A_SEGMENT);
        repeatFin(peer);
    }

    @Test
    @Case(
            id = "FN-23",
            title = "acknowledges a FIN that comes again in CLOSE-WAIT, and stays there",
            needs = KEEPS_HALF_OPEN,
            tags = {"teardown", "half-close"})
    @Requirement({"RFC9293-3.10.7.4-34", "RFC9293-3.10.7.4-1"})
    public void repeatedFinInCloseWait(Peer peer) {
        peer.reach(TcpState.CLOSE_WAIT);
        repeatFin(peer);
        peer.prove(TcpState.CLOSE_WAIT);
    }

    @Test
    @Case(
            id = "FN-31",
            title = "acknowledges a FIN that comes again in LAST-ACK, and stays there",
            needs = CLOSES_ON_FIN,
            tags = "teardown")
    @Requirement({"RFC9293-3.10.7.4-34", "RFC9293-3.10.7.4-1"})
    public void repeatedFinInLastAck(Peer peer) {
        peer.reach(TcpState.LAST_ACK);
        repeatFin(peer);
        peer.prove(TcpState.LAST_ACK);
    }

    @Test
    @Case(
            id = "FN-27",
            title = "acknowledges a FIN that comes again in CLOSING, and stays there",
            needs = CLOSES_FIRST,
            tags = {"teardown", "simultaneous-close"})
    @Requirement({"RFC9293-3.10.7.4-34", "RFC9293-3.10.7.4-1"})
    public void repeatedFinInClosing(Peer peer) {
        peer.reach(TcpState.CLOSING);
        repeatFin(peer);
        peer.prove(TcpState.CLOSING);
    }

    static List<WayToTimeWait> ways() {
        return List.of(WayToTimeWait.values());
    }

    @Test
    @Case(
            id = "FN-33",
            title = "acknowledges a FIN that comes again in TIME-WAIT, reached {}, and stays there",
            needs = CLOSES_FIRST,
            rows = "ways",
            tags = {"teardown", "time-wait"})
    @Requirement("RFC9293-3.10.7.4-26")
    public void repeatedFinInTimeWait(Peer peer, WayToTimeWait way) {
        way.take(peer);
        repeatFin(peer);
        peer.prove(TcpState.TIME_WAIT);
    }

    /** Sends our FIN again, as if its acknowledgment was lost, and expects that acknowledgment again. */
    private static void repeatFin(Peer peer) {
        Closing.expectAckOf(peer, finAck().seq(RCV_NXT.minus(1)).ack(SND_UNA));
    }

    @Test
    @Case(
            id = "SQ-25",
            title =
                    "takes a FIN above a hole once, when the hole is filled, and only acknowledges it when it comes again",
            needs = KEEPS_HALF_OPEN,
            tags = {"teardown", "half-close", "reordering"})
    @Requirement({"RFC9293-3.10.7.4-35", "RFC9293-3.10.7.4-34", "RFC9293-3.10.7.4-1"})
    public void finAboveAHoleComesAgain(Peer peer) {
        peer.establish();
        peer.send(finAck().seq(RCV_NXT.plus(1)));
        peer.expectSilence(ACK_OF_ALL);
        peer.send(data(1));
        boolean held = peer.expectAck(
                                ack().noData().ack(RCV_NXT.plus(1)),
                                ack().noData().ack(RCV_NXT))
                        .choice()
                == 0;
        peer.observed(held ? "keeps the FIN" : "does not keep the FIN (SHLD-31)");
        // in order now, or old where it was held
        peer.send(finAck());
        peer.expectAck(ACK_OF_ALL);
        repeatFin(peer);
        peer.prove(TcpState.CLOSE_WAIT);
    }
}
