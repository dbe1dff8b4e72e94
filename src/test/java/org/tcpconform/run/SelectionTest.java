package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.tcpconform.peer.Peer;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.verdict.Level;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Which cases a suite and the options choose. */
public class SelectionTest {
    private static final List<CaseDescriptor> ALL = CaseDescriptor.of(SampleCases.class);

    private static List<String> ids(Selection selection) {
        return selection.choose(ALL).stream().map(CaseDescriptor::id).sorted().toList();
    }

    private static Selection matching(String... globs) {
        return new Selection(List.of(globs), List.of(), null, EnumSet.allOf(Family.class), true);
    }

    @DataProvider
    public static Object[][] globs() {
        return new Object[][] {
            {"SA-ROW-A-v4", List.of("SA-ROW-A-v4")},
            {"SA-ROW-A", List.of("SA-ROW-A-v4", "SA-ROW-A-v6")},
            {"SA-ROW", List.of("SA-ROW-A-v4", "SA-ROW-A-v6", "SA-ROW-B-v4")},
            {"sa-row-?-v6", List.of("SA-ROW-A-v6")},
            {"*-B-*", List.of("SA-ROW-B-v4")},
            {"rows", List.of("SA-ROW-A-v4", "SA-ROW-A-v6", "SA-ROW-B-v4")},
            {"RFC7323-5.2-2", List.of("SA-ROW-A-v4", "SA-ROW-A-v6", "SA-ROW-B-v4")},
            {"RFC7323", List.of("SA-ROW-A-v4", "SA-ROW-A-v6", "SA-ROW-B-v4")},
            {"3.10.7.1-3", List.of()},
            {"RFC9293-3.10.7.1-3", List.of("SA-SILENT-v4", "SA-SILENT-v6")},
            {"SA.ROW*", List.of()},
            {"", List.of()},
        };
    }

    @Test(dataProvider = "globs")
    public void globIsHeldAgainstAllNames(String glob, List<String> chosen) {
        assertThat(ids(matching(glob))).isEqualTo(chosen);
    }

    @Test
    public void sectionChoosesItsCases() {
        assertThat(ids(matching("3.10.7.1"))).hasSize(ALL.size());
        assertThat(ids(matching("RFC9293-3.10.*"))).hasSize(ALL.size());
    }

    @Test
    public void anyMatchAndNoSkip() {
        assertThat(ids(matching("SA-PASS-v4", "SA-FAIL-v6"))).containsExactly("SA-FAIL-v6", "SA-PASS-v4");
        Selection skipping =
                new Selection(List.of("SA-PASS", "SA-FAIL"), List.of("*-v6"), null, EnumSet.allOf(Family.class), true);
        assertThat(ids(skipping)).containsExactly("SA-FAIL-v4", "SA-PASS-v4");
    }

    @Test
    public void levelAndFamilyNarrow() {
        Selection must = new Selection(List.of("SA-ROW*"), List.of(), Level.MUST, EnumSet.allOf(Family.class), true);
        assertThat(ids(must)).as("their rule is a SHOULD").isEmpty();
        Selection should = new Selection(List.of("SA-ROW*"), List.of(), Level.SHOULD, EnumSet.of(Family.IPV6), true);
        assertThat(ids(should)).containsExactly("SA-ROW-A-v6");
    }

    // ---- suite files

    private static SuiteFile suite(String xml) throws IOException {
        Path file = Files.createTempFile("suite", ".xml");
        try {
            Files.writeString(file, xml);
            return SuiteFile.load(file.toString(), Path.of("nowhere"));
        } finally {
            Files.delete(file);
        }
    }

    private static String xml(String parameters, String content) {
        return "<!DOCTYPE suite SYSTEM \"https://testng.org/testng-1.0.dtd\">\n<suite name=\"mine\">" + parameters
                + "<test name=\"t\">" + content + "</test></suite>";
    }

    private static final String CLASS = "<classes><class name=\"org.tcpconform.run.SampleCases\"/></classes>";

    @Test
    public void suiteNamesClassesAndChooses() throws IOException {
        SuiteFile suite = suite(xml(
                "<parameter name=\"match\" value=\"SA-P*, SA-ROW\"/><parameter name=\"skip\" value=\"*-v6\"/>", CLASS));
        assertThat(suite.name()).isEqualTo("mine");
        assertThat(suite.cases(Selection.ALL))
                .extracting(CaseDescriptor::id)
                .containsExactly("SA-PASS-v4", "SA-PREAMBLE-v4", "SA-ROW-A-v4", "SA-ROW-B-v4");
        assertThat(suite.cases(matching("SA-ROW")))
                .as("options narrow a suite, they do not widen it")
                .extracting(CaseDescriptor::id)
                .containsExactly("SA-ROW-A-v4", "SA-ROW-B-v4");
        assertThat(suite.cases(matching("SA-FAIL"))).isEmpty();
    }

    @Test
    public void faultsOfASuiteAreSaidInOneLine() {
        assertThatThrownBy(() -> SuiteFile.load("nosuch", Path.of("nowhere")))
                .isInstanceOf(SuiteFile.SuiteException.class)
                .hasMessageContaining("unknown suite nosuch");
        assertThatThrownBy(() -> suite("<suite name=\"x\""))
                .isInstanceOf(SuiteFile.SuiteException.class)
                .hasMessageContaining("cannot read the suite")
                .message()
                .doesNotContain("\n");
        assertThatThrownBy(() -> suite(xml("<parameter name=\"mtach\" value=\"x\"/>", CLASS)))
                .isInstanceOf(SuiteFile.SuiteException.class)
                .hasMessageContaining("unknown parameter mtach");
        assertThatThrownBy(() -> suite(xml("", "<classes><class name=\"no.such.Class\"/></classes>")))
                .isInstanceOf(SuiteFile.SuiteException.class)
                .hasMessageContaining("no.such.Class");
    }

    // ---- cases that cannot be described

    /** Names no requirement. */
    static class WithoutRequirement {
        @Case(id = "XX-01", title = "x")
        public void nothing(Peer peer) {}
    }

    /** Names a requirement that is not there. */
    static class UnknownRequirement {
        @Case(id = "XX-02", title = "x")
        @Requirement("RFC1-MUST-1")
        public void nothing(Peer peer) {}
    }

    /** Names a table that is not there. */
    static class UnknownTable {
        @Case(id = "XX-03", title = "x", rows = "nowhere")
        @Requirement("RFC9293-3.10.7.1-1")
        public void nothing(Peer peer) {}
    }

    @DataProvider
    public static Object[][] faulty() {
        return new Object[][] {
            {WithoutRequirement.class, "XX-01 names no requirement"},
            {UnknownRequirement.class, "RFC1-MUST-1"},
            {UnknownTable.class, "no table nowhere"},
        };
    }

    @Test(dataProvider = "faulty")
    public void faultyCaseIsRefused(Class<?> type, String message) {
        assertThatThrownBy(() -> CaseDescriptor.of(type))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    public void descriptorsAreOneForEachRowAndFamily() {
        assertThat(CaseDescriptor.of(SampleCases.class).stream()
                        .filter(c -> c.annotation().id().equals("SA-ROW")))
                .extracting(CaseDescriptor::id)
                .containsExactlyInAnyOrder("SA-ROW-A-v4", "SA-ROW-A-v6", "SA-ROW-B-v4");
        assertThat(Set.copyOf(CaseDescriptor.of(SampleCases.class))).hasSameSizeAs(ALL);
    }
}
