package org.tcpconform.run;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Seq.RCV_NXT;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.tcpconform.peer.Peer;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Stimulus;
import org.testng.annotations.Test;

/** A case whose peers are kept, as TestNG keeps the parameters of each test until all have ended. */
public class KeepingCases {
    static final List<Peer> PEERS = new CopyOnWriteArrayList<>();
    /** What was in flight to each of them. */
    static final List<Integer> IN_FLIGHT = new CopyOnWriteArrayList<>();

    @Test
    @Case(id = "KE-ECHO", title = "sends back what it gets", needs = Stimulus.ECHO)
    @Requirement("RFC9293-3.10.7.4-1")
    public void echo(Peer peer) {
        peer.establish();
        peer.send(data(100));
        peer.expectAck(ack().ack(RCV_NXT).where("has data", s -> s.payload().length > 0));
        PEERS.add(peer);
        IN_FLIGHT.add(peer.mostInFlight());
    }
}
