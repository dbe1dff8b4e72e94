package org.tcpconform.testkit;

import java.nio.charset.StandardCharsets;

/** What an application behind a port of a {@link MiniStack} does. */
public enum Service {
    /** Sends back what it gets and closes when its peer has (RFC 862). */
    ECHO {
        /** Reads no more while so much waits to be sent. */
        private static final int MOST_QUEUED = 100_000;

        @Override
        int room(MiniConnection connection) {
            return Math.max(0, MOST_QUEUED - connection.queued());
        }

        @Override
        void received(MiniConnection connection, byte[] data) {
            connection.send(data);
        }
    },
    /** Reads, never sends, and closes when its peer has (RFC 863). */
    DISCARD,
    /** Sends a line and closes at once, but reads on until its peer closes too. */
    CLOSES_FIRST {
        @Override
        void opened(MiniConnection connection) {
            connection.send("hello\r\n".getBytes(StandardCharsets.US_ASCII));
            connection.close();
        }
    },
    /** Reads, and never closes its side. */
    KEEPS_HALF_OPEN {
        @Override
        void ended(MiniConnection connection) {}
    },
    /** Sends without end (RFC 864). */
    BULK {
        private static final int AHEAD = 1 << 17;

        @Override
        void opened(MiniConnection connection) {
            acknowledged(connection);
        }

        @Override
        void acknowledged(MiniConnection connection) {
            int missing = AHEAD - connection.queued();
            if (missing > AHEAD / 2) {
                connection.send(new byte[missing]);
            }
        }
    };

    /** The connection is in ESTABLISHED. */
    void opened(MiniConnection connection) {}

    /** How many more octets it can take. */
    int room(MiniConnection connection) {
        return Integer.MAX_VALUE;
    }

    /** Data has come, in order. */
    void received(MiniConnection connection, byte[] data) {}

    /** Data that was sent has been acknowledged. */
    void acknowledged(MiniConnection connection) {}

    /** The peer has closed its side. */
    void ended(MiniConnection connection) {
        connection.close();
    }
}
