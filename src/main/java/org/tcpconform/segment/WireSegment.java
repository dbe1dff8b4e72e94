package org.tcpconform.segment;

import java.util.List;
import java.util.Optional;

/**
 * A TCP segment with every field known: one that was captured, or one that is ready to be sent. Immutable by convention:
 * the arrays are not to be written to.
 *
 * @param sourcePort source port
 * @param destinationPort destination port
 * @param seq sequence number
 * @param ack acknowledgment number, whether or not the ACK bit is set
 * @param dataOffset data offset, in 32-bit words
 * @param reserved the four reserved bits
 * @param flags control bits, see {@link Flag}
 * @param window window field as on the wire, not scaled
 * @param checksum checksum field
 * @param urgentPointer urgent pointer field
 * @param optionArea octets between the fixed header and the data
 * @param payload data
 */
public record WireSegment(
        int sourcePort,
        int destinationPort,
        int seq,
        int ack,
        int dataOffset,
        int reserved,
        int flags,
        int window,
        int checksum,
        int urgentPointer,
        byte[] optionArea,
        byte[] payload) {

    /** Octets of a TCP header without options. */
    static final int FIXED_HEADER = 20;

    public boolean has(Flag flag) {
        return flag.in(flags);
    }

    /** SEG.LEN: data, SYN and FIN counted (RFC 9293, 3.4). */
    public int length() {
        return payload.length + (has(Flag.SYN) ? 1 : 0) + (has(Flag.FIN) ? 1 : 0);
    }

    /** The number after the last one that the segment occupies. */
    public int end() {
        return seq + length();
    }

    /** Whether the data offset is one that can be: no less than the fixed header, and not beyond the end. */
    public boolean offsetFits() {
        return dataOffset * 4 == FIXED_HEADER + optionArea.length;
    }

    public List<Option> options() {
        return Option.decode(optionArea);
    }

    /** The first option of a type, where there is one. */
    public <T extends Option> Optional<T> option(Class<T> type) {
        for (Option option : options()) {
            if (type.isInstance(option)) {
                return Optional.of(type.cast(option));
            }
        }
        return Optional.empty();
    }
}
