package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.tcpconform.report.ResultsJson;
import org.tcpconform.run.RunResult;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.Ip;
import org.tcpconform.segment.MacAddress;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.target.HostNetwork;
import org.tcpconform.target.HostResetGuard;
import org.tcpconform.verdict.Verdict;
import org.tcpconform.wire.PcapLink;
import org.tcpconform.wire.Station;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** Each way to reach a target judges it, and leaves nothing behind on the host. */
public class NetworkModesTest {
    private World world;
    private Path dir;

    @BeforeClass
    public void prepare() throws IOException {
        world = World.get();
        dir = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "modes-");
    }

    @AfterClass(alwaysRun = true)
    public void clean() throws IOException {
        if (dir != null) {
            World.delete(dir);
        }
    }

    private static List<String> smoke(Path out, String options) {
        List<String> words = new ArrayList<>(List.of("run", "--suite", "smoke", "--closed-port", "4"));
        for (String service :
                List.of("echo=7", "discard=9", "closes-on-fin=9", "closes-first=13", "keeps-half-open=15")) {
            words.addAll(List.of("--service", service));
        }
        words.addAll(List.of(options.split(" ")));
        words.addAll(List.of("--out", out.toString()));
        return words;
    }

    /** Judges the target; every case must pass. */
    private RunResult judge(String name, Map<String, String> properties, String options) throws Exception {
        Path out = dir.resolve(name);
        Outcome outcome = world.run(properties, smoke(out, options).toArray(String[]::new));
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(outcome.err()).isEmpty();
        RunResult run = ResultsJson.read(out.resolve("results.json"));
        assertThat(run.cases())
                .isNotEmpty()
                .allSatisfy(c -> assertThat(c.verdict()).as(c.id()).isEqualTo(Verdict.PASS));
        return run;
    }

    /** Of the subnet's six addresses the host has one, the target four: one is left. */
    @Test
    public void findsTheAddressThatNobodyUses() throws Exception {
        RunResult run = judge("own", Map.of(), "--target 203.0.113.10");
        assertThat(run.environment())
                .containsEntry("interface", "small")
                .containsEntry("IPv4 path", "203.0.113.14 to 203.0.113.10");
        assertThat(world.onTester("ip -br link show small"))
                .as("the host has another Ethernet address")
                .doesNotContain(run.environment().get("our Ethernet address"));
    }

    @Test
    public void theHostsOwnAddressServesAsWell() throws Exception {
        RunResult run = judge("host", Map.of(), "--target 203.0.113.10 --source-mode host");
        assertThat(run.environment()).containsEntry("IPv4 path", "203.0.113.9 to 203.0.113.10");
        assertThat(world.onTester("nft list tables")).as("the rule is gone").isBlank();
    }

    @Test
    public void theRuleGoesEvenWithAKilledRun() throws Exception {
        Path out = dir.resolve("killed");
        String[] args = smoke(out, "--target 203.0.113.10 --source-mode host --suite full --jobs 1")
                .toArray(String[]::new);
        try (World.Child child = new World.Child(world.tool(List.of(), Map.of(), args))) {
            World.await("the rule is set", () -> tables().contains("tcpconform_") || !child.alive());
            assertThat(tables()).contains("tcpconform_");
            child.signal("KILL");
            assertThat(child.end().code()).isEqualTo(137);
            World.await("the rule is gone", () -> tables().isBlank());
        }
    }

    private String tables() {
        try {
            return world.onTester("nft list tables");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** What the rule is for: without it the host resets what it did not begin. */
    @Test
    public void withoutTheRuleTheHostResets() throws Exception {
        assertThat(resets(false)).isTrue();
        assertThat(resets(true)).isFalse();
    }

    /** Whether the host's stack sends a RST to the SYN-ACK for our SYN. */
    private boolean resets(boolean guarded) throws Exception {
        return World.inside(world.tester(), () -> {
            InetAddress target = InetAddress.getByName("203.0.113.10");
            InetAddress source = InetAddress.getByName("203.0.113.9");
            MacAddress mac = HostNetwork.mac("small").orElseThrow();
            HostResetGuard guard =
                    guarded ? HostResetGuard.set(List.of(target), Station.FIRST_PORT, Station.LAST_PORT) : null;
            BlockingQueue<Frame.Tcp> seen = new LinkedBlockingQueue<>();
            try (guard;
                    Station station = new Station(PcapLink.open("small", "arp or tcp"), mac, 0, false, 0)) {
                station.own(source);
                assertThat(station.resolve(target, source, Duration.ofSeconds(5)))
                        .isPresent();
                int port = station.takePort(captured -> {
                    if (captured.frame() instanceof Frame.Tcp tcp) {
                        seen.add(tcp);
                    }
                });
                WireSegment syn =
                        new WireSegment(port, 7, 1, 0, 5, 0, Flag.SYN.bit(), 65_535, -1, 0, new byte[0], new byte[0]);
                station.send(Ip.between(source, target), syn, null, target, null);
                int answers = 0;
                while (true) {
                    Frame.Tcp tcp = seen.poll(30, TimeUnit.SECONDS);
                    assertThat(tcp).as("the target answers, and answers again").isNotNull();
                    if (tcp.segment().has(Flag.RST)) {
                        return true;
                    }
                    // the host would have answered the first long before the target sends it again
                    if (tcp.source().equals(target) && ++answers == 2) {
                        return false;
                    }
                }
            }
        });
    }

    @Test
    public void framesInAVlanAreTagged() throws Exception {
        Cable.tagging(world.tester(), world.target(), "tagged", 100);
        world.script("""
                nsenter --target $1 --net -- ip link set tagged up
                nsenter --target $2 --net -- ip addr add 198.51.100.10/24 dev tagged
                nsenter --target $2 --net -- ip addr add fd00:3::10/64 dev tagged nodad
                nsenter --target $2 --net -- ip link set tagged up
                """);
        Path hosts = Files.writeString(dir.resolve("hosts-vlan"), "198.51.100.10 board.test\nfd00:3::10 board.test\n");
        RunResult run = judge(
                "vlan",
                Map.of("jdk.net.hosts.file", hosts.toString()),
                "--target board.test --interface tagged --vlan 100");
        assertThat(run.target().addresses()).containsExactlyInAnyOrder("198.51.100.10", "fd00:3::10");
        assertThat(run.cases()).anySatisfy(c -> assertThat(c.capture()).isNotNull());
    }

    @Test
    public void linksWithoutEthernetWork() throws Exception {
        Cable.tun(world.tester(), world.target(), "tun0");
        world.script("""
                nsenter --target $1 --net -- ip link set tun0 up
                nsenter --target $2 --net -- ip addr add 10.9.0.10/24 dev tun0
                nsenter --target $2 --net -- ip addr add fd00:9::10/64 dev tun0 nodad
                nsenter --target $2 --net -- ip link set tun0 up
                """);
        world.here(
                        "run",
                        "--suite",
                        "smoke",
                        "--target",
                        "10.9.0.10",
                        "--interface",
                        "tun0",
                        "--out",
                        dir.resolve("nothing").toString())
                .refusedWith(
                        ExitCode.ENVIRONMENT,
                        "the host has no address of its own on tun0 toward 10.9.0.10: name ours with --source");
        refusesLockstep("--target 10.9.0.10 --interface tun0 --source 10.9.0.77");
        Path hosts = Files.writeString(dir.resolve("hosts-tun"), "10.9.0.10 board.test\nfd00:9::10 board.test\n");
        RunResult run = judge(
                "tun",
                Map.of("jdk.net.hosts.file", hosts.toString()),
                "--target board.test --interface tun0 --source 10.9.0.77 --source fd00:9::77");
        assertThat(run.environment())
                .containsEntry("IPv4 path", "10.9.0.77 to 10.9.0.10")
                .containsEntry("IPv6 path", "fd00:9::77 to fd00:9::10");
    }

    private void refusesLockstep(String options) throws Exception {
        world.here(smoke(dir.resolve("lockstep"), options + " --lockstep").toArray(String[]::new))
                .refusedWith(
                        ExitCode.ENVIRONMENT,
                        "lockstep needs a target on the same Ethernet link, which tells by ARP or neighbour discovery what it"
                                + " has read: leave it out");
        assertThat(dir.resolve("lockstep")).doesNotExist();
    }

    @Test
    public void targetBehindARouterIsReachedByTheRouter() throws Exception {
        refusesLockstep("--target 10.2.0.10");
        Path hosts = Files.writeString(dir.resolve("hosts-routed"), "10.2.0.10 board.test\nfd00:2::10 board.test\n");
        RunResult run = judge("routed", Map.of("jdk.net.hosts.file", hosts.toString()), "--target board.test");
        assertThat(run.environment().get("IPv4 path"))
                .startsWith("10.1.0.")
                .doesNotStartWith("10.1.0.1 ")
                .doesNotStartWith("10.1.0.2 ")
                .endsWith(" to 10.2.0.10 by 10.1.0.1");
        assertThat(run.environment().get("IPv6 path")).startsWith("fd00:1:").endsWith(" to fd00:2::10 by fd00:1::1");
    }
}
