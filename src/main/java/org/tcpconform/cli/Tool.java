package org.tcpconform.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.tcpconform.run.RunResult;

/** This tool: its version, and where its files are. */
final class Tool {
    private Tool() {}

    static RunResult.Tool identity() {
        Properties build = new Properties();
        try (InputStream in = Tool.class.getResourceAsStream("/org/tcpconform/cli/build.properties")) {
            if (in != null) {
                build.load(in);
            }
        } catch (IOException e) {
            build.clear();
        }
        return new RunResult.Tool(
                "tcpconform", build.getProperty("version", "unknown"), build.getProperty("commit", "unknown"));
    }

    /** The folder with {@code suites}, {@code tools} and {@code results}: where the launcher is, or was told to be. */
    static Path home() {
        String named = System.getProperty("tcpconform.home");
        if (named != null) {
            return Path.of(named);
        }
        Path here = Path.of("").toAbsolutePath();
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("suites")) && Files.isDirectory(folder.resolve("tools"))) {
                return folder;
            }
        }
        return here;
    }

    static Path suites() {
        return home().resolve("suites");
    }

    static Path tools() {
        return home().resolve("tools");
    }

    static Path results() {
        return home().resolve("results");
    }
}
