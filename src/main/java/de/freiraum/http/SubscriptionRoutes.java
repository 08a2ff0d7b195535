package de.freiraum.http;

import de.freiraum.broker.SourceIdentity;
import de.freiraum.broker.subscriptions.RegisteredSubscription;
import de.freiraum.broker.subscriptions.SubscriptionOperations;
import de.freiraum.federation.Via;
import de.freiraum.jsonld.Context;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.representation.SubscriptionWriter;
import de.freiraum.security.Access;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Subscriptions over HTTP (clauses 6.10 and 6.11), and those to registrations (clauses 6.12 and 6.13). Reading needs the right to write, since subscriptions hold their receivers' credentials. */
public final class SubscriptionRoutes {
    private static final String SYS_ATTRS = "sysAttrs";

    private final String collection;
    private final String operation;
    private final boolean toEntities;
    private final SubscriptionOperations operations;
    private final SourceIdentity identity;
    private final InstantSource clock;

    private SubscriptionRoutes(
            String collection,
            String operation,
            SubscriptionOperations operations,
            SourceIdentity identity,
            InstantSource clock) {
        this.collection = collection;
        this.operation = operation;
        this.toEntities = operation.equals("Subscription");
        this.operations = operations;
        this.identity = identity;
        this.clock = clock;
    }

    /** Subscriptions to entities. */
    public static SubscriptionRoutes toEntities(
            SubscriptionOperations operations, SourceIdentity identity, InstantSource clock) {
        return new SubscriptionRoutes("/subscriptions", "Subscription", operations, identity, clock);
    }

    /** Subscriptions to context source registrations. */
    public static SubscriptionRoutes toRegistrations(
            SubscriptionOperations operations, SourceIdentity identity, InstantSource clock) {
        return new SubscriptionRoutes(
                "/csourceSubscriptions", "ContextSourceRegistrationSubscription", operations, identity, clock);
    }

    /** The routes. */
    public List<ApiRoute> routes() {
        String one = collection + "/{subscriptionId}";
        return List.of(
                ApiRoute.post(collection, "create" + operation, this::create).creatingTenant(),
                ApiRoute.get(collection, "query" + operation, this::query)
                        .with("limit", "offset", "count", "options")
                        .needing(Access.WRITE),
                ApiRoute.get(one, "retrieve" + operation, this::retrieve)
                        .with("options")
                        .needing(Access.WRITE),
                ApiRoute.patch(one, "update" + operation, this::update),
                ApiRoute.delete(one, "delete" + operation, this::delete));
    }

    private Future<Answer> create(RequestContext request) {
        return request.document()
                .compose(document ->
                        operations.create(request.caller(), document.value(), document.context(), passed(request)))
                .map(id -> Answer.created(ApiRouter.BASE + collection + "/" + PercentCoding.encodeSegment(id)));
    }

    /** The brokers that passed the subscription on; one that comes back would notify of everything twice (clause 6.3.18). */
    private List<String> passed(RequestContext request) {
        Via via = Via.parse(request.headers("Via"));
        if (via.contains(identity.describe(request.caller()).alias()) || via.isTooLong()) {
            throw new NgsiLdException(ErrorType.LoopDetected, "the subscription has come back to this broker");
        }
        return via.entries();
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
        Value.Obj shown = toEntities
                ? written
                : withoutDefaults(written, found.subscription().document());
        return sysAttrs ? SubscriptionWriter.withTimes(shown, found.createdAt(), found.modifiedAt()) : shown;
    }

    /** Registrations know no triggers, and the context is told as far as the subscriber chose it. */
    private static Value.Obj withoutDefaults(Value.Obj written, Value.Obj document) {
        Map<String, Value> members = new LinkedHashMap<>(written.members());
        members.remove("@context");
        if (document.get("notificationTrigger") == null) {
            members.remove("notificationTrigger");
        }
        return new Value.Obj(members);
    }
}
