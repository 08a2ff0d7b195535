package de.freiraum.store;

import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityChange;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.UpdateResult;
import de.freiraum.query.EntityQuery;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The current state of all entities. Callable from any thread; futures complete on the caller's Vert.x context where it has one. */
public interface EntityStore {

    /**
     * Changes one entity, atomically: no other change of the same entity comes between reading and committing. The change and its history
     * are committed together.
     *
     * @return the committed change; fails with the {@link NgsiLdException} of the function, or a {@link StoreException}
     */
    Future<Applied> apply(Tenant tenant, String entityId, EntityChange change, Origin origin);

    /**
     * Changes several entities, each atomically and on its own; several writes of one entity happen in order.
     *
     * @return one result a write, in the order of the writes; fails only when the store as a whole does
     */
    Future<List<WriteResult>> applyAll(Tenant tenant, List<EntityWrite> writes, Origin origin);

    /** The committed version of one entity, or null; expired entities are gone. */
    Future<@Nullable Entity> retrieve(Tenant tenant, String entityId);

    /**
     * A page of the entities that match.
     *
     * @param query what to match and in which order; without an order the result is ordered by id
     * @param offset how many matches to leave out first, 0 or more
     * @param limit the most entities to return, 0 or more
     * @param count whether to count all matches
     */
    Future<EntityPage> query(Tenant tenant, EntityQuery query, int offset, int limit, boolean count);

    /** How many entities there are by set of types, for discovery (clause 5.7.5): for each type IRI its attributes' IRIs with their kinds and counts. */
    Future<List<TypeSummary>> types(Tenant tenant);

    /** The tenants that hold or held anything; the default tenant is always among them. */
    Set<Tenant> tenants();

    /**
     * Adds a listener for committed changes, of all tenants. It is called on the entity's owner, in order per entity, after the commit
     * and before the caller of the change is answered; it must return at once and never throw.
     */
    void onChange(Consumer<Change> listener);

    /**
     * Adds somebody who writes documents of the change's tenant together with a change: both are committed, or neither. It is asked about each change
     * of this process before the commit, perhaps more than once, in order per entity; it must return at once and never throw.
     */
    void accompany(Function<Change, List<Note>> notes);

    /**
     * Adds a listener for the committed changes of all processes that share the store, in order per entity, from about now on. Where processes share
     * it, it hears of a change a moment after that was answered. It must return at once and never throw.
     */
    default void onChangeAnywhere(Consumer<Change> listener) {
        onChange(listener);
    }

    /**
     * Adds somebody who does something about every change while this process leads. A process that has the store for itself leads always.
     *
     * @return completes when the follower leads, or knows that it has to wait
     */
    default Future<Void> follow(ChangeFollower follower) {
        onChange(change -> follower.changed(change, 0));
        return follower.lead();
    }

    /** Whether other processes may share the store. */
    default boolean isShared() {
        return false;
    }

    /**
     * One write of a batch.
     *
     * @param entityId the entity's URI
     * @param change the function
     */
    record EntityWrite(String entityId, EntityChange change) {}

    /** A document that is written with a change, as if by {@link DocumentStore#put}. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Note(String collection, String key, byte[] document) {}

    /**
     * A committed change with what became of each attribute. {@code change} is null when the function changed nothing.
     *
     * @param change what was committed, or null
     * @param result attribute by attribute
     */
    record Applied(@Nullable Change change, UpdateResult result) {}

    /**
     * The result of one write: exactly one of the two is there.
     *
     * @param applied the committed change
     * @param error why it was refused
     */
    record WriteResult(@Nullable Applied applied, @Nullable NgsiLdException error) {}

    /**
     * A page.
     *
     * @param entities the page
     * @param more whether matches follow after this page
     * @param count all matches, or -1 if not asked for
     */
    record EntityPage(List<Entity> entities, boolean more, long count) {
        /** Copies the list. */
        public EntityPage {
            entities = List.copyOf(entities);
        }
    }

    /**
     * What is known of one entity type.
     *
     * @param type IRI
     * @param entities how many entities have it
     * @param attributes for each attribute IRI the kinds met and how many entities have it
     */
    record TypeSummary(String type, long entities, Map<String, AttributeSummary> attributes) {
        /** Copies the map. */
        public TypeSummary {
            attributes = Map.copyOf(attributes);
        }
    }

    /**
     * What is known of one attribute of one type.
     *
     * @param entities how many entities of the type have it
     * @param kinds names of the kinds met, such as {@code Property}
     */
    record AttributeSummary(long entities, Set<String> kinds) {
        /** Copies the set. */
        public AttributeSummary {
            kinds = Set.copyOf(kinds);
        }
    }
}
