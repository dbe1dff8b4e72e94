package org.tcpconform.requirement;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.tcpconform.run.CaseDescriptor;
import org.tcpconform.run.Selection;
import org.tcpconform.run.SuiteFile;
import org.tcpconform.testkit.Bench;
import org.tcpconform.verdict.Level;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Every requirement of the catalogue is judged by a case, or stands in the ledger with the reason why not. */
public class LedgerTest {
    private static final ObjectMapper STRICT = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    /** All cases there are, in the suites that together have them all. */
    private static List<CaseDescriptor> cases() {
        List<CaseDescriptor> cases = new ArrayList<>();
        for (String suite : List.of("full", "intrusive")) {
            cases.addAll(SuiteFile.load(suite, Bench.suites()).cases(Selection.ALL));
        }
        return cases;
    }

    private static JsonNode resource(String name) throws IOException {
        try (InputStream in = Catalogue.class.getResourceAsStream(name)) {
            return STRICT.readTree(in);
        }
    }

    private static Set<ValidationMessage> problems(JsonNode content, String schema) throws IOException {
        try (InputStream in = Catalogue.class.getResourceAsStream(schema)) {
            JsonSchema rules = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(in);
            return rules.validate(content);
        }
    }

    @DataProvider
    public static Object[][] resources() {
        return new Object[][] {{"requirements"}, {"ledger"}};
    }

    /** Also refuses a key that stands twice. */
    @Test(dataProvider = "resources")
    public void resourceKeepsItsSchema(String name) throws IOException {
        assertThat(problems(resource(name + ".json"), name + ".schema.json")).isEmpty();
    }

    @DataProvider
    public static Object[][] faults() {
        return new Object[][] {
            {"ledger", "{\"RFC9293-MUST-1\": {\"status\": \"LATER\", \"reason\": \"is a matter for another day\"}}"},
            {"ledger", "{\"RFC9293-MUST-1\": {\"status\": \"NOT_YET\"}}"},
            {"ledger", "{\"RFC9293-MUST-1\": {\"status\": \"NOT_YET\", \"reason\": \"a sentence with a full stop.\"}}"},
            {"ledger", "{\"MUST-1\": {\"status\": \"NOT_YET\", \"reason\": \"is a matter for another day\"}}"},
            {"requirements", "[]"},
            {"requirements", "[{\"id\": \"RFC9293-MUST-1\"}]"},
        };
    }

    @Test(dataProvider = "faults")
    public void schemaRefusesFaults(String name, String content) throws IOException {
        assertThat(problems(STRICT.readTree(content), name + ".schema.json")).isNotEmpty();
    }

    @Test
    public void everyRequirementIsJudgedOrStandsInTheLedger() {
        Map<String, List<String>> judging = cases().stream()
                .flatMap(c -> c.rules().stream().map(rule -> Map.entry(rule.id(), c.id())))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        SoftAssertions softly = new SoftAssertions();
        for (Rule rule : Catalogue.get().all()) {
            List<String> cases = judging.getOrDefault(rule.id(), List.of());
            boolean listed = Ledger.get().find(rule.id()).isPresent();
            softly.assertThat(cases.isEmpty() && !listed)
                    .as(
                            "%s is judged by no case: name it in the @Requirement of one, or give a status and a reason in"
                                    + " ledger.json",
                            rule.id())
                    .isFalse();
            softly.assertThat(!cases.isEmpty() && listed)
                    .as("%s is judged by %s: remove its line from ledger.json", rule.id(), cases)
                    .isFalse();
        }
        softly.assertAll();
    }

    @Test
    public void ledgerNamesOnlyRequirementsOfTheCatalogue() {
        assertThat(Ledger.get().all().keySet())
                .as("ids in ledger.json that requirements.json does not have: correct or remove them")
                .filteredOn(id -> Catalogue.get().find(id).isEmpty())
                .isEmpty();
    }

    /** Whoever writes a case looks for its line there. */
    @Test
    public void ledgerIsInTheOrderOfTheCatalogue() {
        List<String> order = Catalogue.get().all().stream().map(Rule::id).toList();
        assertThat(Ledger.get().all().keySet())
                .containsExactlyElementsOf(
                        order.stream().filter(Ledger.get().all()::containsKey).toList());
    }

    /** Nothing is testable that shows nowhere; what shows somewhere can be tested, unless it is no rule for a TCP. */
    @Test
    public void statusFitsWhatCanBeSeen() {
        Ledger.get()
                .all()
                .forEach((id, entry) -> assertThat(
                                Catalogue.get().rule(id).observable().equals("internal"))
                        .as(id)
                        .matches(internal -> !internal || entry.status() != Ledger.Status.NOT_YET));
    }

    @Test
    public void suitesFullAndIntrusiveHaveEveryCaseOnce() {
        List<String> ids = cases().stream().map(CaseDescriptor::id).toList();
        assertThat(ids).doesNotHaveDuplicates();
        Set<String> all = new HashSet<>();
        CaseCatalogueTest.cases().forEach(c -> all.add(c.id()));
        assertThat(new TreeSet<>(ids)).isEqualTo(new TreeSet<>(all));
    }

    // ---- the catalogue

    @DataProvider
    public static Object[][] labels() {
        return new Object[][] {
            {"MUST", 69, Level.MUST}, {"SHLD", 31, Level.SHOULD}, {"MAY", 18, Level.MAY}, {"REC", 1, Level.SHOULD}
        };
    }

    /** RFC 9293, Appendix B. */
    @Test(dataProvider = "labels")
    public void everyLabelOfAppendixBIsThere(String label, int count, Level level) {
        List<Rule> labelled = Catalogue.get().all().stream()
                .filter(rule -> rule.id().matches("RFC9293-" + label + "-\\d+"))
                .toList();
        assertThat(labelled)
                .extracting(Rule::id)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, count)
                        .mapToObj(i -> "RFC9293-" + label + "-" + i)
                        .toList());
        assertThat(labelled).allMatch(rule -> rule.keyword() && rule.level() == level);
    }

    @Test
    public void proseIsNeverLabelledWithAKeyWord() {
        for (Rule rule : Catalogue.get().all()) {
            if (rule.keyword()) {
                assertThat(rule.label()).as(rule.id()).startsWith(rule.level().name());
            } else {
                assertThat(rule.label()).as(rule.id()).isIn("rule", "advice", "option");
                assertThat(rule.label().toUpperCase()).as(rule.id()).isNotIn("MUST", "SHOULD", "MAY");
            }
        }
    }

    @Test
    public void everyFeatureOfTheCatalogueIsKnown() {
        Set<Feature> used = new HashSet<>();
        for (Rule rule : Catalogue.get().all()) {
            assertThat(Feature.of(rule).isPresent())
                    .as("%s belongs to feature '%s': requirement.Feature has it", rule.id(), rule.feature())
                    .isEqualTo(!rule.feature().isEmpty());
            Feature.of(rule).ifPresent(used::add);
        }
        // rests on rules of another feature
        used.add(Feature.TIME_WAIT_REUSE);
        assertThat(used).containsExactlyInAnyOrder(Feature.values());
    }
}
