package org.tcpconform.peer;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameRule;
import org.tcpconform.segment.Ip;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.MacAddress;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.target.Profile;
import org.tcpconform.target.Route;
import org.tcpconform.target.Timing;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NonConformity;
import org.tcpconform.verdict.NotApplicable;
import org.tcpconform.verdict.Series;
import org.tcpconform.verdict.Step;
import org.tcpconform.wire.Captured;
import org.tcpconform.wire.Station;

/**
 * Our end of one connection, and what a case talks to. It fills in what a segment leaves unset, waits for answers,
 * follows the target's variables, drives it into a state and proves that it is there. One thread uses it.
 */
public final class Peer implements AutoCloseable {
    /** The usual maximum segment size that a peer offers, in octets. */
    public static final int MSS = 1_460;

    /** The window that a peer offers unless the case says otherwise, in octets. */
    static final int WINDOW = 65_535;
    /** How often a preamble is tried, so that one lost frame does not spoil a case. */
    public static final int TRIES = 3;

    private final Surroundings around;
    private final CaseLog log;
    private final Tampering tampering;
    private final RandomGenerator random;
    private final Stimulus stimulus;
    private final int targetPort;
    private final int number;
    private final int port;
    private final Route route;
    private final Inbox inbox;
    /** Addresses that we sent from, and to: an answer goes the other way, whichever the case has chosen. */
    private final Set<InetAddress> ours = ConcurrentHashMap.newKeySet();

    private final Set<InetAddress> theirs = ConcurrentHashMap.newKeySet();
    private final Connection connection = new Connection();
    private final Findings findings;
    private final Listener listener;
    private final Receiver receiver;
    private final Proof proof;

    /** Of what we sent last; null before. */
    private Segment lastTemplate;
    /** What we sent since the last answer or silence, in order: one of them may be lost. */
    private final List<Sent> unanswered = new ArrayList<>();

    private record Sent(WireSegment wire, Segment template, MacAddress mac) {}

    /** When the last of it was sent, by the clock of {@link System#nanoTime}: only to know how long to wait. */
    private long lastSentNanos;

    private TcpState notedState = TcpState.CLOSED;
    /** Whether the target is being brought into a state. */
    private boolean reaching;

    /** Before then the target may be busy with its change of state, by the clock of {@link System#nanoTime}. */
    private long settledNanos = System.nanoTime();

    private boolean closed;
    private int identification;

    Peer(Surroundings around, CaseLog log, RandomGenerator random, Stimulus stimulus) {
        this.around = around;
        this.log = log;
        this.tampering = log.tampering();
        this.random = random;
        this.stimulus = stimulus;
        this.targetPort = around.target().port(stimulus).orElse(-1);
        this.route = around.target().routes().get(around.family());
        ours.add(route.source());
        theirs.add(route.target());
        this.inbox = new Inbox(this, log.transcript());
        this.port = around.station().takePort(this::captured);
        this.number = log.register(this);
        this.findings = new Findings(
                this,
                log.transcript(),
                inbox,
                "tester " + Ip.text(route.source()) + " port " + port + ", target " + Ip.text(route.target()) + " port "
                        + targetPort);
        this.listener = new Listener(this, log, inbox, connection, findings);
        this.receiver = new Receiver(this, log, inbox, listener);
        this.proof = new Proof(this, log, inbox, listener, findings, random);
        this.identification = random.nextInt(0x10000);
        fresh();
    }

    private void captured(Captured frame) {
        if (!frame.outgoing()
                && frame.frame() instanceof Frame.Tcp tcp
                && !(ours.contains(tcp.destination()) && theirs.contains(tcp.source()))) {
            // on a shared link the port number of another host may happen to be ours
            return;
        }
        inbox.captured(frame);
    }

    // ---- who we are

    /** Number of this connection within its case, from 1. */
    public int number() {
        return number;
    }

    public int port() {
        return port;
    }

    public int targetPort() {
        return targetPort;
    }

    public Family family() {
        return around.family();
    }

    public InetAddress address() {
        return route.source();
    }

    /** Which of the permitted rule sets the target follows; decides what is expected where RFCs differ. */
    public Profile profile() {
        return around.target().profile();
    }

