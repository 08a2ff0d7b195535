package de.freiraum.catalog.web;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.catalog.Catalogues;
import de.freiraum.catalog.dcat.Shapes;
import de.freiraum.catalog.dcat.Shapes.Rules;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.jena.graph.Graph;
import org.apache.jena.graph.Node;
import org.apache.jena.graph.NodeFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalogue as portals fetch it. */
class CatalogRoutesTest {
    private static final Node DATASET = NodeFactory.createURI("http://www.w3.org/ns/dcat#dataset");
    private static final Node NEXT = NodeFactory.createURI("http://www.w3.org/ns/hydra/core#nextPage");
    private static final Instant SEPTEMBER = Instant.parse("2026-09-30T10:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

    private static PublishedServer server;

    @BeforeAll
    static void publish() {
        server = new PublishedServer("""
                refresh: 0s
                pageSize: 2
                contributorId: openNRW
                cities: [{ tenant: alpha, name: Alpha, municipalityKey: "05978028" }]
                datasets: [{ type: "https://example.org/Unwanted", publish: false }]
                """, InstantSource.fixed(NOW));
        for (String tenant : List.of("alpha", "beta", "geschlossen")) {
            server.spot(tenant, "urn:ngsi-ld:ParkingSpot:" + tenant, "Platz", "free", NOW);
            server.observed(
                    tenant,
                    "urn:ngsi-ld:ParkingSpot:" + tenant,
                    PublishedServer.STATUS,
                    List.of(PublishedServer.property("occupied", SEPTEMBER)));
            server.create(tenant, "urn:ngsi-ld:Device:" + tenant, PublishedServer.DEVICE, Map.of());
            server.create(tenant, "urn:x:unwanted:" + tenant, "https://example.org/Unwanted", Map.of());
        }
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                                                                       | text/turtle",
                "*/*                                                                     | text/turtle",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8         | text/html",
                "text/turtle                                                             | text/turtle",
                "application/rdf+xml                                                     | application/rdf+xml",
                "application/ld+json                                                     | application/ld+json",
                "application/*                                                           | application/rdf+xml",
                "text/turtle;q=0.5, application/ld+json                                  | application/ld+json",
                "text/turtle;q=0, */*                                                    | application/rdf+xml",
                "application/rdf+xml;q=0.9, application/ld+json;q=0.1, text/n3           | application/rdf+xml",
            })
    void theAcceptHeaderChooses(String accept, String expected) {
        HttpResponse<String> answer =
                accept == null ? server.get("/catalog") : server.get("/catalog", "Accept", accept);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(mediaType(answer)).isEqualTo(expected);
        assertThat(answer.headers().firstValue("Vary"))
                .hasValueSatisfying(vary -> assertThat(vary).contains("Accept", "Accept-Encoding"));
    }

    @ParameterizedTest
    @CsvSource({"ttl,text/turtle", "rdf,application/rdf+xml", "jsonld,application/ld+json"})
    void theSuffixChoosesWhateverIsAccepted(String suffix, String expected) {
        HttpResponse<String> answer = server.get("/catalog." + suffix, "Accept", "image/png");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(mediaType(answer)).isEqualTo(expected);
        assertThat(answer.body()).contains(Catalogues.BASE + "/catalog." + suffix + "?page=2");
    }

    @Test
    void whatThereIsNotIsNotAcceptable() {
        HttpResponse<String> answer = server.get("/catalog", "Accept", "application/pdf");
        assertThat(answer.statusCode()).isEqualTo(406);
        assertThat(answer.body()).contains("text/turtle", "application/ld+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/catalog", "/catalog.ttl", "/catalog.rdf", "/catalog.jsonld", "/catalog?page=2"})
    void headIsGetWithoutABody(String path) {
        HttpResponse<String> get = server.get(path);
        HttpResponse<String> head = server.head(path);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        for (String name : List.of("Content-Type", "Content-Length", "ETag", "Cache-Control", "Vary")) {
            assertThat(head.headers().firstValue(name))
                    .as(name)
                    .isPresent()
                    .isEqualTo(get.headers().firstValue(name));
        }
    }

