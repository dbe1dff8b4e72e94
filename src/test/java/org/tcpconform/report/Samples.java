package org.tcpconform.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.Conformance;
import org.tcpconform.run.Expectation;
import org.tcpconform.run.Requirements;
import org.tcpconform.run.RunListener.RunPlan;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Series;
import org.tcpconform.verdict.Step;
import org.tcpconform.verdict.Verdict;

/** Invented cases that look like real ones. */
final class Samples {
    static final long START = 1_790_000_000_000L;

    /** What a target could put into its data to break out of a report. */
    static final String HOSTILE =
            "</text></svg><script>alert(1)</script><img src=x onerror=alert(2)> & \" ' ]]> \u0000\u0007"
                    + "\u001b[2J\ud800 \u202etxt";

    private Samples() {}

    /** A case to be varied. */
    static final class Builder {
        private final String id;
        private String title = "MUST answer a SYN with SYN-ACK of its sequence number plus one";
        private List<String> requirements = List.of("RFC9293-3.10.7.2-3");
        private Level level = Level.MUST;
        private boolean keyword;
        private int rfc = 9293;
        private String section = "3.10.7.2";
        private List<String> tags = List.of("handshake");
        private Verdict verdict = Verdict.PASS;
        private Failure failure;
        private List<String> remarks = List.of();
        private int attempts = 1;
        private double durationMs = 1.875;
        private String capture;
        private final List<Step> steps = new ArrayList<>();
        private final List<Series> series = new ArrayList<>();
        private long now = START * 1_000_000;

        Builder(String id) {
            this.id = id;
            this.capture = "captures/" + id + ".pcap";
        }

        Builder title(String text) {
            title = text;
            return this;
        }

        Builder rule(Level strength, boolean isKeyword, String... ids) {
            level = strength;
            keyword = isKeyword;
            requirements = List.of(ids);
            return this;
        }

        Builder section(int number, String text) {
            rfc = number;
            section = text;
            return this;
        }

        Builder verdict(Verdict v, String code, String summary, String text) {
            verdict = v;
            failure = new Failure(code, summary, text);
            attempts = v == Verdict.FAIL ? 2 : 1;
            return this;
        }

        Builder remark(String text) {
            remarks = List.of(text);
            return this;
        }

        Builder tags(String... words) {
            tags = List.of(words);
            return this;
        }

        Builder took(double millis) {
            durationMs = millis;
            return this;
        }

        Builder noCapture() {
            capture = null;
            return this;
        }

        Builder after(double millis) {
            now += Math.round(millis * 1e6);
            return this;
        }

        Builder sent(String text, String state) {
            return step(Step.Kind.SENT, "< " + text, "", state, 1, false);
        }

        Builder received(String text, String state) {
            return step(Step.Kind.RECEIVED, "> " + text, "", state, 1, false);
        }

        Builder offending(String text, String detail) {
            return step(Step.Kind.RECEIVED, "> " + text, detail, "", 1, true);
        }

        Builder expected(String text) {
            return step(Step.Kind.EXPECTED, text, "", "", 1, false);
        }

        Builder mismatch(String text, String detail) {
            return step(Step.Kind.MISMATCH, text, detail, "", 1, false);
        }

        Builder silence(String text) {
            return step(Step.Kind.SILENCE, text, "", "", 1, false);
        }

        Builder note(String text) {
            return step(Step.Kind.NOTE, text, "", "", 0, false);
        }

        Builder step(Step.Kind kind, String text, String detail, String state, int connection, boolean offending) {
            steps.add(new Step(now, kind, text, detail, state, connection, offending));
            return this;
        }

        Builder series(Series s) {
            series.add(s);
            return this;
        }

        CaseResult build() {
            return new CaseResult(
                    id,
                    title,
                    requirements,
                    level,
                    keyword,
                    rfc,
                    section,
                    id.contains("v6") ? "IPv6" : "IPv4",
                    tags,
                    verdict,
                    failure,
                    remarks,
                    List.of(),
                    attempts,
                    START + 40,
                    durationMs,
                    capture,
                    List.of(40_017),
                    List.copyOf(steps),
                    List.copyOf(series));
        }
    }

    static CaseResult passing(String id) {
        return new Builder(id)
                .sent("S 0:0(0) win 65535 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>", "LISTEN")
                .after(0.182)
                .received(
                        "S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 2837465 ecr 100,nop,wscale 7>",
                        "SYN-RECEIVED")
                .expected("SYN-ACK with ack 1")
                .after(0.094)
                .sent(". 1:1(0) ack 1 win 512", "ESTABLISHED")
                .after(0.05)
                .sent("P. 1:6(5) ack 1 win 512", "ESTABLISHED")
                .after(0.211)
                .received(". 1:1(0) ack 6 win 509", "ESTABLISHED")
                .expected("an acknowledgment of 6, which proves ESTABLISHED")
                .after(0.02)
                .sent("R. 6:6(0) ack 1 win 0", "CLOSED")
                .build();
    }

