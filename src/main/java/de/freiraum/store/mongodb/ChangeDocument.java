package de.freiraum.store.mongodb;

import de.freiraum.json.ModelCodec;
import de.freiraum.model.Attribute;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.Origin;
import de.freiraum.model.TemporalInstance;
import de.freiraum.store.change.Ticks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * The document of a committed change, by which other replicas hear of it. Of the version before it has only what is not in the version after; that
 * an instance is the same object in both, which tells what a change touched, is so again for who reads it.
 */
final class ChangeDocument {
    /** When it was made; documents are deleted a while after that. */
    static final String AT = "d";

    private static final String ENTITY = "k";
    private static final String BEFORE = "b";
    private static final String AFTER = "e";
    private static final String TOUCHED = "u";
    private static final String HISTORY = "h";
    private static final String ORIGIN = "o";
    private static final String SEQUENCE = "s";
    private static final int MOST_BYTES = 14 << 20;

    private ChangeDocument() {}

    /** The document of a change. Of one that is too large for a document the version before is left out, as if the entity were new. */
    static RawBsonDocument of(Change change) {
        Entity after = change.after();
        Entity before = change.before();
        BsonDocument document = new BsonDocument("_id", new BsonObjectId(new ObjectId()))
                .append(ENTITY, new BsonString(Keys.entity(change.tenant(), change.entityId())))
                .append(SEQUENCE, new BsonInt64(change.sequence()))
                .append(ORIGIN, new BsonString(change.origin().name()))
                .append(AT, new BsonDateTime(change.at().toEpochMilli()));
        long size = 0;
        if (after != null) {
            byte[] bytes = ModelCodec.encode(after);
            size += bytes.length;
            document.append(AFTER, new BsonBinary(bytes));
        }
        if (!change.history().isEmpty()) {
            BsonArray history = new BsonArray();
            for (TemporalInstance instance : change.history()) {
                byte[] bytes = ModelCodec.encode(instance);
                size += bytes.length;
                history.add(new BsonBinary(bytes));
            }
            document.append(HISTORY, history);
        }
        if (before != null) {
            byte[] bytes = ModelCodec.encode(after == null ? before : without(before, after));
            if (size + bytes.length <= MOST_BYTES) {
                document.append(BEFORE, new BsonBinary(bytes));
                if (after != null) {
                    document.append(TOUCHED, EntityDocument.strings(touched(before, after)));
                }
            }
        }
        return new RawBsonDocument(document, new BsonDocumentCodec());
    }

    /** The change of a document. */
    static Change change(RawBsonDocument document) {
        String key = document.getString(ENTITY).getValue();
        Entity after = document.containsKey(AFTER) ? entity(document, AFTER) : null;
        Entity before = null;
        if (document.containsKey(BEFORE)) {
            before = entity(document, BEFORE);
            if (after != null) {
                before = withUntouched(before, after, texts(document));
            }
        }
        List<TemporalInstance> history = new ArrayList<>();
        @Nullable BsonValue late = document.get(HISTORY);
        if (late != null) {
            late.asArray()
                    .forEach(instance -> history.add(
                            ModelCodec.decodeInstance(instance.asBinary().getData())));
        }
        long sequence = document.getInt64(SEQUENCE).getValue();
        return new Change(
                Keys.tenantOf(key),
                Keys.entityId(key),
                before,
                after,
                history,
                Ticks.instant(sequence),
                Origin.valueOf(document.getString(ORIGIN).getValue()),
                sequence);
    }

    private static Entity entity(RawBsonDocument document, String name) {
        return ModelCodec.decodeEntity(document.getBinary(name).getData());
    }

    private static Set<String> texts(RawBsonDocument document) {
        Set<String> texts = new HashSet<>();
        document.getArray(TOUCHED).forEach(text -> texts.add(text.asString().getValue()));
        return texts;
    }

    /** The version before with what is another object than in the version after. */
    private static Entity without(Entity before, Entity after) {
        Map<String, List<Attribute>> others = new LinkedHashMap<>();
        before.attributes().forEach((iri, instances) -> {
            List<Attribute> kept = instances.stream()
                    .filter(then ->
                            !isSame(then, after.instance(iri, then.meta().datasetId())))
                    .toList();
            if (!kept.isEmpty()) {
                others.put(iri, kept);
            }
        });
        return with(before, others);
    }

    /** Names of the instances of the version after that are other objects than in the version before. */
    private static List<String> touched(Entity before, Entity after) {
        List<String> touched = new ArrayList<>();
        after.attributes().forEach((iri, instances) -> {
            for (Attribute now : instances) {
                if (!isSame(before.instance(iri, now.meta().datasetId()), now)) {
                    touched.add(name(iri, now));
                }
            }
        });
        return touched;
    }

    private static Entity withUntouched(Entity before, Entity after, Set<String> touched) {
        Map<String, List<Attribute>> all = new LinkedHashMap<>(before.attributes());
        after.attributes().forEach((iri, instances) -> {
            for (Attribute now : instances) {
                if (!touched.contains(name(iri, now))) {
                    List<Attribute> more = new ArrayList<>(all.getOrDefault(iri, List.of()));
                    more.add(now);
                    all.put(iri, more);
                }
            }
        });
        return with(before, all);
    }

    private static Entity with(Entity entity, Map<String, List<Attribute>> attributes) {
        return new Entity(
                entity.id(),
                entity.types(),
                entity.scopes(),
                attributes,
                entity.createdAt(),
                entity.modifiedAt(),
                entity.expiresAt());
    }

    private static String name(String iri, Attribute instance) {
        String dataset = instance.meta().datasetId();
        return dataset == null ? iri : iri + Keys.SEPARATOR + dataset;
    }

    @SuppressWarnings("ReferenceEquality") // an instance counts as touched when it is another object
    private static boolean isSame(@Nullable Attribute then, @Nullable Attribute now) {
        return then == now;
    }
}
