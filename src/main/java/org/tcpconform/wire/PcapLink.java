package org.tcpconform.wire;

import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.Pcaps;
import org.pcap4j.core.RawPacketListener;
import org.pcap4j.packet.namednumber.DataLinkType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tcpconform.segment.LinkLayer;

/**
 * A link over libpcap. Sends and captures through two handles: a packet socket does not show what was sent through
 * itself, and our own frames, with the time at which they left, are part of the evidence.
 */
public final class PcapLink implements Link {
    private static final Logger LOG = LoggerFactory.getLogger(PcapLink.class);
    /** The kernel's words for ENETDOWN, ENXIO, ENODEV and ENOBUFS: the frame is not to blame. */
    private static final List<String> NOTHING_LEAVES =
            List.of("Network is down", "No such device or address", "No such device", "No buffer space available");

    private static final int SNAPLEN = 65_536;
    private static final int BUFFER_OCTETS = 8 << 20;

    private final String interfaceName;
    private final PcapHandle sending;
    private final PcapHandle capturing;
    private final LinkLayer layer;
    private final boolean nanoseconds;
    private final AtomicLong failures = new AtomicLong();
    private Thread thread;
    private volatile boolean closed;

    private PcapLink(String interfaceName, PcapHandle sending, PcapHandle capturing, boolean nanoseconds) {
        this.interfaceName = interfaceName;
        this.sending = sending;
        this.capturing = capturing;
        this.nanoseconds = nanoseconds;
        this.layer = layer(capturing.getDlt());
    }

    /**
     * Opens an interface.
     *
     * @param interfaceName name of the interface, such as {@code eth0}
     * @param filter what to capture, as a pcap filter expression
     * @throws LinkException with advice, if libpcap is missing, the interface does not exist, or it may not be opened
     */
    public static PcapLink open(String interfaceName, String filter) {
        PcapHandle sending = null;
        PcapHandle capturing = null;
        try {
            sending = handle(interfaceName, TimestampPrecision.MICRO);
            // nothing is read from this handle: let the kernel drop all that it would queue for it
            sending.setFilter("less 1", BpfCompileMode.OPTIMIZE);
            boolean nanoseconds = true;
            try {
                capturing = handle(interfaceName, TimestampPrecision.NANO);
            } catch (PcapNativeException e) {
                nanoseconds = false;
                capturing = handle(interfaceName, TimestampPrecision.MICRO);
            }
            capturing.setFilter(filter, BpfCompileMode.OPTIMIZE);
            return new PcapLink(interfaceName, sending, capturing, nanoseconds);
        } catch (PcapNativeException | NotOpenException e) {
            close(sending);
            close(capturing);
            throw new LinkException(explain(interfaceName, e), e);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
            throw new LinkException(
                    "libpcap cannot be loaded: install it (Debian, Ubuntu: apt-get install libpcap0.8)", e);
        }
    }

    /**
     * Version of libpcap, as it calls itself.
     *
     * @throws UnsatisfiedLinkError if it cannot be loaded
     */
    public static String libraryVersion() {
        return Pcaps.libVersion();
    }

    private static PcapHandle handle(String interfaceName, TimestampPrecision precision) throws PcapNativeException {
        return new PcapHandle.Builder(interfaceName)
                .snaplen(SNAPLEN)
                .promiscuousMode(PromiscuousMode.PROMISCUOUS)
                // without immediate mode every answer waits for the buffer's timeout
                .immediateMode(true)
                .timeoutMillis(100)
                .bufferSize(BUFFER_OCTETS)
                .timestampPrecision(precision)
                .build();
    }

    private static String explain(String interfaceName, Exception e) {
        String message = String.valueOf(e.getMessage()).strip();
        String lower = message.toLowerCase(java.util.Locale.ROOT);
        if (lower.contains("permission") || lower.contains("not permitted")) {
            return "no permission to capture on " + interfaceName
                    + ": run as root, or give java the capabilities CAP_NET_RAW and CAP_NET_ADMIN";
        }
        if (lower.contains("no such device") || lower.contains("doesn't exist")) {
            return "there is no interface " + interfaceName + ": `ip link` lists those there are";
        }
        if (lower.contains("not up") || lower.contains("network is down")) {
            return "interface " + interfaceName + " is down: ip link set " + interfaceName + " up";
        }
        return "cannot open interface " + interfaceName + ": " + message;
    }

