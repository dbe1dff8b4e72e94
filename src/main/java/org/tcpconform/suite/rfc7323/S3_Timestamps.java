package org.tcpconform.suite.rfc7323;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.requirement.Stimulus.CLOSES_ON_FIN;
import static org.tcpconform.requirement.Stimulus.DISCARD;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.SND_UNA;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.WireSegment;
import org.testng.annotations.Test;

/** RFC 7323, 3 and 4: the Timestamps option, and which timestamp is echoed. */
public class S3_Timestamps {
    private static final Option NOP = new Option.Nop();
    private static final Segment DUPLICATE_ACK = ack().seq(SND_NXT).ack(RCV_NXT).noData();

    // ---- whether the option is there

    @Test
    @Case(
            id = "TS-05",
            title = "sends Timestamps in every segment but RST: ACK, duplicate ACK, data and FIN",
            needs = ECHO,
            tags = {"options", "timestamps"})
    @Requirement("RFC7323-3.2-5")
    public void everySegmentHasTimestamps(Peer peer) {
        Stamps stamps = Stamps.establish(peer);
        Segment stamped = ack().with(Option.Timestamps.class);
        peer.send(stamps.on(data(10), 1));
        peer.expectAck(stamped.ack(RCV_NXT));
        peer.receive(10, stamps.on(ack(), 1));
        // old data, then data above a gap
        peer.send(stamps.on(data(1).seq(RCV_NXT.minus(1)), 2));
        peer.expect(stamped.seq(SND_NXT).ack(RCV_NXT).noData());
        peer.send(stamps.on(data(10).seq(RCV_NXT.plus(10)), 2));
        peer.expectAck(stamped.seq(SND_NXT).ack(RCV_NXT).noData());
        peer.send(stamps.on(finAck(), 3));
        peer.expectAck(finAck().ack(RCV_NXT).with(Option.Timestamps.class));
        peer.judge("each segment has Timestamps", () -> {
            long without = peer.received(s -> !s.has(Flag.RST)
                            && s.option(Option.Timestamps.class).isEmpty())
                    .size();
            if (without > 0) {
                throw peer.broken("no-timestamps", without + " segments lack Timestamps");
            }
        });
    }

    /** A segment without Timestamps where they are due. */
    record Bare(String id, String what, Segment segment) implements Row {}

    static List<Bare> bare() {
        return List.of(
                new Bare("07", "data", data(10)),
                new Bare("08-FIN", "a FIN", finAck()),
                new Bare("08-FIN-DATA", "data with FIN", finAck().payload(10)));
    }

    @Test
    @Case(
            id = "TS",
            title = "drops {} without Timestamps silently, where Timestamps were agreed on",
            needs = CLOSES_ON_FIN,
            rows = "bare",
            tags = {"options", "timestamps"})
    @Requirement("RFC7323-3.2-7")
    public void segmentWithoutTimestampsIsDropped(Peer peer, Bare bare) {
        Stamps.establish(peer);
        peer.send(bare.segment().seq(RCV_NXT).options());
        peer.expectSilence();
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "TS-08-ACK",
            title = "does not take the window of an ACK without Timestamps, where they were agreed on",
            needs = ECHO,
            tags = {"options", "timestamps"})
    @Requirement("RFC7323-3.2-7")
    public void acknowledgmentWithoutTimestampsIsDropped(Peer peer) {
        Stamps stamps = Stamps.establish(peer);
        stamps.closeWindow(1);
        peer.send(ack().seq(RCV_NXT).options());
        // still closed, so that no more than a probe of the window comes
        peer.expectSilence(Windows.PROBE);
        peer.send(stamps.on(ack(), 2));
        peer.expectAck(ack().ack(RCV_NXT).where("has data", s -> s.payload().length > 1));
    }

