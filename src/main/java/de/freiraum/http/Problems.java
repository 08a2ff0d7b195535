package de.freiraum.http;

import de.freiraum.json.JsonWriter;
import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.store.StoreException;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns every failure into the answer of clause 5.5.3, at one place. */
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private Problems() {}

    /**
     * The answer to a failed request.
     *
     * @param failure what went wrong; only what a caller may know is told, the rest is logged
     * @param requestId how the caller and the log call the request
     */
    public static Answer answer(Throwable failure, String requestId) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof NgsiLdException refusal && refusal.type() != ErrorType.InternalError) {
            return answer(refusal.type(), refusal.detail());
        }
        if (cause instanceof RouteTable.WrongMethod wrong) {
            return answer(ErrorType.MethodNotAllowed, "this path answers to " + wrong.allowed())
                    .with("Allow", wrong.allowed());
        }
        if (cause instanceof StoreException store && store.retryable()) {
            if (store.isFull()) {
                LOG.debug("request {} is put off: {}", requestId, store.getMessage());
                return answer(ErrorType.Unavailable, "the disk of the store is full; changes are taken again when it is not")
                        .with("Retry-After", "10");
            }
            LOG.warn("request {} is put off: {}", requestId, store.getMessage());
            return answer(ErrorType.Unavailable, "the store has too much to do; try again in a moment")
                    .with("Retry-After", "1");
        }
        LOG.error("request {} failed", requestId, cause);
        return answer(ErrorType.InternalError, "the broker's log tells more about request " + requestId);
    }

    /** The answer that carries an error. */
    public static Answer answer(ErrorType type, String detail) {
        if (type == ErrorType.LengthRequired || type == ErrorType.UnsupportedMediaType) {
            return Answer.of(type.status()); // clause 6.3.4: without any body
        }
        Answer answer = Answer.of(type.status(), MediaType.JSON.text(), Buffer.buffer(body(type, detail)));
        return type == ErrorType.Unauthorized ? answer.with("WWW-Authenticate", "Bearer realm=\"NGSI-LD\"") : answer;
    }

    private static byte[] body(ErrorType type, String detail) {
        JsonWriter json = new JsonWriter(256);
        write(json, type, detail);
        return json.toBytes();
    }

    /** Writes problem details (clause 5.5.3) as a JSON object. */
    static void write(JsonWriter json, ErrorType type, String detail) {
        json.beginObject()
                .member("type", type.uri())
                .member("title", type.title())
                .member("detail", detail.isEmpty() || detail.equals(type.title()) ? type.title() + "." : detail)
                .member("status", type.status())
                .endObject();
    }
}
