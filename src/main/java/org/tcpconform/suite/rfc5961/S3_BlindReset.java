package org.tcpconform.suite.rfc5961;

import static org.tcpconform.requirement.Stimulus.CLOSES_FIRST;
import static org.tcpconform.requirement.Stimulus.DISCARD;
import static org.tcpconform.requirement.Stimulus.KEEPS_HALF_OPEN;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.at;

import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.testng.annotations.Test;

/** RFC 5961, 3: a RST is challenged, and the RST that answers the challenge ends the connection. */
public class S3_BlindReset {
    @Test
    @Case(
            id = "RS-06",
            title = "challenges a RST in the window in ESTABLISHED, and obeys the RST that answers the challenge",
            tags = {"reset", "rfc5961"})
    @Requirement({"RFC5961-3.2-3", "RFC5961-3.2-4", "RFC5961-3.2-1"})
    public void challengeInEstablished(Peer peer) {
        peer.reach(TcpState.ESTABLISHED);
        isChallengedThenObeyed(peer);
    }

    @Test
    @Case(
            id = "RS-06-FIN-WAIT-2",
            title = "challenges a RST in the window in FIN-WAIT-2, and obeys the RST that answers the challenge",
            needs = CLOSES_FIRST,
            tags = {"reset", "rfc5961", "teardown"})
    @Requirement({"RFC5961-3.2-3", "RFC5961-3.2-4"})
    public void challengeInFinWait2(Peer peer) {
        peer.reach(TcpState.FIN_WAIT_2);
        isChallengedThenObeyed(peer);
    }

    @Test
    @Case(
            id = "RS-06-CLOSE-WAIT",
            title = "challenges a RST in the window in CLOSE-WAIT, and obeys the RST that answers the challenge",
            needs = KEEPS_HALF_OPEN,
            tags = {"reset", "rfc5961", "teardown"})
    @Requirement({"RFC5961-3.2-3", "RFC5961-3.2-4"})
    public void challengeInCloseWait(Peer peer) {
        peer.reach(TcpState.CLOSE_WAIT);
        isChallengedThenObeyed(peer);
    }

    private static void isChallengedThenObeyed(Peer peer) {
        Answer challenge =
                Challenge.to(peer, rst().seq(RCV_NXT.plus(100)), peer.profile().reset());
        // as an endpoint without the connection answers it (RFC 9293, 3.5.2, first group)
        peer.send(rst().seq(at(challenge.segment().ack())));
        peer.expectSilence();
        peer.prove(TcpState.CLOSED);
    }

    @Test
    @Case(
            id = "RS-06-OUTSIDE",
            title = "drops a RST outside the window without a challenge, and the one at RCV.NXT that follows is obeyed",
            // an echo of the probe could cross with the RST
            needs = DISCARD,
            tags = {"reset", "rfc5961"})
    @Requirement({"RFC5961-3.2-2", "RFC5961-3.2-3"})
    public void outsideTheWindow(Peer peer) {
        peer.establish();
        peer.send(rst().seq(RCV_NXT.plus(RCV_WND).plus(1_000)));
        peer.expectSilence();
        peer.prove(TcpState.ESTABLISHED);
        peer.send(rst());
        // an application that sends back the octet of the probe may have done so just before
        peer.expectSilence(ack().hasData());
        peer.prove(TcpState.CLOSED);
    }
}
