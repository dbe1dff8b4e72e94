package org.tcpconform.lab;

/**
 * A lab cannot be started, joined or stopped: a tool is missing, the kernel refuses, the target does not come up. The
 * message is one line made for the user.
 */
public class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LabException(String message) {
        super(message);
    }

    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
