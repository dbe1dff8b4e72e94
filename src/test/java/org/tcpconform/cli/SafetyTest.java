package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tcpconform.report.ResultsJson;
import org.tcpconform.requirement.Budget;
import org.tcpconform.requirement.Family;
import org.tcpconform.run.CaseDescriptor;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunBounds;
import org.tcpconform.run.RunResult;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameDecoder;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.MacAddress;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.target.HostNetwork;
import org.tcpconform.wire.PcapLink;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What whole runs send, by a capture of their own link that has nothing to do with theirs. */
public class SafetyTest {
    private static final int ETHERNET_HEADER = 14;
    private static final int ARP = 0x0806;
    private static final int ICMPV6 = 58;
    /** All nodes; and the groups of solicited-node addresses (RFC 4291, 2.7.1). */
    private static final String SOLICITED_NODE = "ff02:0:0:0:0:1:ff";

    private static final String SERVICES = "--service echo=7 --service discard=9 --service closes-on-fin=9"
            + " --service closes-first=13 --service keeps-half-open=15 --service bulk=19 --closed-port 4";

    private World world;
    private Path dir;

    @BeforeClass
    public void open() throws IOException {
        world = World.get();
        dir = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "safety-");
    }

    @AfterClass(alwaysRun = true)
    public void clean() throws IOException {
        if (dir != null) {
            World.delete(dir);
        }
    }

    /** A frame of ours. */
    private record Sent(byte[] bytes, Frame frame) {
        MacAddress to() {
            return MacAddress.of(Arrays.copyOf(bytes, 6));
        }

        int type() {
            return (bytes[12] & 0xff) << 8 | bytes[13] & 0xff;
        }

        boolean isIpv6() {
            return type() == 0x86dd;
        }

        boolean isNeighbourDiscovery() {
            return isIpv6() && bytes[ETHERNET_HEADER + 6] == ICMPV6;
        }

        /** Also of what is no whole segment. */
        String ipDestination() throws IOException {
            int at = ETHERNET_HEADER + (isIpv6() ? 24 : 16);
            return text(at, isIpv6() ? 16 : 4);
        }

        String ipSource() throws IOException {
            int at = ETHERNET_HEADER + (isIpv6() ? 8 : 12);
            return text(at, isIpv6() ? 16 : 4);
        }

        String text(int at, int octets) throws IOException {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + octets))
                    .getHostAddress();
        }
    }

    private record Run(RunResult result, List<Sent> sent, RunSettings settings) {
        /** Those that were to run. */
        List<CaseDescriptor> cases() {
            Family family = Family.of(settings.targetAddresses().get(0));
            return settings.permittedCases().stream()
                    .filter(c -> c.family() == family)
                    .toList();
        }

        List<Sent> segments() {
            return sent.stream()
                    .filter(s -> s.type() != ARP && !s.isNeighbourDiscovery())
                    .toList();
        }
    }

    private Run run(String target, String source, String options) throws Exception {
        Path out = dir.resolve("out-" + target.replace(':', '-'));
        List<String> words = new ArrayList<>(List.of("run", "--target", target, "--source", source));
        words.addAll(List.of(("--interface plain --jobs 32 --seed 5 " + SERVICES + " " + options).split(" ")));
        words.addAll(List.of("--out", out.toString()));
        String[] line = words.toArray(String[]::new);
        Queue<byte[]> frames = new ConcurrentLinkedQueue<>();
        try (PcapLink link = World.inside(world.tester(), () -> PcapLink.open("plain", ""))) {
            link.start((time, frame) -> frames.add(frame));
            Outcome outcome = world.run(line);
            assertThat(outcome.code()).as(outcome.toString()).isLessThanOrEqualTo(ExitCode.FAILED.code());
            assertThat(link.dropped()).as("the capture is whole").isZero();
        }
        RunResult result = ResultsJson.read(out.resolve("results.json"));
        byte[] ours =
                MacAddress.of(result.environment().get("our Ethernet address")).octets();
        List<Sent> sent = frames.stream()
                .filter(frame -> Arrays.equals(frame, 6, 12, ours, 0, 6))
                .map(frame -> new Sent(frame, FrameDecoder.decode(frame, LinkLayer.ETHERNET)))
                .toList();
        RunSettings settings = new RunSettings(Arguments.parse(new RunCommand(), line), RunOption.ALL);
        return new Run(result, sent, settings);
    }

    @DataProvider
    public Object[][] families() {
        return new Object[][] {{"192.0.2.10", "192.0.2.77"}, {"2001:db8::10", "2001:db8::77"}};
    }

    @Test(dataProvider = "families")
    public void nothingGoesToOthersUnlessThatIsPermitted(String target, String source) throws Exception {
        Run run = run(target, source, "--suite default --skip long");
        MacAddress targetMac =
                World.inside(world.target(), () -> HostNetwork.mac("plain").orElseThrow());
        for (Sent s : run.sent()) {
            if (s.type() == ARP) {
                assertThat(s.to()).isIn(MacAddress.BROADCAST, targetMac);
                assertThat(s.text(ETHERNET_HEADER + 24, 4))
                        .as("asked for, or answered")
                        .isIn(target, source);
            } else if (s.isNeighbourDiscovery()) {
                // what was solicited goes to who asked: the target, by whichever of its addresses
                assertThat(s.to().equals(targetMac) || s.ipDestination().startsWith(SOLICITED_NODE))
                        .as("%s %s", s.to(), s.ipDestination())
                        .isTrue();
            } else {
                assertThat(s.to()).isEqualTo(targetMac);
                assertThat(InetAddress.getByName(s.ipDestination())).isEqualTo(InetAddress.getByName(target));
                assertThat(InetAddress.getByName(s.ipSource())).isEqualTo(InetAddress.getByName(source));
            }
        }
        assertThat(run.segments()).hasSizeGreaterThan(1_000);
        assertThat(run.cases().stream().map(CaseDescriptor::id))
                .as("the others were left out")
                .containsExactlyElementsOf(
                        run.result().cases().stream().map(CaseResult::id).toList())
                .noneMatch(id -> id.startsWith("LI-17"));
        isWithinBounds(run);
    }

    @Test
    public void whatIsPermittedGoesNoFurtherThanItSays() throws Exception {
        Run run = run(
                "192.0.2.10", "192.0.2.77", "--suite full --match broadcast --match LI-21 --allow foreign-addresses");
        Set<String> others = new TreeSet<>();
        for (Sent s : run.segments()) {
            if (!s.ipDestination().equals("192.0.2.10")) {
                others.add(s.ipDestination() + " by " + s.to());
            }
        }
        assertThat(others)
                .containsExactly(
                        "192.0.2.255 by ff:ff:ff:ff:ff:ff",
                        "224.0.0.1 by 01:00:5e:00:00:01",
                        "255.255.255.255 by ff:ff:ff:ff:ff:ff");
        isWithinBounds(run);
    }

    /** Each case keeps its own budget, and all together what a dry run says. */
    private static void isWithinBounds(Run run) {
        RunSettings settings = run.settings();
        List<CaseDescriptor> cases = run.cases();
        Map<Integer, List<Sent>> byPort = new TreeMap<>();
        for (Sent s : run.segments()) {
            int at = ETHERNET_HEADER + (s.isIpv6() ? 40 : (s.bytes()[ETHERNET_HEADER] & 0xf) * 4);
            int port = s.frame() instanceof Frame.Tcp tcp
                    ? tcp.segment().sourcePort()
                    : (s.bytes()[at] & 0xff) << 8 | s.bytes()[at + 1] & 0xff;
            byPort.computeIfAbsent(port, p -> new ArrayList<>()).add(s);
        }
        Map<String, CaseDescriptor> byId = cases.stream().collect(Collectors.toMap(CaseDescriptor::id, c -> c));
        for (CaseResult result : run.result().cases()) {
            Budget budget = Budget.of(byId.get(result.id()).annotation(), settings.isnSamples());
            List<Sent> ofCase = result.ports().stream()
                    .distinct()
                    .flatMap(p -> byPort.getOrDefault(p, List.of()).stream())
                    .toList();
            assertThat(ofCase.size())
                    .as("segments of %s", result.id())
                    .isLessThanOrEqualTo(budget.segments() + budget.halfOpen());
            assertThat(octets(ofCase))
                    .as("octets of %s", result.id())
                    .isLessThanOrEqualTo(budget.octets() + 100L * budget.halfOpen());
            assertThat(result.ports()).as("ports of %s", result.id()).hasSizeLessThanOrEqualTo(budget.halfOpen());
        }
        Function<Integer, RunBounds> most =
                attempts -> RunBounds.of(cases, settings.jobs(), settings.isnSamples(), settings.rate(), attempts);
        int attempts = run.result().cases().stream()
                .mapToInt(CaseResult::attempts)
                .max()
                .orElseThrow();
        RunBounds bounds = most.apply(attempts);
        assertThat((long) run.segments().size()).isBetween(1L, bounds.segments());
        assertThat(octets(run.segments())).isLessThanOrEqualTo(bounds.octets());
        assertThat(mostHalfOpen(run.segments())).isBetween(1, (int) bounds.halfOpen());
        assertThat(run.result().durationMs() / 1e3).isLessThanOrEqualTo(bounds.seconds());
    }

    private static long octets(List<Sent> some) {
        return some.stream().mapToLong(s -> s.bytes().length).sum();
    }

    /** Ports from which a SYN has gone, and neither the rest of a handshake nor a reset, at most at one time. */
    private static int mostHalfOpen(List<Sent> segments) {
        Set<Integer> open = new HashSet<>();
        int most = 0;
        for (Sent s : segments) {
            if (s.frame() instanceof Frame.Tcp tcp) {
                WireSegment segment = tcp.segment();
                if (segment.has(Flag.SYN) && !segment.has(Flag.ACK)) {
                    open.add(segment.sourcePort());
                } else {
                    open.remove(segment.sourcePort());
                }
                most = Math.max(most, open.size());
            }
        }
        return most;
    }
}
