package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Flag.ACK;
import static org.tcpconform.segment.Flag.CWR;
import static org.tcpconform.segment.Flag.ECE;
import static org.tcpconform.segment.Flag.FIN;
import static org.tcpconform.segment.Flag.PSH;
import static org.tcpconform.segment.Flag.RST;
import static org.tcpconform.segment.Flag.SYN;
import static org.tcpconform.segment.Flag.URG;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.segment;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.at;

import java.util.List;
import java.util.stream.Stream;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.testng.annotations.Test;

/** RFC 9293, 3.10.7.2: a segment arrives for a port with a listener and no connection. */
public class S3_10_7_2_Listen {
    /** The answer to a SYN, which creates a connection. */
    private static final Segment SYN_ACK = synAck().ack(IRS.plus(1));

    /** A segment to send. */
    record Shape(String id, String what, Segment stimulus) implements Row {
        static Shape of(String id, String what, int octets, Flag... flags) {
            return new Shape(id, what, segment(flags).payload(octets));
        }
    }

    static List<Shape> resets() {
        return List.of(
                Shape.of("01", "a RST", 0, RST),
                Shape.of("01-DATA", "a RST with data", 7, RST),
                Shape.of("02", "a RST,ACK", 0, RST, ACK),
                Shape.of("02-DATA", "a RST,ACK with data", 7, RST, ACK));
    }

    @Test
    @Case(id = "LI", title = "ignores {} and listens on", rows = "resets", tags = "listen")
    @Requirement({"RFC9293-3.10.7.2-1", "RFC9293-3.5.3-2", "RFC9293-3.5.2-2"})
    public void resetIsIgnored(Peer peer, Shape shape) {
        ignores(peer, shape);
    }

    static List<Shape> resetsWithMore() {
        return List.of(
                Shape.of("03", "a SYN,RST", 0, SYN, RST),
                Shape.of("03-ACK", "a SYN,RST,ACK", 0, SYN, RST, ACK),
                Shape.of("03-ALL", "SYN,FIN,RST,PSH,ACK,URG", 0, SYN, FIN, RST, PSH, ACK, URG));
    }

    @Test
    @Case(id = "LI", title = "ignores {} and listens on", rows = "resetsWithMore", tags = "listen")
    @Requirement({"RFC9293-3.10.7.2-1", "RFC9293-3.5.3-2"})
    public void resetWithMoreIsIgnored(Peer peer, Shape shape) {
        ignores(peer, shape);
    }

    private static void ignores(Peer peer, Shape shape) {
        peer.send(shape.stimulus().ack(at(peer.random())));
        peer.expectSilence();
        peer.prove(TcpState.LISTEN);
    }

    static List<Shape> acknowledgments() {
        return List.of(
                Shape.of("04", "an ACK", 0, ACK),
                Shape.of("05", "an ACK with data", 7, ACK, PSH),
                Shape.of("06", "a SYN,ACK", 0, SYN, ACK),
                Shape.of("06-DATA", "a SYN,ACK with data", 7, SYN, ACK),
                Shape.of("07", "a FIN,ACK", 0, FIN, ACK),
                Shape.of("07-DATA", "a FIN,ACK with data", 7, FIN, ACK, PSH),
                Shape.of("07-SYN", "a SYN,FIN,ACK", 0, SYN, FIN, ACK));
    }

    @Test
    @Case(
            id = "LI",
            title = "answers {} with RST of SEQ SEG.ACK, without ACK, and listens on",
            rows = "acknowledgments",
            tags = {"listen", "scan"})
    @Requirement({"RFC9293-3.10.7.2-2", "RFC9293-3.5.2-3"})
    public void acknowledgmentIsReset(Peer peer, Shape shape) {
        peer.send(shape.stimulus().ack(at(peer.random())));
        peer.expect(rst().seq(SEG_ACK));
        peer.prove(TcpState.LISTEN);
    }

    static List<Shape> nothingToListenTo() {
        return List.of(
                Shape.of("09", "a segment without any flag (null scan)", 0),
                Shape.of("09-DATA", "data without any flag", 7),
                Shape.of("10", "data without ACK", 7, PSH));
    }

