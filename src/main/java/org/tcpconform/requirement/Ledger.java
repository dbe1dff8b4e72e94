package org.tcpconform.requirement;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The ledger of the untested: every requirement that no case judges, and why. From the resource {@code ledger.json}. */
public final class Ledger {
    private static final String RESOURCE = "ledger.json";

    /** Why no case judges a requirement. */
    public enum Status {
        /** A case is possible and does not exist so far. */
        NOT_YET("not yet"),
        /** Nothing on the wire shows it. */
        UNTESTABLE("untestable"),
        /** Not a rule for a TCP implementation that this tool judges: obsolete, or one for applications or users. */
        OUT_OF_SCOPE("out of scope");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** One line: the status, and the reason as a sentence without full stop. */
    public record Entry(Status status, String reason) {}

    private final Map<String, Entry> entries;

    private Ledger(Map<String, Entry> entries) {
        this.entries = entries;
    }

    private static final class Holder {
        static final Ledger INSTANCE = read();
    }

    /** The ledger of this version of the tool. */
    public static Ledger get() {
        return Holder.INSTANCE;
    }

    private static Ledger read() {
        try (InputStream in = Ledger.class.getResourceAsStream(RESOURCE)) {
            Map<String, Entry> entries =
                    new ObjectMapper().readValue(in, new TypeReference<LinkedHashMap<String, Entry>>() {});
            return new Ledger(Collections.unmodifiableMap(entries));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the ledger of the untested", e);
        }
    }

    public Optional<Entry> find(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    /** All entries by id of requirement. */
    public Map<String, Entry> all() {
        return entries;
    }
}
