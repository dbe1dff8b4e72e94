package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.RCV_NXT;

import java.util.Optional;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.testng.annotations.Test;

/** Options, window and header of the SYN,ACK: RFC 9293, 3.1, 3.2, 3.7.1; RFC 7323, 2 and 3; RFC 2018, 2. */
public class S3_7_1_SynAckOptions {
    private static final Segment SYN_ACK = synAck().ack(IRS.plus(1));
    private static final int USUAL_MSS_V4 = 536;
    private static final int USUAL_MSS_V6 = 1220;
    /** Fixed IP and TCP headers, in octets. */
    private static final int HEADERS_V4 = 40;

    private static final int HEADERS_V6 = 60;
    private static final int TCP_HEADER = 20;
    /** Value that stands for any size (RFC 2675, 5.1). */
    private static final int INFINITE_MSS = 65_535;
    /** Largest shift (RFC 7323, 2.3). */
    private static final int MAX_SHIFT = 14;

    @Test
    @Case(
            id = "HP-17",
            title = "sends a SYN,ACK whose options have lengths that fit, so that they can be read",
            tags = {"handshake", "options"})
    @Requirement("RFC9293-MUST-68")
    public void optionsHaveLengths(Peer peer) {
        offersAll(peer, SYN_ACK.where("has options that can be read", s -> Option.readable(s.optionArea())));
    }

    @Test
    @Case(
            id = "HP-17-PADDING",
            title = "sends a SYN,ACK with nothing but zero behind an End of Option List",
            tags = {"handshake", "options"})
    @Requirement("RFC9293-MUST-69")
    public void paddingIsZero(Peer peer) {
        offersAll(peer, SYN_ACK.where("has zero behind the end of options", s -> Option.zeroPadded(s.optionArea())));
    }

    @Test
    @Case(
            id = "HP-17-CHECKSUM",
            title = "sends a SYN,ACK with a right checksum",
            tags = {"handshake", "checksum"})
    @Requirement("RFC9293-MUST-2")
    public void synAckHasChecksum(Peer peer) {
        // an answer with a wrong checksum is none
        offersAll(peer, SYN_ACK);
    }

    @Test
    @Case(id = "HP-17-RESERVED", title = "sends a SYN,ACK with no reserved bit set", tags = "handshake")
    @Requirement("RFC9293-3.1-1")
    public void synAckHasNoReservedBit(Peer peer) {
        offersAll(peer, SYN_ACK.reserved(0));
    }

    /** Sends a SYN with all usual options, so that the target uses as many as it knows, and demands an answer. */
    private static void offersAll(Peer peer, Segment answer) {
        peer.send(syn().options(
                        new Option.Mss(Peer.MSS),
                        new Option.SackPermitted(),
                        new Option.Timestamps(peer.random(), 0),
                        new Option.Nop(),
                        new Option.WindowScale(7)));
        peer.expect(answer);
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "MS-09",
            title = "announces its maximum segment size in the SYN,ACK, unless it is the usual one",
            tags = {"handshake", "options"})
    @Requirement({"RFC9293-SHLD-5", "RFC9293-MAY-3"})
    public void mssIsAnnounced(Peer peer) {
        Answer answer = peer.openTo();
        Optional<Option.Mss> mss = answer.segment().option(Option.Mss.class);
        int usual = peer.family() == Family.IPV4 ? USUAL_MSS_V4 : USUAL_MSS_V6;
        peer.option(
                "RFC9293-MAY-3",
                mss.isPresent(),
                mss.map(m -> "the SYN,ACK announces an MSS of " + m.value())
                        .orElse("the SYN,ACK announces no MSS, so that " + usual + " counts"));
        // without the option the usual size counts; with it no more than that either, since a link on the way may be
        // narrow
        peer.send(ack());
        peer.send(data(Math.max(1, Math.min(mss.map(Option.Mss::value).orElse(usual), usual))));
        peer.expectAck(ack().ack(RCV_NXT));
    }

    @Test
    @Case(
            id = "MS-09-VALUE",
            title = "announces no MSS beyond what fits into an IP datagram",
            tags = {"handshake", "options"})
    @Requirement("RFC9293-MUST-67")
    public void mssFitsDatagram(Peer peer) {
        peer.openTo();
        peer.judge("no MSS beyond an IP datagram", () -> fitsDatagram(peer));
        peer.prove(TcpState.SYN_RECEIVED);
    }

    private static void fitsDatagram(Peer peer) {
        boolean v4 = peer.family() == Family.IPV4;
        int headers = v4 ? HEADERS_V4 : HEADERS_V6;
        // the length field of IPv4 counts the header of 20 octets, that of IPv6 does not
        int most = 65_535 - (v4 ? HEADERS_V4 : TCP_HEADER);
        peer.synAck().segment().option(Option.Mss.class).ifPresent(mss -> {
            if (!v4 && mss.value() == INFINITE_MSS) {
                peer.observed(
                        "the MSS of 65535 stands for any size: the target's link takes jumbograms (RFC 2675, 5.1)");
                return;
            }
            if (mss.value() > most) {
                throw peer.broken(
                        "mss-too-large",
                        "the MSS of " + mss.value() + " exceeds the " + most + " octets that fit into an IP datagram");
            }
            peer.observed("MSS " + mss.value() + " is an MTU of " + (mss.value() + headers) + " octets");
        });
    }

