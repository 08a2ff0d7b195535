package de.freiraum.store.mongodb;

import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.store.EntityStore.Note;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.change.Computed;
import de.freiraum.store.change.Expiry;
import de.freiraum.store.change.Heads;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * What a group of changes comes to: computed one after the other, from the versions that were read, and then written at once. Each write of an
 * entity compares the version, so that a plan made of stale versions writes nothing.
 */
final class Plan {
    private final Replica replica;
    private final Map<String, Held> entities = new LinkedHashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final Map<String, RawBsonDocument> notes = new LinkedHashMap<>();
    private final Set<String> historiesToClear = new LinkedHashSet<>();

    /** By identity, so that what replaces an earlier instance does so here already. */
    private final Map<Bson, RawBsonDocument> instances = new LinkedHashMap<>();

    private final Set<Bson> givenIdentities = new LinkedHashSet<>();
    private final Map<String, @Nullable Head> heads = new LinkedHashMap<>();

    /** An entity as it was read, and as it shall be. */
    private static final class Held {
        final String key;
        final @Nullable Entity stored;
        final long version;

        @Nullable
        Entity newest;

        @Nullable
        RawBsonDocument document;

        long newVersion;

        Held(String key, @Nullable RawBsonDocument read) {
            this.key = key;
            this.stored = read == null ? null : EntityDocument.entity(read);
            this.version = read == null ? 0 : EntityDocument.version(read);
            this.newest = stored;
            this.newVersion = version;
        }
    }

    /**
     * A plan that changes nothing yet.
     *
     * @param read the documents of all entities that will be changed, as far as there are any
     */
    Plan(Replica replica, Set<String> keys, Iterable<RawBsonDocument> read) {
        this.replica = replica;
        Map<String, RawBsonDocument> documents = new LinkedHashMap<>();
        read.forEach(document -> documents.put(document.getString("_id").getValue(), document));
        keys.forEach(key -> entities.put(key, new Held(key, documents.get(key))));
    }

    /** Computes the next change. What is expired is deleted by a change of its own before, so that listeners and history learn of it. */
    Computed compute(Tenant tenant, String entityId, EntityChange change, Origin origin) {
        Held held = Objects.requireNonNull(entities.get(Keys.entity(tenant, entityId)));
        long tick = replica.tickAfter(held.newVersion);
        if (held.newest != null && Expiry.next(held.newest) <= tick) {
            take(held, Computed.of(tenant, entityId, held.newest, tick, Expiry.CHANGE, Origin.SYSTEM));
            tick = replica.tickAfter(held.newVersion);
        }
        return take(held, Computed.of(tenant, entityId, held.newest, tick, change, origin));
    }

    private Computed take(Held held, Computed computed) {
        Change change = computed.change();
        if (change == null) {
            return computed;
        }
        long version = EntityDocument.version(change.sequence(), replica.number());
        Entity after = change.after();
        boolean same = Computed.isSame(change.before(), after);
        RawBsonDocument document;
        List<RawBsonDocument> recorded;
        List<Note> written;
        boolean clears = after == null && change.before() != null && replica.deleteHistoryWithEntity();
        try {
            document = same || after == null
                    ? held.document
                    : EntityDocument.of(held.key, change.tenant().partition(), after, version);
            recorded = clears
                    ? List.of()
                    : replica.recorder().record(change).stream()
                            .map(instance -> HistoryDocument.of(held.key, instance, change.at()))
                            .toList();
            written = replica.companions().of(change);
        } catch (NgsiLdException e) {
            return Computed.refused(e);
        } catch (RuntimeException e) {
            return Computed.failed(e);
        }
        held.newest = after;
        held.newVersion = version;
        held.document = after == null ? null : document;
        if (clears) {
            historiesToClear.add(held.key);
            instances.values().removeIf(instance -> isOf(held.key, instance));
        }
        Set<String> given = givenIds(change);
        recorded.forEach(instance -> {
            Bson identity = HistoryDocument.identity(instance);
            instances.put(identity, instance);
            if (given.contains(instance.getString(HistoryDocument.INSTANCE).getValue())) {
                givenIdentities.add(identity);
            }
        });
        if (after == null && change.before() != null) {
            heads.put(held.key, clears ? null : Heads.merged(change.before(), heads.get(held.key), change.at()));
        }
        written.forEach(note -> {
            String id = Keys.document(change.tenant(), note.collection(), note.key());
            notes.put(id, MongoDocuments.of(id, note.document(), replica.number()));
        });
        changes.add(change);
        return computed;
    }

