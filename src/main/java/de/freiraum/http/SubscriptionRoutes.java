package de.freiraum.http;

import de.freiraum.broker.subscriptions.RegisteredSubscription;
import de.freiraum.broker.subscriptions.SubscriptionOperations;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Value;
import de.freiraum.representation.SubscriptionWriter;
import de.freiraum.security.Access;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** Subscriptions over HTTP (clauses 6.10 and 6.11). Reading needs the right to write, since subscriptions hold their receivers' credentials. */
public final class SubscriptionRoutes {
    private static final String COLLECTION = "/subscriptions";
    private static final String ONE = COLLECTION + "/{subscriptionId}";

    private static final String SYS_ATTRS = "sysAttrs";

    private final SubscriptionOperations operations;
    private final InstantSource clock;

    /** Routes to these operations. */
    public SubscriptionRoutes(SubscriptionOperations operations, InstantSource clock) {
        this.operations = operations;
        this.clock = clock;
    }

    /** The routes. */
    public List<ApiRoute> routes() {
        return List.of(
                ApiRoute.post(COLLECTION, "createSubscription", this::create).creatingTenant(),
                ApiRoute.get(COLLECTION, "querySubscription", this::query)
                        .with("limit", "offset", "count", "options")
                        .needing(Access.WRITE),
                ApiRoute.get(ONE, "retrieveSubscription", this::retrieve)
                        .with("options")
                        .needing(Access.WRITE),
                ApiRoute.patch(ONE, "updateSubscription", this::update),
                ApiRoute.delete(ONE, "deleteSubscription", this::delete));
    }

    private Future<Answer> create(RequestContext request) {
        return request.document()
                .compose(document -> operations.create(request.caller(), document.value(), document.context()))
                .map(id -> Answer.created(ApiRouter.BASE + COLLECTION + "/" + PercentCoding.encodeSegment(id)));
    }

    private Future<Answer> query(RequestContext request) {
        int limit = request.parameters().limit();
        int offset = request.parameters().offset();
        boolean count = request.parameters().count();
        boolean sysAttrs = sysAttrs(request);
        return request.context().map(context -> {
            SubscriptionOperations.Page page = operations.query(request.caller(), offset, limit);
            Answer answer = Responses.array(
                    request,
                    context,
                    page.subscriptions().stream()
                            .map(s -> write(s, sysAttrs, context))
                            .toList());
            return Responses.page(request, answer, page.more(), count ? page.count() : -1);
        });
    }

    private Future<Answer> retrieve(RequestContext request) {
        RegisteredSubscription found = operations.retrieve(request.caller(), request.path("subscriptionId"));
        boolean sysAttrs = sysAttrs(request);
        return request.context().map(context -> Responses.object(request, context, write(found, sysAttrs, context)));
    }

    private Future<Answer> update(RequestContext request) {
        String id = request.path("subscriptionId");
        return request.document()
                .compose(d -> operations.update(request.caller(), id, d.value(), d.context()))
                .map(v -> Answer.noContent());
    }

    private Future<Answer> delete(RequestContext request) {
        return operations
                .delete(request.caller(), request.path("subscriptionId"))
                .map(v -> Answer.noContent());
    }

    private static boolean sysAttrs(RequestContext request) {
        return request.parameters().options(Set.of(SYS_ATTRS)).contains(SYS_ATTRS);
    }

    private Value.Obj write(RegisteredSubscription found, boolean sysAttrs, Context context) {
        Value.Obj written = SubscriptionWriter.write(found.subscription(), found.counters(), context, clock.instant());
        return sysAttrs ? SubscriptionWriter.withTimes(written, found.createdAt(), found.modifiedAt()) : written;
    }
}
