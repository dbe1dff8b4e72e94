package org.tcpconform.suite.rfc2883;

import static org.tcpconform.requirement.Stimulus.DISCARD;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.suite.rfc2018.Blocks.block;

import java.util.List;
import org.tcpconform.peer.Peer;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Option;
import org.tcpconform.suite.rfc2018.Blocks;
import org.tcpconform.suite.rfc2018.Blocks.Block;
import org.testng.annotations.Test;

/**
 * RFC 2883, 4: what is received twice is reported in the first SACK block. Octets are counted from RCV.NXT after 20 in
 * order.
 */
public class S4_DuplicateSegments {
    private static final int IN_ORDER = 20;

    /**
     * What has come out of order, the segment that repeats something, and how it is answered.
     *
     * @param held what the target holds above a gap
     * @param again the segment
     * @param acknowledged up to where the answer acknowledges
     * @param blocks the blocks of the answer: the duplicate, then what it lies in, then others
     */
    record Repeat(String id, String what, List<Block> held, Block again, int acknowledged, Block... blocks)
            implements Row {}

    static List<Repeat> repeats() {
        List<Block> none = List.of();
        return List.of(
                new Repeat("10-ALL", "all of a segment below the ACK", none, block(-20, 0), 0, block(-20, 0)),
                new Repeat("10-MIDDLE", "a part from below the ACK", none, block(-15, -10), 0, block(-15, -10)),
                new Repeat("10-LAST", "the last octet below the ACK", none, block(-1, 0), 0, block(-1, 0)),
                new Repeat(
                        "10-GAP",
                        "a segment below the ACK, with others held",
                        List.of(block(10, 20)),
                        block(-20, 0),
                        0,
                        block(-20, 0),
                        block(10, 20)),
                new Repeat("09-NEW", "the old part of a segment that goes on", none, block(-5, 5), 5, block(-5, 0)),
                new Repeat(
                        "08-HELD",
                        "all that is held above a gap",
                        List.of(block(10, 20)),
                        block(10, 20),
                        0,
                        block(10, 20),
                        block(10, 20)),
                new Repeat(
                        "08-HELD-PART",
                        "one of two segments held in a row",
                        List.of(block(10, 20), block(20, 30)),
                        block(20, 30),
                        0,
                        block(20, 30),
                        block(10, 30)),
                new Repeat(
                        "09-HELD-RIGHT",
                        "the first half of a segment, held above a gap",
                        List.of(block(10, 20)),
                        block(15, 25),
                        0,
                        block(15, 20),
                        block(10, 25)),
                new Repeat(
                        "09-HELD-LEFT",
                        "the last half of a segment, held above a gap",
                        List.of(block(10, 20)),
                        block(5, 15),
                        0,
                        block(10, 15),
                        block(5, 20)),
                new Repeat(
                        "09-TWO",
                        "the first of two held parts of a segment",
                        List.of(block(10, 20), block(30, 40)),
                        block(10, 40),
                        0,
                        block(10, 20),
                        block(10, 40)),
                new Repeat(
                        "09-FILLS",
                        "the part below the ACK of a segment that fills a gap up to what is held",
                        List.of(block(10, 20)),
                        block(-10, 20),
                        20,
                        block(-10, 0)));
    }

    @Test
    @Case(
            id = "SK",
            title = "reports as a duplicate {}, in the first block",
            needs = DISCARD,
            rows = "repeats",
            tags = {"options", "sack"})
    @Requirement({"RFC2883-4-1", "RFC2883-4-3", "RFC2883-4-4"})
    public void duplicateIsReported(Peer peer, Repeat repeat) {
        Blocks.establish(peer);
        peer.send(data(IN_ORDER));
        peer.expectAck(ack().ack(RCV_NXT));
        Blocks blocks = Blocks.from(peer);
        for (Block held : repeat.held()) {
            peer.send(data(held.to() - held.from()).seq(RCV_NXT.plus(held.from())));
            peer.expectAck(ack().ack(RCV_NXT).noData());
        }
        Block again = repeat.again();
        peer.send(data(again.to() - again.from()).seq(RCV_NXT.plus(again.from())));
        peer.expectAck(blocks.in(ack().ack(RCV_NXT.plus(repeat.acknowledged())).noData(), repeat.blocks()));
        peer.advanceTo(RCV_NXT.plus(repeat.acknowledged()));
    }

    @Test
    @Case(
            id = "SK-08-ONCE",
            title = "reports a duplicate once: not again in the ACK of the data after it",
            needs = DISCARD,
            tags = {"options", "sack"})
    @Requirement("RFC2883-4-2")
    public void duplicateIsReportedOnce(Peer peer) {
        Blocks.establish(peer);
        peer.send(data(IN_ORDER));
        peer.expectAck(ack().ack(RCV_NXT));
        Blocks blocks = Blocks.from(peer);
        peer.send(data(IN_ORDER).seq(RCV_NXT.minus(IN_ORDER)));
        peer.expectAck(blocks.first(ack().ack(RCV_NXT).noData(), block(-IN_ORDER, 0)));
        peer.send(data(10));
        peer.expectAck(ack().ack(RCV_NXT).without(Option.Sack.class));
        // above a gap, so that there is something else to report
        peer.send(data(10).seq(RCV_NXT.plus(10)));
        peer.expectAck(blocks.in(ack().ack(RCV_NXT).noData(), block(20, 30)));
    }
}
