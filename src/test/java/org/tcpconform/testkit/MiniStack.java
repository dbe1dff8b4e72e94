package org.tcpconform.testkit;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.tcpconform.peer.TcpState;
import org.tcpconform.segment.Finish;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameDecoder;
import org.tcpconform.segment.Ip;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.MacAddress;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.PacketBuilder;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.wire.MemoryLink;

/**
 * A target in memory, small enough to be compared with RFC 9293 by reading. It keeps the rules, save for those that its
 * {@link Flaw}s name; so it shows that a case passes on a target that keeps its rule and fails on one that breaks it.
 *
 * <p>It has no active OPEN, no IP options and no congestion control beyond slow start.
 */
public final class MiniStack implements AutoCloseable {
    private static final int SHORTEST_FRAME = 60;
    /** Which of the permitted behaviours it has. */
    public enum Profile {
        /** Resets on an in-window RST or SYN. */
        RFC793,
        /** Answers an in-window RST or SYN with a challenge ACK. */
        RFC5961
    }

    /** What it may support. */
    public enum Feature {
        TIMESTAMPS,
        WINDOW_SCALE,
        /** As a receiver, with D-SACK. */
        SACK
    }

    /** A connection, seen from the stack. */
    record Flow(InetAddress local, int localPort, InetAddress remote, int remotePort) {
        /** RFC 9293, MUST-15. */
        int defaultMss() {
            return local instanceof Inet4Address ? 536 : 1_220;
        }

        /** What Ethernet takes. */
        int linkMss() {
            return local instanceof Inet4Address ? 1_460 : 1_440;
        }
    }

    private final MemoryLink link;
    private final MacAddress mac;
    private final List<InetAddress> addresses;
    private final Map<Integer, Service> listeners = new HashMap<>();
    private final Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
    private final Set<Feature> features = EnumSet.noneOf(Feature.class);
    private final Map<Flow, MiniConnection> connections = new HashMap<>();
    private final Map<InetAddress, MacAddress> heardFrom = new HashMap<>();
    /** How many segments have gone out on each connection. */
    private final Map<Flow, Integer> sentOn = new HashMap<>();

    private final Reassembly reassembly = new Reassembly();
    private final Random random;
    private final long secret;
    private final ScheduledThreadPoolExecutor timers;

    private Profile profile = Profile.RFC5961;
    private Duration timeWait = Duration.ofMinutes(2);
    private Duration answerDelay = Duration.ZERO;
    private UnaryOperator<WireSegment> outgoing = UnaryOperator.identity();
    private Consumer<Frame.Tcp> watcher = tcp -> {};
    private double loss;
    private int loseEvery;
    private long lifetime = Long.MAX_VALUE;
    private int restarts;
    private Duration deathDelay = Duration.ZERO;
    private final Set<Flow> urgent = new java.util.HashSet<>();
    private int slots = Integer.MAX_VALUE;
    private long segmentsIn;
    private long segmentsBoth;
    private int lastIsn;
    private int backlog = Integer.MAX_VALUE;
    private boolean cookies;
    private boolean cookiesSent;

    /**
     * @param link the link that it is to answer on
     * @param mac its Ethernet address
     * @param seed decides its random choices
     * @param addresses its IP addresses
     */
    public MiniStack(MemoryLink link, MacAddress mac, long seed, InetAddress... addresses) {
        this.link = link;
        this.mac = mac;
        this.addresses = List.of(addresses);
        this.random = new Random(seed);
        this.secret = random.nextLong();
        this.timers = new ScheduledThreadPoolExecutor(1, r -> {
            Thread thread = Executors.defaultThreadFactory().newThread(r);
            thread.setName("mini-stack-timers");
            thread.setDaemon(true);
            return thread;
        });
        timers.setRemoveOnCancelPolicy(true);
        link.target(this::received);
    }

    // ---- how it is

    public synchronized MiniStack listen(int port, Service service) {
        listeners.put(port, service);
        return this;
    }

    /** Breaks these rules from now on. */
    public synchronized MiniStack with(Flaw... broken) {
        flaws.addAll(Arrays.asList(broken));
        return this;
    }

