package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tcpconform.suite.rfc9293.S3_1_EverySegment;
import org.tcpconform.testkit.Bench;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** The oracle finds the cases that pass whatever comes, and clears those that do not. */
public class OracleTest {
    private Path root;
    private Map<String, OracleResult.Trial> trials;
    private Survivors known;

    @BeforeClass
    public void run() throws IOException {
        root = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "oracle-");
        known = Survivors.read(Files.writeString(root.resolve("survivors.yaml"), """
                - {id: LX-LAX-v4, mutant: "* inverted", reason: it is lax}
                - {id: LX-STRICT-v4, mutant: lost, reason: nobody needs this}
                - {id: LX-ELSEWHERE-v4, mutant: lost, reason: not tried}
                """));
        trials = trials(0, 1);
    }

    private Map<String, OracleResult.Trial> trials(int sample, long seed) {
        try (Bench bench = Bench.open()) {
            return new Oracle(bench.station(), bench.target(), seed, Runs.JOBS, sample, true, root, known)
                            .run(Stream.of(LaxCases.class, S3_1_EverySegment.class)
                                    .flatMap(type -> CaseDescriptor.of(type).stream())
                                    .toList())
                            .stream()
                            .collect(Collectors.toMap(OracleResult.Trial::id, t -> t));
        }
    }

    private OracleResult.Trial trial(String id) {
        return trials.get(id);
    }

    private static List<String> survivors(OracleResult.Trial trial) {
        return trial.survivors().stream().map(OracleResult.Survivor::mutant).toList();
    }

    @Test
    public void caseThatJudgesAllKillsAll() {
        OracleResult.Trial strict = trial("LX-STRICT-v4");
        assertThat(strict.mutants()).isGreaterThan(10);
        assertThat(strict.survivors()).isEmpty();
        assertThat(strict.killed()).isEqualTo(strict.mutants());
        assertThat(strict.notCarriedOut()).isEmpty();
        assertThat(strict.points()).singleElement().satisfies(p -> {
            assertThat(p.kind()).isEqualTo("answer");
            assertThat(p.expected()).contains("<CTL=RST,ACK>");
            assertThat(p.open()).contains("window + 1", "PSH inverted").doesNotContain("lost", "SEQ + 1");
            assertThat(p.judged()).as("no code looks at it").isEmpty();
        });
    }

    @Test
    public void silenceIsBrokenAndTheStateDisproved() {
        OracleResult.Trial quiet = trial("LX-QUIET-v6");
        assertThat(quiet.survivors()).isEmpty();
        assertThat(quiet.preambles()).as("the handshake").isEqualTo(1);
        assertThat(quiet.points())
                .extracting(OracleResult.Point::kind)
                .containsExactly("silence", "proof of the state");
        assertThat(quiet.points()).allSatisfy(p -> assertThat(p.killed()).isPositive());
    }

    @Test
    public void caseThatTakesAnythingIsFoundOut() {
        OracleResult.Trial lax = trial("LX-LAX-v4");
        assertThat(lax.killed()).isZero();
        assertThat(survivors(lax)).contains("lost", "RST inverted", "ACK in its place", "wrong checksum");
        assertThat(lax.survivors()).allSatisfy(s -> {
            assertThat(s.verdict()).isEqualTo("PASS");
            if (!s.mutant().equals("lost")) {
                assertThat(root.resolve(s.capture())).isNotEmptyFile();
            }
        });
    }

    @Test
    public void survivorsHaveTheReasonThatIsGiven() {
        assertThat(trial("LX-LAX-v4").survivors())
                .allSatisfy(
                        s -> assertThat(s.reason()).isEqualTo(s.mutant().endsWith(" inverted") ? "it is lax" : null));
        assertThat(known.needless(List.copyOf(trials.values()))).containsExactly("LX-STRICT-v4: lost");
    }

    @Test
    public void noiseInASilenceIsFoundOut() {
        assertThat(survivors(trial("LX-DEAF-v4")))
                .hasSize(7)
                .allSatisfy(name -> assertThat(name).endsWith("where silence is due"));
    }

    @Test
    public void faultOfTheHarnessIsNoJudgement() {
        assertThat(trial("LX-FAULT-v4").survivors())
                .extracting(OracleResult.Survivor::verdict)
                .isNotEmpty()
                .containsOnly("ERROR");
        assertThat(survivors(trial("LX-FAULT-v4"))).contains("without MSS");
    }

    @Test
    public void whatTheCaseLooksAtItselfIsShown() {
        OracleResult.Trial itself = trial("LX-ITSELF-v4");
        assertThat(itself.byItself()).isTrue();
        assertThat(itself.mutants()).isZero();
        assertThat(itself.points())
                .singleElement()
                .satisfies(p -> assertThat(p.judged()).contains("urgent pointer + 1"));
    }

    @Test
    public void ruleOnAllThatCameIsContradictedByOneOrByAll() {
        OracleResult.Trial rule = trial("LX-RULE-v4");
        assertThat(rule.survivors()).isEmpty();
        assertThat(rule.notCarriedOut()).isEmpty();
        assertThat(rule.verdicts().get(Verdict.FAIL)).isGreaterThan(15);
        List<OracleResult.Point> rules = rule.points().stream()
                .filter(p -> p.kind().equals("rule on all that came"))
                .toList();
        assertThat(rules)
                .extracting(OracleResult.Point::expected)
                .containsExactly("sends 20 octets back", "does not set PSH nowhere");
        assertThat(rules.get(0).open())
                .contains("window + 1 in all", "PSH inverted in one", "twice in all")
                .doesNotContain("lost in one", "no data in one", "SEQ + 1 in one", "all but the first lost");
        assertThat(rules.get(1).killed()).isEqualTo(rules.get(1).mutants()).isPositive();
    }

    @Test
    public void ruleThatIsNotHeededIsFoundOut() {
        assertThat(survivors(trial("LX-RULE-LAX-v4")))
                .contains("one octet of data more in one")
                .hasSize(trial("LX-RULE-LAX-v4").mutants());
    }

    @Test
    public void caseOfTheWholeRunJudgesWhatOthersReceived() {
        for (String id : List.of("CK-08-RUN-v4", "CK-08-IP-RUN-v4", "HD-03-RUN-v4", "OP-21-RUN-v4", "OP-13-RUN-v4")) {
            OracleResult.Trial run = trial(id);
            assertThat(run.notTried()).as(id).isNull();
            assertThat(run.verdicts().get(Verdict.FAIL)).as(id).isPositive().isEqualTo(run.mutants());
        }
        assertThat(trial("CK-08-IP-RUN-v4").mutants()).isEqualTo(1);
        assertThat(trial("HD-03-RUN-v4").mutants()).as("each of the four bits").isEqualTo(4);
        assertThat(trial("OP-21-RUN-v4").points().get(0).open()).contains("wrong checksum", "SEQ + 1");
        assertThat(trial("OP-13-RUN-v4").mutants()).isEqualTo(1);
        assertThat(trial("HD-03-RUN-v6").notTried()).isNull();
    }

    @Test
    public void whatDoesNotPassIsNotTried() {
        assertThat(trial("LX-FAILS-v4").notTried())
                .isEqualTo("it does not pass: FAIL (the target reset the connection)");
        assertThat(trial("LX-FAILS-v4").mutants()).isZero();
    }

    @Test
    public void changeHitsWhatIsSentAgain() {
        assertThat(trial("LX-AGAIN-v4").survivors()).isEmpty();
        assertThat(trial("LX-AGAIN-v4").killed()).isGreaterThan(10);
    }

    @Test
    public void sampleIsDrawnByTheSeed() {
        assertThat(trials(4, 7).keySet()).hasSize(4).isEqualTo(trials(4, 7).keySet());
    }

    @Test
    public void totalsAreThoseOfTheCases() {
        OracleResult result =
                OracleResult.of(null, null, "test", 1, 0, 0, 0, null, List.copyOf(trials.values()), List.of());
        assertThat(result.mutants())
                .isEqualTo(trials.values().stream()
                        .mapToInt(OracleResult.Trial::mutants)
                        .sum());
        assertThat(result.mutants() - result.killed())
                .isEqualTo(trials.values().stream()
                        .mapToInt(t -> t.survivors().size())
                        .sum());
        assertThat(result.proven()).isFalse();
        assertThat(result.requirements().get("RFC9293-3.10.7.4-18"))
                .isEqualTo(trial("LX-QUIET-v6").tally());
        assertThat(result.verdicts().values().stream().mapToInt(n -> n).sum()).isEqualTo(result.mutants());
        assertThat(result.verdicts().get(Verdict.PASS) + result.verdicts().get(Verdict.ERROR))
                .isEqualTo(result.mutants() - result.killed());
        assertThat(result.cases())
                .allSatisfy(c ->
                        assertThat(c.weak()).hasSize(c.killed() - c.verdicts().get(Verdict.FAIL)));
        OracleResult sound =
                OracleResult.of(null, null, "test", 1, 0, 0, 0, null, List.of(trial("LX-STRICT-v4")), List.of());
        assertThat(sound.proven()).isTrue();
    }

    @Test
    public void brokenFileOfSurvivorsIsRefused() throws IOException {
        for (String text : List.of("- {id: A, mutant: b}", "- {id: A, mutant: b, reason: c, else: d}", "- [", "x")) {
            Path file = Files.writeString(root.resolve("broken.yaml"), text);
            assertThatThrownBy(() -> Survivors.read(file))
                    .as(text)
                    .isInstanceOf(ExpectationsException.class)
                    .hasMessageStartingWith(file.toString())
                    .message()
                    .doesNotContain("\n");
        }
        assertThatThrownBy(() -> Survivors.read(root.resolve("absent.yaml"))).hasMessageContaining("no such file");
    }

    @AfterClass(alwaysRun = true)
    public void forget() throws IOException {
        if (root != null) {
            try (java.util.stream.Stream<Path> files = Files.walk(root)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .map(Path::toFile)
                        .forEach(java.io.File::delete);
            }
        }
    }
}
