package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunResult;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class ReportsTest {
    private Path dir;

    @BeforeMethod
    public void makeDir() throws IOException {
        dir = Files.createTempDirectory("reports-");
    }

    @AfterMethod
    public void deleteDir() {
        ResultsFolder.delete(dir);
    }

    @Test
    public void everythingIsWritten() throws IOException {
        ResultsFolder folder = ResultsFolder.create(dir, "linux");
        Journal journal = new Journal(folder);
        journal.started(Samples.plan(), 13);
        journal.close();
        Reports.Written written = Reports.writeAll(Samples.run(Samples.mixture()), folder, false);
        assertThat(written.warnings()).isEmpty();
        assertThat(written.files().values()).allSatisfy(file -> assertThat(file).exists());
        assertThat(names(folder.root()))
                .containsExactly(
                        "SHA256SUMS",
                        "allure-report",
                        "allure-results",
                        "captures",
                        "compliance.csv",
                        "compliance.html",
                        "compliance.json",
                        "junit.xml",
                        "ladders",
                        "results.json",
                        "summary.md");
        assertThat(names(folder.ladders())).contains("HP-07-v4.svg").doesNotContain("LI-09-v4.svg");
        assertThat(names(folder.allureReport())).containsExactly("index.html");
        assertThat(dir.resolve("latest/results.json")).exists();
    }

    @Test
    public void reportsAreMadeAgainFromResultsAlone() throws IOException {
        ResultsFolder folder = ResultsFolder.use(dir.resolve("out"));
        RunResult run = Samples.run(Samples.mixture());
        Reports.writeAll(run, folder, false);
        String junit = Files.readString(folder.junitXml());
        for (String name : List.of("junit.xml", "ladders", "allure-report", "allure-results")) {
            ResultsFolder.delete(folder.root().resolve(name));
        }
        Reports.again(folder.root(), false);
        assertThat(folder.junitXml()).hasContent(junit);
        assertThat(folder.allureReport().resolve("index.html")).isNotEmptyFile();
        assertThat(names(folder.allureResults()).stream().filter(n -> n.endsWith("-result.json")))
                .hasSize(13);
        assertThat(ResultsJson.read(folder.resultsJson()))
                .usingRecursiveComparison()
                .isEqualTo(run);
    }

    @Test
    public void runThatWasKilledIsReportedAsFarAsItCame() {
        ResultsFolder folder = ResultsFolder.create(dir, "linux");
        Journal journal = new Journal(folder);
        journal.started(Samples.plan(), 240);
        journal.ended(Samples.wrongAck("HP-07-v4"));
        journal.close();

        Reports.Written written = Reports.again(folder.root(), false);
        assertThat(written.warnings()).containsExactly("the run was cut short after 1 of 240 cases");
        RunResult read = ResultsJson.read(folder.resultsJson());
        assertThat(read.aborted()).isEqualTo("the run was cut short after 1 of 240 cases");
        assertThat(read.cases()).hasSize(1);
        assertThat(folder.junitXml()).content().contains("HP-07-v4");
        assertThat(folder.journal()).doesNotExist();
        assertThat(Reports.again(folder.root(), false).warnings())
                .containsExactly("the run was cut short after 1 of 240 cases");
    }

    @Test
    public void pageMadeAgainHasTheNewPictures() throws IOException {
        ResultsFolder folder = ResultsFolder.use(dir.resolve("out"));
        CaseResult c = Samples.passing("HP-01-v4");
        Reports.writeAll(Samples.run(List.of(c)), folder, false);
        Path picture = folder.allureResults().resolve(AllureCase.attachmentFile(c, "Ladder", ".svg"));
        Files.writeString(picture, "as an older version drew it");
        Reports.again(folder.root(), false);
        assertThat(picture).hasContent(Ladder.svg(c));
        assertThat(folder.ladder("HP-01-v4")).hasContent(Ladder.svg(c));
    }

    @Test
    public void captureThatCameLateIsAttached() throws IOException {
        ResultsFolder folder = ResultsFolder.use(dir.resolve("out"));
        RunResult run = Samples.run(List.of(Samples.passing("HP-01-v4")));
        AllureReporter.complete(folder, run);
        assertThat(names(folder.allureResults())).noneMatch(n -> n.endsWith(".pcap"));
        Files.write(folder.captures().resolve("HP-01-v4.pcap"), new byte[40]);
        AllureReporter.complete(folder, run);
        assertThat(names(folder.allureResults())).anyMatch(n -> n.endsWith(".pcap"));
    }

    @Test
    public void hugeCaptureStaysOutside() throws IOException {
        ResultsFolder folder = ResultsFolder.use(dir.resolve("out"));
        Files.write(folder.captures().resolve("HP-01-v4.pcap"), new byte[(int) AllureReporter.LARGEST_ATTACHMENT + 1]);
        AllureReporter.complete(folder, Samples.run(List.of(Samples.passing("HP-01-v4"))));
        assertThat(names(folder.allureResults())).noneMatch(n -> n.endsWith(".pcap"));
    }

    @Test
    public void verdictsOutliveAReportThatCannotBeWritten() throws IOException {
        ResultsFolder folder = ResultsFolder.use(dir.resolve("out"));
        Files.createDirectories(folder.junitXml().resolve("in the way"));
        RunResult run = Samples.run(Samples.mixture());
        assertThatThrownBy(() -> Reports.writeAll(run, folder, false))
                .isInstanceOf(ReportException.class)
                .hasMessageStartingWith(folder.junitXml() + " cannot be written: ");
        assertThat(ResultsJson.read(folder.resultsJson()).cases()).hasSize(13);
    }

    @Test
    public void environmentKeepsItsOrderAndItsCharacters() throws IOException {
        ResultsFolder folder = ResultsFolder.use(dir.resolve("out"));
        AllureFacts.write(folder, Samples.run(List.of()));
        assertThat(folder.allureResults().resolve("environment.properties"))
                .content()
                .startsWith("Target = linux\nTarget\\ description = Linux 6.1.0 in a namespace\n")
                .contains("Preflight\\:\\ open\\ port = ok, SYN-ACK after 0.084 ms\n");
    }

    @Test
    public void buildServerIsNamed() {
        assertThat(AllureFacts.executor(java.util.Map.of())).isEmpty();
        assertThat(AllureFacts.executor(java.util.Map.of(
                                "GITHUB_ACTIONS", "true",
                                "GITHUB_SERVER_URL", "https://git.example",
                                "GITHUB_REPOSITORY", "a/b",
                                "GITHUB_RUN_ID", "77",
                                "GITHUB_RUN_NUMBER", "12",
                                "GITHUB_WORKFLOW", "tcp"))
                        .orElseThrow()
                        .toString())
                .contains("\"buildOrder\":12", "\"buildName\":\"tcp #12\"", "https://git.example/a/b/actions/runs/77");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }
}
