package org.tcpconform.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** The scripts that somebody meets first, on machines that lack this or that: a line says what, and the exit code is 3. */
public class ToolsTest {
    private static final Path TOOLS = Path.of("tools").toAbsolutePath();
    private static final String BUILDING = "tcpconform: building (takes a minute the first time)\n";

    private Path home;
    private Path commands;

    @BeforeMethod
    public void aCloneThatWasNotBuilt() throws IOException {
        home = Files.createTempDirectory("tools").toRealPath();
        commands = Files.createDirectory(home.resolve("commands"));
        Files.createDirectories(home.resolve("src/main"));
        Files.createFile(home.resolve("pom.xml"));
        Files.createDirectory(home.resolve("tools"));
        for (String script : List.of("tcpconform", "setup", "java.bash")) {
            Files.copy(
                    TOOLS.resolve(script), home.resolve("tools").resolve(script), StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    @AfterMethod(alwaysRun = true)
    public void remove() throws IOException {
        World.delete(home);
    }

    private void command(String name, String script) throws IOException {
        Path file = Files.writeString(commands.resolve(name), "#!/bin/sh\n" + script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private void mavenSays(String output) throws IOException {
        command("mvn", "cat <<'END'\n" + output + "END\nexit 1\n");
    }

    private Outcome run(String path, String... words) throws IOException, InterruptedException {
        Path err = home.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(home.toFile()).redirectError(err.toFile());
        builder.environment().put("PATH", path);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), out, Files.readString(err));
    }

    private Outcome list() throws IOException, InterruptedException {
        return run(
                commands + ":" + System.getenv("PATH"),
                home.resolve("tools/tcpconform").toString(),
                "list");
    }

    @Test
    public void whatMavenCannotFetchIsToldInOneLine() throws Exception {
        mavenSays("""
                [ERROR] Failed to execute goal on project tcpconform: Could not resolve dependencies for project \
                org.tcpconform:tcpconform:jar:1: Failed to read artifact descriptor for org.testng:testng:jar:7: Could \
                not transfer artifact org.testng:testng:pom:7 from/to central (https://repo.example): transfer failed \
                for https://repo.example/testng-7.pom: Unknown host repo.example -> [Help 1]
                [ERROR]\s
                [ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.
                """);
        Outcome outcome = list();
        assertThat(outcome.err())
                .isEqualTo(BUILDING
                        + "tcpconform: the build failed, and needs the network the first time: Could not transfer artifact"
                        + " org.testng:testng:pom:7 from/to central (https://repo.example): Unknown host repo.example"
                        + " (more in " + home + "/target/build.log)\n");
        assertThat(outcome.code()).isEqualTo(ExitCode.ENVIRONMENT.code());
    }

    @Test
    public void errorsOfTheCompilerAreShownWithoutAdviceOnMaven() throws Exception {
        mavenSays("""
                [ERROR] COMPILATION ERROR :\s
                [ERROR] /src/Main.java:[110,1] reached end of file while parsing
                [ERROR]\s
                [ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.
                """);
        Outcome outcome = list();
        assertThat(outcome.err())
                .isEqualTo(BUILDING
                        + "[ERROR] COMPILATION ERROR : \n"
                        + "[ERROR] /src/Main.java:[110,1] reached end of file while parsing\n"
                        + "tcpconform: the build failed (more in " + home + "/target/build.log)\n");
        assertThat(outcome.code()).isEqualTo(ExitCode.ENVIRONMENT.code());
    }

    @Test
    public void aCloneThatMayNotBeWrittenIsSaidToBe() throws Exception {
        mavenSays("");
        // no folder can be made there, by root neither
        Files.createFile(home.resolve("target"));
        Outcome outcome = list();
        assertThat(outcome.err())
                .isEqualTo(BUILDING + "tcpconform: cannot build, since " + home
                        + "/target may not be written: use a clone of your own\n");
        assertThat(outcome.code()).isEqualTo(ExitCode.ENVIRONMENT.code());
    }

    @Test
    public void whatIsMissingWhereNothingCanBeInstalledIsToldInOneLine() throws Exception {
        // a machine without apt-get, and with nothing else that the script does not need itself
        for (String name : List.of("bash", "dirname", "readlink", "flock", "find")) {
            Path found = Stream.of("/usr/bin", "/bin")
                    .map(dir -> Path.of(dir, name))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
            Files.createSymbolicLink(commands.resolve(name), found);
        }
        for (String script : List.of("tcpconform", "setup")) {
            run(
                            commands.toString(),
                            "/bin/bash",
                            home.resolve("tools").resolve(script).toString(),
                            "--build")
                    .refusedWith(ExitCode.ENVIRONMENT, "please install: Maven");
        }
    }

    @Test
    public void anOldJavaIsPassedOver() throws Exception {
        Path old = Files.createDirectories(home.resolve("jdk-11/bin")).getParent();
        command("java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        Files.move(commands.resolve("java"), old.resolve("bin/java"));
        String find = ". tools/java.bash; java_release " + old + "; JAVA_HOME=" + old + " PATH="
                + System.getProperty("java.home") + "/bin:$PATH; find_java java; echo \" $java_home\"";
        Outcome outcome = run(System.getenv("PATH"), "bash", "-c", find);
        assertThat(outcome.out()).startsWith("11 /").doesNotContain("jdk-11");
        assertThat(outcome.code()).isZero();
    }

    /** What Debian has in packages that nothing here asks for, so that a small machine lacks it. */
    private static final Pattern NOT_SET_UP = Pattern.compile(
            "(?m)^[^#\n]*(?:^|[\\s;|&(])(?:sysctl|ps|pgrep|pkill|killall|fuser|lsof|curl|wget|python3?|perl|ping) ");

    @Test
    public void scriptsOfLabsNeedNothingThatIsNotInstalled() throws Exception {
        assertThat("set -e\n  sysctl -q a=1\n").containsPattern(NOT_SET_UP);
        assertThat("# a ps of old\n").doesNotContainPattern(NOT_SET_UP);
        List<Path> scripts;
        try (Stream<Path> files = Files.walk(TOOLS.resolve("lab"))) {
            scripts = files.filter(Files::isRegularFile)
                    .filter(Files::isExecutable)
                    .toList();
        }
        assertThat(scripts).isNotEmpty();
        for (Path script : scripts) {
            assertThat(Files.readString(script)).as(script.toString()).doesNotContainPattern(NOT_SET_UP);
        }
    }
}
