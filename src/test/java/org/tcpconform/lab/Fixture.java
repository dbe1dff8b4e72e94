package org.tcpconform.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.tcpconform.testkit.Signals;
import org.testng.SkipException;

/** What the tests of this room share. */
final class Fixture {
    static final Path TOOLS = Path.of("tools").toAbsolutePath();
    private static final String MARK = "TCPCONFORM_TEST_MARK";

    private Fixture() {}

    /** Skips the test, with the reason, where labs cannot be started. */
    static void needsNamespaces() {
        if (Rootless.needed()) {
            throw new SkipException("needs root (CAP_SYS_ADMIN, CAP_NET_ADMIN) to make network namespaces");
        }
    }

    /** Runs the body on a thread in a new network namespace; the thread of the test keeps its own. */
    static void inFreshNamespace(Callable<Void> body) throws Exception {
        needsNamespaces();
        FutureTask<Void> task = new FutureTask<>(() -> {
            NetworkNamespace.enterFresh();
            return body.call();
        });
        Thread thread = new Thread(task, "in-namespace");
        thread.setDaemon(true);
        thread.start();
        try {
            task.get(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            AssertionError stuck = new AssertionError("not done within 60 s");
            stuck.setStackTrace(thread.getStackTrace());
            throw stuck;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw (Error) e.getCause();
        }
    }

    static void await(String what, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what + " within " + limit).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    /** A new folder, below target/ so that nothing has to be cleaned up. */
    static Path folder() throws IOException {
        return Files.createTempDirectory(
                Files.createDirectories(Path.of("target/labs").toAbsolutePath()), "lab");
    }

    static String run(String... command) {
        return Commands.run(List.of(command), "", Duration.ofSeconds(10));
    }

    static void signal(String name, Process process) {
        // The shell's own kill: the program of that name is not on every machine.
        run("sh", "-c", "kill -" + name + " " + process.pid());
    }

    /** The command line of a JVM that runs a class of our tests. */
    static List<String> java(Class<?> main, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                main.getName()));
        command.addAll(List.of(args));
        return command;
    }

    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Starts a command that hears signals, and whose descendants can be told from all other processes by a mark in their environment. */
    static Process startMarked(String mark, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Signals.heardBy(command)).redirectErrorStream(true);
        builder.environment().put(MARK, mark);
        return builder.start();
    }

    /** The living processes that carry the mark. */
    static List<Long> marked(String mark) {
        String entry = MARK + "=" + mark + "\0";
        return processes()
                .filter(pid -> {
                    try {
                        String all =
                                Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
                        return all.contains(entry) && Processes.startTime(pid) >= 0;
                    } catch (IOException e) {
                        return false;
                    }
                })
                .toList();
    }

    /** The processes of which a thread is in the network namespace with that identity. */
    static List<Long> inNamespace(String identity) {
        return processes()
                .filter(pid -> {
                    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
                        return threads.anyMatch(thread -> {
                            try {
                                return Files.readSymbolicLink(thread.resolve("ns/net"))
                                        .toString()
                                        .equals(identity);
                            } catch (IOException e) {
                                return false;
                            }
                        });
                    } catch (IOException e) {
                        return false;
                    }
                })
                .toList();
    }

    private static Stream<Long> processes() {
        return ProcessHandle.allProcesses().map(ProcessHandle::pid);
    }

    static String readLine(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }
}
