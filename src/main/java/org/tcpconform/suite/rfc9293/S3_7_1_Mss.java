package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;
import static org.tcpconform.segment.Seq.ISS;
import static org.tcpconform.segment.Seq.RCV_NXT;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;
import org.testng.annotations.Test;

/** RFC 9293, 3.7.1, and RFC 6691: how large the segments are that the target sends. */
public class S3_7_1_Mss {
    private static final Option NOP = new Option.Nop();
    private static final int MUCH = 30_000;

    /** An MSS that we offer. */
    record Offer(String id, int mss) implements Row {
        @Override
        public String what() {
            return Integer.toString(mss);
        }
    }

    private static List<Offer> offers(int... values) {
        return Arrays.stream(values)
                .mapToObj(n -> new Offer(Integer.toString(n), n))
                .toList();
    }

    static List<Offer> usual() {
        return offers(256, 500, 535, 536, 537, 1_000, 1_219, 1_220, 1_221, 1_400, 1_440, 1_460);
    }

    static List<Offer> beyondTheLink() {
        return offers(1_461, 9_000, 32_768, 65_535);
    }

    private static void sendsNoMoreThan(Peer peer, int limit) {
        peer.receive(MUCH);
        Sizes.isNoMoreThan(peer, limit);
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "MS-01",
            title = "sends no more than {} octets in a segment where that is the MSS of the SYN",
            needs = BULK,
            rows = "usual",
            tags = {"options", "bulk"})
    @Requirement({"RFC9293-MUST-16", "RFC9293-MUST-14"})
    public void mssIsKept(Peer peer, Offer offer) {
        peer.establish(new Option.Mss(offer.mss()));
        sendsNoMoreThan(peer, Math.min(offer.mss(), Sizes.linkMss(peer)));
    }

    @Test
    @Case(
            id = "MS-03",
            title = "sends no more than 536 octets in a segment where the SYN has no MSS option",
            needs = BULK,
            families = Family.IPV4,
            tags = {"options", "bulk"})
    @Requirement({"RFC9293-MUST-15", "RFC9293-MUST-16"})
    public void usualMssOfIpv4(Peer peer) {
        establishWithoutOptions(peer);
        sendsNoMoreThan(peer, 536);
    }

    @Test
    @Case(
            id = "MS-04",
            title = "sends no more than 1220 octets in a segment where the SYN has no MSS option",
            needs = BULK,
            families = Family.IPV6,
            tags = {"options", "bulk"})
    @Requirement({"RFC9293-MUST-15", "RFC9293-MUST-16"})
    public void usualMssOfIpv6(Peer peer) {
        establishWithoutOptions(peer);
        sendsNoMoreThan(peer, 1_220);
    }

    private static void establishWithoutOptions(Peer peer) {
        peer.send(syn().options());
        peer.expect(synAck().ack(IRS.plus(1)));
        peer.send(ack());
    }

    @Test
    @Case(
            id = "MS-05",
            title = "sends no more than the link takes where the MSS of the SYN is {}",
            needs = BULK,
            rows = "beyondTheLink",
            tags = {"options", "bulk"})
    @Requirement("RFC9293-MUST-16")
    public void linkLimitsSegments(Peer peer, Offer offer) {
        peer.establish(new Option.Mss(offer.mss()));
        sendsNoMoreThan(peer, Sizes.linkMss(peer));
    }

    static List<Offer> few() {
        return offers(256, 536, 1_000, 1_400);
    }

    @Test
    @Case(
            id = "MS-06",
            title = "counts Timestamps to a segment: sends no more than {} octets of data and options together",
            needs = BULK,
            rows = "few",
            tags = {"options", "bulk", "timestamps"})
    @Requirement({"RFC6691-2-3", "RFC9293-MUST-16"})
    public void timestampsCount(Peer peer, Offer offer) {
        Answer synAck = peer.openTo(new Option.Mss(offer.mss()), NOP, NOP, new Option.Timestamps(peer.random(), 0));
        peer.negotiated(synAck, Option.Timestamps.class, Feature.TIMESTAMPS);
        peer.send(ack());
        sendsNoMoreThan(peer, offer.mss());
    }

