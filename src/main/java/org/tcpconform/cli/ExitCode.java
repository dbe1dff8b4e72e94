package org.tcpconform.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** How the process ends. Part of the interface: scripts rely on it. */
enum ExitCode {
    PASSED(0, "all that gates passed"),
    FAILED(1, "a MUST failed (with --strict also a SHOULD), or a verdict is not the expected one"),
    USAGE(2, "an option or a file is wrong"),
    ENVIRONMENT(3, "the machine, network or target does not permit the run"),
    NOTHING_SELECTED(4, "no case was selected"),
    HARNESS_FAULT(5, "the harness is at fault");

    /** The order of {@link #worst}, mildest first: what says least about the targets weighs most. */
    private static final List<ExitCode> SEVERITY =
            List.of(PASSED, NOTHING_SELECTED, FAILED, USAGE, ENVIRONMENT, HARNESS_FAULT);

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

    /** The code of a process that ended; one that this program never gives, as after a signal, is a fault of it. */
    static ExitCode of(int code) {
        return Arrays.stream(values()).filter(c -> c.code == code).findFirst().orElse(HARNESS_FAULT);
    }

    /** The code of several runs together: the worst, in the order 5, 3, 2, 1, 4, 0. */
    static ExitCode worst(Collection<ExitCode> codes) {
        return codes.stream().max(Comparator.comparing(SEVERITY::indexOf)).orElse(PASSED);
    }
}
