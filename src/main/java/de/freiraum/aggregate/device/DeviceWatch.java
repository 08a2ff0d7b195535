package de.freiraum.aggregate.device;

import de.freiraum.aggregate.work.Backlog;
import de.freiraum.aggregate.work.Deadlines;
import de.freiraum.aggregate.work.EntityKey;
import de.freiraum.aggregate.work.KeyedWork;
import de.freiraum.aggregate.work.Scan;
import de.freiraum.model.Change;
import de.freiraum.model.Entity;
import de.freiraum.model.Origin;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.EntityStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Keeps {@code deviceState} and {@code lowBattery} of devices, so that those that are stale or run out can be queried and subscribed to. Thread-safe. */
public final class DeviceWatch {
    private static final int PARALLEL = 32;

    private final EntityStore store;
    private final DeviceConfig config;
    private final InstantSource clock;
    private final Names names;
    private final Deadlines deadlines = new Deadlines();
    private final KeyedWork<EntityKey, Boolean> states;
    private final AtomicLong written = new AtomicLong();

    /**
     * Not started.
     *
     * @param clock tells what is stale
     * @param expand the expansion of the device context
     * @param context where the work runs
     * @param backlog is told of the work that is open
     */
    public DeviceWatch(
            EntityStore store,
            DeviceConfig config,
            InstantSource clock,
            UnaryOperator<String> expand,
            Context context,
            Backlog backlog) {
        this.store = store;
        this.config = config;
        this.clock = clock;
        this.names = Names.of(expand);
        this.states = new KeyedWork<>("device states", context, backlog, PARALLEL, (a, b) -> a, this::write);
    }

    /** Takes up a committed change. Returns at once. */
    public void onChange(Change change) {
        Entity after = change.after();
        if (after != null && after.types().contains(names.device())) {
            take(new EntityKey(change.tenant(), change.entityId()), after);
        } else if (change.before() != null && change.before().types().contains(names.device())) {
            deadlines.set(new EntityKey(change.tenant(), change.entityId()), null);
        }
    }

    /** Reads all devices and corrects what they say, as after a crash. */
    public Future<Void> reconcile() {
        return Scan.allTenants(
                store,
                EntityQuery.ofType(names.device()),
                (tenant, entity) ->
                        // Read again when its turn comes: a change may have overtaken the page.
                        states.add(new EntityKey(tenant, entity.id()), true));
    }

    /** Makes devices stale that have been silent until that time. Returns at once. */
    public void tick(Instant now) {
        deadlines.due(now).forEach(device -> states.add(device, true));
    }

    /** Completes when no work is under way any more; what waits is dropped. */
    public Future<Void> close() {
        return states.close();
    }

    /** How many times a device's state was written. */
    public long statesWritten() {
        return written.get();
    }

    private void take(EntityKey key, Entity device) {
        DeviceState state = watched(key, device, clock.instant());
        if (!state.isToldBy(device, names)) {
            states.add(key, true);
        }
    }

    private DeviceState watched(EntityKey key, Entity device, Instant now) {
        DeviceState state = DeviceState.of(device, now, names, config);
        Instant deadline = state.deadline();
        deadlines.set(key, deadline != null && deadline.isAfter(now) ? deadline : null);
        return state;
    }

    private Future<Void> write(EntityKey key, Boolean asked) {
        Instant now = clock.instant();
        return store.retrieve(key.tenant(), key.id()).compose(device -> {
            if (device == null) {
                return Future.succeededFuture();
            }
            DeviceState state = watched(key, device, now);
            if (state.isToldBy(device, names)) {
                return Future.succeededFuture();
            }
            return store.apply(key.tenant(), key.id(), DeviceState.change(now, names, config), Origin.AGGREGATE)
                    .map(applied -> {
                        if (applied.change() != null) {
                            written.incrementAndGet();
                        }
                        return null;
                    });
        });
    }
}
