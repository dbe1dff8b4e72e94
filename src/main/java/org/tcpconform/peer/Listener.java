package org.tcpconform.peer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.Notation;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Segment.Difference;
import org.tcpconform.segment.Seq;
import org.tcpconform.segment.SeqMath;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.target.Timing;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.Step;
import org.tcpconform.wire.Captured;

/**
 * Waits for what the target sends, follows the connection by it, and finds the target at fault where it is not what a
 * template wants. The words for it are those of {@link Peer}.
 */
final class Listener {
    /** Longest first retransmission timeout that is waited for: 3 s by RFC 1122, and small stacks' coarse timers. */
    static final Duration FIRST_RETRANSMISSION = Duration.ofSeconds(8);

    /** How long is waited for more of what the oracle changes. */
    private static final Duration DECIDED = Duration.ofMillis(20);
    /** More segments than that, sent in a row, wait for no acknowledgment that is delayed. */
    private static final int MANY = 4;

    private final Peer peer;
    private final CaseLog log;
    private final Inbox inbox;
    private final Connection connection;
    private final Findings findings;
    private final Tampering tampering;

    /** The longest that an answer of the target has taken since our segment before it. */
    private Duration slowest = Duration.ZERO;

    private boolean reset;

    Listener(Peer peer, CaseLog log, Inbox inbox, Connection connection, Findings findings) {
        this.peer = peer;
        this.log = log;
        this.inbox = inbox;
        this.connection = connection;
        this.findings = findings;
        this.tampering = log.tampering();
    }

    /** The connection is forgotten. */
    void fresh() {
        reset = false;
    }

    /** Whether the target has ended the connection by a reset. */
    boolean isReset() {
        return reset;
    }

    private Timing timing() {
        return peer.timing();
    }

    // ---- a segment

    /** As {@link #expect}; where the network loses frames, what was sent since the last answer is sent again. */
    Answer expectOrAskAgain(Duration patience, Segment... acceptable) {
        log.expecting();
        boolean harmful = log.network().isHarmful();
        // of many one is lost nearly every time
        Duration first = harmful && peer.unanswered() > MANY ? timing().silence() : patience;
        Search search = search(Tampering.Kind.ANSWER, first, acceptable);
        if (search.answer != null) {
            peer.noteRoundTrip(search.answer);
        }
        for (int i = 1; i < Peer.TRIES && search.answer == null && !reset && harmful; i++) {
            log.sentAgain(i == 1 && search.nearest == null);
            peer.sendUnansweredAgain();
            search = search(Tampering.Kind.ANSWER, i + 1 < Peer.TRIES ? first : patience, acceptable);
        }
        return answer(search, patience, acceptable);
    }

    /** See {@link Peer#expectWithin}. */
    Answer expect(Duration patience, Segment... acceptable) {
        return answer(search(Tampering.Kind.ANSWER, patience, acceptable), patience, acceptable);
    }

    private Answer answer(Search search, Duration patience, Segment... acceptable) {
        if (search.answer == null) {
            throw findings.of(search, patience, acceptable);
        }
        return search.answer;
    }

    /** See {@link Peer#answerWithin}. */
    Optional<Answer> answerWithin(Duration patience, Segment... wanted) {
        Optional<Answer> answer = Optional.ofNullable(search(Tampering.Kind.OPTIONAL, patience, wanted).answer);
        if (answer.isEmpty()) {
            log.absence();
        }
        return answer;
    }

    /** Looks for a segment that meets one of {@code acceptable}. */
    Search search(Tampering.Kind kind, Duration patience, Segment... acceptable) {
        return tampering.during(kind, () -> search(kind == Tampering.Kind.CHOICE, patience, acceptable));
    }

