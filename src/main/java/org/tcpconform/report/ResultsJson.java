package org.tcpconform.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.Conformance;
import org.tcpconform.run.Expectation;
import org.tcpconform.run.RequirementResult;
import org.tcpconform.run.Requirements;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Series;
import org.tcpconform.verdict.Step;

/**
 * {@code results.json}: the whole of a {@link RunResult}, and a summary of its counts. Its layout is stated by
 * {@code results.schema.json} beside this class. Within a major version of {@link RunResult#SCHEMA} keys are only added,
 * so a reader leaves alone what it does not know.
 */
public final class ResultsJson {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private static final ObjectWriter PRETTY = MAPPER.writer(new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(DefaultPrettyPrinter.FixedSpaceIndenter.instance));

    private static final Pattern HEAD =
            Pattern.compile("\\A\\s*\\{\\s*\"schema\"\\s*:\\s*\"\\d+\\.\\d+\"\\s*,\\s*\"tool\"\\s*:");
    private static final int HEAD_BYTES = 512;

    private ResultsJson() {}

    /**
     * What {@code summary} says; {@code failedByLevel} has the words that a person reads, such as {@code rule}. Of the
     * cases that did not pass, {@code expected} are as an expectations file says.
     */
    private record Summary(
            int cases, Map<String, Integer> verdicts, Map<String, Integer> failedByLevel, int expected) {}

    /** The file's layout: the components of {@link RunResult}, with the summary before the long list of cases. */
    @JsonPropertyOrder({
        "schema",
        "tool",
        "target",
        "suite",
        "seed",
        "jobs",
        "startedMillis",
        "durationMs",
        "aborted",
        "summary",
        "environment",
        "preflight",
        "conformance",
        "expectations",
        "cases"
    })
    @JsonInclude(JsonInclude.Include.ALWAYS)
    private record Document(
            String schema,
            RunResult.Tool tool,
            RunResult.Target target,
            String suite,
            long seed,
            int jobs,
            long startedMillis,
            double durationMs,
            String aborted,
            Summary summary,
            Map<String, String> environment,
            List<RunResult.Check> preflight,
            Conformance conformance,
            RunResult.Expected expectations,
            List<CaseResult> cases) {}

    /** Writes a run; numbers that JSON cannot hold (NaN, infinities) are left out of series, and are 0 elsewhere. */
    public static void write(RunResult run, OutputStream out) throws IOException {
        Map<String, Integer> verdicts = new LinkedHashMap<>();
        run.counts().forEach((verdict, n) -> verdicts.put(verdict.name(), n));
        Map<String, Integer> failed = new LinkedHashMap<>();
        Text.failedByLevel(run.cases()).forEach(failed::put);
        PRETTY.writeValue(
                out,
                new Document(
                        run.schema(),
                        run.tool(),
                        run.target(),
                        run.suite(),
                        run.seed(),
                        run.jobs(),
                        run.startedMillis(),
                        finite(run.durationMs()),
                        run.aborted(),
                        new Summary(run.cases().size(), verdicts, failed, (int) run.cases().stream()
                                .filter(CaseResult::expected)
                                .count()),
                        run.environment(),
                        run.preflight(),
                        run.conformance(),
                        run.expectations(),
                        run.cases().stream().map(ResultsJson::writable).toList()));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws ReportException that names the file, the line and what was expected there
     */
    public static RunResult read(Path file) {
        RunResult run;
        try (InputStream in = Files.newInputStream(file)) {
            run = MAPPER.readValue(in, RunResult.class);
        } catch (JsonProcessingException e) {
            throw broken(file, e);
        } catch (IOException e) {
            throw ReportException.reading(file, e);
        }
        return checked(file, run);
    }

    /** Whether a file is a results file at all, told by its first bytes. */
    static boolean isOurs(Path file) {
        return Files.isRegularFile(file) && HEAD.matcher(head(file)).find();
    }

    static String head(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw ReportException.reading(file, e);
        }
    }

    /** A case as JSON can hold it. */
    static CaseResult writable(CaseResult c) {
        boolean finite = Double.isFinite(c.durationMs())
                && c.series().stream().allMatch(s -> DoubleFinite.all(s.x()) && DoubleFinite.all(s.y()));
        if (finite) {
            return c;
        }
        return with(
                c,
                finite(c.durationMs()),
                c.series().stream().map(DoubleFinite::only).toList());
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : 0;
    }

