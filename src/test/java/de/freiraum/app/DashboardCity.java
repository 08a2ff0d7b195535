package de.freiraum.app;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.freiraum.config.ConfigLoader;
import de.freiraum.config.YamlText;
import de.freiraum.ingest.config.IngestConfig;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A server with a city of four parking sensors and two counters, and a city of which nothing is known. */
final class DashboardCity implements AutoCloseable {
    static final String SITE = "urn:ngsi-ld:OnStreetParking:musterstadt:am-markt";
    static final String COUNTER = "urn:ngsi-ld:CrowdFlowObserved:musterstadt:bruecke";

    /** A counter of which a typical week is known: at each hour as many people. */
    static final String PROFILED = "urn:ngsi-ld:CrowdFlowObserved:musterstadt:tor";

    static final int TYPICAL = 100;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WEEKS = 3;
    private static final YamlText SETTINGS = new YamlText("freiraum.yaml", """
            open: true
            dashboard:
              title: Versuch
              simulated: true
              imprint: https://example.org/imprint
              cities:
                - { tenant: musterstadt, name: Musterstadt }
                - { tenant: leer, name: Leer }
            """);
    private static final YamlText SOURCES = new YamlText("sources.yaml", """
            sources:
              - { id: parking, tenant: musterstadt, envelope: chirpstack-v4, mqtt: { topics: ["application/+/device/+/event/up"] }, webhook: {}, fields: { city: musterstadt } }
            devices: [devices.csv]
            """);
    private static final String DEVICES = """
            dev_eui,model,site,spot,name,category,lat,lon
            70b3d5fff0000080,bosch/tps110,am-markt,1,Am Markt 1,onStreet;forDisabled,51.44400,7.56500
            70b3d5fff0000081,bosch/tps110,am-markt,2,Am Markt 2,onStreet,51.44402,7.56505
            70b3d5fff0000082,bosch/tps110,am-markt,3,Am Markt 3,onStreet,51.44404,7.56510
            70b3d5fff0000083,bosch/tps110,am-markt,4,Am Markt 4,onStreet,51.44406,7.56515
            """;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Freiraum server;
    private int frame;

    private DashboardCity(Freiraum server) {
        this.server = server;
    }

    /**
     * Starts it.
     *
     * @param port 0: any free one
     */
    static DashboardCity start(int port) throws TimeoutException, IOException, InterruptedException {
        AppConfig config = ConfigLoader.load(
                AppConfig.class,
                SETTINGS,
                Map.of(),
                Map.of("http-port", Integer.toString(port), "mqtt-port", "0", "durability", "memory"));
        IngestConfig ingest = IngestConfig.read(SOURCES, List.of(), name -> new YamlText(name, DEVICES), Map.of());
        DashboardCity city = new DashboardCity(
                Freiraum.start(config, ingest, InstantSource.system()).await(30, SECONDS));
        city.describe();
        return city;
    }

    private void describe() throws IOException, InterruptedException {
        create(
                "leer",
                "entities",
                "{\"id\":\"urn:ngsi-ld:PointOfInterest:leer:1\",\"type\":\"PointOfInterest\"}",
                "footfall");
        create("musterstadt", "entities", """
                {"id":"%s","type":"OnStreetParking","name":"Am Markt","location":{"type":"Point","coordinates":[7.56507,51.44403]}}""".formatted(SITE), "parking");
        for (String counter : List.of("bruecke", "tor")) {
            create(
                    "musterstadt",
                    "entities",
                    """
                    {"id":"urn:ngsi-ld:CrowdFlowObserved:musterstadt:%s","type":"CrowdFlowObserved","name":"%s","towardsLabel":"zur Stadt","awayLabel":"zum Fluss","location":{"type":"Point","coordinates":[7.566,51.445]}}""".formatted(counter, counter.equals("tor") ? "Am Tor" : "Brücke"),
                    "footfall");
            create("musterstadt", "temporal/entities", windows(counter), "footfall");
        }
        String hours = IntStream.range(0, 24)
                .mapToObj(hour -> String.format(Locale.ROOT, "\"h%02d\":%d", hour, TYPICAL))
                .collect(Collectors.joining(",", "{", "}"));
        String days = Arrays.stream(DayOfWeek.values())
                .map(day -> '"' + day.name().toLowerCase(Locale.ROOT) + "\":" + hours)
                .collect(Collectors.joining(",", "{", "}"));
        create("musterstadt", "entities", """
                {"id":"%1$s:typicalWeek","type":"CrowdFlowProfile","refCounter":{"type":"Relationship","object":"%1$s"},"typicalWeek":{"type":"Property","value":%2$s}}""".formatted(PROFILED, days), "footfall");
        for (int spot = 0; spot < 4; spot++) {
            sense(spot, spot == 3);
        }
    }

