package org.tcpconform.segment;

import java.util.Arrays;

/**
 * Mistakes in the checksum of a segment (RFC 9293, 3.1), each of which its receiver must notice. Where one happens to
 * give a value that verifies, another wrong one is sent.
 */
public enum WrongChecksum implements Finish {
    LOWEST_BIT("a checksum wrong in its lowest bit") {
        @Override
        int of(Ip ip, byte[] segment, int right) {
            return right ^ 1;
        }
    },
    HIGHEST_BIT("a checksum wrong in its highest bit") {
        @Override
        int of(Ip ip, byte[] segment, int right) {
            return right ^ 0x8000;
        }
    },
    SWAPPED("a checksum whose two octets are swapped") {
        @Override
        int of(Ip ip, byte[] segment, int right) {
            return Short.reverseBytes((short) right);
        }
    },
    NOT_COMPLEMENTED("the sum itself in place of its complement") {
        @Override
        int of(Ip ip, byte[] segment, int right) {
            return ~right;
        }
    },
    ZERO("a checksum field of 0, as if there were none") {
        @Override
        int of(Ip ip, byte[] segment, int right) {
            return 0;
        }
    },
    NO_PSEUDO_HEADER("a checksum without the pseudo-header") {
        @Override
        int of(Ip ip, byte[] segment, int right) {
            return ~Checksum.sum(0, Checksum.put(segment, 0), 0, segment.length);
        }
    },
    OTHER_PROTOCOL("a checksum whose pseudo-header names UDP") {
        @Override
        int of(Ip ip, byte[] segment, int right) {
            return over(ip, segment, 17, segment.length);
        }
    },
    OTHER_ADDRESS("a checksum whose pseudo-header has another destination") {
        @Override
        int of(Ip ip, byte[] segment, int right) {
            Ip other = ip.withDestination(ip.source());
            return over(other, segment, FrameDecoder.PROTOCOL_TCP, segment.length);
        }
    },
    NO_DATA("a checksum that leaves the data out") {
        @Override
        int of(Ip ip, byte[] segment, int right) {
            return over(ip, segment, FrameDecoder.PROTOCOL_TCP, (segment[12] >> 4 & 0x0f) * 4);
        }
    },
    NO_OPTIONS("a checksum that leaves the options out") {
        @Override
        int of(Ip ip, byte[] segment, int right) {
            byte[] copy = segment.clone();
            Arrays.fill(copy, 20, (segment[12] >> 4 & 0x0f) * 4, (byte) 0);
            return over(ip, copy, FrameDecoder.PROTOCOL_TCP, copy.length);
        }
    };

    private final String what;

    WrongChecksum(String what) {
        this.what = what;
    }

    public String what() {
        return what;
    }

    abstract int of(Ip ip, byte[] segment, int right);

    private static int over(Ip ip, byte[] segment, int protocol, int length) {
        return Checksum.of(ip.source(), ip.destination(), protocol, Checksum.put(segment, 0), 0, length);
    }

    @Override
    public byte[] finish(Ip ip, byte[] segment) {
        int wrong = of(ip, segment.clone(), Checksum.in(segment));
        int right = Checksum.in(segment);
        Checksum.put(segment, wrong);
        int sum = Checksum.of(ip.source(), ip.destination(), FrameDecoder.PROTOCOL_TCP, segment, 0, segment.length);
        return sum != 0 ? segment : Checksum.put(segment, right ^ 1);
    }

    @Override
    public boolean spoils() {
        return true;
    }
}
