package org.tcpconform.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tcpconform.requirement.Catalogue;
import org.tcpconform.requirement.Ledger;
import org.tcpconform.requirement.Rule;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Outcome;
import org.tcpconform.verdict.Verdict;

/** From verdicts on cases to outcomes of requirements: one for each of the catalogue, none without. */
public final class Requirements {
    private Requirements() {}

    /** Outcomes of all requirements of the catalogue, in its order. */
    public static List<RequirementResult> judge(Collection<CaseResult> cases) {
        Map<String, List<CaseResult>> byRule = new LinkedHashMap<>();
        for (CaseResult c : cases) {
            c.requirements()
                    .forEach(id ->
                            byRule.computeIfAbsent(id, k -> new ArrayList<>()).add(c));
        }
        List<RequirementResult> results = new ArrayList<>();
        for (Rule rule : Catalogue.get().all()) {
            results.add(judge(rule, byRule.getOrDefault(rule.id(), List.of())));
        }
        return results;
    }

    private static RequirementResult judge(Rule rule, List<CaseResult> cases) {
        Found found =
                cases.isEmpty() ? untested(rule) : rule.level() == Level.MAY ? option(rule, cases) : found(rule, cases);
        return new RequirementResult(
                rule.id(),
                rule.rfc(),
                rule.section(),
                rule.level(),
                rule.keyword(),
                rule.label(),
                rule.text(),
                found.outcome(),
                found.finding(),
                cases.stream().map(CaseResult::id).toList());
    }

    private record Found(Outcome outcome, String finding) {}

    private static Found untested(Rule rule) {
        return new Found(
                Outcome.NOT_TESTED,
                Ledger.get()
                        .find(rule.id())
                        .map(e -> e.status().word() + ": " + e.reason())
                        .orElse("none of its cases ran"));
    }

    /** An option is used if one case saw it used. */
    private static Found option(Rule rule, List<CaseResult> cases) {
        List<CaseResult> passed =
                cases.stream().filter(c -> c.verdict() == Verdict.PASS).toList();
        Optional<CaseResult> using =
                passed.stream().filter(c -> !c.unused().contains(rule.id())).findFirst();
        return using.or(() -> passed.stream().findFirst())
                .map(c -> new Found(
                        using.isPresent() ? Outcome.OBSERVED : Outcome.NOT_OBSERVED,
                        c.id() + ": " + c.remarks().stream().findFirst().orElse("passed")))
                .orElseGet(() -> found(rule, cases));
    }

    private static Found found(Rule rule, List<CaseResult> cases) {
        // a reason makes a deviation known, not less of one; what is not known is told first
        Optional<CaseResult> failed =
                cases.stream().filter(c -> c.verdict() == Verdict.FAIL).min(Comparator.comparing(CaseResult::expected));
        if (failed.isPresent()) {
            CaseResult c = failed.get();
            return new Found(
                    rule.level() == Level.MAY ? Outcome.NOT_OBSERVED : Outcome.FAIL,
                    c.id() + ": " + c.failure().summary()
                            + (c.expected() ? "; known: " + c.expectation().reason() : ""));
        }
        Optional<CaseResult> unjudged = cases.stream()
                .filter(c -> c.verdict() == Verdict.INCONCLUSIVE || c.verdict() == Verdict.ERROR)
                .findFirst();
        if (unjudged.isPresent()) {
            CaseResult c = unjudged.get();
            return new Found(
                    Outcome.INCONCLUSIVE,
                    c.id() + ": " + (c.verdict() == Verdict.ERROR ? "the harness is at fault: " : "")
                            + c.failure().summary());
        }
        List<CaseResult> passed =
                cases.stream().filter(c -> c.verdict() == Verdict.PASS).toList();
        if (passed.isEmpty()) {
            return new Found(Outcome.NOT_APPLICABLE, cases.get(0).failure().summary());
        }
        String remark = passed.stream()
                .flatMap(c -> c.remarks().stream())
                .findFirst()
                .orElse(passed.size() == 1 ? "its case passed" : "all " + passed.size() + " cases passed");
        return new Found(Outcome.PASS, remark);
    }
}
