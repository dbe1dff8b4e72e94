package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.CLOSES_FIRST;
import static org.tcpconform.requirement.Stimulus.CLOSES_ON_FIN;
import static org.tcpconform.segment.Flag.ACK;
import static org.tcpconform.segment.Flag.FIN;
import static org.tcpconform.segment.Flag.SYN;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.SND_UNA;
import static org.tcpconform.suite.rfc9293.Closing.ACK_OF_ALL;
import static org.tcpconform.suite.rfc9293.Closing.RETRANSMISSION;
import static org.tcpconform.suite.rfc9293.Closing.finAgain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Segment;
import org.testng.annotations.Test;

/** RFC 9293, 3.10.8, for the end of a connection: the retransmission of a FIN, and TIME-WAIT. */
public class S3_10_8_Timeouts {
    /** What a timer of the target, or our capture of it, may be late. */
    private static final Duration LATE = Duration.ofMillis(50);

    // ---- retransmission of the FIN

    record Unacknowledged(String id, TcpState state) implements Row {
        @Override
        public String what() {
            return state.rfcName();
        }
    }

    static List<Unacknowledged> closedFirst() {
        return List.of(new Unacknowledged("08", TcpState.FIN_WAIT_1), new Unacknowledged("26", TcpState.CLOSING));
    }

    @Test
    @Case(
            id = "FN",
            title = "retransmits its FIN in {}",
            needs = CLOSES_FIRST,
            rows = "closedFirst",
            seconds = 6,
            tags = {"teardown", "timer"})
    @Requirement("RFC9293-3.10.8-2")
    public void finIsRetransmitted(Peer peer, Unacknowledged row) {
        retransmits(peer, row.state());
    }

    @Test
    @Case(
            id = "FN-30",
            title = "retransmits its FIN in LAST-ACK",
            needs = CLOSES_ON_FIN,
            seconds = 6,
            tags = {"teardown", "timer"})
    @Requirement("RFC9293-3.10.8-2")
    public void finIsRetransmittedInLastAck(Peer peer) {
        retransmits(peer, TcpState.LAST_ACK);
    }

    private static void retransmits(Peer peer, TcpState state) {
        peer.reach(state);
        peer.expectWithin(RETRANSMISSION, finAgain(peer));
    }

    static List<Unacknowledged> closedFirstBackingOff() {
        return List.of(
                new Unacknowledged("08-BACKOFF", TcpState.FIN_WAIT_1),
                new Unacknowledged("26-BACKOFF", TcpState.CLOSING));
    }

    @Test
    @Case(
            id = "FN",
            title = "retransmits its FIN in {} at intervals that grow",
            needs = CLOSES_FIRST,
            rows = "closedFirstBackingOff",
            seconds = 10,
            tags = {"teardown", "timer"})
    @Requirement("RFC6298-5-4")
    public void timerBacksOff(Peer peer, Unacknowledged row) {
        backsOff(peer, row.state());
    }

    @Test
    @Case(
            id = "FN-30-BACKOFF",
            title = "retransmits its FIN in LAST-ACK at intervals that grow",
            needs = CLOSES_ON_FIN,
            seconds = 10,
            tags = {"teardown", "timer"})
    @Requirement("RFC6298-5-4")
    public void timerBacksOffInLastAck(Peer peer) {
        backsOff(peer, TcpState.LAST_ACK);
    }

    private static void backsOff(Peer peer, TcpState state) {
        peer.reach(state);
        List<Answer> fins = peer.received(s -> s.has(FIN));
        peer.retransmissions(fins.get(fins.size() - 1), 2, finAgain(peer));
    }

    /** Just below what R2 corresponds to at least. */
    private static final Duration R2 = Duration.ofSeconds(99);

