package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.CLOSES_FIRST;
import static org.tcpconform.requirement.Stimulus.CLOSES_ON_FIN;
import static org.tcpconform.requirement.Stimulus.DISCARD;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.segment.Flag.ACK;
import static org.tcpconform.segment.Flag.FIN;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SND_NXT;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Segment;
import org.testng.annotations.Test;

/** RFC 9293, 3.10.7.4, first and seventh check, and RFC 5681, 4.2: data out of order, twice, or overlapping. */
public class S3_10_7_4_Reassembly {
    /** The acknowledgment of what is in order, of which there is nothing new. */
    private static final Segment DUPLICATE_ACK = ack().seq(SND_NXT).ack(RCV_NXT).noData();

    @Test
    @Case(
            id = "OO-01",
            title = "answers a segment above a gap at once with a duplicate ACK",
            needs = DISCARD,
            tags = {"data", "reassembly"})
    @Requirement({"RFC5681-3.2-1", "RFC9293-MAY-13", "RFC1122-4.2.2.21-1"})
    public void gapIsAnsweredAtOnce(Peer peer) {
        peer.establish();
        int[] at = {10};
        AtOnce.isAcknowledged(peer, "late-ack", "a segment above a gap", () -> {
            peer.send(Text.piece(at[0], at[0] + 10));
            at[0] += 20;
            return peer.expectAck(DUPLICATE_ACK);
        });
    }

    @Test
    @Case(
            id = "OO-02",
            title = "acknowledges in one segment all that a segment that fills a gap makes complete",
            needs = DISCARD,
            tags = {"data", "reassembly"})
    @Requirement("RFC9293-MUST-59")
    public void filledGapIsAcknowledged(Peer peer) {
        peer.establish();
        if (fillGap(peer).choice() == 1) {
            peer.observed("data out of order is not held");
            peer.expectSilence();
        }
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "OO-02-AT-ONCE",
            title = "acknowledges a segment that fills a gap at once",
            needs = DISCARD,
            tags = {"data", "reassembly"})
    @Requirement("RFC5681-3.2-2")
    public void filledGapIsAcknowledgedAtOnce(Peer peer) {
        peer.establish();
        AtOnce.isAcknowledged(peer, "late-ack", "a segment that fills a gap", () -> fillGap(peer));
        peer.prove(TcpState.ESTABLISHED);
    }

    /**
     * Sends a segment above a gap, then what fills it. A target that does not hold the first acknowledges the second alone.
     * Whether it answers the first with a duplicate ACK is for OO-01 to judge.
     */
    private static Answer fillGap(Peer peer) {
        peer.send(Text.piece(10, 20));
        peer.answer(DUPLICATE_ACK);
        peer.send(Text.piece(0, 10));
        Answer answer = peer.expectAck(ack().ack(RCV_NXT.plus(20)), ack().ack(RCV_NXT.plus(10)));
        peer.advanceTo(RCV_NXT.plus(answer.choice() == 0 ? 20 : 10));
        return answer;
    }

    @Test
    @Case(
            id = "OO-03",
            title = "holds data that comes out of order: acknowledges it once the gap is filled",
            needs = ECHO,
            tags = {"data", "reassembly"})
    @Requirement("RFC9293-SHLD-31")
    public void dataOutOfOrderIsHeld(Peer peer) {
        peer.establish();
        peer.send(Text.piece(10, 20));
        peer.expectAck(DUPLICATE_ACK);
        peer.send(Text.piece(0, 10));
        peer.expectAck(ack().ack(RCV_NXT.plus(20)));
        peer.advanceTo(RCV_NXT.plus(20));
        Text.isSentBack(peer, Text.octets(0, 20));
    }

    /** An order of five segments, as digits. */
    record Order(String id) implements Row {
        @Override
        public String what() {
            return "order " + id;
        }
    }

    static List<Order> orders() {
        List<Order> orders = new ArrayList<>();
        permute("", "12345", orders);
        return orders;
    }

