package org.tcpconform.wire;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.Comparator;
import java.util.List;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapDumper;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;
import org.tcpconform.segment.LinkLayer;

/** Writes captured frames as a pcap file with microsecond stamps. */
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
}
