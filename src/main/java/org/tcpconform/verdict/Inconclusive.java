package org.tcpconform.verdict;

/** Thrown where the rule cannot be judged; says nothing against the target. */
public final class Inconclusive extends RuntimeException {
    private final transient Failure failure;

    public Inconclusive(Failure failure) {
        super(failure.text().isEmpty() ? failure.summary() : failure.text());
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
