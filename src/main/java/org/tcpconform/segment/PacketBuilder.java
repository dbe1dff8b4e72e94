package org.tcpconform.segment;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pcap4j.packet.IllegalRawDataException;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.IpV4Rfc1349Tos;
import org.pcap4j.packet.IpV6ExtFragmentPacket;
import org.pcap4j.packet.IpV6Packet;
import org.pcap4j.packet.IpV6SimpleFlowLabel;
import org.pcap4j.packet.IpV6SimpleTrafficClass;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.TcpPacket;
import org.pcap4j.packet.UnknownPacket;
import org.pcap4j.packet.namednumber.IpNumber;
import org.pcap4j.packet.namednumber.IpV4OptionType;
import org.pcap4j.packet.namednumber.IpVersion;
import org.pcap4j.packet.namednumber.TcpOptionKind;
import org.pcap4j.packet.namednumber.TcpPort;

/** Turns a segment into an IP packet, through pcap4j's builders. */
public final class PacketBuilder {
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    private PacketBuilder() {}

    /**
     * The IP packet that carries {@code segment}, as octets. The TCP checksum is computed where the segment's is -1.
     *
     * @param ip the IP header
     * @param segment the segment
     * @param finish what is done to the segment's octets where its checksum is -1; null for nothing
     */
    public static byte[] build(Ip ip, WireSegment segment, Finish finish) {
        TcpPacket.Builder tcp = tcp(ip, segment);
        if (segment.checksum() >= 0) {
            tcp.correctChecksumAtBuild(false).checksum((short) segment.checksum());
        } else {
            tcp.correctChecksumAtBuild(true);
        }
        if (finish == null || segment.checksum() >= 0) {
            return ip(ip, tcp).getRawData();
        }
        byte[] octets = finish.finish(ip, tcp.build().getRawData());
        return ip(ip, new UnknownPacket.Builder().rawData(octets)).getRawData();
    }

    /**
     * An IP packet without options or extension headers as fragments, in order.
     *
     * @param octets how many octets of the packet's data each takes, a multiple of 8
     * @param identification what tells the receiver which belong together
     */
    public static List<byte[]> fragments(byte[] packet, int octets, int identification) {
        boolean v4 = packet[0] >> 4 == 4;
        int header = v4 ? IPV4_HEADER : IPV6_HEADER;
        List<byte[]> fragments = new ArrayList<>();
        for (int at = header; at < packet.length; at += octets) {
            int end = Math.min(at + octets, packet.length);
            Packet.Builder data = new UnknownPacket.Builder().rawData(Arrays.copyOfRange(packet, at, end));
            short offset = (short) ((at - header) / 8);
            boolean more = end < packet.length;
            try {
                fragments.add(
                        v4
                                ? fragment4(packet, offset, more, data)
                                : fragment6(packet, offset, more, data, identification));
            } catch (IllegalRawDataException e) {
                throw new IllegalArgumentException("not an IP packet", e);
            }
        }
        return fragments;
    }

    private static byte[] fragment4(byte[] packet, short offset, boolean more, Packet.Builder data)
            throws IllegalRawDataException {
        return new IpV4Packet.Builder(IpV4Packet.newPacket(packet, 0, packet.length))
                .dontFragmentFlag(false)
                .moreFragmentFlag(more)
                .fragmentOffset(offset)
                .payloadBuilder(data)
                .correctLengthAtBuild(true)
                .correctChecksumAtBuild(true)
                .build()
                .getRawData();
    }

    private static byte[] fragment6(byte[] packet, short offset, boolean more, Packet.Builder data, int identification)
            throws IllegalRawDataException {
        return new IpV6Packet.Builder(IpV6Packet.newPacket(packet, 0, packet.length))
                .nextHeader(IpNumber.IPV6_FRAG)
                .payloadBuilder(new IpV6ExtFragmentPacket.Builder()
                        .nextHeader(IpNumber.TCP)
                        .fragmentOffset(offset)
                        .m(more)
                        .identification(identification)
                        .payloadBuilder(data))
                .correctLengthAtBuild(true)
                .build()
                .getRawData();
    }

