package org.tcpconform.suite.rfc4987;

import static org.tcpconform.requirement.Stimulus.BULK;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Seq.RCV_NXT;
import static org.tcpconform.segment.Seq.SEG_ACK;
import static org.tcpconform.segment.Seq.SND_NXT;
import static org.tcpconform.segment.Seq.at;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.suite.rfc7323.Windows;
import org.tcpconform.suite.rfc9293.Sizes;
import org.testng.annotations.Test;

/**
 * RFC 4987, 3.6: connections that a target makes by SYN cookies, once its backlog is full. They have to keep the same
 * rules as others, with what the cookie could keep of the SYN.
 */
public class S3_6_SynCookies {
    private static final Option NOP = new Option.Nop();

    /** An MSS that we offer; none where it is 0. */
    record Offer(String id, int mss) implements Row {
        static Offer of(int mss) {
            return new Offer(Integer.toString(mss), mss);
        }

        @Override
        public String what() {
            return mss == 0 ? "a SYN without an MSS" : "an MSS of " + mss;
        }
    }

    static List<Offer> offers() {
        return List.of(
                new Offer("NONE", 0),
                Offer.of(256),
                Offer.of(536),
                Offer.of(1_000),
                Offer.of(1_220),
                Offer.of(1_300),
                Offer.of(1_440),
                Offer.of(1_460),
                Offer.of(9_000));
    }

    private static final int MUCH = 30_000;

    @Test
    @Case(
            id = "FL-03",
            segments = Flood.SEGMENTS,
            octets = Flood.OCTETS,
            connections = Flood.CONNECTIONS,
            halfOpen = Flood.CONNECTIONS,
            title = "makes a connection of a cookie, in which no segment is larger than {} permits",
            needs = BULK,
            rows = "offers",
            tags = {"handshake", "flood", "cookies"},
            exclusive = true,
            intrusive = true,
            seconds = 20)
    @Requirement({"RFC9293-MUST-16", "RFC4987-3.6-1"})
    public void mssIsKept(Peer peer, Offer offer) {
        try (Flood flood = Flood.withCookies(peer)) {
            Option[] options =
                    offer.mss() == 0 ? new Option[] {NOP, NOP, NOP, NOP} : new Option[] {new Option.Mss(offer.mss())};
            Flood.connect(peer, ack(), ack(), options);
            peer.receive(MUCH);
            Sizes.isNoMoreThan(
                    peer, Math.min(offer.mss() == 0 ? Sizes.usualMss(peer) : offer.mss(), Sizes.linkMss(peer)));
            peer.prove(TcpState.ESTABLISHED);
        }
    }

    /** A third segment with a cookie that the target has not given for it. */
    record Forgery(String id, String what, Segment third) implements Row {}

    /** Far off: a cookie may have a few bits for what it keeps of the SYN, which make its neighbours right as well. */
    private static final int FAR = 1 << 20;

    static List<Forgery> forgeries() {
        return List.of(
                new Forgery("ACK", "an acknowledgment number of its own", ack().ack(SND_NXT.plus(FAR))),
                new Forgery("SEQ", "another SEQ than the SYN's", ack().seq(RCV_NXT.plus(FAR))),
                new Forgery("DATA", "an acknowledgment number of its own, and data", data(10).ack(SND_NXT.plus(FAR))));
    }

    @Test
    @Case(
            id = "FL-04",
            segments = Flood.SEGMENTS,
            octets = Flood.OCTETS,
            connections = Flood.CONNECTIONS,
            halfOpen = Flood.CONNECTIONS,
            title = "resets, and takes for no cookie, an ACK with {}",
            rows = "forgeries",
            tags = {"handshake", "flood", "cookies"},
            exclusive = true,
            intrusive = true,
            seconds = 20)
    @Requirement({"RFC9293-3.10.7.2-2", "RFC4987-3.6-1"})
    public void forgedCookieIsReset(Peer peer, Forgery forgery) {
        try (Flood flood = Flood.withCookies(peer)) {
            peer.openTo();
            peer.send(rst());
            peer.send(forgery.third());
            peer.expect(rst().seq(SEG_ACK));
        }
    }

    @Test
    @Case(
            id = "FL-04-PORT",
            segments = Flood.SEGMENTS,
            octets = Flood.OCTETS,
            connections = Flood.CONNECTIONS,
            halfOpen = Flood.CONNECTIONS,
            title = "resets, and takes for no cookie, an ACK with the cookie of another port",
            tags = {"handshake", "flood", "cookies"},
            exclusive = true,
            intrusive = true,
            seconds = 20)
    @Requirement({"RFC9293-3.10.7.2-2", "RFC4987-3.6-1"})
    public void cookieOfAnotherPortIsReset(Peer peer) {
        try (Flood flood = Flood.withCookies(peer)) {
            peer.openTo();
            Peer thief = peer.another();
            thief.send(ack().seq(at(peer.value(RCV_NXT))).ack(at(peer.value(SND_NXT))));
            thief.expect(rst().seq(SEG_ACK));
        }
    }

