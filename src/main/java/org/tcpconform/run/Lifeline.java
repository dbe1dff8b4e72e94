package org.tcpconform.run;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
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
 * the cases that were in flight run one by one, each followed by a sign of life, and then those that had ended shortly
 * before, until one kills it again; the others then go on, side by side. Where it cannot be brought back the run ends.
 */
final class Lifeline {
    /** So many times at the most a target is brought back in a run. */
    static final int MOST_RESTARTS = 60;
    /** So often a case begins anew because the target was crowded. */
    static final int MOST_RETURNS = 3;
    /** How long a target that was started anew may take until it answers. */
    private static final Duration UNTIL_IT_ANSWERS = Duration.ofSeconds(60);

    /** So long after a case has ended a target that dies may have died of it. */
    static final Duration AFTERMATH = Duration.ofSeconds(2);
    /** So long a target is watched after the last case that has not died in this run. */
    private static final Duration MOMENT = Duration.ofMillis(500);
    /** So long, at the most, cases that had ended are run again to find the one. */
    private static final Duration LONGEST_SEARCH = Duration.ofSeconds(60);

    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int NAMES_SHOWN = 8;

    /** What a case that was broken off is to do. */
    enum Next {
        /** Begin anew beside others. */
        BEGIN_ANEW,
        /** It was run alone, and has the verdict that it had then. */
        TRIED,
        /** It was run alone, and so were all others: nobody knows what ended the target. */
        UNEXPLAINED,
        /** The target went away and came back several times: the case cannot be judged. */
        GIVE_UP,
        /** The run has ended. */
        END
    }

    /** A case that was in flight when the target died, or had ended shortly before. */
    interface Suspect {
        String id();

        Family family();

        /** Whether it sends the like, as the same case over the other version of IP does. */
        boolean isLike(Suspect other);

        /**
         * Runs it, with nothing beside it and a sign of life after each attempt.
         *
         * @param watch for how long the target is watched afterwards
         * @return whether the target no longer answers
         */
        boolean kills(Duration watch);

        /** It was this one. */
        void convict();
    }

    /** A case that has no verdict yet. */
    private record InFlight(Suspect suspect, Thread thread) {
        void breakOff() {
            if (thread != Thread.currentThread()) {
                thread.interrupt();
            }
        }
    }

    /** A case that has its verdict. */
    private record Former(Suspect suspect, long endedNanos) {}

    private final Canary canary;
    private final Station station;
    /** Null where nobody can bring the target back. */
    private final Revival revival;

    private final Consumer<String> teller;
    private final Consumer<String> ender;
    /** By id, in the order in which they began. */
    private final Map<String, InFlight> inFlight = new LinkedHashMap<>();
    /** Those that ended within {@link #AFTERMATH} before the last that did. */
    private final Deque<Former> ended = new ArrayDeque<>();
    /** Those of them that have run alone, and the target lived. */
    private final Set<String> acquitted = new HashSet<>();

    /** Those of which the target died. */
    private final List<Suspect> convicted = new ArrayList<>();

    private final Map<String, Integer> returns = new HashMap<>();
    private int permits;
    private int restarts;
    private boolean over;
    private Outage outage;
    private String unexplained = "";

    /** From when a case notices that the target is gone until it is known why, or that it cannot be known. */
    private static final class Outage {
        /** Null where all had ended. */
        final String noticer;
        /** All that were in flight, in the order in which they began. */
        final List<String> candidates;
        /** Those that had ended shortly before, the last one first. */
        List<Suspect> former = new ArrayList<>();

        final Set<String> waiting = new HashSet<>();
        /** Whether our own interface was seen to fail. */
        final boolean ofLink;

        final Set<String> tried = new HashSet<>();
        Suspect culprit;
        boolean crowded;
        boolean over;

        Outage(String noticer, List<String> candidates, boolean ofLink) {
            this.ofLink = ofLink;
            this.noticer = noticer;
            this.candidates = candidates;
        }

        /** Who was there, for a sentence that says so. */
        String present() {
            List<String> just = former.stream().map(Suspect::id).toList();
            return (noticer == null ? "" : "; " + noticer + " noticed, in flight: " + names(candidates))
                    + (just.isEmpty() ? "" : "; ended shortly before: " + names(just));
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
        over = true;
        inFlight.values().forEach(InFlight::breakOff);
        notifyAll();
    }

    /** Waits until a case may begin. */
    synchronized void begin(Suspect c) {
        while (!over && (outage != null || inFlight.size() >= permits)) {
            pause();
        }
        inFlight.put(c.id(), new InFlight(c, Thread.currentThread()));
    }

    /** A case has its verdict. No interrupt that was meant for it comes later. */
    synchronized void finish(String id) {
        inFlight.remove(id);
        Thread.interrupted();
        notifyAll();
    }

