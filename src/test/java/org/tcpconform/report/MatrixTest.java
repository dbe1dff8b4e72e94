package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.tcpconform.requirement.Catalogue;
import org.tcpconform.requirement.Rule;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.Expectation;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Verdict;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;
import org.xml.sax.InputSource;

public class MatrixTest {
    private static final RunResult.Tool TOOL = new RunResult.Tool("tcpconform", "0.1.0", "c70d470");
    private static final Pattern PACKET =
            Pattern.compile("<script type=\"text/plain\" class=\"packet\">([^<]*)</script>");

    private Path dir;
    private Path first;
    private Path second;
    private Path page;
    private String html;
    private JsonNode json;

    /** Two targets: they agree on a failure, differ in a verdict and in a cause, and each has a case of its own. */
    @BeforeClass
    public void compare() throws IOException {
        dir = Files.createTempDirectory("matrix-");
        first = write(
                "first run",
                named(
                        "linux",
                        Samples.passing("HP-01-v4"),
                        Samples.wrongAck("HP-07-v4")
                                .withExpectation(new Expectation(
                                        Expectation.State.EXPECTED,
                                        Verdict.FAIL,
                                        "an old stack",
                                        "RFC 9293",
                                        "x.yaml",
                                        4)),
                        Samples.twoConnections("HO-02-v4"),
                        Samples.silent("LI-01-v4"),
                        Samples.hostile("XX-01-v4")));
        second = write(
                "second",
                named(
                        Samples.HOSTILE,
                        Samples.wrongAck("HP-01-v4"),
                        Samples.wrongAck("HP-07-v4"),
                        new Samples.Builder("HO-02-v4")
                                .rule(Level.SHOULD, true, "RFC9293-SHLD-4")
                                .verdict(Verdict.FAIL, "wrong-ack", "another cause", "")
                                .build(),
                        Samples.notApplicable("UR-01-v4", "the target offers no echo service")));
        page = dir.resolve("state/matrix.html");
        Reports.compare(List.of(first, second), page, TOOL);
        html = Files.readString(page);
        json = ResultsJson.MAPPER.readTree(dir.resolve("state/matrix.json").toFile());
    }

    @AfterClass(alwaysRun = true)
    public void deleteDir() {
        ResultsFolder.delete(dir);
    }

    private static RunResult named(String name, CaseResult... cases) {
        return named(name, List.of(cases));
    }

    private static RunResult named(String name, List<CaseResult> cases) {
        RunResult run = Samples.run(cases);
        return new RunResult(
                run.schema(),
                run.tool(),
                new RunResult.Target(name, "about " + name, List.of(), Map.of()),
                run.suite(),
                run.seed(),
                run.jobs(),
                run.startedMillis(),
                run.durationMs(),
                run.environment(),
                run.preflight(),
                run.aborted(),
                run.conformance(),
                run.cases());
    }

    private Path write(String name, RunResult run) throws IOException {
        ResultsFolder folder = ResultsFolder.use(dir.resolve(name));
        folder.write(ResultsFolder.RESULTS, out -> ResultsJson.write(run, out));
        Files.createDirectories(folder.ladders());
        for (CaseResult c : run.cases()) {
            if (!c.steps().isEmpty()) {
                Files.writeString(folder.ladder(c.id()), Ladder.svg(c));
            }
            if (c.capture() != null) {
                Files.write(folder.root().resolve(c.capture()), new byte[24]);
            }
        }
        Sums.write(folder);
        return folder.root();
    }

    private JsonNode row(String kind, String id) {
        for (JsonNode row : json.path(kind)) {
            if (row.path("id").asText().equals(id)) {
                return row;
            }
        }
        throw new AssertionError("no " + id);
    }

    private String outcomes(String kind, String id) {
        List<String> outcomes = new ArrayList<>();
        row(kind, id)
                .path("cells")
                .forEach(c -> outcomes.add(c.isNull() ? "" : c.path("outcome").asText()));
        return String.join(" ", outcomes) + (row(kind, id).path("differs").asBoolean() ? " differs" : "");
    }

    // ---- the document