    @Test
    @Case(
            id = "FN-30-R2",
            title = "does not give up its FIN in LAST-ACK before 100 s",
            needs = CLOSES_ON_FIN,
            seconds = 105,
            tags = {"teardown", "long"})
    @Requirement("RFC9293-SHLD-11")
    public void finIsNotGivenUp(Peer peer) {
        peer.reach(TcpState.LAST_ACK);
        peer.expectQuiet(R2, finAgain(peer));
        peer.observed("retransmits its FIN " + (peer.received(s -> s.has(FIN)).size() - 1) + " times in 99 s");
        peer.prove(TcpState.LAST_ACK);
    }

    private static Answer fin(Peer peer) {
        return peer.received(s -> s.has(FIN)).get(0);
    }

    private static Duration between(Answer one, Answer next) {
        return Duration.ofNanos(next.timeNanos() - one.timeNanos());
    }

    /** What acknowledges the target's FIN. */
    record Acknowledged(String id, TcpState state, Segment segment, TcpState next) implements Row {
        @Override
        public String what() {
            return "goes from " + state.rfcName() + " to " + next.rfcName();
        }
    }

    static List<Acknowledged> acknowledged() {
        return List.of(
                new Acknowledged("10-QUIET", TcpState.FIN_WAIT_1, finAck(), TcpState.TIME_WAIT),
                new Acknowledged("25-QUIET", TcpState.CLOSING, ack(), TcpState.TIME_WAIT));
    }

    @Test
    @Case(
            id = "FN",
            title = "{} by the ACK of its FIN, and retransmits it no more",
            needs = CLOSES_FIRST,
            rows = "acknowledged",
            seconds = 10,
            tags = {"teardown", "timer"})
    @Requirement("RFC9293-3.10.7.4-17")
    public void acknowledgedFinIsNotRetransmitted(Peer peer, Acknowledged row) {
        retransmitsNoMore(peer, row);
    }

    @Test
    @Case(
            id = "FN-07",
            title = "goes from FIN-WAIT-1 to FIN-WAIT-2 by the ACK of its FIN, and retransmits it no more",
            needs = CLOSES_FIRST,
            seconds = 10,
            tags = {"teardown", "timer"})
    @Requirement({"RFC9293-3.10.7.4-21", "RFC9293-3.10.7.4-17"})
    public void ackOfFinLeadsToFinWait2(Peer peer) {
        retransmitsNoMore(peer, new Acknowledged("", TcpState.FIN_WAIT_1, ack(), TcpState.FIN_WAIT_2));
    }

    private static void retransmitsNoMore(Peer peer, Acknowledged row) {
        peer.reach(row.state());
        // its first retransmission tells how long to listen: backed off, the next is due after twice as long
        Duration timeout = between(fin(peer), peer.expectWithin(RETRANSMISSION, finAgain(peer)));
        peer.send(row.segment());
        if (row.segment().has(FIN)) {
            peer.expectAck(ACK_OF_ALL);
        }
        peer.expectQuiet(timeout.multipliedBy(3).plus(LATE));
        peer.prove(row.next());
    }

    @Test
    @Case(
            id = "FN-13",
            title = "keeps its FIN pending when a window update in FIN-WAIT-1 does not acknowledge it",
            needs = CLOSES_FIRST,
            seconds = 7,
            tags = {"teardown", "timer"})
    @Requirement("RFC9293-3.10.8-2")
    public void windowUpdateDoesNotAcknowledge(Peer peer) {
        peer.reach(TcpState.FIN_WAIT_1);
        peer.send(ack().ack(SND_UNA).window(20_000));
        peer.expectSilence();
        peer.expectWithin(RETRANSMISSION, finAgain(peer));
        peer.prove(TcpState.FIN_WAIT_1);
    }

    // ---- FIN-WAIT-2

    private static final Duration ORPHANED = Duration.ofSeconds(70);

