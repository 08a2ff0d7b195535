package de.freiraum.broker;

import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.json.Times;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.LocalContexts;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import de.freiraum.store.DocumentStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The contexts that this broker serves (clause 5.13): added by users, or created because a context needs a URL that has none. They are kept in the
 * store and, all of them, in memory, so that they are never fetched from the broker itself. Safe for any thread.
 */
public final class HostedContexts implements LocalContexts {
    /** The path below which contexts are served. */
    public static final String PATH = "/ngsi-ld/v1/jsonldContexts/";

    private static final Logger LOG = LoggerFactory.getLogger(HostedContexts.class);
    /** Where they are in the store. */
    public static final String COLLECTION = "contexts";

    private static final int MAX_ENTRIES = 10_000;
    private static final int MAX_URLS = 32;

    /** Where a context came from. */
    public enum Kind {
        Hosted,
        ImplicitlyCreated
    }

    /** One context. */
    public static final class Entry {
        private final Tenant tenant;
        private final String localId;
        private final Kind kind;
        private final Instant createdAt;
        private final Value context;
        private final AtomicLong hits = new AtomicLong();
        private final Set<String> urls = ConcurrentHashMap.newKeySet();
        private volatile @Nullable Instant lastUsage;

        Entry(Tenant tenant, String localId, Kind kind, Instant createdAt, Value context) {
            this.tenant = tenant;
            this.localId = localId;
            this.kind = kind;
            this.createdAt = createdAt;
            this.context = context;
        }

        /** Its identifier in the broker. */
        public String localId() {
            return localId;
        }

        /** Where it came from. */
        public Kind kind() {
            return kind;
        }

        /** When it came. */
        public Instant createdAt() {
            return createdAt;
        }

        /** The URLs under which it was asked for, since the broker may have several names. */
        Set<String> urls() {
            return urls;
        }

        /** What its {@code @context} says. */
        public Value context() {
            return context;
        }

        /** How often it was used since the start: by a request that was read with it, or by a subscription that it got its URL for. */
        public long numberOfHits() {
            return hits.get();
        }

        private void hit(Instant now) {
            hits.incrementAndGet();
            lastUsage = now;
        }

        /** When it was last used, or null if it was not since the start. */
        public @Nullable Instant lastUsage() {
            return lastUsage;
        }
    }