    private static CaseResult with(CaseResult c, double durationMs, List<Series> series) {
        return new CaseResult(
                c.id(),
                c.title(),
                c.requirements(),
                c.level(),
                c.keyword(),
                c.rfc(),
                c.section(),
                c.family(),
                c.tags(),
                c.verdict(),
                c.failure(),
                c.remarks(),
                c.unused(),
                c.attempts(),
                c.startedMillis(),
                durationMs,
                c.capture(),
                c.ports(),
                c.steps(),
                series,
                c.expectation());
    }

    private static final class DoubleFinite {
        static boolean all(double[] values) {
            return Arrays.stream(values).allMatch(Double::isFinite);
        }

        static Series only(Series s) {
            int[] kept = IntStream.range(0, s.y().length)
                    .filter(i -> Double.isFinite(s.y()[i]) && (i >= s.x().length || Double.isFinite(s.x()[i])))
                    .toArray();
            return new Series(
                    s.name(),
                    s.shape(),
                    s.unit(),
                    s.xLabel(),
                    Arrays.stream(kept)
                            .filter(i -> i < s.x().length)
                            .mapToDouble(i -> s.x()[i])
                            .toArray(),
                    Arrays.stream(kept).mapToDouble(i -> s.y()[i]).toArray());
        }
    }

    /** Says what is missing, and puts empty lists where an older version wrote none. */
    private static RunResult checked(Path file, RunResult run) {
        if (run == null || run.schema() == null) {
            throw wrong(file, "no \"schema\" at its top");
        }
        if (!major(run.schema()).equals(major(RunResult.SCHEMA))) {
            throw ReportException.of(
                    file,
                    "has layout " + run.schema() + ", this version reads " + major(RunResult.SCHEMA) + ".x",
                    "use the version of tcpconform that wrote it");
        }
        if (run.cases() == null) {
            throw wrong(file, "no \"cases\"");
        }
        RunResult.Target target = run.target() == null ? new RunResult.Target("", "", null, null) : run.target();
        List<CaseResult> cases = new ArrayList<>();
        for (int i = 0; i < run.cases().size(); i++) {
            cases.add(checked(file, "cases[" + i + "]", run.cases().get(i)));
        }
        return new RunResult(
                run.schema(),
                run.tool() == null ? new RunResult.Tool("tcpconform", "", "") : run.tool(),
                new RunResult.Target(
                        target.name(),
                        target.description(),
                        target.addresses() == null ? List.of() : target.addresses(),
                        target.ports() == null ? Map.of() : target.ports()),
                run.suite(),
                run.seed(),
                run.jobs(),
                run.startedMillis(),
                run.durationMs(),
                run.environment() == null ? Map.of() : run.environment(),
                run.preflight() == null ? List.of() : run.preflight(),
                run.aborted(),
                checked(file, run.conformance(), cases),
                cases,
                checked(run.expectations()));
    }

    /** What an older version did not write follows from the cases. */
    private static Conformance checked(Path file, Conformance c, List<CaseResult> cases) {
        if (c == null) {
            return new Conformance(null, List.of(), Requirements.judge(cases));
        }
        for (int i = 0; i < orEmpty(c.requirements()).size(); i++) {
            RequirementResult r = c.requirements().get(i);
            String where = "conformance.requirements[" + i + "]";
            require(file, "conformance", "requirements[" + i + "]", r);
            require(file, where, "id", r.id());
            require(file, where, "section", r.section());
            require(file, where, "level", r.level());
            require(file, where, "label", r.label());
            require(file, where, "text", r.text());
            require(file, where, "outcome", r.outcome());
            require(file, where, "finding", r.finding());
            require(file, where, "cases", r.cases());
        }
        Conformance.ProfileFound p = c.profile();
        return new Conformance(
                p == null
                        ? null
                        : new Conformance.ProfileFound(
                                Objects.requireNonNullElse(p.name(), ""),
                                p.demanded(),
                                p.probes() == null ? Map.of() : p.probes()),
                orEmpty(c.features()),
                c.requirements() == null ? Requirements.judge(cases) : c.requirements());
    }

