package de.freiraum.ingest.webhook;

import de.freiraum.config.Secret;
import de.freiraum.ingest.IngestPipeline;
import de.freiraum.ingest.Receipt;
import de.freiraum.ingest.config.Signature;
import de.freiraum.ingest.config.SourceDefinition;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.model.ErrorType;
import de.freiraum.model.Value;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /ingest/{source}}: a network server hands a message on. Answered with 202 when it is durable, be it as a change, a known duplicate or a dead letter: a sender that
 * repeats a refused message would not help. 401 without the source's key or signature, 404 for a source that has no webhook, 413 for one too long, 503 when the
 * store does not take it.
 */
public final class WebhookRoutes {
    private final IngestPipeline pipeline;

    /** What devices say in the address: the device and the time of FIWARE IoT Agents. */
    private static final List<String> PARAMETERS = List.of("i", "t");

    private static final String CLOUD_EVENT = "ce-";

    /** Routes into a pipeline. */
    public WebhookRoutes(IngestPipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** Adds the routes: the sender is checked before the body is read. */
    public void mount(Router router) {
        router.post("/ingest/:source").handler(this::admit);
        router.post("/ingest/:source")
                .handler(request -> BodyHandler.create(false)
                        .setBodyLimit(pipeline.config().mqtt().maxMessageBytes())
                        .handle(request))
                .handler(this::take)
                .failureHandler(this::fail);
    }

    private @Nullable SourceDefinition source(RoutingContext request) {
        SourceDefinition source = pipeline.config().source(request.pathParam("source"));
        return source == null || source.webhook() == null ? null : source;
    }

    private void admit(RoutingContext request) {
        SourceDefinition source = source(request);
        if (source == null || source.webhook() == null) {
            Answers.problem(request, ErrorType.ResourceNotFound, "there is no source of this name with a webhook");
            return;
        }
        Secret wanted = source.webhook().apiKey();
        if (wanted != null && !isKey(wanted, request)) {
            refuse(request, source, "the source's key is needed, as X-API-Key, as bearer token or as parameter key");
            return;
        }
        Signature signature = source.webhook().signature();
        if (signature != null && request.request().getHeader(signature.header()) == null) {
            refuse(request, source, unsigned(signature));
            return;
        }
        request.next();
    }

    private void refuse(RoutingContext request, SourceDefinition source, String detail) {
        pipeline.metrics(source.id()).refused();
        Answers.problem(request, ErrorType.Unauthorized, detail);
    }

    private static String unsigned(Signature signature) {
        return "the body must be signed with the source's secret, in the header " + signature.header();
    }

    private static boolean isKey(Secret wanted, RoutingContext request) {
        String given = request.request().getHeader("X-API-Key");
        String authorization = request.request().getHeader("Authorization");
        if (given == null && authorization != null && authorization.startsWith("Bearer ")) {
            given = authorization.substring("Bearer ".length());
        }
        if (given == null) {
            given = request.queryParams().get("key");
        }
        return given != null
                && MessageDigest.isEqual(
                        wanted.value().getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private void take(RoutingContext request) {
        Buffer buffer = request.body().buffer();
        byte[] body = buffer == null ? new byte[0] : buffer.getBytes();
        SourceDefinition source = source(request);
        Signature signature = source == null || source.webhook() == null
                ? null
                : source.webhook().signature();
        if (source != null
                && signature != null
                && !signature.fits(request.request().getHeader(signature.header()), body)) {
            refuse(request, source, unsigned(signature));
            return;
        }
        Map<String, String> headers = new HashMap<>();
        String event = request.queryParams().get("event");
        if (event != null) {
            headers.put("event", event.toLowerCase(Locale.ROOT));
        }
        for (String name : PARAMETERS) {
            String value = request.queryParams().get(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        request.request().headers().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(CLOUD_EVENT)) {
                headers.put(lower, value);
            }
        });
        RawMessage message = new RawMessage(
                body, request.normalizedPath(), headers, pipeline.clock().instant());
        pipeline.accept(request.pathParam("source"), message)
                .onSuccess(receipt -> Answers.json(request, 202, toValue(receipt)))
                .onFailure(failure -> Answers.failure(request, failure));
    }

    private void fail(RoutingContext request) {
        if (request.statusCode() == 413) {
            Answers.problem(
                    request,
                    ErrorType.PayloadTooLarge,
                    "a message has at most " + pipeline.config().mqtt().maxMessageBytes() + " bytes");
        } else if (request.failure() != null) {
            Answers.failure(request, request.failure());
        } else {
            Answers.problem(request, ErrorType.InvalidRequest, "the request cannot be read");
        }
    }

    /** A receipt as the answer to whoever sent the message. */
    static Value toValue(Receipt receipt) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("outcome", Value.of(receipt.outcome().name().toLowerCase(Locale.ROOT)));
        if (!receipt.detail().isEmpty()) {
            members.put("detail", Value.of(receipt.detail()));
        }
        if (receipt.deadLetter() != null) {
            members.put("deadLetter", Value.of(receipt.deadLetter()));
        }
        return new Value.Obj(members);
    }
}
