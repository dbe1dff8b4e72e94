package org.tcpconform.requirement;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The tables of a Markdown resource, for cases whose table is to be read by people beside the RFC. What is not a table
 * is for people alone.
 */
public final class MarkdownTables {
    private final List<Map<String, String>> rows = new ArrayList<>();

    private MarkdownTables(List<String> lines) {
        List<String> header = List.of();
        for (String line : lines) {
            if (!line.startsWith("|")) {
                header = List.of();
                continue;
            }
            List<String> cells = cells(line);
            if (header.isEmpty()) {
                header = cells;
            } else if (cells.size() != header.size()) {
                throw new IllegalArgumentException(
                        "a line with " + cells.size() + " columns in a table of " + header.size() + ": " + line);
            } else if (!cells.get(0).startsWith("---")) {
                Map<String, String> row = new LinkedHashMap<>();
                for (int i = 0; i < cells.size(); i++) {
                    row.put(header.get(i), cells.get(i));
                }
                rows.add(row);
            }
        }
    }

    /**
     * Reads a resource.
     *
     * @param beside the class in whose package it is
     */
    public static MarkdownTables read(Class<?> beside, String resource) {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + resource + " beside " + beside.getName());
            }
            return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    public static MarkdownTables of(String text) {
        return new MarkdownTables(text.lines().toList());
    }

    /** Rows of all tables whose first columns these are, in order: text by the name of its column. */
    public List<Map<String, String>> rows(String... firstColumns) {
        List<String> wanted = List.of(firstColumns);
        return rows.stream()
                .filter(r -> r.keySet().stream().limit(wanted.size()).toList().equals(wanted))
                .toList();
    }

    private static List<String> cells(String line) {
        String inner = line.strip();
        inner = inner.substring(1, inner.endsWith("|") ? inner.length() - 1 : inner.length());
        return Stream.of(inner.split("\\|", -1))
                .map(cell -> cell.replace("`", "").strip())
                .toList();
    }
}
