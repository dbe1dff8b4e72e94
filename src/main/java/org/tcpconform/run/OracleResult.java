package org.tcpconform.run;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Verdict;

/**
 * What the oracle found: the content of {@code oracle.json}.
 *
 * @param schema version of this layout
 * @param tool the tool
 * @param target what was judged
 * @param suite name of the suite
 * @param seed seed of all random choices
 * @param sample how many mutants were drawn; 0 for all
 * @param startedMillis start since the epoch, in milliseconds
 * @param durationMs wall time, in milliseconds
 * @param aborted why it ended early; null where it did not
 * @param mutants how many mutants contradict a rule and were carried out
 * @param killed how many of them were noticed: the verdict was another than PASS and ERROR
 * @param verdicts how many of them ended in each verdict
 * @param levels the same by how much the rule binds, which is that of the case's first requirement
 * @param requirements the same for each requirement
 * @param cases one for each case, in order of id
 * @param needless lines of the file of survivors that no survivor needed
 */
public record OracleResult(
        String schema,
        RunResult.Tool tool,
        RunResult.Target target,
        String suite,
        long seed,
        int sample,
        long startedMillis,
        double durationMs,
        String aborted,
        int mutants,
        int killed,
        Map<Verdict, Integer> verdicts,
        Map<String, Tally> levels,
        Map<String, Tally> requirements,
        List<Trial> cases,
        List<String> needless) {
    public static final String SCHEMA = "1.1";

    /** Share of the mutants that must be killed. */
    private static final double TARGET = 0.99;

    /** Whether a mutant was noticed that ended so; a fault of the harness is no judgement. */
    public static boolean isKill(Verdict verdict) {
        return verdict != Verdict.PASS && verdict != Verdict.ERROR;
    }

    /** Mutants that were carried out, those of them that were noticed, and how many ended in each verdict. */
    public record Tally(int mutants, int killed, Map<Verdict, Integer> verdicts) {
        static Tally of(Stream<Verdict> endings) {
            Map<Verdict, Integer> verdicts = none();
            endings.forEach(v -> verdicts.merge(v, 1, Integer::sum));
            return of(verdicts);
        }

        private static Tally of(Map<Verdict, Integer> verdicts) {
            int mutants = 0;
            int killed = 0;
            for (Map.Entry<Verdict, Integer> e : verdicts.entrySet()) {
                mutants += e.getValue();
                killed += isKill(e.getKey()) ? e.getValue() : 0;
            }
            return new Tally(mutants, killed, verdicts);
        }

        Tally plus(Tally more) {
            Map<Verdict, Integer> sum = none();
            verdicts.forEach((v, n) -> sum.merge(v, n, Integer::sum));
            more.verdicts.forEach((v, n) -> sum.merge(v, n, Integer::sum));
            return of(sum);
        }

        private static Map<Verdict, Integer> none() {
            Map<Verdict, Integer> none = new EnumMap<>(Verdict.class);
            for (Verdict v : Verdict.values()) {
                none.put(v, 0);
            }
            return none;
        }
    }

    /**
     * What was found of one case.
     *
     * @param id stable id
     * @param title what the target must do
     * @param requirements ids of the requirements judged
     * @param level how much its rule binds
     * @param verdict of the attempt that was recorded
     * @param notTried why there is no mutant of it; null where there is one
     * @param preambles how many expectations come before the rule; what the target does wrong there leaves it unjudged
     * @param byItself whether no template, silence or probe says what contradicts its rule, so that it counts nowhere:
     *     what it notices of the mutants tried is among its points
     * @param points on what its PASS rests
     * @param mutants how many mutants were carried out
     * @param killed how many of them were noticed
     * @param verdicts how many ended in each verdict
     * @param weak those that were noticed by another verdict than FAIL, so that they would not make a run fail
     * @param survivors those that were not noticed
     * @param notCarriedOut mutants that found nothing to change when the case ran again; they count nowhere
     */
    public record Trial(
            String id,
            String title,
            List<String> requirements,
            String level,
            String verdict,
            String notTried,
            int preambles,
            boolean byItself,
            List<Point> points,
            int mutants,
            int killed,
            Map<Verdict, Integer> verdicts,
            List<Weak> weak,
            List<Survivor> survivors,
            List<String> notCarriedOut) {
        Tally tally() {
            return new Tally(mutants, killed, verdicts);
        }
    }

    /**
     * A point on which a PASS rests.
     *
     * @param number its number within the case, from 1; below 0 for what comes before the rule
     * @param kind what it asks for
     * @param expected the acceptable segments; of a silence those that are tolerated
     * @param came the segment that met it; empty for none
     * @param mutants how many mutants of it were carried out
     * @param killed how many of them were noticed
     * @param open mutants that its templates leave open, and that therefore count nowhere
     * @param judged those of them that the case was seen to notice all the same; empty where they were not tried
     */
    public record Point(
            int number,
            String kind,
            String expected,
            String came,
            int mutants,
            int killed,
            List<String> open,
            List<String> judged) {}

    /**
     * A mutant that was not noticed.
     *
     * @param point number of the point
     * @param mutant what was changed
     * @param verdict what the case said: PASS, or ERROR where the harness did not bear it
     * @param finding what ERROR means; empty for PASS
     * @param capture what the case was shown, relative to the report; null for none
     * @param reason why that is right; null where the file of survivors gives none
     */
    public record Survivor(int point, String mutant, String verdict, String finding, String capture, String reason) {}

    /**
     * A mutant that was noticed, and not found at fault.
     *
     * @param point number of the point
     * @param mutant what was changed
     * @param verdict what the case said: INCONCLUSIVE or NOT_APPLICABLE
     * @param code failure code; empty for none
     */
    public record Weak(int point, String mutant, String verdict, String code) {}

    /** Sums up the cases. */
    public static OracleResult of(
            RunResult.Tool tool,
            RunResult.Target target,
            String suite,
            long seed,
            int sample,
            long startedMillis,
            double durationMs,
            String aborted,
            List<Trial> cases,
            List<String> needless) {
        Tally all = cases.stream().map(Trial::tally).reduce(Tally.of(Stream.empty()), Tally::plus);
        return new OracleResult(
                SCHEMA,
                tool,
                target,
                suite,
                seed,
                sample,
                startedMillis,
                durationMs,
                aborted,
                all.mutants(),
                all.killed(),
                all.verdicts(),
                byLevel(cases),
                byRequirement(cases),
                cases,
                needless);
    }

    private static Map<String, Tally> byLevel(List<Trial> cases) {
        Map<String, Tally> tallies = new TreeMap<>();
        cases.forEach(c -> tallies.merge(c.level(), c.tally(), Tally::plus));
        return tallies;
    }

    private static Map<String, Tally> byRequirement(List<Trial> cases) {
        Map<String, Tally> tallies = new TreeMap<>();
        cases.forEach(c -> c.requirements().forEach(r -> tallies.merge(r, c.tally(), Tally::plus)));
        return tallies;
    }

    /** Survivors that nobody has given a reason for. */
    public long unjustified() {
        return cases.stream()
                .flatMap(c -> c.survivors().stream())
                .filter(s -> s.reason() == null)
                .count();
    }

    /** Whether it is shown that the cases fail when they should. */
    public boolean proven() {
        Tally must = levels.getOrDefault(Level.MUST.label(true), Tally.of(Stream.empty()));
        return aborted == null
                && mutants > 0
                && unjustified() == 0
                && must.killed() == must.mutants()
                && killed >= TARGET * mutants;
    }
}
