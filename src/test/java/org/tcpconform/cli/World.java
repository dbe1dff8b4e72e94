package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tcpconform.lab.NetworkNamespace;
import org.tcpconform.lab.Rootless;
import org.tcpconform.lab.Services;
import org.tcpconform.testkit.Signals;
import org.testng.SkipException;

/**
 * A small network for the tests, in namespaces of its own: a tester, a target with services, a router between them, and
 * links of several kinds. Made once for this JVM; whatever belongs to it ends with the JVM, since all its processes wait
 * for the end of their standard input.
 *
 * <pre>
 * interface    tester                         target
 * plain        no address                     192.0.2.10/24, 2001:db8::10/64
 * small        203.0.113.9/29                 203.0.113.10/29, and .11, .12, .13
 * routed       10.1.0.2/24, fd00:1::2/64      10.2.0.10/24, fd00:2::10/64, behind the router (10.1.0.1, fd00:1::1)
 * tagged       VLAN 100, no address           198.51.100.10/24, fd00:3::10/64
 * tun0         no Ethernet, no address        10.9.0.10/24, fd00:9::10/64
 * unplugged    down
 * </pre>
 */
final class World {
    /** The first Java that warns of native code. */
    private static final int FIRST_TO_WARN = 24;

    static final Path HOME = Path.of("").toAbsolutePath();
    private static final String MARK = "TCPCONFORM_TEST_MARK";

    private static World world;
    private static SkipException refused;

    private final long tester;
    private final long target;
    private final long router;
    private final Process services;

    /** The world; skips the test, with the reason, where it cannot be had. */
    static synchronized World get() throws IOException {
        if (refused != null) {
            throw refused;
        }
        if (world == null) {
            try {
                world = new World();
            } catch (SkipException e) {
                refused = e;
                throw e;
            }
        }
        return world;
    }

    private World() throws IOException {
        if (Rootless.needed()) {
            throw new SkipException("needs root (CAP_SYS_ADMIN, CAP_NET_ADMIN) to make network namespaces");
        }
        tester = namespace();
        target = namespace();
        router = namespace();
        script("""
                at() { pid=$1; shift; nsenter --target "$pid" --net -- "$@"; }
                end() {
                    at "$1" ethtool -K "$2" tx off rx off tso off gso off gro off >/dev/null
                    at "$1" ip link set "$2" up
                }
                link() {
                    at "$1" ip link add name "$2" type veth peer name "$4" netns "$3"
                    end "$1" "$2"
                    end "$3" "$4"
                }
                T=$1 G=$2 R=$3
                at $T sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
                at $G sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'
                at $R sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
                    echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
                at $T ip link set lo up
                at $G ip link set lo up

                link $T plain $G plain
                at $G ip addr add 192.0.2.10/24 dev plain
                at $G ip addr add 2001:db8::10/64 dev plain nodad

                link $T small $G small
                at $T ip addr add 203.0.113.9/29 dev small
                for last in 10 11 12 13; do at $G ip addr add 203.0.113.$last/29 dev small; done

                link $T routed $R near
                link $R far $G routed
                at $T sh -c 'echo 0 >/proc/sys/net/ipv6/conf/routed/disable_ipv6'
                at $T ip addr add 10.1.0.2/24 dev routed
                at $T ip addr add fd00:1::2/64 dev routed nodad
                at $R ip addr add 10.1.0.1/24 dev near
                at $R ip addr add fd00:1::1/64 dev near nodad
                at $R ip addr add 10.2.0.1/24 dev far
                at $R ip addr add fd00:2::1/64 dev far nodad
                at $G ip addr add 10.2.0.10/24 dev routed
                at $G ip addr add fd00:2::10/64 dev routed nodad
                at $T ip route add 10.2.0.0/16 via 10.1.0.1
                at $T ip route add fd00:2::/64 via fd00:1::1
                at $G ip route add 10.1.0.0/24 via 10.2.0.1
                at $G ip route add fd00:1::/64 via fd00:2::1

                at $T ip link add name unplugged type veth peer name unplugged netns $G
                """);
        services = start(List.of(
                "nsenter",
                "--target",
                Long.toString(target),
                "--net",
                "--",
                java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                Services.class.getName(),
                "echo=7",
                "discard=9",
                "closes-first=13",
                "keeps-half-open=15",
                "bulk=19"));
        assertThat(readLine(services)).isEqualTo("ready");
    }

    static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static long namespace() throws IOException {
        Process process = start(List.of("unshare", "--net", "--", "sh", "-c", "echo here; read -r end"));
        String line = readLine(process);
        if (!"here".equals(line)) {
            throw new SkipException("network namespaces are not permitted here: " + line);
        }
        return process.pid();
    }

