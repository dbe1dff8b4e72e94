package org.tcpconform.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * A TCP segment as a template. A field left unset is the usual value when the segment is sent and any value when it is
 * expected; a field that is set is taken exactly, even where it is wrong. Immutable: every method returns a new template.
 */
public final class Segment {
    /** How a received segment differs from a template in one field; {@code actual} is empty for an unmet demand. */
    public record Difference(String field, String expected, String actual) {
        @Override
        public String toString() {
            return actual.isEmpty() ? "not so: " + expected : field + ": expected " + expected + ", came " + actual;
        }
    }

    /** A demand on a received segment that is not the value of one field. */
    public record Demand(String text, Predicate<WireSegment> test) {}

    private enum Field {
        SEQ,
        ACK,
        FLAGS,
        IGNORED_FLAGS,
        WINDOW,
        URGENT_POINTER,
        DATA_OFFSET,
        RESERVED,
        CHECKSUM,
        FINISH,
        PAYLOAD,
        OPTIONS,
        DEMANDS,
        IP,
        SOURCE_PORT,
        DESTINATION_PORT
    }

    private static final Segment EMPTY = new Segment(Map.of());

    private final Map<Field, Object> fields;

    private Segment(Map<Field, Object> fields) {
        this.fields = fields;
    }

    private Segment set(Field field, Object value) {
        Map<Field, Object> copy = new java.util.EnumMap<>(Field.class);
        copy.putAll(fields);
        copy.put(field, value);
        return new Segment(copy);
    }

    @SuppressWarnings("unchecked")
    private <T> T get(Field field) {
        return (T) fields.get(field);
    }

    private <T> T get(Field field, T otherwise) {
        T value = get(field);
        return value == null ? otherwise : value;
    }

    // ---- what a case writes

    /** A segment with exactly these control bits. Expected, PSH is ignored: no rule turns on it. */
    public static Segment segment(Flag... flags) {
        return EMPTY.set(Field.FLAGS, Flag.bits(flags)).set(Field.IGNORED_FLAGS, Flag.PSH.bit());
    }

    public static Segment syn() {
        return segment(Flag.SYN);
    }

    public static Segment synAck() {
        return segment(Flag.SYN, Flag.ACK);
    }

    public static Segment ack() {
        return segment(Flag.ACK);
    }

    /** FIN with ACK, as a well-behaved stack sends it. */
    public static Segment finAck() {
        return segment(Flag.FIN, Flag.ACK);
    }

    public static Segment rst() {
        return segment(Flag.RST);
    }

    public static Segment rstAck() {
        return segment(Flag.RST, Flag.ACK);
    }

    /** PSH and ACK with {@code octets} octets of data. */
    public static Segment data(int octets) {
        return segment(Flag.ACK, Flag.PSH).payload(octets);
    }

    public Segment seq(Seq value) {
        return set(Field.SEQ, value);
    }

    public Segment ack(Seq value) {
        return set(Field.ACK, value);
    }

    /** The window field as it stands on the wire, 0 to 65535. */
    public Segment window(int value) {
        return set(Field.WINDOW, value);
    }

    public Segment urgentPointer(int value) {
        return set(Field.URGENT_POINTER, value);
    }

    /** Data offset in 32-bit words, 0 to 15, right or wrong. */
    public Segment dataOffset(int words) {
        return set(Field.DATA_OFFSET, words);
    }

    /** The four reserved bits. */
    public Segment reserved(int bits) {
        return set(Field.RESERVED, bits);
    }

    /** The checksum field, right or wrong. */
    public Segment checksum(int value) {
        return set(Field.CHECKSUM, value);
    }

    /** A checksum that is wrong: the right one with {@code difference} exclusive-ored into it. */
    public Segment checksumOffBy(int difference) {
        return finish(new Finish.ChecksumOffBy(difference));
    }

    /** A checksum that is wrong, or right, in a certain way. */
    public Segment finish(Finish finish) {
        return set(Field.FINISH, finish);
    }

    /** Adds control bits. */
    public Segment plus(Flag... flags) {
        return set(Field.FLAGS, get(Field.FLAGS, 0) | Flag.bits(flags));
    }

    /** Does not care, when expected, whether these control bits are set. */
    public Segment ignoring(Flag... flags) {
        return set(Field.IGNORED_FLAGS, get(Field.IGNORED_FLAGS, 0) | Flag.bits(flags));
    }

