package org.tcpconform.run;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Rule;
import org.tcpconform.verdict.Level;

/**
 * Which cases are chosen. A glob is held against a case's id, its tags, the ids of its requirements and their sections;
 * {@code *} stands for any text and {@code ?} for one character.
 *
 * @param match globs of which one must fit; empty for all
 * @param skip globs of which none may fit
 * @param level weakest level that is chosen; null for all
 * @param families versions of IP
 * @param intrusive whether cases that load target or network beyond the usual are chosen
 */
public record Selection(List<String> match, List<String> skip, Level level, Set<Family> families, boolean intrusive) {
    public static final Selection ALL = new Selection(List.of(), List.of(), null, Set.of(Family.values()), true);

    /** The cases that both this and {@code other} choose. */
    public List<CaseDescriptor> choose(List<CaseDescriptor> cases) {
        List<Pattern> matching = match.stream().map(Selection::pattern).toList();
        List<Pattern> skipping = skip.stream().map(Selection::pattern).toList();
        return cases.stream()
                .filter(c -> (level == null || c.level().compareTo(level) <= 0)
                        && families.contains(c.family())
                        && (intrusive || !c.annotation().intrusive())
                        && (matching.isEmpty() || fits(matching, c))
                        && !fits(skipping, c))
                .toList();
    }

    /** Whether a requirement is chosen: by the globs that fit its id, section or RFC, and by its level. */
    public boolean chooses(Rule rule) {
        return (level == null || rule.level().compareTo(level) <= 0)
                && (match.isEmpty()
                        || fits(match.stream().map(Selection::pattern).toList(), names(rule)))
                && !fits(skip.stream().map(Selection::pattern).toList(), names(rule));
    }

    /** Whether a glob fits any of some cases. */
    public static boolean fits(String glob, List<CaseDescriptor> cases) {
        List<Pattern> globs = List.of(pattern(glob));
        return cases.stream().anyMatch(c -> fits(globs, c));
    }

    private static boolean fits(List<Pattern> globs, CaseDescriptor c) {
        return !globs.isEmpty() && fits(globs, names(c));
    }

    private static boolean fits(List<Pattern> globs, Stream<String> names) {
        return names.anyMatch(
                name -> globs.stream().anyMatch(glob -> glob.matcher(name).matches()));
    }

    private static Stream<String> names(CaseDescriptor c) {
        Stream<String> rules = c.rules().stream().flatMap(Selection::names);
        String id = c.id();
        // a case may be named without its version of IP, and without its row
        String row = id.substring(0, id.length() - 3);
        return Stream.of(Stream.of(id, row, c.annotation().id()), c.tags().stream(), rules)
                .flatMap(s -> s);
    }

    private static Stream<String> names(Rule rule) {
        return Stream.concat(
                Stream.of(rule.id(), "RFC" + rule.rfc()),
                Stream.of(rule.section().split("[,; ]+")).flatMap(s -> Stream.of(s, "RFC" + rule.rfc() + "-" + s)));
    }

    /** A glob as a pattern: {@code *} stands for any text, {@code ?} for one character, and case makes no difference. */
    static Pattern pattern(String glob) {
        StringBuilder regex = new StringBuilder();
        for (char c : glob.toCharArray()) {
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE);
    }
}