    @Test
    public void rowsHaveACellForEachTarget() {
        assertThat(outcomes("cases", "HP-01-v4")).isEqualTo("PASS FAIL differs");
        assertThat(outcomes("cases", "HP-07-v4")).isEqualTo("FAIL FAIL");
        assertThat(outcomes("cases", "HO-02-v4")).as("another cause").isEqualTo("FAIL FAIL differs");
        assertThat(outcomes("cases", "LI-01-v4")).as("not run").isEqualTo("PASS ");
        assertThat(outcomes("cases", "UR-01-v4")).isEqualTo(" NOT_APPLICABLE");
        assertThat(outcomes("requirements", "RFC9293-MUST-10")).isEqualTo("PASS NOT_TESTED differs");
        assertThat(json.path("requirements")).hasSize(Catalogue.get().all().size());
        JsonNode known = row("cases", "HP-07-v4").path("cells");
        assertThat(known.get(0).path("expected").asBoolean()).isTrue();
        assertThat(known.get(1).path("expected").asBoolean()).isFalse();
        assertThat(known.get(0).path("code").asText()).isEqualTo("wrong-field");
        assertThat(known.get(0).path("capture").asText()).isEqualTo("captures/HP-07-v4.pcap");
        assertThat(known.get(0).path("ladder").asText()).isEqualTo("ladders/HP-07-v4.svg");
        assertThat(json.path("targets").get(0).path("folder").asText()).isEqualTo("../first%20run");
    }

