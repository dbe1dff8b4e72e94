package org.tcpconform.peer;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameRule;
import org.tcpconform.segment.Ip;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.MacAddress;
import org.tcpconform.segment.Notation;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Segment.Difference;
import org.tcpconform.segment.Seq;
import org.tcpconform.segment.SeqMath;
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
    /** So many frames of one connection are enough, where a target sends octet by octet. */
    private static final int MOST_FRAMES = 2_000;

    /** Longest first retransmission timeout that is waited for: 3 s by RFC 1122, and small stacks' coarse timers. */
    private static final Duration FIRST_RETRANSMISSION = Duration.ofSeconds(8);

    /** How long our own segment may take to be seen on the wire. */
    private static final Duration OWN_SEGMENT = Duration.ofSeconds(5);
    /** How long is waited for more of what the oracle changes. */
    private static final Duration DECIDED = Duration.ofMillis(20);
    /** How often a preamble is tried, so that one lost frame does not spoil a case. */
    public static final int TRIES = 3;
    /** More segments than that, sent in a row, wait for no acknowledgment that is delayed. */
    private static final int MANY = 4;

    private final Surroundings around;
    private final CaseLog log;
    private final Tampering tampering;
    private final RandomGenerator random;
    private final Stimulus stimulus;
    private final int targetPort;
    private final int number;
    private final int port;
    private final Route route;
    private final List<Captured> inbox = new ArrayList<>();
    /** Addresses that we sent from, and to: an answer goes the other way, whichever the case has chosen. */
    private final Set<InetAddress> ours = ConcurrentHashMap.newKeySet();

    private final Set<InetAddress> theirs = ConcurrentHashMap.newKeySet();
    private final Connection connection = new Connection();

    /** Where in the inbox the next expectation begins to look. */
    private int cursor;
    /** What we sent last; null before. */
    private WireSegment lastSent;

    private Segment lastTemplate;
    /** What we sent since the last answer or silence, in order: one of them may be lost. */
    private final List<Sent> unanswered = new ArrayList<>();

    private record Sent(WireSegment wire, Segment template, MacAddress mac) {}

    /** When it was sent, by the clock of {@link System#nanoTime}: only to know how long to wait. */
    private long lastSentNanos;
    /** Inbox size when it was sent: its own copy, and all answers, come later. */
    private int lastSentMark;

    /** How far {@link #receive} has come: number of the next octet, and where in the inbox to look for it. */
    private int streamNext;

    private int streamCursor;
    /** Where the last {@link #receive} began. */
    private int takenFrom;

    private boolean streaming;
    /** The longest that an answer of the target has taken since our segment before it. */
    private Duration slowest = Duration.ZERO;

    private boolean reset;
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
        this.port = around.station().takePort(this::captured);
        this.number = log.register(this);
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
        log.transcript().captured(this, inbox, frame);
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
        log.transcript().clear(inbox);
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
        lastSent = null;
        streaming = false;
        reset = false;
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
    private void acknowledge(Segment acknowledgment) {
        sendNow(acknowledgment, null);
    }

    private void sendNow(Segment segment, MacAddress mac) {
        if (isOpening(segment)) {
            station().awaitRoom();
        }
        takeIn();
        awaitSettled();
        boolean opening = isOpening(segment);
        WireSegment wire = segment.resolve(connection, port, targetPort, usualOptions(segment), WINDOW);
        boolean inOrder = !segment.setsChecksum() && (!segment.setsSeq() || opening);
        connection.sent(wire, inOrder);
        lastSent = wire;
        lastTemplate = segment;
        lastSentMark = cursor;
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
        Ip usual = new Ip(route.source(), route.target(), null, null, identification++ & 0xffff, null, null, null);
        Ip ip = segment.ip().apply(usual);
        ours.add(ip.source());
        theirs.add(ip.destination());
        Station.Departure departure = station().send(ip, wire, segment.finish(), route.nextHop(), mac);
        lastSentNanos = departure.nanos();
        log.sent(departure);
    }

    /** Sends the last segment again, bit for bit. */
    private void sendAgain() {
        transmit(lastSent, lastTemplate, null, false);
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
        return expectOrAskAgain(timing().answer(), acceptable);
    }

    /** As {@link #expectWithin}; where the network loses frames, what was sent since the last answer is sent again. */
    private Answer expectOrAskAgain(Duration patience, Segment... acceptable) {
        log.expecting();
        boolean harmful = around.network().isHarmful();
        // of many one is lost nearly every time
        Duration first = harmful && unanswered.size() > MANY ? timing().silence() : patience;
        Search search = search(Tampering.Kind.ANSWER, first, acceptable);
        noteRoundTrip(lastTemplate, search.answer);
        for (int i = 1; i < TRIES && search.answer == null && !reset && harmful; i++) {
            log.sentAgain(i == 1 && search.nearest == null);
            sendUnansweredAgain();
            search = search(Tampering.Kind.ANSWER, i + 1 < TRIES ? first : patience, acceptable);
        }
        if (search.answer != null) {
            return search.answer;
        }
        throw nonConformity(search, patience, acceptable);
    }

    /** The answer to a SYN comes as fast as the network and the target can. */
    private void noteRoundTrip(Segment stimulus, Answer answer) {
        if (stimulus != null
                && stimulus.has(Flag.SYN)
                && answer != null
                && answer.segment().has(Flag.SYN)) {
            around.network().roundTrip(answer.delay(), System.nanoTime() - lastSentNanos);
        }
    }

    private void sendUnansweredAgain() {
        for (Sent sent : unanswered) {
            log.awaitTurn();
            transmit(sent.wire(), sent.template(), sent.mac(), false);
        }
    }

    /** As {@link #expect}, for an acknowledgment that the target may delay (RFC 9293, 3.8.6.3). */
    public Answer expectAck(Segment... acceptable) {
        return expectOrAskAgain(timing().delayedAck(), acceptable);
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
        awaitOwnSegment();
        long synAck = last(cursor, Peer::isSynAck).orElseThrow().timeNanos();
        long sent = last(log.transcript().size(inbox), Captured::outgoing)
                .orElseThrow()
                .timeNanos();
        return timing().beforeSynAckTimer().minusNanos(sent - synAck);
    }

    /** As {@link #expect}, with another time to wait. */
    public Answer expectWithin(Duration patience, Segment... acceptable) {
        Search search = search(Tampering.Kind.ANSWER, patience, acceptable);
        if (search.answer != null) {
            return search.answer;
        }
        throw nonConformity(search, patience, acceptable);
    }

    /** A segment that meets one of {@code wanted}, if it comes within a short time. Judges nothing. */
    public Optional<Answer> answer(Segment... wanted) {
        return answerWithin(timing().silence(), wanted);
    }

    /** As {@link #answer(Segment...)}, with another time to wait. */
    public Optional<Answer> answerWithin(Duration patience, Segment... wanted) {
        Optional<Answer> answer = Optional.ofNullable(search(Tampering.Kind.OPTIONAL, patience, wanted).answer);
        if (answer.isEmpty()) {
            log.absence();
        }
        return answer;
    }

    private static final class Search {
        Answer answer;
        Captured nearest;
        List<Difference> differences = List.of();
        final List<Captured> passed = new ArrayList<>();
        Captured icmp;
        boolean stimulusSeen = true;
    }

    private Search search(Tampering.Kind kind, Duration patience, Segment... acceptable) {
        return tampering.during(kind, () -> search(kind == Tampering.Kind.CHOICE, patience, acceptable));
    }

    private Search search(boolean orSilence, Duration patience, Segment... acceptable) {
        Search search = new Search();
        awaitOwnSegment();
        long deadline = System.nanoTime() + patience.toNanos();
        boolean stimulusSeen = stimulusSeen();
        while (true) {
            if (orSilence && stimulusSeen) {
                breakSilence(acceptable);
            }
            Captured frame = log.transcript().await(inbox, cursor, deadline);
            if (frame == null) {
                search.stimulusSeen = stimulusSeen;
                return search;
            }
            if (frame.outgoing()) {
                stimulusSeen |= isStimulus(frame);
                cursor++;
                noteState();
                continue;
            }
            if (frame.frame() instanceof Frame.IcmpError) {
                search.icmp = frame;
                search.passed.add(frame);
                cursor++;
                continue;
            }
            if (stimulusSeen && tampered(frame, cursor, acceptable)) {
                deadline = soon(deadline);
                continue;
            }
            Frame.Tcp tcp = (Frame.Tcp) frame.frame();
            boolean again = isRetransmission(tcp.segment(), cursor);
            List<Difference> least = null;
            int choice = -1;
            if (stimulusSeen && ofThisConnection(tcp)) {
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
                unanswered.clear();
                note(Step.Kind.EXPECTED, "expected " + acceptable[choice]);
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

    /** A point on which a PASS rests, as the oracle sees it. */
    private final class Pending implements Tampering.Demand {
        private final Segment[] acceptable;

        Pending(Segment... acceptable) {
            this.acceptable = acceptable;
        }

        @Override
        public boolean meets(Captured frame) {
            return frame.frame() instanceof Frame.Tcp tcp && ofThisConnection(tcp) && choice(tcp, acceptable) >= 0;
        }

        @Override
        public String expected() {
            return wanted(acceptable);
        }

        @Override
        public String text(WireSegment segment) {
            return Notation.print(segment, value(Seq.ISS), value(Seq.IRS));
        }

        @Override
        public LinkLayer layer() {
            return station().layer();
        }
    }

    /**
     * Lets the oracle look at a frame that the peer is about to look at, and change it.
     *
     * @return whether it did, so that the inbox holds another frame at {@code index}, or one less
     */
    private boolean tampered(Captured frame, int index, Segment... acceptable) {
        if (!tampering.isActive()) {
            return false;
        }
        Pending pending = new Pending(acceptable);
        Captured shown = pending.meets(frame) ? tampering.met(frame, pending) : frame;
        if (shown != frame) {
            log.transcript().replace(inbox, index, shown);
        }
        return shown != frame;
    }

    /** As {@link #tampered}, for all frames so far. */
    private void tamperWithAll(Segment wanted) {
        for (int i = log.transcript().size(inbox) - 1; tampering.isActive() && i >= 0; i--) {
            int size = log.transcript().size(inbox);
            if (tampered(inboxAt(i), i, wanted) && log.transcript().size(inbox) < size) {
                cursor -= i < cursor ? 1 : 0;
                lastSentMark -= i < lastSentMark ? 1 : 0;
            }
        }
    }

    /** Lets the oracle put an answer where silence is due. */
    private void breakSilence(Segment... tolerated) {
        if (!tampering.isActive() || lastSent == null) {
            return;
        }
        Captured stimulus = last(cursor, this::isStimulus).orElse(null);
        if (stimulus == null) {
            return;
        }
        WireSegment acknowledgment = Segment.ack()
                .sourcePort(lastSent.destinationPort())
                .destinationPort(port)
                .seq(Seq.SND_NXT)
                .ack(Seq.RCV_NXT)
                .resolve(connection, 0, 0, usualOptions(Segment.ack()), WINDOW);
        Captured forged = tampering.silence(stimulus, acknowledgment, new Pending(tolerated));
        if (forged != null) {
            log.transcript().insert(this, inbox, cursor, forged);
        }
    }

    /** Where the oracle has decided, there is nothing to wait for but what it shows. */
    private long soon(long deadline) {
        return tampering.isDecided() ? Math.min(deadline, System.nanoTime() + DECIDED.toNanos()) : deadline;
    }

    private Captured inboxAt(int index) {
        return log.transcript().await(inbox, index, System.nanoTime());
    }

    /** Whether our last segment has been seen on the wire; what came before is no answer to it. */
    private boolean stimulusSeen() {
        boolean seen = lastSent == null;
        for (int i = lastSentMark; i < cursor && !seen; i++) {
            seen = isStimulus(inboxAt(i));
        }
        return seen;
    }

    /** Waits until our last segment is on the wire: however busy this machine is, no wait begins before. */
    private void awaitOwnSegment() {
        long limit = System.nanoTime() + OWN_SEGMENT.toNanos();
        boolean seen = lastSent == null;
        for (int i = lastSentMark; !seen; i++) {
            Captured frame = log.transcript().await(inbox, i, limit);
            seen = frame == null || isStimulus(frame);
        }
    }

    private boolean isStimulus(Captured frame) {
        return lastSent != null
                && frame.outgoing()
                && frame.frame() instanceof Frame.Tcp tcp
                && tcp.segment().seq() == lastSent.seq()
                && tcp.segment().ack() == lastSent.ack()
                && tcp.segment().flags() == lastSent.flags();
    }

    private boolean ofThisConnection(Frame.Tcp tcp) {
        return tcp.source().equals(route.target()) && tcp.segment().sourcePort() == targetPort && tcp.usable();
    }

    /** Whether the target has sent this before, in one segment or in several, so that it says nothing new. */
    private boolean isRetransmission(WireSegment s, int index) {
        if (s.length() == 0 || s.has(Flag.RST)) {
            return false;
        }
        boolean begun = false;
        boolean ended = false;
        boolean acknowledged = false;
        for (int i = 0; i < index; i++) {
            Captured c = inboxAt(i);
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

    private void consume(Frame.Tcp tcp) {
        cursor++;
        if (!ofThisConnection(tcp)) {
            return;
        }
        connection.received(tcp.segment());
        reset |= tcp.segment().has(Flag.RST) && !connection.alive();
        noteState();
    }

    /** Remarks on the state that follows from the frames so far, where it is another than before. */
    private void noteState() {
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

    private Answer answer(Captured frame, Frame.Tcp tcp, int choice) {
        long since = last(cursor, Captured::outgoing).orElse(frame).timeNanos();
        Duration delay = Duration.ofNanos(frame.timeNanos() - since);
        slowest = longer(slowest, delay);
        return new Answer(tcp.segment(), tcp, frame.timeNanos(), delay, choice);
    }

    /** The last among the first {@code end} frames for which {@code test} holds. */
    private Optional<Captured> last(int end, Predicate<Captured> test) {
        for (int i = end - 1; i >= 0; i--) {
            Captured c = inboxAt(i);
            if (test.test(c)) {
                return Optional.of(c);
            }
        }
        return Optional.empty();
    }

    private static boolean isSynAck(Captured frame) {
        return !frame.outgoing()
                && frame.frame() instanceof Frame.Tcp tcp
                && tcp.segment().has(Flag.SYN)
                && tcp.segment().has(Flag.ACK);
    }

    /** Follows all that has come and that no expectation has looked at, so that the next segment is up to date. */
    private void takeIn() {
        for (Captured frame = inboxAt(cursor); frame != null; frame = inboxAt(cursor)) {
            if (!frame.outgoing() && frame.frame() instanceof Frame.Tcp tcp) {
                consume(tcp);
            } else {
                cursor++;
                noteState();
            }
        }
    }

    /**
     * Demands that the target answers nothing to what was sent last. Retransmissions are no answer. Silence alone proves
     * nothing: the case must then {@link #prove} the state, or get another answer.
     *
     * @param tolerated segments that do not count as an answer
     * @return those of them that came
     */
    public List<Answer> expectSilence(Segment... tolerated) {
        return tampering.during(Tampering.Kind.SILENCE, () -> silence(tolerated));
    }

    private List<Answer> silence(Segment... tolerated) {
        awaitOwnSegment();
        Duration patience = silence();
        long deadline = System.nanoTime() + patience.toNanos();
        List<Answer> came = new ArrayList<>();
        boolean stimulusSeen = stimulusSeen();
        while (true) {
            if (stimulusSeen) {
                breakSilence(tolerated);
            }
            Captured frame = log.transcript().await(inbox, cursor, deadline);
            if (frame == null) {
                break;
            }
            if (frame.outgoing() || !(frame.frame() instanceof Frame.Tcp tcp)) {
                stimulusSeen |= isStimulus(frame);
                cursor++;
                noteState();
                continue;
            }
            if (!stimulusSeen) {
                // overtaken by what came before, such as the acknowledgment of our FIN by the target's own
                consume(tcp);
                continue;
            }
            boolean again = isRetransmission(tcp.segment(), cursor);
            int choice = choice(tcp, tolerated);
            consume(tcp);
            if (choice >= 0) {
                came.add(answer(frame, tcp, choice));
            }
            if (choice < 0 && !again) {
                log.transcript().offending(frame);
                note(Step.Kind.MISMATCH, "expected silence");
                throw new NonConformity(new Failure(
                        "answered",
                        "the target answered a segment that it must not answer",
                        findings("silence", frame, List.of(), List.of())));
            }
        }
        requireSent(stimulusSeen);
        log.silence(true);
        unanswered.clear();
        note(Step.Kind.SILENCE, "silence for " + patience.toMillis() + " ms, as expected");
        return came;
    }

    /**
     * How long to watch for what must not come. An answer by the application may take far longer than the round-trip time
     * that was measured: as slow as the target has been towards this peer, it may be again.
     */
    private Duration silence() {
        Duration again = slowest.multipliedBy(2);
        return longer(timing().silence(), again.compareTo(timing().answer()) < 0 ? again : timing().answer());
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
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

    /**
     * Demands that the target sends nothing, not even something again, until {@code age} after our last segment: where
     * it has nothing left to send, as in FIN-WAIT-2 and TIME-WAIT (RFC 9293, 3.10.7.4). The case must then
     * {@link #prove} the state, or get an answer.
     *
     * @param tolerated segments that may come all the same
     */
    public void expectQuiet(Duration age, Segment... tolerated) {
        tampering.during(Tampering.Kind.SILENCE, () -> quiet(age, tolerated));
    }

    private void quiet(Duration age, Segment... tolerated) {
        awaitOwnSegment();
        long deadline = lastSentNanos + age.toNanos();
        boolean stimulusSeen = stimulusSeen();
        while (true) {
            if (stimulusSeen) {
                breakSilence(tolerated);
            }
            Captured frame = log.transcript().await(inbox, cursor, deadline);
            if (frame == null) {
                break;
            }
            if (frame.outgoing() || !(frame.frame() instanceof Frame.Tcp tcp)) {
                stimulusSeen |= isStimulus(frame);
                cursor++;
                noteState();
                continue;
            }
            int choice = choice(tcp, tolerated);
            consume(tcp);
            if (choice >= 0 || !stimulusSeen) {
                continue;
            }
            log.transcript().offending(frame);
            note(Step.Kind.MISMATCH, "expected that the target sends nothing");
            throw new NonConformity(new Failure(
                    "not-quiet",
                    "the target sent a segment where it has nothing to send",
                    findings("nothing until " + age.toMillis() + " ms after it", frame, List.of(), List.of())));
        }
        requireSent(stimulusSeen);
        log.silence(true);
        unanswered.clear();
        note(Step.Kind.SILENCE, "nothing sent until " + age.toMillis() + " ms after our last segment");
    }

    /**
     * Waits until the target has acknowledged all up to {@code next}, and acknowledges meanwhile what it sends, as a
     * receiver does: data that Nagle's algorithm keeps back (RFC 9293, 3.7.4) may keep the acknowledgment back with it.
     * RCV.NXT moves on to {@code next}.
     *
     * @throws NonConformity if that acknowledgment does not come in time
     */
    public void expectTaken(Seq next) {
        tampering.during(Tampering.Kind.ANSWER, () -> awaitTaken(next));
    }

    private void awaitTaken(Seq next) {
        Segment wanted = Segment.ack().ack(Seq.at(value(next)));
        awaitOwnSegment();
        Duration patience = timing().delayedAck();
        long deadline = System.nanoTime() + patience.toNanos();
        int taken = value(Seq.SND_NXT);
        int tries = 1;
        log.expecting();
        Search search = new Search();
        while (true) {
            Captured frame = log.transcript().await(inbox, cursor, deadline);
            if (frame == null && !reset && tries < TRIES && around.network().isHarmful()) {
                tries++;
                log.sentAgain(tries == 2 && search.nearest == null);
                sendUnansweredAgain();
                deadline = System.nanoTime() + patience.toNanos();
                continue;
            }
            if (frame == null || reset) {
                throw nonConformity(search, patience, wanted);
            }
            if (frame.outgoing() || !(frame.frame() instanceof Frame.Tcp tcp)) {
                cursor++;
                noteState();
                continue;
            }
            if (tampered(frame, cursor, wanted)) {
                deadline = soon(deadline);
                continue;
            }
            consume(tcp);
            List<Difference> differences = wanted.differences(tcp.segment(), connection);
            if (ofThisConnection(tcp) && differences.isEmpty()) {
                note(Step.Kind.EXPECTED, "expected " + wanted);
                unanswered.clear();
                connection.rcvNxt(value(next));
                return;
            }
            search.nearest = frame;
            search.differences = differences;
            search.passed.add(frame);
            if (SeqMath.lt(taken, value(Seq.SND_NXT))) {
                taken = value(Seq.SND_NXT);
                int seen = cursor;
                // numbered by what it has acknowledged: it takes no other
                acknowledge(Segment.ack().seq(Seq.at(tcp.segment().ack())));
                // what had come by then is taken in, and may be what is waited for
                cursor = seen;
            }
        }
    }

    /**
     * As {@link #expectAck}, for what the target sends of its own accord, such as its FIN: it may have come already, whatever
     * was sent since.
     *
     * @return the first such segment
     */
    public Answer expectSooner(Segment wanted) {
        return tampering.during(Tampering.Kind.ANSWER, () -> sooner(wanted));
    }

    private Answer sooner(Segment wanted) {
        Duration patience = timing().delayedAck();
        long deadline = System.nanoTime() + patience.toNanos();
        takeIn();
        tamperWithAll(wanted);
        Predicate<WireSegment> test = s -> wanted.differences(s, connection).isEmpty();
        List<Answer> found = find(test);
        while (found.isEmpty()) {
            if (reset || log.transcript().await(inbox, cursor, deadline) == null) {
                throw nonConformity(new Search(), patience, wanted);
            }
            takeIn();
            tamperWithAll(wanted);
            found = find(test);
        }
        log.silence(false);
        note(Step.Kind.EXPECTED, "expected " + wanted);
        return found.get(0);
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
        List<Duration> intervals = new ArrayList<>();
        long last = first.timeNanos();
        Duration patience = FIRST_RETRANSMISSION;
        for (int i = 0; i < times; i++) {
            // a target may give up after two
            Tampering.Kind kind = intervals.size() < 2 ? Tampering.Kind.ANSWER : Tampering.Kind.CHOICE;
            Search search = search(kind, patience.plus(timing().answer()), again);
            if (search.answer == null && intervals.size() >= 2 && !reset) {
                observed("gives up after it was sent again " + intervals.size() + " times");
                break;
            }
            if (search.answer == null) {
                throw new Inconclusive(nonConformity(search, patience, again).failure());
            }
            Answer answer = search.answer;
            // what we sent meanwhile may have acknowledged something, which starts the timer anew (RFC 6298, 5.3)
            long from = Math.max(last, answer.timeNanos() - answer.delay().toNanos());
            Duration interval = Duration.ofNanos(answer.timeNanos() - from);
            last = answer.timeNanos();
            if (!intervals.isEmpty()
                    && interval.compareTo(intervals.get(i - 1).multipliedBy(5).dividedBy(4)) < 0) {
                throw broken(
                        "no-back-off",
                        "the target sent again after " + intervals.get(i - 1).toMillis() + " ms and then after "
                                + interval.toMillis() + " ms: its timer does not back off");
            }
            intervals.add(interval);
            patience = interval.multipliedBy(4);
        }
        observed("sent again after "
                + String.join(
                        ", ", intervals.stream().map(d -> d.toMillis() + " ms").toList()));
        return intervals;
    }

    /**
     * Waits for a segment that meets one of {@code acceptable}, or for silence, where the RFCs leave the choice. As with
     * {@link #expectSilence}, silence must be followed by a proof of the state.
     *
     * @return the segment; empty where the target kept silent
     * @throws NonConformity if the target answers anything else
     */
    public Optional<Answer> expectOrSilence(Segment... acceptable) {
        Duration patience = silence();
        Search search = search(Tampering.Kind.CHOICE, patience, acceptable);
        if (search.answer != null) {
            return Optional.of(search.answer);
        }
        boolean answered = search.nearest != null || damaged(search).isPresent();
        if (answered || !search.stimulusSeen) {
            throw nonConformity(search, patience, acceptable);
        }
        log.silence(true);
        unanswered.clear();
        note(Step.Kind.SILENCE, "silence for " + patience.toMillis() + " ms, which is permitted");
        return Optional.empty();
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
            takeIn();
            Seq end = connection.finReceived() ? Seq.SND_NXT.minus(1) : Seq.SND_NXT;
            // a number, since the FIN may come just before this leaves and must not be acknowledged with it
            Seq octets = Seq.at(value(end));
            if (value(octets) != value(Seq.SND_UNA)) {
                acknowledge(Segment.ack().ack(octets));
            } else if (connection.finReceived()) {
                note(Step.Kind.EXPECTED, "the target closes");
                return received(s -> s.has(Flag.FIN)).get(0);
            } else if (reset || log.transcript().await(inbox, cursor, deadline) == null) {
                throw new Inconclusive(new Failure(
                        "preamble",
                        "the target did not close first, as the service " + stimulus.label() + " should",
                        findings("a FIN", null, List.of(), List.of())));
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
        return tampering.during(Tampering.Kind.STREAM, () -> takeInData(octets, acknowledgment));
    }

    private byte[] takeInData(int octets, Segment acknowledgment) {
        if (!streaming) {
            streaming = true;
            streamNext = value(Seq.ISS) + 1;
            streamCursor = 0;
        }
        takenFrom = streamNext;
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        int mostFrames = cursor + MOST_FRAMES + octets / 100;
        boolean harmful = around.network().isHarmful();
        // where frames are lost the target sends them again, after an ever longer time
        Duration patience = harmful ? FIRST_RETRANSMISSION : timing().application();
        long deadline = System.nanoTime() + patience.toNanos();
        while (taken.size() < octets && cursor < mostFrames) {
            int seen = cursor;
            takeIn();
            int before = taken.size();
            for (byte[] next = nextInOrder(); next != null; next = nextInOrder()) {
                taken.writeBytes(next);
                streamNext += next.length;
            }
            if (taken.size() > before) {
                acknowledge(acknowledgment.ack(Seq.at(streamNext)));
                deadline = System.nanoTime() + patience.toNanos();
            } else if (harmful && came(seen)) {
                // above a gap, or again since our acknowledgment was lost (RFC 5681, 4.2; RFC 9293, 3.10.7.4)
                acknowledge(acknowledgment.ack(Seq.at(streamNext)));
            } else if (reset || log.transcript().await(inbox, cursor, deadline) == null) {
                break;
            }
        }
        note(Step.Kind.NOTE, "took in " + taken.size() + " octets");
        return taken.toByteArray();
    }

    /** Whether data has come from a place of the inbox on. */
    private boolean came(int from) {
        for (int i = from; i < cursor; i++) {
            if (!inboxAt(i).outgoing()
                    && inboxAt(i).frame() instanceof Frame.Tcp tcp
                    && tcp.segment().length() > 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNext(WireSegment s, int next) {
        int old = next - s.seq();
        return old >= 0 && old < s.payload().length;
    }

    /** What a segment so far has beginning with the next octet in order; null for none. */
    private byte[] nextInOrder() {
        for (int i = streamCursor; tampering.streams() && i < cursor; i++) {
            int next = streamNext;
            // shown only where it is the next in order
            Segment data = Segment.ack().ignoring(Flag.FIN).where("is the next", s -> isNext(s, next));
            int size = log.transcript().size(inbox);
            if (!inboxAt(i).outgoing()
                    && tampered(inboxAt(i), i, data)
                    && log.transcript().size(inbox) < size) {
                cursor--;
                lastSentMark -= i < lastSentMark ? 1 : 0;
                i--;
            }
        }
        boolean allTaken = true;
        for (int i = streamCursor; i < cursor; i++) {
            Captured c = inboxAt(i);
            if (!c.outgoing() && c.frame() instanceof Frame.Tcp tcp && ofThisConnection(tcp)) {
                byte[] data = tcp.segment().payload();
                int old = streamNext - tcp.segment().seq();
                if (old >= 0 && old < data.length) {
                    return Arrays.copyOfRange(data, old, data.length);
                }
                allTaken &= old >= data.length;
            }
            streamCursor += allTaken ? 1 : 0;
        }
        return null;
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
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        for (boolean more = true; more; ) {
            more = false;
            for (int i = 0; i < cursor; i++) {
                Captured c = inboxAt(i);
                int next = takenFrom + taken.size();
                if (!c.outgoing()
                        && c.frame() instanceof Frame.Tcp tcp
                        && ofThisConnection(tcp)
                        && isNext(tcp.segment(), next)) {
                    byte[] data = tcp.segment().payload();
                    taken.writeBytes(
                            Arrays.copyOfRange(data, next - tcp.segment().seq(), data.length));
                    more = true;
                }
            }
        }
        return taken.toByteArray();
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
        return log.transcript().first(inbox, log.transcript().size(inbox));
    }

    LinkLayer layer() {
        return station().layer();
    }

    /**
     * Shows others in place of the first frames.
     *
     * @param shown for each of them those in its place
     * @param keep whether for good; else no evidence is made of them
     * @return undoes it
     */
    Runnable show(List<Captured> frames, List<List<Captured>> shown, boolean keep) {
        int[] before = {cursor, lastSentMark, streamCursor};
        log.transcript().exchange(this, inbox, shown, keep);
        cursor = moved(cursor, shown);
        lastSentMark = moved(lastSentMark, shown);
        streamCursor = moved(streamCursor, shown);
        return () -> {
            log.transcript().restore(inbox, moved(shown.size(), shown), frames);
            cursor = before[0];
            lastSentMark = before[1];
            streamCursor = before[2];
        };
    }

    /** Where a place of the inbox is once others are shown. */
    private static int moved(int index, List<List<Captured>> shown) {
        int most = Math.min(index, shown.size());
        return index
                - most
                + shown.subList(0, most).stream().mapToInt(List::size).sum();
    }

    /**
     * How far the target's data ever went beyond the window that we had offered when it came, each octet's first
     * transmission counted (RFC 9293, 3.8.6; RFC 7323, 2.4): 0 or less where it kept within.
     */
    public int beyondWindow() {
        int most = Integer.MIN_VALUE;
        int edge = value(Seq.ISS) + 1;
        int sent = edge;
        int size = log.transcript().size(inbox);
        for (int i = 0; i < size; i++) {
            Captured c = inboxAt(i);
            if (!(c.frame() instanceof Frame.Tcp tcp)) {
                continue;
            }
            WireSegment s = tcp.segment();
            if (c.outgoing() && s.has(Flag.ACK) && !s.has(Flag.RST)) {
                edge = SeqMath.max(edge, s.ack() + (s.window() << connection.ourShift()));
            } else if (!c.outgoing() && ofThisConnection(tcp) && s.payload().length > 0) {
                int end = s.seq() + s.payload().length;
                if (SeqMath.lt(sent, end)) {
                    most = Math.max(most, end - edge);
                    sent = end;
                }
            }
        }
        return most;
    }

    /** The most octets of data that the target ever had in flight, as far as our acknowledgments had left by then. */
    public int mostInFlight() {
        int most = 0;
        int acknowledged = value(Seq.ISS) + 1;
        int size = log.transcript().size(inbox);
        for (int i = 0; i < size; i++) {
            Captured c = inboxAt(i);
            if (c.frame() instanceof Frame.Tcp tcp
                    && c.outgoing()
                    && tcp.segment().has(Flag.ACK)) {
                acknowledged = SeqMath.max(acknowledged, tcp.segment().ack());
            } else if (c.frame() instanceof Frame.Tcp tcp && ofThisConnection(tcp)) {
                most = Math.max(most, tcp.segment().end() - acknowledged);
            }
        }
        return most;
    }

    /** Sends and awaits, several times if need be: for what comes before the rule that is judged. */
    private void preamble(Segment stimulus, Segment answer, String what) {
        send(stimulus);
        Search search = null;
        for (int i = 0; i < TRIES; i++) {
            if (i > 0) {
                sendAgain();
            }
            search = search(Tampering.Kind.PREAMBLE, timing().answer(), answer);
            if (search.answer != null) {
                // what the oracle makes be lost is not the network's doing
                if (i > 0 && !tampering.isActive()) {
                    around.network().harmed();
                } else if (i == 0) {
                    noteRoundTrip(stimulus, search.answer);
                }
                lastAnswer = search.answer;
                return;
            }
            if (reset) {
                break;
            }
        }
        throw new Inconclusive(new Failure(
                "preamble",
                what + " did not succeed" + (search.icmp == null ? "" : ": " + icmpWords(search.icmp)),
                findings(answer.toString(), search.nearest, search.differences, search.passed)));
    }

    /** The Timestamps option with a value of our choice, which echoes what came last. */
    public Option.Timestamps stamp(int value) {
        takeIn();
        return new Option.Timestamps(value, connection.lastTimestamp());
    }

    private static String icmpWords(Captured frame) {
        return ((Frame.IcmpError) frame.frame()).words();
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
        tampering.during(Tampering.Kind.PROOF, () -> proof(state));
    }

    private void proof(TcpState state) {
        note(Step.Kind.NOTE, "probe: is the target in " + state.rfcName() + "?");
        switch (state) {
            case CLOSED ->
                probe(
                        state,
                        Segment.ack()
                                .seq(Seq.at(random.nextInt()))
                                .ack(Seq.at(random.nextInt()))
                                .payload(1),
                        // whatever its numbers: those of a RST are for other cases to judge
                        Segment.rst().ignoring(Flag.ACK));
            case LISTEN -> {
                fresh();
                probe(state, Segment.syn(), Segment.synAck().ack(Seq.IRS.plus(1)));
                abort();
            }
            // in SYN-RECEIVED the ACK of the probe completes the handshake
            case SYN_RECEIVED, ESTABLISHED ->
                probe(
                        state,
                        Segment.data(beyondFin()),
                        Segment.ack().ack(Seq.RCV_NXT).ignoring(Flag.FIN));
            case FIN_WAIT_1, CLOSING, LAST_ACK ->
                probe(
                        state,
                        // must not acknowledge the FIN: some stacks read the ACK of a segment whose data is old
                        Segment.data(1).seq(Seq.RCV_NXT.minus(1)).ack(Seq.SND_NXT.minus(1)),
                        Segment.ack().seq(Seq.SND_NXT).ack(Seq.RCV_NXT).noData(),
                        // BSD puts its FIN into every acknowledgment until it is acknowledged itself
                        Segment.finAck().ack(Seq.RCV_NXT).where("ends at SND.NXT", s -> s.end() == value(Seq.SND_NXT)));
            case FIN_WAIT_2, CLOSE_WAIT ->
                probe(
                        state,
                        Segment.data(1).seq(Seq.RCV_NXT.minus(1)).ack(Seq.SND_NXT),
                        Segment.ack().seq(Seq.SND_NXT).ack(Seq.RCV_NXT).noData());
            case TIME_WAIT ->
                probe(
                        state,
                        Segment.finAck().seq(Seq.RCV_NXT.minus(1)).ack(Seq.SND_NXT),
                        Segment.ack().seq(Seq.SND_NXT).ack(Seq.RCV_NXT).noData());
        }
    }

    /** So many octets that their acknowledgment, however late, is not that of a FIN that was sent in their place. */
    private int beyondFin() {
        return lastSent != null && lastSent.has(Flag.FIN) && lastSent.length() == 1 ? 2 : 1;
    }

    private void probe(TcpState state, Segment stimulus, Segment... answers) {
        send(stimulus);
        boolean isOld = stimulus.setsSeq() && state != TcpState.CLOSED;
        Search search = null;
        for (int i = 0; i < TRIES; i++) {
            if (i > 0) {
                sendAgain();
            }
            search = search(Tampering.Kind.PROOF, timing().delayedAck(), answers);
            if (search.answer != null) {
                return;
            }
            if (search.nearest != null && !(state == TcpState.LISTEN && isOfEarlier(search.nearest))) {
                break;
            }
            if (state == TcpState.CLOSED && takesNewConnection()) {
                return;
            }
        }
        if (search.nearest == null && damaged(search).isPresent()) {
            throw nonConformity(search, timing().delayedAck(), answers);
        }
        requireSent(search.stimulusSeen);
        boolean answered = search.nearest != null;
        if (answered) {
            log.transcript().offending(search.nearest);
        }
        note(Step.Kind.MISMATCH, "the target is not in " + state.rfcName());
        String findings = findings(wanted(answers), search.nearest, search.differences, search.passed);
        if (!answered && isOld) {
            requireAnswersToOld(state, findings);
        }
        throw new NonConformity(new Failure(
                answered ? "wrong-state" : "no-sign-of-life",
                answered
                        ? "the target is not in " + state.rfcName() + ", as the answer to a probe shows"
                        : "the target gave no sign of life when probed for " + state.rfcName(),
                findings));
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
        send(old);
        try {
            return expectAck(answers);
        } catch (NonConformity e) {
            if (nothingCameOrOnlyNews()) {
                requireAnswersToOld(connection.state(), e.failure().text());
            }
            throw e;
        }
    }

    /** Whether all that has come since our last segment is data, or a FIN, that the target sends of its own accord. */
    private boolean nothingCameOrOnlyNews() {
        return log.transcript().first(inbox, cursor).stream()
                .skip(lastSentMark)
                .filter(c -> !c.outgoing() && c.frame() instanceof Frame.Tcp)
                .map(c -> (Frame.Tcp) c.frame())
                .allMatch(tcp -> tcp.usable()
                        && tcp.segment().length() > 0
                        && !tcp.segment().has(Flag.RST));
    }

    private void requireAnswersToOld(TcpState told, String findings) {
        if (!another().answersWhatIsOld()) {
            throw new Inconclusive(new Failure(
                    "masked",
                    "the target leaves old segments unanswered, by whose answer " + told.rfcName() + " is told",
                    findings));
        }
    }

    /**
     * Whether the target answers what it has in ESTABLISHED already, as it should (RFC 9293, 3.10.7.4, first); if not, its
     * silence to such a probe tells nothing of its state. Each of several, since another cause may bring forth an ACK.
     */
    private boolean answersWhatIsOld() {
        establish();
        boolean answers = true;
        for (int i = 0; i < TRIES && answers; i++) {
            send(Segment.data(1));
            if (search(
                                    Tampering.Kind.PREAMBLE,
                                    timing().delayedAck(),
                                    Segment.ack().ack(Seq.RCV_NXT))
                            .answer
                    == null) {
                return true;
            }
            send(Segment.data(1).seq(Seq.RCV_NXT.minus(1)));
            answers = search(
                                    Tampering.Kind.PREAMBLE,
                                    timing().delayedAck(),
                                    Segment.ack().ack(Seq.RCV_NXT).noData())
                            .answer
                    != null;
        }
        return answers;
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

    /**
     * Whether a SYN from the same port is answered as in CLOSED or LISTEN. Tells that a connection is gone, of a target that
     * keeps silent to all segments without one: that it should reset them is for other cases to judge.
     */
    private boolean takesNewConnection() {
        WireSegment sent = lastSent;
        fresh();
        send(Segment.syn());
        Search search = search(
                Tampering.Kind.PROOF,
                timing().answer(),
                Segment.synAck().ack(Seq.IRS.plus(1)),
                Segment.rst().ignoring(Flag.ACK));
        if (search.answer == null) {
            lastSent = sent;
            return false;
        }
        observed("keeps silent to a segment without a connection");
        abort();
        return true;
    }

    /** Whether it is a reset that does not acknowledge our SYN, and so means a connection before (RFC 9293, 3.10.7.3). */
    private boolean isOfEarlier(Captured frame) {
        WireSegment s = ((Frame.Tcp) frame.frame()).segment();
        return s.has(Flag.RST) && !(s.has(Flag.ACK) && s.ack() == value(Seq.IRS) + 1);
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
        log.transcript().await(inbox, Integer.MAX_VALUE, System.nanoTime() + time.toNanos());
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
        return new NonConformity(new Failure(code, summary, findings(null, null, List.of(), List.of())));
    }

    private void note(Step.Kind kind, String text) {
        log.transcript().remark(this, kind, text, connection.state().rfcName());
    }

    private static void requireSent(boolean stimulusSeen) {
        if (!stimulusSeen) {
            throw new Inconclusive(
                    Failure.of("not-sent", "our own segment was not seen on the wire, so that nothing can be judged"));
        }
    }

    private NonConformity nonConformity(Search search, Duration patience, Segment... acceptable) {
        requireSent(search.stimulusSeen);
        String wanted = wanted(acceptable);
        String code = "no-answer";
        String summary = "no answer within " + patience.toMillis() + " ms"
                + (search.icmp == null ? "" : "; " + icmpWords(search.icmp));
        Optional<Captured> damaged = damaged(search);
        if (search.nearest == null && damaged.isPresent()) {
            log.transcript().offending(damaged.get());
            FrameRule rule = FrameRule.broken((Frame.Tcp) damaged.get().frame(), true)
                    .iterator()
                    .next();
            code = rule.code();
            summary = "the answer has " + rule.breach();
        } else if (search.nearest != null) {
            log.transcript().offending(search.nearest);
            WireSegment came = ((Frame.Tcp) search.nearest.frame()).segment();
            boolean unexpectedReset =
                    came.has(Flag.RST) && Arrays.stream(acceptable).noneMatch(s -> s.has(Flag.RST));
            code = unexpectedReset ? "unexpected-reset" : code(search.differences);
            summary = unexpectedReset
                    ? "the target reset the connection"
                    : "the answer differs: "
                            + String.join(
                                    "; ",
                                    search.differences.stream()
                                            .map(Difference::toString)
                                            .toList());
        }
        note(Step.Kind.MISMATCH, "expected " + wanted.replace("\n", " or "));
        return new NonConformity(
                new Failure(code, summary, findings(wanted, search.nearest, search.differences, search.passed)));
    }

    /** What came and can be no answer, since its header does not permit it to be taken in. */
    private static Optional<Captured> damaged(Search search) {
        return search.passed.stream()
                .filter(c -> c.frame() instanceof Frame.Tcp tcp && !tcp.usable())
                .findFirst();
    }

    private static String wanted(Segment... acceptable) {
        return Arrays.stream(acceptable).map(Segment::toString).collect(Collectors.joining("\n"));
    }

    private static String code(List<Difference> differences) {
        if (differences.isEmpty()) {
            return "wrong-answer";
        }
        return "wrong-"
                + differences.get(0).field().toLowerCase(java.util.Locale.ROOT).replace(' ', '-');
    }

    /** The finding in the form that is pasted into a bug report. */
    private String findings(String wanted, Captured came, List<Difference> differences, List<Captured> passed) {
        List<Captured> flow = log.transcript().first(inbox, cursor);
        Lines lines = Lines.of(flow);
        StringBuilder out = new StringBuilder();
        flow.stream()
                .filter(this::isStimulus)
                .reduce((a, b) -> b)
                .ifPresent(sent -> line(out, "  sent:     ", lines.of(sent)));
        if (wanted != null) {
            line(out, "  expected: ", wanted.replace("\n", "\n         or "));
            line(out, "  came:     ", came == null ? "nothing" : lines.of(came));
            differences.forEach(d -> line(out, "            ", d.toString()));
            List<Captured> others = passed.stream().filter(c -> c != came).toList();
            if (!others.isEmpty()) {
                line(
                        out,
                        "  besides:  ",
                        String.join(
                                "\n            ", others.stream().map(lines::of).toList()));
            }
        }
        line(
                out,
                "  all of connection " + number + ": ",
                "tester " + Ip.text(route.source()) + " port " + port + ", target " + Ip.text(route.target()) + " port "
                        + targetPort);
        flow.forEach(c -> line(out, "            ", lines.of(c)));
        return out.toString();
    }

    private static void line(StringBuilder out, String label, String text) {
        out.append(label).append(text).append('\n');
    }

    // ---- ending

    /** Ends the connection by a reset that the target must accept. */
    public void abort() {
        if (connection.alive() && !reset) {
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
        connection.sent(lastSent, true);
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
        return find(s -> s.has(Flag.SYN) && s.has(Flag.ACK)).stream()
                .findFirst()
                .orElseThrow(() -> new Inconclusive(Failure.of("preamble", "there is no SYN,ACK")));
    }

    /** All segments of this connection that the target has sent, undamaged, for which {@code test} holds. */
    public List<Answer> received(Predicate<WireSegment> test) {
        List<Answer> found = find(test);
        if (found.isEmpty()) {
            log.absence();
        }
        return found;
    }

    private List<Answer> find(Predicate<WireSegment> test) {
        return arrived(test).stream().filter(a -> ofThisConnection(a.frame())).toList();
    }

    /** As {@link #received}, and those that came damaged. */
    public List<Answer> arrived(Predicate<WireSegment> test) {
        List<Answer> found = new ArrayList<>();
        int size = log.transcript().size(inbox);
        long sent = 0;
        for (int i = 0; i < size; i++) {
            Captured c = inboxAt(i);
            if (c.outgoing()) {
                sent = c.timeNanos();
            } else if (c.frame() instanceof Frame.Tcp tcp && test.test(tcp.segment())) {
                found.add(new Answer(tcp.segment(), tcp, c.timeNanos(), Duration.ofNanos(c.timeNanos() - sent), 0));
            }
        }
        return found;
    }
}
