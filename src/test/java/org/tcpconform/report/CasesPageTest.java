package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.tcpconform.run.CaseDescriptor;
import org.tcpconform.run.Selection;
import org.tcpconform.run.SuiteFile;
import org.tcpconform.testkit.Bench;
import org.testng.annotations.Test;

public class CasesPageTest {
    private static final Path HOME = Bench.suites().resolve("..").normalize();
    private static final List<CaseDescriptor> CASES = Stream.of("full", "intrusive")
            .flatMap(suite -> SuiteFile.load(suite, Bench.suites()).cases(Selection.ALL).stream())
            .toList();
    private static final String PAGE = CasesPage.of(CASES, HOME);

    @Test
    public void pageIsThatOfTheCases() throws IOException {
        assertThat(Files.readString(HOME.resolve("src/site/markdown/cases.md")).equals(PAGE))
                .as("src/site/markdown/cases.md is of other cases: tools/tcpconform list --markdown >"
                        + " src/site/markdown/cases.md")
                .isTrue();
    }

    @Test
    public void everyCaseHasItsPlace() {
        assertThat(CASES)
                .allSatisfy(c ->
                        assertThat(PAGE).contains("### " + c.annotation().id() + (c.row() == null ? ": " : "-…: ")));
    }

    @Test
    public void caseIsShownWithRuleCodeAndRemark() {
        assertThat(PAGE)
                .contains(
                        "### HP-05: is in ESTABLISHED by a data segment with ACK where the ACK of its SYN was lost\n\n"
                                + "- RFC9293-3.10.7.4-SR-1 (RFC 9293, 3.10.7.4; rule): ")
                .contains(
                        "```java\npeer.openTo();\n// the ACK of the handshake is not sent at all\npeer.send(data(10));\n")
                .contains(
                        "[segment-arrives.md](../../../src/main/resources/org/tcpconform/suite/rfc9293/segment-arrives.md)")
                .doesNotContain("{@");
    }
}
