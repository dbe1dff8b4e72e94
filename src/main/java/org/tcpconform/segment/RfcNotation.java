package org.tcpconform.segment;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Segments and numbers as RFC 9293 prints them, such as {@code <SEQ=SND.NXT><ACK=RCV.NXT><CTL=SYN,ACK>}. */
public final class RfcNotation {
    private static final Pattern FIELD = Pattern.compile("<([A-Z]+)=([^<>]+)>");
    private static final Pattern TERM = Pattern.compile("([+-]?)([A-Z.]+|[0-9]+)");

    private RfcNotation() {}

    /** A template from fields SEQ, ACK, CTL (names of the control bits, or {@code none}), WND and UP. */
    public static Segment segment(String text) {
        Segment segment = Segment.segment();
        Matcher field = FIELD.matcher(text);
        int end = 0;
        while (field.find() && field.start() == end) {
            end = field.end();
            String value = field.group(2);
            segment = switch (field.group(1)) {
                case "SEQ" -> segment.seq(number(value));
                case "ACK" -> segment.ack(number(value));
                case "CTL" ->
                    value.equals("none")
                            ? segment
                            : segment.plus(Arrays.stream(value.split(","))
                                    .map(Flag::valueOf)
                                    .toArray(Flag[]::new));
                case "WND" -> segment.window(Integer.parseInt(value));
                case "UP" -> segment.urgentPointer(Integer.parseInt(value));
                default -> throw new IllegalArgumentException("unknown field in " + text);
            };
        }
        if (end != text.length()) {
            throw new IllegalArgumentException("not a segment: " + text);
        }
        return segment;
    }

    /** A number, such as {@code RCV.NXT+RCV.WND-1}. */
    public static Seq number(String text) {
        Seq sum = Seq.ZERO;
        Matcher term = TERM.matcher(text);
        int end = 0;
        while (term.find() && term.start() == end && (end == 0 || !term.group(1).isEmpty())) {
            end = term.end();
            boolean minus = term.group(1).equals("-");
            if (Character.isDigit(term.group(2).charAt(0))) {
                sum = sum.plus(minus ? -Long.parseLong(term.group(2)) : Long.parseLong(term.group(2)));
            } else if (minus) {
                throw new IllegalArgumentException("a variable cannot be taken off: " + text);
            } else {
                sum = sum.plus(Seq.of(Variable.named(term.group(2))));
            }
        }
        if (end == 0 || end != text.length()) {
            throw new IllegalArgumentException("not a number: " + text);
        }
        return sum;
    }
}
