package org.tcpconform.cli;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;

/** Help texts. */
final class Help {
    private static final int WIDTH = 96;

    private Help() {}

    static String overview(List<Command> commands) {
        StringBuilder out = new StringBuilder(
                "tcpconform tells whether a TCP implementation keeps the rules of TCP (RFC 9293 and relatives).\n\n"
                        + "Usage: tcpconform COMMAND [option]…\n\n");
        commands.forEach(c -> out.append(String.format("  %-9s %s%n", c.name(), c.summary())));
        return out.append("\n`tcpconform run` alone judges this machine's own Linux in a lab.\n"
                        + "`tcpconform COMMAND --help` explains a command.\n")
                .toString();
    }

    static String of(Command command) {
        StringBuilder out = new StringBuilder();
        out.append("tcpconform ")
                .append(command.name())
                .append(": ")
                .append(command.summary())
                .append("\n\n");
        out.append("Usage: tcpconform ")
                .append((command.name() + " " + command.arguments()).strip())
                .append("\n\n");
        for (Option option : Arguments.withHelp(command.options()).getOptions()) {
            String left = "  --" + option.getLongOpt() + (option.hasArg() ? " " + option.getArgName() : "");
            int indent = 28;
            out.append(left);
            String pad = left.length() < indent - 1 ? " ".repeat(indent - left.length()) : "\n" + " ".repeat(indent);
            out.append(pad)
                    .append(String.join("\n" + " ".repeat(indent), wrap(option.getDescription(), WIDTH - indent)));
            out.append('\n');
        }
        if (!command.examples().isEmpty()) {
            out.append("\nExamples:\n");
            command.examples()
                    .forEach(e -> out.append("  ")
                            .append(e[0])
                            .append("\n      ")
                            .append(e[1])
                            .append('\n'));
        }
        return out.append(command.notes().isEmpty() ? "" : "\n" + command.notes())
                .toString();
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