    static CaseResult wrongAck(String id) {
        return new Builder(id)
                .rule(Level.MUST, false, "RFC9293-3.10.7.2-3")
                .verdict(Verdict.FAIL, "wrong-field", "the SYN-ACK acknowledges 0 instead of 1", """
                        requirement RFC9293-3.10.7.2-3 (RFC 9293, 3.10.7.2, rule)
                          A SYN that reaches a listener is answered with SYN-ACK acknowledging its SEQ+1.
                        sent
                          +0.000 ms  < S 0:0(0) win 65535 <mss 1460,sackOK,nop,nop,nop,wscale 7>
                        acceptable answers
                          > S. 0:0(0) ack 1 <...>
                        what came instead
                          +0.173 ms  > S. 0:0(0) ack 0 win 65535 <mss 1460,nop,wscale 7>
                          ack: wanted 1 (0x1), came 0 (0x0)
                        all else seen on the connection
                          +1003.412 ms  > S. 0:0(0) ack 0 win 65535 <mss 1460,nop,wscale 7>
                        capture captures/%s.pcap, our port 40017
                        """.formatted(id))
                .took(2043.5)
                .sent("S 0:0(0) win 65535 <mss 1460,sackOK,nop,nop,nop,wscale 7>", "LISTEN")
                .after(0.173)
                .offending("S. 0:0(0) ack 0 win 65535 <mss 1460,nop,wscale 7>", "ack: wanted 1 (0x1), came 0 (0x0)")
                .mismatch("> S. 0:0(0) ack 1 <...>", "no acceptable answer came within 1.2 s")
                .after(1003.239)
                .received("S. 0:0(0) ack 0 win 65535 <mss 1460,nop,wscale 7>", "")
                .after(0.03)
                .sent("R 0:0(0) win 0", "CLOSED")
                .build();
    }

    static CaseResult twoConnections(String id) {
        Builder b = new Builder(id)
                .title(
                        "SHOULD keep two half-open connections from one address apart, whatever their order of acknowledgment")
                .rule(Level.SHOULD, true, "RFC9293-SHLD-4", "RFC9293-MUST-13")
                .section(9293, "3.4.1")
                .verdict(Verdict.FAIL, "no-answer", "the second connection got no SYN-ACK within 1.2 s", "")
                .took(1320);
        b.step(Step.Kind.SENT, "< S 0:0(0) win 65535 <mss 1460>", "", "LISTEN", 1, false);
        b.after(0.041).step(Step.Kind.SENT, "< S 0:0(0) win 65535 <mss 1460>", "", "LISTEN", 2, false);
        b.after(0.2)
                .step(Step.Kind.RECEIVED, "> S. 0:0(0) ack 1 win 64240 <mss 1460>", "", "SYN-RECEIVED", 1, false)
                .step(Step.Kind.EXPECTED, "SYN-ACK of the first connection", "", "", 1, false);
        b.after(0.06).step(Step.Kind.SENT, "< . 1:1(0) ack 1 win 65535", "", "ESTABLISHED", 1, false);
        b.after(310)
                .step(
                        Step.Kind.RECEIVED,
                        "> R. 0:0(0) ack 1 win 0",
                        "a reset where a SYN-ACK was due",
                        "CLOSED",
                        2,
                        true);
        b.step(Step.Kind.MISMATCH, "> S. 0:0(0) ack 1 <...>", "got a reset; see above", "", 2, false);
        b.step(Step.Kind.NOTE, "the first connection is still alive, which was proved by data", "", "", 1, false);
        return b.build();
    }

    static CaseResult silent(String id) {
        return new Builder(id)
                .title("MUST ignore a RST that reaches a listener")
                .rule(Level.MUST, true, "RFC9293-MUST-10")
                .sent("R 0:0(0) win 0", "LISTEN")
                .after(1.1)
                .silence("no answer for 240 ms, as demanded")
                .after(240)
                .sent("S 1:1(0) win 65535 <mss 1460>", "LISTEN")
                .after(0.19)
                .received("S. 0:0(0) ack 2 win 64240 <mss 1460>", "SYN-RECEIVED")
                .expected("a sign of life: the listener still answers a SYN")
                .build();
    }

    static CaseResult notApplicable(String id, String reason) {
        return new Builder(id)
                .title("MUST acknowledge urgent data")
                .section(9293, "3.8.5")
                .verdict(Verdict.NOT_APPLICABLE, "not-applicable", reason, "")
                .noCapture()
                .took(0.2)
                .build();
    }

