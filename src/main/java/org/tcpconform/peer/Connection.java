package org.tcpconform.peer;

import java.util.function.ToIntFunction;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.SeqMath;
import org.tcpconform.segment.Variable;
import org.tcpconform.segment.WireSegment;

/**
 * The connection as a target that keeps the rules has it: its variables (RFC 9293, 3.3.1) and state, followed from what
 * was sent and seen. Used by the thread of the case alone, except where noted.
 */
final class Connection implements ToIntFunction<Variable> {
    private volatile int iss;
    private volatile int irs;
    private volatile boolean issKnown;
    private int sndUna;
    private int sndNxt;
    private int rcvNxt;
    private int rightEdge;
    private int windowShift;
    /** By how much the target shifts the windows that we offer. */
    private int ourShift;

    private int segSeq;
    private int segAck;
    private int segLen;
    private boolean segHasAck;
    private boolean finReceived;
    private boolean finSent;
    private int finEnd;
    private boolean synSent;
    private int offeredShift = -1;
    private boolean offeredTimestamps;
    private boolean timestamps;
    private int lastTimestamp;
    private int clockBase;
    private boolean ended;
    private TcpState state = TcpState.CLOSED;

    @Override
    public int applyAsInt(Variable variable) {
        return switch (variable) {
            case ISS -> iss;
            case IRS -> irs;
            case SND_UNA -> sndUna;
            case SND_NXT -> sndNxt;
            case RCV_NXT -> rcvNxt;
            case RCV_WND -> rightEdge - rcvNxt;
            case SEG_SEQ -> segSeq;
            case SEG_ACK -> segAck;
            case SEG_LEN -> segLen;
        };
    }

    TcpState state() {
        return state;
    }

    void rcvNxt(int next) {
        rcvNxt = next;
    }

    /** The connection is gone. */
    void end() {
        ended = true;
        state = TcpState.CLOSED;
    }

    int iss() {
        return iss;
    }

    int irs() {
        return irs;
    }

    /** Starts over with our initial sequence number, as before a SYN. */
    void fresh(int isn, int clock) {
        irs = isn;
        rcvNxt = isn;
        segSeq = isn;
        synSent = false;
        issKnown = false;
        finSent = false;
        finReceived = false;
        timestamps = false;
        windowShift = 0;
        ourShift = 0;
        offeredShift = -1;
        clockBase = clock;
        ended = false;
        state = TcpState.CLOSED;
    }

    /** Whether the target has sent its FIN. */
    boolean finReceived() {
        return finReceived;
    }

    boolean timestamps() {
        return timestamps;
    }

    /** The timestamp that we send next; our clock ticks once a millisecond. */
    int clock() {
        return clockBase + (int) (System.nanoTime() / 1_000_000L);
    }

    int ourShift() {
        return ourShift;
    }

    int lastTimestamp() {
        return lastTimestamp;
    }

    /**
     * Follows a segment that we send.
     *
     * @param inOrder whether it continues our sequence space, rather than probing beside it
     */
    void sent(WireSegment s, boolean inOrder) {
        segSeq = s.seq();
        segAck = s.ack();
        segLen = s.length();
        segHasAck = s.has(Flag.ACK);
        if (!inOrder || s.has(Flag.RST)) {
            return;
        }
        if (s.has(Flag.SYN)) {
            irs = s.seq();
            // data on a SYN counts only once the target acknowledges it
            rcvNxt = irs + 1;
            synSent = true;
            offeredShift = s.option(Option.WindowScale.class)
                    .map(Option.WindowScale::shift)
                    .orElse(-1);
            Option.Timestamps timestamp = s.option(Option.Timestamps.class).orElse(null);
            offeredTimestamps = timestamp != null;
            if (offeredTimestamps) {
                // our clock goes on from the value that the SYN had (RFC 7323, 5.4)
                clockBase += timestamp.value() - clock();
            }
            return;
        }
        rcvNxt = s.end();
        if (s.has(Flag.ACK) && SeqMath.lt(sndUna, s.ack()) && SeqMath.le(s.ack(), sndNxt)) {
            sndUna = s.ack();
        }
        if (s.has(Flag.FIN)) {
            finSent = true;
        }
        follow();
    }

    /** Follows a segment from the target. */
    void received(WireSegment s) {
        if (s.has(Flag.RST)) {
            if (!refusesAck(s)) {
                end();
            }
            return;
        }
        if (s.has(Flag.SYN)) {
            if (synSent && s.has(Flag.ACK) && s.ack() == irs + 1 && !issKnown) {
                iss = s.seq();
                issKnown = true;
                sndUna = iss;
                sndNxt = s.end();
                state = TcpState.SYN_RECEIVED;
                s.option(Option.WindowScale.class).ifPresent(ws -> {
                    if (offeredShift >= 0) {
                        // a larger shift counts as 14 (RFC 7323, 2.3)
                        windowShift = Math.min(ws.shift(), 14);
                        ourShift = Math.min(offeredShift, 14);
                    }
                });
                timestamps =
                        offeredTimestamps && s.option(Option.Timestamps.class).isPresent();
                rightEdge = s.ack() + s.window();
            }
        } else if (issKnown) {
            sndNxt = SeqMath.max(sndNxt, s.end());
            if (s.has(Flag.ACK)) {
                int edge = s.ack() + (s.window() << windowShift);
                rightEdge = SeqMath.max(rightEdge, edge);
            }
            if (s.has(Flag.FIN) && !finReceived) {
                finReceived = true;
                finEnd = s.end();
            }
            follow();
        }
        s.option(Option.Timestamps.class).ifPresent(ts -> lastTimestamp = ts.value());
    }

    /**
     * Whether a reset answers an acknowledgment that is not acceptable in SYN-RECEIVED, so that the target stays there
     * (RFC 9293, 3.5.2, second group).
     */
    private boolean refusesAck(WireSegment reset) {
        boolean acceptable = SeqMath.lt(sndUna, segAck) && SeqMath.le(segAck, sndNxt);
        return state == TcpState.SYN_RECEIVED && segHasAck && !acceptable && reset.seq() == segAck;
    }

    /** The state that follows from both FINs and their acknowledgments (RFC 9293, 3.6). */
    private void follow() {
        if (!issKnown || ended || SeqMath.le(sndUna, iss)) {
            return;
        }
        boolean finAcked = finReceived && SeqMath.le(finEnd, sndUna);
        if (!finReceived) {
            state = finSent ? TcpState.CLOSE_WAIT : TcpState.ESTABLISHED;
        } else if (!finSent) {
            state = finAcked ? TcpState.FIN_WAIT_2 : TcpState.FIN_WAIT_1;
        } else if (state == TcpState.CLOSE_WAIT || state == TcpState.LAST_ACK) {
            state = TcpState.LAST_ACK;
            if (finAcked) {
                end();
            }
        } else {
            state = finAcked ? TcpState.TIME_WAIT : TcpState.CLOSING;
        }
    }

    /** Whether the target has a connection that a reset would end. */
    boolean alive() {
        return synSent && !ended;
    }
}
