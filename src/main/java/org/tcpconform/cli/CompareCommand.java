package org.tcpconform.cli;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.tcpconform.report.Reports;

/** {@code compare}: puts the runs of several targets beside each other on one page. */
final class CompareCommand implements Command {
    @Override
    public String name() {
        return "compare";
    }

    @Override
    public String summary() {
        return "put the results of several targets beside each other on one page";
    }

    @Override
    public String arguments() {
        return "DIR… [--out FILE.html]";
    }

    @Override
    public Options options() {
        Options options = new Options();
        options.addOption(Option.builder()
                .longOpt("out")
                .hasArg()
                .argName("FILE.html")
                .desc("the page (default: matrix.html); .json, .csv and .md of the same name are written beside it")
                .get());
        return options;
    }

    @Override
    public List<String[]> examples() {
        return List.of(
                new String[] {"tcpconform compare out/linux out/board --out matrix.html", "two targets"},
                new String[] {"tcpconform compare out/*", "all labs, after tcpconform run --lab all --out out"});
    }

    @Override
    public String notes() {
        return "Each DIR is the results folder of a run and becomes a column, in the order given. The page is one file that\n"
                + "asks nobody for anything. Its links to captures and reports lead into the results folders: publish these with\n"
                + "it, at the same place beside it, or leave them out and the page holds what it needs for itself.\n";
    }

    @Override
    public ExitCode execute(Arguments arguments, PrintStream out) {
        if (arguments.rest().isEmpty()) {
            throw new UsageException("compare needs folders of runs: tcpconform compare out/linux out/board");
        }
        List<String> pages = arguments.values("out");
        if (pages.size() > 1) {
            throw new UsageException("option --out may be given once only");
        }
        Reports.compare(
                        arguments.rest().stream().map(CompareCommand::path).toList(),
                        path(pages.isEmpty() ? "matrix.html" : pages.get(0)),
                        Tool.identity())
                .forEach((what, path) -> out.printf("%-11s %s%n", what, path));
        return ExitCode.PASSED;
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new UsageException("no file can have the name '" + name + "': " + e.getReason());
        }
    }
}
