package de.freiraum.aggregate.footfall;

import java.math.BigInteger;

/**
 * A known number of people in a known time, on one line in one channel. Times are epoch milliseconds, half-open.
 *
 * @param from begin of the time in which {@code count} people passed
 * @param to its end, after {@code from}
 * @param count how many passed, 0 or more
 * @param pieceFrom begin of the part that counts; the rest is told by other segments
 * @param pieceTo end of the part that counts
 * @param doubtful whether the number rests on a guess, such as a jump that no crowd could make
 */
record Segment(long from, long to, long count, long pieceFrom, long pieceTo, boolean doubtful) {

    /** The whole of it counts. */
    static Segment whole(long from, long to, long count, boolean doubtful) {
        return new Segment(from, to, count, from, to, doubtful);
    }

    /** The part of it between two instants, of which the second is not before the first. */
    Segment piece(long start, long end) {
        return new Segment(from, to, count, Math.max(pieceFrom, start), Math.min(pieceTo, end), doubtful);
    }

    /**
     * The people that fall to a part of the time, as if they came evenly. The shares of adjacent parts add up to the share of the whole, to
     * the person, because each is a difference of the same rounded-down running sum.
     */
    long share(long start, long end) {
        return until(Math.min(end, pieceTo)) - until(Math.max(start, pieceFrom));
    }

    /** How much of the time between two instants this tells, in milliseconds. */
    long overlap(long start, long end) {
        return Math.max(0, Math.min(end, pieceTo) - Math.max(start, pieceFrom));
    }

    private long until(long time) {
        long part = time - from;
        long length = to - from;
        return Math.multiplyHigh(count, part) == 0 && count * part >= 0
                ? count * part / length
                : BigInteger.valueOf(count)
                        .multiply(BigInteger.valueOf(part))
                        .divide(BigInteger.valueOf(length))
                        .longValueExact();
    }
}
