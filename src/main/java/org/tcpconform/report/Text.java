package org.tcpconform.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.tcpconform.run.CaseResult;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Verdict;

/** Words and characters that all reports share. */
final class Text {
    private static final int REPLACEMENT = 0xFFFD;

    private Text() {}

    /** Text for XML, SVG and HTML, in an element or in an attribute. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        legal(text).codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** Text without the characters that XML 1.0 forbids, and without those that reverse the direction of reading. */
    static String legal(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F || c == '\n' || c == '\t')) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean legal = c == '\n'
                    || c == '\t'
                    || c == '\r'
                    || c >= ' ' && c < 0x7F
                    || c >= 0xA0 && c <= 0xD7FF
                    || c >= 0xE000 && c < 0xFFFE
                    || c >= 0x10000 && (c & 0xFFFE) != 0xFFFE;
            boolean reverses = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
            out.appendCodePoint(legal && !reverses ? c : REPLACEMENT);
        });
        return out.toString();
    }

    /** Text for a terminal: no control character reaches it but line feed and tab. */
    static String printable(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F || c == '\n' || c == '\t')) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n' || c == '\t' || !(Character.isISOControl(c) || Character.getType(c) == Character.FORMAT)) {
                out.appendCodePoint(c);
            } else if (c <= 0xFF) {
                out.append(String.format(Locale.ROOT, "\\x%02x", c));
            } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
            }
        });
        return out.toString();
    }

    /** The verdict as a heading: {@code FAIL of MUST}, {@code INCONCLUSIVE}. Categories and scripts match on it. */
    static String heading(CaseResult c) {
        return c.verdict() == Verdict.FAIL
                ? "FAIL of " + c.level().label(c.keyword())
                : c.verdict().name().replace('_', ' ');
    }

    /** Why a case did not pass; never null. */
    static Failure failure(CaseResult c) {
        return c.failure() == null ? Failure.of("unknown", c.verdict().meaning()) : c.failure();
    }

    /** The whole finding, without an indentation that all its lines share; empty where there is only a summary. */
    static String finding(CaseResult c) {
        return failure(c).text().stripIndent().strip();
    }

    /** {@code RFC 9293, 3.10.7.2}. */
    static String section(CaseResult c) {
        String rfc = c.rfc() > 0 ? "RFC " + c.rfc() : "";
        return c.section().isEmpty() ? rfc : rfc.isEmpty() ? c.section() : rfc + ", " + c.section();
    }

    /** How many failed by the word for their level; the three usual words are always there, in this order. */
    static Map<String, Integer> failedByLevel(Collection<CaseResult> cases) {
        Map<String, Integer> byLevel = new LinkedHashMap<>();
        byLevel.put(Level.MUST.label(true), 0);
        byLevel.put(Level.MUST.label(false), 0);
        byLevel.put(Level.SHOULD.label(true), 0);
        Map<String, Integer> others = new LinkedHashMap<>();
        for (CaseResult c : cases) {
            if (c.verdict() == Verdict.FAIL) {
                String label = c.level().label(c.keyword());
                (byLevel.containsKey(label) ? byLevel : others).merge(label, 1, Integer::sum);
            }
        }
        byLevel.putAll(others);
        return byLevel;
    }

    /** {@code 840 ms}, {@code 7.4 s}, {@code 12 min 5 s}. */
    static String duration(double millis) {
        if (millis < 1000) {
            return Math.round(millis) + " ms";
        }
        if (millis < 100_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000);
        }
        long seconds = Math.round(millis / 1000);
        return seconds / 60 + " min " + seconds % 60 + " s";
    }

    static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /** A path as a relative link, percent-encoded (RFC 3986). */
    static String link(String path) {
        StringBuilder link = new StringBuilder(path.contains(":") ? "./" : "");
        for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean plain = c < 0x7f && (Character.isLetterOrDigit(c) || "-._~/:@+,=".indexOf(c) >= 0);
            link.append(plain ? Character.toString(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return link.toString();
    }

    static String plural(long n, String one, String many) {
        return n + " " + (n == 1 ? one : many);
    }

    /** Columns that a text takes in a fixed-width font. */
    static int columns(String text) {
        int columns = 0;
        for (int i = 0; i < text.length(); i++) {
            // each half of a surrogate pair is one of its two columns
            char c = text.charAt(i);
            columns += c >= 0x1100 && !Character.isSurrogate(c) ? 2 : 1;
        }
        return columns;
    }

    /** Text that takes at most {@code width} columns; what is cut off is shown by an ellipsis. */
    static String shorten(String text, int width) {
        if (columns(text) <= width) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int used = 1;
        for (int c : text.codePoints().toArray()) {
            used += columns(Character.toString(c));
            if (used > width) {
                break;
            }
            out.appendCodePoint(c);
        }
        return out.append('…').toString();
    }

    /**
     * Breaks text into lines of at most {@code width} columns: at line feeds, else after a space or a comma or between
     * {@code <…>} and {@code <…>}, else anywhere. Nothing is left out.
     */
    static List<String> wrap(String text, int width) {
        return wrap(text, width, c -> columns(Character.toString(c)));
    }

    /** The same for a font whose characters differ in width. */
    static List<String> wrap(String text, double width, IntToDoubleFunction widthOf) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.strip().split("\n", -1)) {
            String rest = paragraph.stripTrailing().replace("\t", "    ");
            while (rest.codePoints().mapToDouble(widthOf::applyAsDouble).sum() > width) {
                int cut = cut(rest, width, widthOf);
                lines.add(rest.substring(0, cut).stripTrailing());
                rest = rest.substring(cut).stripLeading();
            }
            lines.add(rest);
        }
        return lines;
    }

    private static int cut(String text, double width, IntToDoubleFunction widthOf) {
        double used = 0;
        int afterSpace = 0;
        int afterComma = 0;
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            used += widthOf.applyAsDouble(c);
            if (used > width) {
                break;
            }
            i += Character.charCount(c);
            if (c == ' ') {
                afterSpace = i;
            } else if (c == ',' || c == '>' && i < text.length() && text.charAt(i) == '<') {
                afterComma = i;
            }
        }
        int best = Math.max(afterSpace, afterComma);
        // a break in the first third leaves a ragged line: better to break a long word
        return best > i / 3 ? best : Math.max(i, Character.charCount(text.codePointAt(0)));
    }
}
