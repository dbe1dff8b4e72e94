package org.tcpconform.suite.rfc7323;

import static org.tcpconform.requirement.Stimulus.CLOSES_ON_FIN;
import static org.tcpconform.requirement.Stimulus.DISCARD;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SND_NXT;

import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Segment;
import org.testng.annotations.Test;

/** RFC 7323, 5: protection against wrapped sequences. TS.Recent is 1000 after the TSval of the SYN. */
public class S5_Paws {
    private static final int RECENT = 1_000;
    private static final int MOST = Integer.MAX_VALUE;
    private static final Segment EMPTY_ACK = ack().seq(SND_NXT).ack(RCV_NXT).noData();

    /** Makes TS.Recent 1000 after the TSval of the SYN, by data that is acknowledged. */
    private static Stamps open(Peer peer) {
        return raised(peer, Stamps.establish(peer));
    }

    private static Stamps raised(Peer peer, Stamps stamps) {
        peer.send(stamps.on(data(10), RECENT));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT), RECENT));
        return stamps;
    }

    /** Proves that nothing of what came before has been taken, and that TS.Recent is as it was. */
    private static void isAsBefore(Peer peer, Stamps stamps) {
        peer.send(stamps.on(data(3), RECENT));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT), RECENT));
    }

    /** A TSval so far from TS.Recent. */
    record Age(String id, int difference, String what) implements Row {}

    static List<Age> old() {
        return List.of(
                new Age("1", -1, "1"),
                new Age("2", -2, "2"),
                new Age("1000", -1_000, "1000"),
                new Age("HALF-LESS-1", -MOST, "2^31-1"));
    }

    @Test
    @Case(
            id = "PW-01",
            title = "answers data whose TSval is older than TS.Recent by {} with an ACK, and drops it",
            needs = DISCARD,
            rows = "old",
            tags = {"timestamps", "paws", "data"})
    @Requirement({"RFC7323-5.3-1", "RFC7323-D-1", "RFC7323-5.2-1"})
    public void oldDataIsDropped(Peer peer, Age age) {
        Stamps stamps = open(peer);
        peer.send(stamps.on(data(10).seq(RCV_NXT), RECENT + age.difference()));
        peer.expect(stamps.echoing(EMPTY_ACK, RECENT));
        isAsBefore(peer, stamps);
    }

    static List<Age> fresh() {
        return List.of(
                new Age("02-EQUAL", 0, "equal to TS.Recent"),
                new Age("03-1", 1, "newer by 1"),
                new Age("03-1000", 1_000, "newer by 1000"),
                new Age("03-HALF-LESS-1", MOST, "newer by 2^31-1"));
    }

    @Test
    @Case(
            id = "PW",
            title = "takes data whose TSval is {}, and echoes it",
            needs = DISCARD,
            rows = "fresh",
            tags = {"timestamps", "paws", "data"})
    @Requirement({"RFC7323-5.3-3", "RFC7323-5.3-1", "RFC7323-4.3-4"})
    public void freshDataIsTaken(Peer peer, Age age) {
        Stamps stamps = open(peer);
        peer.send(stamps.on(data(10), RECENT + age.difference()));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT), RECENT + age.difference()));
    }

    @Test
    @Case(
            id = "PW-04",
            title = "takes or drops data whose TSval is half the number space from TS.Recent, and goes on",
            needs = DISCARD,
            observes = true,
            tags = {"timestamps", "paws", "data"})
    @Requirement("RFC7323-5.3-1")
    public void halfTheSpace(Peer peer) {
        Stamps stamps = open(peer);
        peer.send(stamps.on(data(10).seq(RCV_NXT), RECENT + Integer.MIN_VALUE));
        Answer answer = peer.expectAck(ack().ack(RCV_NXT.plus(10)), EMPTY_ACK);
        boolean taken = answer.choice() == 0;
        peer.observed("data whose TSval is 2^31 away is " + (taken ? "taken" : "dropped"));
        if (taken) {
            peer.advanceTo(RCV_NXT.plus(10));
            peer.send(stamps.on(data(1), RECENT + Integer.MIN_VALUE));
        } else {
            peer.send(stamps.on(data(1), RECENT));
        }
        peer.expectAck(ack().ack(RCV_NXT));
    }

    @Test
    @Case(
            id = "PW-05",
            title = "obeys a RST of SEQ RCV.NXT whose TSval is old by {}",
            needs = DISCARD,
            rows = "old",
            tags = {"timestamps", "paws", "reset"})
    @Requirement({"RFC7323-5.2-4", "RFC9293-3.10.7.4-9"})
    public void oldResetIsObeyed(Peer peer, Age age) {
        Stamps stamps = open(peer);
        peer.send(stamps.on(rst(), RECENT + age.difference()));
        peer.expectSilence();
        peer.prove(TcpState.CLOSED);
    }

    @Test
    @Case(
            id = "PW-05-STATE",
            title = "does not record the timestamp of a RST that it does not obey",
            needs = DISCARD,
            tags = {"timestamps", "paws", "reset"})
    @Requirement("RFC7323-5.2-5")
    public void timestampOfResetIsNotRecorded(Peer peer) {
        Stamps stamps = open(peer);
        peer.send(stamps.on(rst().seq(RCV_NXT.minus(1)), RECENT + 5_000));
        peer.expectSilence();
        isAsBefore(peer, stamps);
    }

    @Test
    @Case(
            id = "PW-06",
            title = "answers a FIN whose TSval is older than TS.Recent by {} with an ACK, and does not take it",
            needs = CLOSES_ON_FIN,
            rows = "old",
            tags = {"timestamps", "paws", "teardown"})
    @Requirement("RFC7323-5.3-1")
    public void oldFinIsDropped(Peer peer, Age age) {
        Stamps stamps = open(peer);
        peer.send(stamps.on(finAck().seq(RCV_NXT), RECENT + age.difference()));
        peer.expect(stamps.echoing(EMPTY_ACK, RECENT));
        isAsBefore(peer, stamps);
    }

    @Test
    @Case(
            id = "PW-07",
            title = "does not take the window of an ACK whose TSval is older than TS.Recent by {}",
            needs = ECHO,
            rows = "old",
            tags = {"timestamps", "paws"})
    @Requirement({"RFC7323-5.3-1", "RFC7323-5.2-1"})
    public void oldAcknowledgmentIsNotTaken(Peer peer, Age age) {
        Stamps stamps = Stamps.establish(peer);
        stamps.closeWindow(RECENT);
        peer.send(stamps.on(ack(), RECENT + age.difference()));
        // still closed, so that no more than the answer and probes of the window come
        peer.expectSilence(Windows.PROBE);
        peer.send(stamps.on(ack(), RECENT));
        peer.expectAck(ack().ack(RCV_NXT).where("has data", s -> s.payload().length > 1));
    }

    /** An old ACK, and whether it says something new. */
    record OldAck(String id, String what, int age, int window) implements Row {}

    static List<OldAck> oldAcks() {
        return List.of(
                // older than any retransmission timeout, up to which Linux takes an ACK for overtaken on the way
                new OldAck("UPDATE", "that changes the window and is old by 5000", 5_000, 30_000),
                new OldAck("NO-NEWS-100", "that says nothing new and is old by 100", 100, 65_535),
                new OldAck("NO-NEWS-5000", "that says nothing new and is old by 5000", 5_000, 65_535));
    }

    @Test
    @Case(
            id = "PW-07-ANSWER",
            title = "answers an ACK whose TSval is older than TS.Recent, {}, with an ACK",
            needs = DISCARD,
            rows = "oldAcks",
            tags = {"timestamps", "paws"})
    @Requirement("RFC7323-5.3-1")
    public void oldAcknowledgmentIsAnswered(Peer peer, OldAck old) {
        Stamps stamps = open(peer);
        // its SEQ and ACK have been seen before, too
        peer.send(stamps.on(ack(), RECENT));
        peer.send(stamps.on(ack().window(old.window()), RECENT - old.age()));
        peer.expect(stamps.echoing(EMPTY_ACK, RECENT));
        isAsBefore(peer, stamps);
    }

    @Test
    @Case(
            id = "PW-08",
            title = "answers an old segment outside the window with one ACK, not two",
            needs = DISCARD,
            tags = {"timestamps", "paws"})
    @Requirement({"RFC7323-5.3-1", "RFC5681-4.2-3"})
    public void oldAndOutsideTheWindow(Peer peer) {
        Stamps stamps = open(peer);
        peer.send(stamps.on(data(10).seq(RCV_NXT.plus(RCV_WND).plus(10)), RECENT - 500));
        peer.expect(EMPTY_ACK);
        peer.expectSilence();
        isAsBefore(peer, stamps);
    }

    @Test
    @Case(
            id = "PW-09",
            title = "does not check again, once a gap is filled, the timestamps of what it holds",
            needs = DISCARD,
            tags = {"timestamps", "paws", "reassembly"})
    @Requirement({"RFC7323-5.3-4", "RFC7323-4.3-3"})
    public void heldDataIsNotCheckedAgain(Peer peer) {
        Stamps stamps = open(peer);
        peer.send(stamps.on(data(10).seq(RCV_NXT.plus(10)), RECENT + 1));
        peer.expectAck(stamps.echoing(EMPTY_ACK, RECENT));
        peer.send(stamps.on(data(10).seq(RCV_NXT), RECENT + 2_000));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT.plus(20)), RECENT + 2_000));
    }

    @Test
    @Case(
            id = "PW-10",
            title = "answers data beyond its window with an ACK, and its newer TSval does not make others old",
            needs = DISCARD,
            tags = {"timestamps", "paws"})
    @Requirement({"RFC7323-5.3-2", "RFC7323-4.3-4"})
    public void beyondTheWindow(Peer peer) {
        Stamps stamps = open(peer);
        peer.send(stamps.on(data(10).seq(RCV_NXT.plus(RCV_WND).plus(1_000)), RECENT + 10_000));
        peer.expect(stamps.echoing(EMPTY_ACK, RECENT));
        isAsBefore(peer, stamps);
    }

    @Test
    @Case(
            id = "PW-10-LEFT",
            title = "answers old data of a newer TSval with an ACK, and may record the TSval",
            needs = DISCARD,
            observes = true,
            tags = {"timestamps", "paws"})
    @Requirement({"RFC7323-5.3-2", "RFC7323-4.3-4"})
    public void belowTheWindow(Peer peer) {
        Stamps stamps = open(peer);
        int newer = RECENT + 10_000;
        peer.send(stamps.on(data(3).seq(RCV_NXT.minus(5)), newer));
        // 5.3 rejects it first (R2), 4.3 (2) and appendix D record it: SEG.SEQ is below Last.ACK.sent
        boolean recorded = peer.expect(stamps.echoing(EMPTY_ACK, RECENT), stamps.echoing(EMPTY_ACK, newer))
                        .choice()
                == 1;
        peer.observed("the TSval of old data is " + (recorded ? "recorded" : "not recorded"));
        peer.send(stamps.on(data(3), newer));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT), newer));
    }

    @Test
    @Case(
            id = "PW-13",
            title = "counts modulo 2^32: takes timestamps across the wrap, and none from before it",
            needs = DISCARD,
            tags = {"timestamps", "paws"})
    @Requirement({"RFC7323-5.3-3", "RFC7323-5.3-1"})
    public void timestampsWrap(Peer peer) {
        // the wrap lies between 1000 and 1100 after the SYN's
        Stamps stamps = raised(peer, Stamps.establish(peer, -1_050));
        peer.send(stamps.on(data(10), 1_049));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT), 1_049));
        peer.send(stamps.on(data(10), 1_050));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT), 1_050));
        peer.send(stamps.on(data(10), 1_100));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT), 1_100));
        peer.send(stamps.on(data(10).seq(RCV_NXT), 1_040));
        peer.expect(stamps.echoing(EMPTY_ACK, 1_100));
    }

    @Test
    @Case(
            id = "PW-15",
            title = "answers each of ten old segments with one ACK at the most",
            needs = DISCARD,
            tags = {"timestamps", "paws"})
    @Requirement({"RFC5681-4.2-3", "RFC7323-5.3-1"})
    public void burstOfOldSegments(Peer peer) {
        Stamps stamps = open(peer);
        int before = peer.received(s -> true).size();
        peer.atOnce(() -> {
            for (int i = 0; i < 10; i++) {
                // of octets that have been taken: whether the target does PAWS is not the question here
                peer.send(stamps.on(data(10).seq(RCV_NXT.minus(10)), RECENT - 500));
            }
        });
        peer.expectSilence(EMPTY_ACK);
        peer.judge("one answer each at the most", () -> {
            int answers = peer.received(s -> true).size() - before;
            if (answers > 10) {
                throw peer.broken("too-many-acks", "ten old segments drew " + answers + " answers");
            }
            peer.observed("ten old segments drew " + answers + " ACKs");
        });
        isAsBefore(peer, stamps);
    }
}
