package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.CLOSED_PORT;
import static org.tcpconform.requirement.Stimulus.DISCARD;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.segment.Flag.ACK;
import static org.tcpconform.segment.Flag.CWR;
import static org.tcpconform.segment.Flag.ECE;
import static org.tcpconform.segment.Flag.FIN;
import static org.tcpconform.segment.Flag.RST;
import static org.tcpconform.segment.Flag.SYN;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.rstAck;
import static org.tcpconform.segment.Segment.segment;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.SEG_LEN;
import static org.tcpconform.segment.Seq.SEG_SEQ;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.ZERO;
import static org.tcpconform.segment.Seq.at;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Finish;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.testng.annotations.Test;

/** RFC 9293, 3.1: the fields of the header, reserved, wrong or unusual. */
public class S3_1_Header {
    private static final Segment SYN_ACK = synAck().ack(IRS.plus(1));
    /** The reserved bit that RFC 9768 has given a use, beside ECE and CWR. */
    private static final int ACCURATE_ECN = 1;

    // ---- reserved bits

    /** A value of the four reserved bits. */
    record Reserved(String id, int bits) implements Row {
        @Override
        public String what() {
            return "reserved bits " + bits;
        }
    }

    static List<Reserved> reservedBits() {
        return Stream.of(1, 2, 4, 8, 15)
                .map(bits -> new Reserved(Integer.toString(bits), bits))
                .toList();
    }

    @Test
    @Case(
            id = "HD-01",
            title = "sends its SYN,ACK with reserved bits of 0 where the SYN has {}",
            rows = "reservedBits",
            tags = "header")
    @Requirement({"RFC9293-3.1-1", "RFC9293-3.1-2"})
    public void reservedBitsAreNotReflected(Peer peer, Reserved reserved) {
        peer.send(syn().reserved(reserved.bits()));
        boolean ecn = (reserved.bits() & ACCURATE_ECN) != 0;
        Answer answer = peer.expect(SYN_ACK.ignoring(ECE, CWR)
                .where(
                        "has reserved bits of 0" + (ecn ? ", the one of Accurate ECN excepted" : ""),
                        s -> (s.reserved() & (ecn ? ~ACCURATE_ECN : -1)) == 0));
        if (answer.segment().reserved() != 0) {
            peer.observed("the SYN,ACK has the bit of Accurate ECN");
        }
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "HD-02",
            title = "takes data with {}, and acknowledges it with none set",
            rows = "reservedBits",
            tags = {"header", "data"})
    @Requirement({"RFC9293-3.1-2", "RFC9293-3.1-1"})
    public void reservedBitsOfDataAreIgnored(Peer peer, Reserved reserved) {
        peer.establish();
        peer.send(data(10).reserved(reserved.bits()));
        peer.expectAck(ack().ack(RCV_NXT).reserved(0));
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "HD-03",
            title = "sends reserved bits of 0 in every segment: SYN,ACK, ACK, data, FIN and RST",
            needs = ECHO,
            tags = "header")
    @Requirement("RFC9293-3.1-1")
    public void reservedBitsAreZero(Peer peer) {
        for (Peer each : List.of(peer, peer.another())) {
            Option[] options = each == peer ? new Option[0] : Exchange.allOptions(each);
            Exchange.all(each, Exchange.play(each, options), "reserved bits of 0", s -> s.reserved() == 0);
        }
    }

    // ---- data offset

    /** A segment whose data offset cannot be. */
    record Offset(String id, String what, Segment change) implements Row {}

    static List<Offset> offsets() {
        List<Offset> rows = new ArrayList<>();
        for (int words = 0; words < 5; words++) {
            rows.add(new Offset("04-" + words, "data offset " + words, data(8).dataOffset(words)));
        }
        rows.add(new Offset("05-ONE-BEYOND", "a data offset one word beyond its end", data(8).dataOffset(8)));
        rows.add(new Offset("05-15", "data offset 15 and 28 octets in all", data(8).dataOffset(15)));
        rows.add(new Offset("05-BARE", "data offset 6 and 20 octets in all", ack().dataOffset(6)));
        return rows;
    }

