package org.tcpconform.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.tcpconform.report.Changes;
import org.tcpconform.report.Pdf;
import org.tcpconform.report.Reports;
import org.tcpconform.report.Sums;

/** {@code report}: makes the reports of an earlier run again, or proves that its files are as it left them. */
final class ReportCommand implements Command {
    @Override
    public String name() {
        return "report";
    }

    @Override
    public String summary() {
        return "make the reports of an earlier run again, or check its files against their sums";
    }

    @Override
    public String arguments() {
        return "DIR [--since OTHER_DIR] [--strict] [--pdf] | --check DIR";
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
        options.addOption(Option.builder()
                .longOpt("check")
                .desc(
                        "write nothing; say which file was altered, removed or added since the run (exit 1), or that none was (exit 0)")
                .get());
        options.addOption(Option.builder()
                .longOpt("pdf")
                .desc("print compliance.pdf as well, where a Chromium is installed")
                .get());
        return options;
    }

    @Override
    public List<String[]> examples() {
        return List.of(
                new String[] {"tcpconform report results/latest", "of the newest run, also of one that was cut short"},
                new String[] {"tcpconform report results/latest --since results/before", "what changed between two runs"
                },
                new String[] {"tcpconform report --pdf results/latest", "the compliance report on paper as well"},
                new String[] {"tcpconform report --check results/latest", "prove that no file was altered"});
    }

    @Override
    public String notes() {
        return "Reports are made from results.json and the captures, and only if these are as the run left them.\n"
                + "--check ends with 0 where all files are as SHA256SUMS says, with 1 where one is altered, missing or added,\n"
                + "and with 2 where there is no SHA256SUMS. It proves as much as the place is worth where the hash of\n"
                + "SHA256SUMS itself is kept, which a run prints at its end.\n";
    }

    @Override
    public ExitCode execute(Arguments arguments, PrintStream out) {
        if (arguments.rest().isEmpty()) {
            throw new UsageException("report needs the folder of a run: tcpconform report results/latest");
        }
        arguments.atMost(1);
        arguments.alone("check");
        Path dir = Path.of(arguments.rest().get(0));
        if (arguments.has("check")) {
            return check(dir, out);
        }
        if (arguments.has("pdf")) {
            Pdf.obstacle().ifPresent(obstacle -> {
                throw new Stop(ExitCode.ENVIRONMENT, obstacle);
            });
        }
        List<String> since = arguments.values("since");
        if (since.size() > 1) {
            throw new UsageException("option --since may be given once only");
        }
        Changes changes = since.isEmpty() ? null : Reports.changes(Path.of(since.get(0)), dir);
        if (changes != null) {
            out.print(changes.text());
        }
        Reports.Written written = Reports.again(dir, arguments.has("strict"), arguments.has("pdf"), changes);
        written.warnings().forEach(w -> out.println("note: " + w));
        written.files().forEach((what, path) -> out.printf("%-11s %s%n", what, path));
        if (!written.seal().isEmpty()) {
            out.println("SHA-256 of these sums (keep it elsewhere): " + written.seal());
        }
        return ExitCode.PASSED;
    }

    private static ExitCode check(Path dir, PrintStream out) {
        Sums.Checked checked = Reports.check(dir);
        checked.problems().forEach(out::println);
        out.println(
                checked.problems().isEmpty()
                        ? checked.files() + " files are as SHA256SUMS says; its own SHA-256 is " + checked.own()
                        : "the files are not as the run left them: "
                                + (checked.problems().size() == 1
                                        ? "1 difference"
                                        : checked.problems().size() + " differences")
                                + " from SHA256SUMS");
        return checked.problems().isEmpty() ? ExitCode.PASSED : ExitCode.FAILED;
    }
}
