package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tcpconform.report.ResultsFolder;
import org.tcpconform.run.CaseDescriptor;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A target file says the same as the options of the same names. */
public class TargetFileTest {
    private static RunSettings settings(String... args) {
        List<String> line = new ArrayList<>(List.of("run"));
        line.addAll(List.of(args));
        return new RunSettings(Arguments.parse(new RunCommand(), line.toArray(String[]::new)), RunOption.ALL);
    }

    private static RunSettings fromFile(String yaml, String... args) throws IOException {
        Path file = Files.createTempFile("target", ".yaml");
        try {
            Files.writeString(file, yaml);
            List<String> line = new ArrayList<>(List.of("--config", file.toString()));
            line.addAll(List.of(args));
            return settings(line.toArray(String[]::new));
        } finally {
            Files.delete(file);
        }
    }

    /** All that the settings say, by getter; a getter that refuses, by its words. */
    private static Map<String, Object> all(RunSettings settings) throws ReflectiveOperationException {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Method getter : RunSettings.class.getDeclaredMethods()) {
            if (getter.getParameterCount() == 0
                    && !java.lang.reflect.Modifier.isPrivate(getter.getModifiers())
                    && !java.lang.reflect.Modifier.isStatic(getter.getModifiers())
                    && !(Set.of("targetAddresses", "approach").contains(getter.getName())
                            && settings.target().isEmpty())) {
                all.put(getter.getName(), comparable(getter.invoke(settings)));
            }
        }
        return all;
    }

    /** Cases by their ids: a row of a table may hold what cannot be compared. */
    private static Object comparable(Object value) {
        return value instanceof List<?> list
                ? list.stream()
                        .map(v -> v instanceof CaseDescriptor c ? c.id() : v)
                        .toList()
                : value;
    }

    @DataProvider
    public Object[][] keys() {
        return new Object[][] {
            {"target", "target: 192.0.2.10", "--target 192.0.2.10"},
            {"name", "name: my board", "--name|my board"},
            {"description", "description: firmware 2.3", "--description|firmware 2.3"},
            {"feature", "feature: [timestamps, sack]", "--feature timestamps --feature sack"},
            {"profile", "profile: P5961", "--profile P5961"},
            {"expectations", "expectations: a.yaml", "--expectations a.yaml"},
            {"expectations", "expectations: [a.yaml, b.yaml]", "--expectations a.yaml --expectations b.yaml"},
            {"strict-expectations", "strict-expectations: true", "--strict-expectations"},
            {"interface", "interface: eth1", "--interface eth1"},
            {"source", "source: 192.0.2.77", "--source 192.0.2.77"},
            {
                "source", "source: [192.0.2.77, 2001:db8::77]", "--source 192.0.2.77 --source 2001:db8::77",
            },
            {"source-mode", "source-mode: host", "--source-mode host"},
            {"vlan", "vlan: 100", "--vlan 100"},
            {"open-port", "open-port: 80", "--open-port 80"},
            {"closed-port", "closed-port: 4", "--closed-port 4"},
            {"service", "service:\n  echo: 7\n  bulk: 19", "--service echo=7 --service bulk=19"},
            {"service", "service: [echo=7, bulk=19]", "--service echo=7 --service bulk=19"},
            {"lab", "lab: other", "--lab other"},
            {"suite", "suite: smoke", "--suite smoke"},
            {"suite", "suite: [smoke, teardown]", "--suite smoke --suite teardown"},
            {"match", "match: [LI-*, HP-*]", "--match LI-* --match HP-*"},
            {"skip", "skip: timer", "--skip timer"},
            {"level", "level: must", "--level must"},
            {"ipv4", "ipv4: true", "--ipv4"},
            {"ipv6", "ipv6: true", "--ipv6"},
            {"jobs", "jobs: 3", "--jobs 3"},
            {"impair", "impair: loss 1%, delay 20ms 10ms", "--impair|loss 1%, delay 20ms 10ms"},
            {"rate", "rate: 500", "--rate 500"},
            {"allow", "allow: intrusive", "--allow intrusive"},
            {"allow", "allow: [intrusive, own-address]", "--allow intrusive --allow own-address"},
            {"isn-samples", "isn-samples: 500", "--isn-samples 500"},
            {"max-connections", "max-connections: 4", "--max-connections 4"},
            {"lockstep", "lockstep: true", "--lockstep"},
            {"restart-command", "restart-command: power cycle", "--restart-command|power cycle"},
            {"seed", "seed: 42", "--seed 42"},
            {"strict", "strict: true", "--strict"},
            {"out", "out: some/where", "--out some/where"},
        };
    }

    @Test(dataProvider = "keys")
    public void keyActsLikeItsOption(String key, String yaml, String line) throws Exception {
        Map<String, Object> asOption = all(settings(line.split(line.contains("|") ? "\\|" : " ")));
        assertThat(all(fromFile(yaml + "\n"))).isEqualTo(asOption);
        assertThat(asOption).as(key + " has an effect").isNotEqualTo(all(settings()));
    }

    /** What a run keeps of its options, for another to go on with it, is a target file that says the same. */
    @Test(dataProvider = "keys")
    public void whatIsKeptSaysTheSame(String key, String yaml, String line) throws Exception {
        Map<String, Object> kept =
                settings(line.split(line.contains("|") ? "\\|" : " ")).toKeep(42);
        assertThat(kept).containsEntry("seed", "42");
        assertThat(kept.containsKey(key)).isEqualTo(!key.equals("out"));
        Path dir = Files.createTempDirectory("kept");
        try {
            ResultsFolder folder = ResultsFolder.use(dir.resolve("out"));
            folder.writeOptions(kept);
            assertThat(settings("--config", folder.options().toString()).toKeep(42))
                    .isEqualTo(kept);
        } finally {
            World.delete(dir);
        }
    }

    @Test
    public void everyKeyIsTried() {
        assertThat(java.util.Arrays.stream(keys()).map(k -> (String) k[0]))
                .containsAll(RunOption.fileKeys().keySet());
    }

    @Test
    public void onlyWhatBelongsToOneStartIsNoKey() {
        Set<String> not = new java.util.TreeSet<>();
        RunOption.ALL.stream().filter(o -> !o.inFile()).forEach(o -> not.add(o.name()));
        assertThat(not).containsExactly("config", "dry-run", "init", "resume");
    }

    @Test
    public void commandLineWins() throws Exception {
        assertThat(fromFile("jobs: 3\nstrict: true\n", "--jobs", "5").jobs()).isEqualTo(5);
        assertThat(fromFile("lab: linux\n", "--target", "192.0.2.1").lab()).isEmpty();
        assertThat(fromFile("target: 192.0.2.1\n", "--lab", "linux").target()).isEmpty();
        assertThat(fromFile("match: [A, B]\n", "--suite", "smoke", "--match", "*")
                        .cases())
                .isNotEmpty();
        assertThat(fromFile("strict: false\n").strict()).isFalse();
        assertThat(fromFile("jobs:\n").jobs()).isEqualTo(48);
    }

    @Test
    public void templateHasEveryKeyAndIsAccepted() throws Exception {
        Outcome init = Outcome.of("run", "--init");
        assertThat(init.code()).isZero();
        // as it is printed only the target is set
        assertThat(all(fromFile(init.out()))).isEqualTo(all(settings("--target", "192.0.2.10")));

        String uncommented = init.out()
                .lines()
                .map(line -> line.matches("#[^ #].*|#  \\S+: \\d+") ? line.substring(1) : line)
                .reduce("", (text, line) -> text + line + "\n");
        Path file = Files.createTempFile("template", ".yaml");
        try {
            Files.writeString(file, uncommented);
            Map<String, Given> read = TargetFile.read(file, RunOption.fileKeys());
            assertThat(read.keySet()).isEqualTo(RunOption.fileKeys().keySet());
            read.forEach((key, given) -> assertThat(given.values()).as(key).isNotEmpty());
            // target and lab exclude each other; all other examples are good values
            Files.writeString(file, uncommented.replaceFirst("(?m)^lab:.*$", ""));
            all(settings("--config", file.toString()));
        } finally {
            Files.delete(file);
        }
    }
}
