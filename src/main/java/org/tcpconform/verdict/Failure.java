package org.tcpconform.verdict;

/**
 * Why a verdict is not PASS.
 *
 * @param code stable, named cause such as {@code no-answer}, one of {@link FailureCode}; fit to be matched by a gate
 * @param summary one sentence
 * @param text the whole finding over several lines, ready to be pasted into a bug report; may be empty
 */
public record Failure(String code, String summary, String text) {
    public static Failure of(String code, String summary) {
        return new Failure(code, summary, "");
    }

    /** Whether this is the cause. */
    public boolean is(FailureCode cause) {
        return cause.code().equals(code);
    }
}
