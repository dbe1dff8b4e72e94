package org.tcpconform.target;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Stimulus;

/**
 * The implementation under test, as described and as probed.
 *
 * @param name short name for people and folders
 * @param description what it is, as far as known; may be empty
 * @param routes how it is reached, for each version of IP that it has
 * @param ports port of each thing that it offers
 * @param timing waiting times
 */
public record Target(
        String name, String description, Map<Family, Route> routes, Map<Stimulus, Integer> ports, Timing timing) {

    public Optional<Integer> port(Stimulus stimulus) {
        return Optional.ofNullable(ports.get(stimulus));
    }

    public Set<Family> families() {
        return routes.keySet();
    }

    public Target withTiming(Timing other) {
        return new Target(name, description, routes, ports, other);
    }
}
