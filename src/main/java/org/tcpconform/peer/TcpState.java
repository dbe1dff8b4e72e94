package org.tcpconform.peer;

/** States of a connection at the target (RFC 9293, 3.3.2) that a peer can bring about. */
public enum TcpState {
    CLOSED,
    LISTEN,
    SYN_RECEIVED,
    ESTABLISHED,
    FIN_WAIT_1,
    FIN_WAIT_2,
    CLOSE_WAIT,
    CLOSING,
    LAST_ACK,
    TIME_WAIT;

    /** The name as the RFC writes it, such as {@code FIN-WAIT-1}. */
    public String rfcName() {
        return name().replace('_', '-');
    }
}
