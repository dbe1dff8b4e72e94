package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.tcpconform.target.EnvironmentException;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.Flaw;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What becomes of a run whose target dies, or does not bear as many cases as there are jobs. */
public class LifelineTest {
    /** What a run tells. */
    private static final class Heard implements RunListener {
        private final Queue<String> told = new ConcurrentLinkedQueue<>();
        /** Cases whose verdict was taken back, with both. */
        private final Queue<String> amended = new ConcurrentLinkedQueue<>();

        @Override
        public void noted(String line) {
            told.add(line);
        }

        @Override
        public void amended(CaseResult before, CaseResult result) {
            amended.add(before.id() + " " + before.verdict() + " " + result.verdict());
        }
    }

    private static Runner runner(Bench bench, int jobs, Heard heard) {
        return new Runner(bench.station(), bench.target(), 1, jobs, null, null, heard);
    }

    /** What befalls a target; all of these wait far more than they work, and so run side by side. */
    private interface Story {
        void happens();
    }

    @DataProvider(parallel = true)
    public static Object[][] stories() {
        return Stream.<Map.Entry<String, Story>>of(
                        Map.entry("the like is tried first", LifelineTest::theLikeOfACaseThatKilledIsTriedFirst),
                        Map.entry("killed, 1 job", () -> theCaseThatKillsTheTargetIsNamedAndNoOther(1)),
                        Map.entry("killed, 8 jobs", () -> theCaseThatKillsTheTargetIsNamedAndNoOther(8)),
                        Map.entry(
                                "not outlived, 8 jobs",
                                () -> theCaseThatTheTargetDoesNotOutliveIsNamedAndNoOther(
                                        8, 0, "DE-CALM*", "DE-URGENT-v4")),
                        Map.entry(
                                "outlived for a moment, by the last",
                                () -> theCaseThatTheTargetDoesNotOutliveIsNamedAndNoOther(1, 200, "DE-URGENT-v4")),
                        Map.entry(
                                "not outlived, 1 job",
                                () -> theCaseThatTheTargetDoesNotOutliveIsNamedAndNoOther(1, 0, "DE-URGENT")),
                        Map.entry(
                                "outlived for a moment",
                                () -> theCaseThatTheTargetDoesNotOutliveIsNamedAndNoOther(
                                        8, 200, "DE-SLOW*", "DE-URGENT-v4")),
                        Map.entry(
                                "cannot be brought back",
                                LifelineTest::whatHadEndedIsNamedWhereTheTargetCannotBeBroughtBack),
                        Map.entry("no single case", LifelineTest::aTargetThatDiesOfNoSingleCaseLeavesNoFalseVerdict),
                        Map.entry("silence", LifelineTest::theSilenceOfADeadTargetShowsNoFeatureAbsent),
                        Map.entry("no power", LifelineTest::whereItCannotBeBroughtBackTheRunEndsWithAllResults),
                        Map.entry("crowded", LifelineTest::aCrowdedTargetIsNoDeadOne))
                .map(story -> new Object[] {story.getKey(), story.getValue()})
                .toArray(Object[][]::new);
    }

    @Test(dataProvider = "stories")
    public void whatBecomesOfTheRun(String name, Story story) {
        story.happens();
    }

    private static void theCaseThatKillsTheTargetIsNamedAndNoOther(int jobs) {
        Heard heard = new Heard();
        try (Bench bench = Bench.open()) {
            bench.stack().with(Flaw.DIES_OF_URGENT);
            Runner runner =
                    runner(bench, jobs, heard).reviving(() -> bench.stack().restart());
            Map<String, CaseResult> results =
                    Runs.byId(runner.run("test", Runs.cases(DeadlyCases.class, "DE-CALM*", "DE-URGENT-v4")));
            assertThat(runner.aborted()).isNull();
            assertThat(results.values().stream().filter(r -> r.verdict() != Verdict.PASS))
                    .as("%s", Runs.notPassed(results))
                    .allSatisfy(r -> {
                        assertThat(r.verdict()).isEqualTo(Verdict.FAIL);
                        assertThat(r.failure().code()).isEqualTo("target-died");
                        assertThat(r.failure().text()).contains("sent:").contains("U");
                    })
                    .extracting(CaseResult::id)
                    .containsExactly("DE-URGENT-v4");
            assertThat(runner.restarts())
                    .as("dies once among others, and once or twice alone")
                    .isBetween(2, 3);
            assertThat(heard.told).hasSize(runner.restarts()).allMatch(line -> line.endsWith(": restarting it"));
            assertThat(heard.amended).isEmpty();
        }
    }