    private Search search(boolean orSilence, Duration patience, Segment... acceptable) {
        Search search = new Search();
        inbox.awaitLastSent();
        long deadline = System.nanoTime() + patience.toNanos();
        boolean stimulusSeen = inbox.hasReadLastSent();
        while (true) {
            if (orSilence && stimulusSeen) {
                breakSilence(acceptable);
            }
            Captured frame = inbox.next(deadline);
            if (frame == null) {
                search.stimulusSeen = stimulusSeen;
                return search;
            }
            if (frame.outgoing()) {
                stimulusSeen |= inbox.isLastSent(frame);
                pass();
                continue;
            }
            if (frame.frame() instanceof Frame.IcmpError) {
                search.icmp = frame;
                search.passed.add(frame);
                inbox.advance();
                continue;
            }
            if (stimulusSeen && tampered(frame, inbox.cursor(), acceptable)) {
                deadline = soon(deadline);
                continue;
            }
            Frame.Tcp tcp = (Frame.Tcp) frame.frame();
            boolean again = isRetransmission(tcp.segment());
            List<Difference> least = null;
            int choice = -1;
            if (stimulusSeen && peer.isOfConnection(tcp)) {
                for (int i = 0; i < acceptable.length; i++) {
                    List<Difference> differences = acceptable[i].differences(tcp.segment(), connection);
                    if (least == null || differences.size() < least.size()) {
                        least = differences;
                        choice = i;
                    }
                }
            }
            consume(tcp);
            if (least != null && least.isEmpty()) {
                search.answer = answer(frame, tcp, choice);
                log.silence(false);
                log.answered();
                peer.answered();
                peer.note(Step.Kind.EXPECTED, "expected " + acceptable[choice]);
                return search;
            }
            search.passed.add(frame);
            if (least != null && !again && (search.nearest == null || least.size() < search.differences.size())) {
                search.nearest = frame;
                search.differences = least;
            }
            if (least != null && tcp.segment().has(Flag.RST)) {
                // nothing that could still come would be an answer of this connection
                search.nearest = frame;
                search.differences = least;
                return search;
            }
        }
    }

    /** See {@link Peer#expectTaken}. */
    void expectTaken(Seq next) {
        tampering.during(Tampering.Kind.ANSWER, () -> awaitTaken(next));
    }

    private void awaitTaken(Seq next) {
        Segment wanted = Segment.ack().ack(Seq.at(peer.value(next)));
        inbox.awaitLastSent();
        Duration patience = timing().delayedAck();
        long deadline = System.nanoTime() + patience.toNanos();
        int taken = peer.value(Seq.SND_NXT);
        int tries = 1;
        log.expecting();
        Search search = new Search();
        while (true) {
            Captured frame = inbox.next(deadline);
            if (frame == null && !reset && tries < Peer.TRIES && log.network().isHarmful()) {
                tries++;
                log.sentAgain(tries == 2 && search.nearest == null);
                peer.sendUnansweredAgain();
                deadline = System.nanoTime() + patience.toNanos();
                continue;
            }
            if (frame == null || reset) {
                throw findings.of(search, patience, wanted);
            }
            if (frame.outgoing() || !(frame.frame() instanceof Frame.Tcp tcp)) {
                pass();
                continue;
            }
            if (tampered(frame, inbox.cursor(), wanted)) {
                deadline = soon(deadline);
                continue;
            }
            consume(tcp);
            List<Difference> differences = wanted.differences(tcp.segment(), connection);
            if (peer.isOfConnection(tcp) && differences.isEmpty()) {
                peer.note(Step.Kind.EXPECTED, "expected " + wanted);
                peer.answered();
                connection.rcvNxt(peer.value(next));
                return;
            }
            search.nearest = frame;
            search.differences = differences;
            search.passed.add(frame);
            if (SeqMath.lt(taken, peer.value(Seq.SND_NXT))) {
                taken = peer.value(Seq.SND_NXT);
                int seen = inbox.cursor();
                // numbered by what it has acknowledged: it takes no other
                peer.acknowledge(Segment.ack().seq(Seq.at(tcp.segment().ack())));
                // what had come by then is taken in, and may be what is waited for
                inbox.cursor(seen);
            }
        }
    }