    /** Twice the longest time that a segment lives. */
    private static final Duration EXPIRY = Duration.ofMinutes(4);

    @Test
    @Case(
            id = "FL-04-EXPIRED",
            segments = Flood.SEGMENTS,
            octets = Flood.OCTETS,
            connections = Flood.CONNECTIONS,
            halfOpen = Flood.CONNECTIONS,
            title = "takes, or resets, an ACK with a cookie of 4 minutes ago",
            families = Family.IPV4,
            tags = {"handshake", "flood", "cookies", "long"},
            exclusive = true,
            intrusive = true,
            observes = true,
            seconds = 270)
    @Requirement("RFC4987-3.6-1")
    public void oldCookie(Peer peer) {
        try (Flood flood = Flood.withCookies(peer)) {
            peer.openTo();
            peer.send(rst());
        }
        peer.pass(EXPIRY);
        peer.send(ack());
        peer.send(data(1));
        boolean taken = peer.expectAck(ack().ack(RCV_NXT).ignoring(Flag.FIN), rst().seq(SEG_ACK))
                        .choice()
                == 0;
        peer.observed("a cookie of " + EXPIRY.toMinutes() + " minutes ago is " + (taken ? "taken" : "reset"));
    }

    @Test
    @Case(
            id = "FL-05",
            segments = Flood.SEGMENTS,
            octets = Flood.OCTETS,
            connections = Flood.CONNECTIONS,
            halfOpen = Flood.CONNECTIONS,
            title = "takes the data of the ACK that brings back a cookie",
            tags = {"handshake", "flood", "cookies", "data"},
            exclusive = true,
            intrusive = true,
            seconds = 20)
    @Requirement("RFC4987-3.6-1")
    public void dataWithCookie(Peer peer) {
        try (Flood flood = Flood.withCookies(peer)) {
            peer.openTo();
            peer.send(rst());
            peer.send(data(10));
            peer.expectAck(ack().ack(RCV_NXT).ignoring(Flag.FIN));
        }
    }

    /** Options of the SYN, of which a cookie keeps only what it has room for. */
    record Syn(String id, String what, Option... options) implements Row {}

    private static final int SHIFT = 1;

    static List<Syn> syns() {
        Option mss = new Option.Mss(Peer.MSS);
        Option scale = new Option.WindowScale(SHIFT);
        return List.of(
                new Syn("PLAIN", "Window Scale", mss, NOP, scale),
                new Syn(
                        "SACK",
                        "Window Scale and SACK-Permitted",
                        mss,
                        NOP,
                        scale,
                        NOP,
                        NOP,
                        new Option.SackPermitted()),
                new Syn(
                        "TIMESTAMPS",
                        "Window Scale, SACK-Permitted and Timestamps",
                        mss,
                        NOP,
                        scale,
                        new Option.SackPermitted(),
                        new Option.Timestamps(0x0102_0304, 0)));
    }

    private static final int WINDOW = 1_500;

    @Test
    @Case(
            id = "WS-15",
            segments = Flood.SEGMENTS,
            octets = Flood.OCTETS,
            connections = Flood.CONNECTIONS,
            halfOpen = Flood.CONNECTIONS,
            title =
                    "scales windows in a connection made of a cookie just where its SYN,ACK says so, after a SYN with {}",
            needs = BULK,
            rows = "syns",
            tags = {"handshake", "flood", "cookies", "window-scale"},
            exclusive = true,
            intrusive = true,
            seconds = 20)
    @Requirement({"RFC7323-2.2-3", "RFC7323-2.3-4", "RFC4987-3.6-1"})
    public void windowScale(Peer peer, Syn syn) {
        try (Flood flood = Flood.withCookies(peer)) {
            Answer synAck = Flood.connect(peer, ack().window(WINDOW), ack(), syn.options());
            boolean scales = synAck.segment().option(Option.WindowScale.class).isPresent();
            peer.observed("the SYN,ACK by cookie has " + kinds(synAck.segment()));
            Windows.fills(peer, ack(), WINDOW, scales ? WINDOW << SHIFT : WINDOW);
        }
    }

    private static String kinds(WireSegment segment) {
        return segment.options().stream()
                .filter(o -> !NOP.equals(o))
                .map(Option::toString)
                .collect(Collectors.joining(", "));
    }
}
