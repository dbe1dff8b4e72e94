package org.tcpconform.cli;

import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.tcpconform.run.Revival;
import org.tcpconform.target.EnvironmentException;

/** A command of the user that brings the target back; what it prints is not looked at. */
record RestartCommand(String command) implements Revival {
    private static final int LIMIT_SECONDS = 120;

    /**
     * Runs it by the shell and waits for its end.
     *
     * @throws EnvironmentException if it fails, or does not end within 120 s
     */
    @Override
    public void restart() {
        try {
            Process shell = new ProcessBuilder("sh", "-c", command)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!shell.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                shell.descendants().forEach(ProcessHandle::destroyForcibly);
                shell.destroyForcibly();
                throw new EnvironmentException("--restart-command did not end within " + LIMIT_SECONDS + " s");
            }
            if (shell.exitValue() != 0) {
                throw new EnvironmentException("--restart-command failed with exit code " + shell.exitValue());
            }
        } catch (IOException e) {
            throw new EnvironmentException("--restart-command cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvironmentException("interrupted while --restart-command ran", e);
        }
    }
}
