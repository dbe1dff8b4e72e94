package org.tcpconform.segment;

/**
 * A number of the connection that a segment can be written against. SND and RCV variables, ISS and IRS are always the
 * target's (RFC 9293, 3.3.1), so that a case reads like the RFC; SEG variables are those of the segment that we sent
 * last.
 */
public enum Variable {
    /** The target's initial send sequence number. */
    ISS,
    /** The target's initial receive sequence number: the SEQ of our SYN. */
    IRS,
    /** Oldest number of the target's that we have not acknowledged. */
    SND_UNA,
    /** One past the highest number that the target has sent. */
    SND_NXT,
    /** The number that the target expects next: one past all that we sent in order. */
    RCV_NXT,
    /** The window that the target offers, in octets, unscaled. */
    RCV_WND,
    /** Sequence number of the segment that we sent last. */
    SEG_SEQ,
    /** Acknowledgment number of the segment that we sent last. */
    SEG_ACK,
    /** Length of the segment that we sent last, SYN and FIN counted. */
    SEG_LEN;

    /** The name as the RFC writes it, such as {@code SND.NXT}. */
    public String rfcName() {
        return name().replace('_', '.');
    }

    /**
     * The variable of that name, as {@link #rfcName} gives it.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Variable named(String rfcName) {
        return valueOf(rfcName.replace('.', '_'));
    }
}