    @Test
    @Case(
            id = "FN-19",
            title =
                    "keeps waiting in FIN-WAIT-2 for a peer that is silent for 70 s, unless its user has closed both ways",
            needs = CLOSES_FIRST,
            observes = true,
            seconds = 75,
            tags = {"teardown", "half-close", "long"})
    @Requirement("RFC9293-3.10.7.4-22")
    public void waitsInFinWait2(Peer peer) {
        peer.reach(TcpState.FIN_WAIT_2);
        // a reset when the time of an orphan is over is the target's own affair
        peer.expectQuiet(ORPHANED, rst().ignoring(ACK));
        peer.send(data(1));
        Answer answer = peer.expectAck(ACK_OF_ALL, rst().ignoring(ACK).seq(SEG_ACK));
        peer.observed(
                answer.choice() == 0
                        ? "still takes data after 70 s in FIN-WAIT-2"
                        : "resets on data after 70 s in FIN-WAIT-2");
    }

    // ---- TIME-WAIT

    /** The FIN that we sent last, again. */
    private static final Segment OUR_FIN_AGAIN = finAck().seq(RCV_NXT.minus(1)).ack(SND_NXT);
    /** The answer to it where there is no connection any more. */
    private static final Segment RESET = rst().ignoring(ACK).seq(SEG_ACK);

    static List<WayToTimeWait> ways() {
        return List.of(WayToTimeWait.values());
    }

    /** Beyond the usual lengths of TIME-WAIT: one, two and four minutes. */
    private static final List<Duration> EXPIRED =
            List.of(Duration.ofSeconds(66), Duration.ofSeconds(130), Duration.ofSeconds(250));

    @Test
    @Case(
            id = "FN-35",
            title = "forgets the connection after TIME-WAIT, reached {}: RST of SEQ SEG.ACK to a FIN that comes then",
            needs = CLOSES_FIRST,
            rows = "ways",
            observes = true,
            seconds = 255,
            tags = {"teardown", "time-wait", "long"})
    @Requirement("RFC9293-3.10.7.2-2")
    public void timeWaitEnds(Peer peer, WayToTimeWait way) {
        List<Peer> waiting = enter(peer, way, EXPIRED.size());
        for (int i = 0; i < EXPIRED.size(); i++) {
            if (gone(waiting.get(i), EXPIRED.get(i))) {
                peer.observed("TIME-WAIT is over after " + EXPIRED.get(i).toSeconds() + " s");
                return;
            }
        }
        peer.observed("TIME-WAIT lasts longer than 250 s");
    }

