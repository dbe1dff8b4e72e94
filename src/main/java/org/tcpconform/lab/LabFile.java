package org.tcpconform.lab;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tcpconform.verdict.FileTrouble;

/** Reads a lab.yaml. Whatever is wrong with it becomes one line that begins with file and line number. */
final class LabFile {
    /** What may stand as ${…} in build and start. */
    static final Set<String> PLACEHOLDERS =
            Set.of("java", "jar", "lab", "build", "interface", "address4", "address6", "kernel", "services");

    /** What may stand as ${…} in the description. */
    private static final Set<String> OF_DESCRIPTION = Set.of("kernel", "version", "built");

    /** A word of its own in start: the program of {@link Services}, with its options, that the ports follow. */
    private static final String SERVICES_WORD = "${services}";

    private static final List<String> SERVICES = List.of(
            "${java}",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            // its file in /tmp is named by pid, which is small and the same in every lab
            "-XX:-UsePerfData",
            "-Xmx128m",
            "-cp",
            "${jar}",
            Services.class.getName());

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private static final YAMLMapper MAPPER = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private LabFile() {}

    static LabDescriptor read(Path file) {
        Content content;
        try {
            String text = Files.readString(file);
            content = MAPPER.readValue(text, Content.class);
        } catch (JsonProcessingException e) {
            throw new LabFileException(file + line(e.getLocation()) + ": " + explain(e), e);
        } catch (IOException e) {
            throw new LabFileException(file + ": cannot be read: " + FileTrouble.reason(e), e);
        }
        if (content == null) {
            throw new LabFileException(file + ":1: is empty");
        }
        Path folder = file.toAbsolutePath().normalize().getParent();
        // Only now: a mistyped key is better reported as unknown than as missing.
        content.keys().forEach((key, value) -> {
            if (value == null) {
                throw new LabFileException(file + ": key '" + key + "' is missing");
            }
        });
        if (!content.name.equals(folder.getFileName().toString())) {
            throw new LabFileException(
                    file + ": name '" + content.name + "' is not the folder's, '" + folder.getFileName() + "'");
        }
        Map<String, Integer> services = new LinkedHashMap<>();
        content.services.forEach((service, port) -> services.put(service, port.number));
        if (services.containsValue(content.closedPort.number)) {
            throw new LabFileException(
                    file + ": closed-port " + content.closedPort.number + " is the port of a service");
        }
        return new LabDescriptor(
                content.name,
                folder,
                words(file, "description", List.of(content.description), OF_DESCRIPTION)
                        .get(0),
                orEmpty(content.packages),
                words(file, "build", content.build, PLACEHOLDERS),
                words(file, "start", content.start, PLACEHOLDERS),
                content.ready.line,
                Duration.ofSeconds(content.ready.within.seconds),
                content.stack == null ? LabDescriptor.Stack.KERNEL : content.stack.stack,
                content.addresses.target.stream().map(a -> a.subnet).toList(),
                content.addresses.tester.stream().map(a -> a.address).toList(),
                Collections.unmodifiableMap(services),
                content.closedPort.number,
                Collections.unmodifiableSet(new LinkedHashSet<>(orEmpty(content.features))),
                content.maxConnections == null ? 0 : content.maxConnections.number,
                content.lockstep);
    }

    private static List<String> words(Path file, String key, List<String> command, Set<String> known) {
        for (String word : orEmpty(command)) {
            Matcher matcher = PLACEHOLDER.matcher(word);
            while (matcher.find()) {
                if (!known.contains(matcher.group(1))) {
                    throw new LabFileException(file + ": " + key + ": unknown placeholder " + matcher.group()
                            + "; known: " + sorted(known));
                }
                if (matcher.group().equals(SERVICES_WORD) && !word.equals(SERVICES_WORD)) {
                    throw new LabFileException(file + ": " + key + ": " + SERVICES_WORD + " must be a word of its own");
                }
            }
        }
        return orEmpty(command);
    }

    /** A command with the values in their places. */
    static List<String> command(List<String> words, Map<String, String> values) {
        return words.stream()
                .flatMap(word -> word.equals(SERVICES_WORD) ? SERVICES.stream() : Stream.of(word))
                .map(word -> fill(word, values))
                .toList();
    }

