package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.at;

import org.tcpconform.peer.Peer;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;

/**
 * A connection that the target keeps in TIME-WAIT and that we have forgotten, as after a restart: its last numbers.
 *
 * @param sndNxt SND.NXT: the target may use no number below it again (RFC 9293, 3.6.1, MAY-2)
 * @param rcvNxt RCV.NXT: one more than the number of our FIN
 */
public record OldConnection(int sndNxt, int rcvNxt) {
    /** Forgets the connection of a peer whose target is in TIME-WAIT: its next SYN begins a new one. */
    public static OldConnection of(Peer peer) {
        OldConnection old = new OldConnection(peer.value(SND_NXT), peer.value(RCV_NXT));
        peer.fresh();
        return old;
    }

    /** So far after the number of our FIN, the last of ours that the target has seen. */
    public Seq afterFin(int octets) {
        return at(rcvNxt - 1 + octets);
    }

    /** A new connection: the SYN is acknowledged, by an ISS larger than all numbers of the old connection. */
    public Segment reopened() {
        return synAck().ack(IRS.plus(1)).where("its ISS is not below the old SND.NXT", s -> s.seq() - sndNxt >= 0);
    }

    /** An acknowledgment of the old connection (RFC 9293, 3.10.7.4, first; RFC 5961, 4.2). */
    public Segment acknowledged() {
        return Segment.ack().seq(at(sndNxt)).ack(at(rcvNxt)).noData();
    }

    /** The reset that RFC 793 has for a SYN in the window. It prints no format (RFC 9293, 3.10.7.4, fourth). */
    public static Segment reset() {
        return rst().ignoring(Flag.ACK);
    }

    /**
     * Demands that the old connection is still in TIME-WAIT: our FIN, sent again, is acknowledged.
     *
     * @param options what all segments of the old connection had, such as Timestamps
     * @throws org.tcpconform.verdict.NonConformity if it is not
     */
    public void proveInTimeWait(Peer peer, Option... options) {
        peer.send(finAck().seq(afterFin(0)).ack(at(sndNxt)).options(options));
        peer.expectAck(acknowledged());
    }
}
