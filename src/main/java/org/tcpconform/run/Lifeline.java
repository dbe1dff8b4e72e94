package org.tcpconform.run;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.tcpconform.requirement.Family;
import org.tcpconform.wire.Link;
import org.tcpconform.wire.Station;

/**
 * What happens when the target no longer answers. All cases that run are broken off and wait. If our own interface is at
 * fault, it is waited for, and they begin anew. If the target then answers,
 * it was only crowded: they begin anew, and fewer run side by side from then on. If it does not, it is brought back, and
 * the cases that were in flight run one by one, each after a sign of life, until one kills it again; the others then
 * begin anew, side by side. Where it cannot be brought back the run ends.
 */
final class Lifeline {
    /** So many times at the most a target is brought back in a run. */
    static final int MOST_RESTARTS = 40;
    /** So often a case begins anew because the target was crowded. */
    private static final int MOST_RETURNS = 3;
    /** How long a target that was started anew may take until it answers. */
    private static final Duration UNTIL_IT_ANSWERS = Duration.ofSeconds(60);

    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int NAMES_SHOWN = 8;

    /** What a case that was broken off is to do. */
    enum Next {
        /** Begin anew beside others. */
        BEGIN_ANEW,
        /** Run alone, with a sign of life after each attempt, and report by {@link #alone}. */
        RUN_ALONE,
        /** The target went away and came back several times: the case cannot be judged. */
        GIVE_UP,
        /** The run has ended. */
        END
    }

    private final Canary canary;
    private final Station station;
    /** Null where nobody can bring the target back. */
    private final Revival revival;

    private final Consumer<String> teller;
    private final Consumer<String> ender;
    private final Map<String, Thread> inFlight = new LinkedHashMap<>();
    private final Map<String, Integer> returns = new HashMap<>();
    private int permits;
    private int restarts;
    private boolean ended;
    private Outage outage;

    /** From when a case notices that the target is gone until it is known why, or that it cannot be known. */
    private static final class Outage {
        final String noticer;
        /** All that were in flight, in the order in which they began. */
        final List<String> candidates;

        final Set<String> waiting = new HashSet<>();
        /** Whether our own interface was seen to fail. */
        final boolean ofLink;

        String turn;
        String culprit;
        boolean crowded;
        boolean over;

        Outage(String noticer, List<String> candidates, boolean ofLink) {
            this.ofLink = ofLink;
            this.noticer = noticer;
            this.candidates = candidates;
        }
    }

    /**
     * @param station knows whether our own interface is at fault
     * @param revival brings the target back; null where nobody can
     * @param jobs how many cases run side by side
     * @param teller hears in one line what was done
     * @param ender ends the run, and is told why
     */
    Lifeline(
            Canary canary,
            Station station,
            Revival revival,
            int jobs,
            Consumer<String> teller,
            Consumer<String> ender) {
        this.canary = canary;
        this.station = station;
        this.revival = revival;
        this.permits = jobs;
        this.teller = teller;
        this.ender = ender;
    }

    /** How often the target was brought back. */
    synchronized int restarts() {
        return restarts;
    }

    /** How many cases run side by side by now. */
    synchronized int permits() {
        return permits;
    }

    /** Ends the run: nobody waits any more, and whoever is in flight is interrupted. */
    synchronized void end() {
        ended = true;
        inFlight.values().stream().filter(t -> t != Thread.currentThread()).forEach(Thread::interrupt);
        notifyAll();
    }

    /** Waits until a case may begin. */
    synchronized void begin(String id) {
        while (!ended && (outage != null || inFlight.size() >= permits)) {
            pause();
        }
        inFlight.put(id, Thread.currentThread());
    }

    /** A case has its verdict. No interrupt that was meant for it comes later. */
    synchronized void finish(String id) {
        inFlight.remove(id);
        Thread.interrupted();
        notifyAll();
    }

    /** Whether what a case just saw counts for nothing, since the target was found gone meanwhile. */
    synchronized boolean isOut() {
        return outage != null;
    }

    /** Looks whether the target still answers; whether it does not, or another case has noticed that already. */
    boolean isGone(CaseDescriptor c) {
        long failures = station.disturbances().failures();
        Optional<Link.Outage> link = station.outage();
        Optional<String> trouble = link.isPresent() ? link.map(Link.Outage::what) : canary.trouble(c.family());
        boolean linkFailed = link.isPresent() || station.disturbances().failures() > failures;
        synchronized (this) {
            if (trouble.isPresent() && outage == null && !ended) {
                outage = new Outage(c.id(), List.copyOf(inFlight.keySet()), linkFailed);
                inFlight.values().stream()
                        .filter(t -> t != Thread.currentThread())
                        .forEach(Thread::interrupt);
            }
            return outage != null;
        }
    }

    /** What a case does that was in flight when the target was found gone. Waits until it is its turn. */
    Next next(CaseDescriptor c) {
        Outage now;
        synchronized (this) {
            // whatever interrupted it, it has stopped
            Thread.interrupted();
            if (outage == null || ended) {
                return ended ? Next.END : Next.BEGIN_ANEW;
            }
            now = outage;
            now.waiting.add(c.id());
            notifyAll();
            if (!now.noticer.equals(c.id())) {
                while (!ended && !now.over && !c.id().equals(now.turn)) {
                    pause();
                }
                return ended ? Next.END : now.over ? anew(now, c.id()) : Next.RUN_ALONE;
            }
            while (!ended && !now.waiting.containsAll(inFlight.keySet())) {
                pause();
            }
        }
        return ended() ? Next.END : settle(now, c.family());
    }

