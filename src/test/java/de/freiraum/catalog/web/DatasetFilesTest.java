package de.freiraum.catalog.web;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.json.JsonReader;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Value;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the current state and of the past. */
class DatasetFilesTest {
    private static final String SPOT = "urn:ngsi-ld:ParkingSpot:stadt:";
    private static final String DATASET = "/datasets/stadt-parkingspot";
    private static final String HEADER =
            "id,observedAt,name,status,category,refParkingSite,refParkingGroup,lat,lon\r\n";
    private static final String REF_DEVICE = "https://smartdatamodels.org/dataModel.Parking/refDevice";
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-25T10:00:00Z"));
    private final InstantSource clock = now::get;
    private final PublishedServer server = new PublishedServer("refresh: 0s", clock);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aTableHasOneRowForEachEntity() {
        server.spot("stadt", SPOT + 1, "Am Markt, \"oben\"", "free", NOON);
        server.spot("stadt", SPOT + 2, "Straße\n2", "occupied", null);
        HttpResponse<String> answer = server.get(DATASET + ".csv");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/csv; charset=utf-8; header=present");
        assertThat(answer.body())
                .isEqualTo(HEADER
                        + "urn:ngsi-ld:ParkingSpot:stadt:1,2026-11-20T12:00:00Z,\"Am Markt, \"\"oben\"\"\",free,,,,51.44,7.56\r\n"
                        + "urn:ngsi-ld:ParkingSpot:stadt:2,,\"Straße\n2\",occupied,,,,51.44,7.56\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+49", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"})
    void noTextIsAFormula(String text) {
        server.spot("stadt", SPOT + 1, text, "free", NOON);
        assertThat(server.get(DATASET + ".csv").body()).contains("'" + text).doesNotContain("," + text);
    }

    @Test
    void numbersStayNumbersAndListsAreJoined() {
        server.create(
                "stadt",
                SPOT + 1,
                PublishedServer.PARKING_SPOT,
                Map.of(
                        "https://smartdatamodels.org/dataModel.Parking/category",
                        List.of(new Attribute.Property(
                                Value.ofTexts(List.of("onStreet", "forDisabled")), AttributeMeta.NONE)),
                        "https://smartdatamodels.org/dataModel.Parking/width",
                        List.of(new Attribute.Property(Value.of(-2.5), AttributeMeta.NONE)),
                        "https://smartdatamodels.org/address",
                        List.of(new Attribute.Property(
                                new Value.Obj(Map.of("https://smartdatamodels.org/streetAddress", Value.of("Markt 1"))),
                                AttributeMeta.NONE))));
        assertThat(server.get(DATASET + ".csv").body())
                .isEqualTo("id,observedAt,name,status,category,refParkingSite,refParkingGroup,address,width\r\n" + SPOT
                        + "1,,,,onStreet|forDisabled,,,\"{\"\"streetAddress\"\":\"\"Markt 1\"\"}\",-2.5\r\n");
    }

    @Test
    void allFormatsHaveEveryEntityAndNoHiddenAttribute() {
        for (int i = 0; i < 250; i++) {
            String id = SPOT + String.format("%03d", i);
            server.create(
                    "stadt",
                    id,
                    PublishedServer.PARKING_SPOT,
                    Map.of(
                            PublishedServer.NAME,
                            List.of(PublishedServer.property("Platz " + i, null)),
                            REF_DEVICE,
                            List.of(new Attribute.Relationship(
                                    List.of("urn:ngsi-ld:Device:" + i), AttributeMeta.NONE))));
        }
        Value features = JsonReader.read(server.bytes(DATASET + ".geojson").body());
        assertThat(features(features)).hasSize(250);
        Value entities = JsonReader.read(server.bytes(DATASET + ".jsonld").body());
        assertThat(((Value.Array) entities).items()).hasSize(250).allSatisfy(entity -> assertThat(
                        ((Value.Obj) entity).members())
                .containsKeys("id", "type", "@context", "name"));
        assertThat(server.get(DATASET + ".ndjson").body().lines().map(DatasetFilesTest::object))
                .hasSize(250);
        assertThat(server.get(DATASET + ".csv").body().lines()).hasSize(251);
        for (String suffix : List.of("csv", "geojson", "ndjson", "jsonld")) {
            assertThat(server.get(DATASET + "." + suffix).body())
                    .doesNotContain("Device")
                    .doesNotContain("refDevice");
        }
    }

    private static Value.Obj object(String line) {
        return (Value.Obj) JsonReader.read(line.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void thePastHasOneRowForEachTimeInOrderHoweverManyThereAre() {
        server.spot("stadt", SPOT + 1, "Eins", "free", NOON.plusSeconds(3000));
        server.spot("stadt", SPOT + 2, "Zwei", "free", NOON);
        List<Attribute> many = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            many.add(PublishedServer.property(i % 2 == 0 ? "free" : "occupied", NOON.plusSeconds(i)));
        }
        server.observed("stadt", SPOT + 1, PublishedServer.STATUS, many);

        List<String> rows =
                server.get(DATASET + "/history/2026-11.csv").body().lines().toList();
        assertThat(rows).hasSize(1 + 1501 + 1);
        assertThat(rows.get(1)).startsWith(SPOT + "1,2026-11-20T12:00:00Z,Eins,free,");
        assertThat(rows.get(2)).startsWith(SPOT + "1,2026-11-20T12:00:01Z,Eins,occupied,");
        assertThat(rows.subList(1, rows.size())).isSorted().doesNotHaveDuplicates();
        assertThat(server.get(DATASET + "/history/2026-11-20.ndjson").body().lines())
                .hasSize(1502);
        Value features = JsonReader.read(
                server.bytes(DATASET + "/history/2026-11-20.geojson").body());
        assertThat(features(features)).hasSize(1502);
    }

    @Test
    void monthsAndDaysAreThoseOfTheCity() {
        Instant lastInOctober = Instant.parse("2026-10-31T22:59:59Z");
        Instant firstInNovember = Instant.parse("2026-10-31T23:00:00Z");
        server.spot("stadt", SPOT + 1, "Eins", "free", firstInNovember);
        server.observed(
                "stadt",
                SPOT + 1,
                PublishedServer.STATUS,
                List.of(PublishedServer.property("occupied", lastInOctober)));
        assertThat(server.get(DATASET + "/history/2026-10.csv").body())
                .contains("22:59:59Z")
                .doesNotContain("23:00:00Z");
        assertThat(server.get(DATASET + "/history/2026-11.csv").body())
                .contains("23:00:00Z")
                .doesNotContain("22:59:59Z");
        assertThat(server.get(DATASET + "/history/2026-11-01.csv").body()).contains("23:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/datasets/stadt-nothing.csv",
                "/datasets/stadt-parkingspot.xlsx",
                "/datasets/stadt-device.csv",
                "/datasets/geschlossen-parkingspot.csv",
                DATASET + "/history/2026-13.csv",
                DATASET + "/history/2026-02-30.csv",
                DATASET + "/history/2026.csv",
                DATASET + "/history/2019-01.csv",
                DATASET + "/history/2026-11.jsonld",
                DATASET + "/history/2026-11.xml",
                "/datasets/%00.csv",
                "/datasets/..%2f..%2fetc.csv"
            })
    void whatIsNotPublishedIsNotThere(String path) {
        server.spot("stadt", SPOT + 1, "Eins", "free", NOON);
        server.spot("geschlossen", SPOT + 1, "Eins", "free", NOON);
        server.create("stadt", "urn:ngsi-ld:Device:1", PublishedServer.DEVICE, Map.of());
        assertThat(server.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void anEntityThatIsAlsoOfAPrivateTypeIsInNoFile() {
        server.spot("stadt", SPOT + 1, "Eins", "free", NOON);
        server.create("stadt", SPOT + "2", PublishedServer.DEVICE, Map.of());
        PublishedServer.done(server.entities()
                .appendAttributes(
                        de.freiraum.broker.Caller.system(new de.freiraum.model.Tenant("stadt")),
                        de.freiraum.broker.Target.of(SPOT + "2"),
                        new de.freiraum.model.EntityFragment(
                                null,
                                List.of(PublishedServer.PARKING_SPOT),
                                null,
                                Map.of(PublishedServer.STATUS, List.of(PublishedServer.property("free", NOON))),
                                null,
                                java.util.Set.of()),
                        de.freiraum.broker.EntityOperations.Existing.OVERWRITTEN));
        assertThat(server.get(DATASET + ".csv").body()).doesNotContain(SPOT + "2");
        assertThat(server.get(DATASET + "/history/2026-11.csv").body()).doesNotContain(SPOT + "2");
    }

    @ParameterizedTest
    @CsvSource({
        "'', <https://daten.example.org/datasets/stadt-parkingspot>; rel=\"canonical\"",
        "'', stadt-parkingspot.ttl>; rel=\"alternate\"; type=\"text/turtle\"",
        "'', https://www.govdata.de/dl-de/by-2-0>; rel=\"license\"",
        "'.csv', <https://daten.example.org/datasets/stadt-parkingspot>; rel=\"describedby\"",
        "'/history/2026-11-20.csv', https://www.govdata.de/dl-de/by-2-0>; rel=\"license\""
    })
    void linksLeadToWhatDescribesAFileAndToItsLicence(String suffix, String link) {
        server.spot("stadt", SPOT + 1, "Eins", "free", NOON);
        assertThat(server.get(DATASET + suffix).headers().firstValue("Link"))
                .hasValueSatisfying(links -> assertThat(links).contains(link));
    }

    @Test
    void whatIsNewIsThereAtOnceForWhoAsksForIt() {
        try (PublishedServer lazy = new PublishedServer("refresh: 1h", clock)) {
            assertThat(lazy.get("/catalog").body()).doesNotContain("parkingspot");
            assertThat(lazy.get(DATASET + ".csv").statusCode()).isEqualTo(404);
            lazy.spot("stadt", SPOT + 1, "Eins", "free", NOON);
            assertThat(lazy.get(DATASET + ".csv").body()).contains("Eins");
            assertThat(lazy.get("/catalog").body()).contains("parkingspot");
        }
    }

    @Test
    void aVersionLastsUntilSomethingChanges() {
        server.spot("stadt", SPOT + 1, "Eins", "free", NOON);
        HttpResponse<String> first = server.get(DATASET + ".csv");
        String etag = first.headers().firstValue("ETag").orElseThrow();
        String modified = first.headers().firstValue("Last-Modified").orElseThrow();
        assertThat(modified).isEqualTo("Wed, 25 Nov 2026 10:00:00 GMT");
        assertThat(server.get(DATASET + ".csv", "If-None-Match", etag).statusCode())
                .isEqualTo(304);
        assertThat(server.get(DATASET + ".csv", "If-Modified-Since", modified).statusCode())
                .isEqualTo(304);
        assertThat(server.get(DATASET + ".csv", "If-None-Match", "\"other\"", "If-Modified-Since", modified)
                        .statusCode())
                .isEqualTo(200);

        now.set(Instant.parse("2026-11-25T10:00:05Z"));
        server.spot("stadt", SPOT + 2, "Zwei", "free", NOON);
        assertThat(server.get(DATASET + ".csv", "If-None-Match", etag).statusCode())
                .isEqualTo(200);
        assertThat(server.get(DATASET + ".csv", "If-Modified-Since", modified).statusCode())
                .isEqualTo(200);
        etag = server.get(DATASET + ".csv").headers().firstValue("ETag").orElseThrow();
        server.delete("stadt", SPOT + 2);
        assertThat(server.get(DATASET + ".csv", "If-None-Match", etag).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "'.csv', 'public, max-age=15, stale-while-revalidate=60'",
        "'/history/2026-11.csv', 'public, max-age=60'",
        "'/history/2026-11-20.csv', 'public, max-age=86400'",
        "'/history/2026-11-24.csv', 'public, max-age=60'"
    })
    void cachesKeepLongerWhatIsOver(String file, String expected) {
        server.spot("stadt", SPOT + 1, "Eins", "free", NOON);
        server.spot("stadt", SPOT + 2, "Zwei", "free", Objects.requireNonNull(now.get()));
        HttpResponse<String> answer = server.head(DATASET + file);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("Cache-Control")).contains(expected);
        assertThat(answer.headers().firstValue("Vary")).contains("Accept-Encoding");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-1, 206, id, bytes 0-1/",
        "bytes=1-0, 200, '', ''",
        "'bytes=0-1,3-4', 200, '', ''",
        "lines=0-1, 200, '', ''",
        "bytes=999999-, 416, '', bytes */",
        "bytes=-0, 416, '', bytes */"
    })
    void partsOfWhatIsOverCanBeAskedFor(String range, int status, String part, String contentRange) {
        server.spot("stadt", SPOT + 1, "Eins", "free", NOON);
        HttpResponse<String> answer =
                server.get(DATASET + "/history/2026-11-20.csv", "Range", range, "Accept-Encoding", "gzip;q=0");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Range").orElse("")).startsWith(contentRange);
        if (status == 206) {
            assertThat(answer.body()).isEqualTo(part);
        }
    }

    @Test
    void whatIsOverHasAStrongTagThatChangesOfThePresentLeaveAlone() throws IOException {
        String file = DATASET + "/history/2026-11-20.csv";
        server.spot("stadt", SPOT + 1, "Eins", "free", NOON);
        HttpResponse<String> whole = server.get(file);
        String etag = whole.headers().firstValue("ETag").orElseThrow();
        assertThat(etag).startsWith("\"");
        assertThat(whole.headers().firstValue("Accept-Ranges")).contains("bytes");
        int length = whole.body().length();
        HttpResponse<String> end = server.get(file, "Range", "bytes=-5", "If-Range", etag);
        assertThat(end.statusCode()).isEqualTo(206);
        assertThat(end.body()).isEqualTo(whole.body().substring(length - 5));
        assertThat(server.get(file, "Range", "bytes=-5", "If-Range", "\"other\"")
                        .body())
                .isEqualTo(whole.body());
        HttpResponse<byte[]> compressed = server.bytes(file, "Accept-Encoding", "gzip");
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
            assertThat(gzip.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo(whole.body());
        }
        now.set(Instant.parse("2026-11-25T12:00:00Z"));
        server.spot("stadt", SPOT + 2, "Zwei", "free", Instant.parse("2026-11-25T11:00:00Z"));
        assertThat(server.get(file, "If-None-Match", etag).statusCode()).isEqualTo(304);
        assertThat(server.head(file).headers().firstValue("Content-Length")).contains(String.valueOf(length));
        server.observed(
                "stadt",
                SPOT + 1,
                PublishedServer.STATUS,
                List.of(PublishedServer.property("occupied", NOON.plusSeconds(60))));
        now.set(Instant.parse("2026-11-25T13:00:01Z"));
        assertThat(server.get(file, "If-None-Match", etag).body()).contains("occupied");
    }

    @ParameterizedTest
    @CsvSource({
        "20, If-Match, '\"other\"', 412",
        "20, If-Match, '\"other\", ETAG', 200",
        "20, If-Match, 'W/ETAG', 412",
        "20, If-Match, *, 200",
        "24, If-Match, ETAG, 412",
        "24, If-Match, *, 200",
        "20, If-Unmodified-Since, 'Tue, 24 Nov 2026 10:00:00 GMT', 412",
        "20, If-Unmodified-Since, 'Wed, 25 Nov 2026 10:00:00 GMT', 200",
        "20, If-Unmodified-Since, nonsense, 200",
        "20, If-None-Match, *, 304",
        "20, If-None-Match, 'W/ETAG', 304",
        "20, If-None-Match, '\"other\", ETAG', 304",
        "20, If-Modified-Since, nonsense, 200",
        "20, If-Modified-Since, 'Wed, 25 Nov 2026 10:00:00 GMT', 304"
    })
    void aRequestIsAnsweredOnItsConditions(int day, String header, String value, int status) {
        server.spot("stadt", SPOT + 1, "Eins", "free", NOON);
        server.spot("stadt", SPOT + 2, "Zwei", "free", Objects.requireNonNull(now.get()));
        String file = DATASET + "/history/2026-11-" + day + ".csv";
        String etag = server.get(file).headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> answer = server.get(file, header, value.replace("ETAG", etag));
        assertThat(answer.statusCode()).isEqualTo(status);
        if (status == 412) {
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(answer.body()).contains("If-Match").doesNotContain("Eins");
        }
    }

    @Test
    void compressedAFileIsTheSame() throws IOException {
        for (int i = 0; i < 300; i++) {
            server.spot("stadt", SPOT + i, "Platz " + i, "free", NOON);
        }
        HttpResponse<byte[]> compressed = server.bytes(DATASET + ".csv", "Accept-Encoding", "gzip");
        assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
            assertThat(gzip.readAllBytes())
                    .isEqualTo(server.bytes(DATASET + ".csv").body());
        }
    }

    @Test
    void anEntityThatIsGoneHasItsPastStill() {
        server.spot("stadt", SPOT + 1, "Eins", "free", NOON);
        server.spot("stadt", SPOT + 2, "Zwei", "free", NOON);
        server.delete("stadt", SPOT + 2);
        assertThat(server.get(DATASET + ".csv").body()).doesNotContain(SPOT + "2");
        assertThat(server.get(DATASET + "/history/2026-11.csv").body()).contains(SPOT + "2,2026-11-20T12:00:00Z");
    }

    private static List<Value> features(Value collection) {
        return ((Value.Array) Objects.requireNonNull(
                        ((Value.Obj) collection).members().get("features")))
                .items();
    }
}
