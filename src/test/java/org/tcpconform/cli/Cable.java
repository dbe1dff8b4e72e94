package org.tcpconform.cli;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.testng.SkipException;

/**
 * Joins two tun or tap interfaces in different namespaces, frame by frame. Needs no more of the kernel than its tun
 * driver, where interfaces for VLANs and tunnels are modules that not every machine has.
 */
final class Cable {
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 02000000;
    private static final long TUNSETIFF = 0x400454caL;
    private static final short IFF_TUN = 1;
    private static final short IFF_TAP = 2;
    private static final short IFF_NO_PI = 0x1000;
    private static final int IFREQ_OCTETS = 40;
    private static final int LONGEST_FRAME = 1 << 16;

    static {
        Native.register(Cable.class, "c");
    }

    private Cable() {}

    static native int open(String path, int flags) throws LastErrorException;

    static native int ioctl(int fd, long request, Memory argument) throws LastErrorException;

    static native long read(int fd, Memory buffer, long length) throws LastErrorException;

    static native long write(int fd, Memory buffer, long length) throws LastErrorException;

    /** Joins two interfaces without Ethernet, which are made and have the same name. */
    static void tun(long onePid, long otherPid, String name) throws Exception {
        join(end(onePid, name, IFF_TUN), end(otherPid, name, IFF_TUN), frame -> frame, frame -> frame);
    }

    /** Joins two Ethernet interfaces, which are made and have the same name; the first sees all frames tagged. */
    static void tagging(long onePid, long otherPid, String name, int vlan) throws Exception {
        join(
                end(onePid, name, IFF_TAP),
                end(otherPid, name, IFF_TAP),
                frame -> untagged(frame, vlan),
                frame -> tagged(frame, vlan));
    }

    private static int end(long pid, String name, short kind) throws Exception {
        return World.inside(pid, () -> {
            try {
                int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
                Memory request = new Memory(IFREQ_OCTETS);
                request.clear();
                request.setString(0, name, StandardCharsets.US_ASCII.name());
                request.setShort(16, (short) (kind | IFF_NO_PI));
                ioctl(fd, TUNSETIFF, request);
                return fd;
            } catch (LastErrorException e) {
                throw new SkipException("no tun interface can be made here: " + e.getMessage());
            }
        });
    }

    private static void join(int one, int other, UnaryOperator<byte[]> there, UnaryOperator<byte[]> back) {
        pump(one, other, there);
        pump(other, one, back);
    }

    private static void pump(int from, int to, UnaryOperator<byte[]> change) {
        Thread thread = new Thread(
                () -> {
                    Memory in = new Memory(LONGEST_FRAME);
                    Memory out = new Memory(LONGEST_FRAME);
                    while (true) {
                        try {
                            byte[] frame = change.apply(in.getByteArray(0, (int) read(from, in, LONGEST_FRAME)));
                            if (frame != null) {
                                out.write(0, frame, 0, frame.length);
                                write(to, out, frame.length);
                            }
                        } catch (LastErrorException e) {
                            // the other end is not up yet, or a namespace has ended: as when a cable is out
                            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                        }
                    }
                },
                "cable");
        thread.setDaemon(true);
        thread.start();
    }

    private static byte[] tagged(byte[] frame, int vlan) {
        byte[] tagged = new byte[frame.length + 4];
        System.arraycopy(frame, 0, tagged, 0, 12);
        tagged[12] = (byte) 0x81;
        tagged[14] = (byte) (vlan >> 8);
        tagged[15] = (byte) vlan;
        System.arraycopy(frame, 12, tagged, 16, frame.length - 12);
        return tagged;
    }

    /** The frame without its tag; null for one that is in another VLAN or in none. */
    private static byte[] untagged(byte[] frame, int vlan) {
        boolean ours = frame.length > 18
                && frame[12] == (byte) 0x81
                && frame[13] == 0
                && (frame[14] & 0x0f) == vlan >> 8
                && frame[15] == (byte) vlan;
        if (!ours) {
            return null;
        }
        byte[] untagged = Arrays.copyOf(frame, frame.length - 4);
        System.arraycopy(frame, 16, untagged, 12, frame.length - 16);
        return untagged;
    }
}
