package org.tcpconform.wire;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.pcap4j.packet.AbstractPacket;
import org.pcap4j.packet.Dot1qVlanTagPacket;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.UnknownPacket;
import org.pcap4j.packet.namednumber.EtherType;
import org.tcpconform.segment.Finish;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameDecoder;
import org.tcpconform.segment.Ip;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.MacAddress;
import org.tcpconform.segment.PacketBuilder;
import org.tcpconform.segment.WireSegment;

/**
 * We on a link: our Ethernet and IP addresses, the neighbours, and the flows of our peers. What arrives is answered
 * there and then if it is ARP or neighbour discovery for us, and otherwise handed to the one peer that owns our port.
 * There is no other way in or out.
 */
public final class Station implements AutoCloseable {
    /** Our side of one flow. */
    @FunctionalInterface
    public interface Flow extends Consumer<Captured> {}

    /** First of the ports that peers use; ports below are never ours. */
    public static final int FIRST_PORT = 20_000;

    /** Last of the ports that peers use. */
    public static final int LAST_PORT = 60_999;

    /** How long a neighbour may take to read what was sent to it. */
    private static final Duration READ = Duration.ofSeconds(1);

    private final Link link;
    private final MacAddress mac;
    private final int vlan;
    private final Neighbours neighbours;
    private final Map<Integer, Flow> flows = new ConcurrentHashMap<>();
    private final Map<InetAddress, MacAddress> nextHops = new ConcurrentHashMap<>();
    private final Deque<Integer> freePorts = new ArrayDeque<>();
    private final Set<Integer> takenPorts = new HashSet<>();
    /** Our fragments that have not been seen on the wire yet, as octets. */
    private final Map<ByteBuffer, Fragment> fragments = new ConcurrentHashMap<>();

    /** Source addresses that we have sent from, ours or not. */
    private final Set<InetAddress> sources = ConcurrentHashMap.newKeySet();
    /** Where we have sent segments to. */
    private final Set<InetAddress> destinations = ConcurrentHashMap.newKeySet();
    /** Who else sends segments there. */
    private final Set<InetAddress> others = ConcurrentHashMap.newKeySet();

    private volatile Flow stray = c -> {};
    private volatile MacAddress impostor;
    private volatile Pace pace = new Pace(Pace.MOST);
    private volatile boolean lockstep;
    /** Whom segments may go to; null for anybody. */
    private volatile Set<InetAddress> confinedTo;

    /** What the flow of a port is shown in place of a fragment. */
    private record Fragment(int port, Frame frame) {}

    /**
     * @param link where frames go; the station starts and closes it
     * @param mac our Ethernet address
     * @param vlan 802.1Q VLAN id, 0 for untagged
     * @param answering whether we answer ARP and neighbour solicitations (not where the host owns our address)
     * @param firstPort any number; decides with which port the peers begin
     */
    public Station(Link link, MacAddress mac, int vlan, boolean answering, int firstPort) {
        this.link = link;
        this.mac = mac;
        this.vlan = vlan;
        this.neighbours = new Neighbours(mac, answering, this::sendLinkLocal);
        int count = LAST_PORT - FIRST_PORT + 1;
        for (int i = 0; i < count; i++) {
            freePorts.add(FIRST_PORT + Math.floorMod((long) firstPort + i, count));
        }
        link.start(this::received);
    }

    /**
     * Where the ports begin of somebody who goes on after another: far beyond those that the other has used, and those it
     * had in use when it ended, since the target may still hold connections from them.
     *
     * @param firstPort where the other began
     * @param used ports that it is known to have used; empty where there was no other
     */
    public static int firstPortAfter(int firstPort, Collection<Integer> used) {
        int count = LAST_PORT - FIRST_PORT + 1;
        int most = used.stream()
                .mapToInt(port -> Math.floorMod((long) port - FIRST_PORT - firstPort, count))
                .max()
                .orElse(-1);
        return most < 0 ? firstPort : Math.floorMod((long) firstPort + most + 1 + count / 4, count);
    }

