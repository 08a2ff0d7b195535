package de.freiraum.federation;

import de.freiraum.model.Value;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/** What a source answers. */
public sealed interface SourceAnswer {

    /**
     * It did what was asked.
     *
     * @param status 2xx
     * @param body what it sent, or null if that was nothing
     * @param headers of the answer
     */
    record Done(int status, @Nullable Value body, MultiMap headers) implements SourceAnswer {}

    /** It does not have what was asked for (404). */
    record Absent() implements SourceAnswer {}

    /**
     * It refused.
     *
     * @param status the HTTP status, neither 2xx nor 404
     * @param body problem details perhaps, or null
     */
    record Refused(int status, @Nullable Value body) implements SourceAnswer {}

    /**
     * There is no answer.
     *
     * @param reason why
     * @param text a sentence on it
     */
    record Failed(Reason reason, String text) implements SourceAnswer {}

    /** Why there is no answer. */
    enum Reason {
        /** Not in time, or left alone after failures. */
        TIMEOUT,
        /** No connection. */
        UNREACHABLE,
        /** What came is no valid answer, or too long. */
        INVALID,
        /** The request would come back to this broker. */
        LOOP
    }
}
