package de.freiraum.federation;

import de.freiraum.broker.EntityMap;
import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.broker.registry.RegisteredSource;
import de.freiraum.federation.EntityAggregation.Version;
import de.freiraum.model.Entity;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.registration.Coverage;
import de.freiraum.registration.Operation;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Entity maps that sources have a part in: which entities each has, and the entities of a map from where they are (clauses 4.5.25, 5.5.9.3 and 5.14.4).
 */
public final class EntityMapSources {
    /** How many URIs fit well into the URL of a request. */
    private static final int IDS_AT_A_TIME = 50;

    private static final Set<Operation> FINDING =
            Set.of(Operation.createEntityMapQueryEntity, Operation.queryEntity, Operation.queryBatch);

    private final SourceClient client;
    private final EntitySources sources;
    private final SourceSelection selection;
    private final FederationSettings settings;
    private final BiFunction<Incoming, List<Version>, @Nullable Entity> aggregation;

    /**
     * Maps of what those sources have.
     *
     * @param aggregation makes one entity of its versions, or null if none counts
     */
    EntityMapSources(
            SourceClient client,
            EntitySources sources,
            SourceSelection selection,
            FederationSettings settings,
            BiFunction<Incoming, List<Version>, @Nullable Entity> aggregation) {
        this.client = client;
        this.sources = sources;
        this.selection = selection;
        this.settings = settings;
        this.aggregation = aggregation;
    }

    /**
     * What is asked for.
     *
     * @param query which entities
     * @param split whether entities may be split between sources, so that conditions are checked on what was put together
     * @param wanted attribute IRIs that are shown; empty: all
     */
    public record Question(EntityQuery query, boolean split, Set<String> wanted) {
        /** Copies the set. */
        public Question {
            wanted = Set.copyOf(wanted);
        }

        /** What brokers are asked for. */
        public EntityQuery passedOn() {
            return split ? query.candidates().withCsf(query.csf()) : query;
        }

        private Set<String> shown() {
            return split ? Set.of() : wanted;
        }

        private boolean finds(Entity entity) {
            return split ? query.matches(entity) : query.matchesIdentity(entity);
        }

        private Question among(Set<String> ids) {
            return new Question(query.among(ids), split, wanted);
        }
    }

    /**
     * Which entities sources have.
     *
     * @param registrations by which an entity is had, by the entity's URI
     * @param linkedMaps URIs of the maps that sources made, by registration
     * @param warnings one for each source that did not tell what it may have
     */
    public record Contributions(
            Map<String, Set<String>> registrations, Map<String, String> linkedMaps, List<Warning> warnings) {}

    /** Asks all sources that may have something for maps, and those that make none for the entities. */
    public Future<Contributions> candidates(Incoming incoming, Question question) {
        List<RemoteQuery> asked = selection
                .offering(incoming, FINDING, question.query().csf())
                .filter(source -> !source.registration().isTemporal())
                .flatMap(source -> of(source, question))
                .toList();
        Map<String, Long> questions =
                asked.stream().collect(Collectors.groupingBy(RemoteQuery::registrationId, Collectors.counting()));
        return Parallel.all(asked, settings.parallel(), query -> candidates(query, incoming))
                .map(all -> {
                    Map<String, Set<String>> registrations = new TreeMap<>();
                    Map<String, String> linked = new LinkedHashMap<>();
                    List<Warning> warnings = new ArrayList<>();
                    for (int i = 0; i < asked.size(); i++) {
                        String registration = asked.get(i).registrationId();
                        Candidates told = all.get(i);
                        told.ids().forEach(id -> registrations
                                .computeIfAbsent(id, any -> new TreeSet<>())
                                .add(registration));
                        // Several questions have several maps, of which none knows what the others do.
                        if (told.map() != null && questions.getOrDefault(registration, 0L) == 1) {
                            linked.put(registration, told.map());
                        }
                        warnings.addAll(told.warnings());
                    }
                    return new Contributions(registrations, linked, warnings);
                });
    }

