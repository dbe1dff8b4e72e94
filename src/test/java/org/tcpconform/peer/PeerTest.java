package org.tcpconform.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.rstAck;
import static org.tcpconform.segment.Segment.segment;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.RCV_WND;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.SND_UNA;
import static org.tcpconform.segment.Seq.at;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.tcpconform.requirement.Budget;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.Finish;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.FrameDecoder;
import org.tcpconform.segment.Ip;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.MacAddress;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.PacketBuilder;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.Flaw;
import org.tcpconform.testkit.Frames;
import org.tcpconform.testkit.MiniStack;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NonConformity;
import org.tcpconform.verdict.NotApplicable;
import org.tcpconform.verdict.Step;
import org.tcpconform.wire.Captured;
import org.tcpconform.wire.Link;
import org.tcpconform.wire.MemoryLink;
import org.tcpconform.wire.Station;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class PeerTest {
    private Bench bench;

    @BeforeMethod
    public void open() {
        bench = Bench.open();
    }

    @AfterMethod(alwaysRun = true)
    public void close() {
        bench.close();
    }

    private static NonConformity nonConformity(org.assertj.core.api.ThrowableAssert.ThrowingCallable code) {
        NonConformity thrown = catchThrowableOfType(NonConformity.class, code);
        assertThat(thrown).as("a non-conformity").isNotNull();
        return thrown;
    }

    private static Inconclusive inconclusive(org.assertj.core.api.ThrowableAssert.ThrowingCallable code) {
        Inconclusive thrown = catchThrowableOfType(Inconclusive.class, code);
        assertThat(thrown).as("nothing that can be judged").isNotNull();
        return thrown;
    }

    /** A machine so busy that the SYN-ACK's timer might answer for the target. */
    @Test
    public void lateSegmentIsSentAgainOnNewConnection() throws InterruptedException {
        Peer peer = bench.log(Family.IPV4).peer(Stimulus.OPEN_PORT);
        peer.openTo();
        Thread.sleep(700);
        peer.send(syn().seq(IRS));
        Answer answer = peer.expectBeforeTimer(ack().ack(RCV_NXT), synAck());
        assertThat(answer.choice()).isZero();
        assertThat(peer.received(s -> s.has(Flag.SYN))).hasSize(2);
        peer.prove(TcpState.SYN_RECEIVED);
    }

    /** So that a target which takes together what it reads together does not take them for one with the segment before. */
    @Test
    public void inLockstepWhatIsSentAtOnceWaitsForWhatWasBefore() {
        List<String> sent = java.util.Collections.synchronizedList(new ArrayList<>());
        try (Bench watched = Bench.open(LinkLayer.ETHERNET, 1, link -> (Link) java.lang.reflect.Proxy.newProxyInstance(
                Link.class.getClassLoader(), new Class<?>[] {Link.class}, (proxy, method, args) -> {
                    if (method.getName().equals("send")) {
                        sent.add(FrameDecoder.decode((byte[]) args[0], LinkLayer.ETHERNET)
                                .getClass()
                                .getSimpleName());
                    }
                    return method.invoke(link, args);
                }))) {
            watched.station().lockstep();
            Peer peer = watched.log(Family.IPV4).peer(Stimulus.DISCARD);
            peer.establish();
            sent.clear();
            peer.atOnce(() -> {
                peer.send(data(1));
                peer.send(data(1));
            });
            assertThat(sent).containsExactly("Arp", "Tcp", "Tcp");
        }
    }

    // ---- states

    private static final Map<TcpState, Stimulus> WAYS = Map.of(
            TcpState.CLOSED, Stimulus.CLOSED_PORT,
            TcpState.LISTEN, Stimulus.OPEN_PORT,
            TcpState.SYN_RECEIVED, Stimulus.OPEN_PORT,
            TcpState.ESTABLISHED, Stimulus.ECHO,
            TcpState.FIN_WAIT_1, Stimulus.CLOSES_FIRST,
            TcpState.FIN_WAIT_2, Stimulus.CLOSES_FIRST,
            TcpState.CLOSING, Stimulus.CLOSES_FIRST,
            TcpState.TIME_WAIT, Stimulus.CLOSES_FIRST,
            TcpState.CLOSE_WAIT, Stimulus.KEEPS_HALF_OPEN,
            TcpState.LAST_ACK, Stimulus.CLOSES_ON_FIN);

    @DataProvider
    public static Object[][] states() {
        List<Object[]> rows = new ArrayList<>();
        for (TcpState state : TcpState.values()) {
            for (Family family : Family.values()) {
                rows.add(new Object[] {state, family});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @DataProvider
    public static Object[][] synchronizedStates() {
        return Arrays.stream(states())
                .filter(r -> r[0] != TcpState.CLOSED && r[0] != TcpState.LISTEN && r[0] != TcpState.SYN_RECEIVED)
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "states")
    public void reachesAndProves(TcpState state, Family family) {
        CaseLog log = bench.log(family);
        Peer peer = log.peer(WAYS.get(state));
        peer.reach(state);
        if (state != TcpState.LISTEN && state != TcpState.CLOSED) {
            assertThat(peer.state()).isEqualTo(state);
        }
        peer.prove(state);
        assertThat(log.silenceUnproved()).isFalse();
        log.close();
        Bench.await(() -> assertThat(bench.stack().connections())
                .as("what is left at the target")
                .isZero());
    }

    /** The probe of a state is answered otherwise where the connection is gone. */
    @Test(dataProvider = "synchronizedStates")
    public void noticesThatTheConnectionIsGone(TcpState state, Family family) {
        Peer peer = bench.log(family).peer(WAYS.get(state));
        peer.reach(state);
        peer.send(rst());
        assertThat(nonConformity(() -> peer.prove(state)).failure().code()).isEqualTo("wrong-state");
    }

    @Test
    public void noticesThatTheConnectionIsInAnotherState() {
        Peer closed = bench.peer(Stimulus.CLOSED_PORT);
        assertThat(nonConformity(() -> closed.prove(TcpState.LISTEN)).failure().code())
                .isEqualTo("wrong-state");
    }

    @Test
    public void deadTargetGivesNoSignOfLife() {
        bench.stack().dyingAfter(0);
        Peer peer = bench.peer(Stimulus.CLOSED_PORT);
        assertThat(nonConformity(() -> peer.prove(TcpState.CLOSED)).failure().code())
                .isEqualTo("no-sign-of-life");
    }

    @Test
    public void wrongServiceForAStateIsInconclusive() {
        assertThat(inconclusive(() -> bench.peer(Stimulus.ECHO).reach(TcpState.FIN_WAIT_1))
                        .failure())
                .satisfies(f -> assertThat(f.code()).isEqualTo("preamble"))
                .satisfies(f -> assertThat(f.summary()).contains("did not close", "echo"));
    }

    @Test
    public void whatGoesWrongBeforeTheRuleIsInconclusive() {
        Peer peer = bench.peer(Stimulus.CLOSED_PORT);
        peer.preliminary(() -> {
            peer.send(syn());
            peer.expect(rst().ignoring(Flag.ACK));
        });
        assertThat(inconclusive(() -> peer.preliminary(() -> {
                            peer.send(syn());
                            peer.expect(synAck());
                        }))
                        .failure()
                        .code())
                .isEqualTo("unexpected-reset");
    }

    @Test
    public void whatIsNotSentAgainIsInconclusive() {
        bench.stack().with(Flaw.NO_RETRANSMISSION);
        Peer peer = bench.peer(Stimulus.OPEN_PORT);
        Answer first = peer.openTo();
        assertThat(inconclusive(() -> peer.retransmissions(first, 1, synAck().seq(ISS)))
                        .failure()
                        .code())
                .isEqualTo("no-answer");
    }

    @Test
    public void flawsOfStatesAreNoticed() {
        bench.stack().with(Flaw.NO_TIME_WAIT);
        Peer peer = bench.peer(Stimulus.CLOSES_FIRST);
        peer.reach(TcpState.TIME_WAIT);
        assertThat(nonConformity(() -> peer.prove(TcpState.TIME_WAIT)).failure().code())
                .isEqualTo("wrong-state");
    }

    // ---- variables and usual values

    @Test
    public void variablesAreTheTargets() {
        Peer peer = bench.peer(Stimulus.ECHO);
        peer.establish();
        assertThat(peer.value(SND_NXT)).isEqualTo(peer.value(ISS) + 1);
        assertThat(peer.value(SND_UNA)).isEqualTo(peer.value(ISS) + 1);
        assertThat(peer.value(RCV_NXT)).isEqualTo(peer.value(IRS) + 1);
        assertThat(peer.value(RCV_WND)).isEqualTo(65_535);
        peer.send(data(10));
        assertThat(peer.value(RCV_NXT)).isEqualTo(peer.value(IRS) + 11);
        peer.expect(data(10).seq(ISS.plus(1)).ack(IRS.plus(11)));
        assertThat(peer.value(SND_NXT)).isEqualTo(peer.value(ISS) + 11);
        assertThat(peer.value(SND_UNA)).as("not yet acknowledged").isEqualTo(peer.value(ISS) + 1);
        peer.send(ack());
        assertThat(peer.value(SND_UNA)).isEqualTo(peer.value(ISS) + 11);
    }

    @Test
    public void probeBesideTheSequenceDoesNotMoveIt() {
        Peer peer = bench.peer(Stimulus.ECHO);
        peer.establish();
        int before = peer.value(RCV_NXT);
        peer.send(data(5).seq(RCV_NXT.plus(RCV_WND)));
        peer.expect(ack().seq(SND_NXT).ack(RCV_NXT));
        peer.send(data(5).checksumOffBy(1));
        assertThat(peer.value(RCV_NXT)).isEqualTo(before);
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    public void optionsAreThoseNegotiated() {
        bench.stack().supporting(MiniStack.Feature.TIMESTAMPS, MiniStack.Feature.WINDOW_SCALE);
        Peer peer = bench.peer(Stimulus.ECHO);
        peer.establish(new Option.Mss(1_000), new Option.Timestamps(peer.random(), 0), new Option.WindowScale(3));
        peer.send(data(3));
        Answer answer = peer.expect(data(3).with(Option.Timestamps.class));
        List<WireSegment> ours = sent(peer);
        assertThat(ours.get(ours.size() - 1).option(Option.Timestamps.class))
                .hasValueSatisfying(ts -> assertThat(ts.echoReply()).isNotZero());
        assertThat(answer.frame().checksumRight()).isTrue();
    }

    private List<WireSegment> sent(Peer peer) {
        List<WireSegment> sent = new ArrayList<>();
        for (CaseLog log : bench.logs()) {
            log.frames().stream()
                    .filter(c -> c.outgoing())
                    .map(c -> ((org.tcpconform.segment.Frame.Tcp) c.frame()).segment())
                    .filter(s -> s.sourcePort() == peer.port())
                    .forEach(sent::add);
        }
        return sent;
    }

    @Test
    public void freshAndAnotherAreNewConnections() {
        Peer peer = bench.peer(Stimulus.ECHO);
        peer.establish();
        int first = peer.value(IRS);
        peer.abort();
        peer.fresh();
        peer.establish();
        assertThat(peer.value(IRS)).isNotEqualTo(first);
        Peer other = peer.another(Stimulus.DISCARD);
        assertThat(other.port()).isNotEqualTo(peer.port());
        assertThat(other.number()).isEqualTo(2);
        other.establish();
        peer.prove(TcpState.ESTABLISHED);
        other.prove(TcpState.ESTABLISHED);
    }

    @Test
    public void missingServiceIsNotApplicable() {
        CaseLog log = new CaseLog(
                new Surroundings(bench.station(), bench.targetWith(Stimulus.OPEN_PORT), Family.IPV4),
                new java.util.Random(1));
        Peer peer = log.peer(Stimulus.BULK);
        assertThatThrownBy(() -> peer.send(syn()))
                .isInstanceOf(NotApplicable.class)
                .hasMessageContaining("--service bulk=PORT");
        log.close();
    }

    // ---- budget

    /** What, whose limit is reached, and what is tried. */
    @DataProvider
    public Object[][] budgets() {
        return new Object[][] {
            {new Budget(5, 10_000, 9, 9), "5 segments"},
            {new Budget(99, 600, 9, 9), "600 octets"},
            {new Budget(99, 10_000, 3, 9), "3 connections"},
            {new Budget(99, 10_000, 9, 2), "from 2 ports"},
        };
    }

    @Test(dataProvider = "budgets")
    public void beyondItsBudgetACaseSendsNothingButWhatEndsIt(Budget budget, String most) {
        AtomicLong octets = new AtomicLong();
        AtomicInteger segments = new AtomicInteger();
        CaseLog log = new CaseLog(
                new Surroundings(bench.station(), bench.target(), Family.IPV4),
                new java.util.Random(1),
                budget,
                Tampering.NONE);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        Peer one = log.peer(Stimulus.ECHO);
                        one.establish();
                        one.fresh();
                    }
                })
                .isInstanceOf(Inconclusive.class)
                .satisfies(e -> assertThat(((Inconclusive) e).failure().code()).isEqualTo("over-budget"))
                .satisfies(
                        e -> assertThat(((Inconclusive) e).failure().summary()).contains(most));
        log.frames().stream().filter(Captured::outgoing).forEach(frame -> {
            octets.addAndGet(frame.bytes().length);
            segments.incrementAndGet();
        });
        assertThat(octets.get()).isLessThanOrEqualTo(budget.octets());
        assertThat(segments.get()).isBetween(1, budget.segments());
        log.close();
    }

    // ---- expecting

    @Test
    public void anyOfSeveralIsAcceptedAndTold() {
        Peer peer = bench.peer(Stimulus.CLOSED_PORT);
        peer.send(syn());
        Answer answer = peer.expect(synAck(), rstAck().seq(at(0)).ack(IRS.plus(1)));
        assertThat(answer.choice()).isEqualTo(1);
        assertThat(answer.delay()).isBetween(Duration.ZERO, Duration.ofSeconds(10));
    }

    @Test
    public void answerThatDiffersIsToldFieldByField() {
        bench.stack().with(Flaw.RST_WRONG_ACK);
        Peer peer = bench.peer(Stimulus.CLOSED_PORT);
        peer.send(syn());
        NonConformity broken =
                nonConformity(() -> peer.expect(rstAck().seq(at(0)).ack(IRS.plus(1))));
        assertThat(broken.failure().code()).isEqualTo("wrong-ack");
        assertThat(broken.failure().summary()).contains("ACK: expected IRS+1 = ", "(off by -1)");
        assertThat(broken.failure().text())
                .contains(
                        "  sent:     < S 0:0(0) win 65535 <mss 1460>\n",
                        "  expected: <SEQ=0><ACK=IRS+1><CTL=RST,ACK>\n",
                        "  came:     > R. 0:0(0) ack 0 win 0\n",
                        "  all of connection 1: tester 192.0.2.77 port " + peer.port()
                                + ", target 192.0.2.10 port 4\n");
    }

    @Test
    public void noAnswer() {
        bench.stack().with(Flaw.NO_RST);
        Peer peer = bench.peer(Stimulus.CLOSED_PORT);
        peer.send(syn());
        NonConformity broken = nonConformity(() -> peer.expectWithin(Duration.ofMillis(50), rstAck()));
        assertThat(broken.failure().code()).isEqualTo("no-answer");
        assertThat(broken.failure().text()).contains("  came:     nothing\n");
    }

    @Test
    public void resetWhereNoneIsExpected() {
        Peer peer = bench.peer(Stimulus.CLOSED_PORT);
        peer.send(syn());
        NonConformity broken = nonConformity(() -> peer.expect(synAck()));
        assertThat(broken.failure().code()).isEqualTo("unexpected-reset");
    }

    /** A segment that passed before must not lend its differences to the reset that ends the wait. */
    @Test
    public void resetThatDiffersIsToldAsItIs() {
        Peer peer = bench.peer(Stimulus.ECHO);
        peer.establish();
        peer.send(segment(Flag.SYN, Flag.ACK).seq(RCV_NXT.plus(1)));
        bench.stack().profile(MiniStack.Profile.RFC793);
        Segment another = segment(Flag.SYN, Flag.ACK).seq(RCV_NXT.plus(2)).ack(at(5));
        peer.send(another);
        NonConformity broken = nonConformity(() -> peer.expect(rst().seq(SEG_ACK.plus(1))));
        assertThat(broken.failure().code()).isEqualTo("wrong-seq");
    }

    @Test
    public void wrongChecksumIsNoAnswer() {
        bench.stack().with(Flaw.RST_WITH_WRONG_CHECKSUM);
        Peer peer = bench.peer(Stimulus.CLOSED_PORT);
        peer.send(syn());
        NonConformity broken = nonConformity(() -> peer.expectWithin(Duration.ofMillis(100), rstAck()));
        assertThat(broken.failure().code()).isEqualTo("bad-checksum");
        assertThat(broken.failure().text()).contains("[wrong checksum]");
    }

    @Test
    public void retransmissionIsPassedOver() {
        Peer peer = bench.peer(Stimulus.CLOSES_FIRST);
        peer.openTo();
        peer.send(ack());
        Answer line = peer.expect(segment(Flag.ACK, Flag.PSH).payload("hello\r\n".getBytes()));
        arrive(target(
                peer,
                line.segment().flags(),
                line.segment().seq(),
                line.segment().payload()));
        peer.awaitFin();
        assertThat(peer.state()).isEqualTo(TcpState.FIN_WAIT_1);
    }

    /** The peer acknowledges the data first, and must not lose sight of what has come behind it. */
    @Test
    public void acknowledgmentRightBehindDataIsSeen() {
        Peer peer = bench.peer(Stimulus.DISCARD);
        peer.establish();
        int next = peer.value(SND_NXT);
        WireSegment data = target(peer, Flag.ACK.bit(), next, new byte[3]);
        peer.advanceTo(RCV_NXT.plus(10));
        WireSegment acknowledgment = target(peer, Flag.ACK.bit(), next + 3, new byte[0]);
        peer.advanceTo(RCV_NXT.minus(10));
        arrive(data);
        arrive(acknowledgment);
        Bench.await(() -> assertThat(peer.arrived(s -> s.seq() == next + 3)).isNotEmpty());
        peer.expectTaken(RCV_NXT.plus(10));
        assertThat(peer.value(RCV_NXT)).isEqualTo(acknowledgment.ack());
    }

    /** A segment from the target as it might have sent it, acknowledging all. */
    private WireSegment target(Peer peer, int flags, int seq, byte[] data) {
        return new WireSegment(
                peer.targetPort(),
                peer.port(),
                seq,
                peer.value(RCV_NXT),
                5,
                0,
                flags,
                65_535,
                -1,
                0,
                new byte[0],
                data);
    }

    private void arrive(WireSegment segment) {
        arrive(Bench.TARGET_IPV4, Bench.OUR_IPV4, segment, null);
    }

    private void arrive(InetAddress from, InetAddress to, WireSegment segment, Finish finish) {
        byte[] packet = PacketBuilder.build(Ip.between(from, to), segment, finish);
        bench.link().arrive(Frames.ethernet(Bench.TARGET_MAC, Bench.OUR_MAC, 0x0800, packet));
    }

    /** On a shared link, what other hosts send is not the target's doing. */
    @Test
    public void segmentsOfOthersCountForNothing() {
        Peer peer = bench.peer(Stimulus.ECHO);
        peer.establish();
        WireSegment reset = target(peer, Flag.RST.bit(), peer.value(SND_NXT), new byte[0]);
        peer.send(ack());
        arrive(Bench.address("192.0.2.99"), Bench.OUR_IPV4, reset, null);
        arrive(Bench.TARGET_IPV4, Bench.address("192.0.2.99"), reset, null);
        peer.expectSilence();
        assertThat(peer.state()).isEqualTo(TcpState.ESTABLISHED);
        peer.prove(TcpState.ESTABLISHED);
    }

    /** TCP does not see a damaged segment (RFC 9293, MUST-3), and the peer must not follow it. */
    @Test
    public void damagedSegmentDoesNotMoveTheConnection() {
        Peer peer = bench.peer(Stimulus.ECHO);
        peer.establish();
        peer.send(data(1));
        peer.expect(data(1));
        arrive(
                Bench.TARGET_IPV4,
                Bench.OUR_IPV4,
                target(peer, Flag.bits(Flag.FIN, Flag.ACK), peer.value(SND_NXT), new byte[9]),
                new Finish.ChecksumOffBy(0x10));
        peer.send(ack());
        peer.prove(TcpState.ESTABLISHED);
    }

    // ---- silence

    @Test
    public void silenceNeedsASignOfLife() {
        CaseLog log = bench.log(Family.IPV4);
        Peer peer = log.peer(Stimulus.CLOSED_PORT);
        peer.send(rst());
        peer.expectSilence();
        assertThat(log.silenceUnproved()).isTrue();
        peer.prove(TcpState.CLOSED);
        assertThat(log.silenceUnproved()).isFalse();
    }

    @Test
    public void answerBreaksTheSilence() {
        bench.stack().with(Flaw.RST_TO_RST);
        Peer peer = bench.peer(Stimulus.CLOSED_PORT);
        peer.send(rst());
        NonConformity broken = nonConformity(() -> peer.expectSilence());
        assertThat(broken.failure().code()).isEqualTo("answered");
        assertThat(broken.failure().text()).contains("  sent:     < R ", "  expected: silence\n", "  came:     > R");
    }

    @Test
    public void damagedAnswerBreaksTheSilenceToo() {
        bench.stack().with(Flaw.RST_TO_RST, Flaw.RST_WITH_WRONG_CHECKSUM);
        Peer peer = bench.peer(Stimulus.CLOSED_PORT);
        peer.send(rst());
        assertThat(nonConformity(() -> peer.expectSilence()).failure().code()).isEqualTo("answered");
    }

    @Test
    public void retransmissionAndWhatIsToleratedBreakNoSilence() {
        Peer peer = bench.peer(Stimulus.CLOSES_FIRST);
        peer.establish();
        Answer fin = peer.awaitFin();
        peer.send(data(0).plus(Flag.URG));
        arrive(target(
                peer, fin.segment().flags(), fin.segment().seq(), fin.segment().payload()));
        arrive(target(peer, Flag.ACK.bit(), peer.value(SND_NXT), new byte[0]));
        peer.expectSilence(ack());
    }

    // ---- losses

    @Test
    public void lostPreambleIsSentAgain() {
        AtomicInteger sent = new AtomicInteger();
        bench.stack().sending(s -> s.has(Flag.SYN) && sent.getAndIncrement() == 0 ? null : s);
        Peer peer = bench.peer(Stimulus.ECHO);
        peer.establish();
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    public void preambleThatFailsIsInconclusive() {
        Inconclusive broken =
                inconclusive(() -> bench.peer(Stimulus.CLOSED_PORT).establish());
        assertThat(broken.failure().code()).isEqualTo("preamble");
        assertThat(broken.failure().text()).contains("came:     > R.");
    }

    /** Where our own frames do not come back from the capture, nothing that follows is evidence. */
    @Test
    public void segmentThatWasNotSeenOnTheWireProvesNothing() {
        MemoryLink memory = new MemoryLink(LinkLayer.ETHERNET);
        memory.target(frame -> {});
        try (Station station = new Station(new Blind(memory), Bench.OUR_MAC, 0, true, 1)) {
            station.own(Bench.OUR_IPV4);
            CaseLog log = new CaseLog(new Surroundings(station, bench.target(), Family.IPV4), new java.util.Random(1));
            Peer peer = log.peer(Stimulus.CLOSED_PORT);
            MacAddress somebody = Bench.TARGET_MAC;
            peer.send(syn(), somebody);
            assertThat(inconclusive(() -> peer.expectWithin(Duration.ofMillis(20), rst()))
                            .failure()
                            .code())
                    .isEqualTo("not-sent");
        }
    }

    /** A link whose capture does not show what we send. */
    private record Blind(MemoryLink link) implements Link {
        @Override
        public LinkLayer layer() {
            return link.layer();
        }

        @Override
        public void send(byte[] frame) {}

        @Override
        public void start(Receiver receiver) {
            link.start(receiver);
        }

        @Override
        public long dropped() {
            return 0;
        }

        @Override
        public void close() {
            link.close();
        }
    }

    // ---- the target's data

    private static byte[] text(int octets) {
        byte[] text = new byte[octets];
        for (int i = 0; i < octets; i++) {
            text[i] = (byte) (i * 31 + i / 256);
        }
        return text;
    }

    @Test
    public void receivesWhatIsSentBackAndGoesOnWhereItEnded() {
        Peer peer = bench.peer(Stimulus.ECHO);
        peer.establish();
        byte[] text = text(900);
        peer.send(data(0).payload(text));
        assertThat(peer.receive(900)).isEqualTo(text);
        peer.send(data(0).payload(text(5)));
        // acknowledged by what follows, and still to be received
        peer.expectAck(ack().ack(RCV_NXT));
        peer.prove(TcpState.ESTABLISHED);
        // the last is the octet of the proof
        assertThat(peer.receive(6)).startsWith(text(5)).hasSize(6);
        assertThat(peer.value(SND_UNA)).isEqualTo(peer.value(SND_NXT));
    }

    @Test
    public void receivesInOrderWhatComesOutOfOrderAndTwice() {
        List<WireSegment> kept = new ArrayList<>();
        bench.stack().sending(s -> {
            if (s.payload().length > 0 && kept.isEmpty()) {
                // lost, until its timer sends it again
                kept.add(s);
                return null;
            }
            return s;
        });
        Peer peer = bench.peer(Stimulus.ECHO);
        peer.establish(new Option.Mss(100));
        peer.send(data(0).payload(text(300)));
        byte[] first = peer.receive(300);
        byte[] rest = first.length < 300 ? peer.receive(300 - first.length) : new byte[0];
        byte[] all = Arrays.copyOf(first, first.length + rest.length);
        System.arraycopy(rest, 0, all, first.length, rest.length);
        assertThat(all).isEqualTo(text(300));
    }

    @Test
    public void receivesLessWhereNoMoreComes() {
        Peer peer = bench.peer(Stimulus.ECHO);
        peer.establish();
        peer.send(data(10));
        assertThat(peer.receive(11)).hasSize(10);
    }

    @Test
    public void tellsHowFarTheTargetKeepsWithinTheWindow() {
        Peer peer = bench.peer(Stimulus.BULK);
        peer.send(syn().options(new Option.Mss(100)).window(250));
        peer.expect(synAck());
        peer.send(ack().window(250));
        peer.receive(1_000, ack().window(250));
        assertThat(peer.beyondWindow()).isZero();
        assertThat(peer.mostInFlight()).isEqualTo(250);
    }

    @Test
    public void tellsWhetherTheTargetGoesBeyondTheWindow() {
        bench.stack().sending(s -> s.payload().length == 0 ? s : Frames.withData(s, Arrays.copyOf(s.payload(), 107)));
        Peer peer = bench.peer(Stimulus.BULK);
        peer.send(syn().options(new Option.Mss(100)).window(100));
        peer.expect(synAck());
        peer.send(ack().window(100));
        peer.receive(100, ack().window(100));
        assertThat(peer.beyondWindow()).isEqualTo(7);
    }

    @Test
    public void stampEchoesWhatCameLast() {
        bench.stack().supporting(MiniStack.Feature.TIMESTAMPS);
        Peer peer = bench.peer(Stimulus.ECHO);
        Answer synAck = peer.openTo(new Option.Mss(1_460), new Option.Timestamps(1, 0));
        int value =
                synAck.segment().option(Option.Timestamps.class).orElseThrow().value();
        assertThat(peer.stamp(42)).isEqualTo(new Option.Timestamps(42, value));
    }

    // ---- evidence

    @Test
    public void stepsTellWhatHappenedInOrder() {
        CaseLog log = bench.log(Family.IPV6);
        Peer peer = log.peer(Stimulus.ECHO);
        peer.establish();
        peer.send(finAck());
        peer.expect(ack().ack(RCV_NXT).ignoring(Flag.FIN));
        peer.observed("something");
        log.close();
        List<Step> steps = log.steps();
        assertThat(steps.stream().filter(s -> s.kind() == Step.Kind.SENT || s.kind() == Step.Kind.RECEIVED))
                .extracting(Step::text)
                .startsWith(
                        "< S 0:0(0) win 65535 <mss 1460>",
                        "> S. 0:0(0) ack 1 win 65535 <mss 1440>",
                        "< . 1:1(0) ack 1 win 65535",
                        "< F. 1:1(0) ack 1 win 65535");
        assertThat(steps).extracting(Step::timeNanos).isSorted();
        assertThat(steps).extracting(Step::text).contains("target is in SYN-RECEIVED");
        assertThat(log.remarks()).containsExactly("something");
        assertThat(log.ports()).containsExactly(peer.port());
    }

    @Test
    public void groupsAreReachedOnEthernetAlone() {
        try (Bench raw = Bench.open(LinkLayer.RAW_IP, 1)) {
            Peer peer = raw.peer(Stimulus.CLOSED_PORT);
            assertThatThrownBy(() -> peer.sendTo(Destinations.MULTICAST, syn())).isInstanceOf(NotApplicable.class);
            peer.send(syn());
            peer.expect(rstAck());
        }
    }

    /** What comes right behind data must not be acknowledged with it. */
    @Test(invocationCount = 20)
    public void finBehindDataIsNotAcknowledged() {
        Peer peer = bench.peer(Stimulus.CLOSES_FIRST);
        peer.establish();
        Answer fin = peer.awaitFin();
        assertThat(peer.value(SND_UNA)).isEqualTo(fin.segment().end() - 1);
        assertThat(peer.state()).isEqualTo(TcpState.FIN_WAIT_1);
        peer.prove(TcpState.FIN_WAIT_1);
    }

    @Test
    public void bulkGoesOnAsItIsAcknowledged() {
        Peer peer = bench.peer(Stimulus.BULK);
        peer.establish();
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (peer.value(SND_NXT) - peer.value(ISS) < 200_000) {
            peer.send(ack());
            assertThat(System.nanoTime()).isLessThan(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
        peer.prove(TcpState.ESTABLISHED);
    }
}
