package org.tcpconform.segment;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random values for property tests; a seed makes them the same each time. */
final class Randomly {
    private final Random random;

    Randomly(long seed) {
        this.random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    int number() {
        // the edges of the number space more often than chance has them
        return random.nextInt(8) == 0
                ? new int[] {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}[below(5)]
                : random.nextInt();
    }

    boolean oneIn(int n) {
        return below(n) == 0;
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    InetAddress address(boolean v4) {
        byte[] octets = bytes(v4 ? 4 : 16);
        // not an IPv4-mapped address, nor a group
        octets[0] = (byte) (v4 ? 10 : 0x20);
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Options of at most 40 octets, well-formed ones and raw ones. */
    List<Option> options() {
        List<Option> options = new ArrayList<>();
        int room = 40;
        for (int i = below(5); i > 0; i--) {
            Option option = option();
            if (option.bytes().length <= room) {
                options.add(option);
                room -= option.bytes().length;
            }
        }
        return options;
    }

    private Option option() {
        return switch (below(9)) {
            case 0 -> new Option.Mss(below(0x10000));
            case 1 -> new Option.WindowScale(below(256));
            case 2 -> new Option.SackPermitted();
            case 3 -> new Option.Timestamps(number(), number());
            case 4 -> {
                List<Integer> edges = new ArrayList<>();
                for (int i = 2 * (1 + below(3)); i > 0; i--) {
                    edges.add(number());
                }
                yield new Option.Sack(edges);
            }
            case 5 -> {
                byte[] unknown = bytes(2 + below(12));
                unknown[0] = (byte) (100 + below(100));
                unknown[1] = (byte) unknown.length;
                yield new Option.Raw(unknown);
            }
            default -> new Option.Nop();
        };
    }

    /** A segment with any field values; its data offset is right unless {@code wild}. */
    WireSegment segment(boolean wild) {
        byte[] area = wild && oneIn(3) ? bytes(4 * below(11)) : Option.encode(options());
        return new WireSegment(
                below(0x10000),
                below(0x10000),
                number(),
                number(),
                wild && oneIn(4) ? below(16) : 5 + area.length / 4,
                oneIn(2) ? 0 : below(16),
                below(256),
                below(0x10000),
                wild && oneIn(4) ? below(0x10000) : -1,
                below(0x10000),
                area,
                bytes(oneIn(3) ? 0 : below(200)));
    }
}
