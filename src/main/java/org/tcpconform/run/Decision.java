package org.tcpconform.run;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.tcpconform.peer.Network;
import org.tcpconform.verdict.Failure;
import org.tcpconform.verdict.FailureCode;
import org.tcpconform.verdict.Verdict;

/**
 * What several attempts at a case come to. On a quiet network a failure counts when it happened twice, since what fails
 * once and not again is not known to be the target's doing. On a bad one an attempt may also fail, or find silence, though
 * the target keeps, or breaks, the rule: there the attempts are counted against each other.
 */
final class Decision {
    /** So many attempts at the most; two that fail make a FAIL. */
    static final int ATTEMPTS = 3;
    /** So many must find that the target lacks what the case needs, where that is told by a silence. */
    private static final int ABSENCES_BY_SILENCE = 2;
    /** So many attempts must fail, and none other be among them, where the failure is that nothing came. */
    static final int ATTEMPTS_FOR_ABSENCE = 4;

    /** So many at the most where some could not be judged, and none of the others passed. */
    static final int ATTEMPTS_WITH_UNJUDGED = 5;

    /** On a bad network: so many attempts at the most, */
    static final int MOST = 12;
    /** so many of which must fail alike for a FAIL, */
    private static final int FAILURES = 5;
    /** and so many more for each that found silence, where what came, or drew it, may have been lost; */
    private static final int FAILURES_FOR_A_SILENCE = 2;
    /** two of them without a loss that was seen, as on a quiet network: what is sent again draws other answers; */
    private static final int FAILURES_WITHOUT_LOSS = 2;
    /** or where it loses frames, and the failure is that nothing came; */
    private static final int ABSENCES = 6;
    /** so many must find nothing, where the network loses frames and something might have come. */
    private static final int SILENCES = 5;
    /** So often is tried what cannot be judged. */
    private static final int UNJUDGED = 5;

    private Decision() {}

    /** The attempt that decides, or null where another is needed. */
    static Attempt of(List<Attempt> attempts) {
        Attempt last = attempts.get(attempts.size() - 1);
        Network network = last.log().network();
        boolean absent = last.verdict() == Verdict.NOT_APPLICABLE;
        if (last.verdict() == Verdict.ERROR
                || absent && count(attempts, a -> isLike(a, last)) >= neededForAbsence(last)) {
            return last;
        }
        return network.isBad() ? onBadNetwork(attempts, network.isHarmful()) : onQuietNetwork(attempts);
    }

    /** So many attempts must find that the target lacks what the case needs; a machine may be late, too. */
    private static int neededForAbsence(Attempt last) {
        return last.log().network().isBad() ? SILENCES : last.log().restsOnSilence() ? ABSENCES_BY_SILENCE : 1;
    }

    /**
     * A failure counts when it happened twice, and what could not be judged is tried again. An answer that did not come may
     * have been lost, so that its absence counts only when it happened every time, and oftener. Attempts that all fail, in
     * whatever way, count as often as that, too.
     */
    private static Attempt onQuietNetwork(List<Attempt> attempts) {
        Attempt last = attempts.get(attempts.size() - 1);
        long failed = count(attempts, a -> a.verdict() == Verdict.FAIL);
        if (last.verdict() == Verdict.PASS && failed == 0) {
            return last;
        }
        long alike = count(attempts, a -> isLike(a, last));
        boolean absent = isAbsence(last);
        if (last.verdict() == Verdict.FAIL && alike >= (absent ? ATTEMPTS_FOR_ABSENCE : 2)) {
            return last;
        }
        boolean always = failed == attempts.size();
        boolean neverPassed =
                failed > 0 && failed + count(attempts, a -> a.verdict() == Verdict.INCONCLUSIVE) == attempts.size();
        int most = always ? ATTEMPTS_FOR_ABSENCE : neverPassed ? ATTEMPTS_WITH_UNJUDGED : ATTEMPTS;
        if (attempts.size() < most) {
            return null;
        }
        return always ? failedVariously(attempts) : undecided(attempts);
    }

    private static Attempt failedVariously(List<Attempt> attempts) {
        // what those in between hold is forgotten
        Attempt first = attempts.get(0);
        Attempt last = attempts.get(attempts.size() - 1);
        Attempt shown = isAbsence(last) ? first : last;
        shown.log().remark("failed in each of " + attempts.size() + " attempts, not always alike");
        return shown;
    }