    /** See {@link Peer#expectSooner}. */
    Answer expectSooner(Segment wanted) {
        return tampering.during(Tampering.Kind.ANSWER, () -> sooner(wanted));
    }

    private Answer sooner(Segment wanted) {
        Duration patience = timing().delayedAck();
        long deadline = System.nanoTime() + patience.toNanos();
        Predicate<WireSegment> test = s -> wanted.differences(s, connection).isEmpty();
        List<Answer> found = lookThrough(wanted, test);
        while (found.isEmpty()) {
            if (reset || inbox.next(deadline) == null) {
                throw findings.of(new Search(), patience, wanted);
            }
            found = lookThrough(wanted, test);
        }
        log.silence(false);
        peer.note(Step.Kind.EXPECTED, "expected " + wanted);
        return found.get(0);
    }

    private List<Answer> lookThrough(Segment wanted, Predicate<WireSegment> test) {
        takeIn();
        for (int i = inbox.size() - 1; tampering.isActive() && i >= 0; i--) {
            tampered(inbox.at(i), i, wanted);
        }
        return find(test);
    }

    /** See {@link Peer#retransmissions}. */
    List<Duration> retransmissions(Answer first, int times, Segment again) {
        List<Duration> intervals = new ArrayList<>();
        long last = first.timeNanos();
        Duration patience = FIRST_RETRANSMISSION;
        for (int i = 0; i < times; i++) {
            // a target may give up after two
            Tampering.Kind kind = intervals.size() < 2 ? Tampering.Kind.ANSWER : Tampering.Kind.CHOICE;
            Search search = search(kind, patience.plus(timing().answer()), again);
            if (search.answer == null && intervals.size() >= 2 && !reset) {
                peer.observed("gives up after it was sent again " + intervals.size() + " times");
                break;
            }
            if (search.answer == null) {
                throw new Inconclusive(findings.of(search, patience, again).failure());
            }
            Answer answer = search.answer;
            // what we sent meanwhile may have acknowledged something, which starts the timer anew (RFC 6298, 5.3)
            long from = Math.max(last, answer.timeNanos() - answer.delay().toNanos());
            Duration interval = Duration.ofNanos(answer.timeNanos() - from);
            last = answer.timeNanos();
            if (!intervals.isEmpty()
                    && interval.compareTo(intervals.get(i - 1).multipliedBy(5).dividedBy(4)) < 0) {
                throw peer.broken(
                        "no-back-off",
                        "the target sent again after " + intervals.get(i - 1).toMillis() + " ms and then after "
                                + interval.toMillis() + " ms: its timer does not back off");
            }
            intervals.add(interval);
            patience = interval.multipliedBy(4);
        }
        peer.observed("sent again after "
                + String.join(
                        ", ", intervals.stream().map(d -> d.toMillis() + " ms").toList()));
        return intervals;
    }

    // ---- silence

    /** See {@link Peer#expectOrSilence}. */
    Optional<Answer> expectOrSilence(Segment... acceptable) {
        Duration patience = patienceForSilence();
        Search search = search(Tampering.Kind.CHOICE, patience, acceptable);
        if (search.answer != null) {
            return Optional.of(search.answer);
        }
        boolean answered = search.nearest != null || Findings.damaged(search).isPresent();
        if (answered || !search.stimulusSeen) {
            throw findings.of(search, patience, acceptable);
        }
        keptSilent("silence for " + patience.toMillis() + " ms, which is permitted");
        return Optional.empty();
    }

    /** See {@link Peer#expectSilence}. */
    List<Answer> expectSilence(Segment... tolerated) {
        return tampering.during(Tampering.Kind.SILENCE, () -> silence(tolerated));
    }

    private List<Answer> silence(Segment... tolerated) {
        inbox.awaitLastSent();
        Duration patience = patienceForSilence();
        List<Answer> came = new ArrayList<>();
        silence(System.nanoTime() + patience.toNanos(), tolerated, (frame, tcp) -> {
            boolean again = isRetransmission(tcp.segment());
            int choice = choice(tcp, tolerated);
            consume(tcp);
            if (choice >= 0) {
                came.add(answer(frame, tcp, choice));
            } else if (!again) {
                throw findings.of(
                        "answered", "the target answered a segment that it must not answer", "silence", frame);
            }
        });
        keptSilent("silence for " + patience.toMillis() + " ms, as expected");
        return came;
    }

