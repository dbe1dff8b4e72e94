package org.tcpconform.target;

/** Whether the target has a feature, as a probe or its description says. */
public enum Presence {
    PRESENT("present"),
    ABSENT("absent"),
    /** Not probed, or the probe told nothing. */
    UNKNOWN("unknown");

    private final String word;

    Presence(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }
}
