package de.freiraum.broker.temporal;

import de.freiraum.broker.Caller;
import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.broker.Target;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.TemporalInstance;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.OrderBy;
import de.freiraum.query.TemporalQuery;
import de.freiraum.representation.TemporalWriter.Evolution;
import de.freiraum.store.TemporalStore;
import de.freiraum.store.TemporalStore.Added;
import de.freiraum.store.TemporalStore.Head;
import de.freiraum.store.TemporalStore.Range;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operations on the temporal evolution of entities. Changing an evolution does not change the current entity of the same id, nor does it
 * make one. The operations work on what this broker holds.
 */
public final class TemporalOperations {
    static final String SCOPE = NgsiLd.NAMESPACE + "scope";

    /** How many evolutions are read at once while a query looks for its page. */
    private static final int CHUNK = 100;

    private static final int CHUNK_OF_HEADS = 10_000;

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
        return visibleHead(caller, Target.of(id)).compose(head -> {
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
                .compose(head ->
                        store.add(caller.tenant(), target.entityId(), fragment.types(), instances(fragment), false))
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
        InstanceFilter filter = new InstanceFilter(everything, selection);
        return existing(caller, target)
                .compose(head -> read(caller, List.of(head), filter))
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
        if (query.linkedDepth() > 0) {
            return refused(followsLinks());
        }
        Collector collector = new Collector(query, new InstanceFilter(query, selection), page);
        OrderBy order = query.orderBy();
        Future<Collector> collected = order == null
                ? collect(caller, collector, null)
                : heads(caller, query, null, new ArrayList<>()).compose(heads -> {
                    sort(heads, order);
                    return collect(caller, collector, heads, 0);
                });
        return collected.map(done -> EvolutionPage.of(
                done.found, done.matches > page.offset() + (long) page.limit(), done.count(), selection));
    }

    /**
     * Clause 5.7.4 without pages: everything that a temporal query finds, some evolutions at a time in the order of their ids.
     *
     * @param taker takes some; the next ones are read when it is done
     */
    public Future<Void> forEachEvolution(
            Caller caller, EntityQuery query, Selection selection, Function<List<Evolution>, Future<Void>> taker) {
        return query.linkedDepth() > 0
                ? refused(followsLinks())
                : hand(caller, query, new InstanceFilter(query, selection), null, taker);
    }

    private Future<Void> hand(
            Caller caller,
            EntityQuery query,
            InstanceFilter filter,
            @Nullable String after,
            Function<List<Evolution>, Future<Void>> taker) {
        return store.heads(caller.tenant(), query, after, CHUNK).compose(heads -> {
            List<Head> visible =
                    heads.stream().filter(h -> caller.sees(h.types())).toList();
            return read(caller, visible, filter)
                    .compose(taker)
                    .compose(v -> heads.size() < CHUNK
                            ? Future.succeededFuture()
                            : hand(
                                    caller,
                                    query,
                                    filter,
                                    heads.get(heads.size() - 1).entityId(),
                                    taker));
        });
    }

    private static NgsiLdException followsLinks() {
        return NgsiLdException.badRequest("q: a temporal query cannot follow Relationships to linked entities");
    }

    /** A query under way; each step starts after the one before it ended. */
    private static final class Collector {
        private final EntityQuery query;
        private final InstanceFilter filter;
        private final PageRequest page;
        private final List<Evolution> found = new ArrayList<>();
        private long matches;

        Collector(EntityQuery query, InstanceFilter filter, PageRequest page) {
            this.query = query;
            this.filter = filter;
            this.page = page;
        }

        void add(List<Evolution> evolutions) {
            for (Evolution evolution : evolutions) {
                if (matches >= page.offset() && found.size() < page.limit()) {
                    found.add(evolution);
                }
                matches++;
            }
        }

        boolean isFull() {
            return !page.count() && matches > page.offset() + (long) page.limit();
        }

        long count() {
            return page.count() ? matches : -1;
        }
    }

    private Future<Collector> collect(Caller caller, Collector collector, @Nullable String after) {
        return store.heads(caller.tenant(), collector.query, after, CHUNK).compose(heads -> {
            if (heads.isEmpty()) {
                return Future.succeededFuture(collector);
            }
            List<Head> visible =
                    heads.stream().filter(h -> caller.sees(h.types())).toList();
            return read(caller, visible, collector.filter).compose(evolutions -> {
                collector.add(evolutions);
                return collector.isFull() || heads.size() < CHUNK
                        ? Future.succeededFuture(collector)
                        : collect(caller, collector, heads.get(heads.size() - 1).entityId());
            });
        });
    }

    private Future<List<Head>> heads(Caller caller, EntityQuery query, @Nullable String after, List<Head> all) {
        return store.heads(caller.tenant(), query, after, CHUNK_OF_HEADS).compose(heads -> {
            all.addAll(heads);
            return heads.size() < CHUNK_OF_HEADS
                    ? Future.succeededFuture(all)
                    : heads(caller, query, heads.get(heads.size() - 1).entityId(), all);
        });
    }

    private static void sort(List<Head> heads, OrderBy order) {
        Comparator<Entity> comparator = order.comparator();
        heads.sort((a, b) -> comparator.compare(bare(a), bare(b)));
    }

    private static Entity bare(Head head) {
        return new Entity(head.entityId(), head.types(), List.of(), Map.of(), null, null, null);
    }

    /** From heads that are in order already. */
    private Future<Collector> collect(Caller caller, Collector collector, List<Head> heads, int from) {
        if (from >= heads.size() || collector.isFull()) {
            return Future.succeededFuture(collector);
        }
        int to = Math.min(from + CHUNK, heads.size());
        List<Head> visible = heads.subList(from, to).stream()
                .filter(h -> caller.sees(h.types()))
                .toList();
        return read(caller, visible, collector.filter).compose(evolutions -> {
            collector.add(evolutions);
            return collect(caller, collector, heads, to);
        });
    }

    /** The evolutions of those entities that pass, in their order. */
    private Future<List<Evolution>> read(Caller caller, List<Head> heads, InstanceFilter filter) {
        List<String> ids = heads.stream().map(Head::entityId).toList();
        Future<List<List<TemporalInstance>>> instances =
                store.instances(caller.tenant(), ids, filter.attributesToRead(), filter.range());
        Future<List<List<TemporalInstance>>> scopes = filter.needsScopes()
                ? store.instances(caller.tenant(), ids, Set.of(SCOPE), Range.ALL)
                : Future.succeededFuture(List.of());
        return Future.all(instances, scopes).map(all -> {
            List<Evolution> passed = new ArrayList<>();
            for (int i = 0; i < heads.size(); i++) {
                Evolution evolution = filter.apply(
                        heads.get(i),
                        instances.result().get(i),
                        filter.needsScopes() ? scopes.result().get(i) : List.of());
                if (evolution != null) {
                    passed.add(evolution);
                }
            }
            return passed;
        });
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
