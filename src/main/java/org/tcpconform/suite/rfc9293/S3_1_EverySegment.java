package org.tcpconform.suite.rfc9293;

import org.tcpconform.peer.Peer;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.segment.FrameRule;
import org.testng.annotations.Test;

/**
 * RFC 9293, 3.1, and RFC 791, 3.1: what holds for every segment that the target has sent in the whole run, whatever case
 * it came in.
 */
public class S3_1_EverySegment {
    @Test
    @Case(
            id = "CK-08-RUN",
            title = "sends a right TCP checksum in every segment of the run",
            wholeRun = true,
            tags = {"checksum", "every-segment"})
    @Requirement("RFC9293-MUST-2")
    public void checksum(Peer peer) {
        peer.everySegment(FrameRule.CHECKSUM);
    }

    @Test
    @Case(
            id = "CK-08-IP-RUN",
            title = "sends a right IPv4 header checksum with every segment of the run",
            families = Family.IPV4,
            wholeRun = true,
            tags = {"checksum", "every-segment"})
    @Requirement("RFC791-3.1-1")
    public void ipChecksum(Peer peer) {
        peer.everySegment(FrameRule.IP_CHECKSUM);
    }

    @Test
    @Case(
            id = "HD-03-RUN",
            title = "sends reserved bits of 0 in every segment of the run",
            wholeRun = true,
            tags = {"header", "every-segment"})
    @Requirement("RFC9293-3.1-1")
    public void reservedBits(Peer peer) {
        peer.everySegment(FrameRule.RESERVED);
    }

    @Test
    @Case(
            id = "OP-21-RUN",
            title = "sends a data offset that fits, and options whose lengths do, in every segment of the run",
            wholeRun = true,
            tags = {"header", "options", "every-segment"})
    @Requirement({"RFC9293-MUST-68", "RFC9293-3.1-3"})
    public void optionsCanBeRead(Peer peer) {
        peer.everySegment(FrameRule.HEADER);
    }

    @Test
    @Case(
            id = "OP-13-RUN",
            title = "sends nothing but zeros behind End of Option List in every segment of the run",
            wholeRun = true,
            tags = {"options", "every-segment"})
    @Requirement("RFC9293-MUST-69")
    public void padding(Peer peer) {
        peer.everySegment(FrameRule.PADDING);
    }
}
