package org.tcpconform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.tcpconform.run.Preflight;
import org.tcpconform.testkit.Bench;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** How many cases run side by side against a target that has few connections. */
public class EnduranceTest {
    @DataProvider
    public static Object[][] targets() {
        return new Object[][] {
            // said beforehand, has room for, jobs
            {0, Integer.MAX_VALUE, 32},
            {0, 5, 2},
            {0, 1, 1},
            {4, Integer.MAX_VALUE, 2},
            {200, 5, 32},
        };
    }

    @Test(dataProvider = "targets")
    public void targetOfFewConnectionsGetsFewJobs(int said, int slots, int jobs) {
        try (Bench bench = Bench.open()) {
            bench.stack().slots(slots);
            RunCommand.Endurance endurance = new RunCommand.Endurance(said, null);
            assertThat(endurance.jobs(32, new Preflight(bench.station(), 1), bench.target()))
                    .isEqualTo(jobs);
        }
    }
}
