package org.tcpconform.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Options;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.run.CaseDescriptor;
import org.tcpconform.run.SuiteFile;

/** {@code list}: shows the cases. */
final class ListCommand implements Command {
    @Override
    public String name() {
        return "list";
    }

    @Override
    public String summary() {
        return "show the cases of a suite, and the suites";
    }

    @Override
    public String arguments() {
        return "[option]…";
    }

    @Override
    public Options options() {
        List<RunOption> options = new ArrayList<>(RunOption.SELECTION);
        options.add(new RunOption("json", null, false, "as JSON, with all that is known of each case", false));
        options.add(new RunOption("suites", null, false, "the names of the suites instead", false));
        return RunOption.options(options);
    }

    @Override
    public List<String[]> examples() {
        return List.of(
                new String[] {"tcpconform list", "the cases of suite default"},
                new String[] {"tcpconform list --match 3.10.7.2 --ipv4", "those that judge RFC 9293, 3.10.7.2"},
                new String[] {"tcpconform list --json", "for a program"});
    }

    @Override
    public ExitCode execute(Arguments arguments, PrintStream out) {
        arguments.atMost(0);
        if (arguments.has("suites")) {
            SuiteFile.names(Tool.suites()).forEach(out::println);
            return ExitCode.PASSED;
        }
        RunSettings settings = new RunSettings(arguments, RunOption.SELECTION);
        List<CaseDescriptor> cases = settings.cases();
        if (cases.isEmpty()) {
            throw new Stop(ExitCode.NOTHING_SELECTED, "no case of suite " + settings.suiteName() + " is selected");
        }
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
        try {
            return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