    @Test
    @Case(
            id = "LI",
            title = "drops {} and listens on",
            rows = "nothingToListenTo",
            tags = {"listen", "scan"})
    @Requirement("RFC9293-3.10.7.2-6")
    public void neitherSynNorAckNorRstIsDropped(Peer peer, Shape shape) {
        drops(peer, shape);
    }

    static List<Shape> finsWithoutAck() {
        return List.of(
                Shape.of("08", "a FIN without ACK", 0, FIN),
                Shape.of("08-DATA", "a FIN with data, without ACK", 7, FIN, PSH),
                Shape.of("09-XMAS", "FIN,PSH,URG (Xmas scan)", 0, FIN, PSH, URG));
    }

    @Test
    @Case(
            id = "LI",
            title = "drops {} and listens on",
            rows = "finsWithoutAck",
            tags = {"listen", "scan"})
    @Requirement({"RFC9293-3.10.7.2-6", "RFC9293-3.10.7.4-30"})
    public void finWithoutAckIsDropped(Peer peer, Shape shape) {
        drops(peer, shape);
    }

    private static void drops(Peer peer, Shape shape) {
        peer.send(shape.stimulus());
        peer.expectSilence();
        peer.prove(TcpState.LISTEN);
    }

    /** A SYN,FIN with so many octets of data. */
    record SynFin(String id, String what, int octets) implements Row {
        Segment stimulus() {
            return segment(SYN, FIN).payload(octets);
        }
    }

    static List<SynFin> synFins() {
        return List.of(new SynFin("11", "a SYN,FIN", 0), new SynFin("11-DATA", "a SYN,FIN with data", 7));
    }

    @Test
    @Case(
            id = "LI",
            title =
                    "answers {} with SYN,ACK of the SYN alone, and takes in the rest once the connection is established",
            rows = "synFins",
            observes = true,
            tags = {"listen", "scan"})
    @Requirement("RFC9293-3.10.7.2-3")
    public void synFinOpens(Peer peer, SynFin shape) {
        Seq afterSyn = IRS.plus(1);
        Seq afterFin = afterSyn.plus(shape.octets()).plus(1);
        peer.send(shape.stimulus());
        peer.expect(SYN_ACK);
        // acknowledges the SYN alone, even where the target has closed meanwhile
        Seq ours = ISS.plus(1);
        peer.send(ack().ack(ours));
        // an octet that is old makes the target say what it has taken in
        peer.send(data(1).seq(IRS).ack(ours));
        Answer answer = peer.expect(
                ack().ack(afterFin).ignoring(FIN),
                ack().ack(afterFin.minus(1)).ignoring(FIN),
                ack().ack(afterSyn).ignoring(FIN));
        peer.observed(
                switch (answer.choice()) {
                    case 0 -> "all that came with the SYN was kept";
                    case 1 -> "the FIN that came with the SYN was not kept";
                    default -> "nothing that came with the SYN was kept";
                });
        peer.send(finAck().payload(shape.octets()).seq(afterSyn).ack(ours));
        peer.expectAck(ack().ack(afterFin).ignoring(FIN));
    }

    static List<Shape> decoratedSyns() {
        return List.of(
                new Shape("12-PSH", "a SYN,PSH", syn().plus(PSH)),
                new Shape("12-URG", "a SYN,URG", syn().plus(URG).urgentPointer(1)));
    }

    @Test
    @Case(id = "LI", title = "answers {} with SYN,ACK, as any SYN", rows = "decoratedSyns", tags = "listen")
    @Requirement("RFC9293-3.10.7.2-3")
    public void otherControlBitsDoNotMatter(Peer peer, Shape shape) {
        peer.send(shape.stimulus());
        peer.expect(SYN_ACK);
        peer.prove(TcpState.SYN_RECEIVED);
    }

    private static final Segment URGENT_POINTER_ALONE = syn().urgentPointer(0xffff);

    @Test
    @Case(
            id = "LI-12-URGENT-POINTER",
            title = "answers a SYN with an urgent pointer and no URG with SYN,ACK, as any SYN",
            tags = "listen")
    @Requirement("RFC9293-3.1-4")
    public void urgentPointerWithoutUrgDoesNotMatter(Peer peer) {
        peer.send(URGENT_POINTER_ALONE);
        peer.expect(SYN_ACK);
        peer.prove(TcpState.SYN_RECEIVED);
    }

