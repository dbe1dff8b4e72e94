package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.tcpconform.peer.Peer;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.Flag;
import org.tcpconform.suite.rfc9293.S3_10_7_1_Closed;
import org.tcpconform.target.Target;
import org.tcpconform.testkit.Bench;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Step;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class RunnerTest {
    // ---- verdicts

    private static final Object[][] VERDICTS = {
        {"SA-PASS-v4", Verdict.PASS, null, 1},
        {"SA-PASS-v6", Verdict.PASS, null, 1},
        {"SA-FAIL-v4", Verdict.FAIL, "unexpected-reset", 2},
        {"SA-FLAKY-v4", Verdict.INCONCLUSIVE, "not-reproducible", 3},
        {"SA-THROWS-v4", Verdict.ERROR, "harness-fault", 1},
        {"SA-DEAF-v4", Verdict.FAIL, "no-answer", 4},
        {"SA-SILENT-v6", Verdict.ERROR, "silence-unproved", 1},
        {"SA-PREAMBLE-v4", Verdict.INCONCLUSIVE, "preamble", 3},
        {"SA-MISSING-v4", Verdict.NOT_APPLICABLE, "not-offered", 0},
        {"SA-FINDS-v4", Verdict.NOT_APPLICABLE, "not-offered", 1},
        {"SA-ROW-A-v4", Verdict.PASS, null, 1},
        {"SA-ROW-B-v4", Verdict.PASS, null, 1},
        {"SA-ROW-A-v6", Verdict.PASS, null, 1},
    };

    @Test
    public void everyCaseHasItsVerdict() {
        try (Bench bench = Bench.open()) {
            Target target = bench.targetWith(Stimulus.OPEN_PORT, Stimulus.CLOSED_PORT, Stimulus.ECHO);
            List<CaseDescriptor> cases = Runs.cases(SampleCases.class);
            Runner runner = Runs.runner(bench, target, 1, Runs.JOBS);
            List<CaseResult> ordered = runner.run("test", cases);
            assertThat(runner.aborted()).isNull();
            assertThat(ordered).extracting(CaseResult::id).isSorted().hasSameSizeAs(cases);
            Map<String, CaseResult> results = Runs.byId(ordered);
            SoftAssertions softly = new SoftAssertions();
            for (Object[] row : VERDICTS) {
                CaseResult result = results.get(row[0]);
                softly.assertThat(result.verdict()).as(result.id()).isEqualTo(row[1]);
                softly.assertThat(
                                result.failure() == null
                                        ? null
                                        : result.failure().code())
                        .as(result.id())
                        .isEqualTo(row[2]);
                softly.assertThat(result.attempts()).as(result.id()).isEqualTo(row[3]);
            }
            softly.assertAll();
            assertThat(results).doesNotContainKey("SA-ROW-B-v6");

            CaseResult passed = results.get("SA-PASS-v4");
            assertThat(passed.remarks()).containsExactly("a remark");
            assertThat(passed.title()).isEqualTo("passes");
            assertThat(passed.family()).isEqualTo("IPv4");
            assertThat(passed.rfc()).isEqualTo(9293);
            assertThat(passed.section()).isEqualTo("3.10.7.1");
            assertThat(passed.capture()).isNull();
            CaseResult row = results.get("SA-ROW-A-v4");
            assertThat(row.title()).isEqualTo("takes the row A");
            assertThat(row.level()).as("that of the first requirement").isEqualTo(Level.SHOULD);
            assertThat(row.requirements()).containsExactly("RFC7323-5.2-2", "RFC9293-3.10.7.1-1");

            assertThat(results.get("SA-THROWS-v4").failure().text())
                    .contains("a fault of the case", "at org.tcpconform.run.SampleCases.throwsSomething");
            assertThat(results.get("SA-MISSING-v4").failure().summary()).contains("offers no bulk", "--service bulk=");
            assertThat(results.get("SA-FLAKY-v4").failure().summary()).startsWith("failed in 1 of 3 attempts: ");
        }
    }

    @Test
    public void evidenceThatCannotBeWrittenEndsTheRunAndKeepsTheVerdict() throws IOException {
        Path file = Files.createTempFile("runner-test", "");
        try (Bench bench = Bench.open()) {
            Runner runner =
                    new Runner(bench.station(), bench.target(), 1, 1, file, file.getParent(), new RunListener() {});
            CaseResult result = runner.run("test", Runs.cases(SampleCases.class, EnumSet.of(Family.IPV4), "SA-FAIL"))
                    .get(0);
            assertThat(runner.aborted())
                    .isEqualTo(
                            "evidence cannot be written: cannot make " + file + ": a file of that name is in the way");
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.capture()).isNull();
        } finally {
            Files.delete(file);
        }
    }

    @Test
    public void findingCanBePasted() throws IOException {
        Path folder = Files.createTempDirectory("runner-test");
        try (Bench bench = Bench.open()) {
            Queue<String> heard = new ConcurrentLinkedQueue<>();
            RunListener listener = new RunListener() {
                @Override
                public void begun(String caseId) {
                    heard.add("begun " + caseId);
                }

                @Override
                public void ended(CaseResult result) {
                    heard.add("ended " + result.id());
                }
            };
            CaseResult result = new Runner(
                            bench.station(), bench.target(), 1, 1, folder.resolve("captures"), folder, listener)
                    .run("test", Runs.cases(SampleCases.class, EnumSet.of(Family.IPV4), "SA-FAIL"))
                    .get(0);
            assertThat(heard).containsExactly("begun SA-FAIL-v4", "ended SA-FAIL-v4");
            int port = result.ports().get(0);
            assertThat(result.failure().text().lines())
                    .anySatisfy(l -> assertThat(l)
                            .startsWith("  rule:     RFC9293-3.10.7.1-1 (RFC 9293, 3.10.7.1, ")
                            .contains("): "))
                    .contains(
                            "  finding:  [unexpected-reset] the target reset the connection",
                            "  sent:     < S 0:0(0) win 65535 <mss 1460>",
                            "  expected: <CTL=SYN,ACK>",
                            "  came:     > R. 0:0(0) ack 1 win 0",
                            "            flags: expected SYN,ACK, came RST,ACK",
                            "  all of connection 1: tester 192.0.2.77 port " + port + ", target 192.0.2.10 port 4",
                            "  capture:  captures/SA-FAIL-v4.pcap");
            assertThat(result.steps())
                    .filteredOn(Step::offending)
                    .singleElement()
                    .satisfies(s -> assertThat(s.text()).isEqualTo("> R. 0:0(0) ack 1 win 0"));
            assertThat(result.capture()).isEqualTo("captures/SA-FAIL-v4.pcap");
            assertThat(folder.resolve(result.capture())).isNotEmptyFile();
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    // ---- what the network does

    /** Loss costs attempts, and a rule may end up unjudged, but it is no fault of the target. */
    @Test
    public void lossNeverFailsATarget() {
        try (Bench bench = Bench.open()) {
            bench.stack().losing(0.02);
            Map<String, CaseResult> results = Runs.run(bench, Runs.cases(S3_10_7_1_Closed.class));
            assertThat(results.values())
                    .as("%s", Runs.notPassed(results))
                    .extracting(CaseResult::verdict)
                    .contains(Verdict.PASS)
                    .isSubsetOf(Verdict.PASS, Verdict.INCONCLUSIVE);
        }
    }

    @Test
    public void lostAnswerIsInconclusive() {
        try (Bench bench = Bench.open()) {
            AtomicInteger resets = new AtomicInteger();
            bench.stack().sending(s -> s.has(Flag.RST) && resets.getAndIncrement() == 0 ? null : s);
            CaseResult result = Runs.run(bench, Runs.cases(S3_10_7_1_Closed.class, EnumSet.of(Family.IPV4), "CL-01"))
                    .get("CL-01-v4");
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.failure().code()).isEqualTo("not-reproducible");
            assertThat(result.attempts()).isEqualTo(3);
        }
    }

    @Test
    public void delayWithinPatienceChangesNothing() {
        try (Bench bench = Bench.open()) {
            bench.stack().delaying(java.time.Duration.ofMillis(60));
            Map<String, CaseResult> results =
                    Runs.run(bench, Runs.cases(S3_10_7_1_Closed.class, EnumSet.of(Family.IPV4)));
            assertThat(Runs.notPassed(results)).isEmpty();
        }
    }

    // ---- the end of a target, a case, a run

    @Test
    public void targetThatDiesEndsTheRun() {
        try (Bench bench = Bench.open()) {
            bench.stack().dyingAfter(10);
            List<CaseDescriptor> cases = Runs.cases(S3_10_7_1_Closed.class, "CL-0*");
            Runner runner = Runs.runner(bench, bench.target(), 1, 4);
            List<CaseResult> results = runner.run("test", cases);
            assertThat(runner.aborted()).startsWith("the target stopped answering; CL-");
            assertThat(results).as("every case has a result").hasSameSizeAs(cases);
            assertThat(results).extracting(CaseResult::verdict).isSubsetOf(Verdict.PASS, Verdict.INCONCLUSIVE);
            assertThat(results.stream()
                            .filter(r -> r.verdict() == Verdict.INCONCLUSIVE)
                            .map(r -> r.failure().code()))
                    .contains("run-ended", "target-gone")
                    .containsOnly("run-ended", "target-gone");
            assertThat(results.stream().filter(r -> r.attempts() == 0))
                    .as("those not run")
                    .isNotEmpty()
                    .allSatisfy(r -> assertThat(r.failure().summary()).startsWith("not run: the target stopped"));
        }
    }

    @DataProvider
    public static Object[][] offers() {
        return new Object[][] {
            {new Stimulus[] {Stimulus.CLOSED_PORT, Stimulus.OPEN_PORT}},
            // where there is no open port, the closed one tells whether the target lives
            {new Stimulus[] {Stimulus.CLOSED_PORT}},
        };
    }

    @Test(dataProvider = "offers")
    public void targetThatIsSilentOnlyToTheCaseDoesNotEndTheRun(Stimulus[] offered) {
        try (Bench bench = Bench.open()) {
            Runner runner = Runs.runner(bench, bench.targetWith(offered), 1, Runs.JOBS);
            List<CaseResult> results = runner.run("test", Runs.cases(SampleCases.class, "SA-DEAF"));
            assertThat(runner.aborted()).isNull();
            assertThat(results).extracting(CaseResult::verdict).containsOnly(Verdict.FAIL);
        }
    }

    @Test
    public void caseThatHangsIsStopped() {
        try (Bench bench = Bench.open()) {
            CaseResult result = Runs.run(bench, Runs.cases(HangingCases.class))
                    .values()
                    .iterator()
                    .next();
            assertThat(result.verdict()).isEqualTo(Verdict.ERROR);
            assertThat(result.failure().code()).isEqualTo("hang-guard");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    public void runThatWasEndedBeforeItBeganRunsNothing() {
        try (Bench bench = Bench.open()) {
            Runner runner = Runs.runner(bench, bench.target(), 1, 2);
            runner.abort("the user said so");
            List<CaseResult> results = runner.run("test", Runs.cases(SampleCases.class));
            assertThat(results).isNotEmpty().allSatisfy(r -> {
                assertThat(r.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
                assertThat(r.failure().code()).isEqualTo("run-ended");
                assertThat(r.failure().summary()).isEqualTo("not run: the user said so");
            });
            assertThat(bench.stack().received()).isZero();
        }
    }

    // ---- side by side

    @DataProvider
    public static Object[][] jobs() {
        return new Object[][] {{1}, {3}, {8}};
    }

    @Test(dataProvider = "jobs")
    public void noMoreCasesRunThanThereAreJobs(int jobs) {
        BusyCases.reset();
        try (Bench bench = Bench.open()) {
            List<CaseDescriptor> cases = Runs.cases(BusyCases.class);
            List<CaseResult> results =
                    Runs.runner(bench, bench.target(), 1, jobs).run("test", cases);
            assertThat(results)
                    .hasSameSizeAs(cases)
                    .extracting(CaseResult::verdict)
                    .containsOnly(Verdict.PASS);
        }
        assertThat(BusyCases.MOST).as("side by side").hasValueLessThanOrEqualTo(jobs);
        if (jobs > 1) {
            assertThat(BusyCases.MOST).as("side by side").hasValueGreaterThan(1);
        }
        assertThat(BusyCases.MOST_BESIDE_EXCLUSIVE).as("alone").hasValue(1);
    }

    @Test
    public void inLockstepCasesThatSendFromOtherAddressesRunAlone() {
        BusyCases.reset();
        try (Bench bench = Bench.open()) {
            bench.station().lockstep();
            Runs.runner(bench, bench.target(), 1, Runs.JOBS).run("test", Runs.cases(BusyCases.class));
        }
        assertThat(BusyCases.MOST).as("others side by side").hasValueGreaterThan(1);
        assertThat(BusyCases.MOST_BESIDE_FOREIGN).as("alone").hasValue(1);
    }

    // ---- randomness

    private static List<String> played(long seed, int jobs) {
        List<String> heard = new ArrayList<>();
        try (Bench bench = Bench.open(org.tcpconform.segment.LinkLayer.ETHERNET, 7)) {
            int closed = bench.target().port(Stimulus.CLOSED_PORT).orElseThrow();
            bench.stack().watching(tcp -> {
                // not the look at the target when all have ended, the last segment of which may come later than we look
                if (tcp.segment().destinationPort() == closed) {
                    heard.add(tcp.segment().sourcePort() + " " + tcp.segment().seq() + " "
                            + tcp.segment().ack());
                }
            });
            Runs.runner(bench, bench.target(), seed, jobs)
                    .run("test", Runs.cases(S3_10_7_1_Closed.class, "CL-0*", "CL-15"));
        }
        return heard;
    }

    private static TreeSet<String> withoutPorts(List<String> heard) {
        TreeSet<String> numbers = new TreeSet<>();
        heard.forEach(h -> numbers.add(h.substring(h.indexOf(' '))));
        return numbers;
    }

    /** TestNG keeps all peers: of a long run their frames would fill the memory. */
    @Test
    public void whatAPeerHasHeardIsForgottenWhenItsCaseHasEnded() {
        try (Bench bench = Bench.open()) {
            CaseResult result = Runs.runner(bench, bench.target(), 1, 1)
                    .run("test", Runs.cases(KeepingCases.class, "KE-ECHO-v4"))
                    .get(0);
            assertThat(result.verdict()).isEqualTo(Verdict.PASS);
            assertThat(result.steps()).hasSizeGreaterThan(4);
            assertThat(KeepingCases.IN_FLIGHT).containsExactly(100);
            assertThat(KeepingCases.PEERS).extracting(Peer::mostInFlight).containsExactly(0);
        }
    }

    @Test
    public void seedDecidesAllNumbers() {
        List<String> first = played(5, 1);
        assertThat(first).hasSizeGreaterThan(20);
        assertThat(played(5, 1)).as("same seed, one job: the same segments").isEqualTo(first);
        assertThat(withoutPorts(played(5, 8)))
                .as("same seed, other order: other ports, same numbers")
                .isEqualTo(withoutPorts(first));
        assertThat(withoutPorts(played(6, 1))).as("another seed").doesNotContainAnyElementsOf(withoutPorts(first));
    }
}
