package org.tcpconform.lab;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The process behind a lab that stays up: its network namespace is the tester's, and the target lives as long as it.
 * Started by {@link LabRegistry#up} as {@code LabHolder TOOLS-DIR LAB REGISTRY-DIR ID root|rootless}; answers with one line, {@link
 * #READY} or what is wrong, and then waits to be ended.
 */
final class LabHolder {
    static final String READY = "ready";
    static final String ROOTLESS = "rootless";
    private static final Duration LOOK = Duration.ofSeconds(2);

    private LabHolder() {}

    public static void main(String[] args) throws InterruptedException {
        try {
            NetworkNamespace.silenceIpv6("default");
            LabDescriptor descriptor = new LabCatalogue(Path.of(args[0])).find(args[1]);
            LabRegistry registry = new LabRegistry(Path.of(args[2]));
            Lab lab = Lab.start(descriptor, LabOptions.defaults());
            registry.write(record(args[3], lab, args[4].equals(ROOTLESS)));
            System.out.println(READY);
            // Without its record nobody would find the lab again (a user's runtime folder goes at logout).
            while (!lab.awaitEnd(LOOK) && registry.find(args[3]).isPresent()) {}
            lab.close();
            registry.remove(args[3]);
            System.exit(0);
        } catch (LabException e) {
            System.out.println(e.getMessage());
            System.exit(3);
        }
    }

    private static LabRecord record(String id, Lab lab, boolean rootless) {
        long self = ProcessHandle.current().pid();
        return new LabRecord(
                id,
                lab.name(),
                LabRecord.UP,
                self,
                Processes.startTime(self),
                LabRegistry.boot(),
                rootless,
                lab.pid(),
                lab.description(),
                lab.interfaceName(),
                texts(lab.targetAddresses()),
                texts(lab.sourceAddresses()),
                lab.services(),
                lab.closedPort(),
                lab.features(),
                lab.lockstep());
    }

    private static List<String> texts(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).toList();
    }
}
