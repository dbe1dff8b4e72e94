package org.tcpconform.cli;

/** Ends the command with one line and an exit code. */
final class Stop extends RuntimeException {
    private final transient ExitCode code;

    Stop(ExitCode code, String message) {
        super(message);
        this.code = code;
    }

    ExitCode code() {
        return code;
    }
}
