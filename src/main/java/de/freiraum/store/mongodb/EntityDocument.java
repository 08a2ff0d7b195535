package de.freiraum.store.mongodb;

import de.freiraum.json.ModelCodec;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.store.change.Expiry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/**
 * The document of an entity: the whole entity as {@link ModelCodec} writes it, and beside it what queries look up.
 *
 * <p>The version of a document is never the same twice: the time of the change in microseconds, and the replica that made it.
 */
final class EntityDocument {
    static final String TENANT = "t";
    static final String VERSION = "v";
    static final String TYPES = "y";
    static final String SCOPES = "s";
    static final String KINDS = "k";
    static final String PATHS = "p";
    static final String VALUES = "w";
    static final String VALUE_PATH = "w.a";
    static final String VALUE = "w.v";
    static final String PLACES = "g";
    static final String PLACE = "g.b";
    static final String EXPIRY = "x";
    static final String BODY = "e";

    private static final int MOST_VALUES = 20_000;
    private static final int MOST_BYTES = 12 << 20;
    private static final int REPLICA_BITS = 10;

    private EntityDocument() {}

    /**
     * The document of a version.
     *
     * @throws NgsiLdException PayloadTooLarge if it is larger than a document may be
     * @throws IllegalArgumentException if it cannot be stored at all
     */
    static RawBsonDocument of(String key, String partition, Entity entity, long version) {
        byte[] body = ModelCodec.encode(entity);
        IndexedValues indexed = IndexedValues.of(entity);
        List<BsonDocument> values = indexed.values();
        BsonDocument document = new BsonDocument("_id", new BsonString(key))
                .append(TENANT, new BsonString(partition))
                .append(VERSION, new BsonInt64(version))
                .append(TYPES, strings(entity.types()))
                .append(
                        SCOPES,
                        strings(entity.scopes().stream()
                                .map(EntityDocument::withSlash)
                                .toList()))
                .append(KINDS, strings(kinds(entity)))
                .append(PATHS, new BsonArray(indexed.paths()))
                .append(VALUES, new BsonArray(values));
        List<BsonValue> places = Places.of(entity);
        if (!places.isEmpty()) {
            document.append(PLACES, new BsonArray(places));
        }
        long expiry = Expiry.next(entity);
        if (expiry != Long.MAX_VALUE) {
            document.append(EXPIRY, new BsonInt64(expiry));
        }
        document.append(BODY, new BsonBinary(body));
        RawBsonDocument raw = new RawBsonDocument(document, new BsonDocumentCodec());
        if (values.size() > MOST_VALUES || raw.getByteBuffer().remaining() > MOST_BYTES) {
            throw new NgsiLdException(
                    ErrorType.PayloadTooLarge,
                    "the entity is too large for this store: at most " + MOST_VALUES + " values in its attributes and "
                            + MOST_BYTES + " bytes are possible");
        }
        return raw;
    }

    /** The entity of a document, expired or not. */
    static Entity entity(RawBsonDocument document) {
        return ModelCodec.decodeEntity(document.getBinary(BODY).getData());
    }

    static long version(RawBsonDocument document) {
        return document.getInt64(VERSION).getValue();
    }

    static long version(long tick, int replica) {
        return tick << REPLICA_BITS | replica & ((1 << REPLICA_BITS) - 1);
    }

    /** When the change was that made a version. */
    static long tick(long version) {
        return version >> REPLICA_BITS;
    }

    /** When the first part expires, in microseconds; {@link Long#MAX_VALUE}: never. */
    static long expiry(RawBsonDocument document) {
        @Nullable BsonValue expiry = document.get(EXPIRY);
        return expiry == null ? Long.MAX_VALUE : expiry.asInt64().getValue();
    }

    /** A scope counts the same with and without the slash at its start. */
    private static String withSlash(String scope) {
        return scope.startsWith("/") ? scope : "/" + scope;
    }

    /** IRIs of attributes with the kinds of their instances, for discovery. */
    private static Set<String> kinds(Entity entity) {
        Set<String> kinds = new LinkedHashSet<>();
        entity.attributes().forEach((iri, instances) -> {
            for (Attribute instance : instances) {
                kinds.add(iri + Keys.SEPARATOR + instance.kind());
            }
        });
        return kinds;
    }

    static BsonArray strings(Iterable<String> texts) {
        List<BsonString> strings = new ArrayList<>();
        texts.forEach(text -> strings.add(new BsonString(text)));
        return new BsonArray(strings);
    }
}
