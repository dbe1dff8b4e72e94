package org.tcpconform.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

@Test(singleThreaded = true)
public class LabRegistryTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final LabDescriptor linux = new LabCatalogue(Fixture.TOOLS).find("linux");
    private Path folder;
    private LabRegistry registry;

    @BeforeMethod
    public void folder() throws IOException {
        folder = Fixture.folder().resolve("tcpconform");
        registry = new LabRegistry(folder);
    }

    @AfterMethod(alwaysRun = true)
    public void clean() {
        registry.list().stream()
                .filter(lab -> lab.state().equals(LabRecord.UP))
                .forEach(lab -> registry.down(lab.id()));
    }

    private LabRecord up() {
        Fixture.needsNamespaces();
        return registry.up(linux, Fixture.TOOLS);
    }

    @Test
    public void aLabIsUpUntilItIsPutDown() {
        LabRecord lab = up();
        assertThat(lab.id()).isEqualTo("linux-1");
        assertThat(lab.services()).isEqualTo(linux.services());
        assertThat(registry.find("linux-1")).contains(lab);
        assertThat(lab.instructions()).anyMatch(line -> line.contains("nsenter --target " + lab.targetPid()));
        String target = NetworkNamespace.of(lab.targetPid());
        String tester = NetworkNamespace.of(lab.pid());

        assertThat(registry.down(null)).isEqualTo(lab);

        assertThat(registry.list()).isEmpty();
        assertThat(Fixture.inNamespace(target)).isEmpty();
        assertThat(Fixture.inNamespace(tester)).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    public void severalAreToldApartAndOneIsEndedAlone() {
        LabRecord one = up();
        LabRecord two = up();
        assertThat(two.id()).isEqualTo("linux-2");
        assertThatThrownBy(() -> registry.down(null))
                .isInstanceOf(LabFileException.class)
                .hasMessage("several labs are up, name one: linux-1, linux-2");
        assertThatThrownBy(() -> registry.down("linux-3"))
                .isInstanceOf(LabFileException.class)
                .hasMessage("no lab 'linux-3' is up (there are: linux-1, linux-2)");
        registry.down("linux-1");
        assertThat(registry.find("linux-2")).contains(two);
        assertThat(NetworkNamespace.of(two.targetPid())).isNotEmpty();
        assertThat(Processes.startTime(one.pid())).isEqualTo(-1);
    }

    @Test
    public void aLabThatIsUpCanBeJoined() throws Exception {
        LabRecord record = up();
        Fixture.inFreshNamespace(() -> {
            try (Lab lab = Lab.join(record)) {
                assertThat(NetworkNamespace.current()).isEqualTo(NetworkNamespace.of(record.pid()));
                assertThat(Fixture.run("ip", "-o", "link", "show", "dev", lab.interfaceName()))
                        .contains("state UP");
                assertThat(lab.targetAddresses())
                        .isEqualTo(linux.targetAddresses().stream()
                                .map(LabDescriptor.Subnet::address)
                                .toList());
                assertThat(lab.sourceAddresses()).isEqualTo(linux.testerAddresses());
                assertThat(lab.services()).isEqualTo(linux.services());
                assertThat(lab.closedPort()).isEqualTo(linux.closedPort());
            }
            return null;
        });
        assertThat(registry.find("linux-1")).contains(record);
    }

    @Test
    public void aHolderThatWasKilledLeavesNothing() {
        LabRecord lab = up();
        String target = NetworkNamespace.of(lab.targetPid());
        ProcessHandle.of(lab.pid()).orElseThrow().destroyForcibly();
        Fixture.await(
                "the target is gone", SOON, () -> Fixture.inNamespace(target).isEmpty());
        Fixture.await("the holder is gone", SOON, () -> Processes.startTime(lab.pid()) < 0);
        assertThat(registry.status().removed()).containsExactly("linux-1");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    public void aLabWhoseTargetDiedIsNotUpAnyMore() {
        LabRecord lab = up();
        ProcessHandle.of(lab.targetPid()).orElseThrow().destroyForcibly();
        Fixture.await("the lab is gone", SOON, () -> registry.find("linux-1").isEmpty());
        Fixture.await("the holder is gone", SOON, () -> Processes.startTime(lab.pid()) < 0);
    }

    @Test
    public void aLabWhoseRecordIsLostEndsItself() throws IOException {
        LabRecord lab = up();
        Files.delete(folder.resolve("linux-1.json"));
        Fixture.await("the holder is gone", Duration.ofSeconds(20), () -> Processes.startTime(lab.pid()) < 0);
    }

    /** The pid in the record is alive, but a different process by now. */
    @Test
    public void aReusedPidIsNeverTouched() throws IOException {
        Process bystander = new ProcessBuilder("sleep", "60").start();
        try {
            long started = Processes.startTime(bystander.pid());
            write("stale", bystander.pid(), started - 1, LabRegistry.boot());
            write("older", bystander.pid(), started, "another boot");
            assertThatThrownBy(() -> registry.down("stale")).hasMessage("no lab 'stale' is up, nor any other");
            assertThat(folder).isEmptyDirectory();
            assertThat(bystander.isAlive()).isTrue();
        } finally {
            bystander.destroyForcibly();
        }
    }

    @Test
    public void whatIsNoRecordIsRemoved() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("torn.json"), "{\"id\": \"to");
        assertThat(registry.status().removed()).containsExactly("torn");
    }

    @Test
    public void aFolderThatOthersCanWriteToIsRefused() throws IOException {
        Fixture.needsNamespaces();
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> registry.up(linux, Fixture.TOOLS))
                .hasMessage(folder + " is not a folder of this user alone");
    }

    @Test
    public void aLabThatCannotStartLeavesNoRecord() throws IOException {
        Fixture.needsNamespaces();
        Path tools = Fixture.folder();
        Path lab = Files.createDirectories(tools.resolve("lab/bad"));
        Files.writeString(
                lab.resolve("lab.yaml"),
                Files.readString(linux.folder().resolve("lab.yaml"))
                        .replace("name: linux", "name: bad")
                        .replace("echo=7", "echo=x"));
        assertThatThrownBy(() -> registry.up(new LabCatalogue(tools).find("bad"), tools))
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("lab 'bad' did not start: its process ended: not BEHAVIOUR=PORT");
        assertThat(folder).isEmptyDirectory();
    }

    private void write(String id, long pid, long started, String boot) throws IOException {
        Files.createDirectories(folder);
        registry.write(new LabRecord(
                id,
                "linux",
                LabRecord.UP,
                pid,
                started,
                boot,
                false,
                pid,
                "",
                "lab0",
                List.of("192.0.2.10"),
                List.of(),
                Map.of(),
                4,
                Set.of(),
                false));
    }
}
