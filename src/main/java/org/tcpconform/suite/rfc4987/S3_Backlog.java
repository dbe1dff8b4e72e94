package org.tcpconform.suite.rfc4987;

import static org.tcpconform.requirement.Stimulus.CLOSED_PORT;
import static org.tcpconform.requirement.Stimulus.OPEN_PORT;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.RCV_NXT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.peer.Volley;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.Flag;
import org.tcpconform.suite.rfc4987.Flood.Reaction;
import org.tcpconform.verdict.Series;
import org.testng.annotations.Test;

/**
 * RFC 4987, 3: what a target does with more half-open connections than it has room for. The RFC leaves it the choice, so
 * that most is recorded; judged is that it lives on, and that it listens again once the half-open connections are reset.
 */
public class S3_Backlog {
    @Test
    @Case(
            id = "FL-01",
            segments = Flood.SEGMENTS,
            octets = Flood.OCTETS,
            connections = Flood.CONNECTIONS,
            halfOpen = Flood.CONNECTIONS,
            title =
                    "drops SYNs or answers them by cookies when its backlog is full, and keeps its ports and connections",
            needs = {OPEN_PORT, CLOSED_PORT},
            tags = {"handshake", "flood"},
            exclusive = true,
            intrusive = true,
            observes = true,
            seconds = 20)
    @Requirement({"RFC4987-3.5-1", "RFC4987-3.6-1"})
    public void backlogFills(Peer peer) {
        peer.establish();
        try (Flood flood = Flood.of(peer)) {
            record(peer, flood);
            peer.prove(TcpState.ESTABLISHED);
            peer.another(CLOSED_PORT).prove(TcpState.CLOSED);
            Optional<Peer> elsewhere = elsewhere(peer);
            elsewhere.ifPresent(other -> other.prove(TcpState.LISTEN));
        }
        peer.another().prove(TcpState.LISTEN);
    }

    private static String capacity(Flood flood) {
        String then = "the target " + flood.reaction().what();
        if (flood.reaction() == Reaction.HOLDS) {
            return flood.sent() + " half-open connections, the most that are tried, do not fill the backlog";
        }
        return flood.sent() == 0
                ? then + " where there is no half-open connection"
                : "between " + (flood.sent() - Flood.STEP) + " and " + flood.sent()
                        + " half-open connections fill the backlog: then " + then;
    }

    private static void record(Peer peer, Flood flood) {
        List<Volley.Opening> answered =
                flood.openings().stream().filter(o -> o.synAck().isPresent()).toList();
        peer.measured(new Series(
                "SYN,ACK by half-open connections",
                Series.Shape.SCATTER,
                "µs from SYN to SYN,ACK",
                "half-open connections before",
                answered.stream().mapToDouble(o -> flood.openings().indexOf(o)).toArray(),
                answered.stream().mapToDouble(o -> micros(o.delay())).toArray()));
        peer.observed(capacity(flood));
        peer.option(
                "RFC4987-3.6-1",
                flood.reaction() == Reaction.COOKIE,
                answered.size() + " of " + flood.sent() + " SYNs were answered");
    }

    /** A connection to another port of the target that listens, where it has one. */
    private static Optional<Peer> elsewhere(Peer peer) {
        return Arrays.stream(Stimulus.values())
                .filter(stimulus -> stimulus != CLOSED_PORT)
                .map(peer::another)
                .filter(other -> other.targetPort() > 0 && other.targetPort() != peer.targetPort())
                .findFirst();
    }

    @Test
    @Case(
            id = "FL-02",
            segments = Flood.SEGMENTS,
            octets = Flood.OCTETS,
            connections = Flood.CONNECTIONS,
            halfOpen = Flood.CONNECTIONS,
            title = "lets a whole handshake through, or not, while its backlog is full of half-open connections",
            tags = {"handshake", "flood"},
            exclusive = true,
            intrusive = true,
            observes = true,
            seconds = 20)
    @Requirement({"RFC4987-3.6-1", "RFC4987-3.5-1"})
    public void legitimateHandshake(Peer peer) {
        try (Flood flood = Flood.of(peer)) {
            peer.send(syn());
            boolean through = peer.answer(synAck().ack(IRS.plus(1))).isPresent();
            if (through) {
                peer.send(ack());
                peer.send(data(10));
                peer.expectAck(ack().ack(RCV_NXT).ignoring(Flag.FIN));
            }
            peer.observed("after " + flood.sent() + " SYNs the target "
                    + flood.reaction().what() + ", and a whole handshake "
                    + (through ? "gets through" : "does not get through"));
        }
        peer.another().prove(TcpState.LISTEN);
    }

    private static final int STEPS = 40;

