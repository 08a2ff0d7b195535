package de.freiraum.http;

import de.freiraum.broker.ContextOperations;
import de.freiraum.broker.ContextOperations.Description;
import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.json.Times;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /jsonldContexts} (clauses 6.29 and 6.30). */
public final class ContextRoutes {
    private static final Set<String> KINDS = Set.of("Cached", "Hosted", "ImplicitlyCreated");
    private static final String ONE = "/jsonldContexts/{contextId}";

    private final ContextOperations operations;

    /** Routes to those operations. */
    public ContextRoutes(ContextOperations operations) {
        this.operations = operations;
    }

    /** The routes. */
    public List<ApiRoute> routes() {
        return List.of(
                ApiRoute.post("/jsonldContexts", "addContext", this::add).creatingTenant(),
                ApiRoute.get("/jsonldContexts", "listContexts", this::list).with("details", "kind"),
                ApiRoute.get(ONE, "serveContext", this::serve).with("details"),
                ApiRoute.delete(ONE, "deleteContext", this::delete).with("reload"));
    }

    private Future<Answer> add(RequestContext request) {
        if (!(JsonReader.read(request.bytes()) instanceof Value.Obj document)) {
            throw NgsiLdException.invalid("the body must be a JSON object with @context");
        }
        return operations
                .addContext(request.caller(), document)
                .map(id -> Answer.created(ApiRouter.BASE + "/jsonldContexts/" + id));
    }

    private Future<Answer> list(RequestContext request) {
        boolean details = request.parameters().flag("details");
        String kind = request.parameters().choice("kind", KINDS);
        List<Value> items = new ArrayList<>();
        for (Description description : operations.listContexts(request.caller(), kind)) {
            items.add(details ? describe(description) : Value.of(description.url()));
        }
        return Future.succeededFuture(Responses.plain(200, new Value.Array(items)));
    }

    private Future<Answer> serve(RequestContext request) {
        String id = request.path("contextId");
        if (request.parameters().flag("details")) {
            return Future.succeededFuture(
                    Responses.plain(200, describe(operations.describeContext(request.caller(), id))));
        }
        Value context = operations.serveContext(request.caller(), id);
        Buffer body = Buffer.buffer(JsonWriter.write(new Value.Obj(Map.of("@context", context))));
        return Future.succeededFuture(Answer.of(200, request.accepted().text(), body));
    }

    private Future<Answer> delete(RequestContext request) {
        return operations
                .deleteContext(
                        request.caller(),
                        request.path("contextId"),
                        request.parameters().flag("reload"))
                .map(v -> Answer.noContent());
    }

    private static Value.Obj describe(Description d) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("URL", Value.of(d.url()));
        members.put("localId", Value.of(d.localId()));
        members.put("kind", Value.of(d.kind()));
        members.put("createdAt", Value.of(Times.format(d.createdAt())));
        if (d.expiresAt() != null) {
            members.put("expiresAt", Value.of(Times.format(d.expiresAt())));
        }
        if (d.lastUsage() != null) {
            members.put("lastUsage", Value.of(Times.format(d.lastUsage())));
        }
        members.put("numberOfHits", Value.of(d.numberOfHits()));
        return new Value.Obj(members);
    }
}
