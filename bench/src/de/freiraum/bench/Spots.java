package de.freiraum.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The parking spots that servers are filled with, five attributes each, and what else is asked of a server before it is measured. */
final class Spots {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int BATCH = 500;
    private static final int AT_ONCE = 32;

    private Spots() {}

    /** The URI of the n-th. */
    static String id(int n) {
        return "urn:ngsi-ld:ParkingSpot:bench:" + n;
    }

    /** One as JSON. */
    static String body(String id, int i) {
        ObjectNode spot = MAPPER.createObjectNode().put("id", id).put("type", "ParkingSpot");
        spot.putObject("status")
                .put("type", "Property")
                .put("value", i % 3 == 0 ? "free" : "occupied")
                .put("observedAt", "2026-03-02T07:00:00.123Z");
        spot.putObject("refParkingSite")
                .put("type", "Relationship")
                .put("object", "urn:ngsi-ld:OnStreetParking:bench:" + i % 100);
        spot.putObject("width").put("type", "Property").put("value", 2 + i % 20 / 10.0);
        spot.putObject("name").put("type", "Property").put("value", "Stellplatz " + i);
        ObjectNode location =
                spot.putObject("location").put("type", "GeoProperty").putObject("value");
        location.put("type", "Point");
        location.putArray("coordinates").add(7.5 + (i % 100) / 1000.0).add(51.4 + i / 100_000.0);
        return spot.toString();
    }

    /** Creates those from one number to another, the latter not included. */
    static void load(String base, int from, int to) throws IOException, InterruptedException {
        for (int first = from; first < to; first += BATCH) {
            StringBuilder batch = new StringBuilder("[");
            for (int i = first; i < Math.min(to, first + BATCH); i++) {
                batch.append(i == first ? "" : ",").append(body(id(i), i));
            }
            post(base, "/ngsi-ld/v1/entityOperations/upsert", batch.append(']').toString());
        }
    }

    /** One observation of a status every minute, so many for each of so many spots, as temporal evolutions. */
    static void loadHistory(String base, int spots, int instances) throws IOException, InterruptedException {
        int atOnce = 5000;
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        for (int spot = 0; spot < spots; spot++) {
            for (int first = 0; first < instances; first += atOnce) {
                ObjectNode evolution =
                        MAPPER.createObjectNode().put("id", id(spot)).put("type", "ParkingSpot");
                ArrayNode status = evolution.putArray("status");
                for (int i = first; i < Math.min(instances, first + atOnce); i++) {
                    status.addObject()
                            .put("type", "Property")
                            .put("value", i % 2 == 0 ? "free" : "occupied")
                            .put("observedAt", start.plusSeconds(60L * i).toString());
                }
                post(base, "/ngsi-ld/v1/temporal/entities", evolution.toString());
            }
        }
    }

    /** Subscriptions to the status of spots that do not exist. */
    static void subscribeElsewhere(String base, int subscriptions, String endpoint) {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < subscriptions; i++) {
            answers.add(CLIENT.sendAsync(
                    request(
                            base,
                            "/ngsi-ld/v1/subscriptions",
                            subscription("urn:ngsi-ld:ParkingSpot:none:" + i, endpoint)),
                    HttpResponse.BodyHandlers.ofString()));
            if (answers.size() == AT_ONCE || i + 1 == subscriptions) {
                for (CompletableFuture<HttpResponse<String>> answer : answers) {
                    if (answer.join().statusCode() != 201) {
                        throw new IllegalStateException(
                                "a subscription was answered " + answer.join().body());
                    }
                }
                answers.clear();
            }
        }
    }

    /** A subscription to one spot, or with an empty id to all. */
    static String subscription(String id, String endpoint) {
        ObjectNode subscription = MAPPER.createObjectNode().put("type", "Subscription");
        ObjectNode entities = subscription.putArray("entities").addObject().put("type", "ParkingSpot");
        if (!id.isEmpty()) {
            entities.put("id", id);
        }
        subscription.putArray("watchedAttributes").add("name").add("status");
        subscription
                .putObject("notification")
                .putObject("endpoint")
                .put("uri", endpoint)
                .put("accept", "application/json");
        return subscription.toString();
    }

    /** The body of an answer, which must be 200. */
    static byte[] get(String base, String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(base + path)).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode());
        }
        return answer.body();
    }

    /** Whether the answer is a page of so many entities. */
    static void expectPage(String base, String path, int entities) throws IOException, InterruptedException {
        int found = MAPPER.readTree(get(base, path)).size();
        if (found != entities) {
            throw new IOException(path + " has " + found + " entities, not " + entities);
        }
    }

    /** Sends JSON that must be taken. */
    static void post(String base, String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                CLIENT.send(request(base, path, json), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (answer.statusCode() >= 300) {
            throw new IOException(path + " answered " + answer.statusCode() + " " + answer.body());
        }
    }

    private static HttpRequest request(String base, String path, String json) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
    }

    /** Waits until a Freiraum says that it is ready. */
    static void awaitReady(String base) throws IOException, InterruptedException {
        HttpRequest probe =
                HttpRequest.newBuilder(URI.create(base + "/health/ready")).build();
        while (CLIENT.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
            Thread.sleep(20);
        }
    }
}
