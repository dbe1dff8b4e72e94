package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.RCV_NXT;

import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.requirement.Family;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NonConformity;

/** Sizes of segments (RFC 9293, 3.7.1). */
public final class Sizes {
    private static final int ETHERNET_MTU = 1_500;
    /** More than the usual MSS of either version of IP, and no more than fits into a frame. */
    private static final int ENOUGH = 1_400;

    private Sizes() {}

    /** Fixed headers of IP and TCP, in octets. */
    static int headers(Peer peer) {
        return peer.family() == Family.IPV4 ? 40 : 60;
    }

    /** The MSS that counts where the SYN has none (MUST-15). */
    public static int usualMss(Peer peer) {
        return peer.family() == Family.IPV4 ? 536 : 1_220;
    }

    /** The largest that Ethernet takes. */
    public static int linkMss(Peer peer) {
        return ETHERNET_MTU - headers(peer);
    }

    /** How much the target takes in one segment, as its SYN,ACK says; no more than our link takes. */
    static int receiveMss(Peer peer, Answer synAck) {
        int announced =
                synAck.segment().option(Option.Mss.class).map(Option.Mss::value).orElse(usualMss(peer));
        return Math.min(announced, linkMss(peer));
    }

    /**
     * Makes a service that sends back send more than one segment may hold, and demands that none holds more than
     * {@code limit} octets of data and options (MUST-16).
     */
    static void sendsNoMoreThan(Peer peer, int limit) {
        Answer synAck = peer.received(s -> s.has(Flag.SYN)).get(0);
        int half = Math.min(ENOUGH, receiveMss(peer, synAck));
        // the second half first, so that the application gets both at once and sends back all at once
        peer.send(Text.piece(half, 2 * half));
        peer.send(Text.piece(0, half));
        if (peer.expectAck(ack().ack(RCV_NXT.plus(2 * half)), ack().ack(RCV_NXT.plus(half)))
                        .choice()
                == 1) {
            // it holds nothing that is out of order
            peer.send(Text.piece(half, 2 * half));
        }
        peer.advanceTo(RCV_NXT.plus(2 * half));
        Text.isSentBack(peer, Text.octets(0, 2 * half));
        isNoMoreThan(peer, limit);
    }

    /**
     * As {@link #sendsNoMoreThan}, where the size only shows which option was read.
     *
     * @param plain options of another SYN, which leave no doubt that {@code limit} is the most
     * @throws Inconclusive if the target exceeds it there as well: then its size shows nothing
     */
    static void showsByNoMoreThan(Peer peer, int limit, Option... plain) {
        try {
            sendsNoMoreThan(peer, limit);
        } catch (NonConformity e) {
            Peer other = peer.another();
            other.send(Segment.syn().options(plain));
            other.expect(Segment.synAck().ack(IRS.plus(1)));
            other.send(ack());
            try {
                sendsNoMoreThan(other, limit);
            } catch (NonConformity alike) {
                throw new Inconclusive(new Failure(
                        "masked",
                        "the target does not keep to the MSS of a plain SYN either, by which this case tells what it read",
                        alike.failure().text()));
            }
            throw e;
        }
    }

    /** Demands that no segment so far holds more than {@code limit} octets of data and options. */
    public static void isNoMoreThan(Peer peer, int limit) {
        peer.judge("no segment of more than " + limit + " octets of data and options", () -> {
            int largest = largest(peer);
            if (largest > limit) {
                throw peer.broken(
                        "mss-too-large",
                        "the target sent " + largest + " octets of data and options in one segment, where " + limit
                                + " are the most");
            }
        });
        peer.observed("the largest segment has " + largest(peer) + " octets of data and options, of " + limit);
    }

    /** The most octets of data and options that a segment with data has had. */
    static int largest(Peer peer) {
        return peer.received(s -> s.payload().length > 0).stream()
                .map(Answer::segment)
                .mapToInt(Sizes::withOptions)
                .max()
                .orElse(0);
    }

    private static int withOptions(WireSegment s) {
        return s.payload().length + s.optionArea().length;
    }
}
