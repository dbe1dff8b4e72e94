package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunResult;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class ConsoleReporterTest {
    private final AtomicLong nanos = new AtomicLong();
    private ByteArrayOutputStream bytes;
    private PrintStream out;

    @BeforeMethod
    public void open() {
        nanos.set(0);
        bytes = new ByteArrayOutputStream();
        out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    @Test
    public void summaryStandsAtTheEndAndBelowItTheRequirements() {
        RunResult run = Samples.run(Samples.mixture());
        play(console(false, false, 80), run);
        List<String> lines = text().lines().toList();
        assertThat(lines.subList(lines.size() - 3, lines.size())).isEqualTo(ConsoleReporter.requirements(run));
        assertThat(lines.get(lines.size() - 4))
                .isEqualTo("13 cases: 6 passed, 2 failed (0 MUST, 1 rule, 1 SHOULD), 1 inconclusive, 3 not applicable,"
                        + " 1 error in 7.4 s");
    }

    @Test
    public void summaryOfCleanRunHasNoLevels() {
        assertThat(ConsoleReporter.summary(Samples.run(List.of(Samples.passing("HP-01-v4")))))
                .isEqualTo("1 case: 1 passed, 0 failed, 0 inconclusive, 0 not applicable, 0 errors in 7.4 s");
    }

    @Test
    public void whatIsExpectedIsCountedApart() {
        assertThat(ConsoleReporter.summary(Samples.governed()))
                .isEqualTo(
                        "5 cases: 1 passed, 1 failed (0 MUST, 0 rule, 1 SHOULD), 1 failed as expected (0 MUST, 1 rule,"
                                + " 0 SHOULD), 0 inconclusive, 2 not applicable (1 expected), 0 errors in 7.4 s");
        play(console(false, false, 80), Samples.governed());
        assertThat(text())
                .contains("Not as expected\n")
                .contains("PASS  HP-01-v4  ")
                .contains("\n  now passes, though FAIL is expected: remove the line suites/linux.yaml:9\n")
                .contains("\n  not in the expectations\n")
                .contains("note: suites/linux.yaml:4: the expectation of X has expired on 2027-01-30\n")
                .contains("As expected by suites/linux.yaml\n")
                .contains("  1 case: FAIL of rule: our stack | is old (HP-07-v4)\n")
                .doesNotContain("What did not pass", "acknowledges 0 instead of 1");
    }

    @Test
    public void findingIsPrintedInFullWhenItHappensAndInShortAtTheEnd() {
        ConsoleReporter console = console(false, false, 80);
        console.started(Samples.plan(), 2);
        console.ended(Samples.wrongAck("HP-07-v4"));
        assertThat(text()).contains("""
                        FAIL of rule  HP-07-v4  MUST answer a SYN with SYN-ACK of its sequence number plus one  [RFC 9293, 3.10.7.2]
                          wrong-field: the SYN-ACK acknowledges 0 instead of 1
                          requirement RFC9293-3.10.7.2-3 (RFC 9293, 3.10.7.2, rule)
                        """).contains("    ack: wanted 1 (0x1), came 0 (0x0)\n");
        console.finished(Samples.run(List.of(Samples.wrongAck("HP-07-v4"))));
        assertThat(text().split("ack: wanted 1", -1)).hasSize(2);
        assertThat(text()).contains("""
                        What did not pass

                        FAIL of rule  HP-07-v4  MUST answer a SYN with SYN-ACK of its sequence number plus one  [RFC 9293, 3.10.7.2]
                          wrong-field: the SYN-ACK acknowledges 0 instead of 1
                        (In full above, in junit.xml and in the report.)
                        """);
    }

    @Test
    public void findingWithoutTextNamesItsCapture() {
        ConsoleReporter console = console(false, false, 80);
        console.started(Samples.plan(), 1);
        console.ended(Samples.twoConnections("HO-02-v4"));
        assertThat(text())
                .contains("  no-answer: the second connection got no SYN-ACK within 1.2 s\n"
                        + "  capture: captures/HO-02-v4.pcap\n");
    }

    /** Of a run that is gone on with, findings of the part that ran before were never seen here. */
    @Test
    public void findingThatWasTakenOverIsPrintedInFullAtTheEnd() {
        List<CaseResult> before = List.of(Samples.wrongAck("HP-07-v4"));
        ConsoleReporter console = console(false, false, 80);
        console.started(Samples.plan(), 2);
        console.takenOver(before);
        console.ended(Samples.passing("HP-08-v4"));
        console.finished(Samples.run(before));
        assertThat(text()).contains("    ack: wanted 1 (0x1), came 0 (0x0)\n").doesNotContain("In full above");
    }

    @Test
    public void whatWasNotTestedIsGroupedByReason() {
        List<CaseResult> cases = Samples.mixture();
        for (int i = 0; i < 9; i++) {
            cases.add(Samples.notApplicable("UR-1" + i, "the target offers no echo service"));
        }
        console(false, false, 80).finished(Samples.run(cases));
        assertThat(text()).contains("""
                        Not applicable
                          11 cases: the target offers no echo service (UR-01-v4, UR-01-v6, UR-10, UR-11 and 7 more)
                          1 case: nothing makes the target open a connection (AO-05-v4)
                        """);
    }

    @Test
    public void logHasALineOfProgressForEachTenth() {
        ConsoleReporter console = console(false, false, 80);
        console.started(Samples.plan(), 40);
        Samples.run(40).cases().forEach(c -> {
            nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(400));
            console.ended(c);
        });
        assertThat(text().lines().filter(l -> l.matches("\\d+/40 .*")))
                .hasSize(10)
                .startsWith("4/40 (10 %): 4 passed")
                .endsWith("40/40 (100 %): 37 passed, 2 failed, 1 not applicable");
    }

    @Test
    public void quickRunHasNoLinesOfProgress() {
        play(console(false, false, 80), Samples.run(40));
        assertThat(text().lines().filter(l -> l.matches("\\d+/40 .*"))).isEmpty();
    }

    @Test
    public void logHasNoEscapeCodes() {
        List<CaseResult> cases = Samples.mixture();
        cases.add(Samples.hostile("XX-01-v4"));
        play(console(false, false, 80), Samples.run(cases));
        assertThat(text().chars().filter(c -> c < ' ' && c != '\n' && c != '\t' || c == 0x7F))
                .isEmpty();
        assertThat(text()).contains("\\x1b[2J", "\\u202e");
    }

    @Test
    public void terminalIsNotHarmedByTheWire() {
        ConsoleReporter console = console(true, false, 80);
        console.started(Samples.plan(), 1);
        console.ended(Samples.hostile("XX-01-v4"));
        console.close();
        assertThat(text().replace("\r\u001b[2K", "").chars().filter(c -> c == 0x1B || c == '\r'))
                .isEmpty();
    }

    @Test
    public void terminalHasProgressBelowWhatIsPrinted() {
        ConsoleReporter console = console(true, false, 100);
        console.started(Samples.plan(), 10);
        console.begun("HP-07-v4");
        console.begun("HP-08-v4");
        nanos.set(TimeUnit.MILLISECONDS.toNanos(3200));
        console.ended(Samples.passing("HP-08-v4"));
        console.redraw();
        assertThat(screen()).isEqualTo("[##----------------------] 1/10  1 passed  HP-07-v4 3.2 s");
        console.ended(Samples.wrongAck("HP-07-v4"));
        console.redraw();
        assertThat(screen()).isEqualTo("[####--------------------] 2/10  1 passed, 1 failed");
        assertThat(text().replaceAll("[^\n]*\r\u001b\\[2K", "")).contains("\nFAIL of rule  HP-07-v4");
        console.amended(Samples.passing("HP-08-v4"), Samples.wrongAck("HP-08-v4"));
        console.redraw();
        assertThat(screen()).isEqualTo("[####--------------------] 2/10  0 passed, 2 failed");
        assertThat(text().replaceAll("[^\n]*\r\u001b\\[2K", "")).contains("\nFAIL of rule  HP-08-v4");
        console.close();
        assertThat(screen()).isEmpty();
    }

    @Test
    public void progressNeverFillsTheLine() {
        for (int width : new int[] {20, 30, 40, 60, 79, 200}) {
            open();
            ConsoleReporter console = console(true, false, width);
            console.started(Samples.plan(), 2000);
            console.begun("a-case-with-quite-a-long-name-v4");
            nanos.addAndGet(TimeUnit.MINUTES.toNanos(12));
            Samples.run(200).cases().forEach(console::ended);
            console.redraw();
            console.close();
            assertThat(text().split("\n|\r\u001b\\[2K")).as("width %d", width).allSatisfy(line -> {
                if (line.startsWith("[") || line.matches("\\d+/2000.*")) {
                    assertThat(line.length()).isLessThan(width);
                }
            });
        }
    }

    @Test
    public void coloursAreForTerminalsThatWantThem() {
        play(console(true, true, 80), Samples.run(Samples.mixture()));
        assertThat(text()).contains("\u001b[31mFAIL of rule\u001b[0m");
        assertThat(ConsoleReporter.wantsColour(Map.of())).isTrue();
        assertThat(ConsoleReporter.wantsColour(Map.of("NO_COLOR", ""))).isTrue();
        assertThat(ConsoleReporter.wantsColour(Map.of("NO_COLOR", "1"))).isFalse();
        assertThat(ConsoleReporter.wantsColour(Map.of("TERM", "dumb"))).isFalse();
    }

    @Test
    public void nothingIsDrawnAfterTheEnd() throws InterruptedException {
        ConsoleReporter console = console(true, false, 80);
        console.started(Samples.plan(), 10);
        console.finished(Samples.run(Samples.mixture()));
        int length = text().length();
        console.redraw();
        TimeUnit.MILLISECONDS.sleep(250);
        assertThat(text()).hasSize(length);
    }

    @Test
    public void manyThreadsMayReport() throws InterruptedException {
        ConsoleReporter console = console(false, false, 80);
        RunResult run = Samples.run(400);
        console.started(Samples.plan(), 400);
        ExecutorService pool = Executors.newFixedThreadPool(8);
        run.cases()
                .forEach(c -> pool.execute(() -> {
                    console.begun(c.id());
                    console.ended(c);
                }));
        pool.shutdown();
        assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        console.finished(run);
        assertThat(text()).contains("400 cases: 370 passed, 20 failed (0 MUST, 10 rule, 10 SHOULD)");
    }

    @Test
    public void abortedRunSaysWhy() {
        RunResult run = Samples.run(List.of());
        console(false, false, 80)
                .finished(new RunResult(
                        run.schema(),
                        run.tool(),
                        run.target(),
                        run.suite(),
                        run.seed(),
                        run.jobs(),
                        run.startedMillis(),
                        run.durationMs(),
                        run.environment(),
                        run.preflight(),
                        "the target stopped answering after LI-03-v4",
                        run.conformance(),
                        run.cases()));
        assertThat(text()).contains("The run ended early: the target stopped answering after LI-03-v4\n");
    }

    @Test
    public void pathsFollow() {
        Map<String, Path> files = new LinkedHashMap<>();
        files.put("report", Path.of("results/x/allure-report/index.html"));
        files.put("JUnit", Path.of("results/x/junit.xml"));
        console(false, false, 80).written(new Reports.Written(files, List.of("the link was not made"), ""));
        assertThat(text()).isEqualTo("""
                        report  results/x/allure-report/index.html
                        JUnit   results/x/junit.xml
                        note: the link was not made
                        """);
    }

    private ConsoleReporter console(boolean terminal, boolean colour, int width) {
        return new ConsoleReporter(out, terminal, colour, width, nanos::get);
    }

    private static void play(ConsoleReporter console, RunResult run) {
        console.started(Samples.plan(), run.cases().size());
        run.cases().forEach(c -> {
            console.begun(c.id());
            console.ended(c);
        });
        console.finished(run);
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The line that the cursor is on. */
    private String screen() {
        String text = text();
        String line = text.substring(text.lastIndexOf('\n') + 1);
        return line.substring(line.lastIndexOf("\u001b[2K") < 0 ? 0 : line.lastIndexOf("\u001b[2K") + 4);
    }
}
