package de.freiraum.store.mongodb;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real MongoDB server for tests: a replica set of one member, with a place of its own that is deleted in the end. {@link #shared} is one
 * server for the whole run, or the deployment that {@code FREIRAUM_TEST_MONGODB_URI} names; {@link #start} is a further one that a test may
 * kill. Where no server can be had tests are skipped, with {@code CI=true} they fail.
 */
public final class MongoServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static @Nullable MongoServer shared;
    private static @Nullable String missing;

    private final @Nullable Path folder;
    private final int port;
    private final String uri;
    private @Nullable Process process;

    private MongoServer(@Nullable Path folder, int port, String uri) {
        this.folder = folder;
        this.port = port;
        this.uri = uri;
    }

    /** The server that all tests of this run share; each takes databases of its own. */
    public static synchronized MongoServer shared() {
        if (missing != null) {
            skip(missing);
        }
        if (shared == null) {
            String given = System.getenv("FREIRAUM_TEST_MONGODB_URI");
            if (given != null && !given.isBlank()) {
                shared = new MongoServer(null, -1, given);
            } else {
                MongoServer started = start();
                Runtime.getRuntime().addShutdownHook(new Thread(started::close));
                shared = started;
            }
        }
        return shared;
    }

    /** A server of its own, which the caller closes. */
    public static MongoServer start() {
        try {
            MongodBinary binary = MongodBinary.find();
            int port = freePort();
            MongoServer server = new MongoServer(
                    Files.createTempDirectory("freiraum-mongod"),
                    port,
                    "mongodb://127.0.0.1:" + port + "/?replicaSet=rs0");
            server.launch(binary);
            server.initiate();
            return server;
        } catch (IOException e) {
            skip(String.valueOf(e.getMessage()));
            throw new UncheckedIOException(e);
        }
    }

    private static void skip(String reason) {
        missing = reason;
        String told = "NO MONGODB: the MongoDB store is not tested. " + reason
                + " Put mongod on the PATH, or set FREIRAUM_TEST_MONGODB_URI.";
        System.err.println(told);
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(told);
        }
        Assumptions.abort(told);
    }

    /** By which clients reach a database. */
    public String uri(String database) {
        int query = uri.indexOf('?');
        String base = query < 0 ? uri : uri.substring(0, query);
        int slash = base.indexOf('/', "mongodb://".length());
        String host = slash < 0 ? base : base.substring(0, slash);
        return host + "/" + database + (query < 0 ? "" : uri.substring(query));
    }

    /** A client, which the caller closes. */
    public MongoClient client() {
        return MongoClients.create(uri);
    }

    /** SIGKILL. */
    public void kill() {
        Process running = Objects.requireNonNull(process);
        running.destroyForcibly();
        try {
            running.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process = null;
    }

    /** Starts it again where it was, with what it has; does not wait until it is ready. */
    public void restart() {
        try {
            launch(MongodBinary.find());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes it give up being the primary; of a set of one member it becomes that again after a while. */
    public void stepDown() {
        try (MongoClient client = client()) {
            run(client, new Document("replSetStepDown", 2).append("force", true));
        }
    }

    /** SIGSTOP: it keeps its connections and answers nothing. Returns when all its threads stand still, which a busy machine delays. */
    public void pause() {
        signal("STOP");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::standsStill);
    }

    private boolean standsStill() throws IOException {
        Path threads =
                Path.of("/proc", Long.toString(Objects.requireNonNull(process).pid()), "task");
        if (!Files.isDirectory(threads)) {
            return true;
        }
        try (Stream<Path> each = Files.list(threads)) {
            return each.allMatch(MongoServer::isStopped);
        }
    }

    private static boolean isStopped(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return true;
        }
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder(
                            "kill",
                            "-" + name,
                            Long.toString(Objects.requireNonNull(process).pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void launch(MongodBinary binary) throws IOException {
        Path place = Objects.requireNonNull(folder);
        List<String> command = new ArrayList<>(List.of(
                binary.program().toString(),
                "--replSet",
                "rs0",
                "--bind_ip",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--dbpath",
                place.toString(),
                "--wiredTigerCacheSizeGB",
                "0.5",
                // what a killed process had begun holds its entities for so long
                "--setParameter",
                "transactionLifetimeLimitSeconds=5",
                "--setParameter",
                "diagnosticDataCollectionEnabled=false"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(place.resolve("mongod.log").toFile());
        if (binary.libraries() != null) {
            builder.environment().put("LD_LIBRARY_PATH", binary.libraries().toString());
        }
        process = builder.start();
    }

    private void initiate() {
        MongoClientSettings settings = MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString("mongodb://127.0.0.1:" + port + "/?directConnection=true"))
                .applyToClusterSettings(c -> c.serverSelectionTimeout(1, TimeUnit.SECONDS))
                .build();
        try (MongoClient client = MongoClients.create(settings)) {
            Document config = new Document("_id", "rs0")
                    .append("members", List.of(new Document("_id", 0).append("host", "127.0.0.1:" + port)))
                    .append("settings", new Document("electionTimeoutMillis", 1000));
            retry(() -> run(client, new Document("replSetInitiate", config)));
            retry(() -> {
                Document hello = run(client, new Document("hello", 1));
                if (!Boolean.TRUE.equals(hello.get("isWritablePrimary"))) {
                    throw new IllegalStateException("no primary yet: " + hello);
                }
            });
        }
    }

    private static void retry(Runnable step) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsMatching(e -> e instanceof MongoException || e instanceof IllegalStateException)
                .until(() -> {
                    step.run();
                    return true;
                });
    }

    private static Document run(MongoClient client, Document command) {
        Future<@Nullable Document> answer =
                Reactive.first(client.getDatabase("admin").runCommand(command));
        try {
            return Objects.requireNonNull(answer.await(10, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
        if (folder != null) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
