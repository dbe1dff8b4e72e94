package org.tcpconform.peer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.tcpconform.segment.Alteration;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.Mutation;
import org.tcpconform.segment.SeriesMutation;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NonConformity;
import org.tcpconform.verdict.NotApplicable;
import org.tcpconform.wire.Captured;

/**
 * On what the PASS of an attempt rests, point by point, and which changes of what came would contradict it; or one such
 * change, carried out while that point is pending. It happens where the peer looks at a frame, so that it hits whatever
 * would meet the expectation, sent once or again, whatever its numbers are this time. One attempt uses it; the thread
 * of the case alone.
 */
public final class Tampering {
    /** Changes and records nothing. */
    public static final Tampering NONE = new Tampering(false, 0, null, null, false);

    /** What a point asks for. */
    public enum Kind {
        /** A segment that meets a template. */
        ANSWER("answer"),
        /** Such a segment, or silence. */
        CHOICE("answer or silence"),
        /** A segment that is looked out for, and need not come. */
        OPTIONAL("look-out"),
        /** That nothing comes. */
        SILENCE("silence"),
        /** The answer to a probe of the state. */
        PROOF("proof of the state"),
        /** Data taken in as a stream, which the case itself looks at. */
        STREAM("stream of data"),
        /** A rule on all that came. */
        JUDGEMENT("rule on all that came"),
        /** Segments of other cases. */
        RUN("rule on each segment of the run"),
        /** What comes before the rule: no point on which the PASS rests, unless the case itself looks at it. */
        PREAMBLE("preamble");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /**
     * A point on which a PASS rests.
     *
     * @param number its number within the attempt, from 1; of what comes before the rule from -1 downwards
     * @param kind what it asks for
     * @param expected the acceptable segments, as the RFC writes them, one a line; of a silence those that are tolerated
     * @param came the segment that met it, as text; empty for none
     * @param contradicting changes after which it is met no more
     * @param open changes after which it is met all the same: what the templates leave open
     */
    public record Point(
            int number,
            Kind kind,
            String expected,
            String came,
            List<Alteration> contradicting,
            List<Alteration> open) {}

    private final boolean active;
    private final int at;
    /** What the point asked for that is to be hit; null for none. */
    private final Kind asks;

    private final Alteration alteration;
    private final boolean contradicting;

    private final List<Point> points = new ArrayList<>();
    private int preambles;
    private int depth;
    /** The point that is pending; null for none. */
    private Kind kind;

    private int number;
    private int last;
    private boolean looked;
    private Captured shown;
    private boolean applied;
    private boolean trying;

    private Tampering(boolean active, int at, Kind asks, Alteration alteration, boolean contradicting) {
        this.active = active;
        this.at = at;
        this.asks = asks;
        this.alteration = alteration;
        this.contradicting = contradicting;
    }

    /** Changes nothing, and notes the points. */
    public static Tampering recording() {
        return new Tampering(true, 0, null, null, false);
    }

    /**
     * Carries out a change.
     *
     * @param point number of the point
     * @param asks what it asks for: where the case runs otherwise, the point of that number may be another
     * @param alteration the change
     * @param contradicting whether it is to be carried out only where the point is met no more after it, and then on all
     *     that would meet it; else once, and only where it is met all the same
     */
    public static Tampering at(int point, Kind asks, Alteration alteration, boolean contradicting) {
        return new Tampering(true, point, asks, alteration, contradicting);
    }

    /** The points that were met, in order, those before the rule among them. */
    public List<Point> points() {
        return List.copyOf(points);
    }

    /** Whether the change was carried out. */
    public boolean applied() {
        return applied;
    }

    // ---- what the peer tells and asks

    boolean isActive() {
        return active;
    }

    /** Whether what would still come cannot help any more, since it would be changed likewise. */
    boolean isDecided() {
        return applied && contradicting && number == at;
    }

