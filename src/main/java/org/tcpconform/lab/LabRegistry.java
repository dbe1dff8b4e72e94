package org.tcpconform.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tcpconform.verdict.FileTrouble;

/**
 * The labs that are up, apart from any run: each is held by a process of its own ({@link LabHolder}) and recorded as one
 * JSON file. A record is believed only while the process that it names is alive and the same one; others are removed by
 * whoever looks next.
 */
public final class LabRegistry {
    private static final String SUFFIX = ".json";
    private static final Duration END_LIMIT = Duration.ofSeconds(5);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;

    /** The labs of this user: under {@code $XDG_RUNTIME_DIR}, {@code /run} for root, else a private folder in /tmp. */
    public LabRegistry() {
        this(defaultFolder());
    }

    /** @param folder where the records are; made when the first lab goes up, readable by its owner alone */
    public LabRegistry(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /**
     * Starts a lab that outlives this process, and returns once its target answers.
     *
     * @throws LabException where it cannot be started; nothing is left then
     */
    public LabRecord up(LabDescriptor lab, Path toolsDir) {
        prepareFolder();
        List<String> holder = new ArrayList<>(List.of("setsid"));
        List<String> prefix = Rootless.namespacePrefix();
        holder.addAll(prefix);
        String id = reserve(lab.name(), toolsDir);
        try {
            holder.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            holder.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx64m"));
            String home = System.getProperty("tcpconform.home");
            if (home != null) {
                holder.add("-Dtcpconform.home=" + home);
            }
            holder.addAll(List.of("-cp", classPath(), LabHolder.class.getName()));
            holder.addAll(List.of(toolsDir.toAbsolutePath().toString(), lab.name(), folder.toString(), id));
            holder.add(prefix.contains("--user") ? LabHolder.ROOTLESS : "root");
            hold(holder, lab);
            return read(file(id)).orElseThrow(() -> new LabException("lab '" + id + "' ended at once"));
        } catch (RuntimeException e) {
            remove(file(id));
            throw e;
        }
    }

    private void hold(List<String> command, LabDescriptor lab) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .directory(Path.of("/").toFile())
                    .start();
            process.getOutputStream().close();
            // The holder bounds its own start, and its output ends with it: no limit is needed here.
            try (BufferedReader answer = process.inputReader(StandardCharsets.UTF_8)) {
                String line = answer.readLine();
                if (!LabHolder.READY.equals(line)) {
                    process.destroyForcibly();
                    throw new LabException(line == null ? "the holder of lab '" + lab.name() + "' ended" : line);
                }
            }
        } catch (IOException e) {
            throw new LabException("lab '" + lab.name() + "' cannot be started: " + e.getMessage(), e);
        }
    }

    /** The labs that are up, by id; records of labs that are gone are removed on the way. */
    public List<LabRecord> list() {
        return status().up();
    }

    /** What is up, and the ids of the labs that had ended by themselves, whose records have now been removed. */
    public record Status(List<LabRecord> up, List<String> removed) {}

    /** As {@link #list()}, and says what was removed. */
    public Status status() {
        List<LabRecord> up = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        for (Path file : files()) {
            Optional<LabRecord> record = read(file);
            if (record.isPresent() && alive(record.get())) {
                up.add(record.get());
            } else if (remove(file)) {
                removed.add(id(file));
            }
        }
        up.sort(Comparator.comparing(LabRecord::id));
        return new Status(List.copyOf(up), List.copyOf(removed));
    }

    /** The lab with that id, if it is up. */
    public Optional<LabRecord> find(String id) {
        return list().stream()
                .filter(record -> record.id().equals(id) && record.state().equals(LabRecord.UP))
                .findFirst();
    }

    /**
     * Ends a lab and waits until it is gone.
     *
     * @param id which; null for the only one
     * @return the lab that has been ended
     * @throws LabFileException where there is no such lab, or several and no id
     */
    public LabRecord down(String id) {
        List<LabRecord> up = list().stream()
                .filter(record -> record.state().equals(LabRecord.UP))
                .toList();
        String all = up.stream().map(LabRecord::id).collect(Collectors.joining(", "));
        if (up.isEmpty()) {
            throw new LabFileException(id == null ? "no lab is up" : "no lab '" + id + "' is up, nor any other");
        }
        if (id == null && up.size() > 1) {
            throw new LabFileException("several labs are up, name one: " + all);
        }
        LabRecord lab = up.stream()
                .filter(record -> id == null || record.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new LabFileException("no lab '" + id + "' is up (there are: " + all + ")"));
        end(lab.pid(), lab.pidStarted());
        remove(file(lab.id()));
        return lab;
    }

    /** Ends the holder; its target goes with it, by the kernel. Waits for both. */
    private static void end(long pid, long started) {
        Optional<ProcessHandle> holder = ProcessHandle.of(pid).filter(handle -> started == Processes.startTime(pid));
        if (holder.isEmpty()) {
            return;
        }
        Processes family = Processes.familyOf(holder.get());
        holder.get().destroy();
        if (!family.awaitEnd(END_LIMIT)) {
            holder.get().destroyForcibly();
            if (!family.awaitEnd(END_LIMIT)) {
                throw new LabException("process " + pid + " does not end");
            }
        }
    }

    private static boolean alive(LabRecord lab) {
        return lab.boot().equals(boot()) && Processes.startTime(lab.pid()) == lab.pidStarted();
    }

    /** Writes a record, replacing the reservation. Called by the holder. */
    void write(LabRecord lab) {
        try {
            Path draft = draft(lab);
            Files.move(draft, file(lab.id()), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LabException("the lab cannot be recorded in " + folder + ": " + FileTrouble.reason(e), e);
        }
    }

    /** Takes the first free id: name-1, name-2, … Never a lab's name: {@code run --lab NAME} starts one of its own. */
    private String reserve(String name, Path toolsDir) {
        status();
        long self = ProcessHandle.current().pid();
        for (int number = 1; number < 1000; number++) {
            String id = name + "-" + number;
            if (Files.exists(toolsDir.resolve("lab").resolve(id))) {
                continue;
            }
            LabRecord reservation = new LabRecord(
                    id,
                    name,
                    LabRecord.STARTING,
                    self,
                    Processes.startTime(self),
                    boot(),
                    false,
                    0,
                    "",
                    "",
                    List.of(),
                    List.of(),
                    Map.of(),
                    0,
                    Set.of(),
                    false);
            try {
                Path draft = draft(reservation);
                try {
                    // A link fails where the name exists, and appears with its content complete.
                    Files.createLink(file(id), draft);
                    return id;
                } catch (FileAlreadyExistsException e) {
                    // taken: the next
                } finally {
                    Files.deleteIfExists(draft);
                }
            } catch (IOException e) {
                throw new LabException("the lab cannot be recorded in " + folder + ": " + FileTrouble.reason(e), e);
            }
        }
        throw new LabException("too many labs of the name '" + name + "' are up");
    }

    private Path draft(LabRecord lab) throws IOException {
        Path draft = Files.createTempFile(folder, lab.id(), ".draft");
        Files.write(draft, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(lab));
        return draft;
    }

    private Optional<LabRecord> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), LabRecord.class));
        } catch (NoSuchFileException | JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new LabException(file + " cannot be read: " + FileTrouble.reason(e), e);
        }
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LabException(folder + " cannot be read: " + FileTrouble.reason(e), e);
        }
    }

    boolean remove(String id) {
        return remove(file(id));
    }

    private static boolean remove(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new LabException(file + " cannot be removed: " + FileTrouble.reason(e), e);
        }
    }

    private Path file(String id) {
        return folder.resolve(id + SUFFIX);
    }

    private static String id(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    private void prepareFolder() {
        try {
            Files.createDirectories(folder.getParent());
            try {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                // In /tmp somebody else may have been first: then it could hold records made to mislead.
                if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                        || (int) Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS) != user()
                        || ((int) Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 022) != 0) {
                    throw new LabException(folder + " is not a folder of this user alone");
                }
            }
        } catch (IOException e) {
            throw new LabException("labs cannot be recorded in " + folder + ": " + FileTrouble.reason(e), e);
        }
    }

    private static Path defaultFolder() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isEmpty()) {
            return Path.of(runtime, "tcpconform");
        }
        long user = outerUser();
        return user == 0 ? Path.of("/run/tcpconform") : Path.of("/tmp/tcpconform-" + user);
    }

    /** This user's id outside of any user namespace that the harness has entered: there every user is 0. */
    private static long outerUser() {
        try {
            long own = user();
            for (String line : Files.readAllLines(Path.of("/proc/self/uid_map"))) {
                String[] range = line.strip().split("\\s+");
                long first = Long.parseLong(range[0]);
                if (own >= first && own - first < Long.parseLong(range[2])) {
                    return Long.parseLong(range[1]) + own - first;
                }
            }
            return own;
        } catch (IOException e) {
            throw new LabException("cannot tell the user: " + e.getMessage(), e);
        }
    }

    private static int user() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    static String boot() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** The running program's own class path: its jar, or what our tests run with. */
    private static String classPath() {
        String code = Lab.ownCode();
        return code.endsWith(".jar") ? code : System.getProperty("java.class.path");
    }
}
