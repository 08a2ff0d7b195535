package de.freiraum.http;

import de.freiraum.broker.Caller;
import de.freiraum.broker.HostedContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.representation.SpecificationVersion;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One request to one route, after everything that is checked by rule has been. Lives on the request's event loop. */
public final class RequestContext {
    /**
     * A body of one object.
     *
     * @param value the object, without its @context
     * @param context what to read it with
     */
    public record Document(Value.Obj value, Context context) {}

    /**
     * One item of a body that is an array.
     *
     * @param value the item, an object without its @context
     * @param context what to read it with
     * @param fault why the item cannot be read, or null
     */
    public record Item(
            Value value, Context context, @Nullable NgsiLdException fault) {}

    private final HttpServerRequest request;
    private final RouteTable.Match match;
    private final Caller caller;
    private final Parameters parameters;
    private final MediaType accepted;
    private final HttpSettings settings;
    private final ContextOfRequest contexts;
    private final Context core;
    private final byte[] body;
    private @Nullable SpecificationVersion version;
    private boolean versionRead;

    RequestContext(
            HttpServerRequest request,
            RouteTable.Match match,
            Caller caller,
            Parameters parameters,
            MediaType accepted,
            Environment environment,
            byte[] body) {
        this.request = request;
        this.match = match;
        this.caller = caller;
        this.parameters = parameters;
        this.accepted = accepted;
        this.settings = environment.settings();
        this.contexts = environment.contexts();
        this.core = environment.core();
        this.body = body;
    }

    /** The IRI of no attribute. */
    static final String NOTHING = "urn:freiraum:no-attribute";

    /** What all requests share. */
    record Environment(HttpSettings settings, ContextOfRequest contexts, Context core) {}

    /** The route. */
    public ApiRoute route() {
        return match.route();
    }

    /** On whose behalf the request runs. */
    public Caller caller() {
        return caller;
    }

    /** A variable of the path, decoded. */
    public String path(String name) {
        return Objects.requireNonNull(match.variables().get(name), name);
    }

    /** The URL parameters. */
    public Parameters parameters() {
        return parameters;
    }

    /** The media type the answer shall have. */
    public MediaType accepted() {
        return accepted;
    }

    /** The limits. */
    public HttpSettings settings() {
        return settings;
    }

    /** A header, or null. */
    public @Nullable String header(String name) {
        return request.getHeader(name);
    }

    /** All values of a header. */
    public List<String> headers(String name) {
        return request.headers().getAll(name);
    }

    /** The path without a slash at its end, as it was sent. */
    public String rawPath() {
        String path = Objects.requireNonNullElse(request.path(), "/");
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** The scheme and authority by which the client reached the broker, for links that must be absolute. */
    public String origin() {
        return request.scheme() + "://" + request.authority();
    }

    /** The body's bytes; empty if the route takes none. */
    @SuppressWarnings("EI_EXPOSE_REP") // read once, by the handler
    public byte[] bytes() {
        return body;
    }

    /** A preference of the Prefer header (RFC 7240), or null: {@code preference("body")}. */
    public @Nullable String preference(String name) {
        for (String header : request.headers().getAll("Prefer")) {
            for (String part : header.split("[,;]")) {
                int equals = part.indexOf('=');
                if (equals > 0 && part.substring(0, equals).strip().equalsIgnoreCase(name)) {
                    return part.substring(equals + 1).strip().replace("\"", "").toLowerCase(Locale.ROOT);
                }
            }
        }
        return null;
    }

    /** The version of the specification that the client prefers answers to conform to (clause 6.3.6), or null. */
    public @Nullable SpecificationVersion version() {
        if (!versionRead) {
            String preferred = preference("ngsi-ld");
            version = preferred == null ? null : SpecificationVersion.parse(preferred);
            versionRead = true;
        }
        return version;
    }

    /** The context of a request without a body: the one in the Link header, or the core context (clause 6.3.5). */
    public Future<Context> context() {
        return contexts.ofLink(request.headers().getAll("Link"), this::origin);
    }

    /** The context that a value of {@code @context} stands for. */
    public Future<Context> resolve(Value source) {
        return contexts.resolve(source);
    }

    /**
     * The body, which must be one object, with its context.
     *
     * @return fails with InvalidRequest for what is no JSON object, BadRequestData where the @context is not in its place, and
     *     LdContextNotAvailable
     */
    public Future<Document> document() {
        return contexts.document(body, isJsonLd(), request.headers().getAll("Link"), this::origin);
    }

    /** The body, which must be a non-empty array, each item with its context. */
    public Future<List<Item>> items() {
        return contexts.items(
                body, isJsonLd(), request.headers().getAll("Link"), this::origin, settings.maxBatchSize());
    }

    /**
     * Gives the IRIs of the names in a question: of attributes that do not exist for the caller, one that no entity has, so that whether and how
     * they are asked for makes no difference.
     */
    UnaryOperator<String> names(Context context) {
        Set<String> hidden = caller.hiddenAttributes();
        if (hidden.isEmpty()) {
            return context::expand;
        }
        return name -> {
            String iri = context.expand(name);
            return hidden.contains(iri) ? NOTHING : iri;
        };
    }

    /**
     * The context that the answer's names are compacted with. A context that has no URL of its own cannot be told in a Link header; then it is the
     * core context, so that header and body agree.
     */
    Context shown(Context context) {
        boolean inBody =
                accepted == MediaType.JSON_LD || (accepted == MediaType.GEO_JSON && !EntityView.linksContext(this));
        return inBody || HostedContexts.ownUrl(context.source()) != null ? context : core;
    }

    private boolean isJsonLd() {
        return Preconditions.JSON_LD.equals(Preconditions.mediaType(request.getHeader("Content-Type")));
    }
}
