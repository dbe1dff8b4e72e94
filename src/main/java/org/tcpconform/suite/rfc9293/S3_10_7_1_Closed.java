package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.CLOSED_PORT;
import static org.tcpconform.segment.Flag.ACK;
import static org.tcpconform.segment.Flag.FIN;
import static org.tcpconform.segment.Flag.PSH;
import static org.tcpconform.segment.Flag.RST;
import static org.tcpconform.segment.Flag.SYN;
import static org.tcpconform.segment.Flag.URG;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.rstAck;
import static org.tcpconform.segment.Segment.segment;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.SEG_LEN;
import static org.tcpconform.segment.Seq.SEG_SEQ;
import static org.tcpconform.segment.Seq.ZERO;
import static org.tcpconform.segment.Seq.at;

import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Destinations;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.testng.annotations.Test;

/** RFC 9293, 3.10.7.1: a segment arrives for a port with no connection and no listener. */
public class S3_10_7_1_Closed {
    /** The answer to a segment without ACK (RFC 9293, 3.5.2 and 3.10.7.1). */
    private static final Segment RESET_WITHOUT_ACK = rstAck().seq(ZERO).ack(SEG_SEQ.plus(SEG_LEN));
    /** The answer to a segment with ACK (RFC 9293, 3.5.2 and 3.10.7.1). */
    private static final Segment RESET_WITH_ACK = rst().seq(SEG_ACK);

    /** A segment to send. */
    record Shape(String id, String what, Segment stimulus) implements Row {
        static Shape of(String id, String what, int octets, Flag... flags) {
            return new Shape(id, what, segment(flags).payload(octets));
        }
    }

    static List<Shape> withoutAck() {
        return List.of(
                Shape.of("01", "a SYN", 0, SYN),
                Shape.of("02", "a SYN with data", 7, SYN),
                Shape.of("03", "a SYN,FIN", 0, SYN, FIN),
                Shape.of("03-DATA", "a SYN,FIN with data", 7, SYN, FIN),
                Shape.of("04", "a FIN without ACK", 0, FIN),
                Shape.of("05", "data without ACK", 7, PSH),
                Shape.of("12", "a segment without any flag (null scan)", 0),
                Shape.of("14", "FIN,PSH,URG (Xmas scan)", 0, FIN, PSH, URG));
    }

    @Test
    @Case(
            id = "CL",
            title = "answers {} to a closed port with RST,ACK of SEQ 0 and ACK SEG.SEQ+SEG.LEN",
            needs = CLOSED_PORT,
            rows = "withoutAck",
            tags = {"closed", "refused", "scan"})
    @Requirement({"RFC9293-3.10.7.1-1", "RFC9293-3.5.2-1"})
    public void segmentWithoutAckIsReset(Peer peer, Shape shape) {
        peer.send(shape.stimulus());
        peer.expect(RESET_WITHOUT_ACK);
    }

    static List<Shape> withAck() {
        return List.of(
                Shape.of("06", "an ACK", 0, ACK),
                Shape.of("07", "an ACK with data", 7, ACK, PSH),
                Shape.of("08", "a SYN,ACK", 0, SYN, ACK),
                Shape.of("09", "a FIN,ACK", 0, FIN, ACK),
                Shape.of("09-DATA", "a FIN,ACK with data", 7, FIN, ACK, PSH));
    }

    @Test
    @Case(
            id = "CL",
            title = "answers {} to a closed port with RST of SEQ SEG.ACK, without ACK",
            needs = CLOSED_PORT,
            rows = "withAck",
            tags = {"closed", "scan"})
    @Requirement({"RFC9293-3.10.7.1-2", "RFC9293-3.5.2-1"})
    public void segmentWithAckIsReset(Peer peer, Shape shape) {
        peer.send(shape.stimulus().ack(at(peer.random())));
        peer.expect(RESET_WITH_ACK);
    }

    static List<Shape> resets() {
        return List.of(
                Shape.of("10", "a RST", 0, RST),
                Shape.of("10-DATA", "a RST with data", 7, RST),
                Shape.of("11", "a RST,ACK", 0, RST, ACK),
                Shape.of("11-DATA", "a RST,ACK with data", 7, RST, ACK));
    }

    @Test
    @Case(
            id = "CL",
            title = "keeps silent to {} at a closed port",
            needs = CLOSED_PORT,
            rows = "resets",
            tags = "closed")
    @Requirement({"RFC9293-3.10.7.1-3", "RFC9293-3.5.2-2"})
    public void resetIsDiscarded(Peer peer, Shape shape) {
        peer.send(shape.stimulus().ack(at(peer.random())));
        peer.expectSilence();
        peer.prove(TcpState.CLOSED);
    }

