package org.tcpconform.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Queue;

/**
 * The listeners of a lab whose target is a kernel's TCP: one small program of java.base alone, one thread, that drives
 * the application's side of each connection in a way that its port stands for.
 *
 * <p>Started as {@code java -cp tcpconform.jar org.tcpconform.lab.Services BEHAVIOUR=PORT…}; prints {@code ready} once
 * all ports listen (on IPv4 and IPv6), and ends when its standard input does. No socket option is set that changes what
 * TCP does: it is the stack as it comes.
 */
public final class Services {
    /** What the application does with a connection. */
    enum Behaviour {
        /** Sends back what comes; closes when the peer has closed and all is sent back. */
        ECHO,
        /** Throws away what comes; closes as soon as the peer has closed. */
        DISCARD,
        /** Sends "hello\r\n" and closes its sending side at once; reads on until the peer closes. */
        CLOSES_FIRST,
        /** Throws away what comes; when the peer has closed it keeps its own side open for 20 s (property half-open-seconds). */
        KEEPS_HALF_OPEN,
        /** Sends without end, as fast as the peer takes it, until the peer closes. */
        BULK;

        static Behaviour named(String name) {
            return valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
        }
    }

    // Enough that a burst of a whole suite's connections waits for accept rather than being dropped.
    private static final int BACKLOG = 1024;
    // Limits for a lab that stays up for days: peers that vanish without a word must not fill it.
    private static final int MOST_CONNECTIONS = 4096;
    private static final long IDLE_NANOS = 15 * 60 * 1_000_000_000L;
    private static final long SWEEP_NANOS = 60 * 1_000_000_000L;
    private static final long HALF_OPEN_NANOS = Integer.getInteger("half-open-seconds", 20) * 1_000_000_000L;
    // So that one fast sender does not keep the others waiting.
    private static final int ROUNDS = 8;
    private static final byte[] GREETING = "hello\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(16 * 1024);
    private final ByteBuffer pattern;
    private final Queue<Connection> lingering = new ArrayDeque<>();
    private final List<Connection> connections = new ArrayList<>();
    private long nextSweep = System.nanoTime() + SWEEP_NANOS;

    private static final class Connection {
        final SocketChannel channel;
        final Behaviour behaviour;
        int index;
        long active = System.nanoTime();
        // Echo: what the peer has not taken yet.
        ByteBuffer pending;
        // Bulk: how far into the pattern.
        int offset;

        Connection(SocketChannel channel, Behaviour behaviour) {
            this.channel = channel;
            this.behaviour = behaviour;
        }
    }

    private Services() throws IOException {
        selector = Selector.open();
        // RFC 864's pattern would say nothing more than this: printable, and any loss or mix-up shows.
        byte[] line = new byte[72 * 95];
        for (int i = 0; i < line.length; i++) {
            line[i] = i % 72 == 70 ? (byte) '\r' : i % 72 == 71 ? (byte) '\n' : (byte) (' ' + (i / 72 + i % 72) % 95);
        }
        pattern = ByteBuffer.allocateDirect(line.length).put(line).flip();
    }

    public static void main(String[] args) throws IOException {
        Services services = new Services();
        for (String arg : args) {
            String[] parts = arg.split("=", 2);
            try {
                services.listen(Behaviour.named(parts[0]), Integer.parseInt(parts[1]));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                System.err.println(
                        "not BEHAVIOUR=PORT with one of " + Arrays.toString(Behaviour.values()) + ": " + arg);
                System.exit(2);
            }
        }
        endWithStandardInput();
        System.out.println("ready");
        services.serve();
    }

