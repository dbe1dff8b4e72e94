package org.tcpconform.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.tcpconform.segment.Ip;
import org.tcpconform.segment.MacAddress;

/** What this host knows of its interfaces and routes, by iproute2. */
public final class HostNetwork {
    private static final InetAddress LIMITED_BROADCAST = address("255.255.255.255");

    private HostNetwork() {}

    /**
     * How this host would reach an address.
     *
     * @param interfaceName interface that leads there
     * @param nextHop gateway, or the address itself
     * @param hostAddress the host's own address that it would use; null where it has none
     * @param prefixLength length of the on-link prefix that holds {@code nextHop}, in bits
     */
    public record Way(String interfaceName, InetAddress nextHop, InetAddress hostAddress, int prefixLength) {}

    /**
     * Refuses what no single machine at the other end of a link can have: TCP has no connections with groups (RFC 9293,
     * MUST-57), and what is sent to the loopback address leaves on no link.
     *
     * @throws AddressException if it is such an address
     */
    public static void requireSingleHost(InetAddress address) {
        if (address.isLoopbackAddress()) {
            throw new AddressException(Ip.text(address)
                    + " is the loopback address, not a target: `tcpconform run --lab linux` judges this machine's TCP");
        }
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw new AddressException(Ip.text(address) + " is "
                    + (address.isMulticastAddress() ? "a multicast" : "the unspecified")
                    + " address, not a target: give the address of one machine");
        }
        if (address.equals(LIMITED_BROADCAST)) {
            throw isBroadcast(address);
        }
    }

    /** Whether an address can be that of one machine on a link. */
    public static boolean isOfSingleHost(InetAddress address) {
        return !address.isLoopbackAddress()
                && !address.isAnyLocalAddress()
                && !address.isMulticastAddress()
                && !address.equals(LIMITED_BROADCAST);
    }

    /**
     * The way to an address.
     *
     * @param interfaceName interface to use; null to let the routes decide
     * @param evenOwn whether an address is taken that is the host's own too, of a target that has it on the other side of
     *     an interface that is named
     * @throws AddressException if the address is not one to send to
     * @throws EnvironmentException if there is no way
     */
    public static Way to(InetAddress address, String interfaceName, boolean evenOwn) {
        requireSingleHost(address);
        if (!(evenOwn && interfaceName != null) && owns(address)) {
            throw isOwn(address);
        }
        List<String> command = new ArrayList<>(List.of("ip", "-j", "route", "get", Ip.text(address)));
        if (interfaceName != null) {
            requireInterface(interfaceName);
            command.addAll(List.of("oif", interfaceName));
        }
        Optional<JsonNode> answer = json(command);
        if (answer.isEmpty() || answer.get().isEmpty()) {
            if (interfaceName != null) {
                // an interface without addresses, which is how a test link should be: the target is on the link
                return onLink(interfaceName, address);
            }
            throw new EnvironmentException("no route to " + Ip.text(address)
                    + ": name the interface that leads to it with --interface (and our address with --source)");
        }
        JsonNode route = answer.get().get(0);
        if ("local".equals(route.path("type").asText())) {
            if (evenOwn && interfaceName != null) {
                return onLink(interfaceName, address);
            }
            throw isOwn(address);
        }
        if ("broadcast".equals(route.path("type").asText())) {
            throw isBroadcast(address);
        }
        String dev = route.path("dev").asText();
        InetAddress nextHop =
                route.has("gateway") ? address(route.path("gateway").asText()) : address;
        InetAddress own = route.has("prefsrc") ? address(route.path("prefsrc").asText()) : null;
        // for an interface without addresses Linux gives that of another, where the target would not look for us
        boolean there = interfaceName == null
                || addresses(dev).stream().anyMatch(a -> a.address().equals(own));
        return new Way(dev, nextHop, there ? own : null, prefixLength(dev, nextHop));
    }

    private static Way onLink(String interfaceName, InetAddress address) {
        return new Way(interfaceName, address, null, address instanceof Inet4Address ? 24 : 64);
    }

    private static AddressException isOwn(InetAddress address) {
        return new AddressException(
                Ip.text(address) + " is this host's own address: `tcpconform run --lab linux` judges"
                        + " this machine's TCP; for a target that has the same address, --allow own-address and --interface NAME");
    }

    private static AddressException isBroadcast(InetAddress address) {
        return new AddressException(
                Ip.text(address) + " is a broadcast address, not a target: give the address of one machine");
    }

    private static int prefixLength(String interfaceName, InetAddress neighbour) {
        return knownPrefixLength(interfaceName, neighbour).orElse(neighbour instanceof Inet4Address ? 24 : 64);
    }

    /** Length of the on-link prefix that holds a neighbour, if an address of the host tells it. */
    static OptionalInt knownPrefixLength(String interfaceName, InetAddress neighbour) {
        return addresses(interfaceName).stream()
                .filter(a -> covers(a.address(), a.prefixLength(), neighbour))
                .mapToInt(Own::prefixLength)
                .max();
    }

    /** An address of the host. */
    public record Own(InetAddress address, int prefixLength) {}

    /** The host's addresses on an interface; empty where there is no such interface. */
    public static List<Own> addresses(String interfaceName) {
        List<Own> addresses = new ArrayList<>();
        show(interfaceName)
                .ifPresent(shown -> shown.path("addr_info")
                        .forEach(a -> addresses.add(new Own(
                                address(a.path("local").asText()),
                                a.path("prefixlen").asInt()))));
        return addresses;
    }

    /** Whether an address is the host's own, on whatever interface: Linux answers for it on all. */
    public static boolean owns(InetAddress address) {
        List<InetAddress> all = new ArrayList<>();
        json(List.of("ip", "-j", "addr", "show"))
                .ifPresent(shown -> shown.forEach(node -> node.path("addr_info")
                        .forEach(a -> all.add(address(a.path("local").asText())))));
        return all.contains(address);
    }

    /** An interface as iproute2 shows it. Java's own list leaves out those without an address. */
    private static Optional<JsonNode> show(String interfaceName) {
        return json(List.of("ip", "-j", "addr", "show", "dev", interfaceName)).flatMap(shown -> {
            for (JsonNode node : shown) {
                if (node.has("ifname")) {
                    return Optional.of(node);
                }
            }
            return Optional.empty();
        });
    }

    /** Whether {@code other} has the same first {@code prefixLength} bits as {@code address}. */
    public static boolean covers(InetAddress address, int prefixLength, InetAddress other) {
        byte[] a = address.getAddress();
        byte[] b = other.getAddress();
        if (a.length != b.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((a[bit / 8] & mask) != (b[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** The directed broadcast address of an IPv4 subnet; empty for IPv6, which has none. */
    public static Optional<InetAddress> broadcast(InetAddress member, int prefixLength) {
        byte[] octets = member.getAddress();
        if (octets.length != 4) {
            return Optional.empty();
        }
        for (int bit = prefixLength; bit < 32; bit++) {
            octets[bit / 8] |= (byte) (0x80 >> bit % 8);
        }
        try {
            return Optional.of(InetAddress.getByAddress(octets));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * @throws EnvironmentException if there is no such interface, with the names of those there are, or it is down
     */
    public static void requireInterface(String name) {
        Optional<JsonNode> shown = show(name);
        if (shown.isEmpty()) {
            List<String> names = interfaces();
            throw new EnvironmentException("there is no interface " + name + "; there "
                    + (names.isEmpty() ? "is none" : "are " + String.join(", ", names)));
        }
        boolean up = false;
        for (JsonNode flag : shown.get().path("flags")) {
            up |= flag.asText().equals("UP");
        }
        if (!up) {
            throw new EnvironmentException("interface " + name + " is down: ip link set " + name + " up");
        }
    }

    /** Names of all interfaces but loopback. */
    public static List<String> interfaces() {
        List<String> names = new ArrayList<>();
        json(List.of("ip", "-j", "link", "show"))
                .ifPresent(all -> all.forEach(node -> {
                    if (node.has("ifname")
                            && !"loopback".equals(node.path("link_type").asText())) {
                        names.add(node.path("ifname").asText());
                    }
                }));
        Collections.sort(names);
        return names;
    }

    /** The Ethernet address of an interface; empty for one that has none. */
    public static Optional<MacAddress> mac(String interfaceName) {
        return show(interfaceName)
                .filter(node -> "ether".equals(node.path("link_type").asText()))
                .map(node -> MacAddress.of(node.path("address").asText()));
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new EnvironmentException("iproute2 gave an address that cannot be read: " + literal, e);
        }
    }

    /** What a command prints as JSON; empty if it fails. */
    private static Optional<JsonNode> json(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            byte[] out = process.getInputStream().readAllBytes();
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0 || out.length == 0) {
                process.destroyForcibly();
                return Optional.empty();
            }
            return Optional.of(new ObjectMapper().readTree(new String(out, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new EnvironmentException("iproute2 is missing: install it (apt-get install iproute2)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