    @Test
    @Case(
            id = "MS-07",
            title = "counts SACK blocks to a segment: sends no more than {} octets of data and options together",
            needs = BULK,
            rows = "few",
            tags = {"options", "bulk", "sack"})
    @Requirement({"RFC6691-2-3", "RFC9293-MUST-16"})
    public void sackBlocksCount(Peer peer, Offer offer) {
        Answer synAck = peer.openTo(new Option.Mss(offer.mss()), NOP, NOP, new Option.SackPermitted());
        peer.negotiated(synAck, Option.SackPermitted.class, Feature.SACK);
        peer.send(ack());
        // holes, so that there is something to report along with data
        for (int i = 1; i <= 4; i++) {
            peer.send(data(10).seq(RCV_NXT.plus(20L * i)));
        }
        peer.receive(MUCH);
        Sizes.isNoMoreThan(peer, offer.mss());
        long both = peer.received(s ->
                        s.payload().length > 0 && s.option(Option.Sack.class).isPresent())
                .size();
        peer.observed(both + " segments with data have SACK blocks");
        peer.send(data(90));
        peer.expectAck(ack().ack(RCV_NXT));
    }

    static List<Offer> degenerate() {
        return offers(0, 1, 8, 40, 64);
    }

    @Test
    @Case(
            id = "MS-08",
            title = "survives an MSS of {}, and may have a floor",
            needs = BULK,
            rows = "degenerate",
            observes = true,
            tags = {"options", "bulk"})
    @Requirement("RFC9293-MUST-14")
    public void degenerateMss(Peer peer, Offer offer) {
        peer.send(syn().options(new Option.Mss(offer.mss())));
        Optional<Answer> answer = peer.expectOrSilence(synAck().ack(IRS.plus(1)), rst().ignoring(Flag.ACK))
                .filter(a -> a.choice() == 0);
        if (answer.isEmpty()) {
            peer.observed("a SYN with an MSS of " + offer.mss() + " opens no connection");
        } else {
            peer.send(ack());
            peer.receive(500);
            peer.observed("with an MSS of " + offer.mss() + " the largest segment has " + Sizes.largest(peer)
                    + " octets of data");
        }
        peer.abort();
        peer.another().prove(TcpState.LISTEN);
    }

    @Test
    @Case(
            id = "MS-12",
            title = "announces an MSS that is recorded when it sends its SYN,ACK again",
            observes = true,
            tags = {"options", "timer", "handshake"})
    @Requirement("RFC9293-SHLD-5")
    public void mssOfRepeatedSynAck(Peer peer) {
        Answer first = peer.openTo();
        peer.retransmissions(first, 1, synAck().seq(ISS).ack(IRS.plus(1)));
        List<String> announced = peer.received(s -> s.has(Flag.SYN)).stream()
                .map(a -> a.segment()
                        .option(Option.Mss.class)
                        .map(Option::toString)
                        .orElse("none"))
                .toList();
        peer.observed("the SYN,ACKs announce " + String.join(", then ", announced));
        peer.prove(TcpState.SYN_RECEIVED);
    }

    @Test
    @Case(
            id = "MS-13",
            title = "takes an MSS of 65535 for infinity, and sends what the link takes",
            needs = BULK,
            families = Family.IPV6,
            tags = {"options", "bulk"})
    @Requirement({"RFC9293-3.7.5-1", "RFC2675-5.1-2"})
    public void infiniteMss(Peer peer) {
        peer.establish(new Option.Mss(65_535));
        sendsNoMoreThan(peer, Sizes.linkMss(peer));
        peer.judge("a segment beyond the usual size", () -> {
            if (Sizes.largest(peer) <= Sizes.usualMss(peer)) {
                throw peer.broken(
                        "small-segments",
                        "no segment has more than " + Sizes.largest(peer)
                                + " octets of data, as if there were no MSS option");
            }
        });
    }
}
