package org.tcpconform.target;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tcpconform.requirement.Family;
import org.tcpconform.segment.Ip;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.MacAddress;
import org.tcpconform.wire.ImpairedLink;
import org.tcpconform.wire.Impairment;
import org.tcpconform.wire.Link;
import org.tcpconform.wire.Pace;
import org.tcpconform.wire.PcapLink;
import org.tcpconform.wire.Station;

/** The open way to a target: the station on the link, with our addresses, and a route for each version of IP. */
public final class Approach implements AutoCloseable {
    /** Whose address we use. */
    public enum SourceMode {
        /** An address, and an Ethernet address, that nobody uses: the host's stack has no part in it. */
        OWN,
        /** The host's address, with a rule that keeps the host's stack from answering. */
        HOST
    }

    /**
     * What leads to the target.
     *
     * @param targets one address for each version of IP
     * @param interfaceName interface; null to let the routes decide
     * @param sources our addresses; empty to find some
     * @param mode whose address we use
     * @param vlan 802.1Q VLAN id, 0 for none
     * @param impairment what a bad network does on the way; null for none
     * @param lockstep whether each segment waits until the target has read the one before
     * @param bounds what may be sent
     */
    public record Request(
            List<InetAddress> targets,
            String interfaceName,
            List<InetAddress> sources,
            SourceMode mode,
            int vlan,
            Impairment impairment,
            boolean lockstep,
            Bounds bounds) {}

    /**
     * What may be sent, whatever the cases want.
     *
     * @param ownAddress whether the target may have an address that is the host's too
     * @param foreignAddresses whether frames may go to others than the target and its next hop, and come from others than us
     * @param rate segments in a second
     */
    public record Bounds(boolean ownAddress, boolean foreignAddresses, int rate) {
        /** As a target that is nobody's but the user's is judged unless more is asked for. */
        public static final Bounds USUAL = new Bounds(false, false, Pace.USUAL);
    }

    /** How long a neighbour may take to answer ARP or neighbour discovery. */
    private static final Duration NEIGHBOUR = Duration.ofSeconds(3);

    private final String interfaceName;
    private final Station station;
    private final Map<Family, Route> routes;
    private final HostResetGuard guard;

    private Approach(String interfaceName, Station station, Map<Family, Route> routes, HostResetGuard guard) {
        this.interfaceName = interfaceName;
        this.station = station;
        this.routes = routes;
        this.guard = guard;
    }

    /**
     * Opens the link and finds the target's next hop.
     *
     * @param seed decides our ports
     * @throws EnvironmentException if there is no way, or nobody answers ARP or neighbour discovery
     * @throws org.tcpconform.wire.LinkException if the interface cannot be opened
     */
    public static Approach open(Request request, long seed) {
        return open(request, seed, List.of());
    }

    /**
     * As {@link #open(Request, long)}, after somebody else with the same seed.
     *
     * @param usedPorts ports of ours that the target has seen from it
     */
    public static Approach open(Request request, long seed, Collection<Integer> usedPorts) {
        List<HostNetwork.Way> ways = new ArrayList<>();
        for (InetAddress target : request.targets()) {
            ways.add(HostNetwork.to(
                    target, request.interfaceName(), request.bounds().ownAddress()));
        }
        String interfaceName = ways.get(0).interfaceName();
        if (ways.stream().anyMatch(w -> !w.interfaceName().equals(interfaceName))) {
            throw new EnvironmentException("the target's addresses are reached over different interfaces ("
                    + interfaceName + ", " + ways.get(1).interfaceName()
                    + "): judge one version of IP at a time, with --ipv4 or --ipv6");
        }
        HostNetwork.requireInterface(interfaceName);
        Random random = new Random(seed);
        // not by the seed: another run with the same, at the same time, must have other addresses
        Random chance = new SecureRandom();
        boolean host = request.mode() == SourceMode.HOST;
        MacAddress mac = host ? HostNetwork.mac(interfaceName).orElse(made(chance)) : made(chance);
        HostResetGuard guard =
                host ? HostResetGuard.set(request.targets(), Station.FIRST_PORT, Station.LAST_PORT) : null;
        Station station = null;
        try {
            Link link = PcapLink.open(interfaceName, filter(request, ways));
            if (request.impairment() != null) {
                link = impaired(link, interfaceName, mac, request.impairment(), random.nextLong());
            }
            station =
                    new Station(link, mac, request.vlan(), !host, Station.firstPortAfter(random.nextInt(), usedPorts));
            station.pace(new Pace(request.bounds().rate()));
            if (!request.bounds().foreignAddresses()) {
                station.confine(request.targets());
            }
            Map<Family, Route> routes = new LinkedHashMap<>();
            for (int i = 0; i < ways.size(); i++) {
                InetAddress target = request.targets().get(i);
                Route route = route(station, request, target, ways.get(i), chance);
                routes.put(Family.of(target), route);
            }
            if (request.lockstep()) {
                requireNeighbours(station, routes.values());
                station.lockstep();
            }
            return new Approach(interfaceName, station, routes, guard);
        } catch (RuntimeException e) {
            if (station != null) {
                station.close();
            }
            if (guard != null) {
                guard.close();
            }
            throw e;
        }
    }

