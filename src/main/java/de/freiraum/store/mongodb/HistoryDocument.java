package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import de.freiraum.json.ModelCodec;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.TemporalInstance;
import de.freiraum.store.change.HistoryRecorder;
import java.time.Instant;
import java.util.Objects;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** The document of an instance of history: what identifies it, in the order in which it is looked up, and the instance as {@link ModelCodec} writes it. */
final class HistoryDocument {
    static final String ENTITY = "k";
    static final String ATTRIBUTE = "a";
    static final String DATASET = "d";
    static final String TIME = "o";
    static final String INSTANCE = "n";
    static final String BODY = "b";

    private HistoryDocument() {}

    /** The document of an instance, which has its id. */
    static RawBsonDocument of(String key, TemporalInstance instance, Instant now) {
        AttributeMeta meta = instance.instance().meta();
        BsonDocument document = new BsonDocument(ENTITY, new BsonString(key))
                .append(ATTRIBUTE, new BsonString(instance.attribute()))
                .append(DATASET, new BsonString(dataset(meta.datasetId())))
                .append(TIME, time(HistoryRecorder.place(meta, now)))
                .append(INSTANCE, new BsonString(Objects.requireNonNull(meta.instanceId())))
                .append(BODY, new BsonBinary(ModelCodec.encode(instance)));
        return new RawBsonDocument(document, new BsonDocumentCodec());
    }

    /** The filter that finds the document with the same identity. */
    static Bson identity(BsonDocument document) {
        return Filters.and(
                Filters.eq(ENTITY, document.get(ENTITY)),
                Filters.eq(ATTRIBUTE, document.get(ATTRIBUTE)),
                Filters.eq(DATASET, document.get(DATASET)),
                Filters.eq(TIME, document.get(TIME)),
                Filters.eq(INSTANCE, document.get(INSTANCE)));
    }

    static TemporalInstance instance(RawBsonDocument document) {
        return ModelCodec.decodeInstance(document.getBinary(BODY).getData());
    }

    /** The default instance has no dataset. */
    static String dataset(@Nullable String datasetId) {
        return datasetId == null ? "" : datasetId;
    }

    /** A time to the nanosecond, ordered as times are. */
    static BsonDocument time(Instant time) {
        return new BsonDocument("s", new BsonInt64(time.getEpochSecond())).append("n", new BsonInt32(time.getNano()));
    }

    static Instant time(BsonDocument document) {
        BsonDocument time = document.getDocument(TIME);
        return Instant.ofEpochSecond(
                time.getInt64("s").getValue(), time.getInt32("n").getValue());
    }
}
