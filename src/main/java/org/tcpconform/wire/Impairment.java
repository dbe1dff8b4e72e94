package org.tcpconform.wire;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a network does to frames on their way, in each direction alike and by chance, each frame for itself.
 *
 * @param loss share of frames that are lost, 0 to 1
 * @param delay how long a frame is on its way
 * @param jitter by how much that may be more or less; frames may overtake one another by it
 * @param duplicate share of frames that come twice
 * @param reorder share of frames that are overtaken by those of the next 10 ms
 * @param corrupt share of frames in which one bit is wrong
 * @param bitsPerSecond what the narrowest link takes; 0 for no limit
 */
public record Impairment(
        double loss,
        Duration delay,
        Duration jitter,
        double duplicate,
        double reorder,
        double corrupt,
        long bitsPerSecond) {
    private static final Pattern PERCENT = Pattern.compile("(\\d+(?:\\.\\d+)?)%");
    private static final Pattern TIME = Pattern.compile("(\\d+(?:\\.\\d+)?)ms");
    private static final Pattern RATE = Pattern.compile("(\\d+(?:\\.\\d+)?)([km]?)bit");
    private static final String FORM = "loss 5%, delay 100ms 50ms, duplicate 2%, reorder 10%, corrupt 1%, rate 1mbit";

    /**
     * Reads what {@link #toString} writes, in any order, each part at most once: {@code loss 1%, delay 20ms 10ms}.
     *
     * @throws IllegalArgumentException with one line that says what is wrong
     */
    public static Impairment parse(String text) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String part : text.toLowerCase(Locale.ROOT).split(",")) {
            String[] words = part.strip().split("\\s+", 2);
            if (words.length < 2 || parts.put(words[0], words[1].strip()) != null) {
                throw wrong(part.strip());
            }
        }
        String[] times = parts.getOrDefault("delay", "0ms").split("\\s+");
        if (times.length > 2) {
            throw wrong("delay " + parts.get("delay"));
        }
        Impairment impairment = new Impairment(
                share(parts, "loss"),
                time(times[0]),
                times.length == 1 ? Duration.ZERO : time(times[1]),
                share(parts, "duplicate"),
                share(parts, "reorder"),
                share(parts, "corrupt"),
                rate(parts.get("rate")));
        parts.keySet().removeAll(java.util.List.of("loss", "delay", "duplicate", "reorder", "corrupt", "rate"));
        if (!parts.isEmpty()) {
            throw wrong(parts.keySet().iterator().next());
        }
        if (impairment.jitter.compareTo(impairment.delay) > 0) {
            throw new IllegalArgumentException("the jitter of " + text + " is more than the delay");
        }
        return impairment;
    }

    private static double share(Map<String, String> parts, String name) {
        String text = parts.getOrDefault(name, "0%");
        Matcher percent = PERCENT.matcher(text);
        if (!percent.matches() || Double.parseDouble(percent.group(1)) > 100) {
            throw wrong(name + " " + text);
        }
        return Double.parseDouble(percent.group(1)) / 100;
    }

    private static Duration time(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw wrong("delay " + text);
        }
        return Duration.ofNanos(Math.round(Double.parseDouble(time.group(1)) * 1e6));
    }

    private static long rate(String text) {
        if (text == null) {
            return 0;
        }
        Matcher rate = RATE.matcher(text);
        if (!rate.matches() || Double.parseDouble(rate.group(1)) == 0) {
            throw wrong("rate " + text);
        }
        double unit = switch (rate.group(2)) {
            case "m" -> 1e6;
            case "k" -> 1e3;
            default -> 1;
        };
        return Math.round(Double.parseDouble(rate.group(1)) * unit);
    }

    private static IllegalArgumentException wrong(String part) {
        return new IllegalArgumentException("'" + part + "' impairs nothing; write it as in: " + FORM);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        percent(text, "loss", loss);
        if (!delay.isZero()) {
            part(text, "delay " + milliseconds(delay) + (jitter.isZero() ? "" : " " + milliseconds(jitter)));
        }
        percent(text, "duplicate", duplicate);
        percent(text, "reorder", reorder);
        percent(text, "corrupt", corrupt);
        if (bitsPerSecond > 0) {
            part(text, "rate " + bitsPerSecond + "bit");
        }
        return text.toString();
    }

    private static void percent(StringBuilder text, String name, double share) {
        if (share > 0) {
            part(text, name + " " + number(share * 100) + "%");
        }
    }

    private static void part(StringBuilder text, String part) {
        text.append(text.isEmpty() ? "" : ", ").append(part);
    }

    private static String milliseconds(Duration time) {
        return number(time.toNanos() / 1e6) + "ms";
    }

    private static String number(double value) {
        return new java.math.BigDecimal(String.format(Locale.ROOT, "%.6f", value))
                .stripTrailingZeros()
                .toPlainString();
    }
}