    static CaseResult inconclusive(String id) {
        return new Builder(id)
                .title("MUST retransmit its SYN-ACK")
                .rule(Level.MUST, true, "RFC6298-2.1-1", "RFC9293-MUST-20")
                .section(6298, "2")
                .verdict(
                        Verdict.INCONCLUSIVE,
                        "not-reproducible",
                        "the deviation did not show again in the second attempt",
                        "first attempt\n  > S. 0:0(0) ack 1\nsecond attempt\n  as demanded\n")
                .sent("S 0:0(0) win 65535", "LISTEN")
                .after(0.3)
                .received("S. 0:0(0) ack 1 win 64240 <mss 1460>", "SYN-RECEIVED")
                .build();
    }

    static CaseResult error(String id) {
        return new Builder(id)
                .verdict(
                        Verdict.ERROR,
                        "harness",
                        "java.lang.IllegalStateException: the link is closed",
                        "java.lang.IllegalStateException: the link is closed\n\tat org.tcpconform.wire.Link.send(Link.java:88)\n")
                .noCapture()
                .build();
    }

    static CaseResult hostile(String id) {
        return new Builder(id)
                .title("Title " + HOSTILE)
                .tags("tag " + HOSTILE)
                .verdict(Verdict.FAIL, "wrong-field", "summary " + HOSTILE, "text " + HOSTILE + "\nsecond line")
                .remark("remark " + HOSTILE)
                .sent("S 0:0(0) " + HOSTILE, "LISTEN" + HOSTILE)
                .offending("S. 0:0(0) " + HOSTILE, "detail " + HOSTILE)
                .mismatch("mismatch " + HOSTILE, "http://x" + HOSTILE)
                .note(HOSTILE)
                .series(new Series(
                        "series " + HOSTILE, Series.Shape.SCATTER, HOSTILE, HOSTILE, new double[] {1, 2}, new double[] {
                            3, 4
                        }))
                .build();
    }

    static CaseResult measured(String id) {
        Random random = new Random(7);
        double[] latency = new double[400];
        double[] isn = new double[400];
        double[] at = new double[400];
        for (int i = 0; i < latency.length; i++) {
            latency[i] = 74 + Math.abs(random.nextGaussian()) * 22 + (i % 97 == 0 ? 900 : 0);
            isn[i] = (random.nextInt() & 0xFFFFFFFFL);
            at[i] = i * 2.5;
        }
        return new Builder(id)
                .title("MUST choose initial sequence numbers that cannot be foreseen")
                .rule(Level.MUST, true, "RFC9293-MUST-8", "RFC6528-3-1")
                .section(9293, "3.4.1")
                .remark("400 numbers spread over 99.8 % of the space")
                .sent("S 0:0(0) win 65535", "LISTEN")
                .after(0.3)
                .received("S. 0:0(0) ack 1 win 64240 <mss 1460>", "SYN-RECEIVED")
                .note("and 399 more connections like this one")
                .series(new Series("handshake latency", Series.Shape.HISTOGRAM, "µs", new double[0], latency))
                .series(new Series(
                        "initial sequence number",
                        Series.Shape.SCATTER,
                        "sequence number",
                        "ms since the first connection",
                        at,
                        isn))
                .build();
    }

    /** A case with many long segments. */
    static CaseResult longTrace(String id) {
        Builder b = new Builder(id)
                .title(
                        "MUST deliver segments that arrive in any order, and acknowledge with SACK blocks what it holds beyond a hole")
                .rule(Level.SHOULD, false, "RFC2018-3-1", "RFC2018-4-2", "RFC2018-4-3")
                .section(2018, "4");
        b.sent("S 0:0(0) win 65535 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>", "LISTEN");
        b.after(0.2)
                .received(
                        "S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 2837465 ecr 100,nop,wscale 7>",
                        "SYN-RECEIVED");
        b.after(0.1).sent(". 1:1(0) ack 1 win 512 <nop,nop,TS val 101 ecr 2837465>", "ESTABLISHED");
        for (int i = 0; i < 4; i++) {
            int from = 1461 + i * 2920;
            b.after(0.1)
                    .step(
                            Step.Kind.SENT,
                            "< P. " + from + ":" + (from + 1460)
                                    + "(1460) ack 1 win 512 <nop,nop,TS val 101 ecr 2837465>",
                            i == 0 ? "left a hole of 1460 bytes on purpose" : "",
                            "ESTABLISHED",
                            1,
                            false);
            b.after(0.2)
                    .received(
                            ". 1:1(0) ack 1 win 501 <nop,nop,TS val 2837466 ecr 101,nop,nop,sack " + from + ":"
                                    + (from + 1460) + " 4381:5841 1461:2921>",
                            "ESTABLISHED")
                    .expected("a duplicate acknowledgment whose first SACK block is " + from + ":" + (from + 1460)
                            + " and whose further blocks repeat those that were reported before it");
        }
        return b.build();
    }

