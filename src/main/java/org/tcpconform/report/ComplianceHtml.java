package org.tcpconform.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Outcome;

/**
 * {@code compliance.html}: the compliance report as a page for the screen and for paper. What it shows is the very document
 * of {@code compliance.json}.
 */
final class ComplianceHtml {
    private ComplianceHtml() {}

    /**
     * The page.
     *
     * @param paper whether it is to be printed to a file that goes without the others, so that links to them would lead
     *     nowhere
     */
    static String page(Compliance compliance, boolean paper) {
        Map<String, Object> model = new LinkedHashMap<>();
        ComplianceFiles.tree(compliance).forEach((key, value) -> model.put(key, HtmlPage.legal(value)));
        model.put("statement", statement(compliance));
        model.put("broken", broken(compliance) > 0);
        model.put("duration", Text.duration(compliance.run().durationMs()));
        model.put("day", compliance.run().started().substring(0, 10));
        model.put("time", compliance.run().started().substring(11, 19) + " UTC");
        model.put("paper", paper);
        return HtmlPage.render(
                "compliance.html.ftl",
                model,
                HtmlPage.resource("compliance.css") + footer(compliance),
                HtmlPage.resource("compliance.js"));
    }

    /** The result in a sentence or two that claim no more than was seen. */
    private static String statement(Compliance c) {
        Compliance.Tally all = c.summary().all();
        int judged = all.count(Outcome.PASS)
                + all.count(Outcome.FAIL)
                + all.count(Outcome.OBSERVED)
                + all.count(Outcome.NOT_OBSERVED);
        int broken = broken(c);
        int advice = all.count(Outcome.FAIL) - broken;
        String found;
        if (broken > 0) {
            found = "The target breaks " + Text.plural(broken, "binding requirement", "binding requirements")
                    + " (MUST or rule)"
                    + (advice > 0
                            ? " and does not follow " + Text.plural(advice, "recommendation", "recommendations")
                            : "");
        } else if (judged == 0) {
            found = "No requirement was judged";
        } else {
            found = "No binding requirement (MUST or rule) was seen broken"
                    + (advice > 0
                            ? "; " + Text.plural(advice, "recommendation is", "recommendations are") + " not followed"
                            : "");
        }
        long expected =
                c.requirements().stream().filter(Compliance.Line::expected).count();
        if (expected > 0) {
            found += "; " + expected + " of these failures had been declared as expected";
        }
        return found + ". " + judged + " of " + all.total()
                + " requirements have a verdict; nothing is said of the other " + (all.total() - judged)
                + ", for the reasons given below.";
    }

    private static int broken(Compliance c) {
        return (int) c.requirements().stream()
                .filter(r -> r.outcome() == Outcome.FAIL && r.level() == Level.MUST)
                .count();
    }

    /** What stands below each page of paper. */
    private static String footer(Compliance c) {
        return "@page { @bottom-left { content: "
                + cssString("TCP conformance of " + c.target().name() + ", "
                        + c.run().started().substring(0, 10) + ", " + c.tool().name() + " "
                        + c.tool().version())
                + "; } }\n";
    }

    /** Any text as a string of CSS that cannot end before its end. */
    private static String cssString(String text) {
        return Text.legal(text)
                .codePoints()
                .mapToObj(c -> c < 0x7F && (Character.isLetterOrDigit(c) || c == ' ' || c == '.' || c == ',')
                        ? Character.toString(c)
                        : String.format(Locale.ROOT, "\\%06x", c))
                .collect(Collectors.joining("", "\"", "\""));
    }
}
