package de.freiraum.http;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is sent back: a status, headers and perhaps a body. Immutable, but for the body's bytes, which nobody may touch any more. */
public final class Answer {
    private static final Answer NO_CONTENT = new Answer(204, List.of(), null);

    private final int status;
    private final List<String> headers;
    private final @Nullable Buffer body;

    private Answer(int status, List<String> headers, @Nullable Buffer body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** An answer without a body. */
    public static Answer of(int status) {
        return new Answer(status, List.of(), null);
    }

    /** 204: done, and there is nothing to say. */
    public static Answer noContent() {
        return NO_CONTENT;
    }

    /** 201 with the relative path of what was created. */
    public static Answer created(String location) {
        return of(201).with("Location", location);
    }

    /** An answer with a body of some media type. */
    public static Answer of(int status, String contentType, Buffer body) {
        return new Answer(status, List.of("Content-Type", contentType), body);
    }

    /** The same with another status. */
    public Answer withStatus(int other) {
        return new Answer(other, headers, body);
    }

    /** The same with one more header; a name may occur several times. */
    public Answer with(String name, String value) {
        List<String> more = new ArrayList<>(headers.size() + 2);
        more.addAll(headers);
        more.add(name);
        more.add(value);
        return new Answer(status, more, body);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Names and values in turn. */
    List<String> headers() {
        return headers;
    }

    /** The body, or null. */
    public @Nullable Buffer body() {
        return body;
    }
}
