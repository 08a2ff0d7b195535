package de.freiraum.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * The whole server under load, as ratios to {@link BareServer} in the same run. Server and load have a core each. What is compared is requests
 * per second of processor time that the server used, so that neither a slow load generator nor a noisy neighbour decides; the rounds of
 * both alternate, and the median counts.
 */
public final class LoadRun {
    static final int SERVER_CORE = 0;
    static final int LOAD_CORE = 1;

    static final int ENTITIES = 10_000;
    private static final int DEVICES = 1_000;
    private static final int WARM_UP_ROUNDS = 8;
    private static final int WARM_UP_SECONDS = 4;
    private static final double FASTER = 1.1;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Path lua;
    private final int rounds;
    private final int seconds;
    private final List<Row> rows = new ArrayList<>();

    private LoadRun(Path lua, int rounds, int seconds) {
        this.lua = lua;
        this.rounds = rounds;
        this.seconds = seconds;
    }

    /** One line of the table; rates are per second of server processor time. */
    private record Row(String work, double ours, double bare, double ratio, long p50, long p99, long failed) {}

    /** A measured round. */
    private record Round(double perCpuSecond, Wrk.Result result) {}

    private interface Load {
        Wrk.Result run(int port, int round, int seconds) throws Exception;
    }

    /**
     * Runs all rows.
     *
     * @param args folder of the Lua scripts, folder for results, rounds, seconds a round, durability
     */
    public static void main(String[] args) throws Exception {
        Path results = Path.of(args[1]);
        Files.createDirectories(results);
        LoadRun run =
                new LoadRun(Path.of(args[0]).toAbsolutePath(), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        run.measure(Files.createTempDirectory("freiraum-bench"), args[4]);
        run.report(results.resolve("load.json"), args[4]);
    }

    /** The prefix of a command that runs on one core; empty where that cannot be had. */
    static List<String> pinned(int core) {
        return Files.exists(Path.of("/usr/bin/taskset")) && Runtime.getRuntime().availableProcessors() >= 1
                ? List.of("taskset", "-c", String.valueOf(core))
                : List.of();
    }

    private void measure(Path work, String durability) throws Exception {
        Path config = BenchConfig.write(work.resolve("config"), DEVICES);
        try (ServerProcess ours = ServerProcess.start(
                work.resolve("freiraum.log"),
                "de.freiraum.app.Main",
                21026,
                List.of(
                        "serve",
                        "--open",
                        "--http-port",
                        "21026",
                        "--mqtt-port",
                        "21883",
                        "--data-dir",
                        work.resolve("data").toString(),
                        "--durability",
                        durability,
                        "--ingest",
                        config.toString()))) {
            load(21026);
            byte[] entity = get(21026, "/ngsi-ld/v1/entities/urn:ngsi-ld:ParkingSpot:bench:4711");
            Path sample = Files.write(work.resolve("entity.json"), entity);
            try (ServerProcess bare = ServerProcess.start(
                    work.resolve("bare.log"),
                    BareServer.class.getName(),
                    22026,
                    List.of("22026", "22883", sample.toString()))) {
                System.out.printf(
                        "%d entities of %d bytes; %d rounds of %d s; durability %s; resident memory %d MiB%n",
                        ENTITIES, entity.length, rounds, seconds, durability, ours.residentBytes() >> 20);
                row("retrieve by id", 1, ours, bare, wrk("retrieve.lua", Map.of()));
                row("query type, limit=20", 1, ours, bare, wrk("query.lua", query("?type=ParkingSpot&limit=20")));
                row(
                        "query q equality, limit=20",
                        1,
                        ours,
                        bare,
                        wrk("query.lua", query("?type=ParkingSpot&q=status==%22free%22&limit=20")));
                row("create", 1, ours, bare, wrk("create.lua", Map.of("BENCH_BODY", body("@ID@", 1))));
                row("update attributes (PATCH)", 1, ours, bare, wrk("patch.lua", Map.of()));
                row(
                        "batch upsert of 20 (entities)",
                        20,
                        ours,
                        bare,
                        wrk("upsert.lua", Map.of("BENCH_BODY", body("@ID@", 1))));
                row("MQTT QoS 1, durable PUBACK", 1, ours, bare, (port, round, time) -> new MqttLoad(
                                port + 857, "bench/up", messages(round))
                        .run(time * 1000L));
            }
        }
    }

    private Load wrk(String script, Map<String, String> variables) {
        return (port, round, time) -> {
            Map<String, String> all = new java.util.HashMap<>(variables);
            all.put("BENCH_ENTITIES", String.valueOf(ENTITIES));
            all.put("BENCH_ROUND", "r" + round + "-" + script.replace(".lua", ""));
            return Wrk.run(lua, script, port, time, all);
        };
    }

    private static Map<String, String> query(String parameters) {
        return Map.of("BENCH_QUERY", "/ngsi-ld/v1/entities" + parameters);
    }

    private void row(String work, int unit, ServerProcess ours, ServerProcess bare, Load load) throws Exception {
        int warm = Math.max(warmUp(ours, 21026, load), warmUp(bare, 22026, load));
        List<Round> mine = new ArrayList<>();
        List<Round> other = new ArrayList<>();
        for (int i = warm; i < warm + rounds; i++) {
            mine.add(round(ours, 21026, i, seconds, load));
            other.add(round(bare, 22026, i, seconds, load));
        }
        double a = median(mine) * unit;
        double b = median(other) * unit;
        Wrk.Result last = mine.get(mine.size() - 1).result();
        long failed = mine.stream().mapToLong(r -> r.result().failed()).sum();
        Row row = new Row(work, a, b, a / b, last.p50(), last.p99(), failed);
        rows.add(row);
        System.out.println(line(row));
    }

    /** Runs until the compiler has done most of its work: until a round is hardly faster than the best before. @return rounds run */
    private static int warmUp(ServerProcess server, int port, Load load) throws Exception {
        double best = 0;
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            double rate = round(server, port, i, WARM_UP_SECONDS, load).perCpuSecond();
            if (rate < best * FASTER) {
                return i + 1;
            }
            best = Math.max(best, rate);
        }
        return WARM_UP_ROUNDS;
    }

