package de.freiraum.federation;

import de.freiraum.broker.Caller;
import de.freiraum.broker.EntityMap;
import de.freiraum.broker.SourceIdentity;
import de.freiraum.broker.registry.RegisteredSource;
import de.freiraum.broker.registry.RegistryOperations;
import de.freiraum.egress.Egress;
import de.freiraum.federation.EntityAggregation.Version;
import de.freiraum.jsonld.Context;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import de.freiraum.registration.Coverage;
import de.freiraum.registration.EntitySpecification;
import de.freiraum.registration.Mode;
import de.freiraum.registration.Operation;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Retrieves and queries entities at the broker and at the sources that may have something of them (clauses 5.7.1 and 5.7.2). */
public final class Federation {
    private static final Set<Operation> RETRIEVING =
            Set.of(Operation.retrieveEntity, Operation.queryEntity, Operation.queryBatch);
    private static final Set<Operation> QUERYING = Set.of(Operation.queryEntity, Operation.queryBatch);

    private final RegistryOperations registry;
    private final SourceClient client;
    private final EntitySources sources;
    private final Provisions provisions;
    private final DiscoverySources discovery;
    private final PurgeSources purges;
    private final EvolutionSources evolutions;
    private final EntityMapSources maps;
    private final SourceSelection selection;
    private final FederationSettings settings;
    private final InstantSource clock;

    /**
     * Distributed operations.
     *
     * @param registry knows the sources
     * @param egress the way out
     * @param contexts finds contexts that registrations and answers name
     * @param identity of this broker among sources
     * @param clock tells the time
     */
    public Federation(
            RegistryOperations registry,
            Egress egress,
            ContextResolver contexts,
            SourceIdentity identity,
            FederationSettings settings,
            InstantSource clock) {
        this.registry = registry;
        this.client = new SourceClient(egress, contexts, identity, settings, clock);
        this.sources = new EntitySources(client, settings);
        this.selection = new SourceSelection(registry, identity, clock);
        this.provisions = new Provisions(selection, client, settings);
        this.discovery = new DiscoverySources(new Survey(client, settings), client, selection);
        this.purges = new PurgeSources(client, selection, settings);
        this.evolutions = new EvolutionSources(client, selection, settings);
        this.maps = new EntityMapSources(client, sources, selection, settings, this::aggregate);
        this.settings = settings;
        this.clock = clock;
    }

    /** A request that comes in now, with the time that there is for it. */
    public Incoming incoming(Caller caller, Context context, Via via, Function<String, @Nullable String> header) {
        return new Incoming(caller, context, via, header, clock.instant().plus(settings.budget()));
    }

    /** Temporal evolutions at sources. */
    public EvolutionSources evolutions() {
        return evolutions;
    }

    /** Entity maps of what sources have. */
    public EntityMapSources maps() {
        return maps;
    }

    /** Purges that sources have a part in. */
    public PurgeSources purges() {
        return purges;
    }

    /** Asks sources. */
    SourceClient client() {
        return client;
    }

    /** One entity of what a source told and of what others have, where the source has the newest instances. */
    Entity newest(Incoming incoming, Entity told, Entity others) {
        Entity merged =
                aggregate(incoming, List.of(new Version(Mode.redirect, told), new Version(Mode.redirect, others)));
        return merged == null ? told : merged;
    }

    /** Types and attributes at sources. */
    public DiscoverySources discovery() {
        return discovery;
    }

    /**
     * An entity with what it lacks.
     *
     * @param entity the entity, or null if nobody has it
     * @param contributors registrations of the sources that have something of it
     * @param warnings one for each source that did not contribute what it may have
     */
    public record Retrieved(@Nullable Entity entity, List<String> contributors, List<Warning> warnings) {
        /** Copies the lists. */
        public Retrieved {
            contributors = List.copyOf(contributors);
            warnings = List.copyOf(warnings);
        }
    }

    /** Changes of entities that sources have a part in. */
    public Provisions provisions() {
        return provisions;
    }

    /** Whether the tenant has no sources, so that every operation is local. */
    public boolean isLocal(Tenant tenant) {
        return registry.sources(tenant).isEmpty();
    }

    /** Sources that may have something of a request. */
    private List<RemoteQuery> matching(
            Incoming incoming,
            EntitySpecification specification,
            EntityQuery query,
            Set<Operation> oneOf,
            Set<String> wanted) {
        List<RemoteQuery> matching = new ArrayList<>();
        selection
                .offering(incoming, oneOf, query.csf())
                .filter(s -> !s.registration().isTemporal())
                .forEach(s -> Coverage.of(specification, s.registration())
                        .forEach(c -> matching.add(new RemoteQuery(s, c, query, wanted))));
        return matching;
    }

