package org.tcpconform.verdict;

/** What a requirement is found to be, from the cases that judge it. */
public enum Outcome {
    /** All cases that apply passed. */
    PASS("passed", "Every case that judges the requirement and applies to the target passed."),
    /** A case failed. */
    FAIL("failed", "At least one case showed the target breaking the requirement, twice, on separate connections."),
    /** No case failed, and at least one could not be judged. */
    INCONCLUSIVE("inconclusive", "No case failed, but at least one could not be judged."),
    /** The target lacks the optional feature, or offers nothing by which it could be judged. */
    NOT_APPLICABLE(
            "not applicable", "The target lacks the optional feature, or offers no service by which to judge it."),
    /** No case judged it in this run; the reason says why. */
    NOT_TESTED("not tested", "Nothing in this run judged the requirement; the reason is given."),
    /** An option (MAY) that the target was seen to use. */
    OBSERVED("observed", "An option, which the target was seen to use."),
    /** An option (MAY) that the target was seen not to use; no fault. */
    NOT_OBSERVED("not observed", "An option, which the target was not seen to use. This is no fault.");

    private final String word;
    private final String meaning;

    Outcome(String word, String meaning) {
        this.word = word;
        this.meaning = meaning;
    }

    /** The outcome as a person reads it, in lower case. */
    public String word() {
        return word;
    }

    /** One sentence for the head of a report. */
    public String meaning() {
        return meaning;
    }
}
