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
    private static final Duration DELAYED_ACK = Duration.ofMillis(100);
    private static final Duration LINGERING = Duration.ofMillis(100);
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
    /** Segments sent on duplicate acknowledgments since the last new one (RFC 3042). */
    private int limitedTransmit;

    private int sackedHigh;
    /** What was acknowledged last. */
    private byte[] resent = {};

    private int resentAt;

    private final List<Text> held = new ArrayList<>();
    private boolean ackDue;
    /** How many segments wait for the acknowledgment of a tenth. */
    private int unacknowledged;

    private Future<?> delayed;

    private final boolean sack;
    /** Blocks held above a gap, the one that grew last first. */
    private final List<Block> blocks = new ArrayList<>();
    /** What the segment that is being answered repeats; null for nothing (RFC 2883, 4). */
    private Block duplicate;

    private final boolean timestamps;
    private final int clockOffset;
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

    /** From {@code from} to before {@code to}. */
    private record Block(int from, int to) {}

    /** RFC 9293, 3.10.7.2, third check: a SYN reaches a listener. */
    MiniConnection(MiniStack stack, MiniStack.Flow flow, Service service, WireSegment syn, int iss) {
        this.stack = stack;
        this.flow = flow;
        this.service = service;
        this.iss = iss;
        this.sndUna = iss;
        this.sndNxt = iss + 1;
        this.rcvNxt = syn.seq() + 1;
        List<Option> offered = stack.read(syn);
        int wanted = offered.stream()
                .filter(Option.Mss.class::isInstance)
                .map(o -> ((Option.Mss) o).value())
                .findFirst()
                .orElse(flow.defaultMss());
        this.mss = stack.has(Flaw.IGNORES_MSS) ? flow.linkMss() : Math.max(64, Math.min(wanted, flow.linkMss()));
        this.congestionWindow = 4 * mss;
        this.clockOffset = stack.has(Flaw.ONE_CLOCK) ? 0 : iss * 0x9e37_79b9;
        this.sack = stack.supports(MiniStack.Feature.SACK)
                && syn.option(Option.SackPermitted.class).isPresent();
        this.timestamps = stack.supports(MiniStack.Feature.TIMESTAMPS)
                && syn.option(Option.Timestamps.class).isPresent();
        this.tsRecent = syn.option(Option.Timestamps.class)
                .map(Option.Timestamps::value)
                .orElse(0);
        this.scaling = stack.supports(MiniStack.Feature.WINDOW_SCALE)
                && syn.option(Option.WindowScale.class).isPresent();
        int most = stack.has(Flaw.SHIFTS_ABOVE_14) ? 30 : 14;
        this.sndShift = scaling && !stack.has(Flaw.IGNORES_SHIFT)
                ? Math.min(syn.option(Option.WindowScale.class).orElseThrow().shift(), most)
                : 0;
        if (syn.payload().length > 0 || syn.has(Flag.FIN)) {
            held.add(new Text(rcvNxt, syn.payload(), syn.has(Flag.FIN)));
        }
    }

    void answerSyn() {
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
        if (state == TcpState.CLOSED) {
            if (!s.has(Flag.RST)) {
                sendAck();
            }
            return;
        }
        process(s);
        if (state != TcpState.CLOSED) {
            output();
            if (ackDue && stack.has(Flaw.ACKS_EVERY_TENTH) && ++unacknowledged < 10) {
                delayAck();
            } else if (ackDue) {
                sendAck();
            }
            arm();
        }
    }

    private void process(WireSegment s) {
        if (state == TcpState.TIME_WAIT && s.has(Flag.SYN) && !s.has(Flag.RST) && !s.has(Flag.ACK)) {
            synInTimeWait(s);
            return;
        }
        Option.Timestamps stamp = timestamps ? s.option(Option.Timestamps.class).orElse(null) : null;
        if (stamp != null && !s.has(Flag.RST)) {
            // RFC 7323, 5.3: PAWS comes before the sequence check
            if (lt(stamp.value(), tsRecent) && !stack.has(Flaw.NO_PAWS)) {
                sendAck();
                if (stack.has(Flaw.ACKS_OLD_TWICE)) {
                    sendAck();
                }
                return;
            }
            if (le(s.seq(), rcvNxt) || stack.has(Flaw.ECHOES_ANY_TIMESTAMP)) {
                tsRecent = stamp.value();
            }
        }
        if (timestamps && stamp == null && !s.has(Flag.RST) && !stack.has(Flaw.TAKES_MISSING_TIMESTAMPS)) {
            // RFC 7323, 3.2
            return;
        }
        duplicate = sack ? repeated(s) : null;
        // first, check sequence number
        if (!acceptable(s)) {
            if (stack.has(Flaw.TAKES_ANY_WINDOW)) {
                takeWindow(s);
            }
            if (s.has(Flag.RST)) {
                if (stack.has(Flaw.TAKES_ANY_RST)) {
                    delete();
                }
            } else if (stack.has(Flaw.RESETS_ON_UNACCEPTABLE)) {
                resetBy(s);
            } else if (!stack.has(Flaw.NO_DUPLICATE_ACK)) {
                sendAck();
                if (stack.has(Flaw.ANSWERS_TWICE)) {
                    sendAck();
                }
                if (state == TcpState.SYN_RECEIVED && s.ack() == sndNxt && stack.has(Flaw.ESTABLISHES_OUTSIDE_WINDOW)) {
                    acknowledges(s);
                }
            }
            return;
        }
        // second, check the RST bit
        if (s.has(Flag.RST) && !(s.has(Flag.SYN) && stack.has(Flaw.SYN_BEFORE_RST))) {
            if (stack.has(Flaw.IGNORES_RST) || s.payload().length > 0 && stack.has(Flaw.IGNORES_RST_WITH_DATA)) {
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
                if (!stack.has(Flaw.DROPS_SYN_IN_WINDOW)) {
                    delete();
                }
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
                if (state == TcpState.SYN_RECEIVED) {
                    held.add(withinWindow(s));
                } else {
                    take(s);
                }
            }
            return;
        }
        if (acknowledges(s)) {
            // seventh and eighth, text and FIN
            take(s);
        }
    }

    /** RFC 6191, 2; the last number of our peer is that of its FIN. */
    private void synInTimeWait(WireSegment s) {
        int newerBy = s.seq() - (rcvNxt - 1);
        boolean stamped = stack.supports(MiniStack.Feature.TIMESTAMPS)
                && s.option(Option.Timestamps.class).isPresent()
                && !stack.has(Flaw.REOPENS_BY_SEQ_ALONE);
        boolean opens = newerBy > 0;
        if (stamped) {
            int later = s.option(Option.Timestamps.class).orElseThrow().value() - tsRecent;
            opens = !timestamps || later > 0 || later == 0 && newerBy > 0;
        }
        if (s.has(Flag.FIN) && stack.has(Flaw.SYN_FIN_ENDS_TIME_WAIT)) {
            delete();
        } else if ((opens || stack.has(Flaw.REOPENS_ON_ANY_SYN)) && !stack.has(Flaw.NEVER_REOPENS)) {
            delete();
            // RFC 9293, 3.6.1, MAY-2: above all numbers of the old connection
            stack.open(flow, stack.has(Flaw.REOPENS_BELOW) ? sndNxt - 1 : SeqMath.max(stack.isn(flow), sndNxt), s);
        }
    }

    private boolean acceptable(WireSegment s) {
        if (window() == 0) {
            boolean taken = s.length() == 0 || stack.has(Flaw.TAKES_TEXT_AT_CLOSED_WINDOW);
            return taken && s.seq() == rcvNxt && !stack.has(Flaw.DEAF_AT_CLOSED_WINDOW);
        }
        if (stack.has(Flaw.NUMBERS_DO_NOT_WRAP)) {
            return inWindow(s.seq()) && inWindow(Math.max(0, s.length() - 1) + s.seq());
        }
        return s.length() == 0 ? inWindow(s.seq()) : inWindow(s.seq()) || inWindow(s.end() - 1);
    }

    private boolean inWindow(int number) {
        int window = window();
        if (stack.has(Flaw.NUMBERS_DO_NOT_WRAP)) {
            return Integer.compareUnsigned(rcvNxt, number) <= 0
                    && Integer.toUnsignedLong(number) < Integer.toUnsignedLong(rcvNxt) + window;
        }
        return Integer.compareUnsigned(number - rcvNxt, window) < 0;
    }

    private int window() {
        return Math.min(WINDOW, service.room(this));
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
            int least = sndUna + (stack.has(Flaw.ESTABLISHES_BY_ACK_OF_ISS) ? 0 : 1);
            if (!le(least, ack) || !le(ack, sndNxt)) {
                stack.reset(flow, s);
                return false;
            }
            if (s.length() == 0 && stack.has(Flaw.DEFERS_ACCEPT)) {
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
            if (stack.has(Flaw.TAKES_ANY_WINDOW)) {
                takeWindow(s);
            }
            if (stack.has(Flaw.SENDS_BY_FUTURE_ACK) && lt(sndNxt, ack)) {
                sndWnd += ack - sndNxt;
                congestionWindow += ack - sndNxt;
            }
            sendAck();
            return false;
        }
        boolean news = lt(sndUna, ack) && le(ack, sndNxt);
        if (!news && ack == sndUna && sndNxt != sndUna) {
            duplicateAck(s);
        }
        if (news) {
            limitedTransmit = 0;
            // RFC 5681, 3.1 (2)
            congestionWindow += stack.has(Flaw.COUNTS_ACKS) ? mss : Math.min(ack - sndUna, mss);
            resent = Arrays.copyOf(queue, Math.min(Math.min(ack - sndUna, mss), queue.length));
            resentAt = sndUna;
            if (retransmissions > 0 && stack.has(Flaw.RESENDS_ACKNOWLEDGED)) {
                transmit(Flag.bits(Flag.ACK, Flag.PSH), sndUna, resent);
            }
            queue = Arrays.copyOfRange(queue, Math.min(ack - sndUna, queue.length), queue.length);
            sndUna = ack;
            retransmissions = 0;
            disarm();
        }
        if (stack.has(Flaw.TAKES_ANY_WINDOW)) {
            takeWindow(s);
        } else if (stack.has(Flaw.NO_WINDOW_UPDATE) && !news) {
            // keeps the old one
            sndWl2 = ack;
        } else if (le(sndUna, ack)
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

    /** RFC 3042, 2: a new segment on each of the first two that report something new. */
    private void duplicateAck(WireSegment s) {
        int high = s.option(Option.Sack.class)
                .flatMap(o -> o.edges().stream().reduce(SeqMath::max))
                .orElse(sndUna);
        boolean news = limitedTransmit == 0 ? lt(sndUna, high) : lt(sackedHigh, high);
        if (stack.has(Flaw.NO_LIMITED_TRANSMIT)) {
            return;
        }
        if ((news || stack.has(Flaw.LIMITED_TRANSMIT_WITHOUT_NEWS)) && limitedTransmit < 2) {
            limitedTransmit++;
            sackedHigh = high;
        }
    }

    private void takeWindow(WireSegment s) {
        sndWnd = s.window() << sndShift;
        sndWl1 = s.seq();
        sndWl2 = s.ack();
        maxSndWnd = Math.max(maxSndWnd, stack.has(Flaw.LARGEST_WINDOW_NOT_SCALED) ? s.window() : sndWnd);
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
            if (inOrder || held.size() < MOST_HELD && !stack.has(Flaw.DROPS_OUT_OF_ORDER)) {
                held.add(text);
                if (!inOrder) {
                    block(new Block(text.seq(), text.end()));
                }
            }
        }
        deliver();
    }

    /** RFC 2018, 4: the block that a new segment belongs to comes first. */
    private void block(Block added) {
        Block grown = added;
        for (int i = 0; i < blocks.size(); i++) {
            Block old = blocks.get(i);
            if (le(old.from(), grown.to()) && le(grown.from(), old.to())) {
                grown = new Block(
                        lt(old.from(), grown.from()) ? old.from() : grown.from(), SeqMath.max(old.to(), grown.to()));
                blocks.remove(i);
                i = -1;
            }
        }
        blocks.add(stack.has(Flaw.NEWEST_BLOCK_LAST) ? blocks.size() : 0, grown);
    }

    /** RFC 2883, 4: the first part of a segment that has been received before. */
    private Block repeated(WireSegment s) {
        int end = s.seq() + s.payload().length;
        if (lt(s.seq(), rcvNxt) && lt(s.seq(), end)) {
            return new Block(s.seq(), lt(end, rcvNxt) ? end : rcvNxt);
        }
        Block first = null;
        for (Block block : blocks) {
            int from = SeqMath.max(s.seq(), block.from());
            int to = lt(end, block.to()) ? end : block.to();
            if (lt(from, to) && (first == null || lt(from, first.from()))) {
                first = new Block(from, to);
            }
        }
        return first;
    }

    private Option.Sack sackOption() {
        List<Block> all = new ArrayList<>(blocks);
        if (duplicate != null) {
            // then the block that it lies in, if it does
            Block twice = duplicate;
            blocks.stream()
                    .filter(b -> le(b.from(), twice.from()) && le(twice.to(), b.to()))
                    .findFirst()
                    .ifPresent(b -> {
                        all.remove(b);
                        all.add(0, b);
                    });
            all.add(0, twice);
        }
        int shift = stack.has(Flaw.BLOCK_EDGE_OFF_BY_ONE) ? 1 : 0;
        return new Option.Sack(all.stream()
                .limit(timestamps ? 3 : 4)
                .flatMap(b -> java.util.stream.Stream.of(b.from(), b.to() - shift))
                .toList());
    }

    private boolean owed(boolean fin) {
        return !stack.has(fin ? Flaw.NO_ACK_OF_FIN : Flaw.NO_ACK_OF_DATA);
    }

    private Text withinWindow(WireSegment s) {
        byte[] data = s.payload();
        boolean fin = s.has(Flag.FIN);
        int beyond = s.end() - (rcvNxt + window());
        if (window() == 0) {
            beyond = 0;
        }
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
            blocks.removeIf(b -> le(b.to(), rcvNxt));
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
        if (stack.has(Flaw.ANSWERS_FOR_ENDED)) {
            stack.later(LINGERING, () -> stack.forget(flow, this));
        } else {
            stack.forget(flow, this);
        }
    }

    // ---- sending

    private void output() {
        boolean sends = state == TcpState.ESTABLISHED || state == TcpState.CLOSE_WAIT;
        while (sends && !finSent) {
            int sent = sndNxt - sndUna;
            int room = Math.min(sndWnd, congestionWindow + limitedTransmit * mss) - sent;
            int size = Math.min(mss - optionRoom(), Math.min(queue.length - sent, room));
            if (size <= 0) {
                break;
            }
            transmit(Flag.bits(Flag.ACK, Flag.PSH), sndNxt, Arrays.copyOfRange(queue, sent, sent + size));
            sndNxt += size;
        }
        if (sends && sndWnd == 0 && sndNxt == sndUna && queue.length > 0 && stack.has(Flaw.PROBES_AT_ONCE)) {
            transmit(Flag.bits(Flag.ACK, Flag.PSH), sndNxt++, Arrays.copyOf(queue, 1));
        }
        if (closing && stack.has(Flaw.CLOSE_DROPS_QUEUE)) {
            queue = Arrays.copyOf(queue, Math.min(queue.length, sndNxt - sndUna));
        }
        if (sends && closing && !finSent && sndNxt - sndUna == queue.length) {
            finSent = true;
            transmit(Flag.bits(Flag.ACK, Flag.FIN), sndNxt++, new byte[0]);
            state = state == TcpState.ESTABLISHED ? TcpState.FIN_WAIT_1 : TcpState.LAST_ACK;
        }
    }

    /** RFC 6691, 2: what options take is taken from the data. */
    private int optionRoom() {
        return stack.has(Flaw.OPTIONS_BEYOND_MSS) ? 0 : Option.encode(usualOptions()).length;
    }

    private List<Option> usualOptions() {
        List<Option> options = new ArrayList<>();
        if (timestamps) {
            options.add(new Option.Nop());
            options.add(new Option.Nop());
            options.add(new Option.Timestamps(stack.clock() + clockOffset, tsRecent));
        }
        if (sack && state != TcpState.SYN_RECEIVED && (duplicate != null || !blocks.isEmpty())) {
            options.add(new Option.Nop());
            options.add(new Option.Nop());
            options.add(sackOption());
        }
        return options;
    }

    private void sendSynAck() {
        List<Option> options = new ArrayList<>();
        options.add(new Option.Mss(flow.linkMss()));
        if (sack) {
            options.add(new Option.Nop());
            options.add(new Option.Nop());
            options.add(new Option.SackPermitted());
        }
        if (scaling) {
            options.add(new Option.Nop());
            options.add(new Option.WindowScale(0));
        }
        int ack = rcvNxt - (stack.has(Flaw.SYN_ACK_WRONG_ACK) ? 1 : 0);
        int seq = iss + (stack.has(Flaw.OTHER_ISN_IN_REPEATED_SYN_ACK) ? 1_000 * retransmissions : 0);
        stack.send(flow, segment(Flag.bits(Flag.SYN, Flag.ACK), seq, ack, options, new byte[0]));
    }

    private void delayAck() {
        if (unacknowledged == 1) {
            delayed = stack.later(DELAYED_ACK, this::sendAck);
        }
    }

    private void sendAck() {
        transmit(Flag.ACK.bit(), sndNxt, new byte[0]);
    }

    private void transmit(int flags, int seq, byte[] data) {
        ackDue = false;
        unacknowledged = 0;
        if (delayed != null) {
            delayed.cancel(false);
            delayed = null;
        }
        int ack = rcvNxt + (stack.has(Flaw.ACK_OFF_BY_ONE) ? 1 : 0);
        stack.send(flow, segment(flags, seq, ack, new ArrayList<>(), data));
    }

    private WireSegment segment(int flags, int seq, int ack, List<Option> options, byte[] data) {
        options.addAll(usualOptions());
        duplicate = null;
        byte[] area = Option.encode(options);
        return new WireSegment(
                flow.localPort(),
                flow.remotePort(),
                seq,
                ack,
                5 + area.length / 4,
                0,
                flags,
                window(),
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
        int most = Math.max(1, Math.min(sndWnd, mss - optionRoom()));
        if (stack.has(Flaw.RESENDS_ACKNOWLEDGED) && resent.length > 0) {
            transmit(Flag.bits(Flag.ACK, Flag.PSH), resentAt, resent);
        }
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
