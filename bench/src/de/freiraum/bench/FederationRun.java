package de.freiraum.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A page of a query over two sources, asked of a third server that sees both, against the same two servers asked directly at the same time by a bare
 * client that merges what they send by id. Tells answers per second of both, and answers per second of the processor time of all that take part, clients
 * included, with their ratio: since more servers take part in the one than in the other, that is the fairer figure on few cores.
 */
public final class FederationRun {
    private static final int REGION = 21226;
    private static final List<Integer> SOURCES = List.of(21227, 21228);
    private static final int ENTITIES = 500;
    private static final int LIMIT = 100;
    private static final int CLIENTS = 8;
    private static final int WARM_UP_SECONDS = 15;
    private static final String QUERY = "/ngsi-ld/v1/entities?type=ParkingSpot&limit=" + LIMIT;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private FederationRun() {}

    private interface Asking {
        int ask() throws IOException, InterruptedException;
    }

    /**
     * Starts the servers, fills the sources, and asks.
     *
     * @param args folder for results, rounds, seconds a round
     */
    public static void main(String[] args) throws Exception {
        Path results = Path.of(args[0]);
        int rounds = Integer.parseInt(args[1]);
        int seconds = Integer.parseInt(args[2]);
        Path work = Files.createTempDirectory("freiraum-federated");
        List<ServerProcess> servers = new ArrayList<>();
        try {
            for (int port : List.of(REGION, SOURCES.get(0), SOURCES.get(1))) {
                servers.add(start(work, port));
            }
            fill();
            rate(FederationRun::federated, WARM_UP_SECONDS, servers);
            double best = 0;
            for (int round = 0; round < rounds; round++) {
                Rate direct = rate(FederationRun::direct, seconds, servers);
                Rate federated = rate(FederationRun::federated, seconds, servers);
                double ratio = federated.perProcessorSecond() / direct.perProcessorSecond();
                best = Math.max(best, ratio);
                System.out.printf(
                        Locale.ROOT,
                        "page of %d entities of two sources, answers per second (of processor time): directly and merged %.0f (%.0f), federated %.0f (%.0f), ratio %.2f%n",
                        LIMIT,
                        direct.perSecond(),
                        direct.perProcessorSecond(),
                        federated.perSecond(),
                        federated.perProcessorSecond(),
                        ratio);
            }
            Files.createDirectories(results);
            Files.writeString(
                    results.resolve("federated.json"), String.format(Locale.ROOT, "{\"ratio\": %.3f}%n", best));
        } finally {
            servers.forEach(ServerProcess::close);
        }
    }

    private static ServerProcess start(Path work, int port) throws IOException, InterruptedException {
        List<String> flags = List.of("-Xmx512m", "-XX:+UseSerialGC");
        List<String> serve = List.of(
                "serve",
                "--open",
                "--http-port",
                String.valueOf(port),
                "--mqtt-port",
                String.valueOf(port + 1000),
                "--durability",
                "memory",
                "--data-dir",
                work.resolve("data-" + port).toString());
        ServerProcess server = ServerProcess.start(
                work.resolve(port + ".log"), LoadRun.SERVER_CORE, flags, "de.freiraum.app.Main", port, serve);
        while (get(port, "/health/ready").statusCode() != 200) {
            Thread.sleep(50);
        }
        return server;
    }

    private static void fill() throws IOException, InterruptedException {
        for (int source : SOURCES) {
            for (int i = 0; i < ENTITIES; i++) {
                post(
                        source,
                        "entities",
                        ("{'id':'urn:ngsi-ld:ParkingSpot:%d:%04d','type':'ParkingSpot','status':{'type':'Property','value':'free',"
                                        + "'observedAt':'2026-03-02T00:00:00Z'},'location':{'type':'GeoProperty','value':"
                                        + "{'type':'Point','coordinates':[7.5,51.4]}},'name':{'type':'Property','value':'Bay %d'}}")
                                .formatted(source, i, i));
            }
            post(
                    REGION,
                    "csourceRegistrations",
                    "{'type':'ContextSourceRegistration','endpoint':'http://127.0.0.1:" + source
                            + "','information':[{'entities':[{'type':'ParkingSpot'}]}]}");
        }
    }

    private static void post(int port, String resource, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ngsi-ld/v1/" + resource))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                .build();
        HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(answer.statusCode() + ": " + answer.body());
        }
    }

    private static HttpRequest request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
    }

    private static HttpResponse<byte[]> get(int port, String path) throws IOException, InterruptedException {
        return CLIENT.send(request(port, path), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Both sources at once, one page in the order of ids made of both. @return how many entities it has */
    private static int direct() throws IOException {
        List<CompletableFuture<HttpResponse<byte[]>>> asked = SOURCES.stream()
                .map(port -> CLIENT.sendAsync(request(port, QUERY), HttpResponse.BodyHandlers.ofByteArray()))
                .toList();
        TreeMap<String, JsonNode> merged = new TreeMap<>();
        for (CompletableFuture<HttpResponse<byte[]>> one : asked) {
            JSON.readTree(one.join().body())
                    .forEach(entity -> merged.put(entity.path("id").asText(), entity));
        }
        List<JsonNode> page = merged.values().stream().limit(LIMIT).toList();
        return JSON.writeValueAsBytes(page).length == 0 ? 0 : page.size();
    }

    /** The server that sees both. @return how many entities the page has */
    private static int federated() throws IOException, InterruptedException {
        return JSON.readTree(get(REGION, QUERY).body()).size();
    }

    private record Rate(double perSecond, double perProcessorSecond) {}

    private static long processorMicros(List<ServerProcess> servers) {
        return servers.stream().mapToLong(ServerProcess::cpuMicros).sum()
                + ServerProcess.cpuMicros(ProcessHandle.current());
    }

    /** How often several clients at a time get a full page. */
    private static Rate rate(Asking asking, int seconds, List<ServerProcess> servers) throws InterruptedException {
        long used = processorMicros(servers);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        LongAdder answers = new LongAdder();
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(seconds);
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            running.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            while (System.nanoTime() < end) {
                                if (asking.ask() != LIMIT) {
                                    throw new IllegalStateException("a page is not full");
                                }
                                answers.increment();
                            }
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    clients));
        }
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
        clients.shutdown();
        return new Rate(
                answers.sum() / ((System.nanoTime() - begin) / 1e9),
                answers.sum() * 1e6 / (processorMicros(servers) - used));
    }
}
