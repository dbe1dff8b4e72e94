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

    public Ip withSource(InetAddress address) {
        return new Ip(address, destination, ttl, tos, identification, dontFragment, headerChecksum, options);
    }

    public Ip withDestination(InetAddress address) {
        return new Ip(source, address, ttl, tos, identification, dontFragment, headerChecksum, options);
    }

    public Ip withHeaderChecksum(int checksum) {
        return new Ip(source, destination, ttl, tos, identification, dontFragment, checksum, options);
    }

    public Ip withOptions(byte... octets) {
        return new Ip(source, destination, ttl, tos, identification, dontFragment, headerChecksum, octets);
    }
}
