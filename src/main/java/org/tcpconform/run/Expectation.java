package org.tcpconform.run;

import org.tcpconform.verdict.Verdict;

/**
 * What a line of an expectations file says of one case, and whether it held.
 *
 * @param state whether it held
 * @param expect the verdict that is expected
 * @param reason why the verdict is known and accepted
 * @param reference where that can be looked up; empty for nowhere
 * @param file the file, as it was named
 * @param line the line that the expectation begins on, from 1
 */
public record Expectation(State state, Verdict expect, String reason, String reference, String file, int line) {

    /** Whether an expectation held. */
    public enum State {
        /** The verdict is the expected one, for the expected cause. */
        EXPECTED,
        /** The case passes, so that the line has to go. */
        UNEXPECTED_PASS,
        /** The verdict is another, or has another cause: not what the reason is about. */
        OTHERWISE,
        /** The case could not be judged this time; nothing is said for or against the line. */
        NOT_JUDGED
    }

    /** {@code FILE:LINE}. */
    public String where() {
        return file + ":" + line;
    }
}
