package org.tcpconform.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.testng.annotations.Test;

/** Changes of a series hit one segment or all, and nothing else. */
public class SeriesMutationTest {
    private static final List<WireSegment> SERIES =
            IntStream.range(0, 5).mapToObj(SeriesMutationTest::segment).toList();

    private static WireSegment segment(int i) {
        return new WireSegment(
                7,
                20_000,
                1_000 + 10 * i,
                2_000,
                8,
                0,
                Flag.ACK.bit(),
                500,
                0x1234,
                0,
                Option.encode(List.of(new Option.Nop(), new Option.Nop(), new Option.Timestamps(100 + i, 9))),
                new byte[10]);
    }

    private static List<List<List<WireSegment>>> ways(String name, List<WireSegment> series) {
        return SeriesMutation.ALL.stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow()
                .ways(series)
                .toList();
    }

    private static List<WireSegment> flat(List<List<WireSegment>> shown) {
        return shown.stream().flatMap(List::stream).toList();
    }

    private static List<Integer> values(String name) {
        return flat(ways(name, SERIES).get(0)).stream()
                .map(s -> s.option(Option.Timestamps.class).orElseThrow().value())
                .toList();
    }

    @Test
    public void namesAreTheirOwn() {
        assertThat(SeriesMutation.ALL).extracting(SeriesMutation::name).doesNotHaveDuplicates();
    }

    @Test
    public void oneIsChangedTheLastFirst() {
        List<List<List<WireSegment>>> ways = ways("ACK + 1 in one", SERIES);
        assertThat(ways).hasSize(5);
        for (int i = 0; i < 5; i++) {
            List<WireSegment> shown = flat(ways.get(i));
            assertThat(shown.get(4 - i).ack()).isEqualTo(2_001);
            assertThat(shown.stream().filter(SERIES::contains)).hasSize(4);
        }
        assertThat(flat(ways("lost in one", SERIES).get(0))).isEqualTo(SERIES.subList(0, 4));
        assertThat(flat(ways("twice in one", SERIES).get(4))).hasSize(6).startsWith(SERIES.get(0), SERIES.get(0));
    }

    @Test
    public void ofManySomeAreTried() {
        List<WireSegment> many =
                IntStream.range(0, 1_000).mapToObj(SeriesMutationTest::segment).toList();
        assertThat(ways("ACK + 1 in one", many)).hasSizeBetween(10, 16);
    }

    @Test
    public void allAreChangedInOneWay() {
        assertThat(ways("ACK + 1 in all", SERIES))
                .singleElement()
                .satisfies(way -> assertThat(flat(way)).hasSize(5).allMatch(s -> s.ack() == 2_001));
        assertThat(ways("ACK + 1 in all", SERIES.subList(0, 1)))
                .as("that is one")
                .isEmpty();
        assertThat(ways("MSS + 1 in all", SERIES)).as("there is none").isEmpty();
        assertThat(ways("MSS + 1 in one", SERIES)).isEmpty();
    }

    @Test
    public void howTheyLieToOneAnotherIsChanged() {
        assertThat(values("TSval the same in all")).containsExactly(100, 100, 100, 100, 100);
        assertThat(values("TSval going back")).containsExactly(104, 103, 102, 101, 100);
        assertThat(flat(ways("the other way round", SERIES).get(0)))
                .extracting(WireSegment::seq)
                .containsExactly(1_040, 1_030, 1_020, 1_010, 1_000);
        assertThat(flat(ways("all but the first lost", SERIES).get(0))).isEqualTo(SERIES.subList(0, 1));
        assertThat(flat(ways("second half lost", SERIES).get(0))).isEqualTo(SERIES.subList(0, 2));
    }
}
