package org.tcpconform.cli;

import java.util.List;
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
            throw new UsageException("unknown option " + e.getOption() + hint(e.getOption(), command) + "; `tcpconform "
                    + command.name() + " --help` lists them");
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

    private static String hint(String option, Command command) {
        List<String> known = withHelp(command.options()).getOptions().stream()
                .map(o -> "--" + o.getLongOpt())
                .toList();
        return Suggestion.of(option.replaceFirst("=.*", ""), known)
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

    /** Refuses arguments beyond the first {@code most}. */
    void atMost(int most) {
        if (rest().size() > most) {
            throw new UsageException("unexpected argument '" + rest().get(most) + "'");
        }
    }
}
