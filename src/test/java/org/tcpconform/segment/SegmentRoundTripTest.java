package org.tcpconform.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What is built is what is read, for any segment; and the octets are those of the RFCs' figures. */
public class SegmentRoundTripTest {
    private static final int ROUNDS = 5_000;

    @DataProvider
    public static Object[][] families() {
        return new Object[][] {{true}, {false}};
    }

    @Test(dataProvider = "families")
    public void builtIsRead(boolean v4) {
        Randomly random = new Randomly(v4 ? 4 : 6);
        for (int i = 0; i < ROUNDS; i++) {
            WireSegment s = random.segment(true);
            int error = random.oneIn(4) ? 1 + random.below(0xffff) : 0;
            Ip ip = ip(random, v4);
            byte[] packet = PacketBuilder.build(ip, s, error == 0 ? null : new Finish.ChecksumOffBy(error));
            assertThat(packet).as("round %d", i).containsExactly(byHand(ip, s, error));

            Frame.Tcp tcp = (Frame.Tcp) FrameDecoder.decode(packet, LinkLayer.RAW_IP);
            WireSegment read = tcp.segment();
            assertThat(tcp.source()).isEqualTo(ip.source());
            assertThat(tcp.destination()).isEqualTo(ip.destination());
            assertThat(tcp.ttl()).isEqualTo(ip.ttl());
            assertThat(tcp.tos()).isEqualTo(ip.tos());
            if (v4) {
                assertThat(tcp.identification()).isEqualTo(ip.identification());
                assertThat(tcp.dontFragment()).isEqualTo(ip.dontFragment());
            }
            assertThat(read.sourcePort()).isEqualTo(s.sourcePort());
            assertThat(read.destinationPort()).isEqualTo(s.destinationPort());
            assertThat(read.seq()).isEqualTo(s.seq());
            assertThat(read.ack()).isEqualTo(s.ack());
            assertThat(read.dataOffset()).isEqualTo(s.dataOffset());
            assertThat(read.reserved()).isEqualTo(s.reserved());
            assertThat(read.flags()).isEqualTo(s.flags());
            assertThat(read.window()).isEqualTo(s.window());
            assertThat(read.urgentPointer()).isEqualTo(s.urgentPointer());
            if (s.dataOffset() == 5 + s.optionArea().length / 4) {
                assertThat(read.optionArea()).containsExactly(s.optionArea());
                assertThat(read.payload()).containsExactly(s.payload());
            } else {
                assertThat(concat(read.optionArea(), read.payload()))
                        .as("a data offset that does not fit loses nothing")
                        .containsExactly(concat(s.optionArea(), s.payload()));
            }
            if (s.checksum() >= 0) {
                assertThat(read.checksum()).isEqualTo(s.checksum());
            } else {
                assertThat(tcp.checksumRight()).isEqualTo(error == 0);
            }
        }
    }

    private static Ip ip(Randomly random, boolean v4) {
        byte[] options = v4 && random.oneIn(4) ? random.bytes(4 * (1 + random.below(10))) : null;
        return new Ip(
                random.address(v4),
                random.address(v4),
                random.below(256),
                random.below(256),
                random.below(0x10000),
                random.oneIn(2),
                v4 && random.oneIn(4) ? random.below(0x10000) : null,
                options);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** The packet by the figures of RFC 791, RFC 8200 and RFC 9293, without pcap4j and without the decoder. */
    private static byte[] byHand(Ip ip, WireSegment s, int error) {
        ByteBuffer tcp = ByteBuffer.allocate(20 + s.optionArea().length + s.payload().length)
                .putShort((short) s.sourcePort())
                .putShort((short) s.destinationPort())
                .putInt(s.seq())
                .putInt(s.ack())
                .put((byte) (s.dataOffset() << 4 | s.reserved()))
                .put((byte) s.flags())
                .putShort((short) s.window())
                .putShort((short) 0)
                .putShort((short) s.urgentPointer())
                .put(s.optionArea())
                .put(s.payload());
        ByteArrayOutputStream pseudo = new ByteArrayOutputStream();
        pseudo.writeBytes(ip.source().getAddress());
        pseudo.writeBytes(ip.destination().getAddress());
        pseudo.writeBytes(
                ByteBuffer.allocate(8).putInt(tcp.capacity()).putInt(6).array());
        pseudo.writeBytes(tcp.array());
        int checksum = s.checksum() >= 0 ? s.checksum() : sum(pseudo.toByteArray()) ^ error;
        tcp.putShort(16, (short) checksum);
        if (!(ip.source() instanceof Inet4Address)) {
            return ByteBuffer.allocate(40 + tcp.capacity())
                    .putInt(6 << 28 | ip.tos() << 20)
                    .putShort((short) tcp.capacity())
                    .put((byte) 6)
                    .put((byte) (int) ip.ttl())
                    .put(ip.source().getAddress())
                    .put(ip.destination().getAddress())
                    .put(tcp.array())
                    .array();
        }
        byte[] options = ip.options() == null ? new byte[0] : ip.options();
        ByteBuffer header = ByteBuffer.allocate(20 + options.length)
                .put((byte) (0x40 | 5 + options.length / 4))
                .put((byte) (int) ip.tos())
                .putShort((short) (20 + options.length + tcp.capacity()))
                .putShort((short) (int) ip.identification())
                .putShort((short) (ip.dontFragment() ? 0x4000 : 0))
                .put((byte) (int) ip.ttl())
                .put((byte) 6)
                .putShort((short) 0)
                .put(ip.source().getAddress())
                .put(ip.destination().getAddress())
                .put(options);
        header.putShort(10, (short) (ip.headerChecksum() != null ? ip.headerChecksum() : sum(header.array())));
        return concat(header.array(), tcp.array());
    }

    private static int sum(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += (bytes[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }

    @Test
    public void templateMeetsWhatItMade() {
        Randomly random = new Randomly(9293);
        for (int i = 0; i < ROUNDS; i++) {
            int iss = random.number();
            int irs = random.number();
            Segment template = template(random);
            WireSegment wire = template.resolve(v -> v == Variable.ISS ? iss : irs, 1, 2, java.util.List.of(), 1_000);
            byte[] packet = PacketBuilder.build(Ip.between(random.address(true), random.address(true)), wire, null);
            Frame.Tcp read = (Frame.Tcp) FrameDecoder.decode(packet, LinkLayer.RAW_IP);
            assertThat(template.differences(read.segment(), v -> v == Variable.ISS ? iss : irs))
                    .as("round %d: %s", i, template)
                    .isEmpty();
        }
    }

    private static Segment template(Randomly random) {
        Segment template = Segment.segment();
        for (Flag flag : Flag.values()) {
            template = random.oneIn(2) ? template.plus(flag) : template;
        }
        template = template.seq(Seq.ISS.plus(random.number()));
        template = random.oneIn(2) ? template.ack(Seq.IRS.plus(random.number())) : template;
        template = random.oneIn(2) ? template.window(random.below(0x10000)) : template;
        template = random.oneIn(2) ? template.urgentPointer(random.below(0x10000)) : template;
        template = random.oneIn(2) ? template.reserved(random.below(16)) : template;
        template = random.oneIn(2) ? template.payload(random.below(100)) : template.noData();
        return random.oneIn(2) ? template.options(random.options().toArray(Option[]::new)) : template;
    }
}
