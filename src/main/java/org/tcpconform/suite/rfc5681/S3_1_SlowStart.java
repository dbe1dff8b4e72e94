package org.tcpconform.suite.rfc5681;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.SND_NXT;

import java.time.Duration;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.segment.Option;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;
import org.testng.annotations.Test;

/** RFC 5681, 3.1: by how much acknowledgments open the congestion window. */
public class S3_1_SlowStart {
    private static final int MSS = 600;
    /** So many acknowledgments for one segment. */
    private static final int PARTS = 20;

    private static final int WINDOW = 65_535;

    /** Not as much as a segment of the congestion window may be unused, and a probe of the tail (RFC 8985, 7) come. */
    private static final int UNUSED = 2 * MSS;

    /** What a target sends together comes within this time and a round trip; no timer of its own runs as early. */
    private static final Duration TOGETHER = Duration.ofMillis(50);

    @Test
    @Case(
            id = "AK-19",
            title = "opens its congestion window by no more than the octets that are acknowledged, where many ACKs"
                    + " acknowledge a part of one segment each",
            needs = BULK,
            tags = {"bulk", "ack"})
    @Requirement("RFC5681-3.1-10")
    public void acknowledgmentDivision(Peer peer) {
        peer.openTo(new Option.Mss(MSS));
        peer.send(ack());
        peer.expectAck(ack().hasData());
        awaitFlight(peer);
        int first = sent(peer);
        peer.send(ack());
        peer.expectAck(ack().hasData());
        awaitFlight(peer);
        int flight = sent(peer) - first;
        if (flight <= first || flight + (PARTS + 1) * MSS + UNUSED > WINDOW) {
            throw new Inconclusive(Failure.of(
                    "state-not-reached",
                    "what holds the target back is not its congestion window: it has " + first
                            + " octets in flight at first, and " + flight + " after an acknowledgment of all of them"));
        }
        peer.atOnce(() -> {
            for (int part = 1; part <= PARTS; part++) {
                peer.send(ack().ack(ISS.plus(1 + first + part * MSS / PARTS)));
            }
        });
        awaitFlight(peer);
        int more = sent(peer) - first - flight;
        peer.observed(PARTS + " acknowledgments for parts of " + MSS + " octets brought forth " + more + " octets");
        // as much as has left the network, and as much by which the window may grow
        if (more > 2 * MSS + UNUSED) {
            throw peer.broken(
                    "ack-division",
                    PARTS + " acknowledgments of " + MSS + " octets in all brought forth " + more
                            + " octets, though no more than " + 2 * MSS + " and what was left of the window are due");
        }
        peer.prove(TcpState.ESTABLISHED);
    }

    private static void awaitFlight(Peer peer) {
        peer.expectQuiet(peer.timing().rtt().plus(TOGETHER), ack());
    }

    /** Octets of data that the target has sent so far. */
    private static int sent(Peer peer) {
        return peer.value(SND_NXT) - peer.value(ISS) - 1;
    }
}
