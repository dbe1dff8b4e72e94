package org.tcpconform.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tcpconform.segment.Flag;

/** Times in microseconds, sorted, and what is said of them. */
record Times(double[] sorted) {
    static Times of(List<Double> micros) {
        return new Times(micros.stream().mapToDouble(d -> d).sorted().toArray());
    }

    static Times together(List<Times> parts) {
        return new Times(parts.stream()
                .flatMapToDouble(t -> Arrays.stream(t.sorted))
                .sorted()
                .toArray());
    }

    /**
     * Reactions by capture stamps: from each segment of the target to the tester's next one on the same connection, where
     * nothing came in between. A closing reset is none: nobody waits for it.
     */
    static Times reactions(List<Judge.Seen> frames) {
        Map<Integer, Judge.Seen> last = new HashMap<>();
        List<Double> micros = new ArrayList<>();
        for (Judge.Seen frame : frames) {
            int connection = frame.outgoing()
                    ? frame.tcp().segment().sourcePort()
                    : frame.tcp().segment().destinationPort();
            Judge.Seen before = last.put(connection, frame);
            if (before != null
                    && frame.outgoing()
                    && !before.outgoing()
                    && !frame.tcp().segment().has(Flag.RST)) {
                micros.add((frame.nanos() - before.nanos()) / 1e3);
            }
        }
        return of(micros);
    }

    int count() {
        return sorted.length;
    }

    /** The value that the share {@code p} of all does not exceed. */
    double quantile(double p) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(p * sorted.length) - 1;
        return sorted[Math.max(0, rank)];
    }

    double median() {
        return quantile(0.5);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("n", count());
        json.put("min", quantile(0));
        json.put("median", median());
        json.put("p90", quantile(0.9));
        json.put("p99", quantile(0.99));
        json.put("max", quantile(1));
        return json;
    }
}
