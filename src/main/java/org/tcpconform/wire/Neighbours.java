package org.tcpconform.wire;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.pcap4j.packet.AbstractPacket;
import org.pcap4j.packet.ArpPacket;
import org.pcap4j.packet.IcmpV6CommonPacket;
import org.pcap4j.packet.IcmpV6CommonPacket.IpV6NeighborDiscoveryOption;
import org.pcap4j.packet.IcmpV6NeighborAdvertisementPacket;
import org.pcap4j.packet.IcmpV6NeighborSolicitationPacket;
import org.pcap4j.packet.IpV6NeighborDiscoverySourceLinkLayerAddressOption;
import org.pcap4j.packet.IpV6NeighborDiscoveryTargetLinkLayerAddressOption;
import org.pcap4j.packet.IpV6Packet;
import org.pcap4j.packet.IpV6SimpleFlowLabel;
import org.pcap4j.packet.IpV6SimpleTrafficClass;
import org.pcap4j.packet.namednumber.ArpHardwareType;
import org.pcap4j.packet.namednumber.ArpOperation;
import org.pcap4j.packet.namednumber.EtherType;
import org.pcap4j.packet.namednumber.IcmpV6Code;
import org.pcap4j.packet.namednumber.IcmpV6Type;
import org.pcap4j.packet.namednumber.IpNumber;
import org.pcap4j.packet.namednumber.IpVersion;
import org.pcap4j.util.ByteArrays;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.MacAddress;

/**
 * Answers ARP (RFC 826) and neighbour solicitations (RFC 4861) for our addresses, which no kernel owns, and finds the
 * Ethernet addresses of others.
 */
final class Neighbours {
    /** How long one question waits before it is asked again. */
    private static final Duration RETRY = Duration.ofMillis(300);

    private final MacAddress mac;
    private final boolean answering;
    /** Takes the destination and an ARP or IPv6 packet. */
    private final BiConsumer<MacAddress, AbstractPacket.AbstractBuilder> out;

    private final Set<InetAddress> ours = ConcurrentHashMap.newKeySet();
    private final Map<InetAddress, CompletableFuture<MacAddress>> asked = new ConcurrentHashMap<>();
    /** Addresses that we might take. */
    private final Set<InetAddress> probed = ConcurrentHashMap.newKeySet();

    private volatile MacAddress rival;

    /** Who waits until a neighbour has read what we sent. */
    private final Map<InetAddress, Turns> turns = new ConcurrentHashMap<>();

    /** Questions to one neighbour, one at a time: who comes while one is under way shares the next. */
    private static final class Turns {
        private final AtomicLong came = new AtomicLong();
        /** All that had come by then are answered; whoever asks holds the monitor. */
        private long answered;

        private final Questions questions = new Questions();
    }

    /** Questions that a neighbour has not replied to; each reply is for the oldest, as frames do not overtake one another. */
    private static final class Questions {
        private int open;

        synchronized void asked() {
            open++;
        }

        synchronized void replied() {
            open = Math.max(0, open - 1);
            notifyAll();
        }

        /** Waits until there is a reply to all of them; what has none by then is lost. */
        synchronized void awaitReplies(Duration patience) throws InterruptedException {
            long deadline = System.nanoTime() + patience.toNanos();
            for (long left = patience.toNanos(); open > 0 && left > 0; left = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            open = 0;
        }
    }

    Neighbours(MacAddress mac, boolean answering, BiConsumer<MacAddress, AbstractPacket.AbstractBuilder> out) {
        this.mac = mac;
        this.answering = answering;
        this.out = out;
    }

    void own(InetAddress address) {
        ours.add(address);
    }

    /** Asks whether somebody else has an address of ours; {@link #rival} knows who answered. */
    void challenge(InetAddress address) {
        ask(address, nobody(address));
    }

    /** Who else has claimed one of our addresses (RFC 5227, 2.4; RFC 4862, 5.4.4); null if nobody. */
    MacAddress rival() {
        return rival;
    }

    boolean owns(InetAddress address) {
        return ours.contains(address);
    }