    /** Whether the target is said to have a feature, so that its absence is a failure. */
    public boolean claims(Feature feature) {
        return around.target().claimed().contains(feature);
    }

    public Timing timing() {
        return around.network().timing();
    }

    /** A number from the case's own random sequence, which the seed of the run decides. */
    public int random() {
        return random.nextInt();
    }

    /** Another connection of the same case to the same port, from a port of its own. */
    public Peer another() {
        return another(stimulus);
    }

    /** Another connection of the same case, from a port of its own. */
    public Peer another(Stimulus other) {
        return new Peer(around, log, random, other);
    }

    /**
     * Connections of the same case to the same port that are begun by the hundred, or again and again.
     *
     * @param ports from how many ports of ours
     * @throws NotApplicable if the target offers no such port
     */
    public Volley volley(int ports) {
        requirePort();
        return new Volley(around, log, random, targetPort, ports);
    }

    /**
     * Demands that so many segments may leave in a second.
     *
     * @throws Inconclusive if the run must not send so fast
     */
    public void requireRate(int rate) {
        int permitted = station().pace().rate();
        if (permitted < rate) {
            throw new Inconclusive(Failure.of(
                    "rate-capped",
                    "the case needs " + rate + " segments in a second, and --rate permits " + permitted));
        }
    }

    /**
     * What a case comes to whose segments would keep a slow link too long.
     *
     * @param what follows "over a link of so many kbit/s"
     */
    public Inconclusive slowLink(String what) {
        return new Inconclusive(Failure.of(
                "slow-network", "over a link of " + timing().octetsPerSecond() * 8 / 1_000 + " kbit/s " + what));
    }

    /** Frees the frames that it has heard. */
    void forget() {
        inbox.forget();
    }

    /** How many initial sequence numbers a case looks at that judges them statistically. */
    public int isnSamples() {
        return around.isnSamples();
    }

    // ---- sending

    /** Forgets the connection: the next SYN has a new sequence number and begins a new one from the same port. */
    public void fresh() {
        unanswered.clear();
        connection.fresh(random.nextInt(), random.nextInt());
        inbox.lastSent(null);
        listener.fresh();
        receiver.fresh();
    }

    /**
     * Sends a segment. What it leaves unset is the usual value: SEQ is what the target expects next, ACK all that was
     * taken in so far, options those that were negotiated.
     */
    public void send(Segment segment) {
        send(segment, null);
    }

    /** Sends a segment in a frame to {@code mac}, whoever that is. */
    public void send(Segment segment, MacAddress mac) {
        requirePort();
        log.awaitTurn();
        if (!unanswered.isEmpty() && !log.isAtOnce()) {
            // whether the target has the one before will never be known
            log.absence();
        }
        sendNow(segment, mac);
    }

    /**
     * Sends several segments one right behind the other, whatever the network makes of their order: where the rule is about
     * such, or their order does not matter. Elsewhere each segment waits until the one before has arrived, where the
     * network may have them overtake one another; the first of these does so here, too.
     */
    public void atOnce(Runnable sends) {
        log.awaitTurn();
        log.atOnce(true);
        try {
            sends.run();
        } finally {
            log.atOnce(false);
        }
    }

    /** An acknowledgment of data, of which a later one says all that an earlier one does: their order does not matter. */
    void acknowledge(Segment acknowledgment) {
        sendNow(acknowledgment, null);
    }

    private void sendNow(Segment segment, MacAddress mac) {
        if (isOpening(segment)) {
            station().awaitRoom();
        }
        listener.takeIn();
        awaitSettled();
        boolean opening = isOpening(segment);
        WireSegment wire = segment.resolve(connection, port, targetPort, usualOptions(segment), WINDOW);
        boolean inOrder = !segment.setsChecksum() && (!segment.setsSeq() || opening);
        connection.sent(wire, inOrder);
        inbox.sending(wire);
        lastTemplate = segment;
        if (wire.sourcePort() != port) {
            log.alsoHear(wire.sourcePort(), this::captured);
        }
        unanswered.add(new Sent(wire, segment, mac));
        transmit(wire, segment, mac, opening);
    }

