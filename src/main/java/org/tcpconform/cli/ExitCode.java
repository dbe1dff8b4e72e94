package org.tcpconform.cli;

/** How the process ends. Part of the interface: scripts rely on it. */
enum ExitCode {
    PASSED(0, "all that gates passed"),
    FAILED(1, "a MUST failed (with --strict also a SHOULD), or a verdict is not the expected one"),
    USAGE(2, "an option or a file is wrong"),
    ENVIRONMENT(3, "the machine, network or target does not permit the run"),
    NOTHING_SELECTED(4, "no case was selected"),
    HARNESS_FAULT(5, "the harness is at fault");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    int code() {
        return code;
    }

    String meaning() {
        return meaning;
    }
}
