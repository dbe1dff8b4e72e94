package org.tcpconform.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The labs there are: every folder {@code tools/lab/NAME} that has a {@code lab.yaml}. Adding one takes no code. */
public final class LabCatalogue {
    private static final String FILE = "lab.yaml";

    private final Path root;

    /** @param toolsDir the repository's {@code tools} folder */
    public LabCatalogue(Path toolsDir) {
        this.root = toolsDir.toAbsolutePath().normalize().resolve("lab");
    }

    /**
     * All labs, by name.
     *
     * @throws LabFileException for the first file with a mistake
     */
    public List<LabDescriptor> list() {
        return names().stream().map(this::read).toList();
    }

    /**
     * The lab of that name. Only its own file is read, so a mistake in another does no harm.
     *
     * @throws LabFileException where there is none (with the nearest name, and all) or its file has a mistake
     */
    public LabDescriptor find(String name) {
        List<String> names = names();
        if (names.contains(name)) {
            return read(name);
        }
        if (names.isEmpty()) {
            throw new LabFileException("no labs in " + root);
        }
        Optional<String> near = names.stream()
                .filter(known -> distance(known, name) <= Math.max(2, known.length() / 3))
                .min(Comparator.comparingInt(known -> distance(known, name)));
        throw new LabFileException("no lab '" + name + "'"
                + near.map(known -> "; did you mean '" + known + "'?").orElse("")
                + " (there are: " + String.join(", ", names) + ")");
    }

    private LabDescriptor read(String name) {
        return LabFile.read(root.resolve(name).resolve(FILE));
    }

    /** The names of all labs, in order; no file is read. */
    public List<String> names() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(folder -> Files.isRegularFile(folder.resolve(FILE)))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + root, e);
        }
    }

    /** Levenshtein distance: how many letters to insert, leave out or exchange. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int exchange = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchange, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
