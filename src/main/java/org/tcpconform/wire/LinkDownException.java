package org.tcpconform.wire;

/** A frame could not leave: the interface is down or gone, or has no room. No fault of the frame. */
public final class LinkDownException extends LinkException {
    public LinkDownException(String message, Throwable cause) {
        super(message, cause);
    }
}
