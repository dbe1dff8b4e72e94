package org.tcpconform.verdict;

/** How much a rule binds (RFC 2119), strongest first. Where the RFC uses no key word the level is a reading of its prose. */
public enum Level {
    MUST("rule"),
    SHOULD("advice"),
    MAY("option");

    private final String proseWord;

    Level(String proseWord) {
        this.proseWord = proseWord;
    }

    /**
     * The word to show: the RFC 2119 key word where the RFC uses it, else a word of our own, so that prose is never
     * passed off as a MUST.
     *
     * @param keyword whether the RFC states the rule with an upper-case key word
     */
    public String label(boolean keyword) {
        return keyword ? name() : proseWord;
    }
}
