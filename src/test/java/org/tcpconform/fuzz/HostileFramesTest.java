package org.tcpconform.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.testng.annotations.Test;

/** What {@code tools/fuzz} does for long and guided by coverage, for a moment and at random. */
public class HostileFramesTest {
    private static final int INPUTS = 100_000;
    private static final int LONGEST = 1500;

    @Test
    public void whatIsKeptBreaksNothing() throws IOException {
        List<byte[]> inputs = Inputs.read();
        assertThat(inputs).hasSizeGreaterThan(100);
        inputs.forEach(HostileFramesTest::breaksNothing);
    }

    @Test
    public void whatIsLikeItBreaksNothing() throws IOException {
        List<byte[]> inputs = Inputs.read();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < INPUTS; i++) {
            breaksNothing(changed(inputs.get(random.nextInt(inputs.size())), inputs, random));
        }
    }

    private static void breaksNothing(byte[] input) {
        assertThatCode(() -> HostileFrames.fuzzerTestOneInput(input))
                .as("add it to inputs.hex: " + HexFormat.of().formatHex(input))
                .doesNotThrowAnyException();
    }

    private static byte[] changed(byte[] input, List<byte[]> others, Random random) {
        byte[] changed = input.clone();
        if (random.nextBoolean()) {
            byte[] other = others.get(random.nextInt(others.size()));
            int cut = random.nextInt(changed.length + 1);
            int from = random.nextInt(other.length + 1);
            int length = Math.min(LONGEST, cut + other.length - from);
            changed = Arrays.copyOf(changed, length);
            System.arraycopy(other, from, changed, cut, Math.max(0, length - cut));
        }
        for (int flips = random.nextInt(4); flips > 0 && changed.length > 0; flips--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
        }
        return changed;
    }
}
