package org.tcpconform.bench;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameDecoder;
import org.tcpconform.segment.LinkLayer;

/**
 * A second capture, of which neither contestant knows: the kernel stamps the frames into a ring, and nobody reads it, so
 * that it takes no processor from them, until {@link #read}.
 */
final class Judge implements AutoCloseable {
    /** One TCP segment on the wire; {@code outgoing} where the tester sent it. */
    record Seen(long nanos, boolean outgoing, Frame.Tcp tcp) {}

    private static final int HEADERS = 128;
    private static final int RING_OCTETS = 64 << 20;
    private static final int BLOCK_MILLIS = 20;

    private final PcapHandle handle;
    private final int targetPort;

    private Judge(PcapHandle handle, int targetPort) {
        this.handle = handle;
        this.targetPort = targetPort;
    }

    static Judge open(String interfaceName, int targetPort) throws PcapNativeException, NotOpenException {
        PcapHandle handle = new PcapHandle.Builder(interfaceName)
                .snaplen(HEADERS)
                .promiscuousMode(PromiscuousMode.PROMISCUOUS)
                .immediateMode(false)
                .timeoutMillis(BLOCK_MILLIS)
                .bufferSize(RING_OCTETS)
                .timestampPrecision(TimestampPrecision.NANO)
                .build();
        handle.setFilter("tcp port " + targetPort, BpfCompileMode.OPTIMIZE);
        // else a read waits for the next frame, timeout or not
        handle.setBlockingMode(BlockingMode.NONBLOCKING);
        return new Judge(handle, targetPort);
    }

    /** All that came since it was opened, or last read. */
    List<Seen> read() throws NotOpenException, PcapNativeException, InterruptedException {
        // the kernel hands a block over when it is full or its time is up
        TimeUnit.MILLISECONDS.sleep(3 * BLOCK_MILLIS);
        List<Seen> seen = new ArrayList<>();
        for (byte[] frame = handle.getNextRawPacket(); frame != null; frame = handle.getNextRawPacket()) {
            Timestamp stamp = handle.getTimestamp();
            if (FrameDecoder.decode(frame, LinkLayer.ETHERNET) instanceof Frame.Tcp tcp) {
                long nanos = TimeUnit.MILLISECONDS.toNanos(stamp.getTime() / 1000 * 1000) + stamp.getNanos();
                seen.add(new Seen(nanos, tcp.segment().destinationPort() == targetPort, tcp));
            }
        }
        if (handle.getStats().getNumPacketsDropped() > 0) {
            throw new IllegalStateException("the judging capture lost frames");
        }
        return seen;
    }

    @Override
    public void close() {
        handle.close();
    }
}
