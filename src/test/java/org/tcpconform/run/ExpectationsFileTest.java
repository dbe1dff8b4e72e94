package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tcpconform.run.ExpectationsFile.Entry;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ExpectationsFileTest {
    private static final String GOOD = "- id: A-1\n  expect: fail\n  reason: known\n";

    @Test
    public void allThatALineMayHaveIsRead() {
        ExpectationsFile file = ExpectationsFile.read("board.yaml", """
                # of our board

                - id: A-1
                  expect: fail
                  match: [no-answer, wrong-state]
                  reason: >-
                    folded over
                    two lines
                  reference: "RFC 9293, 3.10.7.2"
                  applies: {name: board*, description: "*2.3*"}
                  expires: 2027-01-31
                - {id: "B-*", expect: not-applicable, match: not-offered, reason: "none", unsteady: true}
                """);
        assertThat(file.entries())
                .containsExactly(
                        new Entry(
                                "board.yaml",
                                3,
                                List.of("A-1"),
                                Verdict.FAIL,
                                "folded over two lines",
                                "RFC 9293, 3.10.7.2",
                                Map.of("name", "board*", "description", "*2.3*"),
                                LocalDate.of(2027, 1, 31),
                                11,
                                List.of("no-answer", "wrong-state"),
                                false),
                        new Entry(
                                "board.yaml",
                                12,
                                List.of("B-*"),
                                Verdict.NOT_APPLICABLE,
                                "none",
                                "",
                                Map.of(),
                                null,
                                0,
                                List.of("not-offered"),
                                true));
    }

    @Test
    public void emptyFileExpectsNothing() {
        assertThat(ExpectationsFile.read("f", "").entries()).isEmpty();
        assertThat(ExpectationsFile.read("f", "# nothing yet\n").entries()).isEmpty();
        assertThat(ExpectationsFile.read("f", "[]\n").entries()).isEmpty();
    }

    @DataProvider
    public Object[][] broken() {
        return new Object[][] {
            {"id: A\n", ":1: must be a list of expectations"},
            {"- A\n", ":1: must be a mapping with the keys id, expect, reason"},
            {GOOD + "- id: B\n  expect: fail\n", ":4: B: key 'reason' is missing: each expectation says why"},
            {"- id: A\n  reason: r\n", ":1: A: key 'expect' is missing"},
            {"- expect: fail\n  reason: r\n", ":1: key 'id' is missing"},
            {"- id: A\n  expect: fail\n  reason:\n", ":3: 'reason' is not filled in"},
            {"- id: A\n  expect: fail\n  reason: ''\n", ":3: 'reason' is not filled in"},
            {"- id: A\n  expect: fail\n  reason:\n  match: gap\n", ":3: 'reason' is not filled in"},
            {"- id: A\n  expect: fail\n  reason: 7\n", ":3: 'reason' must be text, not 7"},
            {"- id: 7\n  expect: fail\n  reason: r\n", ":1: 'id' must be text, not 7"},
            {"- id: {A: B}\n  expect: fail\n  reason: r\n", ":1: 'id' must be text"},
            {"- id: []\n  expect: fail\n  reason: r\n", ":1: the list is empty"},
            {"- id: [A, 7]\n  expect: fail\n  reason: r\n", ":1: 'id' must be text, not 7"},
            {"- id: [A, a]\n  expect: fail\n  reason: r\n", ":1: 'a' stands in line 1 already"},
            {"- id: ''\n  expect: fail\n  reason: r\n", ":1: 'id' has no value"},
            {
                "- id: A\n  expect: pass\n  reason: r\n",
                ":2: 'expect' is fail, inconclusive or not-applicable, not 'pass'"
            },
            {"- id: A\n  expect: error\n  reason: r\n", ":2: 'expect' is fail, inconclusive or not-applicable"},
            {"- id: A\n  expekt: fail\n", ":2: unknown key 'expekt'; the keys are id, expect"},
            {"- id: A\n  id: B\n", ":2: 'id' stands twice"},
            {GOOD + "  unsteady: now and then\n", ":4: 'unsteady' is true or false"},
            {GOOD + "  expires: soon\n", ":4: 'expires' must be a date such as 2027-01-31, not 'soon'"},
            {GOOD + "  expires: 2027-02-30\n", ":4: 'expires' must be a date"},
            {GOOD + "  expires: 2027\n", ":4: 'expires' must be a date"},
            {GOOD + "  expires: [2027-01-31]\n", ":4: 'expires' must be a date"},
            {GOOD + "  match: wrong-thing\n", ":4: unknown failure code 'wrong-thing'; there are no-answer, "},
            {GOOD + "  match:\n    - gap\n    - x\n", ":6: unknown failure code 'x'"},
            {GOOD + "  match: not-offered\n", ":4: the code not-offered goes with not-applicable, not fail"},
            {GOOD + "  applies: linux\n", ":4: 'applies' must be a mapping of name or description to a glob"},
            {GOOD + "  applies: {version: 6}\n", ":4: unknown key 'version' of 'applies'; the keys are name, descr"},
            {GOOD + "  applies: {name: 6}\n", ":4: 'name' must be text, not 6"},
            {GOOD + "\n" + GOOD.replace("A-1", "a-1"), ":5: 'a-1' stands in line 1 already"},
            {GOOD + "---\n" + GOOD, ": a second document begins; there may be one only"},
            {"- include: nowhere.yaml\n", ":1: there is no file nowhere.yaml"},
            {"- include: 7\n", ":1: 'include' must be text, not 7"},
            {GOOD + "- include: other.yaml\n", ":4: 'include' stands once, before all expectations"},
            {"- {}\n", ":1: key 'id' is missing"},
            {"- id: \"A\n", ": is not YAML: "},
            {"- id: *nothing\n", ":1: "},
        };
    }

    @Test(dataProvider = "broken")
    public void brokenFileIsRefusedWithItsLine(String yaml, String expected) {
        assertThatThrownBy(() -> ExpectationsFile.read("board.yaml", yaml))
                .isInstanceOf(ExpectationsException.class)
                .hasMessageStartingWith("board.yaml")
                .hasMessageContaining(expected)
                .message()
                .hasLineCount(1);
    }

    @Test
    public void sameCaseUnderOtherConditionsIsNoDuplicate() {
        String yaml = GOOD + "  applies: {description: '*6.1.*'}\n" + GOOD + "  applies: {description: '*6.18*'}\n";
        assertThat(ExpectationsFile.read("f", yaml).entries()).hasSize(2);
    }

    @DataProvider
    public Object[][] brokenAmongOthers() {
        return new Object[][] {
            {
                "- include: good.yaml\n- include: good.yaml\n",
                "top.yaml:2: 'include' stands once, before all expectations"
            },
            {"- include: good.yaml\n  id: A\n", "top.yaml:2: 'include' stands alone"},
            {"- include: top.yaml\n", "top.yaml:1: top.yaml includes itself"},
            {"- include: back.yaml\n", "top.yaml:1: back.yaml:1: top.yaml includes itself"},
            {"- include: bad.yaml\n", "top.yaml:1: bad.yaml:1: key 'id' is missing"},
            {"- include: nowhere.yaml\n", "top.yaml:1: there is no file nowhere.yaml"},
        };
    }

    @Test(dataProvider = "brokenAmongOthers")
    public void brokenIncludeIsRefusedWithTheLineAtFault(String yaml, String expected) throws IOException {
        Path folder = Files.createTempDirectory("expectations-");
        try {
            Files.writeString(folder.resolve("good.yaml"), GOOD);
            Files.writeString(folder.resolve("bad.yaml"), "- expect: fail\n");
            Files.writeString(folder.resolve("back.yaml"), "- include: top.yaml\n");
            Path top = Files.writeString(folder.resolve("top.yaml"), yaml);
            assertThatThrownBy(() -> ExpectationsFile.read(top))
                    .isInstanceOf(ExpectationsException.class)
                    .extracting(e -> e.getMessage().replace(folder + "/", ""))
                    .asString()
                    .startsWith(expected)
                    .hasLineCount(1);
        } finally {
            for (String name : List.of("good.yaml", "bad.yaml", "back.yaml", "top.yaml", "")) {
                Files.delete(folder.resolve(name));
            }
        }
    }

    @Test
    public void fileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ExpectationsFile.read(Path.of("nowhere.yaml")))
                .isInstanceOf(ExpectationsException.class)
                .hasMessage("there is no file nowhere.yaml");
    }

    @Test
    public void caseIsNamedWithOrWithoutItsVersionOfIp() {
        Set<String> ids = new java.util.TreeSet<>(
                Set.of("LI-11-v4", "LI-11-v6", "LI-11-DATA-v4", "SR-07-A+1-v4", "SR-07-A+1-v6"));
        assertThat(entry("LI-11").among(ids)).containsExactly("LI-11-v4", "LI-11-v6");
        assertThat(entry("LI-11-v6").among(ids)).containsExactly("LI-11-v6");
        assertThat(entry("li-11*").among(ids)).containsExactly("LI-11-DATA-v4", "LI-11-v4", "LI-11-v6");
        assertThat(entry("SR-07-A+1").among(ids)).hasSize(2);
        assertThat(entry("LI-1").among(ids)).isEmpty();
    }

    private static Entry entry(String id) {
        return ExpectationsFile.read("f", "- {id: \"" + id + "\", expect: fail, reason: r}\n")
                .entries()
                .get(0);
    }
}
