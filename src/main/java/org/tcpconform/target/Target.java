package org.tcpconform.target;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Feature;
import org.tcpconform.requirement.Stimulus;

/**
 * The implementation under test, as described and as probed.
 *
 * @param name short name for people and folders
 * @param description what it is, as far as known; may be empty
 * @param routes how it is reached, for each version of IP that it has
 * @param ports port of each thing that it offers
 * @param features which optional features it has, as far as known
 * @param claimed features that it is said to have, so that their absence is a failure
 * @param profile which of the permitted rule sets it follows
 * @param timing waiting times
 */
public record Target(
        String name,
        String description,
        Map<Family, Route> routes,
        Map<Stimulus, Integer> ports,
        Map<Feature, Presence> features,
        Set<Feature> claimed,
        Profile profile,
        Timing timing) {

    public Optional<Integer> port(Stimulus stimulus) {
        return Optional.ofNullable(ports.get(stimulus));
    }

    public Set<Family> families() {
        return routes.keySet();
    }

    public Target withTiming(Timing other) {
        return new Target(name, description, routes, ports, features, claimed, profile, other);
    }

    public Target withPort(Stimulus stimulus, int port) {
        Map<Stimulus, Integer> others = new EnumMap<>(Stimulus.class);
        others.putAll(ports);
        others.put(stimulus, port);
        return new Target(name, description, routes, others, features, claimed, profile, timing);
    }

    public Target withFeatures(Map<Feature, Presence> found, Profile followed) {
        return new Target(name, description, routes, ports, found, claimed, followed, timing);
    }

    /** Whether the cases of a feature are to be judged: it is there, or not known to be absent, or claimed. */
    public boolean expects(Feature feature) {
        return claimed.contains(feature) || features.get(feature) != Presence.ABSENT;
    }

    /** A target of which nothing is known but where it is. */
    public static Target at(
            String name,
            String description,
            Map<Family, Route> routes,
            Map<Stimulus, Integer> ports,
            Set<Feature> claimed) {
        return new Target(
                name, description, routes, ports, Map.of(), claimed, Profile.UNKNOWN, new Timing(Duration.ZERO));
    }
}
