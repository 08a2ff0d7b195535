package de.freiraum.jsonld;

import de.freiraum.json.JsonReader;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a request says about its context into a compiled {@link Context}, fetching remote documents where they are not at hand.
 * Compiled contexts are remembered by content, documents by URL; both are bounded, least recently used go first. Requests that need the
 * same document at the same time share one fetch. Safe for any thread; the stages complete on the loader's thread or at once.
 */
public final class ContextResolver {
    /** Bytes of one remote document. */
    public static final int MAX_BYTES = 256 * 1024;

    /** How deep remote documents may refer to each other. */
    public static final int MAX_DEPTH = ContextCompiler.MAX_DEPTH;

    /** Remote documents that one request may need. */
    public static final int MAX_DOCUMENTS = 32;

    /**
     * Sizes and times of the cache.
     *
     * @param documents how many remote documents are kept
     * @param compiled how many compiled contexts are kept
     * @param freshFor how long a document is used before it is fetched again if its server does not say; the old one stays if that fails
     */
    public record Limits(int documents, int compiled, Duration freshFor) {
        /** 500 documents, 1000 compiled contexts, a day. */
        public static final Limits DEFAULT = new Limits(500, 1000, Duration.ofHours(24));
    }

    /** How long an old document is used before another attempt, when fetching it anew has failed. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final ContextLoader loader;
    private final LocalContexts local;
    private final ContextCacheListener listener;
    private final Limits limits;
    private final InstantSource clock;
    private final Map<String, Document> documents = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Document>> pending = new ConcurrentHashMap<>();
    private final Map<Value, Compiled> compiled = new ConcurrentHashMap<>();

    /**
     * A resolver with an empty cache.
     *
     * @param loader fetches remote documents
     * @param local contexts hosted here
     * @param listener hears of changes of the cache
     * @param limits sizes and times
     * @param clock tells the age of documents
     */
    public ContextResolver(
            ContextLoader loader,
            LocalContexts local,
            ContextCacheListener listener,
            Limits limits,
            InstantSource clock) {
        this.loader = loader;
        this.local = local;
        this.listener = listener;
        this.limits = limits;
        this.clock = clock;
    }

    /** A resolver without hosted contexts and listener, with the default limits. */
    public ContextResolver(ContextLoader loader, InstantSource clock) {
        this(loader, url -> null, ContextCacheListener.NONE, Limits.DEFAULT, clock);
    }

    /** A resolver that knows the built-in contexts alone and fetches nothing. */
    public static ContextResolver builtInOnly() {
        return new ContextResolver(
                url -> CompletableFuture.failedFuture(new IllegalStateException("nothing is fetched")),
                () -> Instant.EPOCH);
    }