    static CaseResult checked(Path file, String where, CaseResult c) {
        if (c == null) {
            throw wrong(file, "nothing in " + where);
        }
        require(file, where, "id", c.id());
        require(file, where + " (" + c.id() + ")", "title", c.title());
        require(file, where + " (" + c.id() + ")", "level", c.level());
        require(file, where + " (" + c.id() + ")", "verdict", c.verdict());
        return new CaseResult(
                c.id(),
                c.title(),
                orEmpty(c.requirements()),
                c.level(),
                c.keyword(),
                c.rfc(),
                Objects.requireNonNullElse(c.section(), ""),
                Objects.requireNonNullElse(c.family(), ""),
                orEmpty(c.tags()),
                c.verdict(),
                c.failure(),
                orEmpty(c.remarks()),
                orEmpty(c.unused()),
                c.attempts(),
                c.startedMillis(),
                c.durationMs(),
                c.capture(),
                orEmpty(c.ports()),
                orEmpty(c.steps()).stream().map(ResultsJson::checked).toList(),
                orEmpty(c.series()).stream().map(ResultsJson::checked).toList(),
                checked(file, where, c.expectation()));
    }

    private static RunResult.Expected checked(RunResult.Expected e) {
        return e == null ? null : new RunResult.Expected(orEmpty(e.files()), e.strict(), orEmpty(e.remarks()));
    }

    private static Expectation checked(Path file, String where, Expectation e) {
        if (e == null) {
            return null;
        }
        require(file, where + ".expectation", "state", e.state());
        require(file, where + ".expectation", "expect", e.expect());
        return new Expectation(
                e.state(),
                e.expect(),
                Objects.requireNonNullElse(e.reason(), ""),
                Objects.requireNonNullElse(e.reference(), ""),
                Objects.requireNonNullElse(e.file(), ""),
                e.line());
    }

    private static Step checked(Step s) {
        return new Step(
                s.timeNanos(),
                s.kind() == null ? Step.Kind.NOTE : s.kind(),
                Objects.requireNonNullElse(s.text(), ""),
                Objects.requireNonNullElse(s.detail(), ""),
                Objects.requireNonNullElse(s.state(), ""),
                s.connection(),
                s.offending());
    }

    private static Series checked(Series s) {
        return new Series(
                Objects.requireNonNullElse(s.name(), ""),
                s.shape() == null ? Series.Shape.HISTOGRAM : s.shape(),
                Objects.requireNonNullElse(s.unit(), ""),
                Objects.requireNonNullElse(s.xLabel(), ""),
                s.x() == null ? new double[0] : s.x(),
                s.y() == null ? new double[0] : s.y());
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : list;
    }

    private static void require(Path file, String where, String key, Object value) {
        if (value == null) {
            throw wrong(file, "no \"" + key + "\" in " + where);
        }
    }

    private static String major(String schema) {
        return schema.split("\\.", 2)[0];
    }

    private static ReportException wrong(Path file, String problem) {
        return ReportException.of(
                file, "has " + problem, "expected the results.json of a run (layout " + RunResult.SCHEMA + ")");
    }

    static ReportException broken(Path file, JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        String where = location == null || location.getLineNr() < 1
                ? ""
                : "line " + location.getLineNr() + ", column " + location.getColumnNr() + ": ";
        String path = e instanceof JsonMappingException m
                ? m.getPath().stream()
                        .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : "." + r.getFieldName())
                        .collect(Collectors.joining())
                        .replaceFirst("^\\.", "")
                : "";
        return ReportException.of(
                file,
                where + (path.isEmpty() ? "" : path + ": ") + problem(e),
                "expected the results.json of a run (layout " + RunResult.SCHEMA + ")");
    }

    private static String problem(JsonProcessingException e) {
        if (e instanceof InvalidFormatException f && f.getTargetType() != null) {
            return "\"" + Text.printable(String.valueOf(f.getValue())) + "\" is not " + words(f.getTargetType());
        }
        if (e instanceof MismatchedInputException m && m.getTargetType() != null) {
            return "expected " + words(m.getTargetType());
        }
        return "not JSON: " + Text.printable(e.getOriginalMessage());
    }

    private static String words(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(Object::toString)
                            .collect(Collectors.joining(", "));
        }
        if (type == String.class) {
            return "a string";
        }
        if (List.class.isAssignableFrom(type) || type.isArray()) {
            return "a list";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return type == boolean.class ? "true or false" : "a number";
        }
        return "an object";
    }
}
