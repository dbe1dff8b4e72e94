package org.tcpconform.peer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameRule;
import org.tcpconform.verdict.Series;
import org.tcpconform.verdict.Step;
import org.tcpconform.wire.Captured;
import org.tcpconform.wire.Station;

/** One attempt of one case: its peers, and all that they sent, saw, demanded, remarked and measured. */
public final class CaseLog implements AutoCloseable {
    private final Surroundings around;
    private final RandomGenerator random;
    private final Tampering tampering;
    private final Transcript transcript = new Transcript();
    private final List<Peer> peers = new ArrayList<>();
    private final List<Volley> volleys = new ArrayList<>();
    /** What volleys sent and saw. */
    private final Excerpt excerpt = new Excerpt();

    private final List<Integer> borrowed = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final List<String> unused = new ArrayList<>();
    private final List<Series> series = new ArrayList<>();
    private final List<Captured> evidence = new ArrayList<>();
    private boolean silenceUnproved;

    /**
     * @param around link and target
     * @param random the attempt's own random sequence
     */
    public CaseLog(Surroundings around, RandomGenerator random) {
        this(around, random, Tampering.NONE);
    }

    /** As {@link #CaseLog(Surroundings, RandomGenerator)}, with what the attempt is shown in place of what came. */
    public CaseLog(Surroundings around, RandomGenerator random, Tampering tampering) {
        this.around = around;
        this.random = random;
        this.tampering = tampering;
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

    int register(Peer peer) {
        peers.add(peer);
        return peers.size();
    }

    void register(Volley volley) {
        volleys.add(volley);
    }

    /** A volley is closed, and holds nothing any more. */
    void forget(Volley volley) {
        volleys.remove(volley);
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

    void remark(String what) {
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

    /** All frames, in the order of their capture; those of other cases first, and of volleys the first and the last ones. */
    public List<Captured> frames() {
        List<Captured> frames = new ArrayList<>(evidence);
        Stream.concat(transcript.frames().stream(), excerpt.frames().stream())
                .sorted(Comparator.comparingLong(Captured::timeNanos))
                .forEach(frames::add);
        return frames;
    }

    public List<Step> steps() {
        return transcript.steps();
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
        List.copyOf(volleys).forEach(Volley::close);
        if (excerpt.leftOut() > 0) {
            remark("the capture lacks " + excerpt.leftOut() + " frames between the first and the last " + Excerpt.EACH
                    + " of those sent and received by the hundred");
        }
        peers.forEach(Peer::close);
        borrowed.forEach(around.station()::hearNoMore);
    }
}
