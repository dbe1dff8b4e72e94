package org.tcpconform.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/**
 * An option of {@code run}, which is also a key of the target file. Other commands take those that mean something to them.
 *
 * @param name long name
 * @param argument name of its value; null for a switch
 * @param repeated whether it may be given several times
 * @param text what it does
 * @param inFile whether the target file may set it
 * @param others the commands besides {@code run} that take it
 */
record RunOption(String name, String argument, boolean repeated, String text, boolean inFile, Set<String> others) {
    private static final String LIST = "list";
    private static final String DOCTOR = "doctor";
    private static final String ORACLE = "oracle";

    static final List<RunOption> ALL = List.of(
            one("target", "ADDRESS", "the target: an address, or a name with an address for each version of IP")
                    .andOf(DOCTOR, ORACLE),
            one("name", "NAME", "what to call the target in reports (default: its address)")
                    .andOf(ORACLE),
            one("description", "TEXT", "what the target is, such as its version; for reports, and for expectations")
                    .andOf(ORACLE),
            one("interface", "NAME", "interface that leads to it (default: by route)")
                    .andOf(DOCTOR, ORACLE),
            many("source", "ADDRESS", "our address, one that nobody uses (default: one that is found free)")
                    .andOf(DOCTOR, ORACLE),
            one(
                            "source-mode",
                            "own|host",
                            "own: an address and MAC of our own (default); host: the host's, its stack kept quiet by nftables")
                    .andOf(DOCTOR, ORACLE),
            one("vlan", "ID", "802.1Q VLAN, 1 to 4094").andOf(DOCTOR, ORACLE),
            one("open-port", "PORT", "a port with a listener (default: the first service, or one that is found)")
                    .andOf(DOCTOR, ORACLE),
            one("closed-port", "PORT", "a port with no listener (default: one that is found)")
                    .andOf(DOCTOR, ORACLE),
            many(
                            "service",
                            "NAME=PORT",
                            "a service: echo, discard, closes-first, closes-on-fin, keeps-half-open or bulk")
                    .andOf(DOCTOR, ORACLE),
            many("feature", "NAME", "a feature that the target claims: then its absence is a failure")
                    .andOf(ORACLE),
            one("profile", "NAME", "the rule set to demand: P793, P9293, P5961 or P5961D (default: the one found)")
                    .andOf(ORACLE),
            one(
                    "lab",
                    "NAME",
                    "judge a ready-made target instead (default without --target: linux); several as A,B, or all: one after"
                            + " the other"),
            many("suite", "NAME|FILE", "suite in suites/, or a suite file; several are joined (default: default)")
                    .andOf(LIST, ORACLE),
            many(
                            "match",
                            "GLOB",
                            "only cases whose id, tag, requirement or section fits, such as LI-*, timer, RFC9293-MUST-3, 3.10.7.2")
                    .andOf(LIST, ORACLE),
            many("skip", "GLOB", "no cases that fit").andOf(LIST, ORACLE),
            one("level", "LEVEL", "only rules that bind at least so much: must, should or may")
                    .andOf(LIST, ORACLE),
            flag("ipv4", "only over IPv4").andOf(LIST, DOCTOR, ORACLE),
            flag("ipv6", "only over IPv6").andOf(LIST, DOCTOR, ORACLE),
            one(
                    "jobs",
                    "N",
                    "cases side by side, 1 to 512 (default: 8; in a lab 48, and one for each that waits long)"),
            one(
                            "impair",
                            "HOW",
                            "a bad network on the way, both directions: loss 5%, delay 100ms 50ms, duplicate 2%, reorder 10%, corrupt 1%, rate 1mbit; any of these")
                    .andOf(DOCTOR),
            one(
                            "rate",
                            "PPS",
                            "segments that we send in a second at the most, 10 to 1000000; a slow rate runs fewer cases side by"
                                    + " side (default: 20000)")
                    .andOf(DOCTOR, ORACLE),
            many(
                            "allow",
                            "WHAT",
                            "what a run does not do unasked: intrusive (cases that load target or network), foreign-addresses"
                                    + " (cases that send to broadcast or multicast, or from addresses not ours; in a lab they"
                                    + " always run), own-address (a target that has an address of this host)")
                    .andOf(DOCTOR, ORACLE),
            one(
                    "isn-samples",
                    "N",
                    "initial sequence numbers for each case of suite isn, 100 to 20000 (default: 2000)"),
            one(
                            "max-connections",
                            "N",
                            "how many connections the target bears at once: fewer cases run side by side (default: it is tried)")
                    .andOf(ORACLE),
            flag(
                            "lockstep",
                            "each segment waits until the target has read the one before, by its reply to ARP or neighbour"
                                    + " discovery: for a target that takes what it reads at one go together (default: of a lab"
                                    + " as it says)")
                    .andOf(DOCTOR, ORACLE),
            one(
                    "restart-command",
                    "CMD",
                    "brings back a target that no longer answers, and the run goes on (default: of a lab its own way; else"
                            + " the run ends there)"),
            one("seed", "N", "decides all random choices (default: another each time; it is printed)")
                    .andOf(DOCTOR),
            flag("strict", "a broken SHOULD also makes the run fail"),
            many(
                    "expectations",
                    "FILE",
                    "what is known not to pass, and why; all else is red (default: of a lab its own; none: no file)"),
            flag(
                    "strict-expectations",
                    "expectations that have expired are refused, and needless ones are red (default where CI=true)"),
            one(
                    "out",
                    "DIR",
                    "folder for the results, of several labs one folder each in it (default: results/TIME-TARGET)"),
            line(
                    "resume",
                    "DIR",
                    "go on with the run in this results folder that was cut short; its options are kept there"),
            line("config", "FILE", "target file: these options as YAML keys").andOf(DOCTOR, ORACLE),
            line("init", null, "print a target file with comments, to be filled in"),
            line("dry-run", null, "list what would run and the most that it sends, and send nothing"));

