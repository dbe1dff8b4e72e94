package org.tcpconform.requirement;

import java.util.Arrays;
import java.util.Optional;

/** Something that a TCP may do or leave. The cases of a feature that the target lacks do not apply. */
public enum Feature {
    WINDOW_SCALE("window-scale", "wscale", "Window Scale option", "RFC 7323, 2"),
    TIMESTAMPS("timestamps", "timestamps", "Timestamps option", "RFC 7323, 3"),
    SACK("sack", "sack", "selective acknowledgment", "RFC 2018"),
    DSACK("d-sack", "dsack", "duplicate SACK", "RFC 2883"),
    ECN("ecn", "ecn", "explicit congestion notification", "RFC 3168"),
    FAST_OPEN("fast-open", "tfo", "TCP Fast Open", "RFC 7413"),
    BLIND_RESET("rfc5961", "rfc5961", "challenge ACK to a RST or SYN", "RFC 5961, 3 and 4"),
    BLIND_DATA("rfc5961-data", "rfc5961-data", "range check of acknowledgments", "RFC 5961, 5"),
    TIME_WAIT_REUSE("time-wait-reuse", "time-wait-reuse", "new connection from TIME-WAIT", "RFC 6191"),
    PATH_MTU("path-mtu", "pmtud", "path MTU discovery", "RFC 1191, RFC 8201"),
    KEEP_ALIVE("keep-alive", "keepalive", "keep-alive", "RFC 9293, 3.8.4"),
    USER_TIMEOUT("user-timeout", "uto", "User Timeout option", "RFC 5482"),
    JUMBOGRAM("jumbogram", "jumbogram", "IPv6 jumbograms", "RFC 2675");

    private final String label;
    private final String catalogueName;
    private final String meaning;
    private final String source;

    Feature(String label, String catalogueName, String meaning, String source) {
        this.label = label;
        this.catalogueName = catalogueName;
        this.meaning = meaning;
        this.source = source;
    }

    /** The name in options and target files. */
    public String label() {
        return label;
    }

    public String meaning() {
        return meaning;
    }

    /** The RFC that defines it. */
    public String source() {
        return source;
    }

    public static Optional<Feature> named(String label) {
        return Arrays.stream(values()).filter(f -> f.label.equals(label)).findFirst();
    }

    /** The feature that a requirement belongs to; empty where it binds every TCP. */
    public static Optional<Feature> of(Rule rule) {
        return rule.feature().isEmpty()
                ? Optional.empty()
                : Arrays.stream(values())
                        .filter(f -> f.catalogueName.equals(rule.feature()))
                        .findFirst();
    }
}
