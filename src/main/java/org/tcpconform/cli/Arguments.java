package org.tcpconform.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/**
 * The arguments of a command.
 *
 * @param raw all arguments of the process, command included
 * @param parsed those of the command, parsed
 */
record Arguments(String[] raw, CommandLine parsed) {

    /**
     * @throws UsageException if an option is unknown (with a suggestion), lacks its value, or has one too many
     */
    static Arguments parse(Command command, String[] raw) {
        String[] own = java.util.Arrays.copyOfRange(raw, 1, raw.length);
        try {
            CommandLine parsed = DefaultParser.builder()
                    .setAllowPartialMatching(false)
                    .get()
                    .parse(withHelp(command.options()), own);
            return new Arguments(raw, parsed);
        } catch (UnrecognizedOptionException e) {
            throw new UsageException(unknown(e.getOption(), command) + "; `tcpconform " + command.name()
                    + " --help` lists what it takes");
        } catch (MissingArgumentException e) {
            throw new UsageException("option --" + e.getOption().getLongOpt() + " needs a value: --"
                    + e.getOption().getLongOpt() + " " + e.getOption().getArgName());
        } catch (ParseException e) {
            throw new UsageException(e.getMessage());
        }
    }

    static Options withHelp(Options options) {
        Options all = new Options();
        options.getOptions().forEach(all::addOption);
        all.addOption(Option.builder("h").longOpt("help").desc("show this help").get());
        return all;
    }

    private static String unknown(String option, Command command) {
        String name = option.replaceFirst("=.*", "");
        return RunOption.ALL.stream().anyMatch(o -> name.equals("--" + o.name()))
                        && !command.options().hasOption(name)
                ? name + " is an option of run, and means nothing to " + command.name()
                : "unknown option " + option + hint(name, command);
    }

    private static String hint(String option, Command command) {
        List<String> known = withHelp(command.options()).getOptions().stream()
                .map(o -> "--" + o.getLongOpt())
                .toList();
        return Suggestion.of(option, known)
                .map(s -> ": did you mean " + s + "?")
                .orElse("");
    }

    boolean has(String option) {
        return parsed.hasOption(option);
    }

    /** Values of an option, in the order given; empty where it was not. */
    List<String> values(String option) {
        String[] values = parsed.getOptionValues(option);
        return values == null ? List.of() : List.of(values);
    }

    /** Arguments that belong to no option. */
    List<String> rest() {
        return parsed.getArgList();
    }

    /**
     * Refuses all other options beside one, where it is given.
     *
     * @param meaningful those that mean something beside it
     */
    void alone(String option, String... meaningful) {
        if (has(option)) {
            other(option, meaningful).ifPresent(other -> {
                throw new UsageException(
                        "--" + other + " means nothing beside --" + option + ": leave one of them out");
            });
        }
    }

    /** The first option given that is neither of these. */
    Optional<String> other(String option, String... options) {
        return Stream.of(parsed.getOptions())
                .map(Option::getLongOpt)
                .filter(name -> !name.equals(option) && !List.of(options).contains(name))
                .findFirst();
    }

    /** Refuses arguments beyond the first {@code most}. */
    void atMost(int most) {
        if (rest().size() > most) {
            throw new UsageException("unexpected argument '" + rest().get(most) + "'");
        }
    }
}
