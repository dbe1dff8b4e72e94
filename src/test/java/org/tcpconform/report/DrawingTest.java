package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.tcpconform.run.CaseResult;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Series;
import org.tcpconform.verdict.Step;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Ladders and plots. Whether they are pleasant to look at, a person has to say; what they hold is checked here. */
public class DrawingTest {
    private static final double WIDEST_CHARACTER = 6.7;

    @DataProvider
    public Object[] cases() {
        List<CaseResult> cases = Samples.mixture();
        cases.add(Samples.hostile("XX-01-v4"));
        return cases.toArray();
    }

    @Test
    public void timesHaveMicrosecondsUnlessTheyAreLong() {
        assertThat(Ladder.millis(0)).isEqualTo("0.000");
        assertThat(Ladder.millis(1_234_500)).isEqualTo("1.235");
        assertThat(Ladder.millis(-1_234_499)).isEqualTo("-1.234");
        assertThat(Ladder.millis(99_998_999_600L)).isEqualTo("99999.000");
        assertThat(Ladder.millis(190_000_500_000L)).isEqualTo("190001");
    }

    @Test(dataProvider = "cases")
    public void ladderIsValidAndSelfContained(CaseResult c) {
        Element svg = parse(Ladder.svg(c));
        List<String> allowed = List.of("svg", "title", "rect", "text", "line", "path", "circle", "g");
        assertThat(elements(svg, "*")).extracting(Node::getNodeName).isSubsetOf(allowed);
        assertThat(Ladder.svg(c).replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("<script", "<style", "<img", " href", "url(");
    }

    @Test(dataProvider = "cases")
    public void nothingLiesOutsideOfTheLadder(CaseResult c) {
        Element svg = parse(Ladder.svg(c));
        double width = Double.parseDouble(svg.getAttribute("width"));
        double height = Double.parseDouble(svg.getAttribute("height"));
        for (Element text : elements(svg, "text")) {
            assertThat(number(text, "y")).isBetween(0.0, height);
            Element group = (Element) text.getParentNode();
            boolean label = group.getAttribute("font-family").contains("mono");
            if (label) {
                double end = number(text, "x") + Text.columns(text.getTextContent()) * WIDEST_CHARACTER;
                assertThat(end).as(text.getTextContent()).isLessThan(width);
            }
        }
    }

    @Test(dataProvider = "cases")
    public void linesOfTextKeepTheirDistance(CaseResult c) {
        List<Element> left = elements(parse(Ladder.svg(c)), "text").stream()
                .filter(t -> t.getAttribute("text-anchor").isEmpty() && number(t, "x") < 400)
                .toList();
        for (int i = 1; i < left.size(); i++) {
            assertThat(number(left.get(i), "y") - number(left.get(i - 1), "y"))
                    .as(left.get(i).getTextContent())
                    .isGreaterThan(12);
        }
    }

    @Test
    public void ladderHasEveryWordOfTheCase() {
        CaseResult c = Samples.longTrace("SA-04-v4");
        String all = words(parse(Ladder.svg(c)));
        for (Step step : c.steps()) {
            String text = step.text().replaceFirst("^[<>] ", "").replace(" ", "");
            assertThat(all).contains(text, step.detail().replace(" ", ""), step.state());
        }
        assertThat(all).contains("tester", "target", "0.000", "1.500");
    }

    @Test
    public void offenderIsRedAndThick() {
        String svg = Ladder.svg(Samples.wrongAck("HP-07-v4"));
        assertThat(elements(parse(svg), "line").stream()
                        .filter(l -> l.getAttribute("stroke").equals(Svg.RED)))
                .hasSize(1)
                .allSatisfy(l -> assertThat(number(l, "stroke-width")).isGreaterThan(2));
        assertThat(Ladder.svg(Samples.passing("HP-01-v4"))).doesNotContain(Svg.RED);
    }

    @Test
    public void arrowsPointTheirWayAndDown() {
        List<Element> arrows = elements(parse(Ladder.svg(Samples.passing("HP-01-v4"))), "line").stream()
                .filter(l -> l.getAttribute("stroke").equals("#0550ae"))
                .toList();
        assertThat(arrows).hasSize(6);
        assertThat(arrows).allSatisfy(a -> assertThat(number(a, "y2")).isGreaterThan(number(a, "y1")));
        assertThat(arrows)
                .extracting(a -> number(a, "x2") > number(a, "x1"))
                .containsExactly(true, false, true, true, false, true);
    }

    @Test
    public void connectionsHaveNumbersOnlyWhereThereAreSeveral() {
        assertThat(elements(parse(Ladder.svg(Samples.twoConnections("HO-02-v4"))), "text"))
                .extracting(Node::getTextContent)
                .contains("1", "2", "1 SYN-RECEIVED", "2 CLOSED");
        assertThat(elements(parse(Ladder.svg(Samples.passing("HP-01-v4"))), "text"))
                .extracting(Node::getTextContent)
                .doesNotContain("1")
                .contains("SYN-RECEIVED");
    }

    @Test
    public void floodIsShortened() {
        Samples.Builder b = new Samples.Builder("FL-01-v4").rule(Level.MUST, false, "R");
        for (int i = 0; i < 5000; i++) {
            b.after(0.01).step(Step.Kind.SENT, "< S 0:0(0) win " + i, "", "", 1, i == 2500);
        }
        String svg = Ladder.svg(b.build());
        assertThat(svg).hasSizeLessThan(400_000).contains("lines are left out", "win 0<", "win 2500<", "win 4999<");
    }

    @Test
    public void histogramSaysMedianAndP99() {
        double[] values = new double[200];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        Element svg = parse(Plot.svg(new Series("latency", Series.Shape.HISTOGRAM, "µs", new double[0], values)));
        assertThat(elements(svg, "text"))
                .extracting(Node::getTextContent)
                .contains("latency", "median 101 µs", "p99 198 µs", "µs", "count", "50", "200");
    }

    @Test
    public void histogramShowsFarValuesApart() {
        double[] values = new double[200];
        java.util.Arrays.setAll(values, i -> i < 195 ? 80 + i % 20 : 5000);
        String svg = Plot.svg(new Series("latency", Series.Shape.HISTOGRAM, "µs", new double[0], values));
        assertThat(svg).contains(">more<", ">5<", "greatest 5,000 µs");
    }

    @Test
    public void scatterHasAxesWithUnits() {
        Series isn = Samples.measured("IS-01-v4").series().get(1);
        Element svg = parse(Plot.svg(isn));
        assertThat(elements(svg, "circle")).hasSize(400);
        assertThat(elements(svg, "text"))
                .extracting(Node::getTextContent)
                .contains("sequence number  (×10⁹)", "ms since the first connection", "0", "1", "4", "800");
    }

    @DataProvider
    public Object[] oddValues() {
        return new Object[] {
            new double[0],
            new double[] {5},
            new double[] {0, 0, 0},
            new double[] {3, 3, 3, 3},
            new double[] {-1e300, 1e300},
            new double[] {1e-12, 2e-12},
            new double[] {4294967295.0, 4294967295.0},
            new double[] {-5, 5}
        };
    }

    @Test(dataProvider = "oddValues", timeOut = 10_000)
    public void oddValuesGiveAPictureToo(double[] values) {
        for (Series.Shape shape : Series.Shape.values()) {
            String svg = Plot.svg(new Series("x", shape, "", new double[0], values));
            parse(svg);
            assertThat(svg).doesNotContain("NaN", "Infinity").hasSizeLessThan(100_000);
        }
    }

    @Test
    public void plotEscapesItsWords() {
        String svg = Plot.svg(Samples.hostile("XX-01-v4").series().get(0));
        parse(svg);
        assertThat(svg).doesNotContain("<script", "<img");
    }

    private static String words(Element svg) {
        StringBuilder all = new StringBuilder();
        elements(svg, "text").forEach(t -> all.append(t.getTextContent()));
        return all.toString().replace(" ", "");
    }

    private static double number(Element e, String attribute) {
        return Double.parseDouble(e.getAttribute(attribute));
    }

    private static List<Element> elements(Element in, String name) {
        NodeList found = in.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    private static Element parse(String svg) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                    .getDocumentElement();
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new AssertionError(svg, e);
        }
    }
}
