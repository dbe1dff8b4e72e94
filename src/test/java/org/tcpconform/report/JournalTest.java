package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunResult;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class JournalTest {
    private Path dir;
    private ResultsFolder folder;

    @BeforeMethod
    public void makeDir() throws IOException {
        dir = Files.createTempDirectory("journal-");
        folder = ResultsFolder.create(dir, "linux");
    }

    @AfterMethod
    public void deleteDir() {
        ResultsFolder.delete(dir);
    }

    @Test
    public void everyVerdictIsOnDiskAtOnce() {
        try (Journal journal = new Journal(folder)) {
            journal.started(Samples.plan(), 240);
            journal.ended(Samples.wrongAck("HP-07-v4"));
            journal.ended(Samples.passing("HP-01-v4"));

            // the journal is still open, as after kill -9
            RunResult run = Journal.read(folder.journal());
            assertThat(run.cases()).extracting(CaseResult::id).containsExactly("HP-01-v4", "HP-07-v4");
            assertThat(run.cases().get(1)).usingRecursiveComparison().isEqualTo(Samples.wrongAck("HP-07-v4"));
            assertThat(run.aborted()).isEqualTo("the run was cut short after 2 of 240 cases");
            assertThat(run.target()).isEqualTo(Samples.plan().target());
            assertThat(run.seed()).isEqualTo(42);
        }
    }

    @Test
    public void lineCutShortIsNotCounted() throws IOException {
        write();
        byte[] all = Files.readAllBytes(folder.journal());
        for (int cut : new int[] {1, 2, 50, 1000}) {
            Files.write(folder.journal(), java.util.Arrays.copyOf(all, all.length - cut));
            assertThat(Journal.read(folder.journal()).cases()).hasSize(cut == 1 ? 2 : 1);
        }
    }

    @Test
    public void lineBrokenInTheMiddleCostsOnlyItself() throws IOException {
        write();
        Files.writeString(folder.journal(), "{\"case\":{\"id\n", StandardOpenOption.APPEND);
        try (Journal other = new Journal(ResultsFolder.create(dir, "b"))) {
            other.started(Samples.plan(), 1);
        }
        Files.writeString(
                folder.journal(),
                "{\"case\":" + ResultsJson.MAPPER.writeValueAsString(Samples.silent("LI-03-v6")) + "}\n",
                StandardOpenOption.APPEND);
        assertThat(Journal.read(folder.journal()).cases()).hasSize(3);
    }

    @Test
    public void journalWithoutPlanHoldsNoRun() {
        new Journal(folder).close();
        assertThatThrownBy(() -> Journal.read(folder.journal()))
                .isInstanceOf(ReportException.class)
                .hasMessageContaining("cut short before the first case");
    }

    @Test
    public void fullDiskIsNoticedAtTheStart() throws IOException {
        Files.createSymbolicLink(folder.journal(), Path.of("/dev/full"));
        assertThatThrownBy(() -> new Journal(folder))
                .isInstanceOf(ReportException.class)
                .hasMessage(folder.journal()
                        + " cannot be written: no space left on device; free some space there, or choose another place"
                        + " with --out");
    }

    @Test
    public void troubleNeverReachesTheCase() {
        Journal journal = new Journal(folder);
        journal.started(Samples.plan(), 1);
        journal.close();
        journal.ended(Samples.passing("HP-01-v4"));
        assertThat(journal.trouble()).isPresent();
        assertThat(Journal.read(folder.journal()).cases()).isEmpty();
    }

    private void write() {
        try (Journal journal = new Journal(folder)) {
            journal.started(Samples.plan(), 2);
            journal.ended(Samples.passing("HP-01-v4"));
            journal.ended(Samples.passing("HP-02-v4"));
            assertThat(journal.trouble()).isEmpty();
        }
    }
}
