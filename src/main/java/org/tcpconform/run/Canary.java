package org.tcpconform.run;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.HangGuard;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.Surroundings;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Segment;
import org.tcpconform.target.Route;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NonConformity;
import org.tcpconform.verdict.NotApplicable;
import org.tcpconform.wire.LinkDownException;

/**
 * Tells a dead target from one that breaks a rule: sends a SYN to the open port, and looks whether anything comes. Where
 * the target offers none, its closed port has to answer.
 */
final class Canary {
    private static final int TRIES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Map<Family, Surroundings> surroundings;
    private final Random random;

    /** @param seed decides its numbers */
    Canary(Map<Family, Surroundings> surroundings, long seed) {
        this.surroundings = surroundings;
        this.random = new Random(seed);
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

    /** Asks the neighbours again who they are: a target that was started anew may have another Ethernet address. */
    void meetAnew() {
        surroundings.forEach((family, around) -> {
            Route route = around.target().routes().get(family);
            try {
                around.station().resolveAnew(route.nextHop(), route.source(), PATIENCE);
            } catch (LinkDownException e) {
                // the look that follows finds the same
                return;
            }
        });
    }

    private Optional<String> look(Family family) {
        Stimulus port =
                surroundings.get(family).target().port(Stimulus.OPEN_PORT).isPresent()
                        ? Stimulus.OPEN_PORT
                        : Stimulus.CLOSED_PORT;
        try (CaseLog log = new CaseLog(surroundings.get(family), random)) {
            Peer peer = log.peer(port);
            peer.send(Segment.syn());
            return peer.expect(Segment.synAck(), Segment.rst().ignoring(Flag.ACK))
                                            .choice()
                                    == 0
                            || port == Stimulus.CLOSED_PORT
                    ? Optional.empty()
                    : Optional.of("the target refuses connections to its open port " + peer.targetPort());
        } catch (LinkDownException e) {
            return Optional.of(e.getMessage());
        } catch (NonConformity | Inconclusive | NotApplicable | HangGuard e) {
            return Optional.of("the target stopped answering");
        }
    }
}
