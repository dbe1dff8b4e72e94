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
import org.tcpconform.verdict.Outcome;
import org.tcpconform.verdict.Verdict;

/**
 * A page in one file that asks nobody for anything: a template beside this class, its styles and its script. The page's
 * policy lets no other script run, whatever text the wire brought in.
 */
final class HtmlPage {
    /** One letter for each outcome, for bars, cells, and those who cannot tell colours apart. */
    static final Map<Outcome, String> LETTERS = Map.of(
            Outcome.PASS, "P",
            Outcome.FAIL, "F",
            Outcome.INCONCLUSIVE, "I",
            Outcome.NOT_APPLICABLE, "A",
            Outcome.NOT_TESTED, "N",
            Outcome.OBSERVED, "O",
            Outcome.NOT_OBSERVED, "U");

    private static final Configuration TEMPLATES = templates();

    private HtmlPage() {}

    /**
     * Fills in a template, which escapes all that it shows. Beside the model it gets {@code words} of outcomes,
     * {@code verdictWords}, {@code style}, {@code script} and the hashes of both for the policy.
     *
     * @param name file name of the template
     * @param style all styles
     * @param script the script
     */
    static String render(String name, Map<String, Object> model, String style, String script) {
        Map<String, Object> all = new LinkedHashMap<>(model);
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
        all.put("words", outcomes);
        all.put("verdictWords", verdictWords);
        all.put("style", style);
        all.put("script", script);
        all.put("styleHash", policyHash(style));
        all.put("scriptHash", policyHash(script));
        StringWriter out = new StringWriter(1 << 20);
        try {
            TEMPLATES.getTemplate(name).process(all, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TemplateException e) {
            throw new IllegalStateException(name + ": " + e.getMessage(), e);
        }
        return out.toString();
    }

    /** A style sheet or script that lies beside this class. */
    static String resource(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            return "\n" + new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes out characters that no page may have, wherever in a document of maps and lists they stand. */
    static Object legal(Object value) {
        if (value instanceof String text) {
            return Text.legal(text);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(HtmlPage::legal).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> legal = new LinkedHashMap<>();
            map.forEach((key, v) -> legal.put(Text.legal(String.valueOf(key)), legal(v)));
            return legal;
        }
        return value;
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

    private static Configuration templates() {
        Configuration templates = new Configuration(Configuration.VERSION_2_3_32);
        templates.setClassForTemplateLoading(HtmlPage.class, "");
        templates.setLocalizedLookup(false);
        templates.setDefaultEncoding("UTF-8");
        templates.setLocale(Locale.ROOT);
        templates.setNumberFormat("computer");
        templates.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        templates.setLogTemplateExceptions(false);
        templates.setOutputFormat(HTMLOutputFormat.INSTANCE);
        return templates;
    }
}