    @Test
    @Case(
            id = "HD",
            title = "does not process a segment with {} in ESTABLISHED, and goes on as before",
            rows = "offsets",
            observes = true,
            tags = "header")
    @Requirement("RFC9293-3.1-3")
    public void segmentWithImpossibleOffset(Peer peer, Offset offset) {
        peer.establish();
        peer.send(offset.change().seq(RCV_NXT));
        if (peer.expectOrSilence(rst().ignoring(ACK)).isPresent()) {
            // the RFC names no answer
            peer.observed("a data offset that cannot be resets the connection");
        } else {
            peer.prove(TcpState.ESTABLISHED);
        }
        peer.another().prove(TcpState.LISTEN);
    }

    static List<Offset> synOffsets() {
        List<Offset> rows = new ArrayList<>();
        for (int words = 0; words < 5; words++) {
            rows.add(new Offset("04-SYN-" + words, "data offset " + words, syn().dataOffset(words)));
        }
        rows.add(new Offset("05-SYN-ONE-BEYOND", "a data offset one word beyond its end", syn().dataOffset(7)));
        rows.add(new Offset("05-SYN-15", "data offset 15 and 24 octets in all", syn().dataOffset(15)));
        return rows;
    }

    @Test
    @Case(
            id = "HD",
            title = "does not process a SYN with {}, and listens on",
            rows = "synOffsets",
            observes = true,
            tags = {"header", "listen"})
    @Requirement("RFC9293-3.1-3")
    public void synWithImpossibleOffset(Peer peer, Offset offset) {
        peer.send(offset.change());
        if (peer.expectOrSilence(rst().ignoring(ACK)).isPresent()) {
            peer.observed("a SYN whose data offset cannot be is refused with RST");
        }
        peer.prove(TcpState.LISTEN);
    }

    @Test
    @Case(
            id = "HD-06",
            title = "takes a segment whose data offset is just its end as one without data",
            tags = "header")
    @Requirement({"RFC9293-3.1-3", "RFC9293-MUST-5"})
    public void offsetAtTheEnd(Peer peer) {
        peer.establish();
        Option[] nops = Stream.generate(Option.Nop::new).limit(40).toArray(Option[]::new);
        peer.send(segment(ACK, Flag.PSH).options(nops).dataOffset(15));
        peer.expectSilence();
        // an octet taken for data would have moved RCV.NXT
        peer.prove(TcpState.ESTABLISHED);
    }

    // ---- ports and addresses

    @Test
    @Case(
            id = "HD-08",
            title = "resets a segment of a connection that goes to another, closed port, and keeps the connection",
            needs = {ECHO, CLOSED_PORT},
            tags = "header")
    @Requirement({"RFC9293-3.10.7.1-2", "RFC9293-3.5.2-1"})
    public void otherDestinationPort(Peer peer) {
        peer.establish();
        Peer stray = peer.another(CLOSED_PORT);
        stray.send(data(5).seq(at(peer.value(RCV_NXT))).ack(at(peer.value(SND_NXT))));
        stray.expect(rst().seq(SEG_ACK));
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "HD-09",
            title = "resets a segment of a connection that comes from another port, and keeps the connection",
            tags = "header")
    @Requirement({"RFC9293-3.10.7.2-2", "RFC9293-3.5.2-3"})
    public void otherSourcePort(Peer peer) {
        peer.establish();
        Peer stray = peer.another();
        stray.send(data(5).seq(at(peer.value(RCV_NXT))).ack(at(peer.value(SND_NXT))));
        stray.expect(rst().seq(SEG_ACK));
        peer.prove(TcpState.ESTABLISHED);
    }

    /** A segment from or to port 0. */
    record ZeroPort(String id, String what, Segment segment) implements Row {}

    static List<ZeroPort> zeroPorts() {
        return List.of(
                new ZeroPort("DESTINATION", "a SYN to port 0", syn().destinationPort(0)),
                new ZeroPort(
                        "DESTINATION-ACK", "an ACK to port 0", ack().ack(at(1)).destinationPort(0)),
                new ZeroPort("SOURCE", "a SYN from port 0", syn().sourcePort(0)),
                new ZeroPort(
                        "BOTH", "a SYN from and to port 0", syn().sourcePort(0).destinationPort(0)));
    }