    @Test
    @Case(
            id = "WS-01",
            title = "answers Window Scale with Window Scale",
            tags = {"handshake", "options"})
    @Requirement("RFC7323-2.3-1")
    public void windowScaleIsAnswered(Peer peer) {
        peer.observed("window scale " + scaled(peer));
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "WS-01-SHIFT",
            title = "announces a shift of 14 at most",
            tags = {"handshake", "options"})
    @Requirement("RFC7323-2.3-7")
    public void shiftIsLimited(Peer peer) {
        scaled(peer);
        peer.judge("a shift of " + MAX_SHIFT + " at most", () -> {
            int shift = peer.negotiated(peer.synAck(), Option.WindowScale.class, Feature.WINDOW_SCALE)
                    .shift();
            if (shift > MAX_SHIFT) {
                throw peer.broken("shift-too-large", "the shift of " + shift + " exceeds " + MAX_SHIFT);
            }
        });
        peer.prove(TcpState.SYN_RECEIVED);
    }

    /** The shift by which the target answers a SYN that offers scaling. */
    private static int scaled(Peer peer) {
        Answer answer = peer.openTo(new Option.Mss(Peer.MSS), new Option.Nop(), new Option.WindowScale(7));
        return peer.negotiated(answer, Option.WindowScale.class, Feature.WINDOW_SCALE)
                .shift();
    }

    @Test
    @Case(
            id = "WS-02",
            title = "sends no Window Scale in the SYN,ACK where the SYN had none",
            tags = {"handshake", "options"})
    @Requirement("RFC7323-2.2-4")
    public void windowScaleIsNotForced(Peer peer) {
        peer.send(syn());
        peer.expect(SYN_ACK.without(Option.WindowScale.class));
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "WS-06",
            title = "does not scale the window of the SYN,ACK: it offers no less than a segment",
            tags = {"handshake", "options"})
    @Requirement("RFC7323-2.2-6")
    public void synAckWindowIsNotScaled(Peer peer) {
        peer.openTo();
        Peer scaled = peer.another();
        scaled(scaled);
        scaled.judge("a window as without scaling", () -> {
            int shift = scaled.negotiated(scaled.synAck(), Option.WindowScale.class, Feature.WINDOW_SCALE)
                    .shift();
            int expected = peer.synAck().segment().window();
            int offered = scaled.synAck().segment().window();
            // a window that was shifted would be that much smaller than the one without scaling
            if (shift > 1 && offered <= expected >> shift) {
                throw scaled.broken(
                        "scaled-syn-window",
                        "with scaling by " + shift + " the SYN,ACK offers " + offered + " octets, without it "
                                + expected + ": the field of a SYN must not be scaled");
            }
        });
        scaled.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "TS-01",
            title = "answers Timestamps with Timestamps that echo the SYN's value",
            tags = {"handshake", "options", "timestamps"})
    @Requirement("RFC7323-3.2-3")
    public void timestampsAreEchoed(Peer peer) {
        int value = peer.random() | 1;
        peer.openTo(new Option.Mss(Peer.MSS), new Option.SackPermitted(), new Option.Timestamps(value, 0));
        peer.judge("TSecr is the TSval of the SYN", () -> {
            int echoed = peer.negotiated(peer.synAck(), Option.Timestamps.class, Feature.TIMESTAMPS)
                    .echoReply();
            if (echoed != value) {
                throw peer.broken(
                        "wrong-echo",
                        "TSecr is " + Integer.toUnsignedString(echoed) + ", the SYN had TSval "
                                + Integer.toUnsignedString(value));
            }
        });
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "TS-02",
            title = "sends no Timestamps where the SYN had none",
            tags = {"handshake", "options", "timestamps"})
    @Requirement("RFC7323-3.2-1")
    public void timestampsAreNotForced(Peer peer) {
        peer.send(syn());
        peer.expect(SYN_ACK.without(Option.Timestamps.class));
        peer.send(ack());
        peer.send(data(10));
        peer.expectAck(ack().ack(RCV_NXT).without(Option.Timestamps.class));
    }

    @Test
    @Case(
            id = "TS-04",
            title = "ignores the TSecr of a SYN, which means nothing without ACK",
            tags = {"handshake", "options", "timestamps"})
    @Requirement("RFC7323-3.2-4")
    public void echoOfSynIsIgnored(Peer peer) {
        peer.send(syn().options(
                        new Option.Mss(Peer.MSS),
                        new Option.SackPermitted(),
                        new Option.Timestamps(peer.random(), 0xdead_beef)));
        peer.expect(SYN_ACK);
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "SK-01",
            title = "answers SACK-Permitted with SACK-Permitted where it does selective acknowledgment",
            tags = {"handshake", "options"},
            observes = true)
    @Requirement("RFC2018-2-1")
    public void sackIsNegotiated(Peer peer) {
        Answer answer =
                peer.openTo(new Option.Mss(Peer.MSS), new Option.Nop(), new Option.Nop(), new Option.SackPermitted());
        boolean used = answer.segment().option(Option.SackPermitted.class).isPresent();
        peer.option("RFC2018-2-1", used, "the target " + (used ? "does" : "does not do") + " selective acknowledgment");
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "SK-02",
            title = "sends no SACK option on a connection whose SYN had no SACK-Permitted",
            tags = {"handshake", "options"})
    @Requirement("RFC2018-4-3")
    public void sackIsNotForced(Peer peer) {
        Answer answer = peer.openTo();
        if (answer.segment().option(Option.SackPermitted.class).isPresent()) {
            peer.observed("the SYN,ACK has SACK-Permitted although the SYN had none, which no rule forbids");
        }
        peer.send(ack());
        // a hole would be reported if selective acknowledgment were on
        peer.send(data(10).seq(RCV_NXT.plus(10)));
        peer.expectAck(ack().ack(RCV_NXT).without(Option.Sack.class));
        peer.send(data(10));
        peer.expectAck(
                ack().where("acknowledges the first piece at least", s -> true).without(Option.Sack.class));
    }
}
