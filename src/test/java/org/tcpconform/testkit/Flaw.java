package org.tcpconform.testkit;

/** One rule of TCP that a {@link MiniStack} breaks. Everything else it keeps. */
public enum Flaw {
    // ---- a segment for a port with no listener (RFC 9293, 3.10.7.1)

    /** Acknowledges SEG.SEQ, not SEG.SEQ+SEG.LEN, in a reset. */
    RST_WRONG_ACK,
    /** Puts 1 for 0 into SEQ of a reset to a segment without ACK. */
    RST_WRONG_SEQ,
    /** Puts 0 for SEG.ACK into SEQ of a reset to a segment with ACK. */
    RST_IGNORES_ACK,
    /** Sets the ACK bit also in a reset to a segment with ACK. */
    RST_ALWAYS_WITH_ACK,
    /** Cannot count past 2^32 in a reset: stops at the highest number. */
    RST_ACK_DOES_NOT_WRAP,
    /** Has no Timestamps option in a reset. */
    RST_WITHOUT_TIMESTAMPS,
    /** Sets a reserved bit in a reset. */
    RST_WITH_RESERVED_BIT,
    /** Computes the checksum of a reset wrongly. */
    RST_WITH_WRONG_CHECKSUM,
    /** Sends no reset at all. */
    NO_RST,
    /** Sends no reset to a segment that has neither SYN nor ACK. */
    NO_RST_TO_ODD_FLAGS,
    /** Answers a reset with a reset. */
    RST_TO_RST,

    // ---- before TCP

    /** Takes segments with a wrong TCP checksum. */
    IGNORES_CHECKSUM,
    /** Takes a TCP checksum of 0 for none, as UDP does. */
    TAKES_CHECKSUM_ZERO,
    /** Takes IPv4 packets with a wrong header checksum. */
    IGNORES_IP_CHECKSUM,
    /** Takes segments to multicast and broadcast addresses for its own. */
    ANSWERS_GROUPS,
    /** Takes segments from addresses that none can come from. */
    TAKES_ANY_SOURCE,

    /** Dies of a segment with an urgent pointer. */
    DIES_OF_URGENT,

    // ---- LISTEN

    /** Sends no reset to a segment with ACK for a listener. */
    LISTENER_SILENT_TO_ACK,
    /** Acknowledges SEG.SEQ, not SEG.SEQ+1, in its SYN-ACK. */
    SYN_ACK_WRONG_ACK,
    /** Uses one initial sequence number for all connections. */
    CONSTANT_ISN,

    // ---- all other states (RFC 9293, 3.10.7.4)

    /** Does not answer a segment outside its window. */
    NO_DUPLICATE_ACK,
    /** Resets the connection on a segment outside its window. */
    RESETS_ON_UNACCEPTABLE,
    /** Takes a reset at any sequence number. */
    TAKES_ANY_RST,
    /** Takes no reset at all. */
    IGNORES_RST,
    /** Drops an in-window reset or SYN without the challenge ACK that its profile demands. */
    NO_CHALLENGE_ACK,
    /** Takes text of a segment that has no ACK. */
    TAKES_TEXT_WITHOUT_ACK,
    /** Takes a segment that acknowledges what was never sent, and does not answer it. */
    TAKES_FUTURE_ACK,
    /** Does not acknowledge data. */
    NO_ACK_OF_DATA,
    /** Acknowledges one octet too many. */
    ACK_OFF_BY_ONE,
    /** Does not acknowledge a FIN. */
    NO_ACK_OF_FIN,
    /** Forgets a connection where TIME-WAIT should begin. */
    NO_TIME_WAIT,
    /** Drops what comes out of order. */
    DROPS_OUT_OF_ORDER,
    /** Retransmits nothing. */
    NO_RETRANSMISSION,

    // ---- options (RFC 9293, 3.1, 3.2, 3.7.1; RFC 7323; RFC 2018)

    /** Reads no option behind one that it does not know. */
    STOPS_AT_UNKNOWN_OPTION,
    /** Reads options only where they begin at a multiple of four octets. */
    NEEDS_ALIGNED_OPTIONS,
    /** Takes End of Option List for NOP. */
    READS_BEHIND_END,
    /** Sends segments as large as the link takes, whatever the MSS. */
    IGNORES_MSS,
    /** Sends as much data as the MSS says, and options besides. */
    OPTIONS_BEYOND_MSS,
    /** Does not scale the windows that it gets, though it has agreed to. */
    IGNORES_SHIFT,
    /** Takes a shift above 14 as it is. */
    SHIFTS_ABOVE_14,
    /** Takes segments whose timestamps are old. */
    NO_PAWS,
    /** Echoes the timestamp of whatever segment came last. */
    ECHOES_ANY_TIMESTAMP,
    /** Takes segments without the Timestamps that were agreed on. */
    TAKES_MISSING_TIMESTAMPS,
    /** Has one timestamp clock for all connections. */
    ONE_CLOCK,
    /** Reports the newest SACK block as the last. */
    NEWEST_BLOCK_LAST,
    /** Reports blocks one octet too short. */
    BLOCK_EDGE_OFF_BY_ONE
}
