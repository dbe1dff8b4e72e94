package org.tcpconform.report;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code compliance.pdf}: the compliance report as a Chromium prints it, where one is installed. */
public final class Pdf {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final int SECONDS = 120;

    private Pdf() {}

    /** The first Chromium in a search path such as that of the environment. */
    static Optional<Path> browser(String searchPath) {
        return NAMES.stream()
                .flatMap(name -> Stream.of(searchPath.split(Pattern.quote(File.pathSeparator)))
                        .filter(folder -> !folder.isEmpty())
                        .map(folder -> Path.of(folder, name)))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    /** Whether there is one to print with; says in a sentence what to do if not. */
    public static Optional<String> obstacle() {
        return browser(System.getenv().getOrDefault("PATH", "")).isPresent()
                ? Optional.empty()
                : Optional.of("no PDF without a Chromium, and there is none in PATH (" + String.join(", ", NAMES)
                        + "): install one (apt-get install chromium), or print compliance.html with any browser");
    }

    /**
     * Prints the page.
     *
     * @throws ReportException if there is no Chromium, or it does not do it
     */
    static Path print(Compliance compliance, ResultsFolder folder) {
        return print(compliance, folder, System.getenv().getOrDefault("PATH", ""));
    }

    static Path print(Compliance compliance, ResultsFolder folder, String searchPath) {
        Path pdf = folder.root().resolve(ResultsFolder.COMPLIANCE_PDF);
        Path browser = browser(searchPath)
                .orElseThrow(() -> ReportException.of(
                        pdf,
                        "cannot be printed: there is no Chromium in PATH",
                        "install one (apt-get install chromium)"));
        Path work = null;
        try {
            // beside its place, since some Chromiums see no other temporary folder than their own
            work = Files.createTempDirectory(folder.root().toAbsolutePath(), "pdf-");
            Path page = work.resolve("page.html");
            Path made = work.resolve("made.pdf");
            Files.writeString(page, ComplianceHtml.page(compliance, true));
            String said = run(command(browser, page, made, work.resolve("profile"), isRoot()), work.resolve("said"));
            if (!isPdf(made)) {
                throw ReportException.of(
                        pdf, "cannot be printed: " + browser + " says: " + last(said), "print compliance.html by hand");
            }
            Files.move(made, pdf, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return pdf;
        } catch (IOException e) {
            throw ReportException.writing(pdf, e);
        } finally {
            if (work != null) {
                ResultsFolder.delete(work);
            }
        }
    }

    static List<String> command(Path browser, Path page, Path pdf, Path profile, boolean root) {
        List<String> command = new ArrayList<>(List.of(
                browser.toString(),
                "--headless",
                "--disable-gpu",
                "--no-first-run",
                "--no-default-browser-check",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-default-apps",
                "--disable-extensions",
                "--disable-sync",
                "--disable-domain-reliability",
                "--host-resolver-rules=MAP * ~NOTFOUND",
                "--user-data-dir=" + profile,
                "--no-pdf-header-footer",
                "--print-to-pdf=" + pdf));
        if (root) {
            // its sandbox refuses to be started by root
            command.add("--no-sandbox");
        }
        command.add(page.toUri().toString());
        return command;
    }

    private static String run(List<String> command, Path said) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .redirectInput(new File("/dev/null"));
        builder.environment().keySet().removeAll(List.of("DISPLAY", "WAYLAND_DISPLAY"));
        Process process = builder.start();
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                return "nothing for " + SECONDS + " s";
            }
            return new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static boolean isPdf(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(5), StandardCharsets.ISO_8859_1).equals("%PDF-");
        }
    }

    private static String last(String said) {
        return said.lines()
                .filter(line -> !line.isBlank())
                .reduce((a, b) -> b)
                .map(line -> Text.printable(line.strip()))
                .orElse("nothing");
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }
}
