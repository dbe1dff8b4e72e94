package org.tcpconform.report;

import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Outcome;
import org.tcpconform.verdict.Verdict;

/**
 * {@code compliance.html}: the compliance report as one page that asks nobody for anything, on a screen and on paper. Its
 * template is {@code compliance.html.ftl} beside this class; what it shows is the very document of
 * {@code compliance.json}. The page's policy lets no script run but its own filter, whatever text the wire brought in.
 */
final class ComplianceHtml {
    /** One letter for each outcome, for bars and for those who cannot tell colours apart. */
    private static final Map<Outcome, String> LETTERS = Map.of(
            Outcome.PASS, "P",
            Outcome.FAIL, "F",
            Outcome.INCONCLUSIVE, "I",
            Outcome.NOT_APPLICABLE, "A",
            Outcome.NOT_TESTED, "N",
            Outcome.OBSERVED, "O",
            Outcome.NOT_OBSERVED, "U");

    private static final Configuration TEMPLATES = templates();

    private ComplianceHtml() {}

    /**
     * The page.
     *
     * @param paper whether it is to be printed to a file that goes without the others, so that links to them would lead
     *     nowhere
     */
    static String page(Compliance compliance, boolean paper) {
        Map<String, Object> model = new LinkedHashMap<>();
        ComplianceFiles.tree(compliance).forEach((key, value) -> model.put(key, legal(value)));
        Map<String, Map<String, String>> outcomes = new LinkedHashMap<>();
        for (Outcome outcome : Compliance.ORDER) {
            outcomes.put(
                    outcome.name(),
                    Map.of("word", outcome.word(), "letter", LETTERS.get(outcome), "meaning", outcome.meaning()));
        }
        Map<String, String> verdictWords = new LinkedHashMap<>();
        for (Verdict verdict : Verdict.values()) {
            verdictWords.put(verdict.name(), verdict.word());
        }
        String style = resource("compliance.css") + footer(compliance);
        String script = resource("compliance.js");
        model.put("words", outcomes);
        model.put("verdictWords", verdictWords);
        model.put("statement", statement(compliance));
        model.put("broken", broken(compliance) > 0);
        model.put("duration", Text.duration(compliance.run().durationMs()));
        model.put("day", compliance.run().started().substring(0, 10));
        model.put("time", compliance.run().started().substring(11, 19) + " UTC");
        model.put("paper", paper);
        model.put("style", style);
        model.put("script", script);
        model.put("styleHash", policyHash(style));
        model.put("scriptHash", policyHash(script));
        StringWriter out = new StringWriter(1 << 20);
        try {
            TEMPLATES.getTemplate("compliance.html.ftl").process(model, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TemplateException e) {
            throw new IllegalStateException("compliance.html.ftl: " + e.getMessage(), e);
        }
        return out.toString();
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

    private static String policyHash(String content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = ComplianceHtml.class.getResourceAsStream(name)) {
            return "\n" + new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Configuration templates() {
        Configuration templates = new Configuration(Configuration.VERSION_2_3_32);
        templates.setClassForTemplateLoading(ComplianceHtml.class, "");
        templates.setLocalizedLookup(false);
        templates.setDefaultEncoding("UTF-8");
        templates.setLocale(Locale.ROOT);
        templates.setNumberFormat("computer");
        templates.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        templates.setLogTemplateExceptions(false);
        templates.setOutputFormat(HTMLOutputFormat.INSTANCE);
        return templates;
    }

    /** The template escapes; characters that no page may have are taken out here, wherever in the document they stand. */
    private static Object legal(Object value) {
        if (value instanceof String text) {
            return Text.legal(text);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(ComplianceHtml::legal).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> legal = new LinkedHashMap<>();
            map.forEach((key, v) -> legal.put(Text.legal(String.valueOf(key)), legal(v)));
            return legal;
        }
        return value;
    }
}