    /** What may be asked of a source. */
    private static Stream<RemoteQuery> of(RegisteredSource source, Question question) {
        EntityQuery passedOn = question.passedOn();
        return Coverage.of(Federation.specification(question.query(), question.wanted()), source.registration())
                .stream()
                .map(coverage -> new RemoteQuery(source, coverage, passedOn, question.shown()));
    }

    private record Candidates(List<String> ids, @Nullable String map, List<Warning> warnings) {}

    private Future<Candidates> candidates(RemoteQuery query, Incoming incoming) {
        if (!query.source().registration().operations().contains(Operation.createEntityMapQueryEntity)) {
            return listed(query, incoming);
        }
        return client.wording(query.source().registration(), incoming)
                .compose(wording -> client.send(query.map(wording), wording, incoming))
                .compose(answer -> {
                    Candidates told = told(query, answer);
                    return told == null ? listed(query, incoming) : Future.succeededFuture(told);
                })
                .recover(e -> Survey.isForeign(e)
                        ? Future.succeededFuture(none(new Warning(
                                Warning.REVALIDATION_FAILED, query.registrationId(), "its context cannot be had")))
                        : Future.failedFuture(e));
    }

    /** What a source says of its map; null if it makes none, whatever its registration says. */
    private static @Nullable Candidates told(RemoteQuery query, SourceAnswer answer) {
        if (answer instanceof SourceAnswer.Done done
                && done.body() instanceof Value.Obj map
                && map.get("id") instanceof Value.Text id
                && map.get("entityMap") instanceof Value.Obj entities) {
            List<String> covered = entities.members().keySet().stream()
                    .filter(query.coverage()::coversId)
                    .toList();
            return new Candidates(covered, id.text(), List.of());
        }
        Warning warning = Warning.of(answer, query.registrationId());
        return answer instanceof SourceAnswer.Failed && warning != null ? none(warning) : null;
    }

    private static Candidates none(Warning warning) {
        return new Candidates(List.of(), null, List.of(warning));
    }

    private Future<Candidates> listed(RemoteQuery query, Incoming incoming) {
        return sources.query(List.of(query), incoming, settings.pageSize() * settings.maxPages())
                .map(answers -> {
                    List<Warning> warnings = new ArrayList<>(answers.warnings());
                    if (!answers.complete()) {
                        warnings.add(new Warning(
                                Warning.MISCELLANEOUS,
                                query.registrationId(),
                                "the source has more entities than are asked for at a time"));
                    }
                    return new Candidates(
                            answers.versions().stream()
                                    .map(v -> v.entity().id())
                                    .toList(),
                            null,
                            warnings);
                });
    }

    /** The broker's own part. */
    public interface Local {
        /** Its versions of the entities that a query finds. */
        Future<List<Entity>> find(EntityQuery query);
    }

    /** Goes through a map until a page is full. */
    public Future<Walked> page(Incoming incoming, EntityMap map, Question question, PageRequest page, Local local) {
        List<String> ids = map.entityIds().stream()
                .filter(id -> question.query().mayFind(id))
                .toList();
        Walk walk = new Walk(incoming, map, ids, question, page.limit(), local);
        return walk.from(page.offset()).map(done -> walk.walked());
    }

    /**
     * What was found on the way.
     *
     * @param entities the page
     * @param more whether there are more
     * @param gone those that no place has any more, or that do not fit the query any more
     * @param candidates how many of the map's entities are left that may be found
     * @param warnings what is missing
     */
    public record Walked(
            List<Entity> entities, boolean more, Set<String> gone, int candidates, List<Warning> warnings) {
        /** A page of a larger one. */
        public Walked cut(int offset, int limit) {
            int from = Math.min(offset, entities.size());
            int to = (int) Math.min((long) from + limit, entities.size());
            return new Walked(entities.subList(from, to), more || to < entities.size(), gone, candidates, warnings);
        }
    }

