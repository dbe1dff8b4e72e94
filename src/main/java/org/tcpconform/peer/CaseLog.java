package org.tcpconform.peer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.tcpconform.requirement.Budget;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameRule;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.Series;
import org.tcpconform.verdict.Step;
import org.tcpconform.wire.Captured;
import org.tcpconform.wire.Station;

/** One attempt of one case: its peers, and all that they sent, saw, demanded, remarked and measured. */
public final class CaseLog implements AutoCloseable {
    /** More steps than this at the beginning and at the end nobody reads, and no report has room for. */
    private static final int STEPS_AT_EITHER_END = 2_000;

    private final Surroundings around;
    private final RandomGenerator random;
    private final Tampering tampering;
    private final Transcript transcript = new Transcript();
    private final List<Peer> peers = new ArrayList<>();
    private final List<Volley> volleys = new ArrayList<>();
    /** What the oracle may change of what volleys saw; the capture thread adds to it. */
    private final Queue<Volley.Answer> answers = new ConcurrentLinkedQueue<>();
    /** What volleys sent and saw. */
    private final Excerpt excerpt = new Excerpt();

    private final List<Integer> borrowed = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final List<String> unused = new ArrayList<>();
    private final List<Series> series = new ArrayList<>();
    private final List<Captured> evidence = new ArrayList<>();
    private final Budget budget;
    private int segments;
    private long octets;
    private int connections;
    private int ports;
    private boolean closing;
    private boolean silenceUnproved;
    private boolean restsOnSilence;
    /** When a segment was sent that is not answered, by the clock of {@link System#nanoTime}; 0 for none. */
    private long pendingNanos;

    private int pending;
    private int expectations;
    private final Set<Integer> sentAgain = new HashSet<>();
    private boolean lost;
    private boolean atOnce;

    /**
     * @param around link and target
     * @param random the attempt's own random sequence
     */
    public CaseLog(Surroundings around, RandomGenerator random) {
        this(around, random, Budget.UNLIMITED, Tampering.NONE);
    }

    /**
     * @param around link and target
     * @param random the attempt's own random sequence
     * @param budget the most that the attempt may send
     * @param tampering what the attempt is shown in place of what came
     */
    public CaseLog(Surroundings around, RandomGenerator random, Budget budget, Tampering tampering) {
        this.around = around;
        this.random = random;
        this.budget = budget;
        this.tampering = tampering;
    }

    /** The most that the attempt may send. */
    public Budget budget() {
        return budget;
    }

    Tampering tampering() {
        return tampering;
    }

    /**
     * A peer whose connection goes to the port that {@code stimulus} names. It throws
     * {@link org.tcpconform.verdict.NotApplicable} when it is to send and the target has no such port.
     */
    public Peer peer(Stimulus stimulus) {
        return new Peer(around, this, random, stimulus);
    }

    /**
     * To be called before a segment is sent.
     *
     * @param opening whether it begins a connection
     * @throws Inconclusive if it is beyond the attempt's budget
     */
    void sending(WireSegment segment, boolean opening) {
        if (closing) {
            // what is still open is ended in any case
            return;
        }
        connections += opening ? 1 : 0;
        Budget budget = around.network().isBad() ? this.budget.times(Peer.TRIES) : this.budget;
        require(segments < budget.segments(), budget.segments() + " segments");
        require(
                octets <= budget.octets() - segment.payload().length - Budget.LONGEST_HEADERS,
                budget.octets() + " octets");
        require(connections <= budget.connections(), budget.connections() + " connections");
    }

    private void takePorts(int more) {
        ports += more;
        require(ports <= budget.halfOpen(), "from " + budget.halfOpen() + " ports");
    }

    private static void require(boolean within, String most) {
        if (!within) {
            throw new Inconclusive(
                    Failure.of("over-budget", "the target kept the case sending beyond the most that it may: " + most));
        }
    }

    int register(Peer peer) {
        peers.add(peer);
        takePorts(1);
        return peers.size();
    }

    void register(Volley volley, int ports) {
        volleys.add(volley);
        takePorts(ports);
    }

    /** A volley is closed, and holds nothing any more. */
    void forget(Volley volley, int ports) {
        volleys.remove(volley);
        this.ports -= ports;
    }

    /** All that came so far. */
    AllThatCame whole() {
        return new AllThatCame(List.copyOf(peers), List.copyOf(answers));
    }

    /** A volley was answered. */
    void answered(Volley.Answer answer) {
        if (tampering.isActive()) {
            answers.add(answer);
        }
    }

    Transcript transcript() {
        return transcript;
    }

    Excerpt excerpt() {
        return excerpt;
    }

    void alsoHear(int port, Station.Flow flow) {
        if (around.station().alsoHear(port, flow)) {
            borrowed.add(port);
        }
    }

    /** Records what was observed. */
    public void remark(String what) {
        if (!remarks.contains(what)) {
            remarks.add(what);
        }
    }

    void unused(String requirement) {
        unused.add(requirement);
    }

    void series(Series measured) {
        series.add(measured);
    }

    /** Adds frames of other cases, which the verdict rests on. */
    void evidence(List<Captured> frames) {
        evidence.addAll(frames);
    }