    @Test
    @Case(
            id = "HD-10",
            title = "survives {}: listens on",
            rows = "zeroPorts",
            // two at a time could not tell whose port 0 is whose
            exclusive = true,
            tags = {"header", "listen"})
    @Requirement("RFC9293-3.10.7.2-3")
    public void portZero(Peer peer, ZeroPort zero) {
        peer.another().send(zero.segment());
        peer.prove(TcpState.LISTEN);
    }

    // ---- all combinations of control bits

    /** A combination of the six control bits of RFC 793. */
    record Combination(String id, int bits) implements Row {
        static Combination of(int bits) {
            return new Combination(bits == 0 ? "NONE" : Flag.names(bits).replace(',', '+'), bits);
        }

        boolean has(Flag flag) {
            return flag.in(bits);
        }

        Segment stimulus() {
            return Segment.segment(
                    Arrays.stream(Flag.values()).filter(this::has).toArray(Flag[]::new));
        }

        @Override
        public String what() {
            return bits == 0 ? "no control bit" : Flag.names(bits);
        }
    }

    private static List<Combination> combinations(Predicate<Combination> which) {
        return IntStream.range(0, 64).mapToObj(Combination::of).filter(which).toList();
    }

    static List<Combination> withReset() {
        return combinations(c -> c.has(RST));
    }

    static List<Combination> withAck() {
        return combinations(c -> !c.has(RST) && c.has(ACK));
    }

    /** Without SYN and FIN together, of which LI-11 tells. */
    static List<Combination> withSyn() {
        return combinations(c -> !c.has(RST) && !c.has(ACK) && c.has(SYN) && !c.has(FIN));
    }

    static List<Combination> withNone() {
        return combinations(c -> !c.has(RST) && !c.has(ACK) && !c.has(SYN));
    }

    @Test
    @Case(
            id = "HD-11-LISTEN",
            title = "ignores {} in LISTEN",
            rows = "withReset",
            tags = {"header", "listen", "scan"})
    @Requirement({"RFC9293-3.10.7.2-1", "RFC9293-3.5.2-2"})
    public void resetInListen(Peer peer, Combination bits) {
        peer.send(bits.stimulus().ack(at(peer.random())));
        peer.expectSilence();
        peer.prove(TcpState.LISTEN);
    }

    @Test
    @Case(
            id = "HD-11-LISTEN",
            title = "answers {} in LISTEN with RST of SEQ SEG.ACK, without ACK",
            rows = "withAck",
            tags = {"header", "listen", "scan"})
    @Requirement({"RFC9293-3.10.7.2-2", "RFC9293-3.5.2-3"})
    public void ackInListen(Peer peer, Combination bits) {
        peer.send(bits.stimulus().ack(at(peer.random())));
        peer.expect(rst().seq(SEG_ACK));
        peer.prove(TcpState.LISTEN);
    }

    @Test
    @Case(
            id = "HD-11-LISTEN",
            title = "answers {} in LISTEN with SYN,ACK",
            rows = "withSyn",
            tags = {"header", "listen", "scan"})
    @Requirement("RFC9293-3.10.7.2-3")
    public void synInListen(Peer peer, Combination bits) {
        peer.send(bits.stimulus());
        peer.expect(SYN_ACK);
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "HD-11-LISTEN",
            title = "drops {} in LISTEN",
            rows = "withNone",
            tags = {"header", "listen", "scan"})
    @Requirement({"RFC9293-3.10.7.2-6", "RFC9293-3.10.7.4-30"})
    public void neitherInListen(Peer peer, Combination bits) {
        peer.send(bits.stimulus());
        peer.expectSilence();
        peer.prove(TcpState.LISTEN);
    }

    static List<Combination> withSynAndNoReset() {
        return combinations(c -> !c.has(RST) && c.has(SYN));
    }

    static List<Combination> withAckAlone() {
        return combinations(c -> !c.has(RST) && !c.has(SYN) && c.has(ACK));
    }

