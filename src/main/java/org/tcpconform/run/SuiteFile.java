package org.tcpconform.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.tcpconform.requirement.Family;
import org.testng.TestNGException;
import org.testng.xml.XmlClass;
import org.testng.xml.XmlSuite;
import org.testng.xml.XmlTest;
import org.testng.xml.internal.Parser;

/**
 * A suite: a TestNG suite file whose classes or packages hold the cases, and whose parameters {@code match},
 * {@code skip} (globs, separated by commas) and {@code intrusive} (true or false) choose among them.
 *
 * @param name name of the suite
 * @param classes classes that hold cases
 * @param selection what its parameters choose
 */
public record SuiteFile(String name, List<Class<?>> classes, Selection selection) {
    private static final Set<String> PARAMETERS = Set.of("match", "skip", "intrusive", "description");

    /** The suite cannot be had; the message is one line for the user. */
    public static final class SuiteException extends RuntimeException {
        public SuiteException(String message) {
            super(message);
        }
    }

    /** Whether a suite is named by the path of its file, and not by its name in the folder {@code suites}. */
    public static boolean isFile(String nameOrFile, Path suites) {
        return nameOrFile.contains("/") || !Files.isRegularFile(named(nameOrFile, suites));
    }

    private static Path named(String name, Path suites) {
        return suites.resolve(name + ".xml");
    }

    /**
     * Reads a suite.
     *
     * @param nameOrFile name of a file {@code suites/NAME.xml}, or a path
     * @param suites the folder {@code suites}
     * @throws SuiteException if there is none, or it cannot be read
     */
    public static SuiteFile load(String nameOrFile, Path suites) {
        Path file = isFile(nameOrFile, suites) ? Path.of(nameOrFile) : named(nameOrFile, suites);
        if (!Files.isRegularFile(file)) {
            throw new SuiteException("unknown suite " + nameOrFile + ": there are " + String.join(", ", names(suites))
                    + ", or give the path of a suite file");
        }
        try {
            List<XmlSuite> parsed = List.copyOf(new Parser(file.toString()).parseToList());
            if (parsed.size() != 1) {
                throw new SuiteException(file + " holds " + parsed.size() + " suites; there must be one");
            }
            return of(parsed.get(0), file);
        } catch (NullPointerException | ClassCastException e) {
            // TestNG's parser takes any XML for a suite and falls over it
            throw new SuiteException("cannot read the suite " + file + ": it is no TestNG suite");
        } catch (IOException | TestNGException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            String where = cause instanceof org.xml.sax.SAXParseException sax ? ", line " + sax.getLineNumber() : "";
            throw new SuiteException("cannot read the suite " + file + where + ": " + firstLine(cause.getMessage()));
        }
    }

    private static String firstLine(String message) {
        return message == null
                ? "it is no TestNG suite"
                : message.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    }

    private static SuiteFile of(XmlSuite suite, Path file) {
        Map<String, String> parameters = suite.getParameters();
        for (String key : parameters.keySet()) {
            if (!PARAMETERS.contains(key)) {
                throw new SuiteException("suite " + file + ": unknown parameter " + key + "; there are "
                        + String.join(", ", PARAMETERS.stream().sorted().toList()));
            }
        }
        Set<Class<?>> classes = new LinkedHashSet<>();
        for (XmlTest test : suite.getTests()) {
            for (XmlClass named : test.getXmlClasses()) {
                classes.add(named.getSupportClass());
            }
            test.getXmlPackages().forEach(p -> p.getXmlClasses().forEach(c -> classes.add(c.getSupportClass())));
        }
        return new SuiteFile(
                suite.getName(),
                List.copyOf(classes),
                new Selection(
                        globs(parameters.get("match")),
                        globs(parameters.get("skip")),
                        null,
                        Set.of(Family.values()),
                        Boolean.parseBoolean(parameters.get("intrusive"))));
    }

    private static List<String> globs(String list) {
        return list == null || list.isBlank()
                ? List.of()
                : Stream.of(list.split(",")).map(String::strip).toList();
    }

    /** Names of the suites in a folder. */
    public static List<String> names(Path suites) {
        try (Stream<Path> files = Files.list(suites)) {
            return files.map(p -> p.getFileName().toString())
                    .filter(n -> n.endsWith(".xml"))
                    .map(n -> n.substring(0, n.length() - 4))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The cases that the suite and {@code further} choose, in order of id. */
    public List<CaseDescriptor> cases(Selection further) {
        List<CaseDescriptor> all = new ArrayList<>();
        classes.forEach(c -> all.addAll(CaseDescriptor.of(c)));
        all.sort(java.util.Comparator.comparing(CaseDescriptor::id));
        return further.choose(selection.choose(all));
    }
}
