package de.freiraum.federation;

import de.freiraum.broker.Caller;
import de.freiraum.broker.registry.RegisteredSource;
import de.freiraum.broker.registry.RegistryOperations;
import de.freiraum.broker.subscriptions.RegisteredSubscription;
import de.freiraum.broker.subscriptions.RemoteChange;
import de.freiraum.broker.subscriptions.SubscriptionOperations;
import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.Context;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Subscription;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.query.EntitySelector;
import de.freiraum.query.QExpression;
import de.freiraum.query.QParser;
import de.freiraum.registration.Coverage;
import de.freiraum.registration.Mode;
import de.freiraum.registration.Operation;
import de.freiraum.store.DocumentStore;
import de.freiraum.store.EntityStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps copies of this broker's subscriptions at the sources that may have something of what they are about, and passes on what these notify of
 * (clauses 5.8.1.4, 5.8.2.4, 5.8.5.4 and 5.8.6). Copies that could not be made, or that a source has lost, are made from time to time. Tenants
 * without sources cost nothing.
 */
public final class RemoteSubscriptions implements SubscriptionOperations.Listener {
    /** Where in the document store the copies' addresses are. */
    public static final String COLLECTION = "remoteSubscriptions";

    private static final Logger LOG = LoggerFactory.getLogger(RemoteSubscriptions.class);
    private static final Duration UPKEEP = Duration.ofSeconds(30);
    private static final int REMEMBERED = 10_000;

    /** Notifies a subscriber. */
    public interface Forwarder {
        /** See {@code Notifier.forward}. */
        void forward(RegisteredSubscription subscription, List<RemoteChange> changes, boolean checking);
    }

    private record Key(Tenant tenant, String subscriptionId) {}

    private record Copy(String registrationId, String remoteId, String body) {}

    private record Origin(Key key, String registrationId) {}

