package org.tcpconform.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * One way in which a received segment can be made another than it was, to prove that who judges it would notice.
 *
 * @param name what is done, such as {@code ACK + 1}; unique
 * @param aspect what of the segment it is about
 * @param change the segment that is shown instead; the same one where it has nothing to change, null for none at all
 */
public record Mutation(String name, Aspect aspect, UnaryOperator<WireSegment> change) implements Alteration {
    /** By how much a number is off that is off by much: neither inside a window nor close to it. */
    private static final int MUCH = 1 << 30;

    /** What of a segment is changed. */
    public enum Aspect {
        PRESENCE("whether it comes"),
        FLAGS("control bits"),
        SEQ("SEQ"),
        ACK("ACK"),
        WINDOW("window"),
        URGENT_POINTER("urgent pointer"),
        RESERVED("reserved bits"),
        CHECKSUM("checksum"),
        OPTIONS("options"),
        DATA("data"),
        SILENCE("silence");

        private final String label;

        Aspect(String label) {
            this.label = label;
        }

        /** As a person reads it. */
        public String label() {
            return label;
        }
    }

    /** Whether the segment is one that the target has not sent: an answer where silence is due. */
    public boolean forged() {
        return aspect == Aspect.SILENCE;
    }

    /** What can be done to a segment that came. */
    public static final List<Mutation> OF_ANSWERS = answers();

    /** What can be wrong with the header of a segment that came, whatever it says. */
    public static final List<Mutation> OF_HEADERS = List.of(
            offset("data offset + 1", s -> s.dataOffset() + 1),
            offset("data offset - 1", s -> s.dataOffset() - 1),
            offset("data offset of 4 words", s -> 4),
            offset("data offset of 15 words", s -> 15),
            area("an option of length 0", (byte) 253, (byte) 0, (byte) 1, (byte) 1),
            area("an option of length 1", (byte) 253, (byte) 1, (byte) 1, (byte) 1),
            area("an option that ends beyond the header", (byte) 253, (byte) 60, (byte) 1, (byte) 1),
            area("an octet behind End of Option List", (byte) 0, (byte) 0, (byte) 0, (byte) 1));

    private static Mutation offset(String name, ToIntFunction<WireSegment> words) {
        return new Mutation(name, Aspect.OPTIONS, s -> {
            int offset = words.applyAsInt(s);
            return offset == s.dataOffset() || offset > 15
                    ? s
                    : new WireSegment(
                            s.sourcePort(),
                            s.destinationPort(),
                            s.seq(),
                            s.ack(),
                            offset,
                            s.reserved(),
                            s.flags(),
                            s.window(),
                            -1,
                            s.urgentPointer(),
                            s.optionArea(),
                            s.payload());
        });
    }

    /** Puts octets before the options. */
    private static Mutation area(String name, byte... octets) {
        return new Mutation(name, Aspect.OPTIONS, s -> {
            byte[] area = Arrays.copyOf(octets, octets.length + s.optionArea().length);
            System.arraycopy(s.optionArea(), 0, area, octets.length, s.optionArea().length);
            return area.length > 40 ? s : optionArea(s, area);
        });
    }

    /** What can come where silence is due, each made from an acknowledgment of what was taken in. */
    public static final List<Mutation> OF_SILENCES = List.of(
            forged("ACK", s -> s),
            forged("ACK of one octet more", s -> acked(s, s.ack() + 1)),
            forged("ACK with data", s -> data(s, new byte[] {'x'})),
            forged("FIN,ACK", s -> flags(s, Flag.bits(Flag.FIN, Flag.ACK))),
            forged("SYN,ACK", s -> flags(s, Flag.bits(Flag.SYN, Flag.ACK))),
            forged("RST", s -> options(acked(flags(s, Flag.RST.bit()), 0), List.of())),
            forged("RST,ACK", s -> options(flags(s, Flag.bits(Flag.RST, Flag.ACK)), List.of())));

    private static Mutation forged(String what, UnaryOperator<WireSegment> change) {
        return new Mutation(what + " where silence is due", Aspect.SILENCE, change);
    }

