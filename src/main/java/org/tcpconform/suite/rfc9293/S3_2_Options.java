package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.CLOSES_ON_FIN;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.RCV_NXT;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.testng.annotations.Test;

/** RFC 9293, 3.1 and 3.2: options in any order, in any segment, unknown ones and broken ones. */
public class S3_2_Options {
    private static final Segment SYN_ACK = synAck().ack(IRS.plus(1));
    private static final Option NOP = new Option.Nop();
    private static final Option END = new Option.End();
    /** Less than any target would choose by itself, so that it shows whether the option was read. */
    private static final int SMALL = 300;

    private static final Option MSS = new Option.Mss(SMALL);
    /** More than the usual size, so that it shows if the option was wrongly read. */
    private static final int LARGE = 1_400;

    /** An option area. */
    record Area(String id, String what, Option... options) implements Row {}

    private static Option[] nops(int count, Option... then) {
        return Stream.concat(Stream.generate(() -> NOP).limit(count), Arrays.stream(then))
                .toArray(Option[]::new);
    }

    /** An option of a kind, with so many octets in all, whose content looks like options. */
    private static Option unknown(int kind, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) Option.MSS);
        bytes[0] = (byte) kind;
        bytes[1] = (byte) length;
        return new Option.Raw(bytes);
    }

    // ---- the three that every TCP has

    static List<Area> mandatory() {
        return List.of(
                new Area("01-MSS", "MSS alone", MSS),
                new Area("01-MSS-END", "MSS and End of Option List", MSS, END),
                new Area("01-MSS-NOP-END", "MSS, NOP and End of Option List", MSS, NOP, END),
                new Area("01-NOP4-MSS", "four NOPs and MSS", nops(4, MSS)),
                new Area("01-NOP4-MSS-NOP4", "MSS between NOPs", nops(4, MSS, NOP, NOP, NOP, NOP)),
                new Area("01-NOP36-MSS", "MSS as the last of 40 octets, behind NOPs", nops(36, MSS)),
                new Area("01-MSS-END-GARBAGE", "MSS, then End and what is no padding", MSS, END, unknown(2, 3)));
    }

    @Test
    @Case(id = "OP", title = "honours the MSS of a SYN with {}", needs = ECHO, rows = "mandatory", tags = "options")
    @Requirement({"RFC9293-MUST-4", "RFC9293-MUST-14", "RFC9293-MUST-16"})
    public void mandatoryOptions(Peer peer, Area area) {
        peer.establish(area.options());
        Sizes.showsByNoMoreThan(peer, SMALL, MSS);
    }

    static List<Area> unaligned() {
        return List.of(
                new Area("02-1", "octet 1", nops(1, MSS)),
                new Area("02-2", "octet 2", nops(2, MSS)),
                new Area("02-3", "octet 3", nops(3, MSS)),
                new Area("02-5", "octet 5", unknown(200, 5), MSS));
    }

    @Test
    @Case(
            id = "OP",
            title = "honours an MSS option that begins at {} of the options",
            needs = ECHO,
            rows = "unaligned",
            tags = "options")
    @Requirement({"RFC9293-MUST-64", "RFC9293-MUST-16"})
    public void unalignedMss(Peer peer, Area area) {
        peer.establish(area.options());
        Sizes.showsByNoMoreThan(peer, SMALL, MSS);
    }

    /** How many NOPs stand before Timestamps. */
    record Before(String id, int nops) implements Row {
        @Override
        public String what() {
            return "octet " + nops;
        }
    }

    static List<Before> before() {
        return IntStream.range(0, 4)
                .mapToObj(n -> new Before(Integer.toString(n), n))
                .toList();
    }

    @Test
    @Case(
            id = "OP-02-TS",
            title = "reads Timestamps that begin at {} of the options of a data segment",
            rows = "before",
            tags = {"options", "timestamps", "data"})
    @Requirement({"RFC9293-MUST-64", "RFC7323-3.2-3"})
    public void unalignedTimestamps(Peer peer, Before before) {
        int first = peer.random();
        Answer synAck = peer.openTo(new Option.Mss(Peer.MSS), NOP, NOP, new Option.Timestamps(first, 0));
        peer.negotiated(synAck, Option.Timestamps.class, Feature.TIMESTAMPS);
        peer.send(ack().options(NOP, NOP, peer.stamp(first)));
        peer.send(data(10).options(nops(before.nops(), peer.stamp(first + 5))));
        peer.expectAck(ack().ack(RCV_NXT)
                .where(
                        "echoes the Timestamps of the segment",
                        s -> s.option(Option.Timestamps.class)
                                .filter(ts -> ts.echoReply() == first + 5)
                                .isPresent()));
    }

    // ---- options that a target does not know

    static List<Area> unknownOptions() {
        List<Area> rows = new ArrayList<>();
        for (int kind : new int[] {35, 127, 128, 200, 252, 255}) {
            for (int length : new int[] {2, 3, 4, 36}) {
                rows.add(new Area(
                        "03-" + kind + "-LENGTH-" + length,
                        "kind " + kind + " of " + length + " octets",
                        unknown(kind, length),
                        MSS));
            }
        }
        return rows;
    }

    @Test
    @Case(
            id = "OP",
            title = "ignores an option of {} in a SYN, and honours the MSS behind it",
            needs = ECHO,
            rows = "unknownOptions",
            tags = "options")
    @Requirement({"RFC9293-MUST-6", "RFC9293-MUST-16"})
    public void unknownOptionInSyn(Peer peer, Area area) {
        peer.establish(area.options());
        Sizes.showsByNoMoreThan(peer, SMALL, MSS);
    }

    @Test
    @Case(
            id = "OP-03-ALL",
            segments = 800,
            octets = 80_000,
            connections = 400,
            title = "answers a SYN with SYN,ACK whichever unassigned kind of option it has, 35 to 252",
            tags = "options")
    @Requirement("RFC9293-MUST-6")
    public void everyUnassignedKind(Peer peer) {
        for (int kind = 35; kind <= 252; kind++) {
            peer.fresh();
            peer.send(syn().options(new Option.Mss(Peer.MSS), unknown(kind, 4)));
            peer.expect(SYN_ACK.where(
                    "has none of a kind that no RFC defines",
                    s -> s.options().stream().allMatch(o -> o.kind() < 35 || o.kind() > 252)));
            peer.abort();
        }
        peer.prove(TcpState.LISTEN);
    }

    /** An option in a segment after the SYN. */
    record Late(String id, String what, Segment segment, Option option) implements Row {}

    static List<Late> lateOptions() {
        List<Late> rows = new ArrayList<>();
        for (int kind : new int[] {35, 128, 255}) {
            for (int length : new int[] {2, 5, 40}) {
                Option option = unknown(kind, length);
                String id = kind + "-LENGTH-" + length;
                String what = "an option of kind " + kind + " and " + length + " octets in ";
                rows.add(new Late("DATA-" + id, what + "data", data(10), option));
                rows.add(new Late("FIN-" + id, what + "a FIN", finAck(), option));
            }
        }
        return rows;
    }

    @Test
    @Case(
            id = "OP-04",
            title = "ignores {}, and acknowledges the segment",
            needs = CLOSES_ON_FIN,
            rows = "lateOptions",
            tags = {"options", "data"})
    @Requirement({"RFC9293-MUST-6", "RFC9293-MUST-5"})
    public void unknownOptionLater(Peer peer, Late late) {
        peer.establish();
        peer.send(late.segment().options(late.option()));
        peer.expectAck(ack().ack(RCV_NXT).ignoring(Flag.FIN));
    }

    static List<Area> experiments() {
        List<Area> rows = new ArrayList<>();
        for (String kind : List.of("fd", "fe")) {
            int number = Integer.parseInt(kind, 16);
            rows.add(new Area(
                    number + "-EXID-16",
                    "kind " + number + " with an ExID of two octets",
                    Option.Raw.hex(kind + "04dead"),
                    MSS));
            rows.add(new Area(
                    number + "-EXID-32",
                    "kind " + number + " with an ExID of four octets and data",
                    Option.Raw.hex(kind + "0adeadbeef02040102"),
                    MSS));
            rows.add(new Area(
                    number + "-NO-EXID", "kind " + number + " without ExID", Option.Raw.hex(kind + "02"), MSS));
        }
        return rows;
    }

    @Test
    @Case(
            id = "OP-05",
            title = "ignores an experimental option of {}, and honours the MSS behind it",
            needs = ECHO,
            rows = "experiments",
            tags = "options")
    @Requirement({"RFC6994-3.2-1", "RFC9293-MUST-6"})
    public void experimentalOption(Peer peer, Area area) {
        peer.establish(area.options());
        Sizes.showsByNoMoreThan(peer, SMALL, MSS);
    }

    // ---- illegal lengths

    /** Options that are broken, as octets in hexadecimal digits. */
    record Broken(String id, String what, String octets) implements Row {
        Option option() {
            return Option.Raw.hex(octets);
        }
    }

    static List<Broken> illegalLengths() {
        return List.of(
                new Broken("06-UNKNOWN", "an unknown option of length 0", "c8000000"),
                new Broken("06-MSS", "an MSS option of length 0", "02000578"),
                new Broken("06-TIMESTAMPS", "a Timestamps option of length 0", "0101080000000001" + "00000000"),
                new Broken("06-SACK", "a SACK option of length 0", "01010500" + "0000000100000002"),
                new Broken("06-LAST", "an unknown option of length 0 as the last two octets", "0101c800"),
                new Broken("07-UNKNOWN", "an unknown option of length 1", "c8010101"),
                new Broken("07-MSS", "an MSS option of length 1", "02010578"),
                new Broken("08-UNKNOWN", "an unknown option that ends one octet beyond the header", "c8050000"),
                new Broken("08-UNKNOWN-255", "an unknown option of length 255", "c8ff0000"),
                new Broken("08-MSS", "an MSS option that ends beyond the header", "01010204"),
                new Broken("08-MSS-255", "an MSS option of length 255", "02ff0578"),
                new Broken("08-TIMESTAMPS", "a Timestamps option that ends beyond the header", "080a00000001" + "0000"),
                new Broken("09-UNKNOWN", "an unknown option whose length is missing", "010101c8"),
                new Broken("09-MSS", "an MSS option whose length is missing", "01010102"),
                new Broken("09-TIMESTAMPS", "a Timestamps option whose length is missing", "01010108"));
    }

    @Test
    @Case(
            id = "OP",
            title = "survives {} in a SYN: ends the list, or drops or refuses the SYN, and listens on",
            rows = "illegalLengths",
            observes = true,
            tags = {"options", "listen"})
    @Requirement({"RFC9293-MUST-7", "RFC9293-MUST-68"})
    public void illegalLengthInSyn(Peer peer, Broken broken) {
        peer.send(syn().options(broken.option()));
        peer.expectOrSilence(SYN_ACK, rst().ignoring(Flag.ACK))
                .ifPresentOrElse(
                        answer -> peer.observed(
                                "a SYN with a broken option is " + (answer.choice() == 0 ? "taken" : "refused")),
                        () -> peer.observed("a SYN with a broken option is dropped"));
        peer.abort();
        peer.another().prove(TcpState.LISTEN);
    }

    @Test
    @Case(
            id = "OP-DATA",
            title = "survives {} in a data segment: takes, drops or refuses it, and listens on",
            rows = "illegalLengths",
            observes = true,
            tags = {"options", "data"})
    @Requirement({"RFC9293-MUST-7", "RFC9293-MUST-5"})
    public void illegalLengthInData(Peer peer, Broken broken) {
        peer.establish();
        peer.send(data(10).seq(RCV_NXT).options(broken.option()));
        Optional<Answer> answer =
                peer.expectOrSilence(ack().ack(RCV_NXT.plus(10)), ack().ack(RCV_NXT), rst().ignoring(Flag.ACK));
        boolean refused = answer.filter(a -> a.choice() == 2).isPresent();
        if (refused) {
            peer.observed("data with a broken option is refused by reset");
        } else {
            peer.observed("data with a broken option is " + (Text.isTaken(peer, answer, 10) ? "taken" : "dropped"));
            peer.prove(TcpState.ESTABLISHED);
        }
        peer.another().prove(TcpState.LISTEN);
    }

    static List<Broken> wrongMss() {
        return List.of(
                new Broken("2", "2", "02020101"),
                new Broken("3", "3", "02030501"),
                new Broken("5", "5", "02050578" + "00010101"),
                new Broken("6", "6", "0206057800000101"),
                new Broken("8", "8", "0208057800000000"));
    }

    @Test
    @Case(
            id = "OP-10",
            // who takes the length for the size, or part of it, sends a few octets at a time
            segments = 1_600,
            octets = 160_000,
            title = "survives an MSS option of length {}, and does not use it to send more than the usual size",
            needs = ECHO,
            rows = "wrongMss",
            observes = true,
            tags = "options")
    @Requirement({"RFC9293-MUST-7", "RFC9293-MUST-15"})
    public void wrongLengthOfMss(Peer peer, Broken broken) {
        peer.send(syn().options(broken.option()));
        if (peer.expectOrSilence(SYN_ACK, rst().ignoring(Flag.ACK))
                .filter(a -> a.choice() == 0)
                .isPresent()) {
            peer.send(ack());
            Sizes.showsByNoMoreThan(peer, Sizes.usualMss(peer));
        }
        peer.another().prove(TcpState.LISTEN);
    }

    static List<Broken> wrongLengths() {
        return List.of(
                new Broken("20-SACKOK-3", "SACK-Permitted of length 3", "020405b4" + "04030001"),
                new Broken("20-SACKOK-4", "SACK-Permitted of length 4", "020405b4" + "04040000"),
                new Broken(
                        "20-SACKOK-10", "SACK-Permitted of length 10", "020405b4" + "040a0000000000000000" + "0101"));
    }

    @Test
    @Case(
            id = "OP",
            title = "does not take {} in a SYN for an offer",
            rows = "wrongLengths",
            tags = {"options", "sack"})
    @Requirement({"RFC9293-MUST-7", "RFC2018-4-3"})
    public void wrongLengthOfSackPermitted(Peer peer, Broken broken) {
        peer.send(syn().options(broken.option()));
        if (peer.expectOrSilence(SYN_ACK, rst().ignoring(Flag.ACK))
                .filter(a -> a.choice() == 0)
                .isPresent()) {
            peer.send(ack());
            peer.send(Text.piece(10, 20));
            peer.expectAck(ack().ack(RCV_NXT).without(Option.Sack.class));
        }
        peer.another().prove(TcpState.LISTEN);
    }

    // ---- End of Option List

    static List<Area> behindEnd() {
        Option large = new Option.Mss(LARGE);
        return List.of(
                new Area("MSS", "an MSS option", END, large),
                new Area("NOP-MSS", "NOP and an MSS option", NOP, END, NOP, NOP, large),
                new Area("ILLEGAL", "an option of length 0", END, Option.Raw.hex("020005"), large));
    }

    @Test
    @Case(
            id = "OP-12",
            title = "does not read {} behind End of Option List: sends no more than the usual size",
            needs = ECHO,
            rows = "behindEnd",
            tags = "options")
    @Requirement({"RFC9293-MUST-4", "RFC9293-MUST-15"})
    public void nothingBehindEndCounts(Peer peer, Area area) {
        peer.establish(area.options());
        Sizes.showsByNoMoreThan(peer, Sizes.usualMss(peer));
    }

    @Test
    @Case(
            id = "OP-12-DATA",
            title = "takes data with octets that are not 0 behind End of Option List",
            tags = {"options", "data"})
    @Requirement({"RFC9293-MUST-4", "RFC9293-MUST-5"})
    public void garbageBehindEndOfData(Peer peer) {
        peer.establish();
        peer.send(data(10).options(END, Option.Raw.hex("ff00ff")));
        peer.expectAck(ack().ack(RCV_NXT));
    }

    // ---- what the target sends

    @Test
    @Case(
            id = "OP-13",
            title = "pads its options with zeros in every segment, where all options that it has are in use",
            needs = ECHO,
            tags = "options")
    @Requirement({"RFC9293-MUST-69", "RFC9293-MUST-68"})
    public void optionsAreWellFormed(Peer peer) {
        Supplier<List<Answer>> all = Exchange.play(peer, Exchange.allOptions(peer));
        Exchange.all(peer, all, "options that can be read, padded with zeros", s -> Option.wellFormed(s.optionArea()));
    }

    @Test
    @Case(
            id = "OP-21",
            title = "sends options that end where the data offset says, each once at most, in every segment",
            needs = ECHO,
            tags = "options")
    @Requirement({"RFC9293-MUST-68", "RFC9293-3.1-3"})
    public void optionsFitTheOffset(Peer peer) {
        Supplier<List<Answer>> all = Exchange.play(peer, Exchange.allOptions(peer));
        Exchange.all(
                peer,
                all,
                "a data offset of 5 words and the options",
                s -> s.dataOffset() * 4 == 20 + s.optionArea().length);
        Exchange.all(peer, all, "each option once at most", s -> {
            List<Integer> kinds = s.options().stream()
                    .map(Option::kind)
                    .filter(k -> k != Option.NOP && k != Option.END)
                    .toList();
            return kinds.stream().distinct().count() == kinds.size();
        });
    }

    @Test
    @Case(
            id = "OP-17-SENDER",
            title = "sends MSS, Window Scale and SACK-Permitted in its SYN,ACK alone",
            needs = ECHO,
            tags = "options")
    @Requirement({"RFC9293-MUST-65", "RFC2018-2-2"})
    public void optionsOfTheHandshakeStayThere(Peer peer) {
        Supplier<List<Answer>> all = Exchange.withoutHandshake(Exchange.play(peer, Exchange.allOptions(peer)));
        Exchange.all(
                peer,
                all,
                "neither MSS nor Window Scale nor SACK-Permitted without SYN",
                s -> s.option(Option.Mss.class).isEmpty()
                        && s.option(Option.WindowScale.class).isEmpty()
                        && s.option(Option.SackPermitted.class).isEmpty());
    }

    // ---- options in any segment

    static List<Area> plain() {
        return List.of(
                new Area("14", "40 octets of NOP", nops(40)),
                new Area("14-NOP-END", "39 NOPs and End of Option List", nops(39, END)),
                new Area("14-END", "40 octets of End of Option List", Option.Raw.hex("00".repeat(40))));
    }

    @Test
    @Case(
            id = "OP",
            title = "takes a SYN, its ACK, data and a FIN with {}",
            needs = CLOSES_ON_FIN,
            rows = "plain",
            tags = "options")
    @Requirement({"RFC9293-MUST-4", "RFC9293-MUST-5"})
    public void fullOptionArea(Peer peer, Area area) {
        peer.send(syn().options(area.options()));
        peer.expect(SYN_ACK);
        peer.send(ack().options(area.options()));
        peer.send(data(10).options(area.options()));
        peer.expectAck(ack().ack(RCV_NXT));
        peer.send(finAck().options(area.options()));
        peer.expectAck(ack().ack(RCV_NXT).ignoring(Flag.FIN));
    }

    static List<Late> anySegment() {
        Option option = unknown(200, 8);
        return List.of(
                new Late("ACK", "the ACK of its SYN", ack(), option),
                new Late("DATA", "data", data(10), option),
                new Late("FIN", "a FIN", finAck(), option));
    }

    @Test
    @Case(
            id = "OP-15",
            title = "takes {} with options that it does not know",
            needs = CLOSES_ON_FIN,
            rows = "anySegment",
            tags = "options")
    @Requirement({"RFC9293-MUST-5", "RFC9293-MUST-6"})
    public void optionsInAnySegment(Peer peer, Late late) {
        peer.openTo();
        peer.send(late.segment().options(NOP, late.option(), NOP, NOP, END));
        if (late.segment().has(Flag.FIN) || peer.state() == TcpState.CLOSE_WAIT) {
            peer.expectAck(ack().ack(RCV_NXT).ignoring(Flag.FIN));
        } else {
            peer.prove(TcpState.ESTABLISHED);
        }
    }

    @Test
    @Case(
            id = "OP-15-RST",
            title = "obeys a RST with options that it does not know",
            tags = {"options", "reset"})
    @Requirement({"RFC9293-MUST-5", "RFC9293-3.10.7.4-9"})
    public void optionsInReset(Peer peer) {
        peer.establish();
        peer.send(rst().options(NOP, unknown(200, 8), NOP, NOP, END));
        peer.expectSilence();
        peer.prove(TcpState.CLOSED);
    }

    // ---- options twice, or where they mean nothing

    static List<Area> twoMss() {
        Option other = new Option.Mss(SMALL + 100);
        return List.of(
                new Area("SMALL-FIRST", "300, then 400", MSS, other),
                new Area("LARGE-FIRST", "400, then 300", other, MSS),
                new Area("APART", "300, then 400 behind an unknown option", MSS, unknown(200, 4), other));
    }

    @Test
    @Case(
            id = "OP-16",
            title = "goes by one of two MSS options of a SYN, {}",
            needs = ECHO,
            rows = "twoMss",
            observes = true,
            tags = "options")
    @Requirement({"RFC9293-MUST-16", "RFC9293-MUST-4"})
    public void twoMssOptions(Peer peer, Area area) {
        peer.establish(area.options());
        Sizes.showsByNoMoreThan(peer, SMALL + 100, new Option.Mss(SMALL + 100));
    }

    @Test
    @Case(
            id = "OP-17",
            title = "ignores an MSS option in a segment without SYN: goes on to send what the SYN permits",
            needs = ECHO,
            tags = {"options", "data"})
    @Requirement({"RFC9293-MUST-16", "RFC9293-MUST-5"})
    public void mssWithoutSyn(Peer peer) {
        peer.establish(MSS);
        peer.send(data(10).options(new Option.Mss(LARGE)));
        peer.expectAck(ack().ack(RCV_NXT));
        peer.receive(10);
        Sizes.showsByNoMoreThan(peer, SMALL, MSS);
    }

    @Test
    @Case(
            id = "OP-18-SACKOK",
            title = "ignores SACK-Permitted in a segment without SYN: sends no SACK option",
            tags = {"options", "sack"})
    @Requirement("RFC2018-4-3")
    public void sackPermittedWithoutSyn(Peer peer) {
        peer.openTo();
        peer.send(ack().options(NOP, NOP, new Option.SackPermitted()));
        peer.send(data(10).options(NOP, NOP, new Option.SackPermitted()));
        peer.expectAck(ack().ack(RCV_NXT));
        peer.send(Text.piece(10, 20));
        peer.expectAck(
                ack().ack(RCV_NXT).noData().without(Option.Sack.class),
                ack().ack(RCV_NXT).hasData().without(Option.Sack.class));
    }

    // ---- options that want a key

    static List<Area> authentication() {
        return List.of(new Area("MD5", "TCP-MD5", unknown(19, 18)), new Area("AO", "TCP-AO", unknown(29, 16)));
    }

    @Test
    @Case(
            id = "OP-19",
            title = "answers or drops a SYN with {}, for which it has no key, and listens on",
            rows = "authentication",
            observes = true,
            tags = "options")
    @Requirement("RFC9293-MUST-6")
    public void authenticationWithoutKey(Peer peer, Area area) {
        peer.send(syn().options(area.options()));
        // a target that implements it may refuse what it has no key for (RFC 2385, 2.0; RFC 5925, 7.3)
        String how = peer.expectOrSilence(SYN_ACK, rst().ignoring(Flag.ACK))
                .map(a -> a.choice() == 0 ? "taken" : "refused")
                .orElse("dropped");
        peer.observed("a SYN with an authentication option without a key is " + how);
        peer.abort();
        peer.another().prove(TcpState.LISTEN);
    }
}
