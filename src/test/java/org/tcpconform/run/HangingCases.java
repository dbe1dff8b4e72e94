package org.tcpconform.run;

import static org.tcpconform.segment.Segment.ack;

import java.time.Duration;
import org.tcpconform.peer.Peer;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Requirement;
import org.testng.annotations.Test;

/** A case that waits far longer than it may. */
public class HangingCases {
    /** The guard gives nine times the seconds and 30 more: with these, three seconds. */
    private static final int SECONDS = -3;

    @Test
    @Case(id = "HA-01", title = "waits", families = Family.IPV4, seconds = SECONDS)
    @Requirement("RFC9293-3.10.7.1-1")
    public void waits(Peer peer) {
        peer.establish();
        peer.expectWithin(Duration.ofHours(1), ack().window(1));
    }
}
