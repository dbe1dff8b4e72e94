package org.tcpconform.peer;

import java.util.random.RandomGenerator;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NonConformity;
import org.tcpconform.verdict.Step;
import org.tcpconform.wire.Captured;

/**
 * Proves by probes in which state the target is, each of which it answers differently in any other (RFC 9293, 3.10.7). The
 * words for it are those of {@link Peer}.
 */
final class Proof {
    private final Peer peer;
    private final CaseLog log;
    private final Inbox inbox;
    private final Listener listener;
    private final Findings findings;
    private final RandomGenerator random;

    Proof(Peer peer, CaseLog log, Inbox inbox, Listener listener, Findings findings, RandomGenerator random) {
        this.peer = peer;
        this.log = log;
        this.inbox = inbox;
        this.listener = listener;
        this.findings = findings;
        this.random = random;
    }

    /** See {@link Peer#prove}. */
    void of(TcpState state) {
        log.tampering().during(Tampering.Kind.PROOF, () -> prove(state));
    }

    private void prove(TcpState state) {
        peer.note(Step.Kind.NOTE, "probe: is the target in " + state.rfcName() + "?");
        switch (state) {
            case CLOSED ->
                probe(
                        state,
                        Segment.ack()
                                .seq(Seq.at(random.nextInt()))
                                .ack(Seq.at(random.nextInt()))
                                .payload(1),
                        // whatever its numbers: those of a RST are for other cases to judge
                        Segment.rst().ignoring(Flag.ACK));
            case LISTEN -> {
                peer.fresh();
                probe(state, Segment.syn(), Segment.synAck().ack(Seq.IRS.plus(1)));
                peer.abort();
            }
            // in SYN-RECEIVED the ACK of the probe completes the handshake
            case SYN_RECEIVED, ESTABLISHED ->
                probe(
                        state,
                        Segment.data(beyondFin()),
                        Segment.ack().ack(Seq.RCV_NXT).ignoring(Flag.FIN));
            case FIN_WAIT_1, CLOSING, LAST_ACK ->
                probe(
                        state,
                        // must not acknowledge the FIN: some stacks read the ACK of a segment whose data is old
                        Segment.data(1).seq(Seq.RCV_NXT.minus(1)).ack(Seq.SND_NXT.minus(1)),
                        Segment.ack().seq(Seq.SND_NXT).ack(Seq.RCV_NXT).noData(),
                        // BSD puts its FIN into every acknowledgment until it is acknowledged itself
                        Segment.finAck()
                                .ack(Seq.RCV_NXT)
                                .where("ends at SND.NXT", s -> s.end() == peer.value(Seq.SND_NXT)));
            case FIN_WAIT_2, CLOSE_WAIT ->
                probe(
                        state,
                        Segment.data(1).seq(Seq.RCV_NXT.minus(1)).ack(Seq.SND_NXT),
                        Segment.ack().seq(Seq.SND_NXT).ack(Seq.RCV_NXT).noData());
            case TIME_WAIT ->
                probe(
                        state,
                        Segment.finAck().seq(Seq.RCV_NXT.minus(1)).ack(Seq.SND_NXT),
                        Segment.ack().seq(Seq.SND_NXT).ack(Seq.RCV_NXT).noData());
        }
    }

    /** So many octets that their acknowledgment, however late, is not that of a FIN that was sent in their place. */
    private int beyondFin() {
        WireSegment last = inbox.lastSent();
        return last != null && last.has(Flag.FIN) && last.length() == 1 ? 2 : 1;
    }

