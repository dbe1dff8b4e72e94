package org.tcpconform.segment;

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
