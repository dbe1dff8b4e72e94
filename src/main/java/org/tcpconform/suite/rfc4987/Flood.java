package org.tcpconform.suite.rfc4987;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.RCV_NXT;

import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.Volley;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.verdict.NotApplicable;

/**
 * Half-open connections to one listener, more and more of them until it does something else with a SYN than before: its
 * backlog is full, then. Bounded by {@link #MOST} SYNs, at {@link Volley#RATE} a second; all are ended by resets when it
 * is closed.
 */
final class Flood implements AutoCloseable {
    /** SYNs at the most. Twice what listeners of servers are usually given. */
    static final int MOST = 8_192;
    /** So many more each time before another look. */
    static final int STEP = 128;

    /** The most connections that a case with a flood begins, probes and others beside included. */
    static final int CONNECTIONS = 10_000;
    /** The most segments that it sends: a SYN and a reset for each, and probes between. */
    static final int SEGMENTS = 24_000;
    /** The most octets in their frames. */
    static final long OCTETS = 2_400_000;

    /** Slower, the first connections would be forgotten before the last are begun. */
    private static final int LEAST_RATE = 500;

    private static final int TRIES = 3;

    /** What a listener does with a SYN. */
    enum Reaction {
        /** Answers, and remembers it: a reset makes it forget (RFC 9293, 3.10.7.4, second). */
        HOLDS("holds the connection half-open"),
        /** Answers, and needs no memory of it: the ACK makes the connection also after a reset (RFC 4987, 3.6). */
        COOKIE("answers by a SYN cookie"),
        /** Does not answer. */
        DROPS("drops SYNs"),
        /** Answers with a reset. */
        REFUSES("resets SYNs");

        private final String what;

        Reaction(String what) {
            this.what = what;
        }

        String what() {
            return what;
        }
    }

    private final Volley volley;
    private int sent;
    private Reaction reaction;

    private Flood(Peer peer) {
        peer.requireRate(LEAST_RATE);
        volley = peer.volley(MOST);
    }

    /** A flood of no SYNs so far. */
    static Flood begun(Peer peer) {
        return new Flood(peer);
    }

    /** Fills the backlog of the listener that {@code peer} goes to, or gives up after {@link #MOST} SYNs. */
    static Flood of(Peer peer) {
        Flood flood = begun(peer);
        flood.reaction = look(peer);
        while (flood.reaction == Reaction.HOLDS && flood.sent < MOST) {
            flood.more();
            flood.reaction = look(peer);
        }
        return flood;
    }

    /**
     * As {@link #of}, for a case that can be judged only where there are SYN cookies.
     *
     * @throws NotApplicable if there are none
     */
    static Flood withCookies(Peer peer) {
        Flood flood = of(peer);
        if (flood.reaction != Reaction.COOKIE) {
            throw new NotApplicable("the target " + flood.reaction.what() + " after " + flood.sent
                    + " SYNs: no SYN cookies are to be seen");
        }
        return flood;
    }

    /** One step more. */
    List<Volley.Opening> more() {
        List<Volley.Opening> some = volley.open(sent, STEP);
        sent += STEP;
        return some;
    }

    /** SYNs so far. */
    int sent() {
        return sent;
    }

    /** All SYNs so far, the first one first. */
    List<Volley.Opening> openings() {
        return volley.openings().subList(0, sent);
    }

    /** What the listener did with a SYN once it was filled. */
    Reaction reaction() {
        return reaction;
    }

    /** What the listener does with a SYN, which leaves nothing behind. */
    static Reaction look(Peer peer) {
        for (int i = 0; i < TRIES; i++) {
            try (Peer probe = peer.another()) {
                probe.send(syn());
                Answer answer = probe.answer(synAck().ack(IRS.plus(1)), rst().ignoring(Flag.ACK))
                        .orElse(null);
                if (answer == null) {
                    continue;
                }
                if (answer.choice() == 1) {
                    return Reaction.REFUSES;
                }
                probe.send(rst());
                probe.send(ack());
                probe.send(data(1));
                return probe.answerWithin(
                                        probe.timing().delayedAck(),
                                        ack().ack(RCV_NXT).ignoring(Flag.FIN),
                                        rst().ignoring(Flag.ACK))
                                .filter(a -> a.choice() == 0)
                                .isPresent()
                        ? Reaction.COOKIE
                        : Reaction.HOLDS;
            }
        }
        return Reaction.DROPS;
    }

    /**
     * Makes a connection by a SYN cookie: takes back what the target may remember of the SYN before it completes the
     * handshake.
     *
     * @param third the segment that completes it
     * @param sign what shows that the target took it; what else comes is the matter of other cases
     * @param options options of the SYN; MSS alone unless given
     * @return the SYN,ACK
     */
    static Answer connect(Peer peer, Segment third, Segment sign, Option... options) {
        Answer synAck = peer.openTo(options);
        peer.send(rst());
        peer.send(third);
        peer.preliminary(() -> peer.expectAck(sign));
        return synAck;
    }

    @Override
    public void close() {
        volley.close();
    }
}
