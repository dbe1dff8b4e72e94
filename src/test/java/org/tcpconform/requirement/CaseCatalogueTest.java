package org.tcpconform.requirement;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.tcpconform.peer.Peer;
import org.tcpconform.run.CaseDescriptor;
import org.tcpconform.run.Selection;
import org.tcpconform.run.SuiteFile;
import org.tcpconform.testkit.Bench;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What must hold for all cases, however many there are. */
public class CaseCatalogueTest {
    private static final Pattern ID = Pattern.compile("^[A-Z]{2,3}-[A-Z0-9+.-]+-v[46]$");
    private static final Pattern TAG = Pattern.compile("^[a-z0-9-]+$");

    private static final List<Class<?>> CLASSES = classes();

    private static List<Class<?>> classes() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.tcpconform.suite").stream()
                        .filter(c -> c.isTopLevelClass())
                        .<Class<?>>map(c -> c.reflect())
                        .filter(c -> methods(c).findAny().isPresent())
                        .toList();
    }

    private static Stream<Method> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods()).filter(m -> m.isAnnotationPresent(Case.class));
    }

    static List<CaseDescriptor> cases() {
        List<CaseDescriptor> cases = new ArrayList<>();
        CLASSES.forEach(c -> cases.addAll(CaseDescriptor.of(c)));
        return cases;
    }

    @DataProvider
    public static Object[][] caseClasses() {
        return CLASSES.stream().map(c -> new Object[] {c}).toArray(Object[][]::new);
    }

    @Test
    public void thereAreCases() {
        assertThat(cases()).isNotEmpty();
    }

    @Test
    public void idsAreWellFormedAndStandOnce() {
        Map<String, Long> ids =
                cases().stream().collect(Collectors.groupingBy(CaseDescriptor::id, Collectors.counting()));
        assertThat(ids.keySet()).allMatch(ID.asMatchPredicate());
        assertThat(ids.entrySet().stream().filter(e -> e.getValue() > 1)).isEmpty();
    }

    /** A title stands in a list behind the id: {@code CL-01-v4 answers a SYN to a closed port with …}. */
    @Test(dataProvider = "caseClasses")
    public void titlesReadAsWhatTheTargetDoes(Class<?> type) {
        SoftAssertions softly = new SoftAssertions();
        for (CaseDescriptor c : CaseDescriptor.of(type)) {
            softly.assertThat(c.title())
                    .as(c.id())
                    .isNotBlank()
                    .doesNotContain("{}", "  ")
                    .doesNotEndWith(".")
                    .isEqualTo(c.title().strip());
            softly.assertThat(Character.isLowerCase(c.title().charAt(0)))
                    .as("%s begins in lower case: %s", c.id(), c.title())
                    .isTrue();
        }
        softly.assertAll();
    }

    @Test(dataProvider = "caseClasses")
    public void casesOfATableDiffer(Class<?> type) {
        Map<Object, List<CaseDescriptor>> titles =
                CaseDescriptor.of(type).stream().collect(Collectors.groupingBy(c -> c.title() + c.family()));
        titles.values()
                .forEach(same -> assertThat(same)
                        .as("titles that say which row it is: %s", same.get(0).title())
                        .hasSize(1));
    }

    /** TestNG finds a case by {@code @Test} and makes the object by the constructor without arguments. */
    @Test(dataProvider = "caseClasses")
    public void testNgCanRunThem(Class<?> type) throws Exception {
        SoftAssertions softly = new SoftAssertions();
        softly.assertThat(Modifier.isPublic(type.getModifiers())).isTrue();
        softly.assertThat(type.getDeclaredConstructor()).isNotNull();
        methods(type).forEach(m -> {
            Case annotation = m.getAnnotation(Case.class);
            softly.assertThat(m.isAnnotationPresent(Test.class))
                    .as("%s has @Test", m)
                    .isTrue();
            softly.assertThat(Modifier.isPublic(m.getModifiers()))
                    .as("%s is public", m)
                    .isTrue();
            softly.assertThat(m.getReturnType()).as("%s", m).isEqualTo(void.class);
            softly.assertThat(m.getParameterTypes()).as("%s", m).startsWith(Peer.class);
            softly.assertThat(m.getParameterCount())
                    .as("%s takes a row if it has a table", m)
                    .isEqualTo(annotation.rows().isEmpty() ? 1 : 2);
            softly.assertThat(annotation.needs()).as("%s", m).isNotEmpty();
            softly.assertThat(annotation.families()).as("%s", m).isNotEmpty();
            softly.assertThat(annotation.seconds()).as("%s", m).isPositive();
            softly.assertThat(annotation.tags()).as("%s", m).allMatch(TAG.asMatchPredicate());
        });
        Stream.of(type.getDeclaredMethods())
                .filter(m -> m.isAnnotationPresent(Test.class))
                .forEach(m -> softly.assertThat(m.isAnnotationPresent(Case.class))
                        .as("%s has @Case", m)
                        .isTrue());
        softly.assertAll();
    }

    /** The runner chooses methods by their name. */
    @Test(dataProvider = "caseClasses")
    public void methodNamesStandOnce(Class<?> type) {
        assertThat(methods(type).map(Method::getName)).doesNotHaveDuplicates();
    }

    @Test(dataProvider = "caseClasses")
    public void rowsOfATableFitItsMethod(Class<?> type) {
        for (CaseDescriptor c : CaseDescriptor.of(type)) {
            if (c.row() != null) {
                assertThat(c.row()).as(c.id()).isInstanceOf(c.method().getParameterTypes()[1]);
                assertThat(c.row().what()).as(c.id()).isNotBlank();
                assertThat(c.row().tags()).as(c.id()).allMatch(TAG.asMatchPredicate());
            }
        }
    }

    @Test(dataProvider = "caseClasses")
    public void tagsOfDurationAreTrue(Class<?> type) {
        methods(type).map(m -> m.getAnnotation(Case.class)).forEach(c -> {
            if (c.seconds() > 5 && !c.intrusive()) {
                assertThat(c.tags()).as("%s takes %d s", c.id(), c.seconds()).containsAnyOf("long", "timer");
            }
        });
    }

    // ---- suites

    @DataProvider
    public static Object[][] suites() {
        return SuiteFile.names(Bench.suites()).stream()
                .map(n -> new Object[] {n})
                .toArray(Object[][]::new);
    }

    @Test
    public void thereIsADefaultSuite() {
        assertThat(SuiteFile.names(Bench.suites())).contains("default");
    }

    @Test(dataProvider = "suites")
    public void suiteChoosesSomething(String name) {
        SuiteFile suite = SuiteFile.load(name, Bench.suites());
        assertThat(suite.cases(Selection.ALL)).isNotEmpty();
    }

    @Test
    public void requirementsStandOnce() {
        assertThat(Catalogue.get().all().stream().map(Rule::id))
                .doesNotHaveDuplicates()
                .isNotEmpty();
        Map<String, Rule> byId =
                Catalogue.get().all().stream().collect(Collectors.toMap(Rule::id, Function.identity()));
        byId.forEach((id, rule) -> {
            assertThat(id).startsWith("RFC" + rule.rfc() + "-");
            assertThat(rule.text()).as(id).isNotBlank();
            assertThat(rule.section()).as(id).isNotBlank();
            assertThat(rule.level()).as(id).isNotNull();
        });
    }
}
