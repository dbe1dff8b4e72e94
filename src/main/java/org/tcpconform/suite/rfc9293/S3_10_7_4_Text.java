package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.requirement.Stimulus.DISCARD;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.segment.Flag.ACK;
import static org.tcpconform.segment.Flag.FIN;
import static org.tcpconform.segment.Flag.PSH;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.segment;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.at;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Finish;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.SeqMath;
import org.tcpconform.verdict.NotApplicable;
import org.testng.annotations.Test;

/** RFC 9293, 3.10.7.4, seventh check, and 3.9.1.2: data in and out. */
public class S3_10_7_4_Text {
    @Test
    @Case(
            id = "DT-01",
            title = "acknowledges data in order and delivers it once",
            needs = ECHO,
            tags = {"data", "smoke"})
    @Requirement("RFC9293-3.10.7.4-28")
    public void dataIsDelivered(Peer peer) {
        peer.establish();
        peer.send(data(0).payload(Text.octets(0, 100)));
        peer.expectAck(ack().seq(SND_NXT).ack(RCV_NXT));
        Text.isSentBack(peer, Text.octets(0, 100));
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(id = "DT-08", title = "delivers and acknowledges data without PSH", needs = ECHO, tags = "data")
    @Requirement("RFC9293-3.10.7.4-28")
    public void dataWithoutPush(Peer peer) {
        peer.establish();
        peer.send(segment(ACK).payload(Text.octets(0, 100)));
        peer.expectAck(ack().ack(RCV_NXT));
        Text.isSentBack(peer, Text.octets(0, 100));
    }

    /** How many octets are sent back at once. */
    record Length(String id, int octets) implements Row {
        @Override
        public String what() {
            return octets + " octets";
        }
    }

    static List<Length> lengths() {
        return Stream.of(1, 10, 1_400)
                .map(n -> new Length(Integer.toString(n), n))
                .toList();
    }

    @Test
    @Case(
            id = "DT-09",
            title = "sets PSH in the last segment of what an application sends: {}",
            needs = ECHO,
            rows = "lengths",
            tags = "data")
    @Requirement("RFC9293-MUST-61")
    public void lastSegmentIsPushed(Peer peer, Length length) {
        peer.establish(new Option.Mss(536));
        peer.send(data(0).payload(Text.octets(0, length.octets() / 2)));
        peer.send(data(0).payload(Text.octets(length.octets() / 2, length.octets())));
        Text.isSentBack(peer, Text.octets(0, length.octets()));
        int end = peer.value(SND_NXT);
        peer.judge("the segment with the last octet has PSH", () -> {
            if (peer.received(s -> s.payload().length > 0 && s.end() == end).stream()
                    .findFirst()
                    .filter(last -> last.segment().has(PSH))
                    .isEmpty()) {
                throw peer.broken("no-push", "the segment with the last octet that was sent back lacks PSH");
            }
        });
    }

    @Test
    @Case(
            id = "DT-10",
            title = "sends segments of the largest size where it has much to send",
            needs = BULK,
            tags = {"data", "bulk"})
    @Requirement({"RFC9293-SHLD-28", "RFC9293-SHLD-27"})
    public void segmentsAreFull(Peer peer) {
        peer.establish(new Option.Mss(1_000));
        peer.receive(100_000);
        peer.judge("half of the segments are full-sized", () -> {
            List<Answer> segments = peer.received(s -> s.payload().length > 0);
            long full = segments.stream()
                    .filter(a -> a.segment().payload().length >= 1_000)
                    .count();
            String what = full + " of " + segments.size() + " segments are full-sized";
            if (full * 2 < segments.size()) {
                throw peer.broken("small-segments", "only " + what);
            }
            peer.observed(what);
        });
    }

    /** A window that we offer. */
    record Window(String id, int octets) implements Row {
        @Override
        public String what() {
            return octets + (octets == 1 ? " octet" : " octets");
        }
    }

    static List<Window> windows() {
        return Stream.of(0, 1, 100, 536, 1_460, 1_461, 4_096, 10_000, 65_535)
                .map(n -> new Window(Integer.toString(n), n))
                .toList();
    }

    @Test
    @Case(
            id = "DT-11",
            title = "never sends beyond a window of {}, a probe of one octet excepted",
            needs = BULK,
            rows = "windows",
            tags = {"data", "bulk"})
    @Requirement({"RFC5681-2-1", "RFC9293-3.10.7.4-SR-1"})
    public void windowIsKept(Peer peer, Window window) {
        peer.send(syn().options(new Option.Mss(Peer.MSS)).window(window.octets()));
        peer.expect(synAck().ack(IRS.plus(1)));
        peer.send(ack().window(window.octets()));
        peer.receive(Math.max(1, Math.min(window.octets() * 6, 200_000)), ack().window(window.octets()));
        int permitted = window.octets() == 0 ? 1 : 0;
        peer.judge("nothing beyond the window, which is filled", () -> {
            int beyond = peer.beyondWindow();
            if (beyond > permitted) {
                throw peer.broken(
                        "beyond-window",
                        "the target sent " + beyond + " octets beyond the window that was offered to it");
            }
            int came = peer.takenIn().length;
            if (window.octets() >= Peer.MSS && came < window.octets()) {
                throw peer.broken(
                        "too-little",
                        "of a window of " + window.octets() + " octets, of at least one segment, the target filled "
                                + came);
            }
        });
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "DT-12",
            title = "sets ACK, with a number that never goes back, in every segment after the handshake",
            needs = ECHO,
            tags = "data")
    @Requirement("RFC9293-3.1-5")
    public void everySegmentAcknowledges(Peer peer) {
        Supplier<List<Answer>> all = Exchange.withoutResets(Exchange.play(peer));
        Exchange.all(peer, all, "ACK is set", s -> s.has(ACK));
        peer.judge("no number below one before it", () -> {
            Integer last = null;
            for (Answer answer : all.get()) {
                int number = answer.segment().ack();
                if (last != null && SeqMath.lt(number, last)) {
                    throw peer.broken(
                            "ack-went-back", "an acknowledgment number is " + (last - number) + " below one before it");
                }
                last = number;
            }
        });
    }

    @Test
    @Case(id = "DT-13", title = "delivers many small segments as one stream", needs = ECHO, tags = "data")
    @Requirement("RFC9293-3.10.7.4-28")
    public void smallSegments(Peer peer) {
        peer.establish();
        int[] at = {0};
        peer.atOnce(() -> {
            for (int size = 1; size <= 30; size++) {
                peer.send(data(0).payload(Text.octets(at[0], at[0] + size)));
                at[0] += size;
            }
        });
        peer.expectTaken(RCV_NXT);
        Text.isSentBack(peer, Text.octets(0, at[0]));
    }

    @Test
    @Case(
            id = "DT-14",
            title = "delivers the data of a FIN before it closes, and acknowledges both",
            needs = ECHO,
            tags = {"data", "teardown"})
    @Requirement({"RFC9293-3.10.7.4-31", "RFC9293-3.10.7.4-28"})
    public void dataWithFin(Peer peer) {
        peer.establish();
        peer.send(finAck().payload(Text.octets(0, 100)));
        peer.expectAck(ack().ack(RCV_NXT).ignoring(FIN));
        Text.isSentBack(peer, Text.octets(0, 100));
        peer.expectSooner(finAck().ack(RCV_NXT));
    }

    @Test
    @Case(
            id = "DT-20",
            title = "takes a segment as large as its MSS option says",
            needs = ECHO,
            tags = {"data", "options"})
    @Requirement({"RFC9293-MUST-67", "RFC9293-3.10.7.4-28"})
    public void largestSegmentIsTaken(Peer peer) {
        Answer synAck = peer.openTo();
        int mss = Sizes.receiveMss(peer, synAck);
        peer.send(ack());
        peer.send(data(0).payload(Text.octets(0, mss)));
        peer.expectAck(ack().ack(RCV_NXT));
        Text.isSentBack(peer, Text.octets(0, mss));
        peer.observed("takes a segment with " + mss + " octets of data");
    }

    @Test
    @Case(
            id = "DT-21",
            title = "takes or drops a segment larger than its MSS option says, and goes on as before",
            observes = true,
            tags = {"data", "options"})
    @Requirement("RFC9293-MUST-67")
    public void tooLargeSegment(Peer peer) {
        Answer synAck = peer.openTo();
        int mss = Sizes.receiveMss(peer, synAck);
        int larger = Math.min(mss + 100, Sizes.linkMss(peer));
        if (larger == mss) {
            throw new NotApplicable("our link takes no larger segment than the " + mss + " octets that it announces");
        }
        peer.send(ack());
        peer.send(data(larger).seq(RCV_NXT));
        Optional<Answer> answer = peer.expectOrSilence(ack().ack(RCV_NXT.plus(larger)), ack().ack(RCV_NXT));
        peer.observed("a segment larger than its MSS is " + (Text.isTaken(peer, answer, larger) ? "taken" : "dropped"));
        peer.prove(TcpState.ESTABLISHED);
    }

    // ---- sequence numbers

    @Test
    @Case(
            id = "SQ-15",
            title = "acknowledges each of two segments that follow each other, or both, and no number between",
            needs = DISCARD,
            tags = {"data", "ack"})
    @Requirement({"RFC9293-3.10.7.4-28", "RFC9293-3.4-1"})
    public void twoSegments(Peer peer) {
        peer.establish();
        int start = peer.value(RCV_NXT);
        peer.send(data(7));
        peer.send(data(11));
        peer.expectAck(ack().ack(RCV_NXT).ignoring(FIN));
        peer.judge("no number between", () -> {
            List<Integer> numbers = peer.received(s -> s.has(ACK)).stream()
                    .map(a -> a.segment().ack() - start)
                    .filter(n -> n != 0)
                    .distinct()
                    .toList();
            if (!List.of(7, 18).containsAll(numbers)) {
                throw peer.broken("wrong-ack", "of 7 and 11 octets the target acknowledged " + numbers);
            }
        });
    }

    /** Where the numbers of our octets pass a boundary: octet {@code at} of the stream has that number. */
    record Boundary(String id, String what, long number, int at) implements Row {}

    static List<Boundary> boundaries() {
        long wrap = 0;
        long sign = 0x8000_0000L;
        return List.of(
                new Boundary("WRAP-INSIDE", "2^32 within a segment", wrap, 15),
                new Boundary("WRAP-BETWEEN", "2^32 between two segments", wrap, 20),
                new Boundary("WRAP-GAP", "2^32 within a gap", wrap, 5),
                new Boundary("WRAP-WINDOW", "2^32 within the window", wrap, 1_000),
                new Boundary("SIGN-INSIDE", "2^31 within a segment", sign, 15),
                new Boundary("SIGN-BETWEEN", "2^31 between two segments", sign, 20),
                new Boundary("SIGN-GAP", "2^31 within a gap", sign, 5));
    }

    @Test
    @Case(
            id = "SQ-14",
            title = "takes and delivers a stream in and out of order whose numbers pass {}",
            needs = ECHO,
            rows = "boundaries",
            tags = {"data", "reassembly"})
    @Requirement({"RFC9293-3.4-1", "RFC9293-3.10.7.4-28"})
    public void numbersWrap(Peer peer, Boundary boundary) {
        peer.send(syn().seq(at(boundary.number() - boundary.at() - 1)));
        peer.expect(synAck().ack(IRS.plus(1)));
        peer.send(ack());
        peer.send(Text.piece(10, 20));
        peer.expectAck(ack().seq(SND_NXT).ack(RCV_NXT).noData());
        peer.send(Text.piece(0, 10));
        // what came above the gap is held, or to be sent again
        if (peer.expectAck(ack().ack(RCV_NXT.plus(20)), ack().ack(RCV_NXT.plus(10)))
                        .choice()
                == 1) {
            peer.send(Text.piece(10, 20));
            peer.expectAck(ack().ack(RCV_NXT.plus(20)));
        }
        peer.send(Text.piece(20, 40));
        peer.expectAck(ack().ack(RCV_NXT.plus(40)));
        peer.advanceTo(RCV_NXT.plus(40));
        // before what is old, since what is sent back would pass for the answer to it
        Text.isSentBack(peer, Text.octets(0, 40));
        peer.send(data(0).payload(Text.octets(5, 25)).seq(RCV_NXT.minus(35)));
        peer.expectAck(ack().seq(SND_NXT).ack(RCV_NXT).noData());
    }

    // ---- IP fragments

    /** Of a datagram that every host takes: 576 octets with the headers, over IPv6 more. */
    private static final int FRAGMENTED = 480;

    private static final Finish FRAGMENTS = new Finish.Fragments(256);

    @Test
    @Case(
            id = "DT-19",
            title = "takes a segment that comes in IP fragments",
            needs = ECHO,
            families = Family.IPV4,
            tags = {"data", "fragments"})
    @Requirement({"RFC1122-3.3.2-1", "RFC9293-3.10.7.4-28"})
    public void fragmentsOfIpv4(Peer peer) {
        fragments(peer);
    }

    @Test
    @Case(
            id = "DT-19-EXTENSION",
            title = "takes a segment that comes in fragments, each with a Fragment header",
            needs = ECHO,
            families = Family.IPV6,
            tags = {"data", "fragments"})
    @Requirement({"RFC8200-4.5-1", "RFC9293-3.10.7.4-28"})
    public void fragmentsOfIpv6(Peer peer) {
        fragments(peer);
    }

    private static void fragments(Peer peer) {
        peer.requireNoRouter("drop fragments");
        peer.establish();
        peer.send(data(0).payload(Text.octets(0, FRAGMENTED)).finish(FRAGMENTS));
        peer.expectAck(ack().ack(RCV_NXT));
        Text.isSentBack(peer, Text.octets(0, FRAGMENTED));
    }
}
