package org.tcpconform.report;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/** A report cannot be written or read. The message says which path, why, and what to do. */
public final class ReportException extends RuntimeException {
    private final transient Path path;

    private ReportException(Path path, String message, Throwable cause) {
        super(message, cause);
        this.path = path;
    }

    /** The file or folder in question. */
    public Path path() {
        return path;
    }

    static ReportException of(Path path, String problem, String advice) {
        return new ReportException(path, path + ": " + problem + "; " + advice, null);
    }

    static ReportException writing(Path path, IOException cause) {
        String reason = reason(cause);
        return new ReportException(path, path + " cannot be written: " + reason + "; " + advice(reason), cause);
    }

    static ReportException reading(Path path, IOException cause) {
        String reason = reason(cause);
        return new ReportException(
                path, path + " cannot be read: " + reason + "; name the folder of an earlier run", cause);
    }

    private static String reason(IOException cause) {
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
        String text = cause instanceof FileSystemException f && f.getReason() != null
                ? f.getReason()
                : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }

    /** Whether there is no room on the disk: then the place was not wrong. */
    public boolean isDiskFull() {
        return getCause() instanceof IOException e && isDiskFull(reason(e));
    }

    private static boolean isDiskFull(String reason) {
        String lower = reason.toLowerCase(Locale.ROOT);
        return lower.contains("no space left") || lower.contains("quota");
    }

    private static String advice(String reason) {
        if (isDiskFull(reason)) {
            return "free some space there, or choose another place with --out";
        }
        return "choose a place that can be written to, with --out";
    }
}
