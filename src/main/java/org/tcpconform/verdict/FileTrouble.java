package org.tcpconform.verdict;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why a file or folder could not be read or written, in words: the exceptions of Java often hold no more than its name. */
public final class FileTrouble {
    private FileTrouble() {}

    /** The reason, to stand behind a colon. */
    public static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (cause instanceof FileAlreadyExistsException) {
            return "a file of that name is in the way";
        }
        if (cause instanceof NotDirectoryException) {
            return "it is not a folder";
        }
        String text =
                cause instanceof FileSystemException f && f.getReason() != null ? f.getReason() : cause.getMessage();
        if (text == null || text.isEmpty()) {
            return cause.getClass().getSimpleName();
        }
        return Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
