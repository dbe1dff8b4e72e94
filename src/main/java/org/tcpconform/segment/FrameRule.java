package org.tcpconform.segment;

import java.util.EnumSet;
import java.util.Set;

/** What holds for every segment that a TCP ever sends, whatever it is about (RFC 791, 3.1; RFC 9293, 3.1). */
public enum FrameRule {
    IP_CHECKSUM("RFC791-3.1-1", "bad-ip-checksum", "a wrong IPv4 header checksum"),
    CHECKSUM("RFC9293-MUST-2", "bad-checksum", "a wrong TCP checksum"),
    HEADER("RFC9293-MUST-68", "bad-header", "a data offset or an option length that does not fit"),
    PADDING("RFC9293-MUST-69", "bad-padding", "octets other than 0 behind End of Option List"),
    RESERVED("RFC9293-3.1-1", "reserved-bits", "a reserved bit set");

    /** The reserved bit that RFC 9768 has given a use. */
    public static final int ACCURATE_ECN = 1;

    private final String requirement;
    private final String code;
    private final String breach;

    FrameRule(String requirement, String code, String breach) {
        this.requirement = requirement;
        this.code = code;
        this.breach = breach;
    }

    /** Id of the requirement. */
    public String requirement() {
        return requirement;
    }

    /** Code of a failure. */
    public String code() {
        return code;
    }

    /** What a segment that breaks the rule has, such as {@code a wrong TCP checksum}. */
    public String breach() {
        return breach;
    }

    /**
     * The rules that a segment breaks. What is damaged on the way says nothing of the sender, so that behind a wrong
     * checksum nothing else is looked at.
     *
     * @param accurateEcn whether the connection may use Accurate ECN (RFC 9768), which has a reserved bit
     */
    public static Set<FrameRule> broken(Frame.Tcp tcp, boolean accurateEcn) {
        Set<FrameRule> broken = EnumSet.noneOf(FrameRule.class);
        add(broken, IP_CHECKSUM, !tcp.ipChecksumRight());
        add(broken, CHECKSUM, !tcp.checksumRight());
        if (broken.isEmpty()) {
            WireSegment s = tcp.segment();
            add(broken, HEADER, !s.offsetFits() || !Option.readable(s.optionArea()));
            add(broken, PADDING, !Option.zeroPadded(s.optionArea()));
            add(broken, RESERVED, (s.reserved() & (accurateEcn ? ~ACCURATE_ECN : -1)) != 0);
        }
        return broken;
    }

    private static void add(Set<FrameRule> broken, FrameRule rule, boolean isBroken) {
        if (isBroken) {
            broken.add(rule);
        }
    }
}
