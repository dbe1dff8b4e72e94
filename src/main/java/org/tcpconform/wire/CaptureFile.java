package org.tcpconform.wire;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapDumper;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameDecoder;
import org.tcpconform.segment.LinkLayer;

/** Captured frames as a pcap file with microsecond stamps. */
public final class CaptureFile {
    private CaptureFile() {}

    /**
     * Writes {@code frames} in the order of their capture.
     *
     * @throws IOException if the file cannot be written whole
     */
    public static void write(Path file, LinkLayer layer, List<Captured> frames) throws IOException {
        DataLinkType type = layer == LinkLayer.ETHERNET ? DataLinkType.EN10MB : DataLinkType.RAW;
        long octets = 24;
        try (PcapHandle handle = Pcaps.openDead(type, 65_536);
                PcapDumper dumper = handle.dumpOpen(file.toString())) {
            for (Captured frame : frames.stream()
                    .sorted(Comparator.comparingLong(Captured::timeNanos))
                    .toList()) {
                Timestamp stamp = new Timestamp(frame.timeNanos() / 1_000_000);
                stamp.setNanos((int) (frame.timeNanos() % 1_000_000_000));
                dumper.dumpRaw(frame.bytes(), stamp);
                octets += 16 + frame.bytes().length;
            }
            dumper.flush();
        } catch (PcapNativeException | NotOpenException e) {
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
        // libpcap's dumper does not tell of a full disk before it is closed, so the length is what proves the file
        if (java.nio.file.Files.size(file) != octets) {
            throw new IOException("cannot write " + file + ": the file system took only part of it");
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param target whose frames came in; all others went out
     * @throws IOException if there is no such file, or it is not whole
     */
    public static List<Captured> read(Path file, InetAddress target) throws IOException {
        List<Captured> frames = new ArrayList<>();
        try (PcapHandle handle = Pcaps.openOffline(file.toString(), TimestampPrecision.MICRO)) {
            LinkLayer layer = PcapLink.layer(handle.getDlt());
            while (true) {
                byte[] bytes = handle.getNextRawPacketEx();
                Frame frame = FrameDecoder.decode(bytes, layer);
                boolean outgoing =
                        !(frame instanceof Frame.Tcp tcp && tcp.source().equals(target));
                frames.add(new Captured(PcapLink.nanos(handle.getTimestamp()), outgoing, frame, bytes));
            }
        } catch (EOFException e) {
            return frames;
        } catch (PcapNativeException | NotOpenException | TimeoutException | LinkException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
