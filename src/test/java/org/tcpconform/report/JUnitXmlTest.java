package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunResult;
import org.testng.annotations.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

public class JUnitXmlTest {
    @Test
    public void eachCaseIsOneTestCase() {
        RunResult run = Samples.run(Samples.mixture());
        assertThat(elements(xml(run, false), "testcase"))
                .extracting(e -> e.getAttribute("name"))
                .containsExactlyInAnyOrderElementsOf(
                        run.cases().stream().map(CaseResult::id).toList());
    }

    @Test
    public void countsAddUp() {
        Element root = xml(Samples.run(Samples.mixture()), false);
        assertThat(root.getAttribute("tests")).isEqualTo("13");
        assertThat(root.getAttribute("failures")).isEqualTo("1");
        assertThat(root.getAttribute("errors")).isEqualTo("2");
        assertThat(root.getAttribute("skipped")).isEqualTo("4");
        for (String what : List.of("tests", "failures", "errors", "skipped")) {
            int sum = elements(root, "testsuite").stream()
                    .mapToInt(suite -> Integer.parseInt(suite.getAttribute(what)))
                    .sum();
            assertThat(sum).as(what).isEqualTo(Integer.parseInt(root.getAttribute(what)));
        }
        assertThat(elements(root, "failure")).hasSize(1);
        assertThat(elements(root, "error")).hasSize(2);
        assertThat(elements(root, "skipped")).hasSize(4);
    }

    @Test
    public void failedRuleIsFailureWithItsText() {
        Element c = testCase(xml(Samples.run(Samples.mixture()), false), "HP-07-v4");
        assertThat(c.getAttribute("classname")).isEqualTo("RFC9293.3.10.7.2");
        assertThat(c.getAttribute("time")).isEqualTo("2.044");
        Element failure = elements(c, "failure").get(0);
        assertThat(failure.getAttribute("type")).isEqualTo("wrong-field");
        assertThat(failure.getAttribute("message")).isEqualTo("FAIL of rule: the SYN-ACK acknowledges 0 instead of 1");
        assertThat(failure.getTextContent()).contains("> S. 0:0(0) ack 0 win 65535 <mss 1460,nop,wscale 7>");
        assertThat(elements(c, "property"))
                .extracting(p -> p.getAttribute("name") + "=" + p.getAttribute("value"))
                .contains("requirements=RFC9293-3.10.7.2-3", "level=rule", "capture=captures/HP-07-v4.pcap");
    }

    /** The exit code is 0 then, so the build must not be red. */
    @Test
    public void failedAdviceIsSkippedUnlessStrict() {
        Element lenient = testCase(xml(Samples.run(Samples.mixture()), false), "HO-02-v4");
        assertThat(elements(lenient, "failure")).isEmpty();
        assertThat(elements(lenient, "skipped").get(0).getAttribute("message"))
                .isEqualTo("FAIL of SHOULD (does not gate): the second connection got no SYN-ACK within 1.2 s");
        assertThat(elements(lenient, "system-out").get(0).getTextContent()).contains("no SYN-ACK");

        Element strict = testCase(xml(Samples.run(Samples.mixture()), true), "HO-02-v4");
        assertThat(elements(strict, "failure").get(0).getAttribute("type")).isEqualTo("no-answer");
    }

    @Test
    public void withExpectationsFailureIsWhatIsNotAsExpected() {
        Element root = xml(Samples.governed(), false);
        assertThat(root.getAttribute("failures")).isEqualTo("3");
        assertThat(root.getAttribute("skipped")).isEqualTo("2");
        Element known = elements(testCase(root, "HP-07-v4"), "skipped").get(0);
        assertThat(known.getAttribute("message"))
                .isEqualTo("FAIL of rule (expected: our stack | is old): the SYN-ACK acknowledges 0 instead of 1");
        Element passes = elements(testCase(root, "HP-01-v4"), "failure").get(0);
        assertThat(passes.getAttribute("type")).isEqualTo("unexpected-pass");
        assertThat(passes.getAttribute("message"))
                .startsWith("PASS (now passes, though FAIL is expected: remove the line");
        assertThat(elements(testCase(root, "HO-02-v4"), "failure").get(0).getAttribute("message"))
                .startsWith("FAIL of SHOULD (not in the expectations): ");
        assertThat(elements(testCase(root, "UR-02-v4"), "failure")).hasSize(1);
        assertThat(elements(testCase(root, "UR-01-v4"), "skipped")).hasSize(1);
    }

    @Test
    public void undecidedIsErrorAndInapplicableIsSkipped() {
        Element root = xml(Samples.run(Samples.mixture()), false);
        assertThat(elements(testCase(root, "SR-02-v4"), "error").get(0).getAttribute("message"))
                .startsWith("INCONCLUSIVE: ");
        assertThat(elements(testCase(root, "LI-09-v4"), "error").get(0).getAttribute("message"))
                .startsWith("ERROR: ");
        assertThat(elements(testCase(root, "UR-01-v4"), "skipped").get(0).getAttribute("message"))
                .isEqualTo("NOT APPLICABLE: the target offers no echo service");
    }

    @Test
    public void anyTextGivesValidXml() {
        Element c = testCase(xml(Samples.run(List.of(Samples.hostile("XX-01-v4"))), false), "XX-01-v4");
        assertThat(elements(c, "failure").get(0).getTextContent())
                .contains("</text></svg><script>alert(1)</script>", "]]>", "\ufffd", "\nsecond line")
                .doesNotContain("\u0000", "\u001b", "\u202e");
        assertThat(elements(c, "script")).isEmpty();
    }

    @Test
    public void sectionsAreInTheOrderOfTheirNumbers() {
        List<String> sections = new ArrayList<>(
                List.of("RFC9293.3.10.7.2", "RFC9293.3.9", "RFC793.3.9", "RFC9293.3", "RFC9293.A.1", "x"));
        sections.sort(JUnitXml::bySection);
        assertThat(sections)
                .containsExactly("RFC793.3.9", "RFC9293.3", "RFC9293.3.9", "RFC9293.3.10.7.2", "RFC9293.A.1", "x");
    }

    @Test
    public void noCaseIsValidToo() {
        assertThat(xml(Samples.run(List.of()), false).getAttribute("tests")).isEqualTo("0");
    }

    private static Element testCase(Element root, String name) {
        return elements(root, "testcase").stream()
                .filter(e -> e.getAttribute("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Element> elements(Element in, String name) {
        NodeList found = in.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    private static Element xml(RunResult run, boolean strict) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            JUnitXml.write(run, strict, out);
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(out.toByteArray()))
                    .getDocumentElement();
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new AssertionError(e);
        }
    }
}
