package org.tcpconform.target;

import java.net.InetAddress;

/**
 * The way to the target over one version of IP.
 *
 * @param source our address
 * @param target the target's address
 * @param nextHop the neighbour that gets our frames: the target, or a gateway
 * @param prefixLength length of the on-link prefix, in bits
 */
public record Route(InetAddress source, InetAddress target, InetAddress nextHop, int prefixLength) {
    public boolean onLink() {
        return nextHop.equals(target);
    }
}
