package org.tcpconform.suite.rfc7323;

import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;

import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;

/**
 * An option of a length that it cannot have.
 *
 * @param octets the option, and others that fill its header up to a multiple of four octets
 */
record BrokenOption(String id, int length, String octets) implements Row {
    @Override
    public String what() {
        return "length " + length;
    }

    /** Demands that a SYN with it is not taken for an offer of the option, and that the port listens on. */
    void isNoOffer(Peer peer, Class<? extends Option> type) {
        peer.send(syn().options(new Option.Mss(Peer.MSS), Option.Raw.hex(octets)));
        peer.expectOrSilence(synAck().ack(IRS.plus(1)).without(type), rst().ignoring(Flag.ACK));
        peer.abort();
        peer.another().prove(TcpState.LISTEN);
    }
}
