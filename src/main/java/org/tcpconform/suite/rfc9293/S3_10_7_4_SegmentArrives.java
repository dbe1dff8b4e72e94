package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.CLOSES_FIRST;
import static org.tcpconform.requirement.Stimulus.CLOSES_ON_FIN;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.requirement.Stimulus.KEEPS_HALF_OPEN;
import static org.tcpconform.segment.Flag.ACK;
import static org.tcpconform.segment.Flag.FIN;
import static org.tcpconform.segment.Flag.RST;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.SEG_LEN;
import static org.tcpconform.segment.Seq.SEG_SEQ;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.SND_UNA;
import static org.tcpconform.suite.rfc9293.Closing.ACK_OF_ALL;
import static org.tcpconform.suite.rfc9293.Closing.FIRST_FIN;
import static org.tcpconform.suite.rfc9293.Closing.RETRANSMISSION;
import static org.tcpconform.suite.rfc9293.Closing.SOON;
import static org.tcpconform.suite.rfc9293.Closing.finAgain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.suite.rfc9293.SegmentArrives.Cell;
import org.tcpconform.suite.rfc9293.SegmentArrives.Outcome;
import org.tcpconform.suite.rfc9293.SegmentArrives.Reply;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NonConformity;
import org.tcpconform.verdict.NotApplicable;
import org.testng.annotations.Test;

/**
 * RFC 9293, 3.10.7.4, for SYN-RECEIVED and the synchronized states, cell by cell. What is sent, what may come back and which state must
 * follow stands in {@code segment-arrives.md}.
 */
public class S3_10_7_4_SegmentArrives {
    private static final List<Cell> CELLS = SegmentArrives.read().cells();
    /** A window in which the edges, the middle and what is next can be told apart. */
    private static final int LEAST_WINDOW = 8;

    private static final int OCTETS = 5;
    /** What a timer of the target, or our capture of it, may be late. */
    private static final Duration LATE = Duration.ofMillis(50);

    private static List<Cell> cells(Predicate<Cell> which) {
        return CELLS.stream().filter(which).toList();
    }

    // ---- one method for each service that the states need

