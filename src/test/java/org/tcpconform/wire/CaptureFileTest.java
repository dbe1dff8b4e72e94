package org.tcpconform.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.LinkLayer;
import org.testng.SkipException;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What is written is read by libpcap, stamps exact to the microsecond. */
public class CaptureFileTest {
    private Path folder;

    @BeforeClass
    public void libpcap() {
        try {
            Pcaps.libVersion();
        } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
            throw new SkipException("libpcap cannot be loaded: " + e.getMessage());
        }
    }

    @BeforeMethod
    public void makeFolder() throws IOException {
        folder = Files.createTempDirectory("capture-file-test");
    }

    @AfterMethod(alwaysRun = true)
    public void removeFolder() throws IOException {
        if (folder != null) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static Captured frame(long nanos, int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return new Captured(nanos, false, new Frame.Other("test"), bytes);
    }

    private record Read(long micros, byte[] bytes) {}

    private static List<Read> read(Path file, DataLinkType type) throws Exception {
        List<Read> frames = new ArrayList<>();
        try (PcapHandle handle = Pcaps.openOffline(file.toString())) {
            assertThat(handle.getDlt()).isEqualTo(type);
            for (byte[] bytes = handle.getNextRawPacket(); bytes != null; bytes = handle.getNextRawPacket()) {
                Timestamp stamp = handle.getTimestamp();
                frames.add(new Read(stamp.getTime() / 1_000 * 1_000_000 + stamp.getNanos() / 1_000, bytes));
            }
        }
        return frames;
    }

    @DataProvider
    public static Object[][] layers() {
        return new Object[][] {{LinkLayer.ETHERNET, DataLinkType.EN10MB}, {LinkLayer.RAW_IP, DataLinkType.RAW}};
    }

    @Test(dataProvider = "layers")
    public void writtenIsRead(LinkLayer layer, DataLinkType type) throws Exception {
        Path file = folder.resolve("a.pcap");
        CaptureFile.write(
                file,
                layer,
                List.of(
                        // out of order, at the edges of a second, and with nanoseconds that a microsecond has not room
                        // for
                        frame(1_700_000_001_000_000_000L, 3),
                        frame(1_700_000_000_999_999_999L, 2, 2),
                        frame(1_700_000_000_000_001_000L, 1, 1, 1),
                        frame(1_700_000_001_123_456_789L, 4),
                        frame(1_700_000_001_123_456_789L, 5)));
        List<Read> read = read(file, type);
        assertThat(read)
                .extracting(Read::micros)
                .containsExactly(
                        1_700_000_000_000_001L,
                        1_700_000_000_999_999L,
                        1_700_000_001_000_000L,
                        1_700_000_001_123_456L,
                        1_700_000_001_123_456L);
        assertThat(read.get(0).bytes()).containsExactly(1, 1, 1);
        assertThat(read.get(1).bytes()).containsExactly(2, 2);
        assertThat(read.stream().skip(2).map(r -> r.bytes()[0]))
                .as("frames of one stamp stay in their order")
                .containsExactly((byte) 3, (byte) 4, (byte) 5);
    }

    @Test
    public void noFramesMakeAnEmptyCapture() throws Exception {
        Path file = folder.resolve("empty.pcap");
        CaptureFile.write(file, LinkLayer.ETHERNET, List.of());
        assertThat(read(file, DataLinkType.EN10MB)).isEmpty();
    }

    @Test
    public void longestFrameIsKeptWhole() throws Exception {
        Path file = folder.resolve("long.pcap");
        CaptureFile.write(file, LinkLayer.RAW_IP, List.of(frame(1_000, new int[65_535])));
        assertThat(read(file, DataLinkType.RAW).get(0).bytes()).hasSize(65_535);
    }

    @Test
    public void whatCannotBeWrittenIsSaid() {
        Path nowhere = folder.resolve("no").resolve("folder.pcap");
        assertThatThrownBy(() -> CaptureFile.write(nowhere, LinkLayer.ETHERNET, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("folder.pcap");
    }

    /** A full file system, which libpcap's dumper does not tell of by itself. */
    @Test
    public void fullFileSystemIsNoticed() {
        Path full = Path.of("/dev/full");
        if (!Files.exists(full)) {
            throw new SkipException("there is no /dev/full here");
        }
        assertThatThrownBy(() -> CaptureFile.write(full, LinkLayer.ETHERNET, List.of(frame(1_000, 1))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/dev/full");
    }
}