    /** It passes, and only what comes later finds the target dead. */
    private static void theCaseThatTheTargetDoesNotOutliveIsNamedAndNoOther(
            int jobs, int delayMillis, String... match) {
        Heard heard = new Heard();
        try (Bench bench = Bench.open()) {
            bench.stack().with(Flaw.DIES_AFTER_URGENT).dyingLater(Duration.ofMillis(delayMillis));
            Runner runner =
                    runner(bench, jobs, heard).reviving(() -> bench.stack().restart());
            Map<String, CaseResult> results = Runs.byId(runner.run("test", Runs.cases(DeadlyCases.class, match)));
            assertThat(runner.aborted()).isNull();
            assertThat(results.values().stream().filter(r -> r.verdict() != Verdict.PASS))
                    .as("%s", Runs.notPassed(results))
                    .allSatisfy(r -> assertThat(r.failure().code()).isEqualTo("target-died"))
                    .extracting(CaseResult::id)
                    .containsExactlyInAnyOrderElementsOf(results.keySet().stream()
                            .filter(id -> id.startsWith("DE-URGENT"))
                            .toList());
            assertThat(heard.amended)
                    .as("one of two may have been in flight when the target was found dead")
                    .isNotEmpty()
                    .isSubsetOf("DE-URGENT-v4 PASS FAIL", "DE-URGENT-v6 PASS FAIL");
        }
    }

    private static void whatHadEndedIsNamedWhereTheTargetCannotBeBroughtBack() {
        try (Bench bench = Bench.open()) {
            bench.stack().with(Flaw.DIES_AFTER_URGENT);
            Runner runner = runner(bench, 1, new Heard());
            Map<String, CaseResult> results =
                    Runs.byId(runner.run("test", Runs.cases(DeadlyCases.class, "DE-URGENT-v4")));
            assertThat(runner.aborted()).isEqualTo("the target stopped answering; ended shortly before: DE-URGENT-v4");
            assertThat(results.get("DE-URGENT-v4").verdict()).isEqualTo(Verdict.PASS);
        }
    }

