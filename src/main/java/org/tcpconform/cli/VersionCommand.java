package org.tcpconform.cli;

import java.io.PrintStream;
import java.util.List;
import org.apache.commons.cli.Options;
import org.tcpconform.run.RunResult;

/** {@code version}: says what this is. */
final class VersionCommand implements Command {
    @Override
    public String name() {
        return "version";
    }

    @Override
    public String summary() {
        return "say the tool's version and the commit it was built from";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public Options options() {
        return new Options();
    }

    @Override
    public List<String[]> examples() {
        return List.of();
    }

    @Override
    public ExitCode execute(Arguments arguments, PrintStream out) {
        arguments.atMost(0);
        RunResult.Tool tool = Tool.identity();
        out.println(tool.name() + " " + tool.version() + " (commit " + tool.commit() + "), Java "
                + System.getProperty("java.runtime.version"));
        return ExitCode.PASSED;
    }
}
