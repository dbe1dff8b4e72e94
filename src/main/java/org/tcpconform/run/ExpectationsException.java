package org.tcpconform.run;

/** An expectations file is wrong; the message is one line for the user that begins with file and line number. */
public final class ExpectationsException extends RuntimeException {
    public ExpectationsException(String message) {
        super(message);
    }
}
