package de.freiraum.federation;

import de.freiraum.broker.HostedContexts;
import de.freiraum.broker.SourceIdentity;
import de.freiraum.broker.registry.RegisteredSource;
import de.freiraum.egress.Egress;
import de.freiraum.egress.EgressException;
import de.freiraum.egress.EgressRequest;
import de.freiraum.egress.EgressResponse;
import de.freiraum.federation.SourceAnswer.Reason;
import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.jsonld.ContextResolver;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Subscription.KeyValuePair;
import de.freiraum.model.Value;
import de.freiraum.registration.CSourceRegistration;
import de.freiraum.registration.Management;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends requests to sources as their registrations say (clauses 4.3.6.4 to 4.3.6.6, 6.3.17 to 6.3.19), and keeps count of what becomes of them. */
final class SourceClient {
    private static final String JSON = "application/json";
    private static final String JSON_LD = "application/ld+json";
    private static final String OF_REQUEST = "urn:ngsi-ld:request";

    /** Keys of contextSourceInfo that are no headers of its own. */
    private static final Set<String> NO_HEADERS = Set.of(
            "jsonldcontext",
            "ngsildconformance",
            "accept",
            "contenttype",
            "content-type",
            "content-length",
            "host",
            "connection",
            "transfer-encoding",
            "via",
            "link",
            "ngsild-tenant");

    private final Egress egress;
    private final ContextResolver contexts;
    private final SourceIdentity identity;
    private final FederationSettings settings;
    private final InstantSource clock;

    SourceClient(
            Egress egress,
            ContextResolver contexts,
            SourceIdentity identity,
            FederationSettings settings,
            InstantSource clock) {
        this.egress = egress;
        this.contexts = contexts;
        this.identity = identity;
        this.settings = settings;
        this.clock = clock;
    }

    /** How names are written to a source: with the context that its registration names, or that of the request (clause 4.3.6.6). */
    Future<Wording> wording(CSourceRegistration registration, Incoming incoming) {
        String named = info(registration, "jsonldContext");
        if (named != null) {
            return Future.fromCompletionStage(contexts.resolve(Value.of(named)))
                    .map(context -> new Wording(context, named));
        }
        String url = HostedContexts.ownUrl(incoming.context().source());
        return Future.succeededFuture(
                url == null ? new Wording(BuiltInContexts.core(), null) : new Wording(incoming.context(), url));
    }

    /** The context that a document from a source is to be read with: its own, or the one that it was asked for with. */
    Future<Context> contextOf(Value document, Wording wording) {
        Value own = ownContext(document);
        return own == null
                ? Future.succeededFuture(wording.context())
                : Future.fromCompletionStage(contexts.resolve(own));
    }

    /** The contexts that some documents from a source are to be read with; most often all have the same one, or none of their own. */
    Future<Reading> contextsOf(List<Value> documents, Wording wording) {
        Set<Value> own = new LinkedHashSet<>();
        documents.forEach(document -> {
            Value context = ownContext(document);
            if (context != null) {
                own.add(context);
            }
        });
        Map<Value, Context> known = new HashMap<>();
        Future<Void> resolved = Future.succeededFuture();
        for (Value context : own) {
            resolved = resolved.compose(done -> Future.fromCompletionStage(contexts.resolve(context)))
                    .map(found -> {
                        known.put(context, found);
                        return null;
                    });
        }
        return resolved.map(done -> document -> {
            Value context = ownContext(document);
            return context == null ? wording.context() : Objects.requireNonNull(known.get(context));
        });
    }

    /** Gives the context of a document. */
    interface Reading {
        Context of(Value document);
    }

    private static @Nullable Value ownContext(Value document) {
        return document instanceof Value.Obj object ? object.get("@context") : null;
    }

    /** Sends a request. @return never fails */
    Future<SourceAnswer> send(SourceRequest request, Wording wording, Incoming incoming) {
        RegisteredSource source = request.source();
        String alias = identity.describe(incoming.caller()).alias();
        if (incoming.via().contains(alias) || incoming.via().isTooLong()) {
            return Future.succeededFuture(
                    new SourceAnswer.Failed(Reason.LOOP, "the request has come back to this broker"));
        }
        if (isResting(source)) {
            return Future.succeededFuture(
                    new SourceAnswer.Failed(Reason.TIMEOUT, "the source is left alone after a failure"));
        }
        Duration timeout = timeout(source.registration().management(), incoming);
        if (timeout.isNegative() || timeout.isZero()) {
            return Future.succeededFuture(new SourceAnswer.Failed(Reason.TIMEOUT, "there is no time left to ask it"));
        }
        Value body = body(request, wording);
        MultiMap headers = headers(source.registration(), wording, incoming, body);
        headers.set("Via", incoming.via().with(alias));
        String map = request.mapLocation();
        if (map != null) {
            headers.set("NGSILD-EntityMap", map);
        }
        EgressRequest outgoing;
        try {
            SourceRequest local =
                    source.registration().management().localOnly() ? request.with("local", "true") : request;
            outgoing = new EgressRequest(
                    request.method(),
                    URI.create(local.url()),
                    headers,
                    body == null ? null : Buffer.buffer(JsonWriter.write(body)),
                    timeout,
                    settings.maxResponseBytes(),
                    0);
        } catch (IllegalArgumentException e) {
            return Future.succeededFuture(new SourceAnswer.Failed(Reason.UNREACHABLE, "the endpoint is no valid URL"));
        }
        source.count(c -> c.sent(clock.instant()));
        return egress.request(outgoing)
                .map(SourceClient::answer)
                .recover(e -> Future.succeededFuture(failed(e)))
                .onSuccess(answer -> count(source, answer));
    }

