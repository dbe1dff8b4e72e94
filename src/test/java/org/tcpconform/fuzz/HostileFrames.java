package org.tcpconform.fuzz;

import static org.tcpconform.testkit.Bench.OUR_IPV4;
import static org.tcpconform.testkit.Bench.OUR_IPV6;
import static org.tcpconform.testkit.Bench.OUR_MAC;
import static org.tcpconform.testkit.Bench.TARGET_IPV4;
import static org.tcpconform.testkit.Bench.TARGET_IPV6;
import static org.tcpconform.testkit.Bench.TARGET_MAC;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.Surroundings;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.target.Route;
import org.tcpconform.target.Target;
import org.tcpconform.testkit.Frames;
import org.tcpconform.verdict.Step;
import org.tcpconform.wire.Link;
import org.tcpconform.wire.Station;

/**
 * Frames of a target that means harm, as a fuzzer makes them: they go through all that hears the link (decoder, ARP and
 * neighbour discovery, the peer of a connection) and into what reports print of them. Whatever escapes as an exception
 * is a fault.
 *
 * <p>The input is a choice of the link layer, then frames: a kind, a length, and octets. Kinds other than the raw one
 * bring headers that lead past the first checks, for a fuzzer would take long to find our addresses.
 */
public final class HostileFrames {
    /** Kinds of frames; the octets of the input are what follows the headers. */
    private enum Kind {
        RAW,
        TCP_IPV4,
        TCP_IPV6,
        TCP_IPV4_WITH_OPTIONS,
        ARP,
        NEIGHBOUR,
        ICMP,
        ICMPV6
    }

    private static final Map<LinkLayer, HostileFrames> LINKS = new EnumMap<>(LinkLayer.class);

    /** Delivers on the thread that sends, so that what escapes is seen. */
    private static final class Wire implements Link {
        private final LinkLayer layer;
        private Receiver receiver;

        Wire(LinkLayer layer) {
            this.layer = layer;
        }

        @Override
        public LinkLayer layer() {
            return layer;
        }

        @Override
        public void send(byte[] frame) {
            receiver.frame(0, frame);
        }

        @Override
        public void start(Receiver to) {
            this.receiver = to;
        }

        @Override
        public long dropped() {
            return 0;
        }

        @Override
        public void close() {}
    }

    private final Wire wire;
    private final Station station;
    private final Target target;

    private HostileFrames(LinkLayer layer) {
        this.wire = new Wire(layer);
        this.station = new Station(wire, OUR_MAC, 0, true, 1);
        Map<Family, Route> routes = new EnumMap<>(Family.class);
        routes.put(Family.IPV4, new Route(OUR_IPV4, TARGET_IPV4, TARGET_IPV4, 24));
        routes.put(Family.IPV6, new Route(OUR_IPV6, TARGET_IPV6, TARGET_IPV6, 64));
        station.own(OUR_IPV4);
        station.own(OUR_IPV6);
        this.target = Target.at("hostile", "", routes, Map.of(Stimulus.OPEN_PORT, 7), Set.of());
    }

    /** Entry point of the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            LinkLayer layer = (input[0] & 1) == 0 ? LinkLayer.ETHERNET : LinkLayer.RAW_IP;
            LINKS.computeIfAbsent(layer, HostileFrames::new).play(ByteBuffer.wrap(input, 1, input.length - 1));
        }
    }

    private void play(ByteBuffer input) {
        Family family = input.hasRemaining() && (input.get() & 1) == 0 ? Family.IPV4 : Family.IPV6;
        try (CaseLog log = new CaseLog(new Surroundings(station, target, family), new Random(1))) {
            Peer peer = log.peer(Stimulus.OPEN_PORT);
            while (input.remaining() >= 2) {
                Kind kind = Kind.values()[Math.floorMod(input.get(), Kind.values().length)];
                byte[] octets = new byte[Math.min(input.get() & 0xff, input.remaining())];
                input.get(octets);
                wire.send(frame(kind, peer.port(), octets));
            }
            for (Step step : log.steps()) {
                if (step.text().isEmpty()) {
                    throw new IllegalStateException("a step without text");
                }
            }
        }
    }

    private byte[] frame(Kind kind, int port, byte[] octets) {
        byte[] toPort = {0, 7, (byte) (port >> 8), (byte) port};
        return switch (kind) {
            case RAW -> octets;
            case TCP_IPV4 -> ethernet(0x0800, ipv4(6, new byte[0], joined(toPort, octets)));
            case TCP_IPV6 -> ethernet(0x86dd, ipv6(6, joined(toPort, octets)));
            case TCP_IPV4_WITH_OPTIONS ->
                ethernet(
                        0x0800,
                        ipv4(
                                6,
                                Arrays.copyOf(octets, 12),
                                joined(
                                        toPort,
                                        Arrays.copyOfRange(octets, Math.min(12, octets.length), octets.length))));
            case ARP -> ethernet(0x0806, joined(new byte[] {0, 1, 8, 0, 6, 4}, octets));
            case NEIGHBOUR -> ethernet(0x86dd, ipv6(58, joined(new byte[] {(byte) 135}, octets)));
            case ICMP -> ethernet(0x0800, ipv4(1, new byte[0], octets));
            case ICMPV6 -> ethernet(0x86dd, ipv6(58, octets));
        };
    }

    private byte[] ethernet(int type, byte[] packet) {
        return wire.layer() == LinkLayer.RAW_IP ? packet : Frames.ethernet(TARGET_MAC, OUR_MAC, type, packet);
    }

    private static byte[] ipv4(int protocol, byte[] options, byte[] body) {
        int header = 20 + options.length;
        return ByteBuffer.allocate(header + body.length)
                .put((byte) (0x40 | header / 4))
                .put((byte) 0)
                .putShort((short) (header + body.length))
                .putInt(0)
                .put((byte) 64)
                .put((byte) protocol)
                .putShort((short) 0)
                .put(TARGET_IPV4.getAddress())
                .put(OUR_IPV4.getAddress())
                .put(options)
                .put(body)
                .array();
    }

    private static byte[] ipv6(int next, byte[] body) {
        return ByteBuffer.allocate(40 + body.length)
                .putInt(0x60000000)
                .putShort((short) body.length)
                .put((byte) next)
                .put((byte) 255)
                .put(TARGET_IPV6.getAddress())
                .put(OUR_IPV6.getAddress())
                .put(body)
                .array();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
