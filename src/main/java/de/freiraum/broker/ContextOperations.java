package de.freiraum.broker;

import de.freiraum.broker.HostedContexts.Entry;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.CachedContext;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Storing, managing and serving contexts (clause 5.13). Hosted contexts belong to a tenant; cached ones are copies of public documents. */
public final class ContextOperations {
    private final HostedContexts hosted;
    private final ContextResolver resolver;

    /** Operations on the hosted contexts and on the resolver's cache. */
    public ContextOperations(HostedContexts hosted, ContextResolver resolver) {
        this.hosted = hosted;
        this.resolver = resolver;
    }

    /**
     * What is known of a stored context (clause 5.13.3.5).
     *
     * @param url where it can be had, or came from
     * @param localId its identifier in the broker
     * @param kind Cached, Hosted or ImplicitlyCreated
     * @param createdAt when it came
     * @param expiresAt when a cached one is fetched anew, or null
     * @param lastUsage when it was last used, or null
     * @param numberOfHits how often it was used
     */
    public record Description(
            String url,
            String localId,
            String kind,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsage,
            long numberOfHits) {}

    /** Clause 5.13.2. @return the local id */
    public Future<String> addContext(Caller caller, Value.Obj document) {
        Value context = document.get("@context");
        if (context == null || context instanceof Value.Null) {
            return Future.failedFuture(NgsiLdException.invalid("the body needs an @context"));
        }
        try {
            ContextResolver.check(context);
        } catch (NgsiLdException e) {
            return Future.failedFuture(e);
        }
        return hosted.add(caller.tenant(), HostedContexts.Kind.Hosted, context).map(Entry::localId);
    }

    /**
     * Clause 5.13.3.
     *
     * @param kind only contexts of this kind; null: all
     */
    public List<Description> listContexts(Caller caller, @Nullable String kind) {
        List<Description> all = new ArrayList<>();
        hosted.list(caller.tenant()).forEach(e -> all.add(describe(e)));
        resolver.cached().forEach(c -> all.add(describe(c)));
        all.removeIf(d -> kind != null && !kind.equals(d.kind()));
        return all;
    }

    /** Clause 5.13.4: the content. Fails with OperationNotSupported for a cached context. */
    public Value serveContext(Caller caller, String id) {
        Entry entry = hosted.served(caller.tenant(), id);
        if (entry != null) {
            return entry.context();
        }
        if (isBuiltIn(id) || resolver.cached(urlOf(id)).isPresent()) {
            throw new NgsiLdException(
                    ErrorType.OperationNotSupported, "a cached context is served by its origin, not by this broker");
        }
        throw notFound(id);
    }

    /** Clause 5.13.4 with details. */
    public Description describeContext(Caller caller, String id) {
        Entry entry = hosted.get(caller.tenant(), id);
        if (entry != null) {
            return describe(entry);
        }
        Optional<CachedContext> cached = resolver.found(urlOf(id));
        if (cached.isPresent()) {
            return describe(cached.get());
        }
        if (isBuiltIn(id)) {
            return new Description(id, id, "Cached", Instant.EPOCH, null, null, 0);
        }
        throw notFound(id);
    }

    /**
     * Clause 5.13.5.
     *
     * @param reload whether to fetch the context anew instead
     */
    public Future<Void> deleteContext(Caller caller, String id, boolean reload) {
        Entry entry = hosted.get(caller.tenant(), id);
        if (entry != null) {
            if (reload) {
                return Future.failedFuture(NgsiLdException.badRequest(
                        "reload: only cached contexts can be fetched anew; this one is " + entry.kind()));
            }
            return hosted.remove(entry).map(v -> {
                entry.urls().forEach(resolver::forget);
                return null;
            });
        }
        if (isBuiltIn(id)) {
            // it is part of the program, so there is nothing to fetch, and nothing may remove it
            return reload
                    ? Future.succeededFuture()
                    : Future.failedFuture(NgsiLdException.badRequest("the core context cannot be deleted"));
        }
        String url = urlOf(id);
        if (resolver.cached(url).isEmpty()) {
            return Future.failedFuture(
                    reload
                            ? NgsiLdException.badRequest("reload: there is no cached context of that id or URL")
                            : notFound(id));
        }
        if (reload) {
            io.vertx.core.Context owner = io.vertx.core.Vertx.currentContext();
            var reloaded = resolver.reload(url);
            return (owner == null ? Future.fromCompletionStage(reloaded) : Future.fromCompletionStage(reloaded, owner))
                    .mapEmpty();
        }
        resolver.forget(url);
        return Future.succeededFuture();
    }

    private Description describe(Entry entry) {
        return new Description(
                hosted.url(entry),
                entry.localId(),
                entry.kind().name(),
                entry.createdAt(),
                null,
                entry.lastUsage(),
                entry.numberOfHits());
    }

    private static Description describe(CachedContext cached) {
        return new Description(
                cached.url(),
                localId(cached.url()),
                "Cached",
                cached.createdAt(),
                cached.expiresAt(),
                cached.lastUsage(),
                cached.numberOfHits());
    }

    /** The identifier of a cached context in this broker, which follows from its URL. */
    private static String localId(String url) {
        return UUID.nameUUIDFromBytes(url.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** The URL of the cached context that the identifier stands for; any other text is taken for a URL. */
    private String urlOf(String id) {
        return id.contains(":")
                ? id
                : resolver.cached().stream()
                        .map(CachedContext::url)
                        .filter(url -> localId(url).equals(id))
                        .findAny()
                        .orElse(id);
    }

    private static boolean isBuiltIn(String id) {
        return BuiltInContexts.isCore(id);
    }

    private static NgsiLdException notFound(String id) {
        return NgsiLdException.notFound(
                "there is no stored context " + (id.length() <= 100 ? id : id.substring(0, 100) + "…"));
    }
}
