package org.tcpconform.suite.rfc3042;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.SND_NXT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;
import org.testng.annotations.Test;

/** RFC 3042, 2: what the first duplicate acknowledgments bring forth, while the congestion window is full. */
public class S2_LimitedTransmit {
    private static final Option NOP = new Option.Nop();
    private static final int MSS = 1_000;

    private static final Segment DUPLICATE = ack().ack(ISS.plus(1));

    /** A target's own probes, as of its tail (RFC 8985, 7), may come at any time; hardly so each time. */
    private static final int TRIES = 3;

    private static final int MOST_TRIES = 5;

    @Test
    @Case(
            id = "SK-19",
            title = "sends a new segment on the first duplicate ACK that reports another segment received",
            needs = BULK,
            tags = {"options", "sack", "bulk"})
    @Requirement({"RFC3042-2-1", "RFC5681-3.2-4"})
    public void firstDuplicate(Peer peer) {
        if (!tries(peer).contains(true)) {
            throw peer.broken("no-limited-transmit", "no new segment came on the first duplicate ACK with news");
        }
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "SK-19-NO-NEWS",
            title = "sends no new segment on the first duplicate ACKs where they report no other segment received",
            needs = BULK,
            tags = {"options", "sack", "bulk"})
    @Requirement("RFC3042-2-3")
    public void withoutNews(Peer peer) {
        Peer guilty = null;
        int largest = 0;
        int judged = 0;
        for (int i = 0; i < MOST_TRIES && judged < TRIES; i++) {
            Peer p = i == 0 ? peer : peer.another();
            Optional<Flight> flight = fill(p);
            if (flight.isEmpty()) {
                continue;
            }
            judged++;
            // where more than that was under way, an application that had paused held this one back, and not the window
            boolean full = flight.get().octets() >= largest;
            boolean drew = drawsWithoutNews(p, flight.get());
            if (full && !drew) {
                p.prove(TcpState.ESTABLISHED);
                return;
            }
            if (full) {
                guilty = p;
                largest = flight.get().octets();
            }
        }
        if (guilty == null) {
            throw tooSlow();
        }
        throw guilty.broken("transmit-without-news", "new segments came on duplicate ACKs that report nothing");
    }

    /** Whether duplicate ACKs without news draw new segments. */
    private static boolean drawsWithoutNews(Peer peer, Flight flight) {
        peer.atOnce(() -> {
            peer.send(DUPLICATE);
            peer.send(DUPLICATE);
        });
        // a timer brings forth one at the most: a probe of the tail
        int[] last = {flight.next() - 1};
        while (peer.answer(ack().hasData().where("has new data", s -> s.seq() - last[0] > 0))
                .isPresent()) {
            last[0] = peer.value(SND_NXT) - 1;
            if (drawn(peer, flight.acknowledged()) > 1) {
                return true;
            }
        }
        return false;
    }

    /** How many new segments came after what we sent later than the acknowledgment of that stamp. */
    private static long drawn(Peer peer, long acknowledged) {
        int next = peer.value(ISS);
        long drawn = 0;
        for (Answer a : peer.received(s -> s.payload().length > 0)) {
            if (a.segment().end() - next > 0) {
                next = a.segment().end();
                drawn += stampBefore(a) > acknowledged ? 1 : 0;
            }
        }
        return drawn;
    }

    /** Capture stamp of our last segment before an answer. */
    private static long stampBefore(Answer answer) {
        return answer.timeNanos() - answer.delay().toNanos();
    }

    /** Whether a new segment came at once on a duplicate ACK with news, for each try that a timer did not spoil. */
    private static List<Boolean> tries(Peer peer) {
        List<Boolean> sent = new ArrayList<>();
        for (int i = 0; i < MOST_TRIES && sent.size() < TRIES; i++) {
            sendsOnDuplicate(i == 0 ? peer : peer.another()).ifPresent(sent::add);
        }
        if (sent.isEmpty()) {
            throw tooSlow();
        }
        return sent;
    }

    private static Inconclusive tooSlow() {
        return new Inconclusive(Failure.of(
                "too-slow", "each time a timer of the target's may have run before the duplicate ACK took effect"));
    }

    /**
     * Whether a duplicate ACK with news draws a new segment at once; nothing where the target sent again before that, and
     * where the new segment comes so late, or so early, that it may be a timer's.
     */
    private static Optional<Boolean> sendsOnDuplicate(Peer peer) {
        Optional<Flight> filled = fill(peer);
        if (filled.isEmpty()) {
            return Optional.empty();
        }
        Flight flight = filled.get();
        peer.send(DUPLICATE.options(NOP, NOP, new Option.Sack(List.of(flight.second(), flight.third()))));
        Optional<Answer> fresh = peer.answer(ack().seq(Seq.at(flight.next())).hasData());
        boolean crossed = peer.received(s -> s.seq() == flight.next() && s.payload().length > 0).stream()
                .anyMatch(a -> fresh.isEmpty() || a.timeNanos() < fresh.get().timeNanos());
        boolean came = fresh.filter(a -> !a.delay().isNegative() && a.delay().compareTo(flight.atOnce()) < 0)
                .isPresent();
        return crossed || fresh.isPresent() && !came ? Optional.empty() : Optional.of(came);
    }

    /**
     * All that the congestion window permits.
     *
     * @param second where its second segment begins
     * @param third where its third segment begins
     * @param next SND.NXT
     * @param octets how much it is
     * @param atOnce how soon an answer comes that no timer brings forth
     * @param acknowledged capture stamp of our acknowledgment that it followed
     */
    private record Flight(int second, int third, int next, int octets, Duration atOnce, long acknowledged) {}

    /** Lets the target fill its congestion window; nothing where a timer may have run meanwhile. */
    private static Optional<Flight> fill(Peer peer) {
        Answer synAck = peer.openTo(new Option.Mss(MSS), NOP, NOP, new Option.SackPermitted());
        peer.negotiated(synAck, Option.SackPermitted.class, Feature.SACK);
        peer.send(ack());
        Answer data = peer.expectAck(ack().hasData());
        Duration atOnce = data.delay().plus(AT_ONCE);
        // all of the flight, and well before any timer, unless the target is slow
        peer.expectQuiet(data.delay().plus(atOnce), ack());
        if (timerRan(peer)) {
            return Optional.empty();
        }
        // the whole of the second segment: by a part of one no segment is known to have left the network
        int second = data.segment().end();
        int next = peer.value(SND_NXT);
        return Optional.of(new Flight(
                second,
                second + data.segment().length(),
                next,
                next - data.segment().seq(),
                atOnce,
                stampBefore(data)));
    }

    /**
     * Whether the target's timer of retransmission ran, which sends the first segment again, or a segment came apart from
     * the others, as a probe with new data does. The last segment again is a probe that leaves the congestion window as it
     * was (RFC 8985, 7).
     */
    private static boolean timerRan(Peer peer) {
        List<Answer> sent = peer.received(s -> s.payload().length > 0);
        int first = sent.get(0).segment().seq();
        return IntStream.range(1, sent.size())
                .anyMatch(i -> sent.get(i).segment().seq() == first
                        || sent.get(i).segment().seq()
                                                - sent.get(i - 1).segment().seq()
                                        > 0
                                && sent.get(i).timeNanos() - sent.get(i - 1).timeNanos() > APART.toNanos());
    }

    /** Longer than between segments that a target sends together. */
    private static final Duration APART = Duration.ofMillis(3);

    /** Shorter than any timer, longer than an answer takes besides the way. */
    private static final Duration AT_ONCE = Duration.ofMillis(3);
}
