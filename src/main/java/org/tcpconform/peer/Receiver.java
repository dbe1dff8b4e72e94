package org.tcpconform.peer;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.segment.SeqMath;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.verdict.Step;
import org.tcpconform.wire.Captured;

/** Takes in the target's data in order, and measures how it was sent. The words for it are those of {@link Peer}. */
final class Receiver {
    /** So many frames of one connection are enough, where a target sends octet by octet. */
    private static final int MOST_FRAMES = 2_000;

    private final Peer peer;
    private final CaseLog log;
    private final Inbox inbox;
    private final Listener listener;
    private final Tampering tampering;

    /** Where in the inbox to look for the next octet. */
    private final Inbox.Place place;
    /** Its number. */
    private int next;
    /** Where the last {@link #receive} began. */
    private int takenFrom;

    private boolean begun;

    Receiver(Peer peer, CaseLog log, Inbox inbox, Listener listener) {
        this.peer = peer;
        this.log = log;
        this.inbox = inbox;
        this.listener = listener;
        this.tampering = log.tampering();
        this.place = inbox.place();
    }

    /** The connection is forgotten. */
    void fresh() {
        begun = false;
    }

    /** See {@link Peer#receive(int, Segment)}. */
    byte[] receive(int octets, Segment acknowledgment) {
        return tampering.during(Tampering.Kind.STREAM, () -> takeIn(octets, acknowledgment));
    }

    private byte[] takeIn(int octets, Segment acknowledgment) {
        if (!begun) {
            begun = true;
            next = peer.value(Seq.ISS) + 1;
            place.index(0);
        }
        takenFrom = next;
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        int mostFrames = inbox.cursor() + MOST_FRAMES + octets / 100;
        boolean harmful = log.network().isHarmful();
        // where frames are lost the target sends them again, after an ever longer time
        Duration patience =
                harmful ? Listener.FIRST_RETRANSMISSION : peer.timing().application();
        long deadline = System.nanoTime() + patience.toNanos();
        while (taken.size() < octets && inbox.cursor() < mostFrames) {
            int seen = inbox.cursor();
            listener.takeIn();
            int before = taken.size();
            for (byte[] data = nextInOrder(); data != null; data = nextInOrder()) {
                taken.writeBytes(data);
                next += data.length;
            }
            if (taken.size() > before) {
                peer.acknowledge(acknowledgment.ack(Seq.at(next)));
                deadline = System.nanoTime() + patience.toNanos();
            } else if (harmful && came(seen)) {
                // above a gap, or again since our acknowledgment was lost (RFC 5681, 4.2; RFC 9293, 3.10.7.4)
                peer.acknowledge(acknowledgment.ack(Seq.at(next)));
            } else if (listener.isReset() || inbox.next(deadline) == null) {
                break;
            }
        }
        peer.note(Step.Kind.NOTE, "took in " + taken.size() + " octets");
        return taken.toByteArray();
    }

    /** Whether data has come from a place of the inbox on. */
    private boolean came(int from) {
        for (int i = from; i < inbox.cursor(); i++) {
            Captured c = inbox.at(i);
            if (!c.outgoing()
                    && c.frame() instanceof Frame.Tcp tcp
                    && tcp.segment().length() > 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNext(WireSegment s, int next) {
        int old = next - s.seq();
        return old >= 0 && old < s.payload().length;
    }

    /** What a segment so far has beginning with the next octet in order; null for none. */
    private byte[] nextInOrder() {
        letOracleLook();
        boolean allTaken = true;
        for (int i = place.index(); i < inbox.cursor(); i++) {
            Captured c = inbox.at(i);
            if (!c.outgoing() && c.frame() instanceof Frame.Tcp tcp && peer.isOfConnection(tcp)) {
                byte[] data = tcp.segment().payload();
                int old = next - tcp.segment().seq();
                if (old >= 0 && old < data.length) {
                    return Arrays.copyOfRange(data, old, data.length);
                }
                allTaken &= old >= data.length;
            }
            if (allTaken) {
                place.index(place.index() + 1);
            }
        }
        return null;
    }

    private void letOracleLook() {
        int wanted = next;
        // shown only where it is the next in order
        Segment data = Segment.ack().ignoring(Flag.FIN).where("is the next", s -> isNext(s, wanted));
        for (int i = place.index(); tampering.streams() && i < inbox.cursor(); i++) {
            int size = inbox.size();
            if (!inbox.at(i).outgoing() && listener.tampered(inbox.at(i), i, data) && inbox.size() < size) {
                i--;
            }
        }
    }

    /** See {@link Peer#takenIn}. */
    byte[] takenIn() {
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        for (boolean more = true; more; ) {
            more = false;
            for (int i = 0; i < inbox.cursor(); i++) {
                Captured c = inbox.at(i);
                int wanted = takenFrom + taken.size();
                if (!c.outgoing()
                        && c.frame() instanceof Frame.Tcp tcp
                        && peer.isOfConnection(tcp)
                        && isNext(tcp.segment(), wanted)) {
                    byte[] data = tcp.segment().payload();
                    taken.writeBytes(
                            Arrays.copyOfRange(data, wanted - tcp.segment().seq(), data.length));
                    more = true;
                }
            }
        }
        return taken.toByteArray();
    }

    /**
     * See {@link Peer#beyondWindow}.
     *
     * @param shift by how much the target shifts the windows that we offer
     */
    int beyondWindow(int shift) {
        int most = Integer.MIN_VALUE;
        int edge = peer.value(Seq.ISS) + 1;
        int sent = edge;
        for (Captured c : inbox.all()) {
            if (!(c.frame() instanceof Frame.Tcp tcp)) {
                continue;
            }
            WireSegment s = tcp.segment();
            if (c.outgoing() && s.has(Flag.ACK) && !s.has(Flag.RST)) {
                edge = SeqMath.max(edge, s.ack() + (s.window() << shift));
            } else if (!c.outgoing() && peer.isOfConnection(tcp) && s.payload().length > 0) {
                int end = s.seq() + s.payload().length;
                if (SeqMath.lt(sent, end)) {
                    most = Math.max(most, end - edge);
                    sent = end;
                }
            }
        }
        return most;
    }

    /** See {@link Peer#mostInFlight}. */
    int mostInFlight() {
        int most = 0;
        int acknowledged = peer.value(Seq.ISS) + 1;
        for (Captured c : inbox.all()) {
            if (c.frame() instanceof Frame.Tcp tcp
                    && c.outgoing()
                    && tcp.segment().has(Flag.ACK)) {
                acknowledged = SeqMath.max(acknowledged, tcp.segment().ack());
            } else if (c.frame() instanceof Frame.Tcp tcp && peer.isOfConnection(tcp)) {
                most = Math.max(most, tcp.segment().end() - acknowledged);
            }
        }
        return most;
    }
}
