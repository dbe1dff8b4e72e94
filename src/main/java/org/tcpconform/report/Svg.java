package org.tcpconform.report;

import java.util.List;
import java.util.Locale;

/**
 * Writes SVG: self-contained, without scripts, style sheets or fonts of its own, on a light ground that stays light in a
 * dark page. All text is escaped here, and nowhere else.
 */
final class Svg {
    static final String MONO =
            "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";
    static final String SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',Helvetica,Arial,sans-serif";

    static final String GROUND = "#ffffff";
    static final String INK = "#1f2328";
    static final String SOFT = "#59636e";
    static final String LINE = "#c8ced5";
    static final String RED = "#cf222e";

    /** Where a text stands on its point. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    private final StringBuilder out = new StringBuilder(8192);

    /** A document of a given size, with a title for those who cannot see it. */
    static String document(double width, double height, String title, Svg content) {
        String size = number(width) + " " + number(height);
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(width) + "\" height=\"" + number(height)
                + "\" viewBox=\"0 0 " + size + "\" role=\"img\" font-family=\"" + SANS + "\" font-size=\"12\">\n<title>"
                + Text.escape(title) + "</title>\n<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"" + GROUND
                + "\"/>\n" + content.out + "</svg>\n";
    }

    Svg append(Svg other) {
        out.append(other.out);
        return this;
    }

    Svg open(String attributes) {
        out.append("<g ").append(attributes).append(">\n");
        return this;
    }

    Svg close() {
        out.append("</g>\n");
        return this;
    }

    Svg text(double x, double y, Anchor anchor, String attributes, String text) {
        out.append("<text x=\"").append(number(x)).append("\" y=\"").append(number(y));
        if (anchor != Anchor.START) {
            out.append("\" text-anchor=\"").append(anchor.name().toLowerCase(Locale.ROOT));
        }
        out.append('"').append(attributes.isEmpty() ? "" : " " + attributes);
        if (text.startsWith(" ") || text.contains("  ")) {
            out.append(" xml:space=\"preserve\"");
        }
        out.append('>').append(Text.escape(text)).append("</text>\n");
        return this;
    }

    Svg line(double x1, double y1, double x2, double y2, String attributes) {
        out.append("<line x1=\"")
                .append(number(x1))
                .append("\" y1=\"")
                .append(number(y1))
                .append("\" x2=\"")
                .append(number(x2))
                .append("\" y2=\"")
                .append(number(y2))
                .append("\" ")
                .append(attributes)
                .append("/>\n");
        return this;
    }

    Svg rect(double x, double y, double width, double height, String attributes) {
        out.append("<rect x=\"")
                .append(number(x))
                .append("\" y=\"")
                .append(number(y))
                .append("\" width=\"")
                .append(number(width))
                .append("\" height=\"")
                .append(number(height))
                .append("\" ")
                .append(attributes)
                .append("/>\n");
        return this;
    }

    Svg circle(double x, double y, double r, String attributes) {
        out.append("<circle cx=\"")
                .append(number(x))
                .append("\" cy=\"")
                .append(number(y))
                .append("\" r=\"")
                .append(number(r))
                .append("\" ")
                .append(attributes)
                .append("/>\n");
        return this;
    }

    Svg path(String d, String attributes) {
        out.append("<path d=\"").append(d).append("\" ").append(attributes).append("/>\n");
        return this;
    }

    static String fill(String colour) {
        return "fill=\"" + colour + "\"";
    }

    static String stroke(String colour, double width) {
        return "stroke=\"" + colour + "\" stroke-width=\"" + number(width) + "\"";
    }

    /**
     * Breaks text in the proportional font into lines that fit. Which font a viewer has is not known, so each character
     * counts as wide as in the widest of the usual ones.
     *
     * @param size font size
     */
    static List<String> wrap(String text, double width, double size, boolean bold) {
        double em = size * (bold ? 1.12 : 1);
        return Text.wrap(text, width, c -> em * ems(c));
    }

    private static double ems(int c) {
        if (c >= 0x1100) {
            return 1.05;
        }
        if (" .,:;'|!ijl()[]/".indexOf(c) >= 0) {
            return 0.4;
        }
        if ("<>=+~mw%@#".indexOf(c) >= 0 || c == 'W' || c == 'M') {
            return c == 'm' || c == 'W' || c == '@' ? 1.0 : 0.86;
        }
        return Character.isUpperCase(c) ? 0.74 : 0.63;
    }

    /** A coordinate in as few characters as it needs. */
    static String number(double value) {
        double rounded = Math.round(value * 10) / 10.0;
        return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
    }
}