    /** A case of which the target has heard has its verdict, and whoever wants to know has been told. */
    synchronized void told(Suspect c) {
        long now = System.nanoTime();
        ended.addFirst(new Former(c, now));
        while (now - ended.getLast().endedNanos() > AFTERMATH.toNanos()) {
            ended.removeLast();
        }
    }

    /**
     * When all cases have ended: looks whether the target outlives the last of them, and finds the one that it does not. It is
     * watched for a while where it can be brought back, and so the case be found, longer if it has died before.
     */
    void afterwards(Collection<Family> families) {
        Duration watch = revival == null ? Duration.ZERO : restarts() > 0 ? AFTERMATH : MOMENT;
        long end = System.nanoTime() + watch.toNanos();
        for (Family family : families) {
            if (ended() || ended.isEmpty() || outlives(Duration.ofNanos(end - System.nanoTime()), family)) {
                continue;
            }
            Outage now;
            synchronized (this) {
                now = outage = new Outage(null, List.of(), false);
            }
            settle(now, family);
        }
    }

    private synchronized List<Suspect> former() {
        return ended.stream()
                .map(Former::suspect)
                .filter(s -> !acquitted.contains(s.id()))
                .collect(Collectors.toCollection(ArrayList::new));
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
            if (trouble.isPresent() && outage == null && !over) {
                outage = new Outage(c.id(), List.copyOf(inFlight.keySet()), linkFailed);
                inFlight.values().forEach(InFlight::breakOff);
            }
            return outage != null;
        }
    }

    /** What a case does that was in flight when the target was found gone. Waits until that is known. */
    Next next(CaseDescriptor c) {
        Outage now;
        synchronized (this) {
            // whatever interrupted it, it has stopped
            Thread.interrupted();
            if (outage == null || over) {
                return over ? Next.END : Next.BEGIN_ANEW;
            }
            now = outage;
            now.waiting.add(c.id());
            notifyAll();
            if (!now.noticer.equals(c.id())) {
                while (!over && !now.over) {
                    pause();
                }
                return over ? Next.END : goingOn(now, c.id());
            }
            while (!over && !now.waiting.containsAll(inFlight.keySet())) {
                pause();
            }
        }
        return !ended() && settle(now, c.family()) ? goingOn(now, c.id()) : Next.END;
    }

    /** Why nobody knows what ended the target; to be told of the case that noticed. */
    synchronized String unexplained() {
        return unexplained;
    }