    /** Called on the capture thread with frames that are not our own. */
    void received(Frame.Arp arp) {
        if (arp.operation() == 2) {
            replied(arp.senderAddress());
        }
        learn(arp.senderAddress(), arp.senderMac());
        if (arp.operation() == 1 && arp.senderAddress().isAnyLocalAddress()) {
            alsoProbed(arp.targetAddress(), arp.senderMac());
        }
        if (answering && arp.operation() == 1 && ours.contains(arp.targetAddress())) {
            out.accept(
                    arp.senderMac(),
                    arp(ArpOperation.REPLY, arp.targetAddress(), arp.senderMac(), arp.senderAddress()));
        }
    }

    /** Called on the capture thread with frames that are not our own. */
    void received(Frame.Neighbour message) {
        if (!message.solicitation()) {
            replied(message.target());
            learn(message.target(), message.linkLayer() != null ? message.linkLayer() : message.frameSource());
            return;
        }
        boolean detection = message.source().isAnyLocalAddress();
        if (detection) {
            alsoProbed(message.target(), message.frameSource());
        }
        if (answering && ours.contains(message.target())) {
            Inet6Address to = (Inet6Address) (detection ? address("ff02::1") : message.source());
            MacAddress via = detection ? MacAddress.ofGroup(to) : message.frameSource();
            out.accept(via, advertisement((Inet6Address) message.target(), to, !detection));
        }
    }

    /** Somebody else is about to take an address: two that probe at once must not both have it (RFC 5227, 2.1.1). */
    private void alsoProbed(InetAddress address, MacAddress by) {
        CompletableFuture<MacAddress> waiting = asked.get(address);
        if (waiting != null && probed.contains(address) && !by.equals(mac)) {
            waiting.complete(by);
        }
    }

    private void learn(InetAddress address, MacAddress from) {
        if (address.isAnyLocalAddress() || from.isMulticast()) {
            return;
        }
        if (ours.contains(address) && !from.equals(mac)) {
            rival = from;
        }
        CompletableFuture<MacAddress> waiting = asked.get(address);
        if (waiting != null) {
            waiting.complete(from);
        }
    }

    /**
     * The Ethernet address of a neighbour.
     *
     * @param address the neighbour
     * @param from our address of the same family
     * @param patience how long to ask
     * @return empty if nobody answers in that time
     */
    Optional<MacAddress> resolve(InetAddress address, InetAddress from, Duration patience) {
        return ask(address, from, patience, RETRY);
    }

    /** Forgets who a neighbour is. */
    void forget(InetAddress address) {
        asked.remove(address);
    }