    private static void permute(String chosen, String left, List<Order> orders) {
        if (left.isEmpty()) {
            orders.add(new Order(chosen));
        }
        for (int i = 0; i < left.length(); i++) {
            permute(chosen + left.charAt(i), left.substring(0, i) + left.substring(i + 1), orders);
        }
    }

    @Test
    @Case(
            id = "OO-04",
            title = "makes one stream of five segments that come in {}",
            needs = ECHO,
            rows = "orders",
            tags = {"data", "reassembly"})
    @Requirement({"RFC9293-SHLD-31", "RFC9293-3.10.7.4-28"})
    public void anyOrder(Peer peer, Order order) {
        peer.establish();
        for (char digit : order.id().toCharArray()) {
            int first = (digit - '1') * 10;
            peer.send(Text.piece(first, first + 10));
        }
        peer.expectTaken(RCV_NXT.plus(50));
        Text.isSentBack(peer, Text.octets(0, 50));
    }

    /** A segment with the octets from {@code from} to before {@code to}. */
    record Overlap(String id, int from, int to) implements Row {
        static Overlap of(int from, int to) {
            return new Overlap(from + "-" + to, from, to);
        }

        @Override
        public String what() {
            return "octets " + from + " to " + (to - 1);
        }
    }

    static List<Overlap> filling() {
        List<Overlap> rows = new ArrayList<>();
        for (int to : new int[] {1, 5, 9, 10, 11, 15, 19, 20, 21, 25, 29, 30, 31, 35, 39, 40, 41, 50}) {
            rows.add(Overlap.of(0, to));
        }
        return rows;
    }

    @Test
    @Case(
            id = "OO-05",
            title = "makes one stream of a segment with {} and of 10 to 19 and 30 to 39 that it holds",
            needs = ECHO,
            rows = "filling",
            tags = {"data", "reassembly"})
    @Requirement({"RFC9293-SHLD-31", "RFC9293-3.10.7.4-3"})
    public void fillingOverlap(Peer peer, Overlap overlap) {
        peer.establish();
        peer.send(Text.piece(10, 20));
        peer.expectAck(DUPLICATE_ACK);
        peer.send(Text.piece(30, 40));
        peer.expectAck(DUPLICATE_ACK);
        int end = extended(extended(overlap.to(), 10, 20), 30, 40);
        peer.send(Text.piece(0, overlap.to()));
        peer.expectAck(ack().ack(RCV_NXT.plus(end)));
        peer.send(Text.piece(end, 50 + end));
        peer.expectAck(ack().ack(RCV_NXT.plus(50 + end)));
        peer.advanceTo(RCV_NXT.plus(50 + end));
        Text.isSentBack(peer, Text.octets(0, 50 + end));
    }

    /** Where what is complete up to {@code end} ends with a block from {@code from} to {@code to} held. */
    private static int extended(int end, int from, int to) {
        return end >= from ? Math.max(end, to) : end;
    }

    static List<Overlap> held() {
        List<Overlap> rows = new ArrayList<>();
        for (int from : new int[] {5, 9, 10, 11, 15, 19, 20}) {
            for (int to : new int[] {10, 11, 15, 19, 20, 21, 25}) {
                if (from < to) {
                    rows.add(Overlap.of(from, to));
                }
            }
        }
        return rows;
    }

    @Test
    @Case(
            id = "OO-05-HELD",
            title = "makes one stream of 10 to 19, then {}, both held, and what fills the gap",
            needs = ECHO,
            rows = "held",
            tags = {"data", "reassembly"})
    @Requirement({"RFC9293-SHLD-31", "RFC9293-3.10.7.4-3"})
    public void heldOverlap(Peer peer, Overlap overlap) {
        peer.establish();
        peer.send(Text.piece(10, 20));
        peer.expectAck(DUPLICATE_ACK);
        peer.send(Text.piece(overlap.from(), overlap.to()));
        peer.expectAck(DUPLICATE_ACK);
        int start = Math.min(10, overlap.from());
        int end = Math.max(20, overlap.to());
        peer.send(Text.piece(0, start));
        peer.expectAck(ack().ack(RCV_NXT.plus(end)));
        peer.advanceTo(RCV_NXT.plus(end));
        Text.isSentBack(peer, Text.octets(0, end));
    }

