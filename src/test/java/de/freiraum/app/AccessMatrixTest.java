package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every route of the interface's description, asked by everybody on every tenant. The rule of each route is in {@code access/routes.csv}; a route without one fails.
 */
class AccessMatrixTest {
    private static final Set<String> VERBS = Set.of("get", "put", "post", "patch", "delete");
    private static final List<String> ROLES = List.of("anonymous", "reader", "writer", "operator", "stranger");
    private static final List<String> TENANTS = List.of("", "town", "closed");

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static OpenServer server;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** An operation of the interface. */
    private record Route(String method, String path) {}

    @BeforeAll
    static void start() throws Exception {
        server = OpenServer.start("""
                security:
                  closedTenants: [closed]
                  keys:
                    - { name: reader, sha256: %s, access: read, tenants: ["", town] }
                    - { name: writer, sha256: %s, access: write, tenants: ["", town] }
                    - { name: operator, sha256: %s, access: admin }
                    - { name: stranger, sha256: %s, access: write, tenants: [elsewhere] }
                """.formatted(hash("reader"), hash("writer"), hash("operator"), hash("stranger")));
    }

    @AfterAll
    static void stop() throws TimeoutException {
        server.close();
    }

    @Test
    void everyRouteHasARuleAndEveryRuleARoute() throws IOException {
        assertThat(described()).containsExactlyInAnyOrderElementsOf(rules().keySet());
    }

    @TestFactory
    Stream<DynamicTest> everybodyMayDoWhatTheRuleSaysAndNothingElse() throws IOException {
        return rules().entrySet().stream()
                .map(entry -> dynamicTest(
                        entry.getKey().method() + " " + entry.getKey().path(),
                        () -> check(entry.getKey(), entry.getValue())));
    }

    @Test
    void aCredentialThatNobodyHoldsIsRefusedEvenWhereNoneIsNeeded() throws Exception {
        assertThat(server.get("/ngsi-ld/v1/types", "X-API-Key", "made-up").statusCode())
                .isEqualTo(401);
    }

    private static void check(Route route, String rule) throws Exception {
        for (String role : ROLES) {
            for (String tenant : route.path().startsWith("/ngsi-ld/") ? TENANTS : List.of("")) {
                assertThat(refusal(ask(route, role, tenant)))
                        .as("%s as %s on \"%s\"", route, role, tenant)
                        .isEqualTo(expected(rule, role, tenant));
            }
        }
    }

    /** 401 and 403 are refusals; everything else means that the request got past the guard. */
    private static int refusal(int status) {
        return status == 401 || status == 403 ? status : 0;
    }

    private static int expected(String rule, String role, String tenant) {
        if (rule.equals("public") || rule.equals("device")) {
            return 0;
        }
        if (role.equals("anonymous")) {
            return rule.equals("read") && !tenant.equals("closed") ? 0 : 401;
        }
        if (rule.equals("local")) {
            return 403;
        }
        boolean here = role.equals("operator") || (!role.equals("stranger") && !tenant.equals("closed"));
        boolean enough =
                switch (rule) {
                    case "read" -> true;
                    case "write" -> !role.equals("reader");
                    default -> role.equals("operator");
                };
        return here && enough ? 0 : 403;
    }

    private static int ask(Route route, String role, String tenant) throws Exception {
        List<String> headers = new ArrayList<>();
        if (!role.equals("anonymous")) {
            headers.addAll(List.of("Authorization", "Bearer " + role));
        }
        if (!tenant.isEmpty()) {
            headers.addAll(List.of("NGSILD-Tenant", tenant));
        }
        boolean body = List.of("POST", "PUT", "PATCH").contains(route.method());
        if (body) {
            headers.addAll(List.of("Content-Type", "application/json"));
        }
        HttpRequest request = server.request(
                route.method(),
                route.path().replaceAll("\\{\\w+}", "urn:x:none"),
                body ? HttpRequest.BodyPublishers.ofString("{}") : HttpRequest.BodyPublishers.noBody(),
                headers.toArray(String[]::new));
        // The body is not read, since that of the live stream does not end.
        HttpResponse<InputStream> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
        answer.body().close();
        return answer.statusCode();
    }

    private static List<Route> described() throws IOException {
        List<Route> routes = new ArrayList<>();
        JsonNode paths =
                new ObjectMapper().readTree(resource("/api-spec/openapi.json")).path("paths");
        paths.properties().forEach(path -> path.getValue().fieldNames().forEachRemaining(verb -> {
            if (VERBS.contains(verb)) {
                routes.add(new Route(verb.toUpperCase(Locale.ROOT), path.getKey()));
            }
        }));
        return routes;
    }

    private static Map<Route, String> rules() throws IOException {
        Map<Route, String> rules = new LinkedHashMap<>();
        resource("/access/routes.csv").lines().skip(1).forEach(line -> {
            String[] cells = line.split(",");
            rules.put(new Route(cells[0], cells[1]), cells[2]);
        });
        return rules;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = AccessMatrixTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String hash(String key) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    }
}
