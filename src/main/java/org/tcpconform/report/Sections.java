package org.tcpconform.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Headings of the RFC sections that cases refer to. */
final class Sections {
    private static final Map<String, String> HEADINGS = load();

    private Sections() {}

    /** A section with its heading, such as {@code 3.10.7.2 LISTEN STATE}; only the number where the heading is unknown. */
    static String named(int rfc, String section) {
        String first = first(section);
        String heading = HEADINGS.get(rfc + " " + first.replaceFirst("\\(.*", ""));
        return heading == null ? first : first + " " + heading;
    }

    /** The first of several sections, {@code 3.10.7.2} of {@code 3.10.7.2,3.5}: the one a case is filed under. */
    static String first(String section) {
        return section.split(",", 2)[0].strip();
    }

    private static Map<String, String> load() {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Sections.class.getResourceAsStream("sections.txt"), StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", 3))
                    .collect(Collectors.toMap(part -> part[0] + " " + part[1], part -> part[2]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