    /** Hours of three weeks, of which one is missing and one was counted for a part only. */
    private static String windows(String counter) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);
        List<Instant> hours = IntStream.rangeClosed(1, WEEKS * 7 * 24)
                .filter(ago -> ago != 30)
                .mapToObj(ago -> now.minus(Duration.ofHours(ago)))
                .toList();
        return "{\"id\":\"urn:ngsi-ld:CrowdFlowObserved:musterstadt:" + counter
                + ":PT1H\",\"type\":\"CrowdFlowObserved\"," + instances("peopleCountTowards", hours, "")
                + "," + instances("peopleCountAway", hours, "") + "," + instances("peopleCount", hours, "") + ","
                + instances("coverage", hours, "1") + "}";
    }

    private static String instances(String name, List<Instant> hours, String constant) {
        return hours.stream()
                .map(hour -> "{\"type\":\"Property\",\"value\":" + (constant.isEmpty() ? people(name, hour) : constant)
                        + ",\"observedAt\":\"" + hour + "\"}")
                .collect(Collectors.joining(",", "\"" + name + "\":[", "]"));
    }

    private static long people(String name, Instant hour) {
        long number = hour.getEpochSecond() / 3600;
        long towards = 20 + number * 7 % 90;
        long away = 10 + number * 13 % 60;
        return name.endsWith("Towards") ? towards : name.endsWith("Away") ? away : towards + away;
    }

    /** A sensor's message by the webhook: whether its space is taken. */
    void sense(int spot, boolean taken) throws IOException, InterruptedException {
        send("/ingest/parking", message(spot, taken), "application/json", "");
    }

    /** The message of a sensor, as ChirpStack would publish it. */
    String message(int spot, boolean taken) {
        frame++;
        return """
                {"deduplicationId":"%d","time":"%s","deviceInfo":{"devEui":"%s"},"devAddr":"01","fPort":1,"fCnt":%d,"data":"%s"}""".formatted(frame, Instant.now(), device(spot), frame, taken ? "AQ==" : "AA==");
    }

    static String device(int spot) {
        return "70b3d5fff000008" + spot;
    }

    private void create(String tenant, String path, String body, String context)
            throws IOException, InterruptedException {
        String whole = body.substring(0, body.length() - 1) + ",\"@context\":\"https://w3id.org/freiraum/context/"
                + context + ".jsonld\"}";
        send("/ngsi-ld/v1/" + path, whole, "application/ld+json", tenant);
    }

    private void send(String path, String body, String type, String tenant) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!tenant.isEmpty()) {
            request.header("NGSILD-Tenant", tenant);
        }
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    /** The hours of a counter from the temporal interface: begin to people. */
    Map<Instant, Long> hours(String counter, Instant from, Instant to) throws IOException, InterruptedException {
        String query = "attrs=peopleCount&timerel=between&timeAt="
                + encoded(from.minusMillis(1).toString())
                + "&endTimeAt=" + encoded(to.toString())
                + "&format=aggregatedValues&aggrMethods=sum&aggrPeriodDuration=PT1H";
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        address() + "/ngsi-ld/v1/temporal/entities/" + encoded(counter + ":PT1H") + "?" + query))
                .header("NGSILD-Tenant", "musterstadt")
                .header(
                        "Link",
                        "<https://w3id.org/freiraum/context/footfall.jsonld>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"")
                .build();
        JsonNode answer = JSON.readTree(
                client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        return answer.at("/peopleCount/sum")
                .valueStream()
                .collect(Collectors.toMap(
                        row -> Instant.parse(row.get(1).asText()).plusMillis(1),
                        row -> row.get(0).asLong()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The headers of an answer. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(address() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    String address() {
        return "http://127.0.0.1:" + server.httpPort();
    }

    int httpPort() {
        return server.httpPort();
    }

    int mqttPort() {
        return server.mqttPort();
    }

    @Override
    public void close() throws TimeoutException {
        server.stop().await(30, SECONDS);
    }
}
