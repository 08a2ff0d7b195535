package de.freiraum.broker.temporal;

import de.freiraum.broker.Caller;
import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.broker.Target;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.TemporalQuery;
import de.freiraum.representation.TemporalWriter.Evolution;
import de.freiraum.store.TemporalStore;
import de.freiraum.store.TemporalStore.Added;
import de.freiraum.store.TemporalStore.Head;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operations on the temporal evolution of entities. Changing an evolution does not change the current entity of the same id, nor does it
 * make one. The operations work on what this broker holds.
 */
public final class TemporalOperations {
    static final String SCOPE = NgsiLd.NAMESPACE + "scope";

    private final TemporalStore store;

    /** Operations on that store. */
    public TemporalOperations(TemporalStore store) {
        this.store = store;
    }

    // ---- changes
    // --------------------------------------------------------------------------------------------------------------------

    /**
     * Clause 5.6.11.
     *
     * @return whether the evolution was created
     */
    public Future<Boolean> upsertEvolution(Caller caller, EntityFragment fragment) {
        String id = fragment.id();
        if (id == null) {
            return refused(NgsiLdException.badRequest("the entity has no \"id\""));
        }
        return store.head(caller.tenant(), id).compose(head -> {
            if (head != null) {
                caller.requireTypes(head.types());
            }
            caller.requireTypes(fragment.types());
            if (head == null && fragment.types().isEmpty()) {
                return refused(NgsiLdException.badRequest("the entity has no \"type\""));
            }
            return store.add(caller.tenant(), id, fragment.types(), instances(fragment), true)
                    .map(added -> added == Added.CREATED);
        });
    }

    /** Clause 5.6.12. */
    public Future<Void> appendAttributes(Caller caller, Target target, EntityFragment fragment) {
        return existing(caller, target)
                .compose(head -> {
                    caller.requireTypes(fragment.types());
                    return store.add(caller.tenant(), target.entityId(), fragment.types(), instances(fragment), false);
                })
                .compose(added -> added == Added.NOWHERE ? refused(absent(target)) : Future.succeededFuture());
    }

    /**
     * Clause 5.6.13.
     *
     * @param attribute IRI
     * @param datasetId which instances; null: the default ones
     * @param all all instances, whatever their dataset
     */
    public Future<Void> deleteAttribute(
            Caller caller, Target target, String attribute, @Nullable String datasetId, boolean all) {
        return existing(caller, target)
                .compose(head -> all
                        ? store.deleteAttribute(caller.tenant(), target.entityId(), attribute)
                        : store.deleteDataset(caller.tenant(), target.entityId(), attribute, datasetId))
                .compose(found -> found ? Future.succeededFuture() : refused(noInstance(target)));
    }

    /**
     * Clause 5.6.14.
     *
     * @param attribute IRI
     * @param instanceId URI of the instance
     * @param instance what to put in its place
     */
    public Future<Void> modifyInstance(
            Caller caller, Target target, String attribute, String instanceId, Attribute instance) {
        return existing(caller, target)
                .compose(head -> store.replace(caller.tenant(), target.entityId(), attribute, instanceId, instance))
                .compose(found -> found ? Future.succeededFuture() : refused(noInstance(target)));
    }

    /** Clause 5.6.15. */
    public Future<Void> deleteInstance(Caller caller, Target target, String attribute, String instanceId) {
        return existing(caller, target)
                .compose(head -> store.deleteInstance(caller.tenant(), target.entityId(), attribute, instanceId))
                .compose(found -> found ? Future.succeededFuture() : refused(noInstance(target)));
    }

    /** Clause 5.6.16. */
    public Future<Void> deleteEvolution(Caller caller, Target target) {
        return existing(caller, target)
                .compose(head -> store.deleteEvolution(caller.tenant(), target.entityId()))
                .compose(found -> found ? Future.succeededFuture() : refused(absent(target)));
    }

    private Future<Head> existing(Caller caller, Target target) {
        return visibleHead(caller, target)
                .compose(head -> head == null ? refused(absent(target)) : Future.succeededFuture(head));
    }

    private Future<@Nullable Head> visibleHead(Caller caller, Target target) {
        return store.head(caller.tenant(), target.entityId())
                .map(head -> head == null || caller.sees(head.types()) ? head : null);
    }

    /** What a fragment says, the scope as a Property whose values are valid from now on. */
    private static List<TemporalInstance> instances(EntityFragment fragment) {
        List<TemporalInstance> instances = new ArrayList<>();
        fragment.attributes().forEach((iri, all) -> all.forEach(a -> instances.add(new TemporalInstance(iri, a))));
        List<String> scopes = fragment.scopes();
        if (scopes != null) {
            instances.add(
                    new TemporalInstance(SCOPE, new Attribute.Property(Value.ofTexts(scopes), AttributeMeta.NONE)));
        }
        return instances;
    }

