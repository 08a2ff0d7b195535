package de.freiraum.store.mongodb;

import com.mongodb.MongoClientSettings;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.WriteConcern;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Updates;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoCollection;
import com.mongodb.reactivestreams.client.MongoDatabase;
import de.freiraum.store.StoreException;
import de.freiraum.store.change.Companions;
import de.freiraum.store.change.HistoryRecorder;
import de.freiraum.store.change.Ticks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens once when a replica begins: the client, format and indexes of the database, and the replica's number. */
final class Setup {
    /** The format of the documents; another one is refused. */
    static final int FORMAT = 1;

    private static final Logger LOG = LoggerFactory.getLogger(Setup.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final String NUMBER = "n";
    private static final String LIFETIME = "transactionLifetimeLimitSeconds";
    private static final int LONGEST_LIFETIME_SECONDS = 20;

    private final Vertx vertx;
    private final MongoOptions options;
    private final MongoDatabase database;
    private final MongoDatabase admin;
    private final Schema schema;
    private final Ticks ticks;
    private volatile @Nullable BsonTimestamp began;

    Setup(Vertx vertx, MongoOptions options, MongoClient client, Ticks ticks) {
        this.vertx = vertx;
        this.options = options;
        this.database = client.getDatabase(options.database());
        this.admin = client.getDatabase("admin");
        this.schema = Schema.of(database);
        this.ticks = ticks;
    }

    /** What counts as written: a majority has it in the journal. */
    static WriteConcern durable(MongoOptions options) {
        return WriteConcern.MAJORITY
                .withJournal(true)
                .withWTimeout(options.patience().toMillis(), TimeUnit.MILLISECONDS);
    }

    static MongoClient client(MongoOptions options) {
        long patience = options.patience().toMillis();
        MongoClientSettings.Builder settings = MongoClientSettings.builder()
                .applyToClusterSettings(
                        cluster -> cluster.serverSelectionTimeout(Math.max(1, patience / 2), TimeUnit.MILLISECONDS))
                .applyToSocketSettings(socket ->
                        socket.connectTimeout(3, TimeUnit.SECONDS).readTimeout(4 * patience, TimeUnit.MILLISECONDS))
                .applyToServerSettings(server -> server.heartbeatFrequency(2, TimeUnit.SECONDS))
                .applyConnectionString(options.uri())
                .applicationName("freiraum")
                .readPreference(ReadPreference.primary())
                .readConcern(ReadConcern.MAJORITY)
                .writeConcern(durable(options))
                .retryReads(true)
                .retryWrites(true);
        return MongoClients.create(settings.build());
    }

    Schema schema() {
        return schema;
    }

    /** Waits for the deployment, and makes or checks what is in the database. */
    Future<Replica> run() {
        return reached(System.nanoTime())
                .compose(this::checkDeployment)
                .compose(v -> checkLifetime())
                .compose(v -> checkFormat())
                .compose(v -> schema.createIndexes())
                .compose(v -> continueClock())
                .compose(v -> register());
    }

    private Future<Document> reached(long since) {
        return Reactive.first(database.runCommand(new Document("hello", 1)))
                .map(Objects::requireNonNull)
                .recover(failure -> {
                    if (!(failure instanceof Failures.Away)
                            || System.nanoTime() - since > options.startWithin().toNanos()) {
                        return Future.failedFuture(failure);
                    }
                    LOG.warn("waiting for MongoDB: {}", failure.getMessage());
                    return vertx.timer(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS)
                            .compose(again -> reached(since));
                });
    }

    /** The deployment's time when this replica began, from which on it hears of what others do. */
    @Nullable
    BsonTimestamp began() {
        return began;
    }

    private Future<Void> checkDeployment(Document hello) {
        began = hello.get("operationTime", BsonTimestamp.class);
        boolean hasTransactions = hello.containsKey("setName") || "isdbgrid".equals(hello.get("msg"));
        return hasTransactions
                ? Future.succeededFuture()
                : Future.failedFuture(new StoreException(
                        "MongoDB is a single server without replica set, which has neither transactions nor change streams;"
                                + " start it with --replSet and initiate the set",
                        new IllegalStateException("no replica set")));
    }

    /** What a replica had begun when it was killed keeps its entities from being changed until MongoDB gives it up. */
    private Future<Void> checkLifetime() {
        return Reactive.first(admin.runCommand(new Document("getParameter", 1).append(LIFETIME, 1)))
                .<Void>map(parameters -> {
                    Number seconds = Objects.requireNonNull(parameters).get(LIFETIME, Number.class);
                    if (seconds != null && seconds.intValue() > LONGEST_LIFETIME_SECONDS) {
                        LOG.warn(
                                "entities that a killed replica was changing cannot be changed for up to {} s; set MongoDB's parameter {} to 10",
                                seconds,
                                LIFETIME);
                    }
                    return null;
                })
                .otherwiseEmpty();
    }

    private Future<Void> checkFormat() {
        return numbered("format", Updates.setOnInsert(NUMBER, (long) FORMAT))
                .compose(format -> format == FORMAT
                        ? Future.succeededFuture()
                        : Future.failedFuture(new StoreException(
                                "the database " + options.database() + " has storage format " + format
                                        + "; this program reads format " + FORMAT,
                                new IllegalStateException("format"))));
    }

    /** Times go on where they were, even if the clock went back. */
    private Future<Void> continueClock() {
        return numbered(Heartbeat.CLOCK, Updates.setOnInsert(NUMBER, 0L)).map(last -> {
            ticks.continueAfter(last);
            return null;
        });
    }

    private Future<Replica> register() {
        return numbered("store", Updates.setOnInsert(NUMBER, ticks.next()))
                .compose(store -> numbered("replicas", Updates.inc(NUMBER, 1L)).map(number -> {
                    String id = Long.toString(store, Character.MAX_RADIX) + "." + Long.toString(number, 36);
                    return new Replica(
                            (int) (number & Integer.MAX_VALUE),
                            ticks,
                            new HistoryRecorder(id),
                            options.deleteHistoryWithEntity(),
                            new Companions());
                }));
    }

    private Future<Long> numbered(String name, Bson update) {
        MongoCollection<RawBsonDocument> meta = schema.meta();
        return Reactive.first(meta.findOneAndUpdate(
                        Filters.eq("_id", name),
                        update,
                        new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER)))
                .map(document ->
                        Objects.requireNonNull(document).getInt64(NUMBER).getValue());
    }
}
