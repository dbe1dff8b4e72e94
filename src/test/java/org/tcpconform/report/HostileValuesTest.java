package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.vladsch.flexmark.ext.tables.TablesExtension;
import com.vladsch.flexmark.html.HtmlRenderer;
import com.vladsch.flexmark.parser.Parser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunResult;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Whatever text a target, a target file or an expectations file brings in stays text: the reports of a run in which every
 * text is hostile have the elements and attributes of those of the same run with harmless texts, and no others.
 */
public class HostileValuesTest {
    private static final String HOSTILE = " \"><script>alert(1)</script><img src=x onerror='alert(2)'> </title></style>"
            + " ]]> --> <!-- &#60;b&#62; ${7*7} javascript:alert(3) [a](javascript:alert(4)) `|` \u0000\u0007\u001b[2J"
            + " \ud800 \u202e " + Samples.HOSTILE;

    private static final String HARMLESS = " some words that stand for themselves";

    /** Ours, or of a fixed form: they are looked up, or make names of files. */
    private static final Set<String> FIXED =
            Set.of("id", "code", "capture", "requirements", "requirement", "schema", "unused");

    /** A text that is longer takes more lines. */
    private static final Set<String> WRAPPED = Set.of("text", "tspan");

    private Path dir;
    /** Texts that were made hostile, by the keys that lead to them. */
    private final Set<String> places = new TreeSet<>();

    private Map<String, Path> hostile;
    private Map<String, Path> harmless;

    @BeforeClass
    public void write() throws IOException {
        dir = Files.createTempDirectory("hostile-values");
        hostile = written("hostile", HOSTILE);
        harmless = written("harmless", HARMLESS);
    }

    @AfterClass(alwaysRun = true)
    public void deleteDir() {
        ResultsFolder.delete(dir);
    }

    /** All outputs of a run whose texts all end in {@code suffix}, by their names. */
    private Map<String, Path> written(String name, String suffix) throws IOException {
        RunResult governed = Samples.governed();
        List<CaseResult> cases = new ArrayList<>(governed.cases());
        cases.addAll(List.of(Samples.measured("IS-01-v4"), Samples.longTrace("SA-04-v4"), Samples.error("LI-09-v4")));
        RunResult run = new RunResult(
                governed.schema(),
                governed.tool(),
                governed.target(),
                governed.suite(),
                governed.seed(),
                governed.jobs(),
                governed.startedMillis(),
                governed.durationMs(),
                governed.environment(),
                governed.preflight(),
                "interrupted",
                governed.conformance(),
                cases,
                governed.expectations());
        ObjectNode tree = ResultsJson.MAPPER.valueToTree(run);
        change(tree, tree, "", suffix);
        RunResult changed = ResultsJson.MAPPER.treeToValue(tree, RunResult.class);
        ResultsFolder folder = ResultsFolder.use(dir.resolve(name));
        Reports.writeAll(changed, folder, true);
        Reports.compare(
                List.of(folder.root(), folder.root()), dir.resolve(name + "-matrix/matrix.html"), changed.tool());
        Map<String, Path> files = new LinkedHashMap<>();
        for (Path root : List.of(folder.root(), dir.resolve(name + "-matrix"))) {
            try (Stream<Path> all = Files.walk(root)) {
                all.filter(Files::isRegularFile)
                        .forEach(f -> files.put(root.relativize(f).toString(), f));
            }
        }
        return files;
    }

    /** Adds the suffix to every text with which the whole can still be read; a word of a fixed list cannot be changed. */
    private void change(ObjectNode root, JsonNode node, String place, String suffix) {
        if (node instanceof ObjectNode object) {
            List<String> keys = new ArrayList<>();
            object.fieldNames().forEachRemaining(keys::add);
            for (String key : keys) {
                if (!FIXED.contains(key)) {
                    String below = place + "." + key;
                    JsonNode value = object.get(key);
                    if (value.isTextual()) {
                        object.put(key, value.asText() + suffix);
                        keep(root, below, () -> object.set(key, value));
                    } else {
                        change(root, value, below, suffix);
                    }
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode value = array.get(i);
                int index = i;
                if (value.isTextual()) {
                    array.set(i, TextNode.valueOf(value.asText() + suffix));
                    keep(root, place, () -> array.set(index, value));
                } else {
                    change(root, value, place, suffix);
                }
            }
        }
    }

    private final Map<String, Boolean> free = new TreeMap<>();

    private void keep(ObjectNode root, String place, Runnable undo) {
        boolean readable = free.computeIfAbsent(place, p -> {
            try {
                ResultsJson.MAPPER.treeToValue(root, RunResult.class);
                return true;
            } catch (JsonProcessingException | IllegalArgumentException e) {
                return false;
            }
        });
        if (readable) {
            places.add(place);
        } else {
            undo.run();
        }
    }

    /** Elements, and attributes with their elements, with how often each is there. */
    private static Map<String, Integer> shape(Element document) {
        Map<String, Integer> shape = new TreeMap<>();
        for (Element e : document.getAllElements()) {
            shape.merge(e.normalName(), 1, Integer::sum);
            e.attributes().forEach(a -> {
                shape.merge(e.normalName() + " " + a.getKey(), 1, Integer::sum);
                assertThat(a.getValue().strip().toLowerCase(java.util.Locale.ROOT))
                        .as("%s %s", e.normalName(), a.getKey())
                        .doesNotStartWith("javascript:");
            });
        }
        return shape;
    }

    /** As {@link #shape(Element)}, of XML, which has to be well-formed. */
    private static Map<String, Integer> xmlShape(Path file) throws Exception {
        Map<String, Integer> shape = new TreeMap<>();
        NodeList all = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            Node e = all.item(i);
            boolean wrapped = WRAPPED.contains(e.getNodeName());
            shape.merge(e.getNodeName(), wrapped ? 0 : 1, Integer::sum);
            for (int j = 0; j < e.getAttributes().getLength(); j++) {
                shape.merge(
                        e.getNodeName() + " " + e.getAttributes().item(j).getNodeName(), wrapped ? 0 : 1, Integer::sum);
            }
        }
        return shape;
    }

