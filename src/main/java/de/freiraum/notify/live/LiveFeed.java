package de.freiraum.notify.live;

import de.freiraum.json.JsonWriter;
import de.freiraum.model.Attribute;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.representation.EntityWriter;
import de.freiraum.store.Store;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /live}: an event {@code entity} for each change, with {@code {"tenant", "id", "deleted", "entity"}}, filtered as {@link LiveFilter} says. A client that
 * comes back with {@code Last-Event-ID} gets what it missed: from what is remembered here, or else from the store; if neither has it, an event {@code reset} tells
 * it to read the state anew.
 */
public final class LiveFeed {
    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);
    private static final int MAX_COLLECTED = 100_000;
    private static final int MAX_REPLAYS = 4;

    /** Changes are told in another order than that of their times, but not that much. */
    private static final Duration DISORDER = Duration.ofSeconds(10);

    /** Whoever was away for longer reads everything anew sooner than it is told what changed. */
    private static final Duration LONGEST_ABSENCE = Duration.ofDays(1);

    private final Vertx vertx;
    private final Context loop;
    private final Store store;
    private final LiveSettings settings;
    private final LiveAccess access;
    private final EntityWriter writer;
    private final InstantSource clock;
    private final LiveView usual;
    private final String run;
    private final Deque<LiveEvent> remembered = new ArrayDeque<>();
    private final Set<LiveClient> clients = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger collected = new AtomicInteger();
    private final AtomicInteger replays = new AtomicInteger();
    private final AtomicBoolean missed = new AtomicBoolean();
    private volatile boolean closed;
    private long lastNumber;
    private Instant lastAt;
    private long heartbeatTimer;

    /**
     * A feed that is silent until {@link #start}.
     *
     * @param store whose changes to show
     * @param settings what not to show, and limits
     * @param access what each client may see
     * @param writer writes entities as JSON
     * @param clock tells the time of the start, by which event ids know their run
     */
    public LiveFeed(
            Vertx vertx,
            Store store,
            LiveSettings settings,
            LiveAccess access,
            EntityWriter writer,
            InstantSource clock) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.store = store;
        this.settings = settings;
        this.access = access;
        this.writer = writer;
        this.clock = clock;
        this.usual = LiveView.usual(writer);
        this.lastAt = clock.instant();
        this.run = Position.encoded(lastAt);
    }

    /** Listens for changes from now on. */
    public void start() {
        store.onChangeAnywhere(this::changed);
        heartbeatTimer = vertx.setPeriodic(settings.heartbeat().toMillis(), id -> loop.runOnContext(v -> heartbeat()));
    }

    /** Adds the route {@code /live}. */
    public void mount(Router router) {
        router.get("/live").handler(this::connect);
    }

    /** Ends all connections. */
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(heartbeatTimer);
        List<Future<Void>> ends = clients.stream().map(LiveClient::end).toList();
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
        if (closed || change.tenant().isSnapshot() || isHidden(change.latest())) {
            return;
        }
        // Memory must not grow without limit; clients that miss something are told.
        if (collected.incrementAndGet() > MAX_COLLECTED) {
            collected.decrementAndGet();
            missed.set(true);
            return;
        }
        loop.runOnContext(v -> {
            collected.decrementAndGet();
            publish(change);
        });
    }

    private boolean isHidden(Entity entity) {
        for (String type : entity.types()) {
            if (settings.hiddenTypes().contains(type)) {
                return true;
            }
        }
        return false;
    }

    private Entity shown(Entity entity) {
        if (settings.hiddenAttributes().stream().noneMatch(entity.attributes()::containsKey)) {
            return entity;
        }
        Map<String, List<Attribute>> attributes = new LinkedHashMap<>(entity.attributes());
        attributes.keySet().removeAll(settings.hiddenAttributes());
        return entity.withAttributes(attributes);
    }

    private void publish(Change change) {
        if (change.at().isAfter(lastAt)) {
            lastAt = change.at();
        }
        lastNumber++;
        Entity before = change.before();
        LiveEvent event = new LiveEvent(
                position(),
                lastNumber,
                change.tenant(),
                before == null || change.after() == null ? null : shown(before),
                shown(change.latest()),
                change.after() == null);
        if (missed.getAndSet(false)) {
            remembered.clear();
            clients.forEach(client -> client.reset(event.id()));
        }
        remembered.addLast(event);
        if (remembered.size() > settings.remembered()) {
            remembered.removeFirst();
        }
        clients.forEach(client -> client.offer(event));
    }

    private void heartbeat() {
        String at = position();
        clients.forEach(client -> client.heartbeat(at));
    }

    private String position() {
        return new Position(lastAt, run, lastNumber).id();
    }

    private void connect(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        if (closed || connected.incrementAndGet() > settings.maxClients()) {
            connected.decrementAndGet();
            request.response().putHeader("Retry-After", "30");
            refuse(request, 503, "about:blank", "Too many clients", "the live feed has as many clients as it may have");
            return;
        }
        Predicate<Tenant> readable;
        Future<de.freiraum.jsonld.@Nullable Context> context;
        try {
            readable = access.tenants(request);
            context = access.context(request);
        } catch (NgsiLdException e) {
            connected.decrementAndGet();
            refuse(request, e);
            return;
        }
        context.map(named -> LiveFilter.of(
                        routing.queryParams(), request.getHeader("NGSILD-Tenant"), readable, named, writer, usual))
                .onSuccess(filter -> open(request, filter))
                .onFailure(failure -> {
                    connected.decrementAndGet();
                    if (failure instanceof NgsiLdException e) {
                        refuse(request, e);
                    } else {
                        LOG.warn("a client of the live feed cannot be served", failure);
                        refuse(
                                request,
                                500,
                                "about:blank",
                                "Internal Error",
                                "the live feed failed; the log has the reason");
                    }
                });
    }

    private static void refuse(HttpServerRequest request, NgsiLdException e) {
        refuse(request, e.type().status(), e.type().uri(), e.type().name(), e.detail());
    }

    private static void refuse(HttpServerRequest request, int status, String type, String title, String detail) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(Buffer.buffer(new JsonWriter()
                        .beginObject()
                        .member("type", type)
                        .member("title", title)
                        .member("status", status)
                        .member("detail", detail)
                        .endObject()
                        .toBytes()));
    }

    private void open(HttpServerRequest request, LiveFilter filter) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            connected.decrementAndGet();
            return;
        }
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
        LiveClient client = new LiveClient(
                response, vertx.getOrCreateContext(), filter, usual, settings.waitingPerClient(), gone -> {
                    connected.decrementAndGet();
                    clients.remove(gone);
                });
        response.write(Buffer.buffer("retry: 3000\n\n"));
        String last = request.getHeader("Last-Event-ID");
        loop.runOnContext(v -> {
            begin(client, last);
            clients.add(client);
            // It may have gone before it was added.
            if (!client.isOpen()) {
                clients.remove(client);
            }
        });
    }

    /** Gives the client what it missed, and the place where it is now. */
    private void begin(LiveClient client, @Nullable String lastEventId) {
        String now = position();
        if (lastEventId == null || lastEventId.isEmpty()) {
            // Without changes for long, the last one says little about when this client came.
            client.heartbeat(new Position(latest(clock.instant(), lastAt), run, lastNumber).id());
            return;
        }
        Position seen = Position.of(lastEventId);
        if (seen == null) {
            client.reset(now);
        } else if (isRemembered(seen)) {
            remembered.stream().filter(event -> event.number() > seen.number()).forEach(client::offer);
            client.heartbeat(now);
        } else if (seen.at().isBefore(clock.instant().minus(LONGEST_ABSENCE))) {
            client.reset(now);
        } else if (replays.incrementAndGet() > MAX_REPLAYS) {
            replays.decrementAndGet();
            client.reset(now);
        } else {
            replay(client, seen.at().minus(DISORDER), now);
        }
    }

    private static Instant latest(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private boolean isRemembered(Position seen) {
        if (!seen.run().equals(run) || seen.number() > lastNumber) {
            return false;
        }
        LiveEvent oldest = remembered.peekFirst();
        return seen.number() == lastNumber || (oldest != null && seen.number() >= oldest.number() - 1);
    }

    private void replay(LiveClient client, Instant since, String now) {
        client.catchUp();
        new LiveReplay(store, store, settings.hiddenTypes(), this::shown, client, since, settings.replayed())
                .run()
                .onComplete(done -> {
                    replays.decrementAndGet();
                    if (done.succeeded() && done.result()) {
                        client.caughtUp(now);
                    } else {
                        client.reset(now);
                    }
                });
    }
}