    private void requirePort() {
        if (targetPort < 0) {
            throw new NotApplicable("the target offers no " + stimulus.label() + ": " + stimulus.meaning()
                    + " (name one with --service " + stimulus.label() + "=PORT)");
        }
    }

    /** Lets a target that has come into FIN-WAIT-1, TIME-WAIT or CLOSED finish with that. */
    private void awaitSettled() {
        noteState();
        // on the way to another state nothing is judged that may be queued meanwhile
        if (!reaching || notedState != TcpState.FIN_WAIT_1 && notedState != TcpState.FIN_WAIT_2) {
            Waiting.until(settledNanos);
        }
    }

    /** Whether a segment begins the connection, so that its number, though set, is our initial sequence number. */
    private boolean isOpening(Segment segment) {
        return segment.has(Flag.SYN) && !segment.has(Flag.ACK) && !segment.has(Flag.RST) && !connection.alive();
    }

    /**
     * Sends a segment to more than the target alone.
     *
     * @throws NotApplicable if the target is not on the link
     */
    public void sendTo(Destinations destination, Segment segment) {
        InetAddress address = destination.address(route);
        requireLink("no frame to " + destination.what() + " reaches it");
        MacAddress mac = destination == Destinations.MULTICAST ? MacAddress.ofGroup(address) : MacAddress.BROADCAST;
        send(segment.ip(ip -> segment.ip().apply(ip).withDestination(address)), mac);
    }

    /**
     * Sends a segment whose source address is not ours. What the target sends to that address reaches this peer only
     * where it passes our link.
     *
     * @throws NotApplicable if the target is not on the link
     */
    public void sendFrom(Sources source, Segment segment) {
        InetAddress address = source.address(route);
        requireLink("no packet from " + source.what() + " is sure to reach it");
        note(Step.Kind.NOTE, "the next segment comes from " + address.getHostAddress());
        send(segment.ip(ip -> segment.ip().apply(ip).withSource(address)));
    }

    private void requireLink(String consequence) {
        if (!route.onLink() || station().layer() != LinkLayer.ETHERNET) {
            throw new NotApplicable("the target is not on our link, so that " + consequence);
        }
    }

    /**
     * Demands that no router stands between us and the target.
     *
     * @param why what a router may do, such as {@code drop packets with IP options}
     * @throws NotApplicable if there is one
     */
    public void requireNoRouter(String why) {
        if (!route.onLink()) {
            throw new NotApplicable("the target is behind a router, which may " + why);
        }
    }

    private void transmit(WireSegment wire, Segment segment, MacAddress mac, boolean opening) {
        log.sending(wire, opening);
        Ip usual = Ip.between(route.source(), route.target()).withIdentification(identification++);
        Ip ip = segment.ip().apply(usual);
        ours.add(ip.source());
        theirs.add(ip.destination());
        Station.Departure departure = station().send(ip, wire, segment.finish(), route.nextHop(), mac);
        lastSentNanos = departure.nanos();
        log.sent(departure);
    }

    /** Sends the last segment again, bit for bit. */
    void sendAgain() {
        transmit(inbox.lastSent(), lastTemplate, null, false);
    }

    private Station station() {
        return around.station();
    }

    private List<Option> usualOptions(Segment segment) {
        if (segment.has(Flag.RST)) {
            return List.of();
        }
        if (segment.has(Flag.SYN)) {
            return List.of(new Option.Mss(MSS));
        }
        if (connection.timestamps()) {
            return List.of(
                    new Option.Nop(),
                    new Option.Nop(),
                    new Option.Timestamps(connection.clock(), connection.lastTimestamp()));
        }
        return List.of();
    }

    // ---- expecting

    /**
     * Waits for a segment that meets one of {@code acceptable}. What comes meanwhile is passed over if it may come at any
     * time: a retransmission, an acknowledgment. A reset that is not acceptable ends the wait.
     *
     * @return the segment
     * @throws NonConformity if none comes in time, with the nearest that did come, field by field
     */
    public Answer expect(Segment... acceptable) {
        return listener.expectOrAskAgain(timing().answer(), acceptable);
    }

