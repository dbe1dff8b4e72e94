package org.tcpconform.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * {@code SHA256SUMS}: a hash of every file in the folder of a run, in the format of {@code sha256sum}, so that a later
 * change is noticed. Whoever can change the evidence can also write the sums anew: what they prove is as good as the
 * place where their own hash is kept, which the run prints.
 */
public final class Sums {
    /** A name with a backslash, line feed or carriage return is escaped, and a backslash before the hash says so. */
    private static final Pattern LINE = Pattern.compile("(\\\\?)([0-9a-f]{64}) [ *](.+)");

    private static final int BUFFER = 1 << 16;

    /** How many files one program is told to hash: short enough for a command line, long enough to pay. */
    private static final int BATCH = 500;

    private Sums() {}

    /**
     * What became of the files since the sums were written.
     *
     * @param files how many files the sums name
     * @param own hash of SHA256SUMS itself
     * @param problems what is not as it was, one sentence each; empty where all is
     */
    public record Checked(int files, String own, List<String> problems) {}

    /**
     * Hashes all files of the folder. To be called when nothing more is written to it.
     *
     * @return hash of SHA256SUMS itself
     */
    static String write(ResultsFolder folder) {
        StringBuilder lines = new StringBuilder();
        hashes(folder.root(), files(folder.root())).forEach((name, hash) -> lines.append(line(name, hash)));
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        folder.write(ResultsFolder.SUMS, out -> out.write(bytes));
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static String line(String name, String hash) {
        String escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
        return (escaped.equals(name) ? "" : "\\") + hash + "  " + escaped + '\n';
    }

    static boolean areIn(ResultsFolder folder) {
        return Files.isRegularFile(folder.sums());
    }

    /** Paths of the files that the sums of a folder name, relative to it; empty where there are no sums. */
    static Optional<Set<String>> names(Path root) {
        ResultsFolder folder = ResultsFolder.existing(root);
        return areIn(folder) ? Optional.of(read(folder, new ArrayList<>()).keySet()) : Optional.empty();
    }

    /** Compares all files of the folder with the sums. */
    static Checked check(ResultsFolder folder) {
        return check(folder, name -> true);
    }

    /**
     * Compares some files of the folder with the sums.
     *
     * @param wanted which, by path relative to the folder
     */
    static Checked check(ResultsFolder folder, Predicate<String> wanted) {
        List<String> problems = new ArrayList<>();
        Map<String, String> sums = read(folder, problems);
        Map<String, String> found = new TreeMap<>();
        SortedSet<String> present = files(folder.root());
        List<String> plain = sums.keySet().stream()
                .filter(wanted)
                .filter(present::contains)
                .filter(name -> Files.isRegularFile(folder.root().resolve(name), LinkOption.NOFOLLOW_LINKS))
                .toList();
        Map<String, String> now = hashes(folder.root(), plain);
        sums.forEach((name, hash) -> {
            if (wanted.test(name)) {
                if (!present.contains(name)) {
                    found.put(name, "missing: " + name);
                } else if (!now.containsKey(name)) {
                    found.put(name, "altered: " + name + " (is no longer a plain file)");
                } else if (!now.get(name).equals(hash)) {
                    found.put(name, "altered: " + name);
                }
            }
        });
        for (String name : present) {
            if (wanted.test(name) && !sums.containsKey(name)) {
                found.put(name, "added: " + name);
            }
        }
        found.values().forEach(problem -> problems.add(Text.printable(problem)));
        return new Checked(sums.size(), hash(folder.sums()), problems);
    }

    private static Map<String, String> read(ResultsFolder folder, List<String> problems) {
        Path file = folder.sums();
        if (!Files.isRegularFile(file)) {
            throw ReportException.of(
                    folder.root(),
                    "holds no " + ResultsFolder.SUMS + ", so nothing vouches for what is in it",
                    "name the folder of a run that was finished");
        }
        List<String> lines;
        try {
            lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw ReportException.reading(file, e);
        }
        Map<String, String> sums = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher line = LINE.matcher(lines.get(i));
            if (!line.matches()) {
                problems.add("altered: " + ResultsFolder.SUMS + " (line " + (i + 1) + " is not one of sha256sum)");
                continue;
            }
            sums.put(name(line), line.group(2));
        }
        return sums;
    }

    private static String unescaped(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\\' && i + 1 < name.length()) {
                i++;
                c = switch (name.charAt(i)) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    default -> name.charAt(i);
                };
            }
            out.append(c);
        }
        return out.toString();
    }

    /** Paths of all files and links below a folder but the sums themselves, sorted. */
    private static SortedSet<String> files(Path root) {
        SortedSet<String> names = new TreeSet<>();
        try {
            // the folder itself may be named by a link such as results/latest; links within are never followed
            Path top = root.toRealPath();
            Files.walkFileTree(top, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String name = top.relativize(file).toString();
                    if (!name.equals(ResultsFolder.SUMS)) {
                        names.add(name);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
            return names;
        } catch (IOException e) {
            throw ReportException.reading(root, e);
        }
    }

    /**
     * Hashes files, each once, also where it has two names.
     *
     * @param names relative to the root
     * @return hashes by name, sorted by it
     */
    private static SortedMap<String, String> hashes(Path root, Collection<String> names) {
        Map<Object, List<String>> files = new LinkedHashMap<>();
        for (String name : names) {
            files.computeIfAbsent(key(root.resolve(name)), key -> new ArrayList<>())
                    .add(name);
        }
        List<List<String>> distinct = List.copyOf(files.values());
        SortedMap<String, String> hashes = new TreeMap<>();
        IntStream.rangeClosed(0, distinct.size() / BATCH)
                .mapToObj(i -> distinct.subList(i * BATCH, Math.min(distinct.size(), (i + 1) * BATCH)))
                .parallel()
                .map(batch -> batch(root, batch))
                .toList()
                .forEach(hashes::putAll);
        return hashes;
    }

    private static Map<String, String> batch(Path root, List<List<String>> files) {
        Map<String, String> known =
                fromProgram(root, files.stream().map(names -> names.get(0)).toList());
        Map<String, String> hashes = new HashMap<>();
        for (List<String> names : files) {
            String first = names.get(0);
            String hash = known.containsKey(first) ? known.get(first) : hash(root.resolve(first));
            names.forEach(name -> hashes.put(name, hash));
        }
        return hashes;
    }

    /**
     * What {@code sha256sum} says of files: Java's own hash takes several times as long without the optimizing compiler,
     * with which the program is not run. Where there is no such program, or it says anything unusual, Java hashes.
     */
    private static Map<String, String> fromProgram(Path root, List<String> names) {
        List<String> command = new ArrayList<>(List.of("sha256sum", "--"));
        command.addAll(names);
        Map<String, String> hashes = new HashMap<>();
        try {
            Process process = new ProcessBuilder(command)
                    .directory(root.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(LINE::matcher)
                    .filter(Matcher::matches)
                    .forEach(line -> hashes.put(name(line), line.group(2)));
            return process.onExit().join().exitValue() == 0 ? hashes : Map.of();
        } catch (IOException e) {
            return Map.of();
        }
    }

    private static String name(Matcher line) {
        return line.group(1).isEmpty() ? line.group(3) : unescaped(line.group(3));
    }

    /** What the file system knows a file by. */
    private static Object key(Path file) {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
            return key == null ? file : key;
        } catch (IOException e) {
            throw ReportException.reading(file, e);
        }
    }

    private static String hash(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return hash(in);
        } catch (IOException e) {
            throw ReportException.reading(file, e);
        }
    }

    static String hash(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
