package org.tcpconform.suite.rfc9293;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.MarkdownTables;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.RfcNotation;
import org.tcpconform.segment.Segment;
import org.tcpconform.target.Presence;
import org.tcpconform.target.Profile;
import org.tcpconform.target.Profile.Choice;

/** The table {@code segment-arrives.md}: what it says of each cell of state, event, SEQ and ACK. */
final class SegmentArrives {
    /** The states that it is about, in the RFC's order. */
    static final List<TcpState> STATES = List.of(
            TcpState.SYN_RECEIVED,
            TcpState.ESTABLISHED,
            TcpState.FIN_WAIT_1,
            TcpState.FIN_WAIT_2,
            TcpState.CLOSE_WAIT,
            TcpState.CLOSING,
            TcpState.LAST_ACK,
            TcpState.TIME_WAIT);

    /** The reply that is none. */
    static final String NONE = "none";

    private static final String ALL = "all";
    private static final String ALL_BUT = "all but ";
    /** In the column ACK: the segment has none. */
    private static final String NO_ACK = "-";

    private static final String SAME = "same";

    /** A segment that arrives, but for its numbers. */
    record Event(String id, String saidAs, Segment segment, List<String> acks) {}

    /** What may come back: one of these segments, or nothing. */
    record Reply(String id, String saidAs, List<Segment> segments) {
        boolean isNone() {
            return segments.isEmpty();
        }
    }

    /** A permitted reaction: a reply, and the state that follows. */
    record Outcome(Reply reply, TcpState next) {}

    /** Which sets of rules a column is for. */
    enum Column {
        ANSWER("answer"),
        P793("P793"),
        P5961("P5961"),
        UNCHECKED("unchecked"),
        P5961D("P5961D"),
        P1337("P1337");

        private final String header;

        Column(String header) {
            this.header = header;
        }

        /** Whether a target of this profile may follow it, where a segment with these control bits arrives. */
        boolean fits(Profile profile, Segment segment) {
            Choice choice = segment.has(Flag.RST) ? profile.reset() : profile.syn();
            return switch (this) {
                case ANSWER -> true;
                case P793 -> choice != Choice.RFC5961;
                case P5961 -> choice != Choice.RFC793;
                case UNCHECKED -> profile.dataCheck() != Presence.PRESENT;
                case P5961D -> profile.dataCheck() != Presence.ABSENT;
                case P1337 -> profile.timeWaitReset() != Presence.ABSENT;
            };
        }
    }

    /**
     * One cell.
     *
     * @param seq where SEQ is, by its name
     * @param ack where ACK is, by its name; empty for none
     * @param answers what each set of rules permits
     * @param requirement id of the one that is judged
     */
    record Cell(
            TcpState state,
            Event event,
            String seq,
            String seqNumber,
            String ack,
            String ackNumber,
            Map<Column, List<Outcome>> answers,
            String requirement,
            List<String> tags)
            implements Row {
        @Override
        public String id() {
            return state.rfcName() + "-" + event.id() + "-" + seq + (ack.isEmpty() ? "" : "-" + ack);
        }

        @Override
        public String what() {
            Map<String, String> columns = new LinkedHashMap<>();
            answers.forEach((column, outcomes) -> columns.merge(
                    outcomes.stream().map(this::said).collect(Collectors.joining(" or ")),
                    column.header,
                    (one, other) -> one + ", " + other));
            boolean alike = columns.size() == 1;
            return event.saidAs() + " of SEQ " + seqNumber + (ack.isEmpty() ? "" : " and ACK " + ackNumber) + " in "
                    + state.rfcName() + " with "
                    + columns.entrySet().stream()
                            .map(e -> e.getKey() + (alike ? "" : " (" + e.getValue() + ")"))
                            .collect(Collectors.joining("; with "));
        }

        /** An outcome in words. */
        String said(Outcome outcome) {
            return outcome.reply().saidAs() + " and "
                    + (outcome.next() == state
                            ? "stays"
                            : "goes to " + outcome.next().rfcName());
        }

        @Override
        public List<String> requirements() {
            return List.of(requirement);
        }

        /** The segment, where {@code half} is half of the target's window. */
        Segment segment(int half) {
            Segment segment = event.segment().seq(RfcNotation.number(seqNumber.replace("RCV.WND/2", half + "")));
            return ack.isEmpty() ? segment : segment.ack(RfcNotation.number(ackNumber));
        }

        /** What a target of this profile may do. */
        List<Outcome> permitted(Profile profile) {
            boolean ignoresReset = answers.containsKey(Column.P1337) && profile.timeWaitReset() == Presence.PRESENT;
            return answers.entrySet().stream()
                    .filter(e -> ignoresReset
                            ? e.getKey() == Column.P1337
                            : e.getKey().fits(profile, event.segment()))
                    .flatMap(e -> e.getValue().stream())
                    .distinct()
                    .toList();
        }

        /** Whether the target's FIN is outstanding when the segment arrives. */
        boolean finOutstanding() {
            return isFinOutstanding(state);
        }

        /** Whether the segment is sure to acknowledge that FIN, so that the target sends it no more but lives on. */
        boolean acknowledgesFin() {
            List<TcpState> next = next();
            return finOutstanding()
                    && next.stream().noneMatch(SegmentArrives::isFinOutstanding)
                    && (next.contains(TcpState.FIN_WAIT_2) || next.contains(TcpState.TIME_WAIT));
        }

        /** Whether the segment is sure to acknowledge the target's SYN. */
        boolean acknowledgesSyn() {
            return state == TcpState.SYN_RECEIVED && next().stream().allMatch(TcpState.ESTABLISHED::equals);
        }

        private List<TcpState> next() {
            return answers.values().stream()
                    .flatMap(List::stream)
                    .map(Outcome::next)
                    .toList();
        }
    }

