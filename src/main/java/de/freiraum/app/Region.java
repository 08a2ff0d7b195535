package de.freiraum.app;

import de.freiraum.config.YamlText;
import de.freiraum.ingest.config.IngestConfig;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A region: each city is a server of its own, with its own process and data, and one more sees them all by registrations. */
final class Region {
    private static final int HTTP_PORT = 1026;
    private static final int MQTT_PORT = 1883;

    private final SettingsOptions options;
    private final Map<String, String> environment;
    private final int backfillHours;
    private final int historyDays;
    private final PrintWriter out;
    private final List<CityProcess> cities = new ArrayList<>();

    /**
     * A region.
     *
     * @param options those of the server that sees all; the cities have the ports that follow and folders below its data directory
     * @param backfillHours how far back the simulated messages go
     * @param historyDays how many days of earlier records there are
     */
    Region(
            SettingsOptions options,
            Map<String, String> environment,
            int backfillHours,
            int historyDays,
            PrintWriter out) {
        this.options = options;
        this.environment = environment;
        this.backfillHours = backfillHours;
        this.historyDays = historyDays;
        this.out = out;
    }

    /** Runs it until the process is asked to end; the cities' processes end before it does. */
    void run(Runnable afterwards) throws Exception {
        Path data = Path.of(Objects.requireNonNull(
                options.dataDir == null ? environment.get("FREIRAUM_DATA_DIR") : options.dataDir));
        int http = port(options.httpPort, HTTP_PORT);
        int mqtt = port(options.mqttPort, MQTT_PORT);
        options.dataDir = data.resolve("region").toString();
        options.others.putIfAbsent("mqtt-enabled", "false");
        YamlText settings = options.config == null ? Demo.REGION_SETTINGS : YamlText.read(options.config);
        AppConfig config = options.load(settings, environment);
        Freiraum server = Startup.start(config, IngestConfig.NONE);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "freiraum-region-stop"));
        for (int i = 0; i < Demo.CITIES.size(); i++) {
            String city = Demo.CITIES.get(i);
            CityProcess process = new CityProcess(
                    city,
                    next(http, i + 1),
                    next(mqtt, i),
                    data.resolve(city),
                    List.of(
                            "--backfill-hours",
                            Integer.toString(backfillHours),
                            "--history-days",
                            Integer.toString(historyDays)),
                    out);
            cities.add(process);
            process.start();
        }
        Startup.waitFor(registerAll(server), Duration.ofMinutes(1));
        out.println("Starting " + String.join(", ", Demo.CITIES) + " ...");
        out.flush();
        for (CityProcess city : cities) {
            city.awaitReady(Duration.ofMinutes(3));
        }
        out.println(invitation(server));
        out.flush();
        Startup.runUntilAsked(server, config, () -> {
            stop();
            afterwards.run();
        });
    }

    /**
     * Each city is registered twice: in the default tenant, so that one query sees all cities, and in a tenant of its name, so that pages and
     * portals find it as on a server of all cities. At the city its data is in the tenant of its name.
     */
    private Future<Void> registerAll(Freiraum server) {
        HttpClient client = server.vertx().createHttpClient();
        Future<Void> registered = Future.succeededFuture();
        for (CityProcess city : cities) {
            for (String tenant : List.of("", city.name())) {
                registered = registered.compose(v -> register(client, server.httpPort(), city, tenant));
            }
        }
        return registered.onComplete(done -> client.close());
    }

    private static Future<Void> register(HttpClient client, int port, CityProcess city, String tenant) {
        String body = Demo.invitation("registration.jsonld")
                .replace("{city}", city.name())
                .replace("{endpoint}", "http://localhost:" + city.httpPort());
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/ngsi-ld/v1/csourceRegistrations")
                .putHeader("Content-Type", "application/ld+json");
        if (!tenant.isEmpty()) {
            options.putHeader("NGSILD-Tenant", tenant);
        }
        return client.request(options)
                .compose(request -> request.send(Buffer.buffer(body)))
                .compose(answer -> answer.body()
                        .compose(text -> answer.statusCode() == 201 || answer.statusCode() == 409
                                ? Future.succeededFuture()
                                : Future.failedFuture("the registration of " + city.name() + " is refused: " + text)));
    }

    private String invitation(Freiraum server) {
        StringBuilder list = new StringBuilder();
        for (CityProcess city : cities) {
            list.append("  %-14s http://localhost:%d/   mqtt://localhost:%d   process %d%n"
                    .formatted(city.name(), city.httpPort(), city.mqttPort(), city.processId()));
        }
        return Demo.invitation("invitation-region.txt")
                .replace("{http}", "http://localhost:" + server.httpPort())
                .replace("{cities}", list.toString().stripTrailing());
    }

    private void stop() {
        cities.forEach(CityProcess::stop);
    }

    private static int port(@Nullable String given, int standard) {
        return given == null ? standard : Integer.parseInt(given);
    }

    /** The port so many behind the first; a free one where any will do. */
    private static int next(int first, int behind) throws IOException {
        if (first != 0) {
            return first + behind;
        }
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
