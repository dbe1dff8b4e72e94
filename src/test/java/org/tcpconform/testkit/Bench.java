package org.tcpconform.testkit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.tcpconform.peer.CaseLog;
import org.tcpconform.peer.Peer;
import org.tcpconform.peer.Surroundings;
import org.tcpconform.requirement.Family;
import org.tcpconform.requirement.Stimulus;
import org.tcpconform.run.Preflight;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.MacAddress;
import org.tcpconform.target.Route;
import org.tcpconform.target.Target;
import org.tcpconform.target.Timing;
import org.tcpconform.wire.ImpairedLink;
import org.tcpconform.wire.Impairment;
import org.tcpconform.wire.Link;
import org.tcpconform.wire.MemoryLink;
import org.tcpconform.wire.Station;

/** A station and a {@link MiniStack} on a link in memory, with a service behind every stimulus. */
public final class Bench implements AutoCloseable {
    public static final MacAddress OUR_MAC = MacAddress.of("02:00:5e:10:00:01");
    public static final MacAddress TARGET_MAC = MacAddress.of("02:00:5e:10:00:02");
    public static final InetAddress OUR_IPV4 = address("192.0.2.77");
    public static final InetAddress OUR_IPV6 = address("2001:db8::77");
    public static final InetAddress TARGET_IPV4 = address("192.0.2.10");
    public static final InetAddress TARGET_IPV6 = address("2001:db8::10");
    /** Far more than the link takes: it makes the time to watch a silence longer, for a machine that is busy. */
    private static final Timing TIMING = new Timing(Duration.ofMillis(25));

    private static final Map<Stimulus, Integer> PORTS = ports();

    private final MemoryLink link;
    private final Station station;
    private final MiniStack stack;
    private final Target target;
    private final List<CaseLog> logs = Collections.synchronizedList(new ArrayList<>());

    private Bench(MemoryLink link, Station station, MiniStack stack, Target target) {
        this.link = link;
        this.station = station;
        this.stack = stack;
        this.target = target;
    }

    /** On Ethernet, with a stack that keeps the rules. */
    public static Bench open() {
        return open(LinkLayer.ETHERNET, 1);
    }

    /**
     * @param layer how frames begin
     * @param seed decides the random choices of the stack and the first port of the station
     */
    public static Bench open(LinkLayer layer, int seed) {
        return open(layer, seed, link -> link);
    }

    /** On Ethernet, with a bad network between, which is measured as before a run. */
    public static Bench behind(String impairment, int seed) {
        Impairment how = Impairment.parse(impairment);
        Bench bench = open(LinkLayer.ETHERNET, seed, link -> new ImpairedLink(link, OUR_MAC, how, seed));
        // a busy machine must not pass for a network on which frames overtake one another
        boolean inOrder = how.jitter().isZero() && how.reorder() == 0 && how.bitsPerSecond() == 0;
        Preflight preflight = new Preflight(bench.station, seed).onPlainLink(inOrder);
        return new Bench(bench.link, bench.station, bench.stack, preflight.check(bench.target));
    }

    /** @param between what the station has of the link */
    public static Bench open(LinkLayer layer, int seed, UnaryOperator<Link> between) {
        MemoryLink link = new MemoryLink(layer);
        MiniStack stack = new MiniStack(link, TARGET_MAC, seed, TARGET_IPV4, TARGET_IPV6);
        stack.listen(PORTS.get(Stimulus.ECHO), Service.ECHO)
                .listen(PORTS.get(Stimulus.DISCARD), Service.DISCARD)
                .listen(PORTS.get(Stimulus.CLOSES_FIRST), Service.CLOSES_FIRST)
                .listen(PORTS.get(Stimulus.KEEPS_HALF_OPEN), Service.KEEPS_HALF_OPEN)
                .listen(PORTS.get(Stimulus.BULK), Service.BULK);
        Station station = new Station(between.apply(link), OUR_MAC, 0, true, seed);
        Map<Family, Route> routes = new EnumMap<>(Family.class);
        routes.put(Family.IPV4, new Route(OUR_IPV4, TARGET_IPV4, TARGET_IPV4, 24));
        routes.put(Family.IPV6, new Route(OUR_IPV6, TARGET_IPV6, TARGET_IPV6, 64));
        for (Route route : routes.values()) {
            station.own(route.source());
            station.resolve(route.nextHop(), route.source(), Duration.ofSeconds(10))
                    .orElseThrow();
        }
        return new Bench(
                link,
                station,
                stack,
                Target.at("mini", "in memory", routes, PORTS, Set.of()).withTiming(TIMING));
    }

    private static Map<Stimulus, Integer> ports() {
        Map<Stimulus, Integer> ports = new EnumMap<>(Stimulus.class);
        ports.put(Stimulus.CLOSED_PORT, 4);
        ports.put(Stimulus.OPEN_PORT, 7);
        ports.put(Stimulus.ECHO, 7);
        ports.put(Stimulus.DISCARD, 9);
        ports.put(Stimulus.CLOSES_ON_FIN, 9);
        ports.put(Stimulus.CLOSES_FIRST, 13);
        ports.put(Stimulus.KEEPS_HALF_OPEN, 15);
        ports.put(Stimulus.BULK, 19);
        return Collections.unmodifiableMap(ports);
    }

    public MemoryLink link() {
        return link;
    }

    public Station station() {
        return station;
    }

    public MiniStack stack() {
        return stack;
    }

    public Target target() {
        return target;
    }

    /** The target as if it offered nothing else than these. */
    public Target targetWith(Stimulus... offered) {
        Map<Stimulus, Integer> ports = new EnumMap<>(Stimulus.class);
        for (Stimulus stimulus : offered) {
            ports.put(stimulus, PORTS.get(stimulus));
        }
        return Target.at(target.name(), "", target.routes(), ports, Set.of()).withTiming(target.timing());
    }

    /** The evidence of a case that a test plays by hand. */
    public CaseLog log(Family family) {
        CaseLog log = new CaseLog(new Surroundings(station, target, family), new Random(1));
        logs.add(log);
        return log;
    }

    /** All that {@link #log} has given. */
    public List<CaseLog> logs() {
        return List.copyOf(logs);
    }

    /** A peer outside of any run. */
    public Peer peer(Stimulus stimulus) {
        return log(Family.IPV4).peer(stimulus);
    }

    /** The folder of the suites, wherever the tests are started. */
    public static Path suites() {
        return Path.of(System.getProperty("basedir", "."), "suites");
    }

    public static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    /** Frames go through threads; what they bring about is waited for. */
    public static void await(Runnable assertion) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    @Override
    public void close() {
        logs.forEach(CaseLog::close);
        stack.close();
        station.close();
    }
}