    /** The answer to a SYN comes as fast as the network and the target can. */
    void noteRoundTrip(Answer answer) {
        if (lastTemplate != null
                && lastTemplate.has(Flag.SYN)
                && answer.segment().has(Flag.SYN)) {
            around.network().roundTrip(answer.delay(), System.nanoTime() - lastSentNanos);
        }
    }

    /** How many segments have left since the last answer or silence. */
    int unanswered() {
        return unanswered.size();
    }

    /** What was sent has its answer, or its silence. */
    void answered() {
        unanswered.clear();
    }

    void sendUnansweredAgain() {
        for (Sent sent : unanswered) {
            log.awaitTurn();
            transmit(sent.wire(), sent.template(), sent.mac(), false);
        }
    }

    /** As {@link #expect}, for an acknowledgment that the target may delay (RFC 9293, 3.8.6.3). */
    public Answer expectAck(Segment... acceptable) {
        return listener.expectOrAskAgain(timing().delayedAck(), acceptable);
    }

    /**
     * As {@link #expect}, for an answer in SYN-RECEIVED that a SYN-ACK sent again by the timer must not pass for. Where a
     * busy machine kept our segment back too long to tell, it is sent again on a new connection.
     *
     * @throws Inconclusive if a SYN-ACK came that may be the timer's
     */
    public Answer expectBeforeTimer(Segment... acceptable) {
        for (int i = 1; i < TRIES && untilSynAckTimer().compareTo(timing().silence()) < 0; i++) {
            Segment segment = lastTemplate;
            // the next connection has the same port: the reset must not overtake what it ends
            log.awaitOrder();
            abort();
            fresh();
            openTo(opening);
            send(segment);
        }
        Duration rest = untilSynAckTimer();
        Duration least = timing().silence();
        Answer answer = expectWithin(rest.compareTo(least) < 0 ? least : rest, acceptable);
        if (answer.segment().has(Flag.SYN) && answer.delay().compareTo(rest) > 0) {
            throw new Inconclusive(
                    Failure.of("preamble", "our segment left so late that the SYN,ACK may be one that the timer sent"));
        }
        return answer;
    }

    /** For how long after our last segment no timer can have sent the SYN-ACK again, by capture stamps. */
    private Duration untilSynAckTimer() {
        inbox.awaitLastSent();
        long synAck = inbox.lastRead(Peer::isSynAck).orElseThrow().timeNanos();
        long sent = inbox.last(Captured::outgoing).orElseThrow().timeNanos();
        return timing().beforeSynAckTimer().minusNanos(sent - synAck);
    }

    /** As {@link #expect}, with another time to wait. */
    public Answer expectWithin(Duration patience, Segment... acceptable) {
        return listener.expect(patience, acceptable);
    }

    /** A segment that meets one of {@code wanted}, if it comes within a short time. Judges nothing. */
    public Optional<Answer> answer(Segment... wanted) {
        return answerWithin(timing().silence(), wanted);
    }

    /** As {@link #answer(Segment...)}, with another time to wait. */
    public Optional<Answer> answerWithin(Duration patience, Segment... wanted) {
        return listener.answerWithin(patience, wanted);
    }

    /** Whether a frame is of this connection, and may be taken in. */
    boolean isOfConnection(Frame.Tcp tcp) {
        return tcp.source().equals(route.target()) && tcp.segment().sourcePort() == targetPort && tcp.usable();
    }

    /** Remarks on the state that follows from the frames so far, where it is another than before. */
    void noteState() {
        if (connection.state() != notedState) {
            notedState = connection.state();
            if (notedState == TcpState.TIME_WAIT
                    || notedState == TcpState.CLOSED
                    || notedState == TcpState.FIN_WAIT_1) {
                settledNanos = System.nanoTime() + timing().settling().toNanos();
            }
            note(Step.Kind.NOTE, "target is in " + notedState.rfcName());
        }
    }

    /** An acknowledgment that the target might send now. */
    WireSegment targetsAcknowledgment() {
        return Segment.ack()
                .sourcePort(inbox.lastSent().destinationPort())
                .destinationPort(port)
                .seq(Seq.SND_NXT)
                .ack(Seq.RCV_NXT)
                .resolve(connection, 0, 0, usualOptions(Segment.ack()), WINDOW);
    }

