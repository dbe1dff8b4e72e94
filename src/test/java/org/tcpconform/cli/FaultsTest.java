package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.tcpconform.lab.Services;
import org.tcpconform.report.ResultsJson;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Verdict;
import org.tcpconform.wire.PcapLink;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What can happen to the machine and the network in the middle of a run; whatever it is, no target fails of it. */
public class FaultsTest {
    private World world;
    private Path dir;

    @BeforeClass
    public void prepare() throws IOException {
        world = World.get();
        dir = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "faults-");
    }

    @AfterClass(alwaysRun = true)
    public void clean() throws IOException {
        if (dir != null) {
            World.delete(dir);
        }
    }

    /** A target in a namespace of its own, which ends with its one process, behind interface {@code fault}. */
    private final class Board implements AutoCloseable {
        final Process process;

        Board() throws IOException {
            process = World.start(List.of(
                    "unshare",
                    "--net",
                    "--",
                    World.java(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    World.classPath(),
                    Services.class.getName(),
                    "echo=7",
                    "discard=9",
                    "closes-first=13",
                    "keeps-half-open=15"));
            assertThat(World.readLine(process)).isEqualTo("ready");
            world.script("""
                    at() { nsenter --target $1 --net -- sh -ec "$2"; }
                    at $1 "ip link add name fault type veth peer name fault netns %d"
                    ends='ethtool -K fault tx off rx off tso off gso off gro off >/dev/null; ip link set fault up'
                    at $1 "$ends"
                    at %1$d "$ends; ip link set lo up; ip addr add 198.51.100.10/24 dev fault"
                    """.formatted(process.pid()));
        }

        String at(String command) throws IOException {
            return world.script("nsenter --target " + process.pid() + " --net -- " + command);
        }

        World.Child run(Path out, String options) throws IOException {
            List<String> words = new ArrayList<>(List.of(
                    "run",
                    "--target",
                    "198.51.100.10",
                    "--interface",
                    "fault",
                    "--service",
                    "echo=7",
                    "--service",
                    "discard=9",
                    "--service",
                    "closes-first=13",
                    "--service",
                    "keeps-half-open=15",
                    "--expectations",
                    World.HOME.resolve("suites/expectations/linux.yaml").toString(),
                    "--out",
                    out.toString()));
            words.addAll(List.of(options.split(" ")));
            return new World.Child(world.tool(List.of(), Map.of(), words.toArray(String[]::new)));
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            world.script("nsenter --target $1 --net -- ip link del fault 2>/dev/null || true");
        }
    }

    private static final String SOME = "--suite default --match CL-* --skip timer";

    private static RunResult results(Path out) {
        RunResult run = ResultsJson.read(out.resolve("results.json"));
        assertThat(run.cases())
                .as("nobody fails of it")
                .noneMatch(c -> c.verdict() == Verdict.ERROR || c.verdict() == Verdict.FAIL && !c.expected());
        assertThat(run.counts().get(Verdict.PASS)).isPositive();
        return run;
    }

    private static void awaitVerdicts(Path out, World.Child child) {
        World.await("some cases have a verdict", () -> lines(out) >= 8 || !child.alive());
    }

    private static long lines(Path out) {
        try {
            return Files.readString(out.resolve("cases.jsonl")).lines().count();
        } catch (IOException e) {
            return 0;
        }
    }

    @DataProvider
    public Object[][] ends() {
        return new Object[][] {{true}, {false}};
    }

    /** Ours is taken down, as by hand, or the target's, as where a cable is pulled. */
    @Test(dataProvider = "ends")
    public void anInterfaceThatComesBackCostsNoVerdict(boolean ours) throws Exception {
        Path out = dir.resolve("down-" + ours);
        try (Board board = new Board();
                World.Child child = board.run(out, SOME + " --jobs 4")) {
            awaitVerdicts(out, child);
            String set = "ip link set fault ";
            String said = ours ? world.onTester(set + "down") : board.at(set + "down");
            assertThat(said).isEmpty();
            World.await("it is noticed", () -> child.said().contains(": waiting for it") || !child.alive());
            said = ours ? world.onTester(set + "up") : board.at(set + "up");
            assertThat(said).isEmpty();
            Outcome outcome = child.end();
            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.out())
                    .contains("note: interface fault is down, or its cable is out: waiting for it")
                    .contains("note: the interface is back: going on");
            RunResult run = results(out);
            assertThat(run.aborted()).as(outcome.toString()).isNull();
            assertThat(run.counts()).as(outcome.toString()).containsEntry(Verdict.INCONCLUSIVE, 0);
        }
    }

    @DataProvider
    public Object[][] ways() {
        return new Object[][] {
            // the last process in it: with it the namespace goes, and both ends of the link
            {"namespace", "the target |interface fault is gone"}, {"interface", "interface fault is gone"},
        };
    }

    @Test(dataProvider = "ways")
    public void whereTheWayToTheTargetIsRemovedTheRunEndsInOrder(String what, String why) throws Exception {
        Path out = dir.resolve("removed-" + what);
        try (Board board = new Board();
                World.Child child = board.run(out, SOME + " --match HP-* --match RS-* --jobs 1")) {
            awaitVerdicts(out, child);
            if (what.equals("namespace")) {
                board.process.destroyForcibly();
            } else {
                board.at("ip link del fault");
            }
            Outcome outcome = child.end();
            assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.ENVIRONMENT.code());
            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.out()).containsPattern("\nThe run ended early: (" + why + ")");
            RunResult run = results(out);
            assertThat(run.aborted()).containsPattern("^(" + why + ")");
            assertThat(run.counts().get(Verdict.INCONCLUSIVE)).isPositive();
        }
    }

    /** Sends what is none of ours, as fast as it can, until it is ended or has sent so many octets; gives how many. */
    private static long flood(long pid, long most, BooleanSupplier until) throws Exception {
        return World.inside(pid, () -> {
            byte[] frame = new byte[1514];
            // UDP from 198.51.100.50 to 198.51.100.51
            byte[] head = HexFormat.of()
                    .parseHex("02005e0000510200" + "5e000050" + "0800" + "450005dc00000000" + "4011" + "0000"
                            + "c6336432" + "c6336433" + "0fa00fa105c80000");
            System.arraycopy(head, 0, frame, 0, head.length);
            long octets = 0;
            try (PcapLink link = PcapLink.open("fault", "less 1")) {
                while (octets < most && !until.getAsBoolean()) {
                    link.send(frame);
                    octets += frame.length;
                }
            }
            return octets;
        });
    }

    /** Whose amount can be chosen: {@code -Dtcpconform.traffic=2000}, in megabytes. */
    @Test
    public void otherTrafficOnTheLinkChangesNothing() throws Exception {
        long wanted = Long.getLong("tcpconform.traffic", 50) * 1_000_000;
        try (Board board = new Board()) {
            long sent = 0;
            for (int i = 0; sent < wanted; i++) {
                Path out = dir.resolve("traffic-" + i);
                try (World.Child child = board.run(out, SOME + " --match RS-*")) {
                    awaitVerdicts(out, child);
                    sent += flood(board.process.pid(), wanted - sent, () -> !child.alive());
                    Outcome outcome = child.end();
                    assertThat(outcome.code()).as(outcome.toString()).isZero();
                    RunResult run = results(out);
                    assertThat(run.counts()).as(outcome.toString()).containsEntry(Verdict.INCONCLUSIVE, 0);
                    assertThat(run.environment()).containsEntry("frames lost by the capture", "0");
                }
            }
        }
    }

    /** Frames that the filter lets through, faster than they are taken: what is lost is counted. */
    @Test
    public void whatTheCaptureLosesIsCounted() throws Exception {
        try (Board board = new Board()) {
            CountDownLatch busy = new CountDownLatch(1);
            PcapLink capture = World.inside(world.tester(), () -> {
                PcapLink link = PcapLink.open("fault", "udp");
                link.start((time, frame) -> {
                    try {
                        busy.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                return link;
            });
            try {
                assertThat(capture.dropped()).isZero();
                long sent = flood(board.process.pid(), 1_000_000_000, () -> capture.dropped() > 0);
                assertThat(capture.dropped()).as("after " + sent + " octets").isPositive();
            } finally {
                busy.countDown();
                capture.close();
            }
        }
    }

    /** The same seed as well: the same ports and the same numbers, at the same time. */
    @Test
    public void twoRunsSideBySideDoNotDisturbEachOther() throws Exception {
        Path one = dir.resolve("one");
        Path other = dir.resolve("other");
        String options = SOME + " --match RS-* --seed 1 --jobs 8";
        try (Board board = new Board();
                World.Child first = board.run(one, options);
                World.Child second = board.run(other, options)) {
            Outcome ofFirst = first.end();
            Outcome ofSecond = second.end();
            for (Outcome outcome : List.of(ofFirst, ofSecond)) {
                assertThat(outcome.code()).as(outcome.toString()).isZero();
                assertThat(outcome.err()).isEmpty();
            }
            RunResult run = results(one);
            RunResult beside = results(other);
            assertThat(run.counts()).as(ofFirst.toString()).containsEntry(Verdict.INCONCLUSIVE, 0);
            assertThat(beside.counts()).as(ofSecond.toString()).isEqualTo(run.counts());
            assertThat(beside.startedMillis())
                    .as("at the same time")
                    .isLessThan(run.startedMillis() + (long) run.durationMs());
            for (String fact : List.of("IPv4 path", "our Ethernet address")) {
                assertThat(run.environment().get(fact))
                        .isNotEqualTo(beside.environment().get(fact));
            }
        }
    }
}