    public synchronized MiniStack supporting(Feature... supported) {
        features.addAll(Arrays.asList(supported));
        return this;
    }

    public synchronized MiniStack profile(Profile chosen) {
        this.profile = chosen;
        return this;
    }

    /** How long TIME-WAIT lasts; 2 minutes unless set. */
    public synchronized MiniStack timeWait(Duration length) {
        this.timeWait = length;
        return this;
    }

    /**
     * Holds no more half-open connections of a port.
     *
     * @param most how many it holds
     * @param instead whether further SYNs are answered by SYN cookies, rather than dropped
     */
    public synchronized MiniStack backlog(int most, boolean instead) {
        this.backlog = most;
        this.cookies = instead;
        return this;
    }

    /** Sends everything so much later. */
    public synchronized MiniStack delaying(Duration delay) {
        this.answerDelay = delay;
        return this;
    }

    /** Changes the segments that it sends; null loses one. */
    public synchronized MiniStack sending(UnaryOperator<WireSegment> change) {
        this.outgoing = change;
        return this;
    }

    /** Tells of every TCP segment that reaches it, right or wrong. */
    public synchronized MiniStack watching(Consumer<Frame.Tcp> heard) {
        this.watcher = heard;
        return this;
    }

    /** The network loses this share of the segments, in either direction. */
    public synchronized MiniStack losing(double share) {
        this.loss = share;
        return this;
    }

    /** The network loses every n-th segment, both directions counted together. */
    public synchronized MiniStack losingEvery(int n) {
        this.loseEvery = n;
        return this;
    }

    /** Dies for good after it has received so many more segments. */
    public synchronized MiniStack dyingAfter(int segments) {
        this.lifetime = segmentsIn + segments;
        return this;
    }

    /** Starts again with nothing but its listeners, also where it had died. */
    public synchronized MiniStack restart() {
        this.lifetime = Long.MAX_VALUE;
        restarts++;
        connections.clear();
        return this;
    }

    /** How long it outlives the end of a connection of which it dies. */
    public synchronized MiniStack dyingLater(Duration delay) {
        this.deathDelay = delay;
        return this;
    }

    /** Has room for so many connections, and does not answer a SYN for more. */
    public synchronized MiniStack slots(int most) {
        this.slots = most;
        return this;
    }

    /** Connections that it has, TIME-WAIT included. */
    public synchronized int connections() {
        return connections.size();
    }

    /** TCP segments that have reached it. */
    public synchronized long received() {
        return segmentsIn;
    }

    // ---- what its connections ask

    boolean has(Flaw flaw) {
        return flaws.contains(flaw);
    }

    boolean supports(Feature feature) {
        return features.contains(feature);
    }

    Profile profile() {
        return profile;
    }

    /** The options of a segment, as this stack reads them. */
    List<Option> read(WireSegment s) {
        List<Option> options = s.options();
        if (has(Flaw.READS_BEHIND_END)) {
            byte[] area = s.optionArea().clone();
            for (int i = 0; i < area.length; i++) {
                // by chance right for what cases send behind it
                area[i] = area[i] == Option.END
                                && i + 1 < area.length
                                && area[i + 1] != Option.END
                                && (i == 0 || area[i - 1] == Option.NOP)
                        ? Option.NOP
                        : area[i];
            }
            return Option.decode(area);
        }
        if (has(Flaw.STOPS_AT_UNKNOWN_OPTION)) {
            return options.stream().takeWhile(o -> !(o instanceof Option.Raw)).toList();
        }
        if (has(Flaw.NEEDS_ALIGNED_OPTIONS)) {
            int at = 0;
            List<Option> aligned = new java.util.ArrayList<>();
            for (Option option : options) {
                if (at % 4 == 0 || option instanceof Option.Nop) {
                    aligned.add(option);
                }
                at += option.bytes().length;
            }
            return aligned;
        }
        return options;
    }

    /** A connection that brought an urgent pointer is fatal when it is reset. */
    private void diesAfterUrgent(Flow flow, WireSegment s) {
        if (s.has(Flag.URG)) {
            urgent.add(flow);
        }
        if (s.has(Flag.RST) && urgent.remove(flow)) {
            int life = restarts;
            Runnable death = () -> lifetime = life == restarts ? 0 : lifetime;
            if (deathDelay.isZero()) {
                death.run();
            } else {
                later(deathDelay, death);
            }
        }
    }