    // ---- reading
    // --------------------------------------------------------------------------------------------------------------------

    /**
     * Which instances are asked for.
     *
     * @param time the condition on time and the limits per attribute
     * @param attributes IRIs of the attributes to show; empty: all
     * @param datasetIds the datasets to show, {@code @none} for default instances; empty: all
     * @param most how many instances an answer has at the most, before it is cut (clause 6.3.10); 0: it is never cut
     */
    public record Selection(TemporalQuery time, Set<String> attributes, Set<String> datasetIds, int most) {
        /** Everything. */
        public static final Selection ALL = new Selection(TemporalQuery.ALL, Set.of(), Set.of(), 0);

        /** Copies the sets. */
        public Selection {
            attributes = Set.copyOf(attributes);
            datasetIds = Set.copyOf(datasetIds);
        }
    }

    /**
     * Clause 5.7.3.
     *
     * @return one evolution; fails with ResourceNotFound if there is none, or no instance meets the temporal query
     */
    public Future<EvolutionPage> retrieveEvolution(Caller caller, Target target, Selection selection) {
        EntityQuery everything = EntityQuery.ALL.withAttributes(selection.attributes());
        EvolutionWalk walk = new EvolutionWalk(store, caller, new InstanceFilter(everything, selection));
        return existing(caller, target)
                .compose(head -> walk.read(List.of(head)))
                .compose(found -> found.isEmpty()
                        ? refused(NgsiLdException.notFound("there is nothing in the temporal evolution of "
                                + clip(target.entityId()) + " that meets the query"))
                        : Future.succeededFuture(EvolutionPage.of(found, false, -1, selection)));
    }

    /**
     * Clause 5.7.4.
     *
     * @param query which entities; its conditions on values hold on the instances that meet the temporal query
     */
    public Future<EvolutionPage> queryEvolutions(
            Caller caller, EntityQuery query, Selection selection, PageRequest page) {
        EvolutionCollector collector = new EvolutionCollector(selection, page);
        EvolutionWalk walk = new EvolutionWalk(store, caller, new InstanceFilter(query, selection));
        return EvolutionWalk.headsOf(store, caller.tenant(), query)
                .compose(heads -> walk.through(heads, collector))
                .map(done -> collector.page());
    }

    /**
     * The first evolutions that a query finds, each as far as an answer can need it, to be put together with those of other brokers.
     *
     * @param most how many
     */
    public Future<EvolutionPage> collectEvolutions(Caller caller, EntityQuery query, Selection selection, int most) {
        EvolutionCollector collector = new EvolutionCollector(selection, new PageRequest(0, most, false));
        EvolutionWalk walk = new EvolutionWalk(store, caller, new InstanceFilter(query, selection));
        return EvolutionWalk.headsOf(store, caller.tenant(), query)
                .compose(heads -> walk.through(heads, collector))
                .map(done -> collector.uncut());
    }

    /** What the broker has of one evolution, to be put together with what other brokers have; null: nothing. */
    public Future<@Nullable Evolution> findEvolution(Caller caller, Target target, Selection selection) {
        EvolutionWalk walk = new EvolutionWalk(
                store, caller, new InstanceFilter(EntityQuery.ALL.withAttributes(selection.attributes()), selection));
        return visibleHead(caller, target)
                .compose(head -> head == null ? Future.succeededFuture(List.<Evolution>of()) : walk.read(List.of(head)))
                .map(found -> found.isEmpty() ? null : found.get(0));
    }

    /**
     * Clause 5.7.4 without pages: everything that a temporal query finds, some evolutions at a time in the order of their ids.
     *
     * @param taker takes some; the next ones are read when it is done
     */
    public Future<Void> forEachEvolution(
            Caller caller, EntityQuery query, Selection selection, Function<List<Evolution>, Future<Void>> taker) {
        if (query.linkedDepth() > 0) {
            return refused(
                    NgsiLdException.badRequest("q: a temporal query cannot follow Relationships to linked entities"));
        }
        EvolutionWalk walk = new EvolutionWalk(store, caller, new InstanceFilter(query, selection));
        return EvolutionWalk.headsOf(store, caller.tenant(), query.withOrderBy(null))
                .compose(heads -> walk.inChunks(heads, some -> taker.apply(some).map(true)));
    }

    private static <T> Future<T> refused(NgsiLdException e) {
        return Future.failedFuture(e);
    }

    private static NgsiLdException absent(Target target) {
        return NgsiLdException.notFound("there is no temporal evolution of " + clip(target.entityId()));
    }

    private static NgsiLdException noInstance(Target target) {
        return NgsiLdException.notFound(
                "the temporal evolution of " + clip(target.entityId()) + " has no such instance of the attribute");
    }

    private static String clip(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