    private static List<Mutation> answers() {
        List<Mutation> all = new ArrayList<>();
        add(all, "lost", Aspect.PRESENCE, s -> null);
        for (Flag flag : Flag.values()) {
            add(all, flag + " inverted", Aspect.FLAGS, s -> flags(s, s.flags() ^ flag.bit()));
        }
        add(all, "RST in its place", Aspect.FLAGS, s -> s.has(Flag.RST) ? s : bare(acked(flags(s, Flag.RST.bit()), 0)));
        add(all, "ACK in its place", Aspect.FLAGS, s -> bare(flags(s, Flag.ACK.bit())));
        add(all, "SYN,ACK in its place", Aspect.FLAGS, s -> bare(flags(s, Flag.bits(Flag.SYN, Flag.ACK))));
        for (int by : new int[] {1, -1, MUCH}) {
            String off = by == MUCH ? " + 2^30" : by < 0 ? " - 1" : " + 1";
            add(all, "SEQ" + off, Aspect.SEQ, s -> with(s, s.seq() + by, s.ack(), s.flags(), s.window()));
            add(all, "ACK" + off, Aspect.ACK, s -> s.has(Flag.ACK) ? acked(s, s.ack() + by) : s);
            add(
                    all,
                    "TSval" + off,
                    Aspect.OPTIONS,
                    s -> each(s, Option.Timestamps.class, o -> new Option.Timestamps(o.value() + by, o.echoReply())));
            add(
                    all,
                    "TSecr" + off,
                    Aspect.OPTIONS,
                    s -> each(s, Option.Timestamps.class, o -> new Option.Timestamps(o.value(), o.echoReply() + by)));
        }
        for (int by : new int[] {1, -1}) {
            String off = by < 0 ? " - 1" : " + 1";
            add(all, "window" + off, Aspect.WINDOW, s -> window(s, s.window() + by & 0xffff));
            add(
                    all,
                    "MSS" + off,
                    Aspect.OPTIONS,
                    s -> each(s, Option.Mss.class, o -> new Option.Mss(o.value() + by & 0xffff)));
            add(
                    all,
                    "shift" + off,
                    Aspect.OPTIONS,
                    s -> each(s, Option.WindowScale.class, o -> new Option.WindowScale(o.shift() + by & 0xff)));
            add(all, "left edge of the first SACK block" + off, Aspect.OPTIONS, s -> sackEdge(s, 0, by));
            add(all, "right edge of the first SACK block" + off, Aspect.OPTIONS, s -> sackEdge(s, 1, by));
        }
        add(all, "largest MSS", Aspect.OPTIONS, s -> each(s, Option.Mss.class, o -> new Option.Mss(0xffff)));
        add(
                all,
                "largest shift",
                Aspect.OPTIONS,
                s -> each(s, Option.WindowScale.class, o -> new Option.WindowScale(0xff)));
        add(all, "window 0", Aspect.WINDOW, s -> s.window() == 0 ? s : window(s, 0));
        add(all, "SACK blocks the other way round", Aspect.OPTIONS, s -> each(s, Option.Sack.class, Mutation::turned));
        all.add(without("MSS", Option.Mss.class));
        all.add(without("Window Scale", Option.WindowScale.class));
        all.add(without("SACK-Permitted", Option.SackPermitted.class));
        all.add(without("SACK", Option.Sack.class));
        all.add(without("Timestamps", Option.Timestamps.class));
        all.add(withAnother("MSS", new Option.Mss(1_000)));
        all.add(withAnother("Window Scale", new Option.WindowScale(3)));
        all.add(withAnother("SACK-Permitted", new Option.SackPermitted()));
        all.add(withAnother("SACK", new Option.Sack(List.of(1, 2))));
        all.add(withAnother("Timestamps", new Option.Timestamps(1, 0)));
        add(all, "no options", Aspect.OPTIONS, s -> s.optionArea().length == 0 ? s : options(s, List.of()));
        add(all, "options in the other order", Aspect.OPTIONS, Mutation::reversed);
        add(all, "urgent pointer + 1", Aspect.URGENT_POINTER, s -> urgent(s, s.urgentPointer() + 1 & 0xffff));
        for (int bit = 1; bit < 16; bit <<= 1) {
            int mask = bit;
            add(all, "reserved bit " + mask + " inverted", Aspect.RESERVED, s -> reserved(s, s.reserved() ^ mask));
        }
        add(all, "wrong checksum", Aspect.CHECKSUM, s -> checksum(s, s.checksum() ^ 1));
        add(all, "no data", Aspect.DATA, s -> s.payload().length == 0 ? s : data(s, new byte[0]));
        add(
                all,
                "one octet of data less",
                Aspect.DATA,
                s -> s.payload().length < 2 ? s : cut(s, s.payload().length - 1));
        add(
                all,
                "second half of the data lost",
                Aspect.DATA,
                s -> s.payload().length < 4 ? s : cut(s, s.payload().length / 2));
        add(all, "one octet of data more", Aspect.DATA, s -> cut(s, s.payload().length + 1));
        add(all, "first octet of data altered", Aspect.DATA, s -> altered(s, 0));
        add(all, "last octet of data altered", Aspect.DATA, s -> altered(s, s.payload().length - 1));
        return List.copyOf(all);
    }

    private static void add(List<Mutation> all, String name, Aspect aspect, UnaryOperator<WireSegment> change) {
        all.add(new Mutation(name, aspect, change));
    }

    private static Mutation without(String name, Class<? extends Option> type) {
        return new Mutation("without " + name, Aspect.OPTIONS, s -> {
            if (s.option(type).isEmpty()) {
                return s;
            }
            return options(
                    s, s.options().stream().filter(o -> !type.isInstance(o)).toList());
        });
    }

