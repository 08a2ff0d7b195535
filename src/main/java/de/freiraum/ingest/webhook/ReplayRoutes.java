package de.freiraum.ingest.webhook;

import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.Receipt;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.json.JsonReader;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * {@code POST /ingest/{source}/replay}: recorded messages, as if they came now, or when they came then. The body is an array of objects with {@code body} (Base64), and
 * perhaps {@code time}, {@code topic} and {@code headers}; the answer tells what became of each, in their order.
 */
public final class ReplayRoutes {
    private static final int MOST_BYTES = 32 << 20;
    private static final int MOST_MESSAGES = 1000;
    private static final int AT_ONCE = 250;
    private static final Set<String> MEMBERS = Set.of("body", "time", "topic", "headers");

    private final IngestPipeline pipeline;
    private final Handler<RoutingContext> guard;

    /**
     * Routes into a pipeline.
     *
     * @param guard lets operators pass by {@code next()} and answers everybody else
     */
    public ReplayRoutes(IngestPipeline pipeline, Handler<RoutingContext> guard) {
        this.pipeline = pipeline;
        this.guard = guard;
    }

    /** Adds the route: the sender is checked before the body is read. */
    public void mount(Router router) {
        router.post("/ingest/:source/replay").handler(guard);
        router.post("/ingest/:source/replay")
                .handler(BodyHandler.create(false).setBodyLimit(MOST_BYTES))
                .handler(this::take)
                .failureHandler(ReplayRoutes::fail);
    }

    private void take(RoutingContext request) {
        String source = request.pathParam("source");
        if (pipeline.config().source(source) == null) {
            Answers.problem(request, ErrorType.ResourceNotFound, "there is no source of this name");
            return;
        }
        List<RawMessage> messages;
        try {
            messages = messages(request.body().buffer(), source);
        } catch (NgsiLdException e) {
            Answers.problem(request, e.type(), e.detail());
            return;
        }
        send(source, messages, 0, new ArrayList<>())
                .onSuccess(outcomes -> Answers.json(request, 200, toValue(outcomes)))
                .onFailure(failure -> Answers.failure(request, failure));
    }

    private static Value toValue(List<String> outcomes) {
        List<Value> values = new ArrayList<>(outcomes.size());
        outcomes.forEach(outcome -> values.add(Value.of(outcome)));
        return new Value.Obj(Map.of("outcomes", new Value.Array(values)));
    }

    /** What became of each message: {@code accepted}, {@code duplicate}, {@code ignored}, {@code dead}, or {@code failed}, to be sent again. */
    private Future<List<String>> send(String source, List<RawMessage> messages, int from, List<String> outcomes) {
        if (from >= messages.size()) {
            return Future.succeededFuture(outcomes);
        }
        int to = Math.min(messages.size(), from + AT_ONCE);
        List<Future<String>> sent = messages.subList(from, to).stream()
                .map(message -> pipeline.accept(source, message)
                        .map(ReplayRoutes::outcome)
                        .otherwise("failed"))
                .toList();
        return Future.all(sent).compose(done -> {
            sent.forEach(outcome -> outcomes.add(outcome.result()));
            return send(source, messages, to, outcomes);
        });
    }

    private static String outcome(Receipt receipt) {
        return receipt.outcome().name().toLowerCase(Locale.ROOT);
    }

    private List<RawMessage> messages(Buffer body, String source) {
        Value document = JsonReader.read(body == null ? new byte[0] : body.getBytes());
        if (!(document instanceof Value.Array array) || array.items().size() > MOST_MESSAGES) {
            throw wrong("the body must be an array of at most " + MOST_MESSAGES + " messages");
        }
        Instant now = pipeline.clock().instant();
        List<RawMessage> messages = new ArrayList<>(array.items().size());
        for (Value item : array.items()) {
            messages.add(message(item, "[" + messages.size() + "]", source, now));
        }
        return messages;
    }

    private static RawMessage message(Value item, String path, String source, Instant now) {
        if (!(item instanceof Value.Obj object)
                || !MEMBERS.containsAll(object.members().keySet())) {
            throw wrong(path + " must be an object of body, time, topic and headers");
        }
        if (!(object.get("body") instanceof Value.Text body)) {
            throw wrong(path + ".body must be Base64");
        }
        try {
            return new RawMessage(
                    Base64.getDecoder().decode(body.text()),
                    object.get("topic") instanceof Value.Text topic ? topic.text() : "/ingest/" + source,
                    headers(object.get("headers")),
                    object.get("time") instanceof Value.Text time ? at(time.text(), path, now) : now);
        } catch (IllegalArgumentException e) {
            throw wrong(path + ".body must be Base64");
        }
    }

    private static Map<String, String> headers(@org.jspecify.annotations.Nullable Value value) {
        Map<String, String> headers = new HashMap<>();
        if (value instanceof Value.Obj object) {
            object.members().forEach((name, header) -> {
                if (header instanceof Value.Text text) {
                    headers.put(name.toLowerCase(Locale.ROOT), text.text());
                }
            });
        }
        return headers;
    }

    private static Instant at(String text, String path, Instant now) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (!time.isAfter(now)) {
                return time;
            }
        } catch (DateTimeException e) {
            throw wrong(path + ".time must be a time in ISO 8601 with an offset");
        }
        throw wrong(path + ".time must not be in the future: it is when the message arrived");
    }

    private static NgsiLdException wrong(String detail) {
        return new NgsiLdException(ErrorType.BadRequestData, detail);
    }

    private static void fail(RoutingContext request) {
        if (request.statusCode() == ErrorType.PayloadTooLarge.status()) {
            Answers.problem(request, ErrorType.PayloadTooLarge, "the body has at most " + MOST_BYTES + " bytes");
        } else if (request.failure() != null) {
            Answers.failure(request, request.failure());
        } else {
            Answers.problem(request, ErrorType.InvalidRequest, "the request cannot be read");
        }
    }
}
