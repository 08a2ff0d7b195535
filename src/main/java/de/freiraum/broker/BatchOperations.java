package de.freiraum.broker;

import de.freiraum.model.Attribute;
import de.freiraum.model.EntityChange;
import de.freiraum.model.EntityChanges;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.MergeOptions;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.UpdateResult;
import de.freiraum.representation.Names;
import de.freiraum.store.EntityStore;
import de.freiraum.store.EntityStore.EntityWrite;
import de.freiraum.store.EntityStore.WriteResult;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operations on many entities (clauses 5.6.7 to 5.6.10 and 5.6.20). Each entity succeeds or fails by itself; several items with one id are
 * worked off in their order (clause 5.5.11).
 */
public final class BatchOperations {
    private final EntityStore store;

    /** Operations on that store. */
    public BatchOperations(EntityStore store) {
        this.store = store;
    }

    /**
     * One item of a batch: a fragment with an id, or the reason why there is none.
     *
     * @param entityId the id as far as it can be told, or null
     * @param fragment what to write, or null
     * @param error why the item cannot be understood, or null
     */
    public record Item(
            @Nullable String entityId,
            @Nullable EntityFragment fragment,
            @Nullable NgsiLdException error) {
        /** An item that is understood. */
        public static Item of(EntityFragment fragment) {
            return new Item(fragment.id(), fragment, null);
        }

        /** An item that is an id alone; faulty if that is no URI. */
        public static Item ofId(String id) {
            return Names.isUri(id)
                    ? of(new EntityFragment(id, List.of(), null, java.util.Map.of(), null, java.util.Set.of()))
                    : faulty(id, NgsiLdException.badRequest("an entity id must be a URI"));
        }

        /** An item that is not. */
        public static Item faulty(@Nullable String entityId, NgsiLdException error) {
            return new Item(entityId, null, error);
        }
    }

    /** How an upsert treats entities that exist. */
    public enum UpsertMode {
        REPLACE,
        UPDATE
    }

    /** Clause 5.6.7. */
    public Future<BatchResult> create(Caller caller, List<Item> items) {
        return run(caller, items, EntityChanges::create);
    }

    /** Clause 5.6.8. */
    public Future<BatchResult> upsert(Caller caller, List<Item> items, UpsertMode mode) {
        return run(
                caller,
                items,
                mode == UpsertMode.REPLACE ? EntityChanges::createOrReplace : BatchOperations::createOrUpdate);
    }

    /** NGSI-LD Null deletes from an entity that is there, but cannot become part of a new one (clause 5.5.4). */
    private static EntityChange createOrUpdate(EntityFragment fragment) {
        EntityChange change = EntityChanges.createOrUpdate(fragment);
        boolean deletes = !fragment.removed().isEmpty()
                || fragment.attributes().values().stream()
                        .anyMatch(instances -> instances.stream().anyMatch(Attribute::isNull));
        return (before, now) -> {
            if (before == null && deletes) {
                throw NgsiLdException.badRequest("the entity does not exist yet, so NGSI-LD Null is not allowed in it");
            }
            return change.apply(before, now);
        };
    }

    /** Clause 5.6.9. An entity of which an attribute was kept because it exists is reported, for not all was appended. */
    public Future<BatchResult> update(Caller caller, List<Item> items, EntityOperations.Existing existing) {
        boolean overwrite = existing == EntityOperations.Existing.OVERWRITTEN;
        return run(caller, items, f -> EntityChanges.append(Objects.requireNonNull(f.id()), f, overwrite));
    }

    /** Clause 5.6.20. */
    public Future<BatchResult> merge(Caller caller, List<Item> items, MergeOptions options) {
        return run(caller, items, f -> EntityChanges.merge(Objects.requireNonNull(f.id()), f, options));
    }

    /** Clause 5.6.10. */
    public Future<BatchResult> delete(Caller caller, List<Item> items) {
        return run(caller, items, f -> EntityChanges.delete(Objects.requireNonNull(f.id())));
    }

    private Future<BatchResult> run(Caller caller, List<Item> items, Function<EntityFragment, EntityChange> change) {
        List<EntityWrite> writes = new ArrayList<>(items.size());
        List<BatchResult.Failure> errors = new ArrayList<>();
        for (Item item : items) {
            EntityFragment fragment = item.fragment();
            if (fragment == null || fragment.id() == null) {
                errors.add(new BatchResult.Failure(
                        item.entityId(),
                        item.error() != null ? item.error() : NgsiLdException.badRequest("an entity needs an \"id\"")));
            } else {
                writes.add(new EntityWrite(fragment.id(), caller.guarded(change.apply(fragment))));
            }
        }
        if (writes.isEmpty()) {
            return Future.succeededFuture(new BatchResult(List.of(), List.of(), errors));
        }
        return store.applyAll(caller.tenant(), writes, Origin.API).map(results -> result(writes, results, errors));
    }

    private static NgsiLdException kept(UpdateResult result) {
        StringBuilder detail = new StringBuilder("attributes that were not written:");
        result.notUpdated().forEach(left -> detail.append(' ')
                .append(left.attribute())
                .append(" (")
                .append(left.reason())
                .append(')'));
        return NgsiLdException.badRequest(detail.toString());
    }

    private static BatchResult result(
            List<EntityWrite> writes, List<WriteResult> results, List<BatchResult.Failure> errors) {
        List<String> success = new ArrayList<>();
        List<String> created = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            String id = writes.get(i).entityId();
            WriteResult result = results.get(i);
            if (result.error() != null) {
                errors.add(new BatchResult.Failure(id, result.error()));
                continue;
            }
            EntityStore.Applied applied = result.applied();
            if (applied != null && !applied.result().notUpdated().isEmpty()) {
                errors.add(new BatchResult.Failure(id, kept(applied.result())));
                continue;
            }
            success.add(id);
            if (applied != null && applied.change() != null && applied.change().before() == null) {
                created.add(id);
            }
        }
        return new BatchResult(success, created, errors);
    }
}
