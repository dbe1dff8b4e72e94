package org.tcpconform.run;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.Network;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.Surroundings;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.target.Presence;
import org.tcpconform.target.Profile;
import org.tcpconform.target.Profile.Choice;
import org.tcpconform.target.Target;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NonConformity;
import org.tcpconform.verdict.NotApplicable;
import org.tcpconform.wire.Station;

/**
 * Finds, before the first case, which optional features the target has and which of the permitted rule sets it follows.
 * Judges nothing: a probe that tells nothing leaves a question open.
 */
public final class Prober {
    /** So often is asked on a bad network. */
    private static final int TRIES = 6;

    private static final int FAST_OPEN_KIND = 34;
    /** Window field of the peer's usual segments. */
    private static final int WINDOW = 65_535;

    private final Station station;
    private final Target target;
    private final Family family;
    private final Random random;

    /** What one probe found, and what it rests on. */
    public record Finding(Presence presence, String evidence) {
        static final Finding NOT_PROBED = new Finding(Presence.UNKNOWN, "not probed");
    }

    /** What all probes found. {@code probes} has a line of evidence for each question of the profile. */
    public record Found(Map<Feature, Finding> features, Profile profile, Map<String, String> probes) {
        /** Which features are there. */
        public Map<Feature, Presence> presence() {
            Map<Feature, Presence> presence = new EnumMap<>(Feature.class);
            features.forEach((feature, finding) -> presence.put(feature, finding.presence()));
            return presence;
        }
    }

    public Prober(Station station, Target target, long seed) {
        this.station = station;
        this.target = target;
        this.family = target.families().iterator().next();
        this.random = new Random(seed ^ 0x5eedL);
    }

    /** Probes everything. Takes about a second where the target is near. */
    public Found probe() {
        Map<Feature, Finding> features = new EnumMap<>(Feature.class);
        for (Feature feature : Feature.values()) {
            features.put(feature, Finding.NOT_PROBED);
        }
        features.putAll(askOnce(Stimulus.OPEN_PORT, this::options).orElse(Map.of()));
        features.put(Feature.ECN, ask(Stimulus.OPEN_PORT, Prober::ecn).orElse(Finding.NOT_PROBED));
        features.put(
                Feature.FAST_OPEN, ask(Stimulus.OPEN_PORT, Prober::fastOpen).orElse(Finding.NOT_PROBED));
        if (features.get(Feature.SACK).presence() == Presence.PRESENT) {
            features.put(
                    Feature.DSACK,
                    ask(Stimulus.OPEN_PORT, Prober::duplicateSack).orElse(Finding.NOT_PROBED));
        } else {
            features.put(Feature.DSACK, new Finding(features.get(Feature.SACK).presence(), "needs SACK"));
        }
        Map<String, String> probes = new LinkedHashMap<>();
        Choice reset = choice(probes, "A: RST at RCV.NXT+1", Prober::resetInWindow);
        Choice syn = choice(probes, "B: SYN at RCV.NXT", Prober::synInWindow);
        Presence data = presence(probes, "C: data with an old ACK", Stimulus.OPEN_PORT, this::oldAcknowledgment);
        Presence timeWait = presence(probes, "D: RST in TIME-WAIT", Stimulus.CLOSES_FIRST, Prober::resetInTimeWait);
        Profile profile = new Profile(reset, syn, data, timeWait);
        Presence challenge = reset == Choice.RFC5961 || syn == Choice.RFC5961
                ? Presence.PRESENT
                : reset == Choice.UNKNOWN && syn == Choice.UNKNOWN ? Presence.UNKNOWN : Presence.ABSENT;
        features.put(Feature.BLIND_RESET, new Finding(challenge, "probes A and B"));
        features.put(Feature.BLIND_DATA, new Finding(data, "probe C"));
        features.put(
                Feature.TIME_WAIT_REUSE,
                ask(Stimulus.CLOSES_FIRST, Prober::reuse).orElse(Finding.NOT_PROBED));
        return new Found(features, profile, probes);
    }

    private Choice choice(Map<String, String> probes, String name, Function<Peer, Choice> probe) {
        Choice choice = ask(Stimulus.OPEN_PORT, probe).orElse(Choice.UNKNOWN);
        probes.put(
                name,
                switch (choice) {
                    case RFC793 -> "the connection was reset (RFC 793)";
                    case RFC5961 -> "challenge ACK, the connection lives (RFC 5961)";
                    case UNKNOWN -> "neither a challenge ACK nor a reset was seen";
                });
        return choice;
    }

    private Presence presence(
            Map<String, String> probes, String name, Stimulus stimulus, Function<Peer, Finding> probe) {
        Finding finding = ask(stimulus, probe).orElse(Finding.NOT_PROBED);
        probes.put(name, finding.evidence());
        return finding.presence();
    }

