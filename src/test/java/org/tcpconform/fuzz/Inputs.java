package org.tcpconform.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/** The inputs for {@link HostileFrames} that are kept: what a fuzzer found worth keeping, and what once broke something. */
final class Inputs {
    private Inputs() {}

    static List<byte[]> read() throws IOException {
        try (InputStream in = Inputs.class.getResourceAsStream("inputs.hex")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(HexFormat.of()::parseHex)
                    .toList();
        }
    }

    /** Writes each into a file of a folder, for the fuzzer to begin with. */
    public static void main(String[] folder) throws IOException {
        List<byte[]> inputs = read();
        for (int i = 0; i < inputs.size(); i++) {
            Files.write(Path.of(folder[0], "kept-" + i), inputs.get(i));
        }
    }
}
