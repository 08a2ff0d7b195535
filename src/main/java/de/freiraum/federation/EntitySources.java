package de.freiraum.federation;

import de.freiraum.federation.EntityAggregation.Version;
import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.representation.EntityReader;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Reads entities from sources, believing of what they send only what they have registered and were asked for. */
final class EntitySources {
    private final SourceClient client;
    private final FederationSettings settings;

    EntitySources(SourceClient client, FederationSettings settings) {
        this.client = client;
        this.settings = settings;
    }

    /**
     * What sources sent.
     *
     * @param versions entities, or parts of them
     * @param contributors the registration of each
     * @param warnings what is missing, and why
     * @param complete whether there is nothing behind it
     */
    record Answers(List<Version> versions, List<String> contributors, List<Warning> warnings, boolean complete) {
        static final Answers NONE = new Answers(List.of(), List.of(), List.of(), true);

        static Answers missing(Warning warning) {
            return new Answers(List.of(), List.of(), List.of(warning), true);
        }

        Answers cut() {
            return new Answers(versions, contributors, warnings, false);
        }

        /** Copies the lists. */
        Answers {
            versions = List.copyOf(versions);
            contributors = List.copyOf(contributors);
            warnings = List.copyOf(warnings);
        }

        Answers and(Answers other) {
            return all(List.of(this, other));
        }

        static Answers all(List<Answers> parts) {
            List<Version> versions = new ArrayList<>();
            List<String> contributors = new ArrayList<>();
            List<Warning> warnings = new ArrayList<>();
            boolean complete = true;
            for (Answers part : parts) {
                versions.addAll(part.versions);
                contributors.addAll(part.contributors);
                warnings.addAll(part.warnings);
                complete &= part.complete;
            }
            return new Answers(versions, contributors, warnings, complete);
        }
    }

    /** Retrieves one entity from each. */
    Future<Answers> retrieve(List<RemoteQuery> queries, String entityId, Incoming incoming) {
        return all(queries, query -> client.wording(query.source().registration(), incoming)
                .compose(wording -> client.send(query.retrieval(entityId, wording), wording, incoming)
                        .compose(answer -> read(query, answer, wording))));
    }

    /** Queries each, page by page until there are enough entities. */
    Future<Answers> query(List<RemoteQuery> queries, Incoming incoming, int most) {
        return all(queries, query -> client.wording(query.source().registration(), incoming)
                .compose(wording -> pages(query, wording, incoming, most, 0)));
    }

    private Future<Answers> pages(RemoteQuery query, Wording wording, Incoming incoming, int most, int page) {
        int size = Math.min(most, settings.pageSize());
        return client.send(query.page(wording, page * size, size), wording, incoming)
                .compose(answer -> {
                    int sent = answer instanceof SourceAnswer.Done done
                            ? items(done.body()).size()
                            : 0;
                    return read(query, answer, wording).compose(read -> {
                        if (sent != size || size == 0) {
                            return Future.succeededFuture(read);
                        }
                        if ((page + 1) * size >= most || page + 1 >= settings.maxPages()) {
                            return Future.succeededFuture(read.cut());
                        }
                        return pages(query, wording, incoming, most, page + 1).map(read::and);
                    });
                });
    }

    private interface Asking {
        Future<Answers> ask(RemoteQuery query);
    }

    /** Asks all, some at a time, and collects what comes in the order of the queries. */
    private Future<Answers> all(List<RemoteQuery> queries, Asking asking) {
        return Parallel.all(queries, settings.parallel(), query -> asking.ask(query)
                        .recover(e -> Future.succeededFuture(
                                warned(query, Warning.REVALIDATION_FAILED, "its context cannot be had"))))
                .map(Answers::all);
    }

    private Future<Answers> read(RemoteQuery query, SourceAnswer answer, Wording wording) {
        Warning warning = Warning.of(answer, query.registrationId());
        if (warning != null) {
            return Future.succeededFuture(Answers.missing(warning));
        }
        Value body = answer instanceof SourceAnswer.Done done ? done.body() : null;
        List<Value> items = items(body);
        Future<Answers> read = client.contextsOf(items, wording).map(contexts -> {
            List<Version> versions = new ArrayList<>(items.size());
            for (Value item : items) {
                Version version = version(query, EntityReader.readForeign(item, contexts.of(item)));
                if (version != null) {
                    versions.add(version);
                }
            }
            return new Answers(versions, Collections.nCopies(versions.size(), query.registrationId()), List.of(), true);
        });
        return read.recover(e -> {
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            return cause instanceof NgsiLdException
                    ? Future.succeededFuture(
                            warned(query, Warning.REVALIDATION_FAILED, "the answer is no valid NGSI-LD"))
                    : Future.failedFuture(cause);
        });
    }

    private static @Nullable Version version(RemoteQuery query, Entity entity) {
        return query.coverage().covers(entity.id(), entity.types())
                ? new Version(query.source().registration().mode(), registered(entity, query))
                : null;
    }

    private static Entity registered(Entity entity, RemoteQuery query) {
        Set<String> datasets = query.source().registration().datasetIds();
        Map<String, List<Attribute>> kept = new LinkedHashMap<>();
        entity.attributes().forEach((iri, instances) -> {
            if (query.coverage().info().coversAttribute(iri)) {
                List<Attribute> here = ofDatasets(instances, datasets);
                if (!here.isEmpty()) {
                    kept.put(iri, here);
                }
            }
        });
        return entity.withAttributes(kept);
    }

    /** Instances of some datasets; of all if none is named. */
    static List<Attribute> ofDatasets(List<Attribute> instances, Set<String> datasets) {
        return datasets.isEmpty()
                ? instances
                : instances.stream()
                        .filter(i -> datasets.contains(
                                Objects.requireNonNullElse(i.meta().datasetId(), EntityQuery.DEFAULT_INSTANCE)))
                        .toList();
    }

    private static List<Value> items(@Nullable Value body) {
        if (body == null) {
            return List.of();
        }
        return body instanceof Value.Array array ? array.items() : List.of(body);
    }

    private static Answers warned(RemoteQuery query, int code, String text) {
        return Answers.missing(new Warning(code, query.registrationId(), text));
    }
}
