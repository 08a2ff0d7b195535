package de.freiraum.catalog.export;

import de.freiraum.broker.Caller;
import de.freiraum.broker.ScanOperations;
import de.freiraum.broker.ScanOperations.Past;
import de.freiraum.broker.ScanOperations.Period;
import de.freiraum.model.TemporalInstance;
import de.freiraum.query.EntityQuery;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was observed in a period: entity after entity, and of each entity in the order of time. Of an entity with more observations than fit
 * into a part, one stretch of time is read after the other.
 */
final class PastFile implements DatasetFile {
    private static final int ENTITIES = 16;

    /** How many observations of an attribute are read of each of several entities, and of one that has more of them. */
    private static final int MOST = 64;

    private static final int MOST_OF_ONE = 1000;

    private final ScanOperations scan;
    private final Caller reader;
    private final EntityQuery query;
    private final Set<String> attributes;
    private final Instant from;
    private final Instant to;
    private final PastRows rows;
    private final RowFormat format;

    private final Deque<Past> waiting = new ArrayDeque<>();
    private boolean begun;
    private boolean piecesLeft = true;
    private @Nullable String after;
    private @Nullable Past unfinished;
    private Instant resume = Instant.MIN;
    private int most = MOST;

    PastFile(
            ScanOperations scan,
            Caller reader,
            EntityQuery query,
            Set<String> attributes,
            Instant from,
            Instant to,
            PastRows rows,
            RowFormat format) {
        this.scan = scan;
        this.reader = reader;
        this.query = query;
        this.attributes = attributes;
        this.from = from;
        this.to = to;
        this.rows = rows;
        this.format = format;
    }

    @Override
    public Future<Boolean> next(ByteArrayOutputStream out) {
        if (!begun) {
            format.begin(out);
            begun = true;
        }
        if (unfinished != null) {
            return more(out, unfinished);
        }
        Past next = waiting.poll();
        if (next != null) {
            write(out, next, next.instances(), from);
            return Future.succeededFuture(more(out));
        }
        if (!piecesLeft) {
            return Future.succeededFuture(more(out));
        }
        return scan.past(reader, query, new Period(attributes, from, to, MOST), after, ENTITIES)
                .map(piece -> {
                    piece.items().stream()
                            .filter(past -> !past.instances().isEmpty())
                            .forEach(waiting::add);
                    after = piece.next();
                    piecesLeft = after != null;
                    return more(out);
                });
    }

    private Future<Boolean> more(ByteArrayOutputStream out, Past past) {
        return scan.past(reader, past.id(), new Period(attributes, resume, to, most))
                .map(instances -> {
                    write(out, past, instances, resume);
                    return more(out);
                });
    }

    /** Writes what is sure to be complete, and remembers where to go on. */
    private void write(ByteArrayOutputStream out, Past past, List<TemporalInstance> instances, Instant start) {
        Instant end = rows.completeUntil(instances, most);
        if (end == null) {
            rows.of(past, instances, Instant.MAX).forEach(row -> format.row(out, row));
            unfinished = null;
            most = MOST;
            return;
        }
        rows.of(past, instances, end).forEach(row -> format.row(out, row));
        // More observations of one instant than were read: read more of them at once.
        most = end.isAfter(start) ? MOST_OF_ONE : Math.max(MOST_OF_ONE, most * 2);
        unfinished = new Past(past.id(), past.current(), List.of());
        resume = end;
    }

    private boolean more(ByteArrayOutputStream out) {
        boolean more = unfinished != null || !waiting.isEmpty() || piecesLeft;
        if (!more) {
            format.end(out);
        }
        return more;
    }
}
