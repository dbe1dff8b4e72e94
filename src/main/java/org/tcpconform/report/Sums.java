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
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code SHA256SUMS}: a hash of every file in the folder of a run, in the format of {@code sha256sum}, so that a later
 * change is noticed. Whoever can change the evidence can also write the sums anew: what they prove is as good as the
 * place where their own hash is kept, which the run prints.
 */
public final class Sums {
    /** A name with a backslash, line feed or carriage return is escaped, and a backslash before the hash says so. */
    private static final Pattern LINE = Pattern.compile("(\\\\?)([0-9a-f]{64}) [ *](.+)");

    private static final int BUFFER = 1 << 16;

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
        Map<Object, String> known = new ConcurrentHashMap<>();
        byte[] bytes = files(folder.root()).parallelStream()
                .map(name -> line(name, hash(folder.root().resolve(name), known)))
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
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
        sums.forEach((name, hash) -> {
            if (wanted.test(name)) {
                Path file = folder.root().resolve(name);
                if (!present.contains(name)) {
                    found.put(name, "missing: " + name);
                } else if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    found.put(name, "altered: " + name + " (is no longer a plain file)");
                } else if (!hash(file).equals(hash)) {
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
            String name = line.group(1).isEmpty() ? line.group(3) : unescaped(line.group(3));
            sums.put(name, line.group(2));
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

    /** @param known hashes by what the file system knows files by, since some have two names */
    private static String hash(Path file, Map<Object, String> known) {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
            return key == null ? hash(file) : known.computeIfAbsent(key, k -> hash(file));
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
