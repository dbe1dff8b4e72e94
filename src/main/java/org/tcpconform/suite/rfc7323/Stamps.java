package org.tcpconform.suite.rfc7323;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Seq.RCV_NXT;

import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.requirement.Feature;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;

/** A connection with Timestamps whose values we choose, counted from the one that the SYN had. */
final class Stamps {
    private static final Option NOP = new Option.Nop();

    private final Peer peer;
    private final int base;

    private Stamps(Peer peer, int base) {
        this.peer = peer;
        this.base = base;
    }

    static Stamps establish(Peer peer) {
        return establish(peer, peer.random());
    }

    static Stamps establish(Peer peer, int base) {
        return establish(
                peer, base, new Option.Mss(Peer.MSS), new Option.SackPermitted(), new Option.Timestamps(base, 0));
    }

    /** With Timestamps and nothing else that would change what comes back. */
    static Stamps plain(Peer peer) {
        int base = peer.random();
        return establish(peer, base, new Option.Mss(Peer.MSS), NOP, NOP, new Option.Timestamps(base, 0));
    }

    private static Stamps establish(Peer peer, int base, Option... options) {
        Answer synAck = peer.openTo(options);
        peer.negotiated(synAck, Option.Timestamps.class, Feature.TIMESTAMPS);
        Stamps stamps = new Stamps(peer, base);
        peer.send(stamps.on(ack(), 0));
        return stamps;
    }

    int value(int since) {
        return base + since;
    }

    /**
     * Closes our window by data that the target is to send back, so that it holds its answer. The same segment acknowledges
     * an octet that was sent back before: its ACK is news, so that no target takes its window for an old one (RFC 9293,
     * 3.10.7.4, fifth, SND.WL1 and SND.WL2).
     */
    void closeWindow(int since) {
        peer.send(on(data(1), 0));
        peer.expectAck(ack().ack(RCV_NXT).where("has the octet", s -> s.payload().length == 1));
        peer.send(on(data(10), since).window(0));
        peer.expectAck(echoing(Windows.PROBE, since));
    }

    /** The segment with a TSval of so much after the one of the SYN. */
    Segment on(Segment segment, int since) {
        return segment.options(NOP, NOP, peer.stamp(value(since)));
    }

    /** An expected segment whose TSecr is so much after the TSval of the SYN. */
    Segment echoing(Segment segment, int since) {
        return segment.where(
                "has TSecr " + Integer.toUnsignedString(value(since)) + ", which is " + since
                        + " after the SYN's TSval",
                s -> s.option(Option.Timestamps.class)
                        .filter(ts -> ts.echoReply() == value(since))
                        .isPresent());
    }
}
