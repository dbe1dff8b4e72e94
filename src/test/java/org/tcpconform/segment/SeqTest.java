package org.tcpconform.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tcpconform.segment.SeqMath.le;
import static org.tcpconform.segment.SeqMath.lt;
import static org.tcpconform.segment.SeqMath.max;

import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class SeqTest {
    @DataProvider
    public static Object[][] ordered() {
        return new Object[][] {
            {0, 1}, {-1, 0}, {0xffff_fff0, 16}, {Integer.MAX_VALUE, Integer.MIN_VALUE}, {0, Integer.MAX_VALUE},
        };
    }

    @Test(dataProvider = "ordered")
    public void orderIsThatOfTheCircle(int first, int second) {
        assertThat(lt(first, second)).isTrue();
        assertThat(lt(second, first)).isFalse();
        assertThat(le(first, second)).isTrue();
        assertThat(le(second, first)).isFalse();
        assertThat(max(first, second)).isEqualTo(second);
        assertThat(max(second, first)).isEqualTo(second);
    }

    @Test
    public void equalNumbers() {
        for (int n : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThat(lt(n, n)).isFalse();
            assertThat(le(n, n)).isTrue();
            assertThat(max(n, n)).isEqualTo(n);
        }
    }

    @Test
    public void orderDoesNotDependOnWhereTheCircleBegins() {
        Randomly random = new Randomly(32);
        for (int i = 0; i < 10_000; i++) {
            int base = random.number();
            int distance = random.below(Integer.MAX_VALUE);
            assertThat(le(base, base + distance)).isTrue();
            assertThat(lt(base + distance, base)).isFalse();
        }
    }

    private static int value(Variable variable) {
        return switch (variable) {
            case RCV_NXT -> 0xffff_fffe;
            case RCV_WND -> 65_535;
            case SEG_SEQ -> 0xffff_ffff;
            case SEG_LEN -> 1;
            default -> 1_000;
        };
    }

    @DataProvider
    public static Object[][] numbers() {
        return new Object[][] {
            {Seq.RCV_NXT.plus(Seq.RCV_WND).minus(1), 65_532, "RCV.NXT+RCV.WND-1"},
            {Seq.RCV_NXT.plus(2), 0, "RCV.NXT+2"},
            {Seq.SEG_SEQ.plus(Seq.SEG_LEN), 0, "SEG.SEQ+SEG.LEN"},
            {Seq.SND_NXT.minus(1_001), -1, "SND.NXT-1001"},
            {Seq.at(0xffff_ffffL), -1, "4294967295"},
            {Seq.at(-1), -1, "4294967295"},
            {Seq.at(0x1_0000_0001L), 1, "1"},
            {Seq.at(0xffff_ffffL).plus(1), 0, "0"},
            {Seq.ZERO.minus(1), -1, "4294967295"},
            {Seq.ISS.plus(5).minus(5), 1_000, "ISS"},
            {Seq.ZERO.plus(Seq.IRS), 1_000, "IRS"},
            {Seq.IRS.plus(0x1_0000_0000L), 1_000, "IRS+4294967296"},
        };
    }

    @Test(dataProvider = "numbers")
    public void numberAgainstVariables(Seq seq, int number, String text) {
        assertThat(seq.resolve(SeqTest::value)).isEqualTo(number);
        assertThat(seq).hasToString(text);
    }
}