    /**
     * An answer that is right cannot be the network's doing, a wrong one can, and a silence as well. So one attempt that
     * passes is enough where all that it rests on came, but more must pass than fail; and a FAIL takes many that fail alike
     * and none that passed so, and far more than found silence, and some of them without a loss.
     */
    private static Attempt onBadNetwork(List<Attempt> attempts, boolean harmful) {
        Attempt last = attempts.get(attempts.size() - 1);
        // an answer that came once shows that others were lost
        long failed = count(attempts, a -> a.verdict() == Verdict.FAIL && !(harmful && isAbsence(a)));
        long passed = count(attempts, a -> a.verdict() == Verdict.PASS);
        Predicate<Attempt> silent =
                a -> harmful && a.verdict() == Verdict.PASS && a.log().restsOnSilence();
        long silences = count(attempts, silent);
        if (last.verdict() == Verdict.PASS
                && passed >= failed + (silent.test(last) ? SILENCES : 1)
                && eachAnswerCameAtOnce(attempts)) {
            if (failed > 0) {
                last.log().remark("failed in " + failed + " of " + attempts.size() + " attempts, on a bad network");
            }
            return last;
        }
        boolean lostAnswer = harmful && isAbsence(last);
        Predicate<Attempt> alike = a -> isLike(a, last);
        if (last.verdict() == Verdict.FAIL
                && passed == silences
                && count(attempts, alike) >= (lostAnswer ? ABSENCES : FAILURES) + FAILURES_FOR_A_SILENCE * silences
                && (lostAnswer || count(attempts, alike.and(a -> !a.log().lost())) >= FAILURES_WITHOUT_LOSS)) {
            return last;
        }
        boolean unjudged = attempts.stream().noneMatch(a -> a.verdict() == Verdict.FAIL || a.verdict() == Verdict.PASS);
        boolean slow = unjudged && last.failure().is(FailureCode.SLOW_NETWORK);
        return attempts.size() < (slow ? 1 : unjudged ? UNJUDGED : MOST) ? null : undecided(attempts);
    }

    /** Frees what all those attempts hold that no report will show. */
    static void forget(List<Attempt> attempts) {
        Set<Verdict> shown = EnumSet.noneOf(Verdict.class);
        attempts.stream()
                .limit(attempts.size() - 1L)
                .filter(a -> a.verdict() == Verdict.PASS || !shown.add(a.verdict()))
                .forEach(a -> a.log().forget());
    }

    /** Whether each answer came in one attempt at least to what was sent once. */
    private static boolean eachAnswerCameAtOnce(List<Attempt> attempts) {
        Set<Integer> everyTime = null;
        for (Attempt attempt : attempts) {
            if (attempt.verdict() == Verdict.PASS) {
                Set<Integer> again = attempt.log().sentAgainFor();
                if (everyTime == null) {
                    everyTime = new HashSet<>(again);
                }
                everyTime.retainAll(again);
            }
        }
        return everyTime != null && everyTime.isEmpty();
    }

    private static Attempt undecided(List<Attempt> attempts) {
        Attempt last = attempts.get(attempts.size() - 1);
        long failed = count(attempts, a -> a.verdict() == Verdict.FAIL);
        Attempt shown = attempts.stream()
                .filter(a -> a.verdict() != Verdict.PASS)
                .min((a, b) -> a.verdict() == b.verdict() ? 0 : a.verdict() == Verdict.FAIL ? -1 : 1)
                .orElse(last);
        if (shown.verdict() == Verdict.PASS) {
            return new Attempt(
                    shown.log(),
                    Verdict.INCONCLUSIVE,
                    Failure.of(
                            FailureCode.NOT_REPRODUCIBLE.code(),
                            "an answer came in each of " + attempts.size()
                                    + " attempts only after what it answers had been sent again"));
        }
        Failure failure = shown.failure();
        long notPassed = count(attempts, a -> a.verdict() != Verdict.PASS);
        long lossy = count(attempts, a -> a.verdict() == Verdict.FAIL && a.log().lost());
        return failed == 0 && last.verdict() != Verdict.PASS
                ? last
                : new Attempt(
                        shown.log(),
                        Verdict.INCONCLUSIVE,
                        new Failure(
                                FailureCode.NOT_REPRODUCIBLE.code(),
                                (failed > 0 ? "failed in " + failed : "could not be judged in " + notPassed) + " of "
                                        + attempts.size() + " attempts"
                                        + (lossy > 0 ? ", of which " + lossy + " lost an answer" : "") + ": "
                                        + failure.summary(),
                                failure.text()));
    }

    private static long count(List<Attempt> attempts, Predicate<Attempt> which) {
        return attempts.stream().filter(which).count();
    }

    private static boolean isAbsence(Attempt attempt) {
        return attempt.verdict() == Verdict.FAIL && attempt.failure().is(FailureCode.NO_ANSWER);
    }

    private static boolean isLike(Attempt one, Attempt other) {
        return one.verdict() == other.verdict()
                && one.failure() != null
                && one.failure().code().equals(other.failure().code());
    }
}
