package de.freiraum.store.mongodb;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * Where in the stream the changes are that were told last, so that it can be told how far all are done with. Something that is not done for ten seconds,
 * such as a notification whose receiver does not answer, counts as done: it must not keep the position back forever. Thread-safe.
 */
final class Positions {
    private static final int MOST = 20_000;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final ArrayDeque<Position> told = new ArrayDeque<>();
    private long last;

    private record Position(long number, BsonDocument token, long at) {}

    /** A change is told. @return its number: above 0, and higher than that of the one before */
    synchronized long add(BsonDocument token) {
        if (told.size() == MOST) {
            told.removeFirst();
        }
        told.addLast(new Position(++last, token, System.nanoTime()));
        return last;
    }

    /** The position of the last change before the first that is not done, or null if there is no other one than last time. */
    synchronized @Nullable BsonDocument before(long undone) {
        long now = System.nanoTime();
        BsonDocument done = null;
        for (Position first = told.peek();
                first != null && (first.number() < undone || now - first.at() > LONGEST_NANOS);
                first = told.peek()) {
            done = first.token();
            told.removeFirst();
        }
        return done;
    }

    synchronized void clear() {
        told.clear();
    }
}
