package org.tcpconform.segment;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/** An Ethernet address. */
public final class MacAddress {
    public static final MacAddress BROADCAST = new MacAddress(new byte[] {-1, -1, -1, -1, -1, -1});

    private final byte[] octets;

    private MacAddress(byte[] octets) {
        this.octets = octets;
    }

    /**
     * @throws IllegalArgumentException unless there are six octets
     */
    public static MacAddress of(byte[] octets) {
        if (octets.length != 6) {
            throw new IllegalArgumentException("an Ethernet address has six octets, not " + octets.length);
        }
        return new MacAddress(octets.clone());
    }

    /** From {@code 02:00:00:00:00:01}. */
    public static MacAddress of(String text) {
        return of(HexFormat.ofDelimiter(":").parseHex(text));
    }

    /** The Ethernet address of an IP multicast group (RFC 1112, 6.4; RFC 2464, 7). */
    public static MacAddress ofGroup(InetAddress group) {
        byte[] a = group.getAddress();
        return a.length == 4
                ? new MacAddress(new byte[] {0x01, 0x00, 0x5e, (byte) (a[1] & 0x7f), a[2], a[3]})
                : new MacAddress(new byte[] {0x33, 0x33, a[12], a[13], a[14], a[15]});
    }

    static MacAddress at(byte[] frame, int offset) {
        return new MacAddress(Arrays.copyOfRange(frame, offset, offset + 6));
    }

    public byte[] octets() {
        return octets.clone();
    }

    public boolean isMulticast() {
        return (octets[0] & 1) != 0;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof MacAddress other && Arrays.equals(octets, other.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(octets);
    }
}
