package org.tcpconform.suite.rfc2018;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.requirement.Stimulus.DISCARD;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.at;
import static org.tcpconform.suite.rfc2018.Blocks.block;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.segment.SeqMath;
import org.tcpconform.segment.WireSegment;
import org.testng.annotations.Test;

/** RFC 2018: selective acknowledgment, by the target as receiver (3, 4) and as sender (5, 8). */
public class S4_Sack {
    private static final Segment DUPLICATE_ACK = ack().seq(SND_NXT).ack(RCV_NXT).noData();
    private static final Option NOP = new Option.Nop();

    private static Segment piece(int from, int to) {
        return data(to - from).seq(RCV_NXT.plus(from));
    }

    // ---- the receiver

    @Test
    @Case(
            id = "SK-03",
            title = "reports the block of the segment that caused an ACK as the first, with exact edges",
            needs = DISCARD,
            tags = {"options", "sack"})
    @Requirement({"RFC2018-4-6", "RFC2018-3-1", "RFC2018-8-2"})
    public void newestBlockIsFirst(Peer peer) {
        Blocks.establish(peer);
        Blocks blocks = Blocks.from(peer);
        peer.send(piece(10, 20));
        peer.expectAck(blocks.in(DUPLICATE_ACK, block(10, 20)));
        peer.send(piece(30, 31));
        peer.expectAck(blocks.first(DUPLICATE_ACK, block(30, 31)));
        // below the one before
        peer.send(piece(22, 25));
        peer.expectAck(blocks.first(DUPLICATE_ACK, block(22, 25)));
        // each adds to a block that there is: at its right, at its left, and between two
        peer.send(piece(31, 40));
        peer.expectAck(blocks.first(DUPLICATE_ACK, block(30, 40)));
        peer.send(piece(5, 10));
        peer.expectAck(blocks.first(DUPLICATE_ACK, block(5, 20)));
        peer.send(piece(20, 22));
        peer.expectAck(blocks.first(DUPLICATE_ACK, block(5, 25)));
    }

    /** Options of the connection, and how many blocks fit beside them. */
    record Room(String id, String what, int blocks, boolean timestamps) implements Row {}

    static List<Room> rooms() {
        return List.of(
                new Room("PLAIN", "four blocks", 4, false),
                new Room("TIMESTAMPS", "three blocks beside Timestamps", 3, true));
    }

