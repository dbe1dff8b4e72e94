package org.tcpconform.cli;

import java.util.List;

/**
 * The values of one option, and where they were given.
 *
 * @param where {@code --jobs}, or {@code board.yaml:3: jobs}: what a complaint begins with
 * @param values the values in the order given; empty for a key of a file that has none
 */
record Given(String where, List<String> values) {}