    @Test
    @Case(
            id = "OO-06",
            title = "delivers one of two contents where segments contradict each other, without mixing octets",
            needs = ECHO,
            observes = true,
            tags = {"data", "reassembly"})
    @Requirement({"RFC9293-SHLD-31", "RFC9293-3.10.7.4-3"})
    public void contradiction(Peer peer) {
        peer.establish();
        byte[] first = new byte[10];
        byte[] second = new byte[10];
        Arrays.fill(first, (byte) '1');
        Arrays.fill(second, (byte) '2');
        peer.send(data(0).payload(first).seq(RCV_NXT.plus(10)));
        peer.expectAck(DUPLICATE_ACK);
        peer.send(data(0).payload(second).seq(RCV_NXT.plus(10)));
        peer.expectAck(DUPLICATE_ACK);
        peer.send(Text.piece(0, 10));
        peer.expectAck(ack().ack(RCV_NXT.plus(20)));
        peer.advanceTo(RCV_NXT.plus(20));
        byte[] back = Arrays.copyOfRange(peer.receive(20), 10, 20);
        if (!Arrays.equals(back, first) && !Arrays.equals(back, second)) {
            throw peer.broken("wrong-data", "what was delivered is neither of the two");
        }
        peer.observed("of two contradicting segments the " + (back[0] == '1' ? "first" : "second") + " is delivered");
    }

    @Test
    @Case(
            id = "OO-07",
            title = "does not act on a FIN above a gap before the gap is filled",
            needs = CLOSES_ON_FIN,
            tags = {"data", "reassembly", "teardown"})
    @Requirement({"RFC9293-3.10.7.4-35", "RFC9293-SHLD-31"})
    public void finAboveAGap(Peer peer) {
        peer.establish();
        peer.send(finAck().seq(RCV_NXT.plus(10)));
        // neither acknowledged nor followed by the target's own
        peer.expectAck(DUPLICATE_ACK);
        peer.send(Text.piece(0, 10));
        Answer answer = peer.expectAck(ack().ack(RCV_NXT.plus(11)).ignoring(FIN), ack().ack(RCV_NXT.plus(10)));
        peer.observed("a FIN above a gap is " + (answer.choice() == 0 ? "held" : "not held"));
        peer.advanceTo(RCV_NXT.plus(10));
        peer.send(finAck());
        if (answer.choice() == 1) {
            peer.expectAck(ack().ack(RCV_NXT).ignoring(FIN));
        }
        peer.expectSooner(finAck().ack(RCV_NXT));
    }

    @Test
    @Case(
            id = "OO-09",
            title = "acknowledges a segment that it has already once more, and does not deliver it again",
            needs = ECHO,
            tags = {"data", "reassembly"})
    @Requirement({"RFC9293-3.10.7.4-1", "RFC9293-3.10.7.4-3"})
    public void duplicate(Peer peer) {
        peer.establish();
        peer.send(data(0).payload(Text.octets(0, 10)));
        peer.expectAck(ack().ack(RCV_NXT));
        peer.receive(10);
        peer.send(Text.piece(-10, 0));
        peer.expectAck(DUPLICATE_ACK);
        peer.send(data(0).payload(Text.octets(10, 20)));
        peer.expectAck(ack().ack(RCV_NXT));
        Text.isSentBack(peer, Text.octets(10, 20));
    }

    /** A segment that begins so far before RCV.NXT. */
    record Straddle(String id, String what, int old, int fresh) implements Row {}

