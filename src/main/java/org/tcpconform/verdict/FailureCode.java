package org.tcpconform.verdict;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The codes by which a verdict other than PASS says why, all of them. A code is part of the interface: expectations files
 * and scripts match on it, so it keeps its meaning, and one that is no longer given is not given to something else.
 */
public enum FailureCode {
    NO_ANSWER("no-answer", Verdict.FAIL, "nothing came that could be the answer, in all attempts"),
    TARGET_DIED(
            "target-died",
            Verdict.FAIL,
            "the target stopped answering during the case or shortly after it, and again when it was run alone after a restart"),
    ANSWERED("answered", Verdict.FAIL, "an answer came where the rule demands silence"),
    NOT_QUIET("not-quiet", Verdict.FAIL, "the target sent something where it has nothing left to send"),
    UNEXPECTED_RESET("unexpected-reset", Verdict.FAIL, "the target reset the connection"),
    WRONG_FLAGS("wrong-flags", Verdict.FAIL, "the answer has other control bits"),
    WRONG_SEQ("wrong-seq", Verdict.FAIL, "the answer has another sequence number"),
    WRONG_ACK("wrong-ack", Verdict.FAIL, "the answer has another acknowledgment number"),
    WRONG_WINDOW("wrong-window", Verdict.FAIL, "the answer has another window"),
    WRONG_URGENT_POINTER("wrong-urgent-pointer", Verdict.FAIL, "the answer has another urgent pointer"),
    WRONG_DATA_OFFSET("wrong-data-offset", Verdict.FAIL, "the answer has another data offset"),
    WRONG_RESERVED_BITS("wrong-reserved-bits", Verdict.FAIL, "the answer has other reserved bits"),
    WRONG_DATA("wrong-data", Verdict.FAIL, "the answer has other data, or data where none is due"),
    WRONG_OPTIONS("wrong-options", Verdict.FAIL, "the answer has other options"),
    WRONG_DEMAND("wrong-demand", Verdict.FAIL, "the answer lacks what the finding names, such as an option"),
    WRONG_ANSWER("wrong-answer", Verdict.FAIL, "the answer is wrong in another way"),
    BAD_CHECKSUM("bad-checksum", Verdict.FAIL, "segments have a wrong TCP checksum"),
    BAD_IP_CHECKSUM("bad-ip-checksum", Verdict.FAIL, "segments come with a wrong IPv4 header checksum"),
    BAD_HEADER("bad-header", Verdict.FAIL, "segments have a data offset or an option length that does not fit"),
    BAD_PADDING("bad-padding", Verdict.FAIL, "segments have octets other than 0 behind End of Option List"),
    RESERVED_BITS("reserved-bits", Verdict.FAIL, "segments have a reserved bit set"),
    WRONG_STATE("wrong-state", Verdict.FAIL, "the answer to a probe shows another state than the rule demands"),
    NO_SIGN_OF_LIFE("no-sign-of-life", Verdict.FAIL, "no answer to the probe that follows a silence"),
    NO_BACK_OFF("no-back-off", Verdict.FAIL, "the retransmission timer does not back off"),
    CLAIMED_FEATURE_ABSENT("claimed-feature-absent", Verdict.FAIL, "a feature that the target file claims is absent"),
    DATA_AFTER_FIN("data-after-fin", Verdict.FAIL, "the target sent data beyond its FIN"),
    GAP("gap", Verdict.FAIL, "the target left out sequence numbers"),
    ISN_NOT_ADVANCING("isn-not-advancing", Verdict.FAIL, "initial sequence numbers do not advance with the clock"),
    ISN_PREDICTABLE("isn-predictable", Verdict.FAIL, "initial sequence numbers can be foreseen"),
    MSS_TOO_LARGE("mss-too-large", Verdict.FAIL, "a segment, or the MSS offered, is larger than it may be"),
    NO_SOURCE_ROUTE("no-source-route", Verdict.FAIL, "the answer does not take the reverse of the source route"),
    NO_TIME_WAIT("no-time-wait", Verdict.FAIL, "the target did not stay in TIME-WAIT"),
    SCALED_SYN_WINDOW("scaled-syn-window", Verdict.FAIL, "the window of a SYN was scaled"),
    SHIFT_TOO_LARGE("shift-too-large", Verdict.FAIL, "the window scale offered is more than 14"),
    WRONG_ECHO("wrong-echo", Verdict.FAIL, "a timestamp echoed is not the one that was sent"),
    LATER_ECHO(
            "later-echo",
            Verdict.FAIL,
            "the timestamp echoed is of another segment than the first that is acknowledged, a later one"),
    STALLED("stalled", Verdict.FAIL, "the target stopped sending although data and window are left"),
    SACKED_DATA_SENT_AGAIN("sacked-data-sent-again", Verdict.FAIL, "the target sent again what was reported by SACK"),
    NO_LIMITED_TRANSMIT(
            "no-limited-transmit", Verdict.FAIL, "the first duplicate acknowledgments bring forth no new segment"),
    TRANSMIT_WITHOUT_NEWS(
            "transmit-without-news",
            Verdict.FAIL,
            "the first duplicate acknowledgments bring forth new segments though they report nothing"),
    ACK_DIVISION(
            "ack-division",
            Verdict.FAIL,
            "acknowledgments of parts of a segment open the congestion window as those of whole segments do"),
    ACKNOWLEDGED_DATA_SENT_AGAIN(
            "acknowledged-data-sent-again", Verdict.FAIL, "the target sent again what was acknowledged"),
    TOO_MANY_ACKS("too-many-acks", Verdict.FAIL, "the target acknowledged more often than it may"),
    NO_TIMESTAMPS("no-timestamps", Verdict.FAIL, "segments lack Timestamps although they were negotiated"),
    CLOCK_WENT_BACK("clock-went-back", Verdict.FAIL, "a timestamp is below one before it"),
    CLOCK_RATE("clock-rate", Verdict.FAIL, "the timestamp clock ticks faster or slower than it may"),
    CLOCK_NOT_EVEN("clock-not-even", Verdict.FAIL, "the timestamp clock does not tick evenly"),
    ONE_OFFSET("one-offset", Verdict.FAIL, "the timestamps of all connections have one offset"),
    BEYOND_WINDOW("beyond-window", Verdict.FAIL, "the target sent beyond the window that was offered to it"),
    WINDOW_NOT_SCALED("window-not-scaled", Verdict.FAIL, "the target does not scale the window that is offered to it"),
    NOT_ALL("not-all", Verdict.FAIL, "among the segments that the target sent some break the rule"),
    NO_PUSH("no-push", Verdict.FAIL, "the last data that was written lacks PSH"),
    SMALL_SEGMENTS("small-segments", Verdict.FAIL, "the target sends smaller segments than it should"),
    TOO_LITTLE("too-little", Verdict.FAIL, "the target sends less than the window permits"),
    ACK_WENT_BACK("ack-went-back", Verdict.FAIL, "an acknowledgment number is below one before it"),
    LATE_ACK("late-ack", Verdict.FAIL, "an acknowledgment came later than it may"),
    STRETCH_ACK("stretch-ack", Verdict.FAIL, "the target acknowledged more rarely than it should"),
    NO_DELAYED_ACK(
            "no-delayed-ack", Verdict.FAIL, "the target acknowledged each segment at once although it should wait"),

