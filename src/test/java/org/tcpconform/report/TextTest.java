package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.Test;

public class TextTest {
    @Test
    public void escapesAndReplaces() {
        assertThat(Text.escape("<a href=\"x\" b='y'> & \u0000\ud800\u202e ü \ud83d\ude00"))
                .isEqualTo("&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt; &amp; \ufffd\ufffd\ufffd ü \ud83d\ude00");
    }

    @Test
    public void printableHasNoControlCharacters() {
        assertThat(Text.printable("a\tb\n\u001b[2J\r\u009b\u200bü")).isEqualTo("a\tb\n\\x1b[2J\\x0d\\x9b\\u200bü");
    }

    @Test
    public void wideCharactersTakeTwoColumns() {
        assertThat(Text.columns("")).isZero();
        assertThat(Text.columns("a\u00fc\u4e2d\ud83d\ude00")).isEqualTo(6);
    }

    @Test
    public void wrapLosesNothing() {
        String text = "S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 2837465 ecr 100,nop,wscale 7>";
        for (int width = 1; width < 90; width++) {
            List<String> lines = Text.wrap(text, width);
            int w = width;
            assertThat(lines).allSatisfy(line -> assertThat(Text.columns(line)).isLessThanOrEqualTo(w));
            assertThat(String.join("", lines).replace(" ", "")).isEqualTo(text.replace(" ", ""));
        }
    }

    @Test
    public void wrapBreaksAfterSpacesAndCommas() {
        assertThat(Text.wrap("one two,three four", 9)).containsExactly("one two,", "three", "four");
        assertThat(Text.wrap("a\n  b\n\nc", 9)).containsExactly("a", "  b", "", "c");
        assertThat(Text.wrap("", 9)).containsExactly("");
        assertThat(Text.wrap("窓窓窓窓", 4)).containsExactly("窓窓", "窓窓");
    }

    @Test
    public void shortenShowsThatItCuts() {
        assertThat(Text.shorten("SYN-RECEIVED", 20)).isEqualTo("SYN-RECEIVED");
        assertThat(Text.shorten("SYN-RECEIVED", 5)).isEqualTo("SYN-…");
    }

    @Test
    public void durations() {
        assertThat(Text.duration(0.4)).isEqualTo("0 ms");
        assertThat(Text.duration(840)).isEqualTo("840 ms");
        assertThat(Text.duration(7412)).isEqualTo("7.4 s");
        assertThat(Text.duration(725_000)).isEqualTo("12 min 5 s");
    }

    @Test
    public void proseIsNeverCalledMust() {
        Samples.Builder b = new Samples.Builder("X").verdict(Verdict.FAIL, "c", "s", "");
        assertThat(Text.heading(b.rule(Level.MUST, true, "R").build())).isEqualTo("FAIL of MUST");
        assertThat(Text.heading(b.rule(Level.MUST, false, "R").build())).isEqualTo("FAIL of rule");
        assertThat(Text.heading(b.rule(Level.SHOULD, false, "R").build())).isEqualTo("FAIL of advice");
        assertThat(Text.heading(Samples.notApplicable("Y", "r"))).isEqualTo("NOT APPLICABLE");
    }

    @Test
    public void sectionsHaveTheirHeadings() {
        assertThat(Sections.named(9293, "3.10.7.2")).isEqualTo("3.10.7.2 LISTEN STATE");
        assertThat(Sections.named(9293, "3.10.7.2,3.5")).isEqualTo("3.10.7.2 LISTEN STATE");
        assertThat(Sections.named(1122, "4.2.2.20(g)")).isEqualTo("4.2.2.20(g) Event Processing");
        assertThat(Sections.named(5961, "3.2")).isEqualTo("3.2 Blind Reset Attack Using the RST Bit: Mitigation");
        assertThat(Sections.named(1, "2")).isEqualTo("2");
    }
}