    @Test
    public void jsonKeepsItsSchema() throws IOException {
        try (InputStream schema = Matrix.class.getResourceAsStream("matrix.schema.json")) {
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(schema)
                            .validate(json))
                    .isEmpty();
        }
    }

    @Test
    public void casesAreInTheOrderOfTheirSections() {
        assertThat(Stream.of("3.10.7.4", "3.4.1", "3.10.7.2", "3.4", "3.10.7.2,3.5", "2(a)")
                        .sorted(Sections.ORDER))
                .containsExactly("2(a)", "3.4", "3.4.1", "3.10.7.2", "3.10.7.2,3.5", "3.10.7.4");
        assertThat(json.path("cases"))
                .map(row -> row.path("id").asText())
                .containsExactly("HO-02-v4", "UR-01-v4", "HP-01-v4", "HP-07-v4", "LI-01-v4", "XX-01-v4");
    }

    @Test
    public void targetsOfOneNameAreToldApart() throws IOException {
        Path again = write("again", named("linux", Samples.passing("HP-01-v4")));
        List<MatrixColumn> columns = MatrixColumn.distinct(
                List.of(MatrixColumn.read(first, dir), MatrixColumn.read(again, dir), MatrixColumn.read(again, dir)));
        assertThat(columns.stream().map(c -> c.target().name()))
                .containsExactly("linux (first run)", "linux (again)", "linux (again) 2");
        Path link = Files.createSymbolicLink(dir.resolve("latest"), again);
        Path out = dir.resolve("links.html");
        Reports.compare(List.of(again, link), out, TOOL);
        assertThat(ResultsJson.MAPPER
                        .readTree(dir.resolve("links.json").toFile())
                        .path("targets"))
                .as("one folder, one column")
                .hasSize(1);
    }

    // ---- its forms

    @Test
    public void pageIsXmlAndAsksNobody() throws Exception {
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html.strip())));
        assertThat(html)
                .contains("default-src 'none'")
                .doesNotContain("<script>alert", "<img src=x")
                .doesNotContainPattern("(?i)(src|href)=\"(https?:)?//");
    }

    @Test
    public void pageHasLettersAndShares() {
        assertThat(html)
                .containsPattern("<th scope=\"row\">HP-01-v4</th>.*<td class=\"P\">P</td><td class=\"F\">F</td></tr>")
                .containsPattern("<th scope=\"row\">HP-07-v4</th>.*<td class=\"F k\">F</td><td class=\"F\">F</td></tr>")
                .containsPattern("<th scope=\"row\">LI-01-v4</th>.*<td class=\"P\">P</td><td class=\"M\">·</td></tr>")
                .containsPattern("data-q=\"RFC9293-SHLD-4 RFC9293-MUST-13\"><th scope=\"row\">HO-02-v4");
        json.path("targets").get(0).path("levels").forEach(level -> {
            String name = level.path("name").asText();
            if (!Compliance.isOption(name)) {
                int passed = level.path("outcomes").path("PASS").asInt();
                int judged = passed + level.path("outcomes").path("FAIL").asInt();
                assertThat(html)
                        .contains("data-level=\"" + name + "\" data-passed=\"" + passed + "\" data-judged=\"" + judged);
            }
        });
    }

    /** What lies behind the cells, by id of the row. */
    private static Map<String, JsonNode> unpacked(String html) throws IOException {
        Map<String, JsonNode> all = new HashMap<>();
        Matcher packets = PACKET.matcher(html);
        while (packets.find()) {
            try (InputStream in = new GZIPInputStream(
                    new ByteArrayInputStream(Base64.getDecoder().decode(packets.group(1))))) {
                ResultsJson.MAPPER.readTree(in).fields().forEachRemaining(e -> all.put(e.getKey(), e.getValue()));
            }
        }
        return all;
    }

    @Test
    public void cellsHoldTheirFindingAndLadder() throws IOException {
        Map<String, JsonNode> behind = unpacked(html);
        JsonNode failed = behind.get("HP-07-v4").get(0);
        assertThat(failed.path("finding").asText()).isEqualTo("the SYN-ACK acknowledges 0 instead of 1");
        assertThat(failed.path("text").asText()).startsWith("requirement RFC9293-3.10.7.2-3");
        assertThat(failed.path("reason").asText()).isEqualTo("an old stack");
        assertThat(failed.path("svg").asText()).startsWith("<svg ").contains("HP-07-v4");
        assertThat(failed.path("page").asText()).startsWith("allure-report/index.html#");
        assertThat(behind.get("HP-01-v4").get(0).path("svg").asText())
                .as("of a target that passed what another did not")
                .startsWith("<svg ");
        assertThat(behind.get("LI-01-v4").get(0).has("svg")).as("passed by all").isFalse();
        assertThat(behind.get("LI-01-v4").get(1).isNull()).isTrue();
        assertThat(behind.get("RFC9293-MUST-10").get(0).path("decidingCase").asText())
                .isEqualTo("LI-01-v4");
        assertThat(html).as("in the right packet").contains("data-p=\"0\"");
    }

    @Test
    public void tableHasALineForEachRow() throws IOException {
        List<String> lines = Files.readAllLines(dir.resolve("state/matrix.csv"));
        assertThat(lines.get(0)).startsWith("kind,id,rfc,section,level,text,differs,linux,");
        assertThat(lines)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("case,HP-01-v4,9293,3.10.7.2,rule,")
                        .contains(",true,PASS,FAIL,"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("requirement,RFC9293-MUST-10,")
                        .contains(",true,PASS,NOT_TESTED,"));
    }

    @Test
    public void markdownHasSharesAndWhatIsBroken() throws IOException {
        assertThat(Files.readString(dir.resolve("state/matrix.md")))
                .startsWith("# State of TCP conformance\n")
                .contains("| target | suite | run | MUST | rule | SHOULD | advice |", "| RFC9293-3.10.7.2-3 | rule | ")
                .contains(" | **failed** | **failed** |")
                .doesNotContain("<script>");
    }

    // ---- what is refused

    @Test
    public void damagedOrForeignFoldersAreRefusedInOneLine() throws IOException {
        Path foreign = Files.createDirectory(dir.resolve("foreign"));
        Path damaged = write("damaged", named("x", Samples.passing("HP-01-v4")));
        Files.delete(damaged.resolve("SHA256SUMS"));
        Files.writeString(damaged.resolve("results.json"), "{\"schema\": \"1.0\", \"cases\": [{\"id\": 3}]");
        Path altered = write("altered", named("x", Samples.passing("HP-01-v4")));
        Path results = altered.resolve("results.json");
        Files.writeString(results, Files.readString(results).replace("PASS", "FAIL"));
        Path out = dir.resolve("refused.html");
        Map<Path, String> wrong = Map.of(
                dir.resolve("nothing"),
                "there is no such file or folder; name the folder of an earlier run",
                foreign,
                "holds no results of a run",
                damaged,
                "expected the results.json of a run",
                altered,
                "the evidence is not as the run left it: altered: results.json");
        wrong.forEach((folder, message) -> assertThatThrownBy(() -> Reports.compare(List.of(first, folder), out, TOOL))
                .isInstanceOf(ReportException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n"));
        assertThat(out).doesNotExist();
    }

    @Test
    public void aPageIsNotPutAmongTheFilesOfARun() {
        assertThatThrownBy(() -> Reports.compare(List.of(first), first.resolve("results.html"), TOOL))
                .hasMessageContaining("would be among the files of a run");
        assertThatThrownBy(() -> Reports.compare(List.of(first), dir.resolve("matrix"), TOOL))
                .hasMessageContaining("name a file such as matrix.html with --out");
    }

    // ---- size

    @Test
    public void sixTargetsOfThreeThousandFiveHundredCasesAreAFewMegabytes() throws IOException {
        List<Rule> rules = List.copyOf(Catalogue.get().all());
        List<Path> dirs = new ArrayList<>();
        for (int t = 0; t < 6; t++) {
            int target = t;
            List<CaseResult> cases = IntStream.range(0, 3500)
                    .mapToObj(i -> {
                        String id = String.format("C%04d-v%d", i / 2, i % 2 == 0 ? 4 : 6);
                        Rule rule = rules.get(i % rules.size());
                        return (i * 7 + target) % 12 == 0
                                ? Samples.wrongAck(id)
                                : new Samples.Builder(id)
                                        .rule(Level.MUST, true, rule.id())
                                        .section(rule.rfc(), rule.section())
                                        .sent("S 0:0(0) win 65535", "LISTEN")
                                        .build();
                    })
                    .collect(Collectors.toList());
            dirs.add(write("large" + t, named("target " + t, cases)));
        }
        Path out = dir.resolve("large.html");
        long start = System.nanoTime();
        Reports.compare(dirs, out, TOOL);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(40));
        assertThat(Files.size(out)).isLessThan(8_000_000);
        assertThat(unpacked(Files.readString(out)).get("C0000-v4")).hasSize(6);
    }

    // ---- in a browser

    private String inBrowser(String fragment) throws IOException, InterruptedException {
        Path browser = Pdf.browser(System.getenv().getOrDefault("PATH", ""))
                .orElseThrow(() -> new SkipException("no Chromium in PATH"));
        List<String> command =
                new ArrayList<>(Pdf.command(browser, page, dir.resolve("unused.pdf"), dir.resolve("profile"), true));
        command.removeIf(word -> word.startsWith("--print-to-pdf"));
        command.addAll(1, List.of("--dump-dom", "--virtual-time-budget=10000"));
        command.set(command.size() - 1, command.get(command.size() - 1) + fragment);
        Path said = dir.resolve("dom.html");
        Process process = new ProcessBuilder(command)
                .redirectOutput(said.toFile())
                .redirectError(new File("/dev/null"))
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
    }

    @Test
    public void addressSaysWhatIsShownAndOpen() throws Exception {
        String dom = inBrowser("#rows=cases&differs=1&open=HP-01-v4&at=linux");
        assertThat(dom).contains("<output id=\"shown\">2 of 6 cases</output>");
        String open = dom.substring(dom.indexOf("<dialog"), dom.indexOf("</dialog>"));
        assertThat(open)
                .contains("HP-01-v4, rule", "the SYN-ACK acknowledges 0 instead of 1")
                .contains("href=\"../first%20run/captures/HP-01-v4.pcap\"", "src=\"data:image/svg+xml")
                .doesNotContain("cannot unpack");
        assertThat(open.indexOf("side here")).as("the one asked for is first").isLessThan(open.indexOf("\"side\""));
    }

    @Test
    public void requirementOpensItsCases() throws Exception {
        String dom = inBrowser("#outcome=F&open=RFC9293-3.10.7.2-3&at=linux");
        assertThat(dom)
                .contains("<tr data-p=\"0\"", " of " + Catalogue.get().all().size() + " requirements</output>");
        String open = dom.substring(dom.indexOf("<dialog"), dom.indexOf("</dialog>"));
        assertThat(open).contains("Rests on ", "its 4 cases", "<th>HP-07-v4</th>", "Show its cases");
        assertThat(open)
                .contains("<p>XX-01-v4: summary ", ">XX-01-v4</button>")
                .doesNotContain("<script", "<img src=x", "\u202e");
    }
}
