package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The published data in the forms of OGC API Features, ParkAPI and DATEX II, as a server gives it to a client without a key. */
class FormatsTest {
    private static final String XSI = "http://www.w3.org/2001/XMLSchema-instance";
    private static final String SETTINGS = """
            catalog: { refresh: 0s }
            aggregate: { parking: { silence: 0s } }
            security:
              keys: [{ name: writer, sha256: 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b }]
              closedTenants: [secret]
            """;
    private static final String[] WRITER = {"Content-Type", "application/ld+json", "X-API-Key", "secret"};
    private static final String SPOTS = "/ogc/collections/default-parkingspot/items";

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static OpenServer server;

    @BeforeAll
    static void start() throws Exception {
        server = OpenServer.start(SETTINGS);
        String entities = resource("/formats/parking.jsonld");
        assertThat(server.post("/ngsi-ld/v1/entityOperations/create", entities, WRITER)
                        .statusCode())
                .isEqualTo(201);
        String[] closed = {WRITER[0], WRITER[1], WRITER[2], WRITER[3], "NGSILD-Tenant", "secret"};
        assertThat(server.post("/ngsi-ld/v1/entityOperations/create", entities, closed)
                        .statusCode())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = FormatsTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> texts(JsonNode array, String member) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.path(member).asText()));
        return texts;
    }

    @Test
    void theLandingPageLeadsToWhatTheStandardWants() throws Exception {
        JsonNode page = server.json("/ogc");
        assertThat(texts(page.path("links"), "rel"))
                .contains("self", "service-desc", "service-doc", "conformance", "data");
        for (JsonNode link : page.path("links")) {
            String href = link.path("href").asText();
            if (href.startsWith("http://localhost")) {
                HttpResponse<String> answer = server.get(href.replaceFirst("http://localhost:\\d+", ""));
                assertThat(answer.statusCode()).as(href).isEqualTo(200);
            }
        }
        assertThat(server.json("/ogc/conformance").path("conformsTo").toString())
                .contains("ogcapi-features-1/1.0/conf/core", "ogcapi-features-1/1.0/conf/geojson");
    }

    @Test
    void aCollectionIsADatasetThatAnybodyMayRead() throws Exception {
        JsonNode collections = server.json("/ogc/collections").path("collections");
        assertThat(texts(collections, "id"))
                .containsExactly("default-offstreetparking", "default-onstreetparking", "default-parkingspot");
        JsonNode spots = server.json("/ogc/collections/default-parkingspot");
        assertThat(spots.at("/extent/spatial/bbox/0/2").asDouble()).isBetween(7.56, 7.57);
        assertThat(texts(spots.path("links"), "rel")).contains("self", "items");
        assertThat(server.get("/ogc/collections/secret-parkingspot").statusCode())
                .isEqualTo(404);
        assertThat(server.get("/ogc/collections/default-device/items").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aFeatureHasTheColumnsOfTheDatasetAndNoHiddenAttribute() throws Exception {
        HttpResponse<String> answer = server.get(SPOTS + "/urn:ngsi-ld:ParkingSpot:1");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/geo+json");
        assertThat(answer.body())
                .contains(
                        "\"id\":\"urn:ngsi-ld:ParkingSpot:1\"",
                        "\"observedAt\":\"2026-11-24T10:00:00Z\"",
                        "\"status\":\"free\"",
                        "\"refParkingSite\":\"urn:ngsi-ld:ParkingSite:am-markt\"")
                .doesNotContain("Device");
        assertThat(server.get(SPOTS + "/urn:ngsi-ld:ParkingSpot:4").statusCode())
                .isEqualTo(404);
        assertThat(server.get(SPOTS + "/urn:ngsi-ld:Device:secret").statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                                              | 1 2 3",
                "bbox=7.56,51.44,7.57,51.46                                    | 1 2",
                "bbox=7.56,51.44,0,7.57,51.46,100                              | 1 2",
                "bbox=179,50,-179,52                                           | 3",
                "bbox=7.5674,51.4453,7.5674,51.4453                            | 1",
                "bbox=0,0,1,1                                                  | ",
                "datetime=2026-11-24T10:00:00Z                                 | 1 3",
                "datetime=2026-11-24T12:00:00%2B01:00/..                       | 2 3",
                "datetime=2026-11-24T11:00:00%2B01:00/..                       | 1 2 3",
                "datetime=../2026-11-24T23:00:00Z                              | 1 3",
                "datetime=/2026-11-20T23:00:00Z&bbox=7,51,8,52                 | ",
                "limit=2                                                       | 1 2",
                "limit=2&offset=2                                              | 3",
                "limit=1000000&f=json                                          | 1 2 3"
            })
    void itemsAreThoseAskedFor(String query, String expected) throws Exception {
        JsonNode found = server.json(SPOTS + "?" + (query == null ? "" : query.strip()));
        List<String> ids = texts(found.path("features"), "id").stream()
                .map(id -> id.substring(id.lastIndexOf(':') + 1))
                .toList();
        assertThat(String.join(" ", ids)).isEqualTo(expected == null ? "" : expected);
        assertThat(found.path("numberReturned").asInt()).isEqualTo(ids.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=1", "limit=2&bbox=-180,-90,180,90", "limit=1&datetime=2026-11-24T10:00:00Z"})
    void pagesLeadFromOneToTheNextAndMissNothing(String query) throws Exception {
        List<String> whole = texts(
                server.json(SPOTS + "?" + query.replaceAll("limit=\\d", "limit=100"))
                        .path("features"),
                "id");
        List<String> ids = new ArrayList<>();
        String path = SPOTS + "?" + query;
        for (int pages = 0; path != null && pages < 10; pages++) {
            JsonNode page = server.json(path);
            ids.addAll(texts(page.path("features"), "id"));
            path = null;
            for (JsonNode link : page.path("links")) {
                if (link.path("rel").asText().equals("next")) {
                    path = link.path("href").asText().replaceFirst("http://localhost:\\d+", "");
                }
            }
        }
        assertThat(ids).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bbox=1,2,3",
                "bbox=a,b,c,d",
                "bbox=0,10,0,5",
                "bbox=-181,0,0,0",
                "bbox=NaN,0,0,0",
                "datetime=2026",
                "datetime=../..",
                "datetime=2026-11-24T10:00:00Z/2026-11-23T10:00:00Z",
                "limit=0",
                "limit=-1",
                "limit=ten",
                "offset=-1",
                "limit=1&limit=2",
                "f=html",
                "bbox-crs=EPSG:25832",
                "nonsense=1"
            })
    void whatIsNotUnderstoodIsRefused(String query) throws Exception {
        HttpResponse<String> answer = server.get(SPOTS + "?" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(server.get("/ogc/collections?" + query.replace("f=html", "x"))
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ogc",
                "/ogc/collections",
                SPOTS,
                "/parkapi/v3/parking-sites",
                "/parkapi/v3/sources",
                "/datex2/v3/parking.json"
            })
    void whoHasTheAnswerAlreadyGetsNoOther(String path) throws Exception {
        HttpResponse<String> answer = server.get(path, "Origin", "https://app.example");
        String tag = answer.headers().firstValue("ETag").orElseThrow();
        assertThat(tag).startsWith("W/\"");
        assertThat(answer.headers().firstValue("Cache-Control").orElseThrow()).startsWith("public, max-age=");
        assertThat(answer.headers().allValues("Vary").toString()).contains("Accept-Encoding");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
        HttpResponse<String> again = server.get(path, "If-None-Match", "\"other\", " + tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(server.get(path, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
        HttpResponse<String> head = server.send("HEAD", path, HttpRequest.BodyPublishers.noBody());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("ETag")).hasValue(tag);
    }

    @Test
    void sitesHaveTheirCapacityAndWhatIsFree() throws Exception {
        JsonNode sites = server.json("/parkapi/v3/parking-sites");
        assertThat(sites.path("total_count").asInt()).isEqualTo(2);
        JsonNode carPark = sites.at("/items/0");
        assertThat(carPark.path("type").asText()).isEqualTo("UNDERGROUND");
        assertThat(carPark.path("capacity").asInt()).isEqualTo(40);
        assertThat(carPark.path("max_height").asInt()).isEqualTo(210);
        assertThat(carPark.path("park_and_ride_type").toString()).isEqualTo("[\"YES\"]");
        assertThat(carPark.path("has_realtime_data").asBoolean()).isFalse();
        assertThat(carPark.has("realtime_free_capacity")).isFalse();
        assertThat(carPark.at("/geojson/type").asText()).isEqualTo("Polygon");
        JsonNode street = sites.at("/items/1");
        assertThat(street.path("uid").asText()).isEqualTo("urn:ngsi-ld:OnStreetParking:am-markt");
        assertThat(street.path("realtime_free_capacity").asInt()).isEqualTo(3);
        assertThat(street.path("realtime_data_updated_at").asText()).isEqualTo("2026-11-24T10:00:00Z");
        assertThat(street.path("address").asText()).isEqualTo("Am Markt 1, 58239 Schwerte");
        assertThat(street.path("has_fee").asBoolean()).isFalse();
        assertThat(street.path("lat").asDouble()).isEqualTo(51.4454);
    }

    @Test
    void spotsHaveTheirStateAndForWhomTheyAre() throws Exception {
        JsonNode spots = server.json("/parkapi/v3/parking-spots?source_uid=default");
        assertThat(texts(spots.path("items"), "realtime_status")).containsExactly("AVAILABLE", "TAKEN", "UNKNOWN");
        assertThat(spots.at("/items/0/restricted_to/0/type").asText()).isEqualTo("DISABLED");
        assertThat(spots.at("/items/0/parking_site_uid").asText()).isEqualTo("urn:ngsi-ld:ParkingSite:am-markt");
        assertThat(spots.toString()).doesNotContain("Device");
        assertThat(texts(server.json("/parkapi/v3/sources").path("items"), "uid"))
                .containsExactly("default");
    }

    @Test
    void pagesOfSpotsLeadToTheNext() throws Exception {
        JsonNode first = server.json("/parkapi/v3/parking-spots?limit=2");
        assertThat(first.path("total_count").asInt()).isEqualTo(3);
        JsonNode second = server.json(first.path("next_path").asText());
        assertThat(texts(second.path("items"), "uid")).containsExactly("urn:ngsi-ld:ParkingSpot:3");
        assertThat(second.has("next_path")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"limit=0,400", "start=x,400", "source_uid=secret,404", "source_uid=,404", "radius=5,400"})
    void parkApiRefusesWhatItDoesNotKnow(String query, int status) throws Exception {
        assertThat(server.get("/parkapi/v3/parking-spots?" + query).statusCode())
                .isEqualTo(status);
    }

    @Test
    void theLightPublicationIsOfItsForm() throws Exception {
        JsonNode publication = server.json("/datex2/v3/parking.json");
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(resource("/formats/datex2-light.schema.json"))
                        .validate(publication))
                .isEmpty();
        JsonNode light = publication.path("parkingPublicationLight");
        assertThat(texts(light.path("parkingSite"), "type")).containsExactly("carPark", "onStreet");
        assertThat(light.at("/parkingSite/0/isOpenNow").asBoolean()).isTrue();
        assertThat(light.at("/parkingSite/1/availableSpaces").asInt()).isEqualTo(3);
        assertThat(texts(light.path("parkingSpace"), "availability"))
                .containsExactly("available", "occupied", "closed");
        assertThat(light.at("/parkingSpace/0/assignedFor/0/user").asText()).isEqualTo("disabled");
        assertThat(light.path("publicationTime").asText()).isEqualTo("2026-11-25T10:00:00Z");
        assertThat(publication.toString()).doesNotContain("Device");
        assertThat(server.json("/datex2/v3/parking.json?city=default")).isEqualTo(publication);
        assertThat(server.get("/datex2/v3/parking.json?city=secret").statusCode())
                .isEqualTo(404);
        assertThat(server.get("/datex2/v3/parking.json?limit=1").statusCode()).isEqualTo(400);
    }

    @Test
    void theTableAndTheStatusOfDatexBelongTogether() throws Exception {
        Document table = xml("/datex2/v3/parking-table.xml");
        Document status = xml("/datex2/v3/parking-status.xml");

        assertThat(table.getDocumentElement().getAttributeNS(XSI, "type")).isEqualTo("prk:ParkingTablePublication");
        assertThat(status.getDocumentElement().getAttributeNS(XSI, "type")).isEqualTo("prk:ParkingStatusPublication");
        List<String> known = attributes(table, "hierarchyElementGeneral", "id");
        assertThat(known)
                .hasSize(5)
                .contains("urn:ngsi-ld:ParkingSpot:1")
                .containsAll(attributes(status, "reference", "id"));
        assertThat(attributes(status, "reference", "id")).hasSize(4);
        assertThat(contents(table, "type")).containsExactly("place", "place", "space", "space", "space");
        assertThat(contents(status, "occupied")).containsExactly("false", "true");
        assertThat(contents(status, "numberOfVacantSpaces")).contains("3");
        assertThat(contents(status, "openingStatus")).contains("open");
        assertThat(contents(status, "publicationTime")).containsExactly("2026-11-25T10:00:00Z");
        assertThat(contents(table, "accessibility")).containsExactly("disabilityAccessible");
    }

    @Test
    void theElementsOfDatexAreInTheOrderOfTheSchema() throws Exception {
        Element place = (Element) xml("/datex2/v3/parking-table.xml")
                .getElementsByTagNameNS("*", "hierarchyElementGeneral")
                .item(0);
        Element state = (Element) xml("/datex2/v3/parking-status.xml")
                .getElementsByTagNameNS("*", "parkingStatusInformation")
                .item(0);

        assertThat(children(place))
                .containsSubsequence("fac:name", "fac:locationReference", "prk:layer", "prk:type", "prk:layout");
        assertThat(children(state))
                .containsSubsequence("fac:reference", "fac:openingStatus", "prk:occupancy", "prk:status");
    }

    @ParameterizedTest
    @CsvSource({"city=secret,404", "city=,404", "limit=1,400"})
    void datexRefusesWhatItDoesNotKnow(String query, int status) throws Exception {
        for (String name : List.of("parking.json", "parking-table.xml", "parking-status.xml")) {
            assertThat(server.get("/datex2/v3/" + name + "?" + query).statusCode())
                    .as(name)
                    .isEqualTo(status);
        }
    }

    private static Document xml(String path) throws Exception {
        HttpResponse<String> answer = server.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/xml");
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(answer.body())));
    }

    private static List<Element> elements(Document document, String name) {
        List<Element> elements = new ArrayList<>();
        NodeList found = document.getElementsByTagNameNS("*", name);
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    private static List<String> attributes(Document document, String name, String attribute) {
        return elements(document, name).stream()
                .map(element -> element.getAttribute(attribute))
                .toList();
    }

    private static List<String> contents(Document document, String name) {
        return elements(document, name).stream().map(Element::getTextContent).toList();
    }

    private static List<String> children(Element element) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < element.getChildNodes().getLength(); i++) {
            names.add(element.getChildNodes().item(i).getNodeName());
        }
        return names;
    }

    @Test
    void longAnswersAreCompressedForWhoAsks() throws Exception {
        HttpResponse<String> answer = server.get(SPOTS, "Accept-Encoding", "br, gzip;q=0.5");
        assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(server.get(SPOTS, "Accept-Encoding", "gzip;q=0").headers().firstValue("Content-Encoding"))
                .isEmpty();
    }
}
