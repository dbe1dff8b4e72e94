package org.tcpconform.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Outcome;
import org.tcpconform.verdict.Verdict;

/**
 * Runs against several targets beside each other: the document that {@code matrix.html}, {@code matrix.json},
 * {@code matrix.csv} and {@code matrix.md} show in their ways.
 *
 * @param schema version of this layout
 * @param tool the tool that made it
 * @param made when, in UTC
 * @param meanings what the words mean
 * @param targets one for each run, in the order they were named
 * @param requirements one row for each requirement that one of the runs knows
 * @param cases one row for each case that one of the runs has, by section and id
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record Matrix(
        String schema,
        RunResult.Tool tool,
        String made,
        Compliance.Meanings meanings,
        List<Target> targets,
        List<Row> requirements,
        List<Row> cases) {
    static final String SCHEMA = "1.0";

    /** What a target is shown to break. */
    private static final Collection<String> BROKEN = List.of(Outcome.FAIL.name());

    /**
     * A run.
     *
     * @param name the target's name, with the folder's where several have one name
     * @param folder the results folder, relative to where the matrix is; a link, so percent-encoded
     * @param started in UTC
     * @param aborted why the run ended before all cases ran; null where it did not
     * @param profile the rule set that the target follows; null where the run does not say
     * @param features optional features: present, absent or unknown
     * @param verdicts how many cases have each
     * @param levels how many requirements of each level have each outcome
     */
    record Target(
            String name,
            String description,
            String folder,
            RunResult.Tool tool,
            String suite,
            long seed,
            String started,
            String aborted,
            String profile,
            Map<String, String> features,
            Map<String, Integer> verdicts,
            List<Compliance.Tally> levels) {}

    /**
     * A requirement or a case.
     *
     * @param level the word for how much it binds, such as {@code MUST} or {@code rule}
     * @param text the requirement, or what the target does if it keeps the rule
     * @param family version of IP; null for a requirement
     * @param related ids of the cases that judge the requirement, or of the requirements that the case judges
     * @param differs whether two targets have different outcomes, or fail for different causes
     * @param cells one for each target; null where its run does not know the row
     */
    record Row(
            String id,
            int rfc,
            String section,
            String level,
            String text,
            String family,
            List<String> related,
            boolean differs,
            List<Cell> cells) {

        /** Whether a target breaks it. */
        boolean broken() {
            return has(BROKEN);
        }

        /** Whether one of these outcomes is among its cells. */
        boolean has(Collection<String> outcomes) {
            return cells.stream().anyMatch(c -> c != null && outcomes.contains(c.outcome()));
        }
    }

    /**
     * What a requirement or case is found to be for one target.
     *
     * @param outcome an {@link Outcome} or a {@link Verdict}, by name
     * @param code failure code of a case that did not pass; null otherwise
     * @param expected whether an expectations file gives a reason for it
     * @param finding one sentence; may be empty for a case that passed
     * @param decidingCase the case that a requirement's outcome rests on; null for a case, and where none ran
     * @param capture capture of that case, relative to the target's folder; null where there is none
     * @param ladder picture of it, likewise
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Cell(
            String outcome,
            String code,
            boolean expected,
            String finding,
            String decidingCase,
            String capture,
            String ladder) {}

    /** Puts runs beside each other. */
    static Matrix of(RunResult.Tool tool, String made, List<MatrixColumn> columns) {
        List<Row> requirements = rows(columns, MatrixColumn::requirements);
        // in the order of the catalogue, which is that of importance
        List<Integer> rfcs = requirements.stream().map(Row::rfc).distinct().toList();
        List<Row> cases = new ArrayList<>(rows(columns, MatrixColumn::cases));
        cases.sort(Comparator.comparing((Row r) -> Math.floorMod(rfcs.indexOf(r.rfc()), Integer.MAX_VALUE))
                .thenComparing(Row::section, Sections.ORDER)
                .thenComparing(Row::id));
        return new Matrix(
                SCHEMA,
                tool,
                made,
                Compliance.words(),
                columns.stream().map(MatrixColumn::target).toList(),
                requirements,
                List.copyOf(cases));
    }

    private static List<Row> rows(
            List<MatrixColumn> columns, Function<MatrixColumn, Map<String, MatrixColumn.Entry>> entries) {
        Map<String, MatrixColumn.Entry> all = new LinkedHashMap<>();
        columns.forEach(column -> entries.apply(column).forEach(all::putIfAbsent));
        return all.values().stream()
                .map(first -> {
                    List<Cell> cells = new ArrayList<>();
                    columns.forEach(column -> {
                        MatrixColumn.Entry entry = entries.apply(column).get(first.id());
                        cells.add(entry == null ? null : entry.cell());
                    });
                    return first.row(differs(cells), cells);
                })
                .toList();
    }

    private static boolean differs(List<Cell> cells) {
        Stream<List<String>> seen = cells.stream()
                .filter(Objects::nonNull)
                .map(c -> Outcome.FAIL.name().equals(c.outcome()) && c.code() != null
                        ? List.of(c.outcome(), c.code())
                        : List.of(c.outcome()));
        return seen.distinct().count() > 1;
    }

    /** Of the requirements of a level those that a target kept or broke, and all that something is known of. */
    record Share(int passed, int judged, Compliance.Tally known) {
        static Share of(Compliance.Tally tally) {
            Map<String, Integer> known = new LinkedHashMap<>(tally.outcomes());
            known.put(Outcome.NOT_TESTED.name(), 0);
            int passed = tally.count(Outcome.PASS);
            return new Share(
                    passed,
                    passed + tally.count(Outcome.FAIL),
                    new Compliance.Tally(tally.name(), tally.total() - tally.count(Outcome.NOT_TESTED), known));
        }

        /** {@code 62 of 66}; empty where nothing was judged. */
        String words() {
            return judged == 0 ? "" : passed + " of " + judged;
        }
    }
}
