package org.tcpconform.run;

import java.util.List;
import java.util.Map;

/**
 * What a run says of the target beyond single cases.
 *
 * @param profile which of the permitted rule sets it follows
 * @param features which optional features it has
 * @param requirements one outcome for each requirement of the catalogue
 */
public record Conformance(ProfileFound profile, List<FeatureFound> features, List<RequirementResult> requirements) {
    /**
     * The rule set by which the verdicts were given.
     *
     * @param name short name, such as {@code P5961D}
     * @param demanded whether the user demanded it; otherwise it was found by probing
     * @param probes what each probe saw
     */
    public record ProfileFound(String name, boolean demanded, Map<String, String> probes) {}

    /**
     * An optional feature.
     *
     * @param name its name in target files
     * @param meaning what it is
     * @param source the RFC that defines it
     * @param presence {@code present}, {@code absent} or {@code unknown}
     * @param claimed whether the target is said to have it, so that its absence is a failure
     * @param evidence what the finding rests on
     */
    public record FeatureFound(
            String name, String meaning, String source, String presence, boolean claimed, String evidence) {}
}
