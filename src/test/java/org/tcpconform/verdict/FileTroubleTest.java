package org.tcpconform.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A reason is a reason, and not the name of the file once more. */
public class FileTroubleTest {
    @DataProvider
    public Object[][] reasons() {
        return new Object[][] {
            {new AccessDeniedException("a.yaml"), "permission denied"},
            {new NoSuchFileException("a.yaml"), "there is no such file or folder"},
            {new FileAlreadyExistsException("a.yaml"), "a file of that name is in the way"},
            {new NotDirectoryException("a.yaml"), "it is not a folder"},
            {new FileSystemException("a.yaml", null, "No space left on device"), "no space left on device"},
            {new IOException("Is a directory"), "is a directory"},
            {new IOException(), "IOException"},
        };
    }

    @Test(dataProvider = "reasons")
    public void saysWhy(IOException cause, String reason) {
        assertThat(FileTrouble.reason(cause)).isEqualTo(reason);
    }
}
