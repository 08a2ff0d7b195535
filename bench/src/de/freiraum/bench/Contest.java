package de.freiraum.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Two loads on two servers, or on one, round by round in turn; the median round of each counts. What is compared is what was done per second of processor time
 * that the server used, so that neither a slow load generator nor a noisy neighbour decides.
 */
final class Contest {
    private static final int LEAST_WARM_UP_ROUNDS = 4;
    private static final int MOST_WARM_UP_ROUNDS = 8;
    private static final int WARM_UP_SECONDS = 10;
    private static final double FASTER = 1.1;

    private final int rounds;
    private final int seconds;

    Contest(int rounds, int seconds) {
        this.rounds = rounds;
        this.seconds = seconds;
    }

    /** Work for a server. */
    interface Load {
        /** Works for so many seconds; rounds are numbered, so that what they create can differ. */
        Wrk.Result run(Peer peer, int round, int seconds) throws Exception;
    }

    /** A server and what it has to do. */
    record Side(Peer peer, Load load) {}

    /**
     * What came out.
     *
     * @param ours done per second of processor time by the first
     * @param other by the second
     * @param p50 median latency of the first in microseconds
     * @param p99 99th percentile of it
     * @param failed requests of either that failed
     */
    record Outcome(double ours, double other, long p50, long p99, long failed) {
        double ratio() {
            return ours / other;
        }
    }

    private record Round(double rate, Wrk.Result result) {}

    Outcome run(Side ours, Side other) throws Exception {
        int warm = Math.max(warmUp(ours), warmUp(other));
        List<Round> mine = new ArrayList<>();
        List<Round> theirs = new ArrayList<>();
        for (int i = warm; i < warm + rounds; i++) {
            mine.add(round(ours, i, seconds));
            theirs.add(round(other, i, seconds));
        }
        Wrk.Result last = mine.get(mine.size() - 1).result();
        return new Outcome(median(mine), median(theirs), last.p50(), last.p99(), failed(mine) + failed(theirs));
    }

    /** Runs until the compiler has done most of its work: until a round is hardly faster than the best before. @return rounds run */
    private static int warmUp(Side side) throws Exception {
        double best = 0;
        for (int i = 0; i < MOST_WARM_UP_ROUNDS; i++) {
            double rate = round(side, i, WARM_UP_SECONDS).rate();
            if (rate < best * FASTER && i + 1 >= LEAST_WARM_UP_ROUNDS) {
                return i + 1;
            }
            best = Math.max(best, rate);
        }
        return MOST_WARM_UP_ROUNDS;
    }

    private static Round round(Side side, int round, int seconds) throws Exception {
        long before = side.peer().micros().getAsLong();
        Wrk.Result result = side.load().run(side.peer(), round, seconds);
        long spent = side.peer().micros().getAsLong() - before;
        return new Round(result.requests() * 1e6 / Math.max(1, spent), result);
    }

    private static double median(List<Round> rounds) {
        double[] rates = rounds.stream().mapToDouble(Round::rate).sorted().toArray();
        return rates[rates.length / 2];
    }

    private static long failed(List<Round> rounds) {
        return rounds.stream().mapToLong(round -> round.result().failed()).sum();
    }
}