    NOT_REPRODUCIBLE("not-reproducible", Verdict.INCONCLUSIVE, "failed in some attempts and not in others"),
    RESTLESS_NETWORK(
            "restless-network",
            Verdict.INCONCLUSIVE,
            "the rule is about the time, order or number of segments, which the network changes, or it harms most of them"),
    SLOW_NETWORK("slow-network", Verdict.INCONCLUSIVE, "the network is too slow for all that the case has to send"),
    DAMAGED_ANSWER(
            "damaged-answer",
            Verdict.INCONCLUSIVE,
            "segments came with a wrong checksum or header, which the cases of the whole run judge"),
    CHECKSUM_OFFLOAD(
            "checksum-offload",
            Verdict.INCONCLUSIVE,
            "the checksum was left to the network interface, ours or the target's"),
    NOTHING_SEEN("nothing-seen", Verdict.INCONCLUSIVE, "no segment came from the target that could be judged"),
    PREAMBLE("preamble", Verdict.INCONCLUSIVE, "what comes before the rule, such as the handshake, did not succeed"),
    STATE_NOT_REACHED(
            "state-not-reached", Verdict.INCONCLUSIVE, "the target did not get into the state that the case needs"),
    NOT_SENT("not-sent", Verdict.INCONCLUSIVE, "our own segment was not seen on the wire"),
    LINK_DOWN("link-down", Verdict.INCONCLUSIVE, "nothing could be sent: our interface was down or gone"),
    DISTURBED(
            "disturbed",
            Verdict.INCONCLUSIVE,
            "the capture lost frames, our interface failed, or the clock was set during the case"),
    RATE_CAPPED("rate-capped", Verdict.INCONCLUSIVE, "the case needs more segments in a second than --rate permits"),
    OVER_BUDGET("over-budget", Verdict.INCONCLUSIVE, "the target kept the case sending beyond the most that it may"),
    TARGET_GONE(
            "target-gone", Verdict.INCONCLUSIVE, "the target stopped answering; no single case was found to end it"),
    TOO_SLOW(
            "too-slow",
            Verdict.INCONCLUSIVE,
            "the target is too slow to tell what it does at once from what a timer of its own does"),
    MASKED("masked", Verdict.INCONCLUSIVE, "another rule that the target breaks hides whether it keeps this one"),
    RUN_ENDED("run-ended", Verdict.INCONCLUSIVE, "the run ended before the case, or during it"),

