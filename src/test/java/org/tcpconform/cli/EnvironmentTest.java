package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What the machine, the network or the target can lack: one line, exit code 3, and earlier results stay. */
public class EnvironmentTest {
    private World world;
    private Path dir;

    @BeforeClass
    public void prepare() throws IOException {
        world = World.get();
        // a firewall before the target: one port is silent, one is refused by ICMP
        world.onTarget("""
                nft -f - <<'END'
                table inet filter {
                    chain input {
                        type filter hook input priority 0
                        tcp dport 31 drop
                        tcp dport 32 reject with icmpx admin-prohibited
                    }
                }
                END
                """);
        dir = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "environment-");
    }

    @AfterClass(alwaysRun = true)
    public void clean() throws IOException {
        if (dir != null) {
            world.onTarget("nft delete table inet filter");
            World.delete(dir);
        }
    }

    private String[] line(String options) {
        List<String> words = new ArrayList<>(List.of("run", "--suite", "smoke", "--seed", "1"));
        words.addAll(List.of(options.split(" ")));
        words.addAll(List.of("--out", dir.resolve("out").toString()));
        return words.toArray(String[]::new);
    }

    private static final String ON_PLAIN = "--target 192.0.2.10 --interface plain --source 192.0.2.77 ";

    /** The rows run side by side, so each has an address of its own. */
    @DataProvider(parallel = true)
    public Object[][] wrong() {
        return new Object[][] {
            {"--target 192.0.2.10 --interface nope", "there is no interface nope; there are plain, routed, small, "},
            {"--target 192.0.2.10 --interface unplugged", "interface unplugged is down: ip link set unplugged up"},
            {
                "--target 192.0.2.99 --interface plain --source 192.0.2.71",
                "192.0.2.99 does not answer ARP on plain: is the target up, and is this its interface?"
            },
            {
                "--target 2001:db8::99 --interface plain --source 2001:db8::77",
                "2001:db8::99 does not answer neighbour discovery on plain: is the target up"
            },
            {
                "--target 192.0.2.10 --interface plain --source 192.0.2.72 --vlan 7",
                "192.0.2.10 does not answer ARP on plain: is the target up, and is this its interface and VLAN?"
            },
            {
                "--target 192.0.2.10",
                "no route to 192.0.2.10: name the interface that leads to it with --interface (and our address with"
                        + " --source)"
            },
            {
                "--target 203.0.113.10 --source 203.0.113.9",
                "203.0.113.9 is the host's own address: its stack would answer too. Name an address that nobody uses,"
                        + " or use --source-mode host"
            },
            {ON_PLAIN.replace("192.0.2.77", "203.0.113.9"), "203.0.113.9 is the host's own address"},
            {
                "--target 203.0.113.10 --source 203.0.113.17",
                "our address 203.0.113.17 is outside of the subnet of 203.0.113.10/29, which will not send to it here:"
                        + " name one with --source that is inside and that nobody uses"
            },
            {
                "--target 192.0.2.10 --interface plain --source 198.51.100.79 --open-port 7",
                "port 7 of 192.0.2.10 does not answer: our address 198.51.100.79 is outside of the subnet of"
                        + " 192.0.2.10/24, which will not send to it here: name one with --source"
            },
            {
                "--target 192.0.2.10 --interface plain --source-mode host",
                "the host has no address of its own on plain toward 192.0.2.10: name ours with --source"
            },
            {
                "--target 192.0.2.10 --interface plain --source 192.0.2.73 --open-port 5",
                "port 5 of 192.0.2.10 refuses connections: nothing listens there; name a port that does with --open-port"
            },
            {
                "--target 192.0.2.10 --interface plain --source 192.0.2.74 --open-port 7 --closed-port 9",
                "port 9 of 192.0.2.10 accepts connections: name a port without listener with --closed-port"
            },
            {
                "--target 192.0.2.10 --interface plain --source 192.0.2.75 --open-port 31",
                "port 31 of 192.0.2.10 does not answer: a firewall between us, a wrong address, or a target that is not"
                        + " up; name another port with --open-port"
            },
            {
                "--target 192.0.2.10 --interface plain --source 192.0.2.76 --open-port 32",
                "port 32 of 192.0.2.10 does not answer, but ICMP administratively prohibited (type 3, code 13) from"
                        + " 192.0.2.10 came: "
            },
            {
                "--target 2001:db8::10 --interface plain --source 2001:db8::76 --open-port 32",
                "port 32 of 2001:db8::10 does not answer, but ICMPv6 "
            },
            {
                "--target 203.0.113.10 --open-port 7 --closed-port 4 --source 203.0.113.11",
                ") answers for our address: name another with --source, one that neither this host nor any other uses"
            },
            {
                "--target 10.2.7.7 --source 10.1.0.77 --open-port 7",
                "port 7 of 10.2.7.7 does not answer, but ICMP network unreachable (type 3, code 0) from 10.1.0.1 came: "
            },
        };
    }

    @Test(dataProvider = "wrong")
    public void oneLineSaysWhatIsWrong(String options, String expected) throws Exception {
        world.here(line(options)).refusedWith(ExitCode.ENVIRONMENT, expected);
        assertThat(dir.resolve("out")).as("nothing is left").doesNotExist();
    }

    @DataProvider
    public Object[][] noTargets() {
        String allowed = " --allow own-address --allow intrusive --allow foreign-addresses";
        return new Object[][] {
            {"--target 203.0.113.9", "203.0.113.9 is this host's own address: `tcpconform run --lab linux` judges"},
            {"--target 203.0.113.9 --interface plain", "203.0.113.9 is this host's own address"},
            {"--target 203.0.113.9 --allow own-address", "--allow own-address and --interface NAME"},
            {"--target 203.0.113.15", "203.0.113.15 is a broadcast address, not a target: give the address of one"},
            {"--target 203.0.113.15" + allowed, "203.0.113.15 is a broadcast address, not a target"},
            {"--target 255.255.255.255" + allowed, "255.255.255.255 is a broadcast address, not a target"},
            {"--target 224.0.0.1" + allowed, "224.0.0.1 is a multicast address, not a target: give the address of one"},
            {"--target ff02::1 --interface plain", "ff02::1 is a multicast address, not a target"},
            {"--target 127.0.0.1" + allowed, "127.0.0.1 is the loopback address, not a target: `tcpconform run --lab"},
            {"--target ::1", "::1 is the loopback address, not a target"},
            {"--target 0.0.0.0", "0.0.0.0 is the unspecified address, not a target"},
            {"--target ::", ":: is the unspecified address, not a target"},
        };
    }

    @Test(dataProvider = "noTargets")
    public void addressThatNoTargetHasIsRefused(String options, String expected) throws Exception {
        world.here(line(options)).refusedWith(ExitCode.USAGE, expected);
        assertThat(dir.resolve("out")).as("nothing is left").doesNotExist();
    }

    /** It is looked for on the interface that is named, where nobody has it here. */
    @Test
    public void ownAddressIsLookedForOnTheLinkWhereThatIsAskedFor() throws Exception {
        world.here(line("--target 203.0.113.9 --interface plain --source 203.0.113.14 --allow own-address"))
                .refusedWith(ExitCode.ENVIRONMENT, "203.0.113.9 does not answer ARP on plain");
    }

    /** By itself, since the rule that keeps the host's stack quiet is one run's at a time. */
    @Test
    public void addressThatIsNotTheHostsIsRefusedWhereItMustBe() throws Exception {
        world.here(line("--target 203.0.113.10 --source 203.0.113.14 --source-mode host"))
                .refusedWith(
                        ExitCode.ENVIRONMENT,
                        "203.0.113.14 is no address of this host, as --source-mode host needs: leave --source out");
    }

    @Test
    public void earlierResultsOutliveARunThatCannotBegin() throws Exception {
        Path out = Files.createDirectories(dir.resolve("earlier"));
        Path earlier = Files.writeString(out.resolve("cases.jsonl"), "{\"tcpconform\":\"1.0\"}\n");
        world.here(
                        "run",
                        "--target",
                        "192.0.2.99",
                        "--interface",
                        "plain",
                        "--source",
                        "192.0.2.77",
                        "--out",
                        out.toString())
                .refusedWith(ExitCode.ENVIRONMENT, "does not answer ARP");
        assertThat(earlier).exists();
    }

    @Test
    public void doctorSaysTheSame() throws Exception {
        Outcome outcome = world.here(
                "doctor",
                "--target",
                "192.0.2.10",
                "--interface",
                "plain",
                "--source",
                "192.0.2.77",
                "--open-port",
                "5");
        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).containsPattern("(?m)^!    advice +port 5 of 192.0.2.10 refuses connections: ");
        assertThat(world.here("doctor", "--target", "203.0.113.9").out())
                .containsPattern("(?m)^!    target +203.0.113.9 is this host's own address");
    }

    @Test
    public void withoutRightsTheRightsAreNamed() throws Exception {
        List<String> command = world.tool(
                List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"), Map.of(), line(ON_PLAIN));
        new World.Child(command)
                .end()
                .refusedWith(
                        ExitCode.ENVIRONMENT,
                        "no permission to capture on plain: run as root, or give java the capabilities CAP_NET_RAW and"
                                + " CAP_NET_ADMIN");
        assertThat(dir.resolve("out")).doesNotExist();
    }

    @Test
    public void withoutLibpcapThePackageIsNamed() throws Exception {
        world.run(Map.of("org.pcap4j.core.pcapLibName", "nowhere"), line(ON_PLAIN))
                .refusedWith(
                        ExitCode.ENVIRONMENT,
                        "libpcap cannot be loaded: install it (Debian, Ubuntu: apt-get install libpcap0.8)");
    }
}