    @Test
    public void hostileTextsAreEverywhere() {
        assertThat(places)
                .contains(
                        ".target.name",
                        ".target.description",
                        ".suite",
                        ".aborted",
                        ".cases.title",
                        ".cases.tags",
                        ".cases.remarks",
                        ".cases.failure.summary",
                        ".cases.failure.text",
                        ".cases.steps.text",
                        ".cases.steps.detail",
                        ".cases.steps.state",
                        ".cases.series.name",
                        ".cases.expectation.reason",
                        ".cases.expectation.reference",
                        ".conformance.features.evidence",
                        ".expectations.remarks")
                .hasSizeGreaterThan(25);
        assertThat(hostile.keySet()).contains("compliance.html", "junit.xml", "summary.md", "matrix.html");
    }

    @DataProvider
    public Object[][] pages() {
        return new Object[][] {{"compliance.html"}, {"matrix.html"}, {"allure-report/index.html"}};
    }

    @Test(dataProvider = "pages")
    public void pageHasNoElementOfTheirs(String name) throws IOException {
        assertThat(shape(Jsoup.parse(Files.readString(hostile.get(name)))))
                .isEqualTo(shape(Jsoup.parse(Files.readString(harmless.get(name)))));
    }

    @Test
    public void markdownHasNoElementOfTheirs() throws IOException {
        assertThat(shape(rendered(hostile.get("summary.md")))).isEqualTo(shape(rendered(harmless.get("summary.md"))));
    }

    private static Element rendered(Path markdown) throws IOException {
        List<TablesExtension> tables = List.of(TablesExtension.create());
        return Jsoup.parse(HtmlRenderer.builder()
                .extensions(tables)
                .build()
                .render(Parser.builder().extensions(tables).build().parse(Files.readString(markdown))));
    }

    @Test
    public void junitHasNoElementOfTheirs() throws Exception {
        assertThat(xmlShape(hostile.get("junit.xml"))).isEqualTo(xmlShape(harmless.get("junit.xml")));
    }

    @Test
    public void picturesHaveNoElementOfTheirs() throws Exception {
        List<String> pictures =
                hostile.keySet().stream().filter(n -> n.endsWith(".svg")).toList();
        assertThat(pictures).hasSizeGreaterThan(5);
        Set<String> usual = new TreeSet<>();
        for (Map.Entry<String, Path> file : harmless.entrySet()) {
            if (file.getKey().endsWith(".svg")) {
                usual.addAll(xmlShape(file.getValue()).keySet());
            }
        }
        assertThat(usual).doesNotContain("script", "img", "foreignObject", "a", "style");
        for (String name : pictures) {
            assertThat(xmlShape(hostile.get(name)).keySet()).as(name).isSubsetOf(usual);
        }
    }

    /** The page shows these as HTML. */
    @Test
    public void descriptionsInAllureHaveNoElementOfTheirs() throws IOException {
        assertThat(descriptions(hostile)).isEqualTo(descriptions(harmless)).isNotEmpty();
        assertThat(embedded(hostile)).isEqualTo(embedded(harmless)).isNotEmpty();
    }

    private static List<Map<String, Integer>> descriptions(Map<String, Path> files) throws IOException {
        List<Map<String, Integer>> shapes = new ArrayList<>();
        for (Path file : new TreeMap<>(files).values()) {
            if (file.toString().endsWith("-result.json")) {
                html(ResultsJson.MAPPER.readTree(file.toFile()), shapes);
            }
        }
        return shapes;
    }

    /** The same in the data that the page has in itself. */
    private static List<Map<String, Integer>> embedded(Map<String, Path> files) throws IOException {
        List<Map<String, Integer>> shapes = new ArrayList<>();
        Matcher data = Pattern.compile("(?m)^d\\('([^']+\\.json)','([^']*)'\\);$")
                .matcher(Files.readString(files.get("allure-report/index.html")));
        while (data.find()) {
            html(
                    ResultsJson.MAPPER.readTree(
                            new String(Base64.getDecoder().decode(data.group(2)), StandardCharsets.UTF_8)),
                    shapes);
        }
        shapes.sort(java.util.Comparator.comparing(Map::toString));
        return shapes;
    }

    private static void html(JsonNode node, List<Map<String, Integer>> shapes) {
        node.findValues("descriptionHtml").stream()
                .filter(JsonNode::isTextual)
                .forEach(html -> shapes.add(shape(Jsoup.parseBodyFragment(html.asText()))));
    }
}
