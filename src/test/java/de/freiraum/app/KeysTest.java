package de.freiraum.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Keys that the command line manages, and tokens of a provider, on a whole server. */
class KeysTest {
    private static final String SPOT = "https://uri.etsi.org/ngsi-ld/default-context/Spot";
    private static final String ENTITIES = "/ngsi-ld/v1/entities";
    private static final String TYPES = "/ngsi-ld/v1/types";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path data;

    private record Run(int code, String out, String err) {}

    @Test
    void keysAreMadeUsedListedAndRevokedWhileTheServerRuns() throws Exception {
        String writer = key("create", "--name", "works", "--access", "write", "--expires", "30d")
                .out();
        assertThat(Files.readString(data.resolve("keys.json"))).doesNotContain(writer.strip());
        try (OpenServer server = server("")) {
            assertThat(create(server, writer, "urn:x:1", "Spot")).isEqualTo(201);

            assertThat(key("list").out()).contains("works\twrite\ttenants=*").contains("expires 20");
            String reader = key("create", "--name", "press", "--access", "read").out();
            await().atMost(10, SECONDS)
                    .until(() -> server.get(TYPES, "X-API-Key", reader.strip()).statusCode() == 200);
            assertThat(create(server, reader, "urn:x:2", "Spot")).isEqualTo(403);

            assertThat(key("revoke", "works").code()).isZero();
            await().atMost(10, SECONDS).until(() -> create(server, writer, "urn:x:3", "Spot") == 401);
        }
    }

