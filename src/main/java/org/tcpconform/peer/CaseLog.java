package org.tcpconform.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.verdict.Series;
import org.tcpconform.verdict.Step;
import org.tcpconform.wire.Captured;
import org.tcpconform.wire.Station;

/** One attempt of one case: its peers, and all that they sent, saw, demanded, remarked and measured. */
public final class CaseLog implements AutoCloseable {
    private final Surroundings around;
    private final RandomGenerator random;
    private final Transcript transcript = new Transcript();
    private final List<Peer> peers = new ArrayList<>();
    private final List<Integer> borrowed = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final List<String> unused = new ArrayList<>();
    private final List<Series> series = new ArrayList<>();
    private boolean silenceUnproved;

    /**
     * @param around link and target
     * @param random the attempt's own random sequence
     */
    public CaseLog(Surroundings around, RandomGenerator random) {
        this.around = around;
        this.random = random;
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

    Transcript transcript() {
        return transcript;
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

    void silence(boolean unproved) {
        silenceUnproved = unproved;
    }

    /** Whether a silence was taken for right and nothing was heard of the target afterwards: then it proves nothing. */
    public boolean silenceUnproved() {
        return silenceUnproved;
    }

    /** All frames, in the order of their capture. */
    public List<Captured> frames() {
        return transcript.frames();
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
        peers.forEach(Peer::close);
        borrowed.forEach(around.station()::hearNoMore);
    }
}