    @Test
    @Case(
            id = "TS-07-ALIVE",
            title = "does not reset a connection because {} lacks Timestamps",
            needs = DISCARD,
            rows = "bare",
            tags = {"options", "timestamps"})
    @Requirement("RFC7323-3.2-8")
    public void missingTimestampsAbortNothing(Peer peer, Bare bare) {
        Stamps stamps = Stamps.establish(peer);
        peer.send(bare.segment().seq(RCV_NXT).options());
        boolean dropped = peer.expectOrSilence(ack().ignoring(Flag.FIN)).isEmpty();
        peer.observed("a segment without Timestamps is " + (dropped ? "dropped" : "answered"));
        // old data, which any state that is left answers
        peer.send(stamps.on(data(1).seq(RCV_NXT.minus(1)), 1));
        peer.expectAck(ack().ignoring(Flag.FIN));
    }

    @Test
    @Case(
            id = "TS-09",
            title = "ignores Timestamps in data where they were not agreed on, and takes the data",
            needs = DISCARD,
            tags = {"options", "timestamps"})
    @Requirement("RFC7323-3.2-9")
    public void timestampsNotAgreedOn(Peer peer) {
        peer.establish();
        Segment plain = ack().ack(RCV_NXT).without(Option.Timestamps.class);
        peer.send(data(10).options(NOP, NOP, new Option.Timestamps(2_000, 0)));
        peer.expectAck(plain);
        // older than the one before, which means nothing here
        peer.send(data(10).options(NOP, NOP, new Option.Timestamps(1_000, 0)));
        peer.expectAck(plain);
        peer.send(data(10));
        peer.expectAck(plain);
    }

    // ---- which timestamp is echoed

    @Test
    @Case(
            id = "TS-10",
            segments = 96,
            octets = 64_000,
            title = "echoes the timestamp of the earliest segment that an ACK is the first to acknowledge",
            needs = DISCARD,
            tags = {"options", "timestamps"})
    @Requirement({"RFC7323-4.3-1", "RFC7323-4.3-4", "RFC7323-3.2-3"})
    public void delayedAcknowledgmentEchoesTheEarliest(Peer peer) {
        Stamps stamps = Stamps.plain(peer);
        int[] ends = new int[41];
        ends[0] = peer.value(RCV_NXT);
        peer.atOnce(() -> {
            for (int i = 1; i <= 40; i++) {
                peer.send(stamps.on(data(500), 10 * i));
                ends[i] = peer.value(RCV_NXT);
            }
        });
        peer.expectAck(ack().ack(RCV_NXT));
        peer.judge("each ACK echoes the first that it acknowledges", () -> echoTheEarliest(peer, stamps, ends));
    }

    private static void echoTheEarliest(Peer peer, Stamps stamps, int[] ends) {
        int acknowledged = 0;
        int several = 0;
        // in the order in which they were sent: on a target with several processors one may overtake another
        List<Answer> acknowledgments = peer.received(s -> s.length() == 0).stream()
                .sorted(Comparator.comparing(a -> a.segment().ack() - ends[0]))
                .toList();
        for (Answer answer : acknowledgments) {
            int upTo = acknowledged;
            for (int i = acknowledged + 1; i <= 40; i++) {
                upTo = ends[i] == answer.segment().ack() ? i : upTo;
            }
            if (upTo == acknowledged) {
                continue;
            }
            int expected = stamps.value(10 * (acknowledged + 1));
            int echoed = answer.segment()
                    .option(Option.Timestamps.class)
                    .map(Option.Timestamps::echoReply)
                    .orElse(0);
            if (echoed != expected) {
                // so it is also where the acknowledgment was lost of those before
                boolean later = echoed - expected > 0 && echoed - stamps.value(10 * upTo) <= 0;
                throw peer.broken(
                        later ? "later-echo" : "wrong-echo",
                        "the ACK of segments " + (acknowledged + 1) + " to " + upTo + " echoes the timestamp "
                                + (echoed - expected) + " above that of the first");
            }
            several += upTo > acknowledged + 1 ? 1 : 0;
            acknowledged = upTo;
        }
        peer.observed(several + " ACKs acknowledge several segments");
    }

