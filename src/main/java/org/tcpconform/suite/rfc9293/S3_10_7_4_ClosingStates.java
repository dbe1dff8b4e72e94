package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.CLOSES_FIRST;
import static org.tcpconform.requirement.Stimulus.CLOSES_ON_FIN;
import static org.tcpconform.requirement.Stimulus.KEEPS_HALF_OPEN;
import static org.tcpconform.segment.Flag.ACK;
import static org.tcpconform.segment.Flag.PSH;
import static org.tcpconform.segment.Flag.RST;
import static org.tcpconform.segment.Flag.URG;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.segment;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.SND_UNA;
import static org.tcpconform.suite.rfc9293.Closing.ACK_OF_ALL;
import static org.tcpconform.suite.rfc9293.Closing.finAgain;

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

/**
 * RFC 9293, 3.10.7.4: a segment without FIN arrives for a connection that one side or both have closed. In FIN-WAIT-1
 * and FIN-WAIT-2 data is still taken; once our FIN has come, whatever follows it is ignored.
 */
public class S3_10_7_4_ClosingStates {
    private static final int OCTETS = 5;
    /** Well within the smallest window. */
    private static final int AHEAD = 100;
    /** How a target resets a connection on data that nobody will read. */
    private static final List<Segment> RESETS =
            List.of(rst().ignoring(ACK).seq(SND_NXT), rst().ignoring(ACK).seq(SEG_ACK));

    private static final String RESET = "resets on data, since its user has closed both ways (MAY-1, SHLD-3)";

    // ---- FIN-WAIT-1 and FIN-WAIT-2

    @Test
    @Case(
            id = "FN-09",
            title = "takes and acknowledges data in FIN-WAIT-1, or resets as a half-duplex close may",
            needs = CLOSES_FIRST,
            tags = {"teardown", "half-close"})
    @Requirement({"RFC9293-3.10.7.4-28", "RFC9293-MAY-1"})
    public void finWait1TakesData(Peer peer) {
        takesData(peer, TcpState.FIN_WAIT_1);
    }

    @Test
    @Case(
            id = "FN-15",
            title = "takes and acknowledges data in FIN-WAIT-2, or resets as a half-duplex close may",
            needs = CLOSES_FIRST,
            tags = {"teardown", "half-close"})
    @Requirement({"RFC9293-3.10.7.4-22", "RFC9293-3.10.7.4-28", "RFC9293-MAY-1"})
    public void finWait2TakesData(Peer peer) {
        takesData(peer, TcpState.FIN_WAIT_2);
    }

    private static void takesData(Peer peer, TcpState state) {
        peer.reach(state);
        peer.send(data(OCTETS).ack(SND_UNA));
        int choice = peer.expectAck(ACK_OF_ALL, finAgain(peer), RESETS.get(0), RESETS.get(1))
                .choice();
        if (choice < 2) {
            peer.option("RFC9293-MAY-1", false, "takes data after its FIN");
            peer.prove(state);
        } else {
            peer.option("RFC9293-MAY-1", true, RESET);
            peer.prove(TcpState.CLOSED);
        }
    }

    @Test
    @Case(
            id = "FN-18",
            title = "keeps silent to a repeated ACK of its FIN in FIN-WAIT-2",
            needs = CLOSES_FIRST,
            tags = "teardown")
    @Requirement("RFC9293-3.10.7.4-18")
    public void repeatedAckIsIgnored(Peer peer) {
        peer.reach(TcpState.FIN_WAIT_2);
        peer.send(ack());
        peer.expectSilence();
        peer.prove(TcpState.FIN_WAIT_2);
    }

    // ---- once our FIN has come

    /** What cannot come from a sane peer, since it lies beyond its FIN; whether it brings data. */
    record Beyond(String id, String what, TcpState state, Segment stimulus, boolean octets) implements Row {
        @Override
        public String what() {
            return what + " in " + state.rfcName();
        }

        static List<Beyond> in(TcpState state, String text, String urgent) {
            Segment urgentData = segment(ACK, URG, PSH).payload(OCTETS).urgentPointer(OCTETS);
            return List.of(
                    new Beyond(text, "data", state, data(OCTETS).seq(RCV_NXT), true),
                    new Beyond(
                            text + "-AHEAD", "data ahead", state, data(OCTETS).seq(RCV_NXT.plus(AHEAD)), true),
                    new Beyond(urgent, "urgent data", state, urgentData.seq(RCV_NXT), true));
        }

        static Beyond urg(TcpState state) {
            return new Beyond(
                    "",
                    "URG without data",
                    state,
                    segment(ACK, URG).urgentPointer(OCTETS).seq(RCV_NXT),
                    false);
        }
    }

    static List<Beyond> inCloseWait() {
        return Beyond.in(TcpState.CLOSE_WAIT, "20", "24");
    }

    @Test
    @Case(
            id = "FN",
            title = "ignores {}",
            needs = KEEPS_HALF_OPEN,
            rows = "inCloseWait",
            tags = {"teardown", "half-close"})
    @Requirement("RFC9293-3.10.7.4-29")
    public void closeWaitIgnores(Peer peer, Beyond beyond) {
        ignores(peer, beyond);
    }

    @Test
    @Case(
            id = "FN-24-EMPTY",
            title = "ignores URG without data in CLOSE-WAIT",
            needs = KEEPS_HALF_OPEN,
            tags = {"teardown", "half-close"})
    @Requirement("RFC9293-3.10.7.4-27")
    public void closeWaitIgnoresUrg(Peer peer) {
        ignores(peer, Beyond.urg(TcpState.CLOSE_WAIT));
    }

