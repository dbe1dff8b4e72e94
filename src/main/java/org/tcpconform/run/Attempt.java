package org.tcpconform.run;

import java.lang.reflect.InvocationTargetException;
import java.util.Set;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.HangGuard;
import org.tcpconform.peer.Network;
import org.tcpconform.peer.Peer;
import org.tcpconform.segment.FrameRule;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.FailureCode;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NonConformity;
import org.tcpconform.verdict.NotApplicable;
import org.tcpconform.verdict.Verdict;
import org.tcpconform.wire.LinkDownException;

/** One execution of a case on fresh connections. */
record Attempt(CaseLog log, Verdict verdict, Failure failure) {

    /**
     * Runs the case.
     *
     * @param instance the test class's instance
     * @param log evidence of this attempt; closed when it returns
     * @param peer the case's first peer, of {@code log}
     */
    static Attempt run(CaseDescriptor descriptor, Object instance, CaseLog log, Peer peer) {
        Throwable thrown = null;
        try {
            if (descriptor.row() == null) {
                descriptor.method().invoke(instance, peer);
            } else {
                descriptor.method().invoke(instance, peer, descriptor.row());
            }
        } catch (InvocationTargetException e) {
            thrown = e.getCause();
        } catch (IllegalAccessException | IllegalArgumentException e) {
            thrown = e;
        }
        // it has stopped: what told it to must not keep its connections from being ended
        Thread.interrupted();
        try {
            log.close();
        } catch (RuntimeException e) {
            thrown = thrown == null ? e : thrown;
        }
        return judge(descriptor, log, thrown);
    }

    /**
     * The same where something came between us and the truth: whatever was seen, it proves nothing. A frame that was lost
     * may have been the answer, or what ought not to have come; stamps on both sides of a step make any delay.
     *
     * @param what it was
     */
    Attempt disturbed(String what) {
        return verdict == Verdict.NOT_APPLICABLE
                ? this
                : new Attempt(
                        log,
                        Verdict.INCONCLUSIVE,
                        new Failure("disturbed", what + " during the case", failure == null ? "" : failure.text()));
    }

    boolean isDisturbed() {
        return failure != null && failure.code().equals("disturbed");
    }

    /**
     * Whether a failure may come of segments that were damaged, which the case is not about: they are as good as lost. The
     * cases of the whole run judge them, once for all.
     */
    private static boolean isDamaged(CaseDescriptor descriptor, CaseLog log) {
        Set<FrameRule> damage = log.damage();
        return !damage.isEmpty()
                && damage.stream()
                        .noneMatch(
                                rule -> descriptor.rules().stream().anyMatch(r -> r.id().equals(rule.requirement())));
    }

    /** Whether the network may have made what the target seems to have done, in this attempt and any other. */
    static boolean isOfTheNetwork(Network network, Failure failure) {
        return network.isRuinous()
                || FailureCode.find(failure.code())
                        .filter(code ->
                                network.isRestless() && code.isOfOrder() || network.isHarmful() && code.isOfNumber())
                        .isPresent();
    }

    private static Attempt judge(CaseDescriptor descriptor, CaseLog log, Throwable thrown) {
        if (thrown == null) {
            return log.silenceUnproved()
                    ? new Attempt(
                            log,
                            Verdict.ERROR,
                            Failure.of(
                                    "silence-unproved",
                                    "the case took silence for right and asked for no sign of life afterwards"))
                    : new Attempt(log, Verdict.PASS, null);
        }
        if (thrown instanceof NonConformity e && isOfTheNetwork(log.network(), e.failure())) {
            return new Attempt(
                    log,
                    Verdict.INCONCLUSIVE,
                    new Failure(
                            "restless-network",
                            e.failure().summary()
                                    + ", on a network that changes when segments come, in which order and how often",
                            e.failure().text()));
        }
        if (thrown instanceof NonConformity e && isDamaged(descriptor, log)) {
            return new Attempt(
                    log,
                    Verdict.INCONCLUSIVE,
                    new Failure(
                            "damaged-answer", e.failure().summary(), e.failure().text()));
        }
        if (thrown instanceof NonConformity e) {
            return new Attempt(log, Verdict.FAIL, e.failure());
        }
        if (thrown instanceof Inconclusive e) {
            return new Attempt(log, Verdict.INCONCLUSIVE, e.failure());
        }
        if (thrown instanceof NotApplicable e) {
            return new Attempt(log, Verdict.NOT_APPLICABLE, Failure.of("not-offered", e.getMessage()));
        }
        if (thrown instanceof LinkDownException e) {
            return new Attempt(log, Verdict.INCONCLUSIVE, Failure.of("link-down", e.getMessage()));
        }
        if (thrown instanceof HangGuard e) {
            return new Attempt(log, Verdict.ERROR, Failure.of("hang-guard", e.getMessage()));
        }
        StringBuilder trace = new StringBuilder();
        trace.append(thrown).append('\n');
        for (StackTraceElement element : thrown.getStackTrace()) {
            if (element.getClassName().startsWith("org.tcpconform")) {
                trace.append("    at ").append(element).append('\n');
            }
        }
        return new Attempt(log, Verdict.ERROR, new Failure("harness-fault", thrown.toString(), trace.toString()));
    }
}
