package org.tcpconform.suite.rfc9293;

import static org.tcpconform.requirement.Stimulus.CLOSES_ON_FIN;
import static org.tcpconform.requirement.Stimulus.ECHO;
import static org.tcpconform.segment.Segment.ack;
import static org.tcpconform.segment.Segment.data;
import static org.tcpconform.segment.Segment.finAck;
import static org.tcpconform.segment.Segment.rst;
import static org.tcpconform.segment.Segment.syn;
import static org.tcpconform.segment.Seq.RCV_NXT;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.TcpState;
import org.tcpconform.requirement.Case;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Requirement;
import org.tcpconform.requirement.Row;
import org.tcpconform.segment.Finish;
import org.tcpconform.segment.Option;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.WrongChecksum;
import org.testng.annotations.Test;

/** RFC 9293, 3.1: the checksum, which the sender must generate and the receiver must check. */
public class S3_1_Checksum {
    /** Data of so many octets. */
    record Size(String id, int octets) implements Row {
        @Override
        public String what() {
            return octets + (octets == 1 ? " octet" : " octets");
        }
    }

    static List<Size> sizes() {
        return Stream.of(1, 2, 3, 7, 8, 255, 256, 535, 536)
                .map(n -> new Size(Integer.toString(n), n))
                .toList();
    }

    @Test
    @Case(
            id = "CK-01",
            title = "takes data of {} with a right checksum, whether or not it must be padded to be summed",
            rows = "sizes",
            tags = {"checksum", "data"})
    @Requirement({"RFC9293-MUST-3", "RFC9293-3.10.7.4-28"})
    public void rightChecksumIsTaken(Peer peer, Size size) {
        peer.establish();
        peer.send(data(size.octets()));
        peer.expectAck(ack().ack(RCV_NXT));
    }

    /** A checksum that is wrong. */
    record Mistake(String id, WrongChecksum checksum) implements Row {
        @Override
        public String what() {
            return checksum.what();
        }
    }

    static List<Mistake> mistakes() {
        return Arrays.stream(WrongChecksum.values())
                .map(w -> new Mistake(
                        switch (w) {
                            case ZERO -> "04-ZERO";
                            case NO_PSEUDO_HEADER -> "06-NO-PSEUDO-HEADER";
                            case OTHER_PROTOCOL -> "07-OTHER-PROTOCOL";
                            case NO_OPTIONS -> "10-NO-OPTIONS";
                            default -> "02-" + w.name().replace('_', '-');
                        },
                        w))
                .toList();
    }

    @Test
    @Case(
            id = "CK",
            title = "drops data with {}: neither answers nor delivers it",
            rows = "mistakes",
            tags = {"checksum", "data"})
    @Requirement("RFC9293-MUST-3")
    public void dataWithWrongChecksumIsDropped(Peer peer, Mistake mistake) {
        peer.establish();
        peer.send(data(10).options(new Option.Nop(), new Option.Nop(), new Option.Nop(), new Option.Nop())
                .finish(mistake.checksum()));
        peer.expectSilence();
        // had the data been taken in silence, the octet of the probe would be old
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "CK-03",
            title = "answers a SYN with {} neither with SYN,ACK nor with RST, and listens on",
            rows = "mistakes",
            tags = {"checksum", "listen"})
    @Requirement("RFC9293-MUST-3")
    public void synWithWrongChecksumIsDropped(Peer peer, Mistake mistake) {
        peer.send(syn().payload(mistake.checksum() == WrongChecksum.NO_DATA ? 2 : 0)
                .finish(mistake.checksum()));
        peer.expectSilence();
        peer.prove(TcpState.LISTEN);
    }

