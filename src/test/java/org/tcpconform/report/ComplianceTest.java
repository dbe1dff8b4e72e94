package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.tcpconform.requirement.Catalogue;
import org.tcpconform.requirement.Rule;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.Conformance;
import org.tcpconform.run.RequirementResult;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Outcome;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

public class ComplianceTest {
    private static final Set<String> WITHOUT_VERDICT = Set.of("INCONCLUSIVE", "NOT_APPLICABLE", "NOT_TESTED");

    private Path dir;
    private ResultsFolder folder;
    private JsonNode results;
    private JsonNode json;
    private Document page;
    private List<List<String>> csv;
    private RunResult run;

    /** A run in which each outcome occurs at each level, with the cases of two requirements each. */
    @BeforeClass
    public void report() throws Exception {
        dir = Files.createTempDirectory("compliance-");
        folder = ResultsFolder.use(dir.resolve("out"));
        run = Samples.run(spread());
        for (CaseResult c : run.cases()) {
            if (c.capture() != null) {
                Files.write(folder.root().resolve(c.capture()), new byte[24]);
            }
        }
        Reports.writeAll(run, folder, false);
        results = ResultsJson.MAPPER.readTree(folder.resultsJson().toFile());
        json = ResultsJson.MAPPER.readTree(
                folder.root().resolve("compliance.json").toFile());
        page = parse(Files.readString(folder.root().resolve("compliance.html")));
        csv = parseCsv(Files.readString(folder.root().resolve("compliance.csv")));
    }

    @AfterClass(alwaysRun = true)
    public void deleteDir() {
        ResultsFolder.delete(dir);
    }

    private static List<CaseResult> spread() {
        List<CaseResult> cases = new ArrayList<>(Samples.mixture());
        List<Rule> rules = List.copyOf(Catalogue.get().all());
        // the last ones are named by no case
        int named = rules.size() - 30;
        for (int i = 0; i < named; i++) {
            Rule rule = rules.get(i);
            String also = rules.get((i + 7) % named).id();
            Samples.Builder b = new Samples.Builder(String.format("Z%03d-v4", i))
                    .rule(rule.level(), rule.keyword(), rule.id(), also)
                    .section(rule.rfc(), rule.section())
                    .sent("S 0:0(0) win 65535", "LISTEN");
            switch (i % 11) {
                case 0 -> b.verdict(Verdict.FAIL, "no-answer", "no answer within 1 s", "");
                case 1 -> b.verdict(Verdict.INCONCLUSIVE, "not-reproducible", "it did not show again", "");
                case 2 -> b.verdict(Verdict.NOT_APPLICABLE, "not-applicable", "the target lacks it", "");
                case 3 -> b.verdict(Verdict.ERROR, "harness", "the link is closed", "");
                default -> {}
            }
            if (i % 3 != 0) {
                cases.add(b.build());
            }
        }
        return cases;
    }

    // ---- figures

    /** How many requirements of results.json have each outcome, by any of their keys. */
    private Map<String, Map<String, Integer>> counted(java.util.function.Function<JsonNode, String> key) {
        Map<String, Map<String, Integer>> counts = new TreeMap<>();
        results.path("conformance")
                .path("requirements")
                .forEach(r -> counts.computeIfAbsent(key.apply(r), k -> new TreeMap<>())
                        .merge(r.path("outcome").asText(), 1, Integer::sum));
        return counts;
    }

    private static String level(JsonNode requirement) {
        String level = requirement.path("level").asText();
        return requirement.path("keyword").asBoolean()
                ? level
                : Map.of("MUST", "rule", "SHOULD", "advice", "MAY", "option").get(level);
    }

    @Test
    public void sampleHasAllOutcomes() {
        assertThat(counted(r -> "all").get("all")).hasSize(Outcome.values().length);
        assertThat(counted(ComplianceTest::level)).hasSize(6);
        assertThat(results.path("conformance").path("requirements"))
                .hasSize(Catalogue.get().all().size());
    }

