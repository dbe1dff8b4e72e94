package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SND_NXT;

import java.time.Duration;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.segment.Segment;

/** What the cases on closing have in common. */
final class Closing {
    /** An acknowledgment of all that we sent, with nothing else in it. */
    static final Segment ACK_OF_ALL = ack().noData().seq(SND_NXT).ack(RCV_NXT);
    /** The target's FIN, sent for the first time. */
    static final Segment FIRST_FIN = finAck().seq(SND_NXT).ack(RCV_NXT);
    /** Longer than any first retransmission timeout on a link (RFC 6298, 2), that of BSD included, which is 6 s. */
    static final Duration RETRANSMISSION = Duration.ofSeconds(8);
    /** Sooner than a retransmission timeout follows another. */
    static final Duration SOON = Duration.ofMillis(200);

    private Closing() {}

    /**
     * The target's FIN once more, with an acknowledgment of all that we sent. What it was sent with may come again too,
     * even if it is acknowledged: only where it ends is certain.
     */
    static Segment finAgain(Peer peer) {
        return finAck().ack(RCV_NXT).where("ends at SND.NXT", s -> s.end() == peer.value(SND_NXT));
    }

    /**
     * Sends an old segment and expects that all is acknowledged once more. BSD and its heirs put the FIN that they have
     * sent into each acknowledgment until it is acknowledged itself; that this is no retransmission by the timer shows
     * when a second segment is answered so as well.
     */
    static void expectAckOf(Peer peer, Segment old) {
        peer.send(old);
        Answer answer = peer.expectAck(ACK_OF_ALL, finAgain(peer), FIRST_FIN);
        if (answer.choice() == 2) {
            // the service has closed just now, which says nothing of the old segment
            peer.send(old);
            answer = peer.expectAck(ACK_OF_ALL, finAgain(peer));
        }
        if (answer.choice() == 1) {
            peer.observed("acknowledges with its FIN once more");
            peer.send(old);
            answer = peer.expectAck(ACK_OF_ALL, finAgain(peer));
            if (answer.choice() == 1 && answer.delay().compareTo(SOON) > 0) {
                throw peer.broken("no-answer", "only the retransmission of the target's FIN came, by its timer");
            }
        }
    }
}