    private static boolean isSynAck(Captured frame) {
        return !frame.outgoing()
                && frame.frame() instanceof Frame.Tcp tcp
                && tcp.segment().has(Flag.SYN)
                && tcp.segment().has(Flag.ACK);
    }

    /**
     * Demands that the target answers nothing to what was sent last. Retransmissions are no answer. Silence alone proves
     * nothing: the case must then {@link #prove} the state, or get another answer.
     *
     * @param tolerated segments that do not count as an answer
     * @return those of them that came
     */
    public List<Answer> expectSilence(Segment... tolerated) {
        return listener.expectSilence(tolerated);
    }

    /**
     * Demands that the target sends nothing, not even something again, until {@code age} after our last segment: where
     * it has nothing left to send, as in FIN-WAIT-2 and TIME-WAIT (RFC 9293, 3.10.7.4). The case must then
     * {@link #prove} the state, or get an answer.
     *
     * @param tolerated segments that may come all the same
     */
    public void expectQuiet(Duration age, Segment... tolerated) {
        listener.expectQuiet(lastSentNanos, age, tolerated);
    }

    /**
     * Waits until the target has acknowledged all up to {@code next}, and acknowledges meanwhile what it sends, as a
     * receiver does: data that Nagle's algorithm keeps back (RFC 9293, 3.7.4) may keep the acknowledgment back with it.
     * RCV.NXT moves on to {@code next}.
     *
     * @throws NonConformity if that acknowledgment does not come in time
     */
    public void expectTaken(Seq next) {
        listener.expectTaken(next);
    }

    /**
     * As {@link #expectAck}, for what the target sends of its own accord, such as its FIN: it may have come already, whatever
     * was sent since.
     *
     * @return the first such segment
     */
    public Answer expectSooner(Segment wanted) {
        return listener.expectSooner(wanted);
    }

    /**
     * Waits for a segment that the target sends again and again, and demands that its timer backs off (RFC 6298, 5.5):
     * by capture stamps, each interval is longer than the one before. The intervals are observed.
     *
     * @param first the first transmission
     * @param times how many further ones to wait for; two will do where the target gives up then
     * @param again what each must look like
     * @return the intervals, in order
     * @throws Inconclusive if it is not sent so often, which is the matter of other rules
     */
    public List<Duration> retransmissions(Answer first, int times, Segment again) {
        return listener.retransmissions(first, times, again);
    }

    /**
     * Waits for a segment that meets one of {@code acceptable}, or for silence, where the RFCs leave the choice. As with
     * {@link #expectSilence}, silence must be followed by a proof of the state.
     *
     * @return the segment; empty where the target kept silent
     * @throws NonConformity if the target answers anything else
     */
    public Optional<Answer> expectOrSilence(Segment... acceptable) {
        return listener.expectOrSilence(acceptable);
    }

    // ---- driving

    /** Sends a SYN and takes in the SYN-ACK: the target is in SYN-RECEIVED. Options default to MSS alone. */
    public Answer openTo(Option... options) {
        opening = options;
        Segment syn = Segment.syn();
        preamble(
                options.length == 0 ? syn : syn.options(options),
                Segment.synAck().ack(Seq.IRS.plus(1)),
                "the handshake that the case begins with");
        return lastAnswer;
    }

    private Answer lastAnswer;
    /** Options of the last SYN that opened a connection. */
    private Option[] opening = {};

    /** Completes a handshake: the target is in ESTABLISHED. Options default to MSS alone. */
    public void establish(Option... options) {
        openTo(options);
        send(Segment.ack());
        // each segment that follows says the same
        unanswered.clear();
    }

    /**
     * Brings the target into a state (RFC 9293, 3.3.2), by the way that the service of this peer's port permits.
     *
     * @throws Inconclusive if it does not get there
     */
    public void reach(TcpState state) {
        boolean before = reaching;
        reaching = true;
        try {
            bring(state);
        } finally {
            reaching = before;
        }
    }