    @Test
    public void figuresOfJsonAgreeWithTheResults() {
        assertThat(tallies(json.path("summary").path("byLevel"))).isEqualTo(counted(ComplianceTest::level));
        Map<String, Map<String, Integer>> rfcs = new TreeMap<>();
        Map<String, Map<String, Integer>> rfcLevels = new TreeMap<>();
        json.path("summary").path("byRfc").forEach(rfc -> {
            String number = rfc.path("rfc").asText();
            rfcs.put(number, tally(rfc.path("all")));
            rfc.path("byLevel")
                    .forEach(t -> rfcLevels.put(number + " " + t.path("name").asText(), tally(t)));
        });
        assertThat(rfcs).isEqualTo(counted(r -> r.path("rfc").asText()));
        assertThat(rfcLevels).isEqualTo(counted(r -> r.path("rfc").asText() + " " + level(r)));
        assertThat(tally(json.path("summary").path("all")))
                .isEqualTo(counted(r -> "all").get("all"));
        assertThat(json.path("summary").path("verdicts"))
                .isEqualTo(results.path("summary").path("verdicts"));
        assertThat(json.path("requirements"))
                .hasSameSizeAs(results.path("conformance").path("requirements"));
    }

    private static Map<String, Map<String, Integer>> tallies(JsonNode list) {
        Map<String, Map<String, Integer>> all = new TreeMap<>();
        list.forEach(t -> all.put(t.path("name").asText(), tally(t)));
        return all;
    }

    private static Map<String, Integer> tally(JsonNode tally) {
        Map<String, Integer> counts = new TreeMap<>();
        tally.path("outcomes").fields().forEachRemaining(e -> {
            if (e.getValue().asInt() > 0) {
                counts.put(e.getKey(), e.getValue().asInt());
            }
        });
        assertThat(counts.values().stream().mapToInt(n -> n).sum())
                .isEqualTo(tally.path("total").asInt());
        return counts;
    }

    @Test
    public void figuresOfThePageAgreeWithTheResults() {
        Map<String, Map<String, Integer>> levels = new TreeMap<>();
        for (Element row : elements(byId("levels"), "tr")) {
            if (row.hasAttribute("data-level")) {
                levels.put(row.getAttribute("data-level"), countsOf(row));
            }
        }
        assertThat(levels.remove("all")).isEqualTo(counted(r -> "all").get("all"));
        assertThat(levels).isEqualTo(counted(ComplianceTest::level));

        Map<String, Map<String, Integer>> rfcs = new TreeMap<>();
        for (Element row : elements(byId("rfcs"), "tr")) {
            if (row.hasAttribute("data-level")) {
                rfcs.put(row.getAttribute("data-rfc") + " " + row.getAttribute("data-level"), countsOf(row));
            }
        }
        assertThat(rfcs).isEqualTo(counted(r -> r.path("rfc").asText() + " " + level(r)));
        assertThat(countsOf(byId("tiles"))).isEqualTo(counted(r -> "all").get("all"));

        Map<String, Integer> verdicts = new TreeMap<>();
        elements(byId("verdicts"), "span")
                .forEach(e ->
                        verdicts.put(e.getAttribute("data-verdict"), Integer.parseInt(e.getAttribute("data-count"))));
        results.path("summary")
                .path("verdicts")
                .fields()
                .forEachRemaining(e -> assertThat(verdicts)
                        .containsEntry(e.getKey(), e.getValue().asInt()));
    }

    /** What the attributes say, which the text must say as well. */
    private static Map<String, Integer> countsOf(Element parent) {
        Map<String, Integer> counts = new TreeMap<>();
        int total = 0;
        for (Element e : elements(parent, "*")) {
            if (e.hasAttribute("data-count")) {
                int n = Integer.parseInt(e.getAttribute("data-count"));
                assertThat(e.getTextContent().strip()).startsWith(Integer.toString(n));
                total += n;
                if (n > 0) {
                    counts.put(e.getAttribute("data-outcome"), n);
                }
            }
        }
        for (Element e : elements(parent, "td")) {
            if (e.hasAttribute("data-total")) {
                assertThat(e.getTextContent()).isEqualTo(e.getAttribute("data-total"));
                assertThat(Integer.parseInt(e.getAttribute("data-total"))).isEqualTo(total);
            }
        }
        return counts;
    }

