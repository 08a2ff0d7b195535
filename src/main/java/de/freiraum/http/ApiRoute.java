package de.freiraum.http;

import de.freiraum.security.Access;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * One operation of the API: where it is, what it takes, and who answers. Everything a route refuses by rule is refused before its handler runs.
 *
 * @param method the verb
 * @param path below {@code /ngsi-ld/v1}, with variables in braces: {@code /entities/{entityId}}
 * @param operation the clause's name of the operation in camel case, such as {@code queryEntities}
 * @param parameters the URL parameters it knows; any other one is refused
 * @param access what a caller must be allowed to do
 * @param body what the request must bring
 * @param produces the media types its answers can have, in order of preference; empty: answers have no negotiated body
 * @param createsTenant whether it may be the first operation of a tenant (clause 5.5.10)
 * @param handler makes the answer; may throw {@link de.freiraum.model.NgsiLdException}
 */
public record ApiRoute(
        HttpMethod method,
        String path,
        String operation,
        Set<String> parameters,
        Access access,
        Body body,
        List<MediaType> produces,
        boolean createsTenant,
        Function<RequestContext, Future<Answer>> handler) {

    /** What a request must bring. */
    public enum Body {
        /** Nothing; what comes is not read. */
        NONE,
        /** A JSON or JSON-LD document. */
        JSON,
        /** A JSON, JSON-LD or merge patch document. */
        PATCH
    }

    /** Where the operations of the Core API and the Temporal API are (table 4.3.5-1), and the maps they make: these work on snapshots as well. */
    private static final Set<String> ON_SNAPSHOTS =
            Set.of("entities", "entityOperations", "entityMaps", "types", "attributes", "subscriptions", "temporal");

    private static final Set<String> OF_ENTITIES =
            Set.of("entities", "entityOperations", "entityMaps", "types", "attributes", "temporal");

    private static final List<MediaType> JSON_ANSWERS = List.of(MediaType.JSON, MediaType.JSON_LD);

    /** Sorts the parameters and copies the lists. */
    public ApiRoute {
        parameters = java.util.Collections.unmodifiableSet(new TreeSet<>(parameters));
        produces = List.copyOf(produces);
    }

    /** A GET that answers JSON or JSON-LD. */
    public static ApiRoute get(String path, String operation, Function<RequestContext, Future<Answer>> handler) {
        return new ApiRoute(
                HttpMethod.GET, path, operation, Set.of(), Access.READ, Body.NONE, JSON_ANSWERS, false, handler);
    }

    /** A POST that changes something; its body is JSON or JSON-LD. */
    public static ApiRoute post(String path, String operation, Function<RequestContext, Future<Answer>> handler) {
        return new ApiRoute(
                HttpMethod.POST, path, operation, Set.of(), Access.WRITE, Body.JSON, List.of(), false, handler);
    }

    /** A POST that only reads, as the query operations do. */
    public static ApiRoute postQuery(String path, String operation, Function<RequestContext, Future<Answer>> handler) {
        return new ApiRoute(
                HttpMethod.POST, path, operation, Set.of(), Access.READ, Body.JSON, JSON_ANSWERS, false, handler);
    }

    /** A PATCH. */
    public static ApiRoute patch(String path, String operation, Function<RequestContext, Future<Answer>> handler) {
        return new ApiRoute(
                HttpMethod.PATCH, path, operation, Set.of(), Access.WRITE, Body.PATCH, List.of(), false, handler);
    }

    /** A PUT. */
    public static ApiRoute put(String path, String operation, Function<RequestContext, Future<Answer>> handler) {
        return new ApiRoute(
                HttpMethod.PUT, path, operation, Set.of(), Access.WRITE, Body.JSON, List.of(), false, handler);
    }

    /** A DELETE. */
    public static ApiRoute delete(String path, String operation, Function<RequestContext, Future<Answer>> handler) {
        return new ApiRoute(
                HttpMethod.DELETE, path, operation, Set.of(), Access.WRITE, Body.NONE, List.of(), false, handler);
    }

    /** Whether it can be done on a snapshot (clause 5.5.15). */
    boolean worksOnSnapshots() {
        return ON_SNAPSHOTS.contains(root());
    }

    /** Whether what it reads or changes are entities, or what they have in common, and nothing but that. */
    boolean worksOnEntities() {
        return OF_ENTITIES.contains(root());
    }

    private String root() {
        int end = path.indexOf('/', 1);
        return path.substring(Math.min(1, path.length()), end < 0 ? path.length() : end);
    }

    /** The same with more URL parameters. */
    public ApiRoute with(String... names) {
        return with(Set.of(names));
    }

    /** The same with more URL parameters. */
    public ApiRoute with(Set<String> names) {
        Set<String> all = new TreeSet<>(parameters);
        all.addAll(names);
        return new ApiRoute(method, path, operation, all, access, body, produces, createsTenant, handler);
    }

    /** The same, answering GeoJSON too. */
    public ApiRoute producingGeoJson() {
        List<MediaType> types = List.of(MediaType.JSON, MediaType.JSON_LD, MediaType.GEO_JSON);
        return new ApiRoute(method, path, operation, parameters, access, body, types, createsTenant, handler);
    }

    /** The same, answering with or without JSON-LD regardless of what the request accepts. */
    public ApiRoute producing(MediaType... types) {
        return new ApiRoute(method, path, operation, parameters, access, body, List.of(types), createsTenant, handler);
    }

    /** The same, creating the tenant if need be. */
    public ApiRoute creatingTenant() {
        return new ApiRoute(method, path, operation, parameters, access, body, produces, true, handler);
    }

    /** The same, needing another permission. */
    public ApiRoute needing(Access other) {
        return new ApiRoute(method, path, operation, parameters, other, body, produces, createsTenant, handler);
    }
}
