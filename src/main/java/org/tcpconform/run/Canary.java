package org.tcpconform.run;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.Surroundings;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Segment;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NonConformity;

/** Tells a dead target from one that breaks a rule: sends a SYN to the open port, and looks whether anything comes. */
final class Canary {
    private static final int TRIES = 3;

    private final Map<Family, Surroundings> surroundings;
    private final Random random = new Random();

    Canary(Map<Family, Surroundings> surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * What is wrong with the target, so that no case can be judged any more; empty where it accepts connections. Tries
     * several times before it says so. Whether the SYN,ACK is right is for the cases to judge.
     */
    Optional<String> trouble(Family family) {
        Optional<String> trouble = Optional.empty();
        for (int i = 0; i < TRIES; i++) {
            trouble = look(family);
            if (trouble.isEmpty()) {
                return trouble;
            }
        }
        return trouble;
    }

    private Optional<String> look(Family family) {
        try (CaseLog log = new CaseLog(surroundings.get(family), random)) {
            Peer peer = log.peer(Stimulus.OPEN_PORT);
            peer.send(Segment.syn());
            return peer.expect(Segment.synAck(), Segment.rst().ignoring(Flag.ACK))
                                    .choice()
                            == 0
                    ? Optional.empty()
                    : Optional.of("the target refuses connections to its open port " + peer.targetPort());
        } catch (NonConformity | Inconclusive e) {
            return Optional.of("the target stopped answering");
        }
    }
}