    private static void requireNeighbours(Station station, Collection<Route> routes) {
        if (station.layer() != LinkLayer.ETHERNET || !routes.stream().allMatch(Route::onLink)) {
            throw new EnvironmentException("lockstep needs a target on the same Ethernet link, which tells by ARP or"
                    + " neighbour discovery what it has read: leave it out");
        }
    }

    private static Link impaired(Link link, String interfaceName, MacAddress mac, Impairment impairment, long seed) {
        if (link.layer() != LinkLayer.ETHERNET) {
            link.close();
            throw new EnvironmentException(
                    "--impair needs an Ethernet interface, and " + interfaceName + " has packets without a header");
        }
        return new ImpairedLink(link, mac, impairment, seed);
    }

    private static Route route(
            Station station, Request request, InetAddress target, HostNetwork.Way way, Random random) {
        boolean host = request.mode() == SourceMode.HOST;
        InetAddress source = request.sources().stream()
                .filter(s -> Family.of(s) == Family.of(target))
                .findFirst()
                .orElse(host ? way.hostAddress() : null);
        if (source == null && (host || station.layer() == LinkLayer.RAW_IP)) {
            throw new EnvironmentException("the host has no address of its own on " + way.interfaceName() + " toward "
                    + Ip.text(target) + ": name ours with --source");
        }
        if (source == null) {
            source = SourceAddress.find(station, way, random);
        } else if (!host && HostNetwork.owns(source)) {
            throw new EnvironmentException(Ip.text(source) + " is the host's own address: its stack would answer"
                    + " too. Name an address that nobody uses, or use --source-mode host");
        } else if (host && !HostNetwork.owns(source)) {
            throw new EnvironmentException(Ip.text(source) + " is no address of this host, as --source-mode host needs:"
                    + " leave --source out, or use --source-mode own");
        }
        Route route = new Route(source, target, way.nextHop(), way.prefixLength());
        boolean known = request.vlan() == 0
                && HostNetwork.knownPrefixLength(way.interfaceName(), way.nextHop())
                        .isPresent();
        route.outside().filter(stray -> known).ifPresent(stray -> {
            throw new EnvironmentException(stray);
        });
        station.own(source);
        station.challenge(source);
        if (station.resolve(way.nextHop(), source, NEIGHBOUR).isEmpty()) {
            station.impostor().ifPresent(other -> {
                throw impostor(other);
            });
            // of a subnet that is only guessed it can be said no sooner
            route.outside().ifPresent(stray -> {
                throw new EnvironmentException(stray);
            });
            boolean gateway = !way.nextHop().equals(target);
            throw new EnvironmentException(
                    (gateway ? "the gateway " : "") + Ip.text(way.nextHop()) + " does not answer "
                            + (Family.of(target) == Family.IPV4 ? "ARP" : "neighbour discovery") + " on "
                            + way.interfaceName() + ": is the target up, and is this its interface"
                            + (request.vlan() == 0 ? "" : " and VLAN") + "?");
        }
        return route;
    }

    /** Says what to do about somebody who has our address too. */
    public static EnvironmentException impostor(MacAddress other) {
        return new EnvironmentException("somebody else (" + other + ") answers for our address: name another with"
                + " --source, one that neither this host nor any other uses");
    }

    /** Only what can matter reaches us, however busy the link is. */
    private static String filter(Request request, List<HostNetwork.Way> ways) {
        StringBuilder filter = new StringBuilder("arp or icmp or icmp6 or (tcp and dst net 224.0.0.0/4)"
                + " or (tcp and dst host 255.255.255.255) or (ip6 and dst net ff00::/8)");
        for (InetAddress target : request.targets()) {
            filter.append(" or host ").append(Ip.text(target));
        }
        for (HostNetwork.Way way : ways) {
            HostNetwork.broadcast(way.nextHop(), way.prefixLength())
                    .ifPresent(b -> filter.append(" or (tcp and dst host ")
                            .append(Ip.text(b))
                            .append(')'));
        }
        return request.vlan() == 0 ? filter.toString() : "vlan " + request.vlan() + " and (" + filter + ")";
    }

    /** A locally administered unicast address. */
    private static MacAddress made(Random random) {
        byte[] octets = new byte[6];
        random.nextBytes(octets);
        octets[0] = (byte) (octets[0] & 0xfc | 0x02);
        return MacAddress.of(octets);
    }

    public String interfaceName() {
        return interfaceName;
    }

    public Station station() {
        return station;
    }

    public Map<Family, Route> routes() {
        return routes;
    }

    @Override
    public void close() {
        station.close();
        if (guard != null) {
            guard.close();
        }
    }
}
