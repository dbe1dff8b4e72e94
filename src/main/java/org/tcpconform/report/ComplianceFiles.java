package org.tcpconform.report;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code compliance.json} and {@code compliance.csv}. */
final class ComplianceFiles {
    /** What a spreadsheet takes for the beginning of a formula, also in the wide forms of East Asian scripts. */
    private static final String FORMULA = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    private static final List<String> COLUMNS = List.of(
            "id",
            "rfc",
            "section",
            "level",
            "label",
            "text",
            "outcome",
            "expected",
            "finding",
            "cases",
            "deciding_case",
            "ladder",
            "capture");

    static final ObjectWriter PRETTY =
            ResultsJson.MAPPER.writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

    private ComplianceFiles() {}

    static void json(Compliance compliance, OutputStream out) throws IOException {
        PRETTY.writeValue(out, compliance);
    }

    /** The same document as maps and lists, for a template. */
    static Map<String, Object> tree(Compliance compliance) {
        return ResultsJson.MAPPER.convertValue(compliance, new TypeReference<Map<String, Object>>() {});
    }

    /** One line for each requirement (RFC 4180). Cases are separated by spaces. */
    static void csv(Compliance compliance, OutputStream out) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        line(writer, COLUMNS.stream());
        for (Compliance.Line r : compliance.requirements()) {
            line(
                    writer,
                    Stream.of(
                            r.id(),
                            Integer.toString(r.rfc()),
                            r.section(),
                            r.level().label(r.keyword()),
                            r.label(),
                            r.text(),
                            r.outcome().name(),
                            Boolean.toString(r.expected()),
                            r.finding(),
                            r.cases().stream().map(Compliance.CaseLine::id).collect(Collectors.joining(" ")),
                            Text.orEmpty(r.decidingCase()),
                            Text.orEmpty(r.ladder()),
                            Text.orEmpty(r.capture())));
        }
        writer.flush();
    }

    static void line(Writer writer, Stream<String> cells) throws IOException {
        writer.write(cells.map(ComplianceFiles::cell).collect(Collectors.joining(",", "", "\r\n")));
    }

    /** A cell that no spreadsheet takes for a formula: what would begin one gets an apostrophe before it. */
    static String cell(String text) {
        String safe = Text.legal(text);
        if (!safe.isEmpty() && FORMULA.indexOf(safe.charAt(0)) >= 0) {
            safe = "'" + safe;
        }
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')
                ? "\"" + safe.replace("\"", "\"\"") + "\""
                : safe;
    }
}
