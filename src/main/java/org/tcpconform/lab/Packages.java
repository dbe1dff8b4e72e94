package org.tcpconform.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Debian packages that a lab needs. Elsewhere nobody can be asked for them: then the lab is tried as it is. */
final class Packages {
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private Packages() {}

    /**
     * Installs what is missing by {@code tools/setup}: as root, or by sudo where that asks no password.
     *
     * @throws LabException with the command that installs it, where this process may not, or why it failed
     */
    static void ensure(LabDescriptor lab, LabOptions options) {
        List<String> missing = lab.packages().stream().filter(Packages::missing).toList();
        if (missing.isEmpty()) {
            return;
        }
        String names = String.join(" ", missing);
        Path setup = lab.folder().resolve("../../setup").normalize();
        if (!Files.isExecutable(setup)) {
            throw new LabException(
                    "lab '" + lab.name() + "': " + names + " missing; as root: apt-get install " + names);
        }
        options.progress().accept("the lab '" + lab.name() + "' needs " + names);
        List<String> command = new ArrayList<>(List.of(setup.toString()));
        command.addAll(missing);
        try {
            Commands.run(command, "", LIMIT);
        } catch (LabException e) {
            // what it said last is what is to be done
            throw new LabException("lab '" + lab.name() + "': " + e.getMessage().replaceFirst(".*tcpconform: ", ""), e);
        }
    }

    /** The version of a package that is installed. */
    static Optional<String> version(String name) {
        return query("${Version}", name).filter(version -> !version.isEmpty());
    }

    /** Packages with their versions, one a line; empty where there is no dpkg. */
    static String versions(List<String> names) {
        return names.isEmpty()
                ? ""
                : query("${Package} ${Version}\\n", names.toArray(String[]::new))
                        .orElse("");
    }

    private static boolean missing(String name) {
        return query("${db:Status-Status}", name)
                .filter(status -> !status.equals("installed"))
                .isPresent();
    }

    /** A field of packages, empty text where it is unknown; nothing where there is no dpkg. */
    private static Optional<String> query(String field, String... names) {
        List<String> command = new ArrayList<>(List.of("dpkg-query", "-W", "-f", field));
        command.addAll(List.of(names));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return Optional.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