    /** See {@link Peer#expectQuiet}. */
    void expectQuiet(long sinceNanos, Duration age, Segment... tolerated) {
        tampering.during(Tampering.Kind.SILENCE, () -> quiet(sinceNanos, age, tolerated));
    }

    private void quiet(long sinceNanos, Duration age, Segment... tolerated) {
        inbox.awaitLastSent();
        String due = "nothing until " + age.toMillis() + " ms after it";
        silence(sinceNanos + age.toNanos(), tolerated, (frame, tcp) -> {
            int choice = choice(tcp, tolerated);
            consume(tcp);
            if (choice < 0) {
                throw findings.of("not-quiet", "the target sent a segment where it has nothing to send", due, frame);
            }
        });
        keptSilent("nothing sent until " + age.toMillis() + " ms after our last segment");
    }

    /** @param judge takes in a segment that comes although silence is due */
    private void silence(long deadline, Segment[] tolerated, BiConsumer<Captured, Frame.Tcp> judge) {
        boolean stimulusSeen = inbox.hasReadLastSent();
        while (true) {
            if (stimulusSeen) {
                breakSilence(tolerated);
            }
            Captured frame = inbox.next(deadline);
            if (frame == null) {
                Findings.requireSent(stimulusSeen);
                return;
            }
            if (frame.outgoing() || !(frame.frame() instanceof Frame.Tcp tcp)) {
                stimulusSeen |= inbox.isLastSent(frame);
                pass();
            } else if (stimulusSeen) {
                judge.accept(frame, tcp);
            } else {
                // overtaken by what came before, such as the acknowledgment of our FIN by the target's own
                consume(tcp);
            }
        }
    }

    private void keptSilent(String how) {
        log.silence(true);
        peer.answered();
        peer.note(Step.Kind.SILENCE, how);
    }

    /**
     * How long to watch for what must not come. An answer by the application may take far longer than the round-trip time
     * that was measured: as slow as the target has been towards this peer, it may be again.
     */
    private Duration patienceForSilence() {
        Duration again = slowest.multipliedBy(2);
        return longer(timing().silence(), again.compareTo(timing().answer()) < 0 ? again : timing().answer());
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
    }

    // ---- what the oracle changes

    /** A point on which a PASS rests, as the oracle sees it. */
    private final class Pending implements Tampering.Demand {
        private final Segment[] acceptable;

        Pending(Segment... acceptable) {
            this.acceptable = acceptable;
        }

        @Override
        public boolean meets(Captured frame) {
            return frame.frame() instanceof Frame.Tcp tcp && peer.isOfConnection(tcp) && choice(tcp, acceptable) >= 0;
        }

        @Override
        public String expected() {
            return Findings.wanted(acceptable);
        }

        @Override
        public String text(WireSegment segment) {
            return Notation.print(segment, peer.value(Seq.ISS), peer.value(Seq.IRS));
        }

        @Override
        public LinkLayer layer() {
            return peer.layer();
        }
    }

    /**
     * Lets the oracle look at a frame that is about to be looked at, and change it.
     *
     * @return whether it did, so that the inbox holds another frame at {@code index}, or one less
     */
    boolean tampered(Captured frame, int index, Segment... acceptable) {
        if (!tampering.isActive()) {
            return false;
        }
        Pending pending = new Pending(acceptable);
        Captured shown = pending.meets(frame) ? tampering.met(frame, pending) : frame;
        if (shown != frame) {
            inbox.replace(index, shown);
        }
        return shown != frame;
    }

