package org.tcpconform.segment;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** A TCP option (RFC 9293, 3.2). Values are taken as they are, even where they are wrong. */
public sealed interface Option {
    int END = 0;
    int NOP = 1;
    int MSS = 2;
    int WINDOW_SCALE = 3;
    int SACK_PERMITTED = 4;
    int SACK = 5;
    int TIMESTAMPS = 8;

    /** The option-kind octet. */
    int kind();

    /** The whole option as on the wire. */
    byte[] bytes();

    /** End of Option List. */
    record End() implements Option {
        @Override
        public int kind() {
            return END;
        }

        @Override
        public byte[] bytes() {
            return new byte[] {END};
        }

        @Override
        public String toString() {
            return "eol";
        }
    }

    /** No-Operation. */
    record Nop() implements Option {
        @Override
        public int kind() {
            return NOP;
        }

        @Override
        public byte[] bytes() {
            return new byte[] {NOP};
        }

        @Override
        public String toString() {
            return "nop";
        }
    }

    /** Maximum Segment Size, in octets. */
    record Mss(int value) implements Option {
        @Override
        public int kind() {
            return MSS;
        }

        @Override
        public byte[] bytes() {
            return ByteBuffer.allocate(4)
                    .put((byte) MSS)
                    .put((byte) 4)
                    .putShort((short) value)
                    .array();
        }

        @Override
        public String toString() {
            return "mss " + value;
        }
    }

    /** Window Scale (RFC 7323, 2.2). */
    record WindowScale(int shift) implements Option {
        @Override
        public int kind() {
            return WINDOW_SCALE;
        }

        @Override
        public byte[] bytes() {
            return new byte[] {WINDOW_SCALE, 3, (byte) shift};
        }

        @Override
        public String toString() {
            return "wscale " + shift;
        }
    }

    /** SACK-Permitted (RFC 2018, 2). */
    record SackPermitted() implements Option {
        @Override
        public int kind() {
            return SACK_PERMITTED;
        }

        @Override
        public byte[] bytes() {
            return new byte[] {SACK_PERMITTED, 2};
        }

        @Override
        public String toString() {
            return "sackOK";
        }
    }

    /** SACK blocks (RFC 2018, 3): left and right edge in turn. */
    record Sack(List<Integer> edges) implements Option {
        public Sack {
            edges = List.copyOf(edges);
        }

        @Override
        public int kind() {
            return SACK;
        }

        @Override
        public byte[] bytes() {
            ByteBuffer out = ByteBuffer.allocate(2 + 4 * edges.size());
            out.put((byte) SACK).put((byte) out.capacity());
            edges.forEach(out::putInt);
            return out.array();
        }

        @Override
        public String toString() {
            return text(0);
        }

        String text(int base) {
            StringBuilder out = new StringBuilder("sack");
            for (int i = 0; i + 1 < edges.size(); i += 2) {
                out.append(' ')
                        .append(Integer.toUnsignedString(edges.get(i) - base))
                        .append(':')
                        .append(Integer.toUnsignedString(edges.get(i + 1) - base));
            }
            return out.toString();
        }
    }

    /** Timestamps (RFC 7323, 3.2), both values unsigned 32 bits. */
    record Timestamps(int value, int echoReply) implements Option {
        @Override
        public int kind() {
            return TIMESTAMPS;
        }

        @Override
        public byte[] bytes() {
            return ByteBuffer.allocate(10)
                    .put((byte) TIMESTAMPS)
                    .put((byte) 10)
                    .putInt(value)
                    .putInt(echoReply)
                    .array();
        }

        @Override
        public String toString() {
            return "TS val " + Integer.toUnsignedString(value) + " ecr " + Integer.toUnsignedString(echoReply);
        }
    }

    /** Bytes as they are: an unknown option, a broken one, or padding. */
    final class Raw implements Option {
        private final byte[] bytes;

        public Raw(byte... bytes) {
            this.bytes = bytes.clone();
        }