    /** {@code octets} octets of data; expected: exactly so many. */
    public Segment payload(int octets) {
        byte[] bytes = new byte[octets];
        for (int i = 0; i < octets; i++) {
            bytes[i] = (byte) ('a' + i % 26);
        }
        return payload(bytes);
    }

    public Segment payload(byte[] bytes) {
        return set(Field.PAYLOAD, bytes.clone());
    }

    public Segment noData() {
        return payload(0);
    }

    /** Expected to have data, however much. */
    public Segment hasData() {
        return where("has data", s -> s.payload().length > 0);
    }

    /** Exactly these options, in this order. */
    public Segment options(Option... options) {
        return set(Field.OPTIONS, List.of(options));
    }

    /** Demands, when expected, something that is not the value of one field. */
    public Segment where(String text, Predicate<WireSegment> test) {
        List<Demand> demands = new ArrayList<>(get(Field.DEMANDS, List.<Demand>of()));
        demands.add(new Demand(text, test));
        return set(Field.DEMANDS, List.copyOf(demands));
    }

    /** Demands, when expected, an option of this type. */
    public Segment with(Class<? extends Option> option) {
        return where("has " + option.getSimpleName(), s -> s.option(option).isPresent());
    }

    /** Demands, when expected, that there is no option of this type. */
    public Segment without(Class<? extends Option> option) {
        return where("has no " + option.getSimpleName(), s -> s.option(option).isEmpty());
    }

    /** Changes the IP header that carries the segment. */
    public Segment ip(UnaryOperator<Ip> change) {
        return set(Field.IP, change);
    }

    public Segment sourcePort(int port) {
        return set(Field.SOURCE_PORT, port);
    }

    public Segment destinationPort(int port) {
        return set(Field.DESTINATION_PORT, port);
    }

    // ---- what the peer asks

    public Integer flags() {
        return get(Field.FLAGS);
    }

    public boolean has(Flag flag) {
        return flag.in(get(Field.FLAGS, 0));
    }

    public boolean setsSeq() {
        return fields.containsKey(Field.SEQ);
    }

    public boolean setsAck() {
        return fields.containsKey(Field.ACK);
    }

    public boolean setsOptions() {
        return fields.containsKey(Field.OPTIONS);
    }

    public boolean setsWindow() {
        return fields.containsKey(Field.WINDOW);
    }

    public boolean setsPorts() {
        return fields.containsKey(Field.SOURCE_PORT) || fields.containsKey(Field.DESTINATION_PORT);
    }

    /** Whether the segment, as a whole, is built to be wrong: a receiver that keeps the rules drops it unread. */
    public boolean setsChecksum() {
        return fields.containsKey(Field.CHECKSUM) || finish() != null && finish().spoils();
    }

    public UnaryOperator<Ip> ip() {
        return get(Field.IP, UnaryOperator.identity());
    }

    /** What is done to the octets before they go out; null for nothing. */
    public Finish finish() {
        return get(Field.FINISH);
    }

    /**
     * Fills in what is unset. The checksum stays -1 where it is to be computed.
     *
     * @param variables values of the connection's variables
     * @param sourcePort our port
     * @param destinationPort the target's port
     * @param usualOptions options of a segment that sets none
     * @param usualWindow window field of a segment that sets none
     */
    public WireSegment resolve(
            ToIntFunction<Variable> variables,
            int sourcePort,
            int destinationPort,
            List<Option> usualOptions,
            int usualWindow) {
        byte[] area = Option.encode(get(Field.OPTIONS, usualOptions));
        int ack = setsAck()
                ? this.<Seq>get(Field.ACK).resolve(variables)
                : has(Flag.ACK) ? variables.applyAsInt(Variable.SND_NXT) : 0;
        return new WireSegment(
                get(Field.SOURCE_PORT, sourcePort),
                get(Field.DESTINATION_PORT, destinationPort),
                get(Field.SEQ, Seq.RCV_NXT).resolve(variables),
                ack,
                get(Field.DATA_OFFSET, 5 + area.length / 4),
                get(Field.RESERVED, 0),
                get(Field.FLAGS, 0),
                get(Field.WINDOW, usualWindow),
                get(Field.CHECKSUM, -1),
                get(Field.URGENT_POINTER, 0),
                area,
                get(Field.PAYLOAD, new byte[0]));
    }

