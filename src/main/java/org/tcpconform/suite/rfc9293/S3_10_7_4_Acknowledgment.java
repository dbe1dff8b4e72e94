package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.SND_UNA;
import static org.tcpconform.segment.Seq.at;
import static org.tcpconform.suite.rfc7323.Windows.PROBE;

import java.time.Duration;
import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.SeqMath;
import org.tcpconform.segment.WireSegment;
import org.testng.annotations.Test;

/** RFC 9293, 3.10.7.4, fifth check: what acknowledgments and windows of ours do to what the target sends. */
public class S3_10_7_4_Acknowledgment {
    private static final int OCTETS = 10;
    private static final int MSS = 1_000;
    private static final Duration LONGEST = Duration.ofSeconds(9);
    private static final Segment EMPTY_ACK = ack().seq(SND_NXT).ack(RCV_NXT).noData();

    private static Segment echo() {
        return data(OCTETS).seq(SND_NXT).ack(RCV_NXT);
    }

    /** Opens with a window of so many octets, never more. */
    private static void open(Peer peer, int window, Option... options) {
        peer.preliminary(() -> {
            peer.send((options.length == 0 ? syn() : syn().options(options)).window(window));
            peer.expect(synAck().ack(IRS.plus(1)));
            peer.send(ack().window(window));
        });
    }

    @Test
    @Case(
            id = "AK-17",
            title = "keeps silent to an ACK of its data",
            needs = ECHO,
            tags = {"data", "ack"})
    @Requirement("RFC9293-3.10.7.4-17")
    public void acknowledgmentIsNotAnswered(Peer peer) {
        peer.establish();
        peer.send(data(OCTETS));
        peer.expectAck(echo());
        peer.send(ack());
        peer.expectSilence();
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "AK-18",
            title =
                    "takes both the data and the acknowledgment of a segment: answers the one, and sends on by the other",
            needs = ECHO,
            tags = {"data", "ack"})
    @Requirement({"RFC9293-3.10.7.4-17", "RFC9293-3.10.7.4-28"})
    public void dataWithAcknowledgment(Peer peer) {
        // two answers fill the window, so that the third comes only once the first is acknowledged; one alone would,
        // but
        // there are targets that never fill more than half of a window with one segment
        open(peer, 2 * OCTETS);
        for (int i = 0; i < 4; i++) {
            peer.send(data(OCTETS).window(2 * OCTETS));
            peer.expectAck(echo());
        }
    }

    // ---- part of what is outstanding

    /** How many octets of the first two segments are acknowledged. */
    record Part(String id, String what, int octets) implements Row {}

    static List<Part> parts() {
        return List.of(
                new Part("ONE", "one segment", MSS),
                new Part("TWO", "two segments", 2 * MSS),
                new Part("HALF", "a segment and a half", MSS + MSS / 2),
                new Part("OCTET", "a segment and an octet", MSS + 1),
                new Part("BUT-ONE", "two segments but for an octet", 2 * MSS - 1));
    }

    @Test
    @Case(
            id = "AK-06",
            title =
                    "sends again from the first octet that is missing where {} of four are acknowledged, and none before",
            needs = BULK,
            rows = "parts",
            seconds = 9,
            tags = {"bulk", "ack", "timer"})
    @Requirement("RFC9293-3.10.7.4-17")
    public void partOfWhatIsOutstanding(Peer peer, Part part) {
        fill(peer);
        int acknowledged = peer.value(SND_UNA) + part.octets();
        peer.send(ack().ack(at(acknowledged)).window(4 * MSS - part.octets()));
        // a timer may have been faster than we
        long known = peer.earliestAnswer();
        peer.expectWithin(
                LONGEST,
                ack().where(
                                "has the first octet that is missing",
                                s -> SeqMath.le(s.seq(), acknowledged) && SeqMath.lt(acknowledged, s.end())));
        if (isSentAgain(peer, acknowledged, known)) {
            throw peer.broken("acknowledged-data-sent-again", "a segment that was acknowledged was sent again");
        }
    }

