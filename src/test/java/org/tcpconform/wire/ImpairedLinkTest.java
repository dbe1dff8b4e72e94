package org.tcpconform.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.tcpconform.testkit.Bench.OUR_MAC;
import static org.tcpconform.testkit.Bench.TARGET_MAC;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.segment.MacAddress;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ImpairedLinkTest {
    private static final int FRAMES = 2_000;
    /** Nobody waits so long unless something is wrong. */
    private static final long PATIENCE_SECONDS = 20;

    private record Seen(long timeNanos, byte[] frame) {
        int number() {
            return ByteBuffer.wrap(frame).getInt(14);
        }
    }

    private final BlockingQueue<Seen> captured = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> carried = new LinkedBlockingQueue<>();
    private ImpairedLink link;

    private MemoryLink open(String impairment) {
        close();
        captured.clear();
        carried.clear();
        MemoryLink clean = new MemoryLink(LinkLayer.ETHERNET);
        clean.target(carried::add);
        link = new ImpairedLink(clean, OUR_MAC, Impairment.parse(impairment), 1);
        link.start((time, frame) -> captured.add(new Seen(time, frame)));
        return clean;
    }

    @AfterMethod(alwaysRun = true)
    public void close() {
        if (link != null) {
            link.close();
            link = null;
        }
    }

    private static byte[] frame(MacAddress from, MacAddress to, int number) {
        return ByteBuffer.allocate(60)
                .put(to.octets())
                .put(from.octets())
                .putShort((short) 0x0800)
                .putInt(number)
                .array();
    }

    private static byte[] arriving(int number) {
        return frame(TARGET_MAC, OUR_MAC, number);
    }

    /** The frames that came through, of so many that arrived; the last is one that is sent after them. */
    private List<Seen> through(String impairment) throws InterruptedException {
        MemoryLink clean = open(impairment);
        for (int i = 0; i < FRAMES; i++) {
            clean.arrive(arriving(i));
        }
        return drained();
    }

    private List<Seen> drained() throws InterruptedException {
        List<Seen> seen = new ArrayList<>();
        for (Seen next = captured.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                next != null;
                next = captured.poll(300, TimeUnit.MILLISECONDS)) {
            seen.add(next);
        }
        return seen;
    }

    @Test
    public void whatIsSentIsCapturedAtOnceAndOnceAndThenImpaired() throws InterruptedException {
        open("loss 50%");
        for (int i = 0; i < FRAMES; i++) {
            link.send(frame(OUR_MAC, TARGET_MAC, i));
        }
        assertThat(drained()).extracting(Seen::number).hasSize(FRAMES).isSorted();
        assertThat(carried).hasSizeBetween(FRAMES * 2 / 5, FRAMES * 3 / 5);
    }

    @Test
    public void losesAShare() throws InterruptedException {
        assertThat(through("loss 10%")).hasSizeBetween(FRAMES * 85 / 100, FRAMES * 95 / 100);
    }

    @Test
    public void losesNothingWhereNothingIsAsked() throws InterruptedException {
        assertThat(through("delay 1ms"))
                .extracting(Seen::number)
                .hasSize(FRAMES)
                .isSorted();
    }

    @Test
    public void bringsAShareTwice() throws InterruptedException {
        assertThat(through("duplicate 10%")).hasSizeBetween(FRAMES * 105 / 100, FRAMES * 115 / 100);
    }

    @Test
    public void letsAShareBeOvertaken() throws InterruptedException {
        List<Seen> seen = through("reorder 10%");
        assertThat(seen).hasSize(FRAMES);
        assertThat(seen).extracting(Seen::number).doesNotHaveDuplicates().isNotEqualTo(sorted(seen));
    }

    private static List<Integer> sorted(List<Seen> seen) {
        return seen.stream().map(Seen::number).sorted().toList();
    }

    @Test
    public void flipsOneBitBehindTheEthernetHeader() throws InterruptedException {
        MemoryLink clean = open("corrupt 100%");
        clean.arrive(arriving(7));
        byte[] frame = captured.poll(PATIENCE_SECONDS, TimeUnit.SECONDS).frame();
        byte[] sent = arriving(7);
        assertThat(Arrays.copyOf(frame, 14)).isEqualTo(Arrays.copyOf(sent, 14));
        int bits = 0;
        for (int i = 14; i < frame.length; i++) {
            bits += Integer.bitCount((frame[i] ^ sent[i]) & 0xff);
        }
        assertThat(bits).isEqualTo(1);
    }

    @Test
    public void delaysByStampAndByClock() throws InterruptedException {
        MemoryLink clean = open("delay 200ms 50ms");
        long before = System.nanoTime();
        clean.arrive(arriving(1));
        Seen seen = captured.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(System.nanoTime() - before).isGreaterThan(150_000_000L);
        assertThat(seen).isNotNull();
    }

    @Test
    public void aNarrowLinkTakesItsTimeForEachFrame() throws InterruptedException {
        MemoryLink clean = open("rate 480kbit");
        for (int i = 0; i < 100; i++) {
            clean.arrive(arriving(i));
        }
        List<Seen> seen = drained();
        // 480 bits each: one in a millisecond
        long took = seen.get(99).timeNanos() - seen.get(0).timeNanos();
        assertThat(took).isGreaterThan(90_000_000L);
    }

    @DataProvider
    public Object[][] impairments() {
        return new Object[][] {
            {"loss 5%", "loss 5%"},
            {"LOSS 0.5%,delay 100ms 50ms", "loss 0.5%, delay 100ms 50ms"},
            {"duplicate 2%, reorder 10%, corrupt 1%", "duplicate 2%, reorder 10%, corrupt 1%"},
            {"rate 1mbit", "rate 1000000bit"},
            {"delay 1.5ms, rate 64kbit", "delay 1.5ms, rate 64000bit"},
        };
    }

    @Test(dataProvider = "impairments")
    public void isReadAsItIsWritten(String given, String written) {
        assertThat(Impairment.parse(given)).hasToString(written);
        assertThat(Impairment.parse(written)).isEqualTo(Impairment.parse(given));
    }

    @DataProvider
    public Object[][] mistakes() {
        return new Object[][] {
            {"", "''"},
            {"loss", "'loss'"},
            {"loss 5", "'loss 5'"},
            {"loss 101%", "'loss 101%'"},
            {"loss 1%, loss 2%", "'loss 2%'"},
            {"delay 5", "'delay 5'"},
            {"delay 1ms 1ms 1ms", "'delay 1ms 1ms 1ms'"},
            {"delay 10ms 20ms", "the jitter"},
            {"rate 0mbit", "'rate 0mbit'"},
            {"rate fast", "'rate fast'"},
            {"noise 5%", "'noise'"},
        };
    }

    @Test(dataProvider = "mistakes")
    public void aMistakeIsSaidInOneLine(String given, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Impairment.parse(given))
                .withMessageContaining(said)
                .matches(e -> !e.getMessage().contains("\n"));
    }
}
