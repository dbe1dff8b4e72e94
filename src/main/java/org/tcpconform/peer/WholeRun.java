package org.tcpconform.peer;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameRule;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NonConformity;
import org.tcpconform.wire.Captured;

/**
 * All segments that the target sends in a run, over one version of IP, whatever case they come in: what they show of the
 * rules that hold for every segment. A breach counts when it came again in another attempt of the same case, since what
 * comes once may have been damaged by the network.
 */
public final class WholeRun {
    private static final int EXAMPLES = 5;
    private static final int CASES_SHOWN = 5;

    /** On a network that was seen to harm frames no smaller share of them is put down to the target. */
    private static final double SHARE_ON_BAD_NETWORK = 0.2;

    private final InetAddress target;
    private final Set<String> cases = new HashSet<>();
    private final Map<FrameRule, Breach> breaches = new EnumMap<>(FrameRule.class);
    private long segments;

    private static final class Breach {
        private final Set<String> cases = new TreeSet<>();
        private final List<Captured> examples = new ArrayList<>();
        private final List<String> lines = new ArrayList<>();
        private long segments;
        private long leftToHardware;
        private boolean cameAgain;
    }

    /** @param target address of the target; what others send is not looked at */
    public WholeRun(InetAddress target) {
        this.target = target;
    }

    /**
     * Takes in what came in one attempt of a case.
     *
     * @return the rules that were broken in it and of which it is not known whether they are broken every time
     */
    public synchronized Set<FrameRule> look(String caseId, CaseLog log) {
        Map<FrameRule, List<Captured>> broken = look(caseId, log.frames());
        broken.forEach((rule, frames) -> log.remark(frames.size() + " of the segments that came have " + rule.breach()
                + "; that is judged over the whole run (" + rule.requirement() + ")"));
        return broken.keySet().stream()
                .filter(rule -> !breaches.get(rule).cameAgain)
                .collect(Collectors.toSet());
    }

    /**
     * Takes in what came in one attempt of a case.
     *
     * @return the segments that break a rule
     */
    public synchronized Map<FrameRule, List<Captured>> look(String caseId, List<Captured> frames) {
        Map<FrameRule, List<Captured>> broken = new EnumMap<>(FrameRule.class);
        flows(frames).forEach(flow -> look(caseId, flow, broken));
        broken.keySet().forEach(rule -> {
            Breach breach = breaches.get(rule);
            breach.cameAgain |= !breach.cases.add(caseId);
        });
        return broken;
    }

    /**
     * Takes in what came in a case that ran in an earlier part of the same run, unless a rule was broken in it: whether it
     * is broken every time only the case itself can show, run again.
     *
     * @return whether it was taken in
     */
    public synchronized boolean recall(String caseId, List<Captured> frames) {
        Collection<List<Captured>> flows = flows(frames);
        if (flows.stream().anyMatch(this::breaksRule)) {
            return false;
        }
        flows.forEach(flow -> look(caseId, flow, new EnumMap<>(FrameRule.class)));
        return true;
    }

    private boolean breaksRule(List<Captured> flow) {
        boolean accurateEcn = flow.stream().anyMatch(WholeRun::startsAccurateEcn);
        return flow.stream()
                .filter(this::isOfTarget)
                .anyMatch(c ->
                        !FrameRule.broken((Frame.Tcp) c.frame(), accurateEcn).isEmpty());
    }

    private boolean isOfTarget(Captured c) {
        return !c.outgoing() && ((Frame.Tcp) c.frame()).source().equals(target);
    }

    /** The segments by our port. */
    private static Collection<List<Captured>> flows(List<Captured> frames) {
        Map<Integer, List<Captured>> flows = new TreeMap<>();
        for (Captured c : frames) {
            if (c.frame() instanceof Frame.Tcp tcp) {
                WireSegment s = tcp.segment();
                flows.computeIfAbsent(c.outgoing() ? s.sourcePort() : s.destinationPort(), port -> new ArrayList<>())
                        .add(c);
            }
        }
        return flows.values();
    }

    private void look(String caseId, List<Captured> flow, Map<FrameRule, List<Captured>> broken) {
        boolean accurateEcn = flow.stream().anyMatch(WholeRun::startsAccurateEcn);
        Lines lines = null;
        for (Captured c : flow) {
            if (!isOfTarget(c)) {
                continue;
            }
            Frame.Tcp tcp = (Frame.Tcp) c.frame();
            segments++;
            cases.add(caseId);
            for (FrameRule rule : FrameRule.broken(tcp, accurateEcn)) {
                broken.computeIfAbsent(rule, r -> new ArrayList<>()).add(c);
                Breach breach = breaches.computeIfAbsent(rule, r -> new Breach());
                breach.segments++;
                breach.leftToHardware += rule == FrameRule.CHECKSUM && tcp.checksumLeftToHardware() ? 1 : 0;
                if (breach.examples.size() < EXAMPLES) {
                    lines = lines == null ? Lines.of(flow) : lines;
                    breach.examples.add(c);
                    breach.lines.add(caseId + ": " + lines.of(c));
                }
            }
        }
    }

    /** RFC 9768, 3.1.1: the bit may be used where we have set it, or where the target asks for its use. */
    private static boolean startsAccurateEcn(Captured c) {
        WireSegment s = ((Frame.Tcp) c.frame()).segment();
        return (s.reserved() & FrameRule.ACCURATE_ECN) != 0
                && (c.outgoing() || s.has(Flag.SYN) && s.has(Flag.ECE) && s.has(Flag.CWR));
    }

    /** Whether any segment broke the rule of a requirement. */
    public synchronized boolean isBroken(String requirement) {
        return breaches.keySet().stream().anyMatch(rule -> rule.requirement().equals(requirement));
    }

    /** Judges a rule by all that came so far, with the first of the segments that break it as evidence. */
    synchronized void judge(FrameRule rule, CaseLog log) {
        if (segments == 0) {
            throw new Inconclusive(Failure.of(
                    "nothing-seen",
                    "no case before this one had a segment from the target, so that there is none to judge"));
        }
        Breach breach = breaches.get(rule);
        if (breach == null) {
            log.remark("all " + segments + " segments that the target sent in " + cases.size() + " cases");
            return;
        }
        log.evidence(breach.examples);
        String summary = String.format(
                Locale.ROOT,
                "%d of the %d segments that the target sent, in %d of %d cases, have %s",
                breach.segments,
                segments,
                breach.cases.size(),
                cases.size(),
                rule.breach());
        String text = "  cases:    "
                + breach.cases.stream().limit(CASES_SHOWN).collect(Collectors.joining(", "))
                + (breach.cases.size() > CASES_SHOWN ? " and " + (breach.cases.size() - CASES_SHOWN) + " more" : "")
                + "\n  came:     " + String.join("\n            ", breach.lines) + "\n";
        if (breach.segments == breach.leftToHardware) {
            throw new Inconclusive(new Failure(
                    "checksum-offload",
                    summary + ": the field has the sum of the pseudo-header alone, which the network interface, ours or"
                            + " the target's, is left to complete; switch its offloads off (tcpconform doctor) and run again",
                    text));
        }
        boolean fewOnBadNetwork = log.network().isHarmful() && breach.segments < segments * SHARE_ON_BAD_NETWORK;
        if (!breach.cameAgain || fewOnBadNetwork) {
            throw new Inconclusive(new Failure(
                    "not-reproducible",
                    summary
                            + (fewOnBadNetwork ? "" : ", and not again when the case was run again")
                            + ": the network may have damaged them",
                    text));
        }
        throw new NonConformity(new Failure(rule.code(), summary, text));
    }
}
