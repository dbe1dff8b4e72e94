package org.tcpconform.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.testng.annotations.Test;

public class LabCatalogueTest {
    private final LabCatalogue catalogue = new LabCatalogue(Fixture.TOOLS);

    @Test
    public void everyLabThatIsShippedCanBeRead() {
        assertThat(catalogue.list()).extracting(LabDescriptor::name).contains("linux");
    }

    @Test
    public void theDefaultOffersWhatTheCasesNeed() {
        LabDescriptor linux = catalogue.find("linux");
        assertThat(linux.services())
                .containsOnlyKeys("echo", "discard", "closes-on-fin", "closes-first", "keeps-half-open", "bulk");
        assertThat(linux.targetAddresses()).hasSize(2);
        assertThat(linux.testerAddresses()).hasSize(2);
    }

    /** A report fit to be published says what was tested, to the version. */
    @Test
    public void theDescriptionOfEachTellsAVersion() {
        assertThat(catalogue.list())
                .allSatisfy(lab -> assertThat(lab.description()).containsPattern("\\$\\{(kernel|version|built)}"));
    }

    @Test
    public void aMistypedNameGetsTheNearest() {
        assertThatThrownBy(() -> catalogue.find("linx"))
                .isInstanceOf(LabFileException.class)
                .hasMessageStartingWith("no lab 'linx'; did you mean 'linux'? (there are: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    public void aStrangeNameGetsTheList() {
        assertThatThrownBy(() -> catalogue.find("windows"))
                .isInstanceOf(LabFileException.class)
                .hasMessageContaining("there are: ")
                .hasMessageNotContaining("did you mean");
    }

    @Test
    public void aFolderWithoutLabsIsNamed() {
        assertThatThrownBy(() -> new LabCatalogue(Path.of("/nonexistent")).find("linux"))
                .hasMessage("no labs in /nonexistent/lab");
    }
}
