package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SND_NXT;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.WireSegment;

/**
 * A whole connection with a service that sends back, in which the target sends a segment of every kind: SYN,ACK, ACK,
 * duplicate ACK at a gap, data of odd and even length, FIN, and a RST to what comes afterwards.
 */
final class Exchange {
    /** What makes a target use all the options that it has. */
    static Option[] allOptions(Peer peer) {
        return new Option[] {
            new Option.Mss(Peer.MSS),
            new Option.SackPermitted(),
            new Option.Timestamps(peer.random(), 0),
            new Option.Nop(),
            new Option.WindowScale(7)
        };
    }

    private Exchange() {}

    /** Plays it. Gives all that the target sent, in order, looked at anew each time. */
    static Supplier<List<Answer>> play(Peer peer, Option... options) {
        peer.establish(options);
        peer.send(data(7));
        peer.expectAck(ack().ack(RCV_NXT));
        peer.receive(7);
        // old, so that the answer is an ACK alone; data, so that no limit on such answers hits it.
        // Whether there is one, and one to what lies above a gap, is the matter of other cases
        peer.send(data(1).seq(RCV_NXT.minus(1)));
        peer.answer(ack().seq(SND_NXT).ack(RCV_NXT).noData());
        peer.send(Text.piece(10, 20));
        peer.answer(ack().seq(SND_NXT).ack(RCV_NXT).noData());
        peer.send(data(10));
        // held, or to be sent again
        if (peer.expectAck(ack().ack(RCV_NXT.plus(10)), ack().ack(RCV_NXT)).choice() == 0) {
            peer.advanceTo(RCV_NXT.plus(10));
        }
        peer.receive(10);
        peer.send(finAck());
        peer.expectAck(finAck().ack(RCV_NXT));
        peer.send(ack());
        long end = peer.arrived(s -> true).stream()
                .mapToLong(Answer::timeNanos)
                .max()
                .orElse(0);
        // the connection is gone, so that the answer is a RST; of a target that keeps silent a new one tells it
        peer.prove(TcpState.CLOSED);
        return () -> peer.arrived(s -> true).stream()
                .filter(a -> a.timeNanos() <= end || a.segment().has(Flag.RST))
                .toList();
    }

    /** Demands something of every segment of a list. */
    static void all(Peer peer, Supplier<List<Answer>> segments, String what, Predicate<WireSegment> demand) {
        peer.judge(what + " in each segment", () -> demand(peer, segments.get(), what, demand));
    }

    private static void demand(Peer peer, List<Answer> segments, String what, Predicate<WireSegment> demand) {
        List<WireSegment> broken =
                segments.stream().map(Answer::segment).filter(demand.negate()).toList();
        if (!broken.isEmpty()) {
            WireSegment first = broken.get(0);
            throw peer.broken(
                    "not-all",
                    broken.size() + " of " + segments.size() + " segments are not so: " + what + ". The first is "
                            + Flag.names(first.flags()) + " with " + first.payload().length
                            + " octets of data, options "
                            + first.options() + ", reserved bits " + first.reserved());
        }
    }

    /** Those that belong to the connection: all but the reset afterwards. */
    static Supplier<List<Answer>> withoutResets(Supplier<List<Answer>> segments) {
        return () ->
                segments.get().stream().filter(a -> !a.segment().has(Flag.RST)).toList();
    }

    static Supplier<List<Answer>> withoutHandshake(Supplier<List<Answer>> segments) {
        return () ->
                segments.get().stream().filter(a -> !a.segment().has(Flag.SYN)).toList();
    }
}