    Duration timeWait() {
        return timeWait;
    }

    /** RFC 7323, 5.4: one tick a millisecond. */
    int clock() {
        return (int) (System.nanoTime() / 1_000_000);
    }

    /** RFC 9293, 3.4.1: a clock of 4 microseconds, and a function of the flow and a secret. */
    int isn(Flow flow) {
        if (has(Flaw.CONSTANT_ISN)) {
            return 0x0102_0304;
        }
        if (has(Flaw.ISN_COUNTS_CONNECTIONS)) {
            return lastIsn += 64_000;
        }
        if (has(Flaw.ISN_WITHOUT_CLOCK)) {
            return random.nextInt();
        }
        if (has(Flaw.ISN_OF_FEW)) {
            return random.nextInt(256) * 0x0101_0101;
        }
        if (has(Flaw.ISN_CONGRUENTIAL)) {
            return lastIsn = lastIsn * 1_664_525 + 1_013_904_223;
        }
        int clock = (int) (System.nanoTime() / 4_000);
        if (has(Flaw.ISN_OF_CLOCK_ALONE)) {
            return clock;
        }
        return clock + (has(Flaw.ISN_LINEAR_IN_PORT) ? flow.remotePort() * 0x0765_4321 : mixed(flow.hashCode()));
    }

    /** A function of a number and the secret, of which every bit depends on every other: the finalizer of MurmurHash3. */
    private int mixed(long number) {
        long mixed = secret ^ number * 0x9e37_79b9_7f4a_7c15L;
        mixed = (mixed ^ mixed >>> 33) * 0xff51_afd7_ed55_8ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
        return (int) (mixed >>> 32);
    }

