package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.tcpconform.requirement.Catalogue;
import org.tcpconform.requirement.Ledger;
import org.tcpconform.requirement.Rule;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Outcome;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** From verdicts on cases to outcomes of requirements. */
public class RequirementsTest {
    private static final String RULE = "RFC9293-3.10.7.1-1";
    private static final String OTHER_RULE = "RFC9293-3.5.2-1";
    private static final String OPTION = "RFC9293-MAY-1";

    private static CaseResult result(
            String id, Verdict verdict, List<String> requirements, List<String> remarks, List<String> unused) {
        return new CaseResult(
                id,
                "does something",
                requirements,
                Level.MUST,
                false,
                9293,
                "3.10.7.1",
                "IPv4",
                List.of(),
                verdict,
                verdict == Verdict.PASS ? null : Failure.of("code", "why " + id + " did not pass"),
                remarks,
                unused,
                1,
                0,
                1,
                null,
                List.of(),
                List.of(),
                List.of());
    }

    private static CaseResult result(String id, Verdict verdict, String... requirements) {
        return result(id, verdict, List.of(requirements), List.of(), List.of());
    }

    private static RequirementResult judged(String requirement, CaseResult... cases) {
        return Requirements.judge(List.of(cases)).stream()
                .filter(r -> r.id().equals(requirement))
                .findFirst()
                .orElseThrow();
    }

    /** Each letter is a case: Pass, Fail, Inconclusive, not Applicable, Error. */
    private static CaseResult[] cases(String letters) {
        CaseResult[] cases = new CaseResult[letters.length()];
        for (int i = 0; i < cases.length; i++) {
            Verdict verdict = switch (letters.charAt(i)) {
                case 'P' -> Verdict.PASS;
                case 'F' -> Verdict.FAIL;
                case 'I' -> Verdict.INCONCLUSIVE;
                case 'A' -> Verdict.NOT_APPLICABLE;
                default -> Verdict.ERROR;
            };
            cases[i] = result("XX-" + i + "-v4", verdict, RULE);
        }
        return cases;
    }

    @DataProvider
    public static Object[][] verdicts() {
        return new Object[][] {
            {"P", Outcome.PASS, "its case passed"},
            {"PP", Outcome.PASS, "all 2 cases passed"},
            {"F", Outcome.FAIL, "XX-0-v4: why XX-0-v4 did not pass"},
            {"PF", Outcome.FAIL, "XX-1-v4: why XX-1-v4 did not pass"},
            {"IFEA", Outcome.FAIL, "XX-1-v4: why XX-1-v4 did not pass"},
            {"I", Outcome.INCONCLUSIVE, "XX-0-v4: why XX-0-v4 did not pass"},
            {"PI", Outcome.INCONCLUSIVE, "XX-1-v4: why XX-1-v4 did not pass"},
            {"AI", Outcome.INCONCLUSIVE, "XX-1-v4: why XX-1-v4 did not pass"},
            {"PE", Outcome.INCONCLUSIVE, "XX-1-v4: the harness is at fault: why XX-1-v4 did not pass"},
            // what does not apply neither helps nor harms
            {"A", Outcome.NOT_APPLICABLE, "why XX-0-v4 did not pass"},
            {"AA", Outcome.NOT_APPLICABLE, "why XX-0-v4 did not pass"},
            {"AP", Outcome.PASS, "its case passed"},
        };
    }

    @Test(dataProvider = "verdicts")
    public void outcomeFollowsFromTheVerdicts(String letters, Outcome outcome, String finding) {
        RequirementResult result = judged(RULE, cases(letters));
        assertThat(result.outcome()).isEqualTo(outcome);
        assertThat(result.finding()).isEqualTo(finding);
        assertThat(result.cases()).hasSize(letters.length());
    }

    @Test
    public void whatWasSeenIsTheFindingOfAPass() {
        CaseResult plain = result("XX-1-v4", Verdict.PASS, RULE);
        CaseResult remarked = result("XX-2-v4", Verdict.PASS, List.of(RULE), List.of("the RST has data"), List.of());
        assertThat(judged(RULE, plain, remarked).finding()).isEqualTo("the RST has data");
    }

