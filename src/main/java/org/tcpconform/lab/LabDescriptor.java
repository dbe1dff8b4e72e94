package org.tcpconform.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A lab as its folder describes it ({@code tools/lab/NAME/lab.yaml}, read by {@link LabCatalogue}).
 *
 * @param name the folder's name
 * @param folder where its files are
 * @param description one line for people, with placeholders; {@link #describe} fills them
 * @param packages Debian packages that it needs beyond what every lab needs
 * @param build command that is run before the first start and when a file of the folder has changed; may be empty
 * @param start command that is the target, run inside its namespace once the network is there; it must end when its
 *     standard input does
 * @param ready a line that the target prints when it answers
 * @param readyWithin how long that may take
 * @param stack whose TCP is judged, the kernel's or the program's own
 * @param targetAddresses the target's addresses with prefix lengths, at least one
 * @param testerAddresses addresses of the same subnets that nobody owns, for the tester to use
 * @param services what the target offers: stimulus to TCP port
 * @param closedPort a TCP port on which nothing listens
 * @param features what the target claims to have, in the words of the target file
 * @param maxConnections how many connections it bears at once; 0 where that is not known
 * @param lockstep whether each segment waits until the target has read the one before
 */
public record LabDescriptor(
        String name,
        Path folder,
        String description,
        List<String> packages,
        List<String> build,
        List<String> start,
        String ready,
        Duration readyWithin,
        Stack stack,
        List<Subnet> targetAddresses,
        List<InetAddress> testerAddresses,
        Map<String, Integer> services,
        int closedPort,
        Set<String> features,
        int maxConnections,
        boolean lockstep) {

    /**
     * What it is, in one line, which tells name and exact version: {@code ${kernel}} is the running kernel, release and
     * build, {@code ${version}} the version of the first package, {@code ${built}} what the build says that it has made.
     */
    public String describe(LabOptions options) {
        return LabFile.fill(
                description,
                Map.of(
                        "kernel",
                        kernel(),
                        "version",
                        packages.isEmpty()
                                ? ""
                                : Packages.version(packages.get(0)).orElse("(not installed)"),
                        "built",
                        LabBuild.version(this, options).orElse("(not built)")));
    }

    /** Of one release distributions make several kernels: only the build tells them apart. */
    private static String kernel() {
        String release = System.getProperty("os.version");
        try {
            return release + " ("
                    + Files.readString(Path.of("/proc/sys/kernel/version")).strip() + ")";
        } catch (IOException e) {
            return release;
        }
    }

    /** Whose TCP implementation is the target. */
    public enum Stack {
        /** The kernel's: the target's end of the link gets the addresses. */
        KERNEL,
        /** The program's own: the end of the link stays without address, the program takes it over. */
        OWN,
        /** The program's own, on a tap device without address, which a bridge joins to the end of the link. */
        TAP
    }

    /** An address with the length of its subnet's prefix in bits. */
    public record Subnet(InetAddress address, int prefix) {
        @Override
        public String toString() {
            return address.getHostAddress() + "/" + prefix;
        }
    }
}
