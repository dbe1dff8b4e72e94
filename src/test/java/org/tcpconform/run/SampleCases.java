package org.tcpconform.run;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.requirement.Stimulus.CLOSED_PORT;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.rstAck;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.testng.annotations.Test;

/** Cases that come to each of the verdicts, whatever the target does. */
public class SampleCases {
    private static final AtomicInteger FLAKY = new AtomicInteger();

    @Test
    @Case(id = "SA-PASS", title = "passes", needs = CLOSED_PORT)
    @Requirement("RFC9293-3.10.7.1-1")
    public void passes(Peer peer) {
        peer.send(syn());
        peer.expect(rstAck());
        peer.observed("a remark");
    }

    @Test
    @Case(id = "SA-FAIL", title = "fails", needs = CLOSED_PORT)
    @Requirement("RFC9293-3.10.7.1-1")
    public void fails(Peer peer) {
        peer.send(syn());
        peer.expect(synAck());
    }

    @Test
    @Case(id = "SA-FLAKY", title = "fails once", needs = CLOSED_PORT, families = Family.IPV4)
    @Requirement("RFC9293-3.10.7.1-1")
    public void failsOnce(Peer peer) {
        peer.send(syn());
        peer.expect(FLAKY.getAndIncrement() % 3 == 0 ? synAck() : rstAck());
    }

    @Test
    @Case(id = "SA-THROWS", title = "throws", needs = CLOSED_PORT)
    @Requirement("RFC9293-3.10.7.1-1")
    public void throwsSomething(Peer peer) {
        throw new IllegalStateException("a fault of the case");
    }

    @Test
    @Case(id = "SA-SILENT", title = "takes silence for granted", needs = CLOSED_PORT)
    @Requirement("RFC9293-3.10.7.1-3")
    public void takesSilenceForGranted(Peer peer) {
        peer.send(rst());
        peer.expectSilence();
    }

    @Test
    @Case(id = "SA-DEAF", title = "sends what the target must not hear", needs = CLOSED_PORT)
    @Requirement("RFC9293-3.10.7.1-1")
    public void deaf(Peer peer) {
        peer.send(syn().checksumOffBy(1));
        peer.expectWithin(Duration.ofMillis(20), rstAck());
    }

    @Test
    @Case(id = "SA-PREAMBLE", title = "does not get where it wants to begin", needs = CLOSED_PORT)
    @Requirement("RFC9293-3.10.7.1-1")
    public void preambleFails(Peer peer) {
        peer.reach(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "SA-MISSING",
            title = "needs what is not there",
            needs = {ECHO, BULK})
    @Requirement("RFC9293-3.10.7.1-1")
    public void needsWhatIsNotThere(Peer peer) {
        throw new AssertionError("this must not run");
    }

    @Test
    @Case(id = "SA-FINDS", title = "finds out that something is not there", needs = CLOSED_PORT)
    @Requirement("RFC9293-3.10.7.1-1")
    public void findsOut(Peer peer) {
        peer.another(BULK).send(syn());
    }

    /** A row. */
    record Letter(String id) implements Row {
        @Override
        public boolean appliesTo(Family family) {
            return family == Family.IPV4 || !id.equals("B");
        }
    }

    static List<Letter> letters() {
        return List.of(new Letter("A"), new Letter("B"));
    }

    @Test
    @Case(
            id = "SA-ROW",
            title = "takes the row {}",
            needs = CLOSED_PORT,
            rows = "letters",
            tags = {"rows", "scan"})
    @Requirement({"RFC7323-5.2-2", "RFC9293-3.10.7.1-1"})
    public void rows(Peer peer, Letter letter) {
        peer.send(syn());
        peer.expect(rstAck());
    }
}