    public LinkLayer layer() {
        return link.layer();
    }

    public MacAddress mac() {
        return mac;
    }

    /** Frames that the capture has lost so far. */
    public long dropped() {
        return link.dropped();
    }

    /** What has come between us and the truth so far. */
    public Disturbances disturbances() {
        return Disturbances.of(link);
    }

    /** Whether nothing comes over the link now, as far as the interface tells. */
    public Optional<Link.Outage> outage() {
        return link.outage();
    }

    /** Makes an address ours: it will be defended and answered for. */
    public void own(InetAddress address) {
        neighbours.own(address);
    }

    /** Asks the link whether somebody else has an address of ours; does not wait, {@link #impostor()} tells later. */
    public void challenge(InetAddress address) {
        neighbours.challenge(address);
    }

    /** Sets how fast segments may leave. ARP and neighbour discovery do not wait. */
    public void pace(Pace limit) {
        this.pace = limit;
    }

    public Pace pace() {
        return pace;
    }

    /** Waits until there is room for what a connection sends at one go; to be called before one is begun. */
    public void awaitRoom() {
        pace.awaitRoom();
    }

    /** From now on {@link #awaitRead} waits; for a target that takes segments which it reads together for one thing. */
    public void lockstep() {
        lockstep = true;
    }

    /** Whether each segment waits until the target has read the one before. */
    public boolean isLockstep() {
        return lockstep;
    }

    /**
     * In lockstep, waits until a neighbour has read all that was sent so far, as its reply to ARP or neighbour discovery
     * tells; not for ever, since one may be lost. Else does nothing.
     *
     * @param nextHop the neighbour; must have been resolved
     * @param from our address of the same family
     */
    public void awaitRead(InetAddress nextHop, InetAddress from) {
        if (lockstep) {
            neighbours.awaitRead(nextHop, nextHops.get(nextHop), from, READ);
        }
    }

    /** From now on segments go to these addresses only, over their next hops, and come from our own addresses only. */
    public void confine(Collection<InetAddress> destinations) {
        confinedTo = Set.copyOf(destinations);
    }

    /** Who else has sent TCP from one of our addresses, or claims one: another machine, or the host's own stack. */
    public Optional<MacAddress> impostor() {
        return Optional.ofNullable(impostor != null ? impostor : neighbours.rival());
    }

    /** Sets who gets frames to or from ports that no peer has. */
    public void stray(Flow flow) {
        this.stray = flow;
    }

    /**
     * Finds the Ethernet address of a next hop, and keeps it.
     *
     * @return empty if nobody answers within {@code patience}
     */
    public Optional<MacAddress> resolve(InetAddress nextHop, InetAddress from, Duration patience) {
        if (link.layer() == LinkLayer.RAW_IP) {
            return Optional.of(mac);
        }
        Optional<MacAddress> found = neighbours.resolve(nextHop, from, patience);
        found.ifPresent(m -> nextHops.put(nextHop, m));
        return found;
    }

    /** As {@link #resolve}, whatever was answered before. */
    public Optional<MacAddress> resolveAnew(InetAddress nextHop, InetAddress from, Duration patience) {
        neighbours.forget(nextHop);
        return resolve(nextHop, from, patience);
    }

    /** Whether somebody on the link uses an address. Takes {@code patience} where nobody does. */
    public boolean inUse(InetAddress address, Duration patience) {
        return link.layer() == LinkLayer.ETHERNET && neighbours.inUse(address, patience);
    }

    /**
     * Takes a port that no peer uses, the one longest unused.
     *
     * @throws LinkException if all are in use
     */
    public int takePort(Flow flow) {
        synchronized (freePorts) {
            Integer port = freePorts.pollFirst();
            if (port == null) {
                throw new LinkException("all " + (LAST_PORT - FIRST_PORT + 1) + " source ports are in use");
            }
            takenPorts.add(port);
            flows.put(port, flow);
            return port;
        }
    }

