package org.tcpconform.suite.rfc5961;

import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SND_NXT;

import java.util.Optional;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Segment;
import org.tcpconform.target.Profile.Choice;
import org.tcpconform.verdict.NotApplicable;

/** The challenge ACK (RFC 5961, 3.2 and 4.2). */
final class Challenge {
    /** {@code <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>}. */
    static final Segment ACK = Segment.ack().seq(SND_NXT).ack(RCV_NXT).noData();

    private Challenge() {}

    /**
     * Sends a RST or SYN in the window and expects the challenge.
     *
     * @param rule what the target is known to do with such a segment
     * @throws NotApplicable if it follows RFC 793, which it may: the connection is reset
     */
    static Answer to(Peer peer, Segment segment, Choice rule) {
        peer.send(segment);
        if (rule == Choice.RFC5961) {
            return peer.expect(ACK);
        }
        Optional<Answer> answer = peer.expectOrSilence(ACK, Segment.rst().ignoring(Flag.ACK));
        if (answer.isPresent() && !answer.get().segment().has(Flag.RST)) {
            return answer.get();
        }
        peer.prove(TcpState.CLOSED);
        throw new NotApplicable("the target resets a connection on a RST or SYN in the window, as RFC 793 has it");
    }
}
