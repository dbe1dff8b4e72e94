package org.tcpconform.testkit;

import java.nio.ByteBuffer;
import org.tcpconform.segment.MacAddress;
import org.tcpconform.segment.WireSegment;

/** Frames as octets, and segments that are like another but for one thing. */
public final class Frames {
    private static final int ETHERNET_HEADER = 14;

    private Frames() {}

    /** A frame around a packet, however short. */
    public static byte[] ethernet(MacAddress from, MacAddress to, int type, byte[] packet) {
        return ByteBuffer.allocate(ETHERNET_HEADER + packet.length)
                .put(to.octets())
                .put(from.octets())
                .putShort((short) type)
                .put(packet)
                .array();
    }

    public static WireSegment withChecksum(WireSegment s, int checksum) {
        return like(s, s.dataOffset(), checksum, s.optionArea(), s.payload());
    }

    /** With options as octets, and a data offset that need not fit them. */
    public static WireSegment withOptions(WireSegment s, byte[] area, int dataOffset) {
        return like(s, dataOffset, s.checksum(), area, s.payload());
    }

    public static WireSegment withData(WireSegment s, byte[] data) {
        return like(s, s.dataOffset(), s.checksum(), s.optionArea(), data);
    }

    private static WireSegment like(WireSegment s, int dataOffset, int checksum, byte[] area, byte[] data) {
        return new WireSegment(
                s.sourcePort(),
                s.destinationPort(),
                s.seq(),
                s.ack(),
                dataOffset,
                s.reserved(),
                s.flags(),
                s.window(),
                checksum,
                s.urgentPointer(),
                area,
                data);
    }
}
