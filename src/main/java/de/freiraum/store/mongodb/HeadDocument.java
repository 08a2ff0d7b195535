package de.freiraum.store.mongodb;

import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.change.Ticks;
import java.time.Instant;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/** The document of a head that is kept beside the current entity, or without one. */
final class HeadDocument {
    private static final String CREATED = "c";
    private static final String MODIFIED = "m";
    private static final String DELETED = "x";

    private HeadDocument() {}

    static RawBsonDocument of(String key, String partition, Head head) {
        BsonDocument document = new BsonDocument("_id", new BsonString(key))
                .append(EntityDocument.TENANT, new BsonString(partition))
                .append(EntityDocument.TYPES, EntityDocument.strings(head.types()));
        time(document, CREATED, head.createdAt());
        time(document, MODIFIED, head.modifiedAt());
        time(document, DELETED, head.deletedAt());
        return new RawBsonDocument(document, new BsonDocumentCodec());
    }

    private static void time(BsonDocument document, String field, @Nullable Instant time) {
        if (time != null) {
            document.append(field, new BsonInt64(Ticks.micros(time)));
        }
    }

    static Head head(RawBsonDocument document) {
        return new Head(
                Keys.entityId(document.getString("_id").getValue()),
                document.getArray(EntityDocument.TYPES).stream()
                        .map(type -> type.asString().getValue())
                        .toList(),
                time(document, CREATED),
                time(document, MODIFIED),
                time(document, DELETED));
    }

    private static @Nullable Instant time(RawBsonDocument document, String field) {
        BsonValue micros = document.get(field);
        return micros == null ? null : Ticks.instant(micros.asInt64().getValue());
    }
}
