package org.tcpconform.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Short commands of the system (ip, ethtool, …), each bounded in time, with an error that says what it said. */
final class Commands {
    private Commands() {}

    /** A command under way; several can be, side by side. */
    record Running(List<String> command, Process process, Duration limit) {
        /** Waits for the end. @throws LabException where it fails or takes longer than its limit */
        String await() {
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    throw new LabException(
                            String.join(" ", command) + " did not end within " + limit.toSeconds() + " s");
                }
                // What these commands print fits into the pipe, so it can be read after the end.
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                if (process.exitValue() != 0) {
                    throw new LabException(String.join(" ", command) + ": " + output.replaceAll("\\s*\\R\\s*", "; "));
                }
                return output;
            } catch (IOException e) {
                throw new LabException(String.join(" ", command) + ": " + e.getMessage(), e);
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new LabException("interrupted while waiting for " + command.get(0), e);
            }
        }
    }

    /** Runs a command to its end and returns what it printed, both streams together. */
    static String run(List<String> command, String input, Duration limit) {
        return start(command, input, limit).await();
    }

    static Running start(List<String> command, String input, Duration limit) {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new LabException(
                    command.get(0) + " cannot be run; tools/setup installs it (" + e.getMessage() + ")", e);
        }
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended without reading: its exit code and output say why.
        }
        return new Running(command, process, limit);
    }
}
