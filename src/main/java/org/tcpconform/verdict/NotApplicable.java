package org.tcpconform.verdict;

/** Thrown where the target lacks an optional feature or a stimulus that the case needs. Never guessed from a failure. */
public final class NotApplicable extends RuntimeException {
    public NotApplicable(String reason) {
        super(reason);
    }
}
