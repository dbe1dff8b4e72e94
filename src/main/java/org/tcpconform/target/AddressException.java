package org.tcpconform.target;

/** An address is none that a target can have, or one that is not to be judged unasked. The message is one line. */
public final class AddressException extends RuntimeException {
    public AddressException(String message) {
        super(message);
    }
}
