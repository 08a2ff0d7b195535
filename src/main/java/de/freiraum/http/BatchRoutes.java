package de.freiraum.http;

import de.freiraum.broker.BatchOperations;
import de.freiraum.broker.BatchOperations.Item;
import de.freiraum.broker.BatchOperations.UpsertMode;
import de.freiraum.broker.BatchResult;
import de.freiraum.broker.EntityOperations.Existing;
import de.freiraum.federation.Federation;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.MergeOptions;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.registration.Operation;
import de.freiraum.representation.EntityReader;
import de.freiraum.representation.ReadMode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Changing many entities: {@code /entityOperations} (clauses 6.14 to 6.17 and 6.31). */
public final class BatchRoutes {
    private final BatchOperations operations;
    private final DistributedBatches distributed;

    /** Routes to those operations. */
    public BatchRoutes(BatchOperations operations, Federation federation) {
        this.operations = operations;
        this.distributed = new DistributedBatches(federation);
    }

    /** The routes. */
    public List<ApiRoute> routes() {
        return List.of(
                ApiRoute.post("/entityOperations/create", "createBatchEntity", this::create)
                        .with("local")
                        .creatingTenant(),
                ApiRoute.post("/entityOperations/upsert", "upsertBatchEntity", this::upsert)
                        .with("options", "local")
                        .creatingTenant(),
                ApiRoute.post("/entityOperations/update", "updateBatchEntity", this::update)
                        .with("options", "local"),
                ApiRoute.post("/entityOperations/merge", "mergeBatchEntity", this::merge)
                        .with("local"),
                ApiRoute.post("/entityOperations/delete", "deleteBatchEntity", this::delete)
                        .with("local"));
    }

    private Future<Answer> create(RequestContext request) {
        return entities(
                        request,
                        ReadMode.CREATE,
                        Operation.createBatch,
                        items -> operations.create(request.caller(), items))
                .map(result -> created(result, result.success()));
    }

    private Future<Answer> upsert(RequestContext request) {
        Set<String> options = request.parameters().options(Set.of("replace", "update"));
        if (options.size() > 1) {
            throw NgsiLdException.invalid("options: replace and update exclude each other");
        }
        UpsertMode mode = options.contains("update") ? UpsertMode.UPDATE : UpsertMode.REPLACE;
        return entities(
                        request,
                        mode == UpsertMode.UPDATE ? ReadMode.UPDATE : ReadMode.CREATE,
                        Operation.upsertBatch,
                        items -> operations.upsert(request.caller(), items, mode))
                .map(result -> created(result, result.created()));
    }

    private Future<Answer> update(RequestContext request) {
        Existing existing =
                request.parameters().options(Set.of("noOverwrite")).isEmpty() ? Existing.OVERWRITTEN : Existing.KEPT;
        return entities(
                        request,
                        ReadMode.APPEND,
                        Operation.updateBatch,
                        items -> operations.update(request.caller(), items, existing))
                .map(BatchRoutes::done);
    }

    private Future<Answer> merge(RequestContext request) {
        return entities(
                        request,
                        ReadMode.MERGE,
                        Operation.mergeBatch,
                        items -> operations.merge(request.caller(), items, MergeOptions.NONE))
                .map(BatchRoutes::done);
    }

    private Future<Answer> delete(RequestContext request) {
        return request.items()
                .compose(given -> {
                    List<Item> items = new ArrayList<>(given.size());
                    for (RequestContext.Item item : given) {
                        if (!(item.value() instanceof Value.Text id)) {
                            throw NgsiLdException.badRequest("the body must be an array of entity ids");
                        }
                        items.add(Item.ofId(id.text()));
                    }
                    return distributed.run(
                            request,
                            Operation.deleteBatch,
                            given,
                            items,
                            here -> operations.delete(request.caller(), here));
                })
                .map(BatchRoutes::done);
    }

    /** Reads the items and does what they say. An item that cannot be understood fails by itself. */
    private Future<BatchResult> entities(
            RequestContext request, ReadMode mode, Operation batch, Function<List<Item>, Future<BatchResult>> local) {
        return request.items().compose(given -> {
            List<Item> items = new ArrayList<>(given.size());
            for (RequestContext.Item item : given) {
                if (!(item.value() instanceof Value.Obj)) {
                    throw NgsiLdException.badRequest("the body must be an array of entities, each a JSON object");
                }
                items.add(read(item, mode));
            }
            return distributed.run(request, batch, given, items, local);
        });
    }

    private static Item read(RequestContext.Item item, ReadMode mode) {
        if (item.fault() != null) {
            return Item.faulty(id(item.value()), item.fault());
        }
        try {
            return Item.of(EntityReader.read(item.value(), item.context(), mode));
        } catch (NgsiLdException e) {
            return Item.faulty(id(item.value()), e);
        }
    }

    private static @Nullable String id(Value value) {
        if (value instanceof Value.Obj object) {
            Value id = object.get("id") == null ? object.get("@id") : object.get("id");
            return id instanceof Value.Text text ? text.text() : null;
        }
        return null;
    }

    private static Answer created(BatchResult result, List<String> created) {
        if (!result.errors().isEmpty()) {
            return partly(result);
        }
        if (created.isEmpty()) {
            return Answer.noContent();
        }
        JsonWriter json = new JsonWriter();
        json.texts(List.copyOf(new LinkedHashSet<>(created)));
        return Answer.of(201, MediaType.JSON.text(), Buffer.buffer(json.toBytes()));
    }

    static Answer done(BatchResult result) {
        return result.errors().isEmpty() ? Answer.noContent() : partly(result);
    }

    /** 207, telling what was done and what was not. */
    static Answer partly(BatchResult result) {
        JsonWriter json = new JsonWriter();
        json.beginObject().name("success").texts(List.copyOf(new LinkedHashSet<>(result.success())));
        json.name("errors").beginArray();
        for (BatchResult.Failure failure : result.errors()) {
            json.beginObject();
            if (failure.entityId() != null) {
                json.member("entityId", failure.entityId());
            }
            json.name("error");
            Problems.write(json, failure.error().type(), failure.error().detail());
            if (failure.registrationId() != null) {
                json.member("registrationId", failure.registrationId());
            }
            json.endObject();
        }
        json.endArray().endObject();
        return Answer.of(207, MediaType.JSON.text(), Buffer.buffer(json.toBytes()));
    }
}
