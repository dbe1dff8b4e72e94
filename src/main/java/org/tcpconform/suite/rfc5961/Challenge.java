package org.tcpconform.suite.rfc5961;

import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SND_NXT;

import org.tcpconform.segment.Segment;

/** The challenge ACK (RFC 5961, 3.2 and 4.2). */
final class Challenge {
    /** {@code <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>}. */
    static final Segment ACK = Segment.ack().seq(SND_NXT).ack(RCV_NXT).noData();

    private Challenge() {}
}
