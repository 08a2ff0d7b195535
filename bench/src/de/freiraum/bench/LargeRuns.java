package de.freiraum.bench;

import de.freiraum.bench.Contest.Load;
import de.freiraum.bench.Contest.Outcome;
import de.freiraum.bench.Contest.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Rows of the table that need much data: subscriptions, notifications, history, memory, cores, the start. */
final class LargeRuns {
    private static final int SUBSCRIPTIONS = 100_000;
    private static final int EVOLUTIONS = 100;
    private static final int INSTANCES = 10_000;
    private static final int MANY = 100_000;
    private static final int MILLION = 1_000_000;
    private static final String MINE = "http://127.0.0.1:21026";

    private final Path lua;
    private final Contest contest;
    private final Table table;
    private final Path work;

    LargeRuns(Path lua, Contest contest, Table table, Path work) {
        this.lua = lua;
        this.contest = contest;
        this.table = table;
        this.work = work;
    }

    void measure() throws Exception {
        subscriptions();
        notifications();
        history();
        start();
        cores();
        memory();
    }

    private Load script(String script, Map<String, String> variables) {
        return LoadRun.wrk(lua, script, variables);
    }

    /** Updates that one subscription of a hundred thousand is for, against updates that none is for. */
    private void subscriptions() throws Exception {
        try (Sink sink = new Sink(24026);
                ServerProcess many = Freiraums.start(work, 21026, "memory");
                ServerProcess none = Freiraums.start(work, 23026, "memory")) {
            Peer mine = Peer.of(many, 21026);
            Peer other = Peer.of(none, 23026);
            Spots.load(mine.base(), 0, LoadRun.ENTITIES);
            Spots.load(other.base(), 0, LoadRun.ENTITIES);
            Spots.subscribeElsewhere(mine.base(), SUBSCRIPTIONS - 1, sink.url());
            Spots.post(mine.base(), "/ngsi-ld/v1/subscriptions", Spots.subscription(Spots.id(4711), sink.url()));
            Load patch = script("patch.lua", Map.of());
            table.ratio(
                    "updates with 100 000 subscriptions to none",
                    contest.run(new Side(mine, patch), new Side(other, patch)),
                    0.9);
        }
    }

    /** Updates that each notify one subscriber; a round ends when all have come. */
    private void notifications() throws Exception {
        try (Sink sink = new Sink(24026);
                Sink other = new Sink(24027);
                ServerProcess ours = Freiraums.start(work, 21026, "memory")) {
            Peer mine = Peer.of(ours, 21026);
            Spots.load(mine.base(), 0, LoadRun.ENTITIES);
            Spots.post(mine.base(), "/ngsi-ld/v1/subscriptions", Spots.subscription("", sink.url()));
            Load rename = script("rename.lua", Map.of("BENCH_ENTITIES", "1"));
            rename.run(mine, -1, 1);
            TimeUnit.SECONDS.sleep(2);
            Path entity =
                    Files.write(work.resolve("entity.json"), Spots.get(MINE, "/ngsi-ld/v1/entities/" + Spots.id(1)));
            Path notification = Files.write(work.resolve("notification.json"), sink.last());
            try (ServerProcess bare = ServerProcess.start(
                    work.resolve("bare.log"),
                    BareServer.class.getName(),
                    22026,
                    List.of("22026", "22883", entity.toString(), "24027", notification.toString()))) {
                Outcome outcome = contest.run(
                        new Side(mine, untilDelivered(sink)), new Side(Peer.of(bare, 22026), untilDelivered(other)));
                table.ratio("updates that each notify one subscriber", outcome, 0.5);
            }
        }
    }

    private Load untilDelivered(Sink sink) {
        Load rename = script("rename.lua", Map.of());
        return (peer, round, time) -> {
            long before = sink.received();
            Wrk.Result result = rename.run(peer, round, time);
            long missing = sink.await(before + result.requests() - result.failed());
            return new Wrk.Result(
                    result.requests(), result.micros(), result.failed() + missing, result.p50(), result.p99());
        };
    }

