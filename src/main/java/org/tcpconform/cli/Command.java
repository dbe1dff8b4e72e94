package org.tcpconform.cli;

import java.io.PrintStream;
import java.util.List;
import org.apache.commons.cli.Options;

/** One command of the tool: options in, exit code out. */
interface Command {
    String name();

    /** One line for the list of commands. */
    String summary();

    /** How its arguments look, behind its name. */
    String arguments();

    Options options();

    /** Examples with what they do, as pairs. */
    List<String[]> examples();

    /** Text below the options; empty for none. */
    default String notes() {
        return "";
    }

    ExitCode execute(Arguments arguments, PrintStream out);
}
