package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.tcpconform.requirement.Catalogue;
import org.tcpconform.requirement.Ledger;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** {@code list --requirements}. */
public class ListRequirementsTest {
    private static Outcome list(String... more) {
        String[] args = new String[more.length + 2];
        args[0] = "list";
        args[1] = "--requirements";
        System.arraycopy(more, 0, args, 2, more.length);
        Outcome outcome = Outcome.of(args);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        return outcome;
    }

    private static List<JsonNode> json(String... more) throws JsonProcessingException {
        String[] args = java.util.Arrays.copyOf(more, more.length + 1);
        args[more.length] = "--json";
        return StreamSupport.stream(
                        new ObjectMapper().readTree(list(args).out()).spliterator(), false)
                .toList();
    }

    @Test
    public void jsonHasAllOfThem() throws JsonProcessingException {
        List<JsonNode> all = json();
        assertThat(all).hasSize(Catalogue.get().all().size());
        for (JsonNode one : all) {
            String id = one.get("id").asText();
            Set<String> names = new TreeSet<>();
            one.fieldNames().forEachRemaining(names::add);
            assertThat(names)
                    .containsExactly(
                            "cases", "id", "keyword", "label", "level", "reason", "rfc", "section", "status", "text");
            boolean judged = Ledger.get().find(id).isEmpty();
            assertThat(one.get("status").asText().equals("judged")).as(id).isEqualTo(judged);
            assertThat(one.get("cases").isEmpty()).as(id).isEqualTo(!judged);
            assertThat(one.get("reason").asText().isEmpty()).as(id).isEqualTo(judged);
        }
    }

    @Test
    public void linesAreAlignedAndCounted() {
        List<String> lines = list().out().lines().toList();
        int all = Catalogue.get().all().size();
        assertThat(lines).hasSize(all + 4);
        int column = lines.get(0).indexOf("not yet");
        assertThat(column).isPositive();
        assertThat(lines.subList(0, all))
                .allSatisfy(line -> assertThat(line.substring(column - 2))
                        .matches("  (judged|not yet|untestable|out of scope) {2,}\\S.*"));
        long untested = Ledger.get().all().size();
        assertThat(lines.get(all)).isEqualTo(all - untested + " judged");
        assertThat(lines.subList(all + 1, all + 4))
                .extracting(line -> line.replaceFirst("\\d+ ", ""))
                .containsExactly("not yet", "untestable", "out of scope");
        assertThat(lines.subList(all + 1, all + 4).stream()
                        .mapToLong(line -> Long.parseLong(line.split(" ")[0]))
                        .sum())
                .isEqualTo(untested);
    }

    @DataProvider
    public static Object[][] choices() {
        return new Object[][] {
            {new String[] {"--match", "RFC9293-MUST-2"}, "RFC9293-MUST-2"},
            {new String[] {"--match", "RFC6429"}, "RFC6429-4-1"},
            {new String[] {"--match", "rfc6528-*", "--skip", "RFC6528-3*"}, "RFC6528-4-1"},
            {new String[] {"--match", "RFC9293-A.1.1"}, "RFC9293-A.1.1-1"},
            {new String[] {"--match", "RFC4987", "--match", "RFC1337", "--level", "should"}, "RFC1337-3-1"},
        };
    }

    @Test(dataProvider = "choices")
    public void globsAndLevelChoose(String[] options, String chosen) throws JsonProcessingException {
        assertThat(json(options)).extracting(one -> one.get("id").asText()).containsExactly(chosen);
    }

    @Test
    public void suiteNarrowsTheCases() throws JsonProcessingException {
        assertThat(json("--match", "RFC9293-MUST-57", "--suite", "handshake", "--ipv6"))
                .singleElement()
                .satisfies(one -> assertThat(one.get("cases"))
                        .extracting(JsonNode::asText)
                        .isNotEmpty()
                        .allMatch(id -> id.endsWith("-v6")));
    }

    @Test
    public void nothingSelectedIsSaid() {
        Outcome.of("list", "--requirements", "--match", "RFC1")
                .refusedWith(ExitCode.NOTHING_SELECTED, "no requirement is selected");
    }
}
