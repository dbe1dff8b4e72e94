package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.tcpconform.lab.NetworkNamespace;

/**
 * How a command ended.
 *
 * @param code its exit code
 * @param out standard output
 * @param err standard error
 */
record Outcome(int code, String out, String err) {

    /** Runs a command in this JVM; for what ends before the first case. */
    static Outcome of(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(
                        args,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .code();
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** As {@link #of}, in the network namespace of a process. */
    static Outcome in(long pid, String... args) throws InterruptedException, TimeoutException {
        FutureTask<Outcome> task = new FutureTask<>(() -> {
            NetworkNamespace.enter(pid);
            return of(args);
        });
        Thread thread = new Thread(task, "in-namespace");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** One line on standard error, after the name of the program, and this exit code. */
    Outcome refusedWith(ExitCode expected, String line) {
        assertThat(err).startsWith("tcpconform: ").contains(line);
        assertThat(err.strip().lines()).as(err).hasSize(1);
        assertThat(code).as(err).isEqualTo(expected.code());
        return this;
    }

    @Override
    public String toString() {
        return "exit code " + code + "\n" + out + err;
    }
}
