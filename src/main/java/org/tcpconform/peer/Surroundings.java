package org.tcpconform.peer;

import org.tcpconform.requirement.Family;
import org.tcpconform.target.Target;
import org.tcpconform.wire.Station;

/** What a peer needs around it: the link, the target, the version of IP, and what the run has seen before. */
public record Surroundings(Station station, Target target, Family family, WholeRun wholeRun) {
    /** Where nothing was seen before. */
    public Surroundings(Station station, Target target, Family family) {
        this(station, target, family, new WholeRun(target.routes().get(family).target()));
    }
}
