package de.freiraum.catalog.export;

import de.freiraum.broker.Caller;
import de.freiraum.broker.ScanOperations;
import de.freiraum.model.Entity;
import de.freiraum.query.EntityQuery;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** The current entities of a type, one after the other. */
final class CurrentFile implements DatasetFile {
    private static final int PIECE = 100;

    private final ScanOperations scan;
    private final Caller reader;
    private final EntityQuery query;
    private final EntityFormat format;
    private boolean begun;
    private @Nullable String after;

    /** How entities are written. */
    interface EntityFormat {
        /** What comes first. */
        void begin(ByteArrayOutputStream out);

        /** One entity. */
        void entity(ByteArrayOutputStream out, Entity entity);

        /** What comes last. */
        void end(ByteArrayOutputStream out);
    }

    CurrentFile(ScanOperations scan, Caller reader, EntityQuery query, EntityFormat format) {
        this.scan = scan;
        this.reader = reader;
        this.query = query;
        this.format = format;
    }

    @Override
    public Future<Boolean> next(ByteArrayOutputStream out) {
        return scan.entities(reader, query, after, PIECE).map(piece -> {
            if (!begun) {
                format.begin(out);
                begun = true;
            }
            piece.items().forEach(entity -> format.entity(out, entity));
            after = piece.next();
            if (after == null) {
                format.end(out);
            }
            return after != null;
        });
    }
}
