package org.tcpconform.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tcpconform.segment.LinkLayer;
import org.tcpconform.verdict.FileTrouble;
import org.tcpconform.wire.CaptureFile;
import org.tcpconform.wire.Captured;

/**
 * Where the captures of a run go.
 *
 * @param root folder that names of captures are relative to; null for none
 * @param folder where they are, below it; null for none
 * @param layer what their frames begin with
 * @param ender ends the run, and is told why: a verdict stands without evidence, but the user must learn that it is missing
 */
record Evidence(Path root, Path folder, LinkLayer layer, Consumer<String> ender) {
    private static final Logger LOG = LoggerFactory.getLogger(Evidence.class);

    Path file(String name) {
        return folder.resolve(name + ".pcap");
    }

    /** Writes frames; gives the name of the file, relative to the root, or null where there is none. */
    String keep(String name, List<Captured> frames) {
        if (folder == null || frames.isEmpty()) {
            return null;
        }
        try {
            makeFolder();
            CaptureFile.write(file(name), layer, frames);
            return root.relativize(file(name)).toString();
        } catch (IOException e) {
            LOG.debug("{}", name, e);
            ender.accept("evidence cannot be written: " + FileTrouble.reason(e));
            return null;
        }
    }

    private void makeFolder() throws IOException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IOException("cannot make " + folder + ": " + FileTrouble.reason(e), e);
        }
    }
}
