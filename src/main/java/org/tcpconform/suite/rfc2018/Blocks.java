package org.tcpconform.suite.rfc2018;

import static org.tcpconform.segment.Seq.RCV_NXT;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.requirement.Feature;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;

/**
 * SACK blocks of a connection, in octets counted from a point of its stream. A block from 10 to 20 has the octets 10 to
 * 19, as in RFC 2018, 3.
 */
public final class Blocks {
    private static final Option NOP = new Option.Nop();

    /** From {@code from} to before {@code to}. */
    public record Block(int from, int to) {
        @Override
        public String toString() {
            return from + ":" + to;
        }
    }

    private final int origin;

    private Blocks(int origin) {
        this.origin = origin;
    }

    /** Opens a connection with selective acknowledgment and perhaps more options; gives the SYN,ACK. */
    public static Answer establish(Peer peer, Option... more) {
        List<Option> options = new ArrayList<>(List.of(new Option.Mss(Peer.MSS), NOP, NOP, new Option.SackPermitted()));
        options.addAll(List.of(more));
        Answer synAck = peer.openTo(options.toArray(Option[]::new));
        peer.negotiated(synAck, Option.SackPermitted.class, Feature.SACK);
        peer.send(Segment.ack());
        return synAck;
    }

    /** Counted from what is RCV.NXT now. */
    public static Blocks from(Peer peer) {
        return new Blocks(peer.value(RCV_NXT));
    }

    public static Block block(int from, int to) {
        return new Block(from, to);
    }

    private List<Block> of(List<Option> options) {
        List<Block> blocks = new ArrayList<>();
        for (Option option : options) {
            if (option instanceof Option.Sack sack) {
                for (int i = 0; i + 1 < sack.edges().size(); i += 2) {
                    blocks.add(
                            new Block(sack.edges().get(i) - origin, sack.edges().get(i + 1) - origin));
                }
            }
        }
        return blocks;
    }

    /** The segment, expected to have just these blocks: the first as the first, the others in any order. */
    public Segment in(Segment expected, Block... blocks) {
        List<Block> wanted = List.of(blocks);
        return expected.where("has SACK blocks " + wanted, s -> {
            List<Block> came = of(s.options());
            return came.size() == wanted.size()
                    && (came.isEmpty() || came.get(0).equals(wanted.get(0)))
                    && came.containsAll(wanted);
        });
    }

    /** The segment, expected to have this block as the first. */
    public Segment first(Segment expected, Block block) {
        return expected.where("has SACK block " + block + " first", s -> {
            List<Block> came = of(s.options());
            return !came.isEmpty() && came.get(0).equals(block);
        });
    }

    /** The option with these blocks. */
    public Option option(Block... blocks) {
        return new Option.Sack(Arrays.stream(blocks)
                .flatMap(b -> List.of(origin + b.from(), origin + b.to()).stream())
                .toList());
    }
}
