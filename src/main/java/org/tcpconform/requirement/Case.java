package org.tcpconform.requirement;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An executable check of one or more requirements. The method takes a peer and, where {@link #rows} names a method, one
 * row. It runs once for each row and each version of IP; the id of each run is {@code id[-row]-v4} or {@code …-v6}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Case {
    /** Stable id such as {@code HP-01}; where there are rows, what theirs have in common, such as {@code CL}. */
    String id();

    /** What the target does if it keeps the rule, such as {@code answers {} with RST}; {@code {}} is the row. */
    String title();

    /** What the target must offer. The peer's connection goes to the port of the first. */
    Stimulus[] needs() default {Stimulus.OPEN_PORT};

    /** Name of a static method of the class that gives the rows, a list of {@link Row}. */
    String rows() default "";

    /** Versions of IP that the rule has. */
    Family[] families() default {Family.IPV4, Family.IPV6};

    /** Words to select by. */
    String[] tags() default {};

    /** Whether the case disturbs others, or is disturbed by them, so that it must run alone. */
    boolean exclusive() default false;

    /** Whether the case is only for the suites that ask for it: it loads the target, or the network, beyond the usual. */
    boolean intrusive() default false;

    /**
     * Whether the case concerns hosts other than the target: it sends to a group that the target is one of, or from an
     * address that is not ours, to whose holder the target may answer. It runs only where that is permitted.
     */
    boolean foreignAddresses() default false;

    /** The most segments that one attempt sends, but for the resets that end what is still open. */
    int segments() default 64;

    /** The most octets in the frames of those. */
    long octets() default 8_192;

    /** The most connections that one attempt begins. */
    int connections() default 8;

    /** The most ports that one attempt begins connections from, so that so many may be half-open at once. */
    int halfOpen() default 8;

    /** Whether segments, octets and connections grow with the number of samples; they are then for 2,000. */
    boolean perSample() default false;

    /** Longest time that one attempt takes on a target that keeps the rule, in seconds. */
    int seconds() default 5;

    /**
     * Whether the case judges what came in all others: it runs last and sends nothing, and it runs even unchosen where its
     * rule was seen broken, so that no breach goes untold.
     */
    boolean wholeRun() default false;

    /** Whether the target may choose, so that the case records what it saw. */
    boolean observes() default false;
}
