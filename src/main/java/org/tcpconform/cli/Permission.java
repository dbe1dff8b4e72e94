package org.tcpconform.cli;

import java.util.Arrays;
import java.util.Optional;

/** What a run does only where it is asked to, by {@code --allow}. */
enum Permission {
    /** Load target or network beyond the usual. */
    INTRUSIVE("intrusive"),
    /** Send to groups that the target is one of, and from addresses that are not ours. */
    FOREIGN_ADDRESSES("foreign-addresses"),
    /** Judge a target that has an address of this host. */
    OWN_ADDRESS("own-address");

    private final String word;

    Permission(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    static Optional<Permission> named(String word) {
        return Arrays.stream(values()).filter(p -> p.word.equals(word)).findFirst();
    }
}
