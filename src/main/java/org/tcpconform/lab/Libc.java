package org.tcpconform.lab;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.StringArray;

/** The few system calls that Java has no word for. Each throws {@link LastErrorException} with errno where it fails. */
final class Libc {
    static final int CLONE_NEWNET = 0x40000000;
    static final int O_RDONLY = 0;
    static final int O_CLOEXEC = 02000000;
    static final int EPERM = 1;
    static final int ENOENT = 2;

    static {
        // Direct mapping: about a third of the start-up time of an interface proxy.
        Native.register(Libc.class, "c");
    }

    private Libc() {}

    static native int unshare(int flags) throws LastErrorException;

    static native int setns(int fd, int type) throws LastErrorException;

    static native int open(String path, int flags) throws LastErrorException;

    static native int close(int fd) throws LastErrorException;

    static native int execvp(String file, StringArray arguments) throws LastErrorException;
}
