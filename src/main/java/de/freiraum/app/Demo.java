package de.freiraum.app;

import de.freiraum.app.demo.DemoFeeder;
import de.freiraum.app.demo.PastRecords;
import de.freiraum.config.YamlText;
import de.freiraum.ingest.config.IngestConfig;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * A server with three simulated cities. The cities' sensors send through the MQTT endpoint, and their places are described through the public interface,
 * as real ones would be.
 */
final class Demo {
    /** The settings of the demo; environment and flags come on top. */
    static final YamlText SETTINGS = text("freiraum.yaml");

    /** The settings of the server that sees all cities as other servers have them. */
    static final YamlText REGION_SETTINGS = text("region.yaml");

    /** The tenants of the cities. */
    static final List<String> CITIES = List.of("schwerte", "dortmund", "gelsenkirchen");

    private final Freiraum server;
    private final DemoFeeder feeder;

    private Demo(Freiraum server, DemoFeeder feeder) {
        this.server = server;
        this.feeder = feeder;
    }

    /** The settings of the demo for some of the cities alone. */
    static YamlText settings(List<String> cities) {
        String lines = SETTINGS.text()
                .lines()
                .filter(line -> !line.contains("{ tenant: ")
                        || cities.stream().anyMatch(city -> line.contains("{ tenant: " + city)))
                .collect(Collectors.joining("\n"));
        return new YamlText(SETTINGS.name(), lines + "\n");
    }

    /** The sources and devices of the demo. */
    static IngestConfig sources() {
        return IngestConfig.read(text("sources.yaml"), List.of(), Demo::text, Map.of());
    }

    /**
     * Fills a running server, which must have {@link #sources()}.
     *
     * @param cities which of them
     * @param backfill how far back the first messages go
     * @param history how far the records of an earlier system reach back from there
     * @return the demo, once places are described and records taken over; the messages of the past are still on their way
     */
    static Future<Demo> begin(
            Freiraum server,
            List<String> cities,
            Duration backfill,
            Duration history,
            InstantSource clock,
            RandomGenerator random) {
        DemoFeeder feeder = new DemoFeeder(
                server.vertx(), "127.0.0.1", server.mqttPort(), cities, backfill, history, clock, random);
        HttpClient client = server.vertx().createHttpClient();
        Future<Void> described = Future.succeededFuture();
        for (String city : cities) {
            Buffer places = Buffer.buffer(text(city + "-places.jsonld").text());
            described = described.compose(
                    done -> post(client, server.httpPort(), city, "entityOperations/upsert?options=update", places));
        }
        for (PastRecords.Evolution evolution : feeder.records()) {
            Buffer body = Buffer.buffer(evolution.body());
            described = described.compose(
                    done -> post(client, server.httpPort(), evolution.city(), "temporal/entities", body));
        }
        return described.onComplete(done -> client.close()).map(done -> new Demo(server, feeder));
    }

    private static Future<Void> post(HttpClient client, int port, String city, String operation, Buffer body) {
        return client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI("/ngsi-ld/v1/" + operation)
                        .putHeader("Content-Type", "application/ld+json")
                        .putHeader("NGSILD-Tenant", city))
                .compose(request -> request.send(body))
                .compose(answer -> answer.body()
                        .compose(text -> answer.statusCode() < 300 && answer.statusCode() != 207
                                ? Future.succeededFuture()
                                : Future.failedFuture(operation + " of " + city + " is refused: " + text)));
    }

    /**
     * Sends the messages of the past, then new ones.
     *
     * @return succeeds when those of the past are acknowledged
     */
    Future<Void> feed() {
        return feeder.start();
    }

    /** How many devices send. */
    int devices() {
        return feeder.devices();
    }

    /** Stops sending. */
    Future<Void> stop() {
        return feeder.stop();
    }

    /** What can be tried, with the addresses of this server. */
    String invitation() {
        return invitation("invitation.txt")
                .replace("{http}", "http://localhost:" + server.httpPort())
                .replace("{mqtt}", server.mqttScheme() + "://localhost:" + server.mqttPort());
    }

    /** What can be tried, as the file of that name has it. */
    static String invitation(String name) {
        return text(name).text();
    }

    private static YamlText text(String name) {
        try (InputStream stream = Demo.class.getResourceAsStream("/demo/" + name)) {
            if (stream == null) {
                throw new IllegalStateException("the resource demo/" + name + " is missing");
            }
            return new YamlText(name, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