    /** Waits for what an expectation asks for. One within another belongs to it. */
    <T> T during(Kind what, Supplier<T> expectation) {
        begin(what);
        try {
            return expectation.get();
        } finally {
            end();
        }
    }

    /** As {@link #during(Kind, Supplier)}, of what gives nothing. */
    void during(Kind what, Runnable expectation) {
        during(what, () -> {
            expectation.run();
            return null;
        });
    }

    private void begin(Kind what) {
        if (!active || depth++ > 0) {
            return;
        }
        kind = what;
        number = what == Kind.PREAMBLE ? - ++preambles : ++last;
        looked = false;
    }

    private void end() {
        if (active && --depth == 0) {
            kind = null;
        }
    }

    /** Whether the point that is pending is the one to be hit; a choice is recorded as silence where that was kept. */
    private boolean isAt() {
        return number == at && (kind == asks || kind == Kind.CHOICE && asks == Kind.SILENCE);
    }

    private boolean pending() {
        return active && kind != null;
    }

    /** Whether data is taken in that is to be looked at. */
    boolean streams() {
        return active && kind == Kind.STREAM;
    }

    /** What the peer says of the point that is pending. */
    interface Demand {
        /** Whether a frame would meet it; of a silence, whether it may come all the same. */
        boolean meets(Captured frame);

        /** The acceptable segments as text. */
        String expected();

        /** A segment as text. */
        String text(WireSegment segment);

        /** How frames begin. */
        LinkLayer layer();
    }

    /**
     * A frame is looked at that meets the point.
     *
     * @return what is to be looked at instead; {@code frame} itself where nothing is changed, null for nothing at all
     */
    Captured met(Captured frame, Demand demand) {
        if (!pending() || frame == shown) {
            return frame;
        }
        if (alteration == null) {
            record(frame, demand);
            return frame;
        }
        if (!isAt() || !(alteration instanceof Mutation mutation) || mutation.forged() || applied && !contradicting) {
            return frame;
        }
        WireSegment segment = ((Frame.Tcp) frame.frame()).segment();
        WireSegment other = mutation.change().apply(segment);
        Captured changed = other == null ? null : frame.with(other, demand.layer());
        if (other == segment || other != null && contradicting && !contradicts(changed, demand)) {
            // another answer than the one that was changed must not stand in for it
            return isDecided() ? null : frame;
        }
        applied = true;
        shown = changed;
        return changed;
    }

    private void record(Captured frame, Demand demand) {
        Point before = points.isEmpty() ? null : points.get(points.size() - 1);
        if (before != null && before.number() == number) {
            if (before.kind() != Kind.SILENCE) {
                return;
            }
            // no silence after all
            points.remove(before);
        }
        WireSegment segment = ((Frame.Tcp) frame.frame()).segment();
        List<Alteration> against = new ArrayList<>();
        List<Alteration> open = new ArrayList<>();
        for (Mutation m : Mutation.OF_ANSWERS) {
            WireSegment other = m.change().apply(segment);
            if (other == segment) {
                continue;
            }
            boolean meets = other != null && !contradicts(frame.with(other, demand.layer()), demand);
            switch (kind) {
                case OPTIONAL, STREAM -> open.add(m);
                // what is wrong there is the matter of other rules
                case PREAMBLE -> {
                    if (meets) {
                        open.add(m);
                    }
                }
                case CHOICE -> (meets || other == null ? open : against).add(m);
                default -> (meets ? open : against).add(m);
            }
        }
        points.add(new Point(number, kind, demand.expected(), demand.text(segment), against, open));
    }

    /** Whether a frame no longer meets the point; also where the template fails on it, which is then found. */
    private static boolean contradicts(Captured changed, Demand demand) {
        try {
            return !demand.meets(changed);
        } catch (RuntimeException e) {
            return true;
        }
    }

