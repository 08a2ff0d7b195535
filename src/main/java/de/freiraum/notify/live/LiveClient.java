package de.freiraum.notify.live;

import de.freiraum.model.Tenant;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection. What waits for a client that reads slowly is the newest state of each entity; if too many wait, they are dropped and the client is told to begin
 * anew. Its queue is touched on its own context only.
 */
final class LiveClient {
    private final HttpServerResponse response;
    private final Context context;
    private final LiveFilter filter;
    private final LiveView usual;
    private final int mostWaiting;
    private final Consumer<LiveClient> onGone;
    private final Map<EntityKey, Waiting> waiting = new LinkedHashMap<>();
    private final AtomicBoolean open = new AtomicBoolean(true);
    private @Nullable String position;
    private @Nullable String resetTo;
    private @Nullable Promise<Void> room;
    private boolean catchingUp;

    private record EntityKey(Tenant tenant, String id) {}

    /**
     * What a client may have missed.
     *
     * @param left whether the entity is none of those asked for now
     */
    record Missed(LiveEvent event, boolean left) {}

    private record Waiting(LiveEvent event, boolean left) {}

    /**
     * A connection whose head was sent.
     *
     * @param context of the connection
     * @param usual the view whose bytes clients share
     * @param onGone called once, on any thread
     */
    LiveClient(
            HttpServerResponse response,
            Context context,
            LiveFilter filter,
            LiveView usual,
            int mostWaiting,
            Consumer<LiveClient> onGone) {
        this.response = response;
        this.context = context;
        this.filter = filter;
        this.usual = usual;
        this.mostWaiting = mostWaiting;
        this.onGone = onGone;
        response.closeHandler(v -> gone());
        response.exceptionHandler(e -> gone());
        response.drainHandler(v -> flush());
    }

    LiveFilter filter() {
        return filter;
    }

    boolean isOpen() {
        return open.get();
    }

    /** Takes an event if it is one of those asked for. Called in the order of the events. */
    void offer(LiveEvent event) {
        if (!filter.wants(event.tenant())) {
            return;
        }
        boolean matches = filter.matches(event.entity());
        boolean matched = !matches && event.before() != null && filter.matches(event.before());
        if (matches || matched) {
            context.runOnContext(v -> take(event, matched));
        }
    }

    private void take(LiveEvent event, boolean left) {
        if (!open.get() || resetTo != null) {
            return;
        }
        EntityKey key = new EntityKey(event.tenant(), event.entity().id());
        // Removed first, so that the newest event also is the last one and event ids only grow.
        waiting.remove(key);
        waiting.put(key, new Waiting(event, left));
        if (waiting.size() > mostWaiting) {
            beginAnew(event.id());
            return;
        }
        flush();
    }

    /** Drops what waits, and says so as soon as the client reads again. */
    private void beginAnew(String at) {
        waiting.clear();
        catchingUp = false;
        resetTo = at;
        flush();
    }

    private void flush() {
        if (!open.get() || response.writeQueueFull()) {
            return;
        }
        Promise<Void> awaited = room;
        if (awaited != null) {
            room = null;
            awaited.complete();
        }
        if (catchingUp) {
            return;
        }
        String reset = resetTo;
        if (reset != null) {
            resetTo = null;
            response.write(Buffer.buffer("event: reset\nid: " + reset + "\ndata: {}\n\n"));
        }
        List<Waiting> ready = new ArrayList<>(waiting.values());
        for (Waiting next : ready) {
            if (!open.get() || response.writeQueueFull()) {
                return;
            }
            LiveEvent event = next.event();
            waiting.remove(new EntityKey(event.tenant(), event.entity().id()));
            response.write(bytes(event, next.left()));
        }
        if (position != null) {
            response.write(Buffer.buffer("id: " + position + "\n\n"));
            position = null;
        }
    }

    private Buffer bytes(LiveEvent event, boolean left) {
        LiveView view = filter.view();
        return view == usual && !left ? event.bytes(usual) : view.event(event.id(), event, left);
    }

    /** Tells the client to read the state anew, and where the feed is by now. */
    void reset(String at) {
        context.runOnContext(v -> beginAnew(at));
    }

    /** From now on until {@link #caughtUp}, events wait. */
    void catchUp() {
        context.runOnContext(v -> catchingUp = true);
    }

    /** Writes what was missed; events that the feed makes wait meanwhile. Succeeds when there is room for more. */
    Future<Void> replay(List<Missed> missed) {
        Promise<Void> written = Promise.promise();
        context.runOnContext(v -> {
            if (!open.get()) {
                written.fail("the client is gone");
                return;
            }
            missed.forEach(one -> response.write(filter.view().event(null, one.event(), one.left())));
            if (response.writeQueueFull()) {
                room = written;
            } else {
                written.complete();
            }
        });
        return written.future();
    }

    /** Lets go what waited, after what was missed. */
    void caughtUp(String at) {
        context.runOnContext(v -> {
            catchingUp = false;
            if (position == null) {
                position = at;
            }
            flush();
        });
    }

    /** Tells that the feed goes on, and where it is: a client to whom nothing happened for long need not go far back either. */
    void heartbeat(String at) {
        context.runOnContext(v -> {
            if (open.get() && !response.writeQueueFull()) {
                boolean complete = waiting.isEmpty() && !catchingUp && resetTo == null;
                response.write(Buffer.buffer(": still here\n" + (complete ? "id: " + at + "\n" : "") + "\n"));
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

    private void gone() {
        if (open.compareAndSet(true, false)) {
            waiting.clear();
            Promise<Void> awaited = room;
            room = null;
            if (awaited != null) {
                awaited.fail("the client is gone");
            }
            onGone.accept(this);
        }
    }
}