    Future<?> later(Duration delay, Runnable action) {
        return timers.schedule(
                () -> {
                    synchronized (this) {
                        action.run();
                    }
                },
                delay.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    void forget(Flow flow, MiniConnection connection) {
        connections.remove(flow, connection);
    }

    // ---- in

    private synchronized void received(byte[] arrived) {
        if (segmentsIn >= lifetime) {
            return;
        }
        boolean ethernet = link.layer() == LinkLayer.ETHERNET;
        byte[] bytes = has(Flaw.DROPS_FRAGMENTS) ? arrived : reassembly.whole(arrived, ethernet ? 14 : 0);
        if (bytes == null) {
            return;
        }
        Frame frame = FrameDecoder.decode(bytes, link.layer());
        if (frame instanceof Frame.Arp arp && arp.operation() == 1 && addresses.contains(arp.targetAddress())) {
            link.arrive(arpReply(arp));
        } else if (frame instanceof Frame.Neighbour message
                && message.solicitation()
                && addresses.contains(message.target())) {
            link.arrive(advertisement(message));
        } else if (frame instanceof Frame.Tcp tcp) {
            if (lost()) {
                return;
            }
            segmentsIn++;
            watcher.accept(tcp);
            if (ethernet) {
                heardFrom.put(tcp.source(), MacAddress.of(Arrays.copyOfRange(bytes, 6, 12)));
            }
            // RFC 1122, 3.3.6: a unicast packet in a broadcast frame is not for us either
            boolean group = ethernet && (bytes[0] & 1) != 0 || !addresses.contains(tcp.destination());
            boolean ipRight = !(tcp.source() instanceof Inet4Address)
                    || sum(bytes, ethernet ? 14 : 0, (bytes[ethernet ? 14 : 0] & 0x0f) * 4) == 0;
            boolean taken = !sourceRouted(tcp.ipOptions())
                    && (ipRight || has(Flaw.IGNORES_IP_CHECKSUM))
                    && (tcp.checksumRight()
                            || has(Flaw.IGNORES_CHECKSUM)
                            || has(Flaw.TAKES_CHECKSUM_ZERO) && tcp.segment().checksum() == 0)
                    && (!group || has(Flaw.ANSWERS_GROUPS))
                    && (mayBeSource(tcp.source()) || has(Flaw.TAKES_ANY_SOURCE));
            if (taken && wellFormed(tcp.segment())) {
                arrives(tcp);
            }
        }
    }

    /** RFC 9293, MUST-63: not a group, not nobody, not this host. Its IPv4 subnet has 24 bits. */
    private boolean mayBeSource(InetAddress source) {
        byte[] octets = source.getAddress();
        boolean broadcast = octets.length == 4 && octets[3] == -1;
        return !source.isMulticastAddress()
                && !source.isAnyLocalAddress()
                && !source.isLoopbackAddress()
                && !broadcast
                && !addresses.contains(source);
    }

    /** Whether there is a source route, which a host may be configured to drop (RFC 1122, 3.2.1.8; RFC 7126, 4.3). */
    private static boolean sourceRouted(byte[] options) {
        for (int at = 0; at < options.length && options[at] != 0; ) {
            int type = options[at] & 0xff;
            if (type == 131 || type == 137) {
                return true;
            }
            at += type == 1 ? 1 : at + 1 < options.length ? Math.max(2, options[at + 1] & 0xff) : options.length;
        }
        return false;
    }

    private static boolean wellFormed(WireSegment s) {
        return s.dataOffset() >= 5 && s.dataOffset() * 4 == 20 + s.optionArea().length;
    }

    private void arrives(Frame.Tcp tcp) {
        WireSegment s = tcp.segment();
        if (s.has(Flag.URG) && has(Flaw.DIES_OF_URGENT)) {
            lifetime = 0;
            return;
        }
        InetAddress local = addresses.stream()
                .filter(a -> a.getClass() == tcp.source().getClass())
                .findFirst()
                .orElseThrow();
        Flow flow = new Flow(local, s.destinationPort(), tcp.source(), s.sourcePort());
        if (has(Flaw.DIES_AFTER_URGENT)) {
            diesAfterUrgent(flow, s);
        }
        MiniConnection connection = connections.get(flow);
        if (connection != null) {
            connection.arrives(s);
        } else if (listeners.containsKey(s.destinationPort())) {
            listens(flow, s);
        } else if (!s.has(Flag.RST) || has(Flaw.RST_TO_RST)) {
            boolean odd = !s.has(Flag.SYN) && !s.has(Flag.ACK);
            if (!odd || !has(Flaw.NO_RST_TO_ODD_FLAGS)) {
                reset(flow, s);
            }
        }
    }

    /** RFC 9293, 3.10.7.2. */
    private void listens(Flow flow, WireSegment s) {
        if (s.has(Flag.RST)) {
            return;
        }
        if (s.has(Flag.ACK)) {
            if (cookiesSent && bringsCookie(flow, s)) {
                openByCookie(flow, s);
            } else if (!has(Flaw.LISTENER_SILENT_TO_ACK)) {
                reset(flow, s);
            }
        } else if (s.has(Flag.SYN) && connections.size() < slots) {
            if (halfOpen(flow.localPort()) < backlog) {
                open(flow, isn(flow), s);
            } else if (cookies) {
                sendCookie(flow, s);
            }
        }
    }

    void open(Flow flow, int iss, WireSegment syn) {
        MiniConnection connection = new MiniConnection(this, flow, listeners.get(flow.localPort()), syn, iss);
        connections.put(flow, connection);
        connection.answerSyn();
    }

    private long halfOpen(int port) {
        return connections.entrySet().stream()
                .filter(e -> e.getKey().localPort() == port && e.getValue().state() == TcpState.SYN_RECEIVED)
                .count();
    }

    // ---- SYN cookies (RFC 4987, 3.6): two bits say which MSS is meant, the others are those of a hash

    private static final int[] COOKIE_MSS = {64, 536, 1_220, 1_460};

    private int cookie(Flow flow, int irs) {
        return mixed((long) flow.hashCode() << 32 ^ irs & 0xffff_ffffL) & ~3;
    }

    private boolean bringsCookie(Flow flow, WireSegment s) {
        boolean any = has(Flaw.TAKES_ANY_COOKIE) && halfOpen(flow.localPort()) >= backlog;
        return any || (s.ack() - 1 & ~3) == cookie(flow, s.seq() - 1);
    }

    private void sendCookie(Flow flow, WireSegment syn) {
        cookiesSent = true;
        int offered = syn.option(Option.Mss.class).map(Option.Mss::value).orElse(flow.defaultMss());
        int index = (int)
                Arrays.stream(COOKIE_MSS).skip(1).filter(mss -> mss <= offered).count();
        List<Option> options = new java.util.ArrayList<>(List.of(new Option.Mss(flow.linkMss())));
        if (has(Flaw.COOKIE_FORGETS_SHIFT)
                && syn.option(Option.WindowScale.class).isPresent()) {
            options.add(new Option.WindowScale(0));
        }
        byte[] area = Option.encode(options);
        send(
                flow,
                new WireSegment(
                        flow.localPort(),
                        flow.remotePort(),
                        cookie(flow, syn.seq()) | index,
                        syn.seq() + 1,
                        5 + area.length / 4,
                        0,
                        Flag.bits(Flag.SYN, Flag.ACK),
                        65_535,
                        -1,
                        0,
                        area,
                        new byte[0]));
    }

    private void openByCookie(Flow flow, WireSegment third) {
        int iss = third.ack() - 1;
        int mss = has(Flaw.COOKIE_FORGETS_MSS) ? flow.linkMss() : COOKIE_MSS[iss & 3];
        byte[] area = Option.encode(List.of(new Option.Mss(mss)));
        WireSegment syn = new WireSegment(
                third.sourcePort(),
                third.destinationPort(),
                third.seq() - 1,
                0,
                6,
                0,
                Flag.SYN.bit(),
                third.window(),
                -1,
                0,
                area,
                new byte[0]);
        MiniConnection connection = new MiniConnection(this, flow, listeners.get(flow.localPort()), syn, iss);
        connections.put(flow, connection);
        connection.arrives(has(Flaw.COOKIE_WITHOUT_DATA) ? Frames.withData(third, new byte[0]) : third);
    }

    // ---- out

    /** RFC 9293, 3.10.7.1 and 3.5.2, group 1; with the option of RFC 7323, 5.2. */
    void reset(Flow flow, WireSegment s) {
        if (has(Flaw.NO_RST)) {
            return;
        }
        int seq;
        int ack = 0;
        int flags = Flag.RST.bit();
        if (s.has(Flag.ACK)) {
            seq = has(Flaw.RST_IGNORES_ACK) ? 0 : s.ack();
            flags |= has(Flaw.RST_ALWAYS_WITH_ACK) ? Flag.ACK.bit() : 0;
        } else {
            seq = has(Flaw.RST_WRONG_SEQ) ? 1 : 0;
            flags |= Flag.ACK.bit();
            boolean wraps = Integer.compareUnsigned(s.end(), s.seq()) < 0;
            ack = has(Flaw.RST_WRONG_ACK) ? s.seq() : wraps && has(Flaw.RST_ACK_DOES_NOT_WRAP) ? -1 : s.end();
        }
        byte[] area = has(Flaw.RST_WITHOUT_TIMESTAMPS)
                ? new byte[0]
                : s.option(Option.Timestamps.class)
                        .map(ts -> Option.encode(
                                List.of(new Option.Nop(), new Option.Nop(), new Option.Timestamps(0, ts.value()))))
                        .orElse(new byte[0]);
        int reserved = has(Flaw.RST_WITH_RESERVED_BIT) ? 1 : 0;
        send(
                flow,
                new WireSegment(
                        s.destinationPort(),
                        s.sourcePort(),
                        seq,
                        ack,
                        5 + area.length / 4,
                        reserved,
                        flags,
                        0,
                        -1,
                        0,
                        area,
                        new byte[0]));
    }

    void send(Flow flow, WireSegment segment) {
        WireSegment changed = outgoing.apply(spoiled(segment));
        if (changed == null || lost()) {
            return;
        }
        boolean fourth = sentOn.merge(flow, 1, Integer::sum) == 4;
        boolean damaged =
                changed.has(Flag.RST) && has(Flaw.RST_WITH_WRONG_CHECKSUM) || fourth && has(Flaw.FOURTH_CHECKSUM_WRONG);
        byte[] packet = PacketBuilder.build(
                Ip.between(flow.local(), flow.remote()), changed, damaged ? new Finish.ChecksumOffBy(0x0101) : null);
        boolean v4 = flow.local() instanceof Inet4Address;
        if (v4 && changed.has(Flag.RST) && has(Flaw.RST_WITH_WRONG_IP_CHECKSUM)) {
            packet[10] ^= 1;
        }
        int type = v4 ? 0x0800 : 0x86dd;
        byte[] frame = link.layer() == LinkLayer.RAW_IP ? packet : ethernet(heardFrom.get(flow.remote()), type, packet);
        if (answerDelay.isZero()) {
            link.arrive(frame);
        } else {
            later(answerDelay, () -> link.arrive(frame));
        }
    }

    /** What the flaws that spoil a header make of a segment. */
    private WireSegment spoiled(WireSegment s) {
        if (s.has(Flag.RST) && has(Flaw.RST_WITH_OFFSET_BEYOND)) {
            return Frames.withOptions(s, s.optionArea(), s.dataOffset() + 1);
        }
        boolean acknowledgment = s.flags() == Flag.ACK.bit();
        byte[] garbage = acknowledgment && has(Flaw.GARBAGE_BEHIND_END)
                ? new byte[] {Option.END, 1, 2, 3}
                : acknowledgment && has(Flaw.OPTION_BEYOND_HEADER) ? new byte[] {Option.NOP, Option.NOP, 3, 9} : null;
        if (garbage == null) {
            return s;
        }
        byte[] area = Arrays.copyOf(s.optionArea(), s.optionArea().length + garbage.length);
        System.arraycopy(garbage, 0, area, s.optionArea().length, garbage.length);
        return Frames.withOptions(s, area, s.dataOffset() + 1);
    }

    private boolean lost() {
        segmentsBoth++;
        return loseEvery > 0 && segmentsBoth % loseEvery == 0 || loss > 0 && random.nextDouble() < loss;
    }

    private byte[] ethernet(MacAddress to, int type, byte[] packet) {
        byte[] frame = Frames.ethernet(mac, to, type, packet);
        return Arrays.copyOf(frame, Math.max(SHORTEST_FRAME, frame.length));
    }

    private byte[] arpReply(Frame.Arp request) {
        byte[] packet = ByteBuffer.allocate(28)
                .put(new byte[] {0, 1, 8, 0, 6, 4, 0, 2})
                .put(mac.octets())
                .put(request.targetAddress().getAddress())
                .put(request.senderMac().octets())
                .put(request.senderAddress().getAddress())
                .array();
        return ethernet(request.senderMac(), 0x0806, packet);
    }

    private byte[] advertisement(Frame.Neighbour solicitation) {
        boolean detection = solicitation.source().isAnyLocalAddress();
        InetAddress to = detection ? allNodes() : solicitation.source();
        ByteBuffer packet = ByteBuffer.allocate(72)
                .putInt(6 << 28)
                .putShort((short) 32)
                .put((byte) 58)
                .put((byte) 255)
                .put(solicitation.target().getAddress())
                .put(to.getAddress())
                .put(new byte[] {(byte) 136, 0, 0, 0, (byte) (detection ? 0x20 : 0x60), 0, 0, 0})
                .put(solicitation.target().getAddress())
                .put(new byte[] {2, 1})
                .put(mac.octets());
        // the pseudo-header of RFC 8200, 8.1: addresses, length and next header
        ByteBuffer pseudo = ByteBuffer.allocate(72)
                .put(packet.array(), 8, 32)
                .putInt(32)
                .putInt(58)
                .put(packet.array(), 40, 32);
        packet.putShort(42, (short) sum(pseudo.array(), 0, 72));
        MacAddress toMac = detection ? MacAddress.ofGroup(to) : solicitation.frameSource();
        return ethernet(toMac, 0x86dd, packet.array());
    }

    private static Inet6Address allNodes() {
        try {
            return (Inet6Address) InetAddress.getByName("ff02::1");
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The Internet checksum (RFC 1071) of an even number of octets; 0 where it is in place and right. */
    static int sum(byte[] bytes, int at, int length) {
        long sum = 0;
        for (int i = at; i < at + length; i += 2) {
            sum += (bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff;
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return (int) ~sum & 0xffff;
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }
}
