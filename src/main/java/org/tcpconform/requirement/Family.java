package org.tcpconform.requirement;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Version of IP. */
public enum Family {
    IPV4("IPv4", "v4"),
    IPV6("IPv6", "v6");

    private final String label;
    private final String suffix;

    Family(String label, String suffix) {
        this.label = label;
        this.suffix = suffix;
    }

    public static Family of(InetAddress address) {
        return address instanceof Inet6Address ? IPV6 : IPV4;
    }

    /** The name as people write it. */
    public String label() {
        return label;
    }

    /** How the id of a case over this version ends. */
    public String suffix() {
        return suffix;
    }
}
