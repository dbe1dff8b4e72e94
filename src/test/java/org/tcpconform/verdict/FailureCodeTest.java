package org.tcpconform.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tcpconform.segment.FrameRule;
import org.testng.annotations.Test;

public class FailureCodeTest {
    private static final Path SOURCES = Path.of("src/main/java/org/tcpconform");

    /** Where a code begins: the first argument of what makes a failure, and the two places that choose one. */
    private static final Pattern GIVEN = Pattern.compile(
            "(?:Failure\\.of|findings\\.of|new Failure|broken)\\(\\s*(?:\\w+ \\? )?\"([a-z-]+)\"(?: : \"([a-z-]+)\")?"
                    + "|\\bcode = (?:\\w+ \\? )?\"([a-z-]+)\"");

    /** The same, of the list itself. */
    private static final Pattern GIVEN_BY_NAME =
            Pattern.compile("(?:Failure\\.of|new Failure)\\(\\s*FailureCode\\.([A-Z_]+)\\.code\\(\\)");

    private static Map<String, Path> given() throws IOException {
        Map<String, Path> codes = new TreeMap<>();
        for (String room : List.of("peer", "run", "suite")) {
            try (Stream<Path> files = Files.walk(SOURCES.resolve(room))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    String source = Files.readString(file);
                    GIVEN_BY_NAME
                            .matcher(source)
                            .results()
                            .forEach(r ->
                                    codes.put(FailureCode.valueOf(r.group(1)).code(), file));
                    Matcher m = GIVEN.matcher(source);
                    while (m.find()) {
                        for (int i = 1; i <= m.groupCount(); i++) {
                            if (m.group(i) != null) {
                                codes.put(m.group(i), file);
                            }
                        }
                    }
                }
            }
        }
        // the field in which an answer differs makes a code as well
        Path segment = SOURCES.resolve("segment/Segment.java");
        Matcher m = Pattern.compile("new Difference\\(\\s*\"([^\"]+)\"|(?:sequence|number)\\(found, \"([^\"]+)\"")
                .matcher(Files.readString(segment));
        while (m.find()) {
            String field = m.group(1) == null ? m.group(2) : m.group(1);
            codes.put("wrong-" + field.toLowerCase(java.util.Locale.ROOT).replace(' ', '-'), segment);
        }
        for (FrameRule rule : FrameRule.values()) {
            codes.put(rule.code(), SOURCES.resolve("segment/FrameRule.java"));
        }
        return codes;
    }

    @Test
    public void everyCodeThatIsGivenIsInTheList() throws IOException {
        assertThat(given())
                .as("the search finds them")
                .containsKeys("no-answer", "wrong-state", "gap", "not-offered", "not-reproducible");
        given().forEach((code, file) -> assertThat(FailureCode.find(code))
                .as("the code " + code + " in " + file + " is missing in FailureCode")
                .isPresent());
    }

    @Test
    public void everyCodeInTheListIsGiven() throws IOException {
        TreeSet<String> listed = new TreeSet<>();
        for (FailureCode code : FailureCode.values()) {
            listed.add(code.code());
        }
        listed.removeAll(given().keySet());
        // chosen where an answer came that differs in no field
        listed.removeAll(List.of("unexpected-reset", "wrong-answer", "no-sign-of-life"));
        assertThat(listed).as("codes that nothing gives any longer").isEmpty();
    }

    @Test
    public void codesAreDistinctAndReadable() {
        assertThat(Arrays.stream(FailureCode.values()).map(FailureCode::code))
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("[a-z]+(-[a-z]+)*"));
        assertThat(Arrays.stream(FailureCode.values()).map(FailureCode::verdict))
                .doesNotContain(Verdict.PASS);
        assertThat(FailureCode.of(Verdict.NOT_APPLICABLE)).containsExactly("not-offered", "feature-absent");
        assertThat(FailureCode.find("frobnicated")).isEmpty();
    }

    @Test
    public void theTableForPeopleIsTheSame() throws IOException {
        String table = Files.readString(Path.of("CONTRIBUTING.md"));
        for (FailureCode code : FailureCode.values()) {
            assertThat(table).contains("| `" + code.code() + "` | " + code.verdict() + " | " + code.meaning() + " |\n");
        }
    }
}
