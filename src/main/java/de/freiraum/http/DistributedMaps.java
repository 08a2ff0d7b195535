package de.freiraum.http;

import de.freiraum.broker.EntityMap;
import de.freiraum.broker.EntityMapOperations;
import de.freiraum.broker.EntityMapOperations.Use;
import de.freiraum.broker.QueryOperations;
import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.federation.EntityMapSources;
import de.freiraum.federation.EntityMapSources.Question;
import de.freiraum.federation.EntityMapSources.Walked;
import de.freiraum.federation.Federation;
import de.freiraum.federation.Incoming;
import de.freiraum.federation.Warning;
import de.freiraum.jsonld.Context;
import de.freiraum.query.IsoDuration;
import de.freiraum.store.EntityStore.EntityPage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Entity maps that other brokers have a part in, and queries that go by them (clauses 5.14.4, 5.5.9.3 and 5.7.2). */
final class DistributedMaps {
    private final EntityMapOperations maps;
    private final QueryOperations queries;
    private final Federation federation;

    DistributedMaps(EntityMapOperations maps, QueryOperations queries, Federation federation) {
        this.maps = maps;
        this.queries = queries;
        this.federation = federation;
    }

    /**
     * A new map.
     *
     * @param map what it is
     * @param warnings what is missing in it
     */
    record Made(EntityMap map, List<Warning> warnings) {}

    /** Makes a map of what all brokers have. */
    Future<Made> create(
            RequestContext request,
            Parameters parameters,
            QueryRequest asked,
            Context context,
            @Nullable IsoDuration lifetime) {
        Question question = question(parameters, asked);
        Incoming incoming = DistributedReads.incoming(federation, request, context);
        return maps.candidates(request.caller(), question.passedOn())
                .compose(own -> federation.maps().candidates(incoming, question).map(others -> {
                    Map<String, List<String>> sources = new TreeMap<>();
                    own.forEach(id -> sources.put(id, List.of(EntityMap.LOCAL)));
                    Map<String, List<String>> remote = new LinkedHashMap<>();
                    others.registrations().forEach((id, registrations) -> {
                        List<String> all = new ArrayList<>(sources.getOrDefault(id, List.of()));
                        all.addAll(registrations);
                        sources.put(id, all);
                        remote.put(id, all);
                    });
                    EntityMap map = maps.keep(
                            request.caller(), List.copyOf(sources.keySet()), remote, others.linkedMaps(), lifetime);
                    return new Made(map, others.warnings());
                }));
    }

    /** Queries by the map that is named, or by a new one; {@code answer} makes the answer of a page. */
    Future<Answer> query(
            RequestContext request,
            Parameters parameters,
            QueryRequest asked,
            PageRequest page,
            Context context,
            Use use,
            Function<EntityPage, Future<Answer>> answer) {
        EntityMap named = maps.named(request.caller(), use);
        Future<Made> made = named == null
                ? create(request, parameters, asked, context, use.lifetime())
                : Future.succeededFuture(new Made(named, List.of()));
        Question question = question(parameters, asked);
        Incoming incoming = DistributedReads.incoming(federation, request, context);
        return made.compose(by -> page(incoming, by.map(), question, page).compose(walked -> {
            maps.remove(request.caller(), by.map(), walked.gone());
            EntityPage shown =
                    new EntityPage(walked.entities(), walked.more(), page.count() ? walked.candidates() : -1);
            Set<Warning> warnings = new LinkedHashSet<>(by.warnings());
            warnings.addAll(walked.warnings());
            return DistributedReads.warned(
                    List.copyOf(warnings),
                    answer.apply(shown)
                            .map(told -> EntityMapHeader.tell(named == null ? told.withStatus(201) : told, by.map())));
        }));
    }

    private Future<Walked> page(Incoming incoming, EntityMap map, Question question, PageRequest page) {
        EntityMapSources.Local own = query -> queries.queryEntities(
                        incoming.caller(), query, new PageRequest(0, query.ids().size(), false))
                .map(EntityPage::entities);
        if (!question.split() || !page.count()) {
            return federation.maps().page(incoming, map, question, page, own);
        }
        // Candidates of split entities were not checked when the map was made, so all are looked at to count them.
        return federation
                .maps()
                .page(incoming, map, question, new PageRequest(0, DistributedReads.MOST_ENTITIES, false), own)
                .map(all -> all.cut(page.offset(), page.limit()));
    }

    private static Question question(Parameters parameters, QueryRequest asked) {
        return new Question(
                asked.query(),
                EntityQueryReader.mayBeSplit(parameters, asked.query()),
                DistributedReads.wanted(asked.view()));
    }
}