    @Test
    @Case(
            id = "CK-05",
            title = "drops a FIN with {}: neither acknowledges it nor closes",
            needs = CLOSES_ON_FIN,
            rows = "mistakesWithoutData",
            tags = {"checksum", "teardown"})
    @Requirement("RFC9293-MUST-3")
    public void finWithWrongChecksumIsDropped(Peer peer, Mistake mistake) {
        peer.establish();
        peer.send(finAck().seq(RCV_NXT).finish(mistake.checksum()));
        peer.expectSilence();
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "CK-05-RST",
            title = "drops a RST of SEQ RCV.NXT with {}, and stays in ESTABLISHED",
            rows = "mistakesWithoutData",
            tags = {"checksum", "reset"})
    @Requirement("RFC9293-MUST-3")
    public void resetWithWrongChecksumIsDropped(Peer peer, Mistake mistake) {
        peer.establish();
        peer.send(rst().seq(RCV_NXT).finish(mistake.checksum()));
        peer.expectSilence();
        peer.prove(TcpState.ESTABLISHED);
    }

    static List<Mistake> mistakesWithoutData() {
        return mistakes().stream()
                .filter(m -> m.checksum() != WrongChecksum.NO_DATA && m.checksum() != WrongChecksum.NO_OPTIONS)
                .toList();
    }

    @Test
    @Case(
            id = "CK-07",
            title = "takes a checksum with the pseudo-header of IPv6, and none whose next header is not TCP",
            families = Family.IPV6,
            tags = "checksum")
    @Requirement({"RFC8200-8.1-1", "RFC9293-MUST-3"})
    public void ipv6PseudoHeader(Peer peer) {
        peer.establish();
        peer.send(data(10).finish(WrongChecksum.OTHER_PROTOCOL));
        peer.expectSilence();
        peer.send(data(9));
        peer.expectAck(ack().ack(RCV_NXT));
    }

    @Test
    @Case(
            id = "CK-08",
            title = "sends a right checksum in every segment: SYN,ACK, ACK, data of odd and even length, FIN and RST",
            needs = ECHO,
            tags = {"checksum", "options"})
    @Requirement("RFC9293-MUST-2")
    public void everyChecksumIsRight(Peer peer) {
        for (Peer each : List.of(peer, peer.another())) {
            Supplier<List<Answer>> sent =
                    each == peer ? Exchange.play(each) : Exchange.play(each, Exchange.allOptions(each));
            each.judge("a right checksum in each segment", () -> {
                List<Answer> all = sent.get();
                long wrong =
                        all.stream().filter(a -> !a.frame().checksumRight()).count();
                if (wrong > 0) {
                    throw each.broken("bad-checksum", wrong + " of " + all.size() + " segments have a wrong checksum");
                }
            });
        }
    }

    @Test
    @Case(
            id = "CK-09",
            title = "takes data whose right checksum is 0, the complement of a sum of all ones",
            tags = {"checksum", "data"})
    @Requirement("RFC9293-MUST-3")
    public void checksumOfZeroIsTaken(Peer peer) {
        peer.establish();
        peer.send(data(10).finish(new Finish.ChecksumMade(0)));
        peer.expectAck(ack().ack(RCV_NXT));
    }

    @Test
    @Case(
            id = "CK-09-ONES",
            title = "takes or drops data with 0xffff where the right checksum is 0: both verify when summed",
            observes = true,
            tags = {"checksum", "data"})
    @Requirement("RFC9293-MUST-3")
    public void checksumOfOnes(Peer peer) {
        peer.establish();
        Segment twin = data(10).finish(new Finish.ChecksumMade(0xffff));
        peer.send(twin.seq(RCV_NXT));
        Optional<Answer> answer = peer.expectOrSilence(ack().ack(RCV_NXT.plus(10)));
        peer.observed(
                "a checksum of 0xffff in place of 0 is " + (Text.isTaken(peer, answer, 10) ? "taken" : "refused"));
        peer.prove(TcpState.ESTABLISHED);
    }

    @Test
    @Case(
            id = "CK-11",
            title = "does not count the octets that pad a short frame as data",
            families = Family.IPV4,
            tags = "data")
    @Requirement("RFC9293-3.10.7.4-28")
    public void paddingOfTheFrameIsNoData(Peer peer) {
        peer.establish();
        // with its headers 41 octets, so that Ethernet pads it
        peer.send(data(1));
        peer.expectAck(ack().ack(RCV_NXT));
        peer.prove(TcpState.ESTABLISHED);
    }
}
