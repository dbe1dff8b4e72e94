package org.tcpconform.verdict;

/** What a case, or a requirement, is found to be. ERROR alone says nothing about the target. */
public enum Verdict {
    /** All that the rule demands was observed. */
    PASS("passed", "All that the rule demands was observed."),
    /** The target broke the rule, and broke it again on a fresh connection. */
    FAIL("failed", "The target broke the rule, and broke it again when the case was run again on a fresh connection."),
    /** The rule could not be judged: loss, rate limit, a preamble that did not succeed, not reproducible. */
    INCONCLUSIVE(
            "inconclusive",
            "The rule could not be judged: loss, a rate limit, a failed preamble, or not reproducible."),
    /** The target lacks the optional feature or offers no stimulus that the case needs. */
    NOT_APPLICABLE(
            "not applicable", "The target lacks the optional feature, or offers no service that the case needs."),
    /** The harness is at fault. */
    ERROR("error", "The harness is at fault; nothing is said about the target.");

    private final String word;
    private final String meaning;

    Verdict(String word, String meaning) {
        this.word = word;
        this.meaning = meaning;
    }

    /** The verdict as a person reads it, in lower case. */
    public String word() {
        return word;
    }

    /** One sentence for the head of a report. */
    public String meaning() {
        return meaning;
    }
}
