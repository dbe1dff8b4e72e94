package org.tcpconform;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.tcpconform.target.Profile;
import org.tcpconform.target.Timing;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The rooms of the code, and which may use which. */
public class ArchitectureTest {
    private static final String ROOT = "org.tcpconform.";

    /** Topmost first: each may use those behind it. */
    private static final List<String> ROOMS = List.of(
            "cli", "lab", "report", "suite", "run", "peer", "target", "wire", "segment", "requirement", "verdict");

    private JavaClasses code;

    @BeforeClass
    public void read() {
        code = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.tcpconform");
    }

    private static DescribedPredicate<JavaClass> room(String name) {
        return resideInAPackage(ROOT + name + "..");
    }

    @Test
    public void everyClassIsInARoom() {
        Set<String> rooms = new TreeSet<>();
        code.forEach(c -> rooms.add(
                c.getPackageName().replaceFirst("^org\\.tcpconform\\.?", "").split("\\.")[0]));
        assertThat(ROOMS).containsAll(rooms);
    }

    @DataProvider
    public static Object[][] rooms() {
        return ROOMS.stream().map(r -> new Object[] {r}).toArray(Object[][]::new);
    }

    @Test(dataProvider = "rooms")
    public void roomUsesOnlyThoseBelowIt(String room) {
        String[] above = ROOMS.subList(0, ROOMS.indexOf(room)).stream()
                .map(r -> ROOT + r + "..")
                .toArray(String[]::new);
        noClasses()
                .that(room(room))
                .should()
                .dependOnClassesThat(resideInAnyPackage(above))
                .allowEmptyShould(true)
                .check(code);
    }

    @Test
    public void noTwoRoomsKnowEachOther() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(code);
    }

    /** They are reached by TestNG and their annotations alone, so that whoever adds a case changes nothing else. */
    @Test
    public void nobodyNamesTheCases() {
        noClasses()
                .that(not(room("suite")))
                .should()
                .dependOnClassesThat(room("suite"))
                .check(code);
    }

    @Test
    public void onlyTheWireKnowsPcap() {
        noClasses()
                .that(not(room("wire"))
                        .and(not(JavaClass.Predicates.simpleName("PacketBuilder")
                                .or(JavaClass.Predicates.simpleNameStartingWith("Raw")
                                        .and(room("segment"))))))
                .should()
                .dependOnClassesThat(resideInAPackage("org.pcap4j.."))
                .check(code);
    }

    @Test
    public void onlyReportsKnowAllure() {
        noClasses()
                .that(not(room("report")))
                .should()
                .dependOnClassesThat(resideInAPackage("io.qameta.."))
                .check(code);
    }

    @Test
    public void onlyLabsCallNativeCode() {
        noClasses()
                .that(not(room("lab")))
                .should()
                .dependOnClassesThat(resideInAPackage("com.sun.jna.."))
                .check(code);
    }

    // ---- cases read like their rules

    @Test
    public void casesTalkToThePeerAlone() {
        classes()
                .that(room("suite"))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                ROOT + "suite..",
                                ROOT + "peer..",
                                ROOT + "requirement..",
                                ROOT + "segment..",
                                ROOT + "verdict..",
                                "org.testng..",
                                "java..")
                        // what a peer says of the waiting times, and of the rules that count
                        .or(JavaClass.Predicates.type(Timing.class))
                        .or(JavaClass.Predicates.type(Profile.class))
                        .or(JavaClass.Predicates.type(Profile.Choice.class)))
                .check(code);
    }

    @Test
    public void casesNeitherWaitNorCountOctetsNorReport() {
        noClasses()
                .that(room("suite"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.util.concurrent..",
                                "java.nio",
                                "java.nio.channels..",
                                "java.nio.file..",
                                "java.io..",
                                "org.slf4j..")
                        // addresses are values, sockets are not
                        .or(resideInAPackage("java.net..")
                                .and(not(JavaClass.Predicates.assignableTo(InetAddress.class))))
                        .or(JavaClass.Predicates.assignableTo(Thread.class))
                        .or(JavaClass.Predicates.assignableTo(Runnable.class)))
                .check(code);
    }
}
