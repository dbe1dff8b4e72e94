package org.tcpconform.peer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.Ip;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Variable;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.target.Route;
import org.tcpconform.wire.Captured;

/**
 * Connections that are begun by the hundred, or again and again from one port, with no more state than a few numbers for
 * each port: for samples of initial sequence numbers, and for floods of SYNs. Who uses it bounds their number; it bounds
 * their rate, and ends them by resets when it is closed. Of its frames the first and the last ones of a case stay as
 * evidence. One thread uses it.
 */
public final class Volley implements AutoCloseable {
    /** SYNs in a second, at the most. */
    public static final int RATE = 2_000;

    private static final long GAP_NANOS = 1_000_000_000L / RATE;

    /** The first SYN,ACK to one SYN, kept where its port begins anew. */
    public static final class Answer {
        private final WireSegment came;
        private WireSegment shown;

        private Answer(WireSegment came) {
            this.came = came;
            this.shown = came;
        }

        /** The segment, looked at anew; empty where the oracle has taken it away. */
        public Optional<WireSegment> synAck() {
            return Optional.ofNullable(shown);
        }

        WireSegment came() {
            return came;
        }

        /** Shows others in its place, of which a volley heeds the first that would have been taken for it. */
        void show(List<WireSegment> others) {
            shown = others.stream()
                    .filter(s -> s == came
                            || s.has(Flag.SYN) && s.has(Flag.ACK) && s.ack() == came.ack() && s.checksum() < 0)
                    .findFirst()
                    .orElse(null);
        }
    }

    /** One port of ours, and what the target made of the last SYN from it. Stamps are those of the capture. */
    public final class Opening {
        private final int port;
        private int irs;
        private boolean begun;
        private long sentNanos;
        private Answer answer;
        private long answeredNanos;
        private long lastNanos;
        private int synAcks;

        private Opening(int port) {
            this.port = port;
        }

        /** Sequence number of our SYN. */
        public int irs() {
            return irs;
        }

        /** The first SYN,ACK to it; empty if none has come so far. */
        public Optional<WireSegment> synAck() {
            return answer().flatMap(Answer::synAck);
        }

        /** The same, as something that stays when the port begins anew. */
        public Optional<Answer> answer() {
            return locked(() -> Optional.ofNullable(answer));
        }

        /** When that came, in nanoseconds since the epoch. */
        public long answeredNanos() {
            return locked(() -> answeredNanos);
        }

        /** From our SYN to that. */
        public Duration delay() {
            return locked(() -> Duration.ofNanos(answeredNanos - sentNanos));
        }

        /** From our SYN to the last SYN,ACK. */
        public Duration lastDelay() {
            return locked(() -> Duration.ofNanos(lastNanos - sentNanos));
        }

        /** How often the SYN,ACK has come. */
        public int synAcks() {
            return locked(() -> synAcks);
        }

        private int value(Variable variable) {
            return switch (variable) {
                case RCV_NXT -> begun ? irs + 1 : irs;
                case SND_NXT -> synAck().map(WireSegment::end).orElse(0);
                default -> throw new IllegalArgumentException("a volley does not follow " + variable.rfcName());
            };
        }
    }

    private final Surroundings around;
    private final Route route;
    private final int targetPort;
    private final CaseLog log;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final Map<Integer, Opening> byPort = new HashMap<>();
    private final List<Opening> openings = new ArrayList<>();
    private int identification;
    private long nextNanos = System.nanoTime();
    private boolean closed;

