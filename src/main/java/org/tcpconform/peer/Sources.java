package org.tcpconform.peer;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Row;
import org.tcpconform.target.Route;

/** Source addresses other than ours. */
public enum Sources implements Row {
    /** All hosts of the link: 224.0.0.1 or ff02::1. */
    MULTICAST("the all-hosts multicast group"),
    /** 255.255.255.255; IPv6 has no broadcast. */
    LIMITED_BROADCAST("the limited broadcast address"),
    /** The highest address of the target's subnet; IPv6 has no broadcast. */
    SUBNET_BROADCAST("the broadcast address of its subnet"),
    /** 0.0.0.0 or ::. */
    UNSPECIFIED("the unspecified address"),
    /** 127.0.0.1 or ::1. */
    LOOPBACK("the loopback address"),
    /** The target's own. */
    TARGET("the target's own address"),
    /** An address of a network for documentation (RFC 5737, RFC 3849), which is nobody's. */
    ELSEWHERE("an address of another network");

    private final String what;

    Sources(String what) {
        this.what = what;
    }

    /** Those that no packet on a link may come from (RFC 1122, 3.2.1.3; RFC 4291, 2.5.2, 2.5.3 and 2.7). */
    public static List<Sources> invalid() {
        return List.of(MULTICAST, LIMITED_BROADCAST, SUBNET_BROADCAST, UNSPECIFIED, LOOPBACK);
    }

    @Override
    public String id() {
        return name().replace('_', '-');
    }

    @Override
    public String what() {
        return what;
    }

    @Override
    public boolean appliesTo(Family family) {
        return family == Family.IPV4 || this != LIMITED_BROADCAST && this != SUBNET_BROADCAST;
    }

    /** The IP source. */
    InetAddress address(Route route) {
        boolean v4 = route.target() instanceof Inet4Address;
        try {
            return switch (this) {
                case MULTICAST -> InetAddress.getByName(v4 ? "224.0.0.1" : "ff02::1");
                case LIMITED_BROADCAST -> InetAddress.getByName("255.255.255.255");
                case SUBNET_BROADCAST -> Destinations.SUBNET_BROADCAST.address(route);
                case UNSPECIFIED -> InetAddress.getByName(v4 ? "0.0.0.0" : "::");
                case LOOPBACK -> InetAddress.getByName(v4 ? "127.0.0.1" : "::1");
                case TARGET -> route.target();
                case ELSEWHERE -> InetAddress.getByName(v4 ? "198.51.100.1" : "2001:db8:ffff::1");
            };
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