    private static void endWithStandardInput() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // whatever it is, only the end counts
                        }
                    } catch (IOException e) {
                        // as good as the end
                    }
                    Runtime.getRuntime().halt(0);
                },
                "stdin");
        watch.setDaemon(true);
        watch.start();
    }

    private void listen(Behaviour behaviour, int port) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            listener.bind(new InetSocketAddress(port), BACKLOG);
        } catch (IOException e) {
            throw new IOException("cannot listen on port " + port + ": " + e.getMessage(), e);
        }
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT, behaviour);
    }

    private void serve() throws IOException {
        while (true) {
            selector.select(this::ready, waitMillis());
            long now = System.nanoTime();
            while (!lingering.isEmpty() && now - lingering.peek().active >= HALF_OPEN_NANOS) {
                close(lingering.remove());
            }
            if (now - nextSweep >= 0) {
                nextSweep = now + SWEEP_NANOS;
                for (Connection idle : connections.stream()
                        .filter(c -> now - c.active >= IDLE_NANOS)
                        .toList()) {
                    close(idle);
                }
            }
        }
    }

    private long waitMillis() {
        long now = System.nanoTime();
        long wait = nextSweep - now;
        if (!lingering.isEmpty()) {
            wait = Math.min(wait, lingering.peek().active + HALF_OPEN_NANOS - now);
        }
        return Math.max(1, wait / 1_000_000 + 1);
    }

    private void ready(SelectionKey key) {
        if (key.attachment() instanceof Behaviour behaviour) {
            accept((ServerSocketChannel) key.channel(), behaviour);
            return;
        }
        Connection connection = (Connection) key.attachment();
        connection.active = System.nanoTime();
        try {
            if (key.isValid() && key.isWritable()) {
                write(connection, key);
            }
            if (key.isValid() && key.isReadable()) {
                read(connection, key);
            }
        } catch (IOException e) {
            // Reset by the peer: the usual end of a test.
            close(connection);
        }
    }

    private void accept(ServerSocketChannel listener, Behaviour behaviour) {
        while (true) {
            SocketChannel channel;
            try {
                channel = listener.accept();
            } catch (IOException e) {
                // Out of descriptors, or the peer has reset it already: make room and let the selector come again.
                evictLongestIdle();
                return;
            }
            if (channel == null) {
                return;
            }
            if (connections.size() >= MOST_CONNECTIONS) {
                evictLongestIdle();
            }
            Connection connection = new Connection(channel, behaviour);
            connection.index = connections.size();
            connections.add(connection);
            try {
                channel.configureBlocking(false);
                int interest = SelectionKey.OP_READ;
                if (behaviour == Behaviour.CLOSES_FIRST) {
                    channel.write(ByteBuffer.wrap(GREETING));
                    channel.shutdownOutput();
                } else if (behaviour == Behaviour.BULK) {
                    interest |= SelectionKey.OP_WRITE;
                }
                channel.register(selector, interest, connection);
            } catch (IOException e) {
                close(connection);
            }
        }
    }

    private void read(Connection connection, SelectionKey key) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            buffer.clear();
            int count = connection.channel.read(buffer);
            if (count == 0) {
                return;
            }
            if (count < 0) {
                ended(connection, key);
                return;
            }
            if (connection.behaviour == Behaviour.ECHO) {
                buffer.flip();
                connection.channel.write(buffer);
                if (buffer.hasRemaining()) {
                    // Reads no more until the peer takes what is there: the window closes, as it should.
                    connection.pending =
                            ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
                    key.interestOps(SelectionKey.OP_WRITE);
                    return;
                }
            }
        }
    }

    private void ended(Connection connection, SelectionKey key) {
        if (connection.behaviour == Behaviour.KEEPS_HALF_OPEN) {
            key.interestOps(0);
            lingering.add(connection);
        } else {
            close(connection);
        }
    }

    private void write(Connection connection, SelectionKey key) throws IOException {
        if (connection.behaviour == Behaviour.BULK) {
            for (int round = 0; round < ROUNDS; round++) {
                pattern.position(connection.offset);
                connection.channel.write(pattern);
                connection.offset = pattern.position() % pattern.limit();
                if (pattern.hasRemaining()) {
                    return;
                }
            }
            return;
        }
        connection.channel.write(connection.pending);
        if (!connection.pending.hasRemaining()) {
            connection.pending = null;
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private void evictLongestIdle() {
        connections.stream().min(Comparator.comparingLong(c -> c.active)).ifPresent(this::close);
    }

    private void close(Connection connection) {
        try {
            connection.channel.close();
        } catch (IOException e) {
            // Nothing more can be done with it.
        }
        // Swap with the last, so that closing costs the same however many there are.
        int last = connections.size() - 1;
        if (connection.index <= last && connections.get(connection.index) == connection) {
            Connection moved = connections.remove(last);
            if (moved != connection) {
                moved.index = connection.index;
                connections.set(connection.index, moved);
            }
        }
    }
}
