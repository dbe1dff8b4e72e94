package org.tcpconform.verdict;

/** Thrown where the target is seen to break the rule. Becomes FAIL once it is confirmed. */
public final class NonConformity extends AssertionError {
    private final transient Failure failure;

    public NonConformity(Failure failure) {
        super(failure.text().isEmpty() ? failure.summary() : failure.text());
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