    private void bring(TcpState state) {
        switch (state) {
            case SYN_RECEIVED -> openTo();
            case ESTABLISHED -> establish();
            case FIN_WAIT_1 -> {
                establish();
                awaitFin();
            }
            case FIN_WAIT_2 -> {
                reach(TcpState.FIN_WAIT_1);
                send(Segment.ack());
            }
            case CLOSING -> {
                reach(TcpState.FIN_WAIT_1);
                preamble(
                        Segment.finAck().ack(Seq.SND_NXT.minus(1)),
                        Segment.ack().ack(Seq.RCV_NXT).ignoring(Flag.FIN),
                        "simultaneous close");
            }
            case TIME_WAIT -> {
                reach(TcpState.FIN_WAIT_2);
                preamble(Segment.finAck(), Segment.ack().ack(Seq.RCV_NXT), "the close");
            }
            case CLOSE_WAIT -> {
                establish();
                preamble(Segment.finAck(), Segment.ack().ack(Seq.RCV_NXT), "the half-close");
            }
            case LAST_ACK -> {
                establish();
                preamble(Segment.finAck().ack(Seq.SND_NXT), Segment.finAck().ack(Seq.RCV_NXT), "the close on our FIN");
            }
            case CLOSED, LISTEN -> fresh();
        }
        if (connection.state() != state && state != TcpState.CLOSED && state != TcpState.LISTEN) {
            throw new Inconclusive(Failure.of(
                    "state-not-reached",
                    "the target was to be brought into " + state.rfcName() + ", but seems to be in "
                            + connection.state().rfcName()));
        }
    }

    /** Takes in what the target sends until it closes, acknowledging data and not the FIN. */
    public Answer awaitFin() {
        long deadline = System.nanoTime() + timing().answer().toNanos() * TRIES;
        while (true) {
            listener.takeIn();
            Seq end = connection.finReceived() ? Seq.SND_NXT.minus(1) : Seq.SND_NXT;
            // a number, since the FIN may come just before this leaves and must not be acknowledged with it
            Seq octets = Seq.at(value(end));
            if (value(octets) != value(Seq.SND_UNA)) {
                acknowledge(Segment.ack().ack(octets));
            } else if (connection.finReceived()) {
                note(Step.Kind.EXPECTED, "the target closes");
                return received(s -> s.has(Flag.FIN)).get(0);
            } else if (listener.isReset() || inbox.next(deadline) == null) {
                throw new Inconclusive(new Failure(
                        "preamble",
                        "the target did not close first, as the service " + stimulus.label() + " should",
                        findings.text("a FIN", new Search())));
            }
        }
    }

    /**
     * Takes in the target's data in order, as a receiver does: acknowledges what has come, gaps excepted. Goes on where
     * it ended the last time.
     *
     * @param octets with how many it is enough
     * @return the octets; more where more came at once, fewer where no more came in time or only in very many segments
     */
    public byte[] receive(int octets) {
        return receive(octets, Segment.ack());
    }

    /** As {@link #receive(int)}, with an acknowledgment that has other fields than the usual, such as a window. */
    public byte[] receive(int octets, Segment acknowledgment) {
        return receiver.receive(octets, acknowledgment);
    }

    /**
     * As {@link #receive(int, Segment)}, and demands that so many octets come.
     *
     * @throws NonConformity if the target stops before
     */
    public void expectData(int octets, Segment acknowledgment) {
        receive(octets, acknowledgment);
        judge("sends " + octets + " octets", () -> {
            int came = takenIn().length;
            if (came < octets) {
                throw broken("stalled", "after " + came + " octets the target sent no more");
            }
        });
    }

    /**
     * What the last {@link #receive} took in, in order, looked at anew in what came: for a rule that {@link #judge} judges.
     */
    public byte[] takenIn() {
        return receiver.takenIn();
    }

    /**
     * Judges by a rule on what came as a whole, which no template expresses. The rule looks at it anew each time, by
     * {@link #received}, {@link #takenIn} and the like, and sends nothing: so the oracle can ask what it would say of other
     * segments.
     *
     * @param what the rule in words
     * @param rule throws what {@link #broken} gives where it is broken
     */
    public void judge(String what, Runnable rule) {
        tampering.judge(what, rule, log::whole);
    }

