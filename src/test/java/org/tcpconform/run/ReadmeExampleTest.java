package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.Flaw;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.Test;

/** The case that the README shows can be copied as it stands, and judges what it says. */
public class ReadmeExampleTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    public void exampleCompilesPassesAndFails() throws Exception {
        Matcher block = BLOCK.matcher(Files.readString(Bench.suites().resolve("../README.md")));
        assertThat(block.find()).isTrue();
        Path folder = Files.createTempDirectory("example");
        Path source = Files.writeString(folder.resolve("Example.java"), block.group(1));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-Xlint:all",
                        "-Werror",
                        "-proc:none",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(result).isZero();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            List<CaseDescriptor> cases = CaseDescriptor.of(loader.loadClass("org.tcpconform.suite.rfc9293.Example"));
            assertThat(cases).extracting(CaseDescriptor::id).containsExactlyInAnyOrder("EX-01-v4", "EX-01-v6");
            assertThat(verdicts(cases)).containsOnly(Verdict.PASS);
            assertThat(verdicts(cases, Flaw.NO_DUPLICATE_ACK)).containsOnly(Verdict.FAIL);
        }
    }

    private static List<Verdict> verdicts(List<CaseDescriptor> cases, Flaw... flaws) {
        try (Bench bench = Bench.open()) {
            bench.stack().with(flaws);
            Map<String, CaseResult> results = Runs.run(bench, cases);
            return results.values().stream().map(CaseResult::verdict).toList();
        }
    }
}
