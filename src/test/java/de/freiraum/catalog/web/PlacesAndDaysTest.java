package de.freiraum.catalog.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.freiraum.catalog.dcat.Shapes.Rules;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.NgsiLd;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datasets of single places, what is told of the last days, and what is told of files that stay as they are. */
class PlacesAndDaysTest {
    private static final String SITE_TYPE = "https://smartdatamodels.org/dataModel.Parking/OffStreetParking";
    private static final String SITE = "https://smartdatamodels.org/dataModel.Parking/refParkingSite";
    private static final String MARKET = "urn:ngsi-ld:OffStreetParking:stadt:Am-Markt";
    private static final String STATION = "urn:ngsi-ld:OffStreetParking:stadt:bahnhof";
    private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
    private static final Pattern PLACE = Pattern.compile("/datasets/(stadt-parkingspot-am_markt_[0-9a-f]{6})\"");

    private PublishedServer server =
            new PublishedServer("{ refresh: 0s, contributorId: openNRW }", InstantSource.fixed(NOW));

    @AfterEach
    void close() {
        server.close();
    }

    private void reopen(String settings) {
        server.close();
        server = new PublishedServer(settings, InstantSource.fixed(NOW));
    }

    private void spot(String number, String site) {
        server.create(
                "stadt",
                "urn:ngsi-ld:ParkingSpot:stadt:" + number,
                PublishedServer.PARKING_SPOT,
                Map.of(
                        PublishedServer.STATUS,
                        List.of(PublishedServer.property("free", NOW)),
                        SITE,
                        List.of(new Attribute.Relationship(List.of(site), AttributeMeta.NONE))));
    }

    /** Two spots at the market, one at the station. */
    private void twoPlaces() {
        server.create(
                "stadt",
                MARKET,
                SITE_TYPE,
                Map.of(PublishedServer.NAME, List.of(PublishedServer.property("Am Markt & Rathaus", null))));
        spot("1", MARKET);
        spot("2", MARKET);
        spot("3", STATION);
    }

    private void observed(String number, String... times) {
        for (String time : times) {
            server.observed(
                    "stadt",
                    "urn:ngsi-ld:ParkingSpot:stadt:" + number,
                    PublishedServer.STATUS,
                    List.of(PublishedServer.property("occupied", Instant.parse(time))));
        }
    }

    private String place() {
        Matcher found = PLACE.matcher(page("/datasets/stadt-parkingspot").body());
        assertThat(found.find()).isTrue();
        return "/datasets/" + found.group(1);
    }

    private HttpResponse<String> page(String path) {
        return server.get(path, "Accept", "text/html", "Accept-Language", "en");
    }

    @Test
    void eachPlaceHasADatasetOfItsOwnWithItsFiles() {
        twoPlaces();
        observed("1", "2026-09-03T08:00:00Z");
        observed("3", "2026-09-04T08:00:00Z");

        String place = place();

        assertThat(server.get(place + ".csv").body().lines())
                .hasSize(3)
                .noneMatch(line -> line.startsWith("urn:ngsi-ld:ParkingSpot:stadt:3"));
        assertThat(server.get(place + "/history/2026-09.csv").body().lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("urn:ngsi-ld:ParkingSpot:stadt:1,2026-09-03"));
        assertThat(server.get(place + ".geojson").body()).contains("stadt:2").doesNotContain("ParkingSpot:stadt:3");
        assertThat(page(place).body())
                .contains("Am Markt &amp; Rathaus", "href=\"/datasets/stadt-parkingspot\"", "&amp;q=https");
    }

    @Test
    void monthsWithoutAnObservationAreNoDatasets() {
        twoPlaces();
        observed("1", "2026-05-03T08:00:00Z", "2026-09-03T08:00:00Z");
        observed("3", "2026-06-04T08:00:00Z", "2026-08-04T08:00:00Z");

        String place = place();

        assertThat(months("/datasets/stadt-parkingspot"))
                .containsExactlyInAnyOrder("2026-05", "2026-06", "2026-08", "2026-09", "2026-11");
        assertThat(months(place)).containsExactlyInAnyOrder("2026-05", "2026-09", "2026-11");
        assertThat(server.get(place + "/history/2026-06.csv").body().lines()).hasSize(1);
        observed("1", "2026-06-05T08:00:00Z");
        assertThat(months(place)).containsExactlyInAnyOrder("2026-05", "2026-06", "2026-09", "2026-11");
    }

