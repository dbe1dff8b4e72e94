package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What a user can get wrong before anything is sent: one line that says what and what to do, and an exit code. */
public class MistakesTest {
    private Path dir;

    @BeforeClass
    public void makeFolder() throws IOException {
        dir = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "mistakes-");
    }

    @AfterClass(alwaysRun = true)
    public void removeFolder() throws IOException {
        try (Stream<Path> all = Files.walk(dir)) {
            all.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }

    private static String[] words(String line) {
        return line.isEmpty() ? new String[0] : line.split(" ");
    }

    @DataProvider
    public Object[][] usage() {
        return new Object[][] {
            {
                "rum",
                "unknown command 'rum': did you mean run?; there are run, list, doctor, lab, report, compare, oracle, version"
            },
            {"help rum", "unknown command 'rum': did you mean run?"},
            {"frobnicate", "unknown command 'frobnicate'; there are run, "},
            {
                "run --taget 192.0.2.1",
                "unknown option --taget: did you mean --target?; `tcpconform run --help` lists what"
            },
            {"run --frobnicate", "unknown option --frobnicate; `tcpconform run --help` lists what it takes"},
            {"run --ipv4=yes", "unknown option --ipv4=yes: did you mean --ipv4?"},
            {"run -x", "unknown option -x"},
            {"run 192.0.2.1", "unexpected argument '192.0.2.1'"},
            {"list x", "unexpected argument 'x'"},
            {"list --json --markdown", "--json means nothing beside --markdown: leave one of them out"},
            {"list --markdown --requirements", "--requirements means nothing beside --markdown: leave one of them out"},
            {"list --markdown --match HP-*", "--match means nothing beside --markdown: leave one of them out"},
            {"list --suites --json", "--json means nothing beside --suites: leave one of them out"},
            {"list --suites --suite smoke", "--suite means nothing beside --suites: leave one of them out"},
            {"list --lab linux", "--lab is an option of run, and means nothing to list; `tcpconform list --help` lists"
            },
            {"run --init --target 192.0.2.1", "--target means nothing beside --init: leave one of them out"},
            {"report --check --pdf target", "--pdf means nothing beside --check: leave one of them out"},
            {"doctor --jobs 3", "--jobs is an option of run, and means nothing to doctor; `tcpconform doctor --help`"},
            {"doctor --out=x", "--out is an option of run, and means nothing to doctor; `tcpconform doctor --help`"},
            {"doctor --match HP-*", "--match is an option of run, and means nothing to doctor"},
            {"doctor --interface lo", "--interface is about the way to a target: give --target ADDRESS as well"},
            {"doctor --target 192.0.2.1 --vlan 5000", "--vlan takes a number from 1 to 4094, not '5000'"},
            {"oracle --strict", "--strict is an option of run, and means nothing to oracle"},
            {"doctor x", "unexpected argument 'x'"},
            {"version x", "unexpected argument 'x'"},
            {"run --match", "option --match needs a value: --match GLOB"},
            {"run --target=", "option --target needs a value: --target ADDRESS"},
            {"run --out=", "option --out needs a value: --out DIR"},
            {"run --suite=", "option --suite needs a value: --suite NAME|FILE"},
            {"run --jobs 1 --jobs 2", "option --jobs may be given once only"},
            {"run --config a --config b", "option --config may be given once only"},
            {"run --suite foo", "unknown suite foo: there are default, "},
            {"run --suite pom.xml", "cannot read the suite pom.xml: it is no TestNG suite"},
            {"run --suite README.md", "cannot read the suite README.md, line 1: "},
            {"list --suite foo", "unknown suite foo: there are default, "},
            {"run --jobs 0", "--jobs takes a number from 1 to 512, not '0'"},
            {"run --jobs many", "--jobs takes a number from 1 to 512, not 'many'"},
            {"run --rate 9", "--rate takes a number from 10 to 1000000, not '9'"},
            {"run --allow everything", "--allow: there is no 'everything' to allow; there are intrusive, foreign-"},
            {
                "run --suite intrusive",
                " load target and network beyond the usual, with floods of up to thousands of SYNs:"
            },
            {"run --suite intrusive --dry-run", ": permit it with --allow intrusive"},
            {"run --suite smoke --suite intrusive --match LI-18", "2 of the cases (LI-18-v4, …) load target and network"
            },
            {
                "run --target 192.0.2.1 --match LI-15*",
                "3 of the cases (LI-15-LIMITED-BROADCAST-v4, …) send to broadcast or multicast addresses, or from"
            },
            {"run --target 224.0.0.1", "224.0.0.1 is a multicast address, not a target: give the address of one machine"
            },
            {"run --isn-samples 99", "--isn-samples takes a number from 100 to 20000, not '99'"},
            {"run --seed x", "--seed takes a number from 0 to 2^63-1, not 'x'"},
            {"run --seed -1", "--seed takes a number from 0 to 2^63-1, not '-1'"},
            {"run --vlan 5000", "--vlan takes a number from 1 to 4094, not '5000'"},
            {"run --open-port 0", "--open-port takes a number from 1 to 65535, not '0'"},
            {"run --closed-port 1e3", "--closed-port takes a number from 1 to 65535, not '1e3'"},
            {"run --service foo", "--service takes NAME=PORT, not 'foo'"},
            {"run --service foo=1", "--service: unknown service 'foo'; there are echo, "},
            {"run --service echo=70000", "--service echo takes a number from 1 to 65535, not '70000'"},
            {"run --service echo=7 --service echo=8", "--service: echo is given twice"},
            {"run --level severe", "--level is must, should or may, not 'severe'"},
            {"run --source-mode mine", "--source-mode is own or host, not 'mine'"},
            {"run --target 192.0.2.1 --lab linux", "--target and --lab exclude each other: give one"},
            {"run --target 300.1.2.3", "--target: '300.1.2.3' is neither an address nor a name that resolves"},
            {"run --target 192.0.2.1 --source x.invalid", "--source: 'x.invalid' is neither an address nor a name"},
            {
                "run --source 224.0.0.1",
                "--source: 224.0.0.1 is the address of no single machine: name one of the target's"
            },
            {"run --source 0.0.0.0", "--source: 0.0.0.0 is the address of no single machine"},
            {"run --source 192.0.2.7 --source 192.0.2.8", "--source: 192.0.2.7 and 192.0.2.8 are of one version of IP"},
            {"run --target 192.0.2.1 --ipv6", "target 192.0.2.1 has no address of the version that is asked for"},
            {"run --dry-run --jobs 0", "--jobs takes a number from 1 to 512, not '0'"},
            {"run --config nowhere.yaml", "there is no file nowhere.yaml"},
            {"run --config target", "cannot read target: is a directory"},
            {"lab", "lab needs an action; there are up, down, status, list"},
            {"lab upp", "unknown action 'upp': did you mean up?"},
            {"lab up", "lab up needs a name: tcpconform lab up NAME"},
            {"lab up linnux", "no lab 'linnux'; did you mean 'linux'? (there are: "},
            {"lab down nothing-1", "no lab 'nothing-1' is up"},
            {"report", "report needs the folder of a run: tcpconform report results/latest"},
            {"report nowhere", "nowhere: there is no such folder; name the folder of an earlier run"},
            {"report src", "src: holds no results of a run (neither results.json nor cases.jsonl)"},
            {"report src --since nowhere", "nowhere: there is no such folder"},
            {"report a --since b --since c", "option --since may be given once only"},
            {"run --expectations nowhere.yaml", "there is no file nowhere.yaml"},
            {"run --expectations none --expectations a", "--expectations: none and a file exclude each other"},
            {"run --feature frob", "--feature: unknown feature 'frob'; there are "},
            {"run --profile P1", "--profile is P793, P9293, P5961 or P5961D, perhaps with +P1337, not 'P1'"},
            {"run --lab linnux", "no lab 'linnux'; did you mean 'linux'?"},
        };
    }

    @DataProvider
    public Object[][] misspelt() {
        return new Object[][] {
            {"run --dry-run --match HP-* --match XX-*", "--match: XX-* fits no case there is, by id, tag, requirement"},
            {"list --skip tiemr", "--skip: tiemr fits no case there is"},
            {"oracle --match HP-01 --match HP-[12]", "--match: HP-[12] fits no case there is"},
            {"run --lab ,", "--lab names no lab; there are gvisor, linux"},
        };
    }

    /** What is silently left out of a run is never missed. */
    @Test(dataProvider = "misspelt")
    public void whatChoosesNothingBesideOthersIsRefused(String line, String expected) {
        Outcome.of(words(line)).refusedWith(ExitCode.USAGE, expected);
    }

    @Test(dataProvider = "usage")
    public void usageIsRefusedInOneLine(String line, String expected) {
        Outcome.of(words(line)).refusedWith(ExitCode.USAGE, expected);
    }

    @Test
    public void noCommandAtAllShowsTheCommandsAndIsWrong() {
        Outcome outcome = Outcome.of();
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).contains("Usage: tcpconform COMMAND");
    }

    @DataProvider
    public Object[][] empty() {
        return new Object[][] {
            {"run --match nothing-*", "no case of suite default is selected; `tcpconform list` shows what there is"},
            {"run --skip *", "no case of suite default is selected"},
            {"list --suite smoke --match nothing-*", "no case of suite smoke is selected"},
        };
    }

    @Test(dataProvider = "empty")
    public void nothingSelectedHasItsOwnCode(String line, String expected) {
        Outcome.of(words(line)).refusedWith(ExitCode.NOTHING_SELECTED, expected);
    }

    @DataProvider
    public Object[][] brokenFiles() {
        return new Object[][] {
            {"target: 192.0.2.1\ntaget: x\n", ":2: unknown key 'taget': did you mean target?"},
            {"frobnicate: x\n", ":1: unknown key 'frobnicate'; the keys are the options of `tcpconform run`"},
            {"config: other.yaml\n", ":1: unknown key 'config'"},
            {"jobs: 1\n\njobs: 2\n", ":3: 'jobs' stands twice"},
            {"jobs: many\n", ":1: jobs takes a number from 1 to 512, not 'many'"},
            {"\njobs: [1, 2]\n", ":2: 'jobs' must be a plain value here"},
            {"jobs: {a: 1}\n", ":1: 'jobs' must be a plain value here"},
            {"match: {a: 1}\n", ":1: 'match' must be a plain value here"},
            {"match: [[a]]\n", ":1: 'match' must be a plain value here"},
            {"strict: maybe\n", ":1: 'strict' is true or false, not 'maybe'"},
            {"strict: [true]\n", ":1: 'strict' must be a plain value here"},
            {"service:\n  echo: 70000\n", ":1: service echo takes a number from 1 to 65535, not '70000'"},
            {"service:\n  foo: 7\n", ":1: service: unknown service 'foo'; there are echo, "},
            {"service:\n  echo: 7\n  echo: 8\n", ":1: service: echo is given twice"},
            {"target: 192.0.2.1\nlab: linux\n", "--target and --lab exclude each other"},
            {"out: ''\n", ":1: 'out' has no value"},
            {"target: 192.0.2.1\n---\njobs: 1\n", ":3: a second document begins; there may be one only"},
            {"- target\n", ":1: must be a mapping of options to values"},
            {"target\n", ":1: must be a mapping of options to values"},
            {"target: [192.0.2.1\njobs: 1\n", ":1: 'target' must be a plain value here"},
            {"match: [LI-*\njobs: 1\n", ":2: is not YAML: while parsing a flow sequence"},
            {"target: \"192.0.2.1\njobs: 1\n", ":1: is not YAML: while scanning a quoted scalar: found"},
            {"\tjobs: 1\n", ":1: "},
            {"jobs: *nothing\n", ":1: "},
        };
    }

    @Test(dataProvider = "brokenFiles")
    public void targetFileIsRefusedWithFileAndLine(String yaml, String expected) throws IOException {
        Path file = Files.writeString(dir.resolve("board.yaml"), yaml);
        Outcome outcome = Outcome.of("run", "--config", file.toString(), "--dry-run");
        outcome.refusedWith(ExitCode.USAGE, expected);
        if (expected.startsWith(":")) {
            assertThat(outcome.err()).startsWith("tcpconform: " + file + expected);
        }
    }

    private static final String EXPECTATION = "- id: CL-15\n  expect: fail\n  reason: known\n";

    @DataProvider
    public Object[][] brokenExpectations() {
        return new Object[][] {
            {"- id: XX-99\n  expect: fail\n  reason: known\n", ":1: no case has the id 'XX-99'"},
            {"- id: CL-15\n  expect: fail\n", ":1: CL-15: key 'reason' is missing: each expectation says why"},
            {"- id: CL-15\n  expect: fail\n  reason:\n", ":3: 'reason' is not filled in"},
            {EXPECTATION + "  expires: 2020-01-01\n", ":4: the expectation of CL-15 has expired on 2020-01-01"},
            {EXPECTATION + "  expires: soon\n", ":4: 'expires' must be a date"},
            {EXPECTATION + EXPECTATION, ":4: 'CL-15' stands in line 1 already"},
            {EXPECTATION + "  match: 3\n", ":4: 'match' must be text"},
            {EXPECTATION + "  why: 3\n", ":4: unknown key 'why'"},
        };
    }

    @Test(dataProvider = "brokenExpectations")
    public void expectationsAreRefusedWithFileAndLine(String yaml, String expected) throws IOException {
        Path file = Files.writeString(dir.resolve("expectations.yaml"), yaml);
        Outcome.of("run", "--dry-run", "--strict-expectations", "--expectations", file.toString())
                .refusedWith(ExitCode.USAGE, "tcpconform: " + file + expected);
        Path target = Files.writeString(
                dir.resolve("governed.yaml"), "strict-expectations: true\nexpectations: [" + file + "]\n");
        Outcome.of("run", "--dry-run", "--config", target.toString())
                .refusedWith(ExitCode.USAGE, "tcpconform: " + file + expected);
    }

    @Test
    public void expiredExpectationIsNoMistakeWhereNobodyIsStrict() throws IOException {
        Path file = Files.writeString(dir.resolve("expired.yaml"), EXPECTATION + "  expires: 2020-01-01\n");
        Path target = Files.writeString(
                dir.resolve("lenient.yaml"), "strict-expectations: false\nexpectations: [" + file + "]\n");
        assertThat(Outcome.of("run", "--dry-run", "--config", target.toString()).code())
                .isZero();
    }

    /** The lines speak of cases of suites that are not asked for as well. */
    @Test
    public void expectationsOfLinuxFitTheCases() {
        assertThat(Outcome.of("run", "--dry-run", "--suite", "smoke", "--lab", "linux"))
                .satisfies(o -> assertThat(o.err()).isEmpty())
                .satisfies(o -> assertThat(o.code()).isZero());
    }

    @Test
    public void emptyTargetFileIsNoMistake() throws IOException {
        Path file = Files.writeString(dir.resolve("empty.yaml"), "# nothing yet\n");
        assertThat(Outcome.of("run", "--config", file.toString(), "--dry-run", "--suite", "smoke")
                        .code())
                .isZero();
    }

    @Test
    public void placeOfTheResultsIsLookedAtBeforeAnythingStarts() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "mine");
        Path foreign = Files.createDirectory(dir.resolve("foreign"));
        Path mine = Files.writeString(foreign.resolve("notes.txt"), "mine");
        Outcome.of("run", "--out", file.toString())
                .refusedWith(ExitCode.USAGE, file + ": is not a folder; choose another place with --out");
        Outcome.of("run", "--out", file.resolve("x").toString())
                .refusedWith(
                        ExitCode.USAGE, file.resolve("x") + " cannot be written: a file of that name is in the way");
        Outcome.of("run", "--out", foreign.toString())
                .refusedWith(ExitCode.USAGE, foreign + ": is not empty and holds no results of an earlier run");
        assertThat(mine).hasContent("mine");
        assertThat(file).hasContent("mine");
    }

    @Test
    public void brokenResultsAreNamedWithTheirLine() throws IOException {
        Path run = Files.createDirectory(dir.resolve("run"));
        Path file = run.resolve("results.json");
        for (String text : List.of("", "{", "[]", "{\"schema\": \"1.0\"}", "{\"schema\": \"99.0\", \"cases\": []}")) {
            Files.writeString(file, text);
            Outcome.of("report", run.toString()).refusedWith(ExitCode.USAGE, file.toString());
            assertThat(file).hasContent(text);
        }
        Files.delete(file);
        Files.writeString(run.resolve("cases.jsonl"), "");
        Outcome.of("report", run.toString()).refusedWith(ExitCode.USAGE, "cases.jsonl: holds no run");
    }

    @Test
    public void dryRunListsAndStartsNothing() {
        Outcome outcome = Outcome.of("run", "--dry-run", "--suite", "smoke", "--target", "192.0.2.1");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).containsPattern("(?m)^\\d+ cases, none run$");
    }

    /** A bound says what it leaves out, and a target that nobody brings back is sent nothing after its death. */
    @Test
    public void dryRunSaysWhatItsFiguresLeaveOut() {
        String anew =
                "  and what a case sends that begins anew, with the time it takes: up to 2 times where our own machine"
                        + " disturbed it, up to 3 times where the target does not bear so many side by side";
        String restarts =
                ", and after each restart of the target (60 at the most) where it ran when that died, or had ended"
                        + " in the 2 s before";
        assertThat(Outcome.of("run", "--dry-run", "--suite", "smoke", "--target", "192.0.2.1")
                        .out())
                .contains(anew + "\n");
        assertThat(Outcome.of(
                                "run",
                                "--dry-run",
                                "--suite",
                                "smoke",
                                "--target",
                                "192.0.2.1",
                                "--restart-command",
                                "true")
                        .out())
                .contains(anew + restarts + "\n");
        assertThat(Outcome.of("run", "--dry-run", "--suite", "smoke").out()).contains(anew + restarts + "\n");
    }
}
