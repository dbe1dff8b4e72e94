package org.tcpconform.requirement;

import java.util.List;
import org.tcpconform.verdict.Level;

/**
 * One requirement of the catalogue.
 *
 * @param id such as {@code RFC9293-MUST-12}, or {@code RFC9293-3.10.7.2-3} where the RFC gives no label
 * @param rfc number of the RFC
 * @param section section or sections, such as {@code 3.10.7.2}
 * @param level how much it binds
 * @param negative whether it forbids
 * @param keyword whether the RFC uses the upper-case key word; otherwise the level is our reading of its prose
 * @param group topic
 * @param text the requirement in our words
 * @param observable least access that shows it: {@code passive}, {@code active}, {@code api} or {@code internal}
 * @param states states in which it applies
 * @param feature optional feature that it belongs to; empty for none
 * @param absence what shows that the feature is absent; empty for none
 * @param profiles permitted outcomes that differ by profile, as {@code profile: outcome}
 */
public record Rule(
        String id,
        int rfc,
        String section,
        Level level,
        boolean negative,
        boolean keyword,
        String group,
        String text,
        String observable,
        List<String> states,
        String feature,
        String absence,
        List<String> profiles) {

    /** The word to show for how much it binds: the RFC's key word, or one of our own for prose. */
    public String label() {
        return level.label(keyword) + (negative && keyword ? " NOT" : "");
    }

    /** The first of its sections. */
    public String firstSection() {
        return section.split("[,; ]")[0];
    }
}
