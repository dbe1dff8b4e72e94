package org.tcpconform.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.testng.annotations.Test;

public class NetworkNamespaceTest {
    @Test
    public void onlyTheThreadAndWhatItStartsChangeOver() throws Exception {
        String before = NetworkNamespace.current();
        Fixture.inFreshNamespace(() -> {
            String fresh = NetworkNamespace.current();
            assertThat(fresh).startsWith("net:[").isNotEqualTo(before);
            assertThat(Fixture.run("readlink", "/proc/self/ns/net")).isEqualTo(fresh);
            CompletableFuture<String> seen = new CompletableFuture<>();
            new Thread(() -> seen.complete(NetworkNamespace.current())).start();
            assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo(fresh);
            return null;
        });
        assertThat(NetworkNamespace.current()).isEqualTo(before);
        assertThat(NetworkNamespace.of(ProcessHandle.current().pid())).isEqualTo(before);
    }

    @Test
    public void aNamespaceThatNobodyIsInIsGone() throws Exception {
        String[] identity = new String[1];
        Fixture.inFreshNamespace(() -> {
            identity[0] = NetworkNamespace.current();
            return null;
        });
        Fixture.await(
                "the namespace is empty",
                Duration.ofSeconds(5),
                () -> Fixture.inNamespace(identity[0]).isEmpty());
    }

    @Test
    public void interfacesMadeThereHaveNoIpv6() throws Exception {
        Fixture.inFreshNamespace(() -> {
            Fixture.run("ip", "link", "add", "a0", "type", "veth", "peer", "name", "a1");
            Fixture.run("ip", "link", "set", "a1", "up");
            Fixture.run("ip", "link", "set", "a0", "up");
            assertThat(Fixture.run("ip", "-6", "addr", "show")).isEmpty();
            return null;
        });
    }

    @Test
    public void aRunningProcesssNamespaceCanBeEntered() throws Exception {
        Fixture.inFreshNamespace(() -> {
            Process process = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo there; read x").start();
            try {
                assertThat(Fixture.readLine(process)).isEqualTo("there");
                NetworkNamespace.enter(process.pid());
                assertThat(NetworkNamespace.current()).isEqualTo(NetworkNamespace.of(process.pid()));
            } finally {
                process.destroyForcibly();
            }
            return null;
        });
    }

    @Test
    public void aProcessThatIsNotThereIsNamed() throws Exception {
        Fixture.inFreshNamespace(() -> {
            assertThatThrownBy(() -> NetworkNamespace.enter(Integer.MAX_VALUE))
                    .isInstanceOf(LabException.class)
                    .hasMessage("process 2147483647 does not exist any more");
            return null;
        });
    }
}
