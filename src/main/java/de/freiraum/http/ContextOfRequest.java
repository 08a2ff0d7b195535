package de.freiraum.http;

import de.freiraum.json.JsonReader;
import de.freiraum.jsonld.Context;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the @context of a request comes from (clause 6.3.5): from the Link header or from the body, never from both. Relative references count from the origin of
 * the request.
 */
final class ContextOfRequest {
    private static final String CONTEXT = "@context";

    private final ContextResolver resolver;
    private final Context core;
    private final int maxMembers;

    /**
     * @param maxMembers the most members of an object in a body; those of a {@code @context} do not count
     */
    ContextOfRequest(ContextResolver resolver, Context core, int maxMembers) {
        this.maxMembers = maxMembers;
        this.resolver = resolver;
        this.core = core;
    }

    /** The context that the Link header names, or the core context. */
    Future<Context> ofLink(List<String> linkHeaders, Supplier<String> origin) {
        if (linkHeaders.isEmpty()) {
            return Future.succeededFuture(core);
        }
        String uri = LinkHeader.context(linkHeaders);
        return uri == null ? Future.succeededFuture(core) : resolve(absolute(Value.of(uri), origin));
    }

    /** The context that a value of {@code @context} stands for. */
    Future<Context> resolve(Value source) {
        CompletableFuture<Context> stage = resolver.resolve(source).toCompletableFuture();
        if (stage.isDone() && !stage.isCompletedExceptionally()) {
            return Future.succeededFuture(Objects.requireNonNull(stage.getNow(null)));
        }
        io.vertx.core.Context owner = io.vertx.core.Vertx.currentContext();
        Future<Context> resolved =
                owner == null ? Future.fromCompletionStage(stage) : Future.fromCompletionStage(stage, owner);
        return resolved.recover(failure -> Future.failedFuture(
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure));
    }

    /** The one object of a body, without its @context, and the context it is to be read with. */
    Future<RequestContext.Document> document(
            byte[] body, boolean jsonLd, List<String> linkHeaders, Supplier<String> origin) {
        Value value = JsonReader.read(body);
        if (!(value instanceof Value.Obj object)) {
            throw NgsiLdException.invalid("the body must be one JSON object");
        }
        checkMembers(object);
        if (!jsonLd) {
            refuseContext(object);
            return ofLink(linkHeaders, origin).map(context -> new RequestContext.Document(object, context));
        }
        refuseLink(linkHeaders);
        return resolve(absolute(contextIn(object), origin))
                .map(context -> new RequestContext.Document(withoutContext(object), context));
    }

    /** The items of a body that is an array; each item's own fault stays with the item. */
    Future<List<RequestContext.Item>> items(
            byte[] body, boolean jsonLd, List<String> linkHeaders, Supplier<String> origin, int maxItems) {
        Value value = JsonReader.read(body);
        if (!(value instanceof Value.Array array)) {
            throw NgsiLdException.badRequest("the body must be a JSON array");
        }
        if (array.items().isEmpty()) {
            throw NgsiLdException.badRequest("the array in the body must not be empty");
        }
        if (array.items().size() > maxItems) {
            throw NgsiLdException.badRequest(
                    "the array in the body has " + array.items().size() + " items; allowed are " + maxItems);
        }
        if (!jsonLd) {
            return ofLink(linkHeaders, origin).map(context -> array.items().stream()
                    .map(item -> withoutOwnContext(item, context))
                    .toList());
        }
        refuseLink(linkHeaders);
        return itemsWithTheirContexts(array, origin);
    }

    private void checkMembers(Value value) {
        if (value instanceof Value.Array array) {
            array.items().forEach(this::checkMembers);
        } else if (value instanceof Value.Obj object) {
            if (object.members().size() > maxMembers) {
                throw NgsiLdException.badRequest(
                        "an object in the body has " + object.members().size() + " members; allowed are " + maxMembers);
            }
            object.members().forEach((name, member) -> {
                if (!name.equals(CONTEXT)) {
                    checkMembers(member);
                }
            });
        }
    }

    private RequestContext.Item withoutOwnContext(Value item, Context context) {
        try {
            checkMembers(item);
            if (item instanceof Value.Obj object) {
                refuseContext(object);
            }
            return new RequestContext.Item(item, context, null);
        } catch (NgsiLdException fault) {
            return new RequestContext.Item(item, context, fault);
        }
    }

    private Future<List<RequestContext.Item>> itemsWithTheirContexts(Value.Array array, Supplier<String> origin) {
        Map<Value, Future<Context>> contexts = new HashMap<>();
        List<Future<RequestContext.Item>> items = new ArrayList<>();
        for (Value item : array.items()) {
            if (!(item instanceof Value.Obj object)) {
                items.add(Future.succeededFuture(new RequestContext.Item(item, core, null)));
                continue;
            }
            try {
                checkMembers(object);
                items.add(contexts.computeIfAbsent(absolute(contextIn(object), origin), this::resolve)
                        .map(context -> new RequestContext.Item(withoutContext(object), context, null))
                        .recover(e -> e instanceof NgsiLdException fault
                                ? Future.succeededFuture(new RequestContext.Item(object, core, fault))
                                : Future.failedFuture(e)));
            } catch (NgsiLdException fault) {
                items.add(Future.succeededFuture(new RequestContext.Item(object, core, fault)));
            }
        }
        return Future.all(items).map(all -> items.stream().map(Future::result).toList());
    }

    private static void refuseContext(Value.Obj object) {
        if (object.get(CONTEXT) != null) {
            throw NgsiLdException.badRequest(
                    "a body of type application/json must not have @context; name it in a Link header, or send application/ld+json");
        }
    }

    private static void refuseLink(List<String> linkHeaders) {
        if (!linkHeaders.isEmpty() && LinkHeader.context(linkHeaders) != null) {
            throw NgsiLdException.badRequest(
                    "Link: a request of type application/ld+json has its @context in the body, not in a header");
        }
    }

    private static Value contextIn(Value.Obj object) {
        @Nullable Value source = object.get(CONTEXT);
        if (source == null || source instanceof Value.Null) {
            throw NgsiLdException.badRequest("a body of type application/ld+json must have @context");
        }
        return source;
    }

    /** A path, such as the Location of a hosted context, refers to this broker: relative references count from the request's URL. */
    private static Value absolute(Value source, Supplier<String> origin) {
        if (source instanceof Value.Text text && text.text().startsWith("/")) {
            return Value.of(origin.get() + text.text());
        }
        if (source instanceof Value.Array array) {
            return new Value.Array(
                    array.items().stream().map(item -> absolute(item, origin)).toList());
        }
        return source;
    }

    private static Value.Obj withoutContext(Value.Obj object) {
        Map<String, Value> members = new LinkedHashMap<>(object.members());
        members.remove(CONTEXT);
        return new Value.Obj(members);
    }
}
