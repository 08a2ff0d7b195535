package de.freiraum.notify.live;

import de.freiraum.model.Entity;
import de.freiraum.model.Tenant;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.EntityStore;
import de.freiraum.store.EntityStore.EntityPage;
import de.freiraum.store.TemporalStore;
import de.freiraum.store.TemporalStore.Head;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a client missed that was away for longer than the feed remembers, or while the server started again: from the store, the newest state of every entity that
 * changed since, and the deletions. Piece by piece, at the speed of the client.
 */
final class LiveReplay {
    private static final int PIECE = 200;

    private final EntityStore entities;
    private final TemporalStore history;
    private final Set<String> hiddenTypes;
    private final UnaryOperator<Entity> shown;
    private final LiveClient client;
    private final Instant since;
    private int left;

    /**
     * A replay for one client.
     *
     * @param shown takes away what is never shown
     * @param since the first instant of what was missed
     * @param most entities to look at for the client that did change
     */
    LiveReplay(
            EntityStore entities,
            TemporalStore history,
            Set<String> hiddenTypes,
            UnaryOperator<Entity> shown,
            LiveClient client,
            Instant since,
            int most) {
        this.entities = entities;
        this.history = history;
        this.hiddenTypes = hiddenTypes;
        this.shown = shown;
        this.client = client;
        this.since = since;
        this.left = most;
    }

    /** Sends everything; false if that was too much, so that the client must begin anew. */
    Future<Boolean> run() {
        List<Tenant> tenants = entities.tenants().stream()
                .filter(tenant -> !tenant.isSnapshot() && client.filter().wants(tenant))
                .sorted(Comparator.comparing(Tenant::name))
                .toList();
        return next(tenants.iterator());
    }

    private Future<Boolean> next(Iterator<Tenant> tenants) {
        if (!tenants.hasNext()) {
            return Future.succeededFuture(true);
        }
        return piece(tenants.next(), null).compose(all -> all ? next(tenants) : Future.succeededFuture(false));
    }

    private Future<Boolean> piece(Tenant tenant, @Nullable String after) {
        EntityQuery candidates = client.filter().query().candidates();
        return history.heads(tenant, candidates, after, PIECE).compose(heads -> {
            Map<String, Head> changed = new LinkedHashMap<>();
            heads.stream().filter(this::isMissed).forEach(head -> changed.put(head.entityId(), head));
            left -= changed.size();
            if (left < 0) {
                return Future.succeededFuture(false);
            }
            return send(tenant, changed)
                    .compose(sent -> heads.size() < PIECE
                            ? Future.succeededFuture(true)
                            : piece(tenant, heads.get(heads.size() - 1).entityId()));
        });
    }

    private boolean isMissed(Head head) {
        return head.types().stream().noneMatch(hiddenTypes::contains)
                && (isSince(head.modifiedAt()) || isSince(head.deletedAt()));
    }

    private boolean isSince(@Nullable Instant time) {
        return time != null && !time.isBefore(since);
    }

    private Future<Void> send(Tenant tenant, Map<String, Head> changed) {
        if (changed.isEmpty()) {
            return Future.succeededFuture();
        }
        EntityQuery current = EntityQuery.ALL.withIds(changed.keySet());
        return entities.query(tenant, current, 0, changed.size(), false)
                .map(EntityPage::entities)
                .compose(found -> client.replay(events(tenant, changed, found)));
    }

    private List<LiveClient.Missed> events(Tenant tenant, Map<String, Head> changed, List<Entity> found) {
        Set<String> gone = new HashSet<>(changed.keySet());
        List<LiveClient.Missed> events = new ArrayList<>();
        for (Entity entity : found) {
            gone.remove(entity.id());
            Entity visible = shown.apply(entity);
            // Whether it was one of those asked for before is not known; who did not have it loses nothing.
            if (client.filter().mayHaveMatched(entity.id(), entity.types())) {
                boolean matches = client.filter().matches(visible);
                events.add(new LiveClient.Missed(new LiveEvent("", 0, tenant, null, visible, false), !matches));
            }
        }
        for (Map.Entry<String, Head> entry : changed.entrySet()) {
            Head head = entry.getValue();
            if (gone.contains(entry.getKey())
                    && head.deletedAt() != null
                    && client.filter().mayHaveMatched(head.entityId(), head.types())) {
                Entity last = new Entity(head.entityId(), head.types(), List.of(), Map.of(), null, null, null);
                events.add(new LiveClient.Missed(new LiveEvent("", 0, tenant, null, last, true), false));
            }
        }
        return events;
    }
}
