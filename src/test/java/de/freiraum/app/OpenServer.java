package de.freiraum.app;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.freiraum.config.ConfigLoader;
import de.freiraum.config.YamlText;
import de.freiraum.ingest.config.IngestConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A whole server in this process, on a free port and in memory unless said otherwise, and a client that speaks to it over HTTP. */
final class OpenServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Freiraum server;

    private OpenServer(Freiraum server) {
        this.server = server;
    }

    /** Starts it with a configuration file of that text, and flags, in pairs of name and value. */
    static OpenServer start(String yaml, String... flags) throws TimeoutException {
        IngestConfig none = IngestConfig.read(
                new YamlText("sources.yaml", "sources: []"), List.of(), name -> YamlText.NONE, Map.of());
        return start(none, yaml, flags);
    }

    /** The same with sources that can be taken anew. */
    static OpenServer start(SourceFiles files, String... flags) throws TimeoutException {
        return start(files.load(), files, "", flags);
    }

    /** The same with sources. */
    static OpenServer start(IngestConfig ingest, String yaml, String... flags) throws TimeoutException {
        return start(ingest, null, yaml, flags);
    }

    private static OpenServer start(IngestConfig ingest, @Nullable SourceFiles files, String yaml, String... flags)
            throws TimeoutException {
        Map<String, String> all =
                new HashMap<>(Map.of("http-port", "0", "mqtt-enabled", "false", "durability", "memory"));
        for (int i = 0; i < flags.length; i += 2) {
            all.put(flags[i], flags[i + 1]);
        }
        AppConfig config = ConfigLoader.load(
                AppConfig.class, yaml.isEmpty() ? YamlText.NONE : new YamlText("test.yaml", yaml), Map.of(), all);
        return new OpenServer(
                Freiraum.start(config, ingest, files, InstantSource.system()).await(30, SECONDS));
    }

    int port() {
        return server.httpPort();
    }

    int mqttPort() {
        return server.mqttPort();
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    JsonNode json(String path, String... headers) throws IOException, InterruptedException {
        return JSON.readTree(get(path, headers).body());
    }

    HttpResponse<String> post(String path, String json, String... headers) throws IOException, InterruptedException {
        return send("POST", path, HttpRequest.BodyPublishers.ofString(json), headers);
    }

    HttpResponse<String> send(String method, String path, HttpRequest.BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        return client.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    HttpRequest request(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body);
        boolean typed = false;
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
            typed |= headers[i].equals("Content-Type");
        }
        if (method.equals("POST") && !typed) {
            request.header("Content-Type", "application/json");
        }
        return request.build();
    }

    @Override
    public void close() throws TimeoutException {
        server.stop().await(30, SECONDS);
    }
}
