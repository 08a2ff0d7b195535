package de.freiraum.http;

import de.freiraum.broker.SourceIdentity;
import de.freiraum.json.Times;
import de.freiraum.model.Value;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What identifies this broker ({@code /info/sourceIdentity}, clause 6.33), and what there is at the root of the API. */
public final class InfoRoutes {
    private final SourceIdentity identity;

    /** Routes to what identifies this broker. */
    public InfoRoutes(SourceIdentity identity) {
        this.identity = identity;
    }

    /** The routes. */
    public List<ApiRoute> routes() {
        return List.of(
                ApiRoute.get("/info/sourceIdentity", "retrieveSourceIdentity", this::sourceIdentity),
                ApiRoute.get("", "retrieveEntryPoint", this::entryPoint).producing(MediaType.JSON));
    }

    /** Where catalogues say that the API is, something must be. */
    private Future<Answer> entryPoint(RequestContext request) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("title", Value.of(identity.describe(request.caller()).alias()));
        members.put("specification", Value.of("ETSI GS CIM 009 V1.9.1 (NGSI-LD)"));
        members.put("description", Value.of("/openapi.json"));
        members.put("documentation", Value.of("/docs"));
        members.put(
                "resources",
                Value.ofTexts(Stream.of("/types", "/attributes", "/entities", "/temporal/entities", "/subscriptions")
                        .map(path -> ApiRouter.BASE + path)
                        .toList()));
        return Future.succeededFuture(Responses.plain(200, new Value.Obj(members)));
    }

    private Future<Answer> sourceIdentity(RequestContext request) {
        SourceIdentity.Description d = identity.describe(request.caller());
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("id", Value.of(d.id()));
        members.put("type", Value.of("ContextSourceIdentity"));
        members.put("contextSourceAlias", Value.of(d.alias()));
        members.put("contextSourceUptime", Value.of(d.uptime().toString()));
        members.put("contextSourceTimeAt", Value.of(Times.format(d.now())));
        return request.context().map(context -> Responses.object(request, context, new Value.Obj(members)));
    }
}