    @Test
    @Case(
            id = "FL-10",
            segments = Flood.SEGMENTS,
            octets = Flood.OCTETS,
            connections = Flood.CONNECTIONS,
            halfOpen = Flood.CONNECTIONS,
            title = "lives through thousands of SYNs in a few seconds, and listens afterwards",
            needs = {OPEN_PORT, CLOSED_PORT},
            tags = {"handshake", "flood"},
            exclusive = true,
            intrusive = true,
            seconds = 30)
    @Requirement("RFC9293-3.10.7.2-3")
    public void livesThroughFlood(Peer peer) {
        List<Answer> answers = new ArrayList<>();
        try (Flood flood = Flood.begun(peer)) {
            for (int i = 0; i < STEPS; i++) {
                flood.more();
                try (Peer client = peer.another()) {
                    client.send(syn());
                    client.answer(synAck().ack(IRS.plus(1))).ifPresent(answers::add);
                }
            }
            peer.another(CLOSED_PORT).prove(TcpState.CLOSED);
            peer.observed("after " + flood.sent() + " SYNs, at up to " + Volley.RATE + " a second, of " + STEPS
                    + " other SYNs in between " + answers.size() + " were answered");
        }
        if (!answers.isEmpty()) {
            long start = answers.get(0).timeNanos();
            peer.measured(new Series(
                    "SYN,ACK during a flood",
                    Series.Shape.SCATTER,
                    "µs from SYN to SYN,ACK",
                    "seconds",
                    each(answers, a -> (a.timeNanos() - start) / 1e9),
                    each(answers, a -> micros(a.delay()))));
        }
        peer.another().prove(TcpState.LISTEN);
    }

    /** Half-open connections last 63 s where the SYN,ACK is sent again 5 times (RFC 6298, 5.5). */
    private static final int WATCH_SECONDS = 75;

    private static final int BESIDE = 8;

    @Test
    @Case(
            id = "FL-06",
            segments = Flood.SEGMENTS,
            octets = Flood.OCTETS,
            connections = Flood.CONNECTIONS,
            halfOpen = Flood.CONNECTIONS,
            title = "gives up half-open connections that nobody completes, and holds new ones again",
            tags = {"handshake", "flood", "long"},
            exclusive = true,
            intrusive = true,
            observes = true,
            seconds = 100)
    @Requirement("RFC4987-3.3-1")
    public void recovers(Peer peer) {
        List<Volley.Opening> calm = elsewhere(peer)
                .map(other -> other.volley(BESIDE).open(0, BESIDE))
                .orElse(List.of());
        try (Flood flood = Flood.of(peer)) {
            double[] seconds = new double[WATCH_SECONDS];
            double[] synAcks = new double[WATCH_SECONDS];
            double[] reactions = new double[WATCH_SECONDS];
            int recovered = -1;
            int before = synAcks(flood.openings());
            for (int i = 0; i < WATCH_SECONDS; i++) {
                peer.pass(Duration.ofSeconds(1));
                Reaction reaction = Flood.look(peer);
                int now = synAcks(flood.openings());
                seconds[i] = i + 1;
                synAcks[i] = now - before;
                before = now;
                reactions[i] = reaction.ordinal();
                recovered = reaction != Reaction.HOLDS ? -1 : recovered < 0 ? i + 1 : recovered;
            }
            peer.measured(new Series(
                    "SYN,ACKs after a flood",
                    Series.Shape.SCATTER,
                    "SYN,ACKs in a second",
                    "seconds since the flood",
                    seconds,
                    synAcks));
            peer.measured(new Series(
                    "A SYN after a flood",
                    Series.Shape.SCATTER,
                    "0 held, 1 by cookie, 2 dropped, 3 reset",
                    "seconds since the flood",
                    seconds,
                    reactions));
            peer.observed("after " + flood.sent() + " SYNs the target "
                    + flood.reaction().what() + "; "
                    + (recovered < 0
                            ? "it does not hold half-open connections again within " + WATCH_SECONDS + " s"
                            : "it holds half-open connections again after " + recovered + " s"));
            peer.observed("of a half-open connection in the flood " + given(flood.openings()));
            if (!calm.isEmpty()) {
                peer.observed("of one to another port " + given(calm));
            }
        }
        peer.another().prove(TcpState.LISTEN);
    }

    private static int synAcks(List<Volley.Opening> some) {
        return some.stream().mapToInt(Volley.Opening::synAcks).sum();
    }

    private static String given(List<Volley.Opening> some) {
        return String.format(
                Locale.ROOT,
                "the SYN,ACK comes at most %d times, the last %.1f s after the SYN",
                some.stream().mapToInt(Volley.Opening::synAcks).max().orElse(0),
                some.stream()
                        .filter(o -> o.synAcks() > 0)
                        .mapToDouble(o -> micros(o.lastDelay()) / 1e6)
                        .max()
                        .orElse(0));
    }

    private static double[] each(List<Answer> answers, ToDoubleFunction<Answer> value) {
        return answers.stream().mapToDouble(value).toArray();
    }

    private static double micros(Duration duration) {
        return duration.toNanos() / 1e3;
    }
}
