package org.tcpconform.run;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.tcpconform.requirement.Budget;
import org.tcpconform.requirement.Case;

/**
 * The most that a run sends, as the sum of its cases' budgets, which no attempt goes beyond. What a case sends that begins
 * anew is not in it, see {@link #beginningAnew}.
 *
 * @param segments TCP segments
 * @param octets octets of their frames
 * @param connections connections begun
 * @param halfOpen connections that may be half-open at once
 * @param seconds longest time, of a target that keeps the rules
 */
public record RunBounds(long segments, long octets, long connections, long halfOpen, long seconds) {
    /** To find out about the target before the first case, for each version of IP. */
    private static final int BEFORE = 250;

    private static final int BEFORE_SECONDS = 30;
    /** To try how many connections the target bears, for each job. */
    private static final int FOR_EACH_JOB = 6;
    /** To see whether the target is still there, after each attempt that did not pass. */
    private static final int CANARY = 12;

    /**
     * @param cases what runs
     * @param jobs how many of them side by side
     * @param isnSamples samples of cases that judge initial sequence numbers statistically
     * @param rate segments in a second
     * @param attempts how often each case is tried: 1, or up to {@link Runner#MOST_ATTEMPTS}
     */
    public static RunBounds of(List<CaseDescriptor> cases, int jobs, int isnSamples, int rate, int attempts) {
        List<Case> sending = cases.stream()
                .map(CaseDescriptor::annotation)
                .filter(c -> !c.wholeRun())
                .toList();
        ToLongFunction<Case> resets = c -> Budget.of(c, isnSamples).halfOpen() + (attempts > 1 ? CANARY : 0);
        long before =
                BEFORE * cases.stream().map(CaseDescriptor::family).distinct().count() + (long) FOR_EACH_JOB * jobs;
        long segments =
                before + attempts * sum(sending, c -> Budget.of(c, isnSamples).segments() + resets.applyAsLong(c));
        long octets = before * Budget.LONGEST_HEADERS
                + attempts
                        * sum(
                                sending,
                                c -> Budget.of(c, isnSamples).octets()
                                        + resets.applyAsLong(c) * Budget.LONGEST_HEADERS);
        long connections = before
                + attempts * sum(sending, c -> Budget.of(c, isnSamples).connections() + (attempts > 1 ? CANARY : 0));
        long sideBySide = sending.stream()
                .filter(c -> !c.exclusive())
                .map(c -> (long) c.halfOpen())
                .sorted(Comparator.reverseOrder())
                .limit(jobs)
                .mapToLong(Long::longValue)
                .sum();
        long alone = sending.stream()
                .filter(Case::exclusive)
                .mapToLong(Case::halfOpen)
                .max()
                .orElse(0);
        List<Case> beside = sending.stream().filter(c -> !c.exclusive()).toList();
        long longest = beside.stream().mapToLong(Case::seconds).max().orElse(0);
        long seconds = attempts
                        * (longest
                                + (sum(beside, Case::seconds) + jobs - 1) / jobs
                                + sum(sending.stream().filter(Case::exclusive).toList(), Case::seconds))
                + segments / rate
                + BEFORE_SECONDS;
        return new RunBounds(segments, octets, connections, Math.max(Math.max(sideBySide, alone), jobs), seconds);
    }

    /**
     * When a case begins anew, in words: that is rare, and as a figure it would be so large as to say nothing.
     *
     * @param broughtBack whether a target that dies is brought back; else the run ends there
     */
    public static String beginningAnew(boolean broughtBack) {
        return "up to " + (Decision.ATTEMPTS - 1) + " times where our own machine disturbed it, up to "
                + Lifeline.MOST_RETURNS + " times where the target does not bear so many side by side"
                + (broughtBack
                        ? ", and after each restart of the target (" + Lifeline.MOST_RESTARTS
                                + " at the most) where it ran when that died, or had ended in the "
                                + Lifeline.AFTERMATH.toSeconds() + " s before"
                        : "");
    }

    private static long sum(List<Case> cases, ToLongFunction<Case> figure) {
        return cases.stream().mapToLong(figure).sum();
    }
}
