package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers of the interface say to caches and browsers, and what clients save by it. */
class CachingTest {
    private static final String SETTINGS = """
            security:
              keys: [{ name: writer, sha256: 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b }]
            """;
    private static final String[] KEY = {"X-API-Key", "secret"};
    private static final String ENTITIES = "/ngsi-ld/v1/entities";
    private static final String LIST = ENTITIES + "?type=Lamp";
    private static final String ONE = ENTITIES + "/urn:x:lamp:0";

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static OpenServer server;

    @BeforeAll
    static void start() throws Exception {
        server = OpenServer.start(SETTINGS);
        for (int i = 0; i < 3; i++) {
            create("Lamp", "urn:x:lamp:" + i);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static void create(String type, String id) throws Exception {
        String entity =
                "{\"id\":\"" + id + "\",\"type\":\"" + type + "\",\"level\":{\"type\":\"Property\",\"value\":1},"
                        + "\"note\":{\"type\":\"Property\",\"value\":\"" + "x".repeat(500) + "\"}}";
        assertThat(server.post(ENTITIES, entity, KEY).statusCode()).isEqualTo(201);
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {LIST, ONE, "/ngsi-ld/v1/types/Lamp", "/ngsi-ld/v1/temporal/entities/urn:x:lamp:0"})
    void whoHasTheAnswerAlreadyGetsNoOther(String path) throws Exception {
        HttpResponse<String> first = server.get(path);
        String tag = header(first, "ETag");
        assertThat(tag).startsWith("W/\"").endsWith("\"");
        assertThat(header(first, "Cache-Control")).isEqualTo("public, max-age=0, s-maxage=5");
        assertThat(header(first, "Vary"))
                .contains("Accept", "Accept-Encoding", "Link", "NGSILD-Tenant", "Authorization", "X-API-Key");
        HttpResponse<String> second = server.get(path, "If-None-Match", "\"x\", " + tag);
        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
        assertThat(header(second, "ETag")).isEqualTo(tag);
        assertThat(header(second, "Vary")).isEqualTo(header(first, "Vary"));
        assertThat(server.send("HEAD", path, BodyPublishers.noBody(), "If-None-Match", tag)
                        .statusCode())
                .isEqualTo(304);
        assertThat(server.get(path, "If-None-Match", "W/\"x\"").statusCode()).isEqualTo(200);
    }

    @Test
    void aChangeMakesTheCopyOld() throws Exception {
        create("Sign", "urn:x:sign:1");
        String path = ENTITIES + "?type=Sign&limit=1";
        String tag = header(server.get(path), "ETag");
        create("Sign", "urn:x:sign:2");
        HttpResponse<String> sameEntitiesButMoreBehind = server.get(path, "If-None-Match", tag);
        assertThat(sameEntitiesButMoreBehind.statusCode()).isEqualTo(200);
        assertThat(header(sameEntitiesButMoreBehind, "Link")).isNotEmpty();
        String other = header(sameEntitiesButMoreBehind, "ETag");
        server.send(
                "PATCH",
                ENTITIES + "/urn:x:sign:1/attrs",
                BodyPublishers.ofString("{\"level\":{\"type\":\"Property\",\"value\":2}}"),
                "Content-Type",
                "application/json",
                KEY[0],
                KEY[1]);
        assertThat(server.get(path, "If-None-Match", other).statusCode()).isEqualTo(200);
    }

    @Test
    void everyRepresentationHasATagOfItsOwn() throws Exception {
        Set<String> tags = new HashSet<>();
        List<HttpResponse<String>> answers = List.of(
                server.get(LIST),
                server.get(LIST, "Accept", "application/ld+json"),
                server.get(LIST, "Accept", "application/geo+json"),
                server.get(LIST + "&format=simplified"),
                server.get(ENTITIES + "?type=None"),
                server.get(ENTITIES + "?type=None", "Accept", "application/ld+json"),
                server.get(ENTITIES + "?type=None&count=true"));
        answers.forEach(answer -> tags.add(header(answer, "ETag")));
        assertThat(tags).hasSameSizeAs(answers);
    }

    @Test
    void anEntityTellsWhenItWasModified() throws Exception {
        String modified = header(server.get(ONE), "Last-Modified");
        assertThat(modified).matches("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
        assertThat(server.get(ONE, "If-Modified-Since", modified).statusCode()).isEqualTo(304);
        assertThat(server.get(ONE, "If-Modified-Since", "Tue, 24 Nov 2020 10:00:00 GMT")
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.get(ONE, "If-Modified-Since", "yesterday").statusCode())
                .isEqualTo(200);
        assertThat(server.get(ONE, "If-Modified-Since", modified, "If-None-Match", "\"x\"")
                        .statusCode())
                .isEqualTo(200);
        assertThat(header(server.get(LIST), "Last-Modified")).isEmpty();
    }

    @Test
    void whatOnlySomeMayReadStaysWithThem() throws Exception {
        assertThat(header(server.get(LIST, KEY), "Cache-Control")).isEqualTo("private, no-cache");
        assertThat(header(server.get("/ngsi-ld/v1/subscriptions", KEY), "Cache-Control"))
                .isEqualTo("no-store");
        assertThat(header(server.get(LIST + "&entityMap=true"), "Cache-Control"))
                .isEqualTo("no-store");
        HttpResponse<String> gone = server.get(ENTITIES + "/urn:x:none");
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(header(gone, "Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void longAnswersAreCompressedForWhoAsks() throws Exception {
        HttpResponse<byte[]> answer = HttpClient.newHttpClient()
                .send(
                        server.request("GET", LIST, BodyPublishers.noBody(), "Accept-Encoding", "gzip, br"),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(header(answer, "Content-Encoding")).isEqualTo("gzip");
        HttpResponse<String> plain = server.get(LIST);
        assertThat(header(plain, "Content-Encoding")).isEmpty();
        assertThat(header(answer, "ETag")).isEqualTo(header(plain, "ETag"));
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(plain.body());
        }
        assertThat(header(server.get(ONE + "?pick=id", "Accept-Encoding", "gzip"), "Content-Encoding"))
                .isEmpty();
    }

    @Test
    void pagesOfOtherOriginsLearnWhatTheyMaySendAndRead() throws Exception {
        HttpResponse<String> before = server.send(
                "OPTIONS",
                LIST,
                BodyPublishers.noBody(),
                "Origin",
                "https://app.example",
                "Access-Control-Request-Method",
                "GET");
        assertThat(before.statusCode()).isEqualTo(204);
        assertThat(header(before, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(header(before, "Access-Control-Allow-Headers")).contains("If-None-Match", "NGSILD-Tenant", "Link");
        assertThat(header(server.get(LIST, "Origin", "https://app.example"), "Access-Control-Expose-Headers"))
                .contains("ETag", "NGSILD-Results-Count", "Link", "RateLimit", "Retry-After");
        HttpResponse<String> live = server.send(
                "OPTIONS",
                "/live",
                BodyPublishers.noBody(),
                "Origin",
                "https://app.example",
                "Access-Control-Request-Method",
                "GET");
        assertThat(header(live, "Access-Control-Allow-Headers").toLowerCase(java.util.Locale.ROOT))
                .contains("last-event-id");
    }

    @Test
    void clientsWithoutAKeyMayAskOnlySoOften() throws Exception {
        try (OpenServer limited =
                OpenServer.start(SETTINGS + "http: { rateLimit: { requests: 3, window: 1h, proxies: 1 } }")) {
            for (int left = 2; left >= 0; left--) {
                HttpResponse<String> answer = limited.get(LIST);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(header(answer, "RateLimit-Policy")).isEqualTo("\"client\";q=3;w=3600");
                assertThat(header(answer, "RateLimit")).startsWith("\"client\";r=" + left + ";t=");
            }
            HttpResponse<String> refused = limited.get("/ogc", "Origin", "https://app.example");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(1100, 1200);
            assertThat(header(refused, "Content-Type")).isEqualTo("application/problem+json");
            assertThat(header(refused, "Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(limited.get(LIST, "X-API-Key", "made up").statusCode()).isEqualTo(429);
            assertThat(limited.get(LIST, KEY).statusCode()).isEqualTo(200);
            assertThat(limited.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(limited.get(LIST, "X-Forwarded-For", "192.0.2.1").statusCode())
                    .isEqualTo(200);
            for (int i = 0; i < 3; i++) {
                // What the client itself put into the header is before what the proxy added.
                limited.get(LIST, "X-Forwarded-For", "203.0.113." + i + ", 2001:db8:1:2::" + i);
            }
            assertThat(limited.get(LIST, "X-Forwarded-For", "2001:db8:1:2:ffff::1")
                            .statusCode())
                    .isEqualTo(429);
        }
    }
}
