package de.freiraum.federation;

import de.freiraum.broker.temporal.EvolutionSelection;
import de.freiraum.federation.EvolutionAggregation.Version;
import de.freiraum.model.Attribute;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.TemporalQuery;
import de.freiraum.query.TemporalQuery.Relation;
import de.freiraum.registration.CSourceRegistration;
import de.freiraum.registration.Coverage;
import de.freiraum.registration.EntitySpecification;
import de.freiraum.registration.Operation;
import de.freiraum.representation.TemporalReader;
import de.freiraum.representation.TemporalWriter.Evolution;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads temporal evolutions from the sources that may have something of them, and makes one of each entity's (clauses 5.7.3 and 5.7.4). What a
 * source sends beyond its registration or beyond the question is left out.
 */
public final class EvolutionSources {
    private static final int PARTIAL_CONTENT = 206;

    /** How many parts of an evolution are asked for, one after the other, and up to how many instances of a source. */
    private static final int MOST_PARTS = 1000;

    private static final int MOST_INSTANCES = 100_000;
    private static final Set<Operation> RETRIEVING = Set.of(Operation.retrieveTemporal, Operation.queryTemporal);
    private static final Set<Operation> QUERYING = Set.of(Operation.queryTemporal);

    private final SourceClient client;
    private final SourceSelection selection;
    private final FederationSettings settings;

    EvolutionSources(SourceClient client, SourceSelection selection, FederationSettings settings) {
        this.client = client;
        this.selection = selection;
        this.settings = settings;
    }

