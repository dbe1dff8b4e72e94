package org.tcpconform.lab;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * How a lab is started.
 *
 * @param buildDir where labs that are built keep what they build, one folder each; by default {@code target/lab} of the
 *     repository
 * @param progress hears in one line what takes a while (a build)
 */
public record LabOptions(Path buildDir, Consumer<String> progress) {
    /** Builds under {@code target/lab} of {@code tcpconform.home} (else of the current directory), says nothing. */
    public static LabOptions defaults() {
        return new LabOptions(Path.of(System.getProperty("tcpconform.home", "."), "target", "lab"), line -> {});
    }

    /** The same, with somebody who hears what takes a while. */
    public LabOptions withProgress(Consumer<String> listener) {
        return new LabOptions(buildDir, listener);
    }
}
