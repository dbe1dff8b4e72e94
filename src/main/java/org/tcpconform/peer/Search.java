package org.tcpconform.peer;

import java.util.ArrayList;
import java.util.List;
import org.tcpconform.segment.Segment.Difference;
import org.tcpconform.wire.Captured;

/** What came while a segment was looked for. */
final class Search {
    /** The segment; null where it did not come. */
    Answer answer;
    /** What came nearest to it; null for nothing that could be an answer. */
    Captured nearest;
    /** How that differs from what is nearest to it. */
    List<Difference> differences = List.of();
    /** All that came and was not it. */
    final List<Captured> passed = new ArrayList<>();
    /** An ICMP message among that; null for none. */
    Captured icmp;
    /** Whether our own segment was seen on the wire, without which nothing can be judged. */
    boolean stimulusSeen = true;
}
