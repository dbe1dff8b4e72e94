package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.FaultyLink;
import org.tcpconform.verdict.Verdict;
import org.tcpconform.wire.Link;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Where our own machine is at fault, no target fails of it, and none passes by it. */
public class DisturbedTest {
    private final Queue<String> told = new ConcurrentLinkedQueue<>();

    /** A bench, its link, and a runner on it. */
    private final class Faulty implements AutoCloseable {
        private final AtomicReference<FaultyLink> link = new AtomicReference<>();
        private final Bench bench = Bench.open(LinkLayer.ETHERNET, 1, memory -> {
            link.set(new FaultyLink(memory));
            return link.get();
        });
        private final Runner runner = new Runner(bench.station(), bench.target(), 1, 4, null, null, new RunListener() {
            @Override
            public void noted(String line) {
                told.add(line);
            }
        });

        Faulty() {
            told.clear();
        }

        FaultyLink link() {
            return link.get();
        }

        List<CaseResult> run() {
            return runner.run("test", Runs.cases(PromptCases.class));
        }

        @Override
        public void close() {
            bench.close();
        }
    }

    private static void allPassed(List<CaseResult> results) {
        assertThat(Runs.notPassed(Runs.byId(results))).isEmpty();
    }

    private static void allDisturbed(List<CaseResult> results, String what) {
        assertThat(results).isNotEmpty().allSatisfy(r -> {
            assertThat(r.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(r.failure().code()).isEqualTo("disturbed");
            assertThat(r.failure().summary()).matches(what);
        });
    }

    @Test
    public void whereTheCaptureLosesFramesTheCaseRunsAgain() {
        try (Faulty faulty = new Faulty()) {
            faulty.link().beforeEach(number -> {
                if (number == 40) {
                    faulty.link().lose();
                }
            });
            allPassed(faulty.run());
            assertThat(faulty.link().dropped()).isEqualTo(1);
        }
    }

    @Test
    public void whereItLosesFramesAllTheTimeNothingIsJudged() {
        try (Faulty faulty = new Faulty()) {
            faulty.link().beforeEach(number -> faulty.link().lose());
            allDisturbed(faulty.run(), "the capture lost \\d+ frames during the case");
        }
    }

    @DataProvider
    public static Object[][] steps() {
        return new Object[][] {
            {Duration.ofHours(1), "forward by 3600000 ms"},
            {Duration.ofHours(-1), "back by 3600000 ms"},
            {Duration.ofMillis(-400), "back by 400 ms"},
        };
    }

    /** Between each two frames of some attempts, so that a delay spans it. */
    @Test(dataProvider = "steps")
    public void aClockThatIsSetFailsNobody(Duration step, String what) {
        try (Faulty faulty = new Faulty()) {
            faulty.link().beforeEach(number -> {
                if (number % 100 == 60) {
                    faulty.link().setClock(step);
                }
            });
            List<CaseResult> results = faulty.run();
            assertThat(results)
                    .as("%s", Runs.notPassed(Runs.byId(results)))
                    .extracting(CaseResult::verdict)
                    .contains(Verdict.PASS)
                    .isSubsetOf(Verdict.PASS, Verdict.INCONCLUSIVE);
            assertThat(results.stream().filter(r -> r.verdict() == Verdict.INCONCLUSIVE))
                    .allSatisfy(r -> assertThat(r.failure().code()).isEqualTo("disturbed"));
        }
    }

    @Test(dataProvider = "steps")
    public void aClockThatIsSetAllTheTimeIsNamed(Duration step, String what) {
        try (Faulty faulty = new Faulty()) {
            faulty.link().beforeEach(number -> faulty.link().setClock(step));
            allDisturbed(
                    faulty.run(),
                    "the clock of the capture stamps was set " + what.split(" ")[0] + " by \\d+ ms during the case");
        }
    }

    @Test
    public void anInterfaceThatComesBackIsWaitedFor() {
        try (Faulty faulty = new Faulty()) {
            faulty.link().beforeEach(number -> {
                if (number == 40) {
                    faulty.link().down(new Link.Outage("interface eth1 is down", true));
                }
            });
            Thread repair = new Thread(() -> {
                while (told.isEmpty()) {
                    Thread.onSpinWait();
                }
                faulty.link().up();
            });
            repair.setDaemon(true);
            repair.start();
            allPassed(faulty.run());
            assertThat(told)
                    .containsExactly("interface eth1 is down: waiting for it", "the interface is back: going on");
        }
    }

    @Test
    public void anInterfaceThatIsGoneEndsTheRun() {
        try (Faulty faulty = new Faulty()) {
            faulty.link().beforeEach(number -> {
                if (number == 40) {
                    faulty.link().down(new Link.Outage("interface eth1 is gone", false));
                }
            });
            List<CaseResult> results = faulty.run();
            assertThat(faulty.runner.aborted()).isEqualTo("interface eth1 is gone");
            assertThat(told).isEmpty();
            assertThat(results)
                    .as("%s", Runs.notPassed(Runs.byId(results)))
                    .extracting(CaseResult::verdict)
                    .contains(Verdict.INCONCLUSIVE)
                    .isSubsetOf(Verdict.PASS, Verdict.INCONCLUSIVE);
        }
    }
}
