package de.freiraum.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Exports a million observations as CSV from a server whose heap is small, and tells rows per second: when the file is made, which counts, and when
 * it is asked for again and is there already. Ends with an error if a row is missing: a server that runs out of memory breaks the connection.
 */
public final class ExportRun {
    private static final int PORT = 21126;
    private static final int ENTITIES = 1_000;
    private static final int OBSERVATIONS = 1_000;
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final URI FILE =
            URI.create("http://127.0.0.1:" + PORT + "/datasets/default-parkingspot/history/2026-03.csv");
    private static final String CONTEXT = "<https://w3id.org/freiraum/context/parking.jsonld>; "
            + "rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private ExportRun() {}

    /**
     * Loads the observations and exports them.
     *
     * @param args folder for results, largest heap of the server (such as {@code 256m})
     */
    public static void main(String[] args) throws Exception {
        Path results = Path.of(args[0]);
        Path work = Files.createTempDirectory("freiraum-export");
        List<String> flags = List.of("-Xmx" + args[1], "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");
        List<String> serve = List.of(
                "serve",
                "--open",
                "--http-port",
                String.valueOf(PORT),
                "--mqtt-port",
                "21983",
                "--data-dir",
                work.resolve("data").toString());
        try (ServerProcess server = ServerProcess.start(
                work.resolve("freiraum.log"), LoadRun.SERVER_CORE, flags, "de.freiraum.app.Main", PORT, serve)) {
            while (!ready()) {
                Thread.sleep(50);
            }
            for (int i = 0; i < ENTITIES; i++) {
                load(i);
            }
            double made = rowsPerSecond("made", server, work, args[1]);
            double kept = rowsPerSecond("kept", server, work, args[1]);
            Files.createDirectories(results);
            Files.writeString(
                    results.resolve("export.json"),
                    String.format(
                            Locale.ROOT,
                            "{\"rows\": %d, \"rowsPerSecond\": %.0f, \"keptRowsPerSecond\": %.0f, \"heap\": \"%s\"}%n",
                            ENTITIES * OBSERVATIONS,
                            made,
                            kept,
                            args[1]));
        }
    }

    private static double rowsPerSecond(String what, ServerProcess server, Path work, String heap)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        long used = server.cpuMicros();
        long rows = rows();
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (rows != (long) ENTITIES * OBSERVATIONS) {
            throw new IOException("the file has " + rows + " rows: see " + work.resolve("freiraum.log"));
        }
        System.out.printf(
                Locale.ROOT,
                "CSV of %d observations, %s: %.1f s, %.0f rows/s, %.0f rows per second of processor time, heap at most %s, resident %d MiB%n",
                rows,
                what,
                seconds,
                rows / seconds,
                rows * 1e6 / (server.cpuMicros() - used),
                heap,
                server.residentBytes() >> 20);
        return rows / seconds;
    }

    private static boolean ready() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + "/health/ready"))
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }

    /** A spot that changed each half minute, and is as it was last. */
    private static void load(int spot) throws IOException, InterruptedException {
        String begin = "{\"id\":\"urn:ngsi-ld:ParkingSpot:bench:" + spot + "\",\"type\":\"ParkingSpot\",\"status\":";
        post("entities", begin + status(OBSERVATIONS - 1) + "}");
        StringBuilder body = new StringBuilder(OBSERVATIONS * 90).append(begin).append('[');
        for (int i = 0; i < OBSERVATIONS; i++) {
            body.append(i == 0 ? "" : ",").append(status(i));
        }
        post("temporal/entities", body.append("]}").toString());
    }

    private static String status(int observation) {
        return "{\"type\":\"Property\",\"value\":\"" + (observation % 2 == 0 ? "free" : "occupied")
                + "\",\"observedAt\":\"" + START.plusSeconds(30L * observation) + "\"}";
    }

    private static void post(String resource, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + PORT + "/ngsi-ld/v1/" + resource))
                .header("Content-Type", "application/json")
                .header("Link", CONTEXT)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(answer.statusCode() + ": " + answer.body());
        }
    }

    private static long rows() throws IOException, InterruptedException {
        HttpResponse<InputStream> answer =
                CLIENT.send(HttpRequest.newBuilder(FILE).build(), HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            return lines.lines().count() - 1;
        }
    }
}
