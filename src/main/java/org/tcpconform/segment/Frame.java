package org.tcpconform.segment;

import java.net.InetAddress;

/** What one captured frame holds, as far as this tool looks. Made by {@link FrameDecoder}. */
public sealed interface Frame {
    /**
     * A TCP segment.
     *
     * @param source IP source address
     * @param destination IP destination address
     * @param ttl TTL or hop limit
     * @param tos type of service or traffic class octet
     * @param identification IPv4 identification; 0 for IPv6
     * @param dontFragment DF of IPv4; true for IPv6
     * @param ipOptions options of the IPv4 header, as octets; empty for IPv6
     * @param segment the segment
     * @param ipChecksumRight whether the checksum of the IPv4 header verifies; true for IPv6, which has none
     * @param checksumRight whether the TCP checksum verifies
     */
    record Tcp(
            InetAddress source,
            InetAddress destination,
            int ttl,
            int tos,
            int identification,
            boolean dontFragment,
            byte[] ipOptions,
            WireSegment segment,
            boolean ipChecksumRight,
            boolean checksumRight)
            implements Frame {
        /** The IP header around it, to be made anew, with a checksum that is right. */
        public Ip ip() {
            return new Ip(
                    source,
                    destination,
                    ttl,
                    tos,
                    identification,
                    dontFragment,
                    null,
                    ipOptions.length == 0 ? null : ipOptions);
        }

        /** Whether a TCP may make use of it: checksums that verify, and a data offset that can be. */
        public boolean usable() {
            return ipChecksumRight && checksumRight && segment.offsetFits();
        }

        /** Whether the sender has left the checksum to its network interface, so that the field has a part of the sum. */
        public boolean checksumLeftToHardware() {
            int length = WireSegment.FIXED_HEADER + segment.optionArea().length + segment.payload().length;
            return segment.checksum() == Checksum.ofPseudoHeader(source, destination, length);
        }
    }

    /** An ICMP or ICMPv6 error that quotes a TCP segment; {@code quotedSource} is the sender of what is quoted. */
    record IcmpError(
            InetAddress from,
            int type,
            int code,
            InetAddress quotedSource,
            InetAddress quotedDestination,
            int quotedSourcePort,
            int quotedDestinationPort,
            boolean ipv6)
            implements Frame {
        /** What it says, in words; the numbers for the rarer ones. */
        public String words() {
            String kind = ipv6
                    ? switch (type) {
                        case 1 ->
                            code == 1
                                    ? "administratively prohibited"
                                    : code == 4 ? "port unreachable" : "destination unreachable";
                        case 2 -> "packet too big";
                        case 3 -> "time exceeded";
                        default -> "error";
                    }
                    : switch (type) {
                        case 3 ->
                            switch (code) {
                                case 0 -> "network unreachable";
                                case 1 -> "host unreachable";
                                case 3 -> "port unreachable";
                                case 4 -> "fragmentation needed";
                                case 9, 10, 13 -> "administratively prohibited";
                                default -> "destination unreachable";
                            };
                        case 11 -> "time exceeded";
                        default -> "error";
                    };
            return (ipv6 ? "ICMPv6 " : "ICMP ") + kind + " (type " + type + ", code " + code + ") from "
                    + Ip.text(from);
        }
    }

    /** An ARP packet for IPv4 over Ethernet (RFC 826). {@code operation} is 1 for a request, 2 for a reply. */
    record Arp(
            int operation,
            MacAddress senderMac,
            InetAddress senderAddress,
            MacAddress targetMac,
            InetAddress targetAddress,
            boolean broadcast)
            implements Frame {}

    /**
     * A neighbour solicitation or advertisement (RFC 4861, 4.3 and 4.4).
     *
     * @param solicitation true for a solicitation
     * @param source IPv6 source address; unspecified in duplicate address detection
     * @param target address asked for or advertised
     * @param linkLayer link-layer address option; null where absent
     * @param frameSource sender of the Ethernet frame
     */
    record Neighbour(
            boolean solicitation, InetAddress source, InetAddress target, MacAddress linkLayer, MacAddress frameSource)
            implements Frame {}

    /** Anything else, or what cannot be read; {@code why} says so. */
    record Other(String why) implements Frame {}
}
