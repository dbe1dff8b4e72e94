package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.stream.Stream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ResultsFolderTest {
    private static final ZonedDateTime TIME = ZonedDateTime.parse("2026-11-25T01:02:03Z");

    private Path dir;

    @BeforeMethod
    public void makeDir() throws IOException {
        dir = Files.createTempDirectory("results-folder-");
    }

    @AfterMethod
    public void deleteDir() {
        ResultsFolder.delete(dir);
    }

    @Test
    public void isNamedByTimeAndTarget() {
        ResultsFolder folder = ResultsFolder.create(dir.resolve("results"), "linux", TIME);
        assertThat(folder.root()).isEqualTo(dir.resolve("results/20261125-010203-linux"));
        assertThat(folder.captures()).isDirectory();
        assertThat(folder.allureResults()).isDirectory();
    }

    @Test
    public void twoRunsInOneSecondHaveTwoFolders() {
        ResultsFolder.create(dir, "linux", TIME);
        assertThat(ResultsFolder.create(dir, "linux", TIME).root()).hasFileName("20261125-010203-linux-2");
        assertThat(ResultsFolder.create(dir, "linux", TIME).root()).hasFileName("20261125-010203-linux-3");
    }

    @DataProvider
    public Object[][] names() {
        return new Object[][] {
            {"linux", "linux"},
            {"fe80::1%eth0", "fe80-1-eth0"},
            {"../../etc/passwd", "etc-passwd"},
            {"a b/c\u0000d\n", "a-b-c-d"},
            {"", "target"},
            {"..", "target"},
            {"Größe", "Gr-e"},
            {"x".repeat(300), "x".repeat(60)}
        };
    }

    @Test(dataProvider = "names")
    public void targetIsMadeFitForAFileName(String target, String expected) {
        assertThat(ResultsFolder.safeName(target)).isEqualTo(expected);
    }

    @Test
    public void idsThatDifferGiveNamesThatDiffer() {
        assertThat(ResultsFolder.fileName("SR-07-ACK-ISS+1-v4")).isEqualTo("SR-07-ACK-ISS+1-v4");
        assertThat(List.of("a/b", "a_b", "a:b", "..", "_a_b").stream().map(ResultsFolder::fileName))
                .doesNotHaveDuplicates()
                .noneMatch(name -> name.contains("/") || name.startsWith("."));
    }

    @Test
    public void latestPointsAtTheNewest() throws IOException {
        assertThat(ResultsFolder.create(dir, "a", TIME).link()).isEmpty();
        assertThat(ResultsFolder.create(dir, "b", TIME).link()).isEmpty();
        assertThat(Files.readSymbolicLink(dir.resolve("latest"))).isEqualTo(Path.of("20261125-010203-b"));
        assertThat(names(dir)).containsExactly("20261125-010203-a", "20261125-010203-b", "latest");
    }

    @Test
    public void folderInTheWayOfLatestIsKept() throws IOException {
        Files.createDirectory(dir.resolve("latest"));
        assertThat(ResultsFolder.create(dir, "a", TIME).link())
                .hasValueSatisfying(m -> assertThat(m).contains("is a folder, not a link"));
        assertThat(dir.resolve("latest")).isDirectory();
    }

    @Test
    public void namedFolderMayBeAbsentOrEmpty() {
        Path out = dir.resolve("a/b");
        assertThat(ResultsFolder.use(out).root()).isEqualTo(out);
        ResultsFolder.delete(out.resolve("captures"));
        ResultsFolder.delete(out.resolve("allure-results"));
        assertThat(ResultsFolder.use(out).captures()).isDirectory();
        assertThat(ResultsFolder.use(dir.resolve("c")).link()).isEmpty();
    }

    @Test
    public void namedFolderWithAnEarlierRunIsEmptiedOfIt() throws IOException {
        ResultsFolder first = ResultsFolder.use(dir.resolve("out"));
        first.write(ResultsFolder.RESULTS, out -> ResultsJson.write(Samples.run(List.of()), out));
        Files.writeString(first.captures().resolve("old.pcap"), "x");
        Files.writeString(first.root().resolve("notes.txt"), "mine");

        ResultsFolder second = ResultsFolder.use(first.root());
        assertThat(first.replacesEarlier()).isFalse();
        assertThat(second.replacesEarlier()).isTrue();
        assertThat(second.resultsJson()).doesNotExist();
        assertThat(second.captures()).isEmptyDirectory();
        assertThat(second.root().resolve("notes.txt")).hasContent("mine");
    }

    @Test
    public void filesThatNoRunMadeStay() throws IOException {
        ResultsFolder first = ResultsFolder.use(dir.resolve("out"));
        first.write(ResultsFolder.RESULTS, out -> ResultsJson.write(Samples.run(List.of()), out));
        List<String> ours = List.of(
                "captures/HP-01-v4.pcap",
                "ladders/HP-01-v4.svg",
                "allure-results/a-result.json",
                "allure-report/index.html");
        for (String name : ours) {
            first.write(name, out -> out.write('x'));
        }
        Sums.write(first);
        List<String> theirs = List.of(
                "captures/notes.txt",
                "captures/reference.pcap",
                "captures/more.pcap/x",
                "ladders/a.png",
                "summary.txt");
        for (String name : theirs) {
            first.write(name, out -> out.write('x'));
        }
        first.write("captures/.HP-02-v4.pcap.17-3.tmp", out -> out.write('x'));

        ResultsFolder second = ResultsFolder.use(first.root());
        ours.forEach(name -> assertThat(second.root().resolve(name)).doesNotExist());
        theirs.forEach(name -> assertThat(second.root().resolve(name)).hasContent("x"));
        assertThat(second.root().resolve("allure-report")).doesNotExist();
        assertThat(names(second.captures())).containsExactly("more.pcap", "notes.txt", "reference.pcap");
    }

    @Test
    public void namedFolderWithAnythingElseIsRefused() throws IOException {
        Files.writeString(dir.resolve("results.json"), "{\"somebody\": \"else\"}");
        assertThatThrownBy(() -> ResultsFolder.use(dir))
                .isInstanceOf(ReportException.class)
                .hasMessage(dir + ": is not empty and holds no results of an earlier run; empty it, or choose another"
                        + " place with --out");
        assertThat(dir.resolve("results.json")).exists();
    }

    @Test
    public void fileInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");
        assertThatThrownBy(() -> ResultsFolder.use(file)).hasMessageContaining(file + ": is not a folder");
        assertThatThrownBy(() -> ResultsFolder.create(file, "a", TIME))
                .isInstanceOf(ReportException.class)
                .hasMessage(file
                        + " cannot be written: a file of that name is in the way; choose a place that can be written to,"
                        + " with --out");
        assertThatThrownBy(() -> ResultsFolder.create(file.resolve("x"), "a", TIME))
                .isInstanceOf(ReportException.class);
    }

    @Test
    public void placeWithoutPermissionIsNamed() {
        // no one may make folders here, not even root
        assertThatThrownBy(() -> ResultsFolder.create(Path.of("/proc/results"), "a", TIME))
                .isInstanceOf(ReportException.class)
                .hasMessageStartingWith("/proc/results cannot be written: ");
    }

    @Test
    public void fileAppearsWholeOrNotAtAll() throws IOException {
        ResultsFolder folder = ResultsFolder.create(dir, "a", TIME);
        folder.write("x.txt", out -> out.write('1'));
        assertThatThrownBy(() -> folder.write("x.txt", out -> {
                    out.write(new byte[100_000]);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(ReportException.class)
                .hasMessage(folder.root().resolve("x.txt")
                        + " cannot be written: no space left on device; free some space there, or choose another place"
                        + " with --out");
        assertThat(folder.root().resolve("x.txt")).hasContent("1");
        assertThat(names(folder.root())).containsExactly("allure-results", "captures", "x.txt");
    }

    @Test
    public void openingWhatIsNoRunSaysSo() {
        assertThatThrownBy(() -> ResultsFolder.open(dir)).hasMessageContaining("holds no results of a run");
        assertThatThrownBy(() -> ResultsFolder.open(dir.resolve("x"))).hasMessageContaining("there is no such folder");
    }

    @Test
    public void resultsFileMayBeNamedInsteadOfItsFolder() {
        ResultsFolder folder = ResultsFolder.use(dir.resolve("out"));
        folder.write(ResultsFolder.RESULTS, out -> ResultsJson.write(Samples.run(List.of()), out));
        assertThat(ResultsFolder.open(folder.resultsJson()).root()).isEqualTo(folder.root());
    }

    @Test
    public void deletingDoesNotFollowLinks() throws IOException {
        Path kept = Files.createDirectory(dir.resolve("kept"));
        Files.writeString(kept.resolve("file"), "x");
        Path gone = Files.createDirectory(dir.resolve("gone"));
        Files.createSymbolicLink(gone.resolve("link"), kept);
        ResultsFolder.delete(gone);
        assertThat(gone).doesNotExist();
        assertThat(kept.resolve("file")).exists();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }
}
