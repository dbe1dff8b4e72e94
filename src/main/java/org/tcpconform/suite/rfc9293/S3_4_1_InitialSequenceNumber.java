package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.verdict.Series;
import org.testng.annotations.Test;

/** RFC 9293, 3.4.1: how the target chooses its initial sequence numbers. */
public class S3_4_1_InitialSequenceNumber {
    private static final int SAMPLES = 100;

    @Test
    @Case(
            id = "IS-01",
            title = "moves its initial sequence number forward between connections of one pair of sockets",
            tags = {"handshake", "isn"})
    @Requirement("RFC9293-MUST-8")
    public void advancesOnOneTuple(Peer peer) {
        double[] seconds = new double[SAMPLES];
        double[] numbers = new double[SAMPLES];
        long start = 0;
        long sum = 0;
        Answer last = null;
        for (int i = 0; i < SAMPLES; i++) {
            Answer now = sample(peer);
            if (last == null) {
                start = now.timeNanos();
            } else {
                int step = now.segment().seq() - last.segment().seq();
                if (step <= 0) {
                    throw peer.broken(
                            "isn-not-advancing",
                            "the initial sequence number went from "
                                    + Integer.toUnsignedString(last.segment().seq()) + " to "
                                    + Integer.toUnsignedString(now.segment().seq())
                                    + " on the same pair of sockets: a clock would have moved it forward");
                }
                sum += step;
            }
            seconds[i] = (now.timeNanos() - start) / 1e9;
            numbers[i] = sum;
            last = now;
        }
        peer.measured(
                new Series("ISN on one pair of sockets", Series.Shape.SCATTER, "ISN - first ISN", seconds, numbers));
        peer.observed(String.format(
                Locale.ROOT,
                "on one pair of sockets the ISN advances by %.0f a microsecond on average",
                sum / (seconds[SAMPLES - 1] * 1e6)));
    }

    @Test
    @Case(
            id = "IS-03",
            title = "chooses initial sequence numbers that those of other pairs of sockets do not tell",
            tags = {"handshake", "isn"})
    @Requirement({"RFC9293-SHLD-1", "RFC9293-MUST-9", "RFC6528-3-1", "RFC6528-3-2"})
    public void unpredictableOverTuples(Peer peer) {
        int[] isn = new int[SAMPLES];
        double[] index = new double[SAMPLES];
        double[] numbers = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            isn[i] = sample(i == 0 ? peer : peer.another()).segment().seq();
            index[i] = i;
            numbers[i] = Integer.toUnsignedLong(isn[i]);
        }
        peer.measured(new Series("ISN over pairs of sockets", Series.Shape.SCATTER, "ISN", index, numbers));
        Set<Integer> values = new HashSet<>();
        Set<Integer> steps = new HashSet<>();
        int near = 0;
        for (int i = 0; i < SAMPLES; i++) {
            values.add(isn[i]);
            if (i > 0) {
                int step = isn[i] - isn[i - 1];
                steps.add(step);
                near += Math.abs((long) step) < 1 << 24 ? 1 : 0;
            }
        }
        peer.observed(values.size() + " different ISNs and " + steps.size() + " different steps between " + SAMPLES
                + " pairs of sockets; " + near + " steps of less than 2^24");
        // of random 32-bit numbers, one step in 128 is so small; a quarter of them being so is no chance
        if (values.size() < SAMPLES - 1 || steps.size() < SAMPLES / 2 || near > SAMPLES / 4) {
            throw peer.broken(
                    "isn-predictable",
                    "one initial sequence number tells the next: of " + SAMPLES + " there are " + values.size()
                            + " values and " + steps.size() + " steps, and " + near + " steps are less than 2^24");
        }
    }

    private static Answer sample(Peer peer) {
        peer.fresh();
        peer.send(syn());
        Answer answer = peer.expect(synAck().ack(IRS.plus(1)));
        peer.abort();
        return answer;
    }
}
