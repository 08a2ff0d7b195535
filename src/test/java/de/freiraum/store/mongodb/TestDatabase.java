package de.freiraum.store.mongodb;

import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoCollection;
import com.mongodb.reactivestreams.client.MongoDatabase;
import io.vertx.core.Future;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.bson.RawBsonDocument;

/** A database of the shared server, which is emptied rather than dropped: making collections and indexes takes longer than a test. */
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final MongoServer SERVER = MongoServer.shared();
    private static final MongoClient CLIENT = SERVER.client();

    private static final Queue<String> USED = new ConcurrentLinkedQueue<>();

    static {
        // a deployment that was given outlives the tests
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (System.getenv("FREIRAUM_TEST_MONGODB_URI") != null) {
                USED.forEach(
                        name -> await(Reactive.done(CLIENT.getDatabase(name).drop())));
            }
        }));
    }

    private final String name = "test" + ProcessHandle.current().pid() + "x" + COUNT.incrementAndGet();

    /** By which stores reach it. */
    public String uri() {
        USED.add(name);
        return SERVER.uri(name);
    }

    MongoDatabase database() {
        return CLIENT.getDatabase(name);
    }

    MongoCollection<RawBsonDocument> collection(String collection) {
        return database().getCollection(collection, RawBsonDocument.class);
    }

    /** Empties it. */
    public void clear() {
        await(Future.all(
                List.of("entities", "history", "evolutions", "changes", "documents", "tenants", "meta").stream()
                        .map(collection -> Reactive.done(collection(collection).deleteMany(new Document())))
                        .toList()));
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("MongoDB gave no answer in 20 s", e);
        }
    }
}
