package org.tcpconform.run;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Seq.RCV_NXT;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.tcpconform.peer.Peer;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.requirement.Stimulus;
import org.testng.annotations.Test;

/** Cases whose verdict rests on capture stamps: an acknowledgment that comes late, or before its time, is a failure. */
public class PromptCases {
    private static final Duration MOST = Duration.ofMillis(500);

    record Number(String id, String what) implements Row {}

    static List<Number> numbers() {
        return IntStream.range(10, 20)
                .mapToObj(i -> new Number(Integer.toString(i), "number " + i))
                .toList();
    }

    @Test
    @Case(id = "PR", title = "acknowledges data in time, {}", needs = Stimulus.DISCARD, rows = "numbers")
    @Requirement("RFC9293-3.10.7.4-1")
    public void prompt(Peer peer, Number number) {
        peer.establish();
        for (int i = 0; i < 4; i++) {
            peer.send(data(1));
            Duration delay = peer.expectAck(ack().ack(RCV_NXT)).delay();
            if (delay.isNegative() || delay.compareTo(MOST) > 0) {
                throw peer.broken("late-ack", "acknowledged after " + delay);
            }
        }
    }
}