    /**
     * Silence is due from now on.
     *
     * @param stimulus our segment that must not be answered
     * @param acknowledgment an acknowledgment that the target might send
     * @return an answer that is to be shown; null for none
     */
    Captured silence(Captured stimulus, WireSegment acknowledgment, Demand demand) {
        if (!pending() || looked || kind == Kind.PREAMBLE) {
            return null;
        }
        looked = true;
        if (alteration == null) {
            List<Alteration> against = new ArrayList<>();
            List<Alteration> open = new ArrayList<>();
            for (Mutation m : Mutation.OF_SILENCES) {
                (contradicts(forged(m, stimulus, acknowledgment, demand), demand) ? against : open).add(m);
            }
            points.add(new Point(number, Kind.SILENCE, demand.expected(), "", against, open));
            return null;
        }
        if (!isAt() || !(alteration instanceof Mutation mutation) || !mutation.forged()) {
            return null;
        }
        Captured forged = forged(mutation, stimulus, acknowledgment, demand);
        if (contradicting != contradicts(forged, demand)) {
            return null;
        }
        applied = true;
        shown = forged;
        return forged;
    }

    private static Captured forged(Mutation m, Captured stimulus, WireSegment acknowledgment, Demand demand) {
        return stimulus.answeredBy(m.change().apply(acknowledgment), 1_000_000, demand.layer());
    }

    /** All that came for an attempt. */
    interface Whole {
        /** The segments that the target sent, in order. */
        List<WireSegment> segments();

        /** Shows others, for each segment those in its place, while {@code rule} runs; for good where {@code keep}. */
        void during(List<List<WireSegment>> shown, boolean keep, Runnable rule);
    }

    /**
     * Judges by a rule that looks at all that came, each time anew.
     *
     * @param what the rule in words
     * @param rule throws where it is broken
     * @param came gives what came so far
     */
    void judge(String what, Runnable rule, Supplier<? extends Whole> came) {
        if (!active || depth > 0) {
            rule.run();
            return;
        }
        begin(Kind.JUDGEMENT);
        try {
            Whole whole = came.get();
            List<WireSegment> segments = whole.segments();
            if (alteration == null) {
                rule.run();
                recordRule(what, rule, segments, whole);
            } else if (isAt() && alteration instanceof SeriesMutation m) {
                Optional<List<List<WireSegment>>> way = m.ways(segments)
                        .filter(w -> breaks(w, rule, whole) == contradicting)
                        .findFirst();
                applied = way.isPresent();
                way.ifPresentOrElse(w -> whole.during(w, true, rule), rule);
            } else {
                rule.run();
            }
        } finally {
            end();
        }
    }

    private void recordRule(String what, Runnable rule, List<WireSegment> segments, Whole whole) {
        List<Alteration> against = new ArrayList<>();
        List<Alteration> open = new ArrayList<>();
        for (SeriesMutation m : SeriesMutation.ALL) {
            // laid out only as far as needed: each way is one more look at all that came
            Iterator<List<List<WireSegment>>> ways = m.ways(segments).iterator();
            if (!ways.hasNext()) {
                continue;
            }
            boolean broken = false;
            while (ways.hasNext() && !broken) {
                broken = breaks(ways.next(), rule, whole);
            }
            (broken ? against : open).add(m);
        }
        points.add(new Point(number, kind, what, segments.size() + " segments", against, open));
    }

    /** Whether a rule is broken by what would be shown; that it cannot be judged any more is no breach. */
    private boolean breaks(List<List<WireSegment>> shown, Runnable rule, Whole whole) {
        trying = true;
        try {
            whole.during(shown, false, rule);
            return false;
        } catch (Inconclusive | NotApplicable e) {
            return false;
        } catch (HangGuard e) {
            throw e;
        } catch (NonConformity | RuntimeException e) {
            return true;
        } finally {
            trying = false;
        }
    }

    /** Whether a rule is only tried, so that what it finds is for nobody. */
    boolean isTrying() {
        return trying;
    }
}
