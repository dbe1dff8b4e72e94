package org.tcpconform.cli;

/** What the user gave is wrong. The message is one line: what, and what to do. */
final class UsageException extends RuntimeException {
    UsageException(String message) {
        super(message);
    }
}
