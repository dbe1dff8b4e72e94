package org.tcpconform.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tcpconform.run.Conformance;
import org.tcpconform.run.RunResult;

/** What a run must have in common with the earlier part that it goes on with. */
final class Resumption {
    private Resumption() {}

    /** Whether the run to go on with is one of this tool's; the exit code where it is complete, and nothing is to be done. */
    static Optional<ExitCode> over(RunSettings settings, PrintStream out) {
        RunResult earlier = settings.earlier().orElseThrow();
        Path dir = settings.resumed().orElseThrow();
        if (!earlier.tool().equals(Tool.identity())) {
            throw new UsageException(dir + " is of " + named(earlier.tool()) + ", and this is " + named(Tool.identity())
                    + ", whose cases may be others: run anew");
        }
        if (earlier.aborted() != null) {
            return Optional.empty();
        }
        out.println(dir + " holds a run that came to its end: there is nothing to go on with");
        return Optional.of(RunCommand.code(earlier, settings.strict()));
    }

    private static String named(RunResult.Tool tool) {
        return tool.name() + " " + tool.version() + " (" + tool.commit() + ")";
    }

    /** Ports that the earlier part has used: what the target still has of it must not meet ours. */
    static Set<Integer> usedPorts(Optional<RunResult> earlier) {
        return earlier.map(RunResult::cases).orElse(List.of()).stream()
                .flatMap(c -> c.ports().stream())
                .collect(Collectors.toSet());
    }

    /** Verdicts on one target must not stand beside those on another. */
    static void sameTarget(
            RunResult before,
            RunResult.Target target,
            Conformance.ProfileFound profile,
            List<Conformance.FeatureFound> features) {
        refuseOther("address", before.target().addresses(), target.addresses());
        refuseOther("name", before.target().name(), target.name());
        refuseOther("description", before.target().description(), target.description());
        Conformance then = before.conformance();
        refuseOther("rule set", then.profile().name(), profile.name());
        refuseOther("features", presence(then.features()), presence(features));
    }

    private static List<String> presence(List<Conformance.FeatureFound> features) {
        return features.stream().map(f -> f.name() + " " + f.presence()).toList();
    }

    private static void refuseOther(String what, Object then, Object now) {
        if (!then.equals(now)) {
            throw new Stop(
                    ExitCode.ENVIRONMENT,
                    "the target is not the one that the run began with: its " + what + " was " + then + " and is " + now
                            + "; run anew");
        }
    }
}
