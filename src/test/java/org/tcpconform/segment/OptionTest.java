package org.tcpconform.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class OptionTest {
    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    @DataProvider
    public static Object[][] areas() {
        return new Object[][] {
            {"", "[]", true},
            {"020405b4", "[mss 1460]", true},
            {"0204ffff 01 030307", "[mss 65535, nop, wscale 7]", true},
            {"0402 080a ffffffff 00000001", "[sackOK, TS val 4294967295 ecr 1]", true},
            {"0101 050a 00000001 00000005", "[nop, nop, sack 1:5]", true},
            {"0303ff 00", "[wscale 255, eol]", true},
            {"00000000", "[eol]", true},
            {"00000100", "[eol, raw 000100]", false},
            {"fd04cafe", "[raw fd04cafe]", true},
            {"02000000", "[raw 02000000]", false},
            {"02010000", "[raw 02010000]", false},
            {"0101 02 05", "[nop, nop, raw 0205]", false},
            {"010101 02", "[nop, nop, nop, raw 02]", false},
            {"020605b4 0000", "[raw 020605b40000]", true},
            {"0503 01 00", "[raw 050301, eol]", true},
            {"030201 00", "[raw 0302, nop, eol]", true},
        };
    }

    @Test(dataProvider = "areas")
    public void areaIsRead(String area, String options, boolean wellFormed) {
        assertThat(Option.decode(hex(area))).hasToString(options);
        assertThat(Option.wellFormed(hex(area))).isEqualTo(wellFormed);
    }

    @Test
    public void lengthsAndPaddingAreToldApart() {
        assertThat(Option.readable(hex("020405b4 00000100"))).isTrue();
        assertThat(Option.zeroPadded(hex("020405b4 00000100"))).isFalse();
        assertThat(Option.readable(hex("02000000"))).isFalse();
        assertThat(Option.zeroPadded(hex("02000000")))
                .as("nothing is known of padding where the options cannot be read")
                .isTrue();
    }

    @Test
    public void whatIsReadMakesTheSameOctetsAgain() {
        Randomly random = new Randomly(68);
        for (int i = 0; i < 20_000; i++) {
            byte[] area = random.bytes(4 * random.below(11));
            for (int j = 0; j < area.length; j++) {
                // small numbers make options, large ones make rubbish
                area[j] = random.oneIn(2) ? (byte) random.below(11) : area[j];
            }
            assertThat(Option.encode(Option.decode(area))).containsExactly(area);
        }
    }

    @Test
    public void wellFormedOptionsAreReadAsTheyWereWritten() {
        Randomly random = new Randomly(5);
        for (int i = 0; i < 5_000; i++) {
            List<Option> options = random.options();
            byte[] area = Option.encode(options);
            assertThat(area.length % 4).isZero();
            assertThat(Option.wellFormed(area)).isTrue();
            assertThat(Option.decode(area).subList(0, options.size())).isEqualTo(options);
        }
    }

    @Test
    public void rawEqualsByItsOctets() {
        assertThat(Option.Raw.hex("fd04cafe"))
                .isEqualTo(new Option.Raw((byte) 0xfd, (byte) 4, (byte) 0xca, (byte) 0xfe))
                .hasSameHashCodeAs(new Option.Raw((byte) 0xfd, (byte) 4, (byte) 0xca, (byte) 0xfe))
                .isNotEqualTo(new Option.Raw((byte) 0xfd));
        assertThat(Option.Raw.hex("fd04cafe").kind()).isEqualTo(0xfd);
    }
}
