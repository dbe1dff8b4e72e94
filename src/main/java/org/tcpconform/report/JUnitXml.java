package org.tcpconform.report;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.Gate;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Verdict;

/**
 * {@code junit.xml} for build servers: one test suite for each RFC section, one test case for each case.
 *
 * <p>A build server paints a build red as soon as there is one {@code failure}, and JUnit has no warnings. So
 * {@code failure} stands for exactly what makes the run fail: a FAIL of MUST, and with {@code --strict} of SHOULD; with
 * expectations, what is not as expected. A FAIL that does not gate is {@code skipped} and says so in its message, with the
 * finding in {@code system-out}: visible, but not red. So is all that is expected. Else INCONCLUSIVE and ERROR are
 * {@code error}, NOT_APPLICABLE is {@code skipped}.
 */
public final class JUnitXml {
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ISO_LOCAL_DATE_TIME;

    private enum Outcome {
        PASSED,
        FAILURE,
        ERROR,
        SKIPPED
    }

    private final XMLStreamWriter xml;
    private final Gate gate;

    private JUnitXml(XMLStreamWriter xml, Gate gate) {
        this.xml = xml;
        this.gate = gate;
    }

    /**
     * Writes the run.
     *
     * @param strict whether a FAIL of SHOULD makes the run fail
     */
    public static void write(RunResult run, boolean strict, OutputStream out) throws IOException {
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out, "UTF-8");
            new JUnitXml(xml, Gate.of(run, strict)).run(run);
            xml.close();
        } catch (XMLStreamException e) {
            if (e.getNestedException() instanceof IOException io) {
                throw io;
            }
            throw new IOException(e.getMessage(), e);
        }
    }

    private void run(RunResult run) throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        line(0);
        xml.writeStartElement("testsuites");
        attribute("name", "tcpconform " + run.suite());
        counts(run.cases());
        attribute("time", seconds(run.durationMs()));
        Map<String, List<CaseResult>> bySection = run.cases().stream()
                .collect(Collectors.groupingBy(
                        JUnitXml::className, () -> new TreeMap<>(JUnitXml::bySection), Collectors.toList()));
        for (Map.Entry<String, List<CaseResult>> section : bySection.entrySet()) {
            suite(section.getKey(), section.getValue(), run);
        }
        line(0);
        xml.writeEndElement();
        line(0);
        xml.writeEndDocument();
    }

    private void suite(String name, List<CaseResult> cases, RunResult run) throws XMLStreamException {
        CaseResult any = cases.get(0);
        line(1);
        xml.writeStartElement("testsuite");
        attribute("name", name);
        counts(cases);
        attribute(
                "time",
                seconds(cases.stream().mapToDouble(CaseResult::durationMs).sum()));
        attribute(
                "timestamp",
                TIMESTAMP.format(Instant.ofEpochMilli(run.startedMillis())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .atOffset(ZoneOffset.UTC)));
        line(2);
        xml.writeStartElement("properties");
        property(3, "target", run.target().name());
        property(3, "suite", run.suite());
        property(3, "seed", Long.toString(run.seed()));
        property(3, "section", Sections.named(any.rfc(), any.section()));
        line(2);
        xml.writeEndElement();
        for (CaseResult c : cases) {
            testCase(c);
        }
        line(1);
        xml.writeEndElement();
    }

    private void testCase(CaseResult c) throws XMLStreamException {
        line(2);
        xml.writeStartElement("testcase");
        attribute("name", c.id());
        attribute("classname", className(c));
        attribute("time", seconds(c.durationMs()));
        line(3);
        xml.writeStartElement("properties");
        property(4, "title", c.title());
        property(4, "requirements", String.join(" ", c.requirements()));
        property(4, "level", c.level().label(c.keyword()));
        property(4, "verdict", c.verdict().name());
        if (c.capture() != null) {
            property(4, "capture", c.capture());
        }
        line(3);
        xml.writeEndElement();
        outcome(c);
        line(2);
        xml.writeEndElement();
    }

    private void outcome(CaseResult c) throws XMLStreamException {
        Failure failure = Text.failure(c);
        String text = failure.text().isEmpty() ? failure.summary() : Text.finding(c);
        String remarks = String.join("\n", c.remarks());
        Outcome outcome = kind(c);
        String known = gate.remark(c);
        String heading = Text.heading(c) + (known.isEmpty() ? "" : " (" + known + ")");
        switch (outcome) {
            case PASSED -> {}
            case SKIPPED -> {
                line(3);
                xml.writeEmptyElement("skipped");
                boolean lenient = c.verdict() == Verdict.FAIL;
                String why = lenient && known.isEmpty() ? " (does not gate): " : ": ";
                attribute("message", heading + why + failure.summary());
                remarks = lenient ? (text + "\n\n" + remarks).strip() : remarks;
            }
            case FAILURE, ERROR -> {
                line(3);
                xml.writeStartElement(outcome == Outcome.FAILURE ? "failure" : "error");
                attribute("type", c.verdict() == Verdict.PASS ? "unexpected-pass" : failure.code());
                attribute("message", heading + ": " + failure.summary());
                xml.writeCharacters(Text.legal(text));
                xml.writeEndElement();
            }
        }
        if (!remarks.isEmpty()) {
            line(3);
            xml.writeStartElement("system-out");
            xml.writeCharacters(Text.legal(remarks));
            xml.writeEndElement();
        }
    }

    private Outcome kind(CaseResult c) {
        if (gate.red(c)) {
            return Outcome.FAILURE;
        }
        if (c.expected()) {
            return Outcome.SKIPPED;
        }
        return switch (c.verdict()) {
            case PASS -> Outcome.PASSED;
            case FAIL -> Outcome.SKIPPED;
            case INCONCLUSIVE, ERROR -> Outcome.ERROR;
            case NOT_APPLICABLE -> Outcome.SKIPPED;
        };
    }

    private void counts(List<CaseResult> cases) throws XMLStreamException {
        attribute("tests", Integer.toString(cases.size()));
        attribute("failures", count(cases, Outcome.FAILURE));
        attribute("errors", count(cases, Outcome.ERROR));
        attribute("skipped", count(cases, Outcome.SKIPPED));
    }

    private String count(List<CaseResult> cases, Outcome outcome) {
        return Long.toString(cases.stream().filter(c -> kind(c) == outcome).count());
    }

    /** {@code RFC9293.3.10.7.2}: build servers read it as a package and a class, and so group by section. */
    static String className(CaseResult c) {
        String section = Sections.first(c.section());
        String rfc = c.rfc() > 0 ? "RFC" + c.rfc() : "tcpconform";
        return section.isEmpty() ? rfc : rfc + "." + section;
    }

    /** Numbers by their value, so that section 3.10 follows 3.9. */
    static int bySection(String a, String b) {
        String[] left = a.split("\\.");
        String[] right = b.split("\\.");
        int differs = Arrays.mismatch(left, right);
        if (differs < 0) {
            return 0;
        }
        if (differs >= left.length || differs >= right.length) {
            return Integer.compare(left.length, right.length);
        }
        try {
            return Integer.compare(number(left[differs]), number(right[differs]));
        } catch (NumberFormatException e) {
            return left[differs].compareTo(right[differs]);
        }
    }

    private static int number(String part) {
        return Integer.parseInt(part.replaceFirst("^RFC", ""));
    }

    private void property(int depth, String name, String value) throws XMLStreamException {
        line(depth);
        xml.writeEmptyElement("property");
        attribute("name", name);
        attribute("value", value == null ? "" : value);
    }

    private void attribute(String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, Text.legal(value).replace('\n', ' '));
    }

    private void line(int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
    }

    private static String seconds(double millis) {
        return String.format(Locale.ROOT, "%.3f", millis / 1000);
    }
}
