package org.tcpconform.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.tcpconform.bench.Profile.Part;
import org.testng.annotations.Test;

public class ProfileTest {
    @Test
    public void aSampleBelongsToTheFirstPartThatIsOnItsStack() {
        assertThat(Part.of(List.of(
                        "java.lang.String", "org.tcpconform.report.Journal", "org.tcpconform.run.Expectations$1")))
                .isEqualTo(Part.JOURNAL);
        assertThat(Part.of(
                        List.of("org.tcpconform.wire.Station", "org.tcpconform.run.AttemptGuard", "org.testng.TestNG")))
                .isEqualTo(Part.ATTEMPTS);
        assertThat(Part.of(List.of("org.tcpconform.report.AllureHtml$Storage", "org.tcpconform.report.Reports")))
                .isEqualTo(Part.ALLURE_PAGE);
        assertThat(Part.of(List.of("java.lang.Thread"))).isEqualTo(Part.OTHER);
    }
}
