package org.tcpconform.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.commons.cli.Options;
import org.tcpconform.report.CasesPage;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.run.CaseDescriptor;
import org.tcpconform.run.Coverage;
import org.tcpconform.run.Selection;
import org.tcpconform.run.SuiteFile;

/** {@code list}: shows the cases, or the requirements. */
final class ListCommand implements Command {
    @Override
    public String name() {
        return "list";
    }

    @Override
    public String summary() {
        return "show the cases of a suite, the suites, and the requirements";
    }

    @Override
    public String arguments() {
        return "[option]…";
    }

    @Override
    public Options options() {
        List<RunOption> options = new ArrayList<>(RunOption.of(name()));
        options.add(
                RunOption.line(
                        "requirements",
                        null,
                        "the requirements instead: by which cases each is judged, or why by none (of suites full and intrusive)"));
        options.add(RunOption.line("json", null, "as JSON, with all that is known of each"));
        options.add(RunOption.line("markdown", null, "the page src/site/markdown/cases.md instead: all cases"));
        options.add(RunOption.line("suites", null, "the names of the suites instead"));
        return RunOption.options(options);
    }

    @Override
    public List<String[]> examples() {
        return List.of(
                new String[] {"tcpconform list", "the cases of suite default"},
                new String[] {"tcpconform list --match 3.10.7.2 --ipv4", "those that judge RFC 9293, 3.10.7.2"},
                new String[] {"tcpconform list --requirements --match RFC5961", "what is judged of RFC 5961"},
                new String[] {"tcpconform list --json", "for a program"});
    }

    @Override
    public ExitCode execute(Arguments arguments, PrintStream out) {
        arguments.atMost(0);
        arguments.alone("suites");
        arguments.alone("markdown", "suite", "ipv4", "ipv6");
        if (arguments.has("suites")) {
            SuiteFile.names(Tool.suites()).forEach(out::println);
            return ExitCode.PASSED;
        }
        RunSettings settings = new RunSettings(arguments, RunOption.of(name()));
        if (arguments.has("requirements")) {
            requirements(settings, arguments.has("json"), out);
            return ExitCode.PASSED;
        }
        if (arguments.has("markdown")) {
            out.print(CasesPage.of(settings.allCases(), Tool.home()));
            return ExitCode.PASSED;
        }
        settings.requireSelected();
        List<CaseDescriptor> cases = settings.cases();
        if (arguments.has("json")) {
            out.println(json(cases));
            return ExitCode.PASSED;
        }
        int width = cases.stream().mapToInt(c -> c.id().length()).max().orElse(0);
        for (CaseDescriptor c : cases) {
            out.printf(
                    "%-" + width + "s  %-6s  %s [RFC %d, %s]%n",
                    c.id(),
                    c.level().label(c.keyword()),
                    c.title(),
                    c.rule().rfc(),
                    c.rule().firstSection());
        }
        out.println(cases.size() + " cases");
        return ExitCode.PASSED;
    }

    private static void requirements(RunSettings settings, boolean json, PrintStream out) {
        Selection selection = settings.selection();
        List<Coverage.Line> lines = Coverage.of(settings.allCases()).stream()
                .filter(line -> selection.chooses(line.rule()))
                .toList();
        if (lines.isEmpty()) {
            throw new Stop(ExitCode.NOTHING_SELECTED, "no requirement is selected");
        }
        if (json) {
            out.println(requirementsJson(lines));
            return;
        }
        String format = "%-" + width(lines, line -> line.rule().id()) + "s  %-"
                + width(lines, line -> line.rule().label()) + "s  %-"
                + width(lines, line -> line.status().word())
                + "s  %s%n";
        for (Coverage.Line line : lines) {
            out.printf(
                    format,
                    line.rule().id(),
                    line.rule().label(),
                    line.status().word(),
                    line.cases().isEmpty() ? line.reason() : cases(line));
        }
        for (Coverage.Status status : Coverage.Status.values()) {
            long count = lines.stream().filter(l -> l.status() == status).count();
            out.println(count + " " + status.word());
        }
    }

    private static int width(List<Coverage.Line> lines, Function<Coverage.Line, String> column) {
        return lines.stream().mapToInt(l -> column.apply(l).length()).max().orElse(0);
    }

    /** The first of the cases, and how many there are. */
    private static String cases(Coverage.Line line) {
        int more = line.cases().size() - 1;
        return line.cases().get(0) + (more > 0 ? " and " + more + " more" : "");
    }

    private static String requirementsJson(List<Coverage.Line> lines) {
        ObjectMapper mapper = new ObjectMapper();
        ArrayNode all = mapper.createArrayNode();
        for (Coverage.Line line : lines) {
            ObjectNode node = all.addObject();
            node.put("id", line.rule().id());
            node.put("rfc", line.rule().rfc());
            node.put("section", line.rule().section());
            node.put("level", line.rule().level().name());
            node.put("keyword", line.rule().keyword());
            node.put("label", line.rule().label());
            node.put("text", line.rule().text());
            node.put("status", line.status().word());
            node.put("reason", line.reason());
            ArrayNode cases = node.putArray("cases");
            line.cases().forEach(cases::add);
        }
        return text(mapper, all);
    }

    private static String json(List<CaseDescriptor> cases) {
        ObjectMapper mapper = new ObjectMapper();
        ArrayNode all = mapper.createArrayNode();
        for (CaseDescriptor c : cases) {
            ObjectNode node = all.addObject();
            node.put("id", c.id());
            node.put("title", c.title());
            ArrayNode requirements = node.putArray("requirements");
            c.rules().forEach(r -> requirements.add(r.id()));
            node.put("level", c.level().name());
            node.put("keyword", c.keyword());
            node.put("rfc", c.rule().rfc());
            node.put("section", c.rule().firstSection());
            node.put("family", c.family().label());
            ArrayNode needs = node.putArray("needs");
            for (Stimulus need : c.annotation().needs()) {
                needs.add(need.label());
            }
            ArrayNode tags = node.putArray("tags");
            c.tags().forEach(tags::add);
            node.put("seconds", c.annotation().seconds());
            node.put("exclusive", c.annotation().exclusive());
            node.put("intrusive", c.annotation().intrusive());
        }
        return text(mapper, all);
    }

    private static String text(ObjectMapper mapper, ArrayNode all) {
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
