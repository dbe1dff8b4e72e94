package org.tcpconform.run;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.tcpconform.run.ExpectationsFile.Entry;
import org.tcpconform.verdict.FailureCode;
import org.tcpconform.verdict.Verdict;

/**
 * What is known not to pass, and why: the expectations files of a run. Each case has one expectation at the most, and an
 * expectation must hold for every case that its glob fits. Where a file builds on another, its own replace those of the
 * other, case by case.
 */
public final class Expectations {
    /** None at all: then nothing is expected, and nothing is missed. */
    public static final Expectations NONE = new Expectations(List.of(), Map.of(), List.of(), false);

    private final List<ExpectationsFile> files;
    private final Map<String, Entry> byCase;
    private final List<String> remarks;
    private final boolean strict;

    private Expectations(
            List<ExpectationsFile> files, Map<String, Entry> byCase, List<String> remarks, boolean strict) {
        this.files = files;
        this.byCase = byCase;
        this.remarks = remarks;
        this.strict = strict;
    }

    /**
     * Reads files.
     *
     * @param strict whether an expectation that has expired is refused, and one of INCONCLUSIVE that passes is red
     * @throws ExpectationsException with file and line, if one is wrong
     */
    public static Expectations read(List<Path> files, boolean strict) {
        return new Expectations(files.stream().map(ExpectationsFile::read).toList(), Map.of(), List.of(), strict);
    }

    /** Whether there are any files; an empty file says that all must pass. */
    public boolean govern() {
        return !files.isEmpty();
    }

    /** Whether each expectation speaks of one of these cases at least. */
    public boolean areAllAmong(Set<String> ids) {
        return entries().stream().allMatch(e -> e.strange(ids).isEmpty());
    }

    /**
     * The expectations with what can be said of them before the target is known.
     *
     * @param ids all cases that there are, chosen or not
     * @throws ExpectationsException if an expectation speaks of no case, or has expired where that is refused
     */
    public Expectations checked(Set<String> ids, LocalDate today) {
        List<String> found = new ArrayList<>();
        for (Entry e : entries()) {
            for (String id : e.strange(ids)) {
                throw new ExpectationsException(
                        e.where() + ": no case has the id '" + id + "'; `tcpconform list --suite full` lists them");
            }
            if (e.expires() != null && e.expires().isBefore(today)) {
                String where = e.file() + ":" + e.expiresLine() + ": ";
                String what = "the expectation of " + e.id() + " has expired on " + e.expires();
                if (strict) {
                    throw new ExpectationsException(where + what);
                }
                found.add(where + what);
            }
        }
        return new Expectations(files, byCase, List.copyOf(found), strict);
    }

    /**
     * The expectations as far as they are for a target.
     *
     * @param ids all cases that there are, chosen or not
     * @throws ExpectationsException if two speak of the same case
     */
    public Expectations of(String name, String description, Set<String> ids) {
        Map<String, Entry> applying = new LinkedHashMap<>();
        for (ExpectationsFile file : files) {
            byCase(file, e -> e.isFor(name, description), ids).forEach((id, e) -> put(applying, id, e));
        }
        return new Expectations(files, applying, remarks, strict);
    }

    private static Map<String, Entry> byCase(ExpectationsFile file, Predicate<Entry> isFor, Set<String> ids) {
        Map<String, Entry> own = new LinkedHashMap<>();
        file.entries().stream().filter(isFor).forEach(e -> e.among(ids).forEach(id -> put(own, id, e)));
        if (file.included() == null) {
            return own;
        }
        Map<String, Entry> all = byCase(file.included(), isFor, ids);
        all.putAll(own);
        return all;
    }

    private static void put(Map<String, Entry> byCase, String id, Entry e) {
        Entry other = byCase.putIfAbsent(id, e);
        if (other != null && !other.equals(e)) {
            throw new ExpectationsException(e.where() + ": '" + e.id() + "' speaks of " + id + ", as '" + other.id()
                    + "' does in " + other.where() + "; let one of them be narrower");
        }
    }

    private List<Entry> entries() {
        return files.stream().flatMap(f -> f.all().stream()).toList();
    }

    /** What the results of the run say of them; null where there are none. */
    public RunResult.Expected summary() {
        return govern()
                ? new RunResult.Expected(
                        files.stream().map(ExpectationsFile::name).toList(), strict, remarks)
                : null;
    }

    /**
     * The result with what was expected of it. ERROR is the harness's own and never expected; a PASS is nothing that a line
     * of an unsteady target speaks of, and that attempts of one run differ is what it says.
     */
    public CaseResult mark(CaseResult c) {
        Entry e = byCase.get(c.id());
        if (e == null
                || e.expect() == Verdict.PASS
                || c.verdict() == Verdict.ERROR
                || e.unsteady() && c.verdict() == Verdict.PASS) {
            return c;
        }
        return c.withExpectation(
                new Expectation(state(e, c), e.expect(), e.reason(), e.reference(), e.file(), e.line()));
    }

    private static Expectation.State state(Entry e, CaseResult c) {
        boolean cause = e.match().isEmpty()
                || c.failure() != null && e.match().contains(c.failure().code());
        boolean differs = c.verdict() == Verdict.INCONCLUSIVE && c.failure().is(FailureCode.NOT_REPRODUCIBLE);
        if (c.verdict() == e.expect() && cause || e.unsteady() && differs) {
            return Expectation.State.EXPECTED;
        }
        return switch (c.verdict()) {
            case PASS -> Expectation.State.UNEXPECTED_PASS;
            case INCONCLUSIVE -> Expectation.State.NOT_JUDGED;
            default -> Expectation.State.OTHERWISE;
        };
    }

    /** A listener that passes on results that are marked. */
    public RunListener marking(RunListener listener) {
        return new RunListener() {
            @Override
            public void started(RunPlan plan, int cases) {
                listener.started(plan, cases);
            }

            @Override
            public void takenOver(List<CaseResult> results) {
                listener.takenOver(results.stream().map(Expectations.this::mark).toList());
            }

            @Override
            public void begun(String caseId) {
                listener.begun(caseId);
            }

            @Override
            public void ended(CaseResult result) {
                listener.ended(mark(result));
            }

            @Override
            public void amended(CaseResult before, CaseResult result) {
                listener.amended(mark(before), mark(result));
            }

            @Override
            public void noted(String line) {
                listener.noted(line);
            }

            @Override
            public void finished(RunResult result) {
                listener.finished(result);
            }
        };
    }

    /**
     * The text of the file that would have made the run green, to be reviewed and put in the place of the files given.
     * Lines that hold are kept as they stand, those that do not become comments, and what is new lacks its reason, without
     * which the file is refused.
     *
     * @param target name of the target
     * @param results the results, marked
     */
    public String next(String target, Collection<CaseResult> results) {
        return new ExpectationsNext(target, files, byCase, results).text();
    }
}
