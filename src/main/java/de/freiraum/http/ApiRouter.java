package de.freiraum.http;

import de.freiraum.broker.Caller;
import de.freiraum.jsonld.Context;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.representation.Names;
import de.freiraum.security.Access;
import de.freiraum.security.AccessPolicy;
import de.freiraum.security.Principal;
import de.freiraum.web.Browsers;
import de.freiraum.web.Compression;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything below {@code /ngsi-ld/v1}: finds the route, checks what is checked by rule, lets the route's handler make the answer, and
 * turns failures into problem details. Routes are added at start; afterwards any number of event loops may use it.
 */
public final class ApiRouter implements Handler<HttpServerRequest> {
    /** Where the API is. */
    public static final String BASE = "/ngsi-ld/v1";

    private static final Logger LOG = LoggerFactory.getLogger(ApiRouter.class);
    private static final String TENANT = "NGSILD-Tenant";
    private static final String SNAPSHOT = "NGSILD-Snapshot";
    private static final Map<String, String> LOCAL_SCOPE = Map.of("local", "true");
    private static final String REQUEST_ID = "X-Request-ID";
    private static final Pattern REQUEST_ID_FORM = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final Pattern TENANT_FORM = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");
    private static final byte[] NO_BODY = {};

    private final RouteTable table = new RouteTable();
    private final RequestContext.Environment environment;
    private final HttpSettings settings;
    private final Browsers browsers;
    private final Caching caching;
    private final AccessPolicy policy;
    private final Predicate<Tenant> tenantExists;
    private final BiFunction<Tenant, String, Tenant> snapshots;
    private final Supplier<String> requestIds;

    /**
     * A router without routes.
     *
     * @param settings limits
     * @param policy who may do what
     * @param resolver finds contexts by their URI
     * @param core the context of requests that name none
     * @param tenantExists whether a tenant holds anything by now
     * @param snapshots where the tenant's snapshot of that URI is; throws ResourceNotFound if there is none
     * @param requestIds makes ids for requests that bring none
     */
    public ApiRouter(
            HttpSettings settings,
            AccessPolicy policy,
            ContextResolver resolver,
            Context core,
            Predicate<Tenant> tenantExists,
            BiFunction<Tenant, String, Tenant> snapshots,
            Supplier<String> requestIds) {
        this.settings = settings;
        this.environment = new RequestContext.Environment(
                settings, new ContextOfRequest(resolver, core, settings.maxMembers()), core);
        this.browsers = new Browsers(settings.corsOrigins());
        this.caching = new Caching(settings.sharedCache());
        this.policy = policy;
        this.tenantExists = tenantExists;
        this.snapshots = snapshots;
        this.requestIds = requestIds;
    }

    /** Adds routes; two for the same verb and path are a mistake of the program. */
    public ApiRouter add(List<ApiRoute> routes) {
        routes.forEach(table::add);
        return this;
    }

    /** All routes, in the order in which they were added. */
    public List<ApiRoute> routes() {
        return table.routes();
    }

    /** Puts the API into a router that also has other things. Nothing before it may read the body. */
    public void mount(Router router) {
        router.route("/ngsi-ld/*").handler(context -> handle(context.request()));
    }

    @Override
    public void handle(HttpServerRequest request) {
        String requestId = requestId(request);
        Future<Answer> answer;
        try {
            answer = request.method().equals(HttpMethod.OPTIONS) ? options(request) : dispatch(request);
        } catch (RuntimeException | StackOverflowError e) {
            answer = Future.failedFuture(e);
        }
        answer.onComplete(done -> send(
                request,
                requestId,
                done.succeeded()
                        ? done.result()
                        : Problems.answer(Objects.requireNonNull(done.cause(), "cause"), requestId)
                                .with("Cache-Control", "no-store")));
    }

    /** Whether a request, of whatever verb, changes nothing. */
    public boolean onlyReads(HttpServerRequest request) {
        String path = Objects.requireNonNullElse(request.path(), "");
        if (!path.startsWith(BASE)) {
            return false;
        }
        try {
            RouteTable.Match match = table.match(request.method(), path.substring(BASE.length()));
            return match == null || match.route().access() == Access.READ;
        } catch (NgsiLdException | RouteTable.WrongMethod nothingIsDone) {
            return true;
        }
    }

    /** The context that the Link header of a request names, or the core context; for requests elsewhere. */
    public Future<Context> linkedContext(HttpServerRequest request) {
        return environment
                .contexts()
                .ofLink(request.headers().getAll("Link"), () -> request.scheme() + "://" + request.authority());
    }

    private Future<Answer> dispatch(HttpServerRequest request) {
        String path = Objects.requireNonNullElse(request.path(), "");
        RouteTable.Match match =
                path.startsWith(BASE) ? table.match(request.method(), path.substring(BASE.length())) : null;
        if (match == null) {
            throw NgsiLdException.notFound("there is nothing at " + Parameters.clip(path));
        }
        ApiRoute route = match.route();
        Preconditions.check(request, route, settings);
        MediaType accepted = Preconditions.accepted(request, route);
        Caller caller = caller(request, route);
        Parameters parameters = Parameters.parse(request.query(), route.parameters(), settings);
        if (caller.tenant().isSnapshot() && route.parameters().contains("local")) {
            // Operations on snapshots have local scope, whatever the request says (clause 6.3.18).
            parameters = parameters.and(LOCAL_SCOPE);
        }
        return answer(request, match, caller, parameters, accepted);
    }

