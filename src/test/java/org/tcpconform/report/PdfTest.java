package org.tcpconform.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.tcpconform.run.RunResult;
import org.testng.SkipException;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

public class PdfTest {
    private static final RunResult RUN = Samples.run(List.of(Samples.wrongAck("HP-07-v4")));

    private Path dir;
    private ResultsFolder folder;

    @BeforeMethod
    public void makeDir() throws IOException {
        dir = Files.createTempDirectory("pdf-");
        folder = ResultsFolder.use(dir.resolve("out"));
        Reports.writeAll(RUN, folder, false);
    }

    @AfterMethod(alwaysRun = true)
    public void deleteDir() {
        ResultsFolder.delete(dir);
    }

    private Path browser(String name, String script) throws IOException {
        Path bin = Files.createDirectories(dir.resolve("bin"));
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return bin;
    }

    private Path print(Path bin) {
        return Pdf.print(Compliance.of(RUN, List.of(), folder), folder, bin.toString());
    }

    @Test
    public void firstOfTheUsualNamesIsTaken() throws IOException {
        assertThat(Pdf.browser("")).isEmpty();
        assertThat(Pdf.browser("/nowhere:" + dir)).isEmpty();
        Path bin = browser("google-chrome", "");
        assertThat(Pdf.browser("/nowhere::" + bin)).contains(bin.resolve("google-chrome"));
        browser("chromium", "");
        assertThat(Pdf.browser(bin.toString())).contains(bin.resolve("chromium"));
        Files.createDirectories(dir.resolve("other/chromium"));
        assertThat(Pdf.browser(dir.resolve("other").toString())).isEmpty();
    }

    @Test
    public void sandboxIsLeftOutForRootAlone() {
        Path file = Path.of("/x");
        assertThat(Pdf.command(file, file, file, file, false))
                .doesNotContain("--no-sandbox")
                .contains("--headless", "--disable-background-networking")
                .endsWith("file:///x");
        assertThat(Pdf.command(file, file, file, file, true)).contains("--no-sandbox");
    }

    @Test
    public void whatTheBrowserMakesIsThePdf() throws IOException {
        Path bin = browser("chromium", """
                for word; do case $word in --print-to-pdf=*) out=${word#*=};; file://*) page=${word#file://};; esac; done
                { printf '%%PDF-'; cat "$page"; } > "$out\"""");
        assertThat(print(bin))
                .isEqualTo(folder.root().resolve("compliance.pdf"))
                .content()
                .startsWith("%PDF-")
                .contains("HP-07-v4")
                .doesNotContain("href=\"ladders/");
        assertThat(Reports.check(folder.root()).problems()).containsExactly("added: compliance.pdf");
        assertThat(Reports.again(folder.root(), false).warnings()).isEmpty();
        assertThat(Reports.check(folder.root()).problems()).isEmpty();
        assertThat(folder.root().resolve("compliance.pdf")).exists();
    }

    @Test
    public void printOfAnEarlierPageGoes() throws IOException {
        Files.writeString(folder.root().resolve("compliance.pdf"), "%PDF-");
        Files.writeString(folder.root().resolve("compliance.html"), "as an older version wrote it");
        assertThat(Reports.again(folder.root(), false).warnings())
                .containsExactly("compliance.pdf was of an earlier page and is gone; --pdf prints it anew");
        assertThat(folder.root().resolve("compliance.pdf")).doesNotExist();
    }

    @Test
    public void browserThatFailsIsQuotedAndLeavesNothing() throws IOException {
        Path bin = browser("chromium", "echo 'first line'; echo 'cannot open display' >&2; exit 1");
        assertThatThrownBy(() -> print(bin))
                .isInstanceOf(ReportException.class)
                .hasMessageContaining("compliance.pdf: cannot be printed: ")
                .hasMessageContaining("says: cannot open display");
        assertThat(Reports.check(folder.root()).problems()).isEmpty();
    }

    @Test
    public void withoutBrowserThereIsOneClearLine() {
        assertThatThrownBy(() -> print(dir))
                .isInstanceOf(ReportException.class)
                .hasMessageContaining("there is no Chromium in PATH; install one");
    }

    @Test
    public void realBrowserPrintsAllPages() throws IOException {
        if (Pdf.obstacle().isPresent()) {
            throw new SkipException(Pdf.obstacle().get());
        }
        Reports.Written written = Reports.again(folder.root(), false, true, null);
        assertThat(written.files()).containsKey("PDF");
        assertThat(Files.size(written.files().get("PDF"))).isGreaterThan(100_000);
        assertThat(Reports.check(folder.root()).problems()).isEmpty();
    }
}
