package org.tcpconform.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Row;
import org.tcpconform.requirement.Rule;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.run.CaseDescriptor;

/**
 * The page that lists all cases, as Markdown: what each is, judges and needs by its annotations and tables, and what it
 * sends and accepts by its own code, which reads like the rule. Nothing on it is written by hand, so that it cannot drift.
 */
public final class CasesPage {
    private static final int MOST_ROWS = 40;
    private static final String TO_ROOT = "../../../";
    private static final String JAVA = "src/main/java/";
    private static final String RESOURCES = "src/main/resources/";
    private static final Pattern CODE = Pattern.compile("\\{@(code|link)\\s+([^}]+)}");

    private static final String HEAD = """
            # The cases

            Made by `tools/tcpconform list --markdown` from the annotations, tables and code of the cases; a test holds it to
            them. Do not edit.

            Each case has its id, what a target does that keeps the rule, the requirement that it judges, and its code, which
            is what it sends and accepts. Each id is run over IPv4 (`-v4`) and IPv6 (`-v6`) unless it says otherwise. To read
            the code:

            - `peer.send(…)` sends a segment. A field that is not named has the usual value: SEQ is what the target expects
              next, ACK acknowledges all that came. A segment with `seq(…)` is a probe beside the stream.
            - `peer.expect(a, b)` waits for a segment that is as `a` or `b`, and fails if none comes; a field that is not named
              may have any value. `expectAck` waits as long as an acknowledgment may be delayed, `expectSilence` demands that
              nothing comes, `expectOrSilence` permits both.
            - `peer.prove(STATE)` sends a probe that the target answers differently in any other state.
            - `ISS`, `SND_NXT`, `RCV_NXT`, `RCV_WND` and the like are the variables of the target, `SEG_…` are of our last
              segment.
            - `establish`, `openTo` and `reach` come before the rule: where they do not succeed, nothing is judged.
            - `peer.observed(…)` records what a target chose where it may choose.

            """;

    private CasesPage() {}

    /**
     * The page.
     *
     * @param cases all cases
     * @param home the folder of the project, with its sources
     * @throws ReportException if the sources cannot be read
     */
    public static String of(Collection<CaseDescriptor> cases, Path home) {
        Map<Class<?>, List<CaseDescriptor>> classes = new TreeMap<>(Comparator.comparing(CasesPage::order));
        cases.forEach(c -> classes.computeIfAbsent(c.method().getDeclaringClass(), k -> new ArrayList<>())
                .add(c));
        StringBuilder page = new StringBuilder(HEAD);
        classes.forEach((type, ofClass) -> page.append("- [")
                .append(heading(remark(type, source(type, home))))
                .append("](#")
                .append(type.getSimpleName())
                .append(")\n"));
        page.append('\n');
        classes.forEach((type, ofClass) -> section(page, type, ofClass, source(type, home)));
        return page.toString().stripTrailing() + "\n";
    }

    /** RFCs with the most cases first, sections in the order of their numbers. */
    private static String order(Class<?> type) {
        String rfc = type.getPackageName().replaceFirst(".*rfc", "");
        String numbers = Arrays.stream(type.getSimpleName().split("_"))
                .map(part -> part.matches("S?\\d+") ? String.format("%3s", part.replace("S", "")) : "~" + part)
                .collect(Collectors.joining("."));
        return (rfc.equals("9293") ? "0" : "1") + rfc + " " + numbers;
    }

    private static String file(Class<?> type) {
        return JAVA + type.getName().replace('.', '/') + ".java";
    }

    private static String remark(Class<?> type, String source) {
        return javadoc(source, source.indexOf("public class "), type);
    }

    /** The first sentence of what is said of a class. */
    private static String heading(String remark) {
        return remark.split("\\.(?= |$)")[0];
    }

    private static void section(StringBuilder page, Class<?> type, List<CaseDescriptor> cases, String source) {
        String remark = remark(type, source);
        String heading = heading(remark);
        String more = remark.substring(heading.length() + 1).strip();
        page.append("<a id=\"").append(type.getSimpleName()).append("\"></a>\n\n## ");
        page.append(heading).append("\n\n").append(more).append(more.isEmpty() ? "" : " ");
        page.append("Constants, tables and helpers: [")
                .append(type.getSimpleName())
                .append("](");
        page.append(TO_ROOT).append(file(type)).append(").\n\n");
        Map<String, List<CaseDescriptor>> methods = new LinkedHashMap<>();
        cases.stream()
                .sorted(Comparator.comparingInt((CaseDescriptor c) -> declaration(source, c)))
                .forEach(c -> methods.computeIfAbsent(c.method().getName(), k -> new ArrayList<>())
                        .add(c));
        methods.values().forEach(rows -> one(page, source, rows));
    }