    private static boolean isOf(String key, RawBsonDocument instance) {
        return instance.getString(HistoryDocument.ENTITY).getValue().equals(key);
    }

    /** Instances that bring their own id may be there already. */
    private static Set<String> givenIds(Change change) {
        Set<String> ids = new LinkedHashSet<>();
        change.attributeChanges().forEach(touched -> {
            if (touched.after() != null && touched.after().meta().instanceId() != null) {
                ids.add(touched.after().meta().instanceId());
            }
        });
        change.history().forEach(late -> {
            String id = late.instance().meta().instanceId();
            if (id != null) {
                ids.add(id);
            }
        });
        return ids;
    }

    /** What was computed, in order. */
    List<Change> changes() {
        return changes;
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    /** Keys of entities whose deletion adds to a head that may be kept already. */
    Set<String> headsToMerge() {
        Set<String> keys = new LinkedHashSet<>();
        heads.forEach((key, head) -> {
            if (head != null) {
                keys.add(key);
            }
        });
        return keys;
    }

    /** Adds what is kept of a head already. */
    void merge(Iterable<RawBsonDocument> keptHeads) {
        for (RawBsonDocument document : keptHeads) {
            Head kept = HeadDocument.head(document);
            heads.computeIfPresent(
                    document.getString("_id").getValue(),
                    (key, head) -> head.deletedAt() == null
                            ? head
                            : new Head(
                                    head.entityId(),
                                    Stream.concat(head.types().stream(), kept.types().stream())
                                            .distinct()
                                            .toList(),
                                    kept.createdAt() != null ? kept.createdAt() : head.createdAt(),
                                    head.modifiedAt(),
                                    head.deletedAt()));
        }
    }

    /** Writes of entities; each must find the version it was computed from. */
    List<WriteModel<RawBsonDocument>> entityWrites() {
        List<WriteModel<RawBsonDocument>> writes = new ArrayList<>();
        for (Held held : entities.values()) {
            if (held.newVersion == held.version) {
                continue;
            }
            Bson asRead = Filters.and(Filters.eq("_id", held.key), Filters.eq(EntityDocument.VERSION, held.version));
            if (held.stored == null) {
                if (held.document != null) {
                    writes.add(new InsertOneModel<>(held.document));
                }
            } else if (held.newest == null) {
                writes.add(new DeleteOneModel<>(asRead));
            } else if (held.document == null) {
                writes.add(new UpdateOneModel<>(asRead, Updates.set(EntityDocument.VERSION, held.newVersion)));
            } else {
                writes.add(new ReplaceOneModel<>(asRead, held.document));
            }
        }
        return writes;
    }

    /** What others shall hear of. */
    List<WriteModel<RawBsonDocument>> changeWrites() {
        List<WriteModel<RawBsonDocument>> writes = new ArrayList<>();
        for (Change change : changes) {
            if (change.origin() != Origin.SNAPSHOT) {
                writes.add(new InsertOneModel<>(ChangeDocument.of(change)));
            }
        }
        return writes;
    }

    /** Documents that are written with the changes. */
    List<WriteModel<RawBsonDocument>> noteWrites() {
        List<WriteModel<RawBsonDocument>> writes = new ArrayList<>();
        notes.forEach((id, document) ->
                writes.add(new ReplaceOneModel<>(Filters.eq("_id", id), document, new ReplaceOptions().upsert(true))));
        return writes;
    }

    /** Keys of entities whose history is deleted, before {@link #instanceWrites}. */
    Set<String> historiesToClear() {
        return historiesToClear;
    }

    List<WriteModel<RawBsonDocument>> instanceWrites() {
        List<WriteModel<RawBsonDocument>> writes = new ArrayList<>();
        instances.forEach((identity, instance) -> writes.add(
                givenIdentities.contains(identity)
                        ? new ReplaceOneModel<>(identity, instance, new ReplaceOptions().upsert(true))
                        : new InsertOneModel<>(instance)));
        return writes;
    }

    List<WriteModel<RawBsonDocument>> headWrites() {
        List<WriteModel<RawBsonDocument>> writes = new ArrayList<>();
        heads.forEach((key, head) -> writes.add(
                head == null
                        ? new DeleteOneModel<>(Filters.eq("_id", key))
                        : new ReplaceOneModel<>(
                                Filters.eq("_id", key),
                                HeadDocument.of(key, Keys.tenantOf(key).partition(), head),
                                new ReplaceOptions().upsert(true))));
        return writes;
    }
}
