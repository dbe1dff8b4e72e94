package org.tcpconform.lab;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.tcpconform.verdict.FileTrouble;

/** Builds what a lab's folder says is to be built: once, and again when a file of the folder or one of its packages has changed. */
final class LabBuild {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private LabBuild() {}

    /** The folder for what the lab builds, with everything in it up to date. Not made for a lab without build command. */
    static Path ensure(LabDescriptor lab, LabOptions options) {
        Path out = folder(lab, options);
        if (lab.build().isEmpty()) {
            return out;
        }
        try {
            Path stamp = out.resolve(".built");
            String packages = Packages.versions(lab.packages());
            // Before anything is written: the folder may be of another user, who has built it all.
            if (current(stamp, newest(lab.folder()), packages)) {
                return out;
            }
            Files.createDirectories(out);
            // Two starts at once: the second waits, and finds it built.
            try (FileChannel channel =
                    FileChannel.open(out.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock();
                FileTime newest = newest(lab.folder());
                if (current(stamp, newest, packages)) {
                    return out;
                }
                options.progress().accept("building the lab '" + lab.name() + "'");
                Map<String, String> values = Map.of("lab", lab.folder().toString(), "build", out.toString());
                run(LabFile.command(lab.build(), values), lab.folder(), out.resolve("build.log"));
                Files.writeString(stamp, packages);
                // The time of what was built, not of the build: a file changed meanwhile is noticed next time.
                Files.setLastModifiedTime(stamp, newest);
                return out;
            }
        } catch (LabException e) {
            throw new LabException("lab '" + lab.name() + "' could not be built: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new LabException(
                    "lab '" + lab.name() + "' could not be built in " + out + ": " + FileTrouble.reason(e), e);
        }
    }

    /** What the build says that it has made: the file {@code version} that it left; nothing where there is none. */
    static Optional<String> version(LabDescriptor lab, LabOptions options) {
        Path file = folder(lab, options).resolve("version");
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Path folder(LabDescriptor lab, LabOptions options) {
        return options.buildDir().toAbsolutePath().normalize().resolve(lab.name());
    }

    /** Whether it was built of these files, and with these packages: else what runs is not what they say. */
    private static boolean current(Path stamp, FileTime newest, String packages) throws IOException {
        return Files.exists(stamp)
                && Files.getLastModifiedTime(stamp).compareTo(newest) == 0
                && Files.readString(stamp).equals(packages);
    }

    private static void run(List<String> command, Path folder, Path log) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LabException("not done within " + LIMIT.toMinutes() + " minutes; see " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new LabException(String.join(" ", command) + " failed" + lastLine(log) + "; see " + log);
        }
    }

    /** What the command said last, which is most likely what is to be done. */
    private static String lastLine(Path log) throws IOException {
        return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .reduce((before, after) -> after)
                .map(line -> ": " + line.strip())
                .orElse("");
    }

    private static FileTime newest(Path folder) throws IOException {
        // What labs share is a folder that they link to.
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            FileTime newest = FileTime.fromMillis(0);
            for (Path file : (Iterable<Path>) files::iterator) {
                FileTime time = Files.getLastModifiedTime(file);
                if (time.compareTo(newest) > 0) {
                    newest = time;
                }
            }
            return newest;
        }
    }
}
