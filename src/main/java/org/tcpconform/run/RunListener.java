package org.tcpconform.run;

import java.util.Collection;
import java.util.List;

/** Hears what happens in a run; called from the threads that run the cases, so implementations must be thread-safe. */
public interface RunListener {
    /** The run has been planned; {@code cases} is how many will run. */
    default void started(RunPlan plan, int cases) {}

    /** The run goes on after an earlier part of it, which has found this. */
    default void takenOver(List<CaseResult> results) {}

    /** A case begins. */
    default void begun(String caseId) {}

    /** A case has its verdict. Called on the case's own thread, inside its TestNG invocation. */
    default void ended(CaseResult result) {}

    /** A case that had its verdict has another: it was found to end the target afterwards. Called on any thread. */
    default void amended(CaseResult before, CaseResult result) {}

    /** Something happened that whoever watches the run wants to know: one line. */
    default void noted(String line) {}

    /** All cases are done. */
    default void finished(RunResult result) {}

    /** What is known before the first case. */
    record RunPlan(
            RunResult.Tool tool,
            RunResult.Target target,
            String suite,
            long seed,
            int jobs,
            Conformance.ProfileFound profile,
            List<Conformance.FeatureFound> features,
            RunResult.Expected expectations) {

        /** A plan without expectations. */
        public RunPlan(
                RunResult.Tool tool,
                RunResult.Target target,
                String suite,
                long seed,
                int jobs,
                Conformance.ProfileFound profile,
                List<Conformance.FeatureFound> features) {
            this(tool, target, suite, seed, jobs, profile, features, null);
        }
    }

    /** A listener that passes everything on to several. */
    static RunListener all(Collection<? extends RunListener> listeners) {
        return new RunListener() {
            @Override
            public void started(RunPlan plan, int cases) {
                listeners.forEach(l -> l.started(plan, cases));
            }

            @Override
            public void takenOver(List<CaseResult> results) {
                listeners.forEach(l -> l.takenOver(results));
            }

            @Override
            public void begun(String caseId) {
                listeners.forEach(l -> l.begun(caseId));
            }

            @Override
            public void ended(CaseResult result) {
                listeners.forEach(l -> l.ended(result));
            }

            @Override
            public void amended(CaseResult before, CaseResult result) {
                listeners.forEach(l -> l.amended(before, result));
            }

            @Override
            public void noted(String line) {
                listeners.forEach(l -> l.noted(line));
            }

            @Override
            public void finished(RunResult result) {
                listeners.forEach(l -> l.finished(result));
            }
        };
    }
}
