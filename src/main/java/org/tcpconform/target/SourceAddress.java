package org.tcpconform.target;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.tcpconform.segment.Ip;
import org.tcpconform.wire.Station;

/** Finds an address that nobody uses on the target's link, for us to use. */
public final class SourceAddress {
    /** Three probes within about a second: RFC 5227, 2.1.1 is stricter, for hosts that stay. */
    private static final Duration PATIENCE = Duration.ofMillis(900);

    private static final int PROBES = 8;
    private static final int DRAWS = 400;

    private SourceAddress() {}

    /**
     * An unused address with the on-link prefix of {@code way}.
     *
     * @throws EnvironmentException if every one that was tried is in use
     */
    public static InetAddress find(Station station, HostNetwork.Way way, RandomGenerator random) {
        Set<InetAddress> refused = new HashSet<>();
        HostNetwork.addresses(way.interfaceName()).forEach(own -> refused.add(own.address()));
        refused.add(way.nextHop());
        int probed = 0;
        // a small subnet may have no further address to try
        for (int i = 0; i < DRAWS && probed < PROBES; i++) {
            InetAddress candidate = candidate(way, random);
            if (refused.add(candidate)) {
                probed++;
                if (!station.inUse(candidate, PATIENCE)) {
                    return candidate;
                }
            }
        }
        throw new EnvironmentException("no unused address was found beside " + Ip.text(way.nextHop()) + "/"
                + way.prefixLength() + ": name one that nobody uses with --source");
    }

    private static InetAddress candidate(HostNetwork.Way way, RandomGenerator random) {
        byte[] octets = way.nextHop().getAddress();
        int bits = octets.length * 8;
        if (bits - way.prefixLength() < 2) {
            throw new EnvironmentException("the subnet " + Ip.text(way.nextHop()) + "/" + way.prefixLength()
                    + " has no room for another address: name one with --source");
        }
        while (true) {
            for (int bit = way.prefixLength(); bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                octets[bit / 8] = (byte) (random.nextBoolean() ? octets[bit / 8] | mask : octets[bit / 8] & ~mask);
            }
            if (!uniform(octets, way.prefixLength())) {
                return address(octets);
            }
        }
    }

    /** Whether the host part is all zeros or all ones: network and broadcast address. */
    private static boolean uniform(byte[] octets, int from) {
        List<Boolean> bits = new java.util.ArrayList<>();
        for (int bit = from; bit < octets.length * 8; bit++) {
            bits.add((octets[bit / 8] & 0x80 >> bit % 8) != 0);
        }
        return bits.stream().distinct().count() == 1;
    }

    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