    @Test
    @Case(
            id = "SK-04",
            title = "reports as many blocks as fit, {}: the newest first, the others those reported most recently",
            needs = DISCARD,
            rows = "rooms",
            tags = {"options", "sack"})
    @Requirement({"RFC2018-4-7", "RFC2018-4-8", "RFC2018-4-6"})
    public void asManyBlocksAsFit(Peer peer, Room room) {
        Option[] more =
                room.timestamps() ? new Option[] {NOP, NOP, new Option.Timestamps(peer.random(), 0)} : new Option[0];
        Answer synAck = Blocks.establish(peer, more);
        if (room.timestamps()) {
            peer.negotiated(synAck, Option.Timestamps.class, Feature.TIMESTAMPS);
        }
        Blocks blocks = Blocks.from(peer);
        List<Blocks.Block> newestFirst = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            Blocks.Block block = block(20 * i, 20 * i + 10);
            newestFirst.add(0, block);
            peer.send(piece(block.from(), block.to()));
            peer.expectAck(blocks.in(
                    DUPLICATE_ACK, newestFirst.stream().limit(room.blocks()).toArray(Blocks.Block[]::new)));
        }
    }

    @Test
    @Case(
            id = "SK-05",
            title = "sends no SACK option where all data has come in order",
            needs = DISCARD,
            tags = {"options", "sack"})
    @Requirement("RFC2018-3-1")
    public void noBlocksInOrder(Peer peer) {
        Blocks.establish(peer);
        for (int i = 0; i < 5; i++) {
            peer.send(data(10));
            peer.expectAck(ack().ack(RCV_NXT).without(Option.Sack.class));
        }
    }

    @Test
    @Case(
            id = "SK-06",
            title = "has a SACK option in every ACK while data is missing, also where the ACK number moves",
            needs = DISCARD,
            tags = {"options", "sack"})
    @Requirement({"RFC2018-4-4", "RFC2018-4-2", "RFC2018-4-5"})
    public void blocksWhileDataIsMissing(Peer peer) {
        Blocks.establish(peer);
        Blocks blocks = Blocks.from(peer);
        peer.send(piece(20, 30));
        peer.expectAck(blocks.in(DUPLICATE_ACK, block(20, 30)));
        peer.send(data(5));
        peer.expectAck(blocks.in(ack().ack(RCV_NXT).noData(), block(20, 30)));
        peer.send(data(5));
        peer.expectAck(blocks.in(ack().ack(RCV_NXT).noData(), block(20, 30)));
        peer.send(piece(30, 40));
        peer.expectAck(blocks.in(DUPLICATE_ACK, block(40, 50), block(20, 30)));
    }

    @Test
    @Case(
            id = "SK-07",
            title = "reports blocks no more once the gaps are filled",
            needs = DISCARD,
            tags = {"options", "sack"})
    @Requirement({"RFC2018-3-1", "RFC2018-8-3"})
    public void filledGapsEndTheBlocks(Peer peer) {
        Blocks.establish(peer);
        Blocks blocks = Blocks.from(peer);
        peer.send(piece(10, 20));
        peer.expectAck(blocks.in(DUPLICATE_ACK, block(10, 20)));
        peer.send(piece(30, 40));
        peer.expectAck(blocks.in(DUPLICATE_ACK, block(30, 40), block(10, 20)));
        peer.send(piece(0, 10));
        peer.expectAck(blocks.in(ack().ack(RCV_NXT.plus(20)).noData(), block(30, 40)));
        peer.send(piece(20, 30));
        peer.expectAck(ack().ack(RCV_NXT.plus(40)).noData().without(Option.Sack.class));
        peer.advanceTo(RCV_NXT.plus(40));
        peer.send(data(10));
        peer.expectAck(ack().ack(RCV_NXT).without(Option.Sack.class));
    }

    @Test
    @Case(
            id = "SK-15",
            title = "ignores a SACK option in a SYN and SACK-Permitted in data",
            needs = DISCARD,
            tags = {"options", "sack"})
    @Requirement({"RFC9293-MUST-6", "RFC2018-4-6"})
    public void optionsWhereTheyMeanNothing(Peer peer) {
        Answer synAck = peer.openTo(
                new Option.Mss(Peer.MSS),
                NOP,
                NOP,
                new Option.SackPermitted(),
                NOP,
                NOP,
                new Option.Sack(List.of(1, 2)));
        peer.negotiated(synAck, Option.SackPermitted.class, Feature.SACK);
        peer.send(ack());
        peer.send(data(10).options(NOP, NOP, new Option.SackPermitted()));
        peer.expectAck(ack().ack(RCV_NXT).without(Option.Sack.class));
        Blocks blocks = Blocks.from(peer);
        peer.send(piece(10, 20));
        peer.expectAck(blocks.in(DUPLICATE_ACK, block(10, 20)));
    }

    @Test
    @Case(
            id = "SK-18",
            title = "reports blocks whose numbers wrap as any others",
            needs = DISCARD,
            tags = {"options", "sack"})
    @Requirement({"RFC2018-3-1", "RFC9293-3.4-1", "RFC2018-4-6"})
    public void blocksWrap(Peer peer) {
        // octet 25 has number 0
        peer.send(Segment.syn().seq(at(-26)).options(new Option.Mss(Peer.MSS), NOP, NOP, new Option.SackPermitted()));
        Answer synAck = peer.expect(synAck().ack(IRS.plus(1)));
        peer.negotiated(synAck, Option.SackPermitted.class, Feature.SACK);
        peer.send(ack());
        Blocks blocks = Blocks.from(peer);
        peer.send(piece(20, 25));
        peer.expectAck(blocks.in(DUPLICATE_ACK, block(20, 25)));
        peer.send(piece(40, 50));
        peer.expectAck(blocks.in(DUPLICATE_ACK, block(40, 50), block(20, 25)));
        peer.send(piece(25, 30));
        peer.expectAck(blocks.in(DUPLICATE_ACK, block(20, 30), block(40, 50)));
        peer.send(piece(10, 15));
        peer.expectAck(blocks.in(DUPLICATE_ACK, block(10, 15), block(20, 30), block(40, 50)));
        peer.send(piece(0, 10));
        peer.expectAck(
                blocks.in(ack().ack(RCV_NXT.plus(15)).noData(), block(20, 30), block(40, 50)),
                blocks.in(ack().ack(RCV_NXT.plus(15)).noData(), block(40, 50), block(20, 30)));
    }

    // ---- the sender

    /** A SACK option that no receiver should send. */
    record Odd(String id, String what, String octets) implements Row {}

    static List<Odd> illegalLengths() {
        return List.of(
                new Odd("2", "length 2", "05020101"),
                new Odd("3", "length 3", "05030001"),
                new Odd("6", "length 6", "0506000000010101"),
                new Odd("9", "length 9", "050900000001000000" + "010101"),
                new Odd("11", "length 11", "050b0000000100000002" + "0001"),
                new Odd("14", "length 14", "050e0000000100000002" + "00000003" + "0101"),
                new Odd("255", "length 255", "05ff0000000100000002" + "0101"));
    }

    @Test
    @Case(
            id = "SK-16",
            title = "survives SACK options of {} in the ACKs of its data, and sends on",
            needs = BULK,
            rows = "illegalLengths",
            tags = {"options", "sack", "bulk"})
    @Requirement({"RFC9293-MUST-7", "RFC2018-3-1"})
    public void illegalLength(Peer peer, Odd odd) {
        Blocks.establish(peer);
        sendsOn(peer, ack().options(Option.Raw.hex(odd.octets())));
    }

    private static void sendsOn(Peer peer, Segment acknowledgment) {
        peer.expectData(100_000, acknowledgment);
    }

    /** Edges, counted from the beginning of the target's stream. */
    record Edges(String id, String what, long from, long to) implements Row {}

    static List<Edges> impossible() {
        long far = 1 << 28;
        return List.of(
                new Edges("BEYOND", "data never sent", far, far + 1_000),
                new Edges("REVERSED", "a block that ends before it begins", 50_000, 20_000),
                new Edges("EMPTY", "a block without an octet", 50_000, 50_000),
                new Edges("OLD", "data long acknowledged", 0, 100),
                new Edges("BEFORE", "what is before its first octet", -1_000, -500),
                new Edges("ALL", "half the number space", 0, 0x7fff_ffffL));
    }

    @Test
    @Case(
            id = "SK-11",
            title = "survives SACK blocks of {} in the ACKs of its data, and sends on",
            needs = BULK,
            rows = "impossible",
            tags = {"options", "sack", "bulk"})
    @Requirement({"RFC2018-5-1", "RFC2018-8-4"})
    public void impossibleBlocks(Peer peer, Edges edges) {
        Blocks.establish(peer);
        int first = peer.value(ISS) + 1;
        sendsOn(
                peer,
                ack().options(
                                NOP,
                                NOP,
                                new Option.Sack(List.of(first + (int) edges.from(), first + (int) edges.to()))));
    }

    /** Lets the target send four segments at least, without acknowledging any. */
    private static List<WireSegment> flight(Peer peer) {
        return flight(peer, ack());
    }

    private static List<WireSegment> flight(Peer peer, Segment third) {
        Answer synAck = peer.openTo(new Option.Mss(1_000), NOP, NOP, new Option.SackPermitted());
        peer.negotiated(synAck, Option.SackPermitted.class, Feature.SACK);
        peer.send(third);
        // RFC 5681, 3.1: so many segments of this size may leave at once
        List<WireSegment> flight = new ArrayList<>();
        int next = peer.value(ISS) + 1;
        while (flight.size() < 4) {
            int number = next;
            // one may have overtaken another
            WireSegment s = peer.expectSooner(ack().seq(at(number)).hasData()).segment();
            flight.add(s);
            next = s.end();
        }
        return flight;
    }

    private static Segment duplicateAck(WireSegment from, WireSegment to) {
        return ack().ack(ISS.plus(1)).options(NOP, NOP, new Option.Sack(List.of(from.seq(), to.end())));
    }

    @Test
    @Case(
            id = "SK-12",
            title = "sends again the segment that is missing, and none that SACK blocks report",
            needs = BULK,
            seconds = 10,
            tags = {"options", "sack", "bulk", "timer"})
    @Requirement("RFC2018-5-1")
    public void onlyTheMissingIsSentAgain(Peer peer) {
        List<WireSegment> flight = flight(peer);
        for (int i = 1; i < 4; i++) {
            peer.send(duplicateAck(flight.get(1), flight.get(i)));
        }
        Seq first = ISS.plus(1);
        // at once (RFC 5681, 3.2), or by its timer
        peer.expectWithin(LONGEST, ack().seq(first).hasData());
        // the missing segment has come: acknowledge all four
        peer.send(ack().ack(at(flight.get(3).end())));
        peer.receive(20_000);
        peer.judge("none that was reported is sent again", () -> {
            for (WireSegment reported : flight.subList(1, 4)) {
                long times = peer.received(s -> s.seq() == reported.seq() && s.payload().length > 0)
                        .size();
                if (times > 1) {
                    throw peer.broken("sacked-data-sent-again", "a segment that was reported by SACK was sent again");
                }
            }
        });
    }

    @Test
    @Case(
            id = "SK-14",
            title = "sends again data that SACK blocks reported and later ACKs do not acknowledge",
            needs = BULK,
            seconds = 20,
            tags = {"options", "sack", "bulk", "timer"})
    @Requirement("RFC2018-8-4")
    public void reportedDataIsKept(Peer peer) {
        List<WireSegment> flight = flight(peer);
        for (int i = 1; i < 4; i++) {
            peer.send(duplicateAck(flight.get(1), flight.get(i)));
        }
        peer.expectWithin(LONGEST, ack().seq(ISS.plus(1)).hasData());
        // the receiver has dropped what it reported
        peer.send(ack().ack(at(flight.get(0).end())));
        peer.expectWithin(LONGEST, ack().seq(at(flight.get(1).seq())).hasData());
        peer.prove(TcpState.ESTABLISHED);
    }

    private static final Duration LONGEST = Duration.ofSeconds(9);

    /** A window of four segments, so that nothing new comes before they are acknowledged. */
    private static final int FLIGHT = 4_000;

    /** What SACK blocks report of four segments, of which none is acknowledged. */
    record Reported(String id, String what, int from) implements Row {}

    static List<Reported> reported() {
        return List.of(
                new Reported("HOLE", "all but the first", 1),
                // as no receiver should, since it could acknowledge them
                new Reported("ALL", "all", 0));
    }

    @Test
    @Case(
            id = "SK-13",
            title = "sends its first segment again by its timer where SACK blocks report {} of four",
            needs = BULK,
            rows = "reported",
            seconds = 20,
            tags = {"options", "sack", "bulk", "timer"})
    @Requirement("RFC2018-5-3")
    public void leftEdgeIsSentAgain(Peer peer, Reported reported) {
        List<WireSegment> flight = flight(peer, ack().window(FLIGHT));
        for (int i = reported.from(); i < 4; i++) {
            peer.send(duplicateAck(flight.get(reported.from()), flight.get(i)).window(FLIGHT));
        }
        Segment again = ack().seq(ISS.plus(1)).hasData();
        peer.expectWithin(LONGEST, again);
        // if that was for three duplicates, and no timer yet
        if (reported.from() > 0) {
            peer.expectWithin(LONGEST, again);
        }
        peer.send(ack().ack(at(flight.get(3).end())));
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "SK-20",
            title = "sends nothing again once all is acknowledged that was sent before the loss was repaired",
            needs = BULK,
            seconds = 10,
            tags = {"options", "sack", "bulk", "timer"})
    @Requirement({"RFC9293-3.10.7.4-17", "RFC2018-5-1"})
    public void recoveryEnds(Peer peer) {
        List<WireSegment> flight = flight(peer, ack().window(FLIGHT));
        for (int i = 1; i < 4; i++) {
            peer.send(duplicateAck(flight.get(1), flight.get(i)).window(FLIGHT));
        }
        peer.expectWithin(LONGEST, ack().seq(ISS.plus(1)).hasData());
        // as much as the target has sent: where its recovery ends
        int end = peer.value(SND_NXT);
        peer.send(ack().ack(at(end)));
        long known = peer.earliestAnswer();
        peer.receive(30_000);
        peer.judge("nothing that was acknowledged is sent again", () -> {
            if (peer.received(s -> s.payload().length > 0 && SeqMath.le(s.end(), end)).stream()
                    .anyMatch(answer -> answer.timeNanos() >= known)) {
                throw peer.broken("acknowledged-data-sent-again", "a segment that was acknowledged was sent again");
            }
        });
    }
}