    @Test
    public void failureCountsForEveryRequirementThatItsCaseNames() {
        CaseResult failed = result("XX-1-v4", Verdict.FAIL, RULE, OTHER_RULE);
        CaseResult passed = result("XX-2-v4", Verdict.PASS, OTHER_RULE);
        assertThat(judged(RULE, failed, passed).outcome()).isEqualTo(Outcome.FAIL);
        assertThat(judged(OTHER_RULE, failed, passed).outcome()).isEqualTo(Outcome.FAIL);
        assertThat(judged(OTHER_RULE, failed, passed).cases()).containsExactly("XX-1-v4", "XX-2-v4");
    }

    // ---- options

    private static CaseResult using(String id, boolean used) {
        return result(
                id,
                Verdict.PASS,
                List.of(RULE, OPTION),
                List.of(used ? "it was used" : "it was not used"),
                used ? List.of() : List.of(OPTION));
    }

    @Test
    public void optionIsObservedOrNot() {
        RequirementResult used = judged(OPTION, using("XX-1-v4", true));
        assertThat(used.outcome()).isEqualTo(Outcome.OBSERVED);
        assertThat(used.finding()).isEqualTo("XX-1-v4: it was used");
        RequirementResult unused = judged(OPTION, using("XX-1-v4", false));
        assertThat(unused.outcome()).isEqualTo(Outcome.NOT_OBSERVED);
        assertThat(unused.finding()).isEqualTo("XX-1-v4: it was not used");
        assertThat(judged(RULE, using("XX-1-v4", false)).outcome())
                .as("the rule that the same case judges")
                .isEqualTo(Outcome.PASS);
    }

    @Test
    public void optionIsObservedIfOneCaseSawIt() {
        RequirementResult result =
                judged(OPTION, using("XX-1-v4", false), using("XX-2-v4", true), using("XX-3-v4", false));
        assertThat(result.outcome()).isEqualTo(Outcome.OBSERVED);
        assertThat(result.finding()).isEqualTo("XX-2-v4: it was used");
    }

    @Test
    public void optionNeverFails() {
        CaseResult failed = result("XX-1-v4", Verdict.FAIL, OPTION);
        assertThat(judged(OPTION, failed).outcome()).isEqualTo(Outcome.NOT_OBSERVED);
        assertThat(judged(OPTION, failed, using("XX-2-v4", true)).outcome())
                .as("a case that fails for another reason hides nothing")
                .isEqualTo(Outcome.OBSERVED);
        assertThat(judged(OPTION, result("XX-1-v4", Verdict.INCONCLUSIVE, OPTION))
                        .outcome())
                .isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(judged(OPTION, result("XX-1-v4", Verdict.NOT_APPLICABLE, OPTION))
                        .outcome())
                .isEqualTo(Outcome.NOT_APPLICABLE);
    }

    // ---- all of the catalogue

    @Test
    public void everyRequirementHasOneOutcomeAndAFinding() {
        List<RequirementResult> results = Requirements.judge(List.of(cases("PF")));
        assertThat(results)
                .extracting(RequirementResult::id)
                .containsExactlyElementsOf(
                        Catalogue.get().all().stream().map(Rule::id).toList());
        assertThat(results).hasSizeGreaterThanOrEqualTo(450).allSatisfy(r -> {
            assertThat(r.outcome()).as(r.id()).isNotNull();
            assertThat(r.finding()).as(r.id()).isNotBlank();
            assertThat(r.label()).as(r.id()).isNotBlank();
        });
    }

    @Test
    public void withoutCaseTheReasonIsGiven() {
        for (RequirementResult result : Requirements.judge(List.of())) {
            assertThat(result.outcome()).as(result.id()).isEqualTo(Outcome.NOT_TESTED);
            assertThat(result.cases()).as(result.id()).isEmpty();
            assertThat(result.finding())
                    .as(result.id())
                    .isEqualTo(Ledger.get()
                            .find(result.id())
                            .map(e -> e.status().word() + ": " + e.reason())
                            .orElse("none of its cases ran"));
        }
    }

    @Test
    public void labelsAreThoseOfTheRfcOrOurOwn() {
        for (RequirementResult result : Requirements.judge(List.of())) {
            if (!result.keyword()) {
                assertThat(result.label()).as(result.id()).isIn("rule", "advice", "option");
            }
        }
    }
}
