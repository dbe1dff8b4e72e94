package org.tcpconform.lab;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A running target and the link to it. One end of the link is an interface in the network namespace of the thread that
 * started the lab (see {@link NetworkNamespace#enterFresh()}); it has no IP address and the host's stack is silent on it.
 *
 * <p>The target runs in network and process namespaces of its own. It is killed by the kernel, with all that it started,
 * when this JVM ends in whatever way; the link goes with its namespace.
 */
public final class Lab implements AutoCloseable {
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(10);
    private static final Duration LINK_LIMIT = Duration.ofSeconds(5);
    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final String TARGET_INTERFACE = "eth0";
    private static final String TAP = "tap0";
    /** Commands of {@code ip} for a tap device on the target's end of the link. The bridge must pass all, and add nothing. */
    private static final List<String> BRIDGED_TAP = List.of(
            "link add name bridge type bridge stp_state 0 mcast_snooping 0",
            "tuntap add dev " + TAP + " mode tap",
            "link set " + TARGET_INTERFACE + " master bridge",
            "link set " + TAP + " master bridge up",
            "link set bridge up");

    private static final String PREFIX = "lab";
    private static final int FIRST_INDEX = 1000;
    // Unfinished checksums and merged segments would be captured as if the target had sent them so.
    private static final List<String> NO_OFFLOADS =
            List.of("tx", "off", "rx", "off", "tso", "off", "gso", "off", "gro", "off");
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final String name;
    private final String description;
    private final String interfaceName;
    private final List<InetAddress> targetAddresses;
    private final List<InetAddress> sourceAddresses;
    private final Map<String, Integer> services;
    private final int closedPort;
    private final Set<String> features;
    private final boolean lockstep;
    // Null where the lab was joined rather than started: then it is not ours to end.
    private final Program program;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile ProcessHandle handle;
    private volatile TargetProcess target;

    /**
     * What is needed to start the target's program again, in the namespace that outlives it.
     *
     * @param command the program, with all values filled in
     */
    private record Program(LabDescriptor descriptor, List<String> command, NetworkNamespace.Held namespace) {}

    private Lab(
            LabDescriptor descriptor, String description, String interfaceName, TargetProcess target, Program program) {
        this.name = descriptor.name();
        this.description = description;
        this.interfaceName = interfaceName;
        this.targetAddresses = descriptor.targetAddresses().stream()
                .map(LabDescriptor.Subnet::address)
                .toList();
        this.sourceAddresses = descriptor.testerAddresses();
        this.services = descriptor.services();
        this.closedPort = descriptor.closedPort();
        this.features = descriptor.features();
        this.lockstep = descriptor.lockstep();
        this.handle = target.handle();
        this.target = target;
        this.program = program;
    }

    private Lab(LabRecord up) {
        this.name = up.lab();
        this.description = up.description();
        this.interfaceName = up.interfaceName();
        this.targetAddresses = addresses(up.targetAddresses());
        this.sourceAddresses = addresses(up.sourceAddresses());
        this.services = up.services();
        this.closedPort = up.closedPort();
        this.features = up.features();
        this.lockstep = up.lockstep();
        this.handle = ProcessHandle.of(up.targetPid())
                .orElseThrow(() -> new LabException("the target of lab '" + up.id() + "' has ended"));
        this.target = null;
        this.program = null;
    }

    /**
     * Installs the packages that a lab needs, where this process may, and builds what it builds; quick where all is there.
     * {@link #start} does it too, but a namespace without a network is no place to fetch anything from.
     *
     * @return the folder of what was built
     * @throws LabException with the command that installs what is missing, or the log of a build that failed
     */
    public static Path prepare(LabDescriptor descriptor, LabOptions options) {
        Packages.ensure(descriptor, options);
        return LabBuild.ensure(descriptor, options);
    }

    /**
     * Starts a lab and returns once its target answers.
     *
     * @throws LabException where a tool is missing, the kernel refuses, or the target does not come up within its time;
     *     whatever had been started is then gone again
     */
    public static Lab start(LabDescriptor descriptor, LabOptions options) {
        Path built = prepare(descriptor, options);
        String interfaceName = freeInterfaceName();
        Map<String, String> values = values(descriptor, built);
        List<String> command = LabFile.command(descriptor.start(), values);
        TargetProcess target = TargetProcess.start(descriptor.folder(), command);
        NetworkNamespace.Held namespace = null;
        try {
            target.awaitNamespace(COMMAND_LIMIT);
            namespace = NetworkNamespace.Held.of(target.pid());
            connect(descriptor, interfaceName, target.pid());
            awaitLink(interfaceName);
            target.release();
            target.awaitLine(descriptor.ready(), descriptor.readyWithin());
        } catch (LabException e) {
            end(target, namespace);
            throw new LabException("lab '" + descriptor.name() + "' did not start: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            end(target, namespace);
            throw e;
        }
        return new Lab(
                descriptor,
                descriptor.describe(options),
                interfaceName,
                target,
                new Program(descriptor, command, namespace));
    }

    /**
     * Joins a lab that is up: moves the calling thread into its tester's namespace. Closing the result leaves the lab
     * running. Where the lab was started without root and this process has no root either, {@link
     * Rootless#reexecInto(long, String[])} comes first.
     *
     * @throws LabException where it has ended meanwhile or may not be entered
     */
    public static Lab join(LabRecord up) {
        Lab lab = new Lab(up);
        NetworkNamespace.enter(up.pid());
        return lab;
    }

    /** The name of the lab, such as {@code linux}. */
    public String name() {
        return name;
    }

    /** The tester's end of the link. */
    public String interfaceName() {
        return interfaceName;
    }

    /** The target's addresses, IPv4 before IPv6. */
    public List<InetAddress> targetAddresses() {
        return targetAddresses;
    }

    /** Addresses in the target's subnets that nobody owns, for the tester. */
    public List<InetAddress> sourceAddresses() {
        return sourceAddresses;
    }

    /** What the target offers: stimulus to TCP port. */
    public Map<String, Integer> services() {
        return services;
    }

    /** A TCP port on which nothing listens. */
    public int closedPort() {
        return closedPort;
    }

    /** What the target claims to have. */
    public Set<String> features() {
        return features;
    }

    /** How many connections the target bears at once; 0 where that is not known. */
    public int maxConnections() {
        return program == null ? 0 : program.descriptor().maxConnections();
    }

    /** Whether each segment waits until the target has read the one before. */
    public boolean lockstep() {
        return lockstep;
    }

    /** What the target is, in one line. */
    public String description() {
        return description;
    }

    /** A process in the target's network namespace, for {@code nsenter --target PID --net}. */
    public long pid() {
        return handle.pid();
    }

    /** Whether the target's process still runs. */
    public boolean alive() {
        return handle.isAlive();
    }

    /** The last lines that the target printed; empty for a joined lab, whose output is elsewhere. */
    public List<String> output() {
        return target == null ? List.of() : target.output();
    }

    /** Waits until the target's process has ended, at most {@code limit}; whether it has. */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        try {
            handle.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return !handle.isAlive();
        }
    }

    /** Whether {@link #restart} is possible: not where the lab was joined. */
    public boolean canRestart() {
        return program != null;
    }

    /**
     * Ends the target's program, where it has not ended by itself, and starts it again behind the same link; returns once
     * it says that it answers.
     *
     * @throws LabException where it does not come up within its time
     */
    public void restart() {
        target.kill(END_LIMIT);
        LabDescriptor descriptor = program.descriptor();
        TargetProcess again =
                TargetProcess.start(descriptor.folder(), program.namespace().path(), program.command());
        target = again;
        handle = again.handle();
        try {
            again.awaitNamespace(COMMAND_LIMIT);
            again.release();
            again.awaitLine(descriptor.ready(), descriptor.readyWithin());
        } catch (LabException e) {
            again.kill(END_LIMIT);
            throw new LabException("lab '" + name + "' did not start again: " + e.getMessage(), e);
        }
    }

    /** Ends the target and with it the link; waits for its processes to be gone (at most 5 s). Can be called again. */
    @Override
    public void close() {
        if (program != null && !closed.getAndSet(true)) {
            end(target, program.namespace());
        }
    }

    private static void end(TargetProcess target, NetworkNamespace.Held namespace) {
        target.kill(END_LIMIT);
        if (namespace != null) {
            namespace.close();
        }
    }

    /** Makes the link with one end here and the other in the target's namespace, and gives the target its addresses. */
    private static void connect(LabDescriptor descriptor, String interfaceName, long pid) {
        boolean kernel = descriptor.stack() == LabDescriptor.Stack.KERNEL;
        boolean tap = descriptor.stack() == LabDescriptor.Stack.TAP;
        // The kernel reports a change of the carrier up to a second late on an interface whose index happens to be its
        // peer's (linkwatch takes it for a hardware one), so the two ends get different ones.
        int index = FIRST_INDEX + Integer.parseInt(interfaceName.substring(PREFIX.length()));
        ip("link add name " + interfaceName + " index " + index + " type veth peer name " + TARGET_INTERFACE + " netns "
                + pid);
        NetworkNamespace.silenceIpv6(interfaceName);

        // This end goes up first: then the other has a carrier, and its addresses are usable, as soon as it is up.
        List<String> target = new ArrayList<>();
        // Java takes the system for one without IPv6 where no interface has such an address: the loopback has one.
        target.add("link set lo up");
        if (tap) {
            target.addAll(BRIDGED_TAP);
        }
        if (kernel) {
            for (LabDescriptor.Subnet subnet : descriptor.targetAddresses()) {
                boolean ipv4 = subnet.address() instanceof Inet4Address;
                // Nobody else is on the link, so duplicate address detection would only cost a second.
                target.add("addr add " + subnet + " dev " + TARGET_INTERFACE + (ipv4 ? "" : " nodad"));
            }
        }
        target.add("link set " + TARGET_INTERFACE + " up");

        List<String> enter = List.of("nsenter", "--target", Long.toString(pid), "--net", "--");
        // Where the program has a stack of its own this kernel is to say nothing, on bridge and tap neither.
        List<String> sysctls = new ArrayList<>();
        sysctls.add(TARGET_INTERFACE + (kernel ? "/accept_dad=0" : "/disable_ipv6=1"));
        if (tap) {
            sysctls.add("default/disable_ipv6=1");
        }
        List<String> inside = new ArrayList<>(enter);
        inside.addAll(List.of(
                "sh",
                "-c",
                "if cd /proc/sys/net/ipv6/conf 2>/dev/null; then for s in " + String.join(" ", sysctls)
                        + "; do echo ${s#*=} >${s%=*}; done; fi; "
                        + "ethtool -K " + TARGET_INTERFACE + " " + String.join(" ", NO_OFFLOADS)
                        + " && exec ip -batch -"));
        List<String> here = new ArrayList<>(List.of("ethtool", "-K", interfaceName));
        here.addAll(NO_OFFLOADS);
        Commands.Running offloads = Commands.start(here, "", COMMAND_LIMIT);
        ip("link set " + interfaceName + " up");
        Commands.run(inside, String.join("\n", target) + "\n", COMMAND_LIMIT);
        offloads.await();
    }

    private static void ip(String arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ")));
        Commands.run(command, "", COMMAND_LIMIT);
    }

    /** Only when the kernel calls the link up does it pass frames: a little later than the commands return. */
    private static void awaitLink(String interfaceName) {
        // Java's NetworkInterface does not know interfaces without an address, so the command is asked.
        List<String> look = List.of("ip", "-oneline", "link", "show", "dev", interfaceName);
        long end = System.nanoTime() + LINK_LIMIT.toNanos();
        while (!Commands.run(look, "", COMMAND_LIMIT).contains("state UP")) {
            if (System.nanoTime() > end) {
                throw new LabException(
                        "the link " + interfaceName + " did not come up within " + LINK_LIMIT.toSeconds() + " s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** A name that no interface of this thread's namespace has: several labs can be started from one. */
    private static String freeInterfaceName() {
        while (true) {
            String name = PREFIX + NEXT.getAndIncrement();
            if (!Files.exists(Path.of("/proc/sys/net/ipv4/conf", name))) {
                return name;
            }
        }
    }

    private static Map<String, String> values(LabDescriptor descriptor, Path built) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(
                "java", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        values.put("jar", ownCode());
        values.put("lab", descriptor.folder().toString());
        values.put("build", built.toString());
        values.put("interface", descriptor.stack() == LabDescriptor.Stack.TAP ? TAP : TARGET_INTERFACE);
        values.put("kernel", System.getProperty("os.version"));
        for (LabDescriptor.Subnet subnet : descriptor.targetAddresses()) {
            values.putIfAbsent(subnet.address() instanceof Inet4Address ? "address4" : "address6", subnet.toString());
        }
        return values;
    }

    /** Where this class was loaded from: the jar, or the folder of classes in our own tests. */
    static String ownCode() {
        try {
            return Path.of(Lab.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new LabException("cannot find the program's own jar", e);
        }
    }

    private static List<InetAddress> addresses(List<String> literals) {
        List<InetAddress> addresses = new ArrayList<>();
        try {
            for (String literal : literals) {
                addresses.add(InetAddress.getByName(literal));
            }
        } catch (UnknownHostException e) {
            throw new LabException("the record of the lab holds no address: " + e.getMessage(), e);
        }
        return List.copyOf(addresses);
    }
}
