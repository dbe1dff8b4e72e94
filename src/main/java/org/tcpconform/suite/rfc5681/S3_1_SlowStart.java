package org.tcpconform.suite.rfc5681;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.SND_NXT;

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

    /**
     * So many segments are due at the most: as much as has left the network, as much by which the window may grow, what of
     * the window was less than a segment and unused, and a probe of the tail (RFC 8985, 7).
     */
    private static final int DUE = 4;

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
        // not what we offered: whether the target goes by that is another rule
        int smss = peer.expectAck(ack().hasData()).segment().payload().length;
        awaitFlight(peer);
        int first = sent(peer);
        peer.send(ack());
        peer.expectAck(ack().hasData());
        awaitFlight(peer);
        int flight = sent(peer) - first;
        if (flight <= first || flight + (PARTS + 1) * smss > WINDOW) {
            throw new Inconclusive(Failure.of(
                    "state-not-reached",
                    "what holds the target back is not its congestion window: it has " + first
                            + " octets in flight at first, and " + flight + " after an acknowledgment of all of them"));
        }
        peer.atOnce(() -> {
            for (int part = 1; part <= PARTS; part++) {
                peer.send(ack().ack(ISS.plus(1 + first + part * smss / PARTS)));
            }
        });
        awaitFlight(peer);
        int more = sent(peer) - first - flight;
        peer.observed(PARTS + " acknowledgments for parts of " + smss + " octets brought forth " + more + " octets");
        if (more > (PARTS + 2) * smss) {
            throw new Inconclusive(Failure.of(
                    "state-not-reached",
                    "what held the target back was not its congestion window: " + more + " octets came, more than "
                            + PARTS + " acknowledgments can permit"));
        }
        if (more > DUE * smss) {
            throw peer.broken(
                    "ack-division",
                    PARTS + " acknowledgments of " + smss + " octets in all brought forth " + more
                            + " octets, as if each were of a whole segment");
        }
        peer.prove(TcpState.ESTABLISHED);
    }

    private static void awaitFlight(Peer peer) {
        peer.expectQuiet(peer.timing().together(), ack());
    }

    /** Octets of data that the target has sent so far. */
    private static int sent(Peer peer) {
        return peer.value(SND_NXT) - peer.value(ISS) - 1;
    }
}
