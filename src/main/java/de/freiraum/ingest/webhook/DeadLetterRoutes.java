package de.freiraum.ingest.webhook;

import de.freiraum.ingest.DeadLetter;
import de.freiraum.ingest.DeadLetters;
import de.freiraum.ingest.Receipt;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operator's view of dead letters: {@code GET /ingest/dead-letters} (parameters {@code source}, {@code reason}, {@code from}, {@code to}, {@code after},
 * {@code limit}), {@code POST /ingest/dead-letters/replay} and {@code DELETE /ingest/dead-letters} for all that match the same filter, {@code GET} and
 * {@code DELETE /ingest/dead-letters/{id}}, {@code POST /ingest/dead-letters/{id}/replay}.
 */
public final class DeadLetterRoutes {
    private static final int MOST = 1000;
    private static final List<String> NAMES = List.of("source", "reason", "from", "to", "after", "limit", "all");

    private final DeadLetters letters;
    private final Handler<RoutingContext> guard;

    /**
     * Routes to the dead letters.
     *
     * @param guard lets operators pass by {@code next()} and answers everybody else
     */
    public DeadLetterRoutes(DeadLetters letters, Handler<RoutingContext> guard) {
        this.letters = letters;
        this.guard = guard;
    }

    /** Adds the routes. */
    public void mount(Router router) {
        router.get("/ingest/dead-letters").handler(guard).handler(this::list);
        router.delete("/ingest/dead-letters").handler(guard).handler(this::deleteAll);
        router.post("/ingest/dead-letters/replay").handler(guard).handler(this::replayAll);
        router.get("/ingest/dead-letters/:id").handler(guard).handler(this::get);
        router.delete("/ingest/dead-letters/:id").handler(guard).handler(this::delete);
        router.post("/ingest/dead-letters/:id/replay").handler(guard).handler(this::replay);
    }

    private void list(RoutingContext request) {
        String limitText = request.queryParams().get("limit");
        int limit = limitText == null ? 50 : limitText.matches("\\d{1,4}") ? Integer.parseInt(limitText) : 0;
        if (limit < 1 || limit > MOST) {
            Answers.problem(request, ErrorType.BadRequestData, "limit: allowed is a whole number from 1 to " + MOST);
            return;
        }
        filtered(request, filter -> letters.list(filter, request.queryParams().get("after"), limit)
                .map(this::toValue));
    }

    private void replayAll(RoutingContext request) {
        filtered(request, filter -> letters.replayAll(filter).map(outcomes -> {
            Map<String, Value> members = new LinkedHashMap<>();
            members.put(
                    "replayed",
                    Value.of(outcomes.values().stream()
                            .mapToInt(Integer::intValue)
                            .sum()));
            for (Receipt.Outcome outcome : Receipt.Outcome.values()) {
                members.put(outcome.name().toLowerCase(Locale.ROOT), Value.of(outcomes.getOrDefault(outcome, 0)));
            }
            return new Value.Obj(members);
        }));
    }

    private void deleteAll(RoutingContext request) {
        filtered(request, filter -> {
            if (filter.equals(DeadLetters.Filter.ALL)
                    && !"true".equals(request.queryParams().get("all"))) {
                throw NgsiLdException.badRequest(
                        "needs source, reason, from or to, or all=true to delete every dead letter");
            }
            return letters.deleteAll(filter).map(deleted -> new Value.Obj(Map.of("deleted", Value.of(deleted))));
        });
    }

    /** Answers with what is made of the dead letters that the parameters name. */
    private static void filtered(RoutingContext request, Function<DeadLetters.Filter, Future<Value.Obj>> action) {
        Future<Value.Obj> answer;
        try {
            answer = action.apply(filter(request));
        } catch (NgsiLdException refused) {
            answer = Future.failedFuture(refused);
        }
        answer.onSuccess(value -> Answers.json(request, 200, value))
                .onFailure(failure -> Answers.failure(request, failure));
    }

    private static DeadLetters.Filter filter(RoutingContext request) {
        for (String name : request.queryParams().names()) {
            if (!NAMES.contains(name)) {
                throw NgsiLdException.badRequest("there is no such parameter; allowed are " + String.join(", ", NAMES));
            }
        }
        return new DeadLetters.Filter(
                request.queryParams().get("source"),
                reason(request.queryParams().get("reason")),
                time(request, "from"),
                time(request, "to"));
    }

    private static Rejection.@Nullable Reason reason(@Nullable String text) {
        for (Rejection.Reason reason : Rejection.Reason.values()) {
            if (reason.name().equalsIgnoreCase(text)) {
                return reason;
            }
        }
        if (text != null) {
            throw NgsiLdException.badRequest("reason: allowed are " + Arrays.toString(Rejection.Reason.values()));
        }
        return null;
    }

    private static @Nullable Instant time(RoutingContext request, String name) {
        String text = request.queryParams().get(name);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw NgsiLdException.badRequest(name + ": allowed is a time with an offset, such as 2026-03-02T07:00:00Z");
        }
    }

    private Value.Obj toValue(DeadLetters.Page page) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("count", Value.of(letters.count()));
        members.put(
                "deadLetters",
                new Value.Array(page.letters().stream()
                        .map(letter -> (Value) letter.toValue())
                        .toList()));
        if (page.next() != null) {
            members.put("next", Value.of(page.next()));
        }
        return new Value.Obj(members);
    }

    private void get(RoutingContext request) {
        letters.get(request.pathParam("id"))
                .map(DeadLetter::toValue)
                .onSuccess(letter -> Answers.json(request, 200, letter))
                .onFailure(failure -> Answers.failure(request, failure));
    }

    private void delete(RoutingContext request) {
        letters.delete(request.pathParam("id"))
                .onSuccess(done -> request.response().setStatusCode(204).end())
                .onFailure(failure -> Answers.failure(request, failure));
    }

    private void replay(RoutingContext request) {
        letters.replay(request.pathParam("id"))
                .onSuccess(receipt -> Answers.json(request, 200, WebhookRoutes.toValue(receipt)))
                .onFailure(failure -> Answers.failure(request, failure));
    }
}
