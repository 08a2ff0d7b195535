package de.freiraum.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A server in a process of its own, started by the command line as an operator would, and spoken to over its ports only. */
final class RealServer implements AutoCloseable {
    private static final Pattern READY =
            Pattern.compile("Freiraum is ready: http://localhost:(\\d+)/.*mqtt://localhost:(\\d+)");
    private static final String DEVICES = """
            dev_eui,model,site,spot,name,lat,lon
            70b3d5fff0000080,bosch/tps110,am-markt,007,Am Markt 7,51.444,7.565
            70b3d5fff0000081,bosch/tps110,am-markt,008,Am Markt 8,51.444,7.566
            """;
    private static final String SOURCES = """
            sources:
              - id: parking
                envelope: chirpstack-v4
                mqtt: { topics: ["application/+/device/+/event/up"] }
                webhook: {}
                fields: { city: musterstadt }
            devices: [devices.csv]
            """;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final int httpPort;
    private final int mqttPort;

    private RealServer(Process process, int httpPort, int mqttPort) {
        this.process = process;
        this.httpPort = httpPort;
        this.mqttPort = mqttPort;
    }

    /** Starts it on free ports with its data in a folder, and two parking sensors as its devices. */
    static RealServer start(Path folder, String... more) throws IOException {
        return startWith(DEVICES, folder, more);
    }

    /** The same with other devices. */
    static RealServer startWith(String devices, Path folder, String... more) throws IOException {
        return startWith(SOURCES, devices, folder, more);
    }

    /** The same with other sources. */
    static RealServer startWith(String sources, String devices, Path folder, String... more) throws IOException {
        return start("512m", sources, devices, folder, more);
    }

    /** Starts it with a heap of that size, such as {@code 64m}; it ends when that is not enough. */
    static RealServer startWithHeap(String heap, Path folder, String... more) throws IOException {
        return start(heap, SOURCES, DEVICES, folder, more);
    }

    private static RealServer start(String heap, String sourcesText, String devices, Path folder, String... more)
            throws IOException {
        Files.writeString(folder.resolve("devices.csv"), devices);
        Path sources = Files.writeString(folder.resolve("sources.yaml"), sourcesText);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                "de.freiraum.app.Main",
                "serve",
                "--open",
                "--http-port",
                "0",
                "--mqtt-port",
                "0",
                "--ingest",
                sources.toString(),
                "--data-dir",
                folder.resolve("data").toString()));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("server.log").toFile())
                .start();
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                return new RealServer(process, Integer.parseInt(ready.group(1)), Integer.parseInt(ready.group(2)));
            }
        }
        throw new IOException("the server ended: " + Files.readString(folder.resolve("server.log")));
    }

    int mqttPort() {
        return mqttPort;
    }

    int httpPort() {
        return httpPort;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return client.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return client.send(request(path).DELETE().build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
                .timeout(Duration.ofSeconds(20));
    }

    /** The number of the process. */
    long pid() {
        return process.pid();
    }

    /** SIGTERM. @return after how long it ended, or null if it did not within a minute */
    @Nullable
    Duration stop() throws InterruptedException {
        long start = System.nanoTime();
        process.destroy();
        return process.waitFor(1, TimeUnit.MINUTES) ? Duration.ofNanos(System.nanoTime() - start) : null;
    }

    /** SIGKILL. */
    void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
