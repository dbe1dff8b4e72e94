package org.tcpconform.suite.rfc3042;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.SND_NXT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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

    /**
     * So many tries must go one way: a target's own probes, as of its tail (RFC 8985, 7), may come at any time; hardly so
     * each time.
     */
    private static final int TRIES = 3;

    private static final int MOST_TRIES = 6;

    @Test
    @Case(
            id = "SK-19",
            title = "sends a new segment on the first duplicate ACK that reports another segment received",
            needs = BULK,
            tags = {"options", "sack", "bulk"})
    @Requirement({"RFC3042-2-1", "RFC5681-3.2-4"})
    public void firstDuplicate(Peer peer) {
        if (!tries(peer, true).contains(true)) {
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
        List<Boolean> sent = tries(peer, false);
        int came = Collections.frequency(sent, true);
        int stayedAway = sent.size() - came;
        // a busy machine makes one late that was drawn at once, and a probe may come as if drawn: neither most times
        if (came > stayedAway) {
            throw peer.broken("answered", "a new segment came on a duplicate ACK that reports nothing");
        }
        if (came == stayedAway) {
            throw new Inconclusive(Failure.of(
                    "too-slow",
                    "of " + sent.size()
                            + " duplicate ACKs that report nothing one half was followed by a new segment"));
        }
        peer.prove(TcpState.ESTABLISHED);
    }

    /** Whether a new segment came at once, for each try that a timer did not spoil. */
    private static List<Boolean> tries(Peer peer, boolean news) {
        List<Boolean> sent = new ArrayList<>();
        for (int i = 0;
                i < MOST_TRIES
                        && Collections.frequency(sent, true) < TRIES
                        && Collections.frequency(sent, false) < TRIES;
                i++) {
            sendsOnDuplicate(i == 0 ? peer : peer.another(), news).ifPresent(sent::add);
        }
        if (sent.isEmpty()) {
            throw new Inconclusive(Failure.of(
                    "too-slow", "each time a timer of the target's may have run before the duplicate ACK took effect"));
        }
        return sent;
    }

    /**
     * Lets the target fill its congestion window, and tells whether a duplicate ACK draws a new segment at once; nothing
     * where it sent again before that, and where a new segment that is due comes so late that it may be a timer's.
     */
    private static Optional<Boolean> sendsOnDuplicate(Peer peer, boolean news) {
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
        int third = second + data.segment().length();
        Segment duplicate = ack().ack(ISS.plus(1));
        int next = peer.value(SND_NXT);
        peer.send(news ? duplicate.options(NOP, NOP, new Option.Sack(List.of(second, third))) : duplicate);
        Optional<Answer> fresh = peer.answer(ack().seq(Seq.at(next)).hasData());
        boolean came = fresh.filter(a -> a.delay().compareTo(atOnce) < 0).isPresent();
        boolean before = peer.received(s -> s.seq() == next && s.payload().length > 0).stream()
                .anyMatch(a -> fresh.isEmpty() || a.timeNanos() < fresh.get().timeNanos());
        if (before || fresh.filter(a -> a.delay().isNegative()).isPresent()) {
            // a probe with new data crossed ours
            return Optional.empty();
        }
        return news && fresh.isPresent() && !came ? Optional.empty() : Optional.of(came);
    }

    /** Whether the target sent something again, or a segment apart from the others, as a probe of its tail is. */
    private static boolean timerRan(Peer peer) {
        List<Answer> sent = peer.received(s -> s.payload().length > 0);
        return IntStream.range(1, sent.size())
                .anyMatch(i ->
                        sent.get(i).segment().seq() - sent.get(i - 1).segment().seq() <= 0
                                || sent.get(i).timeNanos() - sent.get(i - 1).timeNanos() > APART.toNanos());
    }

    /** Longer than between segments that a target sends together. */
    private static final Duration APART = Duration.ofMillis(20);

    /** Shorter than any timer, longer than an answer takes besides the way. */
    private static final Duration AT_ONCE = Duration.ofMillis(3);
}