    /** Lets the oracle put an answer where silence is due. */
    private void breakSilence(Segment... tolerated) {
        if (!tampering.isActive()) {
            return;
        }
        Optional<Captured> stimulus = inbox.lastRead(inbox::isLastSent);
        if (stimulus.isEmpty()) {
            return;
        }
        Captured forged = tampering.silence(stimulus.get(), peer.targetsAcknowledgment(), new Pending(tolerated));
        if (forged != null) {
            inbox.insert(forged);
        }
    }

    /** Where the oracle has decided, there is nothing to wait for but what it shows. */
    private long soon(long deadline) {
        return tampering.isDecided() ? Math.min(deadline, System.nanoTime() + DECIDED.toNanos()) : deadline;
    }

    // ---- following

    /** Follows all that has come and that no expectation has looked at, so that the next segment is up to date. */
    void takeIn() {
        for (Captured frame = inbox.at(inbox.cursor()); frame != null; frame = inbox.at(inbox.cursor())) {
            if (!frame.outgoing() && frame.frame() instanceof Frame.Tcp tcp) {
                consume(tcp);
            } else {
                pass();
            }
        }
    }

    private void consume(Frame.Tcp tcp) {
        inbox.advance();
        if (!peer.isOfConnection(tcp)) {
            return;
        }
        connection.received(tcp.segment());
        reset |= tcp.segment().has(Flag.RST) && !connection.alive();
        peer.noteState();
    }

    /** Goes by a frame that tells nothing of the target. */
    private void pass() {
        inbox.advance();
        peer.noteState();
    }

    /** Whether the target has sent this before what is looked at, in one segment or in several, so that it says nothing new. */
    private boolean isRetransmission(WireSegment s) {
        if (s.length() == 0 || s.has(Flag.RST)) {
            return false;
        }
        boolean begun = false;
        boolean ended = false;
        boolean acknowledged = false;
        for (int i = 0; i < inbox.cursor(); i++) {
            Captured c = inbox.at(i);
            if (!c.outgoing()
                    && c.frame() instanceof Frame.Tcp tcp
                    && tcp.segment().length() > 0
                    && tcp.segment().has(Flag.SYN) == s.has(Flag.SYN)) {
                begun |= tcp.segment().seq() - s.seq() <= 0;
                // a FIN has a number: it is as old as what ends there
                ended |= tcp.segment().end() - s.end() >= 0;
                acknowledged |= tcp.segment().ack() == s.ack();
            }
        }
        return begun && ended && acknowledged;
    }

    private Answer answer(Captured frame, Frame.Tcp tcp, int choice) {
        long since = inbox.lastRead(Captured::outgoing).orElse(frame).timeNanos();
        Duration delay = Duration.ofNanos(frame.timeNanos() - since);
        slowest = longer(slowest, delay);
        return new Answer(tcp.segment(), tcp, frame.timeNanos(), delay, choice);
    }

    /** Which of the templates the segment meets, counted from 0; -1 for none. */
    private int choice(Frame.Tcp tcp, Segment... templates) {
        for (int i = 0; i < templates.length; i++) {
            if (templates[i].differences(tcp.segment(), connection).isEmpty()) {
                return i;
            }
        }
        return -1;
    }

    /** All segments of this connection that the target has sent, undamaged, for which {@code test} holds. */
    List<Answer> find(Predicate<WireSegment> test) {
        return arrived(test).stream()
                .filter(a -> peer.isOfConnection(a.frame()))
                .toList();
    }

    /** As {@link #find}, and those that came damaged. */
    List<Answer> arrived(Predicate<WireSegment> test) {
        List<Answer> found = new ArrayList<>();
        int size = inbox.size();
        long sent = 0;
        for (int i = 0; i < size; i++) {
            Captured c = inbox.at(i);
            if (c.outgoing()) {
                sent = c.timeNanos();
            } else if (c.frame() instanceof Frame.Tcp tcp && test.test(tcp.segment())) {
                found.add(new Answer(tcp.segment(), tcp, c.timeNanos(), Duration.ofNanos(c.timeNanos() - sent), 0));
            }
        }
        return found;
    }
}
