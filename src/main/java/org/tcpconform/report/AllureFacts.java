package org.tcpconform.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tcpconform.run.RunResult;
import org.tcpconform.verdict.Level;

/** What Allure shows of the run as a whole: environment, executor and categories. */
final class AllureFacts {
    private AllureFacts() {}

    static void write(ResultsFolder folder, RunResult run) {
        String dir = ResultsFolder.ALLURE_RESULTS + "/";
        folder.write(dir + "environment.properties", out -> {
            Writer writer = new OutputStreamWriter(out, StandardCharsets.ISO_8859_1);
            environment(run).forEach((key, value) -> line(writer, key, value));
            writer.flush();
        });
        folder.write(
                dir + "categories.json",
                out -> out.write(categories().toPrettyString().getBytes(StandardCharsets.UTF_8)));
        executor(System.getenv())
                .ifPresent(executor -> folder.write(
                        dir + "executor.json",
                        out -> out.write(executor.toPrettyString().getBytes(StandardCharsets.UTF_8))));
    }

    static Map<String, String> environment(RunResult run) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Target", run.target().name());
        put(facts, "Target description", run.target().description());
        put(facts, "Target addresses", String.join(", ", run.target().addresses()));
        run.target().ports().forEach((role, port) -> facts.put("Port " + role, Integer.toString(port)));
        facts.put("Suite", run.suite());
        facts.put(
                "Tool",
                run.tool().name() + " " + run.tool().version()
                        + (run.tool().commit() == null || run.tool().commit().isEmpty()
                                ? ""
                                : " (" + run.tool().commit() + ")"));
        facts.put("Seed", Long.toString(run.seed()));
        facts.put("Jobs", Integer.toString(run.jobs()));
        run.environment().forEach((key, value) -> put(facts, key, value));
        run.preflight()
                .forEach(check -> facts.put(
                        "Preflight: " + check.name(), (check.ok() ? "ok" : "NOT OK") + ", " + check.detail()));
        put(facts, "Ended early", run.aborted());
        return facts;
    }

    private static void put(Map<String, String> facts, String key, String value) {
        if (value != null && !value.isEmpty()) {
            facts.put(key, value);
        }
    }

    /** A line of a Java properties file; written here because {@code Properties} knows no order. */
    private static void line(Writer writer, String key, String value) {
        try {
            String safe = property(AllureCase.noLink(value), false);
            writer.write(property(key, true) + " = " + (safe.startsWith(" ") ? "\\" : "") + safe + "\n");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String property(String text, boolean key) {
        StringBuilder out = new StringBuilder();
        for (char c : Text.legal(text).toCharArray()) {
            if (c == '\n') {
                out.append("\\n");
            } else if (c > 0x7E || c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else if (c == '\\' || key && (c == ' ' || c == ':' || c == '=' || c == '#' || c == '!')) {
                out.append('\\').append(c);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** One for each way not to pass, strongest first; matched by the heading that each message begins with. */
    static ArrayNode categories() {
        ArrayNode categories = ResultsJson.MAPPER.createArrayNode();
        for (Level level : Level.values()) {
            for (boolean keyword : List.of(true, false)) {
                category(categories, "FAIL of " + level.label(keyword), "failed");
            }
        }
        category(categories, "INCONCLUSIVE", "broken");
        category(categories, "ERROR", "broken");
        category(categories, "NOT APPLICABLE", "skipped");
        return categories;
    }

    private static void category(ArrayNode categories, String heading, String status) {
        ObjectNode category = categories.addObject();
        category.put("name", heading);
        category.putArray("matchedStatuses").add(status);
        category.put("messageRegex", heading + "\\b.*");
    }

    /** Where the run took place, if a build server has said so. */
    static Optional<ObjectNode> executor(Map<String, String> env) {
        if (env.containsKey("GITHUB_ACTIONS")) {
            String repository = env.get("GITHUB_SERVER_URL") + "/" + env.get("GITHUB_REPOSITORY");
            return Optional.of(executor(
                    "GitHub Actions",
                    "github",
                    repository,
                    env.get("GITHUB_RUN_NUMBER"),
                    env.getOrDefault("GITHUB_WORKFLOW", "build"),
                    repository + "/actions/runs/" + env.get("GITHUB_RUN_ID")));
        }
        if (env.containsKey("GITLAB_CI")) {
            return Optional.of(executor(
                    "GitLab",
                    "gitlab",
                    env.get("CI_PROJECT_URL"),
                    env.get("CI_PIPELINE_IID"),
                    env.getOrDefault("CI_JOB_NAME", "job"),
                    env.get("CI_JOB_URL")));
        }
        if (env.containsKey("JENKINS_URL")) {
            return Optional.of(executor(
                    "Jenkins",
                    "jenkins",
                    env.get("JENKINS_URL"),
                    env.get("BUILD_NUMBER"),
                    env.getOrDefault("JOB_NAME", "job"),
                    env.get("BUILD_URL")));
        }
        return Optional.empty();
    }

    private static ObjectNode executor(
            String name, String type, String url, String order, String build, String buildUrl) {
        ObjectNode executor = ResultsJson.MAPPER.createObjectNode();
        executor.put("name", name);
        executor.put("type", type);
        executor.put("url", url);
        if (order != null && order.matches("\\d{1,18}")) {
            executor.put("buildOrder", Long.parseLong(order));
        }
        executor.put("buildName", build + (order == null ? "" : " #" + order));
        executor.put("buildUrl", buildUrl);
        return executor;
    }
}
