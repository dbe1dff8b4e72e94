package org.tcpconform.report;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;

/** Titles of RFCs, and headings of the sections that cases refer to. */
final class Sections {
    /** The order of section numbers: 3.4.1 before 3.10, whatever follows the number. */
    static final Comparator<String> ORDER =
            Comparator.comparing(Sections::numbers, Arrays::compare).thenComparing(Comparator.naturalOrder());

    private static final Map<String, String> HEADINGS = load("sections.txt", 2);
    private static final Map<String, String> TITLES = load("rfcs.txt", 1);

    private Sections() {}

    /** A section with its heading, such as {@code 3.10.7.2 LISTEN STATE}; only the number where the heading is unknown. */
    static String named(int rfc, String section) {
        String first = first(section);
        String heading = HEADINGS.get(rfc + " " + first.replaceFirst("\\(.*", ""));
        return heading == null ? first : first + " " + heading;
    }

    /** The title of an RFC; empty where it is unknown. */
    static String title(int rfc) {
        return TITLES.getOrDefault(Integer.toString(rfc), "");
    }

    /** The first of several sections, {@code 3.10.7.2} of {@code 3.10.7.2,3.5}: the one a case is filed under. */
    static String first(String section) {
        return section.split(",", 2)[0].strip();
    }

    private static int[] numbers(String section) {
        return Arrays.stream(first(section).split("[^0-9]+"))
                .filter(part -> !part.isEmpty() && part.length() < 10)
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    /** Lines of some words that are the key, and a text. */
    private static Map<String, String> load(String resource, int words) {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Sections.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", words + 1))
                    .collect(Collectors.toMap(
                            part -> String.join(" ", Arrays.asList(part).subList(0, words)), part -> part[words]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
