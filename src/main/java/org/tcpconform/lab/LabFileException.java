package org.tcpconform.lab;

/**
 * What the user wrote is at fault rather than the machine: no lab of that name, or a mistake in a lab.yaml. The message
 * is one line; for a file it begins with {@code FILE:LINE:}.
 */
public final class LabFileException extends LabException {
    private static final long serialVersionUID = 1L;

    public LabFileException(String message) {
        super(message);
    }

    public LabFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