    private void count(RegisteredSource source, SourceAnswer answer) {
        boolean failed = answer instanceof SourceAnswer.Failed;
        boolean refused = answer instanceof SourceAnswer.Refused;
        source.count(c -> failed || refused ? c.failed(clock.instant()) : c.succeeded(clock.instant()));
        source.failing(failed);
    }

    /** Whether a source is left alone (clause 5.2.34): after one failure if its registration says how long, otherwise after several. */
    private boolean isResting(RegisteredSource source) {
        Duration cooldown = source.registration().management().cooldown();
        int most = cooldown == null ? settings.failuresInARow() : 1;
        Duration rest = cooldown == null ? settings.rest() : cooldown;
        Instant last = source.counters().lastFailure();
        return last != null
                && source.failuresInARow() >= most
                && clock.instant().isBefore(last.plus(rest));
    }

    /** How long an answer may take: as the registration says, but no longer than there is time for the request as a whole. */
    private Duration timeout(Management management, Incoming incoming) {
        Duration asked = management.timeout() == null ? settings.timeout() : management.timeout();
        Duration left = Duration.between(clock.instant(), incoming.deadline());
        return asked.compareTo(left) > 0 ? left : asked;
    }

    private MultiMap headers(
            CSourceRegistration registration, Wording wording, Incoming incoming, @Nullable Value body) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (KeyValuePair pair : registration.contextSourceInfo()) {
            if (NO_HEADERS.contains(pair.key().toLowerCase(Locale.ROOT))) {
                continue;
            }
            String value = pair.value().equals(OF_REQUEST) ? incoming.header().apply(pair.key()) : pair.value();
            if (value != null) {
                headers.add(pair.key(), value);
            }
        }
        String accept = info(registration, "accept");
        headers.set("Accept", accept == null ? JSON : accept);
        Value first = body instanceof Value.Array items && !items.items().isEmpty()
                ? items.items().get(0)
                : body;
        boolean contextInBody = first instanceof Value.Obj object && object.get("@context") != null;
        if (body != null) {
            headers.set("Content-Type", contextInBody ? JSON_LD : JSON);
        }
        String link = contextInBody ? null : wording.link();
        if (link != null) {
            headers.set("Link", link);
        }
        if (registration.tenant() != null) {
            headers.set("NGSILD-Tenant", registration.tenant());
        }
        return headers;
    }

    /** The body, with its context inside where the registration wants that (clause 4.3.6.6). */
    private static @Nullable Value body(SourceRequest request, Wording wording) {
        CSourceRegistration registration = request.source().registration();
        if (request.body() == null
                || !JSON_LD.equals(info(registration, "contentType"))
                || info(registration, "jsonldContext") != null) {
            return request.body();
        }
        Value context = Value.of(wording.url() == null ? BuiltInContexts.CORE_URL : wording.url());
        return request.body() instanceof Value.Array items
                ? new Value.Array(items.items().stream()
                        .map(item -> withContext(item, context))
                        .toList())
                : withContext(request.body(), context);
    }

    private static Value withContext(Value value, Value context) {
        if (!(value instanceof Value.Obj object)) {
            return value;
        }
        Map<String, Value> members = new LinkedHashMap<>(object.members());
        members.put("@context", context);
        return new Value.Obj(members);
    }

    private static @Nullable String info(CSourceRegistration registration, String key) {
        return registration.contextSourceInfo().stream()
                .filter(pair -> pair.key().equals(key))
                .map(KeyValuePair::value)
                .findFirst()
                .orElse(null);
    }

    private static SourceAnswer answer(EgressResponse response) {
        if (response.status() == 404) {
            return new SourceAnswer.Absent();
        }
        Value body = null;
        boolean good = response.status() >= 200 && response.status() < 300;
        String type = response.headers().get("Content-Type");
        if (good
                && response.body().length() > 0
                && type != null
                && !type.toLowerCase(Locale.ROOT).contains("json")) {
            return new SourceAnswer.Failed(Reason.INVALID, "the answer is no JSON");
        }
        if (response.body().length() > 0) {
            try {
                body = JsonReader.read(response.body().getBytes());
            } catch (NgsiLdException e) {
                if (good) {
                    return new SourceAnswer.Failed(Reason.INVALID, "the answer is no JSON");
                }
            }
        }
        return good
                ? new SourceAnswer.Done(response.status(), body, response.headers())
                : new SourceAnswer.Refused(response.status(), body);
    }

    private static SourceAnswer failed(Throwable failure) {
        if (failure instanceof EgressException e) {
            return switch (e.reason()) {
                case TOO_LARGE -> new SourceAnswer.Failed(Reason.INVALID, "the answer is too long");
                case TIMEOUT, BUSY -> new SourceAnswer.Failed(Reason.TIMEOUT, "there is no answer in time");
                default -> new SourceAnswer.Failed(Reason.UNREACHABLE, "the source cannot be reached");
            };
        }
        return new SourceAnswer.Failed(Reason.UNREACHABLE, "the source cannot be reached");
    }
}