    private static boolean isFinOutstanding(TcpState state) {
        return state == TcpState.FIN_WAIT_1 || state == TcpState.CLOSING || state == TcpState.LAST_ACK;
    }

    private final Map<String, Event> events = new LinkedHashMap<>();
    private final Map<String, String> seqs = new LinkedHashMap<>();
    private final Map<String, String> acks = new LinkedHashMap<>();
    private final Map<String, Reply> replies = new LinkedHashMap<>();
    private final List<Map<String, String>> lines;
    private final List<Map<String, String>> names;
    private final List<Cell> cells = new ArrayList<>();

    SegmentArrives(MarkdownTables tables) {
        for (Map<String, String> row : tables.rows("event", "segment")) {
            Segment segment = RfcNotation.segment(row.get("segment")).payload(Integer.parseInt(row.get("octets")));
            events.put(
                    row.get("event"), new Event(row.get("event"), row.get("said as"), segment, list(row.get("ACK"))));
        }
        tables.rows("SEQ", "number").forEach(row -> seqs.put(row.get("SEQ"), row.get("number")));
        tables.rows("ACK", "number").forEach(row -> acks.put(row.get("ACK"), row.get("number")));
        tables.rows("reply")
                .forEach(row -> replies.merge(
                        row.get("reply"),
                        new Reply(row.get("reply"), row.get("said as"), segments(row)),
                        SegmentArrives::joined));
        this.lines = tables.rows("state", "event", "SEQ", "ACK");
        this.names = tables.rows("tag");
        lines.forEach(this::checkWords);
        for (TcpState state : STATES) {
            for (Event event : events.values()) {
                for (String seq : seqs.keySet()) {
                    acksOf(state, event).forEach(ack -> cells.add(cell(state, event, seq, ack)));
                }
            }
        }
    }

    static SegmentArrives read() {
        return new SegmentArrives(MarkdownTables.read(SegmentArrives.class, "segment-arrives.md"));
    }

    /** All cells, in the order of states, events, SEQ and ACK. */
    List<Cell> cells() {
        return List.copyOf(cells);
    }

    List<String> events() {
        return List.copyOf(events.keySet());
    }

    List<String> seqs() {
        return List.copyOf(seqs.keySet());
    }

    private static List<String> list(String text) {
        return Stream.of(text.split(",")).map(String::strip).toList();
    }

