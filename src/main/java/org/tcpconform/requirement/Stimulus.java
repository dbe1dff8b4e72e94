package org.tcpconform.requirement;

import java.util.Arrays;
import java.util.Optional;

/** What a case needs the target to offer: a port, or a service with a certain behaviour. */
public enum Stimulus {
    /** A port with no listener. */
    CLOSED_PORT("closed-port", "a port with no listener"),
    /** Any port with a listener. */
    OPEN_PORT("open-port", "a listening port"),
    /** A service that sends back what it gets (RFC 862). */
    ECHO("echo", "a service that sends back what it gets"),
    /** A service that reads and never sends (RFC 863). */
    DISCARD("discard", "a service that reads and never sends"),
    /** A service that sends something and closes before the peer does, such as daytime (RFC 867). */
    CLOSES_FIRST("closes-first", "a service that closes before its peer does"),
    /** A service that closes as soon as its peer has. */
    CLOSES_ON_FIN("closes-on-fin", "a service that closes as soon as its peer has"),
    /** A service that leaves its side open for seconds after its peer has closed. */
    KEEPS_HALF_OPEN("keeps-half-open", "a service that leaves its side open after its peer has closed"),
    /** A service that sends without end, such as chargen (RFC 864). */
    BULK("bulk", "a service that sends without end");

    private final String label;
    private final String meaning;

    Stimulus(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /** The name in options and target files, such as {@code closes-first}. */
    public String label() {
        return label;
    }

    public String meaning() {
        return meaning;
    }

    public static Optional<Stimulus> named(String label) {
        return Arrays.stream(values()).filter(s -> s.label.equals(label)).findFirst();
    }
}