    /** Called by the case that noticed, when all others wait: what it is to do itself, after others have run. */
    private Next settle(Outage now, Family family) {
        Optional<Link.Outage> link = station.outage();
        if (link.isPresent() && !awaitLink(link.get(), family)) {
            return Next.END;
        }
        Optional<String> trouble = canary.trouble(family);
        if (trouble.isEmpty()) {
            synchronized (this) {
                // what failed with our own interface says nothing of the target
                if (!now.ofLink && link.isEmpty() && permits > 1 && now.candidates.size() > 1) {
                    permits = Math.max(1, Math.min(permits, now.candidates.size()) / 2);
                    teller.accept("the target does not bear " + now.candidates.size()
                            + " cases side by side: going on with " + permits);
                }
                now.crowded = true;
                over(now);
                return anew(now, now.noticer);
            }
        }
        if (!revive(now, trouble.get(), family)) {
            return Next.END;
        }
        // the last to begin is the likeliest: most that have run for long do nothing but wait
        for (int i = now.candidates.size() - 1; i >= 0; i--) {
            String id = now.candidates.get(i);
            synchronized (this) {
                if (id.equals(now.noticer) || !inFlight.containsKey(id)) {
                    continue;
                }
                now.turn = id;
                notifyAll();
                while (!ended && id.equals(now.turn)) {
                    pause();
                }
            }
            if (ended()) {
                return Next.END;
            }
            if (id.equals(now.culprit)) {
                return revive(now, "the target died of " + id, family) ? anew(now, now.noticer) : Next.END;
            }
        }
        return Next.RUN_ALONE;
    }

    /** Waits until our own interface is back and the target answers over it; ends the run where it does not come back. */
    private boolean awaitLink(Link.Outage first, Family family) {
        if (first.passing()) {
            teller.accept(first.what() + ": waiting for it");
        }
        long deadline = System.nanoTime() + UNTIL_IT_ANSWERS.toNanos();
        Optional<Link.Outage> link = Optional.of(first);
        while (!ended() && System.nanoTime() < deadline) {
            link = station.outage();
            if (link.isPresent() && !link.get().passing()) {
                break;
            }
            if (link.isEmpty()) {
                canary.meetAnew();
                if (canary.trouble(family).isEmpty()) {
                    teller.accept("the interface is back: going on");
                    return true;
                }
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
        // where the interface is back and the target does not answer, it is as with any other that does not
        return link.isEmpty()
                || give(link.get().what()
                        + (link.get().passing()
                                ? ", and did not come back within " + UNTIL_IT_ANSWERS.toSeconds() + " s"
                                : ""));
    }

    private synchronized Next anew(Outage now, String id) {
        over(now);
        return now.crowded && returns.merge(id, 1, Integer::sum) > MOST_RETURNS ? Next.GIVE_UP : Next.BEGIN_ANEW;
    }

    /**
     * A case that ran alone has ended.
     *
     * @param died whether the target no longer answers
     * @return for the case that noticed, where nobody is found to have done it: what is known; empty for all others
     */
    Optional<String> alone(CaseDescriptor c, boolean died) {
        Outage now;
        synchronized (this) {
            now = outage;
            if (died) {
                now.culprit = c.id();
            }
            if (!now.noticer.equals(c.id())) {
                now.turn = null;
                notifyAll();
                return Optional.empty();
            }
        }
        if (died) {
            revive(now, "the target died of " + c.id(), c.family());
        }
        over(now);
        return now.culprit == null
                ? Optional.of("the target stopped answering while " + names(now.candidates)
                        + " ran; none of them ended it when run again alone")
                : Optional.empty();
    }

    private synchronized void over(Outage now) {
        if (!now.over) {
            now.over = true;
            outage = null;
            notifyAll();
        }
    }

    /** Brings the target back and waits until it answers; ends the run where that cannot be. */
    private boolean revive(Outage now, String trouble, Family family) {
        String suspects =
                now.culprit == null ? "; " + now.noticer + " noticed, in flight: " + names(now.candidates) : "";
        if (revival == null) {
            return give(trouble + suspects);
        }
        int count;
        synchronized (this) {
            count = restarts++;
        }
        if (count >= MOST_RESTARTS) {
            return give(trouble + suspects + "; it had been restarted " + MOST_RESTARTS + " times, and is not again");
        }
        teller.accept(trouble + suspects + ": restarting it");
        try {
            revival.restart();
        } catch (RuntimeException e) {
            return give(trouble + suspects + "; it could not be restarted: " + e.getMessage());
        }
        long deadline = System.nanoTime() + UNTIL_IT_ANSWERS.toNanos();
        while (!ended() && System.nanoTime() < deadline) {
            canary.meetAnew();
            if (canary.trouble(family).isEmpty()) {
                return true;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
        return give(
                trouble + suspects + "; restarted, it did not answer within " + UNTIL_IT_ANSWERS.toSeconds() + " s");
    }

    private boolean give(String why) {
        ender.accept(why);
        return false;
    }

    private synchronized boolean ended() {
        return ended;
    }

    private static String names(List<String> ids) {
        return ids.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "))
                + (ids.size() > NAMES_SHOWN ? " and " + (ids.size() - NAMES_SHOWN) + " more" : "");
    }

    /** Waits for a change; an interrupt only makes it look again, since the end of a run is told otherwise. */
    private void pause() {
        try {
            wait();
        } catch (InterruptedException e) {
            // looks again
        }
    }
}
