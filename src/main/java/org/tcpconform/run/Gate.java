package org.tcpconform.run;

import java.util.List;
import org.tcpconform.verdict.FailureCode;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Verdict;

/**
 * Which results make a run fail.
 *
 * <p>Without expectations: a FAIL of a rule, where the user is strict of advice, and the death of the target at any level.
 * With expectations the file is the whole list of what is known not to pass, so each FAIL and each NOT_APPLICABLE that it
 * does not name is red as well, and so is a case that passes though the file says that it does not. What could not be
 * judged is never red: a network that loses frames must not make a build fail. ERROR has an exit code of its own and is
 * never waived.
 *
 * @param strict whether a FAIL of SHOULD makes a run without expectations fail
 * @param governed whether there are expectations
 * @param strictExpectations whether an expected INCONCLUSIVE that passes is red as well
 */
public record Gate(boolean strict, boolean governed, boolean strictExpectations) {
    /** The gate of a run. */
    public static Gate of(RunResult run, boolean strict) {
        RunResult.Expected expected = run.expectations();
        return new Gate(strict, expected != null, expected != null && expected.strict());
    }

    /** Whether a result makes the run fail. */
    public boolean red(CaseResult c) {
        Expectation e = c.expectation();
        if (e != null && e.state() == Expectation.State.UNEXPECTED_PASS) {
            return e.expect() != Verdict.INCONCLUSIVE || strictExpectations;
        }
        if (e != null && e.state() != Expectation.State.OTHERWISE) {
            return false;
        }
        return switch (c.verdict()) {
            case FAIL ->
                c.level() == Level.MUST
                        || c.level() == Level.SHOULD && (strict || governed)
                        // whatever the rule: no stack may be ended by a segment
                        || c.failure() != null && c.failure().is(FailureCode.TARGET_DIED);
            case NOT_APPLICABLE -> governed;
            case PASS, INCONCLUSIVE, ERROR -> false;
        };
    }

    /** The results that make the run fail, in order. */
    public List<CaseResult> red(List<CaseResult> cases) {
        return cases.stream().filter(this::red).toList();
    }

    /**
     * Whether a result wants to be looked at: red, or not judged, or a FAIL that does not gate. Neither what passes nor
     * what is expected.
     */
    public boolean notable(CaseResult c) {
        return red(c)
                || !c.expected() && c.verdict() != Verdict.PASS && c.verdict() != Verdict.NOT_APPLICABLE
                || c.expectation() != null && c.expectation().state() == Expectation.State.UNEXPECTED_PASS;
    }

    /** What is wrong with a result in view of the expectations; empty where they have nothing to say. */
    public String remark(CaseResult c) {
        Expectation e = c.expectation();
        if (e == null) {
            return governed && red(c) ? "not in the expectations" : "";
        }
        return remark(e);
    }

    /** What became of an expectation. */
    public static String remark(Expectation e) {
        String expected = e.expect().name().replace('_', ' ');
        return switch (e.state()) {
            case EXPECTED -> "expected: " + e.reason();
            case UNEXPECTED_PASS -> "now passes, though " + expected + " is expected: remove the line " + e.where();
            case OTHERWISE -> "otherwise than expected by " + e.where() + " (" + expected + ")";
            case NOT_JUDGED -> expected + " is expected by " + e.where() + "; it could not be judged this time";
        };
    }
}
