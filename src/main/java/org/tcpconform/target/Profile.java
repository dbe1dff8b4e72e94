package org.tcpconform.target;

/**
 * Which of the permitted rule sets the target follows in a synchronized connection. Where RFCs differ and each permits
 * its own, the expected answer is that of the profile.
 *
 * @param reset what an in-window RST that is not at RCV.NXT does: RFC 793 resets, RFC 5961 draws a challenge ACK
 * @param syn what an in-window SYN does: RFC 793 resets, RFC 5961 draws a challenge ACK
 * @param dataCheck whether an acknowledgment too old makes the segment be discarded (RFC 5961, 5)
 * @param timeWaitReset whether a RST in TIME-WAIT is ignored (RFC 1337)
 */
public record Profile(Choice reset, Choice syn, Presence dataCheck, Presence timeWaitReset) {
    /** One of two rules that RFCs permit. */
    public enum Choice {
        /** RFC 793 and RFC 9293 without its optional part. */
        RFC793,
        /** RFC 5961, optional in RFC 9293. */
        RFC5961,
        /** Not known: either is accepted. */
        UNKNOWN
    }

    public static final Profile UNKNOWN =
            new Profile(Choice.UNKNOWN, Choice.UNKNOWN, Presence.UNKNOWN, Presence.UNKNOWN);

    /**
     * The short name: {@code P793}, {@code P5961}, {@code P5961D}, {@code mixed} or {@code unknown}, with {@code +P1337}
     * where RST is ignored in TIME-WAIT.
     */
    public String name() {
        String name;
        if (reset == Choice.UNKNOWN && syn == Choice.UNKNOWN) {
            name = "unknown";
        } else if (reset == Choice.RFC793 && syn != Choice.RFC5961 || syn == Choice.RFC793 && reset != Choice.RFC5961) {
            name = "P793";
        } else if (reset != syn && reset != Choice.UNKNOWN && syn != Choice.UNKNOWN) {
            name = "mixed";
        } else {
            name = dataCheck == Presence.PRESENT ? "P5961D" : "P5961";
        }
        return name + (timeWaitReset == Presence.PRESENT ? "+P1337" : "");
    }

    /**
     * The profile that a name demands: {@code P793}, {@code P9293}, {@code P5961} or {@code P5961D}, each perhaps with
     * {@code +P1337}. P9293 leaves the choice.
     *
     * @throws IllegalArgumentException if there is no such profile
     */
    public static Profile named(String name) {
        boolean p1337 = name.endsWith("+P1337");
        String base = p1337 ? name.substring(0, name.length() - "+P1337".length()) : name;
        Presence ignored = p1337 ? Presence.PRESENT : Presence.UNKNOWN;
        return switch (base) {
            case "P793" -> new Profile(Choice.RFC793, Choice.RFC793, Presence.ABSENT, ignored);
            case "P9293" -> new Profile(Choice.UNKNOWN, Choice.UNKNOWN, Presence.UNKNOWN, ignored);
            case "P5961" -> new Profile(Choice.RFC5961, Choice.RFC5961, Presence.UNKNOWN, ignored);
            case "P5961D" -> new Profile(Choice.RFC5961, Choice.RFC5961, Presence.PRESENT, ignored);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
