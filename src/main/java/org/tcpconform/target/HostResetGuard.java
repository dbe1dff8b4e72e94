package org.tcpconform.target;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.tcpconform.segment.Ip;

/**
 * Keeps the host's own stack from answering for the ports that we use of its address: an nftables rule that drops its
 * resets and what else its TCP sends from those ports. The rule's table belongs to the nft process that made it (flag
 * {@code owner}), so that the kernel removes it when that process ends, and it ends when we do, however we do.
 */
public final class HostResetGuard implements AutoCloseable {
    private final Process nft;

    private HostResetGuard(Process nft) {
        this.nft = nft;
    }

    /**
     * Sets the rule.
     *
     * @param target whom the host must not answer
     * @param firstPort first of our ports
     * @param lastPort last of our ports
     * @throws EnvironmentException if it cannot be set
     */
    public static HostResetGuard set(Iterable<InetAddress> target, int firstPort, int lastPort) {
        String table = "tcpconform_" + ProcessHandle.current().pid();
        StringBuilder rules = new StringBuilder("add table inet " + table + " { flags owner; }\nadd chain inet " + table
                + " out { type filter hook output priority 0; }\n");
        for (InetAddress address : target) {
            rules.append("add rule inet ")
                    .append(table)
                    .append(" out ")
                    .append(address.getAddress().length == 4 ? "ip" : "ip6")
                    .append(" daddr ")
                    .append(Ip.text(address))
                    .append(" tcp sport ")
                    .append(firstPort)
                    .append('-')
                    .append(lastPort)
                    .append(" drop\n");
        }
        try {
            Process nft =
                    new ProcessBuilder("nft", "-i").redirectErrorStream(true).start();
            Writer in = new BufferedWriter(new OutputStreamWriter(nft.getOutputStream(), StandardCharsets.UTF_8));
            in.write(rules + "list table inet " + table + "\n");
            in.flush();
            String seen = await(nft, "sport " + firstPort);
            if (!seen.contains("sport " + firstPort)) {
                nft.destroy();
                throw new EnvironmentException("--source-mode host: the nftables rule against the host's own answers "
                        + "cannot be set (it needs root): "
                        + seen.strip().lines().findFirst().orElse("nft said nothing"));
            }
            return new HostResetGuard(nft);
        } catch (IOException e) {
            throw new EnvironmentException(
                    "--source-mode host needs nftables: install it (apt-get install nftables)", e);
        }
    }

    private static String await(Process nft, String wanted) throws IOException {
        StringBuilder seen = new StringBuilder();
        byte[] buffer = new byte[4096];
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (System.nanoTime() < deadline && seen.indexOf(wanted) < 0 && seen.indexOf("Error") < 0) {
            if (nft.getInputStream().available() > 0) {
                int n = nft.getInputStream().read(buffer);
                seen.append(new String(buffer, 0, Math.max(0, n), StandardCharsets.UTF_8));
            } else if (!nft.isAlive()) {
                break;
            } else {
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            }
        }
        return seen.toString();
    }

    /** Removes the rule. */
    @Override
    public void close() {
        nft.destroy();
        try {
            nft.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
