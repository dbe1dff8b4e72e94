package org.tcpconform.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.testng.annotations.Test;

/** Each mutation changes what it says, and nothing where there is nothing to change. */
public class MutationTest {
    private static final WireSegment ANSWER = new WireSegment(
            7,
            20_000,
            1_000,
            2_000,
            15,
            0,
            Flag.bits(Flag.ACK, Flag.PSH),
            500,
            0x1234,
            0,
            Option.encode(List.of(
                    new Option.Mss(1_460),
                    new Option.SackPermitted(),
                    new Option.Timestamps(1, 2),
                    new Option.WindowScale(7),
                    new Option.Sack(List.of(10, 20, 30, 40)))),
            new byte[] {1, 2, 3});

    private static final WireSegment BARE =
            new WireSegment(7, 20_000, 1_000, 0, 5, 0, Flag.RST.bit(), 0, 0x1234, 0, new byte[0], new byte[0]);

    private static WireSegment shown(WireSegment s, String name) {
        return Mutation.OF_ANSWERS.stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow()
                .change()
                .apply(s);
    }

    @Test
    public void namesAreTheirOwn() {
        assertThat(Mutation.OF_ANSWERS).extracting(Mutation::name).doesNotHaveDuplicates();
        assertThat(Mutation.OF_SILENCES)
                .extracting(Mutation::name)
                .doesNotHaveDuplicates()
                .isNotEmpty();
    }

    @Test
    public void headersAreBroken() {
        assertThat(Mutation.OF_HEADERS).extracting(Mutation::name).doesNotHaveDuplicates();
        for (Mutation m : Mutation.OF_HEADERS) {
            WireSegment other = m.change().apply(BARE);
            assertThat(other.dataOffset() == 5 && Option.wellFormed(other.optionArea()))
                    .as(m.name())
                    .isFalse();
        }
    }

    @Test
    public void whatIsChangedDiffersAndIsOtherwiseSound() {
        for (Mutation m : Mutation.OF_ANSWERS) {
            WireSegment other = m.change().apply(ANSWER);
            if (other == null || other == ANSWER) {
                continue;
            }
            boolean same = other.seq() == ANSWER.seq()
                    && other.ack() == ANSWER.ack()
                    && other.flags() == ANSWER.flags()
                    && other.window() == ANSWER.window()
                    && other.reserved() == ANSWER.reserved()
                    && other.urgentPointer() == ANSWER.urgentPointer()
                    && other.checksum() < 0
                    && java.util.Arrays.equals(other.optionArea(), ANSWER.optionArea())
                    && java.util.Arrays.equals(other.payload(), ANSWER.payload());
            assertThat(same).as(m.name()).isFalse();
            assertThat(other.offsetFits()).as(m.name()).isTrue();
            assertThat(other.optionArea()).as(m.name()).hasSizeLessThanOrEqualTo(40);
            assertThat(Option.wellFormed(other.optionArea())).as(m.name()).isTrue();
        }
    }

    @Test
    public void nothingIsChangedWhereNothingIs() {
        for (String name : List.of(
                "ACK + 1",
                "TSval + 1",
                "TSecr - 1",
                "MSS - 1",
                "shift + 1",
                "without SACK",
                "no options",
                "options in the other order",
                "no data",
                "last octet of data altered",
                "window 0",
                "RST in its place")) {
            assertThat(shown(BARE, name)).as(name).isSameAs(BARE);
        }
    }

    @Test
    public void changesAreWhatTheyAreCalled() {
        assertThat(shown(ANSWER, "lost")).isNull();
        assertThat(shown(ANSWER, "SEQ - 1").seq()).isEqualTo(999);
        assertThat(shown(ANSWER, "ACK + 2^30").ack()).isEqualTo(2_000 + (1 << 30));
        assertThat(shown(ANSWER, "FIN inverted").flags()).isEqualTo(ANSWER.flags() | Flag.FIN.bit());
        assertThat(shown(ANSWER, "RST in its place").flags()).isEqualTo(Flag.RST.bit());
        assertThat(shown(ANSWER, "TSecr + 1").option(Option.Timestamps.class)).contains(new Option.Timestamps(1, 3));
        assertThat(shown(ANSWER, "SACK blocks the other way round").option(Option.Sack.class))
                .contains(new Option.Sack(List.of(30, 40, 10, 20)));
        assertThat(shown(ANSWER, "left edge of the first SACK block - 1").option(Option.Sack.class))
                .contains(new Option.Sack(List.of(9, 20, 30, 40)));
        assertThat(shown(ANSWER, "without Timestamps").option(Option.Timestamps.class))
                .isEmpty();
        assertThat(shown(BARE, "with MSS").option(Option.Mss.class)).isPresent();
        assertThat(shown(ANSWER, "one octet of data less").payload()).containsExactly(1, 2);
        assertThat(shown(ANSWER, "first octet of data altered").payload()).containsExactly(0, 2, 3);
        assertThat(shown(ANSWER, "wrong checksum").checksum())
                .isNotEqualTo(ANSWER.checksum())
                .isNotNegative();
    }
}
