package org.tcpconform.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tcpconform.requirement.Catalogue;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Ledger;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.Conformance;
import org.tcpconform.run.RequirementResult;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Outcome;
import org.tcpconform.verdict.Verdict;

/**
 * What a run says of each requirement, for somebody who did not run it: the document that {@code compliance.html},
 * {@code compliance.json} and {@code compliance.csv} show in their ways. All figures are counted here, once.
 *
 * @param schema version of this layout
 * @param tool the tool that ran the cases
 * @param catalogue which list of requirements it is
 * @param target what was judged
 * @param run suite, seed and time
 * @param environment machine and network, in display order
 * @param preflight findings before the first case
 * @param meanings what the words mean
 * @param profile which of the permitted rule sets the target follows; null where an old results.json does not say
 * @param features optional features, in the manner of a PICS
 * @param summary figures
 * @param expectedDeviations failures that were expected, with the reason
 * @param unjudged requirements without a verdict by the reason for it
 * @param requirements one for each requirement of the catalogue
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record Compliance(
        String schema,
        RunResult.Tool tool,
        CatalogueIdentity catalogue,
        RunResult.Target target,
        Run run,
        Map<String, String> environment,
        List<RunResult.Check> preflight,
        Meanings meanings,
        Profile profile,
        List<FeatureLine> features,
        Summary summary,
        List<Deviation> expectedDeviations,
        List<Unjudged> unjudged,
        List<Line> requirements) {
    static final String SCHEMA = "1.0";

    /** The words for how much a requirement binds, strongest first, and what each means. */
    private static final Map<String, String> LEVELS = levels();

    /** As they are shown: what was judged comes before what was not. */
    static final List<Outcome> ORDER = List.of(
            Outcome.PASS,
            Outcome.FAIL,
            Outcome.OBSERVED,
            Outcome.NOT_OBSERVED,
            Outcome.INCONCLUSIVE,
            Outcome.NOT_APPLICABLE,
            Outcome.NOT_TESTED);

    private static final String NOT_SELECTED = "not selected";

    /**
     * Which list of requirements it is.
     *
     * @param requirements how many it has
     * @param sha256 hash of the file {@code requirements.json}; null where the run was made with another one
     */
    record CatalogueIdentity(int requirements, String sha256) {}

    /** The run; {@code started} is in UTC. */
    record Run(
            String suite, long seed, int jobs, String started, long startedMillis, double durationMs, String aborted) {}

    /** What the words mean. */
    record Meanings(Map<String, String> outcomes, Map<String, String> levels, Map<String, String> verdicts) {}

    /** The rule set, in words, and what each probe saw. */
    record Profile(String name, String meaning, boolean demanded, Map<String, String> probes) {}

    /** An optional feature and the requirements that rest on it. */
    record FeatureLine(
            String item,
            String name,
            String meaning,
            String source,
            String status,
            String support,
            boolean claimed,
            String evidence,
            Tally requirements) {}

    /**
     * How many requirements have each outcome.
     *
     * @param name what they have in common
     * @param total how many
     * @param outcomes every outcome has an entry
     */
    record Tally(String name, int total, Map<String, Integer> outcomes) {
        static Tally of(String name, Collection<RequirementResult> results) {
            Map<String, Integer> outcomes = new LinkedHashMap<>();
            for (Outcome outcome : ORDER) {
                outcomes.put(outcome.name(), 0);
            }
            results.forEach(r -> outcomes.merge(r.outcome().name(), 1, Integer::sum));
            return new Tally(name, results.size(), outcomes);
        }

        int count(Outcome outcome) {
            return outcomes.get(outcome.name());
        }
    }

    /** The requirements of one RFC, together and by level. */
    record OfRfc(int rfc, String title, Tally all, List<Tally> byLevel) {}

    /** All figures. */
    record Summary(Tally all, List<Tally> byLevel, List<OfRfc> byRfc, int cases, Map<String, Integer> verdicts) {}

    /** A failure that was expected. {@code reference} may be empty. */
    record Deviation(String caseId, String reason, String reference) {}

    /** Requirements without a verdict for one kind of reason, by the reason in words. */
    record Unjudged(String kind, String meaning, int total, List<Reason> reasons) {}

    /** One reason and the requirements that it stands for. */
    record Reason(String reason, List<String> requirements) {}

    /**
     * One requirement.
     *
     * @param decidingCase the case that the outcome rests on; null where none ran
     * @param decidingTitle what the target does in that case if it keeps the rule
     * @param ladder picture of that case, relative to this file; null where there is none
     * @param capture capture of that case, relative to this file; null where there is none
     * @param expected whether each of its failures was expected
     */
    record Line(
            String id,
            int rfc,
            String section,
            Level level,
            boolean keyword,
            String label,
            String text,
            Outcome outcome,
            String finding,
            boolean expected,
            String decidingCase,
            String decidingTitle,
            String ladder,
            String capture,
            List<CaseLine> cases) {}

    /** A case that judges a requirement; {@code page} is its place in the Allure report, relative to this file. */
    record CaseLine(String id, Verdict verdict, String page) {}

    /**
     * The document of a run.
     *
     * @param expected failures that were expected; each counts as a failure all the same
     * @param folder where the evidence is
     */
    static Compliance of(RunResult run, List<Deviation> expected, ResultsFolder folder) {
        List<RequirementResult> results = run.conformance().requirements();
        Map<String, CaseResult> cases = run.cases().stream()
                .collect(Collectors.toMap(CaseResult::id, Function.identity(), (a, b) -> a, LinkedHashMap::new));
        List<String> expectedIds = expected.stream().map(Deviation::caseId).toList();
        Map<String, Integer> verdicts = new LinkedHashMap<>();
        run.counts().forEach((verdict, n) -> verdicts.put(verdict.name(), n));
        return new Compliance(
                SCHEMA,
                run.tool(),
                new CatalogueIdentity(results.size(), isOfThisCatalogue(results) ? catalogueHash() : null),
                run.target(),
                new Run(
                        run.suite(),
                        run.seed(),
                        run.jobs(),
                        Instant.ofEpochMilli(run.startedMillis())
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString(),
                        run.startedMillis(),
                        Double.isFinite(run.durationMs()) ? run.durationMs() : 0,
                        run.aborted()),
                run.environment(),
                run.preflight(),
                words(),
                profile(run.conformance().profile()),
                features(run.conformance().features(), results),
                new Summary(
                        Tally.of("all", results),
                        byLevel(results),
                        byRfc(results),
                        run.cases().size(),
                        verdicts),
                expected,
                unjudged(results),
                results.stream().map(r -> line(r, cases, expectedIds, folder)).toList());
    }

    /** The figures of a run without the rest, for the console. */
    static List<Tally> byLevel(Collection<RequirementResult> results) {
        return LEVELS.keySet().stream()
                .map(word -> Tally.of(
                        word,
                        results.stream().filter(r -> levelWord(r).equals(word)).toList()))
                .filter(tally -> tally.total() > 0)
                .toList();
    }

    private static List<OfRfc> byRfc(List<RequirementResult> results) {
        Map<Integer, List<RequirementResult>> groups = results.stream()
                .collect(Collectors.groupingBy(RequirementResult::rfc, LinkedHashMap::new, Collectors.toList()));
        return groups.entrySet().stream()
                .map(e -> new OfRfc(
                        e.getKey(),
                        Sections.title(e.getKey()),
                        Tally.of("RFC " + e.getKey(), e.getValue()),
                        byLevel(e.getValue())))
                .toList();
    }

    /** Whether a level is one where nothing can fail. */
    static boolean isOption(String levelWord) {
        return levelWord.equals(Level.MAY.label(true)) || levelWord.equals(Level.MAY.label(false));
    }

    /** MUST and MUST NOT are one level. */
    private static String levelWord(RequirementResult r) {
        return r.level().label(r.keyword());
    }

    private static Line line(
            RequirementResult r, Map<String, CaseResult> cases, List<String> expected, ResultsFolder folder) {
        List<CaseResult> its =
                r.cases().stream().map(cases::get).filter(Objects::nonNull).toList();
        Optional<CaseResult> deciding = deciding(r, its);
        return new Line(
                r.id(),
                r.rfc(),
                r.section(),
                r.level(),
                r.keyword(),
                r.label(),
                r.text(),
                r.outcome(),
                r.finding(),
                r.outcome() == Outcome.FAIL
                        && its.stream()
                                .filter(c -> c.verdict() == Verdict.FAIL)
                                .allMatch(c -> expected.contains(c.id())),
                deciding.map(CaseResult::id).orElse(null),
                deciding.map(CaseResult::title).orElse(null),
                deciding.filter(c -> !c.steps().isEmpty())
                        .map(c -> relative(folder, folder.ladder(c.id())))
                        .orElse(null),
                deciding.flatMap(folder::capture).orElse(null),
                its.stream()
                        .map(c -> new CaseLine(c.id(), c.verdict(), AllureHtml.path(c)))
                        .toList());
    }

    /** The case that the outcome rests on, in the order by which outcomes are found. */
    private static Optional<CaseResult> deciding(RequirementResult r, List<CaseResult> cases) {
        Stream<Predicate<CaseResult>> order = Stream.of(
                c -> c.verdict() == Verdict.FAIL && !c.expected(),
                c -> c.verdict() == Verdict.FAIL,
                c -> c.verdict() == Verdict.INCONCLUSIVE || c.verdict() == Verdict.ERROR,
                c -> c.verdict() == Verdict.PASS && c.unused().contains(r.id()),
                c -> c.verdict() == Verdict.PASS && !c.remarks().isEmpty(),
                c -> c.verdict() == Verdict.PASS,
                c -> true);
        return order.flatMap(wanted -> cases.stream().filter(wanted).limit(1)).findFirst();
    }

    private static String relative(ResultsFolder folder, Path file) {
        return folder.root().relativize(file).toString();
    }

    // ---- words

    private static Map<String, String> levels() {
        Map<String, String> levels = new LinkedHashMap<>();
        levels.put(
                Level.MUST.label(true),
                "The RFC says MUST or MUST NOT (or SHALL, REQUIRED): an absolute requirement (RFC 2119).");
        levels.put(
                Level.MUST.label(false),
                "The RFC demands it in prose without a key word, as most of RFC 9293, 3.10.7 does. It binds like a MUST,"
                        + " but that it does is our reading.");
        levels.put(
                Level.SHOULD.label(true),
                "The RFC says SHOULD or SHOULD NOT (or RECOMMENDED): to be done unless there is a good reason not to.");
        levels.put(Level.SHOULD.label(false), "The RFC recommends it in prose without a key word; our reading of it.");
        levels.put(
                Level.MAY.label(true),
                "The RFC says MAY (or OPTIONAL): the target is free to do it or to leave it. Nothing can fail here.");
        levels.put(Level.MAY.label(false), "The RFC leaves it open in prose without a key word; our reading of it.");
        return levels;
    }

    static Meanings words() {
        Map<String, String> outcomes = new LinkedHashMap<>();
        for (Outcome outcome : ORDER) {
            outcomes.put(outcome.name(), outcome.meaning());
        }
        Map<String, String> verdicts = new LinkedHashMap<>();
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(verdict.name(), verdict.meaning());
        }
        return new Meanings(outcomes, LEVELS, verdicts);
    }

    private static Profile profile(Conformance.ProfileFound found) {
        return found == null
                ? null
                : new Profile(found.name(), meaning(found.name()), found.demanded(), found.probes());
    }

    private static String meaning(String profile) {
        String base = profile.replace("+P1337", "");
        String words = switch (base) {
            case "P793" ->
                "A RST anywhere in the window resets the connection and so does a SYN, as RFC 793 has it and RFC 9293 permits.";
            case "P9293" -> "Either of the rule sets that RFC 9293 permits is accepted for RST and SYN.";
            case "P5961" ->
                "A RST in the window that is not exactly at RCV.NXT, and a SYN, draw a challenge ACK (RFC 5961, 3 and 4).";
            case "P5961D" ->
                "A RST in the window that is not exactly at RCV.NXT, and a SYN, draw a challenge ACK (RFC 5961, 3 and 4);"
                        + " an acknowledgment out of range makes the segment be discarded (RFC 5961, 5).";
            case "mixed" -> "RST is treated by one rule set and SYN by the other.";
            default -> "Not known: where the RFCs leave a choice, each permitted answer is accepted.";
        };
        return profile.equals(base) ? words : words + " A RST is ignored in TIME-WAIT (RFC 1337).";
    }

    private static List<FeatureLine> features(List<Conformance.FeatureFound> found, List<RequirementResult> results) {
        Map<String, List<RequirementResult>> byFeature = new LinkedHashMap<>();
        for (RequirementResult r : results) {
            Catalogue.get()
                    .find(r.id())
                    .flatMap(Feature::of)
                    .ifPresent(f -> byFeature
                            .computeIfAbsent(f.label(), k -> new ArrayList<>())
                            .add(r));
        }
        List<FeatureLine> lines = new ArrayList<>();
        for (Conformance.FeatureFound f : found) {
            lines.add(new FeatureLine(
                    "F." + (lines.size() + 1),
                    f.name(),
                    f.meaning(),
                    f.source(),
                    "O",
                    switch (f.presence()) {
                        case "present" -> "Yes";
                        case "absent" -> "No";
                        default -> "Not known";
                    },
                    f.claimed(),
                    f.evidence(),
                    Tally.of(f.name(), byFeature.getOrDefault(f.name(), List.of()))));
        }
        return lines;
    }

    // ---- what has no verdict

    private static List<Unjudged> unjudged(List<RequirementResult> results) {
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put(
                Outcome.INCONCLUSIVE.word(),
                "A case ran, and could not be judged: loss, a rate limit, something that did not show twice, or a fault"
                        + " of the tool.");
        kinds.put(Outcome.NOT_APPLICABLE.word(), Outcome.NOT_APPLICABLE.meaning());
        kinds.put(NOT_SELECTED, "There are cases for it, which were left out of this run.");
        kinds.put(Ledger.Status.NOT_YET.word(), "It could be judged on the wire, and this version has no case for it.");
        kinds.put(
                Ledger.Status.UNTESTABLE.word(),
                "Nothing on the wire shows it: it needs another kind of evidence, such as a review of the source.");
        kinds.put(
                Ledger.Status.OUT_OF_SCOPE.word(),
                "It is no rule for a TCP implementation, or an obsolete one; no evidence is owed.");
        Map<String, Map<String, List<String>>> byKind = new LinkedHashMap<>();
        kinds.keySet().forEach(kind -> byKind.put(kind, new LinkedHashMap<>()));
        for (RequirementResult r : results) {
            String kind = kind(r);
            if (!kind.isEmpty()) {
                String reason =
                        r.finding().startsWith(kind + ": ") ? r.finding().substring(kind.length() + 2) : r.finding();
                byKind.get(kind).computeIfAbsent(reason, k -> new ArrayList<>()).add(r.id());
            }
        }
        return byKind.entrySet().stream()
                .filter(e -> !e.getValue().isEmpty())
                .map(e -> new Unjudged(
                        e.getKey(),
                        kinds.get(e.getKey()),
                        e.getValue().values().stream().mapToInt(List::size).sum(),
                        e.getValue().entrySet().stream()
                                .map(reason -> new Reason(reason.getKey(), reason.getValue()))
                                .toList()))
                .toList();
    }

    /** Why a requirement has no verdict; empty where it has one. */
    private static String kind(RequirementResult r) {
        return switch (r.outcome()) {
            case INCONCLUSIVE, NOT_APPLICABLE -> r.outcome().word();
            // the finding, which is in results.json, not the ledger, which may be that of another version
            case NOT_TESTED ->
                Stream.of(Ledger.Status.values())
                        .map(Ledger.Status::word)
                        .filter(word -> r.finding().startsWith(word + ": "))
                        .findFirst()
                        .orElse(NOT_SELECTED);
            default -> "";
        };
    }

    // ---- the catalogue

    /** Whether a run was made with the catalogue of this version, so that its hash may be stated. */
    private static boolean isOfThisCatalogue(List<RequirementResult> results) {
        return results.size() == Catalogue.get().all().size()
                && results.stream()
                        .allMatch(r -> Catalogue.get()
                                .find(r.id())
                                .filter(rule -> rule.rfc() == r.rfc()
                                        && rule.section().equals(r.section())
                                        && rule.label().equals(r.label())
                                        && rule.text().equals(r.text()))
                                .isPresent());
    }

    private static String catalogueHash() {
        try (InputStream in = Catalogue.class.getResourceAsStream("requirements.json")) {
            return Sums.hash(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the catalogue of requirements", e);
        }
    }
}