    /**
     * The answer of a probe; empty where the target lacks the service or nothing can be told. On a bad network the same must
     * come twice.
     */
    private <T> Optional<T> ask(Stimulus stimulus, Function<Peer, T> probe) {
        if (!new Network(target.timing()).isBad() || target.port(stimulus).isEmpty()) {
            return askOnce(stimulus, probe);
        }
        List<T> answers = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            Optional<T> answer = askOnce(stimulus, probe);
            if (answer.filter(answers::contains).isPresent()) {
                return answer;
            }
            answer.ifPresent(answers::add);
        }
        return Optional.empty();
    }

    /** The answer of a probe on a fresh connection; empty where the target lacks the service or nothing can be told. */
    private <T> Optional<T> askOnce(Stimulus stimulus, Function<Peer, T> probe) {
        try (CaseLog log = new CaseLog(new Surroundings(station, target, family), random)) {
            return Optional.ofNullable(probe.apply(log.peer(stimulus)));
        } catch (NonConformity | Inconclusive | NotApplicable e) {
            return Optional.empty();
        }
    }

    private Map<Feature, Finding> options(Peer peer) {
        Answer answer = peer.openTo(
                new Option.Mss(Peer.MSS),
                new Option.SackPermitted(),
                new Option.Timestamps(random.nextInt(), 0),
                new Option.Nop(),
                new Option.WindowScale(7));
        Map<Feature, Finding> found = new EnumMap<>(Feature.class);
        found.put(Feature.WINDOW_SCALE, option(answer, Option.WindowScale.class));
        found.put(Feature.TIMESTAMPS, option(answer, Option.Timestamps.class));
        found.put(Feature.SACK, option(answer, Option.SackPermitted.class));
        return found;
    }

    private static Finding option(Answer synAck, Class<? extends Option> type) {
        return synAck.segment()
                .option(type)
                .map(o -> new Finding(Presence.PRESENT, "the SYN,ACK has " + o))
                .orElse(new Finding(Presence.ABSENT, "the SYN,ACK to a SYN that offers it does not have it"));
    }

    /** RFC 3168, 6.1.1: a SYN with ECE and CWR is answered with ECE and without CWR. */
    private static Finding ecn(Peer peer) {
        peer.send(Segment.syn().plus(Flag.ECE, Flag.CWR));
        Answer answer = peer.expect(Segment.synAck().ack(Seq.IRS.plus(1)).ignoring(Flag.ECE, Flag.CWR));
        boolean present = answer.segment().has(Flag.ECE) && !answer.segment().has(Flag.CWR);
        return new Finding(
                present ? Presence.PRESENT : Presence.ABSENT,
                "a SYN with ECE and CWR draws " + Flag.names(answer.segment().flags()));
    }

    /** RFC 7413, 4.1.1: an empty cookie option asks for a cookie. */
    private static Finding fastOpen(Peer peer) {
        Answer answer = peer.openTo(
                new Option.Mss(Peer.MSS),
                new Option.Nop(),
                new Option.Nop(),
                new Option.Raw((byte) FAST_OPEN_KIND, (byte) 2));
        boolean present = answer.segment().options().stream().anyMatch(o -> o.kind() == FAST_OPEN_KIND);
        return new Finding(
                present ? Presence.PRESENT : Presence.ABSENT,
                present ? "the SYN,ACK has a cookie" : "no cookie to a SYN that asks for one, on this port");
    }

    /** RFC 2883, 4: a duplicate is reported in the first block, at or below the acknowledgment. */
    private static Finding duplicateSack(Peer peer) {
        peer.establish(new Option.Mss(Peer.MSS), new Option.Nop(), new Option.Nop(), new Option.SackPermitted());
        peer.send(Segment.data(10));
        peer.expectAck(Segment.ack().ack(Seq.RCV_NXT));
        peer.send(Segment.data(10).seq(Seq.RCV_NXT.minus(10)));
        Answer answer = peer.expectAck(Segment.ack().ack(Seq.RCV_NXT).noData());
        boolean present = answer.segment().option(Option.Sack.class).isPresent();
        return new Finding(
                present ? Presence.PRESENT : Presence.ABSENT,
                "the ACK of a duplicate has " + (present ? "a SACK block" : "no SACK block"));
    }

    private static Choice resetInWindow(Peer peer) {
        peer.establish();
        exchange(peer);
        peer.send(Segment.rst().seq(Seq.RCV_NXT.plus(1)));
        Segment challenge = Segment.ack().seq(Seq.SND_NXT).ack(Seq.RCV_NXT).noData();
        return peer.answer(challenge).isPresent() ? alive(peer, Choice.RFC5961) : gone(peer, Choice.RFC793);
    }

    private static Choice synInWindow(Peer peer) {
        peer.establish();
        exchange(peer);
        peer.send(Segment.syn().seq(Seq.RCV_NXT));
        Optional<Answer> answer = peer.answer(
                Segment.ack().seq(Seq.SND_NXT).ack(Seq.RCV_NXT).noData(),
                Segment.rst().ignoring(Flag.ACK));
        if (answer.isPresent() && answer.get().choice() == 0) {
            return alive(peer, Choice.RFC5961);
        }
        return gone(peer, Choice.RFC793);
    }

    private static Choice alive(Peer peer, Choice found) {
        peer.prove(TcpState.ESTABLISHED);
        return found;
    }

    private static Choice gone(Peer peer, Choice found) {
        peer.send(Segment.data(1));
        peer.expect(Segment.rst().ignoring(Flag.ACK));
        return found;
    }

    /** Data both ways, so that SND.UNA and RCV.NXT have moved off the numbers of the handshake. */
    private static void exchange(Peer peer) {
        peer.send(Segment.data(10));
        peer.expectAck(Segment.ack().ack(Seq.RCV_NXT).ignoring(Flag.FIN));
    }

    /**
     * RFC 5961, 5.2: data whose acknowledgment is far below SND.UNA-MAX.SND.WND. Asked twice: a stack may have a fast
     * path, for segments that look like the usual next one, that leaves the check out.
     */
    private Finding oldAcknowledgment(Peer peer) {
        boolean usual = takesOldAcknowledgment(peer, WINDOW);
        boolean unusual = takesOldAcknowledgment(peer.another(), WINDOW / 2);
        if (usual && unusual) {
            return new Finding(Presence.ABSENT, "the data was taken");
        }
        return new Finding(
                Presence.PRESENT,
                usual
                        ? "the data was discarded where the window field changed, and taken where it did not: a fast path"
                                + " leaves the check out"
                        : "the data was discarded");
    }

    private static boolean takesOldAcknowledgment(Peer peer, int window) {
        peer.establish();
        exchange(peer);
        Seq next = Seq.at(peer.value(Seq.RCV_NXT));
        peer.send(Segment.data(5).seq(next).ack(Seq.SND_UNA.minus(1L << 30)).window(window));
        Segment taken = Segment.ack().ack(next.plus(5)).ignoring(Flag.FIN);
        Optional<Answer> answer = peer.answer(taken, Segment.ack().ack(next).noData());
        if (answer.isPresent()) {
            return answer.get().choice() == 0;
        }
        // silence may be a rate limit: what follows shows whether the data was taken
        peer.send(Segment.data(1).seq(next.minus(1)));
        return peer.expectAck(taken, Segment.ack().ack(next)).choice() == 0;
    }

    /** RFC 1337, 3: a RST that is exactly right ends TIME-WAIT, or is ignored. */
    private static Finding resetInTimeWait(Peer peer) {
        peer.reach(TcpState.TIME_WAIT);
        peer.send(Segment.rst().seq(Seq.RCV_NXT));
        peer.send(Segment.finAck().seq(Seq.RCV_NXT.minus(1)).ack(Seq.SND_NXT));
        Answer answer = peer.expect(
                Segment.ack().seq(Seq.SND_NXT).ack(Seq.RCV_NXT), Segment.rst().ignoring(Flag.ACK));
        return answer.choice() == 0
                ? new Finding(Presence.PRESENT, "the RST was ignored: TIME-WAIT lives (RFC 1337)")
                : new Finding(Presence.ABSENT, "the RST ended TIME-WAIT (RFC 793)");
    }

    /** RFC 6191, 2, and MAY-2: a SYN beyond the last number opens a new connection from TIME-WAIT. */
    private static Finding reuse(Peer peer) {
        peer.reach(TcpState.TIME_WAIT);
        List<Segment> answers = new ArrayList<>();
        answers.add(Segment.synAck());
        answers.add(Segment.segment(Flag.ACK));
        answers.add(Segment.rst().ignoring(Flag.ACK));
        peer.send(Segment.syn().seq(Seq.RCV_NXT.plus(100_000)));
        Optional<Answer> answer = peer.answer(answers.toArray(Segment[]::new));
        if (answer.isEmpty()) {
            return new Finding(Presence.ABSENT, "a SYN beyond the last number draws nothing in TIME-WAIT");
        }
        boolean present = answer.get().choice() == 0;
        return new Finding(
                present ? Presence.PRESENT : Presence.ABSENT,
                "a SYN beyond the last number draws "
                        + Flag.names(answer.get().segment().flags()) + " in TIME-WAIT");
    }
}
