package org.tcpconform.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.tcpconform.verdict.FileTrouble;

/** Mutants of the oracle that rightly go unnoticed, each with the reason: a YAML list of mappings. */
public final class Survivors {
    /** No mutant may survive. */
    public static final Survivors NONE = new Survivors(List.of());

    private static final JsonMapper YAML = JsonMapper.builder(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * A line of the file.
     *
     * @param id case, or a glob
     * @param mutant name of the mutant, or a glob
     * @param reason why it is right that it goes unnoticed
     */
    public record Entry(String id, String mutant, String reason) {
        boolean fits(String caseId, String mutantName) {
            return Selection.pattern(id).matcher(caseId).matches()
                    && Selection.pattern(mutant).matcher(mutantName).matches();
        }

        @Override
        public String toString() {
            return id + ": " + mutant;
        }
    }

    private final List<Entry> entries;
    private final Set<Entry> used = ConcurrentHashMap.newKeySet();

    private Survivors(List<Entry> entries) {
        this.entries = entries;
    }

    /**
     * Reads a file.
     *
     * @throws ExpectationsException if it cannot be read, or an entry lacks one of its three keys
     */
    public static Survivors read(Path file) {
        try {
            Entry[] entries = YAML.readValue(Files.readString(file), Entry[].class);
            for (Entry e : entries == null ? new Entry[0] : entries) {
                if (e == null || isBlank(e.id()) || isBlank(e.mutant()) || isBlank(e.reason())) {
                    throw new ExpectationsException(
                            file + ": each entry needs id, mutant and reason; one has not: " + e);
                }
            }
            return new Survivors(entries == null ? List.of() : List.of(entries));
        } catch (NoSuchFileException e) {
            throw new ExpectationsException(file + ": there is no such file");
        } catch (JsonProcessingException e) {
            throw new ExpectationsException(
                    file + (e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr()) + ": "
                            + e.getOriginalMessage().lines().findFirst().orElse("cannot be read"));
        } catch (IOException e) {
            throw new ExpectationsException(file + ": cannot be read: " + FileTrouble.reason(e));
        }
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }

    /** Why a mutant may go unnoticed; empty where nobody says so. */
    Optional<String> reason(String caseId, String mutant) {
        Optional<Entry> entry =
                entries.stream().filter(e -> e.fits(caseId, mutant)).findFirst();
        entry.ifPresent(used::add);
        return entry.map(Entry::reason);
    }

    /** Entries for cases that were tried, and that no survivor needed. */
    public List<String> needless(List<OracleResult.Trial> cases) {
        return entries.stream()
                .filter(e -> !used.contains(e)
                        && cases.stream()
                                .anyMatch(c -> c.mutants() > 0
                                        && Selection.pattern(e.id())
                                                .matcher(c.id())
                                                .matches()))
                .map(Entry::toString)
                .toList();
    }
}
