package org.tcpconform.report;

import io.qameta.allure.model.Attachment;
import io.qameta.allure.model.Label;
import io.qameta.allure.model.Parameter;
import io.qameta.allure.model.Stage;
import io.qameta.allure.model.Status;
import io.qameta.allure.model.StatusDetails;
import io.qameta.allure.model.StepResult;
import io.qameta.allure.model.TestResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.Expectation;
import org.tcpconform.run.Gate;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Step;
import org.tcpconform.verdict.Verdict;

/** A case in the terms of Allure. Everything that identifies it comes from its id, so that runs can be compared. */
final class AllureCase {
    /** What allure-testng says of the Java method; all else is said better by the case itself. */
    private static final Set<String> KEPT_LABELS =
            Set.of("package", "testClass", "testMethod", "framework", "language", "thread");

    private static final int PORTS_SHOWN = 4;

    private AllureCase() {}

    /** The name of a case's result, the same in every run. */
    static String uuid(CaseResult c) {
        return uuid(c.id());
    }

    private static String uuid(String text) {
        return UUID.nameUUIDFromBytes(("tcpconform " + text).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** What makes runs of one case comparable. */
    static String historyId(CaseResult c) {
        return uuid(c.id() + " history").replace("-", "");
    }

    /** The name of the file of one of a case's attachments. */
    static String attachmentFile(CaseResult c, String what, String extension) {
        return uuid(c.id() + " " + what) + "-attachment" + extension;
    }

    /** Fills in a result, whether allure-testng has begun it or it is new. */
    static TestResult fill(TestResult r, CaseResult c, String suite, String target, List<Attachment> attachments) {
        String section = Sections.named(c.rfc(), c.section());
        List<Label> labels = r.getLabels().stream()
                .filter(l -> KEPT_LABELS.contains(l.getName()))
                .collect(Collectors.toCollection(ArrayList::new));
        label(labels, "epic", c.rfc() > 0 ? "RFC " + c.rfc() : "");
        label(labels, "feature", section);
        c.requirements().forEach(requirement -> label(labels, "story", requirement));
        label(labels, "severity", severity(c));
        label(labels, "parentSuite", suite);
        label(labels, "suite", Text.section(c));
        label(labels, "subSuite", c.family());
        label(labels, "host", target);
        c.tags().forEach(tag -> label(labels, "tag", tag));
        label(labels, "tag", c.family());
        label(labels, "tag", c.level().label(c.keyword()));

        long start = c.startedMillis();
        return r.setUuid(uuid(c))
                .setHistoryId(historyId(c))
                .setTestCaseId(c.id())
                .setTestCaseName(Text.legal(c.title()))
                .setFullName(JUnitXml.className(c) + "." + c.id())
                .setName(Text.legal(c.id() + " " + c.title()))
                .setLabels(labels)
                .setParameters(List.of())
                .setStatus(status(c.verdict()))
                .setStatusDetails(details(c, r.getStatusDetails()))
                .setStage(Stage.FINISHED)
                .setStart(start)
                .setStop(start + Math.round(c.durationMs()))
                .setDescription(null)
                .setDescriptionHtml(description(c, section))
                .setSteps(steps(c))
                .setAttachments(attachments);
    }

    private static void label(List<Label> labels, String name, String value) {
        if (value != null && !value.isEmpty()) {
            labels.add(new Label().setName(name).setValue(Text.legal(value)));
        }
    }

    static Status status(Verdict verdict) {
        return switch (verdict) {
            case PASS -> Status.PASSED;
            case FAIL -> Status.FAILED;
            case INCONCLUSIVE, ERROR -> Status.BROKEN;
            case NOT_APPLICABLE -> Status.SKIPPED;
        };
    }

    private static String severity(CaseResult c) {
        return switch (c.level()) {
            case MUST -> c.keyword() ? "critical" : "normal";
            case SHOULD -> "minor";
            case MAY -> "trivial";
        };
    }

    /** One line that the categories match on, and below it the whole finding in place of a Java stack trace. */
    private static StatusDetails details(CaseResult c, StatusDetails thrown) {
        if (c.verdict() == Verdict.PASS) {
            return null;
        }
        Failure failure = Text.failure(c);
        String code = c.verdict() == Verdict.FAIL ? " [" + failure.code() + "]" : "";
        StatusDetails details = new StatusDetails()
                .setMessage(Text.legal(
                        Text.heading(c) + code + ": " + failure.summary().strip()));
        boolean thrownByHarness = c.verdict() == Verdict.ERROR && thrown != null && thrown.getTrace() != null;
        String text = !failure.text().isEmpty()
                ? Text.finding(c)
                : thrownByHarness ? thrown.getTrace() : c.verdict().meaning();
        details.setTrace(Text.legal(text));
        return c.expected() ? details.setKnown(true).setMuted(true) : details;
    }

    private static String description(CaseResult c, String section) {
        StringBuilder html = new StringBuilder("<p>").append(Text.escape(c.title()));
        html.append("</p>\n<table>\n");
        row(html, c.requirements().size() == 1 ? "Requirement" : "Requirements", String.join(", ", c.requirements()));
        row(html, "Source", (c.rfc() > 0 ? "RFC " + c.rfc() + ", " : "") + section);
        row(
                html,
                "Level",
                c.level().label(c.keyword())
                        + (c.keyword() ? "" : " (the RFC's prose, without a key word of RFC 2119)"));
        row(html, "Verdict", Text.heading(c) + ". " + c.verdict().meaning());
        if (c.expectation() != null) {
            Expectation e = c.expectation();
            String reference = e.reference().isEmpty() ? "" : " (" + e.reference() + ")";
            row(html, "Expectation", Gate.remark(e) + (c.expected() ? reference : "") + "; " + e.where());
        }
        if (c.attempts() > 1) {
            row(html, "Attempts", c.attempts() + ", each on fresh connections");
        }
        for (String remark : c.remarks()) {
            row(html, "Observed", remark);
        }
        if (c.capture() != null) {
            row(html, "Capture", c.capture() + ports(c.ports()));
        }
        return html.append("</table>\n").toString();
    }

    /** How to find the case in a larger capture. */
    private static String ports(List<Integer> ports) {
        if (ports.isEmpty()) {
            return "";
        }
        String filter = ports.stream()
                .limit(PORTS_SHOWN)
                .map(port -> "tcp.port == " + port)
                .collect(Collectors.joining(" or "));
        int left = ports.size() - PORTS_SHOWN;
        return ", in a larger one: " + filter + (left > 0 ? " or one of " + left + " more" : "");
    }

    private static void row(StringBuilder html, String name, String value) {
        html.append("<tr><td style=\"padding:0 12px 2px 0;white-space:nowrap;vertical-align:top\"><b>")
                .append(name)
                .append("</b></td><td style=\"padding:0 0 2px 0\">")
                .append(Text.escape(value))
                .append("</td></tr>\n");
    }

    /**
     * Each line of the case as a step. A step lasts from the frame before it to its own, so that a step's duration is
     * the time that was waited for it; Allure knows milliseconds, so the text says the time since the first frame in
     * full.
     */
    private static List<StepResult> steps(CaseResult c) {
        List<StepResult> steps = new ArrayList<>();
        if (c.steps().isEmpty()) {
            return steps;
        }
        long zero = c.steps().get(0).timeNanos();
        boolean several = c.steps().stream()
                        .mapToInt(Step::connection)
                        .filter(n -> n > 0)
                        .distinct()
                        .count()
                > 1;
        long before = zero;
        Map<Integer, String> states = new HashMap<>();
        for (Step s : Ladder.shown(c.steps())) {
            StepResult step = new StepResult()
                    .setName(name(s, zero, several))
                    .setStage(Stage.FINISHED)
                    .setStart(before / 1_000_000)
                    .setStop(Math.max(before, s.timeNanos()) / 1_000_000)
                    .setStatus(status(c, s));
            List<Parameter> parameters = new ArrayList<>();
            boolean bad = s.offending() || s.kind() == Step.Kind.MISMATCH;
            parameter(parameters, bad ? "finding" : "note", s.detail());
            boolean changed = !s.state().isEmpty() && !s.state().equals(states.put(s.connection(), s.state()));
            if (changed && !s.text().contains(s.state())) {
                parameter(parameters, "state of the target", s.state());
            }
            step.setParameters(parameters);
            steps.add(step);
            before = Math.max(before, s.timeNanos());
        }
        return steps;
    }

    private static String name(Step s, long zero, boolean several) {
        String connection = several && s.connection() > 0 ? "#" + s.connection() + " " : "";
        String text = switch (s.kind()) {
            case SENT, RECEIVED ->
                String.format(Locale.ROOT, "%s ms  %s%s", Ladder.millis(s.timeNanos() - zero), connection, s.text());
            case EXPECTED -> connection + "expectation met: " + wanted(s);
            case MISMATCH -> connection + "expectation not met: " + wanted(s);
            case SILENCE, NOTE -> connection + s.text();
        };
        return Text.legal(text);
    }

    private static String wanted(Step s) {
        return s.text().startsWith("expected ") ? s.text().substring("expected ".length()) : s.text();
    }

    private static Status status(CaseResult c, Step s) {
        if (s.kind() != Step.Kind.MISMATCH && !s.offending()) {
            return Status.PASSED;
        }
        return c.verdict() == Verdict.PASS ? Status.PASSED : status(c.verdict());
    }

    /**
     * Allure turns a value that begins like an address into a link, without escaping it. With a space before it, it is
     * text like any other.
     */
    static String noLink(String value) {
        return value.matches("(?s)\\w+://.*") ? " " + value : value;
    }

    private static void parameter(List<Parameter> parameters, String name, String value) {
        if (!value.isEmpty()) {
            parameters.add(new Parameter().setName(name).setValue(noLink(Text.legal(value))));
        }
    }
}