    private final SubscriptionOperations subscriptions;
    private final RegistryOperations registry;
    private final Federation federation;
    private final SourceClient client;
    private final ContextResolver contexts;
    private final DocumentStore documents;
    private final EntityStore entities;
    private final String endpoint;
    private final Forwarder forwarder;
    private final Supplier<String> ids;
    private final InstantSource clock;
    private final Map<Key, Map<String, Copy>> copies = new ConcurrentHashMap<>();
    private final Map<String, Origin> origins = new ConcurrentHashMap<>();
    private final Map<Key, Future<Void>> tails = new ConcurrentHashMap<>();
    private final Map<String, String> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * Does nothing until {@link #start}.
     *
     * @param endpoint the URL at which this broker receives notifications of other brokers
     * @param forwarder notifies this broker's subscribers
     * @param ids makes unique strings, for the copies' URIs, which nobody shall guess
     */
    public RemoteSubscriptions(
            SubscriptionOperations subscriptions,
            RegistryOperations registry,
            Federation federation,
            ContextResolver contexts,
            DocumentStore documents,
            EntityStore entities,
            String endpoint,
            Forwarder forwarder,
            Supplier<String> ids,
            InstantSource clock) {
        this.subscriptions = subscriptions;
        this.registry = registry;
        this.federation = federation;
        this.client = federation.client();
        this.contexts = contexts;
        this.documents = documents;
        this.entities = entities;
        this.endpoint = endpoint;
        this.forwarder = forwarder;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Loads what copies there are, and keeps them in step from then on.
     *
     * @param leads whether this process does the upkeep, where several share a store
     */
    public Future<Void> start(Vertx vertx, Collection<Tenant> tenants, BooleanSupplier leads) {
        Future<Void> loaded = Future.succeededFuture();
        for (Tenant tenant : tenants) {
            loaded = loaded.compose(v -> documents.each(
                    tenant, COLLECTION, document -> load(new Key(tenant, document.key()), document.bytes())));
        }
        return loaded.compose(v -> {
            registry.listen((tenant, before, after) -> {
                if (before != null && after == null) {
                    forgetSource(tenant, before);
                }
                subscriptions.all(tenant).forEach(this::put);
            });
            vertx.setPeriodic(UPKEEP.toMillis(), tick -> {
                if (leads.getAsBoolean()) {
                    upkeep();
                }
            });
            return subscriptions.listen(this);
        });
    }

    /** Takes over what another replica wrote. */
    public Future<Void> refresh(Tenant tenant, String subscriptionId) {
        Key key = new Key(tenant, subscriptionId);
        return documents.get(tenant, COLLECTION, subscriptionId).map(bytes -> {
            keep(key, bytes == null ? Map.of() : read(bytes));
            return null;
        });
    }

    /** The same for all of a tenant. */
    public Future<Void> refreshAll(Tenant tenant) {
        return documents.each(tenant, COLLECTION, document -> load(new Key(tenant, document.key()), document.bytes()));
    }

    private void load(Key key, byte[] bytes) {
        keep(key, read(bytes));
    }

    private void upkeep() {
        Set<Key> known = Set.copyOf(copies.keySet());
        known.forEach(key -> {
            if (find(key) == null) {
                removeAll(key);
            } else {
                inOrder(key, () -> dropLost(key)).onSuccess(v -> reconcileLater(key));
            }
        });
        Set<Tenant> tenants = registry.tenants();
        tenants.forEach(tenant -> subscriptions.all(tenant).forEach(this::put));
    }

    /** Forgets copies that their sources no longer know, so that they are made again. */
    private Future<Void> dropLost(Key key) {
        Map<String, Copy> kept = new LinkedHashMap<>(copies.getOrDefault(key, Map.of()));
        List<Future<Void>> checks = new ArrayList<>();
        List.copyOf(kept.values()).forEach(copy -> {
            RegisteredSource source = registry.sources(key.tenant()).get(copy.registrationId(), clock.instant());
            if (source != null && offers(source, Operation.retrieveSubscription)) {
                checks.add(send(key, source, HttpMethod.GET, path(copy), null).map(answer -> {
                    if (answer instanceof SourceAnswer.Absent) {
                        kept.remove(copy.registrationId());
                    }
                    return null;
                }));
            }
        });
        return checks.isEmpty()
                ? Future.succeededFuture()
                : Future.join(checks)
                        .compose(v -> kept.size()
                                        == copies.getOrDefault(key, Map.of()).size()
                                ? Future.succeededFuture()
                                : store(key, kept));
    }

    @Override
    public Future<Void> put(RegisteredSubscription subscription) {
        Key key = new Key(subscription.tenant(), subscription.id());
        if (!registry.sources(key.tenant()).isEmpty() || copies.containsKey(key)) {
            reconcileLater(key);
        }
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> takenOver(RegisteredSubscription subscription) {
        return Future.succeededFuture();
    }

    @Override
    public void removed(RegisteredSubscription subscription) {
        removeAll(new Key(subscription.tenant(), subscription.id()));
    }

    private void removeAll(Key key) {
        if (copies.containsKey(key)) {
            inOrder(key, () -> bringTo(key, Map.of()));
        }
    }

    private void forgetSource(Tenant tenant, RegisteredSource gone) {
        String registrationId = gone.registration().id();
        copies.forEach((key, all) -> {
            Copy copy = key.tenant().equals(tenant) ? all.get(registrationId) : null;
            if (copy != null && offers(gone, Operation.deleteSubscription)) {
                send(key, gone, HttpMethod.DELETE, path(copy), null);
            }
        });
    }

    private void reconcileLater(Key key) {
        inOrder(key, () -> {
            RegisteredSubscription subscription = find(key);
            return bringTo(key, subscription == null ? Map.of() : wanted(subscription));
        });
    }

    private @Nullable RegisteredSubscription find(Key key) {
        try {
            return subscriptions.retrieve(Caller.system(key.tenant()), key.subscriptionId());
        } catch (NgsiLdException gone) {
            return null;
        }
    }

    /** The sources that shall have a copy, with what both are about. */
    private Map<RegisteredSource, List<Coverage>> wanted(RegisteredSubscription registered) {
        Subscription subscription = registered.subscription();
        Map<RegisteredSource, List<Coverage>> wanted = new LinkedHashMap<>();
        if (SubscriptionCopies.isLocal(subscription)
                || subscription.status(clock.instant()) == Subscription.Status.expired) {
            return wanted;
        }
        Subscription.QueryText text = subscription.csf();
        QExpression csf = text == null ? null : QParser.parse(text.expanded(), UnaryOperator.identity());
        Via via = new Via(registered.via());
        registry.sources(registered.tenant()).valid(clock.instant()).forEach(source -> {
            String alias = source.registration().contextSourceAlias();
            boolean possible = source.registration().mode() != Mode.auxiliary
                    && !source.registration().isTemporal()
                    && (alias == null || !via.contains(alias))
                    && offers(source, Operation.createSubscription)
                    && SourceSelection.meets(source, csf);
            List<Coverage> coverages =
                    possible ? SubscriptionCopies.coverages(subscription, source.registration()) : List.of();
            if (!coverages.isEmpty()) {
                wanted.put(source, coverages);
            }
        });
        return wanted;
    }

    private static boolean offers(RegisteredSource source, Operation operation) {
        return source.registration().operations().contains(operation);
    }

    /** Makes, changes and deletes copies until they are those wanted. */
    private Future<Void> bringTo(Key key, Map<RegisteredSource, List<Coverage>> wanted) {
        Map<String, Copy> there = new LinkedHashMap<>(copies.getOrDefault(key, Map.of()));
        if (wanted.isEmpty() && there.isEmpty()) {
            return Future.succeededFuture();
        }
        Map<String, Copy> before = Map.copyOf(there);
        List<Future<Void>> steps = new ArrayList<>();
        wanted.forEach((source, coverages) -> steps.add(bring(key, source, coverages, before, there)));
        Set<String> stay = new java.util.HashSet<>();
        wanted.keySet().forEach(s -> stay.add(s.registration().id()));
        before.values().stream().filter(c -> !stay.contains(c.registrationId())).forEach(copy -> {
            RegisteredSource source = registry.sources(key.tenant()).get(copy.registrationId(), clock.instant());
            if (source == null || !offers(source, Operation.deleteSubscription)) {
                change(there, copy.registrationId(), null);
            } else {
                steps.add(send(key, source, HttpMethod.DELETE, path(copy), null).map(answer -> {
                    if (!(answer instanceof SourceAnswer.Failed)) {
                        change(there, copy.registrationId(), null);
                    }
                    return null;
                }));
            }
        });
        Future<Void> done =
                steps.isEmpty() ? Future.succeededFuture() : Future.join(steps).mapEmpty();
        return done.compose(v -> there.equals(before) ? Future.succeededFuture() : store(key, there));
    }

    private static synchronized void change(Map<String, Copy> there, String registrationId, @Nullable Copy copy) {
        if (copy == null) {
            there.remove(registrationId);
        } else {
            there.put(registrationId, copy);
        }
    }

    private Future<Void> bring(
            Key key,
            RegisteredSource source,
            List<Coverage> coverages,
            Map<String, Copy> before,
            Map<String, Copy> there) {
        RegisteredSubscription registered = find(key);
        if (registered == null) {
            return Future.succeededFuture();
        }
        String registrationId = source.registration().id();
        Copy old = before.get(registrationId);
        String remoteId = old == null ? "urn:ngsi-ld:Subscription:" + ids.get() : old.remoteId();
        return incoming(registered).compose(incoming -> client.wording(source.registration(), incoming)
                .compose(wording -> {
                    Value.Obj body = SubscriptionCopies.write(
                            registered.subscription(), coverages, remoteId, endpoint, wording.context());
                    String text = JsonWriter.text(body);
                    if (old != null && old.body().equals(text)) {
                        return Future.succeededFuture();
                    }
                    boolean update = old != null && offers(source, Operation.updateSubscription);
                    if (old != null && !update) {
                        return Future.succeededFuture();
                    }
                    if (!update) {
                        // Known before it is made: the source may notify before it answers.
                        origins.put(remoteId, new Origin(key, registrationId));
                    }
                    SourceRequest request = new SourceRequest(
                            source,
                            update ? HttpMethod.PATCH : HttpMethod.POST,
                            update ? path(remoteId) : "/subscriptions",
                            Map.of(),
                            body);
                    return client.send(request, wording, incoming).map(answer -> {
                        if (answer instanceof SourceAnswer.Done done) {
                            change(there, registrationId, new Copy(registrationId, told(done, remoteId), text));
                        } else if (answer instanceof SourceAnswer.Absent && update) {
                            change(there, registrationId, null);
                        } else {
                            LOG.info(
                                    "subscription {}: registration {} has no copy of it for now: {}",
                                    key.subscriptionId(),
                                    registrationId,
                                    answer);
                        }
                        return null;
                    });
                }));
    }

    /** The id that the source gave the copy; that which it was asked to, unless it says otherwise. */
    private static String told(SourceAnswer.Done answer, String remoteId) {
        String location = answer.headers().get("Location");
        String last = location == null ? "" : location.substring(location.lastIndexOf('/') + 1);
        return last.isEmpty() || last.equals("subscriptions")
                ? remoteId
                : java.net.URLDecoder.decode(last, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String path(Copy copy) {
        return path(copy.remoteId());
    }

    private static String path(String remoteId) {
        return "/subscriptions/" + SourceRequest.segment(remoteId);
    }

    private Future<Incoming> incoming(RegisteredSubscription registered) {
        String url = registered.subscription().jsonldContext();
        Future<Context> context = url == null
                ? Future.succeededFuture(de.freiraum.jsonld.BuiltInContexts.core())
                : Future.fromCompletionStage(contexts.resolve(Value.of(url)));
        return context.map(c ->
                federation.incoming(Caller.system(registered.tenant()), c, new Via(registered.via()), name -> null));
    }

    private Future<SourceAnswer> send(
            Key key, RegisteredSource source, HttpMethod method, String path, Value.@Nullable Obj body) {
        Incoming incoming = federation.incoming(
                Caller.system(key.tenant()),
                de.freiraum.jsonld.BuiltInContexts.core(),
                new Via(List.of()),
                name -> null);
        return client.wording(source.registration(), incoming)
                .compose(wording ->
                        client.send(new SourceRequest(source, method, path, Map.of(), body), wording, incoming));
    }

    private Future<Void> store(Key key, Map<String, Copy> all) {
        Future<?> written = all.isEmpty()
                ? documents.delete(key.tenant(), COLLECTION, key.subscriptionId())
                : documents.put(key.tenant(), COLLECTION, key.subscriptionId(), write(all));
        return written.map(v -> {
            keep(key, all);
            return null;
        });
    }

    private void keep(Key key, Map<String, Copy> all) {
        Map<String, Copy> before = all.isEmpty() ? copies.remove(key) : copies.put(key, Map.copyOf(all));
        if (before != null) {
            before.values().forEach(copy -> origins.remove(copy.remoteId()));
        }
        all.values().forEach(copy -> origins.put(copy.remoteId(), new Origin(key, copy.registrationId())));
    }

    private static byte[] write(Map<String, Copy> all) {
        List<Value> items = new ArrayList<>();
        all.values()
                .forEach(copy -> items.add(new Value.Obj(Map.of(
                        "registrationId", Value.of(copy.registrationId()),
                        "remoteId", Value.of(copy.remoteId()),
                        "body", Value.of(copy.body())))));
        return JsonWriter.write(new Value.Obj(Map.of("version", Value.of(1L), "copies", new Value.Array(items))));
    }

    private static Map<String, Copy> read(byte[] bytes) {
        Map<String, Copy> all = new LinkedHashMap<>();
        if (JsonReader.read(bytes) instanceof Value.Obj stored && stored.get("copies") instanceof Value.Array items) {
            for (Value item : items.items()) {
                if (item instanceof Value.Obj copy
                        && copy.get("registrationId") instanceof Value.Text registrationId
                        && copy.get("remoteId") instanceof Value.Text remoteId
                        && copy.get("body") instanceof Value.Text body) {
                    all.put(registrationId.text(), new Copy(registrationId.text(), remoteId.text(), body.text()));
                }
            }
        }
        return all;
    }

    private Future<Void> inOrder(Key key, Supplier<Future<Void>> work) {
        Future<Void> next = tails.getOrDefault(key, Future.succeededFuture())
                .transform(before -> work.get())
                .recover(e -> {
                    LOG.warn(
                            "subscription {}: its copies at sources are not in step: {}",
                            key.subscriptionId(),
                            e.toString());
                    return Future.succeededFuture();
                });
        tails.put(key, next);
        return next.onComplete(done -> tails.remove(key, next));
    }

    /**
     * Passes on what a source notifies of (clause 5.8.6).
     *
     * @param notification without {@code @context}
     * @param context what its names belong to
     * @return fails with BadRequestData, or ResourceNotFound if this broker has no such subscription at a source
     */
    public Future<Void> received(Value.Obj notification, Context context) {
        String remoteId = notification.get("subscriptionId") instanceof Value.Text text ? text.text() : "";
        Origin origin = origins.get(remoteId);
        RegisteredSubscription subscription = origin == null ? null : find(origin.key());
        if (origin == null || subscription == null) {
            throw NgsiLdException.notFound(
                    "there is no subscription of this broker at a source with that subscriptionId");
        }
        RegisteredSource source = registry.sources(origin.key().tenant()).get(origin.registrationId(), clock.instant());
        List<RemoteChange> changes = new ArrayList<>();
        for (Value item : RemoteNotification.data(notification)) {
            RemoteChange change = RemoteNotification.change(item, context, clock.instant());
            Entity latest = Objects.requireNonNull(change.after() == null ? change.before() : change.after());
            boolean covered = source != null
                    && SubscriptionCopies.coverages(subscription.subscription(), source.registration()).stream()
                            .anyMatch(c -> c.covers(latest.id(), latest.types()));
            if (covered && isNew(subscription, item, latest, remoteId)) {
                changes.add(change);
            }
        }
        if (changes.isEmpty()) {
            return Future.succeededFuture();
        }
        boolean split = SubscriptionCopies.isSplit(subscription.subscription());
        if (!split) {
            forwarder.forward(subscription, changes, false);
            return Future.succeededFuture();
        }
        List<Future<RemoteChange>> whole =
                changes.stream().map(change -> completed(subscription, change)).toList();
        return Future.all(whole).map(all -> {
            forwarder.forward(subscription, whole.stream().map(Future::result).toList(), true);
            return null;
        });
    }

    /** The same change may arrive by several brokers; the first one counts. Periodic notifications repeat themselves rightly. */
    private boolean isNew(RegisteredSubscription subscription, Value item, Entity latest, String remoteId) {
        if (latest.modifiedAt() == null || subscription.subscription().timeInterval() != null) {
            return true;
        }
        String key = subscription.tenant().name()
                + ' '
                + subscription.id()
                + ' '
                + JsonWriter.text(item).hashCode()
                + ' '
                + latest.id()
                + ' '
                + latest.modifiedAt();
        synchronized (seen) {
            return remoteId.equals(seen.computeIfAbsent(key, k -> remoteId));
        }
    }

    /** The change with what other brokers and this one have of the entity. */
    private Future<RemoteChange> completed(RegisteredSubscription subscription, RemoteChange change) {
        Entity told = change.after();
        if (told == null) {
            return Future.succeededFuture(change);
        }
        EntitySelector selector = new EntitySelector(null, Set.of(told.id()), null);
        return incoming(subscription).compose(incoming -> entities.retrieve(subscription.tenant(), told.id())
                .compose(local -> federation.retrieve(incoming, selector, Set.of(), Set.of(), local, null))
                .map(found -> {
                    Entity rest = found.entity();
                    Entity merged = rest == null ? told : federation.newest(incoming, told, rest);
                    return new RemoteChange(change.before(), merged, change.at());
                }));
    }
}
