package org.tcpconform.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.testng.annotations.Test;

/** The services on the loopback of a namespace without any other interface. */
public class ServicesTest {
    // The JVM itself opens a file now and then.
    private static final int A_FEW = 10;
    private static final String[] ALL = {"echo=7", "discard=9", "closes-first=13", "keeps-half-open=15", "bulk=19"};

    private interface Body {
        void with(Process services) throws Exception;
    }

    private static void serving(Body body) throws Exception {
        Fixture.inFreshNamespace(() -> {
            Fixture.run("ip", "link", "set", "lo", "up");
            List<String> command = Fixture.java(Services.class, ALL);
            command.add(1, "-Dhalf-open-seconds=3");
            Process services =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                assertThat(Fixture.readLine(services)).isEqualTo("ready");
                body.with(services);
                assertThat(services.isAlive()).isTrue();
            } finally {
                services.destroyForcibly();
            }
            return null;
        });
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 10_000);
        return socket;
    }

    /** How many descriptors a process holds: what is leaked shows here. */
    private static int descriptors(Process process) {
        return new File("/proc/" + process.pid() + "/fd").list().length;
    }

    @Test
    public void echoSendsBackMoreThanAnyBufferHolds() throws Exception {
        serving(services -> {
            byte[] sent = new byte[40 << 20];
            new Random(1).nextBytes(sent);
            try (Socket socket = connect(7)) {
                Thread writer = new Thread(() -> {
                    try {
                        socket.getOutputStream().write(sent);
                        socket.shutdownOutput();
                    } catch (IOException e) {
                        // the reader will miss it
                    }
                });
                writer.setDaemon(true);
                writer.start();
                // Nothing is read until the writer is stuck, so that the echo has to hold back.
                writer.join(300);
                assertThat(writer.isAlive()).isTrue();
                assertThat(Arrays.equals(socket.getInputStream().readAllBytes(), sent))
                        .isTrue();
            }
        });
    }

    @Test
    public void discardClosesWhenThePeerHasClosed() throws Exception {
        serving(services -> {
            try (Socket socket = connect(9)) {
                socket.getOutputStream().write(new byte[100_000]);
                socket.shutdownOutput();
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        });
    }

    @Test
    public void closesFirstGreetsClosesAndReadsOn() throws Exception {
        serving(services -> {
            try (Socket socket = connect(13)) {
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .isEqualTo("hello\r\n");
                for (int i = 0; i < 50; i++) {
                    socket.getOutputStream().write(new byte[10_000]);
                }
                assertThat(Fixture.run("ss", "-Htn", "state", "fin-wait-2", "sport = :13"))
                        .isNotEmpty();
            }
        });
    }

    @Test
    public void keepsHalfOpenStaysInCloseWait() throws Exception {
        serving(services -> {
            try (Socket socket = connect(15)) {
                socket.getOutputStream().write(new byte[10_000]);
                socket.shutdownOutput();
                Fixture.await(
                        "CLOSE-WAIT",
                        Duration.ofSeconds(5),
                        () -> !Fixture.run("ss", "-Htn", "state", "close-wait", "sport = :15")
                                .isEmpty());
                socket.setSoTimeout(1_000);
                boolean open = false;
                try {
                    socket.getInputStream().read();
                } catch (SocketTimeoutException e) {
                    open = true;
                }
                assertThat(open).isTrue();
                socket.setSoTimeout(10_000);
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        });
    }

    @Test
    public void bulkSendsOnePatternWithoutEnd() throws Exception {
        serving(services -> {
            try (Socket socket = connect(19)) {
                InputStream in = socket.getInputStream();
                byte[] first = in.readNBytes(72 * 95);
                assertThat(first[70]).isEqualTo((byte) '\r');
                assertThat(first[71]).isEqualTo((byte) '\n');
                for (int i = 0; i < 2_000; i++) {
                    assertThat(Arrays.equals(in.readNBytes(first.length), first))
                            .isTrue();
                }
                socket.shutdownOutput();
                in.transferTo(OutputStream.nullOutputStream());
            }
        });
    }

    @Test
    public void thousandsOfConnectionsLeaveNothingBehind() throws Exception {
        serving(services -> {
            connect(7).close();
            int before = descriptors(services);
            for (int i = 0; i < 3_000; i++) {
                try (Socket socket = connect(i % 2 == 0 ? 7 : 9)) {
                    // Half of them end with RST, as a tester ends them.
                    socket.setSoLinger(i % 4 < 2, 0);
                    socket.getOutputStream().write(1);
                }
            }
            Fixture.await("all are closed", Duration.ofSeconds(5), () -> descriptors(services) <= before + A_FEW);
        });
    }

    @Test
    public void manyAtOnceAreServed() throws Exception {
        serving(services -> {
            int before = descriptors(services);
            List<Socket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < 800; i++) {
                    sockets.add(connect(7));
                }
                for (Socket socket : sockets) {
                    socket.getOutputStream().write(5);
                }
                for (Socket socket : sockets) {
                    assertThat(socket.getInputStream().read()).isEqualTo(5);
                }
            } finally {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
            Fixture.await("all are closed", Duration.ofSeconds(5), () -> descriptors(services) <= before + A_FEW);
        });
    }

    @Test
    public void itEndsWithItsStandardInput() throws Exception {
        Fixture.inFreshNamespace(() -> {
            Fixture.run("ip", "link", "set", "lo", "up");
            Process services = new ProcessBuilder(Fixture.java(Services.class, "echo=7")).start();
            assertThat(Fixture.readLine(services)).isEqualTo("ready");
            services.getOutputStream().close();
            assertThat(services.waitFor(10, TimeUnit.SECONDS)).isTrue();
            return null;
        });
    }

    @Test
    public void anUnknownBehaviourIsNamed() throws Exception {
        Process services = new ProcessBuilder(Fixture.java(Services.class, "eco=7"))
                .redirectErrorStream(true)
                .start();
        assertThat(Fixture.readLine(services)).startsWith("not BEHAVIOUR=PORT").endsWith(": eco=7");
        assertThat(services.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(services.exitValue()).isEqualTo(2);
    }
}
