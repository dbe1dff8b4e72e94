package org.tcpconform.segment;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Reads captured frames. Written by hand, not by pcap4j's packet classes: those refuse what a hostile or broken target
 * may send (option lengths, data offsets), and just that has to be seen and judged here. Never throws on any input.
 */
public final class FrameDecoder {
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_ARP = 0x0806;
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final int ETHERTYPE_VLAN = 0x8100;
    private static final int ETHERTYPE_QINQ = 0x88a8;
    private static final int PROTOCOL_ICMP = 1;
    static final int PROTOCOL_TCP = 6;
    private static final int PROTOCOL_ICMPV6 = 58;
    private static final int LOOSE_SOURCE_ROUTE = 131;
    private static final int STRICT_SOURCE_ROUTE = 137;

    private FrameDecoder() {}

    /** What {@code frame} holds; {@link Frame.Other} where it is nothing that matters or cannot be read. */
    public static Frame decode(byte[] frame, LinkLayer link) {
        try {
            if (link == LinkLayer.RAW_IP) {
                return ip(frame, 0, null);
            }
            if (frame.length < 14) {
                return new Frame.Other("shorter than an Ethernet header");
            }
            int at = linkHeader(frame, link);
            int type = u16(frame, at - 2);
            return switch (type) {
                case ETHERTYPE_IPV4, ETHERTYPE_IPV6 -> ip(frame, at, MacAddress.at(frame, 6));
                case ETHERTYPE_ARP -> arp(frame, at);
                default -> new Frame.Other("EtherType 0x" + Integer.toHexString(type));
            };
        } catch (ArrayIndexOutOfBoundsException | UnknownHostException e) {
            return new Frame.Other("truncated");
        }
    }

    /** How many octets are before the network layer's: the Ethernet header with its VLAN tags. */
    public static int linkHeader(byte[] frame, LinkLayer link) {
        if (link == LinkLayer.RAW_IP) {
            return 0;
        }
        int at = 12;
        int type = u16(frame, at);
        while ((type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ) && at + 6 <= frame.length) {
            at += 4;
            type = u16(frame, at);
        }
        return at + 2;
    }

    private static Frame ip(byte[] f, int at, MacAddress from) throws UnknownHostException {
        int version = u8(f, at) >> 4;
        if (version == 4) {
            return ipv4(f, at);
        }
        if (version == 6) {
            return ipv6(f, at, from);
        }
        return new Frame.Other("IP version " + version);
    }

    private static Frame ipv4(byte[] f, int at) throws UnknownHostException {
        int header = (u8(f, at) & 0x0f) * 4;
        int total = u16(f, at + 2);
        int end = at + total;
        if (header < 20 || total < header || end > f.length) {
            return new Frame.Other("IPv4 lengths do not fit");
        }
        if ((u16(f, at + 6) & 0x3fff) != 0) {
            return new Frame.Other("IPv4 fragment");
        }
        InetAddress source = address(f, at + 12, 4);
        InetAddress destination = address(f, at + 16, 4);
        int body = at + header;
        return switch (u8(f, at + 9)) {
            case PROTOCOL_TCP ->
                tcp(
                        f,
                        body,
                        end,
                        source,
                        destination,
                        u8(f, at + 8),
                        u8(f, at + 1),
                        u16(f, at + 4),
                        (u8(f, at + 6) & 0x40) != 0,
                        Arrays.copyOfRange(f, at + 20, body),
                        Checksum.sum(0, f, at, header) == 0xffff);
            case PROTOCOL_ICMP -> icmp(f, body, end, source, false);
            default -> new Frame.Other("IP protocol " + u8(f, at + 9));
        };
    }

    private static Frame ipv6(byte[] f, int at, MacAddress from) throws UnknownHostException {
        int end = at + 40 + u16(f, at + 4);
        if (end > f.length) {
            return new Frame.Other("IPv6 payload length does not fit");
        }
        InetAddress source = address(f, at + 8, 16);
        InetAddress destination = address(f, at + 24, 16);
        int next = u8(f, at + 6);
        int body = at + 40;
        // hop-by-hop, routing and destination options may stand before TCP (RFC 8200, 4)
        while ((next == 0 || next == 43 || next == 60) && body + 8 <= end) {
            next = u8(f, body);
            body += (u8(f, body + 1) + 1) * 8;
        }
        if (body > end) {
            return new Frame.Other("IPv6 extension headers do not fit");
        }
        return switch (next) {
            case PROTOCOL_TCP ->
                tcp(
                        f,
                        body,
                        end,
                        source,
                        destination,
                        u8(f, at + 7),
                        (u16(f, at) >> 4) & 0xff,
                        0,
                        true,
                        new byte[0],
                        true);
            case PROTOCOL_ICMPV6 -> icmpv6(f, body, end, source, from);
            default -> new Frame.Other("IPv6 next header " + next);
        };
    }

