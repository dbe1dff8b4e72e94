package org.tcpconform.lab;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A lab that is up, as recorded on disk.
 *
 * @param id what it is called in {@code lab down} and {@code run --lab}
 * @param lab the lab's name
 * @param state {@link #STARTING} or {@link #UP}
 * @param pid the process that holds the tester's namespace and the target's life; while starting, the one that waits
 * @param pidStarted when that process started, in clock ticks since boot: with the boot's id it tells a reused pid
 * @param boot the boot's id
 * @param rootless whether it lives in a user namespace of its own
 * @param targetPid a process in the target's namespace
 * @param interfaceName the tester's end of the link
 * @param lockstep whether each segment waits until the target has read the one before
 */
public record LabRecord(
        @JsonProperty("id") String id,
        @JsonProperty("lab") String lab,
        @JsonProperty("state") String state,
        @JsonProperty("pid") long pid,
        @JsonProperty("pidStarted") long pidStarted,
        @JsonProperty("boot") String boot,
        @JsonProperty("rootless") boolean rootless,
        @JsonProperty("targetPid") long targetPid,
        @JsonProperty("description") String description,
        @JsonProperty("interface") String interfaceName,
        @JsonProperty("targetAddresses") List<String> targetAddresses,
        @JsonProperty("sourceAddresses") List<String> sourceAddresses,
        @JsonProperty("services") Map<String, Integer> services,
        @JsonProperty("closedPort") int closedPort,
        @JsonProperty("features") Set<String> features,
        @JsonProperty("lockstep") boolean lockstep) {

    public static final String STARTING = "starting";
    public static final String UP = "up";

    /** How to use the lab and look into it, as lines for the user. */
    public List<String> instructions() {
        String user = rootless ? " --user --preserve-credentials" : "";
        return List.of(
                "judge it:         tools/tcpconform run --lab " + id,
                "watch the link:   nsenter --target " + pid + user + " --net tcpdump -ni " + interfaceName,
                "look inside:      nsenter --target " + targetPid + user + " --net ss -tan",
                "end it:           tools/tcpconform lab down " + id);
    }
}
