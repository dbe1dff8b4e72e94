package org.tcpconform.peer;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Row;
import org.tcpconform.target.HostNetwork;
import org.tcpconform.target.Route;

/** Destinations that are not the target alone, and to which TCP must not answer (RFC 9293, 3.9.2.3). */
public enum Destinations implements Row {
    /** All hosts of the link: 224.0.0.1 or ff02::1. */
    MULTICAST("the all-hosts multicast group"),
    /** 255.255.255.255; IPv6 has no broadcast. */
    LIMITED_BROADCAST("the limited broadcast address"),
    /** The highest address of the target's subnet; IPv6 has no broadcast. */
    SUBNET_BROADCAST("the broadcast address of its subnet"),
    /** The target's own address, in a frame to everybody (RFC 1122, 3.3.6). */
    BROADCAST_FRAME("its own address in a broadcast frame");

    private final String what;

    Destinations(String what) {
        this.what = what;
    }

    public static List<Destinations> rows() {
        return List.of(values());
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
        return family == Family.IPV4 || this == MULTICAST;
    }

    /** The IP destination. */
    InetAddress address(Route route) {
        boolean v4 = route.target() instanceof Inet4Address;
        try {
            return switch (this) {
                case MULTICAST -> InetAddress.getByName(v4 ? "224.0.0.1" : "ff02::1");
                case LIMITED_BROADCAST -> InetAddress.getByName("255.255.255.255");
                case SUBNET_BROADCAST ->
                    HostNetwork.broadcast(route.target(), route.prefixLength()).orElseThrow();
                case BROADCAST_FRAME -> route.target();
            };
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
