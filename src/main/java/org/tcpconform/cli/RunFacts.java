package org.tcpconform.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.Conformance;
import org.tcpconform.run.Prober;
import org.tcpconform.run.RunResult;
import org.tcpconform.segment.Ip;
import org.tcpconform.target.Approach;
import org.tcpconform.target.Target;
import org.tcpconform.wire.Impairment;
import org.tcpconform.wire.PcapLink;

/** What the reports say of a run besides its verdicts: on what, on which way and by what it was made. */
final class RunFacts {
    private RunFacts() {}

    static RunResult.Target identity(Target target) {
        List<String> addresses = new ArrayList<>();
        target.routes().values().forEach(r -> addresses.add(Ip.text(r.target())));
        Map<String, Integer> ports = new LinkedHashMap<>();
        target.ports().forEach((s, p) -> ports.put(s.label(), p));
        return new RunResult.Target(target.name(), target.description(), addresses, ports);
    }

    static List<Conformance.FeatureFound> features(Target target, Prober.Found found) {
        List<Conformance.FeatureFound> features = new ArrayList<>();
        found.features()
                .forEach((feature, finding) -> features.add(new Conformance.FeatureFound(
                        feature.label(),
                        feature.meaning(),
                        feature.source(),
                        finding.presence().word(),
                        target.claimed().contains(feature),
                        finding.evidence())));
        return features;
    }

    static Map<String, String> environment(
            Approach approach,
            Target target,
            int restarts,
            Optional<Impairment> impairment,
            Optional<RunResult> earlier,
            List<CaseResult> taken) {
        Map<String, String> facts = new LinkedHashMap<>();
        earlier.ifPresent(before -> facts.put(
                "resumed", taken.size() + " verdicts are of an earlier part, which ended early: " + before.aborted()));
        facts.put("interface", approach.interfaceName());
        impairment.ifPresent(i -> facts.put("network impaired on purpose", i.toString()));
        approach.routes()
                .forEach((family, route) -> facts.put(
                        family.label() + " path",
                        Ip.text(route.source()) + " to "
                                + Ip.text(route.target())
                                + (route.onLink() ? "" : " by " + Ip.text(route.nextHop()))));
        facts.put("our Ethernet address", approach.station().mac().toString());
        facts.put(
                "round-trip time",
                String.format(Locale.ROOT, "%.3f ms", target.timing().rtt().toNanos() / 1e6));
        facts.put("frames lost by the capture", Long.toString(approach.station().dropped()));
        if (restarts > 0) {
            facts.put("restarts of the target", Integer.toString(restarts));
        }
        facts.put("Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put("libpcap", PcapLink.libraryVersion());
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        return facts;
    }
}
