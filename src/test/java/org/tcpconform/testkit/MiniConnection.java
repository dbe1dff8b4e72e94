package org.tcpconform.testkit;

import static org.tcpconform.segment.SeqMath.le;
import static org.tcpconform.segment.SeqMath.lt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import org.tcpconform.peer.TcpState;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.SeqMath;
import org.tcpconform.segment.WireSegment;

/**
 * One connection of a {@link MiniStack}, from SYN-RECEIVED on: RFC 9293, 3.10.7.4 in the order of its text. The stack's
 * lock guards it.
 */
final class MiniConnection {
    private static final int WINDOW = 65_535;
    private static final int MOST_HELD = 64;
    private static final Duration RTO = Duration.ofSeconds(1);
    private static final int RETRANSMISSIONS = 6;

    private final MiniStack stack;
    private final MiniStack.Flow flow;
    private final Service service;
    private final int mss;

    private TcpState state = TcpState.SYN_RECEIVED;
    private final int iss;
    private int sndUna;
    private int sndNxt;
    private int sndWnd;
    private int sndWl1;
    private int sndWl2;
    private int maxSndWnd;
    private int rcvNxt;

    /** What SND.UNA is the number of, and what follows: sent or not. */
    private byte[] queue = {};

    private boolean closing;
    private boolean finSent;
    private int congestionWindow;
    private final List<Text> held = new ArrayList<>();
    private boolean ackDue;

    private final boolean timestamps;
    private int tsRecent;
    private final boolean scaling;
    private final int sndShift;

    private Future<?> timer;
    private int retransmissions;

    /** Text and FIN of a segment. */
    private record Text(int seq, byte[] data, boolean fin) {
        int end() {
            return seq + data.length + (fin ? 1 : 0);
        }
    }

    /** RFC 9293, 3.10.7.2, third check: a SYN reaches a listener. */
    MiniConnection(MiniStack stack, MiniStack.Flow flow, Service service, WireSegment syn) {
        this.stack = stack;
        this.flow = flow;
        this.service = service;
        this.iss = stack.isn(flow);
        this.sndUna = iss;
        this.sndNxt = iss + 1;
        this.rcvNxt = syn.seq() + 1;
        this.mss = Math.max(
                64, Math.min(syn.option(Option.Mss.class).map(Option.Mss::value).orElse(flow.defaultMss()), 1_460));
        this.congestionWindow = 4 * mss;
        this.timestamps = stack.supports(MiniStack.Feature.TIMESTAMPS)
                && syn.option(Option.Timestamps.class).isPresent();
        this.tsRecent = syn.option(Option.Timestamps.class)
                .map(Option.Timestamps::value)
                .orElse(0);
        this.scaling = stack.supports(MiniStack.Feature.WINDOW_SCALE)
                && syn.option(Option.WindowScale.class).isPresent();
        this.sndShift = scaling
                ? Math.min(syn.option(Option.WindowScale.class).orElseThrow().shift(), 14)
                : 0;
        if (syn.payload().length > 0 || syn.has(Flag.FIN)) {
            held.add(new Text(rcvNxt, syn.payload(), syn.has(Flag.FIN)));
        }
        sendSynAck();
        arm();
    }

    TcpState state() {
        return state;
    }

    // ---- what the service calls

    void send(byte[] data) {
        int old = queue.length;
        queue = Arrays.copyOf(queue, old + data.length);
        System.arraycopy(data, 0, queue, old, data.length);
    }

    void close() {
        closing = true;
    }

    int queued() {
        return queue.length;
    }

    // ---- segment arrives

    void arrives(WireSegment s) {
        process(s);
        if (state != TcpState.CLOSED) {
            output();
            if (ackDue) {
                sendAck();
            }
            arm();
        }
    }

    private void process(WireSegment s) {
        Option.Timestamps stamp = timestamps ? s.option(Option.Timestamps.class).orElse(null) : null;
        if (stamp != null && !s.has(Flag.RST)) {
            // RFC 7323, 5.3: PAWS comes before the sequence check
            if (lt(stamp.value(), tsRecent)) {
                sendAck();
                return;
            }
            if (le(s.seq(), rcvNxt)) {
                tsRecent = stamp.value();
            }
        }
        // first, check sequence number
        if (!acceptable(s)) {
            if (s.has(Flag.RST)) {
                if (stack.has(Flaw.TAKES_ANY_RST)) {
                    delete();
                }
            } else if (stack.has(Flaw.RESETS_ON_UNACCEPTABLE)) {
                resetBy(s);
            } else if (!stack.has(Flaw.NO_DUPLICATE_ACK)) {
                sendAck();
            }
            return;
        }
        // second, check the RST bit
        if (s.has(Flag.RST)) {
            if (stack.has(Flaw.IGNORES_RST)) {
                return;
            }
            if (s.seq() == rcvNxt || stack.profile() == MiniStack.Profile.RFC793) {
                delete();
            } else {
                challenge();
            }
            return;
        }
        // fourth, check the SYN bit
        if (s.has(Flag.SYN)) {
            if (state == TcpState.SYN_RECEIVED) {
                delete();
            } else if (stack.profile() == MiniStack.Profile.RFC793) {
                resetBy(s);
            } else {
                challenge();
            }
            return;
        }
        // fifth, check the ACK field
        if (!s.has(Flag.ACK)) {
            if (stack.has(Flaw.TAKES_TEXT_WITHOUT_ACK)) {
                take(s);
            }
            return;
        }
        if (acknowledges(s)) {
            // seventh and eighth, text and FIN
            take(s);
        }
    }

