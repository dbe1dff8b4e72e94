package org.tcpconform.suite.rfc9293;

import java.util.Arrays;
import java.util.Optional;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;

/** A stream of octets, each of which depends on its place, so that an octet lost, doubled or misplaced shows. */
final class Text {
    private Text() {}

    /** The octets from {@code from} to before {@code to}. */
    static byte[] octets(int from, int to) {
        byte[] octets = new byte[to - from];
        for (int i = 0; i < octets.length; i++) {
            int place = from + i;
            octets[i] = (byte) ('!' + Math.floorMod(place * 31 + place / 94 * 7, 94));
        }
        return octets;
    }

    /** A segment with these octets of the stream whose octet 0 is RCV.NXT; it does not advance RCV.NXT. */
    static Segment piece(int from, int to) {
        return Segment.data(0).payload(octets(from, to)).seq(Seq.RCV_NXT.plus(from));
    }

    /** Demands that a service that sends back has got just these octets, by what it sends back. */
    static void isSentBack(Peer peer, byte[] octets) {
        isSentBack(peer, octets, Segment.ack());
    }

    /** As {@link #isSentBack(Peer, byte[])}, with acknowledgments of other fields than the usual, such as a window. */
    static void isSentBack(Peer peer, byte[] octets, Segment acknowledgment) {
        peer.receive(octets.length, acknowledgment);
        peer.judge("just these " + octets.length + " octets", () -> {
            byte[] back = peer.takenIn();
            if (!Arrays.equals(back, octets)) {
                int same = Math.max(0, Arrays.mismatch(back, octets));
                throw peer.broken(
                        "wrong-data",
                        "of " + octets.length + " octets the target delivered, as it sent back, " + back.length
                                + ", of which the first " + same + " are right");
            }
        });
    }

    /**
     * Whether the target has taken {@code octets} octets behind RCV.NXT, as its answer to them shows, of which the first
     * choice acknowledges them all, or else its answer to an old octet; RCV.NXT moves on if so. Who has acknowledged the
     * data need not answer the old octet: that is for other cases to judge.
     */
    static boolean isTaken(Peer peer, Optional<Answer> answer, int octets) {
        if (answer.filter(a -> a.choice() == 0).isEmpty()) {
            return isTaken(peer, octets);
        }
        peer.advanceTo(Seq.RCV_NXT.plus(octets));
        return true;
    }

    /**
     * Whether the target has taken {@code octets} octets behind RCV.NXT, as its answer to an old octet shows; RCV.NXT
     * moves on if so. Needed where the answer to the data itself may come late, or not at all.
     */
    static boolean isTaken(Peer peer, int octets) {
        peer.send(Segment.data(1).seq(Seq.RCV_NXT.minus(1)));
        boolean taken = peer.expectAck(
                                Segment.ack().ack(Seq.RCV_NXT.plus(octets)),
                                Segment.ack().ack(Seq.RCV_NXT))
                        .choice()
                == 0;
        if (taken) {
            peer.advanceTo(Seq.RCV_NXT.plus(octets));
        }
        return taken;
    }
}
