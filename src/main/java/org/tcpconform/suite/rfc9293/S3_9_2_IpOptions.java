package org.tcpconform.suite.rfc9293;

import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Segment.synAck;
import static org.tcpconform.segment.Seq.IRS;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.Sources;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Segment;
import org.tcpconform.verdict.NotApplicable;
import org.testng.annotations.Test;

/** RFC 9293, 3.9.2: options in the IPv4 header of a SYN. */
public class S3_9_2_IpOptions {
    private static final int SYNS = 2;

    private static final Segment SYN_ACK = synAck().ack(IRS.plus(1));

    /** An option area of the IPv4 header. */
    record Area(String id, String what, byte[] octets) implements Row {
        static Area of(String id, String what, String hex) {
            return new Area(id, what, HexFormat.ofDelimiter(" ").parseHex(hex));
        }
    }

    static List<Area> unknown() {
        // the numbers that RFC 4727, 3.3 keeps for experiments, with and without the bit "copied"
        return List.of(
                Area.of("30", "option 30", "1e 04 00 00"),
                Area.of("158", "option 158", "9e 04 00 00"),
                Area.of("222", "option 222 between two NOPs", "01 de 06 ca fe ca fe 01"));
    }

    @Test
    @Case(
            id = "LI-19",
            title = "ignores an IPv4 option that it does not know ({}), and answers the SYN with SYN,ACK",
            rows = "unknown",
            families = Family.IPV4,
            tags = {"listen", "ip-options"})
    @Requirement("RFC9293-MUST-50")
    public void unknownOptionIsIgnored(Peer peer, Area options) {
        answersSynWith(peer, options);
    }

    @Test
    @Case(
            id = "LI-20-RECORD-ROUTE",
            title = "answers a SYN with the IPv4 option Record Route with SYN,ACK, whether or not it supports it",
            families = Family.IPV4,
            observes = true,
            tags = {"listen", "ip-options"})
    @Requirement({"RFC9293-MUST-50", "RFC9293-MAY-11"})
    public void recordRoute(Peer peer) {
        optionalOption(peer, "RFC9293-MAY-11", Area.of("", "Record Route", "07 0b 04 00 00 00 00 00 00 00 00 00"));
    }

    @Test
    @Case(
            id = "LI-20-TIMESTAMP",
            title = "answers a SYN with the IPv4 option Internet Timestamp with SYN,ACK, whether or not it supports it",
            families = Family.IPV4,
            observes = true,
            tags = {"listen", "ip-options"})
    @Requirement({"RFC9293-MUST-50", "RFC9293-MAY-10"})
    public void timestamp(Peer peer) {
        optionalOption(
                peer, "RFC9293-MAY-10", Area.of("", "Internet Timestamp", "44 0c 05 00 00 00 00 00 00 00 00 00"));
    }

    private static void optionalOption(Peer peer, String requirement, Area options) {
        Answer answer = answersSynWith(peer, options);
        boolean used = has(answer, options.octets()[0]);
        peer.option(requirement, used, "the SYN,ACK carries " + (used ? "the option, too" : "no such option"));
    }

    private static Answer answersSynWith(Peer peer, Area options) {
        peer.requireNoRouter("drop packets with IP options");
        peer.send(syn().ip(ip -> ip.withOptions(options.octets())));
        Answer answer = peer.expect(SYN_ACK);
        peer.prove(TcpState.SYN_RECEIVED);
        return answer;
    }

    private static boolean has(Answer answer, byte type) {
        byte[] options = answer.frame().ipOptions();
        // a NOP may stand before the option
        return options.length > 1 && (options[0] == type || options[0] == 1 && options[1] == type);
    }

    /** A source route: its option type. */
    record SourceRoute(String id, String what, int type) implements Row {
        /** A route that is completed: it has led here through one hop, and its pointer is beyond its end. */
        byte[] through(InetAddress hop) {
            byte[] area = {1, (byte) type, 7, 8, 0, 0, 0, 0};
            System.arraycopy(hop.getAddress(), 0, area, 4, 4);
            return area;
        }
    }

    static List<SourceRoute> sourceRoutes() {
        return List.of(
                new SourceRoute("LOOSE", "a loose source route", 131),
                new SourceRoute("STRICT", "a strict source route", 137));
    }

    @Test
    @Case(
            id = "LI-21",
            title = "answers a SYN that came by {} by the reverse of that route",
            rows = "sourceRoutes",
            families = Family.IPV4,
            foreignAddresses = true,
            tags = {"listen", "ip-options"})
    @Requirement("RFC9293-MUST-53")
    public void sourceRouteIsReversed(Peer peer, SourceRoute route) {
        peer.requireNoRouter("drop packets with source routes");
        byte[] throughUs = route.through(peer.address());
        // first from ourselves: shows whether packets with a source route get as far as TCP
        boolean reachesTcp = false;
        // sent again: one that got lost does not tell that all are dropped
        for (int i = 0; i < SYNS && !reachesTcp; i++) {
            peer.send(syn().ip(ip -> ip.withOptions(throughUs)));
            reachesTcp = peer.expectOrSilence(SYN_ACK).isPresent();
        }
        if (!reachesTcp) {
            peer.prove(TcpState.LISTEN);
            throw new NotApplicable("the target drops packets with a source route, so that none reaches its TCP");
        }
        // then from elsewhere, with us as the last hop: only by the reverse route does the answer come here
        Peer hop = peer.another();
        hop.sendFrom(Sources.ELSEWHERE, syn().ip(ip -> ip.withOptions(throughUs)));
        Answer answer = hop.expect(SYN_ACK);
        if (!has(answer, (byte) route.type())) {
            throw hop.broken("no-source-route", "the SYN,ACK came without the source route that leads it on");
        }
        // nobody else can end what the target holds for that address
        hop.sendFrom(Sources.ELSEWHERE, rst());
        peer.prove(TcpState.SYN_RECEIVED);
    }
}