    NOT_OFFERED("not-offered", Verdict.NOT_APPLICABLE, "the target does not offer what the case needs"),
    FEATURE_ABSENT("feature-absent", Verdict.NOT_APPLICABLE, "the target lacks the optional feature"),

    SILENCE_UNPROVED("silence-unproved", Verdict.ERROR, "the case asked for no sign of life after a silence"),
    HANG_GUARD("hang-guard", Verdict.ERROR, "the case took far longer than it says"),
    HARNESS_FAULT("harness-fault", Verdict.ERROR, "the harness threw something that it should not");

    /**
     * What a network may bring about attempt after attempt on which segments overtake one another, and come at uneven times.
     * Where segments are only lost, doubled or damaged, each for itself, most attempts go without, and are counted.
     */
    private static final Set<FailureCode> OF_ORDER = EnumSet.of(
            // what answers an earlier segment comes after a later one, or a FIN before its data
            ANSWERED,
            WRONG_DATA,
            ACK_WENT_BACK,
            CLOCK_WENT_BACK,
            // a SYN that comes late opens a connection anew
            ISN_NOT_ADVANCING,
            // intervals are told by the stamps of what came; one of which the end was lost is longer, and still the
            // next longer
            NO_BACK_OFF,
            CLOCK_RATE,
            CLOCK_NOT_EVEN,
            NO_DELAYED_ACK,
            // counted from our segments as they left: one that is lost makes the target send less
            BEYOND_WINDOW);

    /**
     * What lost or doubled segments bring about as well, in so many attempts that these prove nothing: each of many segments
     * must come, and once; one more or less in flight, or one acknowledgment that did not come, makes the difference.
     */
    private static final Set<FailureCode> OF_NUMBER = EnumSet.of(
            // the congestion window, which shrinks where something was lost, or the number of duplicates that open it
            NO_LIMITED_TRANSMIT,
            TRANSMIT_WITHOUT_NEWS,
            ACK_DIVISION,
            TOO_LITTLE,
            // where the acknowledgment was lost that says so
            ACKNOWLEDGED_DATA_SENT_AGAIN,
            SACKED_DATA_SENT_AGAIN,
            // one of many was doubled, on the way there or back
            TOO_MANY_ACKS,
            // it was lost, and so came for what was sent again
            LATE_ACK,
            STRETCH_ACK,
            LATER_ECHO);

    private final String code;
    private final Verdict verdict;
    private final String meaning;

    FailureCode(String code, Verdict verdict, String meaning) {
        this.code = code;
        this.verdict = verdict;
        this.meaning = meaning;
    }

    /** The code as reports and files have it. */
    public String code() {
        return code;
    }

    /** The verdict that it explains. */
    public Verdict verdict() {
        return verdict;
    }

    /** One sentence without a full stop. */
    public String meaning() {
        return meaning;
    }

    public static Optional<FailureCode> find(String code) {
        return Arrays.stream(values()).filter(c -> c.code.equals(code)).findFirst();
    }

    /** Whether a network on which segments overtake one another may have made it so. */
    public boolean isOfOrder() {
        return OF_ORDER.contains(this) || isOfNumber();
    }

    /** Whether a network that loses, doubles or damages segments at random may have made it so, in each attempt. */
    public boolean isOfNumber() {
        return OF_NUMBER.contains(this);
    }

    /** The codes that explain a verdict, in the order to show them. */
    public static List<String> of(Verdict verdict) {
        return Arrays.stream(values())
                .filter(c -> c.verdict == verdict)
                .map(FailureCode::code)
                .toList();
    }
}