    static String readLine(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    /** Runs a shell script with the processes of tester, target and router as its arguments; gives what it prints. */
    String script(String text) throws IOException {
        Process shell = start(
                List.of("sh", "-ec", text, "sh", Long.toString(tester), Long.toString(target), Long.toString(router)));
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(shell.waitFor()).as(said).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return said;
    }

    /** A command in the tester's namespace. */
    String onTester(String command) throws IOException {
        return script("nsenter --target $1 --net -- " + command);
    }

    /** A command in the target's namespace. */
    String onTarget(String command) throws IOException {
        return script("nsenter --target $2 --net -- " + command);
    }

    long tester() {
        return tester;
    }

    long target() {
        return target;
    }

    /** Runs the tool in this JVM, on the tester; for what ends before the first case. */
    Outcome here(String... args) throws Exception {
        return Outcome.in(tester, args);
    }

    /** The command line of the tool as a process of its own, on the tester. */
    List<String> tool(List<String> before, Map<String, String> properties, String... args) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--target", Long.toString(tester), "--net", "--"));
        command.addAll(before);
        command.addAll(jvm(properties));
        command.addAll(List.of(args));
        return command;
    }

    /** The tool's JVM, without arguments. */
    static List<String> jvm(Map<String, String> properties) {
        List<String> command = new ArrayList<>(List.of(
                java(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-Dtcpconform.home=" + HOME));
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        if (Runtime.version().feature() >= FIRST_TO_WARN) {
            // the jar's manifest says it; here there is no jar
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", classPath(), Main.class.getName()));
        return command;
    }

    /** Runs the tool as a process of its own, on the tester. */
    Outcome run(String... args) throws Exception {
        return run(Map.of(), args);
    }

    Outcome run(Map<String, String> properties, String... args) throws Exception {
        return new Child(tool(List.of(), properties, args)).end();
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Main classes and libraries; not the tests, which would be taken for suites. */
    static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(all.split(":"))
                .filter(entry -> !entry.endsWith("/test-classes"))
                .collect(Collectors.joining(":"));
    }

    static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start)
                    .as("nanoseconds until %s", what)
                    .isLessThan(Duration.ofSeconds(60).toNanos());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** The tool as a process; all processes that it starts can be told by a mark in their environment. */
    static final class Child implements AutoCloseable {
        private final Process process;
        private final String mark = java.util.UUID.randomUUID().toString();
        private final Path out = Files.createTempFile("child", ".out");
        private final Path err = Files.createTempFile("child", ".err");

        Child(List<String> command) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(Signals.heardBy(command))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put(MARK, mark);
            builder.environment().put("ALLURE_NO_ANALYTICS", "true");
            process = builder.start();
            process.getOutputStream().close();
        }

        /** Sends a signal, such as INT. */
        void signal(String name) throws IOException {
            // the shell's own: the program of that name is not on every machine
            Process kill = start(List.of("sh", "-c", "kill -" + name + " " + process.pid()));
            kill.getInputStream().readAllBytes();
        }

        /** What it has printed so far. */
        String said() {
            try {
                return Files.readString(out);
            } catch (IOException e) {
                return "";
            }
        }

        boolean alive() {
            return process.isAlive();
        }

        /** How many processes of it are alive. */
        long family() {
            String entry = MARK + "=" + mark + "\0";
            return ProcessHandle.allProcesses()
                    .filter(handle -> read(handle.pid(), "environ").contains(entry))
                    .count();
        }

        /** The process identifiers of its family whose command line has a word. */
        List<Long> family(String word) {
            String entry = MARK + "=" + mark + "\0";
            return ProcessHandle.allProcesses()
                    .map(ProcessHandle::pid)
                    .filter(pid -> read(pid, "environ").contains(entry)
                            && List.of(read(pid, "cmdline").split("\0")).contains(word))
                    .toList();
        }

        private static String read(long pid, String file) {
            try {
                return Files.readString(Path.of("/proc/" + pid, file), StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                return "";
            }
        }

        Outcome end() throws Exception {
            try {
                assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ends").isTrue();
                return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
            } finally {
                close();
            }
        }

        /** Ends it, however a test ends. */
        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    /** Deletes a folder with all that is in it. */
    static void delete(Path dir) throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            all.sorted(java.util.Comparator.reverseOrder())
                    .forEach(f -> f.toFile().delete());
        }
    }

    /** Runs something on a thread in a network namespace. */
    static <T> T inside(long pid, java.util.concurrent.Callable<T> body) throws Exception {
        java.util.concurrent.FutureTask<T> task = new java.util.concurrent.FutureTask<>(() -> {
            NetworkNamespace.enter(pid);
            return body.call();
        });
        Thread thread = new Thread(task, "in-namespace");
        thread.setDaemon(true);
        thread.start();
        return task.get(60, TimeUnit.SECONDS);
    }
}
