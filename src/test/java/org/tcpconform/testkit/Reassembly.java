package org.tcpconform.testkit;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Puts IP fragments together (RFC 791, 3.2; RFC 8200, 4.5); of TCP, without IP options, one sender. */
final class Reassembly {
    private static final int NEXT_IS_FRAGMENT = 44;
    private static final int TCP = 6;

    /** Fragments by identification, then by offset. */
    private final Map<Integer, TreeMap<Integer, byte[]>> waiting = new HashMap<>();

    private final Map<Integer, Integer> lengths = new HashMap<>();

    /**
     * The packet that a frame completes, with its link header; the frame itself where it is no fragment, and null where
     * others are missing.
     *
     * @param at where the IP header begins
     */
    byte[] whole(byte[] frame, int at) {
        if (frame.length < at + 40) {
            return frame;
        }
        ByteBuffer in = ByteBuffer.wrap(frame);
        boolean v4 = frame[at] >> 4 == 4 && (at == 0 || in.getShort(12) == 0x0800);
        boolean v6 = frame[at] >> 4 == 6 && (at == 0 || in.getShort(12) == (short) 0x86dd);
        if (v4 && (in.getShort(at + 6) & 0x3fff) != 0) {
            int flags = in.getShort(at + 6);
            byte[] data = Arrays.copyOfRange(frame, at + 20, at + in.getShort(at + 2));
            return add(frame, at, 20, in.getShort(at + 4), (flags & 0x1fff) * 8, (flags & 0x2000) != 0, data);
        }
        if (v6 && frame[at + 6] == NEXT_IS_FRAGMENT) {
            int flags = in.getShort(at + 42);
            byte[] data = Arrays.copyOfRange(frame, at + 48, at + 40 + in.getShort(at + 4));
            return add(frame, at, 40, in.getInt(at + 44), flags & 0xfff8, (flags & 1) != 0, data);
        }
        return frame;
    }

    private byte[] add(byte[] frame, int at, int header, int id, int offset, boolean more, byte[] data) {
        TreeMap<Integer, byte[]> parts = waiting.computeIfAbsent(id, i -> new TreeMap<>());
        parts.put(offset, data);
        if (!more) {
            lengths.put(id, offset + data.length);
        }
        int complete = parts.values().stream().mapToInt(p -> p.length).sum();
        if (complete != lengths.getOrDefault(id, -1)) {
            return null;
        }
        waiting.remove(id);
        lengths.remove(id);
        ByteBuffer out = ByteBuffer.allocate(at + header + complete).put(frame, 0, at + header);
        parts.values().forEach(out::put);
        if (header == 20) {
            out.putShort(at + 2, (short) (header + complete))
                    .putShort(at + 6, (short) 0)
                    .putShort(at + 10, (short) 0);
            out.putShort(at + 10, (short) MiniStack.sum(out.array(), at, header));
        } else {
            out.putShort(at + 4, (short) complete).put(at + 6, (byte) TCP);
        }
        return out.array();
    }
}