    /** All frames of this connection so far. */
    List<Captured> frames() {
        return inbox.all();
    }

    LinkLayer layer() {
        return station().layer();
    }

    /** See {@link Inbox#show}. */
    Runnable show(List<Captured> first, List<List<Captured>> shown, boolean keep) {
        return inbox.show(first, shown, keep);
    }

    /**
     * How far the target's data ever went beyond the window that we had offered when it came, each octet's first
     * transmission counted (RFC 9293, 3.8.6; RFC 7323, 2.4): 0 or less where it kept within.
     */
    public int beyondWindow() {
        return receiver.beyondWindow(connection.ourShift());
    }

    /** The most octets of data that the target ever had in flight, as far as our acknowledgments had left by then. */
    public int mostInFlight() {
        return receiver.mostInFlight();
    }

    /** Sends and awaits, several times if need be: for what comes before the rule that is judged. */
    private void preamble(Segment stimulus, Segment answer, String what) {
        send(stimulus);
        Search search = null;
        for (int i = 0; i < TRIES; i++) {
            if (i > 0) {
                sendAgain();
            }
            search = listener.search(Tampering.Kind.PREAMBLE, timing().answer(), answer);
            if (search.answer != null) {
                // what the oracle makes be lost is not the network's doing
                if (i > 0 && !tampering.isActive()) {
                    around.network().harmed();
                } else if (i == 0) {
                    noteRoundTrip(search.answer);
                }
                lastAnswer = search.answer;
                return;
            }
            if (listener.isReset()) {
                break;
            }
        }
        throw new Inconclusive(new Failure(
                "preamble",
                what + " did not succeed" + (search.icmp == null ? "" : ": " + Findings.icmpWords(search.icmp)),
                findings.text(answer.toString(), search)));
    }

    /** The Timestamps option with a value of our choice, which echoes what came last. */
    public Option.Timestamps stamp(int value) {
        listener.takeIn();
        return new Option.Timestamps(value, connection.lastTimestamp());
    }

    /**
     * Runs steps that come before the rule that is judged: what the target does wrong in them is the matter of other
     * rules, and leaves this one unjudged.
     *
     * @throws Inconclusive if a step fails
     */
    public void preliminary(Runnable steps) {
        try {
            tampering.during(Tampering.Kind.PREAMBLE, steps);
        } catch (NonConformity e) {
            throw new Inconclusive(e.failure());
        }
    }

    // ---- proving

    /**
     * Proves that the target is in a state, by a probe that it answers differently in any other (RFC 9293, 3.10.7).
     * Also the sign of life after a silence.
     *
     * @throws NonConformity with code {@code state} if it is not
     */
    public void prove(TcpState state) {
        proof.of(state);
    }

    /**
     * Proves the state by what is old for the target, which it acknowledges as long as it has the connection (RFC 9293,
     * 3.10.7.4, first).
     *
     * @return which of {@code answers} came
     * @throws NonConformity if another came, or none, or only what the target sends of its own accord, although it answers
     *     what is old
     * @throws Inconclusive if the target leaves all that is old unanswered, so that its silence tells nothing
     */
    public Answer proveByOld(Segment old, Segment... answers) {
        return proof.byOld(old, answers);
    }

    Proof proof() {
        return proof;
    }

    /**
     * Demands that every segment that the target has sent in this run keeps a rule, whatever case it came in. For cases
     * of the whole run, which run last.
     *
     * @throws NonConformity if some do not, and did not again when their case was run again
     * @throws Inconclusive if the network may be at fault, or nothing came
     */
    public void everySegment(FrameRule rule) {
        around.wholeRun().judge(rule, log);
    }

    // ---- remarks

    /** Records what was observed where the rule leaves a choice. */
    public void observed(String what) {
        if (tampering.isTrying()) {
            return;
        }
        log.remark(what);
        note(Step.Kind.NOTE, what);
    }

