package org.tcpconform.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whoever starts the tests under nohup, or in the background of a script, ignores signals, and what a process ignores its
 * children do as well: a JVM then never hears of them.
 */
public final class Signals {
    private static final List<String> HEARD = List.of("env", "--default-signal=HUP,INT,QUIT");
    private static final boolean CAN_BE_RESET = canBeReset();

    private Signals() {}

    /** The command as one that hears signals again; as it is where env(1) is too old for that (before coreutils 8.31). */
    public static List<String> heardBy(List<String> command) {
        List<String> all = new ArrayList<>(CAN_BE_RESET ? HEARD : List.of());
        all.addAll(command);
        return all;
    }

    private static boolean canBeReset() {
        List<String> probe = new ArrayList<>(HEARD);
        probe.add("true");
        try {
            return new ProcessBuilder(probe).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
