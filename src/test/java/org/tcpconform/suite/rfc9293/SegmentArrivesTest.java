package org.tcpconform.suite.rfc9293;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Catalogue;
import org.tcpconform.requirement.MarkdownTables;
import org.tcpconform.suite.rfc9293.SegmentArrives.Cell;
import org.tcpconform.suite.rfc9293.SegmentArrives.Outcome;
import org.tcpconform.target.Presence;
import org.tcpconform.target.Profile;
import org.tcpconform.target.Profile.Choice;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The table of SEGMENT ARRIVES: nothing is missing, nothing stands twice, and every name is known. */
public class SegmentArrivesTest {
    private static final SegmentArrives TABLE = SegmentArrives.read();

    private static Cell cell(String id) {
        return TABLE.cells().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
    }

    @Test
    public void everyCellIsThere() {
        assertThat(TABLE.events())
                .containsExactly(
                        "RST", "RST-ACK", "SYN", "SYN-ACK", "ACK", "ACK-DATA", "URG", "FIN-ACK", "FIN", "DATA", "NONE");
        assertThat(TABLE.seqs()).containsExactly("LEFT-1", "LEFT", "MIDDLE", "RIGHT", "RIGHT+1");
        List<String> wanted = new ArrayList<>();
        for (TcpState state : SegmentArrives.STATES) {
            for (String event : TABLE.events()) {
                TABLE.seqs().forEach(seq -> wanted.add(state.rfcName() + " " + event + " " + seq));
            }
        }
        assertThat(TABLE.cells().stream()
                        .map(c -> c.state().rfcName() + " " + c.event().id() + " " + c.seq())
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(TABLE.cells().stream().map(Cell::id)).doesNotHaveDuplicates();
    }

    @Test
    public void theAckFieldHasAllItsEdges() {
        Map<String, Set<String>> edges = TABLE.cells().stream()
                .filter(c -> c.event().id().equals("ACK-DATA"))
                .collect(Collectors.groupingBy(
                        c -> c.state().rfcName(), Collectors.mapping(Cell::ack, Collectors.toSet())));
        edges.forEach((state, acks) -> {
            boolean outstanding =
                    Set.of("SYN-RECEIVED", "FIN-WAIT-1", "CLOSING", "LAST-ACK").contains(state);
            assertThat(acks)
                    .as(state)
                    .isEqualTo(
                            outstanding
                                    ? Set.of("OLD", "UNA-1", "UNA", "NXT", "NXT+1")
                                    : Set.of("OLD", "UNA-1", "UNA", "NXT+1"));
        });
        assertThat(edges).hasSize(SegmentArrives.STATES.size());
    }

    @Test
    public void requirementsAreKnown() {
        assertThat(TABLE.cells())
                .allSatisfy(c -> assertThat(Catalogue.get().find(c.requirement()))
                        .as("%s: %s", c.id(), c.requirement())
                        .isPresent());
    }

    @Test
    public void everyProfilePermitsSomething() {
        for (Choice reset : Choice.values()) {
            for (Choice syn : Choice.values()) {
                for (Presence check : Presence.values()) {
                    for (Presence timeWait : Presence.values()) {
                        Profile profile = new Profile(reset, syn, check, timeWait);
                        assertThat(TABLE.cells())
                                .allSatisfy(c -> assertThat(c.permitted(profile))
                                        .as("%s, %s", c.id(), profile)
                                        .isNotEmpty());
                    }
                }
            }
        }
    }

    /** What leaves a choice where nothing is known leaves none, or less, where the profile is. */
    @Test
    public void profileDecides() {
        Profile p793 = new Profile(Choice.RFC793, Choice.RFC793, Presence.ABSENT, Presence.ABSENT);
        Profile p5961 = new Profile(Choice.RFC5961, Choice.RFC5961, Presence.PRESENT, Presence.ABSENT);
        Profile p1337 = new Profile(Choice.RFC5961, Choice.RFC5961, Presence.PRESENT, Presence.PRESENT);
        Profile mixed = new Profile(Choice.RFC5961, Choice.RFC793, Presence.ABSENT, Presence.ABSENT);
        assertThat(said("ESTABLISHED-RST-RIGHT", p793)).containsExactly("silence and goes to CLOSED");
        assertThat(said("ESTABLISHED-RST-RIGHT", p5961)).containsExactly("an empty ACK and stays");
        assertThat(said("ESTABLISHED-RST-RIGHT", mixed)).containsExactly("an empty ACK and stays");
        assertThat(said("ESTABLISHED-RST-RIGHT", Profile.UNKNOWN)).hasSize(2);
        assertThat(said("ESTABLISHED-SYN-LEFT", mixed)).containsExactly("a reset and goes to CLOSED");
        assertThat(said("ESTABLISHED-ACK-DATA-LEFT-OLD", p793)).containsExactly("an ACK of it and stays");
        assertThat(said("ESTABLISHED-ACK-DATA-LEFT-OLD", p5961)).containsExactly("an empty ACK and stays");
        assertThat(said("TIME-WAIT-RST-LEFT", p5961)).containsExactly("silence and goes to CLOSED");
        assertThat(said("TIME-WAIT-RST-LEFT", p1337)).containsExactly("silence and stays");
        assertThat(said("TIME-WAIT-RST-LEFT", Profile.UNKNOWN)).hasSize(2);
    }

    private static List<String> said(String id, Profile profile) {
        Cell cell = cell(id);
        return cell.permitted(profile).stream().map(cell::said).toList();
    }

    /** A reset or a SYN outside the window, and a segment of no use, never move anything. */
    @Test
    public void outsideTheWindowNothingHappens() {
        TABLE.cells().stream()
                .filter(c -> c.seq().equals("RIGHT+1") && !c.event().id().equals("SYN"))
                .filter(c -> c.permitted(Profile.UNKNOWN).stream()
                        .noneMatch(o -> o.reply().id().equals("refusal")))
                .forEach(c -> assertThat(c.permitted(Profile.UNKNOWN).stream().map(Outcome::next))
                        .as(c.id())
                        .containsOnly(c.state()));
    }

    @Test
    public void tagsNameCells() {
        assertThat(cell("ESTABLISHED-RST-RIGHT+1").tags()).contains("established", "rst", "rs-05");
        assertThat(cell("FIN-WAIT-1-ACK-LEFT-NXT").tags()).contains("fin-wait-1", "ack", "fn-07");
        Set<String> used =
                TABLE.cells().stream().flatMap(c -> c.tags().stream()).collect(Collectors.toSet());
        MarkdownTables.read(SegmentArrives.class, "segment-arrives.md")
                .rows("tag")
                .forEach(row -> assertThat(used).contains(row.get("tag").toLowerCase(java.util.Locale.ROOT)));
    }

    // ---- a table with a mistake in it

    private static final String HEAD = """
            | event | segment | octets | ACK | said as |
            | --- | --- | --- | --- | --- |
            | RST | `<CTL=RST>` | 0 | - | a RST |

            | SEQ | number |
            | --- | --- |
            | LEFT | `RCV.NXT` |

            | reply | said as | octets | segment |
            | --- | --- | --- | --- |
            | none | silence | | |

            | state | event | SEQ | ACK | answer | requirement | note |
            | --- | --- | --- | --- | --- | --- | --- |
            """;

    @DataProvider
    public static Object[][] mistakes() {
        return new Object[][] {
            {"| all but CLOSING | RST | LEFT | - | none -> same | x | |", "0 lines are for CLOSING RST LEFT"},
            {
                "| all | RST | LEFT | - | none -> same | x | |\n| CLOSING | RST | all | - | none -> same | x | |",
                "2 lines are for CLOSING RST LEFT"
            },
            {"| all | RTS | LEFT | - | none -> same | x | |", "unknown name in RTS"},
            {"| all | RST | LEFT | UNA | none -> same | x | |", "unknown name in UNA"},
            {"| all | RST | LEFT | - | nothing -> same | x | |", "not a reply and a state: nothing -> same"},
            {"| all | RST | LEFT | - | none | x | |", "not a reply and a state: none"},
            {"| all | RST | LEFT | - | | x | |", "no answer for SYN-RECEIVED RST LEFT"},
            {"| all | RST | LEFT | - | none -> same | x |", "a line with 6 columns in a table of 7"},
        };
    }

    @Test(dataProvider = "mistakes")
    public void mistakeIsFound(String lines, String message) {
        assertThatThrownBy(() -> new SegmentArrives(MarkdownTables.of(HEAD + lines)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    public void tableWithoutMistakeIsRead() {
        assertThat(new SegmentArrives(MarkdownTables.of(HEAD + "| all | RST | LEFT | - | none -> same | x | |"))
                        .cells())
                .hasSize(SegmentArrives.STATES.size());
    }
}
