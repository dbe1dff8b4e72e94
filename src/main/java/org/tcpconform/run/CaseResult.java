package org.tcpconform.run;

import java.util.List;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Series;
import org.tcpconform.verdict.Step;
import org.tcpconform.verdict.Verdict;

/**
 * The outcome of one case: everything a report needs, and the record that {@code results.json} keeps.
 *
 * @param id stable id, such as {@code LI-03-v6}
 * @param title what the target must do, as one sentence
 * @param requirements ids of the requirements judged
 * @param level strongest level among them
 * @param keyword whether that level is an RFC 2119 key word of the RFC, not a reading of prose
 * @param rfc number of the RFC, such as {@code 9293}
 * @param section section of that RFC, such as {@code 3.10.7.2}
 * @param family {@code IPv4} or {@code IPv6}
 * @param tags words to select by
 * @param verdict the verdict
 * @param failure why it is not PASS; null for PASS
 * @param remarks what was observed where the rule leaves a choice; empty for most
 * @param unused ids of the requirements of level MAY that the target was seen not to make use of
 * @param attempts how often the case ran (2 where a failure was confirmed)
 * @param startedMillis start since the epoch, in milliseconds
 * @param durationMs wall time of all attempts, in milliseconds
 * @param capture path of the capture relative to the results folder; null where there is none
 * @param ports our source ports that the case used, to find it in a larger capture
 * @param steps what happened in the attempt that decided
 * @param series what was measured
 * @param expectation what an expectations file says of the case, and whether it held; null where none speaks of it
 */
public record CaseResult(
        String id,
        String title,
        List<String> requirements,
        Level level,
        boolean keyword,
        int rfc,
        String section,
        String family,
        List<String> tags,
        Verdict verdict,
        Failure failure,
        List<String> remarks,
        List<String> unused,
        int attempts,
        long startedMillis,
        double durationMs,
        String capture,
        List<Integer> ports,
        List<Step> steps,
        List<Series> series,
        Expectation expectation) {

    /** A result of which no expectations file speaks. */
    public CaseResult(
            String id,
            String title,
            List<String> requirements,
            Level level,
            boolean keyword,
            int rfc,
            String section,
            String family,
            List<String> tags,
            Verdict verdict,
            Failure failure,
            List<String> remarks,
            List<String> unused,
            int attempts,
            long startedMillis,
            double durationMs,
            String capture,
            List<Integer> ports,
            List<Step> steps,
            List<Series> series) {
        this(
                id,
                title,
                requirements,
                level,
                keyword,
                rfc,
                section,
                family,
                tags,
                verdict,
                failure,
                remarks,
                unused,
                attempts,
                startedMillis,
                durationMs,
                capture,
                ports,
                steps,
                series,
                null);
    }

    /** The same result under an expectation. */
    public CaseResult withExpectation(Expectation other) {
        return new CaseResult(
                id,
                title,
                requirements,
                level,
                keyword,
                rfc,
                section,
                family,
                tags,
                verdict,
                failure,
                remarks,
                unused,
                attempts,
                startedMillis,
                durationMs,
                capture,
                ports,
                steps,
                series,
                other);
    }

    /** Whether the verdict, other than PASS, is the one that an expectations file gives a reason for. */
    public boolean expected() {
        return expectation != null && expectation.state() == Expectation.State.EXPECTED;
    }
}