    /**
     * What was found at all places.
     *
     * @param evolutions in the order of their ids
     * @param complete whether every place told all that it has
     * @param until the time up to which all instances are there or, where the last instances are asked for, back to which; null: all are there
     * @param warnings one for each source that did not contribute what it may have
     */
    public record Found(
            List<Evolution> evolutions,
            boolean complete,
            @Nullable Instant until,
            List<Warning> warnings) {
        /** Copies the lists. */
        public Found {
            evolutions = List.copyOf(evolutions);
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The evolution of one entity.
     *
     * @param selected which of its instances
     * @param local the broker's own version, or null
     */
    public Future<Found> retrieve(
            Incoming incoming, String entityId, EvolutionSelection selected, @Nullable Evolution local) {
        EntitySelector entity = new EntitySelector(null, Set.of(entityId), null);
        List<RemoteEvolutions> asked = matching(
                incoming,
                new EntitySpecification(List.of(entity), selected.attributes(), selected.datasetIds()),
                EntityQuery.ALL,
                RETRIEVING,
                selected);
        return all(asked, incoming, query -> wording -> {
                    SourceRequest request = query.retrieval(entityId, wording);
                    return request == null
                            ? Future.succeededFuture(Page.NOTHING)
                            : read(query, request, wording, incoming)
                                    .compose(page -> further(query, page, wording, incoming, selected, entityId, 1));
                })
                .map(pages -> merged(incoming, selected, local == null ? List.of() : List.of(local), Page.all(pages)));
    }

    /** Whether any source may have something of a query. */
    public boolean concerns(Incoming incoming, EntityQuery query, EvolutionSelection selected) {
        return !matching(incoming, specification(query, selected), query, QUERYING, selected)
                .isEmpty();
    }

    /**
     * The evolutions that a query finds.
     *
     * @param query what is asked for; its conditions are passed on
     * @param selected which instances
     * @param local what the broker itself has
     * @param complete whether that is all
     * @param most how many evolutions are of use
     */
    public Future<Found> query(
            Incoming incoming,
            EntityQuery query,
            EvolutionSelection selected,
            List<Evolution> local,
            boolean complete,
            int most) {
        List<RemoteEvolutions> asked = matching(incoming, specification(query, selected), query, QUERYING, selected);
        return all(asked, incoming, one -> wording -> pages(one, wording, incoming, selected, most, 0))
                .map(pages -> merged(
                        incoming,
                        selected,
                        local,
                        Page.all(pages).and(new Page(List.of(), List.of(), complete, List.of()))));
    }

    private static EntitySpecification specification(EntityQuery query, EvolutionSelection selected) {
        EntitySpecification specification = Federation.specification(query, selected.attributes());
        return new EntitySpecification(specification.selectors(), specification.attributes(), selected.datasetIds());
    }

    /** A registration with neither interval has history where it says so by its operations (clauses 4.20 and 5.2.9). */
    private List<RemoteEvolutions> matching(
            Incoming incoming,
            EntitySpecification specification,
            EntityQuery query,
            Set<Operation> oneOf,
            EvolutionSelection selected) {
        List<RemoteEvolutions> matching = new ArrayList<>();
        selection
                .offering(incoming, oneOf, query.csf())
                .filter(s -> mayHave(s.registration(), selected.time()))
                .forEach(s -> Coverage.of(specification, s.registration())
                        .forEach(c -> matching.add(new RemoteEvolutions(
                                new RemoteQuery(s, c, query, selected.attributes()),
                                selected.time(),
                                selected.datasetIds()))));
        return matching;
    }

    private static boolean mayHave(CSourceRegistration registration, TemporalQuery time) {
        return !registration.isTemporal() || time.relation() == null || registration.matchesTime(time);
    }

    /**
     * A page of a source.
     *
     * @param versions what counts of it
     * @param warnings what is missing
     * @param complete whether there is nothing behind it
     * @param cuts the last times told by sources that lack instances of later or, where the last are asked for, earlier times
     */
    private record Page(List<Version> versions, List<Warning> warnings, boolean complete, List<Instant> cuts) {
        static final Page NOTHING = new Page(List.of(), List.of(), true, List.of());

        boolean isCut() {
            return !cuts.isEmpty();
        }

        Page cutAt(List<Instant> times) {
            return new Page(versions, warnings, complete, times);
        }

        Page and(Page other) {
            List<Version> all = new ArrayList<>(versions);
            all.addAll(other.versions);
            List<Warning> told = new ArrayList<>(warnings);
            told.addAll(other.warnings);
            List<Instant> times = new ArrayList<>(cuts);
            times.addAll(other.cuts);
            return new Page(all, told, complete && other.complete, times);
        }

        static Page all(List<Page> pages) {
            return pages.stream().reduce(NOTHING, Page::and);
        }
    }

    private interface Asking {
        Future<Page> ask(Wording wording);
    }

    private interface Question {
        Asking to(RemoteEvolutions query);
    }

    private Future<List<Page>> all(List<RemoteEvolutions> queries, Incoming incoming, Question question) {
        return Parallel.all(queries, settings.parallel(), query -> {
            CSourceRegistration registration = query.query().source().registration();
            return client.wording(registration, incoming)
                    .compose(wording -> question.to(query).ask(wording))
                    .recover(e -> Survey.isForeign(e)
                            ? Future.succeededFuture(missing(
                                    registration, Warning.REVALIDATION_FAILED, "the answer is no valid NGSI-LD"))
                            : Future.failedFuture(e));
        });
    }

    private static Page missing(CSourceRegistration registration, int code, String text) {
        return new Page(List.of(), List.of(new Warning(code, registration.id(), text)), true, List.of());
    }

    private Future<Page> pages(
            RemoteEvolutions query,
            Wording wording,
            Incoming incoming,
            EvolutionSelection selected,
            int most,
            int page) {
        int size = Math.min(most, settings.evolutionsAPage());
        return read(query, query.page(wording, page * size, size, Set.of()), wording, incoming)
                .compose(first -> {
                    int sent = first.versions().size();
                    return further(query, first, wording, incoming, selected, null, 1)
                            .compose(whole -> {
                                if (sent < size || size == 0) {
                                    return Future.succeededFuture(whole);
                                }
                                if ((page + 1) * size >= most || page + 1 >= settings.maxPages()) {
                                    return Future.succeededFuture(
                                            new Page(whole.versions(), whole.warnings(), false, whole.cuts()));
                                }
                                return pages(query, wording, incoming, selected, most, page + 1)
                                        .map(whole::and);
                            });
                });
    }

    private Future<Page> read(RemoteEvolutions query, SourceRequest request, Wording wording, Incoming incoming) {
        String registrationId = query.query().source().registration().id();
        return client.send(request, wording, incoming).compose(answer -> {
            Warning warning = Warning.of(answer, registrationId);
            if (warning != null) {
                return Future.succeededFuture(new Page(List.of(), List.of(warning), true, List.of()));
            }
            if (!(answer instanceof SourceAnswer.Done done) || done.body() == null) {
                return Future.succeededFuture(Page.NOTHING);
            }
            List<Value> items = done.body() instanceof Value.Array array ? array.items() : List.of(done.body());
            Future<Page> read = client.contextsOf(items, wording).map(contexts -> {
                List<Version> versions = new ArrayList<>(items.size());
                for (Value item : items) {
                    Version version = version(query.query(), TemporalReader.readForeign(item, contexts.of(item)));
                    if (version != null) {
                        versions.add(version);
                    }
                }
                return new Page(versions, List.of(), true, List.of());
            });
            boolean cut = done.status() == PARTIAL_CONTENT;
            return read.map(page -> {
                Instant last = cut ? lastTime(query.time(), page) : null;
                return last == null ? page : page.cutAt(List.of(last));
            });
        });
    }

    private static @Nullable Version version(RemoteQuery query, Evolution evolution) {
        if (!query.coverage().covers(evolution.id(), evolution.types())) {
            return null;
        }
        CSourceRegistration registration = query.source().registration();
        Map<String, List<Attribute>> kept = new LinkedHashMap<>();
        evolution.attributes().forEach((iri, instances) -> {
            if (query.coverage().info().coversAttribute(iri)) {
                List<Attribute> here = EntitySources.ofDatasets(instances, registration.datasetIds());
                if (!here.isEmpty()) {
                    kept.put(iri, here);
                }
            }
        });
        return new Version(
                registration.mode(),
                new Evolution(
                        evolution.id(),
                        evolution.types(),
                        kept,
                        evolution.createdAt(),
                        evolution.modifiedAt(),
                        evolution.deletedAt()));
    }

    /**
     * A page that is cut in time (clause 6.3.10) is followed to where the answer is cut itself: it shows no instance behind the first ones that a
     * source told.
     */
    private Future<Page> further(
            RemoteEvolutions query,
            Page page,
            Wording wording,
            Incoming incoming,
            EvolutionSelection selected,
            @Nullable String entityId,
            int read) {
        if (!page.isCut() || selected.isEnough(evolutions(page))) {
            return Future.succeededFuture(page);
        }
        Instant last = lastTime(query.time(), page);
        TemporalQuery next = next(query.time(), last);
        if (next == null) {
            return Future.succeededFuture(page.and(missing(
                    query.query().source().registration(),
                    Warning.MISCELLANEOUS,
                    "the source has more instances of one time than it tells")));
        }
        if (read >= MOST_PARTS || instances(page) >= MOST_INSTANCES) {
            return Future.succeededFuture(page);
        }
        RemoteEvolutions rest = query.at(next);
        Set<String> ids = new LinkedHashSet<>();
        page.versions().forEach(v -> ids.add(v.evolution().id()));
        SourceRequest request =
                entityId == null ? rest.page(wording, 0, ids.size(), ids) : rest.retrieval(entityId, wording);
        if (request == null) {
            return Future.succeededFuture(page);
        }
        return read(rest, request, wording, incoming).compose(more -> {
            // What a source that fails on the way has told is shown up to there.
            boolean failed = !more.warnings().isEmpty();
            Page both = page.and(more).cutAt(failed ? page.cuts() : more.cuts());
            return failed
                    ? Future.succeededFuture(both)
                    : further(rest, both, wording, incoming, selected, entityId, read + 1);
        });
    }

    private static long instances(Page page) {
        return evolutions(page).stream()
                .flatMap(evolution -> evolution.attributes().values().stream())
                .mapToLong(List::size)
                .sum();
    }

    /** The last time of which a page tells: the latest or, where the last instances are asked for, the earliest; null: none. */
    private static @Nullable Instant lastTime(TemporalQuery time, Page page) {
        return EvolutionSelection.lastTime(evolutions(page), time);
    }

    private static List<Evolution> evolutions(Page page) {
        return page.versions().stream().map(Version::evolution).toList();
    }

    /** The time of which nothing was told yet; null if there is no progress. */
    private static @Nullable TemporalQuery next(TemporalQuery time, @Nullable Instant last) {
        if (last == null) {
            return null;
        }
        Instant from = time.from();
        Instant to = time.to();
        if (time.lastN() > 0) {
            if (to != null && !last.isBefore(to)) {
                return null;
            }
            return from == null
                    ? new TemporalQuery(Relation.before, last, null, time.timeProperty(), time.lastN(), 0)
                    : new TemporalQuery(Relation.between, from, last, time.timeProperty(), time.lastN(), 0);
        }
        if (from != null && !last.isAfter(from)) {
            return null;
        }
        return to == null
                ? new TemporalQuery(Relation.after, last, null, time.timeProperty(), 0, time.firstN())
                : new TemporalQuery(Relation.between, last, to, time.timeProperty(), 0, time.firstN());
    }

    private Found merged(Incoming incoming, EvolutionSelection selected, List<Evolution> local, Page page) {
        Map<String, List<Version>> byId = new TreeMap<>();
        local.forEach(e -> byId.computeIfAbsent(e.id(), id -> new ArrayList<>()).add(new Version(null, e)));
        page.versions().forEach(v -> byId.computeIfAbsent(v.evolution().id(), id -> new ArrayList<>())
                .add(v));
        List<Evolution> found = new ArrayList<>();
        byId.forEach((id, versions) -> {
            List<String> types = versions.get(0).evolution().types();
            Precedence precedence = Precedence.of(id, types, selection.valid(incoming));
            Evolution evolution = new EvolutionAggregation(selected.time().timeProperty(), precedence).of(versions);
            Evolution shown = incoming.caller().sees(evolution.types()) ? selected.of(evolution) : null;
            if (shown != null) {
                found.add(shown);
            }
        });
        boolean backwards = selected.time().lastN() > 0;
        Instant until = page.cuts().stream()
                .reduce((one, other) -> one.isBefore(other) == backwards ? other : one)
                .orElse(null);
        return new Found(found, page.complete(), until, page.warnings());
    }
}
