package de.freiraum.http;

import de.freiraum.model.NgsiLdException;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the route of a path by its segments. A trailing slash makes no difference. Filled at start, read-only afterwards. */
final class RouteTable {
    private static final int MAX_SEGMENTS = 16;

    /** Collections whose path with a slash, but without an identifier, is theirs; of others it is a bad request. */
    private static final Set<String> COLLECTIONS = Set.of("csourceRegistrations", "csourceSubscriptions");

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        final Map<HttpMethod, ApiRoute> routes = new LinkedHashMap<>();

        @Nullable
        Node variable;
    }

    /**
     * What was found.
     *
     * @param route the route
     * @param variables the path's variables by name, decoded
     */
    record Match(ApiRoute route, Map<String, String> variables) {}

    /** The path exists but not with this verb. */
    static final class WrongMethod extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String allowed;

        WrongMethod(String allowed) {
            super("allowed are " + allowed, null, false, false);
            this.allowed = allowed;
        }

        /** The verbs that exist, as in the Allow header. */
        String allowed() {
            return allowed;
        }
    }

    private final Node root = new Node();
    private final List<ApiRoute> routes = new ArrayList<>();

    void add(ApiRoute route) {
        Node node = root;
        for (String segment : segments(route.path())) {
            if (segment.startsWith("{")) {
                Node next = node.variable == null ? new Node() : node.variable;
                node.variable = next;
                node = next;
            } else {
                node = node.literals.computeIfAbsent(segment, s -> new Node());
            }
        }
        if (node.routes.put(route.method(), route) != null) {
            throw new IllegalStateException("two routes for " + route.method() + " " + route.path());
        }
        routes.add(route);
    }

    List<ApiRoute> routes() {
        return List.copyOf(routes);
    }

    /**
     * The route of a request.
     *
     * @param path what follows {@code /ngsi-ld/v1}, still encoded
     * @return null if the path does not exist
     * @throws WrongMethod if it exists with other verbs only
     * @throws NgsiLdException if the path is badly encoded or lacks the last identifier
     */
    @Nullable
    Match match(HttpMethod method, String path) {
        List<String> segments = segments(path);
        if (segments.size() > MAX_SEGMENTS) {
            return null;
        }
        Node node = root;
        List<String> values = new ArrayList<>(3);
        for (String segment : segments) {
            Node next = node.literals.get(segment);
            if (next == null) {
                next = node.variable;
                if (next == null) {
                    return null;
                }
                if (segment.isEmpty() && !values.isEmpty()) {
                    requireVerbWithout(method, path);
                }
                values.add(PercentCoding.decodeSegment(segment, "path"));
            }
            node = next;
        }
        if (node.routes.isEmpty()) {
            return null;
        }
        ApiRoute route = node.routes.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
        if (route == null) {
            if (segments.size() == 1
                    && !COLLECTIONS.contains(segments.get(0))
                    && path.endsWith("/")
                    && node.variable != null
                    && node.variable.routes.containsKey(method)) {
                throw NgsiLdException.badRequest("the path lacks an identifier after its last slash");
            }
            throw new WrongMethod(allowed(node));
        }
        return new Match(route, variables(route, values));
    }

    /**
     * Refuses a verb that the path would not have if its empty part were not there: the name of an attribute is missing, so that it may be
     * read as the path of another resource. Otherwise the operation says what is missing.
     */
    private void requireVerbWithout(HttpMethod method, String path) {
        Node other = find(segments(path).stream().filter(s -> !s.isEmpty()).toList());
        if (other != null && !other.routes.isEmpty() && !other.routes.containsKey(method)) {
            throw new WrongMethod(allowed(other));
        }
    }

    /** The verbs of a path, as in the Allow header, or null if it does not exist. */
    @Nullable
    String allowed(String path) {
        Node node = find(segments(path));
        return node == null || node.routes.isEmpty() ? null : allowed(node);
    }

    private @Nullable Node find(List<String> segments) {
        Node node = root;
        for (String segment : segments) {
            Node next = node.literals.get(segment);
            node = next == null ? node.variable : next;
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    private static String allowed(Node node) {
        TreeSet<String> names = new TreeSet<>();
        node.routes.keySet().forEach(m -> names.add(m.name()));
        if (names.contains("GET")) {
            names.add("HEAD");
        }
        names.add("OPTIONS");
        return String.join(", ", names);
    }

    private static Map<String, String> variables(ApiRoute route, List<String> values) {
        if (values.isEmpty()) {
            return Map.of();
        }
        Map<String, String> variables = new HashMap<>();
        int next = 0;
        for (String segment : segments(route.path())) {
            if (segment.startsWith("{")) {
                variables.put(segment.substring(1, segment.length() - 1), values.get(next++));
            }
        }
        return variables;
    }

    /** The parts between slashes; an empty part counts unless it is the last. */
    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>(5);
        int start = path.startsWith("/") ? 1 : 0;
        while (start <= path.length()) {
            int end = path.indexOf('/', start);
            if (end < 0) {
                end = path.length();
            }
            if (end > start || end < path.length()) {
                segments.add(path.substring(start, end));
            }
            start = end + 1;
        }
        return segments;
    }
}
