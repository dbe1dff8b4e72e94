package org.tcpconform.peer;

import org.tcpconform.requirement.Family;
import org.tcpconform.target.Target;
import org.tcpconform.wire.Station;

/** What a peer needs around it: the link, the target, and the version of IP. */
public record Surroundings(Station station, Target target, Family family) {}