    @Test
    public void linesOfThePageAgreeWithTheResults() {
        List<String> wanted = lines(r -> r.path("rfc").asText() + " " + level(r));
        List<String> found = new ArrayList<>();
        for (Element row : elements(byId("requirements"), "tr")) {
            if (row.hasAttribute("data-id")) {
                found.add(row.getAttribute("data-id") + " " + row.getAttribute("data-outcome") + " "
                        + row.getAttribute("data-rfc") + " " + row.getAttribute("data-level"));
                assertThat(row.hasAttribute("hidden")).isFalse();
                assertThat(row.getTextContent())
                        .contains(Outcome.valueOf(row.getAttribute("data-outcome"))
                                .word());
                Set<String> cases = new TreeSet<>();
                elements(row, "a").stream()
                        .filter(a -> a.hasAttribute("data-case"))
                        .forEach(a -> cases.add(a.getAttribute("data-case")));
                assertThat(cases).isEqualTo(casesOf(row.getAttribute("data-id")));
            }
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(elements(byId("failed"), "article").stream()
                        .map(e -> e.getAttribute("data-failed"))
                        .toList())
                .containsExactlyInAnyOrderElementsOf(run.conformance().requirements().stream()
                        .filter(r -> r.outcome() == Outcome.FAIL)
                        .map(RequirementResult::id)
                        .toList());
    }

    @Test
    public void linesOfTheTableAgreeWithTheResults() {
        assertThat(csv.get(0)).startsWith("id", "rfc", "section", "level", "label", "text", "outcome");
        assertThat(csv.stream().skip(1).map(c -> c.get(0) + " " + c.get(6) + " " + c.get(1) + " " + c.get(3)))
                .containsExactlyElementsOf(lines(r -> r.path("rfc").asText() + " " + level(r)));
        assertThat(csv).allSatisfy(line -> assertThat(line).hasSameSizeAs(csv.get(0)));
        csv.stream()
                .skip(1)
                .forEach(c -> assertThat(Stream.of(c.get(9).split(" ")).filter(id -> !id.isEmpty()))
                        .containsExactlyInAnyOrderElementsOf(casesOf(c.get(0))));
    }

    private List<String> lines(java.util.function.Function<JsonNode, String> rest) {
        List<String> lines = new ArrayList<>();
        results.path("conformance")
                .path("requirements")
                .forEach(r -> lines.add(
                        r.path("id").asText() + " " + r.path("outcome").asText() + " " + rest.apply(r)));
        return lines;
    }

    private Set<String> casesOf(String requirement) {
        Set<String> ids = new TreeSet<>();
        results.path("cases")
                .forEach(c -> c.path("requirements").forEach(r -> {
                    if (r.asText().equals(requirement)) {
                        ids.add(c.path("id").asText());
                    }
                }));
        return ids;
    }

    @Test
    public void linesOfTheConsoleAgreeWithTheResults() {
        Pattern line = Pattern.compile("(\\S+) +(\\d+) requirements: (.+)");
        List<String> lines = ConsoleReporter.requirements(run);
        assertThat(lines).hasSize(3);
        List<String> levels = List.of("MUST", "rule", "SHOULD");
        for (int i = 0; i < 3; i++) {
            Matcher m = line.matcher(lines.get(i));
            assertThat(m.matches()).as(lines.get(i)).isTrue();
            assertThat(m.group(1)).isEqualTo(levels.get(i));
            Map<String, Integer> counts = new TreeMap<>();
            int total = 0;
            for (String part : m.group(3).split(", ")) {
                String[] words = part.split(" ", 2);
                String outcome = Stream.of(Outcome.values())
                        .filter(o -> o.word().equals(words[1]))
                        .findFirst()
                        .orElseThrow()
                        .name();
                total += Integer.parseInt(words[0]);
                if (!words[0].equals("0")) {
                    counts.put(outcome, Integer.parseInt(words[0]));
                }
            }
            assertThat(counts).isEqualTo(counted(ComplianceTest::level).get(levels.get(i)));
            assertThat(total).isEqualTo(Integer.parseInt(m.group(2)));
        }
    }

    @Test
    public void everyRequirementWithoutVerdictHasItsReason() {
        List<String> ids = new ArrayList<>();
        json.path("unjudged").forEach(kind -> {
            List<String> its = new ArrayList<>();
            kind.path("reasons").forEach(reason -> {
                assertThat(reason.path("reason").asText()).isNotBlank();
                reason.path("requirements").forEach(r -> its.add(r.asText()));
            });
            assertThat(kind.path("total").asInt()).isEqualTo(its.size());
            ids.addAll(its);
        });
        assertThat(ids)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(run.conformance().requirements().stream()
                        .filter(r -> WITHOUT_VERDICT.contains(r.outcome().name()))
                        .map(RequirementResult::id)
                        .toList());
        assertThat(json.path("unjudged").findValuesAsText("kind")).contains("inconclusive", "not applicable");
    }

    @Test
    public void reasonsOfTheLedgerAreTakenFromTheFindings() {
        List<RequirementResult> judged = List.of(
                untested("A-1", "untestable: it is internal"),
                untested("A-2", "untestable: it is internal"),
                untested("A-3", "not yet: no case so far"),
                untested("A-4", "out of scope: obsolete"),
                untested("A-5", "its cases were not selected for this run"));
        Compliance c = Compliance.of(with(new Conformance(null, List.of(), judged)), List.of(), folder);
        assertThat(c.unjudged().stream().map(u -> u.kind() + " " + u.total()))
                .containsExactly("not selected 1", "not yet 1", "untestable 2", "out of scope 1");
        assertThat(c.unjudged().get(2).reasons())
                .containsExactly(new Compliance.Reason("it is internal", List.of("A-1", "A-2")));
        assertThat(c.catalogue().sha256()).as("of another catalogue").isNull();
        assertThat(ComplianceHtml.page(c, false)).contains("of another version").contains("is not recorded");
    }

    private static RequirementResult untested(String id, String finding) {
        return new RequirementResult(
                id, 9293, "3.1", Level.MUST, true, "MUST", "Text.", Outcome.NOT_TESTED, finding, List.of());
    }

    private RunResult with(Conformance conformance) {
        return new RunResult(
                run.schema(),
                run.tool(),
                run.target(),
                run.suite(),
                run.seed(),
                run.jobs(),
                run.startedMillis(),
                run.durationMs(),
                run.environment(),
                run.preflight(),
                "stopped by a signal",
                conformance,
                List.of());
    }

    @Test
    public void catalogueIsNamedByItsHash() throws Exception {
        try (InputStream in = Catalogue.class.getResourceAsStream("requirements.json")) {
            assertThat(json.path("catalogue").path("sha256").asText())
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(in.readAllBytes())));
        }
        assertThat(json.path("catalogue").path("requirements").asInt())
                .isEqualTo(Catalogue.get().all().size());
    }

    @Test
    public void everyRfcOfTheCatalogueHasATitle() {
        assertThat(Catalogue.get().all())
                .allSatisfy(rule -> assertThat(Sections.title(rule.rfc()))
                        .as("RFC " + rule.rfc())
                        .isNotEmpty());
    }

    @Test
    public void expectedDeviationIsShownAndCountsAsFailure() {
        CaseResult c = Samples.wrongAck("HP-07-v4");
        RunResult one = Samples.run(List.of(c));
        Compliance.Deviation deviation =
                new Compliance.Deviation("HP-07-v4", "known <defect>, to be mended in 3.1", "BUG-77");
        Compliance compliance = Compliance.of(one, List.of(deviation), folder);
        assertThat(compliance.requirements().stream().filter(r -> r.outcome() == Outcome.FAIL))
                .hasSize(1)
                .allMatch(Compliance.Line::expected);
        assertThat(ComplianceHtml.page(compliance, false))
                .contains("data-deviation=\"HP-07-v4\"")
                .contains("known &lt;defect&gt;, to be mended in 3.1")
                .contains("BUG-77")
                .contains("breaks 1 binding requirement");
        assertThat(Compliance.of(one, List.of(), folder).requirements()).noneMatch(Compliance.Line::expected);
    }

    // ---- the page

    @Test
    public void pageAsksNobodyAndRunsOnlyItsOwnScript() throws Exception {
        List<CaseResult> cases = Samples.mixture();
        cases.add(Samples.hostile("XX-01-v4"));
        RunResult hostile = Samples.run(cases);
        RunResult named = new RunResult(
                hostile.schema(),
                hostile.tool(),
                new RunResult.Target(
                        "</style><script>" + Samples.HOSTILE, Samples.HOSTILE, List.of(Samples.HOSTILE), Map.of()),
                Samples.HOSTILE,
                1,
                1,
                hostile.startedMillis(),
                1,
                Map.of(Samples.HOSTILE, Samples.HOSTILE),
                List.of(new RunResult.Check(Samples.HOSTILE, false, Samples.HOSTILE)),
                Samples.HOSTILE,
                hostile.conformance(),
                cases);
        String html = ComplianceHtml.page(
                Compliance.of(
                        named,
                        List.of(new Compliance.Deviation("XX-01-v4", Samples.HOSTILE, "http://x" + Samples.HOSTILE)),
                        folder),
                false);
        Document parsed = parse(html);
        List<Element> all = elements(parsed.getDocumentElement(), "*");
        assertThat(all)
                .noneMatch(e -> Set.of("img", "link", "iframe", "object", "image", "use")
                        .contains(e.getTagName()))
                .noneMatch(e -> e.hasAttribute("src") || e.hasAttribute("style"));
        assertThat(all.stream().filter(e -> e.hasAttribute("href")).map(e -> e.getAttribute("href")))
                .allMatch(href -> href.matches("(#|captures/|ladders/|allure-report/index\\.html#).*"));
        assertThat(html).doesNotContain("@import").doesNotContainPattern("url\\((?!#)");
        assertThat(html.codePoints().filter(c -> c < ' ' && c != '\n' && c != '\t'))
                .isEmpty();
        String policy = elements(parsed.getDocumentElement(), "meta").get(1).getAttribute("content");
        assertThat(policy).startsWith("default-src 'none';").doesNotContain("unsafe");
        for (String tag : List.of("script", "style")) {
            List<Element> found = elements(parsed.getDocumentElement(), tag);
            assertThat(found).hasSize(1);
            assertThat(policy)
                    .contains(tag + "-src 'sha256-"
                            + Base64.getEncoder()
                                    .encodeToString(MessageDigest.getInstance("SHA-256")
                                            .digest(found.get(0)
                                                    .getTextContent()
                                                    .getBytes(StandardCharsets.UTF_8)))
                            + "'");
        }
    }

    @Test
    public void linksLeadSomewhere() {
        Set<String> ids = new TreeSet<>();
        elements(page.getDocumentElement(), "*").forEach(e -> ids.add(e.getAttribute("id")));
        int files = 0;
        for (Element a : elements(page.getDocumentElement(), "a")) {
            String href = a.getAttribute("href");
            if (href.startsWith("#")) {
                assertThat(ids).contains(href.substring(1));
            } else {
                files++;
                assertThat(folder.root().resolve(href.replaceFirst("#.*", ""))).isRegularFile();
            }
        }
        assertThat(files).isGreaterThan(1000);
    }

    @Test
    public void captureOutsideOfTheFolderIsNotLinked() {
        CaseResult c = Samples.passing("../../../../../../etc/passwd");
        assertThat(c.capture()).startsWith("captures/../../");
        assertThat(Compliance.of(Samples.run(List.of(c)), List.of(), folder).requirements())
                .allMatch(r -> r.capture() == null);
    }

    @Test
    public void pageForPaperHasNoLinkToAFile() throws Exception {
        Document paper = parse(ComplianceHtml.page(Compliance.of(run, List.of(), folder), true));
        assertThat(elements(paper.getDocumentElement(), "a"))
                .allMatch(a -> a.getAttribute("href").startsWith("#"));
    }

    @Test
    public void sameRunGivesTheSamePage() {
        assertThat(ComplianceHtml.page(Compliance.of(run, List.of(), folder), false))
                .isEqualTo(ComplianceHtml.page(Compliance.of(run, List.of(), folder), false));
    }

    // ---- JSON and CSV

    @Test
    public void jsonKeepsItsSchema() throws IOException {
        assertThat(problems(json.toString())).isEmpty();
        List<CaseResult> hostile = List.of(Samples.hostile("XX-01-v4"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ComplianceFiles.json(Compliance.of(Samples.run(hostile), List.of(), folder), out);
        assertThat(problems(out.toString(StandardCharsets.UTF_8))).isEmpty();
        out.reset();
        ComplianceFiles.json(Compliance.of(with(new Conformance(null, List.of(), List.of())), List.of(), folder), out);
        assertThat(problems(out.toString(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    public void schemaRejectsWhatIsWrong() throws IOException {
        String good = json.toString();
        for (String[] change : new String[][] {
            {"\"outcome\":\"PASS\"", "\"outcome\":\"GOOD\""},
            {"\"schema\":\"1.0\"", "\"schema\":\"2.0\""},
            {"\"finding\":", "\"found\":"},
            {"\"support\":\"Yes\"", "\"support\":\"maybe\""},
            {"\"NOT_TESTED\":", "\"UNTESTED\":"},
            {"\"sha256\":\"", "\"sha256\":\"x"}
        }) {
            String bad = good.replaceFirst(Pattern.quote(change[0]), Matcher.quoteReplacement(change[1]));
            assertThat(bad).as(change[0]).isNotEqualTo(good);
            assertThat(problems(bad)).as(change[1]).isNotEmpty();
        }
    }

    private static Set<ValidationMessage> problems(String document) throws IOException {
        try (InputStream schema = ComplianceTest.class.getResourceAsStream("compliance.schema.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(schema)
                    .validate(ResultsJson.MAPPER.readTree(document));
        }
    }

    @DataProvider
    public static Object[][] cells() {
        return new Object[][] {
            {"plain", "plain"},
            {"", ""},
            {"a,b", "\"a,b\""},
            {"say \"x\"", "\"say \"\"x\"\"\""},
            {"two\nlines", "\"two\nlines\""},
            {"=1+1", "'=1+1"},
            {"+1", "'+1"},
            {"-1", "'-1"},
            {"@SUM(A1)", "'@SUM(A1)"},
            {"\t=1", "'\t=1"},
            {"\r=1", "\"'\r=1\""},
            {"\uFF1D1", "'\uFF1D1"},
            {"=HYPERLINK(\"http://x\",1)", "\"'=HYPERLINK(\"\"http://x\"\",1)\""},
            {"a\u0000b", "a\uFFFDb"},
        };
    }

    @Test(dataProvider = "cells")
    public void cellIsNoFormulaAndStaysInItsPlace(String text, String cell) {
        assertThat(ComplianceFiles.cell(text)).isEqualTo(cell);
    }

    @Test
    public void linesOfTheTableEndAsRfc4180HasIt() throws IOException {
        String text = Files.readString(folder.root().resolve("compliance.csv"));
        assertThat(text).endsWith("\r\n").doesNotContain("\uFEFF");
        assertThat(text.split("\r\n")).hasSize(1 + Catalogue.get().all().size());
    }

    // ---- size

    @Test
    public void twoThousandCasesAreReportedInTime() throws IOException {
        List<Rule> rules = List.copyOf(Catalogue.get().all());
        List<CaseResult> cases = IntStream.range(0, 2000)
                .mapToObj(i -> new Samples.Builder(String.format("C%04d-v%d", i / 2, i % 2 == 0 ? 4 : 6))
                        .rule(
                                Level.MUST,
                                true,
                                rules.get(i % rules.size()).id(),
                                rules.get(i % 50).id())
                        .sent("S 0:0(0) win 65535", "LISTEN")
                        .build())
                .toList();
        RunResult large = Samples.run(cases);
        long start = System.nanoTime();
        Compliance compliance = Compliance.of(large, List.of(), folder);
        String html = ComplianceHtml.page(compliance, false);
        ComplianceFiles.json(compliance, new ByteArrayOutputStream());
        ComplianceFiles.csv(compliance, new ByteArrayOutputStream());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(html.length()).isLessThan(5_000_000);
    }

    // ---- tools of these tests

    private Element byId(String id) {
        return elements(page.getDocumentElement(), "*").stream()
                .filter(e -> e.getAttribute("id").equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<Element> elements(Element parent, String tag) {
        NodeList nodes = parent.getElementsByTagName(tag);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    /** The page is XML as well, so that this says whether all text is escaped. */
    private static Document parse(String html) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html.strip())));
    }

    /** By the grammar of RFC 4180. */
    private static List<List<String>> parseCsv(String text) {
        List<List<String>> lines = new ArrayList<>();
        List<String> line = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c != '"') {
                    cell.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    cell.append(text.charAt(++i));
                } else {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',' || c == '\n') {
                line.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    lines.add(line);
                    line = new ArrayList<>();
                }
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        return lines;
    }
}