    private boolean acceptable(WireSegment s) {
        return s.length() == 0 ? inWindow(s.seq()) : inWindow(s.seq()) || inWindow(s.end() - 1);
    }

    private boolean inWindow(int number) {
        return Integer.compareUnsigned(number - rcvNxt, WINDOW) < 0;
    }

    private void challenge() {
        if (!stack.has(Flaw.NO_CHALLENGE_ACK)) {
            sendAck();
        }
    }

    private void resetBy(WireSegment s) {
        delete();
        stack.reset(flow, s);
    }

    /** Whether processing goes on after the check of the ACK field. */
    private boolean acknowledges(WireSegment s) {
        int ack = s.ack();
        if (state == TcpState.SYN_RECEIVED) {
            if (!lt(sndUna, ack) || !le(ack, sndNxt)) {
                stack.reset(flow, s);
                return false;
            }
            sndUna = ack;
            takeWindow(s);
            retransmissions = 0;
            state = TcpState.ESTABLISHED;
            service.opened(this);
            return true;
        }
        boolean tooOld = stack.profile() == MiniStack.Profile.RFC5961 && lt(ack, sndUna - maxSndWnd);
        if (tooOld || lt(sndNxt, ack) && !stack.has(Flaw.TAKES_FUTURE_ACK)) {
            sendAck();
            return false;
        }
        boolean news = lt(sndUna, ack) && le(ack, sndNxt);
        if (news) {
            queue = Arrays.copyOfRange(queue, Math.min(ack - sndUna, queue.length), queue.length);
            sndUna = ack;
            retransmissions = 0;
            congestionWindow += mss;
            disarm();
        }
        if (le(sndUna, ack)
                && (lt(sndWl1, s.seq()) || sndWl1 == s.seq() && le(sndWl2, ack))
                && state != TcpState.TIME_WAIT) {
            takeWindow(s);
        }
        boolean finAcked = finSent && sndUna == sndNxt;
        switch (state) {
            case FIN_WAIT_1 -> state = finAcked ? TcpState.FIN_WAIT_2 : state;
            case CLOSING -> {
                if (finAcked) {
                    timeWait();
                }
                return false;
            }
            case LAST_ACK -> {
                if (finAcked) {
                    delete();
                }
                return false;
            }
            default -> {}
        }
        if (news) {
            service.acknowledged(this);
        }
        return true;
    }

    private void takeWindow(WireSegment s) {
        sndWnd = s.window() << sndShift;
        sndWl1 = s.seq();
        sndWl2 = s.ack();
        maxSndWnd = Math.max(maxSndWnd, sndWnd);
    }

    private void take(WireSegment s) {
        if (state == TcpState.TIME_WAIT) {
            if (s.has(Flag.FIN)) {
                ackDue = true;
                timeWait();
            }
            return;
        }
        boolean reading = state == TcpState.ESTABLISHED || state == TcpState.FIN_WAIT_1 || state == TcpState.FIN_WAIT_2;
        if (!reading) {
            return;
        }
        if (s.length() > 0) {
            ackDue = owed(s.has(Flag.FIN));
            Text text = withinWindow(s);
            boolean inOrder = le(text.seq(), rcvNxt);
            if (held.size() < MOST_HELD && (inOrder || !stack.has(Flaw.DROPS_OUT_OF_ORDER))) {
                held.add(text);
            }
        }
        deliver();
    }

    private boolean owed(boolean fin) {
        return !stack.has(fin ? Flaw.NO_ACK_OF_FIN : Flaw.NO_ACK_OF_DATA);
    }

    private Text withinWindow(WireSegment s) {
        byte[] data = s.payload();
        boolean fin = s.has(Flag.FIN);
        int beyond = s.end() - (rcvNxt + WINDOW);
        if (beyond > 0) {
            data = Arrays.copyOf(data, Math.max(0, data.length - beyond + (fin ? 1 : 0)));
            fin = false;
        }
        return new Text(s.seq(), data, fin);
    }

