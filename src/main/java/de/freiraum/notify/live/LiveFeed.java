package de.freiraum.notify.live;

import de.freiraum.json.JsonWriter;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.store.EntityStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /live}: an event {@code entity} for each change, with {@code {"tenant", "id", "deleted", "entity"}}. Filters are the parameters
 * {@code tenant}, {@code type}, {@code idPattern} and {@code site}. A client that comes back with {@code Last-Event-ID} gets what it missed; if
 * that is no longer known, an event {@code reset} tells it to read the state anew.
 */
public final class LiveFeed {
    private static final Buffer HEARTBEAT = Buffer.buffer(": still here\n\n");
    private static final int MAX_COLLECTED = 100_000;

    private final Vertx vertx;
    private final Context loop;
    private final EntityStore store;
    private final LiveSettings settings;
    private final Function<Entity, byte[]> rendering;
    private final UnaryOperator<String> expand;
    private final String run;
    private final Deque<LiveEvent> remembered = new ArrayDeque<>();
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger collected = new AtomicInteger();
    private volatile boolean closed;
    private long lastNumber;
    private long heartbeatTimer;

    /**
     * A feed that is silent until {@link #start}.
     *
     * @param store whose changes to show
     * @param settings what to show, and limits
     * @param rendering writes an entity as JSON
     * @param expand gives the IRI of a type name in the parameter {@code type}
     * @param clock tells the time of the start, which event ids begin with
     */
    public LiveFeed(
            Vertx vertx,
            EntityStore store,
            LiveSettings settings,
            Function<Entity, byte[]> rendering,
            UnaryOperator<String> expand,
            InstantSource clock) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.store = store;
        this.settings = settings;
        this.rendering = rendering;
        this.expand = expand;
        this.run = Long.toString(clock.instant().toEpochMilli(), Character.MAX_RADIX);
    }

    /** Listens for changes from now on. */
    public void start() {
        store.onChangeAnywhere(this::changed);
        heartbeatTimer = vertx.setPeriodic(settings.heartbeat().toMillis(), id -> clients.forEach(Client::heartbeat));
    }

    /** Adds the route {@code /live}. */
    public void mount(Router router) {
        router.get("/live").handler(this::connect);
    }

    /** Ends all connections. */
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(heartbeatTimer);
        List<Future<Void>> ends = clients.stream().map(Client::end).toList();
        return ends.isEmpty()
                ? Future.succeededFuture()
                : Future.join(ends).otherwiseEmpty().mapEmpty();
    }

    /** How many clients are connected. */
    public int clients() {
        return connected.get();
    }

    /** On the store's thread: only looks whether the entity is shown. */
    private void changed(Change change) {
        Entity entity = change.latest();
        if (closed || change.tenant().isSnapshot() || entity.types().stream().noneMatch(settings.types()::contains)) {
            return;
        }
        // Clients that miss something get it with the entity's next change; memory must not grow without limit instead.
        if (collected.incrementAndGet() > MAX_COLLECTED) {
            collected.decrementAndGet();
            return;
        }
        loop.runOnContext(v -> {
            collected.decrementAndGet();
            LiveEvent event = new LiveEvent(++lastNumber, change.tenant(), entity, change.after() == null, this::bytes);
            remembered.addLast(event);
            if (remembered.size() > settings.remembered()) {
                remembered.removeFirst();
            }
            clients.forEach(client -> client.offer(event));
        });
    }

    private Buffer bytes(LiveEvent event) {
        JsonWriter json = new JsonWriter(1024);
        json.beginObject()
                .member("tenant", event.tenant().name())
                .member("id", event.entity().id())
                .name("deleted")
                .bool(event.deleted())
                .name("entity")
                .raw(rendering.apply(event.entity()))
                .endObject();
        return Buffer.buffer("event: entity\nid: " + id(event.number()) + "\ndata: ")
                .appendBytes(json.toBytes())
                .appendString("\n\n");
    }

    private String id(long number) {
        return run + "-" + number;
    }

    private void connect(RoutingContext routing) {
        HttpServerResponse response = routing.response();
        if (closed || connected.incrementAndGet() > settings.maxClients()) {
            connected.decrementAndGet();
            response.setStatusCode(503).putHeader("Retry-After", "30").end();
            return;
        }
        LiveFilter filter;
        try {
            filter = LiveFilter.of(routing.queryParams(), expand);
        } catch (NgsiLdException e) {
            connected.decrementAndGet();
            JsonWriter json = new JsonWriter();
            json.beginObject()
                    .member("type", e.type().uri())
                    .member("title", e.type().name())
                    .member("detail", e.detail())
                    .endObject();
            response.setStatusCode(e.type().status())
                    .putHeader("Content-Type", "application/json")
                    .end(Buffer.buffer(json.toBytes()));
            return;
        }
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
        Client client = new Client(response, vertx.getOrCreateContext(), filter);
        response.closeHandler(v -> client.gone());
        response.exceptionHandler(e -> client.gone());
        response.drainHandler(v -> client.flush());
        response.write(Buffer.buffer("retry: 3000\n\n"));
        String last = routing.request().getHeader("Last-Event-ID");
        loop.runOnContext(v -> {
            catchUp(client, last);
            if (client.isOpen()) {
                clients.add(client);
            }
        });
    }

    private void catchUp(Client client, @Nullable String lastEventId) {
        if (lastEventId == null) {
            return;
        }
        long seen = numberOf(lastEventId);
        LiveEvent oldest = remembered.peekFirst();
        boolean known = seen == lastNumber || (oldest != null && seen >= oldest.number() - 1 && seen < lastNumber);
        if (seen < 0 || !known) {
            client.reset(Buffer.buffer("event: reset\nid: " + id(lastNumber) + "\ndata: {}\n\n"));
            return;
        }
        for (LiveEvent event : remembered) {
            if (event.number() > seen) {
                client.offer(event);
            }
        }
    }

    /** The number in an event id of this run, or -1. */
    private long numberOf(String eventId) {
        String prefix = run + "-";
        if (!eventId.startsWith(prefix) || !eventId.substring(prefix.length()).matches("\\d{1,18}")) {
            return -1;
        }
        return Long.parseLong(eventId.substring(prefix.length()));
    }

    private record EntityKey(Tenant tenant, String id) {}

    /** One connection. Its queue is touched on its own context only. */
    private final class Client {
        private final HttpServerResponse response;
        private final Context context;
        private final LiveFilter filter;
        private final Map<EntityKey, LiveEvent> waiting = new LinkedHashMap<>();
        private final AtomicBoolean open = new AtomicBoolean(true);

        Client(HttpServerResponse response, Context context, LiveFilter filter) {
            this.response = response;
            this.context = context;
            this.filter = filter;
        }

        boolean isOpen() {
            return open.get();
        }

        void offer(LiveEvent event) {
            if (filter.passes(event.tenant(), event.entity())) {
                context.runOnContext(v -> take(event));
            }
        }

        private void take(LiveEvent event) {
            if (!open.get()) {
                return;
            }
            EntityKey key = new EntityKey(event.tenant(), event.entity().id());
            // Removed first, so that the newest event also is the last one and event ids only grow.
            waiting.remove(key);
            waiting.put(key, event);
            if (waiting.size() > settings.waitingPerClient()) {
                end();
                return;
            }
            flush();
        }

        void flush() {
            List<LiveEvent> ready = new ArrayList<>(waiting.values());
            for (LiveEvent event : ready) {
                if (!open.get() || response.writeQueueFull()) {
                    return;
                }
                waiting.remove(new EntityKey(event.tenant(), event.entity().id()));
                response.write(event.bytes());
            }
        }

        void reset(Buffer event) {
            context.runOnContext(v -> {
                if (open.get()) {
                    response.write(event);
                }
            });
        }

        void heartbeat() {
            context.runOnContext(v -> {
                if (open.get() && !response.writeQueueFull()) {
                    response.write(HEARTBEAT);
                }
            });
        }

        Future<Void> end() {
            Promise<Void> ended = Promise.promise();
            context.runOnContext(v -> {
                if (open.get()) {
                    gone();
                    // A client that does not read would never take an orderly end.
                    Future<Void> closing =
                            response.writeQueueFull() ? response.reset().mapEmpty() : response.end();
                    closing.onComplete(done -> ended.complete());
                } else {
                    ended.complete();
                }
            });
            return ended.future();
        }

        void gone() {
            if (open.compareAndSet(true, false)) {
                connected.decrementAndGet();
                clients.remove(this);
                waiting.clear();
            }
        }
    }
}
