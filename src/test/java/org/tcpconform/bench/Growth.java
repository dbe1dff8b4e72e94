package org.tcpconform.bench;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Seq.RCV_NXT;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.run.CaseDescriptor;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunListener;
import org.tcpconform.run.Runner;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.Test;

/** Runs of generated cases on the target in memory: how their cost grows with their number, and what each holds. */
final class Growth {
    private static final int JOBS = 32;
    /** Octets, such as a session of a typical case has. */
    private static final int SEGMENTS = 10;

    private static final double LEAST_SHARE = 0.99;

    private Growth() {}

    private record Numbered(int number) implements Row {
        @Override
        public String id() {
            return Integer.toString(number);
        }

        @Override
        public String what() {
            return "data " + number;
        }
    }

    /** What the generated cases are: one method, with as many rows as are wanted. */
    public static final class Cases {
        private static volatile int count;
        /** Holds the cases back until all have come so far; null to let them end. */
        private static volatile Barrier barrier;

        static List<Numbered> rows() {
            return IntStream.range(0, count).mapToObj(Numbered::new).toList();
        }

        @Test
        @Case(
                id = "GEN",
                title = "acknowledges {}",
                needs = Stimulus.DISCARD,
                rows = "rows",
                families = Family.IPV4,
                tags = "data")
        @Requirement("RFC9293-3.10.7.4-1")
        public void acknowledges(Peer peer, Numbered row) throws InterruptedException {
            peer.establish();
            for (int i = 0; i < SEGMENTS; i++) {
                peer.send(data(10));
                peer.expectAck(ack().ack(RCV_NXT));
            }
            peer.prove(TcpState.ESTABLISHED);
            Barrier all = barrier;
            if (all != null) {
                all.come();
            }
        }
    }

    private record Barrier(CountDownLatch arrived, CountDownLatch leave) {
        void come() throws InterruptedException {
            arrived.countDown();
            leave.await();
        }
    }

    /**
     * A run.
     *
     * @param cases how many
     * @param seconds how long it took, with a capture file for each
     * @param cpuSeconds time of processors that it took, which other work on the machine changes little
     */
    record Run(int cases, double seconds, double cpuSeconds) {
        double microsForEach() {
            return seconds * 1e6 / cases;
        }

        double cpuMicrosForEach() {
            return cpuSeconds * 1e6 / cases;
        }
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** Runs {@code count} cases; the captures go into a folder that is emptied. */
    static Run run(int count, Path folder) throws IOException {
        return run(count, JOBS, folder);
    }

    private static Run run(int count, int jobs, Path folder) throws IOException {
        Cases.count = count;
        List<CaseDescriptor> cases = CaseDescriptor.of(Cases.class);
        try (org.tcpconform.testkit.Bench bench = org.tcpconform.testkit.Bench.open()) {
            Runner runner = new Runner(
                    bench.station(),
                    bench.target(),
                    1,
                    jobs,
                    folder == null ? null : Files.createDirectories(folder.resolve("captures")),
                    folder,
                    new RunListener() {});
            long begun = System.nanoTime();
            long cpu = cpuNanos();
            List<CaseResult> results = runner.run("generated", cases);
            double seconds = (System.nanoTime() - begun) / 1e9;
            long passed =
                    results.stream().filter(r -> r.verdict() == Verdict.PASS).count();
            // on a machine that is so busy that cases do not get their answers in time nothing can be measured
            if (passed < count * LEAST_SHARE) {
                throw new IllegalStateException("only " + passed + " of " + count + " generated cases passed");
            }
            return new Run(count, seconds, (cpuNanos() - cpu) / 1e9);
        }
    }

    /** Octets of the heap that are in use while {@code count} cases wait side by side, all of them at their end. */
    static long heapOf(int count) throws Exception {
        Barrier barrier = new Barrier(new CountDownLatch(count), new CountDownLatch(1));
        Cases.barrier = barrier;
        try {
            FutureTask<Run> task = new FutureTask<>(() -> run(count, count, null));
            new Thread(task, "generated").start();
            if (!barrier.arrived().await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("not all of " + count + " cases ran side by side");
            }
            System.gc();
            long used =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            barrier.leave().countDown();
            task.get();
            return used;
        } finally {
            Cases.barrier = null;
        }
    }
}
