package org.tcpconform.peer;

import org.tcpconform.requirement.Budget;
import org.tcpconform.requirement.Family;
import org.tcpconform.target.Route;
import org.tcpconform.target.Target;
import org.tcpconform.wire.Station;

/**
 * What a peer needs around it.
 *
 * @param station we on the link
 * @param target what is judged
 * @param family the version of IP
 * @param isnSamples how many initial sequence numbers the cases that judge them statistically look at
 * @param wholeRun what the run has seen before
 * @param network what the run has seen of the network
 */
public record Surroundings(
        Station station, Target target, Family family, int isnSamples, WholeRun wholeRun, Network network) {
    /** So many samples tell a generator with as few as 2^17 numbers from one with 2^32. */
    public static final int ISN_SAMPLES = Budget.ISN_SAMPLES;

    /** Where nothing was seen before. */
    public Surroundings(Station station, Target target, Family family) {
        this(station, target, family, new Network(target.timing()));
    }

    /** Where nothing but the network was seen before. */
    public Surroundings(Station station, Target target, Family family, Network network) {
        this(
                station,
                target,
                family,
                ISN_SAMPLES,
                new WholeRun(target.routes().get(family).target()),
                network);
    }

    /** In lockstep, waits until the target has read all that was sent so far. */
    void awaitRead() {
        Route route = target.routes().get(family);
        station.awaitRead(route.nextHop(), route.source());
    }

    public Surroundings withWholeRun(WholeRun other) {
        return new Surroundings(station, target, family, isnSamples, other, network);
    }

    public Surroundings withIsnSamples(int samples) {
        return new Surroundings(station, target, family, samples, wholeRun, network);
    }
}
