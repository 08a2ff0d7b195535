package de.freiraum.app;

import de.freiraum.aggregate.Aggregators;
import de.freiraum.app.operations.Control;
import de.freiraum.app.operations.OperationsRoutes;
import de.freiraum.broker.BatchOperations;
import de.freiraum.broker.ContextCacheStore;
import de.freiraum.broker.ContextOperations;
import de.freiraum.broker.DiscoveryOperations;
import de.freiraum.broker.EgressContextLoader;
import de.freiraum.broker.EntityMapOperations;
import de.freiraum.broker.EntityMaps;
import de.freiraum.broker.EntityOperations;
import de.freiraum.broker.HostedContexts;
import de.freiraum.broker.LinkedRetrieval;
import de.freiraum.broker.QueryOperations;
import de.freiraum.broker.SharedEntityMaps;
import de.freiraum.broker.SourceIdentity;
import de.freiraum.broker.snapshots.SnapshotOperations;
import de.freiraum.broker.snapshots.Stores;
import de.freiraum.broker.subscriptions.SubscriptionOperations;
import de.freiraum.broker.temporal.TemporalEntityMaps;
import de.freiraum.broker.temporal.TemporalOperations;
import de.freiraum.dashboard.DashboardRoutes;
import de.freiraum.dashboard.DashboardSettings;
import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressSettings;
import de.freiraum.federation.Federation;
import de.freiraum.federation.RemoteSubscriptions;
import de.freiraum.http.ApiRouter;
import de.freiraum.http.BatchRoutes;
import de.freiraum.http.ContextRoutes;
import de.freiraum.http.DiscoveryRoutes;
import de.freiraum.http.EntityMapRoutes;
import de.freiraum.http.EntityRoutes;
import de.freiraum.http.InfoRoutes;
import de.freiraum.http.QueryRoutes;
import de.freiraum.http.RemoteNotificationRoutes;
import de.freiraum.http.SnapshotRoutes;
import de.freiraum.http.SubscriptionRoutes;
import de.freiraum.http.TemporalEntityMapRoutes;
import de.freiraum.http.TemporalRoutes;
import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.config.IngestConfig;
import de.freiraum.ingest.webhook.DeadLetterRoutes;
import de.freiraum.ingest.webhook.ReplayRoutes;
import de.freiraum.ingest.webhook.WebhookRoutes;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.notify.Notifier;
import de.freiraum.notify.NotifierSettings;
import de.freiraum.notify.live.LiveFeed;
import de.freiraum.ops.AuditLog;
import de.freiraum.ops.Health;
import de.freiraum.ops.LoopWatch;
import de.freiraum.ops.Metrics;
import de.freiraum.ops.OpsRoutes;
import de.freiraum.ops.RequestLog;
import de.freiraum.ops.Version;
import de.freiraum.representation.EntityWriter;
import de.freiraum.retention.Retention;
import de.freiraum.security.AccessPolicy;
import de.freiraum.store.Store;
import de.freiraum.store.embedded.Durability;
import de.freiraum.store.embedded.EmbeddedStore;
import de.freiraum.web.Browsers;
import de.freiraum.web.RateLimit;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: store, aggregates, notifications, ingestion and HTTP, put together. Starts from the inside out and stops from the outside
 * in, so that nothing is accepted that could not be kept.
 */
