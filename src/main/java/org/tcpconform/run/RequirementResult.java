package org.tcpconform.run;

import java.util.List;
import org.tcpconform.verdict.Level;
import org.tcpconform.verdict.Outcome;

/**
 * What a run says of one requirement.
 *
 * @param id id of the requirement
 * @param rfc number of the RFC
 * @param section section or sections
 * @param level how much it binds
 * @param keyword whether the RFC uses the key word; otherwise it is prose, and never called MUST
 * @param label the word to show: {@code MUST}, {@code SHOULD NOT}, {@code rule}, …
 * @param text the requirement in our words
 * @param outcome what it is found to be
 * @param finding one sentence: what was found, or why it was not judged
 * @param cases ids of the cases that judged it in this run
 */
public record RequirementResult(
        String id,
        int rfc,
        String section,
        Level level,
        boolean keyword,
        String label,
        String text,
        Outcome outcome,
        String finding,
        List<String> cases) {}
