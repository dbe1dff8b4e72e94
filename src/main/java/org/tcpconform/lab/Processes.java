package org.tcpconform.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Some processes, known by pid and start time, so that one that gets the pid of another later is not mistaken for it. */
final class Processes {
    private final Map<Long, Long> started = new LinkedHashMap<>();

    private Processes() {}

    /** A process and what has come from it. */
    static Processes familyOf(ProcessHandle head) {
        Processes family = new Processes();
        Stream.concat(Stream.of(head), head.descendants())
                .map(ProcessHandle::pid)
                .forEach(pid -> {
                    long start = startTime(pid);
                    if (start >= 0) {
                        family.started.put(pid, start);
                    }
                });
        return family;
    }

    /** Waits until all have ended; whether they have within the limit. */
    boolean awaitEnd(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        // ProcessHandle.onExit would take up to a second longer: for what is not a child of its own, Java polls slowly.
        while (started.entrySet().stream().anyMatch(process -> startTime(process.getKey()) == process.getValue())) {
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return true;
    }

    /** When a process started, in clock ticks since boot (proc(5), stat, field 22); -1 where it is not there or dead. */
    static long startTime(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            // The second field is the name in parentheses and may hold anything; what follows the last one is numbers.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            // A zombie with threads is still at work on its end: its namespaces live as long as they.
            boolean dead = fields[0].equals("X") || fields[0].equals("Z") && Integer.parseInt(fields[17]) <= 1;
            return dead ? -1 : Long.parseLong(fields[19]);
        } catch (IOException e) {
            return -1;
        }
    }
}