    private static Segment atTheLeftEdge(Peer peer, Combination bits) {
        peer.establish();
        return bits.stimulus().seq(RCV_NXT).ack(SND_NXT);
    }

    @Test
    @Case(
            id = "HD-11-ESTABLISHED",
            title = "obeys {} at RCV.NXT in ESTABLISHED as a reset, in silence",
            needs = DISCARD,
            rows = "withReset",
            tags = {"header", "scan"})
    @Requirement({"RFC9293-3.10.7.4-9", "RFC9293-3.5.2-2"})
    public void resetInEstablished(Peer peer, Combination bits) {
        peer.send(atTheLeftEdge(peer, bits));
        peer.expectSilence();
        peer.prove(TcpState.CLOSED);
    }

    @Test
    @Case(
            id = "HD-11-ESTABLISHED",
            title = "challenges {} at RCV.NXT in ESTABLISHED, or resets the connection, as its rule set has it",
            needs = DISCARD,
            rows = "withSynAndNoReset",
            tags = {"header", "scan"})
    @Requirement("RFC9293-3.10.7.4-12")
    public void synInEstablished(Peer peer, Combination bits) {
        Segment reset = bits.has(ACK) ? rst().seq(SEG_ACK) : rstAck().seq(ZERO).ack(SEG_SEQ.plus(SEG_LEN));
        // RFC 793 says "send a reset": that of a connection that is given up will do (3.10.5)
        Segment abort = rst().seq(SND_NXT).ignoring(ACK);
        Segment challenge = ack().seq(SND_NXT).ack(RCV_NXT).noData();
        peer.send(atTheLeftEdge(peer, bits));
        List<Segment> permitted = switch (peer.profile().syn()) {
            case RFC793 -> List.of(reset, abort);
            case RFC5961 -> List.of(challenge);
            case UNKNOWN -> List.of(reset, abort, challenge);
        };
        boolean gone = peer.expect(permitted.toArray(Segment[]::new)).segment().has(RST);
        peer.prove(gone ? TcpState.CLOSED : TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "HD-11-ESTABLISHED",
            title = "drops data with {} at RCV.NXT in ESTABLISHED, for want of ACK",
            needs = DISCARD,
            rows = "withNone",
            tags = {"header", "scan"})
    @Requirement("RFC9293-3.10.7.4-16")
    public void neitherInEstablished(Peer peer, Combination bits) {
        peer.send(atTheLeftEdge(peer, bits).payload(3));
        peer.expectSilence();
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "HD-11-ESTABLISHED",
            title = "takes data with {} at RCV.NXT in ESTABLISHED, and the FIN where there is one",
            needs = DISCARD,
            rows = "withAckAlone",
            tags = {"header", "scan"})
    @Requirement({"RFC9293-3.10.7.4-28", "RFC9293-3.10.7.4-31"})
    public void ackInEstablished(Peer peer, Combination bits) {
        peer.send(atTheLeftEdge(peer, bits).payload(3));
        peer.expectAck(ack().ack(RCV_NXT.plus(SEG_LEN)).ignoring(FIN));
    }

    // ---- the rest

    @Test
    @Case(
            id = "HD-12",
            title = "sends data whose header is right in every field",
            needs = ECHO,
            tags = {"header", "data"})
    @Requirement({"RFC9293-3.1-5", "RFC9293-3.1-1", "RFC9293-MUST-2"})
    public void headerOfData(Peer peer) {
        peer.establish();
        peer.send(data(10));
        // ports and checksum were right, or it would be no segment of this connection
        peer.expectAck(ack().seq(SND_NXT)
                .ack(RCV_NXT)
                .payload(10)
                .dataOffset(5)
                .reserved(0)
                .where("has a window that is not 0", s -> s.window() > 0));
    }

    /** A value of the octet that was the type of service and holds the DS field now. */
    record ServiceField(String id, int octet, String what) implements Row {}

    static List<ServiceField> serviceFields() {
        return List.of(
                new ServiceField("CS1", 0x20, "DSCP CS1"),
                new ServiceField("LE", 0x04, "DSCP LE"),
                new ServiceField("EF", 0xb8, "DSCP EF"),
                new ServiceField("CS7", 0xe0, "DSCP CS7, once the highest precedence"),
                new ServiceField("ALL", 0xfc, "all six bits of the DSCP"));
    }

    @Test
    @Case(
            id = "HD-13",
            title = "takes data with {} on a connection that began without, and does not reset it",
            rows = "serviceFields",
            tags = {"header", "data"})
    @Requirement("RFC9293-3.10.7.4-28")
    public void serviceFieldMayChange(Peer peer, ServiceField field) {
        peer.establish();
        peer.send(data(10).ip(ip -> ip.withTos(field.octet())));
        peer.expectAck(ack().ack(RCV_NXT));
        peer.send(data(10));
        peer.expectAck(ack().ack(RCV_NXT));
    }

    @Test
    @Case(
            id = "HD-13-SYN",
            title = "answers a SYN with {}, and takes data without",
            rows = "serviceFields",
            tags = {"header", "listen"})
    @Requirement({"RFC9293-3.10.7.2-3", "RFC9293-3.10.7.4-28"})
    public void serviceFieldOfSyn(Peer peer, ServiceField field) {
        peer.send(syn().ip(ip -> ip.withTos(field.octet())));
        peer.expect(SYN_ACK);
        peer.prove(TcpState.SYN_RECEIVED);
    }

    /** A value of the urgent pointer field. */
    record UrgentPointer(String id, int value) implements Row {
        @Override
        public String what() {
            return Integer.toString(value);
        }
    }

    static List<UrgentPointer> urgentPointers() {
        return Stream.of(1, 5, 10, 0xffff)
                .map(v -> new UrgentPointer(Integer.toString(v), v))
                .toList();
    }

    @Test
    @Case(
            id = "HD-15",
            title = "ignores an urgent pointer of {} where URG is off: delivers all the data",
            needs = ECHO,
            rows = "urgentPointers",
            tags = {"header", "data"})
    @Requirement("RFC9293-3.1-4")
    public void urgentPointerWithoutUrgent(Peer peer, UrgentPointer pointer) {
        peer.establish();
        peer.send(data(10).payload(Text.octets(0, 10)).urgentPointer(pointer.value()));
        Text.isSentBack(peer, Text.octets(0, 10));
    }

    @Test
    @Case(
            id = "HD-16",
            title = "keeps silent to ACKs that change the window, and sends no more than the last of them offers",
            needs = ECHO,
            tags = {"header", "data"})
    @Requirement({"RFC9293-3.10.7.4-20", "RFC9293-3.10.7.4-18", "RFC5681-2-1"})
    public void windowChanges(Peer peer) {
        peer.establish();
        for (int window : new int[] {4_096, 0, 65_535, 1, 0, 1_000}) {
            peer.send(ack().window(window));
        }
        peer.expectSilence();
        peer.send(data(1_400).window(1_000));
        peer.expectAck(ack().ack(RCV_NXT));
        peer.receive(1_000, ack().window(1_000));
        peer.judge("data, and no more than the window at first", () -> {
            int start = peer.value(ISS) + 1;
            List<Answer> data = peer.received(s -> s.payload().length > 0 && s.seq() == start);
            if (data.isEmpty()) {
                throw peer.broken("no-answer", "nothing was sent back, though the window was open");
            }
            int first = data.get(0).segment().payload().length;
            if (first > 1_000) {
                throw peer.broken("beyond-window", "the first segment has " + first + " octets, the window was 1000");
            }
            peer.observed("of a window of 1000 octets the target's first segment fills " + first);
        });
    }

    @Test
    @Case(id = "HD-07", title = "drops segments too short for a header, and goes on as before", tags = "header")
    @Requirement("RFC9293-3.1-3")
    public void truncatedHeader(Peer peer) {
        peer.establish();
        peer.atOnce(() -> {
            for (int octets = 1; octets < 20; octets++) {
                peer.send(ack().seq(RCV_NXT).finish(new Finish.Cut(octets)));
            }
        });
        peer.observed("sent segments of 1 to 19 octets, which no capture shows as TCP");
        peer.prove(TcpState.ESTABLISHED);
        peer.another().prove(TcpState.LISTEN);
    }
}