    /** Field by field, how {@code actual} differs from what is expected; empty where it matches. */
    public List<Difference> differences(WireSegment actual, ToIntFunction<Variable> variables) {
        List<Difference> found = new ArrayList<>();
        Integer flags = get(Field.FLAGS);
        if (flags != null) {
            int mask = ~get(Field.IGNORED_FLAGS, 0) & 0xff;
            if (((flags ^ actual.flags()) & mask) != 0) {
                found.add(new Difference("flags", Flag.names(flags), Flag.names(actual.flags())));
            }
        }
        sequence(found, "SEQ", get(Field.SEQ), actual.seq(), variables);
        // the acknowledgment field of a segment without ACK means nothing
        Seq ack = get(Field.ACK);
        if (ack != null && (actual.has(Flag.ACK) || has(Flag.ACK))) {
            sequence(found, "ACK", ack, actual.ack(), variables);
        }
        number(found, "window", get(Field.WINDOW), actual.window());
        number(found, "urgent pointer", get(Field.URGENT_POINTER), actual.urgentPointer());
        number(found, "data offset", get(Field.DATA_OFFSET), actual.dataOffset());
        number(found, "reserved bits", get(Field.RESERVED), actual.reserved());
        byte[] payload = get(Field.PAYLOAD);
        if (payload != null && !java.util.Arrays.equals(payload, actual.payload())) {
            found.add(
                    payload.length == actual.payload().length
                            ? new Difference("data", "the same octets", "other octets")
                            : new Difference("data", payload.length + " octets", actual.payload().length + " octets"));
        }
        List<Option> options = get(Field.OPTIONS);
        if (options != null && !withoutPadding(options).equals(withoutPadding(actual.options()))) {
            found.add(new Difference(
                    "options", options.toString(), actual.options().toString()));
        }
        for (Demand demand : get(Field.DEMANDS, List.<Demand>of())) {
            if (!demand.test().test(actual)) {
                found.add(new Difference("demand", demand.text(), ""));
            }
        }
        return found;
    }

    private static List<Option> withoutPadding(List<Option> options) {
        int last = options.size() - 1;
        return last >= 0 && options.get(last) instanceof Option.End ? options.subList(0, last) : options;
    }

    private static void sequence(
            List<Difference> found, String field, Seq expected, int actual, ToIntFunction<Variable> variables) {
        if (expected == null) {
            return;
        }
        int value = expected.resolve(variables);
        if (value != actual) {
            int off = actual - value;
            found.add(new Difference(
                    field,
                    expected + " = " + hex(value),
                    hex(actual) + (Math.abs((long) off) < 1 << 20 ? " (off by " + off + ")" : "")));
        }
    }

    private static void number(List<Difference> found, String field, Integer expected, int actual) {
        if (expected != null && expected != actual) {
            found.add(new Difference(field, hex(expected), hex(actual)));
        }
    }

    private static String hex(int value) {
        return Integer.toUnsignedString(value) + " (0x" + Integer.toHexString(value) + ")";
    }

    /** As the RFC writes a segment: {@code <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>}, with what else is demanded. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        Seq seq = get(Field.SEQ);
        Seq ack = get(Field.ACK);
        if (seq != null) {
            out.append("<SEQ=").append(seq).append('>');
        }
        if (ack != null) {
            out.append("<ACK=").append(ack).append('>');
        }
        out.append("<CTL=").append(Flag.names(get(Field.FLAGS, 0))).append('>');
        field(out, "WND", Field.WINDOW);
        field(out, "UP", Field.URGENT_POINTER);
        field(out, "DATA-OFFSET", Field.DATA_OFFSET);
        field(out, "RESERVED", Field.RESERVED);
        byte[] payload = get(Field.PAYLOAD);
        if (payload != null) {
            out.append(payload.length == 0 ? " without data" : " with " + payload.length + " octets of data");
        }
        List<Option> options = get(Field.OPTIONS);
        if (options != null) {
            out.append(" options ").append(options);
        }
        for (Demand demand : get(Field.DEMANDS, List.<Demand>of())) {
            out.append(", ").append(demand.text());
        }
        return out.toString();
    }

    private void field(StringBuilder out, String name, Field field) {
        Object value = fields.get(field);
        if (value != null) {
            out.append('<').append(name).append('=').append(value).append('>');
        }
    }

    @Override
    public boolean equals(Object o) {
        if (!(o instanceof Segment other) || !fields.keySet().equals(other.fields.keySet())) {
            return false;
        }
        return fields.entrySet().stream().allMatch(field -> same(field.getValue(), other.fields.get(field.getKey())));
    }

    private static boolean same(Object a, Object b) {
        // a Seq has no equality of its own; its text says all of it
        return a instanceof Seq ? a.toString().equals(b.toString()) : Objects.deepEquals(a, b);
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }
}