    @Test
    void everyPageIsValidAndTheLinksLeadThroughAllOfThem() {
        for (String suffix : List.of("", ".ttl", ".rdf", ".jsonld")) {
            Set<String> datasets = new HashSet<>();
            String next = "/catalog" + suffix;
            int pages = 0;
            while (next != null) {
                HttpResponse<byte[]> answer = server.bytes(next);
                for (Rules rules : Rules.values()) {
                    assertThat(rules.findings(answer.body(), mediaType(answer), false))
                            .as("%s by %s", next, rules)
                            .isEmpty();
                }
                Graph page = Shapes.parse(answer.body(), mediaType(answer));
                page.find(Node.ANY, DATASET, Node.ANY)
                        .forEachRemaining(t ->
                                assertThat(datasets.add(t.getObject().getURI())).isTrue());
                next = page.find(Node.ANY, NEXT, Node.ANY)
                        .nextOptional()
                        .map(t -> t.getObject().getURI().substring(Catalogues.BASE.length()))
                        .orElse(null);
                pages++;
            }
            // two cities, the current state, September and November
            assertThat(datasets).hasSize(6);
            assertThat(pages).isEqualTo(3);
        }
    }

    @Test
    void privateTypesClosedTenantsAndWhatIsNotToBePublishedAreNotThere() {
        for (int page = 1; page <= 4; page++) {
            assertThat(server.get("/catalog?page=" + page).body())
                    .doesNotContainIgnoringCase("device")
                    .doesNotContainIgnoringCase("geschlossen")
                    .doesNotContainIgnoringCase("unwanted");
        }
    }

    @ParameterizedTest
    @CsvSource({"0,400", "-1,400", "x,400", "5,404", "99999999999,400"})
    void onlyPagesThatExistAreShown(String page, int status) {
        assertThat(server.get("/catalog?page=" + page).statusCode()).isEqualTo(status);
    }

    @Test
    void whoeverHasThePageIsToldSo() {
        String etag = server.get("/catalog").headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> again = server.get("/catalog", "If-None-Match", "\"other\", " + etag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(server.get("/catalog", "If-None-Match", "\"other\"").statusCode())
                .isEqualTo(200);
        assertThat(server.get("/catalog.rdf").headers().firstValue("ETag")).isNotEqualTo(etag);
    }

    @Test
    void compressedItIsTheSame() throws IOException {
        HttpResponse<byte[]> plain = server.bytes("/catalog");
        HttpResponse<byte[]> compressed = server.bytes("/catalog", "Accept-Encoding", "br, gzip");
        assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(compressed.headers().firstValue("ETag"))
                .isNotEqualTo(plain.headers().firstValue("ETag"));
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
            assertThat(gzip.readAllBytes()).isEqualTo(plain.body());
        }
        assertThat(server.bytes("/catalog", "Accept-Encoding", "gzip;q=0")
                        .headers()
                        .firstValue("Content-Encoding"))
                .isEmpty();
    }

    @Test
    void pagesOfOtherOriginsMayReadIt() {
        assertThat(server.get("/catalog", "Origin", "https://example.com")
                        .headers()
                        .firstValue("Access-Control-Allow-Origin"))
                .contains("*");
    }

    @Test
    void aDatasetsAddressDescribesIt() {
        HttpResponse<byte[]> answer = server.bytes("/datasets/alpha-parkingspot");
        assertThat(mediaType(answer)).isEqualTo("text/turtle");
        assertThat(Rules.DCAT_AP_DE_3_0.findings(answer.body(), mediaType(answer), false))
                .isEmpty();
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains(
                        "municipalityKey/05978028",
                        "/datasets/alpha-parkingspot/history/2026-09>",
                        "/datasets/alpha-parkingspot/history/2026-11>")
                .doesNotContain("beta-parkingspot");
        assertThat(server.get("/datasets/alpha-parkingspot/history").statusCode())
                .isEqualTo(200);
        assertThat(server.get("/datasets/alpha-parkingspot/history/2026-10").statusCode())
                .isEqualTo(200);
        assertThat(server.get("/datasets/alpha-parkingspot/history/2026-08").statusCode())
                .isEqualTo(404);
    }

    private static String mediaType(HttpResponse<?> answer) {
        return answer.headers().firstValue("Content-Type").orElse("").split(";")[0];
    }
}