    private static void aTargetThatDiesOfNoSingleCaseLeavesNoFalseVerdict() {
        try (Bench bench = Bench.open()) {
            bench.stack().dyingAfter(150);
            Runner runner =
                    runner(bench, 8, new Heard()).reviving(() -> bench.stack().restart());
            Map<String, CaseResult> results = Runs.byId(runner.run("test", Runs.cases(DeadlyCases.class)));
            assertThat(runner.aborted()).isNull();
            assertThat(results.values().stream().filter(r -> r.verdict() != Verdict.PASS))
                    .as("%s", Runs.notPassed(results))
                    .singleElement()
                    .satisfies(r -> {
                        assertThat(r.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
                        assertThat(r.failure().code()).isEqualTo("target-gone");
                        assertThat(r.failure().summary())
                                .startsWith("the target stopped answering while DE-")
                                .contains(r.id())
                                .endsWith("; none of them ended it when run again alone");
                    });
            assertThat(runner.restarts()).isEqualTo(1);
        }
    }

    /** Those in flight run alone, the last to begin first, until one kills again: but first the like of one that has. */
    private static void theLikeOfACaseThatKilledIsTriedFirst() {
        Heard heard = new Heard();
        try (Bench bench = Bench.open()) {
            bench.stack().with(Flaw.DIES_OF_URGENT);
            Runner runner = runner(bench, 8, heard).reviving(() -> bench.stack().restart());
            Map<String, CaseResult> results =
                    Runs.byId(runner.run("test", Runs.cases(DeadlyCases.class, "DE-EARLY*", "DE-SLOW*")));
            assertThat(results.values().stream().filter(r -> r.verdict() != Verdict.PASS))
                    .as("%s", Runs.notPassed(results))
                    .extracting(r -> r.id() + " " + r.failure().code())
                    .containsExactlyInAnyOrder("DE-EARLY-v4 target-died", "DE-EARLY-v6 target-died");
            assertThat(heard.told.stream().filter(line -> line.startsWith("the target died again, ")))
                    .as("others may have run when the first was found, and none before the second: %s", heard.told)
                    .hasSizeLessThan(2);
        }
    }

    /** It fails twice, then dies, and its silence passes for the lack of something optional. */
    private static void theSilenceOfADeadTargetShowsNoFeatureAbsent() {
        int segmentsOfAnAttempt = 5;
        int segmentsOfALook = 2;
        int handshake = 2;
        try (Bench bench = Bench.open()) {
            bench.stack()
                    .with(Flaw.NO_DUPLICATE_ACK)
                    .dyingAfter(2 * (segmentsOfAnAttempt + segmentsOfALook) + handshake);
            Runner runner =
                    runner(bench, 1, new Heard()).reviving(() -> bench.stack().restart());
            Map<String, CaseResult> results =
                    Runs.byId(runner.run("test", Runs.cases(DeadlyCases.class, "DE-OPTION-v4")));
            assertThat(results.get("DE-OPTION-v4").verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(results.get("DE-OPTION-v4").failure().code()).isEqualTo("target-gone");
        }
    }

    private static void whereItCannotBeBroughtBackTheRunEndsWithAllResults() {
        try (Bench bench = Bench.open()) {
            bench.stack().with(Flaw.DIES_OF_URGENT);
            Runner runner = runner(bench, 8, new Heard()).reviving(() -> {
                throw new EnvironmentException("no power");
            });
            List<CaseDescriptor> cases = Runs.cases(DeadlyCases.class);
            List<CaseResult> results = runner.run("test", cases);
            assertThat(runner.aborted())
                    .startsWith("the target stopped answering; DE-")
                    .contains(" noticed, in flight: ")
                    .endsWith("; it could not be restarted: no power");
            assertThat(results).hasSameSizeAs(cases);
            assertThat(results.stream().filter(r -> r.verdict() != Verdict.PASS))
                    .isNotEmpty()
                    .allSatisfy(r -> assertThat(r.verdict()).isEqualTo(Verdict.INCONCLUSIVE))
                    .anySatisfy(r -> assertThat(r.failure().code()).isEqualTo("target-gone"));
        }
    }

    private static void aCrowdedTargetIsNoDeadOne() {
        try (Bench bench = Bench.open()) {
            bench.stack().slots(2);
            Runner runner = runner(bench, 8, new Heard()).reviving(() -> {
                throw new EnvironmentException("it is not dead");
            });
            Map<String, CaseResult> results = Runs.byId(runner.run("test", Runs.cases(DeadlyCases.class, "DE-CALM-*")));
            assertThat(runner.aborted()).isNull();
            assertThat(Runs.notPassed(results)).isEmpty();
            awaitFreed(bench);
        }
    }

    /** Every case frees what it took, by resets, which take a moment to arrive. */
    private static void awaitFreed(Bench bench) {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (bench.stack().connections() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(bench.stack().connections()).isZero();
    }

    @DataProvider
    public static Object[][] slots() {
        return new Object[][] {{1, 1}, {5, 5}, {Integer.MAX_VALUE, 32}};
    }

    @Test(dataProvider = "slots")
    public void connectionsThatTheTargetBearsAreCounted(int slots, int borne) {
        try (Bench bench = Bench.open()) {
            bench.stack().slots(slots);
            long start = System.nanoTime();
            assertThat(new Preflight(bench.station(), 1).connections(bench.target(), 32))
                    .isEqualTo(borne);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            awaitFreed(bench);
        }
    }

    @Test
    public void theDeathOfATargetIsRedAtEachLevel() {
        CaseResult died = new CaseResult(
                "X-01-v4",
                "does",
                List.of("R"),
                Level.MAY,
                true,
                9293,
                "1",
                "IPv4",
                List.of(),
                Verdict.FAIL,
                org.tcpconform.verdict.Failure.of("target-died", "it died"),
                List.of(),
                List.of(),
                1,
                0,
                0,
                null,
                List.of(),
                List.of(),
                List.of());
        assertThat(new Gate(false, false, false).red(died)).isTrue();
    }
}