    /** The last hundred of a million instances, against a retrieval. */
    private void history() throws Exception {
        try (ServerProcess ours = Freiraums.start(work, 21026, "memory")) {
            Peer mine = Peer.of(ours, 21026);
            Spots.load(MINE, 0, EVOLUTIONS);
            Spots.loadHistory(MINE, EVOLUTIONS, INSTANCES);
            Load retrieve = script("retrieve.lua", Map.of("BENCH_ENTITIES", String.valueOf(EVOLUTIONS)));
            for (String form : List.of("temporalValues", "normalized")) {
                Load last = script(
                        "evolution.lua",
                        Map.of(
                                "BENCH_ENTITIES",
                                String.valueOf(EVOLUTIONS),
                                "BENCH_QUERY",
                                "?attrs=status&lastN=100&format=" + form));
                table.ratio(
                        "temporal, lastN=100 of 1 000 000, " + form,
                        contest.run(new Side(mine, last), new Side(mine, retrieve)),
                        form.equals("temporalValues") ? 0.3 : 0);
            }
        }
    }

    /** The time from the start of the process to the first entity. */
    private void start() throws Exception {
        List<String> flags = List.of("-Xmx2g");
        ServerProcess filled = Freiraums.start(work, LoadRun.SERVER_CORE, flags, 21026, "sync", "restarted");
        try {
            Spots.load(MINE, 0, MANY);
        } finally {
            filled.close();
        }
        long begin = System.nanoTime();
        try (ServerProcess again = Freiraums.start(work, LoadRun.SERVER_CORE, flags, 21026, "sync", "restarted")) {
            Spots.get(MINE, "/ngsi-ld/v1/entities/" + Spots.id(MANY - 1));
            double seconds = (System.nanoTime() - begin) / 1e9;
            table.atMost(
                    "start to first answer, 100 000 entities",
                    seconds,
                    "s",
                    2,
                    String.format("processor time %.2f s", again.cpuMicros() / 1e6));
        }
    }

    /**
     * What a second core gives. With the load on the same machine the wall clock says nothing; so it is twice what a second of processor time does with two
     * cores, as part of what it does with one.
     */
    private void cores() throws Exception {
        List<String> flags = List.of("-Xms2g", "-Xmx4g");
        try (ServerProcess two = Freiraums.start(work, -1, flags, 21026, "memory", "two");
                ServerProcess one = Freiraums.start(work, LoadRun.SERVER_CORE, flags, 23026, "memory", "one")) {
            Peer mine = Peer.of(two, 21026);
            Peer other = Peer.of(one, 23026);
            Spots.load(mine.base(), 0, LoadRun.ENTITIES);
            Spots.load(other.base(), 0, LoadRun.ENTITIES);
            for (String name : List.of("retrieve", "patch")) {
                Load load = script(name + ".lua", Map.of());
                Outcome outcome = contest.run(new Side(mine, load), new Side(other, load));
                table.atLeast(
                        "two cores to one, " + name,
                        2 * outcome.ratio(),
                        "x",
                        1.7,
                        String.format("%.0f against %.0f per second of processor", outcome.ours(), outcome.other()));
            }
        }
    }

    private void memory() throws Exception {
        List<String> flags = List.of("-Xms512m", "-Xmx3g");
        try (ServerProcess ours = Freiraums.start(work, LoadRun.SERVER_CORE, flags, 21026, "async", "million")) {
            long empty = ours.liveHeapBytes();
            Spots.load(MINE, 0, MANY);
            double each = (ours.liveHeapBytes() - empty) / (double) MANY;
            table.atMost("heap of an entity of five attributes", each, "B", 2048, "");
            Spots.load(MINE, MANY, MILLION);
            Spots.get(MINE, "/ngsi-ld/v1/entities/" + Spots.id(MILLION - 1));
            table.atMost(
                    "resident memory, 1 000 000 entities",
                    ours.residentBytes() / (double) (1 << 30),
                    "GiB",
                    4,
                    String.format("live heap %d MiB of 3072", ours.liveHeapBytes() >> 20));
        }
    }
}
