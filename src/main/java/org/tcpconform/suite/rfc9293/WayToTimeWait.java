package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Seq.RCV_NXT;

import java.util.function.Consumer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Row;

/** The three ways into TIME-WAIT (RFC 9293, 3.3.2, Figure 5), for a target that closes first or at the same time. */
enum WayToTimeWait implements Row {
    FROM_FIN_WAIT_2(peer -> peer.reach(TcpState.TIME_WAIT)),
    FROM_FIN_WAIT_1(peer -> {
        peer.reach(TcpState.FIN_WAIT_1);
        peer.send(finAck());
        peer.expectAck(ack().ack(RCV_NXT));
    }),
    FROM_CLOSING(peer -> {
        peer.reach(TcpState.CLOSING);
        peer.send(ack());
    });

    private final Consumer<Peer> way;

    WayToTimeWait(Consumer<Peer> way) {
        this.way = way;
    }

    /** Brings the target into TIME-WAIT this way. */
    void take(Peer peer) {
        way.accept(peer);
    }

    @Override
    public String id() {
        return name().replace('_', '-');
    }

    @Override
    public String what() {
        return id().replace("FROM-", "from ");
    }
}
