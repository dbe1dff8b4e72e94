package org.tcpconform.target;

/** The machine, network or target does not permit the run. The message is one line: what is wrong and what to do. */
public final class EnvironmentException extends RuntimeException {
    public EnvironmentException(String message) {
        super(message);
    }

    public EnvironmentException(String message, Throwable cause) {
        super(message, cause);
    }
}