    private Future<Answer> answer(
            HttpServerRequest request,
            RouteTable.Match match,
            Caller caller,
            Parameters parameters,
            MediaType accepted) {
        ApiRoute route = match.route();
        if (route.body() == ApiRoute.Body.NONE) {
            return run(new RequestContext(request, match, caller, parameters, accepted, environment, NO_BODY))
                    .map(answer -> caching.apply(request, route, answer));
        }
        return request.body()
                .compose(body -> run(new RequestContext(
                        request, match, caller, parameters, accepted, environment, body.getBytes())));
    }

    private static Future<Answer> run(RequestContext context) {
        return context.route().handler().apply(context);
    }

    private Caller caller(HttpServerRequest request, ApiRoute route) {
        String header = request.getHeader(TENANT);
        Tenant tenant = header == null ? Tenant.DEFAULT : new Tenant(header);
        Principal principal = policy.identify(request.getHeader("Authorization"), request.getHeader("X-API-Key"));
        policy.check(principal, route.access(), tenant);
        policy.checkOperation(principal, route.operation(), route.worksOnEntities());
        if (!tenant.isDefault() && !route.createsTenant() && !tenantExists.test(tenant)) {
            throw new NgsiLdException(ErrorType.NonexistentTenant, "there is no tenant " + tenant.name());
        }
        String snapshot = request.getHeader(SNAPSHOT);
        return new Caller(
                snapshot == null ? tenant : snapshot(route, tenant, snapshot),
                principal.name(),
                policy.hiddenTypes(principal),
                policy.onlyTypes(principal),
                policy.hiddenAttributes(principal));
    }

    private Tenant snapshot(ApiRoute route, Tenant tenant, String id) {
        if (!route.worksOnSnapshots()) {
            throw new NgsiLdException(
                    ErrorType.OperationNotSupported,
                    "NGSILD-Snapshot: only operations of the Core API and the Temporal API work on snapshots");
        }
        return snapshots.apply(tenant, id);
    }

    private Future<Answer> options(HttpServerRequest request) {
        String path = Objects.requireNonNullElse(request.path(), "");
        String allowed = path.startsWith(BASE) ? table.allowed(path.substring(BASE.length())) : null;
        if (allowed == null) {
            throw NgsiLdException.notFound("there is nothing at " + Parameters.clip(path));
        }
        return Future.succeededFuture(Answer.noContent()
                .with("Allow", allowed)
                .with(Browsers.preflight().toArray(String[]::new)));
    }

    private String requestId(HttpServerRequest request) {
        String given = request.getHeader(REQUEST_ID);
        return given != null && REQUEST_ID_FORM.matcher(given).matches() ? given : requestIds.get();
    }

    private void send(HttpServerRequest request, String requestId, Answer answer) {
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended()) {
            return;
        }
        response.setStatusCode(answer.status());
        List<String> headers = answer.headers();
        for (int i = 0; i < headers.size(); i += 2) {
            response.headers().add(headers.get(i), headers.get(i + 1));
        }
        response.putHeader(REQUEST_ID, requestId);
        echoPlace(request, response);
        browsers.apply(request, response);
        if (answer.status() == ErrorType.PayloadTooLarge.status()) {
            response.putHeader("Connection", "close");
        }
        @Nullable Buffer body = answer.body();
        Future<Void> sent;
        if (body == null) {
            sent = response.end();
        } else if (Compression.suits(request.getHeader(HttpHeaders.ACCEPT_ENCODING), body.length())) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, Compression.GZIP);
            sent = Compression.gzip(body).compose(compressed -> end(request, response, compressed));
        } else {
            sent = end(request, response, body);
        }
        sent.onFailure(e -> LOG.debug("the answer to request {} was not taken", requestId, e));
    }

    private static Future<Void> end(HttpServerRequest request, HttpServerResponse response, Buffer body) {
        if (!request.method().equals(HttpMethod.HEAD)) {
            return response.end(body);
        }
        response.putHeader("Content-Length", Integer.toString(body.length()));
        return response.end();
    }

    /** Tells tenant and snapshot again (clauses 6.3.14 and 6.3.22). */
    private static void echoPlace(HttpServerRequest request, HttpServerResponse response) {
        String tenant = request.getHeader(TENANT);
        if (tenant != null && TENANT_FORM.matcher(tenant).matches()) {
            response.putHeader(TENANT, tenant);
        }
        String snapshot = request.getHeader(SNAPSHOT);
        if (snapshot != null && Names.isUri(snapshot)) {
            response.putHeader(SNAPSHOT, snapshot);
        }
    }
}