    /** Gives up a port that was taken; frames to it are stray from now on. */
    public void releasePort(int port) {
        synchronized (freePorts) {
            if (takenPorts.remove(port)) {
                flows.remove(port);
                freePorts.addLast(port);
            }
        }
    }

    /**
     * Hears also what goes out from {@code port}; for a segment that is sent from another port than the peer's.
     *
     * @return false if somebody hears the port already
     */
    public boolean alsoHear(int port, Flow flow) {
        synchronized (freePorts) {
            return flows.putIfAbsent(port, flow) == null;
        }
    }

    /** Undoes {@link #alsoHear}. The port was never taken, so it is not given back; who took it since keeps it. */
    public void hearNoMore(int port) {
        synchronized (freePorts) {
            if (!takenPorts.contains(port)) {
                flows.remove(port);
            }
        }
    }

    /**
     * What left.
     *
     * @param nanos when, by the clock of {@link System#nanoTime}: it may have had to wait for its turn
     * @param frames in how many frames
     * @param octets how many octets they have together
     */
    public record Departure(long nanos, int frames, int octets) {}

    /**
     * Sends a segment.
     *
     * @param ip the IP header
     * @param segment the segment; its checksum is computed where it is -1
     * @param finish what is done to the segment's octets; null for nothing
     * @param nextHop the neighbour that gets it; must have been resolved
     * @param toMac Ethernet destination, to be set against the rule; null for the next hop's
     * @throws LinkException if it cannot be sent, or goes to, or comes from, an address that it must not
     */
    public Departure send(Ip ip, WireSegment segment, Finish finish, InetAddress nextHop, MacAddress toMac) {
        requirePermitted(ip, toMac);
        sources.add(ip.source());
        destinations.add(ip.destination());
        byte[] packet = PacketBuilder.build(ip, segment, finish);
        byte[] whole = frame(ip, packet, nextHop, toMac);
        if (!(finish instanceof Finish.Fragments pieces)) {
            return depart(List.of(whole));
        }
        List<byte[]> frames = PacketBuilder.fragments(packet, pieces.octets(), ip.identification()).stream()
                .map(fragment -> frame(ip, fragment, nextHop, toMac))
                .toList();
        for (int i = 1; i <= frames.size(); i++) {
            // the flow sees the segment once all of it has left
            Frame seen = i < frames.size()
                    ? new Frame.Other("IP fragment " + i + " of " + frames.size())
                    : FrameDecoder.decode(whole, link.layer());
            fragments.put(ByteBuffer.wrap(frames.get(i - 1)), new Fragment(segment.sourcePort(), seen));
        }
        return depart(frames);
    }

    private Departure depart(List<byte[]> frames) {
        long nanos = 0;
        for (byte[] frame : frames) {
            pace.await();
            nanos = System.nanoTime();
            link.send(frame);
        }
        return new Departure(
                nanos, frames.size(), frames.stream().mapToInt(f -> f.length).sum());
    }

    private void requirePermitted(Ip ip, MacAddress toMac) {
        Set<InetAddress> permitted = confinedTo;
        if (permitted != null
                && (toMac != null || !permitted.contains(ip.destination()) || !neighbours.owns(ip.source()))) {
            throw new LinkException("not sent: a segment from " + Ip.text(ip.source()) + " to "
                    + Ip.text(ip.destination()) + (toMac == null ? "" : " in a frame to " + toMac)
                    + " concerns others than the target");
        }
    }

    private byte[] frame(Ip ip, byte[] packet, InetAddress nextHop, MacAddress toMac) {
        if (link.layer() == LinkLayer.RAW_IP) {
            return packet;
        }
        MacAddress to = toMac != null ? toMac : nextHops.get(nextHop);
        if (to == null) {
            throw new LinkException("no Ethernet address is known for " + Ip.text(nextHop));
        }
        EtherType type = ip.source() instanceof Inet4Address ? EtherType.IPV4 : EtherType.IPV6;
        return ethernet(to, type, new UnknownPacket.Builder().rawData(packet));
    }

