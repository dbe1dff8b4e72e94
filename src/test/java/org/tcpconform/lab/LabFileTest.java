package org.tcpconform.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class LabFileTest {
    private static final String GOOD = """
            name: demo
            description: A demo on ${kernel}
            start: [run, "${lab}/x", "${address4}"]
            ready:
              line: up
              within-seconds: 3
            addresses:
              target: [192.0.2.10/24, "2001:db8::10/64"]
              tester: [192.0.2.77]
            services:
              echo: 7
            closed-port: 4
            """;

    private Path tools;

    @BeforeClass
    public void folder() throws IOException {
        tools = Files.createTempDirectory("labs");
    }

    @AfterClass(alwaysRun = true)
    public void clean() throws IOException {
        try (var files = Files.walk(tools)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    private LabDescriptor read(String text) throws IOException {
        Path folder = Files.createDirectories(tools.resolve("lab/demo"));
        Files.writeString(folder.resolve("lab.yaml"), text);
        return new LabCatalogue(tools).find("demo");
    }

    @Test
    public void allThatIsWrittenIsRead() throws IOException {
        LabDescriptor lab = read(GOOD + "stack: own\nbuild: [make]\npackages: [gcc]\nfeatures: [sack]\n");
        assertThat(lab.name()).isEqualTo("demo");
        assertThat(lab.folder()).isEqualTo(tools.resolve("lab/demo"));
        assertThat(lab.describe(LabOptions.defaults()))
                .startsWith("A demo on " + System.getProperty("os.version"))
                .doesNotContain("${");
        assertThat(lab.start()).containsExactly("run", "${lab}/x", "${address4}");
        assertThat(lab.build()).containsExactly("make");
        assertThat(lab.packages()).containsExactly("gcc");
        assertThat(lab.ready()).isEqualTo("up");
        assertThat(lab.readyWithin()).isEqualTo(Duration.ofSeconds(3));
        assertThat(lab.stack()).isEqualTo(LabDescriptor.Stack.OWN);
        assertThat(lab.targetAddresses()).hasToString("[192.0.2.10/24, 2001:db8:0:0:0:0:0:10/64]");
        assertThat(lab.testerAddresses()).containsExactly(InetAddress.getByName("192.0.2.77"));
        assertThat(lab.services()).isEqualTo(Map.of("echo", 7));
        assertThat(lab.closedPort()).isEqualTo(4);
        assertThat(lab.features()).containsExactly("sack");
    }

    @Test
    public void whatMayBeLeftOutHasAUsualValue() throws IOException {
        LabDescriptor lab = read(GOOD);
        assertThat(lab.stack()).isEqualTo(LabDescriptor.Stack.KERNEL);
        assertThat(lab.build()).isEmpty();
        assertThat(lab.packages()).isEmpty();
        assertThat(lab.features()).isEmpty();
    }

    @DataProvider
    public Object[][] mistakes() {
        return new Object[][] {
            {"echo: 7", "echo: 70000", ":11: 'services.echo' must be a port from 1 to 65535, not 70000"},
            {"echo: 7", "echo: seven", ":11: 'services.echo' must be a whole number"},
            {"echo: 7", "echo: 4", ": closed-port 4 is the port of a service"},
            {
                "closed-port: 4",
                "closed_port: 4",
                ":12: unknown key 'closed_port'; known: addresses, build, closed-port, "
            },
            {"closed-port: 4\n", "", ": key 'closed-port' is missing"},
            {"  line: up\n", "", ": key 'ready.line' is missing"},
            {"within-seconds: 3", "within-seconds: 0", ":6: 'ready.within-seconds' must be from 1 to 600, not 0"},
            {"within-seconds: 3", "within: 3", ":6: unknown key 'ready.within'; known: line, within-seconds"},
            {"192.0.2.10/24", "192.0.2.10", ":8: 'addresses.target.item 1' must have a prefix length"},
            {"192.0.2.10/24", "192.0.2.10/33", ":8: 'addresses.target.item 1' has no prefix length from 0 to 32"},
            {"192.0.2.10/24", "example.org/24", ":8: 'addresses.target.item 1' is not an IP address: example.org"},
            {"192.0.2.77", "192.0.2.777", ":9: 'addresses.tester.item 1' is not an IP address: 192.0.2.777"},
            {"start: [run, ", "start: {a: b}\nbuild: [", ":3: 'start' must be a list"},
            {"${lab}/x", "${home}/x", ": start: unknown placeholder ${home}; known: address4, address6, build, "},
            {"${kernel}", "${release}", ": description: unknown placeholder ${release}; known: built, kernel, version"},
            {"${lab}/x", "x${services}", ": start: ${services} must be a word of its own"},
            {"name: demo", "name: other", ": name 'other' is not the folder's, 'demo'"},
            {"name: demo", "name: demo\nstack: tcp", ":2: 'stack' must be kernel, own or tap, not tcp"},
            {"name: demo", "name: demo\nname: demo", ":2: Duplicate field 'name'"},
            {"ready:", "ready: {", ":"},
        };
    }

    @Test(dataProvider = "mistakes")
    public void aMistakeIsOneLineWithItsPlace(String right, String wrong, String said) {
        assertThat(GOOD).contains(right);
        assertThatThrownBy(() -> read(GOOD.replace(right, wrong)))
                .isInstanceOf(LabFileException.class)
                .hasMessageContaining(tools.resolve("lab/demo/lab.yaml") + (said.startsWith(":") ? said : ""))
                .hasMessageContaining(said)
                .hasMessageNotContaining("\n");
    }

    @Test
    public void anEmptyFileIsNamed() {
        assertThatThrownBy(() -> read(""))
                .isInstanceOf(LabFileException.class)
                .hasMessageContaining("lab.yaml")
                .hasMessageNotContaining("\n");
    }
}
