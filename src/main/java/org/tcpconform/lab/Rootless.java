package org.tcpconform.lab;

import com.sun.jna.LastErrorException;
import com.sun.jna.StringArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Labs without root: the harness starts itself again inside a user namespace, where it has root's rights over network
 * namespaces that it makes there, and over nothing else.
 */
public final class Rootless {
    /** What to do where namespaces are refused; the end of a line. */
    static final String ADVICE = "run it as root (in a container: --privileged), or allow user namespaces (sysctl"
            + " kernel.unprivileged_userns_clone=1 or kernel.apparmor_restrict_unprivileged_userns=0)";

    private static final int ENVIRONMENT = 3;
    // CAP_NET_ADMIN (interfaces), CAP_NET_RAW (capture), CAP_SYS_ADMIN (namespaces); bits of CapEff, capability.h.
    private static final long NEEDED = 1L << 12 | 1L << 13 | 1L << 21;
    private static final List<String> OWN_NAMESPACES = List.of("unshare", "--user", "--map-root-user", "--net", "--");

    private Rootless() {}

    /** Whether this process lacks the rights that a lab needs. Inside the user namespace that is no longer so. */
    public static boolean needed() {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("CapEff:"))
                    .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .anyMatch(effective -> (effective & NEEDED) != NEEDED);
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Replaces this process by itself inside new user and network namespaces. It stays the same process, so exit code,
     * Ctrl-C and kill reach what they should without anybody passing them on.
     *
     * @param args what {@code main} was called with, unchanged
     * @return only where it did not work: 3, after one line on standard error that says what to do
     */
    public static int reexec(String[] args) {
        String refusal = refusal();
        if (refusal != null) {
            System.err.println(refusal);
            return ENVIRONMENT;
        }
        return replace(OWN_NAMESPACES, args);
    }

    /**
     * Replaces this process by itself inside the user and network namespaces of a running lab that was started without
     * root.
     *
     * @param pid the lab's holder, {@link LabRecord#pid()}
     * @param args what {@code main} was called with, unchanged
     * @return only where it did not work: 3, after one line on standard error
     */
    public static int reexecInto(long pid, String[] args) {
        return replace(
                List.of("nsenter", "--target", Long.toString(pid), "--user", "--preserve-credentials", "--net", "--"),
                args);
    }

    /** What stands before a command so that it runs in a network namespace of its own, with or without root. */
    static List<String> namespacePrefix() {
        if (!needed()) {
            return List.of("unshare", "--net", "--");
        }
        String refusal = refusal();
        if (refusal != null) {
            throw new LabException(refusal);
        }
        return OWN_NAMESPACES;
    }

    /** Why user namespaces are not to be had here, as one line; null where they are. */
    static String refusal() {
        List<String> probe = new ArrayList<>(OWN_NAMESPACES);
        // Where AppArmor restricts user namespaces they can be made, but carry no rights: so try one.
        probe.addAll(List.of("ip", "link", "set", "lo", "up"));
        try {
            Commands.run(probe, "", Duration.ofSeconds(10));
            return null;
        } catch (LabException e) {
            return "the lab needs network namespaces, which are not permitted here; " + ADVICE;
        }
    }

    private static int replace(List<String> prefix, String[] args) {
        try {
            List<String> command = new ArrayList<>(prefix);
            command.addAll(ownCommandLine(args));
            Libc.execvp(command.get(0), new StringArray(command.toArray(String[]::new)));
        } catch (IOException | LastErrorException e) {
            System.err.println("cannot start again inside a user namespace: " + e.getMessage());
        }
        return ENVIRONMENT;
    }

    /**
     * The command that starts this program again, with the options of this JVM but other arguments.
     *
     * @param args what {@code main} was called with
     * @param others what it is to be called with
     * @throws LabException where this process was not started by {@code main}
     */
    public static List<String> ownCommandLine(String[] args, List<String> others) {
        try {
            List<String> command = ownCommandLine(args);
            List<String> again = new ArrayList<>(command.subList(0, command.size() - args.length));
            again.addAll(others);
            return again;
        } catch (IOException e) {
            throw new LabException("the program cannot start itself again: " + e.getMessage(), e);
        }
    }

    /** The command that started this JVM, its options included, from the kernel's copy. */
    private static List<String> ownCommandLine(String[] args) throws IOException {
        String all = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
        List<String> words = new ArrayList<>(Arrays.asList(all.split("\0", -1)));
        words.remove(words.size() - 1);
        int head = words.size() - args.length;
        if (head < 1 || !words.subList(head, words.size()).equals(Arrays.asList(args))) {
            throw new IOException("its own command line is not what main was given");
        }
        words.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Inside, the user is called root, and Java would go to root's home.
        words.add(1, "-Duser.home=" + System.getProperty("user.home"));
        return words;
    }
}
