package org.tcpconform.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.commons.cli.Options;
import org.tcpconform.lab.Rootless;
import org.tcpconform.run.Preflight;
import org.tcpconform.run.RunResult;
import org.tcpconform.segment.Ip;
import org.tcpconform.target.AddressException;
import org.tcpconform.target.Approach;
import org.tcpconform.target.EnvironmentException;
import org.tcpconform.target.HostNetwork;
import org.tcpconform.target.Target;
import org.tcpconform.wire.LinkException;
import org.tcpconform.wire.PcapLink;

/** {@code doctor}: looks at the machine, and at a target, for what would spoil verdicts. */
final class DoctorCommand implements Command {
    /** Offloads that falsify what is captured. */
    private static final List<String> HARMFUL =
            List.of("tx-checksumming", "generic-receive-offload", "large-receive-offload");

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String summary() {
        return "look for what would spoil a run: on this machine, and with --target on the way to a target";
    }

    @Override
    public String arguments() {
        return "[--target ADDRESS [option]…]";
    }

    @Override
    public Options options() {
        return RunOption.options(RunOption.of(name()));
    }

    @Override
    public List<String[]> examples() {
        return List.of(
                new String[] {"tcpconform doctor", "this machine"},
                new String[] {"tcpconform doctor --target 192.0.2.10 --interface eth1", "and the way to a target"});
    }

    @Override
    public ExitCode execute(Arguments arguments, PrintStream out) {
        arguments.atMost(0);
        RunSettings settings = new RunSettings(arguments, RunOption.of(name()));
        Optional<Approach.Request> way = settings.target().map(target -> {
            RunCommand.check(settings);
            return settings.approach();
        });
        if (way.isEmpty()) {
            arguments.other("config").ifPresent(option -> {
                throw new UsageException(
                        "--" + option + " is about the way to a target: give --target ADDRESS as well");
            });
        }
        boolean sound = machine(out);
        if (way.isPresent()) {
            sound &= target(settings, way.get(), out);
        }
        return sound ? ExitCode.PASSED : ExitCode.ENVIRONMENT;
    }

    private static boolean machine(PrintStream out) {
        boolean sound = true;
        line(out, true, "Java", System.getProperty("java.runtime.version"));
        try {
            line(out, true, "libpcap", PcapLink.libraryVersion());
        } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
            line(out, false, "libpcap", "cannot be loaded: apt-get install libpcap0.8");
            sound = false;
        }
        sound &= tool(out, "ip", "iproute2", true);
        sound &= tool(out, "ethtool", "ethtool", true);
        tool(out, "nft", "nftables", false);
        boolean rights = !Rootless.needed();
        line(
                out,
                rights,
                "rights",
                rights
                        ? "enough for real interfaces and labs"
                        : "not enough for a real interface (run as root); a lab uses user namespaces instead");
        for (String name : HostNetwork.interfaces()) {
            List<String> on = offloads(name);
            line(
                    out,
                    on.isEmpty(),
                    "interface " + name,
                    on.isEmpty()
                            ? "no offload that falsifies captures"
                            : String.join(", ", on) + " on: before judging over it, ethtool -K " + name
                                    + " tx off rx off gro off lro off");
        }
        return sound;
    }

    private static boolean target(RunSettings settings, Approach.Request request, PrintStream out) {
        long seed = settings.seed().orElse(1L);
        try (Approach approach = Approach.open(request, seed)) {
            approach.routes()
                    .forEach((family, route) -> line(
                            out,
                            true,
                            family.label() + " path",
                            Ip.text(route.source()) + " to "
                                    + Ip.text(route.target()) + " on "
                                    + approach.interfaceName()
                                    + (route.onLink() ? "" : " by " + Ip.text(route.nextHop()))));
            Preflight preflight = new Preflight(approach.station(), seed);
            try {
                preflight.check(Target.at(
                        settings.target().orElseThrow(), "", approach.routes(), settings.ports(), settings.features()));
            } catch (EnvironmentException e) {
                preflight.checks().forEach(c -> line(out, c));
                line(out, false, "advice", e.getMessage());
                return false;
            }
            preflight.checks().forEach(c -> line(out, c));
            return true;
        } catch (AddressException | EnvironmentException | LinkException e) {
            line(out, false, "target", e.getMessage());
            return false;
        }
    }

    private static void line(PrintStream out, RunResult.Check check) {
        line(out, check.ok(), check.name(), check.detail());
    }

    private static void line(PrintStream out, boolean ok, String what, String detail) {
        out.printf("%-4s %-26s %s%n", ok ? "ok" : "!", what, detail);
    }

    private static boolean tool(PrintStream out, String command, String aPackage, boolean needed) {
        Optional<Path> found =
                List.of((System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin").split(":")).stream()
                        .map(folder -> Path.of(folder, command))
                        .filter(Files::isExecutable)
                        .findFirst();
        line(
                out,
                found.isPresent() || !needed,
                command,
                found.map(Path::toString)
                        .orElse((needed ? "missing" : "missing, needed for --source-mode host only")
                                + ": apt-get install " + aPackage));
        return found.isPresent();
    }

    private static List<String> offloads(String interfaceName) {
        List<String> on = new ArrayList<>();
        try {
            Process ethtool = new ProcessBuilder("ethtool", "-k", interfaceName)
                    .redirectErrorStream(true)
                    .start();
            ethtool.getOutputStream().close();
            String text = new String(ethtool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            ethtool.waitFor(5, TimeUnit.SECONDS);
            text.lines()
                    .forEach(l -> HARMFUL.stream()
                            .filter(h -> l.startsWith(h + ": on"))
                            .forEach(on::add));
        } catch (IOException e) {
            on.clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return on;
    }
}
