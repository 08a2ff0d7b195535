package de.freiraum.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.freiraum.bench.Contest.Load;
import de.freiraum.bench.Contest.Outcome;
import de.freiraum.bench.Contest.Side;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * The whole server under load, as ratios to {@link BareServer}, or to itself in another state, in the same run. Server and load have a core each. {@link LargeRuns}
 * has what needs more data or time.
 */
public final class LoadRun {
    static final int SERVER_CORE = 0;
    static final int LOAD_CORE = 1;

    static final int ENTITIES = 10_000;
    static final String TYPE_PAGE = "?type=ParkingSpot&limit=20";

    private static final int MANY_ENTITIES = 100_000;
    private static final int DEVICES = 1_000;
    private static final String VALUE_PAGE =
            "?type=ParkingSpot&q=refParkingSite==urn:ngsi-ld:OnStreetParking:bench:42;width%3E2.1&limit=20";
    private static final String NEAR_PAGE =
            "?type=ParkingSpot&georel=near%3BmaxDistance==1000&geometry=Point&coordinates=%5B7.55,51.9%5D&limit=20";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path lua;
    private final Contest contest;
    private final Table table = new Table();

    private LoadRun(Path lua, int rounds, int seconds) {
        this.lua = lua;
        this.contest = new Contest(rounds, seconds);
    }

