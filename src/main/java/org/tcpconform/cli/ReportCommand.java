package org.tcpconform.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
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
        return "DIR [--strict]";
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(Option.builder()
                .longOpt("strict")
                .desc("a broken SHOULD counts as a failure in junit.xml")
                .get());
        return options;
    }

    @Override
    public List<String[]> examples() {
        return List.<String[]>of(
                new String[] {"tcpconform report results/latest", "of the newest run, also of one that was cut short"});
    }

    @Override
    public ExitCode execute(Arguments arguments, PrintStream out) {
        if (arguments.rest().isEmpty()) {
            throw new UsageException("report needs the folder of a run: tcpconform report results/latest");
        }
        arguments.atMost(1);
        Reports.Written written = Reports.again(Path.of(arguments.rest().get(0)), arguments.has("strict"));
        written.warnings().forEach(w -> out.println("note: " + w));
        written.files().forEach((what, path) -> out.printf("%-9s %s%n", what, path));
        return ExitCode.PASSED;
    }
}
