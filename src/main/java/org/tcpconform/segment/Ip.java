package org.tcpconform.segment;

import java.net.InetAddress;

/**
 * What the IP header around a segment says. Fields left null are the usual value when sending.
 *
 * @param source source address
 * @param destination destination address
 * @param ttl TTL or hop limit; null means 64
 * @param tos type of service or traffic class octet; null means 0
 * @param identification IPv4 identification; null means a running number
 * @param dontFragment the DF bit of IPv4; null means set
 * @param headerChecksum IPv4 header checksum; null means the right one
 * @param options IPv4 options, as octets, padded to four; null means none
 */
public record Ip(
        InetAddress source,
        InetAddress destination,
        Integer ttl,
        Integer tos,
        Integer identification,
        Boolean dontFragment,
        Integer headerChecksum,
        byte[] options) {
    public static Ip between(InetAddress source, InetAddress destination) {
        return new Ip(source, destination, null, null, null, null, null, null);
    }

    /** An address as text: IPv6 in its short form (RFC 5952, 4), without a zone. */
    public static String text(InetAddress address) {
        byte[] octets = address.getAddress();
        if (octets.length == 4) {
            return address.getHostAddress();
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (octets[2 * i] & 0xff) << 8 | octets[2 * i + 1] & 0xff;
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                out.append("::");
                i += length - 1;
            } else {
                out.append(out.isEmpty() || out.charAt(out.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return out.toString();
    }

    public Ip withSource(InetAddress address) {
        return new Ip(address, destination, ttl, tos, identification, dontFragment, headerChecksum, options);
    }

    public Ip withDestination(InetAddress address) {
        return new Ip(source, address, ttl, tos, identification, dontFragment, headerChecksum, options);
    }

    public Ip withTos(int octet) {
        return new Ip(source, destination, ttl, octet, identification, dontFragment, headerChecksum, options);
    }

    /** @param number of which the lower 16 bits count */
    public Ip withIdentification(int number) {
        return new Ip(source, destination, ttl, tos, number & 0xffff, dontFragment, headerChecksum, options);
    }

    public Ip withHeaderChecksum(int checksum) {
        return new Ip(source, destination, ttl, tos, identification, dontFragment, checksum, options);
    }

    public Ip withOptions(byte... octets) {
        return new Ip(source, destination, ttl, tos, identification, dontFragment, headerChecksum, octets);
    }
}
