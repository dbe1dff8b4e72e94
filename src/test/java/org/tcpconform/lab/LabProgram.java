package org.tcpconform.lab;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A harness in small: starts a lab as the harness does and stays until it is ended. For tests of how it can end. */
final class LabProgram {
    private LabProgram() {}

    public static void main(String[] args) throws Exception {
        if (Rootless.needed()) {
            System.exit(Rootless.reexec(args));
        }
        NetworkNamespace.enterFresh();
        Lab lab = Lab.start(new LabCatalogue(Path.of(args[0])).find("linux"), LabOptions.defaults());
        System.out.println(lab.pid() + " " + NetworkNamespace.current() + " " + NetworkNamespace.of(lab.pid()) + " "
                + System.getProperty("mark", ""));
        if (args.length > 1) {
            System.exit(Integer.parseInt(args[1]));
        }
        new CountDownLatch(1).await();
    }
}