    /** Called when all that were in flight wait. Whether the run goes on. */
    private boolean settle(Outage now, Family family) {
        Optional<Link.Outage> link = station.outage();
        if (link.isPresent() && !awaitLink(link.get(), family)) {
            return false;
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
                return true;
            }
        }
        now.former = former();
        if (!revive(trouble.get() + now.present(), family) || !search(now, family)) {
            return false;
        }
        over(now);
        return true;
    }

    /** Runs the suspects one by one: those in flight until one ends the target again. Whether the run goes on. */
    private boolean search(Outage now, Family family) {
        List<Suspect> inFlightThen = new ArrayList<>();
        synchronized (this) {
            // the last to begin is the likeliest: most that have run for long do nothing but wait
            now.candidates.stream()
                    .filter(id -> !id.equals(now.noticer) && inFlight.containsKey(id))
                    .forEach(id -> inFlightThen.add(0, inFlight.get(id).suspect()));
            if (now.noticer != null) {
                inFlightThen.add(inFlight.get(now.noticer).suspect());
            }
        }
        // likelier still is what is like one of which it has died before
        inFlightThen.sort(Comparator.comparing(suspect -> convicted.stream().noneMatch(suspect::isLike)));
        List<Former> ran = new ArrayList<>();
        for (Suspect suspect : inFlightThen) {
            now.tried.add(suspect.id());
            boolean dead = isKiller(suspect, ran);
            if (ended() || dead && !convict(now, ran)) {
                return false;
            }
            if (dead && now.culprit == null) {
                return unexplained(now, 0);
            }
            if (dead) {
                // the others in flight begin anew; of those that had ended it is the like that may have done the same
                now.former.removeIf(former -> !former.isLike(now.culprit));
                ran.clear();
                break;
            }
        }
        return searchFormer(now, ran, family);
    }

    /**
     * Runs those that had ended, all of them, since no other occasion comes.
     *
     * @param ran those that ran since the target was started
     */
    private boolean searchFormer(Outage now, List<Former> ran, Family family) {
        Deque<Suspect> left = new ArrayDeque<>(now.former);
        long deadline = System.nanoTime() + LONGEST_SEARCH.toNanos();
        while (true) {
            boolean dead = false;
            while (!dead && !left.isEmpty() && System.nanoTime() - deadline < 0) {
                dead = isKiller(left.poll(), ran);
                if (ended()) {
                    return false;
                }
            }
            if (!dead && (ran.isEmpty() || outlives(AFTERMATH, family))) {
                acquit(ran.stream().map(one -> one.suspect().id()).toList());
                return now.culprit != null || unexplained(now, left.size());
            }
            if (!convict(now, ran)) {
                return false;
            }
            ran.stream()
                    .map(Former::suspect)
                    .filter(suspect -> !acquitted.contains(suspect.id()))
                    .forEach(left::add);
            ran.clear();
        }
    }

    /** Runs a suspect, and adds it to {@code ran}. */
    private static boolean isKiller(Suspect suspect, List<Former> ran) {
        boolean dead = suspect.kills(Duration.ZERO);
        ran.add(new Former(suspect, System.nanoTime()));
        return dead;
    }

    private synchronized void acquit(Collection<String> ids) {
        acquitted.addAll(ids);
    }

    /**
     * The target died again: of the last that ran, or of one before it that takes effect later. Where it may have been
     * several, each is run once more, right after a start, and the target watched. Whether the run goes on.
     */
    private boolean convict(Outage now, List<Former> ran) {
        Collections.reverse(ran);
        Suspect last = ran.get(0).suspect();
        Suspect culprit = ran.size() == 1 ? last : null;
        boolean dead = true;
        for (int i = 0; i < ran.size() && culprit == null; i++) {
            Suspect suspect = ran.get(i).suspect();
            if (i > 0 && ran.get(1).endedNanos() - ran.get(i).endedNanos() > AFTERMATH.toNanos()) {
                break;
            }
            if (dead && !revive("the target died again, " + last.id() + " ran last", last.family())) {
                return false;
            }
            dead = suspect.kills(AFTERMATH);
            if (ended()) {
                return false;
            }
            culprit = dead ? suspect : null;
            acquit(List.of(suspect.id()));
        }
        if (culprit == null) {
            return true;
        }
        now.culprit = culprit;
        convicted.add(culprit);
        acquit(List.of(culprit.id()));
        culprit.convict();
        return revive("the target died of " + culprit.id(), culprit.family());
    }

    private synchronized boolean unexplained(Outage now, int untried) {
        unexplained = "the target stopped answering"
                + (now.candidates.isEmpty() ? "" : " while " + names(now.candidates) + " ran")
                + (now.former.isEmpty()
                        ? ""
                        : ", shortly after "
                                + names(now.former.stream().map(Suspect::id).toList()) + " had ended")
                + "; none of them ended it when run again alone"
                + (untried == 0 ? "" : ", for which there was no time with " + untried);
        if (now.noticer == null) {
            teller.accept(unexplained);
        }
        return true;
    }

    /** Whether the target still answers when so much time has passed. */
    boolean outlives(Duration watch, Family family) {
        long end = System.nanoTime() + watch.toNanos();
        while (isAlive(family)) {
            if (ended() || System.nanoTime() - end >= 0) {
                return true;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
        return ended();
    }

    /** Looks twice, since a machine that is busy for a moment must not pass for dead. */
    private boolean isAlive(Family family) {
        return canary.trouble(family).flatMap(t -> canary.trouble(family)).isEmpty();
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

    private synchronized Next goingOn(Outage now, String id) {
        if (now.crowded) {
            return returns.merge(id, 1, Integer::sum) > MOST_RETURNS ? Next.GIVE_UP : Next.BEGIN_ANEW;
        }
        return !now.tried.contains(id)
                ? Next.BEGIN_ANEW
                : now.culprit == null && id.equals(now.noticer) ? Next.UNEXPLAINED : Next.TRIED;
    }

    private synchronized void over(Outage now) {
        if (!now.over) {
            now.over = true;
            outage = null;
            notifyAll();
        }
    }

    /** Brings the target back and waits until it answers; ends the run where that cannot be. */
    private boolean revive(String trouble, Family family) {
        if (revival == null) {
            return give(trouble);
        }
        int count;
        synchronized (this) {
            count = restarts++;
        }
        if (count >= MOST_RESTARTS) {
            return give(trouble + "; it had been restarted " + MOST_RESTARTS + " times, and is not again");
        }
        teller.accept(trouble + ": restarting it");
        try {
            revival.restart();
        } catch (RuntimeException e) {
            return give(trouble + "; it could not be restarted: " + e.getMessage());
        }
        long deadline = System.nanoTime() + UNTIL_IT_ANSWERS.toNanos();
        while (!ended() && System.nanoTime() < deadline) {
            canary.meetAnew();
            if (canary.trouble(family).isEmpty()) {
                return true;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
        return give(trouble + "; restarted, it did not answer within " + UNTIL_IT_ANSWERS.toSeconds() + " s");
    }

    private boolean give(String why) {
        ender.accept(why);
        return false;
    }

    private synchronized boolean ended() {
        return over;
    }

    private static String names(Collection<String> ids) {
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
