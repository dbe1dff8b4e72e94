package org.tcpconform.lab;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The target's process: in a network namespace and a process namespace of its own, and tied to this JVM's life.
 *
 * <p>The chain is {@code setsid} (so that Ctrl-C reaches only the harness, which then ends things in order), {@code
 * setpriv --pdeathsig KILL} (the kernel kills it when the JVM is gone), {@code unshare} with a process namespace (the
 * kernel kills all that the target started when its first process is gone), and a shell that waits for the network
 * before it becomes the target. A target that reads its standard input sees the end of it as well, a second line of
 * defence for the moment before the signal is armed.
 */
final class TargetProcess {
    private static final String IN_NAMESPACE = "in the namespace";
    private static final int KEPT_LINES = 50;

    private final CompletableFuture<Process> started = new CompletableFuture<>();
    private final CompletableFuture<Void> inNamespace = new CompletableFuture<>();
    private final Deque<String> lines = new ArrayDeque<>();
    private final List<Awaited> awaited = new ArrayList<>();
    private boolean ended;

    private record Awaited(String line, CompletableFuture<Void> seen) {}

    private TargetProcess() {}

    /** Starts a target in a new network namespace. */
    static TargetProcess start(Path folder, List<String> command) {
        return start(folder, List.of("unshare", "--net"), command);
    }

    /**
     * Starts a target in a network namespace that there is.
     *
     * @param namespace where it can be entered
     */
    static TargetProcess start(Path folder, Path namespace, List<String> command) {
        return start(folder, List.of("nsenter", "--net=" + namespace, "--", "unshare"), command);
    }

    private static TargetProcess start(Path folder, List<String> network, List<String> command) {
        List<String> chain = new ArrayList<>(List.of("setsid", "setpriv", "--pdeathsig", "KILL", "--"));
        chain.addAll(network);
        chain.addAll(List.of("--pid", "--fork", "--kill-child=KILL", "--"));
        chain.addAll(List.of("sh", "-c", "echo '" + IN_NAMESPACE + "' && read -r go && exec \"$@\"", "sh"));
        chain.addAll(command);
        TargetProcess target = new TargetProcess();
        // The parent-death signal is bound to the thread that started the process, so that thread stays as long as it.
        Thread keeper = new Thread(() -> target.keep(chain, folder.toFile()), "lab-target");
        keeper.setDaemon(true);
        keeper.start();
        try {
            target.started.get();
        } catch (ExecutionException e) {
            throw new LabException(
                    "setsid, setpriv or unshare cannot be run; tools/setup installs them ("
                            + e.getCause().getMessage() + ")",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while the target was started", e);
        }
        return target;
    }

    private void keep(List<String> chain, File folder) {
        Process process;
        try {
            process = new ProcessBuilder(chain)
                    .directory(folder)
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException | RuntimeException e) {
            started.completeExceptionally(e);
            return;
        }
        started.complete(process);
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                heard(line);
            }
        } catch (IOException e) {
            // The pipe was closed because the process was killed.
        }
        ended();
        boolean gone = false;
        while (!gone) {
            try {
                process.waitFor();
                gone = true;
            } catch (InterruptedException e) {
                // Nobody interrupts this thread; and if so, ending it would kill the target.
            }
        }
    }

    private synchronized void heard(String line) {
        if (line.equals(IN_NAMESPACE)) {
            inNamespace.complete(null);
            return;
        }
        if (lines.size() == KEPT_LINES) {
            lines.removeFirst();
        }
        lines.addLast(line);
        awaited.stream().filter(a -> a.line.equals(line)).forEach(a -> a.seen.complete(null));
    }

    private synchronized void ended() {
        ended = true;
        LabException why = new LabException("its process ended" + lastWords());
        inNamespace.completeExceptionally(why);
        awaited.forEach(a -> a.seen.completeExceptionally(why));
    }

    private synchronized String lastWords() {
        return lines.isEmpty() ? " and said nothing" : ": " + String.join("; ", new ArrayList<>(lines));
    }

    void awaitNamespace(Duration limit) {
        await(inNamespace, "the target's namespace was not there", limit);
    }

    /** Waits for a line, which may have been printed already. */
    void awaitLine(String line, Duration limit) {
        CompletableFuture<Void> seen = new CompletableFuture<>();
        synchronized (this) {
            if (lines.contains(line)) {
                return;
            }
            if (ended) {
                throw new LabException("its process ended" + lastWords());
            }
            awaited.add(new Awaited(line, seen));
        }
        await(seen, "it did not print '" + line + "'", limit);
    }

    private void await(CompletableFuture<Void> event, String otherwise, Duration limit) {
        try {
            event.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new LabException(otherwise + " within " + limit.toSeconds() + " s" + lastWords(), e);
        } catch (ExecutionException e) {
            throw new LabException(e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while waiting for the target", e);
        }
    }

    /** Tells the waiting shell that the network is there; it becomes the target. */
    void release() {
        OutputStream stdin = process().getOutputStream();
        try {
            stdin.write('\n');
            stdin.flush();
        } catch (IOException e) {
            throw new LabException("its process ended" + lastWords(), e);
        }
    }

    /** Kills the target with all that it started and waits until they are gone, at most {@code limit}. */
    void kill(Duration limit) {
        Process process = process();
        Processes family = Processes.familyOf(process.toHandle());
        process.destroyForcibly();
        // Where the kernel is slow to bury them: they have their signal and cannot refuse it.
        family.awaitEnd(limit);
        try {
            // So that Java knows it too.
            process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    ProcessHandle handle() {
        return process().toHandle();
    }

    long pid() {
        return process().pid();
    }

    synchronized List<String> output() {
        return List.copyOf(lines);
    }

    private Process process() {
        return started.join();
    }
}
