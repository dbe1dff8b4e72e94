package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.StreamSupport;
import org.tcpconform.requirement.Family;
import org.tcpconform.testkit.Bench;
import org.tcpconform.testkit.MiniStack;
import org.tcpconform.verdict.Verdict;
import org.testng.annotations.Test;

/** Cases that the lab's Linux does not pass, so that the oracle cannot try them there, fail when they should elsewhere. */
public class OracleElsewhereTest {
    /** What Linux is known not to pass, as globs. */
    private static List<String> notOnLinux() throws IOException {
        JsonNode lines = new ObjectMapper(new YAMLFactory())
                .readTree(Bench.suites().resolve("expectations/linux.yaml").toFile());
        return StreamSupport.stream(lines.spliterator(), false)
                .map(line -> line.get("id").asText())
                .map(id -> id.matches(".*(\\*|-v[46])") ? id : id + "-v*")
                .toList();
    }

    @Test
    public void whatLinuxDoesNotPassIsProvedOnATargetThatKeepsTheRules() throws IOException {
        try (Bench bench = Bench.open()) {
            bench.stack().supporting(MiniStack.Feature.values());
            List<CaseDescriptor> cases = SuiteFile.load("default", Bench.suites())
                    .cases(new Selection(notOnLinux(), List.of("timer"), null, EnumSet.allOf(Family.class), false));
            List<OracleResult.Trial> trials = new Oracle(
                            bench.station(), bench.target(), 1, Runs.JOBS, 0, false, null, Survivors.NONE)
                    .run(cases);
            // source routes that are taken, and a link that takes larger segments than ours: nobody here has them
            List<OracleResult.Trial> tried = trials.stream()
                    .filter(t -> !t.verdict().equals(Verdict.NOT_APPLICABLE.name()))
                    .toList();
            assertThat(tried).hasSizeGreaterThan(trials.size() * 4 / 5).hasSizeGreaterThan(30);
            assertThat(tried).allSatisfy(t -> {
                assertThat(t.notTried()).as(t.id()).isNull();
                assertThat(t.survivors()).as(t.id()).isEmpty();
                assertThat(t.verdicts().get(Verdict.FAIL)).as(t.id()).isPositive();
            });
        }
    }
}
