package org.tcpconform.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The command line: finds the command, parses its options, turns what goes wrong into one line and an exit code. */
public final class Main {
    private static final int DEFAULT_COLUMNS = 100;

    private static final List<Command> COMMANDS = List.of(
            new RunCommand(),
            new ListCommand(),
            new DoctorCommand(),
            new LabCommand(),
            new ReportCommand(),
            new CompareCommand(),
            new OracleCommand(),
            new VersionCommand());

    private Main() {}

    public static void main(String[] args) {
        PrintStream out = utf8(FileDescriptor.out);
        PrintStream err = utf8(FileDescriptor.err);
        System.setOut(out);
        System.setErr(err);
        int code = run(args, out, err).code();
        out.flush();
        System.exit(code);
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    static List<Command> commands() {
        return COMMANDS;
    }

    /** Runs one command; never throws. */
    static ExitCode run(String[] args, PrintStream out, PrintStream err) {
        if (args.length == 0 || args[0].equals("help") && args.length == 1 || isHelp(args[0])) {
            out.print(Help.overview(COMMANDS));
            return args.length == 0 ? ExitCode.USAGE : ExitCode.PASSED;
        }
        String word = args[0].equals("help") ? args[1] : args[0].equals("--version") ? "version" : args[0];
        Optional<Command> command =
                COMMANDS.stream().filter(c -> c.name().equals(word)).findFirst();
        if (command.isEmpty()) {
            List<String> names = COMMANDS.stream().map(Command::name).toList();
            err.println("tcpconform: unknown command '" + word + "'"
                    + Suggestion.of(word, names)
                            .map(s -> ": did you mean " + s + "?")
                            .orElse("")
                    + "; there are " + String.join(", ", names));
            return ExitCode.USAGE;
        }
        if (args[0].equals("help")) {
            out.print(Help.of(command.get()));
            return ExitCode.PASSED;
        }
        try {
            Arguments arguments = Arguments.parse(command.get(), args);
            if (arguments.has("help")) {
                out.print(Help.of(command.get()));
                return ExitCode.PASSED;
            }
            return command.get().execute(arguments, out);
        } catch (RuntimeException e) {
            ExitCode code = RunCommand.code(e);
            if (code == ExitCode.HARNESS_FAULT) {
                err.println("tcpconform: a fault of the tool itself, please report it:");
                e.printStackTrace(err);
            } else {
                err.println("tcpconform: " + e.getMessage());
            }
            return code;
        } catch (UnsatisfiedLinkError e) {
            err.println("tcpconform: a native library cannot be loaded ("
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason is given")
                    + "): see `tcpconform doctor`");
            return ExitCode.ENVIRONMENT;
        } catch (Error e) {
            // left to the JVM, it would end with 1: a MUST failed
            err.println("tcpconform: a fault of the tool itself, please report it:");
            e.printStackTrace(err);
            return ExitCode.HARNESS_FAULT;
        }
    }

    private static boolean isHelp(String word) {
        return word.equals("--help") || word.equals("-h");
    }

    /** Whether standard output is a terminal; the launcher knows and says so. */
    static boolean isTerminal() {
        String told = System.getProperty("tcpconform.terminal");
        return told == null ? System.console() != null : Boolean.parseBoolean(told);
    }

    /** Width of the terminal in columns, as the launcher says. */
    static int columns() {
        return Integer.getInteger("tcpconform.columns", DEFAULT_COLUMNS);
    }
}
