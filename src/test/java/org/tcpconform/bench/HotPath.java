package org.tcpconform.bench;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameDecoder;
import org.tcpconform.segment.Ip;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.MacAddress;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Segment.Difference;
import org.tcpconform.segment.Seq;
import org.tcpconform.segment.Variable;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.wire.Link;
import org.tcpconform.wire.MemoryLink;
import org.tcpconform.wire.Station;

/** What one segment costs on its way out and in, without the kernel; under the launcher's JVM options. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class HotPath {
    private static final int OUR_PORT = 20_000;
    private static final int TARGET_PORT = 7;
    private static final int OUR_NUMBER = 1_000_000;
    private static final int TARGET_NUMBER = 2_000_000;
    private static final MacAddress MAC = MacAddress.of(new byte[] {2, 0, 0, 0, 0, 1});
    private static final MacAddress TARGET_MAC = MacAddress.of(new byte[] {2, 0, 0, 0, 0, 2});
    private static final Segment EXPECTED =
            Segment.synAck().ack(Seq.IRS.plus(1)).with(Option.Mss.class);

    private final InetAddress ours;
    private final InetAddress target;
    private final Segment syn = Segment.syn()
            .options(
                    new Option.Mss(1460),
                    new Option.SackPermitted(),
                    new Option.Timestamps(1, 0),
                    new Option.Nop(),
                    new Option.WindowScale(7));
    private final AtomicInteger arrived = new AtomicInteger();

    private Sink sink;
    private Station sending;
    private MemoryLink memory;
    private Station receiving;
    private byte[] synAckFrame;
    private WireSegment synAck;
    private int answered;

    /** JMH wants a constructor without arguments. */
    public HotPath() {
        try {
            ours = InetAddress.getByName("192.0.2.77");
            target = InetAddress.getByName("192.0.2.10");
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A link without end: keeps what was sent last. */
    private static final class Sink implements Link {
        private byte[] last;

        @Override
        public LinkLayer layer() {
            return LinkLayer.ETHERNET;
        }

        @Override
        public void send(byte[] frame) {
            last = frame;
        }

        @Override
        public void start(Receiver receiver) {
            // nothing arrives
        }

        @Override
        public long dropped() {
            return 0;
        }

        @Override
        public void close() {
            last = null;
        }
    }

    @Setup
    public void open() {
        sink = new Sink();
        sending = new Station(sink, MAC, 0, true, 0);
        memory = new MemoryLink(LinkLayer.ETHERNET);
        receiving = new Station(memory, MAC, 0, true, 0);
        receiving.own(ours);
        receiving.alsoHear(OUR_PORT, frame -> arrived.incrementAndGet());
        WireSegment wire = Segment.synAck()
                .options(new Option.Mss(1460))
                .resolve(v -> TARGET_NUMBER, TARGET_PORT, OUR_PORT, List.of(), 65_535);
        Sink target = new Sink();
        try (Station other = new Station(target, TARGET_MAC, 0, true, 0)) {
            other.send(Ip.between(this.target, ours), wire, null, ours, MAC);
            synAckFrame = target.last;
        }
        synAck = ((Frame.Tcp) FrameDecoder.decode(synAckFrame, LinkLayer.ETHERNET)).segment();
        if (!EXPECTED.differences(synAck, HotPath::variable).isEmpty()) {
            throw new IllegalStateException("the SYN-ACK is not what is measured");
        }
    }

    @TearDown
    public void close() {
        sending.close();
        receiving.close();
    }

    private static int variable(Variable variable) {
        return variable == Variable.IRS ? TARGET_NUMBER - 1 : OUR_NUMBER;
    }

    /** A SYN with the usual options, from template to Ethernet frame. */
    @Benchmark
    public byte[] build() {
        WireSegment segment = syn.resolve(HotPath::variable, OUR_PORT, TARGET_PORT, List.of(), 65_535);
        sending.send(Ip.between(ours, target), segment, null, target, TARGET_MAC);
        return sink.last;
    }

    /** A SYN-ACK, from Ethernet frame to segment. */
    @Benchmark
    public Frame parse() {
        return FrameDecoder.decode(synAckFrame, LinkLayer.ETHERNET);
    }

    /** The same frame, from the link over its capture thread to the flow, and back to this thread. */
    @Benchmark
    public int dispatch() {
        answered++;
        memory.arrive(synAckFrame);
        while (arrived.get() != answered) {
            Thread.onSpinWait();
        }
        return answered;
    }

    /** The SYN-ACK against a template with two demands. */
    @Benchmark
    public List<Difference> compare() {
        return EXPECTED.differences(synAck, HotPath::variable);
    }
}
