package de.freiraum.bench;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.ReadConcern;
import com.mongodb.WriteConcern;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import com.mongodb.reactivestreams.client.ClientSession;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.EntityChanges;
import de.freiraum.model.EntityFragment;
import de.freiraum.model.Origin;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.mongodb.MongoOptions;
import de.freiraum.store.mongodb.MongoStore;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.types.ObjectId;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The MongoDB store against a bare driver that finds and writes the same documents, in one process on one core, MongoDB on the other one. A write of the
 * bare driver is what an obvious program does: read the document, then a transaction that replaces it and adds its history, majority and journal.
 */
public final class StoreRun {
    private static final int AT_ONCE = 64;
    private static final int WARM_UP = 3;
    private static final int ENTITIES = 2_000;
    private static final String TYPE = "https://example.org/Spot";
    private static final String STATUS = "https://example.org/status";

    private final MongoStore store;
    private final MongoClient client;
    private final MongoCollection<RawBsonDocument> entities;
    private final MongoCollection<RawBsonDocument> history;
    private final DeploymentProcess mongod;
    private final int rounds;
    private final int seconds;

    private StoreRun(MongoStore store, MongoClient client, DeploymentProcess mongod, int rounds, int seconds) {
        this.store = store;
        this.client = client;
        this.entities = client.getDatabase("bench").getCollection("entities", RawBsonDocument.class);
        this.history = client.getDatabase("bench").getCollection("history", RawBsonDocument.class);
        this.mongod = mongod;
        this.rounds = rounds;
        this.seconds = seconds;
    }

    /** What a round gave: operations a second, per second of this process' processor time, and MongoDB's microseconds an operation. */
    private record Round(double rate, double perCpuSecond, double databaseMicros) {}

    /**
     * Runs all rows.
     *
     * @param args rounds, seconds a round
     */
    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (DeploymentProcess mongod = DeploymentProcess.start(LoadRun.LOAD_CORE)) {
            String uri = mongod.uri("bench");
            MongoStore store = MongoStore.open(vertx, MongoOptions.at(uri, InstantSource.system()))
                    .await(60, TimeUnit.SECONDS);
            MongoClient client = MongoClients.create(MongoClientSettings.builder()
                    .applyConnectionString(new ConnectionString(uri))
                    .readConcern(ReadConcern.MAJORITY)
                    .writeConcern(WriteConcern.MAJORITY.withJournal(true))
                    .build());
            new StoreRun(store, client, mongod, Integer.parseInt(args[0]), Integer.parseInt(args[1])).measure();
            client.close();
            store.close().await(30, TimeUnit.SECONDS);
        }
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private void measure() throws Exception {
        for (int i = 0; i < ENTITIES; i++) {
            store.apply(Tenant.DEFAULT, id(i), EntityChanges.createOrReplace(spot(i, "free")), Origin.API)
                    .await(10, TimeUnit.SECONDS);
        }
        System.out.printf(
                "%d entities; %d rounds of %d s; %d operations at once%n", ENTITIES, rounds, seconds, AT_ONCE);
        System.out.printf(
                "%-32s %19s   %27s   %s%n",
                "store, bare driver (ratio)", "operations/s", "per second of processor", "us of MongoDB each");
        EntityQuery query = EntityQuery.ofType(TYPE);
        row("find by id", n -> store.retrieve(Tenant.DEFAULT, id(n % ENTITIES)).toCompletionStage(), n -> Mono.from(
                        entities.find(Filters.eq("_id", key(n % ENTITIES))))
                .toFuture());
        row(
                "find 20 by type",
                n -> store.query(Tenant.DEFAULT, query, 0, 20, false).toCompletionStage(),
                n -> Flux.from(entities.find(
                                        Filters.and(Filters.eq("t", Tenant.DEFAULT.partition()), Filters.eq("y", TYPE)))
                                .sort(Sorts.ascending("_id"))
                                .limit(21))
                        .collectList()
                        .toFuture());
        row(
                "update with history",
                n -> store.apply(
                                Tenant.DEFAULT,
                                id(n % ENTITIES),
                                EntityChanges.update(id(n % ENTITIES), status(n)),
                                Origin.API)
                        .toCompletionStage(),
                n -> update(key(n % ENTITIES), n).toFuture());
    }

    private Mono<Void> update(String key, int n) {
        return Mono.from(entities.find(Filters.eq("_id", key)))
                .flatMap(read -> Mono.from(history.find(Filters.eq("k", key)).limit(1))
                        .flatMap(instance -> Mono.from(client.startSession())
                                .flatMap(session ->
                                        write(session, key, read, instance, n).doFinally(end -> session.close()))));
    }

