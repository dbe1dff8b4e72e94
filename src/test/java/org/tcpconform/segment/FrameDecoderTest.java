package org.tcpconform.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** No frame of a hostile or broken target hurts, and each is read for what it is. */
public class FrameDecoderTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String ETHERNET = "02005e100001" + "02005e100002";

    private static byte[] hex(String... parts) {
        return HEX.parseHex(String.join("", parts).replace(" ", ""));
    }

    private static Frame ethernet(String... parts) {
        return FrameDecoder.decode(hex(ETHERNET, String.join("", parts)), LinkLayer.ETHERNET);
    }

    // ---- nothing hurts

    private static List<byte[]> models() {
        Randomly random = new Randomly(1);
        List<byte[]> models = new ArrayList<>();
        for (boolean v4 : new boolean[] {true, false}) {
            for (int i = 0; i < 8; i++) {
                byte[] packet = PacketBuilder.build(
                        Ip.between(random.address(v4), random.address(v4)), random.segment(true), null);
                models.add(concat(hex(ETHERNET, v4 ? "0800" : "86dd"), packet));
                models.add(concat(hex(ETHERNET, "8100 0007", v4 ? "0800" : "86dd"), packet));
            }
        }
        models.add(hex(ETHERNET, ARP_REQUEST));
        models.add(hex(ETHERNET, SOLICITATION));
        models.add(hex(ETHERNET, PORT_UNREACHABLE));
        models.add(hex(ETHERNET, PACKET_TOO_BIG));
        return models;
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    public void mutatedFramesNeverHurt() {
        Randomly random = new Randomly(200_000);
        List<byte[]> models = models();
        for (int i = 0; i < 150_000; i++) {
            byte[] frame = models.get(random.below(models.size())).clone();
            for (int j = random.below(6); j >= 0; j--) {
                // the headers are where it matters
                frame[random.below(Math.min(frame.length, 90))] = (byte) random.below(256);
            }
            if (random.oneIn(3)) {
                frame = Arrays.copyOf(frame, random.below(frame.length + 1));
            }
            readAll(frame);
        }
    }

    @Test
    public void randomFramesNeverHurt() {
        Randomly random = new Randomly(50_000);
        for (int i = 0; i < 50_000; i++) {
            readAll(random.bytes(random.below(120)));
        }
    }

    /** Reads a frame in either way, and all that is read of it later. */
    private static void readAll(byte[] frame) {
        for (LinkLayer layer : LinkLayer.values()) {
            Frame read = FrameDecoder.decode(frame, layer);
            assertThat(read).isNotNull();
            if (read instanceof Frame.Tcp tcp) {
                WireSegment s = tcp.segment();
                Option.wellFormed(s.optionArea());
                assertThat(Option.encode(s.options())).hasSizeGreaterThanOrEqualTo(s.optionArea().length / 4 * 4);
                String line = Notation.print(s, 0, 0);
                assertThat(Notation.parse(line)).isNotNull();
            } else if (read instanceof Frame.IcmpError error) {
                assertThat(error.words()).isNotEmpty();
            }
        }
    }

    /** Quadratic time would take minutes here. */
    @Test(timeOut = 30_000)
    public void longestChainsTakeLinearTime() {
        byte[] tags = new byte[65_536];
        for (int i = 12; i + 4 <= tags.length; i += 4) {
            tags[i] = (byte) 0x81;
        }
        byte[] extensions = ByteBuffer.allocate(40 + 65_535)
                .putInt(0x6000_0000)
                .putShort((short) 65_535)
                .put(new byte[] {60, 64})
                .array();
        for (int i = 40; i + 8 <= extensions.length; i += 8) {
            extensions[i] = 60;
        }
        byte[] options = ByteBuffer.allocate(40 + 65_535)
                .putInt(0x6000_0000)
                .putShort((short) 65_535)
                .put(new byte[] {58, (byte) 255})
                .position(40)
                .put((byte) 135)
                .array();
        for (int i = 64; i + 8 <= options.length; i += 8) {
            options[i] = 99;
            options[i + 1] = 1;
        }
        byte[] solicitation = concat(hex(ETHERNET, "86dd"), options);
        long start = System.nanoTime();
        for (int i = 0; i < 500; i++) {
            FrameDecoder.decode(tags, LinkLayer.ETHERNET);
            FrameDecoder.decode(extensions, LinkLayer.RAW_IP);
            FrameDecoder.decode(solicitation, LinkLayer.ETHERNET);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    // ---- each is read for what it is

    private static final String ARP_REQUEST = "0806 0001 0800 06 04 0001 02005e100002 c000020a 000000000000 c000024d";

    @Test
    public void arpRequest() throws Exception {
        Frame.Arp arp = (Frame.Arp) ethernet(ARP_REQUEST, "00".repeat(18));
        assertThat(arp.operation()).isEqualTo(1);
        assertThat(arp.senderMac()).hasToString("02:00:5e:10:00:02");
        assertThat(arp.senderAddress().getHostAddress()).isEqualTo("192.0.2.10");
        assertThat(arp.targetAddress().getHostAddress()).isEqualTo("192.0.2.77");
        assertThat(arp.broadcast()).isFalse();
    }

    private static final String SOLICITATION = "86dd 60000000 0020 3a ff 20010db8000000000000000000000010"
            + "ff0200000000000000000001ff000077 87 00 0000 00000000 20010db8000000000000000000000077 01 01 02005e100002";

    @Test
    public void neighbourSolicitation() {
        Frame.Neighbour message = (Frame.Neighbour) ethernet(SOLICITATION);
        assertThat(message.solicitation()).isTrue();
        assertThat(message.source().getHostAddress()).isEqualTo("2001:db8:0:0:0:0:0:10");
        assertThat(message.target().getHostAddress()).isEqualTo("2001:db8:0:0:0:0:0:77");
        assertThat(message.linkLayer()).hasToString("02:00:5e:10:00:02");
    }

    @Test
    public void neighbourOptionOfLengthZeroEndsTheReading() {
        assertThat(ethernet(SOLICITATION.replace("01 01 02005e", "01 00 02005e")))
                .isInstanceOf(Frame.Other.class);
    }

    private static final String PORT_UNREACHABLE =
            "0800 45000038000000004001 0000 c000020a c000024d 03 03 0000 00000000"
                    + "4500003c000040004006 0000 c000024d c000020a 4e20 0007 00000001";

    @Test
    public void icmpErrorQuotesTheFlow() {
        Frame.IcmpError error = (Frame.IcmpError) ethernet(PORT_UNREACHABLE);
        assertThat(error.quotedSourcePort()).isEqualTo(20_000);
        assertThat(error.quotedDestinationPort()).isEqualTo(7);
        assertThat(error.quotedSource().getHostAddress()).isEqualTo("192.0.2.77");
        assertThat(error.words()).isEqualTo("ICMP port unreachable (type 3, code 3) from 192.0.2.10");
    }

    private static final String PACKET_TOO_BIG =
            "86dd 60000000 0034 3a 40 20010db8000000000000000000000010 20010db8000000000000000000000077"
                    + "02 00 0000 00000500 60000000 0014 06 40 20010db8000000000000000000000077"
                    + "20010db8000000000000000000000010 4e20 0007";

    @Test
    public void icmpv6ErrorQuotesTheFlow() {
        Frame.IcmpError error = (Frame.IcmpError) ethernet(PACKET_TOO_BIG);
        assertThat(error.quotedSourcePort()).isEqualTo(20_000);
        assertThat(error.words()).startsWith("ICMPv6 packet too big");
    }

    @DataProvider
    public static Object[][] noTcp() {
        return new Object[][] {
            {"fragment", "0800 4500002800002000 4006 0000 c000020a c000024d" + "00".repeat(20), "IPv4 fragment"},
            {"total length too long", "0800 4500ffff00000000 4006 0000 c000020a c000024d" + "00".repeat(20), "lengths"},
            {"IHL 4", "0800 4400002800000000 4006 0000 c000020a c000024d" + "00".repeat(20), "lengths"},
            {"12 octets of TCP", "0800 4500002000000000 4006 0000 c000020a c000024d" + "00".repeat(12), "TCP header"},
            {"UDP", "0800 4500002800000000 4011 0000 c000020a c000024d" + "00".repeat(20), "protocol 17"},
            {"version 5", "0800 5500002800000000 4006 0000 c000020a c000024d" + "00".repeat(20), "version 5"},
            {"other EtherType", "88cc 0000", "EtherType 0x88cc"},
            {"nothing after the EtherType", "0800", "truncated"},
        };
    }

    @Test(dataProvider = "noTcp")
    public void whatIsNoTcpSaysWhy(String what, String hex, String why) {
        assertThat(ethernet(hex))
                .isInstanceOfSatisfying(
                        Frame.Other.class, o -> assertThat(o.why()).contains(why));
    }

    /** Frames are padded to 60 octets; padding is no data (RFC 894). */
    @Test
    public void paddingIsNoData() {
        Frame frame = ethernet(
                "0800 4500002800000000 4006 0000 c000020a c000024d 0007 4e20 00000000 00000000 5014 0000 0000 0000",
                "ff".repeat(6));
        assertThat(((Frame.Tcp) frame).segment().payload()).isEmpty();
    }

    @Test
    public void extensionHeadersAreSkipped() {
        Frame frame = ethernet("86dd 60000000 0024 00 40 20010db8000000000000000000000010"
                + "20010db8000000000000000000000077 3c00010400000000 0600010400000000"
                + "0007 4e20 00000005 00000000 5014 0000 0000 0000");
        assertThat(((Frame.Tcp) frame).segment().seq()).isEqualTo(5);
    }

    /** Java takes an IPv4-mapped IPv6 address for IPv4, which would take it for ours. */
    @Test
    public void mappedAddressStaysIpv6() {
        Frame frame = ethernet(
                SOLICITATION.replace("20010db8000000000000000000000077 01", "00000000000000000000ffffc000024d 01"));
        assertThat(((Frame.Neighbour) frame).target()).isInstanceOf(java.net.Inet6Address.class);
    }
}
