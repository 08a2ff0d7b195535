package de.freiraum.ingest.webhook;

import de.freiraum.ingest.DeadLetter;
import de.freiraum.ingest.DeadLetters;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.ErrorType;
import de.freiraum.model.Value;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operator's view of dead letters: {@code GET /ingest/dead-letters} (parameters {@code source}, {@code reason}, {@code after}, {@code limit}),
 * {@code GET} and {@code DELETE /ingest/dead-letters/{id}}, {@code POST /ingest/dead-letters/{id}/replay}.
 */
public final class DeadLetterRoutes {
    private static final int MOST = 1000;

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
        router.get("/ingest/dead-letters/:id").handler(guard).handler(this::get);
        router.delete("/ingest/dead-letters/:id").handler(guard).handler(this::delete);
        router.post("/ingest/dead-letters/:id/replay").handler(guard).handler(this::replay);
    }

    private void list(RoutingContext request) {
        String limitText = request.queryParams().get("limit");
        int limit;
        try {
            limit = limitText == null ? 50 : Integer.parseInt(limitText);
        } catch (NumberFormatException e) {
            limit = 0;
        }
        if (limit < 1 || limit > MOST) {
            Answers.problem(request, ErrorType.BadRequestData, "limit: allowed is a whole number from 1 to " + MOST);
            return;
        }
        String reasonText = request.queryParams().get("reason");
        Rejection.Reason reason = reason(reasonText);
        if (reasonText != null && reason == null) {
            Answers.problem(
                    request,
                    ErrorType.BadRequestData,
                    "reason: allowed are " + Arrays.toString(Rejection.Reason.values()));
            return;
        }
        letters.list(
                        request.queryParams().get("source"),
                        reason,
                        request.queryParams().get("after"),
                        limit)
                .onSuccess(page -> Answers.json(request, 200, toValue(page)))
                .onFailure(failure -> Answers.failure(request, failure));
    }

    private static Rejection.@Nullable Reason reason(@Nullable String text) {
        for (Rejection.Reason reason : Rejection.Reason.values()) {
            if (reason.name().equalsIgnoreCase(text)) {
                return reason;
            }
        }
        return null;
    }

    private Value toValue(DeadLetters.Page page) {
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