    private Mono<Void> write(ClientSession session, String key, RawBsonDocument read, RawBsonDocument instance, int n) {
        session.startTransaction();
        RawBsonDocument next = changed(read, n);
        RawBsonDocument added = added(instance, n);
        return Mono.from(entities.replaceOne(
                        session,
                        Filters.and(
                                Filters.eq("_id", key),
                                Filters.eq("v", read.getInt64("v").getValue())),
                        next))
                .then(Mono.from(history.insertOne(session, added)))
                .then(Mono.from(session.commitTransaction()));
    }

    private static RawBsonDocument changed(RawBsonDocument read, int n) {
        var next = read.decode(new BsonDocumentCodec());
        next.put("v", new BsonInt64(read.getInt64("v").getValue() + 1024L + n % 1024));
        return new RawBsonDocument(next, new BsonDocumentCodec());
    }

    private static RawBsonDocument added(RawBsonDocument instance, int n) {
        var next = instance.decode(new BsonDocumentCodec());
        next.put("_id", new BsonObjectId(new ObjectId()));
        next.put("n", new org.bson.BsonString("urn:bare:" + new ObjectId() + n));
        return new RawBsonDocument(next, new BsonDocumentCodec());
    }

    private void row(String work, IntFunction<CompletionStage<?>> ours, IntFunction<CompletionStage<?>> bare)
            throws Exception {
        List<Round> mine = new ArrayList<>();
        List<Round> other = new ArrayList<>();
        // The first rounds are for the compiler.
        for (int i = -WARM_UP; i < rounds; i++) {
            Round a = round(ours);
            Round b = round(bare);
            if (i >= 0) {
                mine.add(a);
                other.add(b);
            }
        }
        double[] rate = {median(mine, 0), median(other, 0)};
        double[] perCpu = {median(mine, 1), median(other, 1)};
        System.out.printf(
                Locale.ROOT,
                "%-32s %6.0f %6.0f (%4.2f)     %6.0f %6.0f (%4.2f)           %5.0f %5.0f%n",
                work,
                rate[0],
                rate[1],
                rate[0] / rate[1],
                perCpu[0],
                perCpu[1],
                perCpu[0] / perCpu[1],
                median(mine, 2),
                median(other, 2));
    }

    /** Keeps so many operations under way for a while. A failed one ends the run. */
    private Round round(IntFunction<CompletionStage<?>> operation) throws InterruptedException {
        ProcessHandle self = ProcessHandle.current();
        long database = mongod.cpuMicros();
        long own = ServerProcess.cpuMicros(self);
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        AtomicInteger next = new AtomicInteger();
        AtomicLong done = new AtomicLong();
        CountDownLatch idle = new CountDownLatch(AT_ONCE);
        for (int i = 0; i < AT_ONCE; i++) {
            goOn(operation, next, done, end, idle);
        }
        idle.await();
        double elapsed = (System.nanoTime() - start) / 1e9;
        return new Round(
                done.get() / elapsed,
                done.get() * 1e6 / (ServerProcess.cpuMicros(self) - own),
                (mongod.cpuMicros() - database) / (double) Math.max(1, done.get()));
    }

    private static void goOn(
            IntFunction<CompletionStage<?>> operation,
            AtomicInteger next,
            AtomicLong done,
            long end,
            CountDownLatch idle) {
        if (System.nanoTime() > end) {
            idle.countDown();
            return;
        }
        operation.apply(next.getAndIncrement()).whenComplete((result, failure) -> {
            if (failure != null) {
                failure.printStackTrace();
                System.exit(1);
            }
            done.incrementAndGet();
            goOn(operation, next, done, end, idle);
        });
    }

    private static double median(List<Round> rounds, int column) {
        double[] sorted = rounds.stream()
                .mapToDouble(r -> column == 0 ? r.rate : column == 1 ? r.perCpuSecond : r.databaseMicros)
                .toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String id(int i) {
        return "urn:ngsi-ld:Spot:bench:" + i;
    }

    /** Of the document: the partition, which is empty for the default tenant, and the entity's URI. */
    private static String key(int i) {
        return Tenant.DEFAULT.partition() + "\n" + id(i);
    }

    private static EntityFragment spot(int i, String status) {
        return new EntityFragment(
                id(i),
                List.of(TYPE),
                null,
                Map.of(
                        STATUS,
                        List.of(property(Value.of(status))),
                        "https://example.org/name",
                        List.of(property(Value.of("Stellplatz " + i))),
                        "https://example.org/number",
                        List.of(property(Value.of(i)))),
                null,
                Set.of());
    }

    private static EntityFragment status(int n) {
        return new EntityFragment(
                null,
                List.of(),
                null,
                Map.of(STATUS, List.of(property(Value.of((n / ENTITIES) % 2 == 0 ? "occupied" : "free")))),
                null,
                Set.of());
    }

    private static Attribute property(Value value) {
        return new Attribute.Property(value, AttributeMeta.NONE.withObservedAt(Instant.now()));
    }
}
