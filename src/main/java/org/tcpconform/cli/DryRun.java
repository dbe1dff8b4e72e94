package org.tcpconform.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.tcpconform.run.CaseDescriptor;
import org.tcpconform.run.RunBounds;
import org.tcpconform.run.Runner;

/** What a run would do, in words. */
final class DryRun {
    private DryRun() {}

    /** Tells the cases, and the most that they send. */
    static void tell(RunSettings settings, List<CaseDescriptor> cases, PrintStream out) {
        cases.forEach(c -> out.println(c.id() + "  " + c.title()));
        out.println(cases.size() + " cases, none run");
        long foreign =
                cases.stream().filter(c -> c.annotation().foreignAddresses()).count();
        out.println("The most that is sent to each target:");
        out.println("  if each case passes at once:  " + words(settings, cases, 1));
        out.println("  if each is tried " + Runner.MOST_ATTEMPTS + " times:    "
                + words(settings, cases, Runner.MOST_ATTEMPTS));
        out.println("  on a network that loses, damages or delays frames up to " + Runner.MORE_ON_BAD_NETWORK
                + " times the former");
        out.println("  besides: ARP or neighbour discovery for the target or its gateway and for our own address, in"
                + " lockstep once for each segment");
        out.println("  and what a case sends that begins anew, with the time it takes: "
                + RunBounds.beginningAnew(
                        settings.lab().isPresent() || settings.restartCommand().isPresent()));
        out.println("  to others: "
                + (foreign == 0
                        ? "nothing"
                        : foreign + " cases send to broadcast or multicast"
                                + " addresses, or from addresses not ours, so that a target may answer to others"));
        if (!settings.leftOut().isEmpty()) {
            out.println("  left out: " + leftOut(settings));
        }
    }

    private static String words(RunSettings settings, List<CaseDescriptor> cases, int attempts) {
        RunBounds most = RunBounds.of(cases, settings.jobs(), settings.isnSamples(), settings.rate(), attempts);
        return String.format(
                Locale.ROOT,
                "%,d segments, %,d octets, %,d connections, of which %,d half-open at once, in %s",
                most.segments(),
                most.octets(),
                most.connections(),
                most.halfOpen(),
                Duration.ofSeconds(most.seconds()).toString().substring(2).toLowerCase(Locale.ROOT));
    }

    /** Which of the cases that were chosen will not run, and how they would. */
    static String leftOut(RunSettings settings) {
        return settings.leftOut().size() + " cases, which send to broadcast or multicast, or from addresses not ours:"
                + " --allow foreign-addresses runs them";
    }
}