    private final class Walk {
        private final Incoming incoming;
        private final EntityMap map;
        private final List<String> ids;
        private final Question question;
        private final int limit;
        private final Local local;
        private final List<Entity> found = new ArrayList<>();
        private final Set<String> gone = new LinkedHashSet<>();
        private final Map<String, Warning> warnings = new LinkedHashMap<>();
        /** Entities whose source does not answer keep their place, so that the pages behind do not move. */
        private int taken;

        private boolean more;

        Walk(Incoming incoming, EntityMap map, List<String> ids, Question question, int limit, Local local) {
            this.incoming = incoming;
            this.map = map;
            this.ids = ids;
            this.question = question;
            this.limit = limit;
            this.local = local;
        }

        Walked walked() {
            return new Walked(found, more, gone, ids.size() - gone.size(), List.copyOf(warnings.values()));
        }

        Future<Void> from(int position) {
            if (limit == 0 || more || position >= ids.size()) {
                return Future.succeededFuture();
            }
            int stride = Math.min(limit + 1 - taken, settings.pageSize());
            List<String> next = ids.subList(position, Math.min(ids.size(), position + stride));
            return fetch(next).compose(done -> from(position + next.size()));
        }

        private Future<Void> fetch(List<String> some) {
            List<String> own = some.stream()
                    .filter(id -> map.sources(id).contains(EntityMap.LOCAL))
                    .toList();
            Future<List<Entity>> ours = own.isEmpty()
                    ? Future.succeededFuture(List.of())
                    : local.find(question.passedOn().among(new LinkedHashSet<>(own)));
            return ours.compose(here -> sources.query(questions(some), incoming, IDS_AT_A_TIME)
                    .map(answers -> {
                        take(some, here, answers);
                        return null;
                    }));
        }

        private List<RemoteQuery> questions(List<String> some) {
            Map<String, List<String>> bySource = new LinkedHashMap<>();
            some.forEach(
                    id -> map.sources(id).forEach(source -> bySource.computeIfAbsent(source, any -> new ArrayList<>())
                            .add(id)));
            bySource.remove(EntityMap.LOCAL);
            List<RemoteQuery> questions = new ArrayList<>();
            bySource.forEach((registration, has) -> {
                RegisteredSource source = selection.get(incoming, registration);
                for (int from = 0; source != null && from < has.size(); from += IDS_AT_A_TIME) {
                    Set<String> few =
                            new LinkedHashSet<>(has.subList(from, Math.min(from + IDS_AT_A_TIME, has.size())));
                    of(source, question.among(few))
                            .forEach(q -> questions.add(q.byMap(map.linkedMaps().get(registration))));
                }
            });
            return questions;
        }

        private void take(List<String> some, List<Entity> here, EntitySources.Answers answers) {
            Map<String, List<Version>> byId = new HashMap<>();
            Function<String, List<Version>> versions = id -> byId.computeIfAbsent(id, any -> new ArrayList<>());
            here.forEach(e -> versions.apply(e.id()).add(new Version(null, e)));
            answers.versions().forEach(v -> versions.apply(v.entity().id()).add(v));
            answers.warnings().forEach(w -> warnings.putIfAbsent(w.registrationId(), w));
            for (String id : some) {
                Entity entity = whole(byId.getOrDefault(id, List.of()));
                boolean unknown = entity == null && map.sources(id).stream().anyMatch(warnings::containsKey);
                if (entity == null && !unknown) {
                    gone.add(id);
                } else if (taken == limit) {
                    more = true;
                    return;
                } else {
                    taken++;
                    if (entity != null) {
                        found.add(entity);
                    }
                }
            }
        }

        private @Nullable Entity whole(List<Version> versions) {
            Entity entity = aggregation.apply(incoming, versions);
            return entity != null && incoming.caller().sees(entity.types()) && question.finds(entity) ? entity : null;
        }
    }
}
