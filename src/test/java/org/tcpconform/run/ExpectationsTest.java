package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.tcpconform.requirement.Catalogue;
import org.tcpconform.run.Expectation.State;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Outcome;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ExpectationsTest {
    private static final LocalDate TODAY = LocalDate.of(2027, 1, 31);
    private static final Set<String> IDS =
            new TreeSet<>(Set.of("A-1-v4", "A-1-v6", "A-2-v4", "A-2-v6", "B-1-v4", "C-1-v4"));

    private Path file;

    @BeforeMethod
    public void makeFile() throws IOException {
        file = Files.createTempFile("expectations-", ".yaml");
    }

    @AfterMethod
    public void deleteFile() throws IOException {
        Files.delete(file);
    }

    private Expectations expectations(String yaml, boolean strict) {
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return Expectations.read(List.of(file), strict).checked(IDS, TODAY);
    }

    private Expectations expectations(String yaml) {
        return expectations(yaml, false).of("board", "firmware 2.3", IDS);
    }

    private static String line(String id, String expect, String... more) {
        return "- id: " + id + "\n  expect: " + expect + "\n  reason: because\n"
                + (more.length == 0 ? "" : "  " + String.join("\n  ", more) + "\n");
    }

    private static CaseResult result(String id, Verdict verdict, String code, Level level) {
        return new CaseResult(
                id,
                "does what it should",
                List.of("RFC9293-3.10.7.2-5"),
                level,
                true,
                9293,
                "3.10.7.2",
                "IPv4",
                List.of(),
                verdict,
                verdict == Verdict.PASS ? null : Failure.of(code, "it did not"),
                List.of(),
                List.of(),
                2,
                0,
                1,
                null,
                List.of(),
                List.of(),
                List.of());
    }

    private static CaseResult result(String id, Verdict verdict, String code) {
        return result(id, verdict, code, Level.MUST);
    }

    private static CaseResult pass(String id) {
        return result(id, Verdict.PASS, null);
    }

    // ---- which state

    @DataProvider
    public Object[][] states() {
        return new Object[][] {
            {"fail", Verdict.FAIL, "gap", State.EXPECTED, false},
            {"fail", Verdict.FAIL, "no-answer", State.OTHERWISE, true},
            {"fail", Verdict.PASS, null, State.UNEXPECTED_PASS, true},
            {"fail", Verdict.INCONCLUSIVE, "preamble", State.NOT_JUDGED, false},
            {"fail", Verdict.NOT_APPLICABLE, "not-offered", State.OTHERWISE, true},
            {"fail", Verdict.ERROR, "harness-fault", null, false},
            {"not-applicable", Verdict.NOT_APPLICABLE, "not-offered", State.EXPECTED, false},
            {"not-applicable", Verdict.NOT_APPLICABLE, "feature-absent", State.OTHERWISE, true},
            {"not-applicable", Verdict.PASS, null, State.UNEXPECTED_PASS, true},
            {"not-applicable", Verdict.FAIL, "gap", State.OTHERWISE, true},
            {"inconclusive", Verdict.INCONCLUSIVE, "preamble", State.EXPECTED, false},
            {"inconclusive", Verdict.INCONCLUSIVE, "not-sent", State.NOT_JUDGED, false},
            {"inconclusive", Verdict.PASS, null, State.UNEXPECTED_PASS, false},
            {"inconclusive", Verdict.FAIL, "gap", State.OTHERWISE, true},
        };
    }

    @Test(dataProvider = "states")
    public void verdictIsHeldAgainstTheLine(String expect, Verdict verdict, String code, State state, boolean red) {
        String match = switch (expect) {
            case "fail" -> "gap";
            case "inconclusive" -> "preamble";
            default -> "not-offered";
        };
        CaseResult marked = expectations(line("A-1", expect, "match: " + match)).mark(result("A-1-v4", verdict, code));
        assertThat(marked.expectation() == null ? null : marked.expectation().state())
                .isEqualTo(state);
        assertThat(new Gate(false, true, false).red(marked)).isEqualTo(red);
        assertThat(marked.verdict()).isEqualTo(verdict);
        assertThat(marked.expected()).isEqualTo(state == State.EXPECTED);
        if (state != null) {
            assertThat(marked.expectation().reason()).isEqualTo("because");
            assertThat(marked.expectation().where()).isEqualTo(file + ":1");
        }
    }

    @Test
    public void needlessInconclusiveIsRedWhereStrict() {
        CaseResult marked = expectations(line("A-1", "inconclusive")).mark(pass("A-1-v4"));
        assertThat(new Gate(false, true, true).red(marked)).isTrue();
    }

    @Test
    public void passOfAnUnsteadyTargetIsNotHeldAgainstTheLine() {
        Expectations e = expectations(line("A-1", "fail") + "  match: gap\n  unsteady: true\n");
        assertThat(e.mark(result("A-1-v4", Verdict.INCONCLUSIVE, "not-reproducible"))
                        .expected())
                .isTrue();
        assertThat(e.mark(result("A-1-v4", Verdict.INCONCLUSIVE, "target-gone")).expected())
                .isFalse();
        assertThat(expectations(line("A-1", "fail"))
                        .mark(result("A-1-v4", Verdict.INCONCLUSIVE, "not-reproducible"))
                        .expected())
                .isFalse();
        assertThat(e.mark(pass("A-1-v4")).expectation()).isNull();
        assertThat(e.mark(result("A-1-v4", Verdict.FAIL, "gap")).expected()).isTrue();
        CaseResult otherwise = e.mark(result("A-1-v4", Verdict.FAIL, "no-answer"));
        assertThat(new Gate(false, true, true).red(otherwise)).isTrue();
    }

    @Test
    public void withoutMatchAnyCauseIsExpected() {
        Expectations e = expectations(line("A-1", "fail"));
        assertThat(e.mark(result("A-1-v4", Verdict.FAIL, "gap")).expected()).isTrue();
        assertThat(e.mark(result("A-1-v6", Verdict.FAIL, "no-answer")).expected())
                .isTrue();
        assertThat(e.mark(result("A-2-v4", Verdict.FAIL, "gap")).expectation()).isNull();
    }

    @Test
    public void oneLineMaySpeakOfSeveralCases() {
        Expectations e = expectations(line("[A-1, B-*]", "fail"));
        assertThat(e.mark(result("A-1-v6", Verdict.FAIL, "gap")).expected()).isTrue();
        assertThat(e.mark(result("B-1-v4", Verdict.FAIL, "gap")).expected()).isTrue();
        assertThat(e.mark(result("A-2-v4", Verdict.FAIL, "gap")).expectation()).isNull();
        assertThatThrownBy(() -> expectations(line("[A-1, A-9]", "fail")))
                .hasMessageContaining(":1: no case has the id 'A-9'");
    }

    // ---- the gate

    @Test
    public void withoutExpectationsRulesGateAndAdviceWhereStrict() {
        Gate lenient = new Gate(false, false, false);
        Gate strict = new Gate(true, false, false);
        CaseResult must = result("A-1-v4", Verdict.FAIL, "gap");
        CaseResult should = result("A-1-v4", Verdict.FAIL, "gap", Level.SHOULD);
        CaseResult may = result("A-1-v4", Verdict.FAIL, "gap", Level.MAY);
        assertThat(lenient.red(List.of(must, should, may))).containsExactly(must);
        assertThat(strict.red(List.of(must, should, may))).containsExactly(must, should);
        assertThat(lenient.red(result("A-1-v4", Verdict.NOT_APPLICABLE, "not-offered")))
                .isFalse();
        assertThat(lenient.red(result("A-1-v4", Verdict.INCONCLUSIVE, "preamble")))
                .isFalse();
        assertThat(lenient.remark(must)).isEmpty();
    }

    @Test
    public void withExpectationsTheyAreTheWholeList() {
        Gate gate = new Gate(false, true, false);
        assertThat(gate.red(result("A-1-v4", Verdict.FAIL, "gap", Level.SHOULD)))
                .isTrue();
        assertThat(gate.red(result("A-1-v4", Verdict.FAIL, "gap", Level.MAY))).isFalse();
        assertThat(gate.red(result("A-1-v4", Verdict.NOT_APPLICABLE, "not-offered")))
                .isTrue();
        assertThat(gate.red(result("A-1-v4", Verdict.INCONCLUSIVE, "preamble"))).isFalse();
        assertThat(gate.red(pass("A-1-v4"))).isFalse();
        assertThat(gate.remark(result("A-1-v4", Verdict.FAIL, "gap"))).isEqualTo("not in the expectations");
    }

    /** A deviation stays one, with its reason beside it; one that is not known is told first. */
    @Test
    public void requirementsAreNoBetterForIt() {
        Expectations e = expectations(line("A-1", "fail"));
        CaseResult known = e.mark(result("A-1-v4", Verdict.FAIL, "gap"));
        RequirementResult r = requirement(List.of(known));
        assertThat(r.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(r.finding()).isEqualTo("A-1-v4: it did not; known: because");
        RequirementResult both = requirement(List.of(known, result("A-2-v4", Verdict.FAIL, "gap")));
        assertThat(both.finding()).isEqualTo("A-2-v4: it did not");
    }

    private static RequirementResult requirement(List<CaseResult> cases) {
        assertThat(Catalogue.get().find("RFC9293-3.10.7.2-5")).isPresent();
        return Requirements.judge(cases).stream()
                .filter(r -> r.id().equals("RFC9293-3.10.7.2-5"))
                .findFirst()
                .orElseThrow();
    }

    // ---- what is refused

    @Test
    public void unknownCaseIsRefused() {
        assertThatThrownBy(() -> expectations(line("A-1", "fail") + line("A-9", "fail")))
                .isInstanceOf(ExpectationsException.class)
                .hasMessageStartingWith(file + ":4: no case has the id 'A-9'");
    }

    @Test
    public void unknownCaseIsRefusedEvenWhereTheLineIsForAnother() {
        assertThatThrownBy(() -> expectations(line("A-9", "fail", "applies: {name: other}")))
                .hasMessageContaining(":1: no case has the id 'A-9'");
    }

    @Test
    public void twoLinesOfOneCaseAreRefused() {
        assertThatThrownBy(() -> expectations(line("A-*", "fail") + line("A-2-v6", "fail")))
                .isInstanceOf(ExpectationsException.class)
                .hasMessage(file + ":4: 'A-2-v6' speaks of A-2-v6, as 'A-*' does in " + file
                        + ":1; let one of them be narrower");
        Expectations apart = expectations(
                line("A-*", "fail", "applies: {description: '*2.2*'}") + line("A-2-v6", "fail", "match: gap"));
        assertThat(apart.mark(result("A-2-v6", Verdict.FAIL, "gap")).expected()).isTrue();
    }

    private interface Check {
        void of(Expectations e);
    }

    /** Reads a file that builds on another, which expects A-1 to fail and B-1 to be not applicable. */
    private void onAnother(String own, Check check) throws IOException {
        Path base = Files.createTempFile("base-", ".yaml");
        try {
            Files.writeString(base, line("A-1", "fail", "match: gap") + line("B-*", "not-applicable"));
            check.of(expectations("- include: " + base.getFileName() + "\n" + own));
        } finally {
            Files.delete(base);
        }
    }

    @Test
    public void linesOfAnIncludedFileHoldUnlessOwnOnesReplaceThem() throws IOException {
        onAnother(line("A-1-v6", "fail", "match: no-answer") + line("C-1", "fail"), e -> {
            List<CaseResult> marked = marked(
                    e,
                    result("A-1-v4", Verdict.FAIL, "gap"),
                    result("A-1-v6", Verdict.FAIL, "no-answer"),
                    result("B-1-v4", Verdict.NOT_APPLICABLE, "not-offered"),
                    result("C-1-v4", Verdict.FAIL, "gap"));
            assertThat(marked).extracting(c -> c.expectation().state()).containsOnly(State.EXPECTED);
            assertThat(e.mark(result("A-1-v6", Verdict.FAIL, "gap"))
                            .expectation()
                            .state())
                    .isEqualTo(State.OTHERWISE);
        });
    }

    @Test
    public void passTakesBackWhatAnIncludedFileExpects() throws IOException {
        onAnother(line("A-1-v6", "pass"), e -> {
            assertThat(e.mark(pass("A-1-v6")).expectation()).isNull();
            assertThat(e.mark(result("A-1-v6", Verdict.FAIL, "gap")).expectation())
                    .isNull();
            assertThat(e.mark(pass("A-1-v4")).expectation().state()).isEqualTo(State.UNEXPECTED_PASS);
        });
    }

    @Test
    public void ownLineForAnotherTargetReplacesNothing() throws IOException {
        onAnother(
                line("A-1-v6", "pass", "applies: {name: other}"),
                e -> assertThat(e.mark(pass("A-1-v6")).expectation().state()).isEqualTo(State.UNEXPECTED_PASS));
    }

    @Test
    public void nextOfAFileThatBuildsOnAnotherHoldsOnceItsReasonsAreFilledIn() throws IOException {
        onAnother(line("A-1-v6", "pass") + line("C-1", "fail"), e -> {
            List<CaseResult> results = marked(
                    e,
                    pass("A-1-v4"),
                    result("A-1-v6", Verdict.FAIL, "no-answer"),
                    result("B-1-v4", Verdict.FAIL, "gap"),
                    result("C-1-v4", Verdict.FAIL, "gap"));
            String next = e.next("board", results);
            assertThat(next).contains("- id: A-1-v4\n  expect: pass\n  reason:\n");
            Expectations again = expectations(next.replace("reason:\n", "reason: because\n"));
            assertThat(marked(again, results.toArray(CaseResult[]::new)))
                    .filteredOn(c -> c.verdict() != Verdict.PASS)
                    .extracting(c -> c.expectation().state())
                    .containsOnly(State.EXPECTED);
            assertThat(again.mark(pass("A-1-v4")).expectation()).isNull();
        });
    }

    @Test
    public void nextKeepsTheIncludeInAnyStyle() throws IOException {
        onAnother("- {id: A-1-v6, expect: pass, reason: because}\n- {id: C-1, expect: fail, reason: because}\n", e -> {
            String next = e.next("board", List.of());
            assertThat(expectations(next).mark(pass("A-1-v6")).expectation()).isNull();
        });
    }

    @Test
    public void expiredLineIsToldAndRefusedWhereStrict() {
        String yaml = line("A-1", "fail", "expires: 2027-01-30");
        Expectations lenient = expectations(yaml);
        assertThat(lenient.summary().remarks())
                .containsExactly(file + ":4: the expectation of A-1 has expired on 2027-01-30");
        assertThat(lenient.mark(result("A-1-v4", Verdict.FAIL, "gap")).expected())
                .isTrue();
        assertThatThrownBy(() -> expectations(yaml, true))
                .isInstanceOf(ExpectationsException.class)
                .hasMessage(file + ":4: the expectation of A-1 has expired on 2027-01-30");
        assertThat(expectations(line("A-1", "fail", "expires: 2027-01-31"), true)
                        .summary()
                        .remarks())
                .as("its last day")
                .isEmpty();
    }

    @Test
    public void lineForAnotherTargetSaysNothing() {
        String yaml = line("A-1", "fail", "applies: {name: bo*, description: \"*2.3\"}")
                + line("A-2", "fail", "applies: {name: other}");
        Expectations e = expectations(yaml);
        assertThat(e.mark(result("A-1-v4", Verdict.FAIL, "gap")).expected()).isTrue();
        assertThat(e.mark(pass("A-2-v4")).expectation()).isNull();
        assertThat(e.mark(result("A-2-v4", Verdict.FAIL, "gap")).expectation()).isNull();
    }

    @Test
    public void noneExpectNothing() {
        assertThat(Expectations.NONE.govern()).isFalse();
        assertThat(Expectations.NONE.summary()).isNull();
        CaseResult failed = result("A-1-v4", Verdict.FAIL, "gap");
        assertThat(Expectations.NONE.mark(failed)).isSameAs(failed);
    }

    @Test
    public void listenersHearWhatIsExpected() {
        List<CaseResult> heard = new ArrayList<>();
        expectations(line("A-1", "fail"))
                .marking(new RunListener() {
                    @Override
                    public void ended(CaseResult result) {
                        heard.add(result);
                    }
                })
                .ended(result("A-1-v4", Verdict.FAIL, "gap"));
        assertThat(heard.get(0).expected()).isTrue();
    }

    // ---- the next file

    private static List<CaseResult> marked(Expectations e, CaseResult... results) {
        return java.util.Arrays.stream(results).map(e::mark).toList();
    }

    private static String withoutOurs(String text) {
        return text.lines().filter(l -> !l.startsWith("# tcpconform:")).reduce("", (a, b) -> a + b + "\n");
    }

    @Test
    public void whatHoldsIsKeptAsItStands() {
        String yaml = "# of our board\n\n# a comment\n" + line("A-1", "fail", "#reference: x") + "\n# another\n"
                + line("B-1", "not-applicable") + line("C-1", "fail", "applies: {name: other}") + "# the end\n";
        Expectations e = expectations(yaml);
        String next = e.next("board", marked(e, result("A-1-v4", Verdict.FAIL, "gap"), pass("C-1-v4")));
        assertThat(withoutOurs(next)).isEqualTo(yaml);
        Expectations again = expectations(next);
        assertThat(withoutOurs(again.next("board", List.of()))).isEqualTo(yaml);
        assertThat(again.next("board", List.of()))
                .as("our own comments do not heap up")
                .isEqualTo(next);
    }

    @Test
    public void whatPassesBecomesAComment() {
        String yaml = line("A-1", "fail", "match: gap", "expires: 2028-01-01") + line("A-2", "fail");
        Expectations e = expectations(yaml);
        String next = e.next(
                "board",
                marked(e, result("A-1-v4", Verdict.FAIL, "gap"), pass("A-1-v6"), pass("A-2-v4"), pass("A-2-v6")));
        assertThat(next)
                .contains("# tcpconform: A-1-v6 now passes\n# tcpconform: - id: A-1\n# tcpconform:   expect: fail\n")
                .contains(
                        "# tcpconform: A-2-v4 now passes\n# tcpconform: A-2-v6 now passes\n# tcpconform: - id: A-2\n");
        assertThat(withoutOurs(next))
                .as("what is left of it")
                .isEqualTo("- id: A-1-v4\n  expect: fail\n  match: gap\n  reason: because\n  expires: 2028-01-01\n");
        assertThat(expectations(next)
                        .mark(result("A-1-v4", Verdict.FAIL, "gap"))
                        .expected())
                .isTrue();
    }

    @Test
    public void whatDidNotRunIsNotLost() {
        Expectations e = expectations(line("A-*", "fail"));
        String next = withoutOurs(e.next("board", marked(e, pass("A-1-v4"))));
        assertThat(next.lines().filter(l -> l.startsWith("- id: ")))
                .containsExactlyInAnyOrder("- id: A-1-v6", "- id: A-2-v4", "- id: A-2-v6");
    }

    @Test
    public void whatIsNewLacksItsReasonAndIsRefusedUntilItHasOne() {
        Expectations e = expectations(line("A-1-v4", "fail", "match: gap"));
        String next = e.next(
                "board",
                marked(
                        e,
                        result("A-1-v4", Verdict.FAIL, "no-answer"),
                        result("A-2-v4", Verdict.FAIL, "gap"),
                        result("A-2-v6", Verdict.FAIL, "gap"),
                        result("B-1-v4", Verdict.NOT_APPLICABLE, "not-offered"),
                        result("C-1-v4", Verdict.INCONCLUSIVE, "not-reproducible")));
        assertThat(withoutOurs(next)).isEqualTo("""

                - id: A-1-v4
                  expect: fail
                  match: no-answer
                  reason:
                  #reference:

                - id: A-2
                  expect: fail
                  match: gap
                  reason:
                  #reference:

                - id: B-1-v4
                  expect: not-applicable
                  match: not-offered
                  reason:
                  #reference:
                """);
        long line = next.lines().takeWhile(l -> !l.equals("  reason:")).count() + 1;
        assertThatThrownBy(() -> expectations(next)).hasMessageContaining(":" + line + ": 'reason' is not filled in");
        Expectations filled = expectations(next.replace("reason:\n", "reason: looked up\n"));
        assertThat(filled.mark(result("A-2-v6", Verdict.FAIL, "gap")).expected())
                .isTrue();
    }

    @Test
    public void aRunWithoutExpectationsBeginsAFile() {
        String next = Expectations.NONE.next("board", List.of(pass("A-1-v4"), result("A-2-v4", Verdict.FAIL, "gap")));
        assertThat(next).startsWith("# tcpconform: what a run against board leaves");
        assertThat(withoutOurs(next)).startsWith("\n- id: A-2-v4\n");
        assertThat(ExpectationsFile.read("f", Expectations.NONE.next("board", List.of(pass("A-1-v4"))))
                        .entries())
                .isEmpty();
    }

    @Test
    public void anyStyleAndAnyTextIsKept() {
        String yaml = "[{id: 'A-1', expect: fail, reason: \"says \\\"no\\\": #1\\t\\u0007\\n*\"},"
                + " {id: A-2, expect: fail, reason: 'yes'}]\n";
        Expectations e = expectations(yaml);
        String next = e.next("board", List.of());
        assertThat(ExpectationsFile.read("f", next).entries())
                .extracting(ExpectationsFile.Entry::reason)
                .containsExactly("says \"no\": #1\t\u0007\n*", "yes");
    }
}
