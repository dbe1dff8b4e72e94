package org.tcpconform.report;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tcpconform.run.CaseResult;

/**
 * The folder that one run writes to. Every file in it appears whole or not at all: it is written beside its place and
 * then moved there, so a full disk or a killed process never leaves half a report.
 */
public final class ResultsFolder {
    static final String RESULTS = "results.json";
    static final String JOURNAL = "cases.jsonl";
    static final String OPTIONS = "options.yaml";
    static final String JUNIT = "junit.xml";
    static final String SUMMARY = "summary.md";
    static final String EXPECTATIONS = "expectations-next.yaml";
    static final String COMPLIANCE_HTML = "compliance.html";
    static final String COMPLIANCE_PDF = "compliance.pdf";
    static final String COMPLIANCE_JSON = "compliance.json";
    static final String COMPLIANCE_CSV = "compliance.csv";
    static final String SUMS = "SHA256SUMS";
    static final String CAPTURES = "captures";
    static final String LADDERS = "ladders";
    static final String ALLURE_RESULTS = "allure-results";
    static final String ALLURE_REPORT = "allure-report";
    static final String LATEST = "latest";

    /** What a run leaves behind, and so what is deleted when a folder given by the user is used again. */
    private static final List<String> OURS = List.of(
            // first what vouches for the rest, last what shows that the folder is ours
            SUMS,
            COMPLIANCE_PDF,
            COMPLIANCE_HTML,
            COMPLIANCE_JSON,
            COMPLIANCE_CSV,
            ALLURE_REPORT,
            ALLURE_RESULTS,
            LADDERS,
            CAPTURES,
            EXPECTATIONS,
            SUMMARY,
            JUNIT,
            OPTIONS,
            JOURNAL,
            RESULTS);

    /** What a run puts into its folders; somebody else's files there are not deleted. */
    private static final Map<String, Pattern> MADE = Map.of(
            CAPTURES,
            Pattern.compile(".+\\.pcap"),
            LADDERS,
            Pattern.compile(".+\\.svg"),
            ALLURE_RESULTS,
            Pattern.compile(".+-(result\\.json|attachment\\..+)|categories\\.json|environment\\.properties"),
            ALLURE_REPORT,
            Pattern.compile("index\\.html"));

    /** What is left of a file, or of Allure's page, that a killed process was writing. */
    private static final Pattern TEMPORARIES = Pattern.compile("\\..+\\.\\d+-\\d+\\.tmp|\\.work");

    /** Local time, because people look for the run they have just made. */
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    private static final int LONGEST_NAME = 60;
    private static final AtomicLong TEMPORARY = new AtomicLong();

    private final Path root;
    private final Path parent;
    private final boolean replacing;

    private ResultsFolder(Path root, Path parent) {
        this(root, parent, false);
    }

    private ResultsFolder(Path root, Path parent, boolean replacing) {
        this.root = root;
        this.parent = parent;
        this.replacing = replacing;
    }

    /** A new folder {@code <yyyyMMdd-HHmmss>-<target>} in {@code parent}; a second run in the same second gets {@code -2}. */
    public static ResultsFolder create(Path parent, String target) {
        return create(parent, target, ZonedDateTime.now());
    }

    static ResultsFolder create(Path parent, String target, ZonedDateTime time) {
        return new ResultsFolder(createNew(parent, target, time), parent).prepared();
    }

    private static Path createNew(Path parent, String target, ZonedDateTime time) {
        String name = STAMP.format(time) + "-" + safeName(target);
        makeFolder(parent);
        for (int n = 1; ; n++) {
            Path root = parent.resolve(n == 1 ? name : name + "-" + n);
            try {
                return Files.createDirectory(root);
            } catch (FileAlreadyExistsException taken) {
                // another run has this name: take the next number
            } catch (IOException e) {
                throw ReportException.writing(root, e);
            }
        }
    }

    /** A new folder {@code <yyyyMMdd-HHmmss>-<name>} in {@code parent} for the folders of several runs. */
    public static Path createForSeveral(Path parent, String name) {
        return createNew(parent, name, ZonedDateTime.now());
    }

