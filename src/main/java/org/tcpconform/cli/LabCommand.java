package org.tcpconform.cli;

import java.io.PrintStream;
import java.util.List;
import org.apache.commons.cli.Options;
import org.tcpconform.lab.Lab;
import org.tcpconform.lab.LabCatalogue;
import org.tcpconform.lab.LabDescriptor;
import org.tcpconform.lab.LabOptions;
import org.tcpconform.lab.LabRecord;
import org.tcpconform.lab.LabRegistry;

/** {@code lab}: ready-made targets that stay up until told otherwise. */
final class LabCommand implements Command {
    private static final List<String> ACTIONS = List.of("up", "down", "status", "list");

    @Override
    public String name() {
        return "lab";
    }

    @Override
    public String summary() {
        return "start, stop and list ready-made targets";
    }

    @Override
    public String arguments() {
        return "up NAME | down [ID] | status | list";
    }

    @Override
    public Options options() {
        return new Options();
    }

    @Override
    public List<String[]> examples() {
        return List.of(
                new String[] {"tcpconform lab list", "the labs there are"},
                new String[] {"tcpconform lab up linux", "start one that stays; says how to look into it"},
                new String[] {"tcpconform lab status", "what is up"},
                new String[] {"tcpconform lab down linux-1", "end it"});
    }

    @Override
    public String notes() {
        return "`tcpconform run --lab NAME` needs none of this: it starts a lab of its own and ends it.\n";
    }

    @Override
    public ExitCode execute(Arguments arguments, PrintStream out) {
        List<String> words = arguments.rest();
        String action = words.isEmpty() ? "" : words.get(0);
        LabRegistry registry = new LabRegistry();
        switch (action) {
            case "list" -> {
                arguments.atMost(1);
                new LabCatalogue(Tool.tools())
                        .list()
                        .forEach(lab -> out.printf("%-12s %s%n", lab.name(), lab.describe(LabOptions.defaults())));
            }
            case "status" -> {
                arguments.atMost(1);
                LabRegistry.Status status = registry.status();
                status.removed().forEach(id -> out.println("removed what was left of " + id + ", which had ended"));
                status.up()
                        .forEach(lab -> out.printf(
                                "%-12s %-9s pid %d, %s%n", lab.id(), lab.state(), lab.pid(), lab.description()));
                if (status.up().isEmpty()) {
                    out.println("no lab is up");
                }
            }
            case "up" -> {
                LabDescriptor descriptor = new LabCatalogue(Tool.tools()).find(argument(arguments, "up", "NAME"));
                Lab.prepare(descriptor, LabOptions.defaults().withProgress(out::println));
                LabRecord lab = registry.up(descriptor, Tool.tools());
                out.println("lab " + lab.id() + " is up");
                lab.instructions().forEach(line -> out.println("  " + line));
            }
            case "down" -> {
                LabRecord lab = registry.down(id(arguments));
                out.println("lab " + lab.id() + " has ended");
            }
            default ->
                throw new UsageException((action.isEmpty()
                                ? "lab needs an action"
                                : "unknown action '" + action + "'"
                                        + Suggestion.of(action, ACTIONS)
                                                .map(s -> ": did you mean " + s + "?")
                                                .orElse(""))
                        + "; there are " + String.join(", ", ACTIONS));
        }
        return ExitCode.PASSED;
    }

    /** The lab that is meant; null for the only one that is up. */
    private static String id(Arguments arguments) {
        arguments.atMost(2);
        return arguments.rest().size() < 2 ? null : arguments.rest().get(1);
    }

    private static String argument(Arguments arguments, String action, String what) {
        if (arguments.rest().size() < 2) {
            throw new UsageException("lab " + action + " needs a name: tcpconform lab " + action + " " + what);
        }
        arguments.atMost(2);
        return arguments.rest().get(1);
    }
}