    private final DocumentStore store;
    private final String origin;
    private final Supplier<String> ids;
    private final InstantSource clock;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    private HostedContexts(DocumentStore store, String origin, Supplier<String> ids, InstantSource clock) {
        this.store = store;
        this.origin = origin;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Reads what is in the store.
     *
     * @param tenants the tenants that may have contexts
     * @param origin scheme, host and port under which clients reach the broker, without a slash at its end
     * @param ids makes unique ids
     */
    public static Future<HostedContexts> open(
            DocumentStore store, Collection<Tenant> tenants, String origin, Supplier<String> ids, InstantSource clock) {
        HostedContexts contexts = new HostedContexts(store, origin, ids, clock);
        Future<Void> loaded = Future.succeededFuture();
        for (Tenant tenant : tenants) {
            loaded = loaded.compose(v -> store.each(tenant, COLLECTION, d -> contexts.load(tenant, d)));
        }
        return loaded.map(v -> contexts);
    }

    private void load(Tenant tenant, DocumentStore.Document document) {
        Entry entry = read(tenant, document.key(), document.bytes());
        entries.put(entry.localId, entry);
    }

    /** Takes over what another replica made of a context. */
    public Future<Void> refresh(Tenant tenant, String localId) {
        return store.get(tenant, COLLECTION, localId).map(bytes -> {
            if (bytes == null) {
                entries.remove(localId);
            } else {
                entries.computeIfAbsent(localId, id -> read(tenant, id, bytes));
            }
            return null;
        });
    }

    /** The same for all contexts of a tenant. */
    public Future<Void> refreshAll(Tenant tenant) {
        Set<String> all = ConcurrentHashMap.newKeySet();
        list(tenant).forEach(entry -> all.add(entry.localId));
        return store.each(tenant, COLLECTION, document -> all.add(document.key()))
                .compose(v ->
                        Future.join(all.stream().map(id -> refresh(tenant, id)).toList()))
                .mapEmpty();
    }

    /** Adds a context, to the tenant also when a snapshot of it is worked on. @return fails with TooManyResults when there are {@value #MAX_ENTRIES} already */
    public Future<Entry> add(Tenant tenant, Kind kind, Value context) {
        if (entries.size() >= MAX_ENTRIES) {
            return Future.failedFuture(new NgsiLdException(
                    de.freiraum.model.ErrorType.TooManyRequests,
                    "this broker stores at most " + MAX_ENTRIES + " contexts; delete some first"));
        }
        Entry entry = new Entry(tenant.live(), ids.get(), kind, clock.instant(), context);
        return store.put(entry.tenant, COLLECTION, entry.localId, write(entry)).map(v -> {
            entries.put(entry.localId, entry);
            return entry;
        });
    }

    /**
     * A URL for a context: its own if it is just one URL beside the core, otherwise one of this broker, where the context is from now on.
     *
     * @param source what {@code @context} says
     */
    public Future<String> urlOf(Tenant tenant, Value source) {
        String own = ownUrl(source);
        if (own != null) {
            return Future.succeededFuture(own);
        }
        return entries.values().stream()
                .filter(e ->
                        e.kind == Kind.ImplicitlyCreated && e.tenant.equals(tenant.live()) && e.context.equals(source))
                .findAny()
                .map(Future::succeededFuture)
                .orElseGet(() -> add(tenant, Kind.ImplicitlyCreated, source))
                .map(entry -> {
                    entry.hit(clock.instant());
                    return url(entry);
                });
    }

    /** The one URL that a context is known by, or null if it is made of several, or written out. */
    public static @Nullable String ownUrl(Value source) {
        if (source instanceof Value.Text text) {
            return text.text();
        }
        if (!(source instanceof Value.Array array)) {
            return null;
        }
        String only = null;
        for (Value item : array.items()) {
            if (!(item instanceof Value.Text text)) {
                return null;
            }
            if (BuiltInContexts.isCore(text.text())) {
                continue;
            }
            if (only != null) {
                return null;
            }
            only = text.text();
        }
        return only == null ? BuiltInContexts.CORE_URL : only;
    }

    /** Where an entry is served. */
    public String url(Entry entry) {
        return origin + PATH + entry.localId;
    }

    /** The contexts of a tenant, oldest first. */
    public List<Entry> list(Tenant tenant) {
        List<Entry> found = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.tenant.equals(tenant)) {
                found.add(entry);
            }
        }
        found.sort(Comparator.comparing(Entry::createdAt).thenComparing(Entry::localId));
        return found;
    }

    /** A context of a tenant by its local id or its URL, or null. */
    public @Nullable Entry get(Tenant tenant, String id) {
        Entry entry = entries.get(localId(id));
        return entry != null && entry.tenant.equals(tenant) ? entry : null;
    }

    /**
     * A context to be served. Who follows a URL cannot name a tenant, so that a request without one gets the contexts of all tenants; their
     * ids cannot be guessed.
     */
    public @Nullable Entry served(Tenant tenant, String id) {
        return tenant.isDefault() ? entries.get(localId(id)) : get(tenant, id);
    }

    /** Removes a context. */
    public Future<Void> remove(Entry entry) {
        return store.delete(entry.tenant, COLLECTION, entry.localId).map(there -> {
            entries.remove(entry.localId);
            return null;
        });
    }

    @Override
    public @Nullable Value find(String url) {
        Entry entry = at(url);
        return entry == null ? null : entry.context;
    }

    @Override
    public void used(String url) {
        Entry entry = at(url);
        if (entry != null) {
            entry.hit(clock.instant());
            if (entry.urls.size() < MAX_URLS) {
                entry.urls.add(url);
            }
        }
    }

    private @Nullable Entry at(String url) {
        int at = url.indexOf(PATH);
        return at < 0 ? null : entries.get(url.substring(at + PATH.length()));
    }

    private static String localId(String id) {
        int at = id.indexOf(PATH);
        return at < 0 ? id : id.substring(at + PATH.length());
    }

    private static byte[] write(Entry entry) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("kind", Value.of(entry.kind.name()));
        members.put("createdAt", Value.of(Times.format(entry.createdAt)));
        members.put("@context", entry.context);
        return JsonWriter.write(new Value.Obj(members));
    }

    private static Entry read(Tenant tenant, String localId, byte[] bytes) {
        if (JsonReader.read(bytes) instanceof Value.Obj document
                && document.get("kind") instanceof Value.Text kind
                && document.get("createdAt") instanceof Value.Text createdAt
                && document.get("@context") != null) {
            return new Entry(
                    tenant,
                    localId,
                    Kind.valueOf(kind.text()),
                    Instant.parse(createdAt.text()),
                    java.util.Objects.requireNonNull(document.get("@context")));
        }
        LOG.error("the stored context {} cannot be read", localId);
        throw new IllegalStateException("the stored context " + localId + " cannot be read");
    }
}