    private static Round round(ServerProcess server, int port, int round, int seconds, Load load) throws Exception {
        long before = server.cpuMicros();
        Wrk.Result result = load.run(port, round, seconds);
        long cpu = server.cpuMicros() - before;
        return new Round(result.requests() * 1e6 / Math.max(1, cpu), result);
    }

    private static double median(List<Round> rounds) {
        double[] rates =
                rounds.stream().mapToDouble(Round::perCpuSecond).sorted().toArray();
        return rates[rates.length / 2];
    }

    private static String line(Row r) {
        return String.format(
                Locale.ROOT,
                "%-32s %10.0f %10.0f   %5.2f   p50 %7d us   p99 %7d us   failed %d",
                r.work,
                r.ours,
                r.bare,
                r.ratio,
                r.p50,
                r.p99,
                r.failed);
    }

    private void report(Path file, String durability) throws IOException {
        ArrayNode table = MAPPER.createArrayNode();
        for (Row r : rows) {
            ObjectNode row = table.addObject();
            row.put("work", r.work);
            row.put("perCpuSecond", Math.round(r.ours));
            row.put("barePerCpuSecond", Math.round(r.bare));
            row.put("ratio", Math.round(r.ratio * 1000) / 1000.0);
            row.put("p50Micros", r.p50);
            row.put("p99Micros", r.p99);
            row.put("failed", r.failed);
        }
        ObjectNode all = MAPPER.createObjectNode();
        all.put("durability", durability).put("at", Instant.now().toString()).set("rows", table);
        Files.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(all));
        System.out.println("written to " + file);
        if (rows.stream().anyMatch(r -> r.failed > 0)) {
            System.err.println("requests failed: the figures above do not count");
            System.exit(1);
        }
    }

    /** Waits until the server is ready and creates {@link #ENTITIES} parking spots in it. */
    static void load(int port) throws IOException, InterruptedException {
        HttpRequest probe = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                .build();
        while (CLIENT.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
            Thread.sleep(100);
        }
        for (int first = 0; first < ENTITIES; first += 500) {
            StringBuilder batch = new StringBuilder("[");
            for (int i = first; i < first + 500; i++) {
                batch.append(i == first ? "" : ",").append(body("urn:ngsi-ld:ParkingSpot:bench:" + i, i));
            }
            HttpResponse<String> answer = CLIENT.send(
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + port + "/ngsi-ld/v1/entityOperations/upsert"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    batch.append(']').toString()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IOException("loading failed: " + answer.statusCode() + " " + answer.body());
            }
        }
    }

    private static byte[] get(int port, String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode());
        }
        return answer.body();
    }

    /** A parking spot of six attributes. */
    static String body(String id, int i) {
        ObjectNode spot = MAPPER.createObjectNode().put("id", id).put("type", "ParkingSpot");
        spot.putObject("status")
                .put("type", "Property")
                .put("value", i % 3 == 0 ? "free" : "occupied")
                .put("observedAt", "2026-03-02T07:00:00.123Z");
        spot.putObject("category").put("type", "Property").putArray("value").add("onStreet");
        spot.putObject("refParkingSite")
                .put("type", "Relationship")
                .put("object", "urn:ngsi-ld:OnStreetParking:bench:" + i % 100);
        spot.putObject("name").put("type", "Property").put("value", "Stellplatz " + i);
        ObjectNode location =
                spot.putObject("location").put("type", "GeoProperty").putObject("value");
        location.put("type", "Point");
        location.putArray("coordinates").add(7.5 + (i % 100) / 1000.0).add(51.4 + i / 100_000.0);
        return spot.toString();
    }

    /** ChirpStack v4 events of Bosch parking sensors; each is new, none is a duplicate. */
    private static LongFunction<Buffer> messages(int round) {
        Instant start = Instant.now().minusSeconds(14_400).plusSeconds(600L * round);
        return n -> {
            long device = n % DEVICES;
            ObjectNode event = MAPPER.createObjectNode();
            event.put("deduplicationId", round + "-" + n);
            event.put("time", start.plusMillis(n).toString());
            event.putObject("deviceInfo")
                    .put("devEui", BenchConfig.devEui(device))
                    .put("deviceProfileName", "bosch/tps110")
                    .put("deviceName", "bench-" + device);
            event.put("devAddr", "00189440")
                    .put("fCnt", (round + 1) * 10_000_000L + n / DEVICES)
                    .put("fPort", 1);
            event.put("data", Base64.getEncoder().encodeToString(new byte[] {(byte) ((n / DEVICES) % 2)}));
            ObjectNode radio = event.putArray("rxInfo").addObject();
            radio.put("gatewayId", "0016c001f153a14c").put("rssi", -97).put("snr", 7.5);
            return Buffer.buffer(event.toString().getBytes(StandardCharsets.UTF_8));
        };
    }
}
