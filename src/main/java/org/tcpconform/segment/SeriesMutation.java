package org.tcpconform.segment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One way in which all that came can be made another than it was, for rules on the whole of it.
 *
 * @param name what is done, such as {@code ACK + 1 in all}; unique
 * @param one whether it is done to one of the segments, whichever that is; else to all
 * @param change what is done
 */
public record SeriesMutation(String name, boolean one, Change change) implements Alteration {
    /** So many segments are tried of which one is to be changed. */
    private static final int CANDIDATES = 16;

    /** By how much a number differs from the one before that tells it. */
    private static final int STEP = 64_000;

    /** What is shown in place of the segments of a series. */
    @FunctionalInterface
    public interface Change {
        /**
         * @param all the segments that came, in order
         * @return for the index of one what is shown in its place: that same segment alone where there is nothing to
         *     change; empty for none
         */
        IntFunction<List<WireSegment>> of(List<WireSegment> all);
    }

    /** All of them: each change of a segment, made to one and to all, and those of how they lie to one another. */
    public static final List<SeriesMutation> ALL = all();

    private static List<SeriesMutation> all() {
        List<SeriesMutation> all = new ArrayList<>();
        for (Mutation m : Mutation.OF_ANSWERS) {
            both(all, m.name(), series -> i -> {
                WireSegment other = m.change().apply(series.get(i));
                return other == null ? List.of() : List.of(other);
            });
        }
        both(all, "twice", series -> i -> List.of(series.get(i), series.get(i)));
        whole(all, "all but the first lost", series -> i -> i == 0 ? List.of(series.get(i)) : List.of());
        whole(all, "second half lost", series -> i -> i < series.size() / 2 ? List.of(series.get(i)) : List.of());
        whole(all, "the other way round", series -> i -> List.of(series.get(series.size() - 1 - i)));
        whole(
                all,
                "SEQ the same in all",
                series -> i -> List.of(numbered(series, i, series.get(0).seq())));
        whole(
                all,
                "SEQ growing evenly",
                series -> i -> List.of(numbered(series, i, series.get(0).seq() + i * STEP)));
        whole(
                all,
                "SEQ going back",
                series -> i -> List.of(numbered(series, i, series.get(0).seq() - i * STEP)));
        whole(all, "TSval the same in all", series -> {
            Optional<Integer> first = values(series).findFirst();
            return i -> List.of(timed(series.get(i), first));
        });
        whole(all, "TSval going back", series -> {
            Iterator<Integer> falling =
                    values(series).sorted(Comparator.reverseOrder()).iterator();
            List<WireSegment> shown = series.stream()
                    .map(s -> value(s).isPresent() ? timed(s, Optional.of(falling.next())) : s)
                    .toList();
            return i -> List.of(shown.get(i));
        });
        return List.copyOf(all);
    }

    private static void both(List<SeriesMutation> all, String name, Change change) {
        all.add(new SeriesMutation(name + " in one", true, change));
        all.add(new SeriesMutation(name + " in all", false, change));
    }

    private static void whole(List<SeriesMutation> all, String name, Change change) {
        all.add(new SeriesMutation(name, false, change));
    }

    private static WireSegment numbered(List<WireSegment> series, int index, int seq) {
        WireSegment s = series.get(index);
        return s.seq() == seq ? s : Mutation.numbered(s, seq);
    }

    private static Stream<Integer> values(List<WireSegment> series) {
        return series.stream().flatMap(s -> value(s).stream());
    }

    private static Optional<Integer> value(WireSegment s) {
        return s.option(Option.Timestamps.class).map(Option.Timestamps::value);
    }

    private static WireSegment timed(WireSegment s, Optional<Integer> value) {
        if (value.equals(value(s))) {
            return s;
        }
        UnaryOperator<Option.Timestamps> set = o -> new Option.Timestamps(value.orElse(o.value()), o.echoReply());
        return Mutation.each(s, Option.Timestamps.class, set);
    }

    /**
     * What can be shown instead: for each segment of {@code series} those in its place. Empty where there is nothing to
     * change; where all are changed that is one way, if more than one segment is concerned.
     */
    public Stream<List<List<WireSegment>>> ways(List<WireSegment> series) {
        int size = series.size();
        IntFunction<List<WireSegment>> shown = change.of(series);
        if (one) {
            int step = Math.max(1, (size + CANDIDATES - 1) / CANDIDATES);
            // the last first: the first ones often belong to the handshake
            return IntStream.iterate(size - 1, i -> i >= 0, i -> i - step)
                    .filter(i -> !isSame(series.get(i), shown.apply(i)))
                    .mapToObj(at -> IntStream.range(0, size)
                            .mapToObj(i -> i == at ? shown.apply(i) : List.of(series.get(i)))
                            .toList());
        }
        List<List<WireSegment>> all = IntStream.range(0, size).mapToObj(shown).toList();
        long changed = IntStream.range(0, size)
                .filter(i -> !isSame(series.get(i), all.get(i)))
                .count();
        return changed < 2 ? Stream.empty() : Stream.of(all);
    }

    private static boolean isSame(WireSegment segment, List<WireSegment> shown) {
        return shown.size() == 1 && shown.get(0) == segment;
    }

    @Override
    public String toString() {
        return name;
    }
}
