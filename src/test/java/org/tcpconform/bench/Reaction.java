package org.tcpconform.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapNativeException;
import org.tcpconform.lab.Lab;
import org.tcpconform.lab.LabCatalogue;
import org.tcpconform.lab.LabOptions;
import org.tcpconform.lab.NetworkNamespace;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.Surroundings;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.target.Approach;
import org.tcpconform.target.Target;
import org.tcpconform.target.Timing;
import org.tcpconform.wire.Pace;

/**
 * The time from a segment of the target to the tester's next one, in the lab: ours, and that of scapy for the same
 * exchange in the same namespaces, turn by turn, judged by one capture.
 *
 * <p>The exchange: SYN, SYN-ACK, ACK; then data of one octet and its acknowledgment, several times; RST.
 */
final class Reaction {
    /** Who plays the tester. */
    enum Tester {
        TCPCONFORM("tcpconform", null, 60),
        TCPCONFORM_COLD("tcpconform, first connections of a JVM", null, 10),
        SCAPY_SOCKET("scapy, one L2 socket", "socket", 60),
        SCAPY_SRP1("scapy, srp1", "srp1", 4);

        final String words;
        final String mode;
        /** Connections in one round: so many that a round takes a second or so. */
        final int connections;

        Tester(String words, String mode, int connections) {
            this.words = words;
            this.mode = mode;
            this.connections = connections;
        }
    }

    /** Linux acknowledges the first 16 segments of a connection at once, later ones perhaps after 40 ms. */
    private static final int SEGMENTS = 8;

    private static final int WARM_UP = 150;
    private static final int SCAPY_SECONDS = 60;
    private static final String SCAPY_ADDRESS = "192.0.2.78";

    private final Path home;
    private final int rounds;

    Reaction(Path home, int rounds) {
        this.home = home;
        this.rounds = rounds;
    }

    /** Plays all rounds on the calling thread, which is in another network namespace afterwards. */
    Map<Tester, Times> run() throws Exception {
        NetworkNamespace.enterFresh();
        Map<Tester, List<Times>> times = new LinkedHashMap<>();
        try (Lab lab = Lab.start(new LabCatalogue(home.resolve("tools")).find("linux"), LabOptions.defaults())) {
            int port = lab.services().get(Stimulus.DISCARD.label());
            Times cold = play(lab, port, Tester.TCPCONFORM_COLD, Tester.TCPCONFORM_COLD.connections);
            play(lab, port, Tester.TCPCONFORM, WARM_UP);
            for (int round = 0; round < rounds; round++) {
                for (Tester tester : List.of(Tester.TCPCONFORM, Tester.SCAPY_SOCKET, Tester.SCAPY_SRP1)) {
                    times.computeIfAbsent(tester, t -> new ArrayList<>())
                            .add(play(lab, port, tester, tester.connections));
                }
            }
            times.put(Tester.TCPCONFORM_COLD, List.of(cold));
        }
        Map<Tester, Times> all = new LinkedHashMap<>();
        times.forEach((tester, parts) -> all.put(tester, Times.together(parts)));
        return all;
    }

    private Times play(Lab lab, int port, Tester tester, int connections)
            throws PcapNativeException, NotOpenException, InterruptedException, IOException {
        try (Judge judge = Judge.open(lab.interfaceName(), port)) {
            if (tester.mode == null) {
                ours(lab, port, connections);
            } else {
                scapy(lab, port, tester.mode, connections);
            }
            Times times = Times.reactions(judge.read());
            int wanted = connections * SEGMENTS;
            if (times.count() < wanted) {
                throw new IllegalStateException(
                        tester.words + ": only " + times.count() + " reactions of " + wanted + " on the wire");
            }
            return times;
        }
    }

    private static void ours(Lab lab, int port, int connections) {
        List<InetAddress> targets = List.of(lab.targetAddresses().get(0));
        Approach.Request request = new Approach.Request(
                targets,
                lab.interfaceName(),
                lab.sourceAddresses(),
                Approach.SourceMode.OWN,
                0,
                null,
                false,
                new Approach.Bounds(false, false, Pace.MOST));
        Random random = new Random();
        try (Approach approach = Approach.open(request, random.nextLong())) {
            Target target = Target.at(
                            lab.name(), "", approach.routes(), Map.of(Stimulus.DISCARD, port), java.util.Set.of())
                    .withTiming(new Timing(Duration.ZERO));
            Surroundings around = new Surroundings(approach.station(), target, Family.IPV4);
            for (int i = 0; i < connections; i++) {
                try (CaseLog log = new CaseLog(around, random)) {
                    Peer peer = log.peer(Stimulus.DISCARD);
                    peer.establish();
                    for (int n = 0; n < SEGMENTS; n++) {
                        peer.send(Segment.data(1));
                        peer.expect(Segment.ack().ack(Seq.RCV_NXT));
                    }
                }
            }
        }
    }

    private void scapy(Lab lab, int port, String mode, int connections) throws IOException, InterruptedException {
        Path script = home.resolve("src/test/resources/org/tcpconform/bench/scapy_tester.py");
        Path log = Files.createTempFile("scapy", ".log");
        try {
            // python writes no byte code into the sources
            Process python = new ProcessBuilder(
                            "/usr/bin/python3",
                            "-B",
                            script.toString(),
                            mode,
                            lab.interfaceName(),
                            SCAPY_ADDRESS,
                            lab.targetAddresses().get(0).getHostAddress(),
                            Integer.toString(port),
                            Integer.toString(connections),
                            Integer.toString(SEGMENTS))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            boolean ended = python.waitFor(SCAPY_SECONDS, TimeUnit.SECONDS);
            python.destroyForcibly();
            if (!ended || python.exitValue() != 0) {
                throw new IllegalStateException("scapy (" + mode + "): "
                        + (ended ? Files.readString(log).strip() : "not done after " + SCAPY_SECONDS + " s"));
            }
        } finally {
            Files.delete(log);
        }
    }
}
