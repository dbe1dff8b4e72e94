package org.tcpconform.wire;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameDecoder;
import org.tcpconform.segment.Ip;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.PacketBuilder;
import org.tcpconform.segment.WireSegment;

/**
 * One captured frame of a flow.
 *
 * @param timeNanos capture time since the epoch, in nanoseconds
 * @param outgoing whether we sent it
 * @param frame what it holds: a {@link Frame.Tcp} or {@link Frame.IcmpError}
 * @param bytes the frame as on the wire
 */
public record Captured(long timeNanos, boolean outgoing, Frame frame, byte[] bytes) {
    /** Where it stands in the header, in octets. */
    private static final int IPV4_CHECKSUM = 10;

    /** The stamp of a frame that is captured now, where no kernel gives one. */
    static long now() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /** The same frame with another segment in it; its checksum is computed where it is -1. */
    public Captured with(WireSegment segment, LinkLayer layer) {
        Ip ip = ((Frame.Tcp) frame).ip();
        return framed(timeNanos, outgoing, linkHeader(layer), ip, segment, layer);
    }

    /** The same frame with a wrong checksum of the IPv4 header; itself where it is IPv6, which has none. */
    public Captured withWrongIpChecksum(LinkLayer layer) {
        int header = FrameDecoder.linkHeader(bytes, layer);
        if (bytes[header] >> 4 != 4) {
            return this;
        }
        byte[] other = bytes.clone();
        other[header + IPV4_CHECKSUM] ^= 1;
        return new Captured(timeNanos, outgoing, FrameDecoder.decode(other, layer), other);
    }

    /** A frame that goes the other way, as if it had come {@code afterNanos} later. */
    public Captured answeredBy(WireSegment segment, long afterNanos, LinkLayer layer) {
        Frame.Tcp tcp = (Frame.Tcp) frame;
        byte[] header = linkHeader(layer);
        if (header.length > 0) {
            System.arraycopy(bytes, 0, header, 6, 6);
            System.arraycopy(bytes, 6, header, 0, 6);
        }
        Ip ip = Ip.between(tcp.destination(), tcp.source());
        return framed(timeNanos + afterNanos, !outgoing, header, ip, segment, layer);
    }

    private static Captured framed(
            long timeNanos, boolean outgoing, byte[] header, Ip ip, WireSegment segment, LinkLayer layer) {
        byte[] packet = PacketBuilder.build(ip, segment, null);
        byte[] whole = ByteBuffer.allocate(header.length + packet.length)
                .put(header)
                .put(packet)
                .array();
        return new Captured(timeNanos, outgoing, FrameDecoder.decode(whole, layer), whole);
    }

    /** What is before the IP packet. */
    private byte[] linkHeader(LinkLayer layer) {
        return Arrays.copyOf(bytes, FrameDecoder.linkHeader(bytes, layer));
    }
}
