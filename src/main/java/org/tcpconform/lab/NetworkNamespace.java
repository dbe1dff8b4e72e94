package org.tcpconform.lab;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The network namespace of the calling thread.
 *
 * <p>In Linux a namespace belongs to a thread. What the thread starts afterwards, threads and processes, inherits it;
 * threads that exist already keep theirs. So the harness changes over on its main thread before it starts anything else.
 * Threads that the JVM starts by itself stay outside, the one that runs shutdown hooks among them: such code must not
 * expect to see the lab's interfaces.
 */
public final class NetworkNamespace {
    private NetworkNamespace() {}

    /**
     * Moves the calling thread into a new, empty network namespace. Interfaces made there have IPv6 off from the start,
     * so that the host's own stack says nothing on them.
     *
     * @throws LabException where the kernel refuses (no CAP_SYS_ADMIN; see {@link Rootless})
     */
    public static void enterFresh() {
        try {
            Libc.unshare(Libc.CLONE_NEWNET);
        } catch (LastErrorException e) {
            throw refused("make a network namespace", e);
        }
        silenceIpv6("default");
    }

    /**
     * Moves the calling thread into the network namespace of a running process.
     *
     * @throws LabException where there is no such process or the kernel refuses
     */
    public static void enter(long pid) {
        int fd = open(pid);
        try {
            Libc.setns(fd, Libc.CLONE_NEWNET);
        } catch (LastErrorException e) {
            throw refused("enter the network namespace of process " + pid, e);
        } finally {
            Libc.close(fd);
        }
    }

    /**
     * Keeps the network namespace of a process alive, with all that is in it, also when the process has ended.
     *
     * @param path where it can be entered, as by {@code nsenter --net=PATH}
     */
    record Held(int descriptor, Path path) implements AutoCloseable {
        static Held of(long pid) {
            int descriptor = open(pid);
            return new Held(
                    descriptor, Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor));
        }

        @Override
        public void close() {
            Libc.close(descriptor);
        }
    }

    private static int open(long pid) {
        try {
            return Libc.open("/proc/" + pid + "/ns/net", Libc.O_RDONLY | Libc.O_CLOEXEC);
        } catch (LastErrorException e) {
            if (e.getErrorCode() == Libc.ENOENT) {
                throw new LabException("process " + pid + " does not exist any more", e);
            }
            throw refused("look into the network namespace of process " + pid, e);
        }
    }

    /** The identity of the calling thread's namespace, as the kernel writes it: {@code net:[4026532008]}. */
    public static String current() {
        return identity(Path.of("/proc/thread-self/ns/net"));
    }

    /**
     * The identity of a process's namespace (that of its first thread).
     *
     * @throws LabException where the process does not exist or may not be looked at
     */
    public static String of(long pid) {
        return identity(Path.of("/proc/" + pid + "/ns/net"));
    }

    /**
     * Turns IPv6 off for an interface, or with {@code default} for all that are made from now on, in the calling
     * thread's namespace. Does nothing where the kernel has no IPv6.
     */
    static void silenceIpv6(String interfaceName) {
        // /proc/sys/net shows the namespace of the thread that opens it, unlike /proc/net.
        Path file = Path.of("/proc/sys/net/ipv6/conf/" + interfaceName + "/disable_ipv6");
        try {
            if (Files.exists(file) && !Files.readString(file).startsWith("1")) {
                Files.writeString(file, "1");
            }
        } catch (IOException e) {
            throw new LabException("cannot turn off IPv6 in the tester's network namespace: " + e.getMessage(), e);
        }
    }

    private static String identity(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw new LabException("cannot read " + link + ": " + e.getMessage(), e);
        }
    }

    private static LabException refused(String what, LastErrorException e) {
        String why = e.getErrorCode() == Libc.EPERM ? "not permitted; " + Rootless.ADVICE : e.getMessage();
        return new LabException("cannot " + what + ": " + why, e);
    }
}