    static List<Cell> inSynReceived() {
        return cells(c -> c.state() == TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "SEG",
            title = "answers {}",
            rows = "inSynReceived",
            observes = true,
            tags = {"grid", "handshake"})
    public void synReceived(Peer peer, Cell cell) {
        peer.reach(TcpState.SYN_RECEIVED);
        arrives(peer, cell);
    }

    /** Only where the target has sent data does SND.UNA-1 number an octet. */
    private static boolean acknowledgesAnOctet(Cell cell) {
        return cell.ack().equals("UNA-1");
    }

    static List<Cell> inEstablished() {
        return cells(c -> c.state() == TcpState.ESTABLISHED && !acknowledgesAnOctet(c));
    }

    @Test
    @Case(id = "SEG", title = "answers {}", rows = "inEstablished", observes = true, tags = "grid")
    public void established(Peer peer, Cell cell) {
        peer.reach(TcpState.ESTABLISHED);
        arrives(peer, cell);
    }

    static List<Cell> inEstablishedAfterData() {
        return cells(c -> c.state() == TcpState.ESTABLISHED && acknowledgesAnOctet(c));
    }

    @Test
    @Case(
            id = "SEG",
            title = "answers {}",
            needs = ECHO,
            rows = "inEstablishedAfterData",
            observes = true,
            tags = "grid")
    public void establishedAfterData(Peer peer, Cell cell) {
        peer.reach(TcpState.ESTABLISHED);
        exchange(peer);
        arrives(peer, cell);
    }

    private static void exchange(Peer peer) {
        peer.send(data(OCTETS));
        awaited(peer, data(OCTETS).seq(SND_NXT).ack(RCV_NXT));
        peer.send(ack());
    }

    static List<Cell> whileFinIsPending() {
        return cells(c -> c.state() == TcpState.FIN_WAIT_1 || c.state() == TcpState.CLOSING);
    }

    @Test
    @Case(
            id = "SEG",
            title = "answers {}",
            needs = CLOSES_FIRST,
            rows = "whileFinIsPending",
            observes = true,
            seconds = 10,
            tags = {"grid", "timer"})
    public void finPending(Peer peer, Cell cell) {
        peer.reach(cell.state());
        arrives(peer, cell);
    }

    static List<Cell> onceFinIsAcknowledged() {
        return cells(c -> c.state() == TcpState.FIN_WAIT_2 || c.state() == TcpState.TIME_WAIT);
    }

    @Test
    @Case(
            id = "SEG",
            title = "answers {}",
            needs = CLOSES_FIRST,
            rows = "onceFinIsAcknowledged",
            observes = true,
            tags = "grid")
    public void finAcknowledged(Peer peer, Cell cell) {
        peer.reach(cell.state());
        arrives(peer, cell);
    }

    static List<Cell> inCloseWait() {
        return cells(c -> c.state() == TcpState.CLOSE_WAIT);
    }

    @Test
    @Case(
            id = "SEG",
            title = "answers {}",
            needs = KEEPS_HALF_OPEN,
            rows = "inCloseWait",
            observes = true,
            tags = "grid")
    public void closeWait(Peer peer, Cell cell) {
        peer.reach(TcpState.CLOSE_WAIT);
        // until the user has surely read our FIN, on which some stacks' answers hang
        peer.expectSilence();
        arrives(peer, cell);
    }

    static List<Cell> inLastAck() {
        return cells(c -> c.state() == TcpState.LAST_ACK);
    }

    @Test
    @Case(id = "SEG", title = "answers {}", needs = CLOSES_ON_FIN, rows = "inLastAck", observes = true, tags = "grid")
    public void lastAck(Peer peer, Cell cell) {
        peer.reach(TcpState.LAST_ACK);
        arrives(peer, cell);
    }

    // ---- what they have in common

    private static void arrives(Peer peer, Cell cell) {
        int window = peer.value(RCV_WND);
        if (window < LEAST_WINDOW) {
            throw new NotApplicable("the target offers a window of " + window + ", too small to tell its parts apart");
        }
        // in CLOSING also until the user has surely read our FIN, on which some stacks' answers hang
        boolean waits = cell.acknowledgesFin() || cell.state() == TcpState.CLOSING;
        Duration quiet = waits ? untilSentAgain(peer) : Duration.ZERO;
        Segment segment = cell.segment(window / 2);
        List<Outcome> permitted = cell.permitted(peer.profile());
        peer.send(segment);
        Reply reply = reply(peer, cell, segment, permitted);
        List<Outcome> came =
                permitted.stream().filter(o -> o.reply().equals(reply)).toList();
        if (permitted.size() > 1) {
            // which state follows is observed by its proof, where the reply leaves it open
            peer.observed("answers with " + (came.size() == 1 ? cell.said(came.get(0)) : reply.saidAs()));
        }
        boolean acknowledges = cell.acknowledgesFin() || cell.acknowledgesSyn();
        if (reply.id().equals("taken") || acknowledges && cell.event().id().equals("ACK")) {
            peer.taken();
        }
        prove(peer, cell, reply, came.stream().map(Outcome::next).sorted().toList(), quiet);
    }

    /**
     * How long the target would be quiet at most if its FIN were not acknowledged: its first retransmission tells, and
     * the next comes after twice as long.
     */
    private static Duration untilSentAgain(Peer peer) {
        List<Answer> fins = peer.received(s -> s.has(FIN));
        Answer again = awaited(peer, finAgain(peer));
        return Duration.ofNanos(again.timeNanos() - fins.get(0).timeNanos())
                .multipliedBy(3)
                .plus(LATE);
    }

    /** Something that comes before what is judged: that it does not come is the matter of other cases. */
    private static Answer awaited(Peer peer, Segment wanted) {
        try {
            return peer.expectWithin(RETRANSMISSION, wanted);
        } catch (NonConformity e) {
            throw new Inconclusive(e.failure());
        }
    }

    // ---- the answer

    private static Reply reply(Peer peer, Cell cell, Segment segment, List<Outcome> permitted) {
        List<Reply> replies = permitted.stream().map(Outcome::reply).distinct().toList();
        List<Segment> templates = new ArrayList<>();
        List<Reply> meanings = new ArrayList<>();
        for (Reply reply : replies) {
            for (Segment template : templates(peer, cell, reply)) {
                templates.add(template);
                meanings.add(reply);
            }
        }
        Segment[] wanted = templates.toArray(Segment[]::new);
        Optional<Reply> silence = replies.stream().filter(Reply::isNone).findFirst();
        Optional<Reply> acknowledgment =
                replies.stream().filter(r -> r.id().equals("ACK")).findFirst();
        if (cell.finOutstanding()) {
            // sent again by its timer, or as what acknowledges
            templates.add(finAgain(peer));
            meanings.add(acknowledgment.or(() -> silence).orElse(null));
        }
        Segment[] wantedOrFin = templates.toArray(Segment[]::new);
        if (silence.isPresent()) {
            if (replies.size() == 1) {
                peer.expectSilence(wantedOrFin);
                return silence.get();
            }
            return peer.expectOrSilence(wantedOrFin)
                    .map(a -> meanings.get(a.choice()))
                    .orElse(silence.get());
        }
        if (acknowledgment.isEmpty()) {
            return meanings.get(peer.expectAck(wanted).choice());
        }
        Answer answer;
        if (replies.stream().anyMatch(r -> r.id().equals("taken"))) {
            answer = peer.expectAck(wantedOrFin);
        } else if (replies.stream().anyMatch(r -> r.id().equals("SYN-ACK"))) {
            answer = peer.expectBeforeTimer(wantedOrFin);
        } else {
            answer = peer.expect(wantedOrFin);
        }
        if (answer.choice() < wanted.length) {
            return meanings.get(answer.choice());
        }
        Optional<Answer> further = peer.answer(wanted);
        if (further.isPresent()) {
            return meanings.get(further.get().choice());
        }
        if (isSoon(answer) && answersWithFin(peer, segment)) {
            peer.observed("acknowledges with its FIN once more");
            return acknowledgment.get();
        }
        return meanings.get(peer.expect(wanted).choice());
    }

    private static boolean isSoon(Answer answer) {
        return answer.delay().compareTo(SOON) <= 0;
    }

    /**
     * Whether the target puts its FIN into each acknowledgment until that is acknowledged itself, as BSD does: then it
     * does so each time and at once, as its timer does not.
     */
    private static boolean answersWithFin(Peer peer, Segment segment) {
        for (int i = 0; i < 2; i++) {
            peer.send(segment);
            if (peer.answer(finAgain(peer))
                    .filter(S3_10_7_4_SegmentArrives::isSoon)
                    .isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static List<Segment> templates(Peer peer, Cell cell, Reply reply) {
        List<Segment> templates = new ArrayList<>(reply.segments());
        if (reply.id().equals("taken") && cell.finOutstanding()) {
            Seq next = RCV_NXT.plus(SEG_LEN);
            templates.add(finAck().ack(next).where("ends at SND.NXT", s -> s.end() == peer.value(SND_NXT)));
        }
        if (reply.id().equals("reopened")) {
            int next = peer.value(SND_NXT);
            templates.replaceAll(t -> t.where("its ISS is not below the old SND.NXT", s -> s.seq() - next >= 0));
        }
        return templates;
    }

    // ---- the state that follows

    private static void prove(Peer peer, Cell cell, Reply reply, List<TcpState> next, Duration quiet) {
        TcpState state = next.get(0);
        if (next.size() > 1) {
            if (next.contains(TcpState.CLOSED)) {
                proveGoneOrNot(peer, oldOctet());
            } else if (next.contains(TcpState.LISTEN)) {
                // its ACK completes the handshake
                proveGoneOrNot(peer, data(1));
            } else {
                // one that has its SYN or FIN acknowledged answers as the other does, until that is sent again
                peer.prove(state);
            }
            return;
        }
        switch (state) {
            case ESTABLISHED -> {
                if (cell.state() == TcpState.SYN_RECEIVED) {
                    // in SYN-RECEIVED it would be refused
                    peer.send(OLDER_THAN_ISS);
                    peer.expectOrSilence(ACK_OF_ALL);
                }
                proveEstablished(peer);
            }
            case FIN_WAIT_1, CLOSING -> {
                peer.prove(state);
                proveSentAgain(peer, finAgain(peer), "FIN", state);
            }
            case CLOSE_WAIT -> {
                if (cell.state() == state) {
                    peer.prove(state);
                } else {
                    // the user may close at any time: its FIN must not be acknowledged by chance
                    if (peer.proveByOld(oldOctet(), ACK_OF_ALL, finAgain(peer), FIRST_FIN)
                                    .choice()
                            == 2) {
                        // the user has closed just now, which says nothing of the old octet
                        peer.proveByOld(oldOctet(), ACK_OF_ALL, finAgain(peer));
                    }
                }
            }
            case SYN_RECEIVED -> {
                if (reply.id().equals("reopened")) {
                    peer.send(rst().seq(SEG_SEQ.plus(1)));
                    peer.prove(TcpState.LISTEN);
                } else {
                    proveSynPending(peer);
                    peer.send(ack());
                    proveEstablished(peer);
                }
            }
            case FIN_WAIT_2, TIME_WAIT -> {
                if (cell.finOutstanding()) {
                    peer.expectQuiet(quiet);
                }
                peer.prove(state);
            }
            default -> peer.prove(state);
        }
    }

    /** Old data draws an acknowledgment in each state that has a connection, and acknowledges nothing itself. */
    private static Segment oldOctet() {
        return data(1).seq(RCV_NXT.minus(1)).ack(SND_UNA);
    }

    /** Also that nothing was taken in so far: an octet that was would hide behind the one of the proof. */
    private static void proveEstablished(Peer peer) {
        try {
            peer.proveByOld(oldOctet(), ACK_OF_ALL);
        } catch (Inconclusive masked) {
            // that the connection is gone shows all the same
            peer.prove(TcpState.ESTABLISHED);
            throw masked;
        }
        peer.prove(TcpState.ESTABLISHED);
    }

    /** Not of the ISS itself, which RFC 793 takes for the one that establishes. */
    private static final Segment OLDER_THAN_ISS = ack().ack(ISS.minus(1));

    /** The SYN is not acknowledged: the target refuses what acknowledges less, or else sends the SYN,ACK again. */
    private static void proveSynPending(Peer peer) {
        peer.send(OLDER_THAN_ISS);
        if (peer.answer(rst().seq(SEG_ACK).ignoring(ACK)).isEmpty()) {
            proveSentAgain(peer, synAck().seq(ISS).ack(RCV_NXT), "SYN", TcpState.SYN_RECEIVED);
        }
    }

    private static void proveSentAgain(Peer peer, Segment again, String flag, TcpState state) {
        try {
            peer.expectWithin(RETRANSMISSION, again);
        } catch (NonConformity e) {
            throw peer.broken(
                    "wrong-state",
                    "the target sends its " + flag + " no more, as if it were acknowledged: it is not in "
                            + state.rfcName());
        }
    }

    /** Where the rules leave it open whether the connection ends: by a segment that a connection acknowledges. */
    private static void proveGoneOrNot(Peer peer, Segment probe) {
        peer.send(probe);
        Answer answer = peer.expectAck(
                ack().ack(RCV_NXT).ignoring(FIN), rst().ignoring(ACK).seq(SEG_ACK));
        boolean gone = answer.segment().has(RST);
        peer.observed(gone ? "the connection is gone" : "the connection is still there");
    }
}
