package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.testng.SkipException;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class SumsTest {
    private Path dir;
    private ResultsFolder folder;
    private String seal;

    /** A finished run with a capture. */
    @BeforeMethod
    public void finishRun() throws IOException {
        dir = Files.createTempDirectory("sums-");
        folder = ResultsFolder.use(dir.resolve("out"));
        Files.write(capture(), new byte[] {1, 2, 3});
        seal = Reports.writeAll(Samples.run(List.of(Samples.wrongAck("HP-07-v4"))), folder, false)
                .seal();
    }

    @AfterMethod(alwaysRun = true)
    public void deleteDir() {
        ResultsFolder.delete(dir);
    }

    private Path capture() {
        return folder.captures().resolve("HP-07-v4.pcap");
    }

    private List<String> problems() {
        return Reports.check(folder.root()).problems();
    }

    @Test
    public void untouchedFolderChecksOut() throws IOException {
        Sums.Checked checked = Reports.check(folder.root());
        assertThat(checked.problems()).isEmpty();
        assertThat(checked.own()).isEqualTo(seal).hasSize(64);
        assertThat(Files.readAllLines(folder.sums()))
                .hasSize(checked.files())
                .anyMatch(l -> l.endsWith("  captures/HP-07-v4.pcap"))
                .anyMatch(l -> l.endsWith("  ladders/HP-07-v4.svg"))
                .anyMatch(l -> l.endsWith("  results.json"))
                .anyMatch(l -> l.endsWith("  junit.xml"))
                .anyMatch(l -> l.endsWith("  compliance.html"))
                .anyMatch(l -> l.endsWith("  compliance.json"))
                .anyMatch(l -> l.endsWith("  compliance.csv"))
                .anyMatch(l -> l.endsWith("  allure-report/index.html"))
                .noneMatch(l -> l.contains("SHA256SUMS"))
                .isSortedAccordingTo((a, b) -> a.substring(66).compareTo(b.substring(66)));
    }

    @Test
    public void sumsAreThoseOfTheUsualTool() throws Exception {
        Files.writeString(folder.root().resolve("odd \\ name\nof two lines"), "x");
        Sums.write(folder);
        assertThat(problems()).isEmpty();
        assertThat(sha256sum()).isZero();
        Files.write(capture(), new byte[] {1, 2, 4});
        assertThat(sha256sum()).isEqualTo(1);
    }

    private int sha256sum() throws Exception {
        Process process;
        try {
            process = new ProcessBuilder("sha256sum", "--check", "--strict", "--status", "SHA256SUMS")
                    .directory(folder.root().toFile())
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            throw new SkipException("no sha256sum here");
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    public void alteredFileIsNamed() throws IOException {
        Files.write(capture(), new byte[] {1, 2, 4});
        // a hard link to the capture is what the Allure report has of it
        assertThat(problems()).contains("altered: captures/HP-07-v4.pcap");
    }

    @Test
    public void missingFileIsNamed() throws IOException {
        Files.delete(folder.resultsJson());
        assertThat(problems()).containsExactly("missing: results.json");
    }

    @Test
    public void addedFileIsNamed() throws IOException {
        Files.write(folder.captures().resolve("HP-99-v4.pcap"), new byte[3]);
        Files.createSymbolicLink(folder.root().resolve("more"), Path.of("/etc"));
        assertThat(problems()).containsExactly("added: captures/HP-99-v4.pcap", "added: more");
    }

    @Test
    public void linkInPlaceOfAFileIsAnAlteration() throws IOException {
        Path elsewhere = dir.resolve("elsewhere");
        Files.move(folder.junitXml(), elsewhere);
        Files.createSymbolicLink(folder.junitXml(), elsewhere);
        assertThat(problems()).containsExactly("altered: junit.xml (is no longer a plain file)");
    }

    @Test
    public void damagedSumsAreAnAlteration() throws IOException {
        List<String> lines = Files.readAllLines(folder.sums());
        Files.writeString(
                folder.sums(),
                "no sum at all\n" + String.join("\n", lines.subList(1, lines.size())) + "\n" + "0".repeat(64)
                        + "  ../../etc/passwd\n");
        assertThat(problems())
                .hasSize(3)
                .contains("altered: SHA256SUMS (line 1 is not one of sha256sum)", "missing: ../../etc/passwd")
                .anyMatch(p -> p.startsWith("added: "));
    }

    @Test
    public void folderMayBeNamedByALink() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("latest"), Path.of("out"));
        assertThat(Reports.check(link).problems()).isEmpty();
        assertThat(Reports.check(link.resolve("results.json")).problems()).isEmpty();
    }

    @Test
    public void nothingIsProvedWithoutSums() throws IOException {
        Files.delete(folder.sums());
        assertThatThrownBy(() -> Reports.check(folder.root()))
                .isInstanceOf(ReportException.class)
                .hasMessageContaining("holds no SHA256SUMS");
        assertThatThrownBy(() -> Reports.check(dir.resolve("nowhere")))
                .isInstanceOf(ReportException.class)
                .hasMessageContaining("there is no such folder");
    }

    // ---- reports made again

    @Test
    public void reportsOfUnalteredEvidenceAreSealedAgain() throws IOException {
        Files.writeString(folder.ladder("HP-07-v4"), "spoilt");
        Files.delete(folder.junitXml());
        Reports.Written written = Reports.again(folder.root(), false);
        assertThat(written.seal()).hasSize(64);
        assertThat(written.warnings()).isEmpty();
        assertThat(problems()).isEmpty();
        assertThat(folder.ladder("HP-07-v4")).content().startsWith("<svg");
    }

    @Test
    public void noReportIsMadeOfAlteredEvidence() throws IOException {
        String results = Files.readString(folder.resultsJson());
        String page = Files.readString(folder.root().resolve("compliance.html"));
        Files.writeString(folder.resultsJson(), results.replace("acknowledges 0", "acknowledges 1"));
        Files.write(folder.captures().resolve("HP-99-v4.pcap"), new byte[3]);
        assertThatThrownBy(() -> Reports.again(folder.root(), false))
                .isInstanceOf(ReportException.class)
                .hasMessageContaining("the evidence is not as the run left it: added: captures/HP-99-v4.pcap,"
                        + " altered: results.json; no report is made of it");
        assertThat(folder.root().resolve("compliance.html")).hasContent(page);
        assertThat(problems()).contains("altered: results.json");
    }

    @Test
    public void noSumsAreInventedForEvidenceThatHadNone() throws IOException {
        Files.delete(folder.sums());
        Reports.Written written = Reports.again(folder.root(), false);
        assertThat(written.seal()).isEmpty();
        assertThat(written.warnings())
                .containsExactly(
                        "the run left no SHA256SUMS, so nothing vouches for its evidence and none is written now");
        assertThat(folder.sums()).doesNotExist();
    }

    @Test
    public void runThatWasCutShortIsSealedWithItsResults() {
        ResultsFolder cut = ResultsFolder.use(dir.resolve("cut"));
        try (Journal journal = new Journal(cut)) {
            journal.started(Samples.plan(), 240);
            journal.ended(Samples.wrongAck("HP-07-v4"));
        }
        assertThat(Reports.again(cut.root(), false).seal()).hasSize(64);
        assertThat(Reports.check(cut.root()).problems()).isEmpty();
        assertThat(Reports.again(cut.root(), false).warnings())
                .containsExactly("the run was cut short after 1 of 240 cases");
    }

    @Test
    public void folderThatIsUsedAgainLosesItsSums() {
        ResultsFolder.use(folder.root());
        assertThat(folder.sums()).doesNotExist();
        assertThat(folder.root().resolve("compliance.html")).doesNotExist();
    }
}