    Volley(Surroundings around, CaseLog log, RandomGenerator random, int targetPort, int ports) {
        this.around = around;
        this.route = around.target().routes().get(around.family());
        this.targetPort = targetPort;
        this.log = log;
        this.random = random;
        log.register(this, ports);
        for (int i = 0; i < ports; i++) {
            Opening opening = new Opening(around.station().takePort(this::captured));
            openings.add(opening);
            locked(() -> byPort.put(opening.port, opening));
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private void captured(Captured frame) {
        boolean ofOurs = frame.frame() instanceof Frame.Tcp tcp
                && (frame.outgoing() ? tcp.destination() : tcp.source()).equals(route.target());
        if (!ofOurs) {
            return;
        }
        Frame.Tcp tcp = (Frame.Tcp) frame.frame();
        log.excerpt().add(frame);
        WireSegment s = tcp.segment();
        lock.lock();
        try {
            Opening opening = byPort.get(frame.outgoing() ? s.sourcePort() : s.destinationPort());
            if (opening == null) {
                return;
            }
            if (frame.outgoing()) {
                if (s.has(Flag.SYN) && s.seq() == opening.irs) {
                    opening.sentNanos = frame.timeNanos();
                }
            } else if (s.has(Flag.SYN) && s.has(Flag.ACK) && s.ack() == opening.irs + 1 && tcp.checksumRight()) {
                opening.synAcks++;
                opening.lastNanos = frame.timeNanos();
                if (opening.answer == null) {
                    opening.answer = new Answer(s);
                    log.answered(opening.answer);
                    opening.answeredNanos = frame.timeNanos();
                    grown.signalAll();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** All ports, in the order in which {@link #open} takes them. */
    public List<Opening> openings() {
        return List.copyOf(openings);
    }

    /**
     * Sends a SYN with a new sequence number from each of some ports, and waits until all are answered, or for the time
     * in which a target may keep silent. What one of the ports had begun before is forgotten: {@link #reset} it first.
     *
     * @param from index of the first port
     * @param count number of ports
     * @param options options of the SYN; MSS alone unless given
     */
    public List<Opening> open(int from, int count, Option... options) {
        List<Opening> some = openings.subList(from, from + count);
        Segment syn = Segment.syn().options(options.length == 0 ? new Option[] {new Option.Mss(Peer.MSS)} : options);
        for (Opening opening : some) {
            pace();
            around.station().awaitRoom();
            locked(() -> {
                opening.irs = random.nextInt();
                opening.begun = false;
                opening.answer = null;
                opening.synAcks = 0;
                return null;
            });
            send(opening, syn);
            opening.begun = true;
        }
        awaitAnswers(some);
        return some;
    }

    private void pace() {
        nextNanos = Math.max(nextNanos + GAP_NANOS, System.nanoTime() - GAP_NANOS);
        Waiting.until(nextNanos);
    }

    private void awaitAnswers(List<Opening> some) {
        lock.lock();
        try {
            long left = around.network().timing().silence().toNanos();
            while (left > 0 && some.stream().anyMatch(o -> o.answer == null)) {
                left = grown.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HangGuard();
        } finally {
            lock.unlock();
        }
    }

    /** Completes handshakes: sends the ACK from those of the ports that were answered. */
    public void accept(List<Opening> some) {
        some.stream().filter(o -> o.synAck().isPresent()).forEach(o -> send(o, Segment.ack()));
    }

    /** Ends what was begun by resets that the target must accept (RFC 9293, 3.10.7.4, second). */
    public void reset(List<Opening> some) {
        for (Opening opening : some) {
            if (opening.begun) {
                // nobody answers it: where frames are lost one of several gets there, else the port stays in use
                for (int i = 0; i < (around.network().isHarmful() ? Peer.TRIES : 1); i++) {
                    send(opening, Segment.rst());
                }
                opening.begun = false;
            }
        }
        // before the next SYN from one of them
        around.awaitRead();
    }

    private void send(Opening from, Segment segment) {
        Ip ip = Ip.between(route.source(), route.target()).withIdentification(identification++);
        WireSegment wire = segment.resolve(from::value, from.port, targetPort, List.of(), Peer.WINDOW);
        log.sending(wire, segment.has(Flag.SYN));
        log.sent(around.station().send(ip, wire, null, route.nextHop(), null));
    }

    /** Ends all that was begun, and gives the ports back. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            for (Opening opening : openings) {
                if (opening.begun) {
                    pace();
                    reset(List.of(opening));
                }
            }
        } finally {
            openings.forEach(o -> around.station().releasePort(o.port));
            log.forget(this, openings.size());
        }
    }
}
