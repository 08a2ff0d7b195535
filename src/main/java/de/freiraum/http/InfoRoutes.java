package de.freiraum.http;

import de.freiraum.broker.SourceIdentity;
import de.freiraum.json.Times;
import de.freiraum.model.Value;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /info/sourceIdentity} (clause 6.33). */
public final class InfoRoutes {
    private final SourceIdentity identity;

    /** Routes to what identifies this broker. */
    public InfoRoutes(SourceIdentity identity) {
        this.identity = identity;
    }

    /** The routes. */
    public List<ApiRoute> routes() {
        return List.of(ApiRoute.get("/info/sourceIdentity", "retrieveSourceIdentity", this::sourceIdentity));
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
