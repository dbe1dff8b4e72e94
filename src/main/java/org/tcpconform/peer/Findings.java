package org.tcpconform.peer;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameRule;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Segment.Difference;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NonConformity;
import org.tcpconform.verdict.Step;
import org.tcpconform.wire.Captured;

/** Puts into words what the target did wrong, in the form that is pasted into a bug report. */
final class Findings {
    private final Peer peer;
    private final Transcript transcript;
    private final Inbox inbox;
    /** Whose connection it is. */
    private final String connection;

    Findings(Peer peer, Transcript transcript, Inbox inbox, String connection) {
        this.peer = peer;
        this.transcript = transcript;
        this.inbox = inbox;
        this.connection = connection;
    }

    /**
     * What it means that none of the acceptable segments came.
     *
     * @param patience how long was waited for them
     * @throws Inconclusive if our own segment did not leave
     */
    NonConformity of(Search search, Duration patience, Segment... acceptable) {
        requireSent(search.stimulusSeen);
        String wanted = wanted(acceptable);
        String code = "no-answer";
        String summary = "no answer within " + patience.toMillis() + " ms"
                + (search.icmp == null ? "" : "; " + icmpWords(search.icmp));
        Optional<Captured> damaged = damaged(search);
        if (search.nearest == null && damaged.isPresent()) {
            transcript.offending(damaged.get());
            FrameRule rule = FrameRule.broken((Frame.Tcp) damaged.get().frame(), true)
                    .iterator()
                    .next();
            code = rule.code();
            summary = "the answer has " + rule.breach();
        } else if (search.nearest != null) {
            transcript.offending(search.nearest);
            WireSegment came = ((Frame.Tcp) search.nearest.frame()).segment();
            boolean unexpectedReset =
                    came.has(Flag.RST) && Arrays.stream(acceptable).noneMatch(s -> s.has(Flag.RST));
            code = unexpectedReset ? "unexpected-reset" : code(search.differences);
            summary = unexpectedReset
                    ? "the target reset the connection"
                    : "the answer differs: "
                            + String.join(
                                    "; ",
                                    search.differences.stream()
                                            .map(Difference::toString)
                                            .toList());
        }
        peer.note(Step.Kind.MISMATCH, "expected " + wanted.replace("\n", " or "));
        return new NonConformity(new Failure(code, summary, text(wanted, search)));
    }

    /**
     * A segment came where none may come.
     *
     * @param summary what is wrong with that
     * @param due what should have been seen
     */
    NonConformity of(String code, String summary, String due, Captured came) {
        transcript.offending(came);
        peer.note(Step.Kind.MISMATCH, "expected " + due);
        return new NonConformity(new Failure(code, summary, text(due, came, List.of(), List.of())));
    }

    static void requireSent(boolean stimulusSeen) {
        if (!stimulusSeen) {
            throw new Inconclusive(
                    Failure.of("not-sent", "our own segment was not seen on the wire, so that nothing can be judged"));
        }
    }

    /** What came and can be no answer, since its header does not permit it to be taken in. */
    static Optional<Captured> damaged(Search search) {
        return search.passed.stream()
                .filter(c -> c.frame() instanceof Frame.Tcp tcp && !tcp.usable())
                .findFirst();
    }

    static String wanted(Segment... acceptable) {
        return Arrays.stream(acceptable).map(Segment::toString).collect(Collectors.joining("\n"));
    }

    static String icmpWords(Captured frame) {
        return ((Frame.IcmpError) frame.frame()).words();
    }

    private static String code(List<Difference> differences) {
        return differences.isEmpty()
                ? "wrong-answer"
                : "wrong-" + differences.get(0).field().toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    /** The connection so far. */
    String text() {
        return text(null, null, List.of(), List.of());
    }

    /** What was wanted, what came in its place, and the connection so far. */
    String text(String wanted, Search search) {
        return text(wanted, search.nearest, search.differences, search.passed);
    }

    private String text(String wanted, Captured came, List<Difference> differences, List<Captured> passed) {
        List<Captured> flow = inbox.read();
        Lines lines = Lines.of(flow);
        StringBuilder out = new StringBuilder();
        inbox.lastRead(inbox::isLastSent).ifPresent(sent -> line(out, "  sent:     ", lines.of(sent)));
        if (wanted != null) {
            line(out, "  expected: ", wanted.replace("\n", "\n         or "));
            line(out, "  came:     ", came == null ? "nothing" : lines.of(came));
            differences.forEach(d -> line(out, "            ", d.toString()));
            List<Captured> others = passed.stream().filter(c -> c != came).toList();
            if (!others.isEmpty()) {
                line(
                        out,
                        "  besides:  ",
                        String.join(
                                "\n            ", others.stream().map(lines::of).toList()));
            }
        }
        line(out, "  all of connection " + peer.number() + ": ", connection);
        flow.forEach(c -> line(out, "            ", lines.of(c)));
        return out.toString();
    }

    private static void line(StringBuilder out, String label, String text) {
        out.append(label).append(text).append('\n');
    }
}
