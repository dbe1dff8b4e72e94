package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Segment.syn;

import java.util.List;
import org.tcpconform.peer.Destinations;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.Sources;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Requirement;
import org.testng.annotations.Test;

/** RFC 9293, 3.9.2.3: a SYN to or from an address that no connection can have. */
public class S3_9_2_3_Addresses {
    static List<Destinations> groups() {
        return List.of(Destinations.MULTICAST, Destinations.LIMITED_BROADCAST);
    }

    @Test
    @Case(
            id = "LI-15",
            title = "discards a SYN for a listener silently that is addressed to {}",
            rows = "groups",
            foreignAddresses = true,
            tags = {"listen", "broadcast"})
    @Requirement("RFC9293-MUST-57")
    public void groupAddress(Peer peer, Destinations group) {
        discards(peer, group);
    }

    @Test
    @Case(
            id = "LI-16-SUBNET-BROADCAST",
            title = "discards a SYN for a listener silently that is addressed to the broadcast address of its subnet",
            families = Family.IPV4,
            foreignAddresses = true,
            tags = {"listen", "broadcast"})
    @Requirement("RFC9293-MUST-57")
    public void subnetBroadcast(Peer peer) {
        discards(peer, Destinations.SUBNET_BROADCAST);
    }

    @Test
    @Case(
            id = "LI-16-BROADCAST-FRAME",
            title = "discards a SYN for a listener silently that comes in a broadcast frame to its own IP address",
            families = Family.IPV4,
            foreignAddresses = true,
            tags = {"listen", "broadcast"})
    @Requirement("RFC1122-3.3.6-1")
    public void broadcastFrame(Peer peer) {
        discards(peer, Destinations.BROADCAST_FRAME);
    }

    private static void discards(Peer peer, Destinations destination) {
        peer.sendTo(destination, syn());
        peer.expectSilence();
        peer.prove(TcpState.LISTEN);
    }

    static List<Sources> invalidSources() {
        return Sources.invalid();
    }

    @Test
    @Case(
            id = "LI-17",
            title = "ignores a SYN whose source is {}",
            rows = "invalidSources",
            foreignAddresses = true,
            tags = {"listen", "broadcast"})
    @Requirement("RFC9293-MUST-63")
    public void invalidSource(Peer peer, Sources source) {
        peer.sendFrom(source, syn());
        peer.expectSilence();
        peer.prove(TcpState.LISTEN);
    }

    @Test
    @Case(
            id = "LI-18",
            title = "survives a SYN whose source is its own address and port (LAND), and listens on",
            exclusive = true,
            intrusive = true,
            foreignAddresses = true,
            tags = {"listen", "land"})
    @Requirement("RFC9293-3.10.7.2-3")
    public void land(Peer peer) {
        peer.sendFrom(Sources.TARGET, syn().sourcePort(peer.targetPort()));
        // what the target answers, it answers to itself; that it still serves others is all that can be asked
        peer.prove(TcpState.LISTEN);
        peer.another().prove(TcpState.LISTEN);
    }
}
