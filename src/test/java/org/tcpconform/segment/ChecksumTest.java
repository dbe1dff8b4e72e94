package org.tcpconform.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.tcpconform.testkit.Frames;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Checksums of a Linux 6 kernel, captured on a veth pair without checksum offload, and read with tshark as correct. */
public class ChecksumTest {
    private static final String ETHERNET = "6e18b403c8a3f226e946da63";

    @DataProvider
    public static Object[][] kernelFrames() {
        return new Object[][] {
            {
                "IPv4 SYN with options",
                "08004500003cf09c40004006c5bcc0000258c000020ae69a0007e79e8d1700000000a002faf0207c0000020405b40402080aadef9e"
                        + "e5000000000103030a",
                0x207c
            },
            {
                "IPv4, 13 octets of data",
                "080045000041f09e40004006c5b5c0000258c000020ae69a0007e79e8d1891a6fb928018003f2aa000000101080aadef9ee5df0351"
                        + "ae68656c6c6f2c20776f726c6421",
                0x2aa0
            },
            {"IPv4 RST", "080045000028000040004006b66dc000020ac00002580004cbf4000000000b31ee1550140000662e0000", 0x662e
            },
            {
                "IPv6 SYN-ACK",
                "86dd600659670028064020010db800000000000000000000001020010db80000000000000000000000880007b218143a5c1add8255"
                        + "e9a012fb04180e0000020405a00402080ab4e1d5eefa5cfdd60103030a",
                0x180e
            },
            {
                "IPv6, 13 octets of data",
                "86dd600e5783002d064020010db800000000000000000000008820010db8000000000000000000000010b2180007dd8255e9143a5c"
                        + "1b80180040e02c00000101080afa5cfdd6b4e1d5ee68656c6c6f2c20776f726c6421",
                0xe02c
            },
            {
                "IPv6 RST",
                "86dd60009fb50014064020010db800000000000000000000001020010db80000000000000000000000880004829000000000578b2f"
                        + "9e501400004a090000",
                0x4a09
            },
        };
    }

    private static byte[] frame(String hex) {
        return HexFormat.of().parseHex(ETHERNET + hex);
    }

    private static Frame.Tcp tcp(byte[] frame) {
        return (Frame.Tcp) FrameDecoder.decode(frame, LinkLayer.ETHERNET);
    }

    @Test(dataProvider = "kernelFrames")
    public void kernelFrameVerifies(String what, String hex, int checksum) {
        Frame.Tcp tcp = tcp(frame(hex));
        assertThat(tcp.segment().checksum()).isEqualTo(checksum);
        assertThat(tcp.checksumRight()).isTrue();
    }

    @Test(dataProvider = "kernelFrames")
    public void everyFlippedBitIsNoticed(String what, String hex, int checksum) {
        byte[] right = frame(hex);
        int header = tcp(right).source().getAddress().length == 4 ? 14 + 20 : 14 + 40;
        for (int bit = header * 8; bit < right.length * 8; bit++) {
            byte[] wrong = right.clone();
            wrong[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(tcp(wrong).checksumRight()).as("bit %d flipped", bit).isFalse();
        }
    }

    @Test(dataProvider = "kernelFrames")
    public void wrongAddressIsNoticed(String what, String hex, int checksum) {
        byte[] wrong = frame(hex);
        wrong[14 + (tcp(wrong).source().getAddress().length == 4 ? 19 : 39)] ^= 1;
        assertThat(tcp(wrong).checksumRight()).isFalse();
    }

    /** The builder goes another way than the decoder (through pcap4j), and must come to what the kernel sent. */
    @Test(dataProvider = "kernelFrames")
    public void builderMakesWhatTheKernelMade(String what, String hex, int checksum) {
        byte[] frame = frame(hex);
        Frame.Tcp tcp = tcp(frame);
        WireSegment s = tcp.segment();
        WireSegment unsigned = Frames.withChecksum(s, -1);
        byte[] built = PacketBuilder.build(tcp.ip(), unsigned, null);
        byte[] kernel = Arrays.copyOfRange(frame, 14, frame.length);
        // the kernel chooses an IPv6 flow label, we do not
        int from = tcp.source().getAddress().length == 4 ? 0 : 4;
        assertThat(Arrays.copyOfRange(built, from, built.length))
                .containsExactly(Arrays.copyOfRange(kernel, from, kernel.length));
    }

    /** The worked example of RFC 1071, section 3: the sum of 00 01 f2 03 f4 f5 f6 f7 is ddf2. */
    @Test
    public void sumOfTheRfc() throws Exception {
        byte[] bytes = HexFormat.of().parseHex("0001f203f4f5f6f7");
        InetAddress nowhere = InetAddress.getByAddress(new byte[4]);
        // with addresses and protocol of zero only the length of 8 is added by the pseudo-header
        assertThat(Checksum.of(nowhere, nowhere, 0, bytes, 0, 8)).isEqualTo(~(0xddf2 + 8) & 0xffff);
    }
}