    private void probe(TcpState state, Segment stimulus, Segment... answers) {
        peer.send(stimulus);
        boolean isOld = stimulus.setsSeq() && state != TcpState.CLOSED;
        Search search = null;
        Search first = null;
        for (int i = 0; i < Peer.TRIES; i++) {
            if (i > 0) {
                peer.sendAgain();
            }
            search = listener.search(Tampering.Kind.PROOF, peer.timing().delayedAck(), answers);
            if (search.answer != null) {
                return;
            }
            boolean told = first != null
                    || search.nearest != null && !(state == TcpState.LISTEN && isOfEarlier(search.nearest));
            if (told && (!isWithoutConnection(state) || first != null)) {
                break;
            }
            if (told) {
                // a busy target may have read the probe together with what ended the connection, and so on its behalf
                first = search;
                peer.pass(peer.timing().silence());
            } else if (state == TcpState.CLOSED && takesNewConnection()) {
                return;
            }
        }
        if (first != null) {
            search = first;
        }
        if (search.nearest == null && Findings.damaged(search).isPresent()) {
            throw findings.of(search, peer.timing().delayedAck(), answers);
        }
        Findings.requireSent(search.stimulusSeen);
        boolean answered = search.nearest != null;
        if (answered) {
            log.transcript().offending(search.nearest);
        }
        peer.note(Step.Kind.MISMATCH, "the target is not in " + state.rfcName());
        String text = findings.text(Findings.wanted(answers), search);
        if (!answered && isOld) {
            requireAnswersToOld(state, text);
        }
        throw new NonConformity(new Failure(
                answered ? "wrong-state" : "no-sign-of-life",
                answered
                        ? "the target is not in " + state.rfcName() + ", as the answer to a probe shows"
                        : "the target gave no sign of life when probed for " + state.rfcName(),
                text));
    }

    private static boolean isWithoutConnection(TcpState state) {
        return state == TcpState.CLOSED || state == TcpState.LISTEN;
    }

    /** Whether it is a reset that does not acknowledge our SYN, and so means a connection before (RFC 9293, 3.10.7.3). */
    private boolean isOfEarlier(Captured frame) {
        WireSegment s = ((Frame.Tcp) frame.frame()).segment();
        return s.has(Flag.RST) && !(s.has(Flag.ACK) && s.ack() == peer.value(Seq.IRS) + 1);
    }

    /**
     * Whether a SYN from the same port is answered as in CLOSED or LISTEN. Tells that a connection is gone, of a target that
     * keeps silent to all segments without one: that it should reset them is for other cases to judge.
     */
    private boolean takesNewConnection() {
        WireSegment sent = inbox.lastSent();
        peer.fresh();
        peer.send(Segment.syn());
        Search search = listener.search(
                Tampering.Kind.PROOF,
                peer.timing().answer(),
                Segment.synAck().ack(Seq.IRS.plus(1)),
                Segment.rst().ignoring(Flag.ACK));
        if (search.answer == null) {
            inbox.lastSent(sent);
            return false;
        }
        peer.observed("keeps silent to a segment without a connection");
        peer.abort();
        return true;
    }

    // ---- by what is old

    /** See {@link Peer#proveByOld}. */
    Answer byOld(Segment old, Segment... answers) {
        peer.send(old);
        try {
            return peer.expectAck(answers);
        } catch (NonConformity e) {
            if (nothingCameOrOnlyNews()) {
                requireAnswersToOld(peer.state(), e.failure().text());
            }
            throw e;
        }
    }

    /** Whether all that has come since our last segment is data, or a FIN, that the target sends of its own accord. */
    private boolean nothingCameOrOnlyNews() {
        return inbox.readSinceSent().stream()
                .filter(c -> !c.outgoing() && c.frame() instanceof Frame.Tcp)
                .map(c -> (Frame.Tcp) c.frame())
                .allMatch(tcp -> tcp.usable()
                        && tcp.segment().length() > 0
                        && !tcp.segment().has(Flag.RST));
    }

    private void requireAnswersToOld(TcpState told, String text) {
        if (!peer.another().proof().answersWhatIsOld()) {
            throw new Inconclusive(new Failure(
                    "masked",
                    "the target leaves old segments unanswered, by whose answer " + told.rfcName() + " is told",
                    text));
        }
    }

    /**
     * Whether the target answers what it has in ESTABLISHED already, as it should (RFC 9293, 3.10.7.4, first); if not, its
     * silence to such a probe tells nothing of its state. Each of several, since another cause may bring forth an ACK.
     */
    private boolean answersWhatIsOld() {
        peer.establish();
        boolean answers = true;
        for (int i = 0; i < Peer.TRIES && answers; i++) {
            if (!isAcknowledged(Segment.data(1), Segment.ack().ack(Seq.RCV_NXT))) {
                return true;
            }
            answers = isAcknowledged(
                    Segment.data(1).seq(Seq.RCV_NXT.minus(1)),
                    Segment.ack().ack(Seq.RCV_NXT).noData());
        }
        return answers;
    }

    private boolean isAcknowledged(Segment data, Segment acknowledgment) {
        peer.send(data);
        return listener.search(Tampering.Kind.PREAMBLE, peer.timing().delayedAck(), acknowledgment).answer != null;
    }
}