public final class Freiraum {
    private static final Logger LOG = LoggerFactory.getLogger(Freiraum.class);
    private static final Duration SWEEP = Duration.ofHours(1);
    private static final Duration MAPS_SWEEP = Duration.ofSeconds(30);
    private static final long REMEMBERED_BYTES =
            Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 8);

    private final AppConfig config;
    private final IngestConfig ingest;
    private final InstantSource clock;
    private final Vertx vertx;
    private final Lifecycle lifecycle;
    private final Credentials credentials;
    private volatile Control control = Control.at(URI.create("http://localhost"));
    private final Metrics metrics = new Metrics().withProcess();
    private final Health health = new Health();
    private volatile boolean ready;
    private final @Nullable SourceFiles files;
    private volatile @Nullable SourcesReload reload;
    private volatile int httpPort;
    private volatile int mqttPort = -1;
    private volatile @Nullable Served served;
    private volatile @Nullable Auditor auditor;

    /**
     * What the HTTP server answers.
     *
     * @param api everything below {@code /ngsi-ld/v1}
     * @param pages the rest
     */
    record Served(ApiRouter api, Router pages) {}

    private Freiraum(AppConfig config, IngestConfig ingest, @Nullable SourceFiles files, InstantSource clock) {
        this.config = config;
        this.ingest = ingest;
        this.files = files;
        this.clock = clock;
        this.vertx = Vertx.vertx(
                new VertxOptions().setMaxEventLoopExecuteTime(2).setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS));
        this.credentials = new Credentials(vertx, config, clock);
        this.lifecycle = new Lifecycle(config.stopWithin().dividedBy(4));
    }

    /**
     * Starts a server.
     *
     * @param ingest sources, devices and mappings
     * @param clock tells the time everywhere inside
     * @return the server when it is ready; fails, with everything stopped again, when any part does not start
     */
    public static Future<Freiraum> start(AppConfig config, IngestConfig ingest, InstantSource clock) {
        return start(config, ingest, null, clock);
    }

    /**
     * The same with sources that can be taken anew while it runs.
     *
     * @param files where {@code ingest} was read from, or null
     */
    static Future<Freiraum> start(
            AppConfig config, IngestConfig ingest, @Nullable SourceFiles files, InstantSource clock) {
        Freiraum server = new Freiraum(config, ingest, files, clock);
        // The promise has no context: those of a server that did not start are gone when the failure is told.
        Promise<Freiraum> started = Promise.promise();
        server.start().onSuccess(ready -> started.complete(server)).onFailure(failure -> server.stop()
                .onComplete(stopped -> started.fail(failure)));
        return started.future();
    }

    /** The port of the HTTP server. */
    public int httpPort() {
        return httpPort;
    }

    /** The port of the MQTT endpoint, or -1 if there is none. */
    public int mqttPort() {
        return mqttPort;
    }

    /** What the HTTP server answers; of a server that is ready. */
    Served served() {
        return Objects.requireNonNull(served, "the server is not ready");
    }

    /** The event loops of this server, for what lives and ends with it. */
    public Vertx vertx() {
        return vertx;
    }

    /** Takes sources, devices and mappings anew, all or nothing. @return what changed; fails with a ConfigException when nothing did */
    Future<RunningSources.Change> reload() {
        SourcesReload reloading = reload;
        return reloading == null
                ? Future.failedFuture(NgsiLdException.notFound("the sources of this server come from no file"))
                : reloading.reload();
    }

    /** Stops in order; always succeeds, within about the configured time. */
    public Future<Void> stop() {
        ready = false;
        // The promise has no context: those of Vert.x are gone by the time it is kept.
        Promise<Void> ended = Promise.promise();
        lifecycle.stop().onComplete(stopped -> {
            metrics.close();
            vertx.close().onComplete(ended);
        });
        return ended.future();
    }

    private Future<Void> start() {
        health.addReady("start", () -> ready ? Optional.empty() : Optional.of("the server is starting or stopping"));
        OpsRoutes ops = new OpsRoutes(health, metrics, Version.current());
        Router early = Router.router(vertx);
        ops.mount(early);
        early.route().handler(context -> context.response()
                .setStatusCode(503)
                .putHeader("Retry-After", "1")
                .end());
        lifecycle.started("credentials", credentials::close);
        health.addReady("credentials", () -> Optional.ofNullable(credentials.fault()));
        Optional<Auditor> watching = auditor();
        auditor = watching.orElse(null);
        Frontdoor door = new Frontdoor(
                new RequestLog(config.http().accessLog(), metrics),
                turnstile(),
                credentials,
                watching,
                shedding(),
                early);
        int loops = config.http().loops() > 0
                ? config.http().loops()
                : Runtime.getRuntime().availableProcessors();
        String host = config.http().host().orElse(config.open() ? "127.0.0.1" : "0.0.0.0");
        return open(door, host, loops)
                .compose(port -> {
                    httpPort = port;
                    lifecycle.started(
                            "HTTP",
                            () -> door.close(config.stopWithin().dividedBy(8).toMillis()));
                    return credentials.start();
                })
                .compose(known -> openStore())
                .compose(store -> announce(host).compose(announced -> serve(store, door, ops)))
                .map(started -> {
                    ready = true;
                    return null;
                });
    }

    private Shedding shedding() {
        Shedding shedding = new Shedding(config.http().shedAbove() / 100.0);
        shedding.start(vertx);
        health.addReady("memory", shedding::fault);
        metrics.total("http.shed", "Requests turned away because the memory was nearly full", shedding::shed);
        return shedding;
    }

    private Future<Integer> open(Frontdoor door, String host, int loops) {
        AppConfig.Http.Tls tls = config.http().tls();
        if (tls.certificate().isEmpty()) {
            return door.open(vertx, host, config.http().port(), loops, null);
        }
        CertificateWatch watch =
                new CertificateWatch(vertx, tls.certificate().get(), tls.key().orElseThrow());
        return watch.read()
                .compose(pair -> door.open(vertx, host, config.http().port(), loops, pair))
                .onSuccess(port -> watch.watch(door::use));
    }

    /** {@code mqtt} or {@code mqtts}, as the MQTT endpoint speaks. */
    String mqttScheme() {
        return config.mqtt().tls().certificate().isPresent() ? "mqtts" : "mqtt";
    }

    /** {@code http} or {@code https}, as the server itself speaks. */
    String scheme() {
        return config.http().tls().certificate().isPresent() ? "https" : "http";
    }

    private Optional<Turnstile> turnstile() {
        AppConfig.Http.RateLimit limit = config.http().rateLimit();
        if (limit.requests() == 0 && limit.requestsPerKey() == 0) {
            return Optional.empty();
        }
        return Optional.of(new Turnstile(
                rateLimit(limit.requests(), limit),
                rateLimit(limit.requestsPerKey(), limit),
                policy(),
                limit.proxies(),
                new Browsers(config.http().corsOrigins())));
    }

    private static @Nullable RateLimit rateLimit(int requests, AppConfig.Http.RateLimit limit) {
        return requests == 0 ? null : new RateLimit(requests, limit.window(), limit.maxClients(), System::nanoTime);
    }

    private Future<Store> openStore() {
        return new StoreOpening(vertx, config, clock, health, metrics).open().map(store -> {
            lifecycle.started("store", store::close);
            return store;
        });
    }

    private Future<Void> serve(Store store, Frontdoor door, OpsRoutes ops) {
        Egress egress = new Egress(
                vertx, EgressSettings.DEFAULT.withAddresses(config.outbound().policy(config.open())));
        lifecycle.started("outbound requests", egress::close);
        String origin = origin();
        EntityWriter writer = new EntityWriter(REMEMBERED_BYTES);
        ContextCacheStore cache = new ContextCacheStore(store);
        Set<Tenant> places = new HashSet<>(store.tenants());
        places.addAll(store.snapshots());
        Replication replication = new Replication(store);
        return HostedContexts.open(store, store.tenants(), origin, Freiraum::newId, clock)
                .compose(hosted -> cache.load().compose(kept -> {
                    replication.keep(HostedContexts.COLLECTION, hosted::refresh, hosted::refreshAll);
                    ContextResolver resolver = new ContextResolver(
                            new EgressContextLoader(egress, clock),
                            hosted,
                            cache,
                            ContextResolver.Limits.DEFAULT,
                            clock);
                    resolver.restore(kept);
                    return SubscriptionOperations.open(
                                    SubscriptionOperations.Kind.ENTITIES,
                                    store,
                                    places,
                                    resolver,
                                    hosted::urlOf,
                                    egress,
                                    Freiraum::newId,
                                    clock)
                            .compose(subscriptions -> {
                                replication.keep(
                                        subscriptions.collection(), subscriptions::refresh, subscriptions::refreshAll);
                                Notifier notifier = new Notifier(
                                        vertx,
                                        store,
                                        subscriptions,
                                        resolver,
                                        egress,
                                        writer,
                                        NotifierSettings.DEFAULT.withKeptPerSubscription(
                                                config.notifications().keptPerSubscription()),
                                        Freiraum::newId,
                                        clock);
                                notifier.periodicWhile(store::leads);
                                lifecycle.started("notifications", notifier::close);
                                metrics.gauge(
                                        "notify.pending", "Changes waiting to be matched", notifier::pendingChanges);
                                metrics.gauge(
                                        "notify.kept",
                                        "Notifications with guaranteed delivery that wait",
                                        notifier::kept);
                                metrics.total(
                                        "notify.given.up",
                                        "Notifications with guaranteed delivery that were given up because too many waited",
                                        notifier::givenUp);
                                metrics.total(
                                        "notify.missed",
                                        "Changes not notified because too many waited",
                                        notifier::missedChanges);
                                return notifier.start()
                                        .compose(started -> snapshots(store, replication, egress, subscriptions))
                                        .compose(snapshots -> SourceRegistry.start(
                                                        vertx,
                                                        store,
                                                        resolver,
                                                        hosted,
                                                        egress,
                                                        Freiraum::newId,
                                                        clock,
                                                        lifecycle)
                                                .onSuccess(registry -> registry.replicate(replication))
                                                .compose(registry -> {
                                                    SourceIdentity identity = identity(origin);
                                                    Federation federation =
                                                            registry.federation(egress, resolver, identity);
                                                    return registry.remote(
                                                                    vertx,
                                                                    store,
                                                                    federation,
                                                                    resolver,
                                                                    subscriptions,
                                                                    notifier,
                                                                    origin,
                                                                    replication)
                                                            .compose(remote -> rest(
                                                                    store,
                                                                    egress,
                                                                    door,
                                                                    ops,
                                                                    api(
                                                                            store,
                                                                            replication,
                                                                            hosted,
                                                                            resolver,
                                                                            writer,
                                                                            subscriptions,
                                                                            snapshots,
                                                                            registry,
                                                                            federation,
                                                                            identity,
                                                                            remote),
                                                                    writer));
                                                }));
                            });
                }));
    }

    private Future<SnapshotOperations> snapshots(
            Store store, Replication replication, Egress egress, SubscriptionOperations subscriptions) {
        return SnapshotOperations.open(
                        vertx,
                        new Stores(store, store, store, store),
                        store.tenants(),
                        egress,
                        config.snapshots().limits(),
                        subscriptions::forget,
                        Freiraum::newId,
                        clock)
                .onSuccess(snapshots -> {
                    snapshots.whileLeading(store::leads);
                    replication.keep(SnapshotOperations.COLLECTION, snapshots::refresh, snapshots::refreshAll);
                    lifecycle.started("snapshots", () -> {
                        snapshots.close();
                        return Future.succeededFuture();
                    });
                    metrics.gauge("snapshots", "Snapshots of all tenants", snapshots::size);
                });
    }

    private Future<Void> rest(
            Store store, Egress egress, Frontdoor door, OpsRoutes ops, ApiRouter api, EntityWriter writer) {
        return Aggregators.start(store, store, config.aggregate(), clock, vertx).compose(aggregators -> {
            lifecycle.started("aggregates", () -> aggregators.drain().compose(drained -> aggregators.close()));
            metrics.gauge("aggregate.open", "Totals and windows being computed", aggregators::open);
            IngestPipeline pipeline = new IngestPipeline(store, store, clock, ingest, IngestPipeline.Limits.DEFAULT);
            return pipeline.start().compose(started -> {
                sweepHourly(pipeline);
                LiveFeed live = liveFeed(store, api, writer);
                Router pages = pages(ops, pipeline, live, store);
                served = new Served(api, pages);
                door.serve(api, pages);
                retain(store);
                new LoopWatch(vertx, List.of(vertx.getOrCreateContext()), health, metrics);
                lifecycle.started("leading", store::resign);
                return listen(pipeline, store, egress);
            });
        });
    }

    private void retain(Store store) {
        Retention retention = new Retention(
                store, config.history().retention(), config.aggregate().footfall()::zoneOf, clock);
        retention.start(vertx, config.history().retentionEvery());
        lifecycle.started("retention", retention::close);
        metrics.total("history.removed", "Instances rolled up or deleted by retention", retention::removed);
        metrics.total("history.rollups", "Instances that took the place of those rolled up", retention::added);
        metrics.total("history.retention.passes", "Complete passes of retention", retention::passes);
        metrics.total("history.retention.failures", "Passes of retention that failed", retention::failures);
    }

    private EntityMaps entityMaps(Store store, Replication replication) {
        EntityMaps maps = new EntityMaps(config.entityMaps().limits(), Freiraum::newId, clock);
        if (store.isShared()) {
            SharedEntityMaps shared = new SharedEntityMaps(store, maps);
            replication.keep(SharedEntityMaps.COLLECTION, shared::refresh, shared::refreshAll);
            store.tenants().forEach(tenant -> shared.refreshAll(tenant)
                    .onFailure(e -> LOG.warn("the entity maps of other replicas are not known: {}", e.toString())));
            vertx.setPeriodic(MAPS_SWEEP.toMillis(), tick -> {
                if (store.leads()) {
                    maps.removeExpired();
                }
            });
        }
        return maps;
    }

    private ApiRouter api(
            Store store,
            Replication replication,
            HostedContexts hosted,
            ContextResolver resolver,
            EntityWriter writer,
            SubscriptionOperations subscriptions,
            SnapshotOperations snapshots,
            SourceRegistry registry,
            Federation federation,
            SourceIdentity identity,
            RemoteSubscriptions remote) {
        EntityOperations entities = new EntityOperations(store, store);
        EntityMaps entityMaps = entityMaps(store, replication);
        EntityMapOperations maps = new EntityMapOperations(store, entityMaps);
        TemporalEntityMaps temporalMaps = new TemporalEntityMaps(store, entityMaps);
        return new ApiRouter(
                        config.http().settings(),
                        policy(),
                        resolver,
                        BuiltInContexts.core(),
                        tenant -> store.tenants().contains(tenant),
                        snapshots::use,
                        Freiraum::newId)
                .add(new EntityRoutes(entities, federation).routes())
                .add(new QueryRoutes(
                                entities,
                                new QueryOperations(store),
                                maps,
                                new LinkedRetrieval(store),
                                federation,
                                writer)
                        .routes())
                .add(new EntityMapRoutes(maps, entities, new QueryOperations(store), federation).routes())
                .add(new TemporalRoutes(
                                new TemporalOperations(store),
                                temporalMaps,
                                federation,
                                config.history().mostInstances())
                        .routes())
                .add(new TemporalEntityMapRoutes(temporalMaps).routes())
                .add(new BatchRoutes(new BatchOperations(store), federation).routes())
                .add(new DiscoveryRoutes(new DiscoveryOperations(store), federation, Freiraum::newId).routes())
                .add(new ContextRoutes(new ContextOperations(hosted, resolver)).routes())
                .add(SubscriptionRoutes.toEntities(subscriptions, identity, clock)
                        .routes())
                .add(new RemoteNotificationRoutes(remote).routes())
                .add(registry.routes(identity))
                .add(new SnapshotRoutes(snapshots).routes())
                .add(new InfoRoutes(identity).routes());
    }

    /** The alias differs between brokers that are reached by different addresses, or else they would take each other for themselves. */
    private SourceIdentity identity(String origin) {
        String unique = UUID.nameUUIDFromBytes(origin.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString();
        return new SourceIdentity(
                "urn:ngsi-ld:ContextSource:freiraum:" + unique,
                config.dashboard().title() + "-" + unique.substring(0, 8),
                clock);
    }

    private AccessPolicy policy() {
        return credentials.policy();
    }

    private static Future<Void> backup(Store store, Path folder) {
        return store instanceof EmbeddedStore embedded
                ? embedded.copyTo(folder)
                : Future.failedFuture("only the embedded store has files to copy");
    }

    /** Tells the command line where this server is. Without it a backup needs a stop. */
    private Future<Void> announce(String host) {
        control = Control.at(
                URI.create(scheme() + "://" + (host.equals("0.0.0.0") ? "127.0.0.1" : host) + ":" + httpPort));
        if (config.store() != AppConfig.Store.EMBEDDED || config.durability() == Durability.MEMORY) {
            return Future.succeededFuture();
        }
        lifecycle.started(
                "control file", () -> vertx.executeBlocking(() -> Files.deleteIfExists(Control.file(config.dataDir())))
                        .mapEmpty());
        return vertx.<Void>executeBlocking(() -> {
                    control.write(config.dataDir());
                    return null;
                })
                .recover(e -> {
                    LOG.warn("the command line cannot reach this server: {}", e.toString());
                    return Future.succeededFuture();
                });
    }

    private Optional<Auditor> auditor() {
        SecuritySettings.Audit audit = config.security().audit();
        boolean nothingOnDisk =
                config.durability() == Durability.MEMORY && audit.file().isEmpty();
        if (config.open() || nothingOnDisk || audit.level() == AuditLog.Level.NONE) {
            return Optional.empty();
        }
        AuditLog log = new AuditLog(
                audit.file().orElse(config.dataDir().resolve("audit.log")), audit.maxBytes(), audit.files(), clock);
        lifecycle.started(
                "audit log",
                () -> vertx.executeBlocking(() -> {
                    log.close();
                    return null;
                }));
        metrics.total("audit.dropped", "Lines of the audit log that could not be written", log::dropped);
        return Optional.of(new Auditor(log, audit.level(), policy()));
    }

    private Router pages(OpsRoutes ops, IngestPipeline pipeline, LiveFeed live, Store store) {
        Router router = Router.router(vertx);
        Problems.mount(router);
        ops.mount(router);
        new Browsers(config.http().corsOrigins()).mayRead(router, "/live");
        live.mount(router);
        new WebhookRoutes(pipeline).mount(router);
        Handler<RoutingContext> operators = new OperatorGuard(policy(), control)::handle;
        new DeadLetterRoutes(pipeline.deadLetters(), operators).mount(router);
        new ReplayRoutes(pipeline, operators).mount(router);
        new OperationsRoutes(operators, control, folder -> backup(store, folder)).mount(router);
        new ReloadRoute(operators, this::reload).mount(router);
        new WellKnown(config.security().contacts(), config.security().languages(), origin(), clock).mount(router);
        new DashboardRoutes(dashboard()).mount(router);
        Publishing.routes(vertx, config, origin(), store, store, clock).ifPresent(routes -> routes.accept(router));
        return router;
    }

    /** Where clients reach the server, without a slash at the end. */
    private String origin() {
        return config.http().publicUrl().map(Freiraum::withoutSlash).orElse(scheme() + "://localhost:" + httpPort);
    }

    private DashboardSettings dashboard() {
        AppConfig.Dashboard shown = config.dashboard();
        List<AppConfig.Dashboard.City> cities = shown.cities().isEmpty()
                ? List.of(new AppConfig.Dashboard.City("", "", Optional.empty()))
                : shown.cities();
        return new DashboardSettings(
                shown.title(),
                cities.stream().map(this::city).toList(),
                shown.imprint(),
                shown.privacy(),
                shown.accessibility(),
                shown.simulated(),
                shown.tiles()
                        .url()
                        .map(url -> new DashboardSettings.Tiles(
                                url, shown.tiles().attribution(), shown.tiles().maxZoom())),
                shown.background()
                        .file()
                        .map(file -> new DashboardSettings.Background(
                                file, shown.background().attribution())),
                shown.embedOrigins());
    }

    private DashboardSettings.City city(AppConfig.Dashboard.City city) {
        return new DashboardSettings.City(
                city.tenant(),
                city.name(),
                config.aggregate().footfall().zoneOf(new Tenant(city.tenant())),
                city.idPattern());
    }

    private LiveFeed liveFeed(Store store, ApiRouter api, EntityWriter writer) {
        LiveFeed live = new LiveFeed(
                vertx,
                store,
                config.live().settings(config.security().privateTypes(), Publishing.hiddenAttributes(config)),
                new LiveReaders(policy(), api),
                writer,
                clock);
        live.start();
        lifecycle.started("live feed", live::close);
        metrics.gauge("live.clients", "Clients of the live feed", live::clients);
        return live;
    }

    /** Processes that share a source are told apart by where they are, which is the same after a restart. */
    private Future<Void> listen(IngestPipeline pipeline, Store store, Egress egress) {
        return vertx.executeBlocking(Freiraum::hostName)
                .otherwise("localhost")
                .compose(host -> listen(pipeline, store, egress, host + "-" + httpPort));
    }

    private Future<Void> listen(IngestPipeline pipeline, Store store, Egress egress, String process) {
        RunningSources sources = new RunningSources(vertx, pipeline, egress, store, metrics, process);
        lifecycle.started("sources", sources::stop);
        health.addNotices(sources::faults);
        return sources.replace(ingest).compose(started -> {
            if (files != null) {
                SourcesReload reloading = new SourcesReload(vertx, files, sources);
                reload = reloading;
                health.addNotices(reloading::faults);
                reloading.watch();
            }
            return listen(pipeline);
        });
    }

    private Future<Void> listen(IngestPipeline pipeline) {
        if (!config.mqtt().enabled()) {
            return Future.succeededFuture();
        }
        return new MqttDoor(vertx, config, metrics)
                .open(
                        pipeline,
                        denial -> {
                            if (auditor != null) {
                                auditor.denied(denial);
                            }
                        },
                        lifecycle)
                .onSuccess(port -> mqttPort = port)
                .mapEmpty();
    }

    private void sweepHourly(IngestPipeline pipeline) {
        vertx.setPeriodic(SWEEP.toMillis(), tick -> pipeline.sweep()
                .onFailure(failure -> LOG.warn("old message marks are not swept: {}", failure.toString())));
    }

    private static String hostName() throws UnknownHostException {
        String given = System.getenv("HOSTNAME");
        return given != null && !given.isEmpty()
                ? given
                : InetAddress.getLocalHost().getHostName();
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    private static String withoutSlash(URI uri) {
        String text = uri.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