        /** From hexadecimal digits, such as {@code fd04cafe}. */
        public static Raw hex(String digits) {
            return new Raw(HexFormat.of().parseHex(digits));
        }

        @Override
        public int kind() {
            return bytes.length == 0 ? END : bytes[0] & 0xff;
        }

        @Override
        public byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Raw other && Arrays.equals(bytes, other.bytes);
        }

        @Override
        public int hashCode() {
            return Objects.hash(Raw.class, Arrays.hashCode(bytes));
        }

        @Override
        public String toString() {
            return "raw " + HexFormat.of().formatHex(bytes);
        }
    }

    /** The option area that {@code options} make, padded with zeros to a multiple of four octets (RFC 9293, 3.1). */
    static byte[] encode(List<Option> options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        options.forEach(option -> out.writeBytes(option.bytes()));
        while (out.size() % 4 != 0) {
            out.write(0);
        }
        return out.toByteArray();
    }

    /**
     * The options in an option area, whatever it holds: an option that cannot be read ends the list as {@link Raw}, and
     * so does what follows End of Option List unless it is zero.
     */
    static List<Option> decode(byte[] area) {
        List<Option> options = new ArrayList<>();
        int at = 0;
        while (at < area.length) {
            int kind = area[at] & 0xff;
            if (kind == END) {
                options.add(new End());
                byte[] rest = Arrays.copyOfRange(area, at + 1, area.length);
                for (byte b : rest) {
                    if (b != 0) {
                        options.add(new Raw(rest));
                        break;
                    }
                }
                return options;
            }
            if (kind == NOP) {
                options.add(new Nop());
                at++;
                continue;
            }
            int length = at + 1 < area.length ? area[at + 1] & 0xff : 0;
            if (length < 2 || at + length > area.length) {
                options.add(new Raw(Arrays.copyOfRange(area, at, area.length)));
                return options;
            }
            options.add(one(kind, Arrays.copyOfRange(area, at, at + length)));
            at += length;
        }
        return options;
    }

    private static Option one(int kind, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (kind == MSS && bytes.length == 4) {
            return new Mss(in.getShort(2) & 0xffff);
        }
        if (kind == WINDOW_SCALE && bytes.length == 3) {
            return new WindowScale(bytes[2] & 0xff);
        }
        if (kind == SACK_PERMITTED && bytes.length == 2) {
            return new SackPermitted();
        }
        if (kind == SACK && bytes.length > 2 && bytes.length % 8 == 2) {
            List<Integer> edges = new ArrayList<>();
            for (int i = 2; i < bytes.length; i += 4) {
                edges.add(in.getInt(i));
            }
            return new Sack(edges);
        }
        if (kind == TIMESTAMPS && bytes.length == 10) {
            return new Timestamps(in.getInt(2), in.getInt(6));
        }
        return new Raw(bytes);
    }

    /** Whether every option but EOL and NOP carries a length that fits, and what is behind EOL is zero. */
    static boolean wellFormed(byte[] area) {
        return readable(area) && zeroPadded(area);
    }

    /** Whether every option but EOL and NOP carries a length that fits (RFC 9293, MUST-68). */
    static boolean readable(byte[] area) {
        return end(area) >= 0;
    }

    /** Whether all that is behind EOL is zero (RFC 9293, MUST-69), as far as the options can be read. */
    static boolean zeroPadded(byte[] area) {
        int end = end(area);
        return end < 0 || java.util.stream.IntStream.range(end, area.length).allMatch(i -> area[i] == 0);
    }

    /** Where EOL stands, or the area ends; -1 if a length does not fit. */
    private static int end(byte[] area) {
        int at = 0;
        while (at < area.length && area[at] != END) {
            int length = area[at] == NOP ? 1 : at + 1 < area.length ? area[at + 1] & 0xff : 0;
            if (length < (area[at] == NOP ? 1 : 2) || at + length > area.length) {
                return -1;
            }
            at += length;
        }
        return at;
    }
}
