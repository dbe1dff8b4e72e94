package org.tcpconform.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tcpconform.peer.Surroundings;
import org.tcpconform.report.Reports;
import org.tcpconform.report.ResultsFolder;
import org.tcpconform.requirement.Catalogue;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.run.CaseDescriptor;
import org.tcpconform.run.Revival;
import org.tcpconform.run.RunResult;
import org.tcpconform.run.Runner;
import org.tcpconform.run.Selection;
import org.tcpconform.run.SuiteFile;
import org.tcpconform.segment.Ip;
import org.tcpconform.target.Approach;
import org.tcpconform.target.Approach.SourceMode;
import org.tcpconform.target.HostNetwork;
import org.tcpconform.target.Profile;
import org.tcpconform.verdict.Level;
import org.tcpconform.wire.Impairment;
import org.tcpconform.wire.Pace;

/** What the options of {@code run} and the target file say together. Every getter checks its value. */
final class RunSettings {
    private static final int MOST_JOBS = 512;
    private static final int DEVICE_JOBS = 8;
    private static final int LAB_JOBS = 48;
    /** Segments in a second that one case after the other sends, where each waits for silence now and then. */
    private static final int RATE_OF_A_JOB = 60;

    private static final String ALL_LABS = "all";
    /** Between them they have all cases. */
    private static final List<String> EVERY_SUITE = List.of("full", "intrusive");
    /** Options that cannot be meant for several targets. */
    private static final List<String> ONE_TARGET =
            List.of("name", "description", "interface", "source", "restart-command");

    private final Map<String, Given> values = new LinkedHashMap<>();
    /** Read when first asked for. */
    private List<SuiteFile> suites;

    /** Those that are chosen, and those of them that need a permission which is not given. */
    private List<CaseDescriptor> cases;

    private List<CaseDescriptor> leftOut;

    /**
     * @throws UsageException if something given is wrong
     */
    RunSettings(Arguments arguments, List<RunOption> known) {
        Map<String, Given> line = new LinkedHashMap<>();
        for (RunOption option : known) {
            if (arguments.has(option.name())) {
                List<String> given = option.argument() == null ? List.of("true") : arguments.values(option.name());
                if (given.size() > 1 && !option.repeated()) {
                    throw new UsageException("option --" + option.name() + " may be given once only");
                }
                if (given.stream().anyMatch(String::isBlank)) {
                    throw new UsageException("option --" + option.name() + " needs a value: --" + option.name() + " "
                            + option.argument());
                }
                line.put(option.name(), new Given("--" + option.name(), given));
            }
        }
        if (line.containsKey("config")) {
            values.putAll(TargetFile.read(path(line.get("config")), RunOption.fileKeys()));
        }
        values.putAll(line);
        if (values.containsKey("resume")) {
            resume(path(values.get("resume")));
            return;
        }
        if (arguments.has("target") && !arguments.has("lab")) {
            values.remove("lab");
        }
        if (arguments.has("lab") && !arguments.has("target")) {
            values.remove("target");
        }
        if (one("target").isPresent() && one("lab").isPresent()) {
            throw new UsageException("--target and --lab exclude each other: give one");
        }
    }

    /** Puts the options of the run that is to go on in the place of those given, which must not say otherwise. */
    private void resume(Path dir) {
        Path file = ResultsFolder.open(dir).options();
        if (!Files.isRegularFile(file)) {
            throw new UsageException(dir + " holds no " + file.getFileName() + ", by which to go on: run anew");
        }
        Map<String, Given> kept = TargetFile.read(file, RunOption.fileKeys());
        for (RunOption option : RunOption.fileKeys().values()) {
            String name = option.name();
            if (name.equals("out") ? !out().map(o -> isSame(o, dir)).orElse(true) : !isKept(name, kept)) {
                throw new UsageException(where(name) + " is not as in the run that --resume goes on with"
                        + (name.equals("out")
                                ? ", which writes to " + dir
                                : kept.containsKey(name)
                                        ? ": there it was "
                                                + String.join(
                                                        ", ", kept.get(name).values())
                                        : ", where it was not given"));
            }
        }
        values.keySet().removeAll(RunOption.fileKeys().keySet());
        values.putAll(kept);
    }

