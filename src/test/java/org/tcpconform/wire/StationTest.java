package org.tcpconform.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tcpconform.testkit.Bench.OUR_IPV4;
import static org.tcpconform.testkit.Bench.OUR_IPV6;
import static org.tcpconform.testkit.Bench.OUR_MAC;
import static org.tcpconform.testkit.Bench.TARGET_IPV4;
import static org.tcpconform.testkit.Bench.TARGET_IPV6;
import static org.tcpconform.testkit.Bench.TARGET_MAC;
import static org.tcpconform.testkit.Bench.address;
import static org.tcpconform.testkit.Frames.ethernet;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.tcpconform.segment.Finish;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameDecoder;
import org.tcpconform.segment.Ip;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.MacAddress;
import org.tcpconform.segment.PacketBuilder;
import org.tcpconform.segment.WireSegment;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class StationTest {
    /** Nobody waits so long unless something is wrong. */
    private static final long PATIENCE_SECONDS = 10;

    private static final MacAddress OTHER_MAC = MacAddress.of("02:00:5e:10:00:03");

    private MemoryLink link;
    private Station station;
    private BlockingQueue<byte[]> sent;

    @BeforeMethod
    public void open() {
        open(LinkLayer.ETHERNET, 0, true);
    }

    private void open(LinkLayer layer, int vlan, boolean answering) {
        close();
        link = new MemoryLink(layer);
        sent = new LinkedBlockingQueue<>();
        link.target(sent::add);
        station = new Station(link, OUR_MAC, vlan, answering, 0);
        station.own(OUR_IPV4);
        station.own(OUR_IPV6);
    }

    @AfterMethod(alwaysRun = true)
    public void close() {
        if (station != null) {
            station.close();
            station = null;
        }
    }

    private byte[] sentFrame() throws InterruptedException {
        byte[] frame = sent.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(frame).as("a frame from the station").isNotNull();
        return frame;
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", "").replace(":", ""));
    }

    private static byte[] arpRequest(InetAddress from, InetAddress asked) {
        byte[] packet = ByteBuffer.allocate(28)
                .put(hex("0001 0800 0604 0001"))
                .put(TARGET_MAC.octets())
                .put(from.getAddress())
                .put(new byte[6])
                .put(asked.getAddress())
                .array();
        return ethernet(TARGET_MAC, MacAddress.BROADCAST, 0x0806, packet);
    }

    private static byte[] solicitation(InetAddress from, InetAddress asked) {
        byte[] packet = ByteBuffer.allocate(64)
                .put(hex("60000000 0018 3a ff"))
                .put(from.getAddress())
                .put(address("ff02::1:ff00:77").getAddress())
                .put(hex("87 00 0000 00000000"))
                .put(asked.getAddress())
                .array();
        return ethernet(TARGET_MAC, MacAddress.of("33:33:ff:00:00:77"), 0x86dd, packet);
    }

    private static WireSegment segment(int sourcePort, int destinationPort) {
        return new WireSegment(
                sourcePort, destinationPort, 1, 2, 5, 0, Flag.ACK.bit(), 3, -1, 0, new byte[0], new byte[] {1});
    }

    private static byte[] fromTarget(int port) {
        return ethernet(
                TARGET_MAC,
                OUR_MAC,
                0x0800,
                PacketBuilder.build(Ip.between(TARGET_IPV4, OUR_IPV4), segment(7, port), null));
    }

    // ---- neighbours

    @Test
    public void whoGoesOnAfterAnotherUsesOtherPorts() {
        int count = Station.LAST_PORT - Station.FIRST_PORT + 1;
        for (int first : new int[] {0, 30_000, count - 3, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
            assertThat(Station.firstPortAfter(first, List.of())).isEqualTo(first);
            List<Integer> used = IntStream.range(0, 9)
                    .map(i -> Station.FIRST_PORT + Math.floorMod(first + (long) i, count))
                    .boxed()
                    .toList();
            int next = Station.FIRST_PORT + Math.floorMod(Station.firstPortAfter(first, used), count);
            assertThat(Math.floorMod(next - used.get(8), count)).isEqualTo(count / 4 + 1);
        }
    }

    @Test
    public void answersArpForItsAddressAndNoOther() throws Exception {
        link.arrive(arpRequest(TARGET_IPV4, address("192.0.2.78")));
        link.arrive(arpRequest(TARGET_IPV4, OUR_IPV4));
        Frame.Arp reply = (Frame.Arp) FrameDecoder.decode(sentFrame(), LinkLayer.ETHERNET);
        assertThat(reply.operation()).isEqualTo(2);
        assertThat(reply.senderAddress()).isEqualTo(OUR_IPV4);
        assertThat(reply.senderMac()).isEqualTo(OUR_MAC);
        assertThat(reply.targetAddress()).isEqualTo(TARGET_IPV4);
        assertThat(reply.targetMac()).isEqualTo(TARGET_MAC);
        assertThat(sent).as("nothing else").isEmpty();
    }

    @Test
    public void answersSolicitationsForItsAddressAndNoOther() throws Exception {
        link.arrive(solicitation(TARGET_IPV6, address("2001:db8::78")));
        link.arrive(solicitation(TARGET_IPV6, OUR_IPV6));
        byte[] bytes = sentFrame();
        Frame.Neighbour advertisement = (Frame.Neighbour) FrameDecoder.decode(bytes, LinkLayer.ETHERNET);
        assertThat(advertisement.solicitation()).isFalse();
        assertThat(advertisement.target()).isEqualTo(OUR_IPV6);
        assertThat(advertisement.linkLayer()).isEqualTo(OUR_MAC);
        assertThat(Arrays.copyOf(bytes, 6)).containsExactly(TARGET_MAC.octets());
        assertThat(bytes[14 + 7] & 0xff).as("hop limit (RFC 4861, 7.1.2)").isEqualTo(255);
        assertThat(bytes[14 + 44] & 0xff).as("solicited and override").isEqualTo(0x60);
        assertThat(icmpv6Sum(bytes)).as("checksum").isZero();
        assertThat(sent).as("nothing else").isEmpty();
    }

    private static int icmpv6Sum(byte[] frame) {
        int sum = 58 + (frame[18] << 8 | frame[19]);
        for (int i = 22; i < 54 + (frame[18] << 8 | frame[19]); i += 2) {
            sum += (frame[i] & 0xff) << 8 | frame[i + 1] & 0xff;
        }
        return ~(sum + (sum >> 16)) & 0xffff;
    }

    /** RFC 4862, 5.4.3, and RFC 4861, 7.2.4: the answer goes to all nodes and is not called solicited. */
    @Test
    public void defendsItsAddressInDuplicateAddressDetection() throws Exception {
        link.arrive(solicitation(address("::"), OUR_IPV6));
        byte[] bytes = sentFrame();
        assertThat(Arrays.copyOf(bytes, 6)).containsExactly(hex("33:33:00:00:00:01"));
        assertThat(Arrays.copyOfRange(bytes, 14 + 24, 14 + 40))
                .containsExactly(address("ff02::1").getAddress());
        assertThat(bytes[14 + 44] & 0xff).as("override alone").isEqualTo(0x20);
    }

    @Test
    public void keepsSilentWhereTheHostAnswers() throws Exception {
        open(LinkLayer.ETHERNET, 0, false);
        link.arrive(arpRequest(TARGET_IPV4, OUR_IPV4));
        link.arrive(solicitation(TARGET_IPV6, OUR_IPV6));
        barrier();
        assertThat(sent).isEmpty();
    }

    /** Waits until all that has arrived before is done with, and what was answered to it has been sent. */
    private void barrier() throws InterruptedException {
        BlockingQueue<Captured> seen = new LinkedBlockingQueue<>();
        int port = station.takePort(seen::add);
        for (int i = 0; i < 2; i++) {
            link.arrive(fromTarget(port));
            assertThat(seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
        }
        station.releasePort(port);
    }

    @DataProvider
    public static Object[][] neighbours() {
        return new Object[][] {{TARGET_IPV4, OUR_IPV4}, {TARGET_IPV6, OUR_IPV6}};
    }

    private void answer(byte[] request) {
        Frame frame = FrameDecoder.decode(request, LinkLayer.ETHERNET);
        if (frame instanceof Frame.Arp arp && arp.targetAddress().equals(TARGET_IPV4)) {
            byte[] reply = ByteBuffer.allocate(28)
                    .put(hex("0001 0800 0604 0002"))
                    .put(TARGET_MAC.octets())
                    .put(TARGET_IPV4.getAddress())
                    .put(OUR_MAC.octets())
                    .put(arp.senderAddress().getAddress())
                    .array();
            link.arrive(ethernet(TARGET_MAC, OUR_MAC, 0x0806, reply));
        } else if (frame instanceof Frame.Neighbour message && message.target().equals(TARGET_IPV6)) {
            byte[] reply = ByteBuffer.allocate(64)
                    .put(hex("60000000 0018 3a ff"))
                    .put(TARGET_IPV6.getAddress())
                    .put(OUR_IPV6.getAddress())
                    .put(hex("88 00 0000 60000000"))
                    .put(TARGET_IPV6.getAddress())
                    .array();
            link.arrive(ethernet(TARGET_MAC, OUR_MAC, 0x86dd, reply));
        }
    }

    @Test(dataProvider = "neighbours")
    public void resolvesANeighbour(InetAddress neighbour, InetAddress from) {
        link.target(this::answer);
        assertThat(station.resolve(neighbour, from, Duration.ofSeconds(PATIENCE_SECONDS)))
                .contains(TARGET_MAC);
    }

    @Test(dataProvider = "neighbours")
    public void asksAgainWhereTheFirstQuestionIsLost(InetAddress neighbour, InetAddress from) {
        List<byte[]> asked = new ArrayList<>();
        link.target(request -> {
            asked.add(request);
            if (asked.size() > 1) {
                answer(request);
            }
        });
        assertThat(station.resolve(neighbour, from, Duration.ofSeconds(PATIENCE_SECONDS)))
                .contains(TARGET_MAC);
        assertThat(asked).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test(dataProvider = "neighbours")
    public void nobodyAnswers(InetAddress neighbour, InetAddress from) {
        assertThat(station.resolve(neighbour, from, Duration.ofMillis(50))).isEmpty();
        assertThat(station.inUse(neighbour, Duration.ofMillis(50))).isFalse();
    }

    @Test(dataProvider = "neighbours")
    public void findsThatAnAddressIsInUse(InetAddress neighbour, InetAddress from) throws Exception {
        BlockingQueue<byte[]> probes = new LinkedBlockingQueue<>();
        link.target(request -> {
            probes.add(request);
            answer(request);
        });
        assertThat(station.inUse(neighbour, Duration.ofSeconds(PATIENCE_SECONDS)))
                .isTrue();
        Frame probe = FrameDecoder.decode(probes.take(), LinkLayer.ETHERNET);
        if (probe instanceof Frame.Arp arp) {
            assertThat(arp.senderAddress().isAnyLocalAddress())
                    .as("RFC 5227, 2.1.1")
                    .isTrue();
            assertThat(arp.broadcast()).isTrue();
        } else {
            Frame.Neighbour solicitation = (Frame.Neighbour) probe;
            assertThat(solicitation.source().isAnyLocalAddress())
                    .as("RFC 4862, 5.4.2")
                    .isTrue();
            assertThat(solicitation.linkLayer()).as("RFC 4861, 4.3").isNull();
        }
    }

    /** Whoever asks for our address by ARP is no proof that an address is used: the sender of a probe has none. */
    @Test
    public void probeOfAnotherIsNoAnswer() {
        link.target(request -> link.arrive(arpRequest(address("0.0.0.0"), OUR_IPV4)));
        assertThat(station.inUse(address("0.0.0.0"), Duration.ofMillis(50))).isFalse();
    }

    // ---- lockstep

    /** What a target has read, by the source port of what was sent; it answers questions too. */
    private Set<Integer> readingTarget() {
        Set<Integer> read = ConcurrentHashMap.newKeySet();
        link.target(frame -> {
            if (FrameDecoder.decode(frame, LinkLayer.ETHERNET) instanceof Frame.Tcp tcp) {
                read.add(tcp.segment().sourcePort());
            } else {
                answer(frame);
            }
        });
        return read;
    }

    @Test(dataProvider = "neighbours")
    public void inLockstepWhatWasSentIsReadBeforeWhoSentItGoesOn(InetAddress neighbour, InetAddress from)
            throws Exception {
        Set<Integer> read = readingTarget();
        station.resolve(neighbour, from, Duration.ofSeconds(PATIENCE_SECONDS));
        station.lockstep();
        ExecutorService senders = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> sends = IntStream.range(1, 400)
                    .<Callable<Boolean>>mapToObj(port -> () -> {
                        station.send(Ip.between(from, neighbour), segment(port, 7), null, neighbour, null);
                        station.awaitRead(neighbour, from);
                        return read.contains(port);
                    })
                    .toList();
            for (Future<Boolean> known : senders.invokeAll(sends)) {
                assertThat(known.get()).as("read when its sender went on").isTrue();
            }
        } finally {
            senders.shutdownNow();
        }
    }

    /** The question by which it was found was asked twice, since the reply was slow. */
    @Test(dataProvider = "neighbours")
    public void inLockstepALateReplyIsNoneToTheNextQuestion(InetAddress neighbour, InetAddress from) throws Exception {
        Queue<byte[]> questions = new ConcurrentLinkedQueue<>();
        link.target(frame -> {
            questions.add(frame);
            if (questions.size() == 2) {
                answer(questions.peek());
            }
        });
        station.resolve(neighbour, from, Duration.ofSeconds(PATIENCE_SECONDS));
        assertThat(questions).hasSize(2);
        station.lockstep();
        CountDownLatch asked = new CountDownLatch(1);
        link.target(frame -> {
            // the second reply comes now, in place of the one to this question
            answer(questions.peek());
            asked.countDown();
        });
        CountDownLatch read = new CountDownLatch(1);
        Thread sender = new Thread(() -> {
            station.awaitRead(neighbour, from);
            read.countDown();
        });
        sender.start();
        assertThat(asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(read.await(100, TimeUnit.MILLISECONDS)).as("waits on").isFalse();
        answer(questions.peek());
        assertThat(read.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        sender.join();
    }

    /** The neighbour is known, so that nobody else on the link is to be troubled. */
    @Test(dataProvider = "neighbours")
    public void inLockstepTheNeighbourAloneIsAsked(InetAddress neighbour, InetAddress from) throws Exception {
        readingTarget();
        station.resolve(neighbour, from, Duration.ofSeconds(PATIENCE_SECONDS));
        BlockingQueue<byte[]> asked = new LinkedBlockingQueue<>();
        link.target(frame -> {
            asked.add(frame);
            answer(frame);
        });
        station.awaitRead(neighbour, from);
        assertThat(asked).as("nobody has asked for lockstep").isEmpty();
        station.lockstep();
        station.awaitRead(neighbour, from);
        assertThat(Arrays.copyOf(asked.take(), 6)).containsExactly(TARGET_MAC.octets());
    }

    @Test
    public void inLockstepManyWaitTogetherForANeighbourThatIsGone() throws Exception {
        link.target(this::answer);
        station.resolve(TARGET_IPV4, OUR_IPV4, Duration.ofSeconds(PATIENCE_SECONDS));
        station.lockstep();
        link.target(frame -> {});
        int waiting = 16;
        ExecutorService senders = Executors.newFixedThreadPool(waiting);
        long begun = System.nanoTime();
        try {
            senders.invokeAll(IntStream.range(0, waiting)
                    .mapToObj(i -> Executors.callable(() -> station.awaitRead(TARGET_IPV4, OUR_IPV4)))
                    .toList());
        } finally {
            senders.shutdownNow();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(waiting / 2));
    }

    // ---- flows

    @Test
    public void framesGoToTheFlowOfOurPortInEitherDirection() throws Exception {
        link.target(request -> answer(request));
        station.resolve(TARGET_IPV4, OUR_IPV4, Duration.ofSeconds(PATIENCE_SECONDS));
        BlockingQueue<Captured> first = new LinkedBlockingQueue<>();
        BlockingQueue<Captured> second = new LinkedBlockingQueue<>();
        BlockingQueue<Captured> stray = new LinkedBlockingQueue<>();
        station.stray(stray::add);
        int one = station.takePort(first::add);
        int two = station.takePort(second::add);
        link.target(f -> {});

        station.send(Ip.between(OUR_IPV4, TARGET_IPV4), segment(one, two), null, TARGET_IPV4, null);
        link.arrive(fromTarget(two));
        link.arrive(fromTarget(one));
        link.arrive(fromTarget(19_999));
        assertThat(stray.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
        assertThat(first).extracting(Captured::outgoing).containsExactly(true, false);
        assertThat(second).extracting(Captured::outgoing).containsExactly(false);

        station.releasePort(one);
        link.arrive(fromTarget(one));
        assertThat(stray.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
        assertThat(first).hasSize(2);
    }

    @Test
    public void icmpErrorGoesToTheFlowThatItQuotes() throws Exception {
        BlockingQueue<Captured> seen = new LinkedBlockingQueue<>();
        int port = station.takePort(seen::add);
        byte[] quoted = PacketBuilder.build(Ip.between(OUR_IPV4, TARGET_IPV4), segment(port, 7), null);
        byte[] error = ByteBuffer.allocate(56)
                .put(hex("45000038000000004001 0000"))
                .put(TARGET_IPV4.getAddress())
                .put(OUR_IPV4.getAddress())
                .put(hex("03 03 0000 00000000"))
                .put(quoted, 0, 28)
                .array();
        link.arrive(ethernet(TARGET_MAC, OUR_MAC, 0x0800, error));
        Captured captured = seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(captured.frame()).isInstanceOf(Frame.IcmpError.class);
        assertThat(captured.outgoing()).isFalse();
    }

    private void barrierBySending(int port, BlockingQueue<Captured> seen) throws InterruptedException {
        WireSegment mark = segment(port, 65_000);
        station.send(Ip.between(OUR_IPV4, TARGET_IPV4), mark, null, TARGET_IPV4, null);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (seen.stream()
                .noneMatch(c -> c.frame() instanceof Frame.Tcp tcp
                        && tcp.segment().destinationPort() == mark.destinationPort())) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Test
    public void impostorIsSeenAndNotHeard() throws Exception {
        BlockingQueue<Captured> seen = new LinkedBlockingQueue<>();
        int port = station.takePort(seen::add);
        assertThat(station.impostor()).isEmpty();
        byte[] packet = PacketBuilder.build(Ip.between(OUR_IPV4, TARGET_IPV4), segment(port, port), null);
        link.arrive(ethernet(OTHER_MAC, TARGET_MAC, 0x0800, packet));
        barrier();
        assertThat(station.impostor()).contains(OTHER_MAC);
        assertThat(seen).isEmpty();
    }

    /** Another run beside ours may use the same ports; the answers to it are none to us. */
    @Test
    public void whatTheTargetSendsToAnotherRunIsNotHeard() throws Exception {
        link.target(this::answer);
        station.resolve(TARGET_IPV4, OUR_IPV4, Duration.ofSeconds(PATIENCE_SECONDS));
        BlockingQueue<Captured> seen = new LinkedBlockingQueue<>();
        int port = station.takePort(seen::add);
        InetAddress other = address("192.0.2.78");
        byte[] toOther = ethernet(
                TARGET_MAC,
                OTHER_MAC,
                0x0800,
                PacketBuilder.build(Ip.between(TARGET_IPV4, other), segment(7, port), null));
        // a target that answers to an address that nobody uses does wrong, and is to be seen
        link.arrive(toOther);
        barrierBySending(port, seen);
        assertThat(seen.stream().filter(c -> !c.outgoing())).hasSize(1);

        seen.clear();
        byte[] ofOther = PacketBuilder.build(Ip.between(other, TARGET_IPV4), segment(port, 7), null);
        link.arrive(ethernet(OTHER_MAC, TARGET_MAC, 0x0800, ofOther));
        link.arrive(toOther);
        barrierBySending(port, seen);
        assertThat(seen).isNotEmpty().allMatch(Captured::outgoing);

        seen.clear();
        station.send(Ip.between(other, TARGET_IPV4), segment(port, 9), null, TARGET_IPV4, null);
        link.arrive(toOther);
        barrierBySending(port, seen);
        assertThat(seen.stream().filter(c -> !c.outgoing()))
                .as("to an address that we have sent from")
                .hasSize(1);
    }

    /** Two that look for a free address at the same time do not both take one (RFC 5227, 2.1.1; RFC 4862, 5.4.3). */
    @Test(dataProvider = "probes")
    public void anAddressThatAnotherProbesAsWellIsInUse(byte[] probe, String asked) throws Exception {
        link.target(frame -> link.arrive(probe));
        assertThat(station.inUse(address(asked), Duration.ofMillis(400))).isTrue();
    }

    @DataProvider
    public Object[][] probes() {
        return new Object[][] {
            {arpRequest(address("0.0.0.0"), address("192.0.2.78")), "192.0.2.78"},
            {solicitation(address("::"), address("2001:db8::78")), "2001:db8::78"},
        };
    }

    @Test
    public void ourOwnFramesAreNoImpostor() throws Exception {
        link.target(this::answer);
        station.resolve(TARGET_IPV4, OUR_IPV4, Duration.ofSeconds(PATIENCE_SECONDS));
        station.send(Ip.between(OUR_IPV4, TARGET_IPV4), segment(20_000, 7), null, TARGET_IPV4, null);
        barrier();
        assertThat(station.impostor()).isEmpty();
    }

    // ---- how frames look

    @Test
    public void framesAreTaggedAndPaddedOnAVlan() throws Exception {
        open(LinkLayer.ETHERNET, 7, true);
        byte[] untagged = arpRequest(TARGET_IPV4, OUR_IPV4);
        byte[] tagged = ByteBuffer.allocate(untagged.length + 4)
                .put(untagged, 0, 12)
                .put(hex("8100 0007"))
                .put(untagged, 12, untagged.length - 12)
                .array();
        link.arrive(tagged);
        byte[] reply = sentFrame();
        assertThat(Arrays.copyOfRange(reply, 12, 18)).containsExactly(hex("8100 0007 0806"));

        station.send(Ip.between(OUR_IPV4, TARGET_IPV4), segment(1, 2), null, TARGET_IPV4, TARGET_MAC);
        byte[] frame = sentFrame();
        assertThat(Arrays.copyOfRange(frame, 12, 18)).containsExactly(hex("8100 0007 0800"));
        Frame.Tcp tcp = (Frame.Tcp) FrameDecoder.decode(frame, LinkLayer.ETHERNET);
        assertThat(tcp.segment().destinationPort()).isEqualTo(2);
        assertThat(frame).hasSizeGreaterThanOrEqualTo(60);
    }

    @Test
    public void nextHopOrNamedAddressGetsTheFrame() throws Exception {
        link.target(this::answer);
        station.resolve(TARGET_IPV4, OUR_IPV4, Duration.ofSeconds(PATIENCE_SECONDS));
        link.target(sent::add);
        InetAddress farAway = address("198.51.100.1");
        station.send(Ip.between(OUR_IPV4, farAway), segment(1, 2), null, TARGET_IPV4, null);
        byte[] routed = sentFrame();
        assertThat(Arrays.copyOf(routed, 12)).containsExactly(hex("02005e100002 02005e100001"));
        station.send(Ip.between(OUR_IPV4, farAway), segment(1, 2), null, TARGET_IPV4, MacAddress.BROADCAST);
        assertThat(Arrays.copyOf(sentFrame(), 6)).containsExactly(MacAddress.BROADCAST.octets());
        assertThatThrownBy(() -> station.send(Ip.between(OUR_IPV4, farAway), segment(1, 2), null, farAway, null))
                .isInstanceOf(LinkException.class)
                .hasMessageContaining("198.51.100.1");
    }

    @Test
    public void rawIpHasNoEthernet() throws Exception {
        open(LinkLayer.RAW_IP, 0, true);
        assertThat(station.resolve(TARGET_IPV4, OUR_IPV4, Duration.ofSeconds(PATIENCE_SECONDS)))
                .as("there is nobody to be asked")
                .isPresent();
        assertThat(station.inUse(TARGET_IPV4, Duration.ofSeconds(PATIENCE_SECONDS)))
                .isFalse();
        BlockingQueue<Captured> seen = new LinkedBlockingQueue<>();
        int port = station.takePort(seen::add);
        station.send(Ip.between(OUR_IPV4, TARGET_IPV4), segment(port, 7), null, TARGET_IPV4, null);
        assertThat(sentFrame()[0]).isEqualTo((byte) 0x45);
        link.arrive(PacketBuilder.build(Ip.between(TARGET_IPV4, OUR_IPV4), segment(7, port), null));
        assertThat(seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS).outgoing()).isTrue();
        assertThat(seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS).outgoing()).isFalse();
    }

    // ---- ports

    @Test
    public void portLongestUnusedIsTaken() {
        int first = station.takePort(c -> {});
        int second = station.takePort(c -> {});
        assertThat(first).isEqualTo(20_000);
        assertThat(second).isEqualTo(20_001);
        station.releasePort(second);
        station.releasePort(first);
        for (int port = 20_002; port <= 60_999; port++) {
            assertThat(station.takePort(c -> {})).isEqualTo(port);
        }
        assertThat(station.takePort(c -> {})).isEqualTo(second);
        assertThat(station.takePort(c -> {})).isEqualTo(first);
        assertThatThrownBy(() -> station.takePort(c -> {})).isInstanceOf(LinkException.class);
    }

    @Test
    public void anyNumberMayDecideTheFirstPort() {
        for (int number : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            try (Station other = new Station(new MemoryLink(LinkLayer.ETHERNET), OUR_MAC, 0, true, number)) {
                assertThat(other.takePort(c -> {})).isBetween(20_000, 60_999);
            }
        }
    }

    /** A case may send from a port that it did not take, even from one of the pool, or of another case. */
    @Test
    public void portThatWasOnlyHeardIsNotGivenTwice() throws Exception {
        BlockingQueue<Captured> owner = new LinkedBlockingQueue<>();
        int port = station.takePort(owner::add);
        station.alsoHear(port, c -> {});
        station.hearNoMore(port);
        link.arrive(fromTarget(port));
        assertThat(owner.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the owner still hears")
                .isNotNull();

        int free = port + 1;
        BlockingQueue<Captured> guest = new LinkedBlockingQueue<>();
        station.alsoHear(free, guest::add);
        link.arrive(fromTarget(free));
        assertThat(guest.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
        station.hearNoMore(free);
        station.releasePort(free);
        assertThat(station.takePort(c -> {})).isEqualTo(free);
        for (int next = free + 1; next <= 60_999; next++) {
            assertThat(station.takePort(c -> {})).isEqualTo(next);
        }
        assertThatThrownBy(() -> station.takePort(c -> {})).isInstanceOf(LinkException.class);
    }

    // ---- fragments

    @DataProvider
    public static Object[][] routes() {
        return new Object[][] {
            {OUR_IPV4, TARGET_IPV4, 20, 0}, {OUR_IPV6, TARGET_IPV6, 40, 8},
        };
    }

    @Test(dataProvider = "routes")
    public void fragmentsMakeUpTheSegmentAndItsFlowSeesItOnce(
            InetAddress from, InetAddress to, int header, int extension) throws Exception {
        Random random = new Random(5);
        byte[] data = new byte[500];
        random.nextBytes(data);
        BlockingQueue<Captured> seen = new LinkedBlockingQueue<>();
        int port = station.takePort(seen::add);
        WireSegment segment = new WireSegment(port, 7, 1, 2, 5, 0, Flag.ACK.bit(), 3, -1, 0, new byte[0], data);
        Ip ip = new Ip(from, to, null, null, 0x1234, null, null, null);
        station.send(ip, segment, new Finish.Fragments(256), to, TARGET_MAC);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (int size : new int[] {256, 256, 8}) {
            byte[] frame = sentFrame();
            int at = 14 + header + extension;
            whole.write(frame, at, size);
            Captured captured = seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(captured.bytes()).isEqualTo(frame);
            assertThat(captured.outgoing()).isTrue();
            assertThat(captured.frame()).isInstanceOf(size == 8 ? Frame.Tcp.class : Frame.Other.class);
        }
        byte[] packet = PacketBuilder.build(ip, segment, null);
        assertThat(whole.toByteArray()).isEqualTo(Arrays.copyOfRange(packet, header, packet.length));
        assertThat(sent).as("nothing else").isEmpty();
    }

    // ---- bounds

    private void meetTarget() {
        link.target(this::answer);
        station.resolve(TARGET_IPV4, OUR_IPV4, Duration.ofSeconds(PATIENCE_SECONDS));
        link.target(sent::add);
    }

    private void send(InetAddress from, InetAddress to, MacAddress toMac) {
        WireSegment segment =
                new WireSegment(20_000, 7, 1, 2, 5, 0, Flag.ACK.bit(), 3, -1, 0, new byte[0], new byte[0]);
        Ip ip = new Ip(from, to, null, null, 1, null, null, null);
        station.send(ip, segment, null, TARGET_IPV4, toMac);
    }

    @Test
    public void whatConcernsOthersIsNotSent() throws Exception {
        meetTarget();
        station.confine(List.of(TARGET_IPV4));
        send(OUR_IPV4, TARGET_IPV4, null);
        assertThat(sentFrame()).isNotNull();
        InetAddress stranger = address("192.0.2.255");
        assertThatThrownBy(() -> send(OUR_IPV4, stranger, null))
                .isInstanceOf(LinkException.class)
                .hasMessageContaining("192.0.2.255");
        assertThatThrownBy(() -> send(stranger, TARGET_IPV4, null)).isInstanceOf(LinkException.class);
        assertThatThrownBy(() -> send(OUR_IPV4, TARGET_IPV4, MacAddress.BROADCAST))
                .isInstanceOf(LinkException.class);
        barrier();
        assertThat(sent).isEmpty();
    }

    /** ARP is answered at once while segments wait for their turn, longer than anybody would wait for an answer. */
    @Test
    public void neighboursAreAnsweredWhateverTheRate() throws Exception {
        meetTarget();
        station.pace(new Pace(Pace.LEAST));
        Thread sender = new Thread(() -> {
            for (int i = 0; i < 1_000; i++) {
                send(OUR_IPV4, TARGET_IPV4, null);
            }
        });
        sender.setUncaughtExceptionHandler((thread, interrupted) -> {});
        sender.setDaemon(true);
        sender.start();
        for (int i = 0; i < Pace.BURST; i++) {
            assertThat(FrameDecoder.decode(sentFrame(), LinkLayer.ETHERNET)).isInstanceOf(Frame.Tcp.class);
        }
        link.arrive(arpRequest(TARGET_IPV4, OUR_IPV4));
        int before = 0;
        while (!(FrameDecoder.decode(sentFrame(), LinkLayer.ETHERNET) instanceof Frame.Arp)) {
            before++;
        }
        assertThat(before).as("segments before the answer, of 10 a second").isLessThan(50);
        sender.interrupt();
        sender.join();
    }

    // ---- hostile frames

    @Test
    public void hostileFramesDoNotEndTheCapture() throws Exception {
        station.takePort(c -> {});
        Random random = new Random(4);
        List<byte[]> models = List.of(
                fromTarget(20_000),
                arpRequest(TARGET_IPV4, OUR_IPV4),
                solicitation(TARGET_IPV6, OUR_IPV6),
                mappedSolicitation());
        for (int i = 0; i < 20_000; i++) {
            byte[] frame = models.get(random.nextInt(models.size())).clone();
            for (int j = random.nextInt(4); j > 0; j--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            link.arrive(random.nextInt(4) == 0 ? Arrays.copyOf(frame, random.nextInt(frame.length)) : frame);
        }
        barrier();
        sent.clear();
        link.arrive(arpRequest(TARGET_IPV4, OUR_IPV4));
        assertThat(FrameDecoder.decode(sentFrame(), LinkLayer.ETHERNET)).isInstanceOf(Frame.Arp.class);
    }

    /** Asks for our IPv4 address as an IPv4-mapped IPv6 one. */
    private static byte[] mappedSolicitation() {
        byte[] frame = solicitation(TARGET_IPV6, OUR_IPV6);
        System.arraycopy(hex("00000000000000000000ffffc000024d"), 0, frame, 14 + 48, 16);
        return frame;
    }
}