    /**
     * Retrieves one entity (clause 5.7.1).
     *
     * @param entity which one; with exactly one id
     * @param wanted attribute IRIs that are shown; empty: all
     * @param datasets datasets that are shown; empty: all
     * @param local the broker's own version, or null
     * @param map says where the entity may be; null: it may be anywhere
     */
    public Future<Retrieved> retrieve(
            Incoming incoming,
            EntitySelector entity,
            Set<String> wanted,
            Set<String> datasets,
            @Nullable Entity local,
            @Nullable EntityMap map) {
        String id = entity.ids().iterator().next();
        EntitySpecification specification = new EntitySpecification(List.of(entity), wanted, datasets);
        List<RemoteQuery> asked = matching(incoming, specification, EntityQuery.ALL, RETRIEVING, wanted).stream()
                .filter(q -> map == null || map.sources(id).contains(q.registrationId()))
                .map(q -> map == null ? q : q.byMap(map.linkedMaps().get(q.registrationId())))
                .toList();
        return sources.retrieve(asked, id, incoming).map(answers -> {
            List<Version> versions = new ArrayList<>();
            if (local != null && (map == null || map.sources(id).contains(EntityMap.LOCAL))) {
                versions.add(new Version(null, local));
            }
            answers.versions().forEach(versions::add);
            return new Retrieved(aggregate(incoming, versions), answers.contributors(), answers.warnings());
        });
    }

    /** Whether any source may have something of a query, so that it is not local. */
    public boolean concerns(Incoming incoming, EntityQuery query, Set<String> wanted) {
        return !matching(incoming, specification(query, wanted), query, QUERYING, wanted)
                .isEmpty();
    }

    /**
     * Entities found at all sources.
     *
     * @param entities in order of their ids
     * @param complete whether every source sent all that it has
     * @param warnings one for each source that did not contribute what it may have
     */
    public record Found(List<Entity> entities, boolean complete, List<Warning> warnings) {
        /** Copies the lists. */
        public Found {
            entities = List.copyOf(entities);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Queries entities (clause 5.7.2).
     *
     * @param query what is asked for
     * @param split whether entities may be split between sources, so that conditions are checked on what was put together
     * @param wanted attribute IRIs that are shown; empty: all
     * @param local what the broker itself has
     * @param most how many entities are of use
     */
    public Future<Found> query(
            Incoming incoming, EntityQuery query, boolean split, Set<String> wanted, Found local, int most) {
        EntityQuery passedOn = split ? query.candidates() : query;
        Set<String> shown = split ? Set.of() : wanted;
        List<RemoteQuery> asked =
                matching(incoming, specification(query, wanted), passedOn.withCsf(query.csf()), QUERYING, shown);
        return sources.query(asked, incoming, most).map(answers -> {
            Map<String, List<Version>> byId = new TreeMap<>();
            local.entities().forEach(e -> byId.computeIfAbsent(e.id(), id -> new ArrayList<>())
                    .add(new Version(null, e)));
            answers.versions().forEach(v -> byId.computeIfAbsent(v.entity().id(), id -> new ArrayList<>())
                    .add(v));
            List<RegisteredSource> proxied = Precedence.proxied(selection.valid(incoming));
            List<Entity> found = new ArrayList<>();
            for (List<Version> versions : byId.values()) {
                if (found.size() > most) {
                    break;
                }
                Entity entity = aggregate(versions, proxied);
                if (entity != null
                        && incoming.caller().sees(entity.types())
                        && (split ? query.matches(entity) : query.matchesIdentity(entity))) {
                    found.add(entity);
                }
            }
            return new Found(found, local.complete() && answers.complete(), answers.warnings());
        });
    }

    static EntitySpecification specification(EntityQuery query, Set<String> wanted) {
        List<EntitySelector> selectors = new ArrayList<>(query.selectors());
        if (selectors.isEmpty() && (query.types() != null || !query.ids().isEmpty() || query.idPattern() != null)) {
            selectors.add(new EntitySelector(query.types(), query.ids(), query.idPattern()));
        }
        return new EntitySpecification(
                selectors, query.attributes().isEmpty() ? wanted : query.attributes(), query.datasetIds());
    }

    private @Nullable Entity aggregate(Incoming incoming, List<Version> versions) {
        return aggregate(versions, Precedence.proxied(selection.valid(incoming)));
    }

    private @Nullable Entity aggregate(List<Version> versions, List<RegisteredSource> proxied) {
        if (versions.isEmpty()) {
            return null;
        }
        Entity any = versions.get(0).entity();
        return new EntityAggregation(clock.instant(), Precedence.of(any.id(), any.types(), proxied)).of(versions);
    }
}
