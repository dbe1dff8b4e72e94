package org.tcpconform.segment;

/** How frames begin on a link. */
public enum LinkLayer {
    /** With an Ethernet header, perhaps with an 802.1Q tag. */
    ETHERNET,
    /** With the IP header (tun devices). */
    RAW_IP
}