    private void sendLinkLocal(MacAddress to, AbstractPacket.AbstractBuilder packet) {
        if (link.layer() == LinkLayer.ETHERNET) {
            EtherType type = packet instanceof org.pcap4j.packet.ArpPacket.Builder ? EtherType.ARP : EtherType.IPV6;
            link.send(ethernet(to, type, packet));
        }
    }

    private byte[] ethernet(MacAddress to, EtherType type, org.pcap4j.packet.Packet.Builder payload) {
        EthernetPacket.Builder frame = new EthernetPacket.Builder()
                .srcAddr(Neighbours.pcap(mac))
                .dstAddr(Neighbours.pcap(to))
                .paddingAtBuild(true);
        if (vlan == 0) {
            frame.type(type).payloadBuilder(payload);
        } else {
            frame.type(EtherType.DOT1Q_VLAN_TAGGED_FRAMES)
                    .payloadBuilder(new Dot1qVlanTagPacket.Builder()
                            .vid((short) vlan)
                            .type(type)
                            .payloadBuilder(payload));
        }
        return frame.build().getRawData();
    }

    private void received(long timeNanos, byte[] bytes) {
        Fragment fragment = fragments.isEmpty() ? null : fragments.remove(ByteBuffer.wrap(bytes));
        if (fragment != null) {
            dispatch(fragment.port(), new Captured(timeNanos, true, fragment.frame(), bytes));
            return;
        }
        Frame frame = FrameDecoder.decode(bytes, link.layer());
        boolean outgoing = outgoing(bytes, frame);
        if (frame instanceof Frame.Tcp tcp) {
            if (!outgoing && neighbours.owns(tcp.source())) {
                impostor = MacAddress.of(java.util.Arrays.copyOfRange(bytes, 6, 12));
                return;
            }
            if (!outgoing && isOfOthers(tcp)) {
                return;
            }
            int port = outgoing ? tcp.segment().sourcePort() : tcp.segment().destinationPort();
            dispatch(port, new Captured(timeNanos, outgoing, frame, bytes));
        } else if (outgoing) {
            return;
        } else if (frame instanceof Frame.IcmpError error) {
            // others on the link may use the same port
            if (neighbours.owns(error.quotedSource())) {
                dispatch(error.quotedSourcePort(), new Captured(timeNanos, false, frame, bytes));
            }
        } else if (frame instanceof Frame.Arp arp) {
            neighbours.received(arp);
        } else if (frame instanceof Frame.Neighbour message) {
            neighbours.received(message);
        }
    }

    /**
     * Whether a segment is between the target and somebody else on our link, such as another run, who may use the same
     * ports. What the target sends to an address that nobody else was seen to use is for us to judge, whatever it is.
     */
    private boolean isOfOthers(Frame.Tcp tcp) {
        boolean theirs = destinations.contains(tcp.destination())
                && !destinations.contains(tcp.source())
                && !sources.contains(tcp.source());
        if (theirs) {
            others.add(tcp.source());
        }
        return theirs || others.contains(tcp.destination()) && !sources.contains(tcp.destination());
    }

    private boolean outgoing(byte[] bytes, Frame frame) {
        if (link.layer() == LinkLayer.ETHERNET) {
            return bytes.length >= 12 && java.util.Arrays.equals(bytes, 6, 12, mac.octets(), 0, 6);
        }
        return frame instanceof Frame.Tcp tcp && neighbours.owns(tcp.source());
    }

    private void dispatch(int port, Captured captured) {
        flows.getOrDefault(port, stray).accept(captured);
    }

    @Override
    public void close() {
        link.close();
    }
}