    private static List<Segment> segments(Map<String, String> row) {
        if (row.get("segment").isEmpty()) {
            return List.of();
        }
        Segment segment = RfcNotation.segment(row.get("segment"));
        return List.of(
                row.get("octets").equals("any") ? segment : segment.payload(Integer.parseInt(row.get("octets"))));
    }

    private static Reply joined(Reply one, Reply other) {
        return new Reply(
                one.id(),
                one.saidAs(),
                Stream.concat(one.segments().stream(), other.segments().stream())
                        .toList());
    }

    /** Names of the numbers that the ACK field takes: all in SYN-RECEIVED; where nothing is outstanding, NXT is UNA. */
    private List<String> acksOf(TcpState state, Event event) {
        if (state == TcpState.SYN_RECEIVED && !event.acks().contains(NO_ACK)) {
            return List.copyOf(acks.keySet());
        }
        boolean twice = event.acks().contains("UNA") && !isFinOutstanding(state);
        return event.acks().stream().filter(a -> !(twice && a.equals("NXT"))).toList();
    }

    private Cell cell(TcpState state, Event event, String seq, String ack) {
        List<Map<String, String>> fitting =
                lines.stream().filter(l -> fits(l, state, event, seq, ack)).toList();
        String where = state.rfcName() + " " + event.id() + " " + seq + " " + ack;
        if (fitting.size() != 1) {
            throw new IllegalArgumentException(fitting.size() + " lines are for " + where + ": " + fitting);
        }
        Map<Column, List<Outcome>> answers = new LinkedHashMap<>();
        for (Column column : Column.values()) {
            String text = fitting.get(0).getOrDefault(column.header, "");
            if (!text.isEmpty()) {
                answers.put(column, outcomes(text, state));
            }
        }
        if (answers.isEmpty()) {
            throw new IllegalArgumentException("no answer for " + where);
        }
        List<String> tags = new ArrayList<>(List.of(tag(state.rfcName()), tag(event.id())));
        names.stream().filter(n -> fits(n, state, event, seq, ack)).forEach(n -> tags.add(tag(n.get("tag"))));
        boolean none = ack.equals(NO_ACK);
        return new Cell(
                state,
                event,
                seq,
                seqs.get(seq),
                none ? "" : ack,
                none ? "" : acks.get(ack),
                answers,
                fitting.get(0).get("requirement"),
                tags);
    }

    private static String tag(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static boolean fits(Map<String, String> line, TcpState state, Event event, String seq, String ack) {
        return has(line.get("state"), state.rfcName())
                && has(line.get("event"), event.id())
                && has(line.get("SEQ"), seq)
                && has(line.get("ACK"), ack);
    }

    private static boolean has(String cell, String name) {
        return cell.startsWith(ALL_BUT)
                ? !list(cell.substring(ALL_BUT.length())).contains(name)
                : cell.equals(ALL) || list(cell).contains(name);
    }

    private List<Outcome> outcomes(String text, TcpState state) {
        return Arrays.stream(text.split(";")).map(one -> outcome(one, state)).toList();
    }

    private Outcome outcome(String text, TcpState state) {
        String[] parts = text.split("->");
        Reply reply = replies.get(parts[0].strip());
        if (parts.length != 2 || reply == null) {
            throw new IllegalArgumentException("not a reply and a state: " + text);
        }
        String next = parts[1].strip();
        return new Outcome(reply, next.equals(SAME) ? state : TcpState.valueOf(next.replace('-', '_')));
    }

    /** A name that nobody knows would silently fit nothing. */
    private void checkWords(Map<String, String> line) {
        check(line.get("state"), STATES.stream().map(TcpState::rfcName).toList());
        check(line.get("event"), List.copyOf(events.keySet()));
        check(line.get("SEQ"), List.copyOf(seqs.keySet()));
        check(
                line.get("ACK"),
                Stream.concat(acks.keySet().stream(), Stream.of(NO_ACK)).toList());
    }

    private static void check(String cell, List<String> known) {
        String text = cell.startsWith(ALL_BUT) ? cell.substring(ALL_BUT.length()) : cell;
        if (!text.equals(ALL) && !known.containsAll(list(text))) {
            throw new IllegalArgumentException("unknown name in " + cell + "; there are " + known);
        }
    }
}
