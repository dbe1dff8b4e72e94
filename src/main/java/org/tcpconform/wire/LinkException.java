package org.tcpconform.wire;

/** The link cannot be opened or used. The message is one line that says what is wrong and what to do. */
public class LinkException extends RuntimeException {
    public LinkException(String message) {
        super(message);
    }

    public LinkException(String message, Throwable cause) {
        super(message, cause);
    }
}