    static List<Straddle> straddles() {
        return List.of(
                new Straddle("1-OLD", "1 old octet and 9 new ones", 1, 9),
                new Straddle("1-NEW", "9 old octets and 1 new one", 9, 1),
                new Straddle("ALL-OLD", "all 10 old octets and 10 new ones", 10, 10));
    }

    @Test
    @Case(
            id = "OO-10",
            title = "takes the new part alone of a segment with {}",
            needs = ECHO,
            rows = "straddles",
            tags = {"data", "reassembly"})
    @Requirement({"RFC9293-3.10.7.4-3", "RFC9293-3.4-5"})
    public void oldAndNew(Peer peer, Straddle straddle) {
        peer.establish();
        peer.send(data(0).payload(Text.octets(0, 10)));
        peer.expectAck(ack().ack(RCV_NXT));
        peer.receive(10);
        byte[] octets = Text.octets(10 - straddle.old(), 10 + straddle.fresh());
        peer.send(data(0).payload(octets).seq(RCV_NXT.minus(straddle.old())));
        peer.expectAck(ack().ack(RCV_NXT.plus(straddle.fresh())));
        peer.advanceTo(RCV_NXT.plus(straddle.fresh()));
        Text.isSentBack(peer, Text.octets(10, 10 + straddle.fresh()));
    }

    @Test
    @Case(
            id = "OO-11",
            segments = 320,
            octets = 32_000,
            title = "survives 200 holes of one octet, and makes one stream once all is sent again",
            needs = ECHO,
            tags = {"data", "reassembly"})
    @Requirement({"RFC9293-3.10.7.4-28", "RFC9293-SHLD-31"})
    public void manyHoles(Peer peer) {
        peer.establish();
        peer.atOnce(() -> {
            for (int i = 1; i < 400; i += 2) {
                peer.send(Text.piece(i, i + 1));
            }
        });
        peer.send(Text.piece(0, 400));
        peer.expectAck(ack().ack(RCV_NXT.plus(400)));
        peer.advanceTo(RCV_NXT.plus(400));
        Text.isSentBack(peer, Text.octets(0, 400));
    }

    @Test
    @Case(
            id = "OO-12",
            title = "drops data wholly beyond its window, and answers it with an ACK",
            needs = DISCARD,
            tags = {"data", "reassembly"})
    @Requirement({"RFC9293-3.10.7.4-1", "RFC9293-3.4-5", "RFC9293-3.5.2-4"})
    public void beyondTheWindow(Peer peer) {
        peer.establish();
        peer.send(data(10).seq(RCV_NXT.plus(RCV_WND)));
        peer.expectAck(DUPLICATE_ACK);
        // once more, in case the first was kept
        peer.send(data(10).seq(RCV_NXT.plus(RCV_WND)));
        peer.expectOrSilence(DUPLICATE_ACK);
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "OO-08",
            title = "holds data out of order in FIN-WAIT-2 and acknowledges all once the gap is filled,"
                    + " or resets as a half-duplex close may",
            needs = CLOSES_FIRST,
            tags = {"data", "reassembly", "half-close"})
    @Requirement({"RFC9293-SHLD-31", "RFC9293-3.10.7.4-22", "RFC9293-MAY-1"})
    public void finWait2HoldsData(Peer peer) {
        peer.reach(TcpState.FIN_WAIT_2);
        peer.send(Text.piece(10, 20));
        boolean taken = peer.expectAck(DUPLICATE_ACK, rst().ignoring(ACK)).choice() == 0;
        peer.option("RFC9293-MAY-1", !taken, (taken ? "takes" : "resets on") + " data after its FIN");
        if (!taken) {
            peer.prove(TcpState.CLOSED);
            return;
        }
        peer.send(Text.piece(0, 10));
        peer.expectAck(ack().ack(RCV_NXT.plus(20)));
        peer.advanceTo(RCV_NXT.plus(20));
        peer.prove(TcpState.FIN_WAIT_2);
    }
}