    private static void one(StringBuilder page, String source, List<CaseDescriptor> runs) {
        CaseDescriptor first = runs.get(0);
        Case annotation = first.annotation();
        boolean table = first.row() != null;
        page.append("### ").append(annotation.id()).append(table ? "-…" : "").append(": ");
        page.append(annotation.title().replace("{}", "…")).append("\n\n");
        Set<Rule> rules = new LinkedHashSet<>();
        runs.forEach(c -> rules.addAll(c.rules()));
        rules.forEach(rule -> page.append("- ")
                .append(rule.id())
                .append(" (RFC ")
                .append(rule.rfc())
                .append(", ")
                .append(rule.section())
                .append("; ")
                .append(rule.label())
                .append("): ")
                .append(escaped(rule.text()))
                .append('\n'));
        page.append("\n").append(facts(annotation)).append("\n\n");
        String javadoc =
                javadoc(source, declaration(source, first), first.method().getDeclaringClass());
        if (!javadoc.isEmpty()) {
            page.append(javadoc).append("\n\n");
        }
        if (table) {
            rows(page, runs, rules.size() > first.rules().size());
        }
        page.append("```java\n")
                .append(body(source, declaration(source, first)))
                .append("```\n\n");
    }

    private static String facts(Case annotation) {
        List<String> facts = new ArrayList<>();
        if (!annotation.wholeRun()) {
            facts.add("Needs "
                    + Arrays.stream(annotation.needs()).map(Stimulus::label).collect(Collectors.joining(", ")));
        }
        if (annotation.families().length == 1) {
            facts.add(annotation.families()[0].label() + " alone");
        }
        if (annotation.seconds() > 5) {
            facts.add("takes up to " + annotation.seconds() + " s");
        }
        if (annotation.exclusive()) {
            facts.add("runs alone");
        }
        if (annotation.wholeRun()) {
            facts.add("Judges what came in all other cases");
        }
        if (annotation.observes()) {
            facts.add("records what the target chooses");
        }
        if (annotation.tags().length > 0) {
            facts.add("tags " + String.join(", ", annotation.tags()));
        }
        return String.join("; ", facts) + ".";
    }

    private static void rows(StringBuilder page, List<CaseDescriptor> runs, boolean ownRules) {
        Map<String, CaseDescriptor> rows = new LinkedHashMap<>();
        runs.forEach(c -> rows.putIfAbsent(c.row().id(), c));
        if (rows.size() > MOST_ROWS) {
            page.append(rows.size())
                    .append(" rows, the first of them `")
                    .append(id(rows.values().iterator().next()));
            page.append("`; `tools/tcpconform list --suite full` has them all.\n\n");
            return;
        }
        page.append("| id | … |").append(ownRules ? " requirements |\n| --- | --- | --- |\n" : "\n| --- | --- |\n");
        for (CaseDescriptor c : rows.values()) {
            Row row = c.row();
            page.append("| `")
                    .append(id(c))
                    .append("` | ")
                    .append(escaped(row.what()).replace("|", "\\|"));
            if (ownRules) {
                page.append(" | ").append(c.rules().stream().map(Rule::id).collect(Collectors.joining(", ")));
            }
            page.append(" |\n");
        }
        page.append('\n');
    }

    private static String id(CaseDescriptor c) {
        return c.annotation().id() + "-" + c.row().id();
    }

    private static String escaped(String text) {
        return text.replace("<", "&lt;").replace("*", "\\*");
    }

    private static int declaration(String source, CaseDescriptor c) {
        return source.indexOf("public void " + c.method().getName() + "(");
    }

    /** The code of a method, whose lines the formatter has set. */
    private static String body(String source, int declaration) {
        int from = source.indexOf("{\n", declaration) + 2;
        return source.substring(from, source.indexOf("\n    }\n", declaration) + 1)
                .lines()
                .map(line -> line.isBlank() ? "" : line.substring(8))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** What is said of a class or method, as Markdown; empty where nothing is. */
    private static String javadoc(String source, int declaration, Class<?> type) {
        int begin = source.lastIndexOf("\n\n", declaration) + 2;
        String head = source.substring(begin, declaration).strip();
        if (!head.startsWith("/**")) {
            return "";
        }
        String text = head.substring(3, head.indexOf("*/"))
                .lines()
                .map(line -> line.strip().replaceFirst("^\\*\\s?", ""))
                .collect(Collectors.joining(" "))
                .strip();
        Matcher code = CODE.matcher(text.replaceAll("</?p>", ""));
        return code.replaceAll(m -> Matcher.quoteReplacement(
                m.group(2).endsWith(".md")
                        ? "[" + m.group(2) + "](" + TO_ROOT + RESOURCES
                                + type.getPackageName().replace('.', '/') + "/" + m.group(2) + ")"
                        : "`" + m.group(2).replaceFirst("^#", "") + "`"));
    }

    private static String source(Class<?> type, Path home) {
        Path file = home.resolve(file(type));
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw ReportException.of(
                    file, "the source of its cases cannot be read", "run it in a checkout of the project");
        }
    }
}
