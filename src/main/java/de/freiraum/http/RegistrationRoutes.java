package de.freiraum.http;

import de.freiraum.broker.registry.RegisteredSource;
import de.freiraum.broker.registry.RegistryOperations;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Value;
import de.freiraum.representation.RegistrationWriter;
import de.freiraum.security.Access;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/**
 * Context source registrations over HTTP (clauses 6.8 and 6.9). Reading needs the right to write, since registrations hold credentials for
 * their sources.
 */
public final class RegistrationRoutes {
    private static final String COLLECTION = "/csourceRegistrations";
    private static final String ONE = COLLECTION + "/{registrationId}";
    private static final Set<String> OPTIONS = Set.of("sysAttrs");

    private final RegistryOperations registry;

    /** Routes to these operations. */
    public RegistrationRoutes(RegistryOperations registry) {
        this.registry = registry;
    }

    /** The routes. */
    public List<ApiRoute> routes() {
        return List.of(
                ApiRoute.post(COLLECTION, "registerContextSource", this::register)
                        .creatingTenant(),
                ApiRoute.get(COLLECTION, "queryContextSourceRegistrations", this::query)
                        .with(RegistrationQueryReader.PARAMETERS)
                        .with("limit", "offset", "count", "options")
                        .needing(Access.WRITE),
                ApiRoute.get(ONE, "retrieveContextSourceRegistration", this::retrieve)
                        .with("options")
                        .needing(Access.WRITE),
                ApiRoute.patch(ONE, "updateContextSourceRegistration", this::update),
                ApiRoute.delete(ONE, "deleteContextSourceRegistration", this::delete));
    }

    private Future<Answer> register(RequestContext request) {
        return request.document()
                .compose(d -> registry.register(request.caller(), d.value(), d.context()))
                .map(id -> Answer.created(ApiRouter.BASE + COLLECTION + "/" + PercentCoding.encodeSegment(id)));
    }

    private Future<Answer> query(RequestContext request) {
        Parameters parameters = request.parameters();
        int limit = parameters.limit();
        int offset = parameters.offset();
        boolean count = parameters.count();
        boolean sysAttrs = sysAttrs(request);
        return request.context().map(context -> {
            RegistryOperations.Page page =
                    registry.query(request.caller(), RegistrationQueryReader.read(parameters, context), offset, limit);
            Answer answer = Responses.array(
                    request,
                    context,
                    page.sources().stream()
                            .map(s -> write(s, request.shown(context), sysAttrs))
                            .toList());
            return Responses.page(request, answer, page.more(), count ? page.count() : -1);
        });
    }

    private Future<Answer> retrieve(RequestContext request) {
        RegisteredSource found = registry.retrieve(request.caller(), request.path("registrationId"));
        boolean sysAttrs = sysAttrs(request);
        return request.context()
                .map(context -> Responses.object(request, context, write(found, request.shown(context), sysAttrs)));
    }

    private Future<Answer> update(RequestContext request) {
        String id = request.path("registrationId");
        return request.document()
                .compose(d -> registry.update(request.caller(), id, d.value(), d.context()))
                .map(v -> Answer.noContent());
    }

    private Future<Answer> delete(RequestContext request) {
        return registry.delete(request.caller(), request.path("registrationId")).map(v -> Answer.noContent());
    }

    private static boolean sysAttrs(RequestContext request) {
        return request.parameters().options(OPTIONS).contains("sysAttrs");
    }

    private static Value.Obj write(RegisteredSource source, Context context, boolean sysAttrs) {
        return RegistrationWriter.write(
                source.registration(),
                source.counters(),
                context,
                sysAttrs ? source.createdAt() : null,
                sysAttrs ? source.modifiedAt() : null);
    }
}
