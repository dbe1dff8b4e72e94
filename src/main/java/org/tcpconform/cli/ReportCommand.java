package org.tcpconform.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.tcpconform.report.Changes;
import org.tcpconform.report.Reports;

/** {@code report}: makes the reports of an earlier run again. */
final class ReportCommand implements Command {
    @Override
    public String name() {
        return "report";
    }

    @Override
    public String summary() {
        return "make the reports of an earlier run again, from its results.json";
    }

    @Override
    public String arguments() {
        return "DIR [--since OTHER_DIR] [--strict]";
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(Option.builder()
                .longOpt("strict")
                .desc("a broken SHOULD counts as a failure in junit.xml")
                .get());
        options.addOption(Option.builder()
                .longOpt("since")
                .hasArg()
                .argName("DIR")
                .desc("folder of an earlier run: says what changed since, here and in summary.md")
                .get());
        return options;
    }

    @Override
    public List<String[]> examples() {
        return List.of(
                new String[] {"tcpconform report results/latest", "of the newest run, also of one that was cut short"},
                new String[] {"tcpconform report results/latest --since results/before", "what changed between two runs"
                });
    }

    @Override
    public ExitCode execute(Arguments arguments, PrintStream out) {
        if (arguments.rest().isEmpty()) {
            throw new UsageException("report needs the folder of a run: tcpconform report results/latest");
        }
        arguments.atMost(1);
        Path dir = Path.of(arguments.rest().get(0));
        List<String> since = arguments.values("since");
        if (since.size() > 1) {
            throw new UsageException("option --since may be given once only");
        }
        Changes changes = since.isEmpty() ? null : Reports.changes(Path.of(since.get(0)), dir);
        if (changes != null) {
            out.print(changes.text());
        }
        Reports.Written written = Reports.again(dir, arguments.has("strict"), changes);
        written.warnings().forEach(w -> out.println("note: " + w));
        written.files().forEach((what, path) -> out.printf("%-9s %s%n", what, path));
        return ExitCode.PASSED;
    }
}