    static List<Beyond> inClosing() {
        return Beyond.in(TcpState.CLOSING, "28", "28-URG");
    }

    @Test
    @Case(
            id = "FN",
            title = "ignores {}",
            needs = CLOSES_FIRST,
            rows = "inClosing",
            tags = {"teardown", "simultaneous-close"})
    @Requirement({"RFC9293-3.10.7.4-29", "RFC9293-3.10.7.4-24"})
    public void closingIgnores(Peer peer, Beyond beyond) {
        ignores(peer, beyond);
    }

    @Test
    @Case(
            id = "FN-28-URG-EMPTY",
            title = "ignores URG without data in CLOSING",
            needs = CLOSES_FIRST,
            tags = {"teardown", "simultaneous-close"})
    @Requirement({"RFC9293-3.10.7.4-27", "RFC9293-3.10.7.4-24"})
    public void closingIgnoresUrg(Peer peer) {
        ignores(peer, Beyond.urg(TcpState.CLOSING));
    }

    static List<Beyond> inLastAck() {
        return Beyond.in(TcpState.LAST_ACK, "32", "32-URG");
    }

    @Test
    @Case(id = "FN", title = "ignores {}", needs = CLOSES_ON_FIN, rows = "inLastAck", tags = "teardown")
    @Requirement("RFC9293-3.10.7.4-29")
    public void lastAckIgnores(Peer peer, Beyond beyond) {
        ignores(peer, beyond);
    }

    @Test
    @Case(
            id = "FN-32-URG-EMPTY",
            title = "ignores URG without data in LAST-ACK",
            needs = CLOSES_ON_FIN,
            tags = "teardown")
    @Requirement("RFC9293-3.10.7.4-27")
    public void lastAckIgnoresUrg(Peer peer) {
        ignores(peer, Beyond.urg(TcpState.LAST_ACK));
    }

    static List<Beyond> inTimeWait() {
        return Beyond.in(TcpState.TIME_WAIT, "37", "38");
    }

    @Test
    @Case(
            id = "FN",
            title = "ignores {}",
            needs = CLOSES_FIRST,
            rows = "inTimeWait",
            tags = {"teardown", "time-wait"})
    @Requirement("RFC9293-3.10.7.4-29")
    public void timeWaitIgnores(Peer peer, Beyond beyond) {
        ignores(peer, beyond);
    }

    @Test
    @Case(
            id = "FN-38-EMPTY",
            title = "ignores URG without data in TIME-WAIT",
            needs = CLOSES_FIRST,
            tags = {"teardown", "time-wait"})
    @Requirement("RFC9293-3.10.7.4-27")
    public void timeWaitIgnoresUrg(Peer peer) {
        ignores(peer, Beyond.urg(TcpState.TIME_WAIT));
    }

    @Test
    @Case(
            id = "FN-37-ACK",
            title = "ignores an ACK in TIME-WAIT",
            needs = CLOSES_FIRST,
            tags = {"teardown", "time-wait"})
    @Requirement("RFC9293-MUST-13")
    public void timeWaitIgnoresAck(Peer peer) {
        ignores(peer, new Beyond("", "an ACK", TcpState.TIME_WAIT, ack().seq(RCV_NXT), false));
    }

    /**
     * Silence by the letter, and an acknowledgment that takes in nothing is harmless. Where the user has closed, data may
     * also cause a reset (SHLD-3, as BSD reads it), except in TIME-WAIT, which must last (MUST-13).
     */
    private static void ignores(Peer peer, Beyond beyond) {
        TcpState state = beyond.state();
        peer.reach(state);
        peer.send(beyond.stimulus().ack(SND_UNA));
        List<Segment> permitted = new ArrayList<>(List.of(ACK_OF_ALL, finAgain(peer)));
        if (beyond.octets() && (state == TcpState.CLOSING || state == TcpState.LAST_ACK)) {
            permitted.addAll(RESETS);
        }
        List<Answer> answers = peer.expectSilence(permitted.toArray(Segment[]::new));
        if (answers.stream().anyMatch(a -> a.segment().has(RST))) {
            peer.observed(RESET);
            peer.prove(TcpState.CLOSED);
            return;
        }
        peer.observed(
                answers.stream().anyMatch(a -> a.choice() == 0)
                        ? "acknowledges once more what came before"
                        : "stays silent");
        peer.prove(state);
    }

    // ---- outside the window

    @Test
    @Case(
            id = "FN-20-OUTSIDE",
            title = "answers data outside the window in CLOSE-WAIT with ACK of what came before",
            needs = KEEPS_HALF_OPEN,
            tags = {"teardown", "half-close"})
    @Requirement({"RFC9293-3.10.7.4-1", "RFC9293-3.5.2-4"})
    public void closeWaitAnswersOutside(Peer peer) {
        outside(peer, TcpState.CLOSE_WAIT);
    }

    @Test
    @Case(
            id = "FN-28-OUTSIDE",
            title = "answers data outside the window in CLOSING with ACK of what came before",
            needs = CLOSES_FIRST,
            tags = {"teardown", "simultaneous-close"})
    @Requirement({"RFC9293-3.10.7.4-1", "RFC9293-3.5.2-4"})
    public void closingAnswersOutside(Peer peer) {
        outside(peer, TcpState.CLOSING);
    }

    private static void outside(Peer peer, TcpState state) {
        peer.reach(state);
        Closing.expectAckOf(
                peer, data(OCTETS).seq(RCV_NXT.plus(RCV_WND).plus(1)).ack(SND_UNA));
        peer.prove(state);
    }
}