    private static Frame tcp(
            byte[] f,
            int at,
            int end,
            InetAddress source,
            InetAddress destination,
            int ttl,
            int tos,
            int identification,
            boolean dontFragment,
            byte[] ipOptions,
            boolean ipChecksumRight)
            throws UnknownHostException {
        if (end - at < 20) {
            return new Frame.Other("shorter than a TCP header");
        }
        int offset = u8(f, at + 12) >> 4;
        // a data offset that does not fit is kept as it is: the options then are all that follows, and there is no data
        int data = offset < 5 ? at + 20 : Math.min(at + offset * 4, end);
        WireSegment segment = new WireSegment(
                u16(f, at),
                u16(f, at + 2),
                i32(f, at + 4),
                i32(f, at + 8),
                offset,
                u8(f, at + 12) & 0x0f,
                u8(f, at + 13),
                u16(f, at + 14),
                u16(f, at + 16),
                u16(f, at + 18),
                Arrays.copyOfRange(f, at + 20, data),
                Arrays.copyOfRange(f, data, end));
        InetAddress ultimate = ultimateDestination(destination, ipOptions);
        boolean right = Checksum.of(source, ultimate, PROTOCOL_TCP, f, at, end - at) == 0;
        return new Frame.Tcp(
                source,
                destination,
                ttl,
                tos,
                identification,
                dontFragment,
                ipOptions,
                segment,
                ipChecksumRight,
                right);
    }

    /** Where a packet ends that a source route leads on: that address is the one in the checksum (RFC 9293, 3.9.2.1). */
    private static InetAddress ultimateDestination(InetAddress next, byte[] options) throws UnknownHostException {
        for (int i = 0; i + 2 < options.length && u8(options, i) != 0; ) {
            int type = u8(options, i);
            int length = type == 1 ? 1 : u8(options, i + 1);
            if (length < 1 || i + length > options.length) {
                return next;
            }
            boolean route = type == LOOSE_SOURCE_ROUTE || type == STRICT_SOURCE_ROUTE;
            if (route && length >= 7 && u8(options, i + 2) < length) {
                return address(options, i + length - 4, 4);
            }
            i += length;
        }
        return next;
    }

    private static Frame icmp(byte[] f, int at, int end, InetAddress from, boolean ipv6) throws UnknownHostException {
        int type = u8(f, at);
        boolean error = ipv6 ? type < 128 : type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
        if (!error) {
            return new Frame.Other("ICMP type " + type);
        }
        int quoted = at + 8;
        int address = ipv6 ? 16 : 4;
        int sourceAt = quoted + (ipv6 ? 8 : 12);
        int body = quoted + (ipv6 ? 40 : (u8(f, quoted) & 0x0f) * 4);
        int protocol = u8(f, quoted + (ipv6 ? 6 : 9));
        if (protocol != PROTOCOL_TCP || body + 4 > end) {
            return new Frame.Other("ICMP error that quotes no TCP");
        }
        return new Frame.IcmpError(
                from,
                type,
                u8(f, at + 1),
                address(f, sourceAt, address),
                address(f, sourceAt + address, address),
                u16(f, body),
                u16(f, body + 2),
                ipv6);
    }

    private static Frame icmpv6(byte[] f, int at, int end, InetAddress source, MacAddress from)
            throws UnknownHostException {
        int type = u8(f, at);
        if ((type != 135 && type != 136) || from == null) {
            return icmp(f, at, end, source, true);
        }
        if (end - at < 24) {
            return new Frame.Other("neighbour discovery message too short");
        }
        MacAddress linkLayer = null;
        int wanted = type == 135 ? 1 : 2;
        for (int option = at + 24; option + 8 <= end; ) {
            int length = u8(f, option + 1) * 8;
            if (length == 0) {
                return new Frame.Other("neighbour discovery option of length zero");
            }
            if (u8(f, option) == wanted && length == 8) {
                linkLayer = MacAddress.at(f, option + 2);
            }
            option += length;
        }
        return new Frame.Neighbour(type == 135, source, address(f, at + 8, 16), linkLayer, from);
    }

    private static Frame arp(byte[] f, int at) throws UnknownHostException {
        if (u16(f, at) != 1 || u16(f, at + 2) != ETHERTYPE_IPV4 || u8(f, at + 4) != 6 || u8(f, at + 5) != 4) {
            return new Frame.Other("ARP for another kind of address");
        }
        return new Frame.Arp(
                u16(f, at + 6),
                MacAddress.at(f, at + 8),
                address(f, at + 14, 4),
                MacAddress.at(f, at + 18),
                address(f, at + 24, 4),
                MacAddress.at(f, 0).isMulticast());
    }

    private static InetAddress address(byte[] f, int at, int length) throws UnknownHostException {
        if (at + length > f.length) {
            throw new ArrayIndexOutOfBoundsException(at);
        }
        byte[] octets = Arrays.copyOfRange(f, at, at + length);
        // InetAddress would make an Inet4Address of an IPv4-mapped one, and it would pass for ours
        return length == 16 ? Inet6Address.getByAddress(null, octets, -1) : InetAddress.getByAddress(octets);
    }

    private static int u8(byte[] f, int at) {
        return f[at] & 0xff;
    }

    private static int u16(byte[] f, int at) {
        return (f[at] & 0xff) << 8 | (f[at + 1] & 0xff);
    }

    private static int i32(byte[] f, int at) {
        return u16(f, at) << 16 | u16(f, at + 2);
    }
}
