package org.tcpconform.peer;

/** Thrown in a case that was interrupted because it ran far longer than it may. */
public final class HangGuard extends RuntimeException {
    public HangGuard() {
        super("the case was stopped by the hang guard");
    }
}