    static List<Shape> reservedBits() {
        return Stream.of(1, 2, 4, 8, 15)
                .map(bits -> new Shape("12-RESERVED-" + bits, "reserved bits " + bits, syn().reserved(bits)))
                .toList();
    }

    @Test
    @Case(id = "LI", title = "answers a SYN with {} with SYN,ACK, as any SYN", rows = "reservedBits", tags = "listen")
    @Requirement("RFC9293-3.1-2")
    public void reservedBitsAreIgnored(Peer peer, Shape shape) {
        peer.send(shape.stimulus());
        // what the ECN bits of the answer may be is the matter of other rules, since one reserved bit has got a use
        // there
        peer.expect(SYN_ACK.ignoring(ECE, CWR));
        peer.prove(TcpState.SYN_RECEIVED);
    }

    static List<Shape> bitsOfLaterUse() {
        return List.of(
                new Shape("RESERVED", "any reserved bit", syn().reserved(15)),
                new Shape("ECN", "ECE and CWR", syn().plus(ECE, CWR)));
    }

    @Test
    @Case(id = "LI-12-NO-RESET", title = "does not reset a SYN for {}", rows = "bitsOfLaterUse", tags = "listen")
    @Requirement("RFC3360-2.1-1")
    public void bitsOfLaterUseAreNotReset(Peer peer, Shape shape) {
        peer.send(shape.stimulus());
        boolean answered = peer.expectOrSilence(SYN_ACK.ignoring(ECE, CWR)).isPresent();
        // that it must answer is another rule
        peer.prove(answered ? TcpState.SYN_RECEIVED : TcpState.LISTEN);
    }

    @Test
    @Case(
            id = "LI-13",
            segments = 120,
            octets = 16_000,
            connections = 40,
            halfOpen = 40,
            title = "opens a connection after every illegal segment, as if none had come",
            tags = {"listen", "scan"})
    @Requirement("RFC9293-3.10.7.2-3")
    public void illegalSegmentsLeaveNoTrace(Peer peer) {
        Stream<Segment> shapes = Stream.of(
                        resets(),
                        resetsWithMore(),
                        acknowledgments(),
                        nothingToListenTo(),
                        finsWithoutAck(),
                        decoratedSyns(),
                        reservedBits())
                .flatMap(List::stream)
                .map(Shape::stimulus);
        Stream<Segment> others =
                Stream.concat(synFins().stream().map(SynFin::stimulus), Stream.of(URGENT_POINTER_ALONE));
        Stream.concat(shapes, others).forEach(illegal -> {
            Peer other = peer.another();
            other.send(illegal.ack(at(other.random())));
        });
        peer.prove(TcpState.LISTEN);
        Peer canary = peer.another();
        canary.send(syn());
        canary.expect(SYN_ACK);
        canary.send(ack());
        canary.prove(TcpState.ESTABLISHED);
    }

    /** How the SEQ of the second SYN lies to that of the first. */
    record Distance(String id, String what, int difference) implements Row {}

    static List<Distance> distances() {
        return List.of(
                new Distance("HIGHER", "1000 above the old one", 1_000),
                new Distance("LOWER", "1000 below the old one", -1_000),
                new Distance("EQUAL", "equal to the old one", 0));
    }

    @Test
    @Case(
            id = "LI-14",
            title = "recovers from an old duplicate SYN: after its reset, a new SYN of SEQ {} is answered with SYN,ACK",
            rows = "distances",
            tags = {"listen", "handshake"})
    @Requirement("RFC9293-3.10.7.4-7")
    public void oldDuplicateSyn(Peer peer, Distance distance) {
        peer.send(syn());
        peer.expect(SYN_ACK);
        int old = peer.value(IRS);
        // the SYN,ACK acknowledges what we have not sent: RFC 9293, figure 8, line 5
        peer.send(rst().seq(RCV_NXT));
        peer.fresh();
        peer.send(syn().seq(at(old + distance.difference())));
        peer.expect(SYN_ACK);
        peer.prove(TcpState.SYN_RECEIVED);
    }
}
