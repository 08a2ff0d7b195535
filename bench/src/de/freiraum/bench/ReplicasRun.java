package de.freiraum.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Two replicas over one MongoDB against one of them, in the same run. The first has the first core for itself; the second shares the other one with
 * MongoDB and with what makes the load. So beside the rate there is what counts where each has a core of its own: requests per second of
 * processor time that the replicas used, and microseconds of MongoDB a request.
 */
public final class ReplicasRun {
    private static final int[] PORTS = {23026, 23027};
    private static final int CONNECTIONS = 64;
    private static final int WARM_UP = 3;

    private final Path lua;
    private final int rounds;
    private final int seconds;

    private ReplicasRun(Path lua, int rounds, int seconds) {
        this.lua = lua;
        this.rounds = rounds;
        this.seconds = seconds;
    }

    /** What a round with so many replicas gave: requests a second, per second of the replicas' processor time, and MongoDB's microseconds a request. */
    private record Round(double rate, double perCpuSecond, double databaseMicros) {}

    /**
     * Runs all rows.
     *
     * @param args folder of the Lua scripts, rounds, seconds a round
     */
    public static void main(String[] args) throws Exception {
        new ReplicasRun(Path.of(args[0]).toAbsolutePath(), Integer.parseInt(args[1]), Integer.parseInt(args[2]))
                .measure(Files.createTempDirectory("freiraum-bench"));
    }

    private void measure(Path work) throws Exception {
        try (DeploymentProcess mongod = DeploymentProcess.start(LoadRun.LOAD_CORE);
                ServerProcess first = start(work, 0, mongod.uri("bench"));
                ServerProcess second = start(work, 1, mongod.uri("bench"))) {
            Spots.awaitReady("http://127.0.0.1:" + PORTS[0]);
            Spots.load("http://127.0.0.1:" + PORTS[0], 0, LoadRun.ENTITIES);
            System.out.printf(
                    "%d entities; %d rounds of %d s; %d connections in all%n",
                    LoadRun.ENTITIES, rounds, seconds, CONNECTIONS);
            System.out.printf(
                    "%-32s %19s   %27s   %s%n",
                    "replicas 1, 2 (ratio)", "requests/s", "per second of processor", "us of MongoDB a request");
            List<ServerProcess> replicas = List.of(first, second);
            row("retrieve by id", mongod, replicas, "retrieve.lua", Map.of());
            row(
                    "query type, limit=20",
                    mongod,
                    replicas,
                    "query.lua",
                    Map.of("BENCH_QUERY", "/ngsi-ld/v1/entities?type=ParkingSpot&limit=20"));
            row("create", mongod, replicas, "create.lua", Map.of("BENCH_BODY", Spots.body("@ID@", 1)));
            row("update attributes (PATCH)", mongod, replicas, "patch.lua", Map.of());
            row(
                    "batch upsert of 20 (requests)",
                    mongod,
                    replicas,
                    "upsert.lua",
                    Map.of("BENCH_BODY", Spots.body("@ID@", 1)));
        }
    }

    private static ServerProcess start(Path work, int number, String uri) throws IOException, InterruptedException {
        return ServerProcess.start(
                work.resolve("replica" + number + ".log"),
                number == 0 ? LoadRun.SERVER_CORE : LoadRun.LOAD_CORE,
                List.of("-Xms512m", "-Xmx1g", "-XX:+UseSerialGC"),
                "de.freiraum.app.Main",
                PORTS[number],
                List.of(
                        "serve",
                        "--open",
                        "--http-port",
                        String.valueOf(PORTS[number]),
                        "--mqtt-port",
                        String.valueOf(PORTS[number] + 1000),
                        "--store",
                        "mongodb",
                        "--mongodb-uri",
                        uri));
    }

    private void row(
            String work,
            DeploymentProcess mongod,
            List<ServerProcess> replicas,
            String script,
            Map<String, String> variables)
            throws Exception {
        List<Round> one = new ArrayList<>();
        List<Round> two = new ArrayList<>();
        // The first rounds are for the compiler.
        for (int i = -WARM_UP; i < rounds; i++) {
            Round alone = round(mongod, replicas.subList(0, 1), script, variables, 2 * i);
            Round both = round(mongod, replicas, script, variables, 2 * i + 1);
            if (i >= 0) {
                one.add(alone);
                two.add(both);
            }
        }
        double[] rates = {median(one, Round::rate), median(two, Round::rate)};
        double[] perCpu = {median(one, Round::perCpuSecond), median(two, Round::perCpuSecond)};
        double[] database = {median(one, Round::databaseMicros), median(two, Round::databaseMicros)};
        System.out.printf(
                Locale.ROOT,
                "%-32s %6.0f %6.0f (%4.2f)     %6.0f %6.0f (%4.2f)           %5.0f %5.0f%n",
                work,
                rates[0],
                rates[1],
                rates[1] / rates[0],
                perCpu[0],
                perCpu[1],
                perCpu[1] / perCpu[0],
                database[0],
                database[1]);
    }

    private Round round(
            DeploymentProcess mongod,
            List<ServerProcess> replicas,
            String script,
            Map<String, String> variables,
            int number)
            throws Exception {
        long database = mongod.cpuMicros();
        long own = replicas.stream().mapToLong(ServerProcess::cpuMicros).sum();
        long start = System.nanoTime();
        List<CompletableFuture<Wrk.Result>> running = new ArrayList<>();
        for (int i = 0; i < replicas.size(); i++) {
            Map<String, String> all = new HashMap<>(variables);
            all.put("BENCH_ENTITIES", String.valueOf(LoadRun.ENTITIES));
            all.put("BENCH_ROUND", "replicas" + System.nanoTime() + "-" + number + "-" + i);
            int port = PORTS[i];
            running.add(CompletableFuture.supplyAsync(() -> load(script, port, CONNECTIONS / replicas.size(), all)));
        }
        long requests = 0;
        for (CompletableFuture<Wrk.Result> result : running) {
            if (result.get().failed() > 0) {
                throw new IllegalStateException(result.get().failed() + " requests of " + script + " failed");
            }
            requests += result.get().requests();
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        return new Round(
                requests / elapsed,
                requests
                        * 1e6
                        / (replicas.stream().mapToLong(ServerProcess::cpuMicros).sum() - own),
                (mongod.cpuMicros() - database) / (double) Math.max(1, requests));
    }

    private Wrk.Result load(String script, int port, int connections, Map<String, String> variables) {
        try {
            return Wrk.run(lua, script, "http://127.0.0.1:" + port, connections, seconds, variables);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static double median(List<Round> rounds, java.util.function.ToDoubleFunction<Round> of) {
        double[] sorted = rounds.stream().mapToDouble(of).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
