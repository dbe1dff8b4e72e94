package org.tcpconform.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.Expectation;
import org.tcpconform.run.Gate;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Verdict;

/**
 * What GitHub Actions reads: annotations, by commands in the log, and the summary of the job. Does nothing anywhere else.
 */
public final class GitHubActions {
    private final Map<String, String> environment;

    /**
     * @param environment such as {@link System#getenv}
     */
    public GitHubActions(Map<String, String> environment) {
        this.environment = environment;
    }

    private boolean here() {
        return "true".equals(environment.get("GITHUB_ACTIONS"));
    }

    /**
     * Prints an annotation for each result that wants to be looked at, folded into a group, and adds the summary to that
     * of the job. Says in a sentence why that could not be done; it is no reason to fail a run.
     */
    public Optional<String> tell(RunResult run, boolean strict, PrintStream out) {
        if (here()) {
            out.print(commands(run, Gate.of(run, strict)));
            out.flush();
        }
        String file = environment.getOrDefault("GITHUB_STEP_SUMMARY", "");
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            Files.writeString(
                    Path.of(file),
                    Summary.of(run, strict, null),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            return Optional.empty();
        } catch (IOException | java.nio.file.InvalidPathException e) {
            return Optional.of("the summary of the job could not be written: " + e.getMessage());
        }
    }

    private String commands(RunResult run, Gate gate) {
        List<CaseResult> notable = run.cases().stream().filter(gate::notable).toList();
        List<String> remarks =
                run.expectations() == null ? List.of() : run.expectations().remarks();
        if (notable.isEmpty() && remarks.isEmpty() && run.aborted() == null) {
            return "";
        }
        StringBuilder commands = new StringBuilder("::group::")
                .append(data("tcpconform: " + Text.plural(notable.size(), "result", "results") + " to look at"))
                .append('\n');
        if (run.aborted() != null) {
            commands.append(command("error", "", 0, "tcpconform: the run ended early", run.aborted()));
        }
        for (CaseResult c : notable) {
            Expectation e = c.expectation();
            String remark = gate.remark(c);
            String message = c.title()
                    + (c.verdict() == Verdict.PASS
                            ? ""
                            : "\n[" + Text.failure(c).code() + "] "
                                    + Text.failure(c).summary())
                    + (remark.isEmpty() ? "" : "\n" + remark);
            commands.append(command(
                    gate.red(c) || c.verdict() == Verdict.ERROR ? "error" : "warning",
                    e == null ? "" : e.file(),
                    e == null ? 0 : e.line(),
                    Text.heading(c) + " " + c.id(),
                    message));
        }
        for (String remark : remarks) {
            String[] parts = remark.split(":", 3);
            boolean placed = parts.length == 3 && parts[1].matches("\\d{1,9}");
            commands.append(command(
                    "warning",
                    placed ? parts[0] : "",
                    placed ? Integer.parseInt(parts[1]) : 0,
                    "tcpconform: expectations",
                    placed ? parts[2].strip() : remark));
        }
        return commands.append("::endgroup::\n").toString();
    }

    private String command(String kind, String file, int line, String title, String message) {
        String place = file.isEmpty() ? "" : "file=" + property(relative(file)) + ",line=" + line + ",";
        return "::" + kind + " " + place + "title=" + property(title) + "::" + data(message) + "\n";
    }

    /** GitHub knows files by their path in the repository. */
    private String relative(String file) {
        String workspace = environment.getOrDefault("GITHUB_WORKSPACE", "");
        try {
            Path path = Path.of(file).toAbsolutePath().normalize();
            return !workspace.isEmpty() && path.startsWith(workspace)
                    ? Path.of(workspace).relativize(path).toString()
                    : file;
        } catch (java.nio.file.InvalidPathException e) {
            return file;
        }
    }

    /** By the rules of GitHub's toolkit: what would end a command is written in percent. */
    static String data(String text) {
        return Text.printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    /** As {@link #data}, and what would end a property as well. */
    static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