    static LinkLayer layer(DataLinkType type) {
        if (type.equals(DataLinkType.EN10MB)) {
            return LinkLayer.ETHERNET;
        }
        if (type.equals(DataLinkType.RAW) || type.value() == 101) {
            return LinkLayer.RAW_IP;
        }
        throw new LinkException("interface has link type " + type + "; Ethernet and raw IP (tun) are supported");
    }

    @Override
    public LinkLayer layer() {
        return layer;
    }

    @Override
    public void send(byte[] frame) {
        try {
            synchronized (sending) {
                sending.sendPacket(frame);
            }
        } catch (PcapNativeException e) {
            String message = "cannot send on " + interfaceName + ": " + e.getMessage();
            if (NOTHING_LEAVES.stream().noneMatch(message::contains)) {
                throw new LinkException(message, e);
            }
            failures.incrementAndGet();
            throw new LinkDownException(message, e);
        } catch (NotOpenException e) {
            throw new LinkException("cannot send on " + interfaceName + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void start(Receiver receiver) {
        RawPacketListener listener = frame -> {
            try {
                receiver.frame(nanos(capturing.getTimestamp()), frame);
            } catch (LinkDownException e) {
                LOG.debug("no answer could be sent", e);
            } catch (RuntimeException e) {
                // JNA would swallow it; one odd frame must not end the capture
                LOG.error("a captured frame was not handled", e);
            }
        };
        thread = new Thread(() -> loop(listener), "capture-" + interfaceName);
        thread.setDaemon(true);
        thread.setPriority(Thread.MAX_PRIORITY);
        thread.start();
    }

    private void loop(RawPacketListener listener) {
        while (!closed) {
            try {
                capturing.loop(-1, listener);
            } catch (PcapNativeException e) {
                if (!closed) {
                    // the interface may come back; losing the capture thread would lose the run
                    LOG.debug("capture on {}", interfaceName, e);
                    failures.incrementAndGet();
                    java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
                }
            } catch (InterruptedException | NotOpenException e) {
                return;
            }
        }
    }

    /** A stamp of pcap4j as nanoseconds since the epoch. */
    static long nanos(Timestamp stamp) {
        // pcap4j puts the sub-second part into the nanoseconds of the Timestamp for either precision
        return TimeUnit.MILLISECONDS.toNanos(stamp.getTime() / 1000 * 1000) + stamp.getNanos();
    }

    /** Whether stamps are finer than a microsecond. */
    public boolean nanoseconds() {
        return nanoseconds;
    }

    @Override
    public long failures() {
        return failures.get();
    }

    @Override
    public Optional<Outage> outage() {
        PcapNetworkInterface now;
        try {
            // not by Java's NetworkInterface, which knows none without addresses
            now = Pcaps.getDevByName(interfaceName);
        } catch (PcapNativeException e) {
            LOG.debug("interfaces cannot be listed", e);
            return Optional.empty();
        }
        if (now == null) {
            return Optional.of(new Outage("interface " + interfaceName + " is gone", false));
        }
        return now.isUp() && now.isRunning()
                ? Optional.empty()
                : Optional.of(new Outage("interface " + interfaceName + " is down, or its cable is out", true));
    }

    @Override
    public synchronized long dropped() {
        try {
            return capturing.getStats().getNumPacketsDropped();
        } catch (PcapNativeException | NotOpenException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            capturing.breakLoop();
        } catch (NotOpenException e) {
            LOG.debug("closed already");
        }
        if (thread != null) {
            try {
                thread.join(2_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        close(sending);
        if (thread == null || !thread.isAlive()) {
            close(capturing);
        }
    }

    private static void close(PcapHandle handle) {
        if (handle != null) {
            handle.close();
        }
    }
}