    private static TcpPacket.Builder tcp(Ip ip, WireSegment s) {
        TcpPacket.Builder tcp = new TcpPacket.Builder()
                .srcAddr(ip.source())
                .dstAddr(ip.destination())
                .srcPort(TcpPort.getInstance((short) s.sourcePort()))
                .dstPort(TcpPort.getInstance((short) s.destinationPort()))
                .sequenceNumber(s.seq())
                .acknowledgmentNumber(s.ack())
                .dataOffset((byte) s.dataOffset())
                // pcap4j counts CWR and ECE to the reserved bits, as RFC 793 did
                .reserved((byte) (s.reserved() << 2 | s.flags() >> 6 & 0x03))
                .urg(s.has(Flag.URG))
                .ack(s.has(Flag.ACK))
                .psh(s.has(Flag.PSH))
                .rst(s.has(Flag.RST))
                .syn(s.has(Flag.SYN))
                .fin(s.has(Flag.FIN))
                .window((short) s.window())
                .urgentPointer((short) s.urgentPointer())
                .options(s.optionArea().length == 0 ? List.of() : List.of(new RawTcpOptions(s.optionArea())))
                .padding(new byte[0])
                .correctLengthAtBuild(false);
        if (s.payload().length > 0) {
            tcp.payloadBuilder(new UnknownPacket.Builder().rawData(s.payload()));
        }
        return tcp;
    }

    private static Packet ip(Ip ip, Packet.Builder tcp) {
        byte tos = (byte) (ip.tos() == null ? 0 : ip.tos());
        byte ttl = (byte) (ip.ttl() == null ? 64 : ip.ttl());
        if (ip.source() instanceof Inet6Address source) {
            return new IpV6Packet.Builder()
                    .version(IpVersion.IPV6)
                    .trafficClass(IpV6SimpleTrafficClass.newInstance(tos))
                    .flowLabel(IpV6SimpleFlowLabel.newInstance(0))
                    .nextHeader(IpNumber.TCP)
                    .hopLimit(ttl)
                    .srcAddr(source)
                    .dstAddr((Inet6Address) ip.destination())
                    .payloadBuilder(tcp)
                    .correctLengthAtBuild(true)
                    .build();
        }
        IpV4Packet.Builder v4 = new IpV4Packet.Builder()
                .version(IpVersion.IPV4)
                .tos(IpV4Rfc1349Tos.newInstance(tos))
                .identification((short) (ip.identification() == null ? 0 : ip.identification()))
                .dontFragmentFlag(ip.dontFragment() == null || ip.dontFragment())
                .ttl(ttl)
                .protocol(IpNumber.TCP)
                .srcAddr((Inet4Address) ip.source())
                .dstAddr((Inet4Address) ip.destination())
                .payloadBuilder(tcp)
                .correctLengthAtBuild(true)
                .paddingAtBuild(true);
        if (ip.options() != null) {
            v4.options(List.of(new RawIpOptions(ip.options())));
        }
        if (ip.headerChecksum() == null) {
            v4.correctChecksumAtBuild(true);
        } else {
            v4.correctChecksumAtBuild(false).headerChecksum(ip.headerChecksum().shortValue());
        }
        return v4.build();
    }

    /** A whole option area as one pcap4j option, so that it stands on the wire just as it was given. */
    private record RawTcpOptions(byte[] area) implements TcpPacket.TcpOption {
        @Override
        public TcpOptionKind getKind() {
            return TcpOptionKind.getInstance(area[0]);
        }

        @Override
        public int length() {
            return area.length;
        }

        @Override
        public byte[] getRawData() {
            return area;
        }
    }

    private record RawIpOptions(byte[] area) implements IpV4Packet.IpV4Option {
        @Override
        public IpV4OptionType getType() {
            return IpV4OptionType.getInstance(area[0]);
        }

        @Override
        public int length() {
            return area.length;
        }

        @Override
        public byte[] getRawData() {
            return area;
        }
    }
}