    /** Puts values in the place of ${…}. A placeholder without a value (no IPv6 address, say) becomes nothing. */
    static String fill(String text, Map<String, String> values) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), "")));
    }

    private static String explain(JsonProcessingException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            return "unknown key '" + path(unknown) + "'; known: " + sorted(unknown.getKnownPropertyIds());
        }
        if (e instanceof ValueInstantiationException invalid
                && invalid.getCause() instanceof IllegalArgumentException) {
            return "'" + path(invalid) + "' " + invalid.getCause().getMessage();
        }
        if (e instanceof MismatchedInputException mismatch) {
            return "'" + path(mismatch) + "' must be " + wanted(mismatch.getTargetType());
        }
        return e.getOriginalMessage().strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static String wanted(Class<?> type) {
        if (type == null) {
            return "something else";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        if (Map.class.isAssignableFrom(type)
                || type == Ready.class
                || type == Addresses.class
                || type == Content.class) {
            return "a block of keys";
        }
        return type == String.class ? "text" : "a whole number";
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() != null ? step.getFieldName() : "item " + (step.getIndex() + 1))
                .collect(Collectors.joining("."));
    }

    private static String sorted(Collection<?> names) {
        return names.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
    }

    private static String line(JsonLocation location) {
        return location == null || location.getLineNr() < 1 ? "" : ":" + location.getLineNr();
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    private static InetAddress address(String text) {
        // Only literals: a name would be looked up.
        if (!IPV4.matcher(text).matches() && text.indexOf(':') < 0) {
            throw new IllegalArgumentException("is not an IP address: " + text);
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("is not an IP address: " + text, e);
        }
    }

    // Fields rather than records: with these the parser notices an unknown key at its own line.

    private static final class Content {
        @JsonProperty("name")
        String name;

        @JsonProperty("description")
        String description;

        @JsonProperty("packages")
        List<String> packages;

        @JsonProperty("build")
        List<String> build;

        @JsonProperty("start")
        List<String> start;

        @JsonProperty("ready")
        Ready ready;

        @JsonProperty("stack")
        StackName stack;

        @JsonProperty("addresses")
        Addresses addresses;

        @JsonProperty("services")
        Map<String, Port> services;

        @JsonProperty("closed-port")
        Port closedPort;

        @JsonProperty("features")
        List<String> features;

        @JsonProperty("max-connections")
        Count maxConnections;

        @JsonProperty("lockstep")
        boolean lockstep;

        /** The keys that must be there, with their values. */
        Map<String, Object> keys() {
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put("name", name);
            keys.put("description", description);
            keys.put("start", start);
            keys.put("ready", ready);
            keys.put("ready.line", ready == null ? null : ready.line);
            keys.put("ready.within-seconds", ready == null ? null : ready.within);
            keys.put("addresses", addresses);
            keys.put("addresses.target", addresses == null ? null : addresses.target);
            keys.put("addresses.tester", addresses == null ? null : addresses.tester);
            keys.put("services", services);
            keys.put("closed-port", closedPort);
            return keys;
        }
    }

    private static final class Ready {
        @JsonProperty("line")
        String line;

        @JsonProperty("within-seconds")
        Seconds within;
    }

    private static final class Addresses {
        @JsonProperty("target")
        List<Target> target;

        @JsonProperty("tester")
        List<Tester> tester;
    }

    // Values with a rule of their own are types of their own, so that a mistake is reported at their line.

    private static final class Port {
        final int number;

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Port(int number) {
            if (number < 1 || number > 65535) {
                throw new IllegalArgumentException("must be a port from 1 to 65535, not " + number);
            }
            this.number = number;
        }
    }

    private static final class Count {
        final int number;

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Count(int number) {
            if (number < 1) {
                throw new IllegalArgumentException("must be 1 or more, not " + number);
            }
            this.number = number;
        }
    }

    private static final class Seconds {
        final int seconds;

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Seconds(int seconds) {
            if (seconds < 1 || seconds > 600) {
                throw new IllegalArgumentException("must be from 1 to 600, not " + seconds);
            }
            this.seconds = seconds;
        }
    }

    private static final class StackName {
        final LabDescriptor.Stack stack;

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        StackName(String name) {
            this.stack = switch (name) {
                case "kernel" -> LabDescriptor.Stack.KERNEL;
                case "own" -> LabDescriptor.Stack.OWN;
                case "tap" -> LabDescriptor.Stack.TAP;
                default -> throw new IllegalArgumentException("must be kernel, own or tap, not " + name);
            };
        }
    }

    private static final class Target {
        final LabDescriptor.Subnet subnet;

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Target(String text) {
            int slash = text.indexOf('/');
            if (slash < 0) {
                throw new IllegalArgumentException("must have a prefix length, as in 192.0.2.10/24: " + text);
            }
            InetAddress address = address(text.substring(0, slash));
            int most = address instanceof Inet4Address ? 32 : 128;
            String length = text.substring(slash + 1);
            if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > most) {
                throw new IllegalArgumentException("has no prefix length from 0 to " + most + ": " + text);
            }
            this.subnet = new LabDescriptor.Subnet(address, Integer.parseInt(length));
        }
    }

    private static final class Tester {
        final InetAddress address;

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Tester(String text) {
            this.address = LabFile.address(text);
        }
    }
}