    @Test
    @Case(
            id = "CL-13",
            title = "counts modulo 2^32: answers a SYN of SEQ 0xffffffff with RST,ACK of ACK 0",
            needs = CLOSED_PORT,
            tags = "closed")
    @Requirement({"RFC9293-3.4-1", "RFC9293-3.10.7.1-1"})
    public void acknowledgmentWraps(Peer peer) {
        peer.send(syn().seq(at(0xffff_ffffL)));
        peer.expect(rstAck().seq(ZERO).ack(ZERO));
    }

    @Test
    @Case(
            id = "CL-15",
            title = "puts the Timestamps option into a RST that a segment with the option caused, TSecr echoing it",
            needs = CLOSED_PORT,
            tags = {"closed", "timestamps"})
    @Requirement("RFC7323-5.2-2")
    public void resetCarriesTimestamps(Peer peer) {
        int value = peer.random();
        peer.send(syn().options(new Option.Mss(Peer.MSS), new Option.SackPermitted(), new Option.Timestamps(value, 0)));
        peer.expect(RESET_WITHOUT_ACK.where(
                "has Timestamps with TSval 0 and TSecr " + Integer.toUnsignedString(value),
                s -> s.option(Option.Timestamps.class)
                        .filter(ts -> ts.value() == 0 && ts.echoReply() == value)
                        .isPresent()));
    }

    @Test
    @Case(
            id = "CL-16",
            title = "sends a RST with a right checksum and swapped addresses and ports",
            needs = CLOSED_PORT,
            tags = {"closed", "checksum"})
    @Requirement("RFC9293-MUST-2")
    public void resetHasChecksum(Peer peer) {
        peer.send(syn());
        // an answer with a wrong checksum, or from or to other addresses or ports, is no answer of this connection
        Answer answer = peer.expect(RESET_WITHOUT_ACK);
        if (answer.segment().payload().length > 0) {
            peer.observed("the RST carries " + answer.segment().payload().length
                    + " octets of data, which RFC 9293, 3.5.3 permits");
        }
    }

    @Test
    @Case(
            id = "CL-16-PSEUDO-HEADER",
            title = "computes the checksum of a RST over the pseudo-header of IPv6",
            needs = CLOSED_PORT,
            families = Family.IPV6,
            tags = {"closed", "checksum"})
    @Requirement({"RFC8200-8.1-1", "RFC9293-MUST-2"})
    public void pseudoHeaderOfIpv6(Peer peer) {
        peer.send(syn());
        peer.expect(RESET_WITHOUT_ACK);
    }

    @Test
    @Case(id = "CL-16-RESERVED", title = "sends a RST with no reserved bit set", needs = CLOSED_PORT, tags = "closed")
    @Requirement("RFC9293-3.1-1")
    public void resetHasNoReservedBit(Peer peer) {
        peer.send(syn());
        peer.expect(RESET_WITHOUT_ACK.reserved(0));
    }

    @Test
    @Case(
            id = "CL-17",
            title = "drops a SYN with a wrong TCP checksum to a closed port",
            needs = CLOSED_PORT,
            tags = {"closed", "checksum"})
    @Requirement("RFC9293-MUST-3")
    public void wrongChecksumIsDropped(Peer peer) {
        peer.send(syn().checksumOffBy(0x0101));
        peer.expectSilence();
        peer.prove(TcpState.CLOSED);
    }

    @Test
    @Case(
            id = "CL-18",
            title = "drops a SYN in a packet with a wrong IPv4 header checksum",
            needs = CLOSED_PORT,
            families = Family.IPV4,
            tags = {"closed", "checksum"})
    @Requirement("RFC1122-3.2.1.2-1")
    public void wrongIpChecksumIsDropped(Peer peer) {
        peer.send(syn().ip(ip -> ip.withHeaderChecksum(0xbad)));
        peer.expectSilence();
        peer.prove(TcpState.CLOSED);
    }

    static List<Destinations> groups() {
        return Destinations.rows().stream()
                .filter(d -> d != Destinations.BROADCAST_FRAME)
                .toList();
    }

    @Test
    @Case(
            id = "CL-19",
            title = "keeps silent to a SYN for a closed port that is addressed to {}",
            needs = CLOSED_PORT,
            rows = "groups",
            foreignAddresses = true,
            tags = {"closed", "broadcast"})
    @Requirement("RFC9293-MUST-57")
    public void groupAddressIsNotAnswered(Peer peer, Destinations group) {
        peer.sendTo(group, syn());
        peer.expectSilence();
        peer.prove(TcpState.CLOSED);
    }

    @Test
    @Case(
            id = "CL-19-BROADCAST-FRAME",
            title = "keeps silent to a SYN for a closed port in a broadcast frame",
            needs = CLOSED_PORT,
            families = Family.IPV4,
            foreignAddresses = true,
            tags = {"closed", "broadcast"})
    @Requirement("RFC1122-3.3.6-1")
    public void broadcastFrameIsNotAnswered(Peer peer) {
        peer.sendTo(Destinations.BROADCAST_FRAME, syn());
        peer.expectSilence();
        peer.prove(TcpState.CLOSED);
    }
}
