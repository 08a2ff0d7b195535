package de.freiraum.catalog.web;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalogue as people and search engines meet it. */
class PagesTest {
    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
    private static final String DATASET = "/datasets/alpha-parkingspot";
    private static final Pattern MACHINE_READABLE =
            Pattern.compile("<script type=\"application/ld\\+json\">(.*?)</script>", Pattern.DOTALL);

    private static PublishedServer server;

    @BeforeAll
    static void publish() {
        server = new PublishedServer(
                "{ refresh: 0s, cities: [{ tenant: alpha, name: \"Alpha & Co\" }] }", InstantSource.fixed(NOW));
        server.spot("alpha", "urn:ngsi-ld:ParkingSpot:1", "<script>alert(1)</script>", "free", NOW);
        server.spot("alpha", "urn:ngsi-ld:ParkingSpot:2", "Zwei", "occupied", NOW.minus(Duration.ofHours(27)));
        server.create(
                "alpha",
                "urn:ngsi-ld:ParkingSpot:3",
                PublishedServer.PARKING_SPOT,
                Map.of(PublishedServer.NAME, List.of(PublishedServer.property("Drei", null))));
        server.spot("geschlossen", "urn:ngsi-ld:ParkingSpot:4", "Geheim", "free", NOW);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void theCatalogueListsEveryOpenDatasetForPeople() {
        HttpResponse<String> page = page("/catalog");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.body())
                .contains("href=\"" + DATASET + "\"", "<h2>Alpha &amp; Co</h2>")
                .doesNotContain("geschlossen");
    }

    @ParameterizedTest
    @CsvSource({"de, Lizenz, Datenkatalog", "en, Licence, Data catalogue"})
    void aDatasetIsExplainedInTheLanguageAskedFor(String language, String licence, String catalogue) {
        String page = page(DATASET + "?lang=" + language).body();
        assertThat(page).contains("<html lang=\"" + language + "\">", "<dt>" + licence, catalogue);
    }

    @Test
    void theLanguageOfTheBrowserCounts() {
        assertThat(server.get(DATASET, "Accept", "text/html", "Accept-Language", "en-GB,en;q=0.9")
                        .body())
                .contains("<html lang=\"en\">");
    }

    @Test
    void qualityIsToldAsItIs() {
        String page = page(DATASET + "?lang=en").body();
        // One of two sensors has told nothing for more than a day, and one bay has no sensor and no place.
        assertThat(page).contains("1 of 2. 1 without a recent value");
        assertThat(page).contains("status (66 %)").contains("lat (66 %)").doesNotContain("name (");
    }

    @Test
    void thePreviewShowsTheFirstRowsOfTheTable() {
        String page = page(DATASET).body();
        assertThat(page).contains("<td>urn:ngsi-ld:ParkingSpot:1</td>", "<td>occupied</td>");
    }

    @Test
    void whatTheDataSaysIsTextAndNoMarkup() {
        String page = page(DATASET).body();
        assertThat(page).contains("&lt;script&gt;alert(1)&lt;/script&gt;").doesNotContain("<script>alert");
    }

    @Test
    void searchEnginesReadADatasetWithItsFiles() {
        Matcher found = MACHINE_READABLE.matcher(page(DATASET).body());
        assertThat(found.find()).isTrue();
        Map<String, Value> dataset =
                ((Value.Obj) JsonReader.read(found.group(1).getBytes(StandardCharsets.UTF_8))).members();
        assertThat(dataset.get("@type")).isEqualTo(Value.of("Dataset"));
        assertThat(dataset)
                .containsKeys("name", "description", "license", "creator", "spatialCoverage", "temporalCoverage");
        assertThat(((Value.Text) Objects.requireNonNull(dataset.get("description"))).text())
                .hasSizeBetween(50, 5000);
        assertThat(((Value.Array) Objects.requireNonNull(dataset.get("distribution"))).items())
                .hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void aPageRunsNothingAndLoadsNothingFromElsewhere() {
        HttpResponse<String> page = page(DATASET);
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy ->
                        assertThat(policy).contains("default-src 'none'").doesNotContain("script-src"));
        assertThat(page.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(page.headers().firstValue("Vary"))
                .hasValueSatisfying(vary -> assertThat(vary).contains("Accept-Language"));
    }

    @Test
    void theSitemapNamesEveryPage() {
        HttpResponse<String> sitemap = server.get("/sitemap.xml");
        assertThat(sitemap.headers().firstValue("Content-Type")).contains("application/xml; charset=utf-8");
        assertThat(sitemap.body()).contains(DATASET + "</loc><lastmod>").doesNotContain("geschlossen");
        assertThat(server.get("/robots.txt").body()).contains("Sitemap: ").contains("/sitemap.xml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/datasets/nothing",
                "/datasets/geschlossen-parkingspot",
                "/datasets/alpha-parkingspot/history/2020-01"
            })
    void thereIsNoPageOfWhatIsNotPublished(String path) {
        assertThat(page(path).statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> page(String path) {
        return server.get(path, "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    }
}