    /**
     * Waits until a neighbour has read all that we have sent so far: until it has replied to a question that it was asked
     * afterwards (RFC 1122, 2.3.2.1, (2) Unicast Poll; RFC 4861, 7.3), as frames do not overtake one another.
     *
     * @param address the neighbour
     * @param via its Ethernet address
     * @param from our address of the same family
     * @param patience how long to wait; who came before the question waits no longer either
     */
    void awaitRead(InetAddress address, MacAddress via, InetAddress from, Duration patience) {
        Turns line = turns(address);
        long mine = line.came.incrementAndGet();
        synchronized (line) {
            if (line.answered >= mine) {
                return;
            }
            long all = line.came.get();
            line.questions.asked();
            out.accept(via, question(address, from));
            try {
                // where none comes one more question would wait as long
                line.questions.awaitReplies(patience);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            line.answered = all;
        }
    }

    private Turns turns(InetAddress address) {
        return turns.computeIfAbsent(address, a -> new Turns());
    }

    private void replied(InetAddress address) {
        // whoever was not asked has nothing to reply to, and is not kept
        Turns line = turns.get(address);
        if (line != null) {
            line.questions.replied();
        }
    }

    /**
     * Whether somebody uses an address, by an ARP probe (RFC 5227, 2.1.1) or duplicate address detection (RFC 4862, 5.4).
     */
    boolean inUse(InetAddress address, Duration patience) {
        probed.add(address);
        boolean used =
                ask(address, nobody(address), patience, patience.dividedBy(3)).isPresent();
        asked.remove(address);
        probed.remove(address);
        return used;
    }

    private Optional<MacAddress> ask(InetAddress address, InetAddress from, Duration patience, Duration retry) {
        CompletableFuture<MacAddress> answer = asked.computeIfAbsent(address, a -> new CompletableFuture<>());
        long deadline = System.nanoTime() + patience.toNanos();
        while (!answer.isDone()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return Optional.empty();
            }
            ask(address, from);
            try {
                answer.get(Math.min(left, retry.toNanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                continue;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        return Optional.of(answer.join());
    }

    private void ask(InetAddress address, InetAddress from) {
        MacAddress all =
                address instanceof Inet6Address v6 ? MacAddress.ofGroup(solicitedNode(v6)) : MacAddress.BROADCAST;
        turns(address).questions.asked();
        out.accept(all, question(address, from));
    }

    private AbstractPacket.AbstractBuilder question(InetAddress address, InetAddress from) {
        return address instanceof Inet6Address v6
                ? solicitation(v6, (Inet6Address) from)
                : arp(ArpOperation.REQUEST, from, MacAddress.of(new byte[6]), address);
    }

    private static InetAddress nobody(InetAddress address) {
        return address(address instanceof Inet4Address ? "0.0.0.0" : "::");
    }

    private ArpPacket.Builder arp(ArpOperation operation, InetAddress from, MacAddress toMac, InetAddress to) {
        return new ArpPacket.Builder()
                .hardwareType(ArpHardwareType.ETHERNET)
                .protocolType(EtherType.IPV4)
                .hardwareAddrLength((byte) 6)
                .protocolAddrLength((byte) 4)
                .operation(operation)
                .srcHardwareAddr(pcap(mac))
                .srcProtocolAddr(from)
                .dstHardwareAddr(pcap(toMac))
                .dstProtocolAddr(to);
    }

    private IpV6Packet.Builder solicitation(Inet6Address target, Inet6Address from) {
        IcmpV6NeighborSolicitationPacket.Builder body =
                new IcmpV6NeighborSolicitationPacket.Builder().reserved(0).targetAddress(target);
        if (from.isAnyLocalAddress()) {
            body.options(java.util.List.of());
        } else {
            body.options(java.util.List.<IpV6NeighborDiscoveryOption>of(
                    new IpV6NeighborDiscoverySourceLinkLayerAddressOption.Builder()
                            .linkLayerAddress(mac.octets())
                            .correctLengthAtBuild(true)
                            .build()));
        }
        return icmp(IcmpV6Type.NEIGHBOR_SOLICITATION, body, from, solicitedNode(target));
    }

    private IpV6Packet.Builder advertisement(Inet6Address target, Inet6Address to, boolean solicited) {
        return icmp(
                IcmpV6Type.NEIGHBOR_ADVERTISEMENT,
                new IcmpV6NeighborAdvertisementPacket.Builder()
                        .solicitedFlag(solicited)
                        .overrideFlag(true)
                        .targetAddress(target)
                        .options(java.util.List.<IpV6NeighborDiscoveryOption>of(
                                new IpV6NeighborDiscoveryTargetLinkLayerAddressOption.Builder()
                                        .linkLayerAddress(mac.octets())
                                        .correctLengthAtBuild(true)
                                        .build())),
                target,
                to);
    }

    private static IpV6Packet.Builder icmp(
            IcmpV6Type type, AbstractPacket.AbstractBuilder body, Inet6Address from, Inet6Address to) {
        return new IpV6Packet.Builder()
                .version(IpVersion.IPV6)
                .trafficClass(IpV6SimpleTrafficClass.newInstance((byte) 0))
                .flowLabel(IpV6SimpleFlowLabel.newInstance(0))
                .nextHeader(IpNumber.ICMPV6)
                .hopLimit((byte) 255)
                .srcAddr(from)
                .dstAddr(to)
                .correctLengthAtBuild(true)
                .payloadBuilder(new IcmpV6CommonPacket.Builder()
                        .type(type)
                        .code(IcmpV6Code.NO_CODE)
                        .srcAddr(from)
                        .dstAddr(to)
                        .payloadBuilder(body)
                        .correctChecksumAtBuild(true));
    }

    /** RFC 4291, 2.7.1. */
    private static Inet6Address solicitedNode(Inet6Address address) {
        byte[] group = address("ff02::1:ff00:0").getAddress();
        System.arraycopy(address.getAddress(), 13, group, 13, 3);
        return (Inet6Address) address(group);
    }

    static org.pcap4j.util.MacAddress pcap(MacAddress mac) {
        return ByteArrays.getMacAddress(mac.octets(), 0);
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
