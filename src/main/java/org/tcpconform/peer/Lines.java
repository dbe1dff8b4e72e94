package org.tcpconform.peer;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.tcpconform.segment.Flag;
import org.tcpconform.segment.Frame;
import org.tcpconform.segment.Notation;
import org.tcpconform.segment.WireSegment;
import org.tcpconform.wire.Captured;

/**
 * The frames of one flow as lines of packetdrill's notation. Numbers count from each side's SYN; where there is none,
 * from our first segment.
 */
final class Lines {
    private final Map<Captured, String> lines = new IdentityHashMap<>();
    private boolean based;
    private boolean open;
    private int ours;
    private int theirs;

    private Lines() {}

    static Lines of(List<Captured> flow) {
        Lines lines = new Lines();
        flow.forEach(lines::add);
        return lines;
    }

    /** The line of a frame of the flow. */
    String of(Captured frame) {
        return lines.getOrDefault(frame, "?");
    }

    private void add(Captured frame) {
        if (frame.frame() instanceof Frame.Tcp tcp) {
            lines.put(frame, line(tcp, frame.outgoing()));
        } else if (frame.frame() instanceof Frame.IcmpError error) {
            lines.put(frame, "> " + error.words());
        } else if (frame.frame() instanceof Frame.Other other) {
            lines.put(frame, "< " + other.why());
        }
    }

    private String line(Frame.Tcp tcp, boolean outgoing) {
        WireSegment s = tcp.segment();
        if (outgoing) {
            // a SYN begins anew unless there is a connection, which another SYN only disturbs
            if (s.has(Flag.SYN) && !s.has(Flag.ACK) && !open || !based) {
                ours = s.seq();
                theirs = s.has(Flag.ACK) ? s.ack() : 0;
                based = true;
            }
            open &= !s.has(Flag.RST);
            return "< " + Notation.print(s, ours, theirs) + suffix(tcp);
        }
        if (s.has(Flag.SYN) && !open) {
            theirs = s.seq();
            open = true;
        }
        open &= !s.has(Flag.RST);
        return "> " + Notation.print(s, theirs, ours) + suffix(tcp);
    }

    private static String suffix(Frame.Tcp tcp) {
        return (tcp.ipChecksumRight() ? "" : " [wrong IPv4 header checksum]")
                + (tcp.checksumRight() ? "" : " [wrong checksum]");
    }
}
