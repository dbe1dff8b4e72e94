package org.tcpconform.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The harness as somebody who is not root: where the tests run as root, as the user nobody. */
public class RootlessTest {
    private static final String NOBODY = "65534";
    private Path copies;
    private String classPath;

    /** Root's files cannot be read by nobody, so what the program needs is copied to where it can be. */
    @BeforeClass
    public void prepare() throws IOException {
        copies = Files.createTempDirectory("rootless");
        Files.setPosixFilePermissions(copies, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> entries = new ArrayList<>();
        int number = 0;
        for (String entry : Fixture.classPath().split(":")) {
            Path from = Path.of(entry);
            String file = from.getFileName().toString();
            if (Files.isDirectory(from)) {
                Path to = copies.resolve("classes" + number++);
                copy(from, to);
                entries.add(to.toString());
            } else if (file.startsWith("jna-") || file.startsWith("jackson-") || file.startsWith("snakeyaml-")) {
                entries.add(Files.copy(from, copies.resolve(file)).toString());
            }
        }
        copy(Fixture.TOOLS.resolve("lab"), copies.resolve("tools/lab"));
        classPath = String.join(":", entries);
    }

    @AfterClass(alwaysRun = true)
    public void clean() throws IOException {
        try (Stream<Path> files = Files.walk(copies)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private List<String> asNobody(String... arguments) {
        List<String> command = new ArrayList<>();
        if (!Rootless.needed()) {
            command.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"));
        }
        command.addAll(List.of("sh", "-c", "cd / && exec \"$@\"", "sh"));
        command.addAll(Fixture.java(LabProgram.class, copies.resolve("tools").toString()));
        command.set(command.indexOf("-cp") + 1, classPath);
        command.addAll(command.indexOf("-cp"), List.of("-Dmark=kept", "-Djava.io.tmpdir=/tmp"));
        command.addAll(List.of(arguments));
        return command;
    }

    private void needsUserNamespaces() {
        List<String> probe = new ArrayList<>();
        if (!Rootless.needed()) {
            probe.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"));
        }
        probe.addAll(List.of("unshare", "--user", "--map-root-user", "--net", "ip", "link", "set", "lo", "up"));
        try {
            Commands.run(probe, "", Duration.ofSeconds(10));
        } catch (LabException e) {
            throw new SkipException("user namespaces are not permitted here: " + e.getMessage());
        }
    }

    @Test
    public void theExitCodeAndTheJvmsOptionsPassThrough() throws Exception {
        needsUserNamespaces();
        Process harness = Fixture.startMarked("rootless", asNobody("42"));
        assertThat(Fixture.readLine(harness)).endsWith(" kept");
        assertThat(harness.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(harness.exitValue()).isEqualTo(42);
    }

    @DataProvider
    public Object[][] ends() {
        return new Object[][] {{"KILL"}, {"TERM"}, {"INT"}};
    }

    @Test(dataProvider = "ends")
    public void everyEndReachesTheHarnessAndLeavesNothing(String signal) throws Exception {
        needsUserNamespaces();
        String mark = UUID.randomUUID().toString();
        Process harness = Fixture.startMarked(mark, asNobody());
        try {
            String[] said = Fixture.readLine(harness).split(" ");
            assertThat(said).hasSize(4);
            Fixture.signal(signal, harness);
            assertThat(harness.waitFor(10, TimeUnit.SECONDS)).isTrue();
            Fixture.await(
                    "nobody is in its namespaces",
                    Duration.ofSeconds(10),
                    () -> Fixture.inNamespace(said[1]).isEmpty()
                            && Fixture.inNamespace(said[2]).isEmpty()
                            && Fixture.marked(mark).isEmpty());
        } finally {
            harness.destroyForcibly();
        }
    }

    @Test
    public void whereTheKernelRefusesOneLineSaysWhatToDo() throws Exception {
        needsUserNamespaces();
        Fixture.needsNamespaces();
        // Inside, the limit on user namespaces is the test's own, and the host's stays as it is.
        Process harness = new ProcessBuilder(Stream.concat(
                                Stream.of(
                                        "unshare",
                                        "--user",
                                        "--map-root-user",
                                        "sh",
                                        "-c",
                                        "echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-all"
                                                + " --inh-caps=-all \"$@\"",
                                        "sh"),
                                Fixture.java(LabProgram.class, Fixture.TOOLS.toString()).stream())
                        .toList())
                .redirectErrorStream(true)
                .start();
        assertThat(Fixture.readLine(harness))
                .startsWith("the lab needs network namespaces, which are not permitted here; run it as root");
        assertThat(harness.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(harness.exitValue()).isEqualTo(3);
    }
}
