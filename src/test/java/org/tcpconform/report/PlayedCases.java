package org.tcpconform.report;

import java.util.List;
import org.tcpconform.run.CaseResult;
import org.tcpconform.run.RunListener;
import org.testng.SkipException;
import org.testng.TestNG;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Stands for the cases of a run under TestNG: what is thrown is what the runner throws for each verdict. */
public class PlayedCases {
    private static RunListener listener;
    private static List<CaseResult> cases;

    /** Plays the given outcomes, several side by side. */
    static void run(List<CaseResult> outcomes, RunListener to) {
        listener = to;
        cases = outcomes;
        TestNG testng = new TestNG(false);
        testng.setUseDefaultListeners(false);
        testng.setVerbose(0);
        testng.setTestClasses(new Class<?>[] {PlayedCases.class});
        testng.setDataProviderThreadCount(4);
        testng.run();
    }

    @BeforeMethod
    public void noise() {
        // a set-up method, as real cases have; no report may show it
    }

    @DataProvider(parallel = true)
    public Object[] rows() {
        return cases.toArray();
    }

    @Test(dataProvider = "rows")
    public void row(CaseResult c) {
        listener.ended(c);
        switch (c.verdict()) {
            case PASS -> {}
            case FAIL -> throw new AssertionError("the message of the exception");
            case NOT_APPLICABLE -> throw new SkipException("the reason of the exception");
            case INCONCLUSIVE, ERROR -> throw new IllegalStateException("the message of the exception");
        }
    }
}
