package org.tcpconform.target;

import java.net.InetAddress;
import java.util.Optional;
import org.tcpconform.segment.Ip;

/**
 * The way to the target over one version of IP.
 *
 * @param source our address
 * @param target the target's address
 * @param nextHop the neighbour that gets our frames: the target, or a gateway
 * @param prefixLength length of the on-link prefix, in bits
 */
public record Route(InetAddress source, InetAddress target, InetAddress nextHop, int prefixLength) {
    /**
     * What is wrong with our address where the next hop will hardly send to it on this link: a sentence that says so, and
     * what to do.
     */
    public Optional<String> outside() {
        return source.isLinkLocalAddress() || HostNetwork.covers(nextHop, prefixLength, source)
                ? Optional.empty()
                : Optional.of(
                        "our address " + Ip.text(source) + " is outside of the subnet of " + Ip.text(nextHop) + "/"
                                + prefixLength
                                + ", which will not send to it here: name one with --source that is inside and that"
                                + " nobody uses");
    }

    public boolean onLink() {
        return nextHop.equals(target);
    }
}