    /** Closely around the usual lengths, half a minute and one, two and four minutes, and widely elsewhere. */
    private static final List<Duration> AGES = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(28),
            Duration.ofSeconds(34),
            Duration.ofSeconds(58),
            Duration.ofSeconds(66),
            Duration.ofSeconds(118),
            Duration.ofSeconds(130),
            Duration.ofSeconds(238),
            Duration.ofSeconds(250));

    @Test
    @Case(
            id = "FN-36",
            segments = 160,
            octets = 16_000,
            connections = 20,
            halfOpen = 20,
            title = "lingers in TIME-WAIT for twice its MSL, which is a second at least",
            needs = CLOSES_FIRST,
            observes = true,
            seconds = 255,
            tags = {"teardown", "time-wait", "long"})
    @Requirement("RFC9293-MUST-13")
    public void timeWaitLasts(Peer peer) {
        // a FIN may start the time anew, so that each connection can be asked only once
        List<Peer> waiting = enter(peer, WayToTimeWait.FROM_FIN_WAIT_2, AGES.size());
        for (int i = 0; i < AGES.size(); i++) {
            if (gone(waiting.get(i), AGES.get(i))) {
                if (i == 0) {
                    throw peer.broken("no-time-wait", "TIME-WAIT is over after less than a second");
                }
                peer.observed("TIME-WAIT lasts between " + AGES.get(i - 1).toSeconds() + " s and "
                        + AGES.get(i).toSeconds() + " s");
                return;
            }
        }
        peer.observed("TIME-WAIT lasts longer than 250 s");
    }

    /** Each less than twice the one before. */
    private static final List<Duration> STEPS = List.of(
            Duration.ofMillis(1_000),
            Duration.ofMillis(1_900),
            Duration.ofMillis(3_500),
            Duration.ofSeconds(6),
            Duration.ofSeconds(11),
            Duration.ofSeconds(20),
            Duration.ofSeconds(35),
            Duration.ofSeconds(66),
            Duration.ofSeconds(130),
            Duration.ofSeconds(250));

    @Test
    @Case(
            id = "FN-34",
            segments = 160,
            octets = 16_000,
            connections = 20,
            halfOpen = 20,
            title = "starts TIME-WAIT anew when our FIN comes again",
            needs = CLOSES_FIRST,
            observes = true,
            seconds = 255,
            tags = {"teardown", "time-wait", "long"})
    @Requirement("RFC9293-3.10.7.4-26")
    public void finRestartsTimeWait(Peer peer) {
        Peer refreshed = peer;
        refreshed.reach(TcpState.TIME_WAIT);
        List<Peer> waiting = enter(peer.another(), WayToTimeWait.FROM_FIN_WAIT_2, STEPS.size());
        for (int i = 0; i < STEPS.size(); i++) {
            // one that came later and was left alone tells whether the time of the first is over
            boolean over = gone(waiting.get(i), STEPS.get(i));
            refreshed.send(OUR_FIN_AGAIN);
            boolean left = refreshed.expectAck(ACK_OF_ALL, RESET).choice() == 0;
            if (over || !left) {
                peer.observed(
                        i == 0
                                ? "TIME-WAIT is too short to tell"
                                : left
                                        ? "a FIN that comes again starts TIME-WAIT anew"
                                        : "a FIN that comes again does not start TIME-WAIT anew, as RFC 9293, 3.10.7.4, first check, permits");
                return;
            }
        }
        peer.observed("TIME-WAIT lasts longer than 250 s");
    }

    /** Connections in TIME-WAIT; the first came last, in case the target gives up the oldest when it has too many. */
    private static List<Peer> enter(Peer peer, WayToTimeWait way, int count) {
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Peer one = i == 0 ? peer : peer.another();
            way.take(one);
            peers.add(0, one);
        }
        return peers;
    }

    /** Whether the connection is no longer there, {@code age} after it came into TIME-WAIT. */
    private static boolean gone(Peer peer, Duration age) {
        peer.expectQuiet(age);
        peer.send(OUR_FIN_AGAIN);
        return peer.expectAck(ACK_OF_ALL, RESET).choice() == 1;
    }

    // ---- SYN-RECEIVED

    /** R2 of a SYN (RFC 9293, 3.8.3), and a little more. */
    private static final Duration R2_OF_SYN = Duration.ofSeconds(190);

    @Test
    @Case(
            id = "HP-16",
            title = "sends its SYN,ACK again for as long as it likes, and answers the ACK that comes after 190 s",
            observes = true,
            seconds = 200,
            tags = {"handshake", "long"})
    @Requirement("RFC9293-3.10.8-3")
    public void handshakeIsGivenUp(Peer peer) {
        Answer first = peer.openTo();
        Segment again = synAck().seq(ISS).ack(IRS.plus(1));
        // some tell the end of it by a reset
        peer.expectQuiet(R2_OF_SYN, again, rst().ignoring(ACK));
        List<Answer> all = peer.received(s -> s.has(SYN));
        Answer last = all.get(all.size() - 1);
        if (all.size() == 1) {
            throw peer.broken("no-answer", "the SYN,ACK was not sent again within 190 s");
        }
        peer.observed("sends its SYN,ACK again " + (all.size() - 1) + " times, the last time after "
                + between(first, last).toSeconds() + " s");
        // a RST from LISTEN; or the handshake completes, as with a longer series or with SYN cookies
        peer.send(ack());
        boolean gone = peer.expectOrSilence(rst().ignoring(ACK).seq(SEG_ACK)).isPresent();
        peer.observed(gone ? "the connection is gone after 190 s" : "the handshake can be completed after 190 s");
        if (!gone) {
            peer.prove(TcpState.ESTABLISHED);
        }
    }
}
