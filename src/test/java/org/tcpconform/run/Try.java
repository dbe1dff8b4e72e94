package org.tcpconform.run;

import java.net.InetAddress;
import java.nio.file.*;
import java.time.Duration;
import java.util.*;
import org.tcpconform.requirement.*;
import org.tcpconform.segment.*;
import org.tcpconform.target.*;
import org.tcpconform.verdict.*;
import org.tcpconform.wire.*;

public class Try {
    public static void main(String[] a) throws Exception {
        System.setProperty("allure.results.directory", System.getProperty("try.out", "/tmp/try") + "/allure");
        Link link = PcapLink.open(a[0], "");
        Station st = new Station(link, MacAddress.of("02:00:5e:10:00:01"), 0, true, new Random().nextInt());
        Map<Family, Route> routes = new LinkedHashMap<>();
        InetAddress s4 = InetAddress.getByName("192.0.2.77"), t4 = InetAddress.getByName("192.0.2.10");
        InetAddress s6 = InetAddress.getByName("2001:db8::77"), t6 = InetAddress.getByName("2001:db8::10");
        routes.put(Family.IPV4, new Route(s4, t4, t4, 24));
        routes.put(Family.IPV6, new Route(s6, t6, t6, 64));
        for (Route r : routes.values()) {
            st.own(r.source());
            System.out.println(st.resolve(r.nextHop(), r.source(), Duration.ofSeconds(2)));
        }
        Map<Stimulus, Integer> ports = new EnumMap<>(Stimulus.class);
        ports.put(Stimulus.CLOSED_PORT, 4);
        ports.put(Stimulus.OPEN_PORT, 7);
        ports.put(Stimulus.ECHO, 7);
        ports.put(Stimulus.DISCARD, 9);
        ports.put(Stimulus.CLOSES_FIRST, 13);
        ports.put(Stimulus.CLOSES_ON_FIN, 9);
        ports.put(Stimulus.KEEPS_HALF_OPEN, 15);
        ports.put(Stimulus.BULK, 19);
        Target t = new Target("try", "", routes, ports, new Timing(Duration.ofMillis(1)));
        long t0 = System.nanoTime();
        List<CaseDescriptor> cases = SuiteFile.load(a[1], Path.of("suites"))
                .cases(new Selection(
                        a.length > 3 ? List.of(a[3]) : List.of(), List.of(), null, EnumSet.allOf(Family.class), true));
        Runner r = new Runner(
                st,
                t,
                1,
                Integer.parseInt(a[2]),
                Path.of("/tmp/try/captures"),
                Path.of("/tmp/try"),
                new RunListener() {});
        for (CaseResult c : r.run("try", cases)) {
            System.out.printf(
                    "%-22s %-14s %7.1f ms x%d %s%n",
                    c.id(),
                    c.verdict(),
                    c.durationMs(),
                    c.attempts(),
                    c.failure() == null
                            ? String.join("; ", c.remarks())
                            : "[" + c.failure().code() + "] " + c.failure().summary());
            if (c.verdict() == Verdict.FAIL || a.length > 4) {
                if (c.failure() != null) System.out.println(c.failure().text());
                for (Step s : c.steps())
                    System.out.printf(
                            "   %d %-9s %s %s%n",
                            s.timeNanos() % 10_000_000_000L / 1000, s.kind(), s.text(), s.state());
            }
        }
        System.out.println(
                "wall " + (System.nanoTime() - t0) / 1e6 + " ms " + cases.size() + " cases, aborted " + r.aborted());
        st.close();
    }
}
