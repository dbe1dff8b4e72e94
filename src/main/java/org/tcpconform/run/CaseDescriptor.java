package org.tcpconform.run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.Surroundings;
import org.tcpconform.peer.Tampering;
import org.tcpconform.requirement.Budget;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Catalogue;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.requirement.Rule;
import org.tcpconform.target.Target;
import org.tcpconform.verdict.Level;

/**
 * One concrete case: a method, one row of its table where it has one, and a version of IP.
 *
 * @param id stable id, such as {@code LI-03-v6}
 * @param method the method that runs it
 * @param annotation what the method says of itself
 * @param rules the requirements that it judges, the main one first
 * @param row the row, or null
 * @param family the version of IP
 */
public record CaseDescriptor(String id, Method method, Case annotation, List<Rule> rules, Row row, Family family) {

    /**
     * All concrete cases of a class.
     *
     * @throws IllegalArgumentException if a case names an unknown requirement or a table that is not there
     */
    public static List<CaseDescriptor> of(Class<?> type) {
        List<CaseDescriptor> cases = new ArrayList<>();
        for (Method method : type.getDeclaredMethods()) {
            Case annotation = method.getAnnotation(Case.class);
            if (annotation == null) {
                continue;
            }
            for (Row row : rows(type, annotation)) {
                List<Rule> rules = rules(method, annotation, row);
                for (Family family : annotation.families()) {
                    if (row != null && !row.appliesTo(family)) {
                        continue;
                    }
                    String id = annotation.id() + (row == null ? "" : "-" + row.id()) + "-" + family.suffix();
                    cases.add(new CaseDescriptor(id, method, annotation, rules, row, family));
                }
            }
        }
        return cases;
    }

    private static List<Rule> rules(Method method, Case annotation, Row row) {
        Requirement requirement = method.getAnnotation(Requirement.class);
        List<String> ids = row != null && !row.requirements().isEmpty()
                ? row.requirements()
                : requirement == null ? List.of() : List.of(requirement.value());
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("case " + annotation.id() + " names no requirement");
        }
        return ids.stream()
                .map(id -> Catalogue.get()
                        .find(id)
                        .orElseThrow(() -> new IllegalArgumentException("case " + annotation.id()
                                + " names the requirement " + id + ", which the catalogue does not have")))
                .toList();
    }

    private static List<Row> rows(Class<?> type, Case annotation) {
        List<Row> rows = new ArrayList<>();
        if (annotation.rows().isEmpty()) {
            rows.add(null);
            return rows;
        }
        try {
            Method table = type.getDeclaredMethod(annotation.rows());
            table.setAccessible(true);
            for (Object row : (Iterable<?>) table.invoke(null)) {
                rows.add((Row) row);
            }
            return rows;
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException(
                    "case " + annotation.id() + ": no table " + annotation.rows() + " in " + type.getName(), e);
        }
    }

    /** The requirement that the case is mainly about. */
    public Rule rule() {
        return rules.get(0);
    }

    /** The strongest level among its requirements. */
    public Level level() {
        return strongest().level();
    }

    /** Whether that level is a key word of the RFC. */
    public boolean keyword() {
        return strongest().keyword();
    }

    private Rule strongest() {
        // the case stands and falls with its main rule; others that it touches do not raise its level
        return rule();
    }

    /** What the target must do, as one sentence without a full stop. */
    public String title() {
        return row == null ? annotation.title() : annotation.title().replace("{}", row.what());
    }

    public List<String> tags() {
        List<String> tags = new ArrayList<>(List.of(annotation.tags()));
        if (row != null) {
            tags.addAll(row.tags());
        }
        return tags;
    }

    /** The random sequence of one attempt, which the seed of the run decides. */
    Random random(long seed, int attempt) {
        return new Random(seed ^ (long) id.hashCode() << 20 ^ attempt);
    }

    /** For one attempt, within the case's budget. */
    CaseLog log(Surroundings around, long seed, int attempt, Tampering tampering) {
        return new CaseLog(around, random(seed, attempt), Budget.of(annotation, around.isnSamples()), tampering);
    }

    /** The optional feature that the case's rule belongs to, where the target is known to lack it. */
    Optional<Feature> absentFeature(Target target) {
        return Feature.of(rule()).filter(f -> !target.expects(f));
    }
}