    /**
     * Runs rows.
     *
     * @param args {@code load}, {@code all} or {@code against}; folder of the Lua scripts, folder for results, rounds, seconds a round; for {@code against} the URL of
     *     another broker and, if it runs here, its process id
     */
    public static void main(String[] args) throws Exception {
        Path results = Path.of(args[2]);
        Files.createDirectories(results);
        LoadRun run =
                new LoadRun(Path.of(args[1]).toAbsolutePath(), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
        Path work = Files.createTempDirectory("freiraum-bench");
        switch (args[0]) {
            case "load" -> run.small(work);
            case "all" -> {
                run.small(work);
                run.large(work);
                run.durable(work);
                new LargeRuns(run.lua, run.contest, run.table, work).measure();
            }
            case "against" -> run.against(work, Peer.elsewhere(args[5], args.length > 6 ? args[6] : ""));
            default -> throw new IllegalArgumentException(args[0]);
        }
        System.exit(run.table.report(results.resolve(args[0] + ".json")) ? 0 : 1);
    }

    /** The prefix of a command that runs on one core; empty where that cannot be had. */
    static List<String> pinned(int core) {
        return Files.exists(Path.of("/usr/bin/taskset")) && Runtime.getRuntime().availableProcessors() >= 1
                ? List.of("taskset", "-c", String.valueOf(core))
                : List.of();
    }

    /** A page of spots, and reading and changing one of ten thousand. */
    private void small(Path work) throws Exception {
        try (ServerProcess ours = Freiraums.start(work, 21026, "memory");
                ServerProcess bare = bare(work)) {
            Peer mine = Peer.of(ours, 21026);
            Peer other = Peer.of(bare, 22026);
            System.out.printf("%d spots; resident memory %d MiB%n", ENTITIES, ours.residentBytes() >> 20);
            same("retrieve by id", mine, other, wrk("retrieve.lua"), 0.7);
            same("query type, limit=20", mine, other, page(TYPE_PAGE), 0.7);
            same("update attributes (PATCH .../attrs)", mine, other, wrk("patch.lua"), 0.5);
            same("merge (PATCH)", mine, other, wrk("merge.lua"), 0.5);
            Outcome create = same("create", mine, other, create(), 0.5);
            Outcome batch = contest.run(new Side(mine, upsert()), new Side(other, upsert()));
            table.atLeast(
                    "batch upsert of 20, entities to single creates",
                    batch.ours() * 20 / create.ours(),
                    "x",
                    3,
                    String.format("%.0f entities against %.0f", batch.ours() * 20, create.ours()));
        }
    }

    /** Queries over a hundred thousand. */
    private void large(Path work) throws Exception {
        try (ServerProcess ours = Freiraums.start(work, 21026, "memory");
                ServerProcess bare = bare(work)) {
            Peer mine = Peer.of(ours, 21026);
            Peer other = Peer.of(bare, 22026);
            Spots.load(mine.base(), ENTITIES, MANY_ENTITIES);
            Spots.expectPage(mine.base(), "/ngsi-ld/v1/entities" + VALUE_PAGE, 20);
            Spots.expectPage(mine.base(), "/ngsi-ld/v1/entities" + NEAR_PAGE, 20);
            same("q equality and range, limit=20 of 100 000", mine, other, page(VALUE_PAGE), 0.5);
            same("the same with count=true", mine, other, page(VALUE_PAGE + "&count=true"), 0.3);
            same("geo near, limit=20 of 100 000", mine, other, page(NEAR_PAGE), 0.4);
        }
    }

    /** What durability costs, and messages of sensors. */
    private void durable(Path work) throws Exception {
        Path config = BenchConfig.write(work.resolve("config"), DEVICES);
        try (ServerProcess ours = Freiraums.start(work, 21026, "sync", "--ingest", config.toString());
                ServerProcess memory = Freiraums.start(work, 23026, "memory")) {
            Peer mine = Peer.of(ours, 21026);
            Peer other = Peer.of(memory, 23026);
            Spots.load(mine.base(), 0, ENTITIES);
            Spots.load(other.base(), 0, ENTITIES);
            same("create, durability sync to memory", mine, other, create(), 0.7);
            same("update attributes, durability sync to memory", mine, other, wrk("patch.lua"), 0.7);
            try (ServerProcess bare = bare(work)) {
                table.ratio(
                        "MQTT QoS 1, durable PUBACK, windows on",
                        contest.run(new Side(mine, messages(21883)), new Side(Peer.of(bare, 22026), messages(22883))),
                        0.4);
            }
        }
    }

    /** Another broker, which must be empty, and Freiraum with the same data. */
    private void against(Path work, Peer other) throws Exception {
        try (ServerProcess ours = Freiraums.start(work, 21026, "sync")) {
            Peer mine = Peer.of(ours, 21026);
            System.out.println("durability of ours: sync; the other's: as it was started");
            for (Peer peer : List.of(mine, other)) {
                Spots.load(peer.base(), 0, ENTITIES);
            }
            same("retrieve by id", mine, other, wrk("retrieve.lua"), 0);
            same("query type, limit=20", mine, other, page(TYPE_PAGE), 0);
            same("query q equality and range, limit=20", mine, other, page(VALUE_PAGE), 0);
            same("query geo near, limit=20", mine, other, page(NEAR_PAGE.replace("51.9", "51.45")), 0);
            same("create", mine, other, create(), 0);
            same("update attributes (PATCH .../attrs)", mine, other, wrk("patch.lua"), 0);
            same("batch upsert of 20 (requests)", mine, other, upsert(), 0);
        }
    }

    /** A bare server that sends what Freiraum, which is filled first, sends. */
    private static ServerProcess bare(Path work) throws Exception {
        Spots.load("http://127.0.0.1:21026", 0, ENTITIES);
        Path sample = Files.write(
                work.resolve("entity.json"),
                Spots.get("http://127.0.0.1:21026", "/ngsi-ld/v1/entities/" + Spots.id(4711)));
        return ServerProcess.start(
                work.resolve("bare.log"),
                BareServer.class.getName(),
                22026,
                List.of("22026", "22883", sample.toString()));
    }

    private Outcome same(String work, Peer mine, Peer other, Load load, double target) throws Exception {
        Outcome outcome = contest.run(new Side(mine, load), new Side(other, load));
        table.ratio(work, outcome, target);
        return outcome;
    }

    private Load wrk(String script) {
        return wrk(lua, script, Map.of());
    }

    private Load page(String query) {
        return wrk(lua, "query.lua", Map.of("BENCH_QUERY", "/ngsi-ld/v1/entities" + query));
    }

    private Load create() {
        return wrk(lua, "create.lua", Map.of("BENCH_BODY", Spots.body("@ID@", 1)));
    }

    private Load upsert() {
        return wrk(lua, "upsert.lua", Map.of("BENCH_BODY", Spots.body("@ID@", 1)));
    }

    /** A script over the {@link #ENTITIES}. */
    static Load wrk(Path lua, String script, Map<String, String> variables) {
        return (peer, round, time) -> {
            Map<String, String> all = new HashMap<>(variables);
            all.putIfAbsent("BENCH_ENTITIES", String.valueOf(ENTITIES));
            all.put("BENCH_ROUND", "r" + round + "-" + time + "-" + script.replace(".lua", ""));
            return Wrk.run(lua, script, peer.base(), time, all);
        };
    }

    private static Load messages(int port) {
        return (peer, round, time) -> new MqttLoad(port, "bench/up", messagesOf(round)).run(time * 1000L);
    }

    /** ChirpStack v4 events of Bosch parking sensors; each is new, none is a duplicate. */
    private static LongFunction<Buffer> messagesOf(int round) {
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