    /** Whether a segment with data before {@code end} came after a time that had come before. */
    private static boolean isSentAgain(Peer peer, int end, long since) {
        List<Answer> all = peer.received(s -> hasData(s) && SeqMath.le(s.end(), end));
        return all.stream()
                .anyMatch(again -> again.timeNanos() >= since
                        && all.stream()
                                .anyMatch(one -> one.timeNanos() < again.timeNanos()
                                        && one.segment().seq()
                                                == again.segment().seq()));
    }

    /** Lets the target fill a window of four segments, without acknowledging any. */
    private static void fill(Peer peer) {
        open(peer, 4 * MSS, new Option.Mss(MSS));
        int end = peer.value(SND_UNA) + 4 * MSS;
        peer.preliminary(() -> peer.expectAck(ack().where("fills the window", s -> s.end() == end && hasData(s))));
    }

    private static boolean hasData(WireSegment s) {
        return s.payload().length > 0;
    }

    // ---- windows

    /** Acknowledges nothing new, not even a probe: only so it is the window alone that lets the target send. */
    private static final Segment UPDATE = ack().ack(SND_UNA);

    /** Makes the target hold data, since our window is closed; the last octet that it has sent is acknowledged. */
    private static void holdBack(Peer peer) {
        open(peer, OCTETS);
        peer.preliminary(() -> {
            peer.send(data(OCTETS).window(OCTETS));
            peer.expectAck(echo());
            peer.send(data(OCTETS).window(0));
            peer.expectAck(PROBE);
        });
    }

    /** An ACK that offers a window and is not to be taken. */
    record Stale(String id, String what, Segment segment) implements Row {}

    static List<Stale> stale() {
        return List.of(
                new Stale("OLD-ACK", "an ACK below SND.UNA", ack().ack(SND_UNA.minus(1))),
                new Stale("OLDER-ACK", "an ACK far below SND.UNA", ack().ack(SND_UNA.minus(OCTETS))),
                new Stale(
                        "BEYOND",
                        "an ACK beyond the window",
                        ack().seq(RCV_NXT.plus(RCV_WND).plus(1))),
                new Stale("FUTURE", "an ACK of what was not sent", ack().ack(SND_NXT.plus(OCTETS * 2))));
    }

    @Test
    @Case(
            id = "AK-09",
            title = "does not take the window of {}",
            needs = ECHO,
            rows = "stale",
            tags = {"window", "ack"})
    @Requirement("RFC9293-3.10.7.4-20")
    public void staleWindow(Peer peer, Stale stale) {
        holdBack(peer);
        peer.send(stale.segment());
        peer.expectSilence(PROBE);
        peer.send(UPDATE);
        peer.expectAck(ack().ack(RCV_NXT).where("has data", s -> s.payload().length > 1));
    }

    /** What brings a window and acknowledges nothing new. */
    record Update(String id, String what, Segment segment) implements Row {}

    static List<Update> updates() {
        return List.of(
                new Update("SAME-SEQ", "an ACK of the same SEQ and ACK as before", UPDATE),
                new Update("DATA", "data of the same ACK as before", data(1).ack(SND_UNA)));
    }

    @Test
    @Case(
            id = "AK-10",
            title = "takes the window of {}",
            needs = ECHO,
            rows = "updates",
            tags = {"window", "ack"})
    @Requirement({"RFC9293-3.10.7.4-20", "RFC1122-4.2.2.20-2"})
    public void windowUpdate(Peer peer, Update update) {
        holdBack(peer);
        peer.send(update.segment());
        peer.expectAck(ack().ack(RCV_NXT).where("has data", s -> s.payload().length > 1));
    }

    // ---- what was never sent

    @Test
    @Case(
            id = "AK-20",
            title =
                    "does not send on by an acknowledgment of data that it has not sent yet, and answers it with an ACK",
            needs = BULK,
            tags = {"bulk", "ack"})
    @Requirement("RFC9293-3.10.7.4-19")
    public void optimisticAcknowledgment(Peer peer) {
        fill(peer);
        peer.send(ack().ack(SND_NXT.plus(2 * MSS)).window(8 * MSS));
        peer.expect(EMPTY_ACK);
        peer.expectSilence();
        peer.send(ack().window(8 * MSS));
        peer.expectAck(ack().where("has new data", S3_10_7_4_Acknowledgment::hasData));
    }
}
