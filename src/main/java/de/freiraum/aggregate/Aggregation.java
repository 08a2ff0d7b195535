package de.freiraum.aggregate;

import de.freiraum.aggregate.device.DeviceWatch;
import de.freiraum.aggregate.footfall.FootfallAggregator;
import de.freiraum.aggregate.parking.ParkingAggregator;
import de.freiraum.aggregate.work.Backlog;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.model.Change;
import de.freiraum.store.EntityStore;
import de.freiraum.store.TemporalStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/** The aggregates of a store for as long as this process computes them. They correct themselves first and then follow the committed changes. Callable from any thread. */
final class Aggregation {
    private final Vertx vertx;
    private final Backlog backlog = new Backlog();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Home parkingHome;
    private final Home footfallHome;
    private final ParkingAggregator parking;
    private final FootfallAggregator footfall;
    private final DeviceWatch devices;
    private long timer = -1;

    private Aggregation(
            Vertx vertx,
            EntityStore store,
            TemporalStore history,
            AggregateConfig config,
            InstantSource clock,
            Home parkingHome,
            Home footfallHome) {
        this.vertx = vertx;
        this.parkingHome = parkingHome;
        this.footfallHome = footfallHome;
        this.parking = new ParkingAggregator(
                store,
                history,
                config.parking(),
                clock,
                config.footfall()::zoneOf,
                BuiltInContexts.named("parking")::expand,
                parkingHome.context(),
                backlog);
        this.footfall = new FootfallAggregator(
                store,
                history,
                config.footfall(),
                clock,
                BuiltInContexts.named("device")::expand,
                BuiltInContexts.named("footfall")::expand,
                footfallHome.context(),
                backlog);
        this.devices = new DeviceWatch(
                store,
                config.devices(),
                clock,
                BuiltInContexts.named("device")::expand,
                parkingHome.context(),
                backlog);
    }

    /** Ready to hear of changes; computes nothing before {@link #begin}. */
    static Future<Aggregation> create(
            EntityStore store, TemporalStore history, AggregateConfig config, InstantSource clock, Vertx vertx) {
        Home parkingHome = new Home();
        Home footfallHome = new Home();
        return vertx.deployVerticle(parkingHome)
                .compose(id -> vertx.deployVerticle(footfallHome))
                .map(id -> new Aggregation(vertx, store, history, config, clock, parkingHome, footfallHome));
    }

    /**
     * Begins to compute. When it completes, every spot and counter that the store holds is known; what has to be corrected is corrected after that
     * ({@link #drain} tells when).
     */
    Future<Void> begin(AggregateConfig config, InstantSource clock) {
        return reconcile().map(v -> {
            schedule(config, clock);
            return null;
        });
    }

    /** Completes when no work is open: every aggregate is what the changes until now make it. */
    Future<Void> drain() {
        return backlog.whenEmpty();
    }

    /** Makes spots unknown whose sensors have been silent until that time, and such devices stale. Returns at once. */
    void tick(Instant now) {
        parking.tick(now);
        devices.tick(now);
    }

    /** Stops. Work under way is ended, the rest is found again at the next start. */
    Future<Void> close() {
        if (!closed.compareAndSet(false, true)) {
            return drain();
        }
        cancelTimer();
        return parking.close()
                .compose(v -> footfall.close())
                .compose(v -> devices.close())
                .compose(v -> vertx.undeploy(parkingHome.deploymentId()))
                .compose(v -> vertx.undeploy(footfallHome.deploymentId()));
    }

    /** Totals and silence, for their counters. */
    ParkingAggregator parking() {
        return parking;
    }

    /** Windows, for their counters. */
    FootfallAggregator footfall() {
        return footfall;
    }

    /** How many sites, groups, spots and counters have work waiting or under way. */
    long open() {
        return backlog.size();
    }

    void onChange(Change change) {
        if (!closed.get() && !change.tenant().isSnapshot()) {
            parking.onChange(change);
            footfall.onChange(change);
            devices.onChange(change);
        }
    }

    private Future<Void> reconcile() {
        return parking.reconcile().compose(v -> footfall.reconcile()).compose(v -> devices.reconcile());
    }

    private synchronized void schedule(AggregateConfig config, InstantSource clock) {
        if (!config.tick().isZero() && !closed.get()) {
            timer = vertx.setPeriodic(Math.max(1, config.tick().toMillis()), id -> tick(clock.instant()));
        }
    }

    private synchronized void cancelTimer() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
    }

    /** Nothing but an event loop context of its own. */
    private static final class Home extends VerticleBase {
        Context context() {
            return context;
        }

        String deploymentId() {
            return deploymentID();
        }
    }
}
