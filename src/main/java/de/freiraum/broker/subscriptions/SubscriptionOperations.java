package de.freiraum.broker.subscriptions;

import de.freiraum.broker.Caller;
import de.freiraum.broker.subscriptions.RegisteredSubscription.Content;
import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressException;
import de.freiraum.jsonld.Context;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.model.DeliveryCounters;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Subscription;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.representation.Names;
import de.freiraum.representation.SubscriptionReader;
import de.freiraum.store.DocumentStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates, updates, finds and deletes subscriptions (clause 5.8). */
public final class SubscriptionOperations {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionOperations.class);

    /** What subscriptions are to. */
    public enum Kind {
        /** Entities (clause 5.8). */
        ENTITIES("subscriptions", "jsonldContext"),
        /** Context source registrations (clause 5.11). */
        REGISTRATIONS("csourceSubscriptions", "@context");

        private final String collection;

        /** Where in the document the context is that the broker chose. */
        private final String contextMember;

        Kind(String collection, String contextMember) {
            this.collection = collection;
            this.contextMember = contextMember;
        }

        /** Refuses members that have no meaning for this kind (clause 5.2.12). */
        private Value.Obj checked(Value.Obj body) {
            if (this == ENTITIES && body.get("temporalQ") != null) {
                throw NgsiLdException.badRequest("temporalQ is for subscriptions to registrations only");
            }
            return body;
        }
    }

    /** Hears of changes of the subscriptions in force. Called after they are stored; must return at once. */
    public interface Listener {
        /** A subscription is in force, newly or with new content. @return completes when changes from then on are matched with it */
        Future<Void> put(RegisteredSubscription subscription);

        /** The same where another replica wrote it, which has told whom it concerns. */
        default Future<Void> takenOver(RegisteredSubscription subscription) {
            return put(subscription);
        }

        /** A subscription is no longer. */
        void removed(RegisteredSubscription subscription);
    }

    /**
     * A page of subscriptions, oldest first.
     *
     * @param subscriptions the page
     * @param more whether there are more behind it
     * @param count all there are
     */
    public record Page(List<RegisteredSubscription> subscriptions, boolean more, long count) {
        /** Copies the list. */
        public Page {
            subscriptions = List.copyOf(subscriptions);
        }
    }

    private record Key(Tenant tenant, String id) {}

    private record Age(Instant createdAt, String id) implements Comparable<Age> {
        @Override
        public int compareTo(Age other) {
            int byTime = createdAt.compareTo(other.createdAt);
            return byTime != 0 ? byTime : id.compareTo(other.id);
        }
    }

    private final Kind kind;
    private final DocumentStore store;
    private final ContextResolver contexts;
    private final ContextUrls contextUrls;
    private final Egress egress;
    private final Supplier<String> ids;
    private final InstantSource clock;
    private final Map<Key, RegisteredSubscription> registered = new ConcurrentHashMap<>();
    private final Map<Tenant, ConcurrentSkipListMap<Age, RegisteredSubscription>> byAge = new ConcurrentHashMap<>();
    private final Map<Key, Future<Void>> tails = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    private SubscriptionOperations(
            Kind kind,
            DocumentStore store,
            ContextResolver contexts,
            ContextUrls contextUrls,
            Egress egress,
            Supplier<String> ids,
            InstantSource clock) {
        this.kind = kind;
        this.store = store;
        this.contexts = contexts;
        this.contextUrls = contextUrls;
        this.egress = egress;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Reads all subscriptions from the store.
     *
     * @param kind what they are to
     * @param tenants whose subscriptions to read
     * @param contexts finds the contexts that subscriptions name
     * @param contextUrls gives a URL to contexts that have none
     * @param egress knows where notifications may go
     * @param ids makes unique strings for the URIs of new subscriptions
     * @param clock tells the time
     */
    public static Future<SubscriptionOperations> open(
            Kind kind,
            DocumentStore store,
            Collection<Tenant> tenants,
            ContextResolver contexts,
            ContextUrls contextUrls,
            Egress egress,
            Supplier<String> ids,
            InstantSource clock) {
        SubscriptionOperations operations =
                new SubscriptionOperations(kind, store, contexts, contextUrls, egress, ids, clock);
        Future<Void> loaded = Future.succeededFuture();
        for (Tenant tenant : tenants) {
            loaded = loaded.compose(v -> store.each(tenant, kind.collection, d -> operations.load(tenant, d)));
        }
        return loaded.map(v -> operations);
    }

    private void load(Tenant tenant, DocumentStore.Document document) {
        try {
            add(StoredSubscriptions.read(tenant, document.bytes()));
        } catch (NgsiLdException | IllegalStateException e) {
            LOG.error(
                    "subscription {} of tenant \"{}\" cannot be read and is not in force",
                    document.key(),
                    tenant.name(),
                    e);
        }
    }

    /** Adds a listener, which first hears of all that are in force. @return completes when it knows them */
    public Future<Void> listen(Listener listener) {
        listeners.add(listener);
        List<Future<Void>> known =
                registered.values().stream().map(listener::put).toList();
        return known.isEmpty() ? Future.succeededFuture() : Future.join(known).mapEmpty();
    }

    /**
     * Creates a subscription (clause 5.8.1).
     *
     * @param body without {@code @context}
     * @param context what its names belong to
     * @return its URI; fails with BadRequestData, AlreadyExists or LdContextNotAvailable
     */
    public Future<String> create(Caller caller, Value.Obj body, Context context) {
        return create(caller, body, context, List.of());
    }

    /**
     * The same for a subscription that other brokers passed on.
     *
     * @param via these brokers, as entries of a Via header
     */
    public Future<String> create(Caller caller, Value.Obj body, Context context, List<String> via) {
        Subscription read;
        try {
            read = SubscriptionReader.create(
                    kind.checked(body), context, "urn:ngsi-ld:Subscription:" + ids.get(), clock.instant());
            checkEndpoint(read);
        } catch (NgsiLdException e) {
            return Future.failedFuture(e);
        }
        Key key = new Key(caller.tenant(), read.id());
        if (registered.containsKey(key)) {
            return Future.failedFuture(exists(read.id()));
        }
        return withContext(caller.tenant(), read, context.source())
                .compose(subscription -> inOrder(key, () -> {
                    Instant now = clock.instant();
                    RegisteredSubscription entry = new RegisteredSubscription(
                            caller.tenant(), new Content(subscription, now), DeliveryCounters.NONE, now, via);
                    return store.putIfAbsent(
                                    caller.tenant(),
                                    kind.collection,
                                    subscription.id(),
                                    StoredSubscriptions.write(entry, entry.content()))
                            .compose(written -> {
                                if (!written) {
                                    return Future.failedFuture(exists(subscription.id()));
                                }
                                add(entry);
                                return announce(entry).map(subscription.id());
                            });
                }));
    }

    /**
     * Changes a subscription (clause 5.8.2).
     *
     * @param fragment without {@code @context}
     * @param context what its names belong to
     * @return fails with BadRequestData, ResourceNotFound or LdContextNotAvailable
     */
    public Future<Void> update(Caller caller, String id, Value.Obj fragment, Context context) {
        Key key = new Key(caller.tenant(), id);
        return inOrder(key, () -> {
            RegisteredSubscription entry = find(key);
            Subscription updated =
                    SubscriptionReader.update(entry.subscription(), kind.checked(fragment), context, clock.instant());
            checkEndpoint(updated);
            return withContext(caller.tenant(), updated, context.source()).compose(subscription -> {
                Content content = new Content(subscription, clock.instant());
                return store.update(caller.tenant(), kind.collection, id, there -> {
                            DeliveryCounters counted = StoredSubscriptions.read(caller.tenant(), there)
                                    .counters();
                            return StoredSubscriptions.write(entry, content, counted);
                        })
                        .compose(there -> {
                            if (!there) {
                                return Future.failedFuture(unknown(id));
                            }
                            entry.content(content);
                            return announce(entry);
                        });
            });
        });
    }

    /**
     * One subscription (clause 5.8.3).
     *
     * @throws NgsiLdException BadRequestData if the id is no URI, ResourceNotFound
     */
    public RegisteredSubscription retrieve(Caller caller, String id) {
        return find(new Key(caller.tenant(), id));
    }

    /** All subscriptions of a tenant. */
    public List<RegisteredSubscription> all(Tenant tenant) {
        Map<Age, RegisteredSubscription> all = byAge.get(tenant);
        return all == null ? List.of() : List.copyOf(all.values());
    }

    /** A page of the tenant's subscriptions (clause 5.8.4). */
    public Page query(Caller caller, int offset, int limit) {
        ConcurrentSkipListMap<Age, RegisteredSubscription> all = byAge.get(caller.tenant());
        if (all == null) {
            return new Page(List.of(), false, 0);
        }
        List<RegisteredSubscription> page = new ArrayList<>();
        int position = 0;
        for (RegisteredSubscription entry : all.values()) {
            if (position++ < offset) {
                continue;
            }
            if (page.size() == limit) {
                return new Page(page, true, all.size());
            }
            page.add(entry);
        }
        return new Page(page, false, Math.max(position, page.size()));
    }

    /**
     * Deletes a subscription (clause 5.8.5).
     *
     * @return fails with BadRequestData or ResourceNotFound
     */
    public Future<Void> delete(Caller caller, String id) {
        Key key = new Key(caller.tenant(), id);
        return inOrder(key, () -> {
            RegisteredSubscription entry = find(key);
            return store.delete(caller.tenant(), kind.collection, id).map(there -> {
                remove(key, entry);
                return null;
            });
        });
    }

    /** Puts all subscriptions of a snapshot out of force; they are deleted with the snapshot itself. */
    public void forget(Tenant snapshot) {
        Map<Age, RegisteredSubscription> all = byAge.remove(snapshot);
        if (all != null) {
            all.values().forEach(entry -> {
                registered.remove(new Key(snapshot, entry.id()), entry);
                listeners.forEach(l -> l.removed(entry));
            });
        }
    }

    /** Writes the counters that changed since the last call. */
    public Future<Void> saveCounters() {
        List<Future<Void>> writes = new ArrayList<>();
        registered.forEach((key, entry) -> {
            if (entry.takeUnsaved()) {
                writes.add(inOrder(key, () -> saveCounters(key, entry)));
            }
        });
        return writes.isEmpty() ? Future.succeededFuture() : Future.join(writes).mapEmpty();
    }

    /** Adds what was counted here to what is stored, which other replicas may have counted on. */
    private Future<Void> saveCounters(Key key, RegisteredSubscription entry) {
        DeliveryCounters included = entry.counters();
        AtomicReference<DeliveryCounters> total = new AtomicReference<>(included);
        return store.update(key.tenant(), kind.collection, key.id(), there -> {
                    RegisteredSubscription stored = StoredSubscriptions.read(key.tenant(), there);
                    DeliveryCounters sum = stored.counters().plus(entry.saved(), included);
                    total.set(sum);
                    return StoredSubscriptions.write(stored, stored.content(), sum);
                })
                .map(there -> {
                    if (there) {
                        entry.stored(Objects.requireNonNull(total.get()), included);
                    }
                    return null;
                });
    }

    /** Takes over what another replica made of a subscription. */
    public Future<Void> refresh(Tenant tenant, String id) {
        Key key = new Key(tenant, id);
        return inOrder(key, () -> store.get(tenant, kind.collection, id).compose(bytes -> {
            RegisteredSubscription known = registered.get(key);
            if (bytes == null) {
                if (known != null) {
                    remove(key, known);
                }
                return Future.succeededFuture();
            }
            RegisteredSubscription stored = StoredSubscriptions.read(tenant, bytes);
            if (known == null) {
                add(stored);
                return announceTakenOver(stored);
            }
            known.stored(stored.counters(), known.saved());
            if (known.modifiedAt().equals(stored.modifiedAt())) {
                return Future.succeededFuture();
            }
            known.content(stored.content());
            return announceTakenOver(known);
        }));
    }

    private Future<Void> announceTakenOver(RegisteredSubscription entry) {
        return Future.join(listeners.stream().map(l -> l.takenOver(entry)).toList())
                .mapEmpty();
    }

    /** The same for all subscriptions of a tenant. */
    public Future<Void> refreshAll(Tenant tenant) {
        Set<String> all = ConcurrentHashMap.newKeySet();
        registered.keySet().stream().filter(key -> key.tenant().equals(tenant)).forEach(key -> all.add(key.id()));
        return store.each(tenant, kind.collection, document -> all.add(document.key()))
                .compose(v ->
                        Future.join(all.stream().map(id -> refresh(tenant, id)).toList()))
                .mapEmpty();
    }

    /** Where its documents are. */
    public String collection() {
        return kind.collection;
    }

    private void remove(Key key, RegisteredSubscription entry) {
        registered.remove(key, entry);
        ages(key.tenant()).remove(new Age(entry.createdAt(), key.id()));
        listeners.forEach(l -> l.removed(entry));
    }

    private Future<Void> announce(RegisteredSubscription entry) {
        return Future.join(listeners.stream().map(l -> l.put(entry)).toList()).mapEmpty();
    }

    private RegisteredSubscription find(Key key) {
        Names.uri(key.id(), "subscriptionId");
        RegisteredSubscription entry = registered.get(key);
        if (entry == null) {
            throw unknown(key.id());
        }
        return entry;
    }

    private void add(RegisteredSubscription entry) {
        registered.put(new Key(entry.tenant(), entry.id()), entry);
        ages(entry.tenant()).put(new Age(entry.createdAt(), entry.id()), entry);
    }

    private ConcurrentSkipListMap<Age, RegisteredSubscription> ages(Tenant tenant) {
        return byAge.computeIfAbsent(tenant, t -> new ConcurrentSkipListMap<>());
    }

    /** Checks the context that the subscription names, or names the one that it came with (clause 5.8.1.4). */
    private Future<Subscription> withContext(Tenant tenant, Subscription subscription, Value source) {
        String named = subscription.jsonldContext();
        if (named != null) {
            return Future.fromCompletionStage(contexts.resolve(Value.of(named))).map(subscription);
        }
        return contextUrls.urlOf(tenant, source).map(url -> {
            Map<String, Value> members =
                    new LinkedHashMap<>(subscription.document().members());
            members.put(kind.contextMember, Value.of(url));
            return SubscriptionReader.stored(new Value.Obj(members), subscription.q(), subscription.csf());
        });
    }

    private void checkEndpoint(Subscription subscription) {
        try {
            URI uri = URI.create(subscription.notification().endpoint().uri());
            boolean mqtt = uri.getScheme().toLowerCase(Locale.ROOT).startsWith("mqtt");
            egress.check(uri, mqtt ? Set.of("mqtt", "mqtts") : Set.of("http", "https"));
        } catch (EgressException e) {
            throw NgsiLdException.badRequest("notification.endpoint.uri: " + e.getMessage());
        }
    }

    /** Runs work on one subscription after the work on it that was asked for before. */
    private <T> Future<T> inOrder(Key key, Supplier<Future<T>> work) {
        Promise<Void> mine = Promise.promise();
        Future<Void> end = mine.future();
        Future<Void> before = tails.put(key, end);
        return (before == null ? Future.<Void>succeededFuture() : before)
                .compose(v -> work.get())
                .andThen(done -> {
                    tails.remove(key, end);
                    mine.complete();
                });
    }

    private static NgsiLdException unknown(String id) {
        return NgsiLdException.notFound("there is no subscription " + clip(id));
    }

    private static NgsiLdException exists(String id) {
        return new NgsiLdException(ErrorType.AlreadyExists, "there is already a subscription " + clip(id));
    }

    private static String clip(String id) {
        return id.length() <= 100 ? id : id.substring(0, 100) + "…";
    }
}
