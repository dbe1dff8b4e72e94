package org.tcpconform.run;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.tcpconform.peer.Answer;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.HangGuard;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.Surroundings;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Segment;
import org.tcpconform.segment.Seq;
import org.tcpconform.verdict.Inconclusive;
import org.tcpconform.verdict.NonConformity;
import org.tcpconform.verdict.NotApplicable;

/**
 * Tells a dead target from one that keeps silent: opens a connection to the open port and resets it. Where the target
 * offers none, its closed port has to answer.
 */
final class Canary {
    private static final int TRIES = 3;

    private final Map<Family, Surroundings> surroundings;
    private final Random random = new Random();

    Canary(Map<Family, Surroundings> surroundings) {
        this.surroundings = surroundings;
    }

    /** Whether the target answers a SYN to its open port; tries several times before it says no. */
    boolean sings(Family family) {
        for (int i = 0; i < TRIES; i++) {
            if (handshake(family).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Time from SYN to SYN-ACK by capture stamps; empty if there is no SYN-ACK. */
    Optional<Duration> handshake(Family family) {
        try (CaseLog log = new CaseLog(surroundings.get(family), random)) {
            Peer peer = log.peer(
                    surroundings.get(family).target().port(Stimulus.OPEN_PORT).isPresent()
                            ? Stimulus.OPEN_PORT
                            : Stimulus.CLOSED_PORT);
            peer.send(Segment.syn());
            Answer answer = peer.expect(
                    Segment.synAck().ack(Seq.IRS.plus(1)), Segment.rst().ignoring(Flag.ACK));
            return Optional.of(answer.delay());
        } catch (NonConformity | Inconclusive | NotApplicable | HangGuard e) {
            return Optional.empty();
        }
    }
}