    /**
     * Compiles a context.
     *
     * @param context what a Link header or an {@code @context} member says: URL, array, object or null
     * @return the context, the same instance for equal input as long as no document it needs changes. Fails with NgsiLdException:
     *     LdContextNotAvailable if a document cannot be had, BadRequestData if the context is broken
     */
    public CompletionStage<Context> resolve(Value context) {
        Compiled known = compiled.get(context);
        if (known != null && isFresh(known)) {
            known.used(this, clock.instant());
            return CompletableFuture.completedFuture(known.context);
        }
        try {
            if (context instanceof Value.Text t && BuiltInContexts.isCore(t.text())) {
                return CompletableFuture.completedFuture(
                        t.text().equals(BuiltInContexts.CORE_URL)
                                ? BuiltInContexts.core()
                                : remember(new Compiled(new Context(context, BuiltInContexts.coreTerms()), Map.of())));
            }
            ContextCompiler.checkShape(context);
            Gathering gathering = new Gathering();
            return gathering
                    .gather(context, null, 0)
                    .thenApply(done -> compile(context, gathering.found))
                    .exceptionallyCompose(e -> CompletableFuture.failedFuture(unwrap(e)));
        } catch (NgsiLdException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The documents in the cache, in the order of their URLs. */
    public List<CachedContext> cached() {
        return documents.values().stream()
                .map(Document::entry)
                .sorted(Comparator.comparing(CachedContext::url))
                .toList();
    }

    /** The document of that URL, if it is in the cache. */
    public Optional<CachedContext> cached(String url) {
        return Optional.ofNullable(documents.get(url)).map(Document::entry);
    }

    /** The same for a request that asks for the document by its URL, which counts as a hit. */
    public Optional<CachedContext> found(String url) {
        Document document = documents.get(url);
        if (document == null) {
            return Optional.empty();
        }
        document.used(clock.instant());
        return Optional.of(document.entry());
    }

    /** Forgets the document of a URL and what was compiled with it; true if it was in the cache. */
    public boolean forget(String url) {
        Document gone = documents.remove(url);
        dropCompiled(url);
        if (gone != null) {
            listener.removed(url);
        }
        return gone != null;
    }

    /**
     * Fetches the document of a URL anew (clause 5.13.5) and puts it in the place of the one in the cache.
     *
     * @return fails with LdContextNotAvailable if that is not possible or the new document is no valid context; the old one stays then
     */
    public CompletionStage<CachedContext> reload(String url) {
        return fetch(url)
                .thenApply(document -> {
                    // a document that names others is checked as far as it goes by itself
                    ContextCompiler.compile(
                            document.context, other -> new Value.Obj(Map.of()), BuiltInContexts.coreTerms());
                    store(document);
                    return document.entry();
                })
                .exceptionallyCompose(e -> CompletableFuture.failedFuture(
                        unwrap(e) instanceof NgsiLdException fault && fault.type() == ErrorType.BadRequestData
                                ? unavailable(url, fault.detail())
                                : unwrap(e)));
    }

    /** Fills the cache with what was kept on disk; broken entries are left out. */
    public void restore(Collection<CachedContext> entries) {
        for (CachedContext entry : entries) {
            try {
                documents.putIfAbsent(entry.url(), new Document(entry, context(entry.url(), entry.body())));
            } catch (NgsiLdException e) {
                // it is fetched again when it is needed
            }
        }
        bound();
    }

    /**
     * Checks that a value can be stored as a context: URLs are taken as they are, everything else must compile.
     *
     * @throws NgsiLdException BadRequestData
     */
    public static void check(Value context) {
        ContextCompiler.checkShape(context);
        ContextCompiler.compile(context, url -> new Value.Obj(Map.of()), BuiltInContexts.coreTerms());
    }

    private Context compile(Value context, Map<String, Document> found) {
        Map<String, Document> used = new LinkedHashMap<>(found);
        Context result = new Context(
                context,
                ContextCompiler.compile(
                        context,
                        url -> {
                            Document document = used.get(url);
                            return document == null ? null : document.context;
                        },
                        BuiltInContexts.coreTerms()));
        return remember(new Compiled(result, used));
    }

    private Context remember(Compiled made) {
        Compiled kept = compiled.compute(
                made.context.source(),
                (source, earlier) -> earlier != null && earlier.sameDocuments(made) ? earlier.refreshed(made) : made);
        if (compiled.size() > limits.compiled) {
            compiled.entrySet().stream()
                    .min(Comparator.comparing(e -> e.getValue().lastUsage))
                    .ifPresent(oldest -> compiled.remove(oldest.getKey(), oldest.getValue()));
        }
        kept.lastUsage = clock.instant();
        return kept.context;
    }

    private boolean isFresh(Compiled known) {
        if (known.documents.isEmpty()) {
            return true;
        }
        Instant now = clock.instant();
        return known.documents.values().stream()
                .allMatch(d -> d.fromHere || (d.isFresh(now) && documents.containsKey(d.url)));
    }

    private void dropCompiled(String url) {
        compiled.values().removeIf(c -> c.documents.containsKey(url));
    }

    private CompletableFuture<Document> fetch(String url) {
        CompletableFuture<Document> mine = new CompletableFuture<>();
        CompletableFuture<Document> theirs = pending.putIfAbsent(url, mine);
        if (theirs != null) {
            return theirs;
        }
        try {
            loader.load(url).whenComplete((loaded, failure) -> {
                pending.remove(url, mine);
                try {
                    if (failure != null) {
                        throw unavailable(url, "fetching it failed");
                    }
                    Instant now = clock.instant();
                    Duration fresh = loaded.freshFor() == null ? limits.freshFor : loaded.freshFor();
                    mine.complete(new Document(
                            new CachedContext(url, loaded.body(), now, now.plus(fresh), now, 0),
                            context(url, loaded.body())));
                } catch (RuntimeException e) {
                    mine.completeExceptionally(e);
                }
            });
        } catch (RuntimeException e) {
            pending.remove(url, mine);
            mine.completeExceptionally(unavailable(url, "fetching it failed"));
        }
        return mine;
    }

    private Document store(Document document) {
        Document earlier = documents.put(document.url, document);
        if (earlier != null && !Arrays.equals(earlier.body, document.body)) {
            dropCompiled(document.url);
        }
        listener.stored(document.entry());
        bound();
        return document;
    }

    private void bound() {
        while (documents.size() > limits.documents) {
            Optional<Document> oldest = documents.values().stream().min(Comparator.comparing(d -> d.lastUsage));
            if (oldest.isEmpty()) {
                return;
            }
            forget(oldest.get().url);
        }
    }

    private static Value context(String url, byte[] body) {
        if (body.length > MAX_BYTES) {
            throw unavailable(url, "it has more than " + MAX_BYTES + " bytes");
        }
        Value document;
        try {
            document = JsonReader.read(body);
        } catch (NgsiLdException e) {
            throw ContextCompiler.broken(ContextCompiler.clip(url) + " is no valid JSON");
        }
        Value context = document instanceof Value.Obj o ? o.get("@context") : null;
        if (context == null) {
            throw ContextCompiler.broken(ContextCompiler.clip(url) + " is no JSON object with an @context");
        }
        return context;
    }

    private static NgsiLdException unavailable(String url, String why) {
        return new NgsiLdException(
                ErrorType.LdContextNotAvailable,
                "the context " + ContextCompiler.clip(url) + " is not available: " + why);
    }

    private static Throwable unwrap(Throwable e) {
        Throwable t = e;
        while (t instanceof CompletionException && t.getCause() != null) {
            t = t.getCause();
        }
        return t;
    }

    /** Collects the remote documents that one context needs. */
    private final class Gathering {
        private final Map<String, Document> found = new ConcurrentHashMap<>();
        private final Set<String> wanted = ConcurrentHashMap.newKeySet();
        private final AtomicInteger count = new AtomicInteger();

        CompletableFuture<Void> gather(Value context, @Nullable String base, int depth) {
            List<String> urls = new ArrayList<>();
            references(context, base, urls);
            if (urls.isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            if (depth >= MAX_DEPTH) {
                throw ContextCompiler.broken("remote contexts nest at most " + MAX_DEPTH + " deep");
            }
            List<CompletableFuture<Void>> parts = new ArrayList<>();
            for (String url : urls) {
                if (wanted.add(url)) {
                    if (count.incrementAndGet() > MAX_DOCUMENTS) {
                        throw ContextCompiler.broken("a context needs at most " + MAX_DOCUMENTS + " remote documents");
                    }
                    parts.add(document(url).thenCompose(document -> {
                        found.put(url, document);
                        return gather(document.context, url, depth + 1);
                    }));
                }
            }
            return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
        }

        private void references(Value context, @Nullable String base, List<String> urls) {
            if (context instanceof Value.Array a) {
                a.items().forEach(item -> references(item, base, urls));
            } else if (context instanceof Value.Text t) {
                String url = ContextCompiler.resolve(t.text(), base);
                if (!BuiltInContexts.isCore(url)) {
                    urls.add(url);
                }
            } else if (context instanceof Value.Obj o && o.get("@import") instanceof Value.Text t) {
                urls.add(ContextCompiler.resolve(t.text(), base));
            }
        }

        private CompletableFuture<Document> document(String url) {
            Value here = BuiltInContexts.published(url);
            if (here == null) {
                here = local.find(url);
            }
            if (here != null) {
                local.used(url);
                return CompletableFuture.completedFuture(new Document(url, here));
            }
            Document known = documents.get(url);
            Instant now = clock.instant();
            if (known != null && known.isFresh(now)) {
                known.used(now);
                return CompletableFuture.completedFuture(known);
            }
            CompletableFuture<Document> fetched = fetch(url).thenApply(ContextResolver.this::store);
            return known == null
                    ? fetched
                    : fetched.exceptionally(e -> {
                        known.freshUntil = now.plus(RETRY); // keep the old one, and do not ask again at once
                        known.used(now);
                        return known;
                    });
        }
    }

    private static final class Document {
        private final String url;
        private final byte[] body;
        private final Value context;
        private final boolean fromHere;
        private final AtomicInteger hits = new AtomicInteger();
        private final Instant createdAt;
        private volatile Instant freshUntil;
        private volatile Instant lastUsage;

        Document(CachedContext entry, Value context) {
            this.url = entry.url();
            this.body = entry.body();
            this.context = context;
            this.fromHere = false;
            this.createdAt = entry.createdAt();
            this.freshUntil = entry.expiresAt();
            this.lastUsage = entry.lastUsage();
            this.hits.set((int) entry.numberOfHits());
        }

        Document(String url, Value context) {
            this.url = url;
            this.body = new byte[0];
            this.context = context;
            this.fromHere = true;
            this.createdAt = Instant.EPOCH;
            this.freshUntil = Instant.EPOCH;
            this.lastUsage = Instant.EPOCH;
        }

        boolean isFresh(Instant now) {
            return now.isBefore(freshUntil);
        }

        void used(Instant now) {
            hits.incrementAndGet();
            lastUsage = now;
        }

        CachedContext entry() {
            return new CachedContext(url, body, createdAt, freshUntil, lastUsage, hits.get());
        }
    }

    private static final class Compiled {
        private final Context context;
        private final Map<String, Document> documents;
        private volatile Instant lastUsage = Instant.EPOCH;

        Compiled(Context context, Map<String, Document> documents) {
            this.context = context;
            this.documents = Map.copyOf(documents);
        }

        void used(ContextResolver resolver, Instant now) {
            lastUsage = now;
            documents.forEach((url, mine) -> {
                if (mine.fromHere) {
                    resolver.local.used(url);
                    return;
                }
                Document document = resolver.documents.get(url);
                if (document != null) {
                    document.used(now);
                }
            });
        }

        boolean sameDocuments(Compiled other) {
            return documents.keySet().equals(other.documents.keySet())
                    && documents.values().stream().allMatch(d -> {
                        Document theirs = other.documents.get(d.url);
                        return theirs != null && theirs.context.equals(d.context);
                    });
        }

        /** The same compiled context, now resting on documents fetched anew. */
        Compiled refreshed(Compiled newer) {
            return new Compiled(context, newer.documents);
        }
    }
}