    @Test
    void aKeyForATypeSeesAndChangesNothingElse() throws Exception {
        String all = key("create", "--name", "all").out().strip();
        String spots = key("create", "--name", "spots", "--type", SPOT).out().strip();
        try (OpenServer server = server("")) {
            assertThat(create(server, spots, "urn:x:1", "Spot")).isEqualTo(201);
            assertThat(create(server, spots, "urn:x:2", "Lamp")).isEqualTo(403);
            assertThat(create(server, all, "urn:x:2", "Lamp")).isEqualTo(201);

            assertThat(server.get(ENTITIES + "/urn:x:2", "X-API-Key", spots).statusCode())
                    .isEqualTo(404);
            assertThat(server.json(ENTITIES + "?local=true", "X-API-Key", spots).findValuesAsText("id"))
                    .containsExactly("urn:x:1");
            assertThat(server.get(TYPES, "X-API-Key", spots).body())
                    .contains("Spot")
                    .doesNotContain("Lamp");
            assertThat(server.send("DELETE", ENTITIES + "/urn:x:2", none(), "X-API-Key", spots)
                            .statusCode())
                    .isEqualTo(404);
            assertThat(server.post("/ngsi-ld/v1/entityOperations/delete", "[\"urn:x:2\"]", "X-API-Key", spots)
                            .statusCode())
                    .isNotEqualTo(204);
            assertThat(server.post(ENTITIES + "/urn:x:1/attrs", "{\"type\":\"Lamp\"}", "X-API-Key", spots)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(server.post("/ngsi-ld/v1/subscriptions", "{}", "X-API-Key", spots)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(server.get(ENTITIES + "/urn:x:2", "X-API-Key", all).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aKeyForAnOperationPermitsNoOther() throws Exception {
        String key = key("create", "--name", "feed", "--operation", "createEntity")
                .out()
                .strip();
        try (OpenServer server = server("")) {
            assertThat(create(server, key, "urn:x:1", "Spot")).isEqualTo(201);
            assertThat(server.send("DELETE", ENTITIES + "/urn:x:1", none(), "X-API-Key", key)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(server.get(TYPES, "X-API-Key", key).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void aKeyMayAskOnlySoOftenIfThereIsALimitForKeys() throws Exception {
        String one = key("create", "--name", "one").out().strip();
        String two = key("create", "--name", "two").out().strip();
        try (OpenServer server = server("http: { rateLimit: { requestsPerKey: 2, window: 1h } }")) {
            assertThat(server.get(TYPES, "X-API-Key", one).headers().firstValue("RateLimit"))
                    .isPresent();
            assertThat(server.get(TYPES, "X-API-Key", one).statusCode()).isEqualTo(200);
            HttpResponse<String> refused = server.get(TYPES, "X-API-Key", one);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(server.get(TYPES, "X-API-Key", two).statusCode()).isEqualTo(200);
            assertThat(server.get(TYPES).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatIsWrongOnTheCommandLineIsSaid() {
        assertThat(key("create", "--name", "a", "--access", "root").err()).contains("read, write and admin");
        assertThat(key("create", "--name", "a", "--expires", "soon").err()).contains("90d");
        assertThat(key("create", "--name", "a", "--expires", "2001-01-01T00:00:00Z")
                        .err())
                .contains("past");
        assertThat(key("create", "--name", "a", "--type", "Spot").err()).contains("IRI");
        assertThat(key("create", "--name", "a b").code()).isEqualTo(2);
        assertThat(key("create", "--name", "a").code()).isZero();
        assertThat(key("create", "--name", "a").err()).contains("revoke it first");
        assertThat(key("revoke", "b").code()).isEqualTo(1);
        assertThat(key("list").out().lines()).hasSize(1);
    }

    @Test
    void theAuditLogHoldsWritesAndRefusalsWithoutSecrets() throws Exception {
        String key = key("create", "--name", "works").out();
        Path log = data.resolve("audit.log");
        try (OpenServer server = server("security: { audit: { file: '" + log + "' } }")) {
            create(server, key, "urn:x:1", "Spot");
            create(server, "made-up", "urn:x:2", "Spot");
            server.get(TYPES);
            server.post("/ngsi-ld/v1/entityOperations/query", "{\"type\":\"Query\"}");
        }
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .contains("\"outcome\":\"done\"", "\"who\":\"works\"", "\"path\":\"/ngsi-ld/v1/entities\"")
                .contains("\"status\":201");
        assertThat(lines.get(1)).contains("\"outcome\":\"denied\"", "\"who\":\"unknown\"", "\"status\":401");
        assertThat(String.join("", lines)).doesNotContain(key.strip(), "made-up");
    }

    @Test
    void tokensOfTheProviderAreTakenAlsoAfterItChangedItsKeys() throws Exception {
        List<ECKey> keys = new ArrayList<>(List.of(made("one")));
        HttpServer provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String issuer = "http://127.0.0.1:" + provider.getAddress().getPort();
        answer(
                provider,
                "/.well-known/openid-configuration",
                () -> "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + issuer + "/keys\"}");
        answer(provider, "/keys", () -> new JWKSet(keys.get(0).toPublicJWK()).toString());
        provider.start();
        try (OpenServer server = server("""
                security:
                  oidc:
                    issuer: %s
                    audience: city
                    rolesClaim: groups
                    roles: [ { name: editors, access: write } ]
                """.formatted(issuer))) {
            String first = token(keys.get(0), issuer, "editors");
            assertThat(create(server, first, "urn:x:1", "Spot")).isEqualTo(201);
            assertThat(create(server, token(keys.get(0), issuer, "cooks"), "urn:x:2", "Spot"))
                    .isEqualTo(403);
            assertThat(create(server, token(made("one"), issuer, "editors"), "urn:x:2", "Spot"))
                    .isEqualTo(401);

            keys.set(0, made("two"));
            String second = token(keys.get(0), issuer, "editors");
            await().atMost(20, SECONDS)
                    .until(() -> create(server, second, "urn:x:" + System.nanoTime(), "Spot") == 201);
            assertThat(create(server, first, "urn:x:3", "Spot")).isEqualTo(401);
        } finally {
            provider.stop(0);
        }
    }

    private interface Text {
        String get();
    }

    private static void answer(HttpServer provider, String path, Text text) {
        provider.createContext(path, exchange -> {
            byte[] body = text.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private static ECKey made(String id) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    }

    private static String token(ECKey key, String issuer, String role) throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .audience("city")
                        .subject("anna")
                        .claim("groups", List.of(role))
                        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                        .build());
        jwt.sign(new ECDSASigner(key));
        return jwt.serialize();
    }

    private OpenServer server(String yaml) throws Exception {
        return OpenServer.start(yaml, "data-dir", data.toString());
    }

    private static int create(OpenServer server, String credential, String id, String type)
            throws IOException, InterruptedException {
        return server.post(
                        ENTITIES,
                        "{\"id\":\"" + id + "\",\"type\":\"" + type + "\"}",
                        "Authorization",
                        "Bearer " + credential.strip())
                .statusCode();
    }

    private static java.net.http.HttpRequest.BodyPublisher none() {
        return java.net.http.HttpRequest.BodyPublishers.noBody();
    }

    private Run key(String... arguments) {
        List<String> all = new ArrayList<>(List.of("key"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data-dir", data.toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return new Run(line.execute(all.toArray(String[]::new)), out.toString(), err.toString());
    }
}
