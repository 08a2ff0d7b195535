package de.freiraum.federation;

import de.freiraum.broker.BatchResult.Failure;
import de.freiraum.broker.registry.RegisteredSource;
import de.freiraum.jsonld.Context;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.registration.Operation;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Passes batches on to sources, each with the items and attributes that it has a part in (clauses 5.6.7 to 5.6.10 and 5.6.20). */
final class BatchProvisions {
    private final SourceClient client;
    private final FederationSettings settings;

    BatchProvisions(SourceClient client, FederationSettings settings) {
        this.client = client;
        this.settings = settings;
    }

    /**
     * An item for a source.
     *
     * @param entityId which entity
     * @param attributes IRIs of its attributes that go to the source
     * @param body the item as it came, without {@code @context}; null where the item is an id alone
     * @param context what its names belong to
     */
    record Item(String entityId, Set<String> attributes, Value.@Nullable Obj body, Context context) {
        /** Copies the set. */
        Item {
            attributes = Set.copyOf(attributes);
        }
    }

    /** The operation on one entity that does what a batch operation does, for sources that offer no batches; null: there is none. */
    static @Nullable Operation single(Operation batch) {
        return switch (batch) {
            case createBatch -> Operation.createEntity;
            case updateBatch -> Operation.appendAttrs;
            case mergeBatch -> Operation.mergeEntity;
            case deleteBatch -> Operation.deleteEntity;
            default -> null;
        };
    }

    /** Sends the items. @return what failed; never fails */
    Future<List<Failure>> send(
            RegisteredSource source,
            Operation batch,
            Map<String, String> parameters,
            List<Item> items,
            Incoming incoming) {
        String registrationId = source.registration().id();
        return client.wording(source.registration(), incoming)
                .compose(wording -> source.registration().operations().contains(batch)
                        ? together(source, batch, parameters, items, wording, incoming)
                        : oneByOne(source, batch, parameters, items, wording, incoming))
                .recover(e -> Future.succeededFuture(failures(
                        items,
                        new NgsiLdException(
                                ErrorType.BadGateway, "registration " + registrationId + ": its context cannot be had"),
                        registrationId)));
    }

    private Future<List<Failure>> together(
            RegisteredSource source,
            Operation batch,
            Map<String, String> parameters,
            List<Item> items,
            Wording wording,
            Incoming incoming) {
        List<Value> body = new ArrayList<>();
        items.forEach(item -> body.add(written(item, wording)));
        String name = batch.name().substring(0, batch.name().indexOf("Batch"));
        SourceRequest request = new SourceRequest(
                source, HttpMethod.POST, "/entityOperations/" + name, parameters, new Value.Array(body));
        return client.send(request, wording, incoming).map(answer -> {
            String registrationId = source.registration().id();
            if (answer instanceof SourceAnswer.Done done) {
                return done.status() == 207 ? told(done.body(), items, registrationId) : List.of();
            }
            NgsiLdException problem = Provisions.problem(answer, registrationId);
            return problem == null ? List.of() : failures(items, problem, registrationId);
        });
    }

    private Future<List<Failure>> oneByOne(
            RegisteredSource source,
            Operation batch,
            Map<String, String> parameters,
            List<Item> items,
            Wording wording,
            Incoming incoming) {
        String registrationId = source.registration().id();
        return Parallel.all(items, settings.parallel(), item -> client.send(
                                one(source, batch, parameters, item, wording), wording, incoming)
                        .map(answer -> {
                            NgsiLdException problem = Provisions.problem(answer, registrationId);
                            return problem == null
                                    ? List.<Failure>of()
                                    : failures(List.of(item), problem, registrationId);
                        }))
                .map(lists -> lists.stream().flatMap(List::stream).toList());
    }

    private static SourceRequest one(
            RegisteredSource source, Operation batch, Map<String, String> parameters, Item item, Wording wording) {
        String path = "/entities/" + SourceRequest.segment(item.entityId());
        return switch (batch) {
            case createBatch ->
                new SourceRequest(source, HttpMethod.POST, "/entities", Map.of(), written(item, wording));
            case updateBatch ->
                new SourceRequest(source, HttpMethod.POST, path + "/attrs/", parameters, written(item, wording));
            case mergeBatch -> new SourceRequest(source, HttpMethod.PATCH, path, Map.of(), written(item, wording));
            default -> new SourceRequest(source, HttpMethod.DELETE, path, Map.of(), null);
        };
    }

    private static Value written(Item item, Wording wording) {
        return item.body() == null
                ? Value.of(item.entityId())
                : new Renaming(item.context(), wording.context())
                        .entity(item.body(), iri -> item.attributes().contains(iri));
    }

    /** The failures that a partial success tells (clause 5.2.16); if it tells none, everything is in doubt. */
    private static List<Failure> told(@Nullable Value body, List<Item> items, String registrationId) {
        Set<String> failed = new HashSet<>();
        if (body instanceof Value.Obj result && result.get("errors") instanceof Value.Array errors) {
            for (Value error : errors.items()) {
                if (error instanceof Value.Obj object && object.get("entityId") instanceof Value.Text id) {
                    failed.add(id.text());
                }
            }
        }
        NgsiLdException problem = new NgsiLdException(
                ErrorType.BadGateway, "registration " + registrationId + ": the source did not do this part");
        return failures(
                failed.isEmpty()
                        ? items
                        : items.stream()
                                .filter(i -> failed.contains(i.entityId()))
                                .toList(),
                problem,
                registrationId);
    }

    static List<Failure> failures(List<Item> items, NgsiLdException problem, String registrationId) {
        return items.stream()
                .map(item -> new Failure(item.entityId(), problem, registrationId))
                .toList();
    }
}