    private Set<String> months(String dataset) {
        return Pattern.compile(dataset + "/history/([0-9-]+)>")
                .matcher(server.get(dataset + ".ttl").body())
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    void theCatalogueHasThePlacesAndStaysValid() {
        twoPlaces();
        observed("1", "2026-09-03T08:00:00Z");

        String catalogue = server.get("/catalog.ttl").body();

        assertThat(catalogue)
                .contains("dcterms:isPartOf <https://daten.example.org/datasets/stadt-parkingspot>")
                .contains("Parking spots with occupancy, Am Markt & Rathaus, stadt")
                .contains("/datasets/stadt-parkingspot-bahnhof_");
        for (Rules rules : Rules.values()) {
            assertThat(rules.findings(catalogue.getBytes(StandardCharsets.UTF_8), "text/turtle", false))
                    .as(rules.name())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ refresh: 0s, groups: 0 }",
                "{ refresh: 0s, groups: 1 }",
                "{ refresh: 0s, datasets: [{ type: ParkingSpot, groupBy: none }] }",
                "{ refresh: 0s, hiddenAttributes: [refParkingSite] }"
            })
    void placesCanBeLeftOut(String settings) {
        reopen(settings);
        twoPlaces();

        assertThat(server.get("/catalog.ttl").body())
                .contains("/datasets/stadt-parkingspot>")
                .doesNotContain("stadt-parkingspot-");
    }

    @Test
    void onePlaceAloneIsTheWhole() {
        spot("1", MARKET);

        assertThat(server.get("/catalog.ttl").body()).doesNotContain("stadt-parkingspot-");
    }

    @Test
    void thePageSaysOnWhichDaysSensorsHadValuesAndWhereTheGapsAre() {
        twoPlaces();
        observed("1", "2026-11-20T08:00:00Z", "2026-11-21T08:00:00Z", "2026-11-24T08:00:00Z");
        observed("2", "2026-11-20T09:00:00Z");
        observed("3", "2026-11-20T10:00:00Z", "2026-11-22T10:00:00Z");

        String all = page("/datasets/stadt-parkingspot").body();
        String market = page(place()).body();

        assertThat(all).contains("Days without any value: 23 Nov 2026<").contains("<td>3 of 3</td>");
        assertThat(market)
                .contains("Days without any value: 22 Nov 2026, 23 Nov 2026<")
                .contains("<td>2 of 2</td>", "<td>0 of 2</td>");
    }

    @Test
    void daysWithoutGapsAreSaidToHaveNone() {
        spot("1", MARKET);
        observed("1", "2026-11-23T08:00:00Z", "2026-11-24T08:00:00Z");

        assertThat(page("/datasets/stadt-parkingspot").body()).contains("None; days looked at: 2<");
    }

    @Test
    void filesOfMonthsThatAreOverHaveTheirChecksumInTheCatalogue() throws NoSuchAlgorithmException {
        spot("1", MARKET);
        observed("1", "2026-09-03T08:00:00Z");
        server.get("/catalog.ttl");

        byte[] file =
                server.bytes("/datasets/stadt-parkingspot/history/2026-09.csv").body();
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(server.get("/catalog.ttl").body())
                        .contains("spdx:checksumValue \"" + sum + "\"^^xsd:hexBinary")
                        .contains("dcat:byteSize \"" + file.length + "\"^^xsd:nonNegativeInteger"));
        String catalogue = server.get("/catalog.ttl").body();
        assertThat(catalogue.split("spdx:checksumValue", -1)).hasSizeGreaterThan(3);
    }

    @Test
    void aCheckedFileIsAskedForInPartsByItsName() {
        spot("1", MARKET);
        observed("1", "2026-09-03T08:00:00Z");

        HttpResponse<String> part = server.get("/datasets/stadt-parkingspot/history/2026-09.csv", "Range", "bytes=0-1");

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("id");
    }

    @Test
    void aRunningMonthHasNoChecksum() {
        spot("1", MARKET);

        server.get("/datasets/stadt-parkingspot/history/2026-11.csv");

        assertThat(server.get("/catalog.ttl").body()).doesNotContain("spdx:checksumValue");
    }

    @Test
    void anEntityOfTwoPlacesBelongsToNone() {
        twoPlaces();
        server.create(
                "stadt",
                "urn:ngsi-ld:ParkingSpot:stadt:4",
                PublishedServer.PARKING_SPOT,
                Map.of(
                        NgsiLd.NAMESPACE + "status",
                        List.of(PublishedServer.property("free", NOW)),
                        SITE,
                        List.of(new Attribute.Relationship(List.of(MARKET, STATION), AttributeMeta.NONE))));

        assertThat(page(place()).body()).contains("<dd>2</dd>");
    }
}