    @Test
    @Case(
            id = "TS-11",
            title = "echoes, in the ACK of a segment above a gap, the timestamp of the last that was in order",
            needs = DISCARD,
            tags = {"options", "timestamps"})
    @Requirement({"RFC7323-4.3-2", "RFC7323-4.3-4"})
    public void gapEchoesTheLastInOrder(Peer peer) {
        Stamps stamps = Stamps.establish(peer);
        peer.send(stamps.on(data(10), 100));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT), 100));
        peer.send(stamps.on(data(10).seq(RCV_NXT.plus(10)), 300));
        peer.expectAck(stamps.echoing(DUPLICATE_ACK, 100));
        peer.send(stamps.on(data(10).seq(RCV_NXT.plus(30)), 400));
        peer.expectAck(stamps.echoing(DUPLICATE_ACK, 100));
    }

    @Test
    @Case(
            id = "TS-12",
            title = "echoes the timestamp of a segment that fills a gap, older though it is than what is above",
            needs = DISCARD,
            tags = {"options", "timestamps"})
    @Requirement({"RFC7323-4.3-3", "RFC7323-4.3-4"})
    public void filledGapEchoesItsSegment(Peer peer) {
        Stamps stamps = Stamps.establish(peer);
        peer.send(stamps.on(data(10), 1));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT), 1));
        // as in the second example of RFC 7323, 4.3: A C B E D
        peer.send(stamps.on(data(10).seq(RCV_NXT.plus(10)), 3));
        peer.expectAck(stamps.echoing(DUPLICATE_ACK, 1));
        peer.send(stamps.on(data(10).seq(RCV_NXT), 2));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT.plus(20)), 2));
        peer.advanceTo(RCV_NXT.plus(20));
        peer.send(stamps.on(data(10).seq(RCV_NXT.plus(10)), 5));
        peer.expectAck(stamps.echoing(DUPLICATE_ACK, 2));
        peer.send(stamps.on(data(10).seq(RCV_NXT), 4));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT.plus(20)), 4));
    }

    @Test
    @Case(
            id = "TS-13",
            title = "does not echo the timestamp of a segment that begins beyond what it has acknowledged",
            needs = DISCARD,
            tags = {"options", "timestamps"})
    @Requirement({"RFC7323-4.3-4", "RFC7323-5.3-3"})
    public void timestampAboveTheGapIsNotRecorded(Peer peer) {
        Stamps stamps = Stamps.establish(peer);
        peer.send(stamps.on(data(10), 10));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT), 10));
        peer.send(stamps.on(data(10).seq(RCV_NXT.plus(1)), 1_000));
        peer.expectAck(stamps.echoing(DUPLICATE_ACK, 10));
        // had it been recorded, this would be old
        peer.send(stamps.on(data(1), 20));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT.plus(10)), 20), stamps.echoing(ack().ack(RCV_NXT), 20));
    }

    @Test
    @Case(
            id = "TS-13-ACK",
            title = "records or ignores the timestamp of a segment in order whose ACK field is not acceptable",
            needs = DISCARD,
            observes = true,
            tags = {"options", "timestamps"})
    @Requirement({"RFC7323-5.3-3", "RFC7323-D-1"})
    public void timestampOfUnacceptableAck(Peer peer) {
        Stamps stamps = Stamps.establish(peer);
        peer.send(stamps.on(data(10), 10));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT), 10));
        peer.send(stamps.on(data(10).seq(RCV_NXT).ack(SND_NXT.plus(1_000)), 20));
        Optional<Answer> answer = peer.expectOrSilence(
                DUPLICATE_ACK.with(Option.Timestamps.class),
                ack().ack(RCV_NXT.plus(10)).with(Option.Timestamps.class));
        if (answer.isPresent() && answer.get().choice() == 1) {
            // that it should have dropped the data is for the grid to say
            peer.advanceTo(RCV_NXT.plus(10));
        }
        peer.send(stamps.on(data(1).seq(RCV_NXT.minus(1)), 30));
        peer.expectAck(DUPLICATE_ACK.with(Option.Timestamps.class));
        boolean recorded = answer.flatMap(a -> a.segment().option(Option.Timestamps.class))
                .map(ts -> ts.echoReply() == stamps.value(20))
                .orElse(false);
        peer.observed("the timestamp of a segment with an unacceptable ACK is "
                + (answer.isEmpty() ? "not answered" : recorded ? "recorded" : "not recorded"));
    }

    @Test
    @Case(
            id = "TS-16",
            title = "echoes the timestamp of a FIN",
            needs = CLOSES_ON_FIN,
            tags = {"options", "timestamps", "teardown"})
    @Requirement({"RFC7323-4.3-4", "RFC7323-3.2-3"})
    public void timestampOfFin(Peer peer) {
        Stamps stamps = Stamps.establish(peer);
        peer.send(stamps.on(finAck(), 500));
        peer.expectAck(stamps.echoing(ack().ack(RCV_NXT).ignoring(Flag.FIN), 500));
    }

    @Test
    @Case(
            id = "TS-19",
            title = "echoes one of the two timestamps of a SYN that was sent twice",
            observes = true,
            tags = {"options", "timestamps", "handshake"})
    @Requirement("RFC7323-3.2-3")
    public void timestampOfRepeatedSyn(Peer peer) {
        int first = peer.random();
        Answer synAck = peer.openTo(new Option.Mss(Peer.MSS), NOP, NOP, new Option.Timestamps(first, 0));
        peer.negotiated(synAck, Option.Timestamps.class, Feature.TIMESTAMPS);
        peer.send(syn().seq(IRS).options(new Option.Mss(Peer.MSS), NOP, NOP, new Option.Timestamps(first + 100, 0)));
        Answer answer = peer.expectBeforeTimer(
                synAck().ack(IRS.plus(1)).where("echoes one of the two", s -> echoesOneOf(s.options(), first)),
                ack().ack(IRS.plus(1)).where("echoes one of the two", s -> echoesOneOf(s.options(), first)));
        boolean newer = answer.segment()
                .option(Option.Timestamps.class)
                .map(ts -> ts.echoReply() == first + 100)
                .orElse(false);
        peer.observed("a SYN sent again has the timestamp of the " + (newer ? "second" : "first") + " echoed");
    }

    private static boolean echoesOneOf(List<Option> options, int first) {
        return options.stream()
                .anyMatch(o -> o instanceof Option.Timestamps ts
                        && (ts.echoReply() == first || ts.echoReply() == first + 100));
    }

    // ---- the option itself

    static List<BrokenOption> broken() {
        return List.of(
                new BrokenOption("2", 2, "08020101"),
                new BrokenOption("9", 9, "080901020304000000" + "010101"),
                new BrokenOption("11", 11, "080b0102030400000000" + "0001"),
                new BrokenOption("12", 12, "080c0102030400000000" + "0000"));
    }

    @Test
    @Case(
            id = "TS-17",
            title = "does not take Timestamps of {} for an offer: its SYN,ACK, if any, has none",
            rows = "broken",
            tags = {"options", "timestamps", "handshake"})
    @Requirement({"RFC9293-MUST-7", "RFC7323-3.2-1"})
    public void wrongLength(Peer peer, BrokenOption broken) {
        broken.isNoOffer(peer, Option.Timestamps.class);
    }

    @Test
    @Case(
            id = "TS-20",
            title = "does not read Timestamps behind End of Option List",
            tags = {"options", "timestamps", "handshake"})
    @Requirement({"RFC9293-MUST-4", "RFC7323-3.2-1"})
    public void behindEnd(Peer peer) {
        peer.send(syn().options(new Option.Mss(Peer.MSS), new Option.End(), NOP, new Option.Timestamps(7, 0)));
        peer.expect(synAck().ack(IRS.plus(1)).without(Option.Timestamps.class));
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "TS-22",
            title = "fits Timestamps and SACK blocks into 40 octets of options",
            needs = DISCARD,
            tags = {"options", "timestamps", "sack"})
    @Requirement({"RFC2018-3-1", "RFC7323-3.2-5"})
    public void timestampsAndSack(Peer peer) {
        Stamps stamps = Stamps.establish(peer);
        for (int i = 1; i <= 6; i++) {
            peer.send(stamps.on(data(10).seq(RCV_NXT.plus(20L * i)), i));
            peer.expectAck(DUPLICATE_ACK
                    .with(Option.Timestamps.class)
                    .where("has options that can be read", s -> Option.wellFormed(s.optionArea()))
                    .where(
                            "has three blocks at most",
                            s -> s.option(Option.Sack.class).stream()
                                    .allMatch(o -> o.edges().size() <= 6)));
        }
    }

    // ---- the clock

    @Test
    @Case(
            id = "TS-14",
            title = "sends timestamps that never go back and grow with time, by 1 ms to 1 s a tick or faster",
            needs = DISCARD,
            seconds = 8,
            tags = {"options", "timestamps", "timer"})
    @Requirement({"RFC7323-4.1-1", "RFC7323-5.4-1"})
    public void clockRuns(Peer peer) {
        Stamps stamps = Stamps.establish(peer);
        for (int i = 1; i <= 10; i++) {
            peer.send(stamps.on(data(1), i));
            peer.expectAck(ack().ack(RCV_NXT).with(Option.Timestamps.class));
            peer.send(stamps.on(ack(), i));
            peer.expectQuiet(PAUSE);
        }
        peer.prove(TcpState.ESTABLISHED);
        peer.judge("timestamps that grow evenly with time", () -> clockIsEven(peer));
    }

    private static void clockIsEven(Peer peer) {
        List<Answer> answers = peer.received(s ->
                s.flags() == Flag.ACK.bit() && s.option(Option.Timestamps.class).isPresent());
        if (answers.isEmpty()) {
            throw peer.broken("no-timestamps", "no segment has Timestamps");
        }
        Answer first = answers.get(0);
        Answer last = first;
        for (Answer answer : answers) {
            if (tsval(answer) - tsval(last) < 0) {
                throw peer.broken(
                        "clock-went-back", "a timestamp is " + (tsval(last) - tsval(answer)) + " below the last");
            }
            last = answer;
        }
        double seconds = (last.timeNanos() - first.timeNanos()) / 1e9;
        long ticks = Integer.toUnsignedLong(tsval(last) - tsval(first));
        double rate = ticks / seconds;
        peer.observed(String.format(java.util.Locale.ROOT, "%d ticks in %.2f s: %.0f a second", ticks, seconds, rate));
        // one tick a second at the least; its recycling time must exceed the MSL, so 59 ns a tick at the most
        if (ticks < Math.floor(seconds) - 1 || rate > 1e9 / 59) {
            throw peer.broken("clock-rate", "the clock ticks " + Math.round(rate) + " times a second");
        }
        // proportional to real time: both halves have the same rate, within what a tick may hide
        Answer middle = answers.get(answers.size() / 2);
        double half = (middle.timeNanos() - first.timeNanos()) / 1e9 * rate;
        long ticked = Integer.toUnsignedLong(tsval(middle) - tsval(first));
        if (Math.abs(half - ticked) > 2 + ticks * 0.1) {
            throw peer.broken(
                    "clock-not-even", "after half the time the clock has ticked " + ticked + " of " + ticks + " times");
        }
    }

    private static final java.time.Duration PAUSE = java.time.Duration.ofMillis(300);

    private static int tsval(Answer answer) {
        return answer.segment()
                .option(Option.Timestamps.class)
                .map(Option.Timestamps::value)
                .orElse(0);
    }

    @Test
    @Case(
            id = "TS-15",
            connections = 16,
            halfOpen = 16,
            title = "begins the timestamps of each connection at another number",
            tags = {"options", "timestamps", "handshake"})
    @Requirement("RFC7323-7-1")
    public void clockHasAnOffset(Peer peer) {
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Peer each = i == 0 ? peer : peer.another();
            Answer answer = each.openTo(new Option.Mss(Peer.MSS), NOP, NOP, new Option.Timestamps(peer.random(), 0));
            each.negotiated(answer, Option.Timestamps.class, Feature.TIMESTAMPS);
            peers.add(each);
        }
        peer.judge("the timestamps of eight connections have offsets", () -> {
            long spread = 0;
            for (Peer each : peers) {
                spread = Math.max(spread, Math.abs((long) (tsval(each.synAck()) - tsval(peer.synAck()))));
            }
            // eight handshakes take no minute, and no clock in use runs faster than one tick a microsecond
            if (spread < 60_000_000L) {
                throw peer.broken(
                        "one-offset",
                        "the timestamps of eight connections lie within " + spread + " ticks: they have one offset");
            }
            peer.observed("the timestamps of eight connections lie " + spread + " ticks apart");
        });
    }

    // ---- a RST without the option

    @Test
    @Case(
            id = "RS-19",
            title = "obeys a RST without Timestamps where all other segments have them",
            needs = DISCARD,
            tags = {"options", "timestamps", "reset"})
    @Requirement({"RFC9293-3.10.7.4-9", "RFC7323-3.2-7"})
    public void resetWithoutTimestamps(Peer peer) {
        Stamps stamps = Stamps.establish(peer);
        peer.send(stamps.on(data(10), 1));
        peer.expectAck(ack().ack(RCV_NXT));
        peer.send(rst());
        peer.expectSilence();
        peer.prove(TcpState.CLOSED);
    }

    // ---- echoes that cannot be

    /** A TSecr, as so much later than the TSval that the target sent last. */
    record Echo(String id, String what, int later) implements Row {}

    static List<Echo> impossible() {
        return List.of(
                new Echo("FUTURE", "a timestamp that it has not sent yet", 1_000_000),
                new Echo("PAST", "a timestamp of long ago", -1_000_000_000),
                new Echo("HALF", "a timestamp half the number space away", Integer.MIN_VALUE));
    }

    @Test
    @Case(
            id = "TS-18",
            title = "takes ACKs of its data that echo {}, and sends on; when it then sends again is recorded",
            needs = BULK,
            rows = "impossible",
            observes = true,
            seconds = 9,
            tags = {"options", "timestamps", "bulk", "timer"})
    @Requirement("RFC9293-3.10.7.4-17")
    public void impossibleEcho(Peer peer, Echo echo) {
        Stamps stamps = Stamps.plain(peer);
        int theirs = tsval(peer.received(s -> s.has(Flag.SYN)).get(0));
        peer.expectData(MUCH, ack().options(NOP, NOP, new Option.Timestamps(stamps.value(1), theirs + echo.later())));
        int next = peer.value(SND_UNA);
        Predicate<WireSegment> earliest = s -> s.seq() == next && s.payload().length > 0;
        // an RTT without sense makes the timer long, for which no rule gives a bound (RFC 6298, 2.5)
        Segment wanted = ack().where("begins at SND.UNA and has data", earliest);
        Optional<Answer> last;
        do {
            last = peer.answerWithin(LONGEST, wanted);
        } while (last.isPresent() && peer.received(earliest).size() < 2);
        peer.judge("no reset", () -> {
            if (!peer.received(s -> s.has(Flag.RST)).isEmpty()) {
                throw peer.broken("unexpected-reset", "the target reset the connection");
            }
        });
        String again = last.map(a -> "again " + a.delay().toMillis() + " ms after our last ACK")
                .orElse("nothing again within " + LONGEST.toSeconds() + " s");
        peer.observed("sends " + again);
    }

    private static final int MUCH = 50_000;
    private static final java.time.Duration LONGEST = java.time.Duration.ofSeconds(8);
}