    void silence(boolean unproved) {
        silenceUnproved = unproved;
        restsOnSilence |= unproved;
    }

    /** Something was looked for and had not come, or need not come. */
    public void absence() {
        restsOnSilence = true;
    }

    /** Whether something did not come that might have changed the verdict, such as the answer to a segment that was lost. */
    public boolean restsOnSilence() {
        return restsOnSilence;
    }

    /** What the run has seen of the network. */
    public Network network() {
        return around.network();
    }

    /** An answer is waited for; what was sent may have to be sent again until it comes. */
    public void expecting() {
        expectations++;
    }

    /**
     * What the answer that is waited for answers was sent again.
     *
     * @param lost whether nothing had come that could be an answer
     */
    public void sentAgain(boolean lost) {
        sentAgain.add(expectations);
        this.lost |= lost;
    }

    /** Whether something was seen to be lost, so that later answers may be to what the target got twice. */
    public boolean lost() {
        return lost;
    }

    /** For which of its answers, counted from the first, the target was asked more than once. */
    public Set<Integer> sentAgainFor() {
        return Set.copyOf(sentAgain);
    }

    // ---- the order of our own segments

    /** A segment has left. */
    void sent(Station.Departure departure) {
        segments += departure.frames();
        octets += departure.octets();
        pendingNanos = departure.nanos();
        pending++;
    }

    /** An answer has come: to the segment that left last, unless others left just before it. */
    void answered() {
        // on a restless network what else the target sent may still be on its way
        if (pending == 1 && !around.network().isRestless()) {
            pending = 0;
        }
    }

    /** Waits until the next segment cannot overtake the one before, nor be answered in its place, nor be read with it. */
    void awaitTurn() {
        if (atOnce) {
            return;
        }
        awaitOrder();
        if (segments > 0) {
            // answered or not: the answer may have come in two, of which one is still on its way
            around.awaitRead();
        }
    }

    /** Waits until the next segment cannot overtake the one before, nor be answered in its place. */
    void awaitOrder() {
        if (pending > 0) {
            Waiting.until(pendingNanos + around.network().pace().toNanos());
        }
        pending = 0;
    }

    boolean isAtOnce() {
        return atOnce;
    }

    /** Whether segments leave without waiting for their turn. */
    void atOnce(boolean now) {
        atOnce = now;
    }

    /** Whether a silence was taken for right and nothing was heard of the target afterwards: then it proves nothing. */
    public boolean silenceUnproved() {
        return silenceUnproved;
    }

    /** The rules that segments break which came, but whose header does not permit them to be taken in. */
    public Set<FrameRule> damage() {
        Set<FrameRule> damage = EnumSet.noneOf(FrameRule.class);
        for (Captured frame : transcript.frames()) {
            if (!frame.outgoing() && frame.frame() instanceof Frame.Tcp tcp && !tcp.usable()) {
                damage.addAll(FrameRule.broken(tcp, true));
            }
        }
        return damage;
    }

    /** Frees the frames and steps, which no report will show any more. To be called once it is closed. */
    public void forget() {
        transcript.forget();
        evidence.clear();
        peers.forEach(Peer::forget);
        peers.clear();
    }

    /** All frames, in the order of their capture; those of other cases first, and of volleys the first and the last ones. */
    public List<Captured> frames() {
        List<Captured> frames = new ArrayList<>(evidence);
        Stream.concat(transcript.frames().stream(), excerpt.frames().stream())
                .sorted(Comparator.comparingLong(Captured::timeNanos))
                .forEach(frames::add);
        return frames;
    }

    /** What happened, in order. Of very many steps the first and the last ones, and what the verdict turns on. */
    public List<Step> steps() {
        List<Step> all = transcript.steps();
        int leftOut = all.size() - 2 * STEPS_AT_EITHER_END;
        if (leftOut <= 0) {
            return all;
        }
        List<Step> some = new ArrayList<>(all.subList(0, STEPS_AT_EITHER_END));
        List<Step> middle = all.subList(STEPS_AT_EITHER_END, STEPS_AT_EITHER_END + leftOut);
        Step first = middle.get(0);
        some.add(new Step(
                first.timeNanos(),
                Step.Kind.NOTE,
                "of the next " + leftOut + " steps most are left out; the capture has all segments",
                "",
                first.state(),
                0,
                false));
        middle.stream().filter(Step::offending).forEach(some::add);
        some.addAll(all.subList(STEPS_AT_EITHER_END + leftOut, all.size()));
        return some;
    }

    public List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** Requirements of level MAY that the target was seen not to make use of. */
    public List<String> unused() {
        return List.copyOf(unused);
    }

    public List<Series> series() {
        return List.copyOf(series);
    }

    /** Our ports, one for each connection. */
    public List<Integer> ports() {
        return peers.stream().map(Peer::port).toList();
    }

    /** Ends all connections. */
    @Override
    public void close() {
        closing = true;
        List.copyOf(volleys).forEach(Volley::close);
        if (excerpt.leftOut() > 0) {
            remark("the capture lacks " + excerpt.leftOut() + " frames between the first and the last " + Excerpt.EACH
                    + " of those sent and received by the hundred");
        }
        peers.forEach(Peer::close);
        borrowed.forEach(around.station()::hearNoMore);
    }
}
