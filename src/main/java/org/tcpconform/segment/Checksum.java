package org.tcpconform.segment;

import java.net.InetAddress;

/** The Internet checksum (RFC 1071) with the pseudo-header of IPv4 (RFC 9293, 3.1) or IPv6 (RFC 8200, 8.1). */
final class Checksum {
    /** Where in a TCP header the checksum stands. */
    static final int FIELD = 16;

    private Checksum() {}

    /** The checksum of a segment; 0 where the field inside it is right already. */
    static int of(InetAddress source, InetAddress destination, int protocol, byte[] bytes, int at, int length) {
        return ~sum(pseudoHeader(source, destination, protocol, length), bytes, at, length) & 0xffff;
    }

    /** What stands in the checksum field of a segment whose sum the network interface is to complete. */
    static int ofPseudoHeader(InetAddress source, InetAddress destination, int length) {
        return sum(pseudoHeader(source, destination, FrameDecoder.PROTOCOL_TCP, length), new byte[0], 0, 0);
    }

    private static long pseudoHeader(InetAddress source, InetAddress destination, int protocol, int length) {
        byte[] s = source.getAddress();
        byte[] d = destination.getAddress();
        return add(add(protocol + (long) length, s, 0, s.length), d, 0, d.length);
    }

    /** The ones' complement sum of {@code sum} and of octets. */
    static int sum(long sum, byte[] bytes, int at, int length) {
        long all = add(sum, bytes, at, length);
        while (all >> 16 != 0) {
            all = (all & 0xffff) + (all >> 16);
        }
        return (int) all;
    }

    /** What the checksum field of a segment has. */
    static int in(byte[] segment) {
        return (segment[FIELD] & 0xff) << 8 | segment[FIELD + 1] & 0xff;
    }

    /** Puts a value into the checksum field of a segment, and gives the segment. */
    static byte[] put(byte[] segment, int value) {
        segment[FIELD] = (byte) (value >> 8);
        segment[FIELD + 1] = (byte) value;
        return segment;
    }

    private static long add(long sum, byte[] bytes, int at, int length) {
        for (int i = 0; i + 1 < length; i += 2) {
            sum += (bytes[at + i] & 0xff) << 8 | (bytes[at + i + 1] & 0xff);
        }
        if (length % 2 != 0) {
            sum += (bytes[at + length - 1] & 0xff) << 8;
        }
        return sum;
    }
}
