package de.freiraum.broker;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.EntityChanges;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.ErrorType;
import de.freiraum.model.MergeOptions;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.UpdateResult;
import de.freiraum.store.EntityStore;
import de.freiraum.store.TemporalStore;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations on one entity (clauses 5.6.1 to 5.6.6, 5.6.17 to 5.6.19 and 5.7.1). */
public final class EntityOperations {
    private static final String SCOPE = NgsiLd.NAMESPACE + "scope";

    private final EntityStore store;
    private final PastEntities past;

    /**
     * Operations on that store.
     *
     * @param history of the same entities
     */
    public EntityOperations(EntityStore store, TemporalStore history) {
        this.store = store;
        this.past = new PastEntities(store, history);
    }

    /** Clause 5.6.1. @return the id of the entity; fails with AlreadyExists */
    public Future<String> createEntity(Caller caller, EntityFragment fragment) {
        String id = fragment.id();
        if (id == null) {
            return Future.failedFuture(NgsiLdException.badRequest("an entity needs an \"id\""));
        }
        return store.apply(caller.tenant(), id, caller.guarded(EntityChanges.create(fragment)), Origin.API)
                .map(applied -> id);
    }

    /** Clause 5.6.2. */
    public Future<UpdateResult> updateAttributes(Caller caller, Target target, EntityFragment fragment) {
        return change(caller, target, EntityChanges.update(target.entityId(), fragment));
    }

    /**
     * Clause 5.6.3.
     *
     * @param existing what happens to attribute instances that are there already
     */
    public Future<UpdateResult> appendAttributes(
            Caller caller, Target target, EntityFragment fragment, Existing existing) {
        return change(
                caller, target, EntityChanges.append(target.entityId(), fragment, existing == Existing.OVERWRITTEN));
    }

    /** What happens to attribute instances that are there already. */
    public enum Existing {
        OVERWRITTEN,
        KEPT
    }

    /**
     * Clause 5.6.4.
     *
     * @param attribute IRI
     * @param instance what to overwrite; its datasetId selects the instance
     */
    public Future<UpdateResult> partialAttributeUpdate(
            Caller caller, Target target, String attribute, Attribute instance) {
        return notScope(attribute)
                .compose(a ->
                        change(caller, target, EntityChanges.partialUpdate(target.entityId(), attribute, instance)));
    }

    /** Clause 5.6.19. */
    public Future<UpdateResult> replaceAttribute(Caller caller, Target target, String attribute, Attribute instance) {
        return notScope(attribute)
                .compose(a ->
                        change(caller, target, EntityChanges.replaceAttribute(target.entityId(), attribute, instance)));
    }

    /**
     * Clause 5.6.5. Of an entity that is known by its temporal evolution alone the deletion becomes part of that (clause 4.5.7).
     *
     * @param attribute IRI; that of {@code scope} removes the scopes
     * @param instances which instances
     */
    public Future<UpdateResult> deleteAttribute(
            Caller caller, Target target, String attribute, AttributeInstances instances) {
        return change(
                        caller,
                        target,
                        attribute.equals(SCOPE)
                                ? EntityChanges.deleteScope(target.entityId())
                                : EntityChanges.deleteAttribute(
                                        target.entityId(), attribute, instances.datasetId(), instances.all()))
                .recover(refusal -> refusal instanceof NgsiLdException e && e.type() == ErrorType.ResourceNotFound
                        ? past.deleteAttribute(caller, target, attribute, instances)
                                .map(deleted -> {
                                    if (!deleted) {
                                        throw e;
                                    }
                                    return UpdateResult.EMPTY;
                                })
                        : Future.failedFuture(refusal));
    }

    /**
     * Instances of an attribute.
     *
     * @param datasetId the one of that dataset; null: the default one
     * @param all all of them
     */
    public record AttributeInstances(@Nullable String datasetId, boolean all) {}

    /** Clause 5.6.6. */
    public Future<UpdateResult> deleteEntity(Caller caller, Target target) {
        return change(caller, target, EntityChanges.delete(target.entityId()));
    }

    /** Clause 5.6.17. */
    public Future<UpdateResult> mergeEntity(
            Caller caller, Target target, EntityFragment fragment, MergeOptions options) {
        return change(caller, target, EntityChanges.merge(target.entityId(), fragment, options));
    }

    /** Clause 5.6.18. */
    public Future<UpdateResult> replaceEntity(Caller caller, Target target, EntityFragment fragment) {
        return change(caller, target, EntityChanges.replace(target.entityId(), fragment));
    }

    /**
     * Clause 5.7.1.
     *
     * @param oneOf attribute IRIs, one of which the entity must have; empty: it need not
     * @return fails with ResourceNotFound
     */
    public Future<Entity> retrieveEntity(Caller caller, Target target, Set<String> oneOf) {
        return find(caller, target.entityId()).map(entity -> required(caller, target, entity, oneOf));
    }

    /** What the broker itself holds of an entity, whoever may see it, or null. */
    public Future<@Nullable Entity> find(Caller caller, String entityId) {
        return store.retrieve(caller.tenant(), entityId);
    }

    /**
     * The entity, if it is the one that is meant.
     *
     * @param oneOf attribute IRIs, one of which the entity must have; empty: it need not
     * @throws NgsiLdException ResourceNotFound
     */
    public static Entity required(Caller caller, Target target, @Nullable Entity entity, Set<String> oneOf) {
        if (entity == null || !isMeant(caller, target, entity)) {
            throw NgsiLdException.notFound("Entity " + clip(target.entityId()) + " does not exist");
        }
        if (!oneOf.isEmpty() && oneOf.stream().noneMatch(entity.attributes()::containsKey)) {
            throw NgsiLdException.notFound(
                    "Entity " + clip(target.entityId()) + " has none of the attributes asked for");
        }
        return entity;
    }

    private static boolean isMeant(Caller caller, Target target, Entity entity) {
        return caller.sees(entity.types())
                && (target.types() == null || target.types().matches(entity.types()));
    }

    private Future<UpdateResult> change(Caller caller, Target target, EntityChange change) {
        EntityChange guarded = target.types() == null && caller.seesAll()
                ? change
                : EntityChanges.onlyIf(
                        target.entityId(),
                        types -> caller.sees(types)
                                && (target.types() == null || target.types().matches(types)),
                        caller.guarded(change));
        return store.apply(caller.tenant(), target.entityId(), guarded, Origin.API)
                .map(applied -> Objects.requireNonNull(applied).result());
    }

    private static Future<String> notScope(String attribute) {
        return attribute.equals(SCOPE)
                ? Future.failedFuture(NgsiLdException.badRequest(
                        "scope is no attribute that can be changed by itself; change it with the entity"))
                : Future.succeededFuture(attribute);
    }

    private static String clip(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
