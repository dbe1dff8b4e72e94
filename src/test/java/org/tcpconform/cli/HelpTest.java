package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.cli.Option;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Help and completion say what the program takes: all of it, and no more. */
public class HelpTest {
    @DataProvider
    public Object[][] commands() {
        return Main.commands().stream().map(c -> new Object[] {c}).toArray(Object[][]::new);
    }

    private static Set<String> options(Command command) {
        Set<String> options = new TreeSet<>();
        for (Option option : Arguments.withHelp(command.options()).getOptions()) {
            options.add("--" + option.getLongOpt());
        }
        return options;
    }

    @Test(dataProvider = "commands")
    public void helpMentionsEveryOption(Command command) {
        Outcome help = Outcome.of(command.name(), "--help");
        assertThat(help.code()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out()).startsWith("tcpconform " + command.name() + ": ").contains(command.summary());
        for (String option : options(command)) {
            assertThat(help.out()).containsPattern("(?m)^  " + option + "( |$)");
        }
        assertThat(Outcome.of("help", command.name())).isEqualTo(help);
        assertThat(Outcome.of(command.name(), "-h")).isEqualTo(help);
        assertThat(help.out().lines()).as("fits a terminal").allMatch(line -> line.length() <= 110);
        assertThat(help.out().lines()).allMatch(line -> line.equals(line.stripTrailing()));
    }

    @Test
    public void overviewNamesEveryCommand() {
        for (String word : List.of("help", "--help", "-h")) {
            Outcome overview = Outcome.of(word);
            assertThat(overview.code()).isZero();
            Main.commands().forEach(c -> assertThat(overview.out()).contains(c.name(), c.summary()));
        }
    }

    @Test
    public void helpOfRunHasTheExitCodes() {
        for (ExitCode code : ExitCode.values()) {
            assertThat(Outcome.of("run", "--help").out()).contains("  " + code.code() + "  " + code.meaning() + "\n");
        }
    }

    @Test
    public void examplesAreAccepted() {
        for (Command command : Main.commands()) {
            for (String[] example : command.examples()) {
                String[] words =
                        example[0].replaceFirst(" > .*", "").replace("'", "").split(" ");
                assertThat(words[0]).isEqualTo("tcpconform");
                assertThat(words[1]).isEqualTo(command.name());
                // throws where an option is not known
                Arguments.parse(command, java.util.Arrays.copyOfRange(words, 1, words.length));
            }
        }
    }

    /** What bash offers for the words of a line, the last of which is being typed. */
    private static Set<String> complete(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "bash",
                "--norc",
                "-c",
                "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _tcpconform; "
                        + "printf '%s\\n' \"${COMPREPLY[@]}\"",
                "bash",
                Path.of("tools/completion.bash").toAbsolutePath().toString(),
                Path.of("tools/tcpconform").toAbsolutePath().toString()));
        command.addAll(List.of(words));
        Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
        bash.getOutputStream().close();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(said).isZero();
        Set<String> offered = new TreeSet<>(said.lines().toList());
        offered.remove("");
        return offered;
    }

    @Test
    public void completionKnowsTheCommands() throws Exception {
        Set<String> commands = new TreeSet<>(Set.of("help", "--help"));
        Main.commands().forEach(c -> commands.add(c.name()));
        assertThat(complete("")).isEqualTo(commands);
        assertThat(complete("re")).containsExactly("report");
    }

    @Test(dataProvider = "commands")
    public void completionKnowsTheOptions(Command command) throws Exception {
        assertThat(complete(command.name(), "--")).isEqualTo(options(command));
    }

    @Test
    public void completionKnowsNames() throws Exception {
        assertThat(complete("run", "--lab", "")).contains("linux", "all");
        assertThat(complete("lab", "up", "li")).contains("linux");
        assertThat(complete("run", "--suite", "smo")).contains("smoke");
        assertThat(complete("run", "--source-mode", "")).containsExactly("host", "own");
    }
}
