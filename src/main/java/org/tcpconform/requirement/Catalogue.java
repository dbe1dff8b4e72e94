package org.tcpconform.requirement;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All requirements, from the resource {@code requirements.json}. */
public final class Catalogue {
    private static final String RESOURCE = "requirements.json";

    private final Map<String, Rule> rules;

    private Catalogue(Map<String, Rule> rules) {
        this.rules = rules;
    }

    private static final class Holder {
        static final Catalogue INSTANCE = read();
    }

    /** The catalogue of this version of the tool. */
    public static Catalogue get() {
        return Holder.INSTANCE;
    }

    private static Catalogue read() {
        try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
            List<Rule> all = new ObjectMapper().readValue(in, new TypeReference<List<Rule>>() {});
            Map<String, Rule> rules = new LinkedHashMap<>();
            for (Rule rule : all) {
                if (rules.put(rule.id(), rule) != null) {
                    throw new IllegalStateException("requirement " + rule.id() + " stands twice in " + RESOURCE);
                }
            }
            return new Catalogue(Collections.unmodifiableMap(rules));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the catalogue of requirements", e);
        }
    }

    public Optional<Rule> find(String id) {
        return Optional.ofNullable(rules.get(id));
    }

    /**
     * @throws IllegalArgumentException if there is no such requirement
     */
    public Rule rule(String id) {
        return find(id).orElseThrow(() -> new IllegalArgumentException("no requirement has the id " + id));
    }

    public Collection<Rule> all() {
        return rules.values();
    }
}
