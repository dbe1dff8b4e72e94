package org.tcpconform.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * packetdrill's notation of a segment, both ways: {@code S. 0:0(0) ack 1 win 65535 <mss 1460,nop,wscale 7>}. Sequence
 * numbers are relative, so that each side of a connection begins at 0.
 */
public final class Notation {
    private static final Pattern LINE = Pattern.compile("\\s*(?:([<>])\\s+)?([SFRPUEW.]+|-)"
            + "(?:\\s+(\\d+):(\\d+)\\((\\d+)\\))?(?:\\s+ack\\s+(\\d+))?(?:\\s+win\\s+(\\d+))?(?:\\s+urg\\s+(\\d+))?"
            + "(?:\\s+<([^>]*)>)?\\s*");

    private Notation() {}

    /**
     * A segment as text, without direction.
     *
     * @param segment the segment
     * @param seqBase number that is shown as 0 in its sequence number
     * @param ackBase number that is shown as 0 in its acknowledgment number and SACK edges
     */
    public static String print(WireSegment segment, int seqBase, int ackBase) {
        StringBuilder out = new StringBuilder(Flag.letters(segment.flags()));
        int start = segment.seq() - seqBase;
        // as packetdrill and tcpdump do, SYN and FIN are not counted here
        out.append(' ')
                .append(Integer.toUnsignedString(start))
                .append(':')
                .append(Integer.toUnsignedString(start + segment.payload().length))
                .append('(')
                .append(segment.payload().length)
                .append(')');
        if (segment.has(Flag.ACK)) {
            out.append(" ack ").append(Integer.toUnsignedString(segment.ack() - ackBase));
        }
        out.append(" win ").append(segment.window());
        if (segment.has(Flag.URG)) {
            out.append(" urg ").append(segment.urgentPointer());
        }
        List<Option> options = segment.options();
        if (!options.isEmpty()) {
            out.append(" <");
            for (int i = 0; i < options.size(); i++) {
                Option option = options.get(i);
                out.append(i == 0 ? "" : ",")
                        .append(option instanceof Option.Sack sack ? sack.text(ackBase) : option.toString());
            }
            out.append('>');
        }
        return out.toString();
    }

    /**
     * The template that a line of packetdrill's notation describes. A line that begins with {@code >} is from the
     * target, so that its numbers count from ISS and its acknowledgments from IRS; with {@code <}, or without direction,
     * the other way round. What the line does not say is left unset.
     *
     * @throws IllegalArgumentException if the line is not in the notation
     */
    public static Segment parse(String line) {
        Matcher m = LINE.matcher(line);
        if (!m.matches()) {
            throw new IllegalArgumentException("not a segment in packetdrill notation: " + line);
        }
        boolean fromTarget = ">".equals(m.group(1));
        Segment segment = Segment.segment(flags(m.group(2)));
        if (m.group(3) != null) {
            long start = Long.parseLong(m.group(3));
            int octets = u16(m.group(5));
            // the second number may have wrapped around
            if ((start + octets - Long.parseLong(m.group(4)) & 0xffff_ffffL) != 0) {
                throw new IllegalArgumentException("the numbers before and after the colon do not fit: " + line);
            }
            segment = segment.seq((fromTarget ? Seq.ISS : Seq.IRS).plus(start)).payload(octets);
        }
        if (m.group(6) != null) {
            segment = segment.ack((fromTarget ? Seq.IRS : Seq.ISS).plus(Long.parseLong(m.group(6))));
        }
        if (m.group(7) != null) {
            segment = segment.window(u16(m.group(7)));
        }
        if (m.group(8) != null) {
            segment = segment.urgentPointer(u16(m.group(8)));
        }
        if (m.group(9) != null && !m.group(9).trim().equals("...")) {
            segment = segment.options(options(m.group(9)));
        }
        return segment;
    }

    private static int u16(String digits) {
        int number = Integer.parseInt(digits);
        if (number > 0xffff) {
            throw new IllegalArgumentException("more than 16 bits: " + digits);
        }
        return number;
    }

    private static Flag[] flags(String letters) {
        List<Flag> flags = new ArrayList<>();
        for (Flag flag : Flag.values()) {
            if (letters.indexOf(flag.letter()) >= 0) {
                flags.add(flag);
            }
        }
        return flags.toArray(Flag[]::new);
    }

    private static Option[] options(String text) {
        List<Option> options = new ArrayList<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",")) {
            options.add(option(part.trim()));
        }
        return options.toArray(Option[]::new);
    }

    private static Option option(String text) {
        String[] words = text.split("\\s+");
        try {
            return switch (words[0]) {
                case "nop" -> new Option.Nop();
                case "eol" -> new Option.End();
                case "mss" -> new Option.Mss(Integer.parseInt(words[1]));
                case "wscale" -> new Option.WindowScale(Integer.parseInt(words[1]));
                case "sackOK" -> new Option.SackPermitted();
                case "TS" ->
                    new Option.Timestamps(Integer.parseUnsignedInt(words[2]), Integer.parseUnsignedInt(words[4]));
                case "sack" -> sack(words);
                case "raw" -> Option.Raw.hex(words[1]);
                default -> throw new IllegalArgumentException("not a TCP option: " + text);
            };
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("this TCP option lacks a value: " + text, e);
        }
    }

    private static Option.Sack sack(String[] words) {
        List<Integer> edges = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            String[] block = words[i].split(":");
            if (block.length != 2) {
                throw new IllegalArgumentException("not a SACK block: " + words[i]);
            }
            edges.add(Integer.parseUnsignedInt(block[0]));
            edges.add(Integer.parseUnsignedInt(block[1]));
        }
        return new Option.Sack(edges);
    }
}
