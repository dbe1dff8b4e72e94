package org.tcpconform.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.tcpconform.verdict.FileTrouble;

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
        String reason = FileTrouble.reason(cause);
        return new ReportException(path, path + " cannot be written: " + reason + "; " + advice(reason), cause);
    }

    static ReportException reading(Path path, IOException cause) {
        String reason = FileTrouble.reason(cause);
        return new ReportException(
                path, path + " cannot be read: " + reason + "; name the folder of an earlier run", cause);
    }

    /** Whether there is no room on the disk: then the place was not wrong. */
    public boolean isDiskFull() {
        return getCause() instanceof IOException e && isDiskFull(FileTrouble.reason(e));
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
