package org.tcpconform.run;

/** Brings back a target that no longer answers. */
@FunctionalInterface
public interface Revival {
    /**
     * Starts the target anew; returns when that is done, whether or not it answers already.
     *
     * @throws RuntimeException with one line that says why, if it cannot be started
     */
    void restart();
}
