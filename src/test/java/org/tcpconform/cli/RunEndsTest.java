package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tcpconform.lab.Services;
import org.tcpconform.report.Journal;
import org.tcpconform.report.ResultsJson;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** However a run ends, the verdicts that it has reached are on disk, and nothing else is left of it. */
public class RunEndsTest {
    private World world;
    private Path dir;

    @BeforeClass
    public void prepare() throws IOException {
        world = World.get();
        dir = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "ends-");
    }

    @AfterClass(alwaysRun = true)
    public void clean() throws IOException {
        if (dir != null) {
            World.delete(dir);
        }
    }

    private static String[] onPlain(Path out, String options) {
        List<String> words = new ArrayList<>(List.of("run"));
        words.addAll(List.of("--target 192.0.2.10 --interface plain --source 192.0.2.77 --service echo=7".split(" ")));
        words.addAll(List.of(options.split(" ")));
        words.addAll(List.of("--out", out.toString()));
        return words.toArray(String[]::new);
    }

    private static long lines(Path journal) {
        try {
            return Files.exists(journal) ? Files.readString(journal).lines().count() : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private static World.Child longRunInLab(Path out) throws IOException {
        return longRunInLab(List.of(), out);
    }

    /** In the lab, since a signal must end that as well; a hundred short cases, one after the other. */
    private static World.Child longRunInLab(List<String> before, Path out) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(World.jvm(Map.of()));
        command.addAll(List.of("run", "--lab", "linux", "--suite", "default", "--jobs", "1", "--seed", "1"));
        command.addAll(List.of("--match", "CL-*", "--match", "HP-*", "--skip", "timer", "--out", out.toString()));
        return new World.Child(command);
    }

    private static void awaitVerdicts(Path out, World.Child child) {
        // head, plan, and verdicts
        World.await("some cases have a verdict", () -> lines(out.resolve("cases.jsonl")) >= 4 || !child.alive());
    }

    @DataProvider
    public Object[][] signals() {
        return new Object[][] {{"INT", 130}, {"TERM", 143}};
    }

    @Test(dataProvider = "signals")
    public void aSignalEndsTheRunInOrder(String signal, int code) throws Exception {
        Path out = dir.resolve(signal);
        Outcome outcome;
        try (World.Child child = longRunInLab(out)) {
            awaitVerdicts(out, child);
            child.signal(signal);
            outcome = child.end();
            World.await("nothing of the lab is left", () -> child.family() == 0);
        }
        endedInOrder(outcome, code, out);
    }

    @Test
    public void underNohupARunOutlivesItsTerminalAndCanBeEndedInOrder() throws Exception {
        Path out = dir.resolve("nohup");
        Path journal = out.resolve("cases.jsonl");
        Outcome outcome;
        try (World.Child child = longRunInLab(List.of("nohup"), out)) {
            awaitVerdicts(out, child);
            long then = lines(journal);
            child.signal("HUP");
            World.await("others have a verdict", () -> lines(journal) >= then + 3 || !child.alive());
            assertThat(child.alive()).isTrue();
            child.signal("TERM");
            outcome = child.end();
            World.await("nothing of the lab is left", () -> child.family() == 0);
        }
        endedInOrder(outcome, 143, out);
    }

    private static void endedInOrder(Outcome outcome, int code, Path out) throws IOException {
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(code);
        assertThat(outcome.out()).contains("The run ended early: interrupted by a signal");
        RunResult run = ResultsJson.read(out.resolve("results.json"));
        assertThat(run.aborted()).isEqualTo("interrupted by a signal");
        assertThat(run.counts().get(Verdict.PASS)).isGreaterThanOrEqualTo(2);
        assertThat(run.cases())
                .filteredOn(c -> c.verdict() != Verdict.PASS && c.verdict() != Verdict.NOT_APPLICABLE)
                .as("what was broken off or not run has no other verdict")
                .allSatisfy(c -> assertThat(c.verdict()).isEqualTo(Verdict.INCONCLUSIVE))
                .isNotEmpty();
        assertThat(out.resolve("junit.xml")).exists();
        assertThat(out.resolve("allure-report/index.html")).exists();
        assertThat(out.resolve("cases.jsonl")).doesNotExist();
    }

    /** The kernel refuses connections from then on; the lab starts the program again, and the run goes on. */
    @Test
    public void aLabWhoseProgramIsKilledIsRestarted() throws Exception {
        Path out = dir.resolve("restarted");
        try (World.Child child = longRunInLab(out)) {
            awaitVerdicts(out, child);
            List<Long> services = child.family(Services.class.getName());
            assertThat(services).isNotEmpty();
            services.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            Outcome outcome = child.end();
            assertThat(outcome.code()).as(outcome.toString()).isZero();
            assertThat(outcome.out())
                    .containsPattern(
                            "note: the target refuses connections to its open port 7; .* noticed.*: restarting it");
            World.await("nothing of the lab is left", () -> child.family() == 0);
        }
        RunResult run = ResultsJson.read(out.resolve("results.json"));
        assertThat(run.aborted()).isNull();
        assertThat(run.environment()).containsEntry("restarts of the target", "1");
        assertThat(run.counts().get(Verdict.INCONCLUSIVE))
                .as("the one that noticed")
                .isEqualTo(1);
        assertThat(run.counts().get(Verdict.ERROR)).isZero();
    }

    /** A target that goes silent, and a command that brings it back; without one the run ends. */
    @Test
    public void aTargetIsBroughtBackByTheCommandOfTheUser() throws Exception {
        String silence =
                "nft add table inet dead; nft add chain inet dead in '{ type filter hook input priority 0; policy drop; }'";
        String back = "nsenter --target " + world.target() + " --net -- nft delete table inet dead";
        for (boolean command : new boolean[] {true, false}) {
            Path out = dir.resolve("silent-" + command);
            List<String> words = new ArrayList<>(
                    List.of(onPlain(out, "--suite default --match CL-* --match HP-* --skip timer --ipv4 --jobs 1")));
            if (command) {
                words.addAll(List.of("--restart-command", back));
            }
            try (World.Child child = new World.Child(world.tool(List.of(), Map.of(), words.toArray(String[]::new)))) {
                awaitVerdicts(out, child);
                world.script("nsenter --target $2 --net -- sh -c \"" + silence + "\"");
                Outcome outcome = child.end();
                RunResult run = ResultsJson.read(out.resolve("results.json"));
                assertThat(outcome.out()).as("all results").containsPattern("\\d+ cases: ");
                assertThat(run.counts().get(Verdict.ERROR)).isZero();
                if (command) {
                    assertThat(run.aborted()).as(outcome.toString()).isNull();
                    assertThat(run.environment()).containsEntry("restarts of the target", "1");
                } else {
                    assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.ENVIRONMENT.code());
                    assertThat(run.aborted()).startsWith("the target stopped answering; ");
                    assertThat(run.counts().get(Verdict.PASS)).isPositive();
                }
            } finally {
                world.script("nsenter --target $2 --net -- nft delete table inet dead 2>/dev/null || true");
            }
        }
    }

    @Test
    public void aKilledRunLeavesItsJournal() throws Exception {
        Path out = dir.resolve("KILL");
        try (World.Child child = longRunInLab(out)) {
            awaitVerdicts(out, child);
            child.signal("KILL");
            assertThat(child.end().code()).isEqualTo(137);
            World.await("nothing of the lab is left", () -> child.family() == 0);
        }
        assertThat(out.resolve("results.json")).doesNotExist();
        long verdicts = Journal.read(out.resolve("cases.jsonl")).cases().size();
        assertThat(verdicts).isGreaterThanOrEqualTo(2);

        Outcome report = Outcome.of("report", out.toString());
        assertThat(report.code()).as(report.toString()).isZero();
        assertThat(report.out()).contains("note: the run was cut short after " + verdicts + " of ");
        RunResult run = ResultsJson.read(out.resolve("results.json"));
        assertThat(run.cases()).hasSize((int) verdicts);
        assertThat(out.resolve("junit.xml")).exists();
        assertThat(out.resolve("allure-report/index.html")).exists();
    }

    /** Killed, resumed, killed again, with the reports made in between, and resumed: as if nothing had been. */
    @Test
    public void aKilledRunGoesOn() throws Exception {
        Path out = dir.resolve("resumed");
        Path journal = out.resolve("cases.jsonl");
        try (World.Child child = longRunInLab(out)) {
            awaitVerdicts(out, child);
            resumed(out).refusedWith(ExitCode.USAGE, out + ": another run writes to it; wait for its end");
            child.signal("KILL");
            child.end();
            World.await("nothing of the lab is left", () -> child.family() == 0);
        }
        // as where the process was killed within a line
        Files.writeString(journal, "{\"case\":{\"id\":\"HP", StandardOpenOption.APPEND);
        RunResult first = Journal.read(journal);
        String evidence = first.cases().stream()
                .filter(c -> c.capture() != null)
                .findFirst()
                .orElseThrow()
                .capture();
        byte[] capture = Files.readAllBytes(out.resolve(evidence));

        resumed(out, "--jobs", "2")
                .refusedWith(ExitCode.USAGE, "--jobs is not as in the run that --resume goes on with: there it was 1");
        resumed(out, "--name", "other")
                .refusedWith(
                        ExitCode.USAGE,
                        "--name is not as in the run that --resume goes on with, where it was not given");
        resumed(out, "--out", dir.toString())
                .refusedWith(
                        ExitCode.USAGE,
                        "--out is not as in the run that --resume goes on with, which writes to " + out);
        resumed(out, "--dry-run").refusedWith(ExitCode.USAGE, "--dry-run and --resume exclude each other");
        resumed(dir).refusedWith(ExitCode.USAGE, "holds no results of a run");
        String whole = Files.readString(journal);
        Files.writeString(journal, whole.replace("\"commit\":\"", "\"commit\":\"other"));
        resumed(out).refusedWith(ExitCode.USAGE, "whose cases may be others: run anew");
        Files.writeString(journal, whole);

        assertThat(Outcome.of("report", out.toString()).code()).isZero();
        List<String> again = World.jvm(Map.of());
        again.addAll(List.of("run", "--resume", out.toString(), "--jobs", "1", "--out", out.toString()));
        try (World.Child child = new World.Child(again)) {
            // head, two plans, all that was there, and more
            World.await(
                    "more cases have a verdict",
                    () -> lines(journal) >= first.cases().size() + 5 || !child.alive());
            child.signal("KILL");
            child.end();
            World.await("nothing of the lab is left", () -> child.family() == 0);
        }
        int second = Journal.read(journal).cases().size();
        assertThat(second).isGreaterThan(first.cases().size());

        List<String> last = World.jvm(Map.of());
        last.addAll(List.of("run", "--resume", out.toString()));
        Outcome outcome = new World.Child(last).end();
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(outcome.out())
                .containsPattern("\n(\\d+) verdicts are taken over from the part that ran before\n")
                .contains("1 job, seed 1\n");
        RunResult run = ResultsJson.read(out.resolve("results.json"));
        assertThat(run.aborted()).isNull();
        assertThat(run.environment().get("resumed")).contains(" verdicts are of an earlier part");
        assertThat(run.startedMillis()).isEqualTo(first.startedMillis());
        assertThat(run.cases())
                .extracting(CaseResult::id)
                .doesNotHaveDuplicates()
                .isSorted()
                .hasSizeGreaterThan(second);
        assertThat(run.counts()).containsEntry(Verdict.INCONCLUSIVE, 0).containsEntry(Verdict.ERROR, 0);
        assertThat(Files.readAllBytes(out.resolve(evidence))).isEqualTo(capture);
        assertThat(run.cases())
                .allSatisfy(c -> assertThat(c.capture() == null || Files.exists(out.resolve(c.capture())))
                        .isTrue());
        assertThat(Outcome.of("report", "--check", out.toString()).code()).isZero();
        assertThat(out.resolve("allure-results"))
                .isDirectoryContaining("glob:**-result.json")
                .satisfies(allure -> assertThat(allure.toFile().list((in, name) -> name.endsWith("-result.json")))
                        .hasSize(run.cases().size()));

        Outcome over = resumed(out);
        assertThat(over.code()).isZero();
        assertThat(over.out()).contains("holds a run that came to its end: there is nothing to go on with");
        Files.write(out.resolve(evidence), new byte[] {0});
        resumed(out).refusedWith(ExitCode.USAGE, "the evidence is not as the run left it: altered: " + evidence);
    }

    private static Outcome resumed(Path out, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("run", "--resume", out.toString()));
        words.addAll(List.of(more));
        return Outcome.of(words.toArray(String[]::new));
    }

    @Test
    public void brokenMustIsCodeOneAndTheFolderCanBeUsedAgain() throws Exception {
        world.onTarget("""
                nft -f - <<'END'
                table inet faulty {
                    chain output {
                        type filter hook output priority 0
                        tcp sport 7 tcp flags & (syn | ack) == syn | ack tcp ackseq set 1
                    }
                }
                END
                """);
        Path out = dir.resolve("failed");
        try {
            Outcome outcome = world.run(onPlain(out, "--open-port 7 --closed-port 4 --match HP-01 --ipv4"));
            assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.FAILED.code());
            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.out())
                    .contains("HP-01-v4")
                    .containsPattern("1 case: 0 passed, 1 failed")
                    .doesNotContain("earlier run");
        } finally {
            world.onTarget("nft delete table inet faulty");
        }
        Outcome outcome = world.run(onPlain(out, "--open-port 7 --closed-port 4 --match HP-01 --ipv4"));
        assertThat(outcome.code()).as(outcome.toString()).isZero();
        assertThat(outcome.out()).contains("note: results of an earlier run in " + out + " are replaced\n");
        assertThat(ResultsJson.read(out.resolve("results.json")).cases())
                .extracting(CaseResult::verdict)
                .containsExactly(Verdict.PASS);
    }

    /** Runs the tool with a small file system for its results, and saves what is in it at the end. */
    private Outcome withDisk(String size, String filler, Path mount, Path saved, String... args) throws Exception {
        Files.createDirectories(mount);
        Files.createDirectories(saved);
        return new World.Child(world.tool(
                        List.of(
                                "unshare",
                                "--mount",
                                "--",
                                "sh",
                                "-c",
                                "mount -t tmpfs -o size=" + size + " none \"$0\" && head -c " + filler
                                        + " /dev/zero >\"$0/filler\"; saved=$1; shift; \"$@\"; code=$?;"
                                        + " rm -f \"$0/filler\"; cp -r \"$0/.\" \"$saved\"; exit $code",
                                mount.toString(),
                                saved.toString()),
                        Map.of(),
                        args))
                .end();
    }

    @Test
    public void fullDiskAtTheStartIsToldBeforeTheFirstCase() throws Exception {
        Path mount = dir.resolve("full");
        Path saved = dir.resolve("full-saved");
        withDisk("64k", "64k", mount, saved, onPlain(mount.resolve("out"), "--suite smoke"))
                .refusedWith(
                        ExitCode.ENVIRONMENT,
                        "/cases.jsonl cannot be written: no space left on device; free some space");
        // what it had made is not in the way of the next
        org.tcpconform.report.ResultsFolder.check(saved.resolve("out"), saved);
    }

    @Test
    public void diskThatFillsUpCostsNoVerdictThatWasReached() throws Exception {
        Path mount = dir.resolve("fills");
        Path saved = dir.resolve("fills-saved");
        Path out = mount.resolve("out");
        Outcome outcome =
                withDisk("96k", "1", mount, saved, onPlain(out, "--suite default --match CL-* --ipv4 --jobs 1"));
        assertThat(outcome.code()).as(outcome.toString()).isEqualTo(ExitCode.ENVIRONMENT.code());
        assertThat(outcome.out())
                .contains("The run ended early: evidence cannot be written: ")
                .containsPattern("\\d+ cases: [1-9]\\d* passed");
        assertThat(outcome.err().lines()).as(outcome.err()).hasSize(1);
        String last = outcome.err().strip();
        assertThat(last)
                .startsWith("tcpconform: " + out)
                .contains("no space left on device; free some space there, or choose another place with --out. ")
                .contains("`tcpconform report " + out + "` makes the reports from them");
        Matcher kept = Pattern.compile("The verdicts so far \\((\\d+)\\) are kept in (\\S+);")
                .matcher(last);
        assertThat(kept.find()).as(last).isTrue();
        assertThat(Integer.parseInt(kept.group(1))).isPositive();

        Path copy = saved.resolve("out");
        Outcome report = Outcome.of("report", copy.toString());
        assertThat(report.code()).as(report.toString()).isZero();
        assertThat(ResultsJson.read(copy.resolve("results.json")).cases())
                .hasSize(Integer.parseInt(kept.group(1)))
                .anySatisfy(c -> assertThat(c.verdict()).isEqualTo(Verdict.PASS));
    }

    @Test
    public void dryRunSendsNothing() throws Exception {
        String before = world.onTester("cat /proc/net/dev");
        String[] args = onPlain(dir.resolve("dry"), "--suite smoke --dry-run");
        assertThat(world.here(args).code()).isZero();
        assertThat(sent(world.onTester("cat /proc/net/dev"))).isEqualTo(sent(before));
        assertThat(dir.resolve("dry")).doesNotExist();
    }

    /** Octets and frames sent on interface plain, which has no address: only we send there. */
    private static List<String> sent(String counters) {
        String[] columns = counters.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("plain:"))
                .findFirst()
                .orElseThrow()
                .split("\\s+");
        // a name, then eight columns of what came in
        return List.of(columns[9], columns[10]);
    }

    @DataProvider
    public Object[][] verdicts() {
        return new Object[][] {
            {Verdict.PASS, Level.MUST, false, ExitCode.PASSED},
            {Verdict.FAIL, Level.MUST, false, ExitCode.FAILED},
            {Verdict.FAIL, Level.SHOULD, false, ExitCode.PASSED},
            {Verdict.FAIL, Level.SHOULD, true, ExitCode.FAILED},
            {Verdict.FAIL, Level.MAY, true, ExitCode.PASSED},
            {Verdict.INCONCLUSIVE, Level.MUST, true, ExitCode.PASSED},
            {Verdict.NOT_APPLICABLE, Level.MUST, true, ExitCode.PASSED},
            {Verdict.ERROR, Level.MAY, false, ExitCode.HARNESS_FAULT},
        };
    }

    @Test(dataProvider = "verdicts")
    public void verdictsDecideTheCode(Verdict verdict, Level level, boolean strict, ExitCode expected) {
        assertThat(RunCommand.code(run(verdict, level, null), strict)).isEqualTo(expected);
    }

    @Test
    public void aRunThatEndedEarlyDidNotPass() {
        assertThat(RunCommand.code(run(Verdict.PASS, Level.MUST, "the target stopped answering"), false))
                .isEqualTo(ExitCode.ENVIRONMENT);
    }

    private static RunResult run(Verdict verdict, Level level, String aborted) {
        CaseResult c = new CaseResult(
                "X-01-v4",
                "does",
                List.of("R"),
                level,
                true,
                9293,
                "1",
                "IPv4",
                List.of(),
                verdict,
                null,
                List.of(),
                List.of(),
                1,
                0,
                0,
                null,
                List.of(),
                List.of(),
                List.of());
        return new RunResult(
                RunResult.SCHEMA,
                Tool.identity(),
                new RunResult.Target("t", "", List.of(), Map.of()),
                "s",
                1,
                1,
                0,
                0,
                Map.of(),
                List.of(),
                aborted,
                null,
                List.of(c));
    }
}