    /**
     * The option by which the target agrees to a feature.
     *
     * @param synAck its answer to a SYN that offers the feature
     * @throws NotApplicable if the option is missing
     * @throws NonConformity if it is missing and the target is said to have the feature
     */
    public <T extends Option> T negotiated(Answer synAck, Class<T> option, Feature feature) {
        return synAck.segment().option(option).orElseThrow(() -> {
            String absence = "the target does not do " + feature.label() + " (" + feature.meaning()
                    + "): its SYN,ACK lacks the option";
            if (claims(feature)) {
                throw broken("claimed-feature-absent", absence + ", though it is said to have it");
            }
            return new NotApplicable(absence);
        });
    }

    /**
     * Records whether the target makes use of an option that a rule of level MAY gives.
     *
     * @param requirement id of that rule
     * @param used whether it was seen to
     * @param what what was seen
     */
    public void option(String requirement, boolean used, String what) {
        if (!used) {
            log.unused(requirement);
        }
        observed(what);
    }

    /** Lets time pass, in which clocks and timers of the target go on. What comes is kept and judged later. */
    public void pass(Duration time) {
        inbox.pass(time);
    }

    /** Keeps numbers that were measured, for the report to draw. */
    public void measured(Series series) {
        log.series(series);
    }

    /** Finds the target at fault for something that no template expresses. */
    public NonConformity broken(String code, String summary) {
        if (tampering.isTrying()) {
            return new NonConformity(Failure.of(code, summary));
        }
        note(Step.Kind.MISMATCH, summary);
        return new NonConformity(new Failure(code, summary, findings.text()));
    }

    void note(Step.Kind kind, String text) {
        log.transcript().remark(this, kind, text, connection.state().rfcName());
    }

    // ---- ending

    /** Ends the connection by a reset that the target must accept. */
    public void abort() {
        if (connection.alive() && !listener.isReset()) {
            if (station().isLockstep()) {
                log.awaitTurn();
            }
            // else, whether it overtakes something does not matter any more
            sendNow(Segment.rst(), null);
            // nobody answers it: where frames are lost one of several gets there
            for (int i = 1; i < TRIES && around.network().isHarmful(); i++) {
                sendAgain();
            }
            connection.end();
        }
    }

    /** Frees what the target holds for this connection, and our port. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                abort();
            } finally {
                station().releasePort(port);
            }
        }
    }

    /** The variable's value as the target has it. */
    public int value(Seq seq) {
        return seq.resolve(connection);
    }

    /** Tells that the target has taken in, by its own showing, all up to {@code next}. */
    public void advanceTo(Seq next) {
        connection.rcvNxt(value(next));
    }

    /** Tells that the target has taken in, by its own showing, all of the segment that was sent last, as a probe or not. */
    public void taken() {
        connection.sent(inbox.lastSent(), true);
        noteState();
    }

    /** State in which a target that keeps the rules is now. */
    public TcpState state() {
        return connection.state();
    }

    /**
     * The SYN,ACK that the target has sent, looked at anew.
     *
     * @throws Inconclusive if there is none
     */
    public Answer synAck() {
        return listener.find(s -> s.has(Flag.SYN) && s.has(Flag.ACK)).stream()
                .findFirst()
                .orElseThrow(() -> new Inconclusive(Failure.of("preamble", "there is no SYN,ACK")));
    }

    /**
     * From when on what comes may have been sent by a target that knows of our last segment: a round trip after that was seen
     * on the wire, as a capture time since the epoch, in nanoseconds. What comes before is no answer to it.
     *
     * @throws Inconclusive if our last segment is not on the wire
     */
    public long earliestAnswer() {
        inbox.awaitLastSent();
        Optional<Captured> sent = inbox.last(inbox::isLastSent);
        Findings.requireSent(sent.isPresent());
        return sent.get().timeNanos() + timing().least().toNanos();
    }

    /** All segments of this connection that the target has sent, undamaged, for which {@code test} holds. */
    public List<Answer> received(Predicate<WireSegment> test) {
        List<Answer> found = listener.find(test);
        if (found.isEmpty()) {
            log.absence();
        }
        return found;
    }

    /** As {@link #received}, and those that came damaged. */
    public List<Answer> arrived(Predicate<WireSegment> test) {
        return listener.arrived(test);
    }
}
