package org.tcpconform.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.FrameDecoder;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.MacAddress;
import org.tcpconform.wire.MemoryLink;
import org.tcpconform.wire.Station;
import org.testng.annotations.Test;

/** Our address is one that nobody answers for. */
public class SourceAddressTest {
    private static final MacAddress OUR_MAC = MacAddress.of("02:00:00:00:00:01");
    private static final byte[] THEIR_MAC = {2, 0, 0, 0, 0, 2};

    private static InetAddress address(String literal) throws Exception {
        return InetAddress.getByName(literal);
    }

    /** A link on which others answer ARP for some addresses; {@code asked} learns what was asked for. */
    private static MemoryLink link(Set<InetAddress> used, Set<InetAddress> asked) {
        MemoryLink link = new MemoryLink(LinkLayer.ETHERNET);
        link.target(bytes -> {
            if (FrameDecoder.decode(bytes, LinkLayer.ETHERNET) instanceof Frame.Arp arp && arp.operation() == 1) {
                asked.add(arp.targetAddress());
                if (used.contains(arp.targetAddress())) {
                    link.arrive(reply(bytes, arp));
                }
            }
        });
        return link;
    }

    /** The ARP reply to a request, on the bytes of the request. */
    private static byte[] reply(byte[] request, Frame.Arp arp) {
        byte[] reply = request.clone();
        System.arraycopy(request, 6, reply, 0, 6);
        System.arraycopy(THEIR_MAC, 0, reply, 6, 6);
        reply[21] = 2;
        System.arraycopy(THEIR_MAC, 0, reply, 22, 6);
        System.arraycopy(arp.targetAddress().getAddress(), 0, reply, 28, 4);
        System.arraycopy(request, 22, reply, 32, 6);
        System.arraycopy(arp.senderAddress().getAddress(), 0, reply, 38, 4);
        return reply;
    }

    private static InetAddress find(Station station, String target, int prefixLength, long seed) throws Exception {
        HostNetwork.Way way = new HostNetwork.Way("none-such", address(target), null, prefixLength);
        return SourceAddress.find(station, way, new Random(seed));
    }

    @Test
    public void theOnlyFreeAddressIsFoundWhateverTheSeed() throws Exception {
        Set<InetAddress> used = Set.of(
                address("192.0.2.9"),
                address("192.0.2.10"),
                address("192.0.2.11"),
                address("192.0.2.12"),
                address("192.0.2.14"));
        Set<InetAddress> asked = ConcurrentHashMap.newKeySet();
        try (Station station = new Station(link(used, asked), OUR_MAC, 0, true, 0)) {
            for (long seed = 0; seed < 2; seed++) {
                assertThat(find(station, "192.0.2.10", 29, seed)).isEqualTo(address("192.0.2.13"));
            }
        }
        assertThat(asked)
                .as("neither the network's address, nor its broadcast, nor the target's is asked for")
                .doesNotContain(address("192.0.2.8"), address("192.0.2.15"), address("192.0.2.10"))
                .contains(address("192.0.2.13"));
    }

    @Test
    public void whereAllAreInUseTheUserIsAsked() throws Exception {
        Set<InetAddress> used = ConcurrentHashMap.newKeySet();
        for (int last = 9; last <= 14; last++) {
            used.add(address("192.0.2." + last));
        }
        try (Station station = new Station(link(used, ConcurrentHashMap.newKeySet()), OUR_MAC, 0, true, 0)) {
            assertThatThrownBy(() -> find(station, "192.0.2.10", 29, 1))
                    .isInstanceOf(EnvironmentException.class)
                    .hasMessage("no unused address was found beside 192.0.2.10/29: name one that nobody uses with"
                            + " --source");
            for (int prefixLength : List.of(31, 32)) {
                assertThatThrownBy(() -> find(station, "192.0.2.10", prefixLength, 1))
                        .isInstanceOf(EnvironmentException.class)
                        .hasMessageContaining("has no room for another address: name one with --source");
            }
        }
    }

    @Test
    public void whoClaimsOurAddressIsNoticed() throws Exception {
        InetAddress ours = address("192.0.2.77");
        Set<InetAddress> asked = ConcurrentHashMap.newKeySet();
        try (Station station = new Station(link(Set.of(ours), asked), OUR_MAC, 0, true, 0)) {
            station.own(ours);
            assertThat(station.impostor()).isEmpty();
            station.challenge(ours);
            while (station.impostor().isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(station.impostor().orElseThrow().octets())
                    .as(Arrays.toString(THEIR_MAC))
                    .isEqualTo(THEIR_MAC);
        }
    }

    @Test
    public void ourOwnAnswersAreNoClaim() throws Exception {
        InetAddress ours = address("192.0.2.77");
        try (Station station = new Station(link(Set.of(), ConcurrentHashMap.newKeySet()), OUR_MAC, 0, true, 0)) {
            station.own(ours);
            station.challenge(ours);
            assertThat(station.inUse(address("192.0.2.78"), java.time.Duration.ofMillis(50)))
                    .isFalse();
            assertThat(station.impostor()).isEmpty();
        }
    }
}
