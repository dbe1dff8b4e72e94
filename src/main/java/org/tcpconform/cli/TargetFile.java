package org.tcpconform.cli;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tcpconform.verdict.FileTrouble;

/**
 * A YAML file whose keys are the long options of {@code run}, one to one. A value is a scalar, a list, or for
 * {@code service} a mapping of names to ports.
 */
final class TargetFile {
    private TargetFile() {}

    /**
     * The options of a file.
     *
     * @throws UsageException with file and line, if it cannot be read, is no such YAML, or has an unknown or repeated key
     */
    static Map<String, Given> read(Path file, Map<String, RunOption> known) {
        Map<String, Given> values = new LinkedHashMap<>();
        try (JsonParser parser = new YAMLFactory().createParser(Files.readString(file, StandardCharsets.UTF_8))) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return values;
            }
            if (first != JsonToken.START_OBJECT) {
                throw at(file, parser.currentTokenLocation(), "must be a mapping of options to values");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                JsonLocation where = parser.currentTokenLocation();
                RunOption option = known.get(key);
                if (option == null) {
                    throw at(
                            file,
                            where,
                            "unknown key '" + key + "'"
                                    + Suggestion.of(key, known.keySet())
                                            .map(s -> ": did you mean " + s + "?")
                                            .orElse("; the keys are the options of `tcpconform run`"));
                }
                Given given = new Given(file + ":" + where.getLineNr() + ": " + key, values(file, parser, key, option));
                if (values.put(key, given) != null) {
                    throw at(file, where, "'" + key + "' stands twice");
                }
            }
            if (parser.nextToken() != null) {
                throw at(file, parser.currentTokenLocation(), "a second document begins; there may be one only");
            }
            return values;
        } catch (NoSuchFileException e) {
            throw new UsageException("there is no file " + file);
        } catch (JsonProcessingException e) {
            throw at(file, e.getLocation(), words(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UsageException("cannot read " + file + ": " + FileTrouble.reason(e));
        }
    }

    private static List<String> values(Path file, JsonParser parser, String key, RunOption option) throws IOException {
        List<String> values = new ArrayList<>();
        JsonToken token = parser.nextToken();
        JsonLocation where = parser.currentTokenLocation();
        if (token == JsonToken.START_ARRAY && option.repeated()) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                values.add(scalar(file, parser, key));
            }
        } else if (token == JsonToken.START_OBJECT && key.equals("service")) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                values.add(name + "=" + scalar(file, parser, key));
            }
        } else if (option.argument() == null) {
            String text = scalar(file, parser, key);
            if (!text.equals("true") && !text.equals("false")) {
                throw at(file, where, "'" + key + "' is true or false, not '" + text + "'");
            }
            values.add(text);
        } else if (token != JsonToken.VALUE_NULL) {
            values.add(scalar(file, parser, key));
        }
        return values;
    }

    private static String scalar(Path file, JsonParser parser, String key) throws IOException {
        if (!parser.currentToken().isScalarValue()) {
            throw at(file, parser.currentTokenLocation(), "'" + key + "' must be a plain value here");
        }
        String text = parser.getText();
        if (text.isBlank()) {
            throw at(file, parser.currentTokenLocation(), "'" + key + "' has no value");
        }
        return text;
    }

    private static UsageException at(Path file, JsonLocation where, String what) {
        return new UsageException(file + (where == null ? "" : ":" + where.getLineNr()) + ": " + what);
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
}