    /** Those that a command takes. */
    static List<RunOption> of(String command) {
        return command.equals("run")
                ? ALL
                : ALL.stream().filter(o -> o.others().contains(command)).toList();
    }

    private static RunOption one(String name, String argument, String text) {
        return new RunOption(name, argument, false, text, true, Set.of());
    }

    private static RunOption many(String name, String argument, String text) {
        return new RunOption(name, argument, true, text, true, Set.of());
    }

    private static RunOption flag(String name, String text) {
        return new RunOption(name, null, false, text, true, Set.of());
    }

    /** One that stands on the command line only, as do those of other commands; a switch where the argument is null. */
    static RunOption line(String name, String argument, String text) {
        return new RunOption(name, argument, false, text, false, Set.of());
    }

    private RunOption andOf(String... commands) {
        return new RunOption(name, argument, repeated, text, inFile, Set.of(commands));
    }

    static Options options(List<RunOption> list) {
        Options options = new Options();
        for (RunOption o : list) {
            Option.Builder option = Option.builder().longOpt(o.name()).desc(o.text());
            if (o.argument() != null) {
                option.hasArg().argName(o.argument());
            }
            options.addOption(option.get());
        }
        return options;
    }

    /** Those that a target file may set, by name. */
    static Map<String, RunOption> fileKeys() {
        Map<String, RunOption> keys = new LinkedHashMap<>();
        ALL.stream().filter(RunOption::inFile).forEach(o -> keys.put(o.name(), o));
        return keys;
    }

    /** A target file with every key, all commented out but the first few. */
    static String template() {
        StringBuilder out = new StringBuilder("# Target file of tcpconform: `tcpconform run --config FILE`.\n"
                + "# Each key is an option of `tcpconform run`; options on the command line win.\n");
        for (RunOption o : fileKeys().values()) {
            out.append("\n# ").append(o.text()).append('\n');
            String example = EXAMPLES.getOrDefault(o.name(), o.argument() == null ? "false" : o.argument());
            Arrays.stream((o.name() + ": " + example).split("\n"))
                    .forEach(line -> out.append(o.name().equals("target") ? "" : "#")
                            .append(line)
                            .append('\n'));
        }
        return out.toString();
    }

    private static final Map<String, String> EXAMPLES = Map.ofEntries(
            Map.entry("target", "192.0.2.10"),
            Map.entry("name", "my-board"),
            Map.entry("description", "firmware 2.3"),
            Map.entry("expectations", "[my-board-expectations.yaml]"),
            Map.entry("interface", "eth0"),
            Map.entry("source", "[192.0.2.77]"),
            Map.entry("source-mode", "own"),
            Map.entry("vlan", "100"),
            Map.entry("open-port", "80"),
            Map.entry("closed-port", "4"),
            Map.entry("service", "\n  echo: 7\n  closes-first: 13"),
            Map.entry("feature", "[timestamps, sack]"),
            Map.entry("profile", "P5961"),
            Map.entry("lab", "linux"),
            Map.entry("suite", "default"),
            Map.entry("match", "[HP-*]"),
            Map.entry("skip", "[timer]"),
            Map.entry("level", "should"),
            Map.entry("jobs", "8"),
            Map.entry("impair", "loss 1%, delay 20ms 10ms"),
            Map.entry("rate", "1000"),
            Map.entry("allow", "[foreign-addresses]"),
            Map.entry("isn-samples", "2000"),
            Map.entry("max-connections", "4"),
            Map.entry("restart-command", "\"ssh power@switch cycle 3\""),
            Map.entry("seed", "1"),
            Map.entry("out", "out/my-board"));
}