    /** Hands to the service all that now stands in order. */
    private void deliver() {
        for (int i = 0; i < held.size(); i++) {
            Text text = held.get(i);
            if (!le(text.seq(), rcvNxt)) {
                continue;
            }
            held.remove(i);
            // a segment that was held may close the gap before another
            i = -1;
            if (!lt(rcvNxt, text.end())) {
                continue;
            }
            byte[] fresh = Arrays.copyOfRange(
                    text.data(), Math.min(rcvNxt - text.seq(), text.data().length), text.data().length);
            rcvNxt = text.end();
            ackDue = owed(text.fin());
            if (fresh.length > 0) {
                service.received(this, fresh);
            }
            if (text.fin()) {
                held.clear();
                finReceived();
                return;
            }
        }
    }

    private void finReceived() {
        switch (state) {
            case ESTABLISHED -> state = TcpState.CLOSE_WAIT;
            case FIN_WAIT_1 -> state = TcpState.CLOSING;
            case FIN_WAIT_2 -> timeWait();
            default -> throw new IllegalStateException("a FIN was taken in " + state);
        }
        service.ended(this);
    }

    private void timeWait() {
        state = TcpState.TIME_WAIT;
        if (stack.has(Flaw.NO_TIME_WAIT)) {
            if (ackDue) {
                sendAck();
            }
            delete();
            return;
        }
        disarm();
        timer = stack.later(stack.timeWait(), this::delete);
    }

    private void delete() {
        state = TcpState.CLOSED;
        disarm();
        stack.forget(flow, this);
    }

    // ---- sending

    private void output() {
        boolean sends = state == TcpState.ESTABLISHED || state == TcpState.CLOSE_WAIT;
        while (sends && !finSent) {
            int sent = sndNxt - sndUna;
            int room = Math.min(sndWnd, congestionWindow) - sent;
            int size = Math.min(mss, Math.min(queue.length - sent, room));
            if (size <= 0) {
                break;
            }
            transmit(Flag.bits(Flag.ACK, Flag.PSH), sndNxt, Arrays.copyOfRange(queue, sent, sent + size));
            sndNxt += size;
        }
        if (sends && closing && !finSent && sndNxt - sndUna == queue.length) {
            finSent = true;
            transmit(Flag.bits(Flag.ACK, Flag.FIN), sndNxt++, new byte[0]);
            state = state == TcpState.ESTABLISHED ? TcpState.FIN_WAIT_1 : TcpState.LAST_ACK;
        }
    }

    private void sendSynAck() {
        List<Option> options = new ArrayList<>();
        options.add(new Option.Mss(1_460));
        if (scaling) {
            options.add(new Option.Nop());
            options.add(new Option.WindowScale(0));
        }
        int ack = rcvNxt - (stack.has(Flaw.SYN_ACK_WRONG_ACK) ? 1 : 0);
        stack.send(flow, segment(Flag.bits(Flag.SYN, Flag.ACK), iss, ack, options, new byte[0]));
    }

    private void sendAck() {
        transmit(Flag.ACK.bit(), sndNxt, new byte[0]);
    }

    private void transmit(int flags, int seq, byte[] data) {
        ackDue = false;
        int ack = rcvNxt + (stack.has(Flaw.ACK_OFF_BY_ONE) ? 1 : 0);
        stack.send(flow, segment(flags, seq, ack, new ArrayList<>(), data));
    }

    private WireSegment segment(int flags, int seq, int ack, List<Option> options, byte[] data) {
        if (timestamps) {
            options.add(new Option.Nop());
            options.add(new Option.Nop());
            options.add(new Option.Timestamps(stack.clock(), tsRecent));
        }
        byte[] area = Option.encode(options);
        return new WireSegment(
                flow.localPort(),
                flow.remotePort(),
                seq,
                ack,
                5 + area.length / 4,
                0,
                flags,
                WINDOW,
                -1,
                0,
                area,
                data);
    }

    // ---- timers

    private void arm() {
        boolean unsent = queue.length > 0 && sndNxt == sndUna;
        if (timer == null && (sndNxt != sndUna || unsent) && !stack.has(Flaw.NO_RETRANSMISSION)) {
            timer = stack.later(RTO.multipliedBy(1L << retransmissions), this::timeout);
        }
    }

    private void disarm() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void timeout() {
        timer = null;
        if (retransmissions++ == RETRANSMISSIONS) {
            delete();
            return;
        }
        congestionWindow = mss;
        int most = sndWnd == 0 ? 1 : mss;
        if (state == TcpState.SYN_RECEIVED) {
            sendSynAck();
        } else if (queue.length > 0) {
            // with a window of zero this is the probe (RFC 9293, 3.8.6.1)
            byte[] data = Arrays.copyOf(queue, Math.min(most, queue.length));
            transmit(Flag.bits(Flag.ACK, Flag.PSH), sndUna, data);
            sndNxt = SeqMath.max(sndNxt, sndUna + data.length);
        } else if (finSent) {
            transmit(Flag.bits(Flag.ACK, Flag.FIN), sndUna, new byte[0]);
        }
        arm();
    }
}