    private boolean isKept(String name, Map<String, Given> kept) {
        return !values.containsKey(name)
                || kept.containsKey(name)
                        && kept.get(name)
                                .values()
                                .equals(lasting(name, values.get(name).values()));
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    /** What was given, as a target file can say it from wherever it is read, to go on with the run. */
    Map<String, Object> toKeep(long seed) {
        Map<String, Object> keep = new LinkedHashMap<>();
        for (RunOption option : RunOption.fileKeys().values()) {
            String name = option.name();
            if (!list(name).isEmpty() && !name.equals("out")) {
                List<String> given = lasting(name, list(name));
                keep.put(name, option.repeated() ? given : given.get(0));
            }
        }
        keep.put("seed", Long.toString(seed));
        return keep;
    }

    /** Names of files as they are whatever the working directory. */
    private static List<String> lasting(String name, List<String> given) {
        return given.stream()
                .map(text -> namesFile(name, text)
                        ? Path.of(text).toAbsolutePath().normalize().toString()
                        : text)
                .toList();
    }

    private static boolean namesFile(String name, String text) {
        return name.equals("expectations") && !text.equals("none")
                || name.equals("suite") && SuiteFile.isFile(text, Tool.suites());
    }

    /** The run to go on with, as far as it came. */
    Optional<RunResult> earlier() {
        return resumed().map(Reports::readEnded);
    }

    private List<String> list(String name) {
        return values.containsKey(name) ? values.get(name).values() : List.of();
    }

    /** What a complaint about an option begins with. */
    private String where(String name) {
        return values.containsKey(name) ? values.get(name).where() : "--" + name;
    }

    private static Path path(Given given) {
        try {
            return Path.of(given.values().get(0));
        } catch (InvalidPathException e) {
            throw new UsageException(given.where() + ": no file can have this name: " + e.getReason());
        }
    }

    private Optional<String> one(String name) {
        return list(name).stream().findFirst();
    }

    private boolean flag(String name) {
        return one(name).map(Boolean::parseBoolean).orElse(false);
    }

    Optional<String> lab() {
        return one("target").isPresent()
                ? Optional.empty()
                : Optional.of(one("lab").orElse("linux"));
    }

    /**
     * The labs that are asked for, each once: those that are separated by commas, or {@code all} there are. Empty with a
     * target.
     *
     * @param known the names of all labs
     * @throws UsageException if something is given that can be said of one target only
     */
    List<String> labs(List<String> known) {
        for (String option : ONE_TARGET) {
            if (values.containsKey(option)) {
                throw new UsageException(where(option) + " is of one target: give one lab with it");
            }
        }
        String text = lab().orElse("");
        if (text.equals(ALL_LABS)) {
            if (known.isEmpty()) {
                throw new UsageException(where("lab") + ": there are no labs in " + Tool.tools());
            }
            return known;
        }
        List<String> names = Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        if (names.isEmpty() && lab().isPresent()) {
            throw new UsageException(where("lab") + " names no lab; there are " + String.join(", ", known));
        }
        return names;
    }

    /** Whether {@code --lab} may stand for several labs. */
    boolean asksForSeveralLabs() {
        return lab().filter(text -> text.equals(ALL_LABS) || text.contains(",")).isPresent();
    }

    Optional<String> target() {
        return one("target");
    }

    Optional<String> name() {
        return one("name");
    }

    Optional<String> description() {
        return one("description");
    }

    /** The expectations files; of a lab, where none is given, its own. */
    List<Path> expectations() {
        List<String> named = list("expectations");
        if (named.contains("none")) {
            if (named.size() > 1) {
                throw new UsageException(where("expectations") + ": none and a file exclude each other");
            }
            return List.of();
        }
        if (!named.isEmpty()) {
            return named.stream()
                    .map(name -> path(new Given(where("expectations"), List.of(name))))
                    .toList();
        }
        // of several labs each run finds its own
        return lab().map(name -> labExpectations(name, Tool.suites()))
                .filter(Files::isRegularFile)
                .map(List::of)
                .orElse(List.of());
    }

    /** Where the expectations of a lab are: {@code suites/expectations/NAME.yaml}, also for one that is up, {@code NAME-1}. */
    private static Path labExpectations(String lab, Path suites) {
        return suites.resolve("expectations").resolve(lab.replaceFirst("-\\d+$", "") + ".yaml");
    }

    /** Whether an expired or needless expectation is refused; empty to go by where we are. */
    Optional<Boolean> strictExpectations() {
        return one("strict-expectations").map(Boolean::parseBoolean);
    }

    Optional<String> interfaceName() {
        return one("interface");
    }

    /** Folder of the run to go on with. */
    Optional<Path> resumed() {
        return one("resume").map(dir -> path(values.get("resume")));
    }

    Optional<Path> out() {
        return one("out").map(o -> path(values.get("out")));
    }

    boolean strict() {
        return flag("strict");
    }

    int vlan() {
        return number("vlan", 1, 4094).orElse(0L).intValue();
    }

    /** The bad network that is put between us and the target. */
    Optional<Impairment> impairment() {
        return one("impair").map(text -> {
            try {
                return Impairment.parse(text);
            } catch (IllegalArgumentException e) {
                throw new UsageException(where("impair") + ": " + e.getMessage());
            }
        });
    }

    /** Whether nothing lies between us and the target but the link of a lab, left as it is. */
    boolean isOnPlainLink() {
        return lab().isPresent() && impairment().isEmpty();
    }

    /**
     * How many cases run side by side. Where nobody says, a lab takes besides all those that wait for minutes, which cost
     * nothing and would hold up the others; a device may not have room for so many connections.
     */
    int jobs() {
        int wanted = number("jobs", 1, MOST_JOBS)
                .map(Long::intValue)
                .orElseGet(() -> lab().isEmpty() ? DEVICE_JOBS : Math.min(MOST_JOBS, LAB_JOBS + waiting()));
        // a case that has to wait in the middle for its turn may see other timers of the target than its own
        return Math.min(wanted, Math.max(1, rate() / RATE_OF_A_JOB));
    }

    /** As {@link #jobs()}, with another number where nobody says. */
    int jobs(int otherwise) {
        return number("jobs", 1, MOST_JOBS).map(Long::intValue).orElse(otherwise);
    }

    /** How many mutants the oracle draws; 0 for all. */
    int sample() {
        return number("sample", 1, 1_000_000).orElse(0L).intValue();
    }

    /** Whether the oracle tries also what templates leave open. */
    boolean open() {
        return flag("open");
    }

    /** The file of mutants that rightly survive. */
    Optional<String> survivors() {
        return one("survivors");
    }

    private int waiting() {
        return (int) cases().stream()
                .filter(c -> c.annotation().seconds() >= Runner.LONG_SECONDS)
                .count();
    }

    /** Fewer tell nothing; more would come back to ports that have been used already. */
    int isnSamples() {
        return number("isn-samples", 100, 20_000)
                .orElse((long) Surroundings.ISN_SAMPLES)
                .intValue();
    }

    /** How many connections the target is said to bear at once. */
    Optional<Integer> maxConnections() {
        return number("max-connections", 1, 1_000_000).map(Long::intValue);
    }

    /** What brings back a target that no longer answers, if something does. */
    Optional<Revival> restartCommand() {
        return one("restart-command").map(RestartCommand::new);
    }

    Optional<Long> seed() {
        return number("seed", 0, Long.MAX_VALUE);
    }

    SourceMode sourceMode() {
        return switch (one("source-mode").orElse("own")) {
            case "own" -> SourceMode.OWN;
            case "host" -> SourceMode.HOST;
            default ->
                throw new UsageException(where("source-mode") + " is own or host, not '"
                        + one("source-mode").get() + "'");
        };
    }

    /** Versions of IP that are wanted. */
    Set<Family> families() {
        boolean v4 = flag("ipv4");
        boolean v6 = flag("ipv6");
        if (v4 == v6) {
            return EnumSet.allOf(Family.class);
        }
        return EnumSet.of(v4 ? Family.IPV4 : Family.IPV6);
    }

    /** The target's addresses, one for each wanted version of IP that it has. */
    List<InetAddress> targetAddresses() {
        Map<Family, InetAddress> found = new EnumMap<>(Family.class);
        for (InetAddress address : resolve("target", target().orElseThrow())) {
            if (families().contains(Family.of(address))) {
                found.putIfAbsent(Family.of(address), address);
            }
        }
        if (found.isEmpty()) {
            throw new UsageException("target " + target().get() + " has no address of the version that is asked for");
        }
        found.values().forEach(HostNetwork::requireSingleHost);
        return List.copyOf(found.values());
    }

    List<InetAddress> sources() {
        Map<Family, InetAddress> sources = new EnumMap<>(Family.class);
        for (String text : list("source")) {
            for (InetAddress address : resolve("source", text)) {
                if (!HostNetwork.isOfSingleHost(address)) {
                    throw new UsageException(where("source") + ": " + Ip.text(address)
                            + " is the address of no single machine: name one of the target's subnet that nobody uses");
                }
                InetAddress other = sources.put(Family.of(address), address);
                if (other != null) {
                    throw new UsageException(where("source") + ": " + Ip.text(other) + " and " + Ip.text(address)
                            + " are of one version of IP: give one address for each");
                }
            }
        }
        return List.copyOf(sources.values());
    }

    private List<InetAddress> resolve(String option, String text) {
        try {
            return List.of(InetAddress.getAllByName(text));
        } catch (UnknownHostException e) {
            throw new UsageException(where(option) + ": '" + text + "' is neither an address nor a name that resolves");
        }
    }

    /** Features that the target is said to have. */
    Set<Feature> features() {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        for (String name : list("feature")) {
            features.add(Feature.named(name)
                    .orElseThrow(() ->
                            new UsageException(where("feature") + ": unknown feature '" + name + "'; there are "
                                    + String.join(
                                            ", ",
                                            java.util.Arrays.stream(Feature.values())
                                                    .map(Feature::label)
                                                    .toList()))));
        }
        return features;
    }

    /** The rule set that is demanded; empty to go by what is found. */
    Optional<Profile> profile() {
        return one("profile").map(name -> {
            try {
                return Profile.named(name);
            } catch (IllegalArgumentException e) {
                throw new UsageException(
                        where("profile") + " is P793, P9293, P5961 or P5961D, perhaps with +P1337, not '" + name + "'");
            }
        });
    }

    /** The way to the target that the options name. */
    Approach.Request approach() {
        return approach(targetAddresses(), interfaceName().orElse(null), sources(), false);
    }

    /**
     * The way to a target whose addresses and interface are known from elsewhere, such as a lab.
     *
     * @param lockstep whether it needs to be sent to in lockstep, asked for or not
     */
    Approach.Request approach(
            List<InetAddress> targets, String interfaceName, List<InetAddress> sources, boolean lockstep) {
        return new Approach.Request(
                targets,
                interfaceName,
                sources,
                sourceMode(),
                vlan(),
                impairment().orElse(null),
                lockstep || lockstep(),
                new Approach.Bounds(
                        permissions().contains(Permission.OWN_ADDRESS),
                        permissions().contains(Permission.FOREIGN_ADDRESSES),
                        rate()));
    }

    /** Whether each segment waits until the target has read the one before. */
    boolean lockstep() {
        return flag("lockstep");
    }

    /** Segments in a second, at the most. */
    int rate() {
        return number("rate", Pace.LEAST, Pace.MOST).orElse((long) Pace.USUAL).intValue();
    }

    /** What is permitted; the link of a lab has nobody on it but the lab and us. */
    Set<Permission> permissions() {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        for (String word : list("allow")) {
            permissions.add(Permission.named(word)
                    .orElseThrow(() -> new UsageException(where("allow") + ": there is no '" + word + "' to allow;"
                            + " there are "
                            + String.join(
                                    ", ",
                                    Arrays.stream(Permission.values())
                                            .map(Permission::word)
                                            .toList()))));
        }
        if (lab().isPresent()) {
            permissions.add(Permission.FOREIGN_ADDRESSES);
        }
        return permissions;
    }

    /** Ports by what they offer, as far as given. */
    Map<Stimulus, Integer> ports() {
        Map<Stimulus, Integer> ports = new EnumMap<>(Stimulus.class);
        for (String service : list("service")) {
            int equals = service.indexOf('=');
            if (equals < 0) {
                throw new UsageException(where("service") + " takes NAME=PORT, not '" + service + "'");
            }
            String name = service.substring(0, equals);
            Stimulus stimulus = Stimulus.named(name)
                    .filter(s -> s != Stimulus.OPEN_PORT && s != Stimulus.CLOSED_PORT)
                    .orElseThrow(() -> new UsageException(where("service") + ": unknown service '" + name
                            + "'; there are " + String.join(", ", serviceNames())));
            if (ports.put(stimulus, port(where("service") + " " + name, service.substring(equals + 1))) != null) {
                throw new UsageException(where("service") + ": " + name + " is given twice");
            }
        }
        one("open-port").ifPresent(p -> ports.put(Stimulus.OPEN_PORT, port(where("open-port"), p)));
        one("closed-port").ifPresent(p -> ports.put(Stimulus.CLOSED_PORT, port(where("closed-port"), p)));
        if (!ports.containsKey(Stimulus.OPEN_PORT)) {
            ports.entrySet().stream()
                    .filter(e -> e.getKey() != Stimulus.CLOSED_PORT)
                    .findFirst()
                    .ifPresent(e -> ports.put(Stimulus.OPEN_PORT, e.getValue()));
        }
        return ports;
    }

    static List<String> serviceNames() {
        return java.util.Arrays.stream(Stimulus.values())
                .filter(s -> s != Stimulus.OPEN_PORT && s != Stimulus.CLOSED_PORT)
                .map(Stimulus::label)
                .toList();
    }

    private static int port(String where, String text) {
        return (int) number(where, text, 1, 65_535);
    }

    private Optional<Long> number(String option, long least, long most) {
        return one(option).map(text -> number(where(option), text, least, most));
    }

    private static long number(String where, String text, long least, long most) {
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the one message for both
        }
        throw new UsageException(where + " takes a number from " + least + " to "
                + (most == Long.MAX_VALUE ? "2^63-1" : most) + ", not '" + text + "'");
    }