    private static Mutation withAnother(String name, Option added) {
        return new Mutation("with " + name, Aspect.OPTIONS, s -> {
            if (s.option(added.getClass()).isPresent() || s.optionArea().length + added.bytes().length > 40) {
                return s;
            }
            List<Option> more = new ArrayList<>(List.of(added));
            more.addAll(s.options());
            return Option.encode(more).length > 40 ? s : options(s, more);
        });
    }

    static <T extends Option> WireSegment each(WireSegment s, Class<T> type, UnaryOperator<T> change) {
        if (s.option(type).isEmpty()) {
            return s;
        }
        return options(
                s,
                s.options().stream()
                        .map(o -> type.isInstance(o) ? change.apply(type.cast(o)) : o)
                        .toList());
    }

    private static WireSegment sackEdge(WireSegment s, int edge, int by) {
        return each(s, Option.Sack.class, o -> {
            List<Integer> edges = new ArrayList<>(o.edges());
            edges.set(edge, edges.get(edge) + by);
            return new Option.Sack(edges);
        });
    }

    private static Option.Sack turned(Option.Sack sack) {
        List<Integer> edges = new ArrayList<>();
        for (int i = sack.edges().size() - 2; i >= 0; i -= 2) {
            edges.addAll(sack.edges().subList(i, i + 2));
        }
        return new Option.Sack(edges);
    }

    private static WireSegment reversed(WireSegment s) {
        List<Option> others = new ArrayList<>(s.options());
        others.removeIf(o -> o instanceof Option.End || o instanceof Option.Nop);
        Collections.reverse(others);
        return others.size() < 2 ? s : options(s, others);
    }

    private static WireSegment altered(WireSegment s, int at) {
        if (s.payload().length == 0) {
            return s;
        }
        byte[] other = s.payload().clone();
        other[at] ^= 1;
        return data(s, other);
    }

    private static WireSegment cut(WireSegment s, int octets) {
        return data(s, Arrays.copyOf(s.payload(), octets));
    }

    /** The control bits alone: no data, no options. */
    private static WireSegment bare(WireSegment s) {
        return options(data(s, new byte[0]), List.of());
    }

    private static WireSegment flags(WireSegment s, int flags) {
        return with(s, s.seq(), s.ack(), flags, s.window());
    }

    static WireSegment numbered(WireSegment s, int seq) {
        return with(s, seq, s.ack(), s.flags(), s.window());
    }

    private static WireSegment acked(WireSegment s, int ack) {
        return with(s, s.seq(), ack, s.flags(), s.window());
    }

    private static WireSegment window(WireSegment s, int window) {
        return with(s, s.seq(), s.ack(), s.flags(), window);
    }

    private static WireSegment with(WireSegment s, int seq, int ack, int flags, int window) {
        return of(s, seq, ack, s.reserved(), flags, window, -1, s.urgentPointer(), s.optionArea(), s.payload());
    }

    private static WireSegment urgent(WireSegment s, int pointer) {
        return of(s, s.seq(), s.ack(), s.reserved(), s.flags(), s.window(), -1, pointer, s.optionArea(), s.payload());
    }

    private static WireSegment reserved(WireSegment s, int bits) {
        return of(s, s.seq(), s.ack(), bits, s.flags(), s.window(), -1, s.urgentPointer(), s.optionArea(), s.payload());
    }

    private static WireSegment checksum(WireSegment s, int value) {
        return of(
                s,
                s.seq(),
                s.ack(),
                s.reserved(),
                s.flags(),
                s.window(),
                value,
                s.urgentPointer(),
                s.optionArea(),
                s.payload());
    }

    private static WireSegment options(WireSegment s, List<Option> options) {
        return optionArea(s, Option.encode(options));
    }

    private static WireSegment optionArea(WireSegment s, byte[] area) {
        return of(s, s.seq(), s.ack(), s.reserved(), s.flags(), s.window(), -1, s.urgentPointer(), area, s.payload());
    }

    private static WireSegment data(WireSegment s, byte[] payload) {
        return of(
                s,
                s.seq(),
                s.ack(),
                s.reserved(),
                s.flags(),
                s.window(),
                -1,
                s.urgentPointer(),
                s.optionArea(),
                payload);
    }

    private static WireSegment of(
            WireSegment s,
            int seq,
            int ack,
            int reserved,
            int flags,
            int window,
            int checksum,
            int urgentPointer,
            byte[] optionArea,
            byte[] payload) {
        return new WireSegment(
                s.sourcePort(),
                s.destinationPort(),
                seq,
                ack,
                5 + optionArea.length / 4,
                reserved,
                flags,
                window,
                checksum,
                urgentPointer,
                optionArea,
                payload);
    }

    @Override
    public String toString() {
        return name;
    }
}
