package org.tcpconform.segment;

/** Control bits of the TCP header (RFC 9293, 3.1), with their value in octet 13 and their packetdrill letter. */
public enum Flag {
    FIN(0x01, 'F'),
    SYN(0x02, 'S'),
    RST(0x04, 'R'),
    PSH(0x08, 'P'),
    ACK(0x10, '.'),
    URG(0x20, 'U'),
    ECE(0x40, 'E'),
    CWR(0x80, 'W');

    private final int bit;
    private final char letter;

    Flag(int bit, char letter) {
        this.bit = bit;
        this.letter = letter;
    }

    public int bit() {
        return bit;
    }

    char letter() {
        return letter;
    }

    /** Whether this bit is set in {@code bits}. */
    public boolean in(int bits) {
        return (bits & bit) != 0;
    }

    /** The bits of several flags in one number. */
    public static int bits(Flag... flags) {
        int bits = 0;
        for (Flag flag : flags) {
            bits |= flag.bit;
        }
        return bits;
    }

    /** Letters as packetdrill writes them, such as {@code S.}; {@code -} where no bit is set. */
    public static String letters(int bits) {
        if ((bits & 0xff) == 0) {
            return "-";
        }
        // packetdrill's customary order
        StringBuilder out = new StringBuilder();
        for (Flag flag : new Flag[] {SYN, FIN, RST, PSH, URG, ECE, CWR, ACK}) {
            if (flag.in(bits)) {
                out.append(flag.letter);
            }
        }
        return out.toString();
    }

    /** Names as the RFC writes them, such as {@code SYN,ACK}; {@code none} where no bit is set. */
    public static String names(int bits) {
        StringBuilder out = new StringBuilder();
        for (Flag flag : new Flag[] {SYN, FIN, RST, PSH, URG, ECE, CWR, ACK}) {
            if (flag.in(bits)) {
                out.append(out.isEmpty() ? "" : ",").append(flag.name());
            }
        }
        return out.isEmpty() ? "none" : out.toString();
    }
}