    Optional<Level> level() {
        return one("level").map(text -> {
            try {
                return Level.valueOf(text.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new UsageException(where("level") + " is must, should or may, not '" + text + "'");
            }
        });
    }

    String suiteName() {
        return String.join("+", list("suite").isEmpty() ? List.of("default") : list("suite"));
    }

    /**
     * The ids of the cases, chosen or not, in the suites that are asked for.
     *
     * @param others whether to look into all other suites of the folder as well, which takes longer
     */
    Set<String> caseIds(boolean others) {
        Set<Class<?>> classes = new LinkedHashSet<>();
        suites().forEach(suite -> classes.addAll(suite.classes()));
        for (String suite : others ? SuiteFile.names(Tool.suites()) : List.<String>of()) {
            try {
                classes.addAll(SuiteFile.load(suite, Tool.suites()).classes());
            } catch (SuiteFile.SuiteException e) {
                // a broken file that nobody asks for is no reason not to run
                continue;
            }
        }
        Set<String> ids = new TreeSet<>();
        classes.forEach(c -> CaseDescriptor.of(c).forEach(d -> ids.add(d.id())));
        return ids;
    }

    /** The suites that are asked for. */
    private List<SuiteFile> suites() {
        if (suites == null) {
            suites = load(list("suite").isEmpty() ? List.of("default") : list("suite"));
        }
        return suites;
    }

    private static List<SuiteFile> load(List<String> names) {
        // takes as long as reading the suite, and need not wait for it
        Thread catalogue = new Thread(Catalogue::get, "catalogue");
        catalogue.setDaemon(true);
        catalogue.start();
        try {
            return names.stream()
                    .map(name -> SuiteFile.load(name, Tool.suites()))
                    .toList();
        } catch (SuiteFile.SuiteException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /**
     * Demands that cases are chosen, and that each glob has a part in it.
     *
     * @throws Stop if no case is chosen
     * @throws UsageException if a glob fits none of all cases there are, as a misspelt one does
     */
    void requireSelected() {
        if (cases().isEmpty()) {
            throw new Stop(
                    ExitCode.NOTHING_SELECTED,
                    "no case of suite " + suiteName() + " is selected; `tcpconform list` shows what there is");
        }
        if (list("match").isEmpty() && list("skip").isEmpty()) {
            return;
        }
        List<CaseDescriptor> all = cases(load(EVERY_SUITE), Selection.ALL);
        for (String option : List.of("match", "skip")) {
            for (String glob : list(option)) {
                if (!Selection.fits(glob, all)) {
                    throw new UsageException(where(option) + ": " + glob
                            + " fits no case there is, by id, tag, requirement or section (* stands for any text, ? for one"
                            + " character); `tcpconform list` shows what there is");
                }
            }
        }
    }

    /** The cases that are chosen, in order of id. */
    List<CaseDescriptor> cases() {
        if (cases == null) {
            cases = cases(suites(), selection());
        }
        return cases;
    }

    /**
     * The cases that are chosen and permitted, in order of id.
     *
     * @throws UsageException where intrusive ones are chosen and not permitted, or no other is chosen than those that
     *     concern other hosts
     */
    List<CaseDescriptor> permittedCases() {
        Set<Permission> given = permissions();
        List<CaseDescriptor> intrusive =
                cases().stream().filter(c -> c.annotation().intrusive()).toList();
        if (!intrusive.isEmpty() && !given.contains(Permission.INTRUSIVE)) {
            throw new UsageException(several(intrusive) + " load target and network beyond the usual, with floods of up"
                    + " to thousands of SYNs: permit it with --allow intrusive");
        }
        List<CaseDescriptor> permitted =
                cases().stream().filter(c -> !leftOut().contains(c)).toList();
        if (permitted.isEmpty() && !leftOut().isEmpty()) {
            throw new UsageException(several(leftOut()) + " send to broadcast or multicast addresses, or from addresses"
                    + " that are not ours: permit it with --allow foreign-addresses");
        }
        return permitted;
    }

    /** Cases that are chosen and left out since they concern other hosts, which is not permitted. */
    List<CaseDescriptor> leftOut() {
        if (leftOut == null) {
            leftOut = permissions().contains(Permission.FOREIGN_ADDRESSES)
                    ? List.of()
                    : cases().stream()
                            .filter(c -> c.annotation().foreignAddresses())
                            .toList();
        }
        return leftOut;
    }

    private static String several(List<CaseDescriptor> some) {
        return some.size() + " of the cases (" + some.get(0).id() + (some.size() > 1 ? ", …" : "") + ")";
    }

    /** All cases of the suites that are named, or else all there are, whatever else would choose among them. */
    List<CaseDescriptor> allCases() {
        return cases(
                list("suite").isEmpty() ? load(EVERY_SUITE) : suites(),
                new Selection(List.of(), List.of(), null, families(), true));
    }

    /** The cases of the whole run that are not skipped, whatever suite they are in, for some versions of IP. */
    List<CaseDescriptor> wholeRunCases(Set<Family> families) {
        return cases(load(List.of("full")), new Selection(List.of(), list("skip"), null, families, false)).stream()
                .filter(c -> c.annotation().wholeRun())
                .toList();
    }

    /** What the options choose. */
    Selection selection() {
        return new Selection(list("match"), list("skip"), level().orElse(null), families(), true);
    }

    private static List<CaseDescriptor> cases(List<SuiteFile> suites, Selection selection) {
        Map<String, CaseDescriptor> cases = new TreeMap<>();
        suites.forEach(suite -> suite.cases(selection).forEach(c -> cases.put(c.id(), c)));
        return List.copyOf(cases.values());
    }
}