    /** One of each kind, so that every report has all that it can meet. */
    static List<CaseResult> mixture() {
        return new ArrayList<>(List.of(
                wrongAck("HP-07-v4"),
                passing("HP-01-v4"),
                passing("HP-01-v6"),
                twoConnections("HO-02-v4"),
                silent("LI-03-v6"),
                notApplicable("UR-01-v4", "the target offers no echo service"),
                notApplicable("UR-01-v6", "the target offers no echo service"),
                notApplicable("AO-05-v4", "nothing makes the target open a connection"),
                inconclusive("SR-02-v4"),
                error("LI-09-v4"),
                measured("IS-01-v4"),
                longTrace("SA-04-v4"),
                new Builder("MY-01-v4")
                        .title("MAY answer a keep-alive without data")
                        .rule(Level.MAY, true, "RFC9293-MAY-5")
                        .section(9293, "3.8.4")
                        .remark("the target answers")
                        .build()));
    }

    static RunResult run(List<CaseResult> cases) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("Interface", "veth0");
        environment.put("Round trip", "0.084 ms");
        environment.put("Java", "17.0.15");
        environment.put("libpcap", "1.10.3");
        environment.put("Kernel", "Linux 6.1.0");
        return new RunResult(
                RunResult.SCHEMA,
                new RunResult.Tool("tcpconform", "0.1.0", "c70d470"),
                new RunResult.Target(
                        "linux", "Linux 6.1.0 in a namespace", List.of("10.99.0.2", "fd99::2"), Map.of("open", 7)),
                "default",
                42,
                8,
                START,
                7412.25,
                environment,
                List.of(
                        new RunResult.Check("open port", true, "SYN-ACK after 0.084 ms"),
                        new RunResult.Check("closed port", true, "RST after 0.061 ms")),
                null,
                conformance(cases),
                cases);
    }

    /** A run with expectations, of which some hold. */
    static RunResult governed() {
        return governed("suites/linux.yaml");
    }

    static RunResult governed(String file) {
        List<CaseResult> cases = List.of(
                twoConnections("HO-02-v4"),
                passing("HP-01-v4")
                        .withExpectation(new Expectation(
                                Expectation.State.UNEXPECTED_PASS, Verdict.FAIL, "it was so", "", file, 9)),
                wrongAck("HP-07-v4")
                        .withExpectation(new Expectation(
                                Expectation.State.EXPECTED, Verdict.FAIL, "our stack | is old", "RFC 9293", file, 4)),
                notApplicable("UR-01-v4", "the target offers no echo service")
                        .withExpectation(new Expectation(
                                Expectation.State.EXPECTED, Verdict.NOT_APPLICABLE, "no echo", "", file, 14)),
                notApplicable("UR-02-v4", "the target offers no bulk service"));
        RunResult run = run(cases);
        return new RunResult(
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
                null,
                run.conformance(),
                cases,
                new RunResult.Expected(
                        List.of(file), false, List.of(file + ":4: the expectation of X has expired on 2027-01-30")));
    }

    static Conformance conformance(List<CaseResult> cases) {
        return new Conformance(
                new Conformance.ProfileFound(
                        "P5961",
                        false,
                        Map.of("A: RST at RCV.NXT+1", "challenge ACK, the connection lives (RFC 5961)")),
                List.of(
                        new Conformance.FeatureFound(
                                "timestamps", "Timestamps option", "RFC 7323, 3", "present", false, "in the SYN,ACK"),
                        new Conformance.FeatureFound(
                                "fast-open", "TCP Fast Open", "RFC 7413", "absent", false, "no cookie")),
                Requirements.judge(cases));
    }

    static RunPlan plan() {
        RunResult run = run(List.of());
        return new RunPlan(
                run.tool(),
                run.target(),
                run.suite(),
                run.seed(),
                run.jobs(),
                run.conformance().profile(),
                run.conformance().features());
    }

    /** A run of a given size, in the proportions of a real one. */
    static RunResult run(int size) {
        List<CaseResult> cases = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String id = String.format("C%04d-v%d", i, i % 2 == 0 ? 4 : 6);
            cases.add(
                    switch (i % 40) {
                        case 7 -> wrongAck(id);
                        case 19 -> twoConnections(id);
                        case 23 -> notApplicable(id, "the target offers no echo service");
                        case 31 -> longTrace(id);
                        default -> i % 3 == 0 ? silent(id) : passing(id);
                    });
        }
        return run(cases);
    }
}
