package org.tcpconform.run;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Seq.RCV_NXT;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.Flag;
import org.tcpconform.verdict.NotApplicable;
import org.testng.annotations.Test;

/** A case that some targets do not survive, among many that do no harm. */
public class DeadlyCases {
    record Number(String id, String what) implements Row {}

    static List<Number> numbers() {
        return IntStream.range(10, 50)
                .mapToObj(i -> new Number(Integer.toString(i), "number " + i))
                .toList();
    }

    static List<Number> few() {
        return numbers().subList(0, 4);
    }

    @Test
    @Case(id = "DE-CALM", title = "acknowledges data, {}", needs = Stimulus.DISCARD, rows = "numbers")
    @Requirement("RFC9293-3.10.7.4-1")
    public void calm(Peer peer, Number number) {
        peer.establish();
        for (int i = 0; i < 5; i++) {
            peer.send(data(1));
            peer.expectAck(ack().ack(RCV_NXT));
        }
    }

    @Test
    @Case(id = "DE-SLOW", title = "keeps silent to ACKs, {}", needs = Stimulus.DISCARD, rows = "few")
    @Requirement("RFC9293-3.10.7.4-18")
    public void slow(Peer peer, Number number) {
        peer.establish();
        for (int i = 0; i < 6; i++) {
            peer.send(ack());
            peer.expectSilence();
            peer.prove(TcpState.ESTABLISHED);
        }
    }

    @Test
    @Case(id = "DE-URGENT", title = "acknowledges urgent data", needs = Stimulus.DISCARD)
    @Requirement("RFC9293-MAY-3")
    public void urgent(Peer peer) {
        peer.establish();
        peer.send(data(1).plus(Flag.URG));
        peer.expectAck(ack().ack(RCV_NXT));
    }

    @Test
    @Case(id = "DE-OPTION", title = "answers old data, where it acknowledges data", needs = Stimulus.DISCARD)
    @Requirement("RFC9293-3.10.7.4-1")
    public void option(Peer peer) {
        peer.establish();
        peer.send(data(1));
        if (peer.expectOrSilence(ack().ack(RCV_NXT)).isEmpty()) {
            throw new NotApplicable("the target does not acknowledge data");
        }
        peer.send(data(1).seq(RCV_NXT.minus(1)));
        peer.expectAck(ack().ack(RCV_NXT));
    }

    /** Begins before all others. */
    @Test
    @Case(
            id = "DE-EARLY",
            title = "acknowledges urgent data after a while",
            needs = Stimulus.DISCARD,
            seconds = Runner.LONG_SECONDS)
    @Requirement("RFC9293-MAY-3")
    public void early(Peer peer) {
        peer.establish();
        peer.pass(Duration.ofMillis(20));
        peer.send(data(1).plus(Flag.URG));
        peer.expectAck(ack().ack(RCV_NXT));
    }
}
