package org.tcpconform.suite.rfc5961;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SND_UNA;

import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.target.Presence;
import org.tcpconform.verdict.NotApplicable;
import org.testng.annotations.Test;

/** RFC 5961, 5: how old an acknowledgment may be, where the windows are scaled. */
public class S5_BlindData {
    private static final Option NOP = new Option.Nop();
    private static final int SHIFT = 7;
    private static final int WINDOW = 2_000 << SHIFT;
    private static final int MUCH = 300_000;
    /** More than a window that is not scaled, and less than one that is. */
    private static final int OLD = 100_000;

    @Test
    @Case(
            id = "AK-05-SCALED",
            title = "takes data whose ACK is older than 65535 octets where a scaled window was larger than that",
            needs = BULK,
            tags = {"data", "bulk", "rfc5961", "window-scale"})
    @Requirement({"RFC5961-5.2-3", "RFC5961-5.2-1", "RFC9293-MAY-12"})
    public void oldWithinTheScaledWindow(Peer peer) {
        open(peer);
        peer.send(data(1).seq(RCV_NXT).ack(SND_UNA.minus(OLD)).window(WINDOW >> SHIFT));
        peer.expectAck(ack().ack(RCV_NXT.plus(1)));
    }

    @Test
    @Case(
            id = "AK-05-BEYOND",
            title = "discards data whose ACK is older than the largest window, though that was scaled",
            needs = BULK,
            tags = {"data", "bulk", "rfc5961", "window-scale"})
    @Requirement({"RFC5961-5.2-2", "RFC5961-5.2-3"})
    public void olderThanTheScaledWindow(Peer peer) {
        open(peer);
        // of another header length: a fast path may leave out the test, which SEG-ESTABLISHED-ACK-DATA-LEFT-OLD sees,
        // and a
        // queue of a busy target may make one segment of our last acknowledgment and this one
        peer.send(data(1).seq(RCV_NXT)
                .ack(SND_UNA.minus(1L << 30))
                .window(WINDOW >> SHIFT)
                .options(NOP, NOP, NOP, NOP));
        // of any number: data that was under way already may come after it
        Segment discarded = ack().ack(RCV_NXT).noData();
        if (peer.profile().dataCheck() == Presence.PRESENT) {
            peer.expectAck(discarded);
        } else if (peer.expectAck(discarded, ack().ack(RCV_NXT.plus(1))).choice() == 1) {
            throw new NotApplicable("the target does not test how old an acknowledgment is");
        }
    }

    /** Lets the target send so much that all of a scaled window has been acknowledged. */
    private static void open(Peer peer) {
        Answer synAck = peer.openTo(new Option.Mss(Peer.MSS), NOP, new Option.WindowScale(SHIFT));
        peer.negotiated(synAck, Option.WindowScale.class, Feature.WINDOW_SCALE);
        peer.send(ack().window(WINDOW >> SHIFT));
        peer.expectData(MUCH, ack().window(WINDOW >> SHIFT));
    }
}
