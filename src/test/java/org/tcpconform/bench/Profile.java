package org.tcpconform.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** What the threads of runs were at, by samples of the flight recorder: those only that ran, not those that waited. */
final class Profile {
    /** A sample belongs to the first of these that has a class on its stack. */
    enum Part {
        ALLURE_PAGE("Allure's page", "org.tcpconform.report.AllureHtml"),
        ALLURE_RESULTS("Allure's results", "org.tcpconform.report.Allure", "io.qameta.allure.testng"),
        JOURNAL("the journal", "org.tcpconform.report.Journal"),
        REPORTS("all other reports", "org.tcpconform.report."),
        CAPTURES("captures, written", "org.tcpconform.wire.CaptureFile"),
        ATTEMPTS("the cases themselves", "org.tcpconform.run.AttemptGuard"),
        EXPECTATIONS("expectations, held against verdicts", "org.tcpconform.run.Expectation"),
        CASES("cases, from annotations and tables", "org.tcpconform.run.CaseDescriptor", "org.tcpconform.suite."),
        WIRE("what arrives: read, decoded, dispatched", "org.tcpconform.wire."),
        RUNNER("the runner", "org.tcpconform.run.Runner"),
        TESTNG("TestNG", "org.testng"),
        OTHER("all else", "");

        final String words;
        private final List<String> classes;

        Part(String words, String... classes) {
            this.words = words;
            this.classes = List.of(classes);
        }

        /** @param stack the names of its classes */
        static Part of(List<String> stack) {
            return Arrays.stream(values())
                    .filter(part -> stack.stream()
                            .anyMatch(name -> part.classes.stream().anyMatch(name::startsWith)))
                    .findFirst()
                    .orElse(OTHER);
        }
    }

    private final Map<Part, Integer> samples = new EnumMap<>(Part.class);

    /** Adds all recordings of a folder. */
    void read(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jfr")).toList()) {
                for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                    RecordedStackTrace stack = event.getStackTrace();
                    if (event.getEventType().getName().equals("jdk.ExecutionSample") && stack != null) {
                        samples.merge(
                                Part.of(stack.getFrames().stream()
                                        .map(frame ->
                                                frame.getMethod().getType().getName())
                                        .toList()),
                                1,
                                Integer::sum);
                    }
                }
            }
        }
    }

    int samples() {
        return samples.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** In a hundred, the largest first. */
    List<Map.Entry<Part, Double>> shares() {
        double all = samples();
        return samples.entrySet().stream()
                .map(e -> Map.entry(e.getKey(), 100 * e.getValue() / all))
                .sorted(Map.Entry.<Part, Double>comparingByValue().reversed())
                .toList();
    }
}
