package org.tcpconform.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class LabTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static Lab start() {
        return Lab.start(new LabCatalogue(Fixture.TOOLS).find("linux"), LabOptions.defaults());
    }

    /** Lets the tester's kernel take part, which in the harness it must not. */
    private static void giveAddresses(Lab lab) throws IOException {
        Path ipv6 = Path.of("/proc/sys/net/ipv6/conf/" + lab.interfaceName() + "/disable_ipv6");
        if (Files.exists(ipv6)) {
            Files.writeString(ipv6, "0");
            Fixture.run("ip", "addr", "add", "2001:db8::1/64", "dev", lab.interfaceName(), "nodad");
        }
        Fixture.run("ip", "addr", "add", "192.0.2.1/24", "dev", lab.interfaceName());
    }

    private static Socket connect(InetAddress address, int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress(address, port), 10_000);
        return socket;
    }

    @Test
    public void theServicesAnswerOnBothFamilies() throws Exception {
        Fixture.inFreshNamespace(() -> {
            try (Lab lab = start()) {
                giveAddresses(lab);
                boolean ipv6 = Files.exists(Path.of("/proc/sys/net/ipv6"));
                for (InetAddress address : lab.targetAddresses()) {
                    if (address instanceof Inet6Address && !ipv6) {
                        continue;
                    }
                    byte[] word = "some bytes".getBytes(StandardCharsets.US_ASCII);
                    try (Socket socket = connect(address, lab.services().get("echo"))) {
                        socket.getOutputStream().write(word);
                        assertThat(socket.getInputStream().readNBytes(word.length))
                                .isEqualTo(word);
                        socket.shutdownOutput();
                        assertThat(socket.getInputStream().read()).isEqualTo(-1);
                    }
                    try (Socket socket = connect(address, lab.services().get("closes-first"))) {
                        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                                .isEqualTo("hello\r\n");
                    }
                    assertThatThrownBy(() -> connect(address, lab.closedPort())).isInstanceOf(ConnectException.class);
                }
            }
            return null;
        });
    }

    @Test
    public void itSaysWhatItIs() throws Exception {
        Fixture.inFreshNamespace(() -> {
            try (Lab lab = start()) {
                assertThat(lab.name()).isEqualTo("linux");
                assertThat(lab.description())
                        .isEqualTo("Linux " + Fixture.run("uname", "-r").strip() + " ("
                                + Fixture.run("uname", "-v").strip() + ") in a network namespace");
                assertThat(lab.alive()).isTrue();
                assertThat(lab.output()).contains("ready");
                assertThat(NetworkNamespace.of(lab.pid())).isNotEqualTo(NetworkNamespace.current());
            }
            return null;
        });
    }

    @Test
    public void theTestersEndIsSilentAndNothingIsOffloaded() throws Exception {
        Fixture.inFreshNamespace(() -> {
            try (Lab lab = start()) {
                assertThat(Fixture.run("ip", "-o", "addr", "show", "dev", lab.interfaceName()))
                        .isEmpty();
                String here = Fixture.run("ethtool", "-k", lab.interfaceName());
                String there =
                        Fixture.run("nsenter", "--target", Long.toString(lab.pid()), "--net", "ethtool", "-k", "eth0");
                for (String features : List.of(here, there)) {
                    for (String feature : List.of(
                            "rx-checksumming",
                            "tx-checksumming",
                            "tcp-segmentation-offload",
                            "generic-segmentation-offload",
                            "generic-receive-offload")) {
                        assertThat(features).contains(feature + ": off");
                    }
                }
            }
            return null;
        });
    }

    @Test
    public void labsSideBySideDoNotKnowOfEachOther() throws Exception {
        Fixture.inFreshNamespace(() -> {
            Lab one = start();
            try (Lab two = start()) {
                assertThat(one.interfaceName()).isNotEqualTo(two.interfaceName());
                assertThat(NetworkNamespace.of(one.pid())).isNotEqualTo(NetworkNamespace.of(two.pid()));
                one.close();
                assertThat(one.alive()).isFalse();
                assertThat(two.alive()).isTrue();
            } finally {
                one.close();
            }
            return null;
        });
    }

    @Test
    public void closingLeavesNothing() throws Exception {
        Fixture.inFreshNamespace(() -> {
            Lab lab = start();
            String target = NetworkNamespace.of(lab.pid());
            assertThat(Fixture.inNamespace(target)).isNotEmpty();
            lab.close();
            assertThat(Fixture.inNamespace(target)).isEmpty();
            Path link = Path.of("/proc/sys/net/ipv4/conf/" + lab.interfaceName());
            Fixture.await("the link is gone", SOON, () -> !Files.exists(link));
            lab.close();
            return null;
        });
    }

    @DataProvider
    public Object[][] ends() {
        return new Object[][] {{"KILL"}, {"TERM"}, {"INT"}, {"HUP"}};
    }

    @Test(dataProvider = "ends")
    public void noEndOfTheHarnessLeavesAnything(String signal) throws Exception {
        Fixture.needsNamespaces();
        String interfaces = Fixture.run("ip", "-o", "link");
        String mark = UUID.randomUUID().toString();
        Process harness = Fixture.startMarked(mark, Fixture.java(LabProgram.class, Fixture.TOOLS.toString()));
        try {
            String[] said = Fixture.readLine(harness).split(" ");
            // The services' JVM, and the process that holds its namespaces.
            assertThat(Fixture.marked(mark)).hasSizeGreaterThanOrEqualTo(3);
            Fixture.signal(signal, harness);
            Fixture.await("no process is left", SOON, () -> Fixture.marked(mark).isEmpty());
            Fixture.await(
                    "nobody is in its namespaces",
                    SOON,
                    () -> Fixture.inNamespace(said[1]).isEmpty()
                            && Fixture.inNamespace(said[2]).isEmpty());
            // A namespace without a process could only live on by a mount of it.
            assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
                    .doesNotContain(said[1])
                    .doesNotContain(said[2]);
            assertThat(Fixture.run("ip", "-o", "link")).isEqualTo(interfaces);
        } finally {
            harness.destroyForcibly();
        }
    }

    @Test
    public void killedInTheMiddleOfTheStartItLeavesNothing() throws Exception {
        Fixture.needsNamespaces();
        // From before the first child of the harness to after the target's readiness.
        for (int millis = 0; millis <= 700; millis += 70) {
            String mark = UUID.randomUUID().toString();
            Process harness = Fixture.startMarked(mark, Fixture.java(LabProgram.class, Fixture.TOOLS.toString()));
            harness.waitFor(millis, TimeUnit.MILLISECONDS);
            harness.destroyForcibly();
            Fixture.await("no process is left", SOON, () -> Fixture.marked(mark).isEmpty());
        }
    }

    @Test
    public void theExitCodeIsTheHarnesss() throws Exception {
        Fixture.needsNamespaces();
        Process harness = Fixture.startMarked("exit", Fixture.java(LabProgram.class, Fixture.TOOLS.toString(), "42"));
        assertThat(harness.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(harness.exitValue()).isEqualTo(42);
    }

    @DataProvider
    public Object[][] failures() {
        return new Object[][] {
            {"[sh, -c, 'echo no luck; exit 1']", "lab 'bad' did not start: its process ended: no luck"},
            {
                "[sh, -c, 'exec sleep 100']",
                "lab 'bad' did not start: it did not print 'ready' within 1 s and said nothing"
            },
            {"[/nonexistent/stack]", "lab 'bad' did not start: its process ended: "},
        };
    }

    @Test(dataProvider = "failures")
    public void aTargetThatDoesNotStartIsExplainedAndGone(String start, String said) throws Exception {
        Fixture.inFreshNamespace(() -> {
            Path tools = Fixture.folder();
            LabDescriptor lab = custom(tools, start, "kernel", "");
            assertThatThrownBy(() -> Lab.start(lab, new LabOptions(tools, line -> {})))
                    .isInstanceOf(LabException.class)
                    .hasMessageStartingWith(said)
                    .hasMessageNotContaining("\n");
            Fixture.await(
                    "no interface is left",
                    SOON,
                    () -> Fixture.run("ip", "-o", "link").lines().count() == 1);
            return null;
        });
    }

    @DataProvider
    public Object[][] stacksOfTheirOwn() {
        return new Object[][] {{"own", "eth0@\\S+ .* state UP"}, {"tap", "tap0: .* master bridge "}};
    }

    @Test(dataProvider = "stacksOfTheirOwn")
    public void aStackOfItsOwnGetsABareInterface(String stack, String interfaces) throws Exception {
        Fixture.inFreshNamespace(() -> {
            Path tools = Fixture.folder();
            String start = "[sh, -c, 'ip -o addr show dev ${interface}; echo address ${address4}; echo ready; read x']";
            LabDescriptor descriptor = custom(tools, start, stack, "");
            try (Lab lab = Lab.start(descriptor, new LabOptions(tools, line -> {}))) {
                assertThat(lab.output()).containsExactly("address 192.0.2.10/24", "ready");
                assertThat(Fixture.run("nsenter", "--target", Long.toString(lab.pid()), "--net", "ip", "-o", "link"))
                        .containsPattern(interfaces);
            }
            return null;
        });
    }

    @Test
    public void whatATargetStartsEndsWithIt() throws Exception {
        Fixture.inFreshNamespace(() -> {
            Path tools = Fixture.folder();
            // A daemon that has detached itself and ignores what can be ignored.
            String start =
                    "[sh, -c, 'setsid sh -c \"trap : HUP TERM INT; while :; do sleep 1; done\" & echo ready; read x']";
            Lab lab = Lab.start(custom(tools, start, "kernel", ""), new LabOptions(tools, line -> {}));
            String target = NetworkNamespace.of(lab.pid());
            Fixture.await(
                    "the daemon runs", SOON, () -> Fixture.inNamespace(target).size() >= 4);
            lab.close();
            assertThat(Fixture.inNamespace(target)).isEmpty();
            return null;
        });
    }

    @Test
    public void aLabIsBuiltOnceAndAgainWhenItsFolderChanges() throws Exception {
        Fixture.inFreshNamespace(() -> {
            Path tools = Fixture.folder();
            String build = "build: [sh, -c, 'echo x >>${build}/count']\n";
            LabDescriptor lab = custom(tools, "[sh, -c, 'echo ready; read x']", "kernel", build);
            LabOptions options = new LabOptions(tools.resolve("out"), line -> {});
            Path count = tools.resolve("out/bad/count");
            Lab.start(lab, options).close();
            Lab.start(lab, options).close();
            assertThat(Files.readAllLines(count)).hasSize(1);
            Files.setLastModifiedTime(
                    lab.folder().resolve("lab.yaml"), FileTime.fromMillis(System.currentTimeMillis() + 5000));
            Lab.start(lab, options).close();
            assertThat(Files.readAllLines(count)).hasSize(2);
            return null;
        });
    }

    @Test
    public void itIsBuiltAgainWhenAPackageChangesAndSaysWhatWasBuilt() throws Exception {
        Fixture.inFreshNamespace(() -> {
            Path tools = Fixture.folder();
            LabDescriptor lab = custom(
                    tools,
                    "Made of ${built}",
                    "[sh, -c, 'echo ready; read x']",
                    "kernel",
                    "packages: [dpkg]\nbuild: [sh, -c, 'echo x >>${build}/count; echo 6.1-$(wc -l <${build}/count) >${build}/version']\n");
            LabOptions options = new LabOptions(tools.resolve("out"), line -> {});
            assertThat(lab.describe(options)).isEqualTo("Made of (not built)");
            for (int i = 0; i < 2; i++) {
                try (Lab started = Lab.start(lab, options)) {
                    assertThat(started.description()).isEqualTo("Made of 6.1-1");
                }
            }
            // as it is where the package had another version then
            Path stamp = tools.resolve("out/bad/.built");
            FileTime time = Files.getLastModifiedTime(stamp);
            assertThat(Files.readString(stamp)).startsWith("dpkg ").doesNotContain("dpkg 0.9");
            Files.writeString(stamp, "dpkg 0.9\n");
            Files.setLastModifiedTime(stamp, time);
            try (Lab started = Lab.start(lab, options)) {
                assertThat(started.description()).isEqualTo("Made of 6.1-2");
            }
            return null;
        });
    }

    @Test
    public void missingPackagesAreInstalledBySetup() throws Exception {
        Fixture.inFreshNamespace(() -> {
            Path tools = Fixture.folder();
            LabDescriptor lab =
                    custom(tools, "[sh, -c, 'echo ready; read x']", "kernel", "packages: [dpkg, no-such-package]\n");
            List<String> said = new ArrayList<>();
            LabOptions options = new LabOptions(tools, said::add);
            assertThatThrownBy(() -> Lab.prepare(lab, options))
                    .isInstanceOf(LabException.class)
                    .hasMessage("lab 'bad': no-such-package missing; as root: apt-get install no-such-package");

            Path setup = tools.resolve("setup");
            Files.writeString(
                    setup, "#!/bin/sh\necho \"tcpconform: installing $1\"; echo \"tcpconform: no $*\"; exit 3\n");
            assertThat(setup.toFile().setExecutable(true)).isTrue();
            assertThatThrownBy(() -> Lab.prepare(lab, options))
                    .isInstanceOf(LabException.class)
                    .hasMessage("lab 'bad': no no-such-package");
            assertThat(said).containsExactly("the lab 'bad' needs no-such-package");

            Files.writeString(setup, "#!/bin/sh\n");
            Lab.start(lab, options).close();
            return null;
        });
    }

    private static LabDescriptor custom(Path tools, String start, String stack, String more) throws IOException {
        return custom(tools, "One for a test", start, stack, more);
    }

    private static LabDescriptor custom(Path tools, String description, String start, String stack, String more)
            throws IOException {
        Path folder = Files.createDirectories(tools.resolve("lab/bad"));
        Files.writeString(folder.resolve("lab.yaml"), """
                name: bad
                description: "%s"
                start: %s
                ready: {line: ready, within-seconds: 1}
                stack: %s
                addresses: {target: [192.0.2.10/24], tester: [192.0.2.77]}
                services: {echo: 7}
                closed-port: 4
                %s
                """.formatted(description, start, stack, more));
        return new LabCatalogue(tools).find("bad");
    }
}
