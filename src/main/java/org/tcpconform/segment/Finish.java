package org.tcpconform.segment;

/** A last change to a segment as octets, or to how they go out: for what no field of a template expresses. */
public interface Finish {
    /**
     * @param ip the IP header around it
     * @param segment header, options and data, with the right checksum; may be changed
     * @return what is sent
     */
    byte[] finish(Ip ip, byte[] segment);

    /** Whether a receiver that keeps the rules drops the result unread. */
    boolean spoils();

    /** A checksum that is wrong by {@code difference}, exclusive-ored into it. */
    record ChecksumOffBy(int difference) implements Finish {
        @Override
        public byte[] finish(Ip ip, byte[] segment) {
            return Checksum.put(segment, Checksum.in(segment) ^ difference);
        }

        @Override
        public boolean spoils() {
            return true;
        }
    }

    /**
     * A checksum field of a certain value that verifies all the same: the last two of an even number of octets of data
     * make up for it.
     */
    record ChecksumMade(int value) implements Finish {
        @Override
        public byte[] finish(Ip ip, byte[] segment) {
            int last = segment.length - 2;
            segment[last] = 0;
            segment[last + 1] = 0;
            Checksum.put(segment, value);
            // what is missing to a sum of all ones
            int missing = Checksum.of(ip.source(), ip.destination(), FrameDecoder.PROTOCOL_TCP, segment, 0, last + 2);
            segment[last] = (byte) (missing >> 8);
            segment[last + 1] = (byte) missing;
            return segment;
        }

        @Override
        public boolean spoils() {
            return false;
        }
    }

    /** Only the first so many octets, with a right checksum over them where they reach its field. */
    record Cut(int octets) implements Finish {
        @Override
        public byte[] finish(Ip ip, byte[] segment) {
            byte[] cut = java.util.Arrays.copyOf(segment, octets);
            if (octets >= Checksum.FIELD + 2) {
                Checksum.put(cut, 0);
                Checksum.put(
                        cut, Checksum.of(ip.source(), ip.destination(), FrameDecoder.PROTOCOL_TCP, cut, 0, octets));
            }
            return cut;
        }

        @Override
        public boolean spoils() {
            return true;
        }
    }

    /**
     * The segment as it is, in IP fragments of so many octets each (RFC 791, 3.2; RFC 8200, 4.5).
     *
     * @param octets a multiple of 8, large enough that the first fragment has the whole TCP header
     */
    record Fragments(int octets) implements Finish {
        @Override
        public byte[] finish(Ip ip, byte[] segment) {
            return segment;
        }

        @Override
        public boolean spoils() {
            return false;
        }
    }
}
