package org.tcpconform.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.tcpconform.requirement.Catalogue;
import org.tcpconform.requirement.Ledger;
import org.tcpconform.requirement.Rule;
import org.tcpconform.run.Coverage.Line;
import org.tcpconform.run.Coverage.Status;
import org.testng.annotations.Test;

/** Which cases judge a requirement. */
public class CoverageTest {
    private static final List<CaseDescriptor> SAMPLES = CaseDescriptor.of(SampleCases.class);

    private static Line line(List<CaseDescriptor> cases, String id) {
        return Coverage.of(cases).stream()
                .filter(l -> l.rule().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    public void judgedRequirementHasItsCases() {
        Line line = line(SAMPLES, "RFC7323-5.2-2");
        assertThat(line.status()).isEqualTo(Status.JUDGED);
        assertThat(line.reason()).isEmpty();
        assertThat(line.cases()).containsExactlyInAnyOrder("SA-ROW-A-v4", "SA-ROW-A-v6", "SA-ROW-B-v4");
        assertThat(line(SAMPLES, "RFC9293-3.10.7.1-1").cases())
                .as("also that of a case that is mainly about another")
                .contains("SA-ROW-B-v4", "SA-PASS-v6");
    }

    @Test
    public void otherRequirementHasTheReasonOfTheLedger() {
        Ledger.get().all().forEach((id, entry) -> {
            Line line = line(SAMPLES, id);
            assertThat(line.status().word()).as(id).isEqualTo(entry.status().word());
            assertThat(line.reason()).as(id).isEqualTo(entry.reason());
            assertThat(line.cases()).as(id).isEmpty();
        });
    }

    @Test
    public void requirementOfNoCaseAndNoLedgerHasAReasonAllTheSame() {
        Line line = line(List.of(), "RFC9293-3.10.7.1-1");
        assertThat(line.status()).isEqualTo(Status.NOT_YET);
        assertThat(line.reason()).isNotBlank();
    }

    @Test
    public void thereIsALineForEachRequirement() {
        assertThat(Coverage.of(SAMPLES))
                .extracting(l -> l.rule().id())
                .containsExactlyElementsOf(
                        Catalogue.get().all().stream().map(Rule::id).toList());
    }
}
