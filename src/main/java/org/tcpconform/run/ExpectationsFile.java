package org.tcpconform.run;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tcpconform.verdict.FailureCode;
import org.tcpconform.verdict.FileTrouble;
import org.tcpconform.verdict.Verdict;

/**
 * An expectations file as read: a YAML list of mappings. Whatever is wrong with it becomes one line that begins with file
 * and line number.
 *
 * @param name the file, as it was named
 * @param text the lines of its text
 * @param include the file that it builds on, as it names it; null for none
 * @param included that file
 * @param entries what it expects itself, in order
 */
record ExpectationsFile(
        String name, List<String> text, String include, ExpectationsFile included, List<Entry> entries) {
    static final String INCLUDE = "include";
    private static final List<String> KEYS =
            List.of("id", "expect", "reason", "reference", "applies", "expires", "match", "unsteady");
    private static final List<String> CONDITIONS = List.of("name", "description");

    /**
     * One entry.
     *
     * @param file the file, as it was named
     * @param line where it begins, from 1
     * @param ids ids of cases, with or without their version of IP, or globs
     * @param expect the verdict; PASS takes back what an included file expects
     * @param reason why
     * @param reference where to look it up; empty for nowhere
     * @param applies globs that the target's {@code name} and {@code description} must fit
     * @param expires last day that it holds; null for no end
     * @param expiresLine line of that day
     * @param match failure codes, of which one must be the cause; empty for any
     * @param unsteady whether the target also keeps the rule, by a timing of its own, so that a PASS says nothing
     */
    record Entry(
            String file,
            int line,
            List<String> ids,
            Verdict expect,
            String reason,
            String reference,
            Map<String, String> applies,
            LocalDate expires,
            int expiresLine,
            List<String> match,
            boolean unsteady) {

        String where() {
            return file + ":" + line;
        }

        /** What it is called: all its ids. */
        String id() {
            return String.join(", ", ids);
        }

        boolean isFor(String name, String description) {
            return fits(applies.get("name"), name) && fits(applies.get("description"), description);
        }

        private static boolean fits(String glob, String text) {
            return glob == null || Selection.pattern(glob).matcher(text).matches();
        }

        /** Those of the cases that it speaks of. */
        List<String> among(Set<String> cases) {
            return ids.stream()
                    .flatMap(id -> among(id, cases).stream())
                    .distinct()
                    .toList();
        }

        /** Those of its ids that fit none of the cases. */
        List<String> strange(Set<String> cases) {
            return ids.stream()
                    .filter(id -> cases.stream().noneMatch(fitting(id)))
                    .toList();
        }

        private static List<String> among(String id, Set<String> cases) {
            return cases.stream().filter(fitting(id)).toList();
        }

        /** Most ids are no globs, and there are thousands of cases to hold them against. */
        private static Predicate<String> fitting(String id) {
            if (id.indexOf('*') < 0 && id.indexOf('?') < 0) {
                return c -> id.equalsIgnoreCase(c) || id.equalsIgnoreCase(withoutFamily(c));
            }
            Pattern pattern = Selection.pattern(id);
            return c -> pattern.matcher(c).matches()
                    || pattern.matcher(withoutFamily(c)).matches();
        }
    }

    /** The id of a case without its version of IP. */
    static String withoutFamily(String id) {
        return id.endsWith("-v4") || id.endsWith("-v6") ? id.substring(0, id.length() - 3) : id;
    }

    /** Its own entries and those of the file that it builds on. */
    List<Entry> all() {
        return included == null
                ? entries
                : Stream.concat(included.all().stream(), entries.stream()).toList();
    }

    static ExpectationsFile read(Path file) {
        return read(file, List.of());
    }

    /** @param from the files that led here, each including the next */
    private static ExpectationsFile read(Path file, List<Path> from) {
        Path path = file.normalize();
        if (from.contains(path)) {
            throw new ExpectationsException(path + " includes itself");
        }
        try {
            List<Path> trail = Stream.concat(from.stream(), Stream.of(path)).toList();
            return read(
                    file.toString(),
                    Files.readString(file, StandardCharsets.UTF_8),
                    other -> read(path.resolveSibling(other), trail));
        } catch (NoSuchFileException e) {
            throw new ExpectationsException("there is no file " + file);
        } catch (IOException e) {
            throw new ExpectationsException("cannot read " + file + ": " + FileTrouble.reason(e));
        }
    }

    /** A text that includes no file. */
    static ExpectationsFile read(String name, String text) {
        return read(name, text, other -> {
            throw new ExpectationsException("there is no file " + other);
        });
    }

    private static ExpectationsFile read(String name, String text, Function<String, ExpectationsFile> others) {
        try (JsonParser parser = new YAMLFactory().createParser(text)) {
            Reader reader = new Reader(name, parser, others);
            List<Entry> entries = reader.entries();
            return new ExpectationsFile(name, text.lines().toList(), reader.include, reader.included, entries);
        } catch (JsonProcessingException e) {
            throw at(name, line(e.getLocation()), words(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new ExpectationsException("cannot read " + name + ": " + e.getMessage());
        }
    }

    private static ExpectationsException at(String name, int line, String what) {
        return new ExpectationsException(name + (line < 1 ? "" : ":" + line) + ": " + what);
    }

    private static int line(JsonLocation location) {
        return location == null ? 0 : location.getLineNr();
    }

    /** What the parser says, without the places that it quotes on indented lines. */
    private static String words(String message) {
        return message == null
                ? "is not YAML"
                : message.lines()
                        .filter(line -> !line.isBlank() && !line.startsWith(" "))
                        .map(String::strip)
                        .collect(Collectors.joining(": ", "is not YAML: ", ""));
    }

    private static final class Reader {
        private final String name;
        private final JsonParser parser;
        private final Function<String, ExpectationsFile> others;
        private String include;
        private ExpectationsFile included;

        Reader(String name, JsonParser parser, Function<String, ExpectationsFile> others) {
            this.name = name;
            this.parser = parser;
            this.others = others;
        }

        private ExpectationsException here(String what) {
            return at(name, line(parser.currentTokenLocation()), what);
        }

        List<Entry> entries() throws IOException {
            List<Entry> entries = new ArrayList<>();
            JsonToken first = parser.nextToken();
            if (first == null || first == JsonToken.VALUE_NULL) {
                return entries;
            }
            if (first != JsonToken.START_ARRAY) {
                throw here("must be a list of expectations, each beginning with '- id: '");
            }
            Map<Object, Entry> seen = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    throw here("must be a mapping with the keys " + String.join(", ", KEYS));
                }
                int begin = line(parser.currentTokenLocation());
                JsonToken key = parser.nextToken();
                if (key == JsonToken.FIELD_NAME && parser.currentName().equals(INCLUDE)) {
                    if (included != null || !entries.isEmpty()) {
                        throw here("'include' stands once, before all expectations");
                    }
                    include();
                    continue;
                }
                Entry entry = entry(begin);
                for (String id : entry.ids()) {
                    Entry other = seen.putIfAbsent(List.of(id.toUpperCase(Locale.ROOT), entry.applies()), entry);
                    if (other != null) {
                        throw at(name, entry.line(), "'" + id + "' stands in line " + other.line() + " already");
                    }
                }
                entries.add(entry);
            }
            if (parser.nextToken() != null) {
                throw here("a second document begins; there may be one only");
            }
            return List.copyOf(entries);
        }

        private void include() throws IOException {
            int line = line(parser.currentTokenLocation());
            parser.nextToken();
            include = text(INCLUDE);
            try {
                included = others.apply(include);
            } catch (InvalidPathException e) {
                throw at(name, line, "'include' must be the name of a file");
            } catch (ExpectationsException e) {
                throw at(name, line, e.getMessage());
            }
            if (parser.nextToken() != JsonToken.END_OBJECT) {
                throw here("'include' stands alone; what it is followed by begins with '- id: '");
            }
        }

        /** The parser is at the first key, or at the end of an empty mapping. */
        private Entry entry(int begin) throws IOException {
            Set<String> keys = new HashSet<>();
            List<String> ids = null;
            Verdict expect = null;
            String reason = null;
            String reference = "";
            Map<String, String> applies = Map.of();
            LocalDate expires = null;
            int expiresLine = 0;
            List<String> match = List.of();
            int matchLine = 0;
            boolean unsteady = false;
            for (; parser.currentToken() == JsonToken.FIELD_NAME; parser.nextToken()) {
                String key = parser.currentName();
                if (!KEYS.contains(key)) {
                    throw here("unknown key '" + key + "'; the keys are " + String.join(", ", KEYS));
                }
                if (!keys.add(key)) {
                    throw here("'" + key + "' stands twice");
                }
                parser.nextToken();
                int here = line(parser.currentTokenLocation());
                switch (key) {
                    case "id" -> ids = list(() -> text(key));
                    case "expect" -> expect = verdict(text(key));
                    case "reason" -> reason = reason();
                    case "reference" -> reference = text(key);
                    case "applies" -> applies = conditions();
                    case "expires" -> {
                        expires = date();
                        expiresLine = here;
                    }
                    case "match" -> {
                        match = list(this::code);
                        matchLine = here;
                    }
                    default -> unsteady = flag(key);
                }
            }
            for (String key : List.of("id", "expect", "reason")) {
                if (!keys.contains(key)) {
                    throw at(
                            name,
                            begin,
                            (ids == null ? "" : String.join(", ", ids) + ": ") + "key '" + key + "' is missing"
                                    + (key.equals("reason") ? ": each expectation says why" : ""));
                }
            }
            for (String code : match) {
                Verdict of = FailureCode.find(code).orElseThrow().verdict();
                if (of != expect) {
                    throw at(name, matchLine, "the code " + code + " goes with " + word(of) + ", not " + word(expect));
                }
            }
            return new Entry(
                    name, begin, ids, expect, reason, reference, applies, expires, expiresLine, match, unsteady);
        }

        private boolean flag(String key) throws IOException {
            return switch (parser.currentToken().isScalarValue() ? parser.getText() : "") {
                case "true" -> true;
                case "false" -> false;
                default -> throw here("'" + key + "' is true or false");
            };
        }

        private String text(String key) throws IOException {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw here("'" + key + "' must be text"
                        + (parser.currentToken().isScalarValue()
                                ? ", not " + parser.getText() + " (put it in quotes)"
                                : ""));
            }
            if (parser.getText().isBlank()) {
                throw here("'" + key + "' has no value");
            }
            return parser.getText().strip();
        }

        private String reason() throws IOException {
            boolean empty = parser.currentToken() == JsonToken.VALUE_NULL
                    || parser.currentToken() == JsonToken.VALUE_STRING
                            && parser.getText().isBlank();
            if (empty) {
                throw here("'reason' is not filled in: each expectation says why");
            }
            return text("reason");
        }

        private Verdict verdict(String word) {
            if (included != null && word.equals("pass")) {
                return Verdict.PASS;
            }
            return switch (word) {
                case "fail" -> Verdict.FAIL;
                case "inconclusive" -> Verdict.INCONCLUSIVE;
                case "not-applicable" -> Verdict.NOT_APPLICABLE;
                default -> throw here("'expect' is fail, inconclusive or not-applicable, not '" + word + "'");
            };
        }

        private LocalDate date() throws IOException {
            String text = parser.currentToken().isScalarValue() ? parser.getText() : "";
            try {
                return LocalDate.parse(text);
            } catch (DateTimeException e) {
                throw here("'expires' must be a date such as 2027-01-31, not '" + text + "'");
            }
        }

        private Map<String, String> conditions() throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw here("'applies' must be a mapping of name or description to a glob");
            }
            Map<String, String> conditions = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                if (!CONDITIONS.contains(key)) {
                    throw here("unknown key '" + key + "' of 'applies'; the keys are " + String.join(", ", CONDITIONS));
                }
                parser.nextToken();
                if (conditions.put(key, text(key)) != null) {
                    throw here("'" + key + "' stands twice");
                }
            }
            return Map.copyOf(conditions);
        }

        /** One value, or a list of them. */
        private List<String> list(Value value) throws IOException {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                return List.of(value.read());
            }
            List<String> values = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                values.add(value.read());
            }
            if (values.isEmpty()) {
                throw here("the list is empty");
            }
            return List.copyOf(values);
        }

        private interface Value {
            String read() throws IOException;
        }

        private String code() throws IOException {
            String code = text("match");
            if (FailureCode.find(code).isEmpty()) {
                throw here("unknown failure code '" + code + "'; there are "
                        + String.join(", ", FailureCode.of(Verdict.FAIL)) + " for fail, "
                        + String.join(", ", FailureCode.of(Verdict.INCONCLUSIVE)) + " for inconclusive, "
                        + String.join(", ", FailureCode.of(Verdict.NOT_APPLICABLE)) + " for not-applicable");
            }
            return code;
        }
    }

    /** A verdict as the file has it. */
    static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