    /**
     * The folder that the user named. It may be absent or empty, or hold an earlier run: then that run's files are
     * deleted, so that a pipeline can name the same folder each time, and files that no run made stay. A folder without a
     * run in it that is not empty is left alone and refused.
     */
    public static ResultsFolder use(Path root) {
        boolean replacing = false;
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            makeFolder(root);
        } else {
            refuseForeign(root);
            Journal.refuseHeld(root);
            replacing = holdsRun(root);
            discard(root, OURS);
        }
        return new ResultsFolder(root, null, replacing).prepared();
    }

    /**
     * Whether a run could write where it is told to, as far as this can be known without writing: asked before a target is
     * disturbed in vain.
     *
     * @param named the folder that the user named; null for a new one in {@code parent}
     * @throws ReportException if not
     */
    public static void check(Path named, Path parent) {
        Path wanted = named == null ? parent : named;
        if (named != null && Files.exists(named, LinkOption.NOFOLLOW_LINKS)) {
            refuseForeign(named);
            Journal.refuseHeld(named);
        }
        Path there = wanted.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there)) {
            throw ReportException.writing(wanted, new FileAlreadyExistsException(there.toString()));
        }
        if (!Files.isWritable(there)) {
            throw ReportException.writing(wanted, new AccessDeniedException(there.toString()));
        }
    }

    private static void refuseForeign(Path root) {
        if (!Files.isDirectory(root)) {
            throw ReportException.of(root, "is not a folder", "choose another place with --out");
        }
        if (!holdsNoFile(root)
                && !ResultsJson.isOurs(root.resolve(RESULTS))
                && !Journal.isOurs(root.resolve(JOURNAL))) {
            throw ReportException.of(
                    root,
                    "is not empty and holds no results of an earlier run",
                    "empty it, or choose another place with --out");
        }
    }

    /** Whether a folder is empty, or holds only what a run left that ended before its first line was written. */
    private static boolean holdsNoFile(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            return all.skip(1).allMatch(path -> {
                Path name = root.relativize(path);
                boolean folder = name.equals(Path.of(CAPTURES)) || name.equals(Path.of(ALLURE_RESULTS));
                return folder
                        ? Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                        : name.equals(Path.of(JOURNAL))
                                && Files.isRegularFile(path)
                                && path.toFile().length() == 0;
            });
        } catch (IOException | UncheckedIOException e) {
            throw ReportException.reading(root, e instanceof UncheckedIOException u ? u.getCause() : (IOException) e);
        }
    }

    /**
     * The folder of a run that was cut short, to go on in it. What the run has found stays, in the journal; all that was
     * made of it goes.
     *
     * @param dir the folder
     * @param latest where the link {@code latest} is, if the folder is in there
     */
    static ResultsFolder reopen(Path dir, Path latest) {
        Path root = open(dir).root;
        discard(
                root,
                OURS.stream()
                        .filter(name -> !List.of(CAPTURES, OPTIONS, JOURNAL).contains(name))
                        .toList());
        Path parent = root.toAbsolutePath().normalize().getParent();
        return new ResultsFolder(root, parent.equals(latest.toAbsolutePath().normalize()) ? latest : null).prepared();
    }

    /** The folder of a run that is over, or was cut short; its {@code results.json} may be named as well. */
    public static ResultsFolder open(Path dir) {
        ResultsFolder folder = existing(dir);
        Path root = folder.root;
        if (!holdsRun(root)) {
            throw ReportException.of(
                    root,
                    "holds no results of a run (neither " + RESULTS + " nor " + JOURNAL + ")",
                    "name the folder of an earlier run");
        }
        return folder;
    }

    /** A folder as it is, whether or not it is that of a run. */
    static ResultsFolder existing(Path dir) {
        Path root = dir.getFileName() != null && dir.endsWith(RESULTS)
                ? dir.toAbsolutePath().getParent()
                : dir;
        if (!Files.isDirectory(root)) {
            throw ReportException.of(
                    root,
                    Files.exists(root) ? "is not a folder" : "there is no such folder",
                    "name the folder of an earlier run");
        }
        return new ResultsFolder(root, null);
    }

    public Path root() {
        return root;
    }

    /** Whether an earlier run's results were here, and are gone. */
    public boolean replacesEarlier() {
        return replacing;
    }

    /** Where each case's capture goes; {@link org.tcpconform.run.CaseResult#capture()} is relative to {@link #root()}. */
    public Path captures() {
        return root.resolve(CAPTURES);
    }

    public Path allureResults() {
        return root.resolve(ALLURE_RESULTS);
    }

    public Path allureReport() {
        return root.resolve(ALLURE_REPORT);
    }

    public Path ladders() {
        return root.resolve(LADDERS);
    }

    /** The ladder diagram of a case. */
    public Path ladder(String caseId) {
        return ladders().resolve(fileName(caseId) + ".svg");
    }

    /** The ladder diagram of a case that there is one of, relative to this folder. */
    Optional<String> ladder(CaseResult c) {
        return Optional.of(ladder(c.id()))
                .filter(file -> !c.steps().isEmpty() && Files.isRegularFile(file))
                .map(file -> root.relativize(file).toString());
    }

    /**
     * The capture of a case that there is one of, relative to this folder. Results from elsewhere may name any path: only
     * what is in the folder counts.
     */
    Optional<String> capture(CaseResult c) {
        Path top = root.toAbsolutePath().normalize();
        return Optional.ofNullable(c.capture())
                .map(name -> top.resolve(name).normalize())
                .filter(file -> file.startsWith(top) && Files.isRegularFile(file))
                .map(file -> top.relativize(file).toString());
    }

    public Path resultsJson() {
        return root.resolve(RESULTS);
    }

    /** Hashes of all files of a run that was finished. */
    public Path sums() {
        return root.resolve(SUMS);
    }

    public Path junitXml() {
        return root.resolve(JUNIT);
    }

    /** The run on one page of Markdown. */
    public Path summary() {
        return root.resolve(SUMMARY);
    }

    /** The expectations that follow from the run. */
    public Path expectations() {
        return root.resolve(EXPECTATIONS);
    }

    /** Verdicts as they come, one a line, until {@code results.json} is there. */
    public Path journal() {
        return root.resolve(JOURNAL);
    }

    /** The options of the run, in the form of a target file. */
    public Path options() {
        return root.resolve(OPTIONS);
    }

    /**
     * Keeps the options of the run, so that somebody else can go on with it.
     *
     * @param options by name: a value, or a list of them
     */
    public void writeOptions(Map<String, ?> options) {
        write(OPTIONS, out -> new YAMLMapper().writeValue(out, options));
    }

    /** Something that writes itself to a stream. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file of this folder, whole or not at all.
     *
     * @param name path relative to the folder
     * @throws ReportException if it cannot be written
     */
    public Path write(String name, Content content) {
        Path file = root.resolve(name);
        writeWhole(file, content);
        return file;
    }

    static void writeWhole(Path file, Content content) {
        Path temporary = file.resolveSibling("." + file.getFileName() + "."
                + ProcessHandle.current().pid() + "-" + TEMPORARY.incrementAndGet() + ".tmp");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW), 1 << 16)) {
                content.writeTo(out);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException ignored) {
                // the first failure is the one to report
            }
            throw ReportException.writing(file, e);
        }
    }

    /**
     * Points the link {@code latest} beside this folder at it, in one step. Says in a sentence why it could not be done,
     * as on a file system without links; that is no reason to fail a run. A folder that the user named gets no link.
     */
    public Optional<String> link() {
        if (parent == null) {
            return Optional.empty();
        }
        Path link = parent.resolve(LATEST);
        Path temporary = parent.resolve(
                "." + LATEST + "." + ProcessHandle.current().pid() + "-" + TEMPORARY.incrementAndGet() + ".tmp");
        try {
            if (Files.isDirectory(link, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(link + " is a folder, not a link; it was left as it is");
            }
            Files.createSymbolicLink(temporary, root.getFileName());
            Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException ignored) {
                // nothing more can be done about a link
            }
            String reason = e instanceof IOException io
                    ? ReportException.writing(link, io).getMessage()
                    : link + " cannot be made: this file system has no links";
            return Optional.of(reason);
        }
    }

    /** A target's name as part of a file name: letters, digits, dots and dashes only. */
    static String safeName(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._]+", "-").replaceAll("^[-.]+|[-.]+$", "");
        safe = safe.length() > LONGEST_NAME ? safe.substring(0, LONGEST_NAME).replaceAll("[-.]+$", "") : safe;
        return safe.isEmpty() ? "target" : safe;
    }

    /** A case's id as a file name; ids that differ give names that differ. */
    static String fileName(String id) {
        String safe = id.replaceAll("[^A-Za-z0-9._+=,@-]", "_");
        return safe.equals(id) && !id.startsWith(".")
                ? id
                : "_" + safe + "-" + UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return root.toString();
    }

    private ResultsFolder prepared() {
        makeFolder(captures());
        makeFolder(allureResults());
        return this;
    }

    static void makeFolder(Path dir) {
        try {
            Files.createDirectories(dir);
        } catch (IOException e) {
            throw ReportException.writing(dir, e);
        }
    }

    static boolean holdsRun(Path dir) {
        return Files.isRegularFile(dir.resolve(RESULTS)) || Files.isRegularFile(dir.resolve(JOURNAL));
    }

    /**
     * Deletes what a run made.
     *
     * @param names which of its files and folders
     */
    static void discard(Path root, List<String> names) {
        Optional<Set<String>> summed = Sums.names(root);
        for (String name : names) {
            Path path = root.resolve(name);
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                delete(path);
            } else if (MADE.containsKey(name)) {
                discardIn(
                        path,
                        MADE.get(name),
                        file -> summed.map(all -> all.contains(name + "/" + file))
                                .orElse(true));
            }
        }
    }

    /** Deletes files by their names, and the folder if it is empty then. */
    static void discardIn(Path dir, Pattern made, Predicate<String> known) {
        try (Stream<Path> entries = Files.list(dir)) {
            for (Path entry : entries.toList()) {
                String file = entry.getFileName().toString();
                boolean ours = made.matcher(file).matches() && known.test(file);
                if (ours && !Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                        || TEMPORARIES.matcher(file).matches()) {
                    delete(entry);
                }
            }
            Files.delete(dir);
        } catch (DirectoryNotEmptyException othersToo) {
            // theirs, and so it stays
        } catch (IOException e) {
            throw ReportException.writing(dir, e);
        }
    }

    /** Deletes a file or a folder with all it holds; links are deleted, never followed. */
    static void delete(Path path) {
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
                    if (e != null) {
                        throw e;
                    }
                    Files.delete(dir);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException absent) {
            // nothing to delete
        } catch (IOException e) {
            throw ReportException.writing(path, e);
        }
    }
}
