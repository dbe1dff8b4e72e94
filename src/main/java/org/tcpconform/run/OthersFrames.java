package org.tcpconform.run;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.Tampering;
import org.tcpconform.peer.WholeRun;
import org.tcpconform.requirement.Family;
import org.tcpconform.segment.Alteration;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameRule;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.Mutation;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.wire.Captured;

/** What came in cases that passed, for the oracle to show it, changed, to the cases that judge a whole run. */
final class OthersFrames {
    /** So many cases of each version of IP are enough of a run. */
    private static final int CASES = 100;
    /** In so many segments something is looked for that can be changed. */
    private static final int TRIES = 200;

    private record Kept(String caseId, Family family, List<Captured> frames) {}

    /** One way to change a frame. */
    private record Change(String name, UnaryOperator<Captured> change) implements Alteration {}

    private final LinkLayer layer;
    private final List<Kept> kept = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();

    OthersFrames(LinkLayer layer) {
        this.layer = layer;
        Stream.concat(Mutation.OF_ANSWERS.stream(), Mutation.OF_HEADERS.stream())
                .forEach(m -> changes.add(new Change(m.name(), c -> changed(c, m))));
        changes.add(new Change("wrong checksum of the IP header", c -> c.withWrongIpChecksum(layer)));
    }

    private Captured changed(Captured frame, Mutation mutation) {
        WireSegment segment = segment(frame);
        WireSegment other = mutation.change().apply(segment);
        return other == null || other == segment ? frame : frame.with(other, layer);
    }

    private static WireSegment segment(Captured frame) {
        return ((Frame.Tcp) frame.frame()).segment();
    }

    synchronized void keep(CaseDescriptor c, CaseLog log) {
        List<Captured> frames = log.frames();
        boolean usual = frames.stream()
                .noneMatch(f -> f.outgoing()
                        && f.frame() instanceof Frame.Tcp tcp
                        && tcp.segment().reserved() != 0);
        // a reserved bit that we have set may bring forth one
        if (usual && kept.stream().filter(k -> k.family() == c.family()).count() < CASES) {
            kept.add(new Kept(c.id(), c.family(), frames));
        }
    }

    private static FrameRule rule(CaseDescriptor c) {
        return Stream.of(FrameRule.values())
                .filter(r -> r.requirement().equals(c.rule().id()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(c.id() + " judges no rule on every segment"));
    }

    /** On what the PASS of a case rests that judges all these; empty where there are none. */
    synchronized Optional<Tampering.Point> point(CaseDescriptor c) {
        List<Captured> frames = came(c.family()).toList();
        if (frames.isEmpty()) {
            return Optional.empty();
        }
        List<Alteration> against = new ArrayList<>();
        List<Alteration> open = new ArrayList<>();
        for (Change change : changes) {
            List<Captured> others = frames.stream()
                    .limit(TRIES)
                    .filter(f -> change.change().apply(f) != f)
                    .toList();
            if (others.stream().anyMatch(f -> contradicts(change, f, rule(c)))) {
                against.add(change);
            } else if (!others.isEmpty()) {
                open.add(change);
            }
        }
        return Optional.of(new Tampering.Point(
                1,
                Tampering.Kind.RUN,
                "no segment has " + rule(c).breach(),
                frames.size() + " segments",
                against,
                open));
    }

    private Stream<Captured> came(Family family) {
        return kept.stream()
                .filter(k -> k.family() == family)
                .flatMap(k -> k.frames().stream())
                .filter(OthersFrames::isOfTarget);
    }

    private static boolean isOfTarget(Captured frame) {
        return !frame.outgoing() && frame.frame() instanceof Frame.Tcp;
    }

    private static boolean contradicts(Change change, Captured frame, FrameRule rule) {
        Captured other = change.change().apply(frame);
        return other != frame
                && FrameRule.broken((Frame.Tcp) other.frame(), false).contains(rule);
    }

    /** A run of all these. */
    synchronized WholeRun run(CaseDescriptor c, InetAddress target) {
        WholeRun run = new WholeRun(target);
        kept.stream().filter(k -> k.family() == c.family()).forEach(k -> run.look(k.caseId(), k.frames()));
        return run;
    }

    /**
     * A run of all these in which one segment is changed, in one case and again when that case ran again.
     *
     * @param alteration one of the point of {@code c}
     * @param contradicting whether it is to contradict the rule
     * @param number decides in which segment
     * @return empty where it finds nothing to change
     */
    synchronized Optional<WholeRun> run(
            CaseDescriptor c, Alteration alteration, boolean contradicting, int number, InetAddress target) {
        Change change = (Change) alteration;
        List<Captured> frames = came(c.family()).toList();
        int start = new Random(number).nextInt(frames.size());
        Captured hit = null;
        for (int i = 0; i < frames.size() && hit == null; i++) {
            Captured frame = frames.get((start + i) % frames.size());
            if (change.change().apply(frame) != frame && contradicts(change, frame, rule(c)) == contradicting) {
                hit = frame;
            }
        }
        if (hit == null) {
            return Optional.empty();
        }
        WholeRun run = new WholeRun(target);
        for (Kept k : kept) {
            Captured found = hit;
            if (k.family() == c.family() && k.frames().stream().anyMatch(f -> f == found)) {
                List<Captured> other = k.frames().stream()
                        .map(f -> f == found ? change.change().apply(f) : f)
                        .toList();
                run.look(k.caseId(), other);
                run.look(k.caseId(), other);
            } else if (k.family() == c.family()) {
                run.recall(k.caseId(), k.frames());
            }
        }
        return Optional.of(run);
    }
}
