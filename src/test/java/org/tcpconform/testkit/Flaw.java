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

    // ---- every segment (RFC 9293, 3.1)

    /** Computes the checksum of the fourth segment of each connection wrongly. */
    FOURTH_CHECKSUM_WRONG,
    /** Computes the checksum of the IPv4 header of each reset wrongly. */
    RST_WITH_WRONG_IP_CHECKSUM,
    /** Puts octets other than 0 behind End of Option List in each acknowledgment. */
    GARBAGE_BEHIND_END,
    /** Gives the last option of each acknowledgment a length beyond the header. */
    OPTION_BEYOND_HEADER,
    /** Says in each reset that the header is longer than the segment. */
    RST_WITH_OFFSET_BEYOND,

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
    /** Dies when a connection is reset that has brought an urgent pointer, at once or some time later. */
    DIES_AFTER_URGENT,

    // ---- LISTEN

    /** Sends no reset to a segment with ACK for a listener. */
    LISTENER_SILENT_TO_ACK,
    /** Acknowledges SEG.SEQ, not SEG.SEQ+1, in its SYN-ACK. */
    SYN_ACK_WRONG_ACK,
    /** Uses one initial sequence number for all connections. */
    CONSTANT_ISN,
    /** Adds 64,000 to the initial sequence number for each connection, whatever time has passed. */
    ISN_COUNTS_CONNECTIONS,
    /** Takes initial sequence numbers from a clock alone. */
    ISN_OF_CLOCK_ALONE,
    /** Adds a multiple of the peer's port to the clock. */
    ISN_LINEAR_IN_PORT,
    /** Draws each initial sequence number at random, without a clock. */
    ISN_WITHOUT_CLOCK,
    /** Draws initial sequence numbers from 256, without a clock. */
    ISN_OF_FEW,
    /** Computes each initial sequence number from the one before by a linear congruence. */
    ISN_CONGRUENTIAL,
    /** Sends its SYN-ACK again with another initial sequence number. */
    OTHER_ISN_IN_REPEATED_SYN_ACK,

    // ---- SYN cookies (RFC 4987, 3.6)

    /** Forgets the MSS of the SYN, and sends as much as the link takes. */
    COOKIE_FORGETS_MSS,
    /** Takes every ACK for one that brings a cookie back. */
    TAKES_ANY_COOKIE,
    /** Drops the data of an ACK that brings a cookie back. */
    COOKIE_WITHOUT_DATA,
    /** Agrees to scale windows, and forgets by how much. */
    COOKIE_FORGETS_SHIFT,

    // ---- SYN-RECEIVED (RFC 9293, 3.10.7.4)

    /** Reaches ESTABLISHED by an acknowledgment of its ISS, not only of its SYN, as RFC 793 has it. */
    ESTABLISHES_BY_ACK_OF_ISS,
    /** Reaches ESTABLISHED by an acknowledgment outside the window, though it answers as if it did not. */
    ESTABLISHES_OUTSIDE_WINDOW,
    /** Ignores the acknowledgment of its SYN until data comes with one, as Linux does by TCP_DEFER_ACCEPT. */
    DEFERS_ACCEPT,
    /** Drops a SYN in the window, rather than return to LISTEN. */
    DROPS_SYN_IN_WINDOW,

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
    /** Takes text of a segment that has no ACK; in SYN-RECEIVED once it is in ESTABLISHED. */
    TAKES_TEXT_WITHOUT_ACK,
    /** Takes a segment that acknowledges what was never sent, and does not answer it. */
    TAKES_FUTURE_ACK,
    /** Does not acknowledge data. */
    NO_ACK_OF_DATA,
    /** Acknowledges every tenth segment, and others by a timer alone. */
    ACKS_EVERY_TENTH,
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

    // ---- sequences of segments

    /** Compares sequence numbers as if they did not wrap. */
    NUMBERS_DO_NOT_WRAP,
    /** Drops IP fragments. */
    DROPS_FRAGMENTS,
    /** Takes no notice of a RST that has data. */
    IGNORES_RST_WITH_DATA,
    /** Looks for SYN before it looks for RST. */
    SYN_BEFORE_RST,
    /** Answers each unacceptable segment twice. */
    ANSWERS_TWICE,
    /** Takes the window of any segment. */
    TAKES_ANY_WINDOW,
    /** Takes a window only with an acknowledgment of something new. */
    NO_WINDOW_UPDATE,
    /** Answers for a connection that has ended for a moment longer, as who reads several segments at once. */
    ANSWERS_FOR_ENDED,
    /** Probes a closed window at once, with an octet; others wait for a time (RFC 9293, SHLD-29). */
    PROBES_AT_ONCE,
    /** Sends on by an acknowledgment of what was never sent, as if the window had moved. */
    SENDS_BY_FUTURE_ACK,
    /** Keeps the largest window that it got as it came, not scaled. */
    LARGEST_WINDOW_NOT_SCALED,
    /** Sends again also what was acknowledged last. */
    RESENDS_ACKNOWLEDGED,
    /** Drops all segments, with an ACK, while its window is closed. */
    DEAF_AT_CLOSED_WINDOW,
    /** Takes what comes at a closed window. */
    TAKES_TEXT_AT_CLOSED_WINDOW,
    /** Sends its FIN at once when its user closes, and forgets what was not sent. */
    CLOSE_DROPS_QUEUE,
    /** Sends no new segment on duplicate acknowledgments. */
    NO_LIMITED_TRANSMIT,
    /** Sends a new segment on each duplicate acknowledgment, whether or not it reports anything. */
    LIMITED_TRANSMIT_WITHOUT_NEWS,
    /** Opens its congestion window by a segment for each acknowledgment, of however little. */
    COUNTS_ACKS,

    // ---- TIME-WAIT (RFC 9293, 3.6.1; RFC 6191)

    /** Opens a new connection from TIME-WAIT on any SYN. */
    REOPENS_ON_ANY_SYN,
    /** Opens no new connection from TIME-WAIT. */
    NEVER_REOPENS,
    /** Begins a new connection below the last number of the old one. */
    REOPENS_BELOW,
    /** Does not look at timestamps to tell a new SYN from an old one. */
    REOPENS_BY_SEQ_ALONE,
    /** Forgets the old connection on a SYN,FIN, which it then drops. */
    SYN_FIN_ENDS_TIME_WAIT,

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
    /** Acknowledges a segment with an old timestamp twice. */
    ACKS_OLD_TWICE,
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
